use std::collections::BTreeSet;
use std::sync::Arc;

use evidence::{CaseKey, Party};

use super::{NoRuling, Ruling, Stages, waivable};
use crate::suite::{Condition, Declared, Suite};
use crate::verdict::{
    AttemptResult, CaseResult, Grade, Judge, JudgedAttempts, MergedPart, Outcome, Results, Scope,
    Verdict,
};

struct Stand {
    judge: Judge,
    declared: Declared,
    /// Every run that counts.
    counted: Vec<CaseKey>,
}

impl Stand {
    fn new() -> Self {
        let judge = Judge::new(Arc::new(Suite::embedded().unwrap()));
        let products = vec!["user-presented".to_owned()];
        let declared = Declared { products, conditions: BTreeSet::new() };
        let scope = Scope { declared: declared.clone(), ..Scope::default() };
        let cases = judge.roll_up(&scope, JudgedAttempts::new()).cases;
        let counted = cases.into_iter().filter(|case| case.mandatory);
        let counted = counted.flat_map(|case| case.runs).map(|run| run.key).collect();
        Self { judge, declared, counted }
    }

    fn scope(&self, elsewhere: bool) -> Scope {
        Scope {
            declared: self.declared.clone(),
            planned: self.counted.iter().map(ToString::to_string).collect(),
            own_merchant: true,
            other_gateway: elsewhere,
            without_notices: false,
            report_source: false,
            bent: false,
        }
    }

    fn embedded_only(&self, key: &CaseKey) -> bool {
        let case = self.judge.suite.catalogue().case(&key.case).unwrap();
        case.is_embedded_only(key.row)
    }

    /// Every run that counts passed, but for these; one with no outcome was never begun.
    fn results(&self, others: &[(&str, &[Outcome], Option<Party>)]) -> Results {
        let mut judged = JudgedAttempts::new();
        for key in &self.counted {
            let other = others.iter().find(|(named, ..)| **named == key.to_string());
            let (outcomes, blamed) =
                other.map_or((&[Outcome::Passed][..], None), |(_, told, blamed)| (*told, *blamed));
            if !outcomes.is_empty() {
                judged.insert(key.clone(), attempts(outcomes, blamed));
            }
        }
        self.judge.roll_up(&self.scope(true), judged)
    }

    fn reviewed(&self, judged: &Results, ruling: &Ruling) -> Result<Results, NoRuling> {
        let stages = Stages { own_merchant: true, elsewhere: vec![] };
        self.judge.reviewed(judged, &stages, ruling)
    }
}

fn attempts(outcomes: &[Outcome], blamed: Option<Party>) -> Vec<AttemptResult> {
    let numbered = (1..).zip(outcomes);
    let made = numbered.map(|(attempt, &outcome)| AttemptResult {
        blamed: blamed.filter(|_| outcome == Outcome::Failed),
        ..AttemptResult::made_up(attempt, outcome)
    });
    made.collect()
}

fn key(text: &str) -> CaseKey {
    text.parse().unwrap()
}

fn ruling(decided: &[(&str, bool)], waived: &[&str]) -> Ruling {
    Ruling {
        decided: decided.iter().map(|(run, passed)| (key(run), *passed)).collect(),
        waived: waived.iter().map(|case| (*case).to_owned()).collect(),
    }
}

fn of<'a>(results: &'a Results, id: &str) -> &'a CaseResult {
    results.cases.iter().find(|case| case.id == id).unwrap()
}

const ONE: &str = "AMS-PAY-001";
const FOUR: &str = "AMS-PAY-004";

