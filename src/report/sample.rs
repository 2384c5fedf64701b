//! A small run, built by hand, for the tests of both reports.

use std::collections::BTreeMap;

use evidence::words::{self as w, Phrase};
use evidence::{
    Blob, CaseKey, CaseRecord, Entry, Event, Leg, Message, OrderState, OrderView, Party, Record,
    Recorder, WalletStatement, Way,
};
use protocol::ams::Verified;
use serde_json::{Map, Value};

use super::{Head, Page, Rule};
use crate::verdict::{
    AttemptResult, CaseResult, CheckResult, CheckState, Counts, FORMAT, Family, Grade, Outcome,
    Results, RunResult, Verdict,
};

/// The instant at which the scenarios of the sample begin.
pub(super) const BEGAN: i64 = 1_767_578_400_000;

/// Everything that a page borrows.
pub(crate) struct Sample {
    pub(crate) results: Results,
    pub(crate) record: Record,
    pub(crate) features: Vec<(String, String)>,
    pub(crate) rules: BTreeMap<String, Rule>,
    pub(crate) head: Head,
    pub(crate) strays: Vec<Entry>,
}

impl Sample {
    pub(crate) fn page(&self) -> Page<'_> {
        Page {
            results: &self.results,
            features: &self.features,
            rules: &self.rules,
            head: self.head.clone(),
            strays: &self.strays,
            known: &[],
        }
    }
}

fn blob(start: &str, body: &str) -> Blob {
    let head = format!(
        "{start}\r\nClient-Id: SANDBOX_5Y00000000000001\r\nContent-Type: application/json; \
         charset=UTF-8\r\nSignature: algorithm=RSA256,keyVersion=1,signature=Zm9v\r\n\r\n"
    );
    Blob { head: head.into_bytes(), body: body.as_bytes().to_vec() }
}

/// A message of the sample.
pub(super) fn message(
    exchange: u32,
    way: Way,
    leg: Leg,
    bytes: impl Into<Option<Blob>>,
) -> Message {
    let (verified, bytes) = (Some(Verified::Valid), bytes.into());
    Message { exchange, way, leg, own: false, bytes, verified, fault: None, redacted: None }
}

fn facts(pairs: &[(&str, &str)]) -> Map<String, Value> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
}

fn order(till: OrderState) -> Event {
    Event::Order(Box::new(OrderView {
        order: "order-1".to_owned(),
        till,
        back_office: till,
        paid: None,
        refunded: None,
        bookings: vec![],
        alarm: false,
        shown: None,
        refunds: vec![],
    }))
}

const PAY: &str = r#"{"order":{"referenceOrderId":"order-1","orderDescription":"Tea & <cake>","orderAmount":{"currency":"USD","value":"1231"}},"paymentRequestId":"pay-1","paymentMethod":{"paymentMethodType":"CONNECT_WALLET","paymentMethodId":"281012020262467128"}}"#;
const UNKNOWN: &str = r#"{"result":{"resultStatus":"U","resultCode":"PAYMENT_IN_PROCESS","resultMessage":"payment in process"},"paymentId":"20260105"}"#;
const INQUIRY: &str = r#"{"paymentRequestId":"pay-1"}"#;
const SUCCESS: &str = r#"{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"success"},"paymentStatus":"SUCCESS","paymentAmount":{"currency":"USD","value":"1231"}}"#;
const NOTICE: &str = r#"{"notifyType":"PAYMENT_RESULT","result":{"resultStatus":"S","resultCode":"SUCCESS"},"paymentRequestId":"pay-1"}"#;

/// Appends an exchange that the witness passes on unchanged.
fn clean(recorder: &Recorder, number: u32, way: Way, at: i64, call: Blob, answer: Blob) {
    let legs = [
        (Leg::CallSent, Some(call)),
        (Leg::CallReceived, None),
        (Leg::AnswerSent, Some(answer)),
        (Leg::AnswerReceived, None),
    ];
    for (step, (leg, bytes)) in (0..).zip(legs) {
        let at = at + if step < 2 { 0 } else { 120 };
        recorder.append(at, Event::Message(Box::new(message(number, way, leg, bytes))));
    }
}

