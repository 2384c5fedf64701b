//! Notices, on a healthy merchant.

use evidence::OrderState::{Cancelled, Paid, Waiting};
use protocol::ams::{ACK, Api};
use serde_json::{Value, json};

use super::{Play, Stage, code, gateway_key, good_notice, ok, state, usd};

/// A stage with an order that waits for a notice.
async fn waiting() -> Stage {
    let stage = Stage::new(|seen| match seen.api {
        Api::Pay => code(seen, "PAYMENT_IN_PROCESS"),
        Api::InquiryPayment => state(seen, "PROCESSING"),
        Api::Cancel => code(seen, "SUCCESS"),
        _ => Play::Lost,
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.until(9_000).await;
    stage
}

fn edited(path: &str, value: Value) -> Value {
    let mut notice = good_notice();
    *notice.pointer_mut(path).unwrap() = value;
    notice
}

fn status_of(ack: &str) -> String {
    serde_json::from_str::<Value>(ack).unwrap()["result"]["resultStatus"].as_str().unwrap().into()
}

#[tokio::test]
async fn a_good_notice_pays_and_ends_the_polling() {
    let stage = waiting().await;
    assert_eq!(stage.notice(&good_notice()).await, ACK);
    stage.assert_state(Paid).await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.times(Api::InquiryPayment), [5_000, 8_000]);
    assert!(stage.times(Api::Cancel).is_empty());
}

#[tokio::test]
async fn copies_are_acked_and_booked_once() {
    let stage = waiting().await;
    for _ in 0..3 {
        assert_eq!(stage.notice(&good_notice()).await, ACK);
        stage.assert_state(Paid).await;
    }
}

#[tokio::test]
async fn what_does_not_verify_changes_nothing_and_is_not_acked() {
    let stage = waiting().await;
    let text = good_notice().to_string();
    let mut answers = vec![
        stage.stranger_notice(&good_notice()).await,
        stage.notice_by(gateway_key(), "/elsewhere", &good_notice()).await,
        stage.raw_notice(&text, None).await,
    ];
    for signature in
        ["", "signature=", "algorithm=none", "algorithm=none,signature=AAAA", "signature=AAAA"]
    {
        answers.push(stage.raw_notice(&text, Some(signature)).await);
    }
    for answer in answers {
        assert_eq!(status_of(&answer), "U");
        assert!(answer.contains("UNKNOWN_EXCEPTION"));
    }
    stage.assert_state(Waiting).await;
}

#[tokio::test]
async fn a_wrong_amount_is_not_booked() {
    let stage = waiting().await;
    for (path, value) in [
        ("/paymentAmount/value", json!("1")),
        ("/paymentAmount/value", json!("123100")),
        ("/paymentAmount/currency", json!("JPY")),
    ] {
        assert_eq!(status_of(&stage.notice(&edited(path, value)).await), "F");
        stage.assert_state(Waiting).await;
    }
    assert_eq!(stage.notice(&good_notice()).await, ACK);
    stage.assert_state(Paid).await;
}

#[tokio::test]
async fn a_notice_that_settles_nothing_creates_nothing() {
    let stage = waiting().await;
    let other = edited("/notifyType", json!("OFFLINE_PAYMENT_CODE"));
    let mut bare = good_notice();
    bare.as_object_mut().unwrap().remove("result");
    for notice in [other, bare] {
        assert_eq!(stage.notice(&notice).await, ACK);
        stage.assert_state(Waiting).await;
    }
    let unknown = edited("/paymentRequestId", json!("Z9-1"));
    assert_eq!(status_of(&stage.notice(&unknown).await), "U");
    assert_eq!(stage.merchant.books.open().len(), 1);
    stage.assert_state(Waiting).await;
}

#[tokio::test]
async fn a_notice_after_the_answer_is_acked_and_books_nothing() {
    let stage = Stage::new(ok).await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    assert_eq!(stage.notice(&good_notice()).await, ACK);
    stage.assert_state(Paid).await;
}

#[tokio::test]
async fn a_notice_that_overtakes_the_answer_is_enough() {
    let stage = Stage::new(|_| Play::Lost).await;
    stage.charge(usd(1231)).await;
    stage.until(1_000).await;
    assert_eq!(stage.notice(&good_notice()).await, ACK);
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.calls().len(), 1);
}

#[tokio::test]
async fn cancelled_stays_cancelled() {
    let stage = waiting().await;
    stage.cancel().await;
    stage.until(9_000).await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.notice(&good_notice()).await, ACK);
    stage.assert_state(Cancelled).await;
}

#[tokio::test]
async fn a_notice_about_an_earlier_attempt_changes_nothing() {
    let stage = waiting().await;
    stage.cancel().await;
    stage.until(9_000).await;
    stage.charge(usd(1231)).await;
    stage.until(10_000).await;
    assert_eq!(stage.notice(&good_notice()).await, ACK);
    stage.assert_state(Waiting).await;
}
