//! What the judge makes of records that a healthy run does not leave: more codes than one, more
//! sales than one, gateways that break.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod judging;
mod stand;

use assay::verdict::Outcome;
use evidence::{Entry, Event, Leg, OrderState, Party, Way};
use judging::{Ground, message, rewrite};
use protocol::ams::{Api, Verified};
use serde_json::{Value, json};
use steps::Seen;

/// Where the messages of the first pay stand.
fn first_pay(entries: &mut [Entry]) -> Vec<usize> {
    let mut number = None;
    let mut places = vec![];
    for (place, entry) in entries.iter_mut().enumerate() {
        let Some(message) = message(entry) else { continue };
        let head = message.bytes.as_ref().map_or(&[][..], |bytes| &bytes.head);
        if message.leg == Leg::CallSent && String::from_utf8_lossy(head).contains("/pay HTTP") {
            number.get_or_insert(message.exchange);
        }
        if number == Some(message.exchange) {
            places.push(place);
        }
    }
    places
}

/// Takes the merchant's address out of the first pay, and every notice out of the record.
fn untold(entries: &mut Vec<Entry>) {
    let pay = first_pay(entries)[0];
    rewrite(&mut entries[pay], |body| {
        drop(body.as_object_mut().unwrap().remove("paymentNotifyUrl"));
    });
    entries.retain_mut(|entry| message(entry).is_none_or(|message| message.way == Way::Call));
}

/// The last reading that shows a code shows this one.
fn show(entries: &mut [Entry], code: &str) {
    let views = entries.iter_mut().filter_map(|entry| {
        let Event::Order(view) = &mut entry.event else { return None };
        view.shown.as_mut()?.code.as_mut()
    });
    code.clone_into(views.last().unwrap());
}

#[test]
fn every_code_on_the_till_is_one_that_the_gateway_gave_to_be_drawn() {
    let ground = Ground::of("AMS-PAY-040");
    let give = |entries: &mut Vec<Entry>, first: Value| {
        let answer = first_pay(entries)[2];
        rewrite(&mut entries[answer], |body| {
            let details = body["orderCodeForm"]["codeDetails"].as_array_mut().unwrap();
            details.insert(0, first);
        });
    };
    let image = json!({ "codeValueType": "QRCODE", "codeValue": "https://x/y.png",
        "displayType": "BIGIMAGE" });
    let other = json!({ "codeValueType": "BARCODE", "codeValue": "281", "displayType": "TEXT" });
    // Of several codes the till may draw each that is a text.
    for first in [image.clone(), other.clone()] {
        assert_eq!(ground.judged(|entries| give(entries, first)), Vec::<String>::new());
    }
    let shows = |first: &Value, code: &str| {
        ground.judged(|entries| {
            give(entries, first.clone());
            show(entries, code);
        })
    };
    assert_eq!(shows(&other, "281"), Vec::<String>::new());
    assert_eq!(shows(&other, "282"), ["3"]);
    assert_eq!(shows(&image, "https://x/y.png"), ["3"]);
}

#[test]
fn every_pay_carries_the_code_of_its_own_sale() {
    let ground = Ground::of("AMS-PAY-030#1");
    let again = |entries: &mut Vec<Entry>, scanned: &str, paid: &str| {
        let sale = entries
            .iter()
            .position(|entry| matches!(&entry.event, Event::Did { what, .. } if what == "sale"));
        let mut sale = entries[sale.unwrap()].clone();
        if let Event::Did { facts, .. } = &mut sale.event {
            facts.insert("code".into(), scanned.into());
        }
        let places = first_pay(entries);
        let after = places.last().unwrap() + 1;
        let mut copies = vec![sale];
        copies.extend(places.iter().map(|place| entries[*place].clone()));
        for copy in &mut copies {
            copy.at = entries[after - 1].at;
            let Some(message) = message(copy) else { continue };
            message.exchange = 900;
            if message.leg == Leg::CallSent {
                rewrite(copy, |body| {
                    body["paymentMethod"]["paymentMethodId"] = paid.into();
                });
            }
        }
        entries.splice(after..after, copies);
    };
    let (one, other) = ("2511111111111111", "2522222222222222");
    assert_eq!(ground.judged(|entries| again(entries, other, other)), Vec::<String>::new());
    assert_eq!(ground.judged(|entries| again(entries, other, one))[0], "1");
}

