//! The plan: every run of a case that a profile and a selection ask for.

use std::sync::Arc;

use clock::Millis;
use cucumber::gherkin::{Feature, Scenario, Step};
use evidence::CaseKey;
use evidence::words::Phrase;
use steps::Product;

use crate::suite::{Case, Condition, Play, Selection, SelectionError, Suite};

/// Milliseconds of an hour.
const HOUR: Millis = 3_600_000;
/// Milliseconds of a day.
const DAY: Millis = 24 * HOUR;
/// The suites whose cases wait for the end of a day, or for a review.
const SUITES_OF_DAYS: [&str; 2] = ["reconciliation", "merchants"];
/// What stands in the sentences of other cases that take more than an hour; a secondary merchant has
/// to be approved before anybody sells in its name.
const OF_DAYS: [&str; 5] = ["hour", "day", "beijing time", "secondary merchant", "registered"];

/// What is run, and what does not apply.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Every run, in the order of the catalogue, of its products and of the rows.
    pub planned: Vec<Planned>,
    /// The cases that were asked for and that the profile excludes.
    pub not_applicable: Vec<NotApplicable>,
}

/// A case that the declared products or conditions exclude.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotApplicable {
    /// The case.
    pub case: Arc<Case>,
    /// Why.
    pub reason: Phrase,
}

/// One run: a case, for one product, with one row of its examples.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its name in the record.
    pub key: CaseKey,
    /// The case.
    pub case: Arc<Case>,
    /// The product it runs for, which the stage is told.
    pub product: String,
    /// The row of its examples, from 1; `None` for a plain scenario.
    pub row: Option<u32>,
    /// What is played. The products of a case share it.
    play: Arc<Play>,
}

impl Plan {
    /// Everything that the selection asks for and that applies to its products.
    pub fn new(suite: &Suite, selection: &Selection) -> Result<Self, SelectionError> {
        let chosen = selection.resolve(suite)?;
        let mut plan = Self::default();
        for case in &suite.catalogue().cases {
            // Whoever asks for a case of the other generation is told; nobody else hears of it.
            let ours = selection.declared.generations().contains(&case.generation());
            if !chosen.wants_case(case) || (!ours && selection.wanted.is_empty()) {
                continue;
            }
            if let Some(reason) = case.not_applicable(&selection.declared) {
                plan.not_applicable.push(NotApplicable { case: case.clone(), reason });
            }
            for product in case.products_among(&selection.declared) {
                let runs = (1..=case.rows).filter_map(|row| suite.play(case, &product, row));
                plan.planned.extend(runs.filter(|run| chosen.wants_run(run)));
            }
        }
        Ok(plan)
    }

    /// The run with a key.
    pub fn run(&self, key: &CaseKey) -> Option<&Planned> {
        self.planned.iter().find(|planned| planned.key == *key)
    }
}

/// How many minutes a sentence names.
fn minutes(sentence: &str) -> Millis {
    let words: Vec<&str> = sentence.split(' ').collect();
    let named = words.windows(2).filter(|pair| pair[1].starts_with("minutes"));
    named.filter_map(|pair| pair[0].parse::<Millis>().ok()).sum()
}

impl Planned {
    pub(super) fn new(case: &Arc<Case>, product: &str, row: u32, play: &Arc<Play>) -> Self {
        let row = (case.rows > 1).then_some(row);
        let several = case.products.len() > 1;
        let key =
            CaseKey { case: case.id.clone(), product: several.then(|| product.to_owned()), row };
        let (case, product) = (case.clone(), product.to_owned());
        Self { key, case, product, row, play: play.clone() }
    }

    /// A feature with exactly this scenario, for the engine.
    pub fn feature(&self) -> &Feature {
        &self.play.feature
    }

    /// The scenario, its examples filled in.
    pub fn scenario(&self) -> &Scenario {
        &self.play.scenario
    }

    /// The steps of the backgrounds, then the scenario's: what replay judges by.
    pub fn steps(&self) -> &[Step] {
        &self.play.steps
    }

    /// The path of the feature file.
    pub fn feature_path(&self) -> &str {
        &self.play.path
    }

    /// The steps that judge, in order: one for each numbered check.
    pub fn then_steps(&self) -> impl Iterator<Item = &Step> {
        self.steps().iter().filter(|step| step.ty == cucumber::gherkin::StepType::Then)
    }