/// A conversation with a lost answer, an own call and a notice.
pub(super) fn conversation(key: &str, attempt: u32) -> CaseRecord {
    let recorder = Recorder::detached(key.parse().unwrap(), attempt);
    let call = |name: &str, body| {
        blob(&format!("POST /ams/sandbox/api/v1/payments/{name} HTTP/1.1"), body)
    };
    let answer = |body| blob("HTTP/1.1 200 OK", body);
    let arranged = facts(&[("balance", "1231 USD"), ("decides", "after 25 s")]);
    recorder.append(BEGAN, Event::Arranged { what: "wallet".to_owned(), facts: arranged });
    let did = facts(&[("order", "order-1"), ("amount", "1231 USD")]);
    recorder.append(BEGAN, Event::Did { what: "charge".to_owned(), facts: did });
    recorder.append(BEGAN, order(OrderState::Waiting));
    clean(&recorder, 1, Way::Call, BEGAN, call("pay", PAY), answer(UNKNOWN));
    let at = BEGAN + 3120;
    let told = |leg, bytes: Option<Blob>| message(2, Way::Call, leg, bytes);
    recorder.append(
        at,
        Event::Message(Box::new(told(Leg::CallSent, Some(call("inquiryPayment", INQUIRY))))),
    );
    recorder.append(at, Event::Message(Box::new(told(Leg::CallReceived, None))));
    let mut swallowed = told(Leg::AnswerSent, Some(answer(UNKNOWN)));
    swallowed.fault = Some("answer-swallowed".to_owned());
    recorder.append(at + 80, Event::Message(Box::new(swallowed)));
    recorder.append(at + 100, order(OrderState::Waiting));
    clean(&recorder, 3, Way::Call, BEGAN + 9000, call("inquiryPayment", INQUIRY), answer(SUCCESS));
    recorder.append(BEGAN + 9121, order(OrderState::Paid));
    let mut forged =
        message(4, Way::Notice, Leg::CallReceived, blob("POST /alipay/notify HTTP/1.1", NOTICE));
    forged.fault = Some("forged-notice".to_owned());
    forged.verified = Some(Verified::Wrong);
    recorder.append(BEGAN + 9500, Event::Message(Box::new(forged)));
    let refused = message(4, Way::Notice, Leg::AnswerSent, blob("HTTP/1.1 401 Unauthorized", ""));
    let refused = Message { verified: None, ..refused };
    recorder.append(BEGAN + 9501, Event::Message(Box::new(refused)));
    for (leg, bytes) in
        [(Leg::CallReceived, call("inquiryPayment", INQUIRY)), (Leg::AnswerSent, answer(SUCCESS))]
    {
        let own = Message { own: true, ..message(5, Way::Call, leg, bytes) };
        recorder.append(BEGAN + 19_500, Event::Message(Box::new(own)));
    }
    recorder.append(BEGAN + 19_600, Event::Wallet(WalletStatement::default()));
    recorder.append(BEGAN + 19_600, Event::Closed);
    recorder.take()
}

fn check(
    name: &str,
    party: Party,
    family: Family,
    state: CheckState,
    sentence: &str,
) -> CheckResult {
    let failed = state == CheckState::Failed;
    CheckResult {
        name: name.to_owned(),
        party,
        family,
        rule: "polls".to_owned(),
        state,
        sentence: sentence.to_owned(),
        sentence_zh: String::new(),
        expected: failed.then(|| w::AND_OTHERS.with(["an inquiry 3 s after the answer", "2"])),
        seen: failed.then(|| w::NOTHING.plain()),
        lines: if failed { vec![7, 9] } else { vec![3] },
        notes: vec![],
    }
}

/// An attempt with three checks.
pub(super) fn attempt(number: u32, outcome: Outcome) -> AttemptResult {
    let failed = outcome == Outcome::Failed;
    let state = if failed { CheckState::Failed } else { CheckState::Held };
    let broken = outcome == Outcome::Aborted;
    AttemptResult {
        origin: None,
        shows: vec![],
        redacted: 0,
        attempt: number,
        outcome,
        began: BEGAN,
        ended: BEGAN + 1118,
        blamed: failed.then_some(Party::Merchant).or(broken.then_some(Party::Gateway)),
        broken: broken.then(|| "the gateway closed the connection".into()),
        checks: vec![
            check("S1", Party::Merchant, Family::Content, CheckState::Held, "every call verifies"),
            check("1", Party::Merchant, Family::Sequence, state, "the merchant inquires every 3 s"),
            check(
                "2",
                Party::Gateway,
                Family::State,
                CheckState::NotJudged,
                "the buyer is debited once",
            ),
        ],
    }
}

