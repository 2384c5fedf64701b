//! The roll-up: attempts by their checks, runs by their attempts, cases by their runs, and the run as
//! a whole. A table at each step, never a maximum.

use evidence::Party;
use evidence::words as say;

use super::{AttemptResult, CaseResult, Counts, Outcome, RunResult, Verdict};
use crate::suite::Condition;

/// What an attempt came to, and who is at fault: by who broke it off, by the party of its first
/// failed check, and by whether a check could not be judged. Where it broke off, only failures that
/// stand for good are among the checks, and such a failure is not taken back by what broke later;
/// what the runner itself broke proves nothing against anybody. A merchant breaks an attempt off by
/// having no such operation, which leaves the case unplayed.
pub(super) fn outcome_of_attempt(
    broken: Option<Party>,
    failed: Option<Party>,
    unjudged: bool,
) -> (Outcome, Option<Party>) {
    match (broken, failed, unjudged) {
        (Some(Party::Runner), _, _) | (None, None, true) => (Outcome::Error, Some(Party::Runner)),
        (_, Some(party), _) => (Outcome::Failed, Some(party)),
        (Some(Party::Merchant), None, _) => (Outcome::Skipped, None),
        (Some(party), None, _) => (Outcome::Aborted, Some(party)),
        (None, None, false) => (Outcome::Passed, None),
    }
}

/// A failed attempt is never repeated away; a pass after one that broke is unstable.
pub(super) fn outcome_of_run(attempts: &[AttemptResult]) -> Option<Outcome> {
    if attempts.iter().any(|attempt| attempt.outcome == Outcome::Failed) {
        return Some(Outcome::Failed);
    }
    let last = attempts.last()?.outcome;
    let repeated = last == Outcome::Passed && attempts.len() > 1;
    Some(if repeated { Outcome::Unstable } else { last })
}

/// What a run came to over the parts of a merged bundle: by the outcomes of those parts in which it
/// was played, in the order in which they began; `None` where none played it. Nothing is repeated
/// away by another part that could not be by another attempt: a failure stays, a review stays due,
/// and the last one stands, unless it passed after one that did not.
pub(super) fn outcome_over_parts(played: &[Outcome]) -> Option<Outcome> {
    use Outcome::{Failed, NeedsReview, Passed, Unstable, Waived};
    let joined = |before: Outcome, later: Outcome| match (before, later) {
        (Failed, _) | (_, Failed) => Failed,
        // Nobody but a reviewer decides what waits for one, and no bundle holds a waiver.
        (NeedsReview | Waived, _) | (_, NeedsReview | Waived) => NeedsReview,
        (Passed, Passed) => Passed,
        (_, Passed | Unstable) => Unstable,
        (_, last) => last,
    };
    played.iter().copied().reduce(joined)
}

/// The order in which one run's outcome stands for its case.
const GRAVEST_FIRST: [Outcome; 10] = [
    Outcome::Failed,
    Outcome::Error,
    Outcome::Aborted,
    Outcome::Skipped,
    Outcome::Disabled,
    Outcome::Planned,
    Outcome::NeedsReview,
    Outcome::Waived,
    Outcome::NotApplicable,
    Outcome::Unstable,
];

pub(super) fn outcome_of_case(runs: &[RunResult]) -> Outcome {
    if runs.is_empty() {
        return Outcome::Skipped;
    }
    let found = |outcome: &Outcome| runs.iter().any(|run| run.outcome == *outcome);
    GRAVEST_FIRST.into_iter().find(found).unwrap_or(Outcome::Passed)
}

pub(super) fn blames_merchant(case: &CaseResult) -> bool {
    let attempts = case.runs.iter().flat_map(|run| &run.attempts);
    attempts
        .filter(|attempt| attempt.outcome == Outcome::Failed)
        .any(|attempt| attempt.blamed == Some(Party::Merchant))
}

/// The verdict. Conditions that were seen and not declared mean that cases are missing.
pub(super) fn roll_up(cases: &[CaseResult], undeclared: &[Condition]) -> Verdict {
    let mandatory: Vec<_> = cases.iter().filter(|case| case.mandatory).collect();
    let whole = !mandatory.is_empty() && undeclared.is_empty();
    if mandatory.iter().any(|case| blames_merchant(case)) {
        Verdict::Rejected
    } else if whole && mandatory.iter().all(|case| case.outcome.is_acceptable()) {
        Verdict::Acceptable
    } else {
        Verdict::Incomplete
    }
}