#[test]
fn what_waits_is_decided_and_nothing_else() {
    use Outcome::{Aborted, Failed, NeedsReview, Passed, Unstable};
    let stand = Stand::new();
    let waiting = stand.results(&[(ONE, &[NeedsReview], None)]);
    assert_eq!(waiting.verdict, Verdict::Incomplete);
    let passed = stand.reviewed(&waiting, &ruling(&[(ONE, true)], &[])).unwrap();
    assert_eq!((passed.verdict, passed.grade), (Verdict::Acceptable, Grade::Submission));
    assert_eq!((of(&passed, ONE).outcome, passed.counts.open), (Passed, waiting.counts.open - 1));
    assert_eq!(passed.counts.mandatory_passed, passed.counts.mandatory);
    assert!(passed.reasons.is_empty());
    let failed = stand.reviewed(&waiting, &ruling(&[(ONE, false)], &[])).unwrap();
    assert_eq!((failed.verdict, of(&failed, ONE).outcome), (Verdict::Rejected, Failed));
    // A pass after an attempt that broke off is what it would be without a person.
    let again = stand.results(&[(ONE, &[Aborted, NeedsReview], None)]);
    let again = stand.reviewed(&again, &ruling(&[(ONE, true)], &[])).unwrap();
    assert_eq!((again.verdict, of(&again, ONE).outcome), (Verdict::Acceptable, Unstable));
    for (outcome, blamed) in [
        (Passed, None),
        (Failed, Some(Party::Merchant)),
        (Failed, Some(Party::Gateway)),
        (Aborted, Some(Party::Gateway)),
    ] {
        let judged = stand.results(&[(FOUR, &[outcome], blamed)]);
        for decided in [true, false] {
            let told = stand.reviewed(&judged, &ruling(&[(FOUR, decided)], &[]));
            assert_eq!(told, Err(NoRuling::NotWaiting(key(FOUR), outcome)), "{blamed:?}");
        }
    }
    for unknown in ["AMS-PAY-999", "AMS-PAY-001/cashier", "AMS-PAY-001#7"] {
        let told = stand.reviewed(&waiting, &ruling(&[(unknown, true)], &[]));
        assert_eq!(told, Err(NoRuling::NoRun(key(unknown))));
    }
    // What nobody decided stays open.
    let nothing = stand.reviewed(&waiting, &Ruling::default()).unwrap();
    assert_eq!(nothing, waiting);
}

#[test]
fn what_could_not_be_tested_is_waived_and_what_the_merchant_failed_never_is() {
    use Outcome::{Aborted, Error, Failed, NeedsReview, Passed, Skipped, Waived};
    let stand = Stand::new();
    let waive = ruling(&[], &[FOUR]);
    for (outcomes, blamed) in [
        (&[][..], None),
        (&[Skipped], None),
        (&[Aborted], Some(Party::Gateway)),
        (&[Error], Some(Party::Runner)),
        (&[NeedsReview], None),
        (&[Failed], Some(Party::Gateway)),
        (&[Failed], Some(Party::Environment)),
    ] {
        let judged = stand.results(&[(FOUR, outcomes, blamed)]);
        assert_eq!(judged.verdict, Verdict::Incomplete, "{outcomes:?}");
        let told = stand.reviewed(&judged, &waive).unwrap();
        assert_eq!((told.verdict, of(&told, FOUR).outcome), (Verdict::Acceptable, Waived));
        assert_eq!(told.counts.mandatory_passed + 1, told.counts.mandatory);
        // It is for this case and no other.
        let other = stand.results(&[(FOUR, outcomes, blamed), (ONE, &[Aborted], blamed)]);
        assert_eq!(stand.reviewed(&other, &waive).unwrap().verdict, Verdict::Incomplete);
    }
    let merchants = [(FOUR, &[Failed][..], Some(Party::Merchant))];
    let judged = stand.results(&merchants);
    assert_eq!(judged.verdict, Verdict::Rejected);
    assert_eq!(stand.reviewed(&judged, &waive), Err(NoRuling::Merchant(FOUR.into())));
    let judged = stand.results(&[(FOUR, &[Failed, Aborted], Some(Party::Merchant))]);
    assert_eq!(stand.reviewed(&judged, &waive), Err(NoRuling::Merchant(FOUR.into())));
    let judged = stand.results(&[]);
    assert_eq!(stand.reviewed(&judged, &waive), Err(NoRuling::Unused(FOUR.into(), Passed)));
    let waiting = stand.results(&[(FOUR, &[NeedsReview], None)]);
    let both = |passed| stand.reviewed(&waiting, &ruling(&[(FOUR, passed)], &[FOUR]));
    assert_eq!(both(true), Err(NoRuling::Unused(FOUR.into(), Passed)));
    assert_eq!(both(false), Err(NoRuling::Merchant(FOUR.into())));
    let none = stand.reviewed(&judged, &ruling(&[], &["AMS-PAY-999"]));
    assert_eq!(none, Err(NoRuling::NoCase("AMS-PAY-999".into())));
    let optional = judged.cases.iter().find(|case| !case.mandatory).unwrap().id.clone();
    let told = stand.reviewed(&judged, &ruling(&[], &[&optional]));
    assert_eq!(told, Err(NoRuling::Optional(optional)));
}

