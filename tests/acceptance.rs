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
    for case in came.results.cases.iter().filter(|case| case.outcome != Outcome::Passed) {
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
