//! Several runs of one merchant, as shards or stages, under one verdict.

use evidence::CaseKey;

use super::roll_up::{outcome_of_case, outcome_over_parts};
use super::{CaseResult, Grade, Judge, JudgedAttempts, Origin, Outcome, Results, RunResult, Scope};

/// One of the runs that are joined.
#[derive(Debug, Clone)]
pub struct MergedPart<'a> {
    /// Its own verdict.
    pub results: &'a Results,
    /// What its record's first line tells.
    pub scope: Scope,
}

impl MergedPart<'_> {
    fn case(&self, id: &str) -> Option<&CaseResult> {
        self.results.cases.iter().find(|case| case.id == id)
    }

    fn run(&self, key: &CaseKey) -> Option<&RunResult> {
        self.case(&key.case)?.runs.iter().find(|run| run.key == *key)
    }

    /// How it played a run; `None` where it did not.
    fn played(&self, key: &CaseKey) -> Option<&RunResult> {
        self.run(key).filter(|run| !run.attempts.is_empty())
    }
}

impl Judge {
    /// Joins the verdicts of runs that declare the same, in the order in which they began. The list
    /// of cases is the suite's: what no part played is open, whatever the parts say together.
    pub fn merge(&self, parts: &[MergedPart<'_>]) -> Results {
        let declared = parts.first().map(|part| part.scope.declared.clone()).unwrap_or_default();
        let scope = Scope { declared, ..Scope::default() };
        let mut cases = self.roll_up(&scope, JudgedAttempts::new()).cases;
        for case in &mut cases {
            join(case, parts);
        }
        let grade = self.merged_grade(&cases, parts);
        self.conclude(&scope.declared, cases, grade)
    }

    /// A submission is the integrator's own merchant, whose mandatory cases all passed on a gateway
    /// that is not assay's, but for those that nothing but the embedded sandbox can play. Where a
    /// part's profile told the gateway what to answer, it is none.
    fn merged_grade(&self, cases: &[CaseResult], parts: &[MergedPart<'_>]) -> Grade {
        let own = |part: &MergedPart<'_>| part.scope.own_merchant && !part.scope.bent;
        let own = !parts.is_empty() && parts.iter().all(own);
        let proved = |run: &RunResult| {
            let case = self.suite.catalogue().case(&run.key.case);
            let anywhere = case.is_some_and(|case| case.is_embedded_only(run.key.row));
            let there = parts.iter().filter(|part| anywhere || part.scope.other_gateway);
            let outcomes: Vec<Outcome> =
                there.filter_map(|part| Some(part.played(&run.key)?.outcome)).collect();
            matches!(outcome_over_parts(&outcomes), Some(Outcome::Passed | Outcome::Unstable))
        };
        let mut counted = cases.iter().filter(|case| case.mandatory);
        let submission = own && counted.all(|case| case.runs.iter().all(proved));
        if submission { Grade::Submission } else { Grade::Rehearsal }
    }
}

/// Fills a case that nobody has played with what the parts came to.
fn join(case: &mut CaseResult, parts: &[MergedPart<'_>]) {
    for run in &mut case.runs {
        join_run(run, parts);
    }
    if case.outcome == Outcome::NotApplicable {
        return;
    }
    case.outcome = outcome_of_case(&case.runs);
    let told = || parts.iter().filter_map(|part| part.case(&case.id));
    // Why a part left runs out is of interest only where no other part played them.
    let open = case.runs.iter().any(|run| run.attempts.is_empty());
    let same = told().filter(|told| told.outcome == case.outcome).find_map(|it| it.reason.clone());
    let any = told().find_map(|told| told.reason.clone()).or(case.reason.take());
    case.reason = same.or(any.filter(|_| open));
}

fn join_run(run: &mut RunResult, parts: &[MergedPart<'_>]) {
    let mut played = vec![];
    for (part, joined) in (1_u32..).zip(parts) {
        let Some(found) = joined.run(&run.key) else { continue };
        if found.attempts.is_empty() {
            // Planned and never begun says more than left out.
            if found.outcome == Outcome::Skipped {
                run.outcome = Outcome::Skipped;
            }
            continue;
        }
        played.push(found.outcome);
        for attempt in &found.attempts {
            let mut attempt = attempt.clone();
            attempt.origin = Some(Origin { part, attempt: attempt.attempt });
            attempt.attempt =
                u32::try_from(run.attempts.len()).unwrap_or(u32::MAX).saturating_add(1);
            run.attempts.push(attempt);
        }
    }
    if let Some(outcome) = outcome_over_parts(&played) {
        run.outcome = outcome;
    }
}

#[cfg(test)]
mod tests;