pub(super) fn reasons(cases: &[CaseResult], undeclared: &[Condition]) -> Vec<say::Phrase> {
    let open = cases.iter().filter(|case| case.mandatory && !case.outcome.is_acceptable());
    let (failed, open): (Vec<_>, Vec<_>) = open.partition(|case| case.outcome == Outcome::Failed);
    let mut reasons: Vec<_> = failed.into_iter().map(failure_of).collect();
    // Failures are few and each is looked into; of what was not played there may be a hundred.
    let mut outcomes: Vec<(Outcome, Vec<&str>)> = vec![];
    for case in open {
        match outcomes.iter_mut().find(|(outcome, _)| *outcome == case.outcome) {
            Some((_, ids)) => ids.push(&case.id),
            None => outcomes.push((case.outcome, vec![&case.id])),
        }
    }
    reasons.extend(outcomes.into_iter().map(|(outcome, ids)| match ids.as_slice() {
        [id] => say::CASE_IS.with([*id, outcome.name()]),
        _ => say::CASES_ARE.with([&ids.len().to_string(), outcome.name(), &ids.join(", ")]),
    }));
    if !cases.iter().any(|case| case.mandatory) {
        reasons.push(say::NOTHING_MANDATORY.plain());
    }
    let shown = undeclared.iter().map(|condition| say::CONDITION_SHOWN.with([condition.name()]));
    reasons.extend(shown);
    reasons
}

fn failure_of(case: &CaseResult) -> say::Phrase {
    let told = case.decisive().and_then(|(_, attempt)| attempt.first_failed().zip(attempt.blamed));
    match told {
        Some((check, party)) => {
            say::CASE_FAILED.with([case.id.as_str(), &check.name, party.name()])
        }
        None => say::CASE_IS.with([case.id.as_str(), case.outcome.name()]),
    }
}

pub(super) fn count(cases: &[CaseResult]) -> Counts {
    let mut counts = Counts::default();
    for case in cases {
        let passed = matches!(case.outcome, Outcome::Passed | Outcome::Unstable);
        counts.mandatory += u32::from(case.mandatory);
        counts.mandatory_passed += u32::from(case.mandatory && passed);
        let counter = match case.outcome {
            Outcome::Passed => &mut counts.passed,
            Outcome::Unstable => &mut counts.unstable,
            Outcome::Failed => &mut counts.failed,
            Outcome::Error | Outcome::Aborted => &mut counts.broken,
            Outcome::NotApplicable => &mut counts.not_applicable,
            Outcome::NeedsReview
            | Outcome::Skipped
            | Outcome::Disabled
            | Outcome::Planned
            | Outcome::Waived => &mut counts.open,
        };
        *counter += 1;
        counts.redacted = counts.redacted.saturating_add(case.redacted());
    }
    counts
}

#[cfg(test)]
mod tests {
    use evidence::Party;

    use super::{outcome_of_attempt, outcome_of_case, outcome_of_run, reasons, roll_up};
    use crate::suite::Condition;
    use crate::verdict::{AttemptResult, CaseResult, Outcome, RunResult, Verdict};

    const RUNNER: Option<Party> = Some(Party::Runner);
    const GATEWAY: Option<Party> = Some(Party::Gateway);
    const MERCHANT: Option<Party> = Some(Party::Merchant);
    const ENVIRONMENT: Option<Party> = Some(Party::Environment);

    #[test]
    fn an_attempt_is_what_broke_it_or_what_failed_first() {
        for (broken, failed, unjudged, outcome, blamed) in [
            (None, None, false, Outcome::Passed, None),
            (None, None, true, Outcome::Error, RUNNER),
            (None, MERCHANT, false, Outcome::Failed, MERCHANT),
            (None, MERCHANT, true, Outcome::Failed, MERCHANT),
            (None, GATEWAY, false, Outcome::Failed, GATEWAY),
            (GATEWAY, None, false, Outcome::Aborted, GATEWAY),
            (GATEWAY, None, true, Outcome::Aborted, GATEWAY),
            (ENVIRONMENT, None, true, Outcome::Aborted, ENVIRONMENT),
            // What the merchant did for good is not undone by what broke later.
            (GATEWAY, MERCHANT, true, Outcome::Failed, MERCHANT),
            (ENVIRONMENT, MERCHANT, false, Outcome::Failed, MERCHANT),
            (GATEWAY, GATEWAY, true, Outcome::Failed, GATEWAY),
            // Whoever has no such operation was not tested, and whoever failed before was.
            (MERCHANT, None, true, Outcome::Skipped, None),
            (MERCHANT, None, false, Outcome::Skipped, None),
            (MERCHANT, MERCHANT, true, Outcome::Failed, MERCHANT),
            // What the runner broke proves nothing.
            (RUNNER, None, false, Outcome::Error, RUNNER),
            (RUNNER, MERCHANT, false, Outcome::Error, RUNNER),
        ] {
            let told = outcome_of_attempt(broken, failed, unjudged);
            assert_eq!(told, (outcome, blamed), "{broken:?} {failed:?} {unjudged}");
        }
    }

