//! Reviews of secondary merchants at a gateway where people review: a run waits for them, and goes on
//! in another sitting.

use std::collections::BTreeSet;
use std::fs;
use std::process::Output;

use assay::verdict::Outcome;
use evidence::words::REVIEW_OTHERWISE;

use super::{Foreign, merchant_at, results};
use crate::outside_stand::{Stand, said};
use crate::relay::{at_terminal, interrupted};

/// One registration that is approved; and two of which one is approved and the other rejected.
const CASES: [&str; 2] = ["AMS-MER-001/user-presented", "AMS-MER-012/user-presented#1"];

/// The secondary merchants that a run says it waits for, in the order of their cases.
fn awaited(told: &str) -> Vec<String> {
    let lines = told.lines().filter(|line| line.contains(" waits for the gateway's review"));
    let lines: BTreeSet<&str> = lines.collect();
    let words = lines
        .into_iter()
        .flat_map(|line| line.split([' ', ',']).filter(|word| word.contains("-m")));
    words.map(str::to_owned).collect()
}

/// Goes on with the run, and answers what came of it.
fn goes_on(stand: &Stand, foreign: &Foreign) -> Output {
    at_terminal(stand, foreign, None, &["--resume", "run", "--jobs", "2"]).unwrap()
}

#[test]
fn a_run_waits_for_reviews_and_goes_on_when_they_are_over() {
    let foreign = Foreign::open();
    foreign.people_review();
    let stand = merchant_at(&foreign);
    let first = ["--out", "run", "--jobs", "2"];
    let first = at_terminal(&stand, &foreign, None, &[&first[..], &CASES].concat());
    let Some(first) = first else { return };
    let told = said(&first);
    assert_eq!(first.status.code(), Some(2), "{told}");
    assert!(told.contains("no bundle yet: of this run 2 scenarios wait"), "{told}");
    let waiting = awaited(&told);
    let [one, approved, rejected] = waiting.as_slice() else { panic!("{waiting:?} {told}") };
    assert!(one.starts_with("AMS-MER-001") && rejected.starts_with("AMS-MER-012"), "{told}");
    assert!(told.contains(&format!("{rejected} to be rejected by every wallet")), "{told}");
    assert!(!stand.path("run/acceptance.zip").exists());

    // Nobody has reviewed anything: nothing is added, and nobody is asked for anything.
    let before = stand.record();
    let early = goes_on(&stand, &foreign);
    assert_eq!(early.status.code(), Some(2), "{}", said(&early));
    assert_eq!(awaited(&said(&early)), waiting);
    assert_eq!(stand.record(), before);

    // Of two reviews one is over, and the other is waited for.
    foreign.review_ends(one, "APPROVED");
    foreign.review_ends(approved, "APPROVED");
    let half = goes_on(&stand, &foreign);
    let told = said(&half);
    assert_eq!(half.status.code(), Some(2), "{told}");

    assert!(told.contains("passed AMS-MER-001/user-presented"), "{told}");
    assert!(told.contains("of this run 1 scenarios wait"), "{told}");

    foreign.review_ends(rejected, "REJECTED");
    let last = goes_on(&stand, &foreign);
    let told = said(&last);
    assert!(told.contains("passed AMS-MER-012/user-presented#1"), "{told}");
    let results = results(&stand, "run");
    let runs = || results.cases.iter().flat_map(|case| &case.runs);
    for case in CASES {
        let run = runs().find(|run| run.key.to_string() == case).unwrap();
        assert_eq!((run.outcome, run.attempts.len()), (Outcome::Passed, 1), "{case}");
    }
    fs::write(stand.path("gateway.pub"), foreign.gateway.public().to_spki_pem()).unwrap();
    let verified = stand.verify_with(&["--gateway-key", "gateway.pub"]);
    assert_eq!(verified.status.code(), Some(2), "{}", said(&verified));
    assert!(!said(&verified).contains('✗'), "{}", said(&verified));
}

/// People who review are no part of what is tested.
#[test]
fn a_review_that_ends_otherwise_breaks_the_attempt_off_and_blames_nobody() {
    let foreign = Foreign::open();
    foreign.people_review();
    let stand = merchant_at(&foreign);
    let case = "AMS-MER-001/user-presented";
    let Some(first) = at_terminal(&stand, &foreign, None, &["--out", "run", case]) else { return };
    let waiting = awaited(&said(&first));
    let [one] = waiting.as_slice() else { panic!("{}", said(&first)) };
    foreign.review_ends(one, "REJECTED");
    let last = goes_on(&stand, &foreign);
    let told = said(&last);
    assert_eq!(last.status.code(), Some(2), "{told}");
    assert!(told.contains(&format!("aborted {case}")), "{told}");
    assert!(told.contains("(environment)") && !told.contains("(merchant)"), "{told}");
    assert!(stand.record().contains(REVIEW_OTHERWISE.key), "{told}");
}

/// What went on and was stopped is played anew, in a further attempt of the same run, and that waits
/// and goes on as the first did. Nothing of the first is lost.
#[test]
fn a_run_that_is_interrupted_after_it_went_on_plays_the_case_anew() {
    let foreign = Foreign::open();
    foreign.people_review();
    let stand = merchant_at(&foreign);
    let case = "AMS-MER-001/user-presented";
    let Some(first) = at_terminal(&stand, &foreign, None, &["--out", "run", case]) else { return };
    let waiting = awaited(&said(&first));
    let [one] = waiting.as_slice() else { panic!("{}", said(&first)) };
    foreign.review_ends(one, "APPROVED");
    let stopped = interrupted(&stand, &foreign, "ask-registered", &["--resume", "run"]);
    assert_eq!(stopped.status.code(), Some(130), "{}", said(&stopped));
    assert!(!stand.path("run/acceptance.zip").exists());

    let anew = goes_on(&stand, &foreign);
    assert_eq!(anew.status.code(), Some(2), "{}", said(&anew));
    let waiting = awaited(&said(&anew));
    let [two] = waiting.as_slice() else { panic!("{}", said(&anew)) };
    assert_ne!(two, one, "a merchant that was registered already");
    foreign.review_ends(two, "APPROVED");
    let last = goes_on(&stand, &foreign);
    assert!(said(&last).contains(&format!("passed {case}")), "{}", said(&last));
    let results = results(&stand, "run");
    let mut runs = results.cases.iter().flat_map(|case| &case.runs);
    let run = runs.find(|run| run.key.to_string() == case).unwrap();
    let attempts: Vec<_> = run.attempts.iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(attempts, [Outcome::Aborted, Outcome::Passed]);
    assert_eq!(run.outcome, Outcome::Unstable);
    fs::write(stand.path("gateway.pub"), foreign.gateway.public().to_spki_pem()).unwrap();
    let verified = stand.verify_with(&["--gateway-key", "gateway.pub"]);
    assert_eq!(verified.status.code(), Some(2), "{}", said(&verified));
    assert!(!said(&verified).contains('✗'), "{}", said(&verified));
}
