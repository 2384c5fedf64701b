//! Forgeries behind a mark: on a gateway whose buyers are real a message in which their data was
//! replaced cannot be checked again. Whoever marks a forged one wins nothing by it.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod real_buyers;
mod stand;

use std::sync::{Arc, LazyLock};

use assay::profile::{CheckKey, Profile};
use assay::seal::{Checked, GatewayLog, Own, Replayed, StatementFacts, open_bundle, replay};
use assay::suite::Suite;
use assay::verdict::Judge;
use evidence::{Blob, Entry, Event, Leg, Message, Record, Redacted, Way};
use protocol::ams::Verified;
use protocol::legacy::{Charset, Form, Signer};
use real_buyers::{
    GATEWAY_KEY, REPORT_KEY, account, bundle, key, log, messages, played, redacted, retold,
};
use serde_json::{Value, json};

/// The suite, and what was played.
static GROUND: LazyLock<(Arc<Suite>, Record)> = LazyLock::new(|| {
    let suite = stand::suite();
    let record = played(&suite, &["AMS-PAY-001", "AMS-PAY-004", "AMS-PAY-040"]);
    (suite, record)
});

/// What was played, told as it is or as at a gateway whose buyers are real.
fn ground(real: bool) -> (Arc<Suite>, Record) {
    let (suite, record) = GROUND.clone();
    (suite, retold(record, real))
}

/// What judging a bundle of the record again says.
fn judged(
    suite: &Arc<Suite>,
    record: &Record,
    retell: impl Fn(&mut StatementFacts),
) -> Result<Replayed, String> {
    judged_with(suite, record, GatewayLog::default(), retell)
}

/// The same for a verifier who has the gateway's log.
fn judged_with(
    suite: &Arc<Suite>,
    record: &Record,
    log: GatewayLog,
    retell: impl Fn(&mut StatementFacts),
) -> Result<Replayed, String> {
    let report = key(REPORT_KEY);
    let zip = bundle(suite, record, &[], |_, facts| retell(facts))?;
    let bundle = open_bundle(&zip, &report.public()).unwrap();
    let keys = vec![CheckKey::Rsa(key(GATEWAY_KEY).public())];
    let own = Own { keys, log, challenge: None };
    replay(&bundle, suite, &report.public(), &own).map_err(|why| why.to_string())
}

fn is_answer(message: &Message) -> bool {
    message.way == Way::Call && message.leg == Leg::AnswerSent
}

/// The mark that an honest witness would have made for these fields.
fn mark(fields: &[&str]) -> Redacted {
    let fields = fields.iter().map(|name| (*name).to_owned()).collect();
    Redacted { digest: Some("ab".repeat(32)), fields }
}

/// The body of a message with another text in it.
fn edit(message: &mut Message, edit: impl FnOnce(&mut Value)) {
    let bytes = message.bytes.as_mut().unwrap();
    let mut body: Value = serde_json::from_slice(&bytes.body).unwrap();
    edit(&mut body);
    bytes.body = body.to_string().into_bytes();
}

#[test]
fn what_cannot_be_checked_again_is_counted_apart_and_never_vouched_for() {
    let (suite, plain) = ground(false);
    let (mut real, untold) = (redacted(&ground(true).1), |_: &mut StatementFacts| ());
    // As it is: some of the gateway's messages checked again, others not.
    let honest = judged(&suite, &real, untold).unwrap();
    let Checked::Partly { count, redacted, .. } = honest.checked else {
        panic!("{:?}", honest.checked)
    };
    assert!(count > 5 && redacted > 1, "{count} {redacted}");
    assert!(!honest.checked.by_own_key(), "nobody accepts it on the witness's word");
    let marked = messages(&mut real, |it| it.redacted.is_some()).count();
    assert_eq!(honest.results.counts.redacted as usize, marked);
    // Where nothing was replaced, all of them are checked.
    let whole = judged(&suite, &plain, untold).unwrap();
    let Checked::Under { count: all, .. } = whole.checked else { panic!("{:?}", whole.checked) };
    assert_eq!((all, whole.results.counts.redacted), (count + redacted, 0));
    assert!(whole.checked.by_own_key());

    // A statement that counts them among what the gateway's key proves.
    let why = judged(&suite, &real, |facts| {
        let evidence = &mut facts.evidence;
        evidence.gateway_signed += std::mem::take(&mut evidence.not_recheckable);
    });
    let why = why.unwrap_err();
    assert!(why.contains("counts other evidence"), "{why}");
}