#[test]
fn a_merchant_that_names_no_address_is_at_fault_for_the_missing_notice() {
    for (key, check) in [("AMS-PAY-090/user-presented", "2"), ("AMS-PAY-098/order-code#1", "3")] {
        let result = Ground::of(key).result(untold);
        let first = result.first_failed().map(|check| check.name.as_str());
        assert_eq!((first, result.blamed), (Some(check), Some(Party::Merchant)), "{key}");
    }
    // A scanned code is paid all the same, so there it is no more than a note.
    assert_eq!(Ground::of("AMS-PAY-001").judged(untold), Vec::<String>::new());
}

/// Breaks a record off at a place.
fn break_at(entries: &mut Vec<Entry>, place: usize, by: Party) {
    entries.truncate(place);
    let at = entries.last().unwrap().at;
    let broken = Event::Broken { by, why: "it fell silent".into() };
    entries.extend([broken, Event::Closed].map(|event| Entry { line: 0, at, event }));
}

#[test]
fn what_the_merchant_did_for_good_is_not_undone_by_what_breaks_later() {
    let ground = Ground::of("AMS-PAY-001");
    let nameless = |entries: &mut Vec<Entry>| {
        let pay = first_pay(entries)[0];
        rewrite(&mut entries[pay], |body| {
            drop(body["order"]["merchant"].as_object_mut().unwrap().remove("merchantName"));
        });
    };
    let ended = |edit: &dyn Fn(&mut Vec<Entry>)| {
        let result = ground.result(edit);
        let first = result.first_failed().map(|check| check.name.clone());
        (result.outcome, result.blamed, first)
    };
    let pay = first_pay(&mut ground.record.entries.clone());
    let answered = pay[2] + 1;
    // Wherever it breaks, a healthy merchant is not blamed.
    for by in [Party::Gateway, Party::Environment] {
        for place in 1..ground.record.entries.len() {
            let told = ended(&|entries| break_at(entries, place, by));
            assert_eq!(told, (Outcome::Aborted, Some(by), None), "at {place}");
        }
    }
    // What was sent was sent, answered or not.
    for place in [answered, answered - 1] {
        let told = ended(&|entries| {
            nameless(entries);
            break_at(entries, place, Party::Gateway);
        });
        assert_eq!(told, (Outcome::Failed, Some(Party::Merchant), Some("2".into())));
    }
    // What the runner itself broke proves nothing against anybody.
    let told = ended(&|entries| {
        nameless(entries);
        break_at(entries, answered, Party::Runner);
    });
    assert_eq!(told, (Outcome::Error, Some(Party::Runner), None));
}

#[test]
fn a_gateway_that_was_never_asked_is_not_at_fault() {
    let result = Ground::of("AMS-PAY-003").result(|entries| {
        entries.retain_mut(|entry| message(entry).is_none());
    });
    assert_eq!((result.outcome, result.blamed), (Outcome::Failed, Some(Party::Merchant)));
}

/// Tells a record as that of a gateway elsewhere, on real time.
fn elsewhere(entries: &mut [Entry]) {
    if let Event::Arranged { facts, .. } = &mut entries[0].event {
        facts.insert("embedded".into(), false.into());
    }
}

