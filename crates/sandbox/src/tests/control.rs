//! The control API: rules, errors, clock and log.

use clock::Clock;
use protocol::ams::Api;
use serde_json::{Value, json};
use wire::Call;

use super::{Rig, pays, result, scanned, shown};

fn post(path: &str, body: &str) -> Call {
    Call::post(format!("/_sandbox/{path}"), body.to_owned())
}

#[tokio::test]
async fn a_rule_answers_instead_of_the_ledger_or_after_it() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    let rule = |body: Value| rig.post("rules", body);
    rule(json!({ "api": "pay", "code": "UNKNOWN_EXCEPTION", "times": 1 })).await;
    let rejects = json!({
        "api": "pay", "code": "NEVER_HEARD", "status": "U", "process": true, "times": 1,
    });
    rule(rejects).await;
    rule(json!({ "api": "inquiryPayment", "code": "PROCESS_FAIL", "after_answers": 1 })).await;
    let pay = scanned("P1", "USD 12.31", &code);
    let answer = rig.ask(Api::Pay, &pay).await;
    assert_eq!(result(&answer), "U UNKNOWN_EXCEPTION");
    assert!(answer.text("paymentId").is_none());
    assert_eq!(result(&rig.inquire("P1").await), "F ORDER_NOT_EXIST");
    assert_eq!(result(&rig.ask(Api::Pay, &pay).await), "U NEVER_HEARD");
    assert_eq!(rig.moved().await, (vec![1231], vec![]));
    for _ in 0..3 {
        assert_eq!(result(&rig.inquire("P1").await), "F PROCESS_FAIL");
    }
    let cleared = rig.control(delete("rules")).await;
    assert_eq!(cleared.0, 200);
    assert_eq!(rig.status("P1").await, "SUCCESS");
    rule(json!({ "api": "cancel", "code": "SOMETHING_NEW" })).await;
    assert_eq!(result(&rig.cancel("P1").await), "F SOMETHING_NEW");
}

fn delete(path: &str) -> Call {
    Call::delete(format!("/_sandbox/{path}"))
}

