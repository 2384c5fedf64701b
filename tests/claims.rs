//! Messages that are told as the runner's own: nobody answers for them, so a record cannot claim
//! one that the scenario does not send.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod stand;

use evidence::{CaseRecord, Entry, Event, Leg, Message, Way};
use serde_json::json;
use steps::Seen;

/// A healthy record of a run.
fn played(key: &str) -> CaseRecord {
    let suite = stand::suite();
    let planned = suite.planned(&key.parse().unwrap()).unwrap();
    let came = stand::play(&suite, vec![planned], stand::backstage(), 1);
    came.record.cases.into_iter().next().unwrap()
}

/// The line of the first message that the record claims wrongly.
fn claimed(record: &CaseRecord) -> Option<u32> {
    let planned = stand::suite().planned(&record.key).unwrap();
    let sentences: Vec<&str> = planned.steps().iter().map(|step| step.value.as_str()).collect();
    Seen::new(record).claimed_for_the_runner(&sentences)
}

fn messages(record: &mut CaseRecord) -> impl Iterator<Item = &mut Message> {
    record.entries.iter_mut().filter_map(|entry| {
        let Event::Message(message) = &mut entry.event else { return None };
        Some(&mut **message)
    })
}

/// The exchanges of one API, as the caller sent them.
fn calls(record: &mut CaseRecord, api: &str, own: bool) -> Vec<u32> {
    let wanted = format!("/{api} HTTP");
    let calls = messages(record).filter(|message| {
        let head = message.bytes.as_ref().map(|bytes| String::from_utf8_lossy(&bytes.head));
        let named = head.is_some_and(|head| head.contains(&wanted));
        named && message.leg == Leg::CallSent && message.own == own
    });
    calls.map(|message| message.exchange).collect()
}

/// Puts an announcement before an exchange.
fn announce(record: &mut CaseRecord, exchange: u32, errand: &str) {
    let first = record.entries.iter().position(
        |entry| matches!(&entry.event, Event::Message(message) if message.exchange == exchange),
    );
    let first = first.unwrap();
    let facts = json!({ "exchange": exchange, "errand": errand }).as_object().unwrap().clone();
    let event = Event::Did { what: "runner-sends".into(), facts };
    let at = record.entries[first].at;
    record.entries.insert(first, Entry { line: 0, at, event });
    renumber(record);
}

fn renumber(record: &mut CaseRecord) {
    for (line, entry) in (0..).zip(&mut record.entries) {
        entry.line = line;
    }
}

fn mark_own(record: &mut CaseRecord, exchange: u32) {
    messages(record).filter(|m| m.exchange == exchange).for_each(|message| message.own = true);
}

/// Tells a message as one that the witness handed over.
fn mark_handed(record: &mut CaseRecord, exchange: u32) {
    let sent = messages(record).find(|message| message.exchange == exchange).unwrap();
    let bytes = sent.bytes.take();
    record.entries.retain(|entry| {
        !matches!(&entry.event, Event::Message(message)
            if message.exchange == exchange && message.leg == Leg::CallSent)
    });
    let received = messages(record).find(|message| message.exchange == exchange).unwrap();
    received.bytes = bytes;
    renumber(record);
}

#[test]
fn a_call_of_the_merchant_is_not_claimed_for_the_runner() {
    let healthy = played("AMS-PAY-004");
    assert_eq!(claimed(&healthy), None);
    let polls = calls(&mut healthy.clone(), "inquiryPayment", false);
    let own = calls(&mut healthy.clone(), "inquiryPayment", true);
    for errand in [None, Some("closing-look"), Some("after-notice"), Some("old-id"), Some("x")] {
        let mut record = healthy.clone();
        mark_own(&mut record, polls[2]);
        if let Some(errand) = errand {
            announce(&mut record, polls[2], errand);
        }
        assert!(claimed(&record).is_some(), "{errand:?}");
    }
    for errand in [None, Some("retransmitted")] {
        let mut record = healthy.clone();
        mark_handed(&mut record, polls[2]);
        if let Some(errand) = errand {
            announce(&mut record, polls[2], errand);
        }
        assert!(claimed(&record).is_some(), "{errand:?}");
    }
    // The runner's own call, announced to nobody or twice.
    let mut silent = healthy.clone();
    silent
        .entries
        .retain(|entry| !matches!(&entry.event, Event::Did { what, .. } if what == "runner-sends"));
    renumber(&mut silent);
    assert!(claimed(&silent).is_some());
    let mut twice = healthy.clone();
    announce(&mut twice, own[0], "closing-look");
    assert!(claimed(&twice).is_some());
}

