//! What in a verdict waits for a reviewer.

use evidence::words::Phrase;

use crate::verdict::{CaseResult, NoRuling, Outcome, Results, RunResult, waivable};

/// What waits, in the catalogue's order.
#[derive(Debug)]
pub(super) struct Waiting<'a> {
    /// The verdict that it stands in.
    pub(super) results: &'a Results,
    /// Runs whose checks all held, and that somebody has to look at.
    pub(super) runs: Vec<(&'a CaseResult, &'a RunResult)>,
    /// Mandatory cases that do not count as they are and could be done without.
    pub(super) open: Vec<&'a CaseResult>,
    /// Why others do not count that the merchant failed, which no review changes.
    pub(super) stays: Vec<Phrase>,
    /// Those that the integrator left out, of which there may be a hundred.
    pub(super) left_out: Vec<&'a str>,
    /// Cases that count although an attempt of them broke off.
    pub(super) unstable: Vec<&'a str>,
}

impl<'a> Waiting<'a> {
    pub(super) fn of(results: &'a Results) -> Self {
        let mut waiting = Self {
            results,
            runs: vec![],
            open: vec![],
            stays: vec![],
            left_out: vec![],
            unstable: vec![],
        };
        for case in &results.cases {
            if case.outcome == Outcome::NotApplicable {
                continue;
            }
            let due = case.runs.iter().filter(|run| run.outcome == Outcome::NeedsReview);
            waiting.runs.extend(due.map(|run| (case, run)));
            if case.mandatory && case.outcome == Outcome::Unstable {
                waiting.unstable.push(&case.id);
            }
            match waivable(case) {
                // What only waits for a decision is asked about once.
                Ok(()) if case.outcome != Outcome::NeedsReview => waiting.open.push(case),
                Err(why @ NoRuling::Merchant(_)) => waiting.stays.push(why.says()),
                Err(NoRuling::LeftOut(_)) => waiting.left_out.push(&case.id),
                Ok(()) | Err(_) => {}
            }
        }
        waiting
    }

    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.open.is_empty()
    }

    /// The runs of a case that wait.
    pub(super) fn runs_of(&self, case: &str) -> Vec<&'a RunResult> {
        self.runs.iter().filter(|(of, _)| of.id == case).map(|(_, run)| *run).collect()
    }
}
