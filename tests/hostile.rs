//! A gateway that gives no answer, no JSON or no signature fails the case, with the gateway at
//! fault, and never the program.

mod stand;

use assay::verdict::{AttemptResult, Judge, Outcome};
use evidence::{CaseRecord, Event, Leg, Message, Party, Way};
use protocol::ams::Verified;

/// The first answer of the gateway, as the record holds it.
fn first_answer(record: &mut CaseRecord) -> Option<&mut Message> {
    record.entries.iter_mut().find_map(|entry| {
        let Event::Message(message) = &mut entry.event else { return None };
        let is_it = message.way == Way::Call && message.leg == Leg::AnswerSent;
        is_it.then_some(&mut **message)
    })
}

fn judged(edit: impl Fn(&mut CaseRecord)) -> AttemptResult {
    let suite = stand::suite();
    let mut planned = stand::everything(&suite);
    planned.retain(|planned| planned.key.to_string() == "AMS-PAY-001");
    let came = stand::play(&suite, planned.clone(), stand::backstage(), 1);
    let mut record = came.record.cases[0].clone();
    edit(&mut record);
    Judge::new(suite).attempt(&planned[0], &record)
}

fn blames_gateway(result: &AttemptResult, check: &str) {
    assert_eq!(result.outcome, Outcome::Failed);
    assert_eq!(result.first_failed().map(|check| check.name.as_str()), Some(check));
    assert_eq!(result.blamed, Some(Party::Gateway));
}

#[test]
fn no_answer_is_the_gateways_fault() {
    let result = judged(|record| {
        let gone = first_answer(record).unwrap().exchange;
        record.entries.retain(|entry| {
            let Event::Message(message) = &entry.event else { return true };
            let call = matches!(message.leg, Leg::CallSent | Leg::CallReceived);
            message.exchange != gone || call
        });
    });
    blames_gateway(&result, "S2");
}

#[test]
fn no_json_and_no_signature_is_the_gateways_fault() {
    let result = judged(|record| {
        let message = first_answer(record).unwrap();
        message.verified = Some(Verified::Unsigned);
        let bytes = message.bytes.as_mut().unwrap();
        bytes.body = b"<html>busy</html>".to_vec();
        bytes.head = b"HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n".to_vec();
    });
    blames_gateway(&result, "S2");
}

#[test]
fn a_signed_body_that_is_no_json_is_the_gateways_fault() {
    let result = judged(|record| {
        let message = first_answer(record).unwrap();
        message.bytes.as_mut().unwrap().body = b"[1,".to_vec();
    });
    assert_eq!(result.outcome, Outcome::Failed);
    assert_eq!(result.blamed, Some(Party::Gateway));
}

#[test]
fn a_wrong_signature_is_the_gateways_fault() {
    let result = judged(|record| first_answer(record).unwrap().verified = Some(Verified::Wrong));
    blames_gateway(&result, "S2");
}
