//! What no published page confirms fails on the embedded sandbox and is a note on any other gateway;
//! what a check wants besides fails everywhere.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod judging;
mod stand;

use std::collections::BTreeSet;

use assay::verdict::{CheckResult, CheckState};
use evidence::RegistrationState::{self, Approved, Pending, Refused, Rejected};
use evidence::words::NOTE_UNCONFIRMED;
use evidence::{CaseKey, Entry, Event, Leg, Way};
use judging::{Ground, legs, message, rewrite, rewrite_files};
use serde_json::{Value, json};

/// An edit of a record.
type Edit = fn(&mut Vec<Entry>);

/// Tells the refusals among the answers to calls of a path otherwise.
fn refusals(entries: &mut [Entry], path: &str, status: &str, code: &str) {
    for place in legs(entries, path, Leg::AnswerSent) {
        rewrite(&mut entries[place], |body| {
            if body["result"]["resultStatus"] == "F" {
                body["result"]["resultStatus"] = json!(status);
                body["result"]["resultCode"] = json!(code);
            }
        });
    }
}

/// Tells the answer to the last call of a path otherwise.
fn last_answer(entries: &mut [Entry], path: &str, status: &str, code: &str) {
    let place = *legs(entries, path, Leg::AnswerSent).last().unwrap();
    rewrite(&mut entries[place], |body| {
        body["result"]["resultStatus"] = json!(status);
        body["result"]["resultCode"] = json!(code);
    });
}

/// Tells the last success among the answers to calls of a path as a refusal.
fn refuse_last(entries: &mut [Entry], path: &str, code: &str) {
    for place in legs(entries, path, Leg::AnswerSent).into_iter().rev() {
        let mut done = false;
        rewrite(&mut entries[place], |body| {
            done = body["result"]["resultStatus"] == "S";
            if done {
                body["result"]["resultStatus"] = json!("F");
                body["result"]["resultCode"] = json!(code);
            }
        });
        if done {
            return;
        }
    }
}

/// Writes something else into the calls of a path.
fn calls(entries: &mut [Entry], path: &str, how: impl Fn(&mut Value)) {
    for place in legs(entries, path, Leg::CallSent) {
        rewrite(&mut entries[place], &how);
    }
}

/// Writes something else into the answers that have a text in them.
fn answers(entries: &mut [Entry], from: &str, to: &str) {
    let messages = entries.iter_mut().filter_map(|entry| message(entry));
    for message in messages.filter(|message| message.leg == Leg::AnswerSent) {
        let Some(bytes) = &mut message.bytes else { continue };
        bytes.body = String::from_utf8_lossy(&bytes.body).replace(from, to).into_bytes();
    }
}

/// Writes something else into the notices that have a text in them.
fn notices(entries: &mut [Entry], from: &str, to: &str) {
    let messages = entries.iter_mut().filter_map(|entry| message(entry));
    for message in messages.filter(|message| message.way == Way::Notice) {
        let Some(bytes) = &mut message.bytes else { continue };
        bytes.body = String::from_utf8_lossy(&bytes.body).replace(from, to).into_bytes();
    }
}

/// Takes every notice out.
fn without_notices(entries: &mut Vec<Entry>) {
    entries.retain_mut(|entry| message(entry).is_none_or(|message| message.way != Way::Notice));
}

/// Takes the last notice out.
fn without_last_notice(entries: &mut Vec<Entry>) {
    let numbers = entries.iter_mut().filter_map(|entry| message(entry));
    let notices = numbers.filter(|message| message.way == Way::Notice);
    let last = notices.map(|message| message.exchange).max().unwrap();
    entries.retain_mut(|entry| message(entry).is_none_or(|message| message.exchange != last));
}

/// Writes the gateway's files otherwise whose names have this in it.
fn files(entries: &mut [Entry], name: &str, pairs: &[(&str, &str)]) {
    rewrite_files(entries, name, |text| {
        pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    });
}

