//! The buyer's code is scanned.

use protocol::ams::{Api, inquiry_body};
use protocol::parse_time;
use serde_json::json;

use super::{Rig, asks, pays, result, scanned, start};

#[tokio::test]
async fn a_wallet_that_pays_is_debited_once() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    let answer = rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    assert_eq!(result(&answer), "S SUCCESS");
    assert_eq!(answer.text("paymentAmount.value").as_deref(), Some("1231"));
    assert_eq!(answer.text("actualPaymentAmount.currency").as_deref(), Some("USD"));
    assert_eq!(answer.text("paymentTime").as_deref(), Some("2026-01-05T10:00:00+08:00"));
    assert!(answer.text("paymentStatus").is_none());
    let id = answer.text("paymentId").unwrap();
    assert!(id.len() == 35 && id.starts_with("20260105"), "{id}");
    assert_eq!(rig.clock.now(), start() + super::LATENCY);
    assert_eq!(rig.moved().await, (vec![1231], vec![]));

    // The gateway's id wins over a wrong one of the merchant's.
    let asked = rig.ask(Api::InquiryPayment, &inquiry_body(Some("other"), Some(&id))).await;
    assert_eq!(asked.text("paymentStatus").as_deref(), Some("SUCCESS"));
    assert_eq!(asked.text("paymentRequestId").as_deref(), Some("P1"));
    assert_eq!(result(&rig.inquire("P2").await), "F ORDER_NOT_EXIST");
}

#[tokio::test]
async fn a_buyer_who_is_asked_approves_in_time() {
    let rig = Rig::new().await;
    let code = rig.wallet(asks("approve", 12_000)).await;
    let answer = rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    assert_eq!(result(&answer), "U PAYMENT_IN_PROCESS");
    assert!(answer.text("paymentTime").is_none());
    rig.until(start() + 11_800).await;
    assert_eq!(rig.status("P1").await, "PROCESSING");
    assert_eq!(rig.moved().await, (vec![], vec![]));
    rig.until(start() + 12_000).await;
    let asked = rig.inquire("P1").await;
    assert_eq!(asked.text("paymentStatus").as_deref(), Some("SUCCESS"));
    assert_eq!(parse_time(&asked.text("paymentTime").unwrap()), Some(start() + 12_000));
    assert_eq!(rig.moved().await, (vec![1231], vec![]));
    let again = rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    assert_eq!(result(&again), "S SUCCESS");
}

#[tokio::test]
async fn a_buyer_who_declines_ends_the_payment() {
    let rig = Rig::new().await;
    let code = rig.wallet(asks("decline", 8_000)).await;
    rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    rig.pass(8_000).await;
    let asked = rig.inquire("P1").await;
    assert_eq!(result(&asked), "S SUCCESS");
    assert_eq!(asked.text("paymentStatus").as_deref(), Some("FAIL"));
    let code_of_failure = asked.text("paymentResultCode").unwrap();
    let again = rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    assert_eq!(result(&again), format!("F {code_of_failure}"));
    let late = rig.post("wallets/w1/confirm", json!({ "paymentRequestId": "P1" })).await;
    assert_eq!(late["accepted"], false);
    rig.pass(60_000).await;
    assert!(rig.notices.lock().is_empty());
    assert_eq!(rig.moved().await, (vec![], vec![]));
}