    /// What its product asks for besides what the case does.
    pub fn condition_of_product(&self) -> Option<Condition> {
        self.case.product_conditions.get(&self.product).copied()
    }

    /// Whether it is about notifications, or its product tells by one that the buyer has paid: where
    /// none reaches the merchant, it would be blamed for what it cannot know.
    pub fn needs_notice(&self) -> bool {
        let about = |step: &Step| {
            let sentence = step.value.to_lowercase();
            sentence.contains("notif") || sentence.contains("notice")
        };
        let product = self.product.parse();
        product.is_ok_and(Product::tells_by_notice) || self.steps().iter().any(about)
    }

    /// Whether it asks for something that a gateway without a control API does for nobody, although
    /// it runs anywhere by the catalogue.
    pub fn needs_control(&self) -> bool {
        self.acting_steps().any(|step| steps::needs_control(&step.value))
    }

    /// Whether it waits for a day to end, and for the gateway's files about it: where nobody moves the
    /// clock it goes on in another sitting of the run.
    pub fn waits_for_a_day(&self) -> bool {
        self.steps().iter().any(|step| steps::waits_for_a_day(&step.value))
    }

    /// Whether it waits for the gateway's reviews of secondary merchants: where nobody can order how and
    /// when they end it goes on in another sitting of the run.
    pub fn waits_for_a_review(&self) -> bool {
        self.steps().iter().any(|step| steps::waits_for_a_review(&step.value))
    }

    /// How long it may take by the gateway's clock, in milliseconds: who orders answers for less would
    /// see them end in its middle. What is about days is foreseen as one, however many they are.
    pub fn foreseen(&self) -> Millis {
        let sentences = || self.acting_steps().map(|step| step.value.to_lowercase());
        let of_days =
            sentences().any(|sentence| OF_DAYS.iter().any(|word| sentence.contains(word)));
        if of_days || SUITES_OF_DAYS.contains(&self.case.suite.as_str()) {
            return DAY;
        }
        HOUR / 2 + sentences().map(|sentence| minutes(&sentence) * HOUR / 60).sum::<Millis>()
    }

    /// The Given and When steps, in order.
    pub fn acting_steps(&self) -> impl Iterator<Item = &Step> {
        self.steps().iter().filter(|step| step.ty != cucumber::gherkin::StepType::Then)
    }

    /// Whether it can be played on a gateway without a control API.
    pub fn runs_anywhere(&self) -> bool {
        !self.is_embedded_only() && !self.needs_control()
    }