/// A gateway that is not the embedded one.
fn elsewhere(entries: &mut [Entry]) {
    for entry in entries {
        if let Event::Arranged { what, facts } = &mut entry.event
            && what == "contract"
        {
            facts["embedded"] = json!(false);
        }
    }
}

fn other_code(path: &'static str) -> impl Fn(&mut Vec<Entry>) {
    move |entries| refusals(entries, path, "F", "SOME_OTHER_CODE")
}

/// The refusal of a website's refund above what is left.
const REFUSED_EXCESS: &str = "<is_success>F</is_success><error>RETURN_AMOUNT_EXCEED</error>";

/// Runs, the check, an edit against the guess in it, an edit against what else it wants (of another
/// run where all of this one is a guess).
const MARKS: [(&str, &str, Edit, &str, Edit); 28] = [
    ("AMS-PAY-020#3", "1", |e| other_code("pay")(e), "AMS-PAY-020#1", |e| other_code("pay")(e)),
    (
        "AMS-PAY-030#32",
        "2",
        |e| other_code("pay")(e),
        "AMS-PAY-030#32",
        |e| refusals(e, "pay", "S", "SUCCESS"),
    ),
    (
        "AMS-PAY-098/user-presented#4",
        "1",
        without_last_notice,
        "AMS-PAY-098/user-presented#1",
        without_last_notice,
    ),
    (
        "AMS-PAY-130/entry-code#3",
        "1",
        |e| refusals(e, "pay", "S", "SUCCESS"),
        "AMS-PAY-130/entry-code#4",
        |e| other_code("pay")(e),
    ),
    (
        "AMS-PAY-130/entry-code#3",
        "2",
        |e| last_answer(e, "inquiryPayment", "S", "SUCCESS"),
        "AMS-PAY-130/entry-code#4",
        |e| last_answer(e, "inquiryPayment", "S", "SUCCESS"),
    ),
    (
        "AMS-RFC-001/user-presented",
        "1",
        |e| calls(e, "refund", |b| b["refundRequestId"] = json!("a:b")),
        "AMS-RFC-001/user-presented",
        |e| calls(e, "refund", |b| b["refundRequestId"] = json!("x".repeat(65))),
    ),
    (
        "AMS-RFC-002/user-presented",
        "1",
        |e| {
            calls(e, "refund", |b| {
                b["refundRequestId"] =
                    json!(format!("{}:", b["refundRequestId"].as_str().unwrap()));
            });
        },
        "AMS-RFC-002/user-presented",
        |e| calls(e, "refund", |b| b["paymentId"] = json!("x")),
    ),
    (
        "AMS-RFC-003/user-presented#1",
        "1",
        |e| other_code("refund")(e),
        "AMS-RFC-003/user-presented#1",
        |e| refusals(e, "refund", "S", "SUCCESS"),
    ),
    (
        "AMS-RFC-005/user-presented#1",
        "1",
        |e| other_code("refund")(e),
        "AMS-RFC-005/user-presented#1",
        |e| refusals(e, "refund", "S", "SUCCESS"),
    ),
    (
        "AMS-RFC-008/user-presented#1",
        "1",
        |e| other_code("refund")(e),
        "AMS-RFC-008/user-presented#1",
        |e| refusals(e, "refund", "S", "SUCCESS"),
    ),
    (
        "AMS-RFC-023/user-presented#3",
        "1",
        |e| other_code("cancel")(e),
        "AMS-RFC-023/user-presented#1",
        |e| other_code("cancel")(e),
    ),
    (
        "AMS-MER-001/user-presented",
        "1",
        |e| {
            calls(e, "registration", |b| {
                b["storeInfo"]["referenceStoreId"] = json!("s".repeat(33));
            });
        },
        "AMS-MER-001/user-presented",
        |e| calls(e, "registration", |b| b["productCodes"] = json!(["CASHIER_PAYMENT"])),
    ),
    (
        "AMS-MER-012/user-presented#4",
        "1",
        |e| refuse_last(e, "registration", "REPEAT_REGISTRATION"),
        "AMS-MER-012/user-presented#4",
        |e| refusals(e, "registration", "S", "SUCCESS"),
    ),
    (
        "AMS-MER-020/user-presented#1",
        "2",
        |e| other_code("pay")(e),
        "AMS-MER-020/user-presented#1",
        |e| refusals(e, "pay", "S", "SUCCESS"),
    ),
    (
        "AMS-REC-004/user-presented",
        "1",
        |e| files(e, "transactionItems", &[("2026-01-05T", "2026-01-06T")]),
        "AMS-REC-004/user-presented",
        |e| files(e, "transactionItems", &[("<END>\n", "")]),
    ),
    (
        "AMS-REC-020/user-presented#1",
        "1",
        |e| files(e, "settlementItems", &[("-7.25", "7.25"), ("-0.25", "0.25")]),
        "AMS-REC-020/user-presented#1",
        |e| files(e, "settlementItems", &[("-7.25", "-7.26")]),
    ),
    (
        "LEG-PAY-051/website",
        "1",
        |e| answers(e, "ILLEGAL_SIGN", "ILLEGAL_ARGUMENT"),
        "LEG-PAY-051/barcode",
        |e| answers(e, "ILLEGAL_SIGN", "ILLEGAL_ARGUMENT"),
    ),
    (
        "LEG-PAY-053",
        "1",
        |e| answers(e, "INVALID_PARAMETER", "ILLEGAL_ARGUMENT"),
        "LEG-PAY-053",
        |e| answers(e, "F</is_success><error>INVALID_PARAMETER</error>", "T</is_success>"),
    ),
    (
        "LEG-PAY-054/barcode#8",
        "1",
        |e| answers(e, "BUYER_NOT_EXIST", "ILLEGAL_ARGUMENT"),
        "LEG-PAY-054/barcode#8",
        |e| answers(e, "<result_code>FAILED<", "<result_code>SUCCESS<"),
    ),
    (
        "LEG-PAY-062/barcode",
        "2",
        |e| answers(e, "INVALID_PARAMETER", "ILLEGAL_ARGUMENT"),
        "LEG-PAY-062/barcode",
        |e| answers(e, "F</is_success><error>INVALID_PARAMETER</error>", "T</is_success>"),
    ),
    (
        "LEG-PAY-071",
        "3",
        |e| notices(e, "total_fee=12.31", "total_fee=12.32"),
        "LEG-PAY-071",
        |e| answers(e, "<voucher_type>qrcode<", "<voucher_type>barcode<"),
    ),
    ("LEG-PAY-073", "3", without_last_notice, "LEG-PAY-073", without_notices),
    (
        "LEG-RFC-004/barcode",
        "2",
        |e| answers(e, "CONTEXT_INCONSISTENT", "ILLEGAL_ARGUMENT"),
        "LEG-RFC-004/barcode",
        |e| answers(e, "<result_code>FAILED<", "<result_code>SUCCESS<"),
    ),
    (
        "LEG-RFC-014/barcode#2",
        "2",
        |e| answers(e, "TRADE_CANCEL_TIME_OUT", "ILLEGAL_ARGUMENT"),
        "LEG-RFC-014/barcode#2",
        |e| answers(e, "<result_code>FAIL<", "<result_code>SUCCESS<"),
    ),
    (
        "LEG-RFC-022",
        "3",
        |e| answers(e, "RETURN_AMOUNT_EXCEED", "ILLEGAL_ARGUMENT"),
        "LEG-RFC-022",
        |e| answers(e, REFUSED_EXCESS, "<is_success>T</is_success>"),
    ),
    (
        "LEG-MER-021/barcode#1",
        "2",
        |e| answers(e, "PARAM_ILLEGAL", "ILLEGAL_ARGUMENT"),
        "LEG-MER-021/barcode#1",
        |e| answers(e, "<result_code>FAIL<", "<result_code>SUCCESS<"),
    ),
    (
        "LEG-MER-022/barcode",
        "2",
        |e| answers(e, "PARAM_ILLEGAL", "ILLEGAL_ARGUMENT"),
        "LEG-MER-022/barcode",
        |e| answers(e, "<result_code>FAIL<", "<result_code>SUCCESS<"),
    ),
    (
        "LEG-MER-031/barcode#1",
        "3",
        |e| answers(e, "SELLER_NOT_EXIST", "ILLEGAL_ARGUMENT"),
        "LEG-MER-031/barcode#1",
        |e| answers(e, "<result_code>FAILED<", "<result_code>SUCCESS<"),
    ),
];

