//! A merchant that no notification reaches: what it can be tested by without any, and what not.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod outside_stand;
mod ports;
mod stand;

use std::collections::BTreeSet;
use std::fs;

use assay::verdict::Outcome;
use evidence::Way;
use outside_stand::{Stand, said};

/// What is played without notifications misses none: who follows the rules passes all of it.
#[test]
fn no_run_that_is_played_without_notices_misses_one() {
    let suite = stand::suite();
    let first = |row: Option<u32>| row.is_none_or(|row| row == 1);
    let runs = stand::everything(&suite).into_iter().filter(|run| first(run.row));
    let (unheard, rest): (Vec<_>, Vec<_>) = runs.partition(|run| !run.needs_notice());
    assert!(unheard.len() > 80 && rest.len() > 80, "{} {}", unheard.len(), rest.len());
    let mut backstage = stand::backstage();
    backstage.without_notices = true;
    let came = stand::play(&suite, unheard, backstage, 16);
    let attempts = came.results.cases.iter().flat_map(|case| &case.runs);
    let played: Vec<_> = attempts.filter(|run| !run.attempts.is_empty()).collect();
    let fell: BTreeSet<String> = played
        .iter()
        .filter(|run| run.outcome != Outcome::Passed)
        .map(|run| format!("{} {}", run.key, run.outcome.name()))
        .collect();
    assert!(played.len() > 80, "{}", played.len());
    assert_eq!(fell, BTreeSet::new());
    let entries = came.record.cases.iter().flat_map(|case| &case.entries);
    let notices = entries
        .filter(|entry| entry.event.message().is_some_and(|message| message.way == Way::Notice));
    assert_eq!(notices.count(), 0);
}

#[test]
fn a_merchant_without_an_address_is_tested_by_what_needs_none() {
    let stand = Stand::open();
    let profile = fs::read_to_string(stand.path("assay.yaml")).unwrap();
    let lines = profile.lines().filter(|line| !line.contains("notify_url"));
    let without: Vec<&str> = lines.collect();
    fs::write(stand.path("assay.yaml"), without.join("\n") + "\n").unwrap();
    let run = stand.run(&["AMS-PAY-002#1", "AMS-PAY-091", "--gate", "selection"]);
    let told = said(&run);
    assert_eq!(run.status.code(), Some(2), "{told}");
    assert!(told.contains("cases that need a notification are skipped"), "{told}");
    assert!(told.contains("passed AMS-PAY-002#1"), "{told}");
    assert!(told.contains("AMS-PAY-091 is skipped: it needs a notification"), "{told}");
    let verify = stand.verify();
    assert_eq!(verify.status.code(), Some(2), "{}", said(&verify));
    assert!(!said(&verify).contains('✗'), "{}", said(&verify));
}
