use std::collections::BTreeSet;
use std::sync::Arc;

use evidence::words::CASE_NEEDS_TESTER;
use evidence::{CaseKey, Party};

use super::MergedPart;
use crate::suite::{Declared, Suite};
use crate::verdict::{
    AttemptResult, Grade, Judge, JudgedAttempts, Origin, Outcome, Results, Scope, Verdict,
};

/// Where a part was played, and by whom.
#[derive(Clone, Copy)]
enum Played {
    /// The integrator's own merchant on the embedded sandbox.
    Embedded,
    /// The same at a gateway that is not assay's.
    Elsewhere,
    /// The reference merchant there.
    Reference,
}

struct Stand {
    judge: Judge,
    suite: Arc<Suite>,
    declared: Declared,
}

impl Stand {
    fn new() -> Self {
        let suite = Arc::new(Suite::embedded().unwrap());
        let products = vec!["user-presented".to_owned()];
        let declared = Declared { products, conditions: BTreeSet::new() };
        Self { judge: Judge::new(suite.clone()), suite, declared }
    }

    /// Every run that counts, and whether the embedded sandbox alone can play it.
    fn mandatory(&self) -> Vec<(CaseKey, bool)> {
        let scope = Scope { declared: self.declared.clone(), ..Scope::default() };
        let cases = self.judge.roll_up(&scope, JudgedAttempts::new()).cases;
        let counted = cases.into_iter().filter(|case| case.mandatory);
        let runs = counted.flat_map(|case| case.runs);
        runs.map(|run| {
            let case = self.suite.catalogue().case(&run.key.case).unwrap();
            (run.key.clone(), case.is_embedded_only(run.key.row))
        })
        .collect()
    }

    /// The verdict on a part in which these runs ended so.
    fn part(&self, played: Played, runs: &[(CaseKey, &[Outcome])]) -> (Results, Scope) {
        let planned = runs.iter().map(|(key, _)| key.to_string()).collect();
        let scope = Scope {
            declared: self.declared.clone(),
            planned,
            own_merchant: !matches!(played, Played::Reference),
            other_gateway: !matches!(played, Played::Embedded),
            without_notices: false,
            report_source: false,
            bent: false,
        };
        let judged = runs.iter().filter(|(_, outcomes)| !outcomes.is_empty());
        let judged = judged.map(|(key, outcomes)| (key.clone(), attempts(outcomes)));
        (self.judge.roll_up(&scope, judged.collect()), scope)
    }

    fn merge(&self, parts: &[(Results, Scope)]) -> Results {
        let parts =
            parts.iter().map(|(results, scope)| MergedPart { results, scope: scope.clone() });
        self.judge.merge(&parts.collect::<Vec<_>>())
    }
}

fn attempts(outcomes: &[Outcome]) -> Vec<AttemptResult> {
    let numbered = (1..).zip(outcomes);
    let made = numbered.map(|(attempt, &outcome)| AttemptResult {
        blamed: (outcome == Outcome::Failed).then_some(Party::Merchant),
        ..AttemptResult::made_up(attempt, outcome)
    });
    made.collect()
}

fn key(text: &str) -> CaseKey {
    text.parse().unwrap()
}

fn of<'a>(results: &'a Results, id: &str) -> &'a crate::verdict::CaseResult {
    results.cases.iter().find(|case| case.id == id).unwrap()
}

