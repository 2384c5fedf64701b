//! From the runs of a case to the case: how it ended, and why what was planned was not played.

use evidence::CaseKey;
use evidence::words::{self as say, Phrase};

use super::roll_up::{outcome_of_case, outcome_of_run};
use super::{CaseResult, Judge, JudgedAttempts, Outcome, RunResult, Scope};
use crate::suite::{Case, Planned};

impl Judge {
    pub(super) fn case_result(
        &self,
        case: &Case,
        judged: &mut JudgedAttempts,
        scope: &Scope,
    ) -> CaseResult {
        let products = case.products_among(&scope.declared);
        let keys = products.iter().flat_map(|product| {
            let rows = (1..=case.rows).filter(|row| case.knows_row(product, *row));
            rows.map(|row| CaseKey {
                case: case.id.clone(),
                product: (case.products.len() > 1).then(|| product.clone()),
                row: (case.rows > 1).then_some(row),
            })
        });
        let mut runs: Vec<RunResult> = keys.map(|key| run_result(key, judged, scope)).collect();
        let mut reason = case.not_applicable(&scope.declared);
        let applies = reason.is_none();
        if applies && case.tester && runs.iter().all(|run| run.attempts.is_empty()) {
            for run in &mut runs {
                run.outcome = Outcome::Skipped;
            }
            reason = Some(say::CASE_NEEDS_TESTER.plain());
        }
        let outcome = if applies { outcome_of_case(&runs) } else { Outcome::NotApplicable };
        if outcome == Outcome::NeedsReview {
            reason = Some(say::CASE_NEEDS_REVIEW.plain());
        } else if reason.is_none() {
            reason = self.left_out(&runs, scope);
        }
        CaseResult {
            id: case.id.clone(),
            suite: case.suite.clone(),
            title: case.title.en.clone(),
            title_zh: case.title.zh.clone(),
            mandatory: case.is_mandatory_for(&scope.declared),
            outcome,
            reason,
            runs,
        }
    }

    /// Why a run that was planned was never begun; `None` where nothing but its user left it out.
    fn left_out(&self, runs: &[RunResult], scope: &Scope) -> Option<Phrase> {
        // What else would it be for that it was planned and never begun?
        let unplayed: Vec<&CaseKey> = runs
            .iter()
            .filter(|run| run.outcome == Outcome::Skipped && run.attempts.is_empty())
            .map(|run| &run.key)
            .collect();
        let of = |wanted: fn(&Planned) -> bool| {
            let is = |key: &&&CaseKey| self.suite.planned(key).is_some_and(|run| wanted(&run));
            let found = unplayed.iter().filter(is).map(ToString::to_string).collect::<Vec<_>>();
            // One word for all of them, where it is all of them.
            let whole = found.len() == runs.len();
            let case = unplayed.first().filter(|_| whole).map(|key| key.case.clone());
            case.or_else(|| (!found.is_empty()).then(|| found.join(" ")))
        };
        if scope.other_gateway {
            if let Some(keys) = of(Planned::is_embedded_only) {
                return Some(say::CASE_EMBEDDED_ONLY.with([keys]));
            }
            if let Some(keys) = of(Planned::needs_control) {
                return Some(say::CASE_NEEDS_CONTROL.with([keys]));
            }
            let waits = of(Planned::waits_for_a_day).filter(|_| !scope.report_source);
            if let Some(keys) = waits {
                return Some(say::CASE_NEEDS_SOURCE.with([keys]));
            }
            let waits = of(Planned::waits_for_a_review).filter(|_| !scope.own_merchant);
            if let Some(keys) = waits {
                return Some(say::CASE_NEEDS_BOOKS.with([keys]));
            }
        }
        (scope.without_notices && !unplayed.is_empty()).then(|| say::CASE_NEEDS_NOTICE.plain())
    }
}

fn run_result(key: CaseKey, judged: &mut JudgedAttempts, scope: &Scope) -> RunResult {
    let attempts = judged.remove(&key).unwrap_or_default();
    let planned = scope.planned.contains(&key.to_string());
    let missing = if planned { Outcome::Skipped } else { Outcome::Disabled };
    let outcome = outcome_of_run(&attempts).unwrap_or(missing);
    RunResult { key, outcome, attempts }
}