#[tokio::test]
async fn bad_control_input_is_refused_with_what_was_expected() {
    let rig = Rig::new().await;
    rig.wallet(pays()).await;
    for (path, body, status, expected) in [
        ("wallets", "{", 400, "EOF"),
        ("wallets", r#"{"currency":"usd"}"#, 400, "three capital letters"),
        ("wallets", r#"{"currency":"XAU"}"#, 400, "no wallet holds XAU"),
        ("wallets", r#"{"balance":-5}"#, 400, "of 0 or more"),
        ("wallets", r#"{"money":1}"#, 400, "expected one of `currency`, `balance`, `mood`"),
        ("wallets", r#"{"mood":{"kind":"sulks"}}"#, 400, "expected `pays` or `asks`"),
        ("wallets/w1/mood", r#"{"kind":"asks","decides":"maybe"}"#, 400, "`approve`, `decline`"),
        ("wallets/w1/codes", r#"{"digits":9}"#, 400, "at least 8 after the prefix"),
        ("wallets/w1/codes", r#"{"prefix":"x"}"#, 400, "a prefix of digits"),
        ("wallets/w1/codes", r#"{"value":""}"#, 400, "1 to 128 characters"),
        ("wallets/w1/codes", r#"{"life":0}"#, 400, "a life of 1 ms to one day"),
        ("wallets/w1/codes", r#"{"life":86400001}"#, 400, "a life of 1 ms to one day"),
        ("wallets/w1/top-up", r#"{"minor":-1}"#, 400, "expected u64"),
        ("wallets/w1/scan", "", 400, "missing field `code`"),
        ("wallets/w1/confirm", "{}", 400, "missing field `paymentRequestId`"),
        ("wallets/w2/confirm", r#"{"paymentRequestId":"P1"}"#, 404, "no wallet w2"),
        ("wallets/w0/scan", r#"{"code":"x"}"#, 404, "no wallet w0"),
        ("wallets/w1/burn", "{}", 404, "no 'burn'"),
        ("refunds", "{}", 400, "missing field `after`"),
        ("refunds", r#"{"after":1,"ends":"later"}"#, 400, "`success` or `fail`"),
        ("rules", r#"{"api":"pay","code":"X","status":"X"}"#, 400, "expected one of `S`, `F`, `U`"),
        ("notices", r#"{"url":"/n","body":{}}"#, 400, "an absolute http URL"),
        ("notices", r#"{"url":"http://x/","body":[]}"#, 400, "a JSON object"),
        ("clock", r#"{"advance":1}"#, 400, "moved by its stage"),
        ("statement", "{}", 404, "no POST /_sandbox/statement"),
        ("", "{}", 404, "no POST /_sandbox/"),
    ] {
        let (seen, answer) = rig.control(post(path, body)).await;
        assert_eq!(seen, status, "{path} {body}");
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains(expected), "{path} {body}: {error}");
    }
    let (_, answer) = rig.control(post("wallets/w1/codes", r#"{"value":"X"}"#)).await;
    assert_eq!(answer["code"], "X");
    let expires = answer["expires"].as_i64().unwrap();
    let (_, longer) = rig.control(post("wallets/w1/codes", r#"{"life":900000}"#)).await;
    assert_eq!(longer["expires"].as_i64().unwrap() - expires, 900_000 - 60_000);
    let (status, _) = rig.control(post("wallets/w1/codes", r#"{"value":"X"}"#)).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_token_is_demanded_where_one_is_set() {
    let rig = Rig::build(|terms| terms.control_token = Some("secret".into()), None).await;
    let look = || Call::get("/_sandbox/clock");
    for call in [look(), look().header("x-control-token", "Secret")] {
        assert_eq!(rig.control(call).await.0, 401);
    }
    let (status, clock) = rig.control(look().header("x-control-token", "secret")).await;
    assert_eq!(
        (status, clock),
        (200, json!({ "next": null, "now": super::start(), "simulated": true }))
    );
    assert!(!format!("{:?}", rig.tenant).contains("secret"));
}

#[tokio::test]
async fn a_real_clock_is_moved_by_hand() {
    let rig = Rig::new().await;
    let terms = rig.tenant.terms().clone();
    let tenant = crate::Tenant::new(crate::Terms { latency: 0, ..terms }, Clock::real(), 1);
    let server = tenant.listen(wire::loopback().await.unwrap()).unwrap();
    let client = wire::Client::new();
    let send = async |call| {
        let answer = client.send(server.address(), "gateway.test", call).await.unwrap();
        serde_json::from_slice::<Value>(&answer.body).unwrap()
    };
    let before = send(Call::get("/_sandbox/clock")).await;
    assert_eq!(before["simulated"], false);
    let after = send(post("clock", r#"{"advance":3600000}"#)).await;
    assert!(after["now"].as_i64().unwrap() >= before["now"].as_i64().unwrap() + 3_600_000);
    let wrong = send(post("clock", r#"{"advance":-1}"#)).await;
    assert!(wrong["error"].as_str().unwrap().contains("from 0 to ten years"));
}

#[tokio::test]
async fn the_log_keeps_the_last_hundred_exchanges() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    rig.pass(1_000).await;
    let log = rig.see("log").await;
    let log = log.as_array().unwrap();
    let seen: Vec<_> = log.iter().map(|line| (&line["way"], &line["code"])).collect();
    let expected =
        [("call", "SUCCESS"), ("notice", "acknowledged")].map(|(w, c)| (json!(w), json!(c)));
    assert_eq!(seen, expected.iter().map(|(way, code)| (way, code)).collect::<Vec<_>>());
    assert_eq!(log[0]["target"], Api::Pay.path(super::CLIENT));
    assert!(log[0]["request"].as_str().unwrap().contains("\"P1\""));
    assert!(log[1]["answer"].as_str().unwrap().contains("resultStatus"));
    for _ in 0..100 {
        rig.inquire("P9").await;
    }
    let log = rig.see("log").await;
    assert_eq!(log.as_array().unwrap().len(), 100);
    assert_eq!(log[0]["code"], "ORDER_NOT_EXIST");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids() {
    let ids = async || {
        let rig = Rig::new().await;
        let code = rig.wallet(pays()).await;
        let paid = rig.ask(Api::Pay, &scanned("P1", "USD 1", &code)).await;
        let asked = rig.ask(Api::Pay, &shown("P2", "USD 1")).await;
        (code, paid, asked)
    };
    assert_eq!(ids().await, ids().await);
}
