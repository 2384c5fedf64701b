//! Proves what the shape of the catalogue alone does not: that names exist and stand once.

use std::collections::BTreeSet;

use evidence::words::{
    CATALOGUE_CHECK, CATALOGUE_DO, CATALOGUE_EMPTY, CATALOGUE_NO_RULE, CATALOGUE_ROW,
    CATALOGUE_SECTION, CATALOGUE_STANDING, CATALOGUE_TWICE, CATALOGUE_UNKNOWN, Phrase,
};

use protocol::Generation;

use crate::finding::{Finding, Place};
use crate::suite::catalogue::{Case, Catalogue, PRODUCTS, STANDING, SUITES, is_case_id};

/// Everything in which a catalogue contradicts itself.
pub(super) fn of(file: &str, text: &str, catalogue: &Catalogue) -> Vec<Finding> {
    Proof { file, text, findings: Vec::new() }.catalogue(catalogue)
}

/// Collects what the shape of the file alone does not rule out.
struct Proof<'a> {
    file: &'a str,
    text: &'a str,
    findings: Vec<Finding>,
}

impl Proof<'_> {
    fn catalogue(mut self, catalogue: &Catalogue) -> Vec<Finding> {
        if catalogue.suite_version.trim().is_empty() {
            self.add("suite_version", 0, CATALOGUE_EMPTY.with(["suite_version"]));
        }
        let names: Vec<&str> = catalogue.standing.iter().map(|check| check.name.as_str()).collect();
        if names != STANDING && !(names.is_empty() && catalogue.cases.is_empty()) {
            self.add("standing", 0, CATALOGUE_STANDING.with([STANDING.join(", ")]));
        }
        for check in &catalogue.standing {
            for generation in Generation::ALL {
                self.rule(catalogue, &check.name, check.words(generation).0);
            }
        }
        let mut ids = BTreeSet::new();
        let mut sections: Vec<(Generation, &str)> = vec![];
        for case in &catalogue.cases {
            // Reports are drawn section by section, from a record that is read once.
            let section = (case.generation(), case.suite.as_str());
            if sections.last() != Some(&section) {
                if sections.contains(&section) {
                    let told = [case.id.as_str(), section.0.name(), section.1];
                    self.add(&case.id, 0, CATALOGUE_SECTION.with(told));
                }
                sections.push(section);
            }
            if !ids.insert(case.id.as_str()) {
                self.add(&case.id, 1, CATALOGUE_TWICE.with([&case.id]));
            }
            self.case(catalogue, case);
        }
        self.findings
    }

    fn case(&mut self, catalogue: &Catalogue, case: &Case) {
        let id = case.id.as_str();
        if !is_case_id(id) {
            self.add(id, 0, CATALOGUE_UNKNOWN.with([id, "AMS-PAY-001"]));
        }
        if !SUITES.contains(&case.suite.as_str()) {
            self.add(id, 0, CATALOGUE_UNKNOWN.with([&case.suite, &SUITES.join(", ")]));
        }
        for product in &case.products {
            if !PRODUCTS.contains(&product.as_str()) {
                self.add(id, 0, CATALOGUE_UNKNOWN.with([product, &PRODUCTS.join(", ")]));
            }
        }
        let distinct: BTreeSet<&String> = case.products.iter().collect();
        if distinct.len() != case.products.len() {
            self.add(id, 0, CATALOGUE_TWICE.with([format!("products of {id}")]));
        }
        for (name, empty) in [("products", case.products.is_empty()), ("rows", case.rows == 0)] {
            if empty {
                self.add(id, 0, CATALOGUE_EMPTY.with([format!("{name} of {id}")]));
            }
        }
        for row in case.embedded_rows.iter().chain(case.row_products.keys()) {
            if !(1..=case.rows).contains(row) {
                self.add(id, 0, CATALOGUE_ROW.with([id.to_owned(), row.to_string()]));
            }
        }
        let named = case.row_products.values().flatten().chain(&case.always_for);
        for product in named.chain(case.product_conditions.keys()) {
            if !case.products.contains(product) {
                self.add(id, 0, CATALOGUE_UNKNOWN.with([product, &case.products.join(", ")]));
            }
        }
        for check in &case.checks {
            self.rule(catalogue, id, &check.rule);
        }
        for kill in &case.mutants {
            let number = kill.check.parse::<usize>().ok();
            let known = STANDING.contains(&kill.check.as_str())
                || number.is_some_and(|number| (1..=case.checks.len()).contains(&number));
            if !known {
                self.add(id, 0, CATALOGUE_CHECK.with([&kill.id, &kill.check]));
            }
        }
    }

    fn rule(&mut self, catalogue: &Catalogue, owner: &str, rule: &str) {
        if !catalogue.rules.contains_key(rule) {
            self.add(owner, 0, CATALOGUE_NO_RULE.with([owner, rule]));
        }
    }

    /// Adds a finding at the line where `name` stands after `skip` others of that name.
    fn add(&mut self, name: &str, skip: usize, says: Phrase) {
        let known = |line: &&str| {
            line.trim_start_matches([' ', '-', '{'])
                .split([' ', ',', '"', '\'', '}'])
                .any(|word| word == name || word.strip_suffix(':') == Some(name))
        };
        let lines = self.text.lines().enumerate().filter(|(_, line)| known(line));
        let line = lines.map(|(index, _)| index + 1).nth(skip);
        let place = Place { file: self.file.to_owned(), line, column: None };
        self.findings.push(Finding { code: "C1", place, says, advice: CATALOGUE_DO.plain() });
    }
}