#[test]
fn a_record_with_other_times_than_the_gateway_signed_is_not_judged() {
    let ground = Ground::of("AMS-PAY-004");
    let ended = |edit: &dyn Fn(&mut Vec<Entry>)| {
        let result = ground.result(|entries| {
            elsewhere(entries);
            edit(entries);
        });
        (result.outcome, result.blamed)
    };
    // Everything from a place on happens so much later.
    let delay = |entries: &mut [Entry], from: usize, by: i64| {
        for entry in &mut entries[from..] {
            entry.at += by;
        }
    };
    let half = ground.record.entries.len() / 2;
    let passed = (Outcome::Passed, None);
    assert_eq!(ended(&|_| ()), passed);
    // Clocks that differ all the time are no reason, nor is a drift of a second.
    assert_eq!(ended(&|entries| delay(entries, 0, 3_600_000)), passed);
    assert_eq!(ended(&|entries| delay(entries, half, 1_000)), passed);
    let apart = (Outcome::Aborted, Some(Party::Environment));
    for by in [4_000, 60_000] {
        assert_eq!(ended(&|entries| delay(entries, half, by)), apart, "{by}");
        let sooner = ended(&|entries| {
            delay(entries, 0, -by);
            delay(entries, half, by);
        });
        assert_eq!(sooner, apart, "{by}");
    }
    // An answer may be slow in coming, and be dated when the call came.
    let last = ground.record.entries.iter().rposition(
        |entry| matches!(&entry.event, Event::Message(message) if message.leg == Leg::AnswerSent),
    );
    assert_eq!(ended(&|entries| delay(entries, last.unwrap(), 8_000)), passed);
    // A notice that is told too early is found as well.
    let ground = Ground::of("AMS-PAY-090/user-presented");
    let result = ground.result(|entries| {
        elsewhere(entries);
        let last = entries
            .iter_mut()
            .rposition(|entry| message(entry).is_some_and(|message| message.way == Way::Notice));
        let told = entries[last.unwrap()].at - 8_000;
        for entry in &mut entries[..=last.unwrap()] {
            entry.at = entry.at.min(told);
        }
    });
    assert_eq!((result.outcome, result.blamed), apart);
}

#[test]
fn a_good_call_is_not_refused_for_its_signature() {
    let ground = Ground::of("AMS-PAY-001");
    let result = ground.result(|entries| {
        let last = entries.iter_mut().rev().find(|entry| {
            matches!(&entry.event, Event::Message(message) if message.leg == Leg::AnswerSent)
        });
        let entry = last.unwrap();
        rewrite(entry, |body| {
            *body = json!({ "result": { "resultStatus": "F", "resultCode": "INVALID_SIGNATURE" } });
        });
        message(entry).unwrap().verified = Some(Verified::Unsigned);
    });
    let first = result.first_failed().map(|check| check.name.as_str());
    assert_eq!((first, result.blamed), (Some("S2"), Some(Party::Gateway)));
}

#[test]
fn what_the_scenario_asks_for_cannot_be_left_out() {
    // One of three orders with all that is about it.
    let ground = Ground::of("AMS-PAY-110/user-presented");
    let seen = Seen::new(&ground.record);
    let third = seen.orders()[2].to_owned();
    let ids = seen.ids_of(&third);
    let about = seen
        .exchanges
        .iter()
        .filter(|known| known.request_id().is_some_and(|id| ids.contains(&id)));
    let about: Vec<u32> = about.map(|known| known.number).collect();
    let result = ground.result(|entries| {
        entries.retain(|entry| match &entry.event {
            Event::Message(message) => !about.contains(&message.exchange),
            Event::Order(view) => view.order != third,
            Event::Did { facts, .. } => facts.get("order") != Some(&third.as_str().into()),
            Event::Arranged { .. }
            | Event::Merchant(_)
            | Event::Reconciliation { .. }
            | Event::Wallet(_)
            | Event::Broken { .. }
            | Event::Closed => true,
        });
    });
    assert_eq!((result.outcome, result.blamed), (Outcome::Error, Some(Party::Runner)));
    // The look for orders that nobody sold, and the closing look.
    for (key, left_out) in [
        ("AMS-PAY-099/user-presented#1", "looked-for"),
        ("AMS-PAY-093/user-presented#1", "runner-sends"),
    ] {
        let result = Ground::of(key).result(|entries| {
            entries.retain(
                |entry| !matches!(&entry.event, Event::Did { what, .. } if what == left_out),
            );
        });
        assert_ne!(result.outcome, Outcome::Passed, "{key}");
    }
}