#[test]
fn a_forged_message_is_refused_or_vouched_for_by_nobody() {
    let (suite, real) = ground(true);
    let real = redacted(&real);
    let refused = |forge: &dyn Fn(&mut Record)| {
        let mut forged = real.clone();
        forge(&mut forged);
        assert_ne!(forged.cases, real.cases);
        judged(&suite, &forged, |_| ()).map(|replayed| replayed.checked)
    };
    // An answer that has nothing of a buyer's, edited, is found by its signature...
    let is_plain = |it: &Message| is_answer(it) && it.redacted.is_none();
    let paid = |body: &mut Value| body["paymentStatus"] = json!("SUCCESS");
    let unmarked = refused(&|record| edit(messages(record, is_plain).next().unwrap(), paid));
    assert!(unmarked.unwrap_err().contains("not in the recorded state"));
    // ...and no mark helps, unless something of a buyer's is put in as well.
    let marked = refused(&|record| {
        let message = messages(record, is_plain).next().unwrap();
        edit(message, paid);
        message.redacted = Some(mark(&["pspCustomerId"]));
    });
    assert!(marked.unwrap_err().contains("holds nothing of the kind"));
    let Checked::Partly { redacted: before, .. } = judged(&suite, &real, |_| ()).unwrap().checked
    else {
        panic!("partly")
    };
    let furnished = refused(&|record| {
        let message = messages(record, is_plain).next().unwrap();
        edit(message, |body| {
            paid(body);
            body["pspCustomerInfo"] = json!({ "pspCustomerId": "2088000000000009" });
        });
        message.redacted = Some(mark(&["pspCustomerId"]));
        message.verified = Some(Verified::Valid);
    });
    // Then it is one more that nobody vouches for, in every paper.
    let checked = furnished.unwrap();
    assert!(!checked.by_own_key());
    let Checked::Partly { redacted, .. } = checked else { panic!("{checked:?}") };
    assert_eq!(redacted, before + 1);
    // A mark that was taken off makes no message one that was checked.
    let bared = refused(&|record| {
        messages(record, |it| it.redacted.is_some()).for_each(|it| it.redacted = None);
    });
    assert!(bared.unwrap_err().contains("is not marked"));
    // A mark has to tell all that was replaced, and stands beside bytes.
    let sparing = refused(&|record| {
        let is_marked = |it: &Message| it.redacted.is_some();
        messages(record, is_marked).next().unwrap().redacted = Some(mark(&["email"]));
    });
    assert!(sparing.unwrap_err().contains("holds nothing of the kind"));
    let empty = refused(&|record| {
        let is_bare = |it: &Message| it.bytes.is_none();
        messages(record, is_bare).next().unwrap().redacted = Some(mark(&["email"]));
    });
    assert!(empty.unwrap_err().contains("holds nothing of the kind"));
}