#[test]
fn a_notice_is_not_told_as_one_on_demand() {
    let mut record = played("AMS-PAY-090/user-presented");
    let notice = messages(&mut record).find(|message| message.way == Way::Notice).unwrap();
    let body = String::from_utf8(notice.bytes.clone().unwrap().body).unwrap();
    let facts = json!({ "body": body }).as_object().unwrap().clone();
    let event = Event::Did { what: "gateway-sends-notice".into(), facts };
    record.entries.insert(1, Entry { line: 0, at: record.entries[0].at, event });
    renumber(&mut record);
    assert_eq!(claimed(&record), Some(1));
}

#[test]
fn an_own_pay_uses_an_id_of_the_merchant() {
    let mut record = played("AMS-PAY-081/user-presented#1");
    assert_eq!(claimed(&record), None);
    let own = calls(&mut record, "pay", true)[0];
    let sent = messages(&mut record).find(|message| message.exchange == own).unwrap();
    let body = &mut sent.bytes.as_mut().unwrap().body;
    let text = String::from_utf8(body.clone()).unwrap();
    *body = text.replace("\"paymentRequestId\":\"", "\"paymentRequestId\":\"x").into_bytes();
    assert!(claimed(&record).is_some());
}

#[test]
fn what_is_handed_over_again_may_be_addressed_as_it_was_at_its_receiver() {
    let mut healthy = played("AMS-PAY-080/user-presented#1");
    let first = calls(&mut healthy, "pay", false)[0];
    let bytes = messages(&mut healthy).find(|message| message.exchange == first).unwrap();
    let mut addressed = bytes.bytes.clone().unwrap();
    let head = String::from_utf8(addressed.head).unwrap();
    addressed.head = head.replace("host: ", "host: x.").into_bytes();
    assert_ne!(addressed.head, head.as_bytes());
    // As a gateway elsewhere would see both.
    let mut there = healthy.clone();
    let mut received = messages(&mut there).filter(|message| {
        let pay = message.exchange == first || message.bytes.is_some();
        pay && message.leg == Leg::CallReceived && !message.own && message.way == Way::Call
    });
    received.next().unwrap().bytes = Some(addressed.clone());
    received.next().unwrap().bytes = Some(addressed.clone());
    assert_eq!(received.count(), 0);
    assert_eq!(claimed(&there), None);
    // Addressed in another way than anything that arrived.
    let mut astray = healthy.clone();
    let copy = |message: &&mut Message| {
        message.leg == Leg::CallReceived && message.bytes.is_some() && message.way == Way::Call
    };
    messages(&mut astray).find(copy).unwrap().bytes = Some(addressed);
    assert!(claimed(&astray).is_some());
    // What a fault has made of a call was sent by nobody.
    let mut altered = there;
    let arrived =
        |message: &&mut Message| message.exchange == first && message.leg == Leg::CallReceived;
    messages(&mut altered).find(arrived).unwrap().fault = Some("amount-changed".into());
    assert!(claimed(&altered).is_some());
}

#[test]
fn what_the_witness_hands_over_again_is_what_was_sent() {
    for (key, way) in
        [("AMS-PAY-080/user-presented#1", Way::Call), ("AMS-PAY-094/user-presented", Way::Notice)]
    {
        let healthy = played(key);
        assert_eq!(claimed(&healthy), None, "{key}");
        let handed = |message: &&mut Message| {
            message.leg == Leg::CallReceived && message.bytes.is_some() && message.way == way
        };
        let mut changed = healthy.clone();
        let copy = messages(&mut changed).find(handed).unwrap();
        copy.bytes.as_mut().unwrap().body.push(b' ');
        assert!(claimed(&changed).is_some(), "{key}");
        // One more of them than the scenario sends.
        let mut more = healthy.clone();
        let copy = messages(&mut more).find(handed).unwrap().exchange;
        let last = more.entries.pop().unwrap();
        let again: Vec<Entry> = more
            .entries
            .iter()
            .filter(
                |entry| matches!(&entry.event, Event::Message(message) if message.exchange == copy),
            )
            .cloned()
            .collect();
        for mut entry in again {
            if let Event::Message(message) = &mut entry.event {
                message.exchange = 900;
            }
            entry.at = last.at;
            more.entries.push(entry);
        }
        more.entries.push(last);
        let errand = if way == Way::Call { "retransmitted" } else { "delivered-again" };
        announce(&mut more, 900, errand);
        assert!(claimed(&more).is_some(), "{key}");
    }
}
