//! Rules about the scenarios once their examples are filled in: against the catalogue and the
//! vocabulary.

use std::collections::{BTreeMap, BTreeSet};

use cucumber::gherkin::{Feature, Scenario, Step, StepType};
use evidence::words::{
    LINT_CASE_DO, LINT_CASE_MISSING, LINT_CASE_TWICE, LINT_CASE_UNKNOWN, LINT_CHECKS,
    LINT_CHECKS_DO, LINT_ENGINE_TAG, LINT_MEANING_DO, LINT_MEANING_NONE, LINT_MEANING_SEVERAL,
    LINT_NO_SCENARIOS, LINT_ONE_ID, LINT_PILOT, LINT_PILOT_DO, LINT_ROWS, LINT_ROWS_DO, LINT_TAG,
    LINT_TAG_DIFFERS, LINT_TAG_DO, Phrase, Sentence,
};

use super::{Meaning, Meanings, finding};
use crate::finding::{Finding, Place};
use crate::suite::catalogue::{Case, Catalogue, Level, PRODUCTS, SUITES, Stage, is_case_id};
use crate::suite::pilot::unsafe_step;
use crate::suite::{Play, embedded};

/// L2, L3 and L5 on the scenarios of all files.
pub(in crate::suite) fn cases(
    catalogue: &Catalogue,
    features: &[(Feature, Vec<Play>)],
    meanings: &Meanings<'_>,
) -> Vec<Finding> {
    let mut lint = Cases { catalogue, seen: BTreeMap::new(), findings: Vec::new() };
    for (feature, plays) in features {
        lint.feature(feature, plays, meanings);
    }
    for case in &catalogue.cases {
        if !lint.seen.contains_key(&case.id) {
            lint.findings.push(Finding {
                code: "L2",
                place: Place::file(embedded::CATALOGUE_PATH),
                says: LINT_CASE_MISSING.with([&case.id]),
                advice: LINT_CASE_DO.plain(),
            });
        }
    }
    lint.findings
}

struct Cases<'a> {
    catalogue: &'a Catalogue,
    /// Where the scenario of each case stands.
    seen: BTreeMap<String, Place>,
    findings: Vec<Finding>,
}

