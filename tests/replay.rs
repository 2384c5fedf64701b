//! Replay: the record read back is all that a verdict rests on.

mod redacting;
mod stand;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use assay::suite::Suite;
use assay::verdict::Judge;
use cucumber::gherkin::StepType;
use evidence::{Blob, CaseRecord, Event, Leg, Message, Record, SideKey, Way};
use steps::Seen;

/// The suite, and all of it played.
static PLAYED: LazyLock<(Arc<Suite>, stand::Came)> = LazyLock::new(|| {
    let suite = stand::suite();
    let came = stand::play(&suite, stand::everything(&suite), stand::backstage(), 32);
    (suite, came)
});

/// How many messages of the gateway's stand in a record in which state, each checked again.
fn check_again(key: &SideKey, record: &CaseRecord, counts: &mut BTreeMap<String, usize>) {
    let mut bytes: BTreeMap<u32, Blob> = BTreeMap::new();
    let mut calls: BTreeMap<u32, Blob> = BTreeMap::new();
    for entry in &record.entries {
        let Event::Message(message) = &entry.event else { continue };
        let Message { exchange, way, leg, verified, .. } = **message;
        // A leg without bytes has those of the leg before.
        if let Some(blob) = &message.bytes {
            bytes.insert(exchange, blob.clone());
        }
        let blob = &bytes[&exchange];
        if matches!(leg, Leg::CallSent | Leg::CallReceived) {
            calls.insert(exchange, blob.clone());
        }
        let by_gateway = match leg {
            Leg::CallSent | Leg::CallReceived => way == Way::Notice,
            Leg::AnswerSent | Leg::AnswerReceived => way == Way::Call,
        };
        if by_gateway {
            let state = match leg {
                Leg::CallSent | Leg::CallReceived => key.call(way, blob),
                Leg::AnswerSent | Leg::AnswerReceived => key.answer(way, &calls[&exchange], blob),
            };
            assert_eq!(verified, Some(state), "{} line {}", record.key, entry.line);
            *counts.entry(format!("{state:?}")).or_default() += 1;
        }
    }
}

#[test]
fn the_record_read_back_gives_the_same_verdict() {
    let (suite, came) = &*PLAYED;
    let again = |()| Judge::new(suite.clone()).results(&Record::read(&came.bytes).unwrap());
    let (first, second) = (again(()).to_json(), again(()).to_json());
    assert_eq!(first, second);
    assert_eq!(first, came.results.to_json());

    let runs = came.results.cases.iter().flat_map(|case| &case.runs);
    let runs = runs.filter(|run| !run.attempts.is_empty());
    let judged: BTreeMap<_, _> = runs.map(|run| (run.key.clone(), run.attempts.clone())).collect();
    assert_eq!(judged.len(), came.played.attempts.len());
    for (key, live) in &came.played.attempts {
        assert_eq!(&judged[key], live, "{key}");
    }

    // Nothing in it is claimed for the runner, and nothing is dated otherwise than signed.
    for record in &came.record.cases {
        let planned = suite.planned(&record.key).unwrap();
        let acting = planned.steps().iter().filter(|step| step.ty != StepType::Then);
        let sentences: Vec<&str> = acting.map(|step| step.value.as_str()).collect();
        let seen = Seen::new(record);
        assert_eq!(seen.claimed_for_the_runner(&sentences), None, "{}", record.key);
        assert_eq!(seen.misdated(), None, "{}", record.key);
        assert!(!seen.clocks_part(), "{}", record.key);
    }

    let mut counts = BTreeMap::new();
    for record in &came.record.cases {
        let planned = suite.planned(&record.key).unwrap();
        check_again(&stand::contracts::side_of_gateway(&planned.case), record, &mut counts);
    }
    // Most are genuine; some cases plant unsigned, cut and altered ones.
    assert!(counts["Valid"] > 2_000, "{counts:?}");
    assert!(counts["Wrong"] > 20 && counts["Unsigned"] > 20, "{counts:?}");
}

#[test]
fn every_check_of_every_case_comes_out_the_same_where_buyers_data_is_replaced() {
    let (suite, came) = &*PLAYED;
    let replaced = redacting::same(suite, came);
    assert!(replaced > 1_000, "{replaced}");
}