#[cfg(test)]
mod tests {
    use crate::suite::catalogue::{Catalogue, is_case_id};
    use crate::suite::small;

    #[test]
    fn what_contradicts_itself_is_refused_with_its_line() {
        let table = [
            ("- id: AMS-PAY-002", "- id: AMS-PAY-001", "f:22: AMS-PAY-001 stands twice"),
            ("id: AMS-PAY-001", "id: PAY-1", "f:12: 'PAY-1' is not known here"),
            ("suite: payment", "suite: paying", "f:12: 'paying' is not known here; payment,"),
            ("[user-presented]", "[till]", "f:12: 'till' is not known here"),
            ("[user-presented]", "[cashier, cashier]", "f:12: products of AMS-PAY-001"),
            ("[user-presented]", "[]", "f:12: products of AMS-PAY-001 is empty"),
            ("content, rule: pay }", "content, rule: say }", "f:12: AMS-PAY-001 rests on"),
            ("check: \"2\"", "check: \"3\"", "f:12: the mutant M-two names the check '3'"),
            ("check: S3", "check: S7", "f:12: the mutant G-one names the check 'S7'"),
            ("embedded_rows: [2]", "embedded_rows: [3]", "f:22: AMS-PAY-002 has no row 3"),
            (
                "rows: 2\n",
                "rows: 2\n    row_products: { 3: [order-code] }\n",
                "f:22: AMS-PAY-002 has no row 3",
            ),
            (
                "rows: 2\n",
                "rows: 2\n    row_products: { 1: [cashier] }\n",
                "f:22: 'cashier' is not known here",
            ),
            ("rows: 2\n", "rows: 2\n    always_for: [cashier]\n", "f:22: 'cashier' is not known"),
            (
                "rows: 2\n",
                "rows: 2\n    product_conditions: { cashier: fx }\n",
                "f:22: 'cashier' is not known",
            ),
            (
                "  - id: AMS-REF-001\n    suite: refund-cancel\n",
                "  - id: LEG-PAY-001\n    suite: payment\n    level: optional\n    \
                 products: [barcode]\n    title: { en: \"L\", zh: \"L\" }\n    \
                 checks: [{ party: merchant, family: content, rule: pay }]\n  \
                 - id: AMS-REF-001\n    suite: payment\n",
                "f:39: AMS-REF-001 stands apart from the other cases of ams payment",
            ),
            ("name: S1", "name: S2", "f:4: the standing checks are not S1"),
            ("suite_version: \"1\"", "suite_version: \"\"", "f:1: suite_version is empty"),
            (
                "party: merchant, family: content, rule: pay }",
                "party: bank, family: content, rule: pay }",
                "f:19:18: ",
            ),
            ("level: mandatory", "level: must", "f:14:12: "),
            ("    level: mandatory", "    weight: 3\n    level: mandatory", "f:14:5: "),
        ];
        for (from, to, expected) in table {
            assert!(small::CATALOGUE.contains(from), "{from}");
            let text = small::CATALOGUE.replacen(from, to, 1);
            let found = Catalogue::read("f", &text).unwrap_err();
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            assert!(found.iter().any(|line| line.starts_with(expected)), "{to}: {found:#?}");
        }
    }

    #[test]
    fn ids_have_a_form() {
        for (text, is) in [("AMS-PAY-001", true), ("user-presented", false), ("AMS-PAY-1", false)] {
            assert_eq!(is_case_id(text), is, "{text}");
        }
    }
}