/// Writes the signature of the first pay otherwise.
fn sign_otherwise(entries: &mut [Entry], pairs: &[(&str, &str)]) {
    let pay = first_pay(entries)[0];
    let bytes = message(&mut entries[pay]).unwrap().bytes.as_mut().unwrap();
    let head = String::from_utf8(bytes.head.clone()).unwrap();
    let lines = head.split("\r\n").map(|line| {
        let signed = line.to_ascii_lowercase().starts_with("signature:");
        let written = pairs.iter().fold(line.to_owned(), |line, (from, to)| line.replace(from, to));
        if signed { written } else { line.to_owned() }
    });
    bytes.head = lines.collect::<Vec<_>>().join("\r\n").into_bytes();
}

#[test]
fn a_signature_that_is_not_encoded_fails_and_one_that_is_not_padded_is_a_note() {
    let ground = Ground::of("AMS-PAY-073/user-presented");
    let raw = [("%2B", "+"), ("%2F", "/"), ("%3D", "=")];
    assert_eq!(ground.judged(|entries| sign_otherwise(entries, &raw)), ["2"]);
    let unpadded = ground.result(|entries| sign_otherwise(entries, &[("%3D", "")]));
    let check = unpadded.checks.iter().find(|check| check.name == "2").unwrap();
    assert_eq!(check.state, assay::verdict::CheckState::Held);
    assert_eq!(check.notes, [evidence::words::NOTE_SIGNATURE_FORM.plain()]);
}

#[test]
fn what_is_no_message_fails_whoever_sent_it() {
    let ground = Ground::of("AMS-PAY-001");
    for (way, check, party) in [("call", "S1", Party::Merchant), ("notice", "S2", Party::Gateway)] {
        let result = ground.result(|entries| {
            let before = entries[entries.len() - 2].clone();
            let facts = json!({ "way": way, "why": "the head is not HTTP/1.1: nonsense" });
            let facts = facts.as_object().unwrap().clone();
            let event = Event::Did { what: "unreadable".into(), facts };
            entries.insert(entries.len() - 1, Entry { line: 0, at: before.at, event });
        });
        assert_eq!((result.outcome, result.blamed), (Outcome::Failed, Some(party)), "{way}");
        assert_eq!(result.first_failed().unwrap().name, check);
    }
}

#[test]
fn who_knows_of_a_payment_from_disowned_notices_alone_rightly_books_nothing() {
    let ground = Ground::of("LEG-PAY-097/website#2");
    let seen = Seen::new(&ground.record);
    let told = seen.exchanges.iter().filter(|known| {
        !known.own && (known.api == Some(Api::InquiryPayment) || known.is_return())
    });
    let told: Vec<u32> = told.map(|known| known.number).collect();
    let unbook = |entries: &mut [Entry]| {
        for entry in entries {
            let Event::Order(view) = &mut entry.event else { continue };
            (view.till, view.back_office) = (OrderState::Waiting, OrderState::Waiting);
            view.paid = None;
            view.bookings.clear();
        }
    };
    // A merchant that has no query of its own, and whose buyer did not come back.
    let untold = |entries: &mut Vec<Entry>| {
        entries.retain_mut(|entry| {
            message(entry).is_none_or(|message| !told.contains(&message.exchange))
        });
        unbook(entries);
    };
    assert_eq!(ground.judged(untold), Vec::<String>::new());
    // Whoever was told otherwise has to book it, and so has whoever heard the truth.
    assert_eq!(ground.judged(|entries| unbook(entries)), ["S5"]);
    let heard = |entries: &mut Vec<Entry>| {
        untold(entries);
        for message in entries.iter_mut().filter_map(message) {
            message.fault = None;
        }
    };
    assert!(ground.judged(heard).contains(&"S5".to_owned()));
}
