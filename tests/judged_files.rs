//! What the judge makes of report files that the gateway wrote wrongly, and of files in which nothing
//! could be altered: the merchant is not held to what it was never given.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod judging;
mod stand;

use assay::verdict::{CheckState, Outcome};
use evidence::{Entry, Event, Party};
use judging::{Ground, rewrite_files};
use serde_json::json;

/// A file without its rows.
fn emptied(text: &str) -> String {
    format!("{}\n<END>\n", text.lines().next().unwrap_or_default())
}

/// The states of some checks of an edited record, and who is blamed.
fn states(
    ground: &Ground,
    checks: &[&str],
    edit: impl FnOnce(&mut Vec<Entry>),
) -> (Vec<CheckState>, Option<Party>) {
    let result = ground.result(edit);
    let known = result.checks.iter().filter(|check| checks.contains(&check.name.as_str()));
    (known.map(|check| check.state).collect(), result.blamed)
}

#[test]
fn a_merchant_is_not_blamed_for_a_file_that_the_gateway_wrote_wrongly() {
    for (key, name) in [
        ("AMS-REC-010/user-presented", "transactionItems_USD"),
        ("AMS-REC-005/user-presented#1", "transactionItems_KRW"),
        ("AMS-REC-006/user-presented#1", "transactionItems_KRW"),
    ] {
        let ground = Ground::of(key);
        let (states, blamed) =
            states(&ground, &["1"], |entries| rewrite_files(entries, name, emptied));
        assert_eq!(states, [CheckState::NotJudged], "{key}");
        assert_ne!(blamed, Some(Party::Merchant), "{key}");
    }
}

#[test]
fn settlement_files_that_the_gateway_wrote_wrongly_are_the_gateways_fault_alone() {
    for key in ["AMS-REC-020/user-presented#4", "AMS-REC-030/user-presented#2"] {
        let ground = Ground::of(key);
        let (states, blamed) = states(&ground, &["1", "2", "3"], |entries| {
            rewrite_files(entries, "settlementItems", emptied);
        });
        let wanted = [CheckState::Failed, CheckState::NotJudged, CheckState::NotJudged];
        assert_eq!(states, wanted, "{key}");
        assert_eq!(blamed, Some(Party::Gateway), "{key}");
    }
}

#[test]
fn where_nothing_could_be_altered_nothing_is_judged() {
    for (key, alteration, judged) in [
        // There is no order in yen to alter, and no file of settlement items has a row of TOTAL.
        ("AMS-REC-010/user-presented", "has a yen amount off by 1", vec!["1"]),
        ("AMS-REC-006/user-presented#1", "has a yen amount off by 1", vec!["1", "2"]),
        ("AMS-REC-020/user-presented#2", "has a total off by 0.01", vec!["2", "3"]),
        ("AMS-REC-030/user-presented#2", "has a fee off by 0.01", vec!["2", "3"]),
    ] {
        let ground = Ground::of(key);
        let (states, _) = states(&ground, &judged, |entries| {
            for entry in entries {
                if let Event::Arranged { what, facts } = &mut entry.event
                    && what == "report-alteration"
                {
                    facts["alteration"] = json!(alteration);
                }
            }
        });
        assert!(states.iter().all(|state| *state == CheckState::NotJudged), "{key}: {states:?}");
    }
}

#[test]
fn where_nothing_was_paid_nothing_is_reconciled() {
    for key in ["AMS-REC-001/user-presented", "LEG-REC-011/barcode"] {
        let ground = Ground::of(key);
        let result = ground.result(|entries| {
            for entry in entries {
                if let Event::Wallet(statement) = &mut entry.event {
                    statement.debits.clear();
                }
            }
        });
        let own = |name: &str| !name.starts_with('S');
        let numbered: Vec<_> = result.checks.iter().filter(|check| own(&check.name)).collect();
        assert!(numbered.len() > 2, "{key}");
        for check in numbered {
            assert_ne!(check.state, CheckState::Held, "{key} {}", check.name);
        }
        assert_ne!(result.outcome, Outcome::Passed, "{key}");
    }
}
