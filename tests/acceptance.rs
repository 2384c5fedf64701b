//! The whole suite on healthy ground: everything passes.

mod stand;

use std::collections::BTreeSet;

use assay::suite::Condition;
use assay::verdict::{Outcome, Results, Verdict};
use protocol::Generation;
use stand::contracts::Terms;

#[test]
fn the_reference_merchant_passes_everything() {
    let suite = stand::suite();
    let planned = stand::everything(&suite);
    let came = stand::play(&suite, planned, stand::backstage(), 32);
    assert_eq!(came.played.bugs, Vec::<String>::new());
    let testers: Vec<_> = suite.catalogue().cases.iter().filter(|case| case.tester).collect();
    let open: Vec<_> =
        came.results.cases.iter().filter(|case| testers.iter().any(|t| t.id == case.id)).collect();
    // What needs a tester is never passed without one, and says so.
    assert_eq!(open.len(), testers.len());
    for case in open {
        assert_eq!(case.outcome, Outcome::Skipped, "{}", case.id);
        assert!(case.reason.is_some() && case.runs.iter().all(|run| run.attempts.is_empty()));
    }
    let bad = not_passed(&came.results, |id| testers.iter().any(|tester| tester.id == id));
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert_eq!(came.results.verdict, Verdict::Acceptable);
    // No rule that a run takes ends in the middle of a case.
    let lasted = came.results.cases.iter().flat_map(|case| &case.runs);
    let lasted = lasted.flat_map(|run| run.attempts.iter().map(move |it| (&run.key, it)));
    for (key, attempt) in lasted {
        let (foreseen, took) =
            (suite.planned(key).unwrap().foreseen(), attempt.ended - attempt.began);
        let is_of_days = foreseen > 2 * 3_600_000;
        assert!(is_of_days || took <= foreseen, "{key}: {took} of {foreseen} ms");
    }
    // A payment of a scanned code asks for a notification where a run is about that, and only there.
    let runs = came.results.cases.iter().flat_map(|case| &case.runs);
    let asked = runs.filter(|run| {
        run.attempts.iter().any(|attempt| attempt.shows.contains(&Condition::BarcodeNotices))
    });
    let asked: BTreeSet<_> = asked.map(|run| run.key.to_string()).collect();
    let wanted = stand::everything(&suite).into_iter().filter(|run| {
        run.case.product_conditions.get(&run.product) == Some(&Condition::BarcodeNotices)
    });
    let wanted: BTreeSet<_> = wanted.map(|run| run.key.to_string()).collect();
    assert!(wanted.len() >= 8, "{wanted:?}");
    assert_eq!(asked, wanted);
}

/// Whatever charset and sign type a contract of the older generation has: every case that asks for
/// no other passes under it.
#[test]
fn the_older_generation_passes_under_every_contract() {
    let suite = stand::suite();
    for terms in Terms::ALL.into_iter().filter(|terms| *terms != Terms::Rsa2) {
        let mut planned = stand::everything(&suite);
        planned.retain(|run| {
            let wanted = stand::contracts::terms_of(&run.case);
            Generation::of_case(&run.case.id) == Generation::Legacy
                && [terms, Terms::Rsa2].contains(&wanted)
                && run.case.condition != Some(Condition::Rsa2)
        });
        assert!(planned.len() > 100, "{terms:?} {}", planned.len());
        let names: BTreeSet<_> = planned.iter().map(|run| run.case.id.clone()).collect();
        let came = stand::play_under(&suite, planned, stand::backstage(), 32, |_| terms);
        assert_eq!(came.played.bugs, Vec::<String>::new());
        let bad = not_passed(&came.results, |id| !names.contains(id));
        assert!(bad.is_empty(), "{terms:?}: {}", bad.join("\n"));
    }
}

/// What did not pass, but for cases that were left out.
fn not_passed(results: &Results, left_out: impl Fn(&str) -> bool) -> Vec<String> {
    let mut bad = vec![];
    let played = results.cases.iter().filter(|case| !left_out(&case.id));
    for case in played.filter(|case| case.outcome != Outcome::Passed) {
        for run in case.runs.iter().filter(|run| run.outcome != Outcome::Passed) {
            for attempt in &run.attempts {
                let check = attempt.first_failed();
                let told = check.map(|check| {
                    let text = |phrase: &Option<evidence::words::Phrase>| {
                        phrase.as_ref().map_or(String::new(), ToString::to_string)
                    };
                    format!(
                        "{}: want [{}] saw [{}]",
                        check.name,
                        text(&check.expected),
                        text(&check.seen)
                    )
                });
                bad.push(format!("{} {:?} {:?} {:?}", run.key, run.outcome, told, attempt.broken));
            }
            if run.attempts.is_empty() {
                bad.push(format!("{} {:?}", run.key, run.outcome));
            }
        }
    }
    bad
}