#[test]
fn what_a_run_came_to_in_one_part_is_not_repeated_away_by_another() {
    use Outcome::{Aborted, Disabled, Error, Failed, Passed, Skipped, Unstable};
    let stand = Stand::new();
    for (one, other, outcome) in [
        (&[Passed][..], &[][..], Passed),
        (&[], &[Passed], Passed),
        (&[Passed], &[Passed], Passed),
        (&[Failed], &[Passed], Failed),
        (&[Passed], &[Failed], Failed),
        (&[Failed], &[], Failed),
        (&[Aborted], &[Failed], Failed),
        (&[Aborted], &[Passed], Unstable),
        (&[Error], &[Passed], Unstable),
        (&[Aborted, Passed], &[Passed], Unstable),
        (&[Passed], &[Aborted, Passed], Unstable),
        (&[Passed], &[Aborted], Aborted),
        (&[Aborted], &[Error], Error),
        // A merchant without such an operation once, and with it later.
        (&[Skipped], &[Passed], Unstable),
        (&[Passed], &[Skipped], Skipped),
    ] {
        let of_part = |outcomes: &'static [Outcome]| {
            stand.part(Played::Embedded, &[(key("AMS-PAY-004"), outcomes)])
        };
        let merged = stand.merge(&[of_part(one), of_part(other)]);
        assert_eq!(of(&merged, "AMS-PAY-004").outcome, outcome, "{one:?} {other:?}");
        let told = if outcome == Failed { Verdict::Rejected } else { Verdict::Incomplete };
        assert_eq!(merged.verdict, told, "{one:?} {other:?}");
    }
    let nothing = stand.part(Played::Embedded, &[]);
    let begun = stand.part(Played::Embedded, &[(key("AMS-PAY-004"), &[])]);
    let left_out = stand.merge(&[nothing.clone(), nothing.clone()]);
    assert_eq!(of(&left_out, "AMS-PAY-004").outcome, Disabled);
    for parts in [[begun.clone(), nothing.clone()], [nothing.clone(), begun]] {
        assert_eq!(of(&stand.merge(&parts), "AMS-PAY-004").outcome, Skipped);
    }
    assert_eq!(stand.merge(&[]).verdict, Verdict::Incomplete);
}

#[test]
fn why_a_stage_left_a_case_out_is_told_until_another_plays_it() {
    use Outcome::{Passed, Skipped};
    let stand = Stand::new();
    let left_out = || {
        let (mut results, scope) = stand.part(Played::Elsewhere, &[]);
        let case = results.cases.iter_mut().find(|case| case.id == "AMS-PAY-072").unwrap();
        case.outcome = Skipped;
        case.reason = Some(CASE_NEEDS_TESTER.plain());
        case.runs.iter_mut().for_each(|run| run.outcome = Skipped);
        (results, scope)
    };
    let nothing = stand.part(Played::Embedded, &[]);
    let merged = stand.merge(&[nothing, left_out()]);
    let case = of(&merged, "AMS-PAY-072");
    assert_eq!((case.outcome, &case.reason), (Skipped, &Some(CASE_NEEDS_TESTER.plain())));
    let keys: Vec<CaseKey> = case.runs.iter().map(|run| run.key.clone()).collect();
    let runs: Vec<(CaseKey, &[Outcome])> =
        keys.into_iter().map(|key| (key, &[Passed][..])).collect();
    let merged = stand.merge(&[left_out(), stand.part(Played::Embedded, &runs)]);
    let case = of(&merged, "AMS-PAY-072");
    assert_eq!((case.outcome, &case.reason), (Passed, &None));
}

#[test]
fn what_waits_for_a_reviewer_waits_whatever_another_part_says() {
    use super::super::roll_up::outcome_over_parts;
    use Outcome::{Failed, NeedsReview, Passed, Waived};
    for (played, outcome) in [
        (&[][..], None),
        (&[NeedsReview, Passed], Some(NeedsReview)),
        (&[Passed, NeedsReview], Some(NeedsReview)),
        (&[NeedsReview, Failed], Some(Failed)),
        // No bundle holds a waiver: it is in the review alone.
        (&[Waived, Passed], Some(NeedsReview)),
        (&[Passed, Waived], Some(NeedsReview)),
    ] {
        assert_eq!(outcome_over_parts(played), outcome, "{played:?}");
    }
}

#[test]
fn attempts_are_numbered_through_and_tell_where_they_were_made() {
    use Outcome::{Aborted, Passed};
    let stand = Stand::new();
    let of_part = |outcomes: &'static [Outcome]| {
        stand.part(Played::Embedded, &[(key("AMS-PAY-004"), outcomes)])
    };
    let parts = [of_part(&[Aborted, Aborted]), of_part(&[]), of_part(&[Passed])];
    let merged = stand.merge(&parts);
    let run = &of(&merged, "AMS-PAY-004").runs[0];
    let told: Vec<_> = run.attempts.iter().map(|it| (it.attempt, it.origin.unwrap())).collect();
    let origin = |part, attempt| Origin { part, attempt };
    assert_eq!(told, [(1, origin(1, 1)), (2, origin(1, 2)), (3, origin(3, 1))]);
}

