//! What was played, judged as it is and with buyers' data replaced.

use std::sync::Arc;

use assay::suite::Suite;
use assay::verdict::{Counts, Judge, Results};
use evidence::{Record, Redaction};

use crate::stand::Came;

/// What of a verdict must not change: every check of every attempt, and what was found beside it.
/// Values are quoted as they stand in the record, so the words may differ.
fn told(results: &Results) -> Vec<String> {
    let counts = Counts { redacted: 0, ..results.counts };
    let mut told = vec![format!("{:?} {counts:?}", results.verdict)];
    for run in results.cases.iter().flat_map(|case| &case.runs) {
        for attempt in &run.attempts {
            let (key, outcome, blamed) = (&run.key, attempt.outcome, attempt.blamed);
            told.push(format!("{key} {outcome:?} {blamed:?} {:?}", attempt.shows));
            for check in &attempt.checks {
                let sentence = check.expected.as_ref().map(|it| &it.says);
                let notes: Vec<_> = check.notes.iter().map(|note| &note.says).collect();
                let (name, state, lines) = (&check.name, check.state, &check.lines);
                told.push(format!("{key} {name} {state:?} {sentence:?} {notes:?} {lines:?}"));
            }
        }
    }
    told
}

/// Judges what was played as it came and as it would have been recorded of real buyers, and answers in
/// how many messages something was replaced.
pub(crate) fn same(suite: &Arc<Suite>, came: &Came) -> usize {
    let redaction = Redaction::drawn();
    let mut cases = came.record.cases.clone();
    for case in &mut cases {
        case.entries = redaction.of_entries(&case.entries);
    }
    let entries = cases.iter().flat_map(|case| &case.entries);
    let messages = entries.filter_map(|entry| entry.event.message());
    let replaced = messages.filter(|message| {
        let bytes = message.bytes.as_ref();
        let fits = message.redacted.as_ref().map(|mark| bytes.is_some_and(|it| mark.is_of(it)));
        assert_ne!(fits, Some(false), "{message:?}");
        // What is not marked has nothing of a buyer's.
        assert!(fits.is_some() || bytes.is_none_or(|it| !it.has_buyers_data()), "{message:?}");
        fits.is_some()
    });
    let replaced = replaced.count();
    let header = came.record.header.clone();
    let record = Record { header, cases, head: String::new() };
    let redacted = Judge::new(suite.clone()).results(&record);
    let (plain, redacted) = (told(&came.results), told(&redacted));
    let both = plain.iter().zip(&redacted).filter(|(plain, redacted)| plain != redacted);
    assert_eq!(both.collect::<Vec<_>>(), []);
    assert_eq!(plain.len(), redacted.len());
    replaced
}