#[test]
fn the_gateways_log_proves_what_was_replaced_and_nothing_else() {
    let (suite, mut plain) = ground(true);
    let real = redacted(&plain);
    let text = log(&mut plain, |_| true);
    let with = |record: &Record, text: &str| {
        let log = GatewayLog::read(text.as_bytes()).unwrap();
        judged_with(&suite, record, log, |_| ()).map(|replayed| replayed.checked)
    };
    let whole = with(&real, &text).unwrap();
    assert!(whole.by_own_key(), "{whole:?}");
    let Checked::Under { count: all, .. } = whole else { panic!("{whole:?}") };
    let left_over = |checked: Checked| {
        let Checked::Partly { count, redacted, .. } = checked else { panic!("{checked:?}") };
        assert_eq!(count + redacted, all);
        redacted
    };
    // What it lacks is not proved, and what the verifier has of another gateway proves nothing.
    let without = log(&mut plain, |it| is_answer(it) && it.exchange > 1);
    assert!(left_over(with(&real, &without).unwrap()) > 0);
    assert!(left_over(with(&real, &text.replace("paymentId", "paymentID")).unwrap()) > 1);
    // A message that says something else than the one of the log is not proved by it, whatever its
    // mark tells.
    let mut forged = real.clone();
    let told = |it: &Message| is_answer(it) && it.redacted.is_some();
    let paid = |body: &mut Value| {
        let value = body["paymentAmount"]["value"].as_str().map(|text| "9".repeat(text.len()));
        body["paymentAmount"]["value"] = json!(value);
        body["result"]["resultMessage"] = json!("forged");
    };
    edit(messages(&mut forged, told).next().unwrap(), paid);
    assert_eq!(left_over(with(&forged, &text).unwrap()), 1);
    // Nor does a log help somebody who tells that the gateway signed wrongly.
    let mut wronged = real.clone();
    messages(&mut wronged, told).next().unwrap().verified = Some(Verified::Wrong);
    assert!(left_over(with(&wronged, &text).unwrap()) > 0);
}

/// What a gateway of the older generation has a browser carry back: who the buyer is, too.
fn carried_back() -> String {
    let mut form = Form::new(Charset::Utf8);
    for (name, value) in [
        ("currency", "USD"),
        ("total_fee", "9.50"),
        ("out_trade_no", "of another attempt"),
        ("trade_no", "2026112500001000010000000001"),
        ("trade_status", "TRADE_FINISHED"),
        ("buyer_email", "zaphod@buyer.example"),
    ] {
        form.set(name, value);
    }
    form.sign(&Signer::Rsa2(key(GATEWAY_KEY))).unwrap();
    String::from_utf8(form.write().unwrap()).unwrap()
}

/// The record of a web shop to whom two browsers came back.
fn with_returns(suite: &Arc<Suite>, query: &str) -> Record {
    let mut record = retold(played(suite, &["LEG-PAY-031/website"]), true);
    let entries = &mut record.cases[0].entries;
    let last = entries.pop().unwrap();
    let message = |exchange, leg, head: &str, verified| Message {
        exchange,
        way: Way::Notice,
        leg,
        own: false,
        bytes: Some(Blob { head: head.into(), body: vec![] }),
        verified: Some(verified),
        fault: None,
        redacted: None,
    };
    for exchange in [901, 902] {
        let call = format!("GET /back?{query} HTTP/1.1\r\nhost: shop.example\r\n\r\n");
        let call = message(exchange, Leg::CallSent, &call, Verified::Valid);
        let received = Message { leg: Leg::CallReceived, bytes: None, ..call.clone() };
        let answer = "HTTP/1.1 200 OK\r\n\r\n";
        let answer = message(exchange, Leg::AnswerSent, answer, Verified::Unsigned);
        let got = Message { leg: Leg::AnswerReceived, bytes: None, ..answer.clone() };
        let told = [call, received, answer, got].map(|it| Event::Message(Box::new(it)));
        entries.extend(told.map(|event| Entry { event, ..last.clone() }));
    }
    entries.push(last);
    for (line, entry) in (0..).zip(entries) {
        entry.line = line;
    }
    record
}

