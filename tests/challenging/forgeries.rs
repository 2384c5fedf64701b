//! How a forger might answer a challenge, and why that is none.

use assay::seal::Role;
use evidence::{Blob, Entry, Event, Leg, SideKey, head_field};
use protocol::ams::{Signed, Verified};
use serde_json::json;
use steps::Product;

use super::{Held, NONCE, OTHER, RUN, at, bytes, gateway, key, made, message, sign, with_header};

pub(crate) type Forgery = fn(&mut Held);

/// How a forger might answer a challenge, and why that is none.
pub(crate) const FORGERIES: [(&str, Forgery, &str); 30] = [
    ("no order", |it| (it.opening, it.closing) = (vec![], vec![]), "challenge.ndjson is missing"),
    ("no closing order", |it| it.closing.clear(), "does not hold an opening and a closing order"),
    ("no opening order", |it| it.opening.clear(), "does not hold an opening and a closing order"),
    (
        "an order and a half",
        |it| it.closing.truncate(4),
        "does not hold an opening and a closing order",
    ),
    (
        "both swapped",
        |it| std::mem::swap(&mut it.opening, &mut it.closing),
        "the opening order is called",
    ),
    (
        "the opening order twice",
        |it| it.closing = it.opening.clone(),
        "the closing order is called",
    ),
    ("an order more", |it| it.closing.extend(it.opening.clone()), "does not hold an opening"),
    (
        "orders of another challenge",
        |it| it.opening = other(Role::Opening, OTHER, RUN, it),
        "which no order of the challenge",
    ),
    (
        "orders of another run",
        |it| it.closing = other(Role::Closing, NONCE, "8899aabbccddeeff", it),
        "which no order of the challenge",
    ),
    (
        "an answer that was edited",
        |it| replace(&mut it.opening, 0, "SUCCESS", "SUCCESs"),
        "the signature is not in the recorded state",
    ),
    (
        "an answer under a key of the forger's",
        |it| sign(&mut it.closing, 1, &key("rsa2048.pkcs8.pem")),
        "the signature is not in the recorded state",
    ),
    (
        "an answer that is told as it is, under such a key",
        |it| {
            sign(&mut it.closing, 1, &key("rsa2048.pkcs8.pem"));
            for entry in &mut it.closing[5..] {
                message(entry).verified = Some(Verified::Wrong);
            }
        },
        "the gateway's answer to cancel of the closing order has no signature that holds",
    ),
    (
        "a genuine answer about something else",
        |it| {
            replace(&mut it.opening, 0, NONCE, OTHER);
            sign(&mut it.opening, 0, &gateway());
        },
        "the gateway's answer to pay of the opening order is about",
    ),
    (
        "a refusal",
        |it| {
            replace(&mut it.opening, 1, "\"resultStatus\":\"S\"", "\"resultStatus\":\"F\"");
            sign(&mut it.opening, 1, &gateway());
        },
        "the gateway answered cancel of the opening order with SUCCESS",
    ),
    (
        "an answer behind a mark",
        |it| {
            let blob = bytes(&mut it.opening, Leg::AnswerSent, 0).clone();
            assert!(!blob.has_buyers_data());
            // Of a message with such a mark no signature is checked.
            let mark = json!({ "fields": ["elsewhere"] });
            message(&mut it.opening[2]).redacted = Some(serde_json::from_value(mark).unwrap());
        },
        "line 3 is not what belongs there",
    ),
    (
        "a call of the merchant's",
        |it| message(&mut it.opening[0]).own = false,
        "line 1 is not what belongs there",
    ),
    (
        "a call that came otherwise than it was sent",
        |it| {
            let sent = bytes(&mut it.closing, Leg::CallSent, 0).clone();
            let came = message(&mut it.closing[1]);
            came.bytes = Some(Blob { body: b"{}".to_vec(), ..sent });
            came.verified = Some(Verified::Wrong);
        },
        "line 8 is not what belongs there",
    ),
    (
        "an answer that the witness changed",
        |it| message(&mut it.opening[2]).fault = Some("answer-edited".into()),
        "line 3 is not what belongs there",
    ),
    (
        "an answer before its call",
        |it| it.opening[2].at = it.opening[1].at - 1,
        "line 3 is not what belongs there",
    ),
    (
        "an answer that was handed on",
        |it| message(&mut it.closing[5]).leg = Leg::AnswerReceived,
        "line 12 is not what belongs there",
    ),
    (
        "halves of two orders",
        |it| {
            let mut later = made(Product::OrderCode, &Role::Opening.number(NONCE, RUN, 8_000));
            it.opening.truncate(3);
            it.opening.append(&mut later.split_off(3));
            it.opening = at(it.opening.clone(), it.between[0] - 10_000, it.between[0] - 10_000);
        },
        "which no order of the challenge",
    ),
    (
        "a cancel before its payment",
        |it| {
            it.opening.rotate_left(3);
            for (nth, entry) in (0..).zip(&mut it.opening) {
                entry.line = nth;
                message(entry).exchange = 1 + nth / 3;
            }
            it.opening = at(it.opening.clone(), it.between[0] - 10_000, it.between[0] - 10_000);
        },
        "which no order of the challenge",
    ),
    (
        "what fits nowhere",
        |it| it.opening[5].event = Event::Closed,
        "line 6 is not what belongs there",
    ),
    (
        "calls of another merchant",
        |it| of_merchant(it, "5Y00000000000002"),
        "the opening order is of the merchant 5Y00000000000002",
    ),
    (
        "an exchange before the run was opened",
        |it| it.opening = at(it.opening.clone(), it.between[0] + 2_500, it.between[0] - 10_000),
        "before the run was opened at",
    ),
    (
        "an exchange after it was closed",
        |it| it.closing = at(it.closing.clone(), it.between[1] - 2_500, it.between[1] + 10_000),
        "after the run was closed at",
    ),
    (
        "an exchange that the gateway signed before it signed what opens",
        |it| it.opening = at(it.opening.clone(), it.between[0] - 10_000, it.between[0] + 3_500),
        "before it signed what opened the run at",
    ),
    (
        "an exchange that the gateway signed after it signed what closes",
        |it| it.closing = at(it.closing.clone(), it.between[1] + 10_000, it.between[0] + 1_000),
        "after it signed what closed the run at",
    ),
    (
        "a run that was closed before it was opened",
        |it| it.closing = at(it.closing.clone(), it.between[0] - 20_000, it.between[1] + 10_000),
        "before it was opened at",
    ),
    (
        "a run that the gateway saw close before it opened",
        |it| it.closing = at(it.closing.clone(), it.between[1] + 10_000, it.between[0] - 20_000),
        "before it was opened at",
    ),
];