/// What the integrator did not select could have been played, also where another row of it could not.
#[test]
fn what_was_left_out_is_not_waived() {
    let stand = Stand::new();
    let mut scope = stand.scope(true);
    scope.planned.retain(|run| run != FOUR);
    let judged = stand.judge.roll_up(&scope, JudgedAttempts::new());
    assert_eq!(of(&judged, FOUR).outcome, Outcome::Disabled);
    let told = stand.reviewed(&judged, &ruling(&[], &[FOUR]));
    assert_eq!(told, Err(NoRuling::LeftOut(FOUR.into())));
    let mut case = of(&judged, FOUR).clone();
    let mut row = case.runs[0].clone();
    row.outcome = Outcome::Skipped;
    case.runs.push(row);
    case.outcome = Outcome::Skipped;
    assert_eq!(waivable(&case), Err(NoRuling::LeftOut(FOUR.into())));
    case.runs.clear();
    assert_eq!(waivable(&case), Err(NoRuling::LeftOut(FOUR.into())));
}

/// A condition that the traffic shows and the profile does not declare leaves cases out, which no
/// review brings back.
#[test]
fn a_review_makes_no_missing_case_unneeded() {
    let stand = Stand::new();
    let mut judged = stand.results(&[(ONE, &[Outcome::NeedsReview], None)]);
    let case = judged.cases.iter_mut().find(|case| case.id == ONE).unwrap();
    case.runs[0].attempts[0].shows.push(Condition::Fx);
    let told = stand.reviewed(&judged, &ruling(&[(ONE, true)], &[])).unwrap();
    assert_eq!(told.verdict, Verdict::Incomplete);
}

/// Both stages of a merchant whose till a person operates: every run waits in both parts.
#[test]
fn stages_by_hand_are_a_submission_once_they_are_decided() {
    use Outcome::{NeedsReview, Passed, Skipped};
    let stand = Stand::new();
    let part = |elsewhere: bool| {
        let scope = stand.scope(elsewhere);
        let played = stand.counted.iter().filter(|key| elsewhere != stand.embedded_only(key));
        let judged = played.map(|key| (key.clone(), attempts(&[NeedsReview], None))).collect();
        (stand.judge.roll_up(&scope, judged), scope)
    };
    let [far, near] = [true, false].map(part);
    let merged = |parts: &[&(Results, Scope)]| {
        let parts =
            parts.iter().map(|(results, scope)| MergedPart { results, scope: scope.clone() });
        stand.judge.merge(&parts.collect::<Vec<_>>())
    };
    let both = merged(&[&far, &near]);
    assert_eq!((both.verdict, both.grade), (Verdict::Incomplete, Grade::Rehearsal));
    let mut all = Ruling::default();
    all.decided.extend(stand.counted.iter().map(|key| (key.clone(), true)));
    let under = |judged: &Results, elsewhere: &[bool], ruling: &Ruling| {
        let stages = Stages { own_merchant: true, elsewhere: elsewhere.to_vec() };
        stand.judge.reviewed(judged, &stages, ruling)
    };
    let told = under(&both, &[true, false], &all).unwrap();
    assert_eq!((told.verdict, told.grade), (Verdict::Acceptable, Grade::Submission));
    // On assay's own sandbox twice, it is none.
    let told = under(&both, &[false, false], &all).unwrap();
    assert_eq!((told.verdict, told.grade), (Verdict::Acceptable, Grade::Rehearsal));
    // The reference merchant's never is.
    let stages = Stages { own_merchant: false, elsewhere: vec![true, false] };
    let told = stand.judge.reviewed(&both, &stages, &all).unwrap();
    assert_eq!(told.grade, Grade::Rehearsal);
    // Without the embedded stage, what only that can play is waived, and proves nothing.
    let alone = merged(&[&far, &far]);
    let mut here = Ruling::default();
    for case in alone.cases.iter().filter(|case| case.mandatory) {
        let due = case.runs.iter().filter(|run| run.outcome == NeedsReview);
        here.decided.extend(due.map(|run| (run.key.clone(), true)));
        if case.outcome == Skipped {
            here.waived.insert(case.id.clone());
        }
    }
    assert!(!here.waived.is_empty() && here.decided.len() > here.waived.len());
    let told = under(&alone, &[true, true], &here).unwrap();
    assert_eq!((told.verdict, told.grade), (Verdict::Acceptable, Grade::Submission));
    // A run that passed in one part and waits in another is decided as a whole.
    let twice = merged(&[&far, &(stand.results(&[]), near.1)]);
    let decided = Ruling { waived: BTreeSet::new(), ..here };
    assert_eq!(of(&twice, ONE).outcome, NeedsReview);
    let told = under(&twice, &[true, true], &decided).unwrap();
    assert_eq!((told.verdict, of(&told, ONE).outcome), (Verdict::Acceptable, Passed));
}
