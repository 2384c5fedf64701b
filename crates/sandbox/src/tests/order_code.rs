//! The buyer scans what the till shows.

use protocol::ams::Api;
use protocol::parse_time;
use serde_json::json;

use super::{Rig, asks, pays, result, shown, start};

#[tokio::test]
async fn a_code_is_shown_scanned_and_confirmed() {
    let rig = Rig::new().await;
    rig.wallet(asks("approve", 6_000)).await;
    let first = rig.ask(Api::Pay, &shown("P1", "USD 12.31")).await;
    assert_eq!(result(&first), "S SUCCESS");
    let expires = first.text("orderCodeForm.expireTime").unwrap();
    assert_eq!(parse_time(&expires), Some(start() + 180_000));
    let code = first.text("orderCodeForm.codeDetails.0.codeValue").unwrap();
    assert!(code.starts_with("https://gqr.alipay.com/28"), "{code}");
    let drawn = &code["https://gqr.alipay.com/".len()..];
    assert!(drawn.contains(char::is_uppercase) && drawn.contains(char::is_lowercase), "{code}");
    assert_eq!(rig.status("P1").await, "PROCESSING");
    // The same request again gives the same code, before and after the payment.
    assert_eq!(rig.ask(Api::Pay, &shown("P1", "USD 12.31")).await, first);

    let nobody = rig.post("wallets/w1/confirm", json!({ "paymentRequestId": "P1" })).await;
    assert_eq!(nobody["accepted"], false);
    rig.until(start() + 4_000).await;
    let scan = rig.post("wallets/w1/scan", json!({ "code": code })).await;
    assert_eq!(scan, json!({ "accepted": true, "why": null, "paymentRequestId": "P1" }));
    rig.until(start() + 9_800).await;
    assert_eq!(rig.status("P1").await, "PROCESSING");
    rig.until(start() + 10_000).await;
    assert_eq!(rig.status("P1").await, "SUCCESS");
    assert_eq!(rig.ask(Api::Pay, &shown("P1", "USD 12.31")).await, first);
    let late = rig.post("wallets/w1/scan", json!({ "code": code })).await;
    assert_eq!(late["why"], "ORDER_STATUS_INVALID");
    assert_eq!(rig.moved().await, (vec![1231], vec![]));
    rig.pass(1_000).await;
    assert_eq!(rig.notices.lock().len(), 1);
}

#[tokio::test]
async fn a_wallet_that_pays_needs_the_scan_alone() {
    let rig = Rig::new().await;
    rig.wallet(pays()).await;
    let answer = rig.ask(Api::Pay, &shown("P1", "USD 12.31")).await;
    let code = answer.text("orderCodeForm.codeDetails.0.codeValue").unwrap();
    let unknown = rig.post("wallets/w1/scan", json!({ "code": "https://gqr.alipay.com/28" })).await;
    assert_eq!(
        unknown,
        json!({ "accepted": false, "why": "ORDER_NOT_EXIST", "paymentRequestId": null })
    );
    rig.post("wallets/w1/scan", json!({ "code": code })).await;
    assert_eq!(rig.status("P1").await, "SUCCESS");
}

#[tokio::test]
async fn a_prompt_is_confirmed_or_declined_by_hand() {
    let rig = Rig::new().await;
    rig.wallet(asks("ignore", 0)).await;
    for (id, act, status) in [("P1", "confirm", "SUCCESS"), ("P2", "decline", "FAIL")] {
        let answer = rig.ask(Api::Pay, &shown(id, "USD 12.31")).await;
        let code = answer.text("orderCodeForm.codeDetails.0.codeValue").unwrap();
        rig.post("wallets/w1/scan", json!({ "code": code })).await;
        let body = json!({ "paymentRequestId": id });
        let done = rig.post(&format!("wallets/w1/{act}"), body.clone()).await;
        assert_eq!(done["accepted"], true);
        assert_eq!(rig.status(id).await, status);
        let again = rig.post(&format!("wallets/w1/{act}"), body).await;
        assert_eq!(again["why"], "ORDER_STATUS_INVALID");
    }
    assert_eq!(rig.moved().await, (vec![1231], vec![]));
}