/// A genuine order of another run or challenge, at the time of one of these.
fn other(role: Role, nonce: &str, run: &str, held: &Held) -> Vec<Entry> {
    let place = match role {
        Role::Opening => held.between[0] - 10_000,
        Role::Closing => held.between[1] + 10_000,
    };
    at(made(Product::OrderCode, &role.number(nonce, run, 7_000)), place, place)
}

/// Another text in an answer.
fn replace(entries: &mut [Entry], nth: usize, from: &str, to: &str) {
    let answer = bytes(entries, Leg::AnswerSent, nth);
    let body = String::from_utf8(answer.body.clone()).unwrap();
    assert!(body.contains(from), "{from}: {body}");
    answer.body = body.replace(from, to).into_bytes();
}

/// The calls of the opening order in another merchant's name, signed as theirs: the forger's key is
/// both merchants'.
fn of_merchant(held: &mut Held, client: &str) {
    let key = merchant::reference_key().unwrap();
    for nth in 0..2 {
        let call = bytes(&mut held.opening, Leg::CallSent, nth);
        with_header(call, "client-id", client);
        let target = evidence::target_of(&call.head).unwrap();
        let time = head_field(&call.head, "request-time").unwrap();
        let signed = Signed { target: &target, client_id: client, time: &time, body: &call.body };
        let signature = signed.sign(&key).unwrap();
        with_header(call, "signature", &signature);
        let call = call.clone();
        assert_eq!(SideKey::Ams(key.public()).call(evidence::Way::Call, &call), Verified::Valid);
        // The gateway's own host stays behind the witness.
        let is = |entry: &Entry| {
            entry.event.message().is_some_and(|message| message.bytes.as_ref() == Some(&call))
        };
        let place = held.opening.iter().position(is);
        message(&mut held.opening[place.unwrap() + 1]).bytes = None;
    }
}
