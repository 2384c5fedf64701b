//! What the judge makes of a day at a gateway that nobody has to themselves: rows and differences about
//! other sales are noted there and judged nowhere, and what is the scenario's own is judged as strictly
//! as on the embedded sandbox, where there are no others.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod judging;
mod stand;

use std::collections::BTreeSet;

use assay::suite::Planned;
use assay::verdict::{AttemptResult, CheckState, Judge, Outcome};
use evidence::words::{NOTE_OTHER_DIFFERENCES, NOTE_OTHER_RATE, NOTE_OTHER_ROWS, Sentence};
use evidence::{
    CaseRecord, Difference, DifferenceKind, Entry, Event, ReconciliationState, ReconciliationView,
};
use judging::{Ground, rewrite_files};
use serde_json::{Value, json};

/// Makes the record one of a gateway that answers no control API.
fn elsewhere(entries: &mut Vec<Entry>) {
    let there =
        |event: &Event| !matches!(event, Event::Wallet(_)) && event.arranged("review").is_none();
    entries.retain(|entry| there(&entry.event));
    for entry in entries {
        if let Event::Arranged { what, facts } = &mut entry.event
            && what == "contract"
        {
            facts.insert("embedded".into(), json!(false));
            facts.insert("without_control".into(), json!(true));
        }
    }
}

/// A file with one more row: its first, under ids of another sale.
fn with_another_sale(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let columns: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let mut cells: Vec<String> = lines[1].split(',').map(str::to_owned).collect();
    for (column, id) in [("transactionRequestId", "another-1"), ("transactionId", "202601059999")] {
        let place = columns.iter().position(|known| *known == column).unwrap();
        id.clone_into(&mut cells[place]);
    }
    lines.insert(1, cells.join(","));
    lines.join("\n") + "\n"
}

/// Rewrites what the merchant told last.
fn retell(entries: &mut [Entry], how: impl Fn(&mut ReconciliationView)) {
    let told = entries.iter_mut().rev().find_map(|entry| {
        let Event::Reconciliation { view } = &mut entry.event else { return None };
        Some(view)
    });
    how(told.unwrap());
}

fn difference(kind: DifferenceKind, id: &str) -> Difference {
    let (ours, theirs) = (Some("USD 1.00".to_owned()), None);
    Difference { kind, file: None, line: None, column: None, id: Some(id.into()), ours, theirs }
}

fn state(result: &AttemptResult, name: &str) -> CheckState {
    result.checks.iter().find(|check| check.name == name).unwrap().state
}

fn notes(result: &AttemptResult, sentence: &Sentence) -> usize {
    let notes = result.checks.iter().flat_map(|check| &check.notes);
    notes.filter(|note| note.says == sentence.key).count()
}

/// Everything that waits for a day or for a review is judged there as it is here.
#[test]
fn what_waits_passes_there_by_the_gateways_own_word() {
    let suite = stand::suite();
    let waits =
        |run: &Planned| run.runs_anywhere() && (run.waits_for_a_day() || run.waits_for_a_review());
    let runs: Vec<_> = stand::everything(&suite).into_iter().filter(waits).collect();
    let count = runs.len();
    let came = stand::play(&suite, runs, stand::backstage(), 16);
    assert_eq!(came.played.bugs, Vec::<String>::new());
    let judge = Judge::new(suite.clone());
    let mut open = BTreeSet::new();
    for case in &came.record.cases {
        let mut entries = case.entries.clone();
        elsewhere(&mut entries);
        for (line, entry) in (0..).zip(&mut entries) {
            entry.line = line;
        }
        let record = CaseRecord { entries, ..case.clone() };
        let result = judge.attempt(&suite.planned(&case.key).unwrap(), &record);
        if result.outcome != Outcome::Passed {
            let failed = result.checks.iter().filter(|check| check.state != CheckState::Held);
            let failed: Vec<_> = failed.map(|it| (&it.name, it.seen.clone())).collect();
            open.insert(format!("{} {:?} {failed:?}", case.key, result.outcome));
        }
    }
    assert_eq!(open, BTreeSet::new());
    assert!(count > 90, "{count} runs");
}

#[test]
fn a_row_about_another_sale_is_noted_there_and_is_a_fault_here() {
    let ground = Ground::of("AMS-REC-001/user-presented");
    let another = |entries: &mut Vec<Entry>| {
        rewrite_files(entries, "transactionItems_USD", with_another_sale);
        retell(entries, |view| view.matched += 1);
    };
    let here = ground.result(another);
    assert_eq!(state(&here, "2"), CheckState::Failed);
    let there = ground.result(|entries| {
        another(entries);
        elsewhere(entries);
    });
    assert_eq!(there.outcome, Outcome::Passed, "{:?}", there.checks);
    assert!(notes(&there, &NOTE_OTHER_ROWS) > 0);
    // Every row counts, whoever's it is.
    let uncounted = ground.result(|entries| {
        rewrite_files(entries, "transactionItems_USD", with_another_sale);
        elsewhere(entries);
    });
    assert_eq!(state(&uncounted, "4"), CheckState::Failed);
}