#[test]
fn the_gateways_log_proves_what_a_browser_carried_back() {
    let (suite, query) = (stand::suite(), carried_back());
    let mut plain = with_returns(&suite, &query);
    let real = redacted(&plain);
    let others = log(&mut plain, |it| !it.bytes.as_ref().is_some_and(|it| it.body.is_empty()));
    let with = |record: &Record, query: &str| {
        let text = json!({ "query": query }).to_string() + "\n" + &others;
        let log = GatewayLog::read(text.as_bytes()).unwrap();
        judged_with(&suite, record, log, |_| ()).map(|replayed| replayed.checked)
    };
    let whole = with(&real, &query).unwrap();
    assert!(whole.by_own_key(), "{whole:?}");
    let left_over = |record: &Record, query: &str| {
        let checked = with(record, query).unwrap();
        let Checked::Partly { redacted, .. } = checked else { panic!("{checked:?}") };
        redacted
    };
    // What tells another trade, or was signed by nobody.
    assert_eq!(left_over(&real, &query.replace("total_fee=9", "total_fee=8")), 2);
    assert_eq!(left_over(&real, &query.replace("zaphod", "wonkos")), 2);
    // Who forges the message in the record is not helped by the gateway's log of the true one.
    let mut forged = real.clone();
    let is_return = |it: &Message| it.exchange == 902 && it.leg == Leg::CallSent;
    let bytes = messages(&mut forged, is_return).next().unwrap().bytes.as_mut().unwrap();
    let head = String::from_utf8(bytes.head.clone()).unwrap();
    bytes.head = head.replace("total_fee=9", "total_fee=8").into_bytes();
    assert_ne!(forged.cases, real.cases);
    assert_eq!(left_over(&forged, &query), 1);
}

#[test]
fn what_the_witness_spoilt_is_no_message_that_the_gateways_log_has_to_prove() {
    let suite = stand::suite();
    let mut plain = retold(played(&suite, &["AMS-PAY-091/user-presented#2"]), true);
    let real = redacted(&plain);
    // The gateway's log has none of it.
    let text = log(&mut plain, |it| it.verified == Some(Verified::Valid));
    let with = |record: &Record| {
        let log = GatewayLog::read(text.as_bytes()).unwrap();
        judged_with(&suite, record, log, |_| ()).unwrap().checked
    };
    let whole = with(&real);
    assert!(whole.by_own_key(), "{whole:?}");
    let is_spoilt = |it: &Message| it.fault.is_some() && it.redacted.is_some();
    for forge in [
        // What nobody says to have altered, and what is said to hold.
        (|it| it.fault = None) as fn(&mut Message),
        |it| it.verified = Some(Verified::Valid),
    ] {
        let mut forged = real.clone();
        forge(messages(&mut forged, is_spoilt).next().unwrap());
        let Checked::Partly { redacted, .. } = with(&forged) else { panic!("partly") };
        assert_eq!(redacted, 1);
    }
}

#[test]
fn where_buyers_are_assays_own_no_message_is_marked() {
    let (suite, plain) = ground(false);
    assert!(judged(&suite, &plain, |_| ()).is_ok());
    let why = judged(&suite, &redacted(&plain), |_| ()).unwrap_err();
    assert!(why.contains("the buyers of this run were assay's own"), "{why}");
}

#[test]
fn the_page_says_on_top_and_beside_each_message_that_it_cannot_be_checked_again() {
    let (suite, real) = ground(true);
    let real = redacted(&real);
    let results = Judge::new(suite.clone()).results(&real);
    let profile = Profile::built_in().unwrap().redacted();
    let keys = assay::seal::bundle::ShownKeys::of(&account());
    let mut facts = StatementFacts::default();
    facts.time.started = "2026-11-25T08:00:00Z".into();
    let contents = assay::seal::bundle::Contents {
        suite: &suite,
        results: &results,
        profile: &profile,
        keys: &keys,
        strays: &[],
        orders: &[],
        facts: &facts,
        ranges: &assay::seal::EvidenceRanges::of(&real),
    };
    let mut page = vec![];
    let junit = contents.draw(&mut &real, &mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    let top = format!("In {} messages the payment codes and the data", results.counts.redacted);
    assert!(page.contains("buyers' data replaced") && page.contains(&top), "on top");
    assert!(page.contains("not re-checkable") && page.contains("replaced on entry: "), "beside it");
    assert!(page.contains("SHA-256 as it came: "), "with its digest");
    assert!(junit.contains("messages the payment codes and the data of real buyers were replaced"));
}