/// A case with one run of the given attempts.
pub(super) fn case(
    id: &str,
    suite: &str,
    outcome: Outcome,
    attempts: Vec<AttemptResult>,
) -> CaseResult {
    let key: CaseKey = id.parse().unwrap();
    let reason = match outcome {
        Outcome::Failed => Some(w::AND_OTHERS.with(["no inquiry within 3 s", "1"])),
        Outcome::Skipped => Some(w::NOTHING.plain()),
        Outcome::Passed
        | Outcome::Unstable
        | Outcome::Error
        | Outcome::Aborted
        | Outcome::NeedsReview
        | Outcome::NotApplicable
        | Outcome::Disabled
        | Outcome::Planned
        | Outcome::Waived => None,
    };
    let runs =
        if attempts.is_empty() { vec![] } else { vec![RunResult { key, outcome, attempts }] };
    CaseResult {
        id: id.to_owned(),
        suite: suite.to_owned(),
        title: "No clear answer, then paid".to_owned(),
        title_zh: "结果未知，随后支付成功".to_owned(),
        mandatory: true,
        outcome,
        reason,
        runs,
    }
}

/// One case of every kind that looks different.
pub(crate) fn sample() -> Sample {
    let cases = vec![
        case("AMS-PAY-001", "payment", Outcome::Passed, vec![attempt(1, Outcome::Passed)]),
        case("AMS-PAY-004", "payment", Outcome::Failed, vec![attempt(1, Outcome::Failed)]),
        case(
            "AMS-PAY-005",
            "payment",
            Outcome::Unstable,
            vec![attempt(1, Outcome::Aborted), attempt(2, Outcome::Passed)],
        ),
        case("AMS-RFC-001", "refund-cancel", Outcome::NotApplicable, vec![]),
        case("AMS-RFC-020", "refund-cancel", Outcome::Skipped, vec![]),
        case("AMS-RFC-021", "refund-cancel", Outcome::Aborted, vec![attempt(1, Outcome::Aborted)]),
    ];
    let counts = Counts {
        mandatory: 6,
        mandatory_passed: 2,
        passed: 1,
        unstable: 1,
        failed: 1,
        broken: 1,
        open: 1,
        not_applicable: 1,
        redacted: 0,
    };
    let results = Results {
        conditions: vec![],
        format: FORMAT,
        suite_version: "2026.11.0".to_owned(),
        generation: "ams".to_owned(),
        products: vec!["order-code".to_owned(), "user-presented".to_owned()],
        verdict: Verdict::Rejected,
        grade: Grade::Rehearsal,
        reasons: vec![w::AND_OTHERS.with(["AMS-PAY-004", "1"])],
        counts,
        cases,
    };
    let mut header = Map::new();
    header.insert("format".to_owned(), Value::from(1));
    let cases = [("AMS-PAY-001", 1), ("AMS-PAY-004", 1), ("AMS-PAY-005", 2)];
    let cases = cases.map(|(key, attempt)| conversation(key, attempt)).into();
    let feature = "Feature: Payment\n\n  @AMS-PAY-004 @user-presented\n  Scenario: No clear answer\n    \
                   Given the wallet confirms after 25 s\n    When the cashier charges\n    \
                   Then the merchant inquires every 3 s\n";
    let rule = Rule {
        title: "Inquire every 3 s until the result is final".to_owned(),
        title_zh: String::new(),
        address: "https://docs.example/ams/inquiry#pace".to_owned(),
    };
    Sample {
        results,
        record: Record { header, cases, head: "d4".repeat(32) },
        features: vec![("features/ams/payment/unclear.feature".to_owned(), feature.to_owned())],
        rules: BTreeMap::from([("polls".to_owned(), rule)]),
        head: head(),
        strays: strays(),
    }
}

