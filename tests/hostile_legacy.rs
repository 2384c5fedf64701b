//! Messages of the older generation that are none: each fails the case with a word on which side
//! broke which rule, and never the program.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod judging;
mod stand;

use assay::verdict::Outcome;
use evidence::words::Language;
use evidence::{Blob, Entry, Leg, Message, Party, SideKey, Way};
use judging::{Ground, message};
use protocol::legacy::{Charset, Verifier};

/// An answer with something in the place of its XML, and what is said about it.
const ANSWERS: [(&str, &str); 9] = [
    ("<!DOCTYPE a [<!ENTITY b \"c\">]><alipay/>", "document type definition"),
    ("<alipay><is_success>T</is_success><x>&nbsp;</x></alipay>", "entity \"nbsp\""),
    ("<alipay><is_success>T</is_success></alipay><alipay/>", "second root"),
    ("<a><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a></a>", "eight deep"),
    ("<?xml version=\"1.0\" encoding=\"KOI8-R\"?><alipay/>", "KOI8-R"),
    ("<html><body>busy, come again</body></html>", "HTML page"),
    ("<alipay><is_success>F</is_success></alipay>", "there is no error"),
    ("<alipay><is_success>maybe</is_success></alipay>", "is_success is"),
    ("true", "the answer is no XML"),
];

/// Ways to spoil the form of a call, and what is said about it.
const FORMS: [(&[u8], &str); 3] = [
    (b"service=x&service=y", "comes a second time"),
    (b"service=%zz", "two hexadecimal digits"),
    (b"service=%ff%fe", "begins no character of UTF-8"),
];

fn first(entries: &mut [Entry], leg: Leg) -> &mut Message {
    let told = entries.iter_mut().filter_map(message);
    told.into_iter().find(|told| told.way == Way::Call && told.leg == leg).unwrap()
}

fn gateway() -> SideKey {
    let key = sandbox::embedded_key().unwrap().public();
    SideKey::Legacy { verifier: Verifier::Rsa2(key), charset: Charset::Utf8 }
}

fn want(
    ground: &Ground,
    check: &str,
    blamed: Party,
    told: &str,
    edit: impl FnOnce(&mut Vec<Entry>),
) {
    let result = ground.result(edit);
    assert_eq!((result.outcome, result.blamed), (Outcome::Failed, Some(blamed)), "{told}");
    let failed = result.first_failed().unwrap();
    assert_eq!(failed.name, check, "{told}");
    let seen = failed.seen.as_ref().unwrap().text(Language::En);
    assert!(seen.contains(told), "{told}: {seen}");
}

#[test]
fn an_answer_that_is_none_is_the_gateways_fault() {
    let ground = Ground::of("LEG-PAY-001");
    for (body, told) in ANSWERS {
        want(&ground, "S2", Party::Gateway, told, |entries| {
            let call = first(entries, Leg::CallSent).bytes.clone().unwrap();
            let answer = first(entries, Leg::AnswerSent);
            let head = answer.bytes.as_ref().unwrap().head.clone();
            let bytes = Blob { head, body: body.as_bytes().to_vec() };
            // The witness would have found so.
            answer.verified = Some(gateway().answer(Way::Call, &call, &bytes));
            answer.bytes = Some(bytes);
        });
    }
}

#[test]
fn a_form_that_is_none_is_the_merchants_fault() {
    let ground = Ground::of("LEG-PAY-001");
    for (body, told) in FORMS {
        want(&ground, "S1", Party::Merchant, told, |entries| {
            let call = first(entries, Leg::CallSent);
            call.bytes.as_mut().unwrap().body = body.to_vec();
            let bytes = call.bytes.clone().unwrap();
            call.verified = Some(gateway().call(Way::Call, &bytes));
        });
    }
}