/// What a check finds in an edited record, on the embedded sandbox or elsewhere.
fn found(key: &str, check: &str, edit: Edit, embedded: bool) -> CheckResult {
    let result = Ground::of(key).result(|entries| {
        edit(entries);
        if !embedded {
            elsewhere(entries);
        }
    });
    result.checks.into_iter().find(|known| known.name == check).unwrap()
}

#[test]
fn a_guess_fails_on_the_embedded_sandbox_alone_and_all_else_everywhere() {
    let unconfirmed = NOTE_UNCONFIRMED.plain();
    for (guessed, check, guess, other, sure) in MARKS {
        let here = found(guessed, check, guess, true);
        assert_eq!(here.state, CheckState::Failed, "{guessed} {check} embedded: {here:?}");
        let there = found(guessed, check, guess, false);
        assert_eq!(there.state, CheckState::Held, "{guessed} {check} elsewhere: {there:?}");
        assert!(there.notes.contains(&unconfirmed), "{guessed} {check}: {:?}", there.notes);
        for embedded in [true, false] {
            let found = found(other, check, sure, embedded);
            assert_eq!(found.state, CheckState::Failed, "{other} {check} {embedded}: {found:?}");
        }
    }
}

/// The catalogue marks what is tried here, and nothing else.
#[test]
fn every_mark_of_the_catalogue_is_tried() {
    let tried = MARKS.iter().map(|(run, check, ..)| {
        let key: CaseKey = run.parse().unwrap();
        (key.case, (*check).to_owned())
    });
    let suite = stand::suite();
    let marked = suite.catalogue().cases.iter().flat_map(|case| {
        let marked = case.checks.iter().enumerate().filter(|(_, check)| check.guess);
        marked.map(|(index, _)| (case.id.clone(), (index + 1).to_string()))
    });
    assert_eq!(tried.collect::<BTreeSet<_>>(), marked.collect());
}

#[test]
fn a_merchant_follows_the_gateway_that_refuses_to_register_a_rejected_one_again() {
    let ground = Ground::of("AMS-MER-012/user-presented#4");
    let refused = |entries: &mut Vec<Entry>, state: RegistrationState| {
        refuse_last(entries, "registration", "REPEAT_REGISTRATION");
        let views = entries.iter_mut().filter_map(|entry| {
            if let Event::Merchant(view) = &mut entry.event { Some(view) } else { None }
        });
        let mut views: Vec<_> = views.collect();
        let second = views.last().unwrap().id.clone();
        for view in views.iter_mut().filter(|view| view.id == second) {
            view.state = state;
        }
        elsewhere(entries);
    };
    for (state, wanted) in [
        (Refused, CheckState::Held),
        (Rejected, CheckState::Held),
        (Pending, CheckState::Failed),
        (Approved, CheckState::Failed),
    ] {
        let result = ground.result(|entries| refused(entries, state));
        let check = result.checks.iter().find(|check| check.name == "3").unwrap();
        assert_eq!(check.state, wanted, "{state:?}: {check:?}");
    }
}
