//! A verdict with a review over it: what a reviewer decided and did without, laid over what was
//! judged. The judged verdict stays as it is; this is another one beside it.

use std::collections::{BTreeMap, BTreeSet};

use evidence::words::{self as say, Phrase};
use evidence::{CaseKey, Party};

use super::roll_up::{blames_merchant, outcome_of_case, outcome_of_run, outcome_over_parts};
use super::{AttemptResult, CaseResult, Grade, Judge, Outcome, Results, RunResult};
use crate::suite::Declared;

/// What a reviewer decided, by what it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ruling {
    /// Runs that waited for a reviewer, each with whether it passed.
    pub decided: BTreeMap<CaseKey, bool>,
    /// Cases that are done without.
    pub waived: BTreeSet<String>,
}

/// Where the runs of a bundle were played, which its grade rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stages {
    /// Whether the merchant is the integrator's own.
    pub own_merchant: bool,
    /// Of a merged bundle, whether the gateway of each part is not assay's; empty for a single run.
    pub elsewhere: Vec<bool>,
}

/// What no reviewer can decide or waive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRuling {
    /// There is no such run.
    #[error("no run {0}")]
    NoRun(CaseKey),
    /// A run that waits for nobody.
    #[error("{0} waits for no decision")]
    NotWaiting(CaseKey, Outcome),
    /// There is no such case.
    #[error("no case {0}")]
    NoCase(String),
    /// A case that does not count for the verdict.
    #[error("{0} is not mandatory")]
    Optional(String),
    /// A case that counts without a waiver.
    #[error("the waiver of {0} is unused")]
    Unused(String, Outcome),
    /// The merchant failed it.
    #[error("the merchant failed {0}")]
    Merchant(String),
    /// The integrator left it out, or a part of it.
    #[error("{0} was left out")]
    LeftOut(String),
}

impl NoRuling {
    /// What is wrong, in both languages.
    pub fn says(&self) -> Phrase {
        match self {
            Self::NoRun(key) => say::REVIEW_NO_RUN.with([key]),
            Self::NotWaiting(key, outcome) => {
                say::REVIEW_NOT_WAITING.with([&key.to_string(), outcome.name()])
            }
            Self::NoCase(case) => say::REVIEW_NO_CASE.with([case]),
            Self::Optional(case) => say::REVIEW_OPTIONAL.with([case]),
            Self::Unused(case, outcome) => say::REVIEW_UNUSED.with([case.as_str(), outcome.name()]),
            Self::Merchant(case) => say::REVIEW_MERCHANT.with([case]),
            Self::LeftOut(case) => say::REVIEW_LEFT_OUT.with([case]),
        }
    }

    /// What it is about: the key of a run, or the id of a case.
    pub fn about(&self) -> String {
        match self {
            Self::NoRun(key) | Self::NotWaiting(key, _) => key.to_string(),
            Self::NoCase(case)
            | Self::Optional(case)
            | Self::Unused(case, _)
            | Self::Merchant(case)
            | Self::LeftOut(case) => case.clone(),
        }
    }
}

/// Whether a waiver is of use for a case, and allowed. What the merchant failed stays failed: a
/// waiver says that something could not be tested, never that a failure does not count. What the
/// integrator left out could have been played.
pub fn waivable(case: &CaseResult) -> Result<(), NoRuling> {
    let id = || case.id.clone();
    if !case.mandatory {
        return Err(NoRuling::Optional(id()));
    }
    if case.outcome.is_acceptable() {
        return Err(NoRuling::Unused(id(), case.outcome));
    }
    if blames_merchant(case) {
        return Err(NoRuling::Merchant(id()));
    }
    let left_out = |run: &RunResult| matches!(run.outcome, Outcome::Disabled | Outcome::Planned);
    if case.runs.is_empty() || case.runs.iter().any(left_out) {
        return Err(NoRuling::LeftOut(id()));
    }
    Ok(())
}