/// All that counts, each run once, in the part that `where_to` says.
fn both(
    stand: &Stand,
    played: [Played; 2],
    where_to: impl Fn(&CaseKey, bool) -> usize,
) -> [(Results, Scope); 2] {
    let mut shares: [Vec<(CaseKey, &[Outcome])>; 2] = [vec![], vec![]];
    for (key, embedded_only) in stand.mandatory() {
        shares[where_to(&key, embedded_only)].push((key, &[Outcome::Passed]));
    }
    let [one, other] = shares;
    [stand.part(played[0], &one), stand.part(played[1], &other)]
}

#[test]
fn two_shards_that_play_everything_are_acceptable_and_either_alone_is_not() {
    let stand = Stand::new();
    let parts =
        both(&stand, [Played::Embedded; 2], |key, _| usize::from(key.case.starts_with("AMS-PAY")));
    assert!(parts.iter().all(|(results, _)| results.verdict == Verdict::Incomplete));
    let merged = stand.merge(&parts);
    assert_eq!((merged.verdict, merged.grade), (Verdict::Acceptable, Grade::Rehearsal));
    assert!(merged.reasons.is_empty());
    assert_eq!(merged.counts.mandatory, merged.counts.mandatory_passed);
    // One run less of one case, and it is incomplete.
    let [_, other] = parts;
    let rest = stand.mandatory().into_iter().filter(|(key, _)| !key.case.starts_with("AMS-PAY"));
    let mut runs: Vec<(CaseKey, &[Outcome])> =
        rest.map(|(key, _)| (key, &[Outcome::Passed][..])).collect();
    runs.pop();
    let missing = stand.merge(&[stand.part(Played::Embedded, &runs), other]);
    assert_eq!(missing.verdict, Verdict::Incomplete);
    assert_eq!(missing.counts.mandatory_passed + 1, missing.counts.mandatory);
}

#[test]
fn two_stages_are_a_submission_only_where_each_case_passed_where_it_counts() {
    use Played::{Elsewhere, Embedded, Reference};
    let stand = Stand::new();
    let counted = stand.mandatory();
    assert!(counted.iter().any(|it| it.1) && counted.iter().any(|it| !it.1));
    let stages = |played| both(&stand, played, |_, embedded_only| usize::from(embedded_only));
    for (played, grade) in [
        ([Elsewhere, Embedded], Grade::Submission),
        ([Embedded, Elsewhere], Grade::Rehearsal),
        ([Embedded, Embedded], Grade::Rehearsal),
        ([Reference, Embedded], Grade::Rehearsal),
        ([Reference, Reference], Grade::Rehearsal),
    ] {
        let merged = stand.merge(&stages(played));
        assert_eq!((merged.verdict, merged.grade), (Verdict::Acceptable, grade));
    }
    // Whichever of them was told what to answer.
    for bent in 0..2 {
        let mut parts = stages([Elsewhere, Embedded]);
        parts[bent].1.bent = true;
        let merged = stand.merge(&parts);
        assert_eq!((merged.verdict, merged.grade), (Verdict::Acceptable, Grade::Rehearsal));
    }
    // One case that any gateway can play, and that passed on the embedded sandbox alone.
    let moved = counted.iter().find(|it| !it.1).unwrap().0.clone();
    let parts = both(&stand, [Elsewhere, Embedded], |key, embedded_only| {
        usize::from(embedded_only || *key == moved)
    });
    let merged = stand.merge(&parts);
    assert_eq!((merged.verdict, merged.grade), (Verdict::Acceptable, Grade::Rehearsal));
    // It was tried elsewhere, and broke off there: passed afterwards is unstable, and no submission.
    let [far, near] = parts;
    let tried = stand.part(Elsewhere, &[(moved.clone(), &[Outcome::Aborted])]);
    let merged = stand.merge(&[far.clone(), tried, near.clone()]);
    assert_eq!(of(&merged, &moved.case).outcome, Outcome::Unstable);
    assert_eq!((merged.verdict, merged.grade), (Verdict::Acceptable, Grade::Rehearsal));
    // And where it failed, nothing that passed elsewhere mends it.
    let failed = stand.part(Elsewhere, &[(moved.clone(), &[Outcome::Failed])]);
    let merged = stand.merge(&[far, failed, near]);
    assert_eq!((merged.verdict, merged.grade), (Verdict::Rejected, Grade::Rehearsal));
}