/// A browser that found the witness.
fn strays() -> Vec<Entry> {
    let asked = blob("GET /favicon.ico HTTP/1.1", "");
    let answered = blob("HTTP/1.1 404 Not Found", "");
    let legs = [(Leg::CallSent, asked), (Leg::AnswerSent, answered)];
    let entry = |(line, (leg, bytes)): (u32, _)| {
        let event = Event::Message(message(1, Way::Call, leg, bytes).into());
        Entry { line, at: BEGAN + i64::from(line), event }
    };
    (0..).zip(legs).map(entry).collect()
}

fn head() -> Head {
    let text = |text: &str| text.to_owned();
    Head {
        run_id: text("01JDZ8T5W0K5Q3Y2H8V7M4N6P0"),
        started: text("2026-11-21T19:00:00Z"),
        finished: text("2026-11-21T19:03:12Z"),
        tool_version: text("0.1.0"),
        gateway: text("embedded sandbox"),
        environment: text("embedded-sandbox"),
        simulated: true,
        client_id: text("SANDBOX_5Y00000000000001"),
        partner: text("2088000000000001"),
        merchant_driver: text("reference"),
        one_at_a_time: false,
        rules: vec![],
        integrator: text("ACME Pay"),
        profile: text("built in"),
        seed: text("20260105"),
        challenge: String::new(),
        suite_digest: "5f".repeat(32),
        sign_type: text("RSA2"),
        gateway_key: "a1".repeat(32),
        merchant_key: "b2".repeat(32),
        report_key: "c3".repeat(32),
        partial: false,
        share: String::new(),
        parts: vec![],
    }
}

/// Puts a text into every place that others fill.
pub(super) fn spoil(sample: &mut Sample, text: &str) {
    let phrase = || Phrase { says: "NO_SUCH_SENTENCE".to_owned(), of: vec![w::Place::value(text)] };
    sample.results.reasons = vec![phrase()];
    sample.results.suite_version = text.to_owned();
    sample.results.products = vec![text.to_owned()];
    for case in &mut sample.results.cases {
        case.title = text.to_owned();
        case.title_zh = text.to_owned();
        case.reason = Some(phrase());
        for attempt in case.runs.iter_mut().flat_map(|run| &mut run.attempts) {
            attempt.broken = attempt.broken.as_ref().map(|_| text.into());
            for check in &mut attempt.checks {
                check.name = text.to_owned();
                check.rule = text.to_owned();
                check.sentence = text.to_owned();
                check.notes = vec![phrase()];
                check.expected = check.expected.as_ref().map(|_| phrase());
                check.seen = check.seen.as_ref().map(|_| phrase());
            }
        }
    }
    let recorded = sample.record.cases.iter_mut().flat_map(|case| &mut case.entries);
    for entry in recorded.chain(&mut sample.strays) {
        match &mut entry.event {
            Event::Message(message) => {
                message.fault = message.fault.as_ref().map(|_| text.to_owned());
                if let Some(blob) = &mut message.bytes {
                    blob.head = format!("POST /{text} HTTP/1.1\r\nX: {text}\r\n\r\n").into_bytes();
                    let quoted = serde_json::to_string(text).unwrap();
                    let body = format!(
                        "{{\"paymentRequestId\":{quoted},\"result\":{{\"resultStatus\":{quoted},\
                         \"resultCode\":{quoted}}}}}"
                    );
                    blob.body = body.into_bytes();
                }
            }
            Event::Arranged { what, facts } | Event::Did { what, facts } => {
                *what = text.to_owned();
                facts.insert(text.to_owned(), Value::from(text));
            }
            Event::Order(view) => view.order = text.to_owned(),
            Event::Merchant(view) => view.id = text.to_owned(),
            Event::Reconciliation { view } => {
                view.files.iter_mut().for_each(|file| text.clone_into(&mut file.name));
            }
            Event::Wallet(_) | Event::Broken { .. } | Event::Closed => {}
        }
    }
    let rule = Rule { title: text.to_owned(), title_zh: text.to_owned(), address: text.to_owned() };
    sample.rules = BTreeMap::from([(text.to_owned(), rule)]);
    let scenario = format!("Feature: x\n  @AMS-PAY-004\n  Scenario: {text}\n");
    sample.features = vec![(text.to_owned(), scenario)];
    let started = sample.head.started.clone();
    for field in [&mut sample.head.run_id, &mut sample.head.gateway, &mut sample.head.client_id] {
        text.clone_into(field);
    }
    sample.head.started = started;
}
