//! The mandatory suite on healthy ground: everything passes.

mod stand;

use assay::verdict::{Outcome, Verdict};

#[test]
fn the_reference_merchant_passes_everything() {
    let suite = stand::suite();
    let planned = stand::everything(&suite);
    let came = stand::play(&suite, planned, stand::backstage(), 32);
    assert_eq!(came.played.bugs, Vec::<String>::new());
    let mut bad = vec![];
    let testers: Vec<_> = suite.catalogue().cases.iter().filter(|case| case.tester).collect();
    let (open, played): (Vec<_>, Vec<_>) =
        came.results.cases.iter().partition(|case| testers.iter().any(|t| t.id == case.id));
    // What needs a tester is never passed without one, and says so.
    assert_eq!(open.len(), testers.len());
    for case in open {
        assert_eq!(case.outcome, Outcome::Skipped, "{}", case.id);
        assert!(case.reason.is_some() && case.runs.iter().all(|run| run.attempts.is_empty()));
    }
    for case in played.into_iter().filter(|case| case.outcome != Outcome::Passed) {
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
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert_eq!(came.results.verdict, Verdict::Acceptable);
}