    /// Whether it runs on the embedded sandbox alone.
    pub fn is_embedded_only(&self) -> bool {
        self.case.is_embedded_only(self.row)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use evidence::words::{CONDITION_BARCODE_NOTICES, CONDITION_MD5, NOT_FOR_PRODUCTS};

    use crate::suite::{Condition, Declared, Plan, Selection, Suite, small};

    fn plan() -> Plan {
        let declared = Declared::everything(&["user-presented", "order-code"].map(str::to_owned));
        let everything = Some("@payment or @refund-cancel".to_owned());
        let selection = Selection { tags: everything, ..Selection::mandatory(declared) };
        Plan::new(&small::suite(), &selection).unwrap()
    }

    #[test]
    fn a_run_has_its_own_scenario_and_steps() {
        let plan = plan();
        let key = "AMS-PAY-002/order-code#2".parse().unwrap();
        let run = plan.run(&key).unwrap();
        assert_eq!((run.product.as_str(), run.row), ("order-code", Some(2)));
        assert_eq!(run.scenario().name, "Two, with 2");
        let steps: Vec<&str> = run.steps().iter().map(|step| step.value.as_str()).collect();
        assert_eq!(steps, ["a shop", "a shop", "the buyer pays 2", "the order is late"]);
        assert_eq!(run.feature().scenarios, std::slice::from_ref(run.scenario()));
        assert_eq!(run.then_steps().count(), run.case.checks.len());
        assert!(run.is_embedded_only());
        assert_eq!(run.feature_path(), "features/small.feature");
    }

    /// The runs of cases for who sells through these products under these conditions, and why the
    /// rest of them does not apply.
    fn of(cases: &[&str], products: &[&str], conditions: &[Condition]) -> Applied {
        let selection = Selection {
            wanted: cases.iter().map(ToString::to_string).collect(),
            ..Selection::mandatory(Declared {
                products: products.iter().map(ToString::to_string).collect(),
                conditions: conditions.iter().copied().collect(),
            })
        };
        let plan = Plan::new(&Suite::embedded().unwrap(), &selection).unwrap();
        let runs = plan.planned.iter().map(|run| run.key.to_string()).collect();
        let left_out = plan.not_applicable.iter();
        (runs, left_out.map(|it| (it.case.id.clone(), it.reason.to_string())).collect())
    }

    /// Keys of runs, and cases with the reason why they do not apply.
    type Applied = (BTreeSet<String>, Vec<(String, String)>);

    /// Products, conditions, and what applies.
    type Row<'a> = (&'a [&'a str], &'a [Condition], BTreeSet<String>, Vec<(String, String)>);

    #[test]
    fn a_plan_has_runs_of_a_product_only_where_its_own_condition_holds() {
        use Condition::{BarcodeNotices, Md5};
        let cases = ["LEG-PAY-091", "LEG-PAY-097"];
        let keys = |product: &str, case: &str, rows: u32| {
            (1..=rows).map(|row| format!("{case}/{product}#{row}")).collect::<BTreeSet<_>>()
        };
        let first = |product: &str| keys(product, "LEG-PAY-091", 2);
        let both = |product: &str| &first(product) | &keys(product, "LEG-PAY-097", 3);
        let notices = CONDITION_BARCODE_NOTICES.plain().to_string();
        let md5 = CONDITION_MD5.plain().to_string();
        let left = |case: usize, why: &String| (cases[case].to_owned(), why.clone());
        let table: [Row<'_>; 7] = [
            (&["barcode"], &[], BTreeSet::new(), vec![left(0, &notices), left(1, &md5)]),
            (&["barcode"], &[Md5], BTreeSet::new(), vec![left(0, &notices), left(1, &notices)]),
            (&["barcode"], &[BarcodeNotices], first("barcode"), vec![left(1, &md5)]),
            (&["barcode"], &[BarcodeNotices, Md5], both("barcode"), vec![]),
            (&["barcode", "website"], &[Md5], both("website"), vec![]),
            (
                &["barcode", "website"],
                &[BarcodeNotices, Md5],
                &both("website") | &both("barcode"),
                vec![],
            ),
            (&["website"], &[BarcodeNotices, Md5], both("website"), vec![]),
        ];
        for (products, conditions, runs, left_out) in table {
            let found = of(&cases, products, conditions);
            assert_eq!(found, (runs, left_out), "{products:?} {conditions:?}");
        }
    }

    #[test]
    fn a_rule_keeps_its_background() {
        let plan = plan();
        let run = plan.run(&"AMS-REF-001".parse().unwrap()).unwrap();
        assert!(run.feature().scenarios.is_empty());
        assert_eq!(run.feature().rules[0].scenarios.len(), 1);
        assert_eq!(run.steps()[0].value, "a shop");
        assert!(run.is_embedded_only());
    }

    #[test]
    fn a_product_takes_part_where_its_own_condition_holds() {
        let mut case = (**small::suite().catalogue().case("AMS-PAY-002").unwrap()).clone();
        case.product_conditions.insert("order-code".to_owned(), Condition::Fx);
        let mut declared =
            Declared::everything(&["user-presented", "order-code"].map(str::to_owned));
        assert_eq!(case.products_among(&declared), ["user-presented", "order-code"]);
        declared.conditions.clear();
        assert_eq!(case.products_among(&declared), ["user-presented"]);
        assert_eq!(case.not_applicable(&declared), None);
        declared.products.remove(0);
        assert_eq!(case.not_applicable(&declared), Some(Condition::Fx.says().plain()));
        declared.products.clear();
        let none = NOT_FOR_PRODUCTS.with(["user-presented, order-code"]);
        assert_eq!(case.not_applicable(&declared), Some(none));
    }

    #[test]
    fn replay_finds_the_same_run_by_its_key() {
        let suite = small::suite();
        for planned in plan().planned {
            let again = suite.planned(&planned.key).unwrap();
            assert_eq!((again.scenario(), again.steps()), (planned.scenario(), planned.steps()));
        }
        for key in [
            "AMS-PAY-001/user-presented",
            "AMS-PAY-001#1",
            "AMS-PAY-002#1",
            "AMS-PAY-002/order-code",
            "AMS-PAY-002/order-code#3",
            "AMS-PAY-002/order-code#0",
            "AMS-PAY-003",
        ] {
            assert!(suite.planned(&key.parse().unwrap()).is_none(), "{key}");
        }
    }
}