    fn attempts(outcomes: &[Outcome], blamed: Option<Party>) -> Vec<AttemptResult> {
        let numbered = (1..).zip(outcomes);
        let made = numbered.map(|(attempt, outcome)| AttemptResult {
            blamed,
            ..AttemptResult::made_up(attempt, *outcome)
        });
        made.collect()
    }

    #[test]
    fn a_failed_attempt_is_never_repeated_away() {
        use Outcome::{Aborted, Error, Failed, Passed, Unstable};
        for (outcomes, outcome) in [
            (&[][..], None),
            (&[Passed], Some(Passed)),
            (&[Failed], Some(Failed)),
            (&[Aborted], Some(Aborted)),
            (&[Aborted, Passed], Some(Unstable)),
            (&[Error, Aborted, Passed], Some(Unstable)),
            (&[Aborted, Error], Some(Error)),
            (&[Passed, Aborted], Some(Aborted)),
            (&[Failed, Passed], Some(Failed)),
            (&[Aborted, Failed, Passed], Some(Failed)),
        ] {
            assert_eq!(outcome_of_run(&attempts(outcomes, None)), outcome, "{outcomes:?}");
        }
    }

    fn case(outcomes: &[Outcome], blamed: Option<Party>) -> CaseResult {
        let runs: Vec<RunResult> = outcomes
            .iter()
            .map(|outcome| RunResult {
                key: "AMS-PAY-001".parse().unwrap(),
                outcome: *outcome,
                attempts: attempts(&[*outcome], blamed),
            })
            .collect();
        CaseResult {
            id: "AMS-PAY-001".into(),
            suite: "payment".into(),
            title: String::new(),
            title_zh: String::new(),
            mandatory: true,
            outcome: outcome_of_case(&runs),
            reason: None,
            runs,
        }
    }

    #[test]
    fn a_run_is_acceptable_only_if_every_mandatory_case_is() {
        use Outcome::{Aborted, Disabled, Error, Failed, NotApplicable, Passed, Skipped, Unstable};
        for (outcomes, blamed, outcome, verdict) in [
            (&[Passed, Passed][..], None, Passed, Verdict::Acceptable),
            (&[Passed, Unstable], None, Unstable, Verdict::Acceptable),
            (&[Passed, Skipped], None, Skipped, Verdict::Incomplete),
            (&[Passed, NotApplicable], None, NotApplicable, Verdict::Acceptable),
            (&[Passed, Disabled], None, Disabled, Verdict::Incomplete),
            (&[Aborted, Passed], GATEWAY, Aborted, Verdict::Incomplete),
            (&[Error, Aborted], RUNNER, Error, Verdict::Incomplete),
            (&[Passed, Failed], GATEWAY, Failed, Verdict::Incomplete),
            (&[Passed, Failed], MERCHANT, Failed, Verdict::Rejected),
            (&[], None, Skipped, Verdict::Incomplete),
        ] {
            let case = case(outcomes, blamed);
            assert_eq!(case.outcome, outcome, "{outcomes:?}");
            assert_eq!(roll_up(&[case], &[]), verdict, "{outcomes:?} {blamed:?}");
        }
        assert_eq!(roll_up(&[], &[]), Verdict::Incomplete);
        // What was seen and not declared leaves cases out; it never mends a failure.
        let undeclared = [Condition::Fx];
        let of = |blamed| case(&[if blamed == MERCHANT { Failed } else { Passed }], blamed);
        assert_eq!(roll_up(&[of(None)], &undeclared), Verdict::Incomplete);
        assert_eq!(roll_up(&[of(MERCHANT)], &undeclared), Verdict::Rejected);
        assert_eq!(reasons(&[of(None)], &undeclared).len(), 1);
    }

    #[test]
    fn each_failure_is_told_and_what_was_not_played_in_one_line() {
        let [mut one, mut other] = [(); 2].map(|()| case(&[Outcome::Failed], MERCHANT));
        let [mut out, mut left] = [(); 2].map(|()| case(&[], None));
        for (case, id) in [(&mut one, "A"), (&mut out, "B"), (&mut other, "C"), (&mut left, "D")] {
            case.id = id.into();
        }
        let told = reasons(&[one, out, other, left], &[]);
        let told: Vec<_> = told.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(told[2], "2 cases are skipped: B, D");
    }

    #[test]
    fn the_merchants_failure_is_the_one_that_is_told() {
        let mut failed = case(&[Outcome::Passed, Outcome::Failed], GATEWAY);
        failed.runs.extend(case(&[Outcome::Failed], MERCHANT).runs);
        let decisive = failed.decisive().unwrap().1;
        assert_eq!((decisive.outcome, decisive.blamed), (Outcome::Failed, MERCHANT));
        assert_eq!(roll_up(&[failed], &[]), Verdict::Rejected);
        let aborted = case(&[Outcome::Passed, Outcome::Aborted], GATEWAY);
        assert_eq!(aborted.decisive().unwrap().1.blamed, GATEWAY);
    }
}
