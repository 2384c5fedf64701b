//! What a case of stage `any` rests on: nothing that only a gateway does which is told to.

mod stand;

use std::collections::BTreeSet;

use evidence::Event;

/// What makes a gateway do what it would not do by itself, as the record calls it.
const TO_ORDER: [&str; 4] = ["answer-on-demand", "refund-pace", "expiry", "reports-cut"];

#[test]
fn no_run_of_stage_any_rests_on_a_gateway_that_is_told_what_to_do() {
    let suite = stand::suite();
    let anywhere: Vec<_> = stand::everything(&suite)
        .into_iter()
        .filter(|planned| !planned.is_embedded_only())
        .collect();
    let count = anywhere.len();
    let came = stand::play(&suite, anywhere, stand::backstage(), 32);
    let mut told = BTreeSet::new();
    for case in &came.record.cases {
        for entry in &case.entries {
            // A notice to order is signed with the gateway's key.
            let (Event::Arranged { what, .. } | Event::Did { what, .. }) = &entry.event else {
                continue;
            };
            if TO_ORDER.contains(&what.as_str()) {
                told.insert(format!("{}: {what}", case.key));
            }
        }
    }
    assert!(count > 200, "{count} runs");
    assert_eq!(told, BTreeSet::new());
}
