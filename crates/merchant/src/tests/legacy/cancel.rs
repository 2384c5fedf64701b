//! Cancels, on a healthy merchant.

use evidence::OrderState::{Cancelled, Failed, ForStaff, Paid, Waiting};
use evidence::RefundState;

use super::{
    CANCEL, PAY, Play, QUERY, REFUND, Seen, Stage, cancelled, fields, paid, sale, status, usd,
};

const HOUR: i64 = 3_600_000;

fn pending(seen: &Seen, cancel: Play) -> Play {
    match seen.service.as_str() {
        PAY => Play::Says(sale(seen, "UNKNOW", &[])),
        QUERY => status(seen, "WAIT_BUYER_PAY"),
        _ => cancel,
    }
}

/// A paid order, cancelled `at` milliseconds after the start.
async fn taken_back(at: i64, cancel: impl Fn(&Seen) -> Play + Send + Sync + 'static) -> Stage {
    let stage = Stage::new(move |seen| match seen.service.as_str() {
        PAY => paid(seen),
        REFUND => super::refunds::told(seen, "SUCCESS", &[]),
        _ => cancel(seen),
    })
    .await;
    stage.charge().await;
    stage.until(at).await;
    stage.assert_state(Paid).await;
    stage.cancel().await;
    stage.run_out().await;
    stage
}

#[tokio::test]
async fn an_order_that_waits_is_closed_without_money() {
    let stage = Stage::new(|seen| {
        pending(seen, cancelled(seen, "SUCCESS", &[("action", "close"), ("trade_no", "T")]))
    })
    .await;
    stage.charge().await;
    stage.until(20_000).await;
    stage.cancel().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.view().await.refunded, None);
    assert_eq!(stage.times(CANCEL), [20_000]);
    assert_eq!(stage.each(CANCEL, "out_trade_no"), ["A1-p1"]);
    assert_eq!(stage.each(CANCEL, "timestamp"), ["2026-01-05 10:00:20"]);
}

#[tokio::test]
async fn a_paid_order_is_cancelled_with_its_money_booked_as_returned() {
    for action in [&[("action", "refund")][..], &[][..]] {
        let stage = taken_back(60_000, |seen| cancelled(seen, "SUCCESS", action)).await;
        stage.assert_state(Cancelled).await;
        let view = stage.view().await;
        assert_eq!((view.refunded, view.refunds.len()), (Some(usd(1231)), 0));
        assert_eq!((stage.times(CANCEL).len(), stage.times(REFUND).len()), (1, 0));
    }
}

#[tokio::test]
async fn money_that_a_cancel_keeps_is_a_matter_for_staff() {
    let stage = taken_back(60_000, |seen| cancelled(seen, "SUCCESS", &[("action", "close")])).await;
    stage.assert_state(ForStaff).await;
    assert_eq!(stage.view().await.refunded, None);
}

#[tokio::test]
async fn a_buyer_who_pays_before_the_cancel_arrives_gets_the_money_back() {
    let stage =
        Stage::new(|seen| pending(seen, cancelled(seen, "SUCCESS", &[("action", "refund")]))).await;
    stage.charge().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.view().await.refunded, Some(usd(1231)));
    assert!(stage.times(REFUND).is_empty());
}

#[tokio::test]
async fn a_cancel_without_a_definite_answer_is_repeated_unchanged() {
    for case in 0..5 {
        let stage = taken_back(60_000, move |seen| match (seen.nth, case) {
            (3, _) => cancelled(seen, "SUCCESS", &[("action", "refund")]),
            (_, 0) => cancelled(seen, "UNKNOWN", &[]),
            (_, 1) => cancelled(seen, "FAIL", &[("retry_flag", "Y")]),
            (_, 2) => Play::Lost,
            (_, 3) => Play::Refuses(200, "SYSTEM_ERROR"),
            (_, _) => Play::Says(fields(&[("result_code", "SUCCESS"), ("out_trade_no", "B")])),
        })
        .await;
        stage.assert_state(Cancelled).await;
        let calls = stage.of(CANCEL);
        assert_eq!(calls.len(), 3, "{case}");
        assert!(calls.iter().all(|seen| seen.form == calls[0].form));
        assert_eq!(stage.view().await.refunded, Some(usd(1231)));
    }
}

#[tokio::test]
async fn a_cancel_that_nobody_answers_goes_to_staff() {
    let stage = Stage::new(|seen| pending(seen, Play::Lost)).await;
    stage.charge().await;
    stage.until(20_000).await;
    stage.cancel().await;
    stage.until(60_000).await;
    stage.assert_state(Waiting).await;
    stage.run_out().await;
    stage.assert_state(ForStaff).await;
    assert_eq!(stage.times(CANCEL).len(), 6);
}

#[tokio::test]
async fn a_cancel_that_comes_too_late_becomes_one_refund_of_the_whole() {
    let day_later = [("retry_flag", "N"), ("detail_error_code", "SOMETHING_ELSE")];
    let time_out = [("retry_flag", "N"), ("detail_error_code", "TRADE_CANCEL_TIME_OUT")];
    for (at, told) in [(HOUR, time_out), (15 * HOUR, day_later)] {
        let stage = taken_back(at, move |seen| cancelled(seen, "FAIL", &told)).await;
        stage.assert_state(Paid).await;
        let view = stage.view().await;
        assert_eq!(view.refunded, Some(usd(1231)));
        assert_eq!(view.refunds[0].state, RefundState::Refunded);
        assert_eq!((stage.times(CANCEL).len(), stage.times(REFUND).len()), (1, 1));
        assert_eq!(stage.each(REFUND, "refund_amount"), ["12.31"]);
        assert_eq!(stage.each(REFUND, "partner_refund_id"), ["A1-r1"]);
    }
}

#[tokio::test]
async fn a_cancel_that_is_refused_goes_to_staff_unless_there_was_nothing_to_cancel() {
    for (told, end) in [("TRADE_HAS_FINISHED", ForStaff), ("TRADE_NOT_EXIST", Failed)] {
        let stage = Stage::new(move |seen| {
            pending(seen, cancelled(seen, "FAIL", &[("detail_error_code", told)]))
        })
        .await;
        stage.charge().await;
        stage.until(20_000).await;
        stage.cancel().await;
        stage.run_out().await;
        stage.assert_state(end).await;
        assert_eq!(stage.times(CANCEL).len(), 1);
    }
}
