//! What the checks of delivery make of reports that lie elsewhere, and of merchants that do not wait
//! for them.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod judging;
mod stand;

use assay::verdict::{CheckState, Outcome};
use evidence::{Entry, Event, Party, ReconciliationState, ReconciliationView};
use judging::Ground;
use serde_json::Value;

const HOUR: i64 = 3_600_000;

/// The places of the merchant's answers.
fn answers(entries: &[Entry]) -> Vec<usize> {
    let told = |entry: &Entry| matches!(entry.event, Event::Reconciliation { .. });
    (0..entries.len()).filter(|place| told(&entries[*place])).collect()
}

fn view(entry: &mut Entry) -> &mut ReconciliationView {
    let Event::Reconciliation { view } = &mut entry.event else { unreachable!("no answer") };
    view
}

/// The place of something that was done, the last of its name.
fn did(entries: &[Entry], name: &str) -> usize {
    let named = |entry: &Entry| matches!(&entry.event, Event::Did { what, .. } if what == name);
    entries.iter().rposition(named).unwrap()
}

/// The first file that the gateway wrote, told under another path.
fn lies_at(ground: &Ground, from: &str, to: &str) -> Vec<String> {
    ground.judged(|entries| {
        for entry in entries {
            let Event::Did { what, facts } = &mut entry.event else { continue };
            if let (true, Some(Value::String(path))) =
                (what == "gateway-files", facts.get_mut("path"))
            {
                *path = path.replace(from, to);
            }
        }
    })
}

fn fails(failed: &[String], check: &str) -> bool {
    failed.iter().any(|name| name == check)
}

#[test]
fn a_report_lies_under_its_customer_and_day_and_is_named_as_the_product_has_it() {
    let till = Ground::of("AMS-REC-040/user-presented#1");
    let shop = Ground::of("AMS-REC-040/cashier#1");
    assert!(!fails(&lies_at(&till, "/v1/", "/v1/"), "1"));
    for (ground, from, to) in [
        (&till, "/settlements/", "/settlements/9"),
        (&till, "/20260105/transaction", "/20260106/transaction"),
        (&till, "transactionItems_KRW_", "transactionItems_20260105_"),
        (&till, "transactionItems_KRW_", "transactions_KRW_"),
        (&shop, "transactionItems_20260105_", "transactionItems_KRW_"),
        (&shop, "transactionItems_20260105_", "transactionItems_20260104_"),
    ] {
        assert!(fails(&lies_at(ground, from, to), "1"), "{to}");
    }
}

#[test]
fn a_verdict_before_the_report_is_whole_fails_whatever_the_verdict() {
    for key in ["AMS-REC-040/order-code#2", "AMS-REC-040/order-code#3"] {
        let ground = Ground::of(key);
        for state in [ReconciliationState::Clean, ReconciliationState::Differences] {
            let hasty = |entries: &mut Vec<Entry>| {
                let first = answers(entries)[0];
                view(&mut entries[first]).state = state;
            };
            assert!(fails(&ground.judged(hasty), "2"), "{key}");
            // It stands for good: that the attempt broke off later takes nothing back.
            let broken = ground.result(|entries| {
                hasty(entries);
                let (at, line) = (entries.last().unwrap().at, entries.len() - 1);
                let event = Event::Broken { by: Party::Environment, why: "dropped".into() };
                entries.insert(line, Entry { line: 0, at, event });
            });
            assert_eq!((broken.outcome, broken.blamed), (Outcome::Failed, Some(Party::Merchant)));
        }
    }
}

#[test]
fn a_verdict_has_three_days_from_when_the_report_is_whole() {
    for key in ["AMS-REC-040/order-code#1", "AMS-REC-040/order-code#2", "AMS-REC-040/order-code#3"]
    {
        let ground = Ground::of(key);
        for (hours, fails_it) in [(48, false), (73, true)] {
            let failed = ground.judged(|entries| {
                let (last, whole) = (*answers(entries).last().unwrap(), did(entries, "delivered"));
                let by = entries[whole].at + hours * HOUR - entries[last].at;
                entries[last..].iter_mut().for_each(|entry| entry.at += by);
            });
            assert_eq!(fails(&failed, "2"), fails_it, "{key} after {hours} h: {failed:?}");
        }
        let never = ground.judged(|entries| {
            let last = *answers(entries).last().unwrap();
            entries.remove(last);
        });
        assert!(fails(&never, "2"), "{key}");
    }
}

#[test]
fn who_never_read_the_unfinished_report_is_not_judged() {
    let ground = Ground::of("AMS-REC-040/order-code#3");
    let result = ground.result(|entries| {
        let first = answers(entries)[0];
        view(&mut entries[first]).files.clear();
    });
    let second = result.checks.iter().find(|check| check.name == "2").unwrap();
    assert_eq!(second.state, CheckState::NotJudged);
    assert_ne!(result.outcome, Outcome::Passed);
}