#[test]
fn a_row_of_the_scenario_that_is_missing_or_too_many_is_a_fault_everywhere() {
    let ground = Ground::of("AMS-REC-001/user-presented");
    let without_first = |text: &str| {
        let lines: Vec<&str> = text.lines().collect();
        [&lines[..1], &lines[2..]].concat().join("\n") + "\n"
    };
    let twice = |text: &str| {
        let lines: Vec<&str> = text.lines().collect();
        [&lines[..2], &lines[1..]].concat().join("\n") + "\n"
    };
    for how in [&without_first as &dyn Fn(&str) -> String, &twice] {
        let result = ground.result(|entries| {
            rewrite_files(entries, "transactionItems_JPY", how);
            elsewhere(entries);
        });
        assert_eq!(state(&result, "2"), CheckState::Failed);
        assert_eq!(result.outcome, Outcome::Failed);
    }
}

/// A clean day, and one that the runner altered: what the merchant tells besides about another sale
/// is noted there alone, and what it tells about the scenario's own is judged.
#[test]
fn a_difference_about_another_sale_is_noted_there_and_is_a_fault_here() {
    for (key, check, before) in
        [("AMS-REC-001/user-presented", "4", 0), ("AMS-REC-010/user-presented", "1", 1)]
    {
        let ground = Ground::of(key);
        let tells = |kind: DifferenceKind, id: &str| {
            let told = difference(kind, id);
            move |entries: &mut Vec<Entry>| {
                retell(entries, |view| {
                    assert_eq!(view.differences.len(), before);
                    view.differences.push(told.clone());
                    view.state = ReconciliationState::Differences;
                });
            }
        };
        let there = |edit: &dyn Fn(&mut Vec<Entry>)| {
            ground.result(|entries| {
                edit(entries);
                elsewhere(entries);
            })
        };
        let missing = tells(DifferenceKind::Missing, "another-1");
        assert_eq!(state(&ground.result(&missing), check), CheckState::Failed, "{key}");
        let noted = there(&missing);
        assert_eq!(noted.outcome, Outcome::Passed, "{key} {:?}", noted.checks);
        assert!(notes(&noted, &NOTE_OTHER_DIFFERENCES) > 0, "{key}");
        // Of an id of the scenario's own, of none, or of the files as a whole it is no note.
        let own = own_id(&ground.record.entries);
        let nameless = |entries: &mut Vec<Entry>| {
            missing(entries);
            retell(entries, |view| view.differences[before].id = None);
        };
        for edit in [
            &tells(DifferenceKind::Missing, &own) as &dyn Fn(&mut Vec<Entry>),
            &tells(DifferenceKind::Form, "another-1"),
            &nameless,
        ] {
            assert_eq!(state(&there(edit), check), CheckState::Failed, "{key}");
        }
        // More rows than the day has cannot agree, and none may be left out of the list.
        let boasts = |entries: &mut Vec<Entry>| {
            missing(entries);
            retell(entries, |view| view.matched += 1);
        };
        assert_eq!(state(&there(&boasts), check), CheckState::Failed, "{key}");
        let shortens = |entries: &mut Vec<Entry>| {
            missing(entries);
            retell(entries, |view| view.differences_left_out = 1);
        };
        assert_eq!(state(&there(&shortens), check), CheckState::NotJudged, "{key}");
        // A day that is called clean although it is not.
        let clean = |entries: &mut Vec<Entry>| {
            missing(entries);
            retell(entries, |view| view.state = ReconciliationState::Clean);
        };
        assert_eq!(state(&there(&clean), check), CheckState::Failed, "{key}");
    }
}

/// The merchant's id of a payment of the scenario, as the files have it.
fn own_id(entries: &[Entry]) -> String {
    let text = entries.iter().find_map(|entry| {
        let Event::Did { what, facts } = &entry.event else { return None };
        let text = facts.get("text").filter(|_| what == "gateway-files");
        text.and_then(Value::as_str).filter(|text| text.lines().count() > 2)
    });
    let text = text.unwrap();
    let place = text.lines().next().unwrap().split(',');
    let place = place.clone().position(|column| column == "transactionRequestId").unwrap();
    text.lines().nth(1).unwrap().split(',').nth(place).unwrap().to_owned()
}

/// What another gateway pays out has its own rates and fees, and still has to add up.
#[test]
fn the_published_sample_is_our_own_gateways() {
    let ground = Ground::of("AMS-REC-020/user-presented#1");
    let shift = |text: &str| text.replace("14.50", "14.40").replace("0.50", "0.60");
    let edit = |entries: &mut Vec<Entry>| rewrite_files(entries, "settlementItems", shift);
    let mut same = ground.record.entries.clone();
    edit(&mut same);
    assert_ne!(same, ground.record.entries);
    assert_eq!(state(&ground.result(edit), "1"), CheckState::Failed);
    let there = ground.result(|entries| {
        edit(entries);
        elsewhere(entries);
    });
    assert_eq!(state(&there, "1"), CheckState::Held, "{:?}", there.checks);
    assert!(notes(&there, &NOTE_OTHER_RATE) > 0);
    let off = ground.result(|entries| {
        rewrite_files(entries, "settlementItems", |text| text.replace("14.50", "14.40"));
        elsewhere(entries);
    });
    assert_eq!(state(&off, "1"), CheckState::Failed);
}

/// A day at a gateway that says nothing was paid proves nothing.
#[test]
fn where_the_gateway_calls_nothing_paid_nothing_is_reconciled() {
    let ground = Ground::of("AMS-REC-010/user-presented");
    let result = ground.result(|entries| {
        elsewhere(entries);
        for entry in entries {
            if let Event::Message(message) = &mut entry.event
                && message.verified.is_some()
            {
                message.verified = Some(protocol::ams::Verified::Wrong);
            }
        }
    });
    assert_ne!(state(&result, "1"), CheckState::Held);
    assert_ne!(result.outcome, Outcome::Passed);
}
