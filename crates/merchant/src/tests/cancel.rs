//! Cancels, on a healthy merchant.

use evidence::OrderState::{Cancelled, Failed, ForStaff, Paid, Waiting};
use protocol::ams::{ACK, Api};
use serde_json::json;

use super::present::created;
use super::{Play, Seen, Stage, answer, code, good_notice, ok, state, usd};
use crate::{CancelOrder, Driver};

fn pending(seen: &Seen, cancel: Play) -> Play {
    match seen.api {
        Api::Pay => code(seen, "PAYMENT_IN_PROCESS"),
        Api::InquiryPayment => state(seen, "PROCESSING"),
        Api::Cancel => cancel,
        _ => Play::Lost,
    }
}

#[tokio::test]
async fn the_clerk_cancels_and_the_polling_stops() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Pay => created(seen),
        Api::InquiryPayment => state(seen, "PROCESSING"),
        Api::Cancel => code(seen, "SUCCESS"),
        _ => Play::Lost,
    })
    .await;
    stage.present().await;
    stage.until(16_000).await;
    stage.cancel().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.view().await.shown, None);
    assert_eq!(stage.times(Api::InquiryPayment), [15_000]);
    assert_eq!(stage.times(Api::Cancel), [16_000]);
    assert_eq!(stage.calls()[2].body, r#"{"paymentRequestId":"A1-1"}"#);
    stage.cancel().await;
    stage.run_out().await;
    assert_eq!(stage.calls().len(), 3);
}

#[tokio::test]
async fn an_order_that_was_never_sent_is_just_cancelled() {
    let stage = Stage::new(ok).await;
    stage.charge(usd(1231)).await;
    stage.cancel().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.calls().len(), 0);
    assert!(stage.merchant.cancel(CancelOrder { order: "B".into() }).await.is_err());
}

#[tokio::test]
async fn a_paid_order_is_cancelled_and_can_be_paid_anew() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Pay => ok(seen),
        Api::InquiryPayment | Api::Cancel => code(seen, "SUCCESS"),
        _ => Play::Lost,
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    stage.cancel().await;
    stage.assert_state(Paid).await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.pay_ids(), ["A1-1", "A1-2"]);
}

#[tokio::test]
async fn a_cancel_that_is_never_confirmed_goes_to_staff() {
    let stage = Stage::new(|seen| pending(seen, Play::Lost)).await;
    stage.charge(usd(1231)).await;
    stage.until(6_000).await;
    stage.cancel().await;
    stage.until(53_000).await;
    stage.assert_state(Waiting).await;
    stage.run_out().await;
    stage.assert_state(ForStaff).await;
    let sends = [6_000, 13_000, 21_000, 29_000, 39_000, 49_000];
    assert_eq!(stage.times(Api::Cancel), sends);
    assert!(stage.merchant.cancel(CancelOrder { order: "A1".into() }).await.is_err());
}

#[tokio::test]
async fn a_cancel_is_repeated_until_it_is_confirmed() {
    let stage = Stage::new(|seen| match seen.nth {
        1 | 2 => pending(seen, code(seen, "UNKNOWN_EXCEPTION")),
        _ => pending(seen, code(seen, "SUCCESS")),
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.until(6_000).await;
    stage.cancel().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.times(Api::Cancel), [6_000, 8_000, 11_000]);
}

#[tokio::test]
async fn a_refused_cancel_goes_to_staff_with_an_alarm() {
    let stage = Stage::new(|seen| pending(seen, code(seen, "PROCESS_FAIL"))).await;
    stage.charge(usd(1231)).await;
    stage.until(6_000).await;
    stage.cancel().await;
    stage.run_out().await;
    stage.assert_state(ForStaff).await;
    assert_eq!(stage.times(Api::Cancel), [6_000]);
}

#[tokio::test]
async fn once_a_cancel_is_under_way_its_answer_decides() {
    for (result, end) in [("SUCCESS", Cancelled), ("ORDER_NOT_EXIST", ForStaff)] {
        let stage = Stage::new(move |seen| match seen.nth {
            1 => pending(seen, Play::Lost),
            _ => pending(seen, code(seen, result)),
        })
        .await;
        stage.charge(usd(1231)).await;
        stage.until(1_000).await;
        stage.cancel().await;
        stage.until(2_000).await;
        assert_eq!(stage.notice(&good_notice()).await, ACK);
        stage.assert_state(Waiting).await;
        stage.run_out().await;
        stage.assert_state(end).await;
    }
}

#[tokio::test]
async fn a_failure_heard_during_the_cancel_explains_its_refusal() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Pay => Play::Late(2_000, answer(seen, "EXPIRED_CODE", &json!({}))),
        Api::Cancel => Play::Late(3_000, answer(seen, "ORDER_STATUS_INVALID", &json!({}))),
        _ => Play::Lost,
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.until(1_000).await;
    stage.cancel().await;
    stage.until(3_000).await;
    stage.assert_state(Waiting).await;
    stage.run_out().await;
    stage.assert_state(Failed).await;
    assert_eq!(stage.calls().len(), 2);
}
