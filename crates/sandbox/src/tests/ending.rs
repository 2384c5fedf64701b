//! Cancel and expiry.

use protocol::ams::{Api, inquiry_body};
use protocol::parse_time;
use serde_json::json;

use super::{Rig, asks, pays, result, scanned, shown, start};

#[tokio::test]
async fn a_cancel_before_the_payment_shuts_the_buyer_out() {
    let rig = Rig::new().await;
    let code = rig.wallet(asks("approve", 30_000)).await;
    rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    let done = rig.cancel("P1").await;
    assert_eq!(result(&done), "S SUCCESS");
    let cancel_time = done.text("cancelTime").unwrap();
    assert!(parse_time(&cancel_time).is_some());
    rig.pass(30_000).await;
    let late = rig.post("wallets/w1/confirm", json!({ "paymentRequestId": "P1" })).await;
    assert_eq!(late["why"], "ORDER_IS_CANCELED");
    assert_eq!(rig.status("P1").await, "CANCELLED");
    assert_eq!(rig.cancel("P1").await.text("cancelTime"), Some(cancel_time));
    for price in ["USD 12.31", "USD 12.32"] {
        let answer = rig.ask(Api::Pay, &scanned("P1", price, &code)).await;
        assert_eq!(result(&answer), "F ORDER_IS_CANCELED");
    }
    assert_eq!(rig.moved().await, (vec![], vec![]));
}

#[tokio::test]
async fn a_cancel_after_the_payment_gives_the_money_back_once() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
    rig.cancel("P1").await;
    rig.cancel("P1").await;
    assert_eq!(rig.moved().await, (vec![1231], vec![1231]));
    let asked = rig.inquire("P1").await;
    assert_eq!(asked.text("paymentStatus").as_deref(), Some("CANCELLED"));
    assert!(asked.text("paymentTime").is_none());
    // The news of the success is still sent as it was.
    rig.pass(2_000).await;
    let notices = rig.notices.lock().clone();
    assert_eq!(notices.len(), 1);
    assert_eq!(result(&notices[0].fields), "S SUCCESS");
}

#[tokio::test]
async fn the_cancel_window_ends_a_quarter_past_midnight() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    rig.until(parse_time("2026-01-05T23:50:00+08:00").unwrap()).await;
    let other = rig.code(json!({})).await;
    let expired = rig.ask(Api::Pay, &scanned("P0", "USD 1", &code)).await;
    assert_eq!(result(&expired), "F EXPIRED_CODE");
    rig.ask(Api::Pay, &scanned("P1", "USD 1", &other)).await;
    let third = rig.code(json!({})).await;
    rig.ask(Api::Pay, &scanned("P2", "USD 1", &third)).await;
    rig.until(parse_time("2026-01-06T00:14:59+08:00").unwrap()).await;
    assert_eq!(result(&rig.cancel("P1").await), "S SUCCESS");
    rig.until(parse_time("2026-01-06T00:15:01+08:00").unwrap()).await;
    assert_eq!(result(&rig.cancel("P2").await), "F CANCEL_WINDOW_EXCEED");
    assert_eq!(rig.status("P2").await, "SUCCESS");
    // A repeated cancel is answered as before, however late, and so is that of a failed payment.
    assert_eq!(result(&rig.cancel("P1").await), "S SUCCESS");
    assert_eq!(result(&rig.cancel("P0").await), "S SUCCESS");
    assert_eq!(rig.status("P0").await, "FAIL");
}

#[tokio::test]
async fn a_cancel_of_nothing_is_refused() {
    let rig = Rig::new().await;
    assert_eq!(result(&rig.cancel("P1").await), "F ORDER_NOT_EXIST");
    let unknown = inquiry_body(None, Some("20260105"));
    assert_eq!(result(&rig.ask(Api::Cancel, &unknown).await), "F ORDER_NOT_EXIST");
    assert_eq!(result(&rig.ask(Api::Cancel, &json!({})).await), "F PARAM_ILLEGAL");
    assert_eq!(result(&rig.inquire("P1").await), "F ORDER_NOT_EXIST");
}

#[tokio::test]
async fn an_expired_payment_is_closed_to_the_millisecond() {
    let rig = Rig::new().await;
    let code = rig.wallet(asks("ignore", 0)).await;
    rig.ask(Api::Pay, &scanned("P1", "USD 1", &code)).await;
    rig.ask(Api::Pay, &shown("P2", "USD 1")).await;
    let mut body = shown("P3", "USD 1");
    body["paymentExpiryTime"] = json!("2026-01-05T10:01:00+08:00");
    let answer = rig.ask(Api::Pay, &body).await;
    let code = answer.text("orderCodeForm.codeDetails.0.codeValue").unwrap();
    rig.post("wallets/w1/scan", json!({ "code": code })).await;
    let states = async |instant| {
        rig.until(instant).await;
        let payments = rig.see("payments").await;
        let states: Vec<_> =
            payments.as_array().unwrap().iter().map(|payment| payment["status"].clone()).collect();
        json!(states)
    };
    let open = "PROCESSING";
    assert_eq!(states(start() + 59_999).await, json!([open, open, open]));
    assert_eq!(states(start() + 60_000).await, json!([open, open, "FAIL"]));
    let late = rig.post("wallets/w1/confirm", json!({ "paymentRequestId": "P3" })).await;
    assert_eq!(late["why"], "ORDER_IS_CLOSED");
    assert_eq!(states(start() + 180_099).await, json!([open, open, "FAIL"]));
    assert_eq!(states(start() + 180_100).await, json!([open, "FAIL", "FAIL"]));
    assert_eq!(states(start() + 599_999).await, json!([open, "FAIL", "FAIL"]));
    assert_eq!(states(start() + 600_000).await, json!(["FAIL", "FAIL", "FAIL"]));
    let asked = rig.inquire("P3").await;
    assert_eq!(asked.text("paymentResultCode").as_deref(), Some("ORDER_IS_CLOSED"));
    assert_eq!(result(&rig.ask(Api::Pay, &body).await), "F ORDER_IS_CLOSED");
    assert_eq!(result(&rig.ask(Api::Pay, &shown("P2", "USD 1")).await), "F ORDER_IS_CLOSED");
}