#[tokio::test]
async fn a_repeated_call_gets_the_same_payment() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    let first = rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    rig.pass(90_000).await;
    let again = rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    assert_eq!(again, first);
    let other = rig.code(json!({})).await;
    for body in [
        scanned("P1", "USD 12.32", &code),
        scanned("P1", "EUR 12.31", &code),
        scanned("P1", "USD 12.31", &other),
        super::shown("P1", "USD 12.31"),
    ] {
        let answer = rig.ask(Api::Pay, &body).await;
        assert_eq!(result(&answer), "F REPEAT_REQ_INCONSISTENT");
    }
    assert_eq!(rig.moved().await, (vec![1231], vec![]));
    assert_eq!(rig.see("payments").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn codes_live_a_minute_and_are_used_once() {
    let rig = Rig::new().await;
    let used = rig.wallet(pays()).await;
    rig.ask(Api::Pay, &scanned("P1", "USD 1", &used)).await;
    let old = rig.code(json!({})).await;
    rig.pass(59_000).await;
    let fresh = rig.code(json!({})).await;
    rig.pass(1_000).await;
    for (id, code, expected) in [
        ("P2", used.as_str(), "F INVALID_PAYMENT_CODE"),
        ("P3", &old, "F EXPIRED_CODE"),
        ("P4", "288888888888888888", "F INVALID_PAYMENT_CODE"),
        ("P5", &fresh, "S SUCCESS"),
    ] {
        for _ in 0..2 {
            let answer = rig.ask(Api::Pay, &scanned(id, "USD 1", code)).await;
            assert_eq!(result(&answer), expected, "{id}");
        }
    }
    assert_eq!(rig.status("P2").await, "FAIL");
    assert_eq!(rig.moved().await, (vec![100, 100], vec![]));
}

#[tokio::test]
async fn only_codes_of_the_published_form_are_taken_unless_given_out_verbatim() {
    let rig = Rig::new().await;
    rig.wallet(pays()).await;
    let mut number = 0;
    for (form, expected) in [
        (json!({ "prefix": "25", "digits": 16 }), "S SUCCESS"),
        (json!({ "prefix": "30", "digits": 24 }), "S SUCCESS"),
        (json!({ "value": "GCASH-7" }), "S SUCCESS"),
        (json!({ "prefix": "24" }), "F INVALID_PAYMENT_CODE"),
        (json!({ "prefix": "31" }), "F INVALID_PAYMENT_CODE"),
        (json!({ "digits": 15 }), "F INVALID_PAYMENT_CODE"),
        (json!({ "digits": 25 }), "F INVALID_PAYMENT_CODE"),
    ] {
        number += 1;
        let code = rig.code(form).await;
        let answer = rig.ask(Api::Pay, &scanned(&format!("P{number}"), "USD 1", &code)).await;
        assert_eq!(result(&answer), expected, "{code}");
    }
}

#[tokio::test]
async fn money_has_to_be_there_in_the_right_currency() {
    let rig = Rig::new().await;
    rig.post("wallets", json!({ "currency": "JPY", "balance": 1000 })).await;
    let mut number = 0;
    for (price, expected) in [
        ("JPY 1,001", "F USER_BALANCE_NOT_ENOUGH"),
        ("USD 1", "F CURRENCY_NOT_SUPPORT"),
        ("JPY 1,000", "S SUCCESS"),
        ("JPY 1", "F USER_BALANCE_NOT_ENOUGH"),
    ] {
        number += 1;
        let code = rig.code(json!({})).await;
        let answer = rig.ask(Api::Pay, &scanned(&format!("P{number}"), price, &code)).await;
        assert_eq!(result(&answer), expected, "{price}");
    }
    assert_eq!(rig.moved().await, (vec![1000], vec![]));
    assert_eq!(rig.post("wallets/w1/top-up", json!({ "minor": 5 })).await["balance"], 5);
}

#[tokio::test]
async fn what_is_missing_or_ill_formed_makes_no_order() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    let cases = [
        ("/paymentAmount/value", json!("0")),
        ("/paymentAmount/value", json!("-1")),
        ("/paymentAmount/value", json!("12.31")),
        ("/paymentAmount/currency", json!("US")),
        ("/paymentAmount", json!(null)),
        ("/paymentExpiryTime", json!("2026-01-05T11:00:00")),
        ("/paymentExpiryTime", json!("2026-01-05T09:00:00+08:00")),
        ("/order/orderDescription", json!("x".repeat(257))),
        ("/paymentRequestId", json!("P".repeat(65))),
        ("/paymentRequestId", json!("")),
        ("/productCode", json!("AGREEMENT_PAYMENT")),
        ("/paymentMethod/paymentMethodId", json!("")),
        ("/paymentFactor/inStorePaymentScenario", json!("EntryCode")),
        ("/paymentNotifyUrl", json!("merchant.test/notify")),
    ];
    for (path, value) in cases {
        let mut body = scanned("P1", "USD 12.31", &code);
        body["paymentExpiryTime"] = json!("2026-01-05T11:00:00+08:00");
        *body.pointer_mut(path).unwrap() = value.clone();
        let answer = rig.ask(Api::Pay, &body).await;
        assert_eq!(result(&answer), "F PARAM_ILLEGAL", "{path} {value}");
    }
    assert_eq!(rig.see("payments").await, json!([]));
    // The oddities of real clients are none of these.
    let mut body = scanned("12345", "USD 12.31", &code);
    body["paymentRequestId"] = json!(12345);
    body["paymentAmount"]["value"] = json!(1231);
    body["paymentFactor"]["inStorePaymentScenario"] = json!("PAYMENTCODE");
    body["order"]["referenceOrderId"] = json!("");
    assert_eq!(result(&rig.ask(Api::Pay, &body).await), "S SUCCESS");
}

#[tokio::test]
async fn switches_demand_store_and_address() {
    let shape = |terms: &mut crate::Terms| {
        terms.switches.store_required = true;
        terms.switches.notify_url_required = true;
    };
    let rig = Rig::build(shape, None).await;
    let code = rig.wallet(pays()).await;
    for path in ["/order/merchant", "/order/merchant/store", "/order/env", "/paymentNotifyUrl"] {
        let mut body = scanned("P1", "USD 12.31", &code);
        *body.pointer_mut(path).unwrap() = json!(null);
        assert_eq!(result(&rig.ask(Api::Pay, &body).await), "F PARAM_ILLEGAL", "{path}");
    }
    let answer = rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    assert_eq!(result(&answer), "S SUCCESS");
}