impl Judge {
    /// Lays a ruling over what was judged. Decisions come first: a waiver is for what they leave
    /// open. Refused at the first thing that was not the reviewer's to decide, so that nothing in a
    /// review is ever without effect.
    pub fn reviewed(
        &self,
        judged: &Results,
        stages: &Stages,
        ruling: &Ruling,
    ) -> Result<Results, NoRuling> {
        let mut cases = judged.cases.clone();
        for (key, passed) in &ruling.decided {
            decide(&mut cases, key, *passed)?;
        }
        for id in &ruling.waived {
            let case = cases.iter_mut().find(|case| case.id == *id);
            let case = case.ok_or_else(|| NoRuling::NoCase(id.clone()))?;
            waivable(case)?;
            (case.outcome, case.reason) = (Outcome::Waived, None);
        }
        let grade = if stages.elsewhere.is_empty() {
            judged.grade
        } else {
            self.grade_over(&cases, stages)
        };
        let conditions = judged.conditions.iter().copied().collect();
        let declared = Declared { products: judged.products.clone(), conditions };
        Ok(self.conclude(&declared, cases, grade))
    }

    /// As of the parts of a merged bundle, by the attempts that were made in each. What is waived
    /// has nothing to prove.
    fn grade_over(&self, cases: &[CaseResult], stages: &Stages) -> Grade {
        let proved = |run: &RunResult| {
            let case = self.suite.catalogue().case(&run.key.case);
            let anywhere = case.is_some_and(|case| case.is_embedded_only(run.key.row));
            let there = (1_u32..).zip(&stages.elsewhere);
            let there = there.filter(|(_, elsewhere)| anywhere || **elsewhere);
            let outcomes: Vec<Outcome> =
                there.filter_map(|(part, _)| outcome_of_run(&made_in(run, Some(part)))).collect();
            matches!(outcome_over_parts(&outcomes), Some(Outcome::Passed | Outcome::Unstable))
        };
        let counts = |case: &&CaseResult| case.mandatory && case.outcome != Outcome::Waived;
        let mut counted = cases.iter().filter(counts);
        let submission = stages.own_merchant && counted.all(|case| case.runs.iter().all(proved));
        if submission { Grade::Submission } else { Grade::Rehearsal }
    }
}

/// The attempts of a run that were made in one part of a merged bundle.
fn made_in(run: &RunResult, part: Option<u32>) -> Vec<AttemptResult> {
    let of = |attempt: &&AttemptResult| attempt.origin.map(|origin| origin.part) == part;
    run.attempts.iter().filter(of).cloned().collect()
}

/// Puts a decision in place of what waited for it. A failure that a reviewer sees is the
/// merchant's, like every one that a check finds with the merchant at fault.
fn decide(cases: &mut [CaseResult], key: &CaseKey, passed: bool) -> Result<(), NoRuling> {
    let unknown = || NoRuling::NoRun(key.clone());
    let case = cases.iter_mut().find(|case| case.id == key.case).ok_or_else(unknown)?;
    let run = case.runs.iter_mut().find(|run| run.key == *key).ok_or_else(unknown)?;
    if run.outcome != Outcome::NeedsReview || case.outcome == Outcome::NotApplicable {
        return Err(NoRuling::NotWaiting(key.clone(), run.outcome));
    }
    for attempt in &mut run.attempts {
        if attempt.outcome == Outcome::NeedsReview {
            let failed = (Outcome::Failed, Some(Party::Merchant));
            (attempt.outcome, attempt.blamed) =
                if passed { (Outcome::Passed, None) } else { failed };
        }
    }
    let mut parts: Vec<Option<u32>> =
        run.attempts.iter().map(|attempt| attempt.origin.map(|origin| origin.part)).collect();
    parts.dedup();
    let played: Vec<Outcome> =
        parts.into_iter().filter_map(|part| outcome_of_run(&made_in(run, part))).collect();
    if let Some(outcome) = outcome_over_parts(&played) {
        run.outcome = outcome;
    }
    case.outcome = outcome_of_case(&case.runs);
    if case.outcome != Outcome::NeedsReview {
        case.reason = None;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