impl Cases<'_> {
    fn add(&mut self, code: &'static str, at: &Place, says: Phrase, advice: &'static Sentence) {
        self.findings.push(finding(code, &at.file, at.line.unwrap_or(1), says, advice));
    }

    fn feature(&mut self, feature: &Feature, plays: &[Play], meanings: &Meanings<'_>) {
        let path = feature.path.as_ref().map_or(String::new(), |path| path.display().to_string());
        let at = |line| Place::line(&path, line);
        self.tags(&at(feature.position.line), &feature.tags, None);
        let mut scenarios: Vec<&Scenario> = feature.scenarios.iter().collect();
        for rule in &feature.rules {
            self.tags(&at(rule.position.line), &rule.tags, None);
            scenarios.extend(&rule.scenarios);
        }
        if scenarios.is_empty() {
            self.add("L2", &at(feature.position.line), LINT_NO_SCENARIOS.plain(), &LINT_CASE_DO);
        }
        for scenario in scenarios {
            self.scenario(&at(scenario.position.line), scenario, plays);
        }
        let steps = plays.iter().flat_map(|play| &play.steps);
        let mut judged = BTreeSet::new();
        for step in steps {
            if judged.insert((step.position.line, step.value.clone())) {
                self.meaning(&at(step.position.line), step, meanings);
            }
        }
    }

    fn scenario(&mut self, at: &Place, scenario: &Scenario, plays: &[Play]) {
        let ids: Vec<&String> = scenario.tags.iter().filter(|tag| is_case_id(tag)).collect();
        let [id] = ids.as_slice() else {
            self.add("L2", at, LINT_ONE_ID.with([ids.len()]), &LINT_CASE_DO);
            return;
        };
        if let Some(first) = self.seen.insert((*id).clone(), at.clone()) {
            self.add(
                "L2",
                at,
                LINT_CASE_TWICE.with([(*id).clone(), first.to_string()]),
                &LINT_CASE_DO,
            );
        }
        let Some(case) = self.catalogue.case(id).cloned() else {
            self.add("L2", at, LINT_CASE_UNKNOWN.with([id]), &LINT_CASE_DO);
            return;
        };
        self.tags(at, &scenario.tags, Some(&case));
        let rows = plays.iter().filter(|play| play.scenario.tags.contains(id)).count();
        if u32::try_from(rows) != Ok(case.rows) {
            let numbers = [rows.to_string(), case.rows.to_string()];
            self.add("L2", at, LINT_ROWS.with(numbers), &LINT_ROWS_DO);
        }
        self.pilot(at, &case, plays);
        let checks = scenario.steps.iter().filter(|step| step.ty == StepType::Then).count();
        if checks != case.checks.len() {
            let numbers = [checks.to_string(), case.checks.len().to_string()];
            self.add("L2", at, LINT_CHECKS.with(numbers), &LINT_CHECKS_DO);
        }
    }

    /// What may move real money is played as in any shop: no fault, no word to the gateway, no call of
    /// the runner's own for money, and each sale for an amount that can be read.
    fn pilot(&mut self, at: &Place, case: &Case, plays: &[Play]) {
        if !case.pilot {
            return;
        }
        let own = plays.iter().filter(|play| play.scenario.tags.contains(&case.id));
        let rows: Vec<&Play> = own.collect();
        let unsafe_step = rows.iter().find_map(|play| unsafe_step(&play.steps));
        let anywhere = case.stage == Stage::Any && case.embedded_rows.is_empty() && !case.tester;
        let acting = rows.iter().flat_map(|play| &play.steps);
        let acting = acting.filter(|step| step.ty != StepType::Then);
        let sentences = acting.map(|step| step.value.as_str());
        let mut ordered = sentences.filter(|sentence| steps::needs_control(sentence));
        let told = unsafe_step.or_else(|| ordered.next());
        let told = told.or_else(|| (!anywhere).then_some("stage"));
        if let Some(told) = told {
            self.add("L9", at, LINT_PILOT.with([case.id.as_str(), told]), &LINT_PILOT_DO);
        }
    }

    fn tags(&mut self, at: &Place, tags: &[String], case: Option<&Case>) {
        for tag in tags {
            let word = tag.as_str();
            let level = Level::ALL.iter().find(|level| level.name() == word);
            if is_engine_tag(word) {
                self.add("L5", at, LINT_ENGINE_TAG.with([word]), &LINT_TAG_DO);
            } else if is_case_id(word) && case.is_some() {
            } else if !SUITES.contains(&word) && !PRODUCTS.contains(&word) && level.is_none() {
                self.add("L5", at, LINT_TAG.with([word]), &LINT_TAG_DO);
            } else if let Some(case) = case {
                let agrees = case.suite == word
                    || case.products.iter().any(|product| product == word)
                    || case.level.name() == word;
                if !agrees {
                    self.add("L5", at, LINT_TAG_DIFFERS.with([word, &case.id]), &LINT_TAG_DO);
                }
            }
        }
    }

    fn meaning(&mut self, at: &Place, step: &Step, meanings: &Meanings<'_>) {
        match meanings(step) {
            Meaning::One => {}
            Meaning::None => {
                self.add("L3", at, LINT_MEANING_NONE.with([&step.value]), &LINT_MEANING_DO);
            }
            Meaning::Several(places) => {
                let says = LINT_MEANING_SEVERAL.with([step.value.clone(), places.join(", ")]);
                self.add("L3", at, says, &LINT_MEANING_DO);
            }
        }
    }
}

/// Tags that the engine gives a meaning of its own.
fn is_engine_tag(tag: &str) -> bool {
    tag == "serial" || tag.starts_with("retry") || tag == "allow.skipped"
}
