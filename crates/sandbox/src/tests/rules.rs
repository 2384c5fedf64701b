//! Answers on demand: every result code at every call, and every way in which an answer can go
//! wrong on its way.

use protocol::ams::{Api, KNOWN_CODES, Verified};
use serde_json::{Value, json};
use wire::Call;

use super::{CLIENT, LATENCY, Rig, judge, pays, result, scanned, signed};
use crate::rules::{Called, asking_field};

#[tokio::test]
async fn every_known_code_can_be_had_at_every_call() {
    let rig = Rig::new().await;
    for api in Api::ALL {
        for code in KNOWN_CODES {
            rig.post("rules", json!({ "api": api.name(), "code": code.name, "times": 1 })).await;
            let answer = rig.ask(api, &json!({})).await;
            let expected = format!("{} {}", code.status.letter(), code.name);
            assert_eq!(result(&answer), expected, "{}", api.name());
        }
    }
}

/// The value at a path such as `order.orderDescription`, as the body of a call.
fn at(path: &str, value: &str) -> Value {
    path.rsplit('.').fold(json!(value), |inner, name| json!({ name: inner }))
}

/// Who asks in words has the code, whichever it is, and nobody else does: so testers do not meet.
#[tokio::test]
async fn every_known_code_can_be_asked_for_in_words_at_every_call() {
    let rig = Rig::new().await;
    drop(rig.tenant.clone().answering_words());
    for api in Api::ALL {
        let field = asking_field(Called::Ams(api));
        for code in KNOWN_CODES {
            let answer = rig.ask(api, &at(field, &format!("mock:{}", code.name))).await;
            let expected = format!("{} {}", code.status.letter(), code.name);
            assert_eq!(result(&answer), expected, "{}", api.name());
        }
        let other = rig.ask(api, &at(field, "RISK_REJECT")).await;
        assert!(!result(&other).contains("RISK_REJECT"), "{}", api.name());
    }
}

/// What became of a call.
#[derive(Debug, PartialEq)]
enum Came {
    Answer(u16, Verified),
    Page(u16),
    Closed,
}

async fn pay_once(rig: &Rig, body: &Value) -> Came {
    let call = signed(&Api::Pay.path(CLIENT), body.to_string().as_bytes());
    match rig.try_send(call).await {
        None => Came::Closed,
        Some(answer) if answer.status != 200 => Came::Page(answer.status),
        Some(answer) => Came::Answer(200, judge(&Api::Pay.path(CLIENT), &answer)),
    }
}

#[tokio::test]
async fn an_answer_can_go_wrong_in_every_way_before_the_money_moved_or_after() {
    for (rule, came, debits) in [
        (json!({ "http": 502 }), Came::Page(502), 0),
        (json!({ "http": 503, "process": true }), Came::Page(503), 1),
        (json!({ "drop": "before" }), Came::Closed, 0),
        (json!({ "drop": "after" }), Came::Closed, 1),
        (json!({ "signature": "wrong" }), Came::Answer(200, Verified::Wrong), 1),
        (json!({ "signature": "missing" }), Came::Answer(200, Verified::Unsigned), 1),
        (json!({ "code": "SUCCESS", "signature": "wrong" }), Came::Answer(200, Verified::Wrong), 0),
        (json!({ "delay": 7_000 }), Came::Answer(200, Verified::Valid), 1),
        (json!({ "malformed": true }), Came::Answer(200, Verified::Wrong), 1),
    ] {
        let rig = Rig::new().await;
        let code = rig.wallet(pays()).await;
        let mut whole = rule.clone();
        whole["api"] = json!("pay");
        whole["times"] = json!(1);
        rig.post("rules", whole).await;
        let began = rig.clock.now();
        let pay = scanned("P1", "USD 12.31", &code);
        assert_eq!(pay_once(&rig, &pay).await, came, "{rule}");
        let delay = rule["delay"].as_i64().unwrap_or(0);
        assert_eq!(rig.clock.now() - began, LATENCY + delay, "{rule}");
        assert_eq!(rig.moved().await.0.len(), debits, "{rule}");
        // Once was asked for.
        assert_eq!(pay_once(&rig, &pay).await, Came::Answer(200, Verified::Valid), "{rule}");
        assert_eq!(rig.moved().await.0.len(), 1, "{rule}");
    }
}

#[tokio::test]
async fn a_rule_meets_one_value_and_ends_when_it_should() {
    let rig = Rig::new().await;
    rig.wallet(pays()).await;
    let until = rig.clock.now() + 60_000;
    let field = json!({ "path": "paymentAmount.value", "is": "666" });
    let rule = json!({ "api": "pay", "code": "RISK_REJECT", "field": field, "until": until });
    rig.post("rules", rule).await;
    let mut told = vec![];
    for (number, price) in ["USD 6.66", "USD 6.67", "USD 6.66"].into_iter().enumerate() {
        if number == 2 {
            rig.pass(60_000).await;
        }
        let code = rig.code(json!({})).await;
        let pay = scanned(&format!("P{number}"), price, &code);
        told.push(result(&rig.ask(Api::Pay, &pay).await));
    }
    assert_eq!(told, ["F RISK_REJECT", "S SUCCESS", "S SUCCESS"]);
}

#[tokio::test]
async fn a_rule_that_contradicts_itself_is_refused() {
    let rig = Rig::new().await;
    for (rule, expected) in [
        (
            json!({ "api": "pay", "code": "X", "http": 500 }),
            "one of 'code', 'http', 'drop' and 'malformed'",
        ),
        (
            json!({ "api": "pay", "drop": "after", "http": 500 }),
            "one of 'code', 'http', 'drop' and 'malformed'",
        ),
        (json!({ "api": "pay", "http": 500, "malformed": true }), "'drop' and 'malformed'"),
        (json!({ "api": "pay", "code": "X", "minutes": 31 }), "30, 60, 90 or 120"),
        (json!({ "api": "pay", "code": "X", "minutes": 30, "until": 1 }), "no 'until'"),
        (json!({ "api": "pay", "status": "S" }), "'code' beside 'status'"),
        (json!({ "api": "pay", "http": 99 }), "200 to 599"),
        (json!({ "api": "pay", "delay": -1 }), "0 or more"),
        (json!({ "api": "pay", "drop": "never" }), "`before` or `after`"),
        (json!({ "api": "capture", "code": "X" }), "expected one of `pay`"),
    ] {
        let call = Call::post("/_sandbox/rules", rule.to_string());
        let (status, told) = rig.control(call).await;
        let told = told["error"].as_str().unwrap().to_owned();
        assert_eq!(status, 400, "{rule}");
        assert!(told.contains(expected), "{rule}: {told}");
    }
}
