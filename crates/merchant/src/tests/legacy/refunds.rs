//! In-store refunds, on a healthy merchant.

use evidence::OrderState::Paid;
use evidence::RefundState::{self, ForStaff, Pending, Refunded, Refused};

use super::{PAY, Play, REFUND, REFUND_QUERY, Scene, Seen, Stage, fields, paid, usd};
use crate::{Defect, Habits};

/// An answer to a refund.
pub(super) fn told(seen: &Seen, result: &str, more: &[(&str, &str)]) -> Play {
    let mut told = fields(&[
        ("result_code", result),
        ("partner_trans_id", seen.get("partner_trans_id")),
        ("partner_refund_id", seen.get("partner_refund_id")),
    ]);
    told.extend(fields(more));
    Play::Says(told)
}

pub(super) async fn sold(
    defect: Option<Defect>,
    async_refunds: bool,
    script: impl Fn(&Seen) -> Play + Send + Sync + 'static,
) -> Stage {
    let habits = Habits { async_refunds, ..Habits::default() };
    let stage = Stage::set(Scene { habits, defect, ..Scene::default() }, move |seen| {
        match seen.service.as_str() {
            PAY => paid(seen),
            _ => script(seen),
        }
    })
    .await;
    stage.charge().await;
    stage.until(1_000).await;
    stage.assert_state(Paid).await;
    stage
}

pub(super) async fn states(stage: &Stage) -> Vec<RefundState> {
    stage.view().await.refunds.iter().map(|refund| refund.state).collect()
}

#[tokio::test]
async fn each_slip_is_one_refund_under_its_own_number() {
    let stage = sold(None, false, |seen| told(seen, "SUCCESS", &[("currency", "USD")])).await;
    stage.refund("S1", 500).await;
    stage.refund("S1", 500).await;
    assert_eq!(states(&stage).await, [Pending]);
    stage.run_out().await;
    stage.refund("S1", 500).await;
    stage.refund("S2", 731).await;
    stage.run_out().await;
    assert_eq!(states(&stage).await, [Refunded, Refunded]);
    assert_eq!(stage.view().await.refunded, Some(usd(1231)));
    assert_eq!(stage.each(REFUND, "partner_refund_id"), ["S1-r1", "S2-r2"]);
    let call = &stage.of(REFUND)[0];
    for (name, value) in [
        ("partner_trans_id", "A1-p1"),
        ("refund_amount", "5.00"),
        ("currency", "USD"),
        ("refund_reason", "坏了"),
        ("is_sync", "Y"),
    ] {
        assert_eq!(call.form.get(name), Some(value), "{name}");
    }
    assert_eq!(call.form.get("notify_url"), None);
}

#[tokio::test]
async fn a_refusal_is_shown_and_gives_nothing_back() {
    for case in 0..3 {
        let stage = sold(None, false, move |seen| match case {
            0 => told(seen, "FAILED", &[("error", "REFUND_AMT_RESTRICTION")]),
            1 => told(seen, "FAIL", &[("error", "RETURN_AMOUNT_EXCEED")]),
            _ => Play::Refuses(200, "INVALID_PARAMETER"),
        })
        .await;
        stage.refund("S1", 5_000).await;
        stage.run_out().await;
        assert_eq!(states(&stage).await, [Refused]);
        assert_eq!(stage.view().await.refunded, None);
        assert_eq!(stage.times(REFUND).len(), 1);
    }
}

#[tokio::test]
async fn an_unknown_result_is_repeated_unchanged() {
    for case in 0..7 {
        let stage = sold(None, false, move |seen| match (seen.nth, case) {
            (3, _) => told(seen, "SUCCESS", &[]),
            (_, 1) => told(seen, "UNKNOW", &[]),
            (_, 2) => Play::Refuses(200, "SYSTEM_ERROR"),
            (_, 3) => told(seen, "FAILED", &[("error", "SYSTEM_ERROR")]),
            (_, 4) => Play::Says(fields(&[("result_code", "SUCCESS")])),
            (2, 5) => Play::Refuses(200, "ILLEGAL_SIGN"),
            (_, 6) => Play::Unsigned(fields(&[("result_code", "FAILED")])),
            (_, _) => Play::Lost,
        })
        .await;
        stage.refund("S1", 300).await;
        stage.until(10_000).await;
        assert_eq!(states(&stage).await, [Pending], "{case}");
        stage.run_out().await;
        assert_eq!(states(&stage).await, [Refunded], "{case}");
        let calls = stage.of(REFUND);
        assert_eq!(calls.len(), 3);
        assert!(calls.iter().all(|seen| seen.form == calls[0].form));
    }
}

#[tokio::test]
async fn an_unknown_result_without_end_goes_to_staff() {
    let stage = sold(None, false, |_| Play::Refuses(200, "SYSTEM_ERROR")).await;
    stage.refund("S1", 300).await;
    stage.run_out().await;
    assert_eq!(states(&stage).await, [ForStaff]);
    assert!(stage.view().await.alarm);
    assert_eq!(stage.times(REFUND).len(), 21);
}

#[tokio::test]
async fn a_merchant_without_funds_tries_again_an_hour_later() {
    let stage = sold(None, false, |seen| match seen.nth {
        1 => told(seen, "FAILED", &[("error", "MERCHANT_BALANCE_NOT_ENOUGH")]),
        _ => told(seen, "SUCCESS", &[]),
    })
    .await;
    stage.refund("S1", 300).await;
    stage.until(3_600_000).await;
    assert_eq!(states(&stage).await, [Pending]);
    stage.run_out().await;
    assert_eq!(states(&stage).await, [Refunded]);
    assert_eq!(stage.each(REFUND, "partner_refund_id"), ["S1-r1", "S1-r1"]);
}

#[tokio::test]
async fn a_refund_that_comes_while_refunds_rest_waits_for_their_end() {
    let stage = sold(None, false, |seen| match seen.nth {
        1 => Play::Refuses(200, "EXTERFACE_IS_CLOSED"),
        _ => told(seen, "SUCCESS", &[]),
    })
    .await;
    // The stage begins at 10:00 Beijing time.
    stage.until(14 * 3_600_000 + 30 * 60_000).await;
    stage.refund("S1", 300).await;
    stage.until(15 * 3_600_000).await;
    assert_eq!(states(&stage).await, [Pending]);
    stage.run_out().await;
    assert_eq!(states(&stage).await, [Refunded]);
    assert_eq!(stage.each(REFUND, "partner_refund_id"), ["S1-r1", "S1-r1"]);
    let half_past_one = 15 * 3_600_000 + 30 * 60_000;
    assert!((half_past_one..half_past_one + 1_000).contains(&stage.times(REFUND)[1]));
}

fn asked(seen: &Seen, response: &str, result: &str) -> Play {
    Play::Says(fields(&[
        ("response_code", response),
        ("refund_result_code", result),
        ("out_trade_no", seen.get("out_trade_no")),
    ]))
}

#[tokio::test]
async fn an_accepted_refund_is_done_once_the_query_says_so() {
    let stage = sold(None, true, |seen| match (seen.service.as_str(), seen.nth) {
        (REFUND, _) => told(seen, "SUCCESS", &[]),
        (_, 1) => Play::Lost,
        (_, 2) => asked(seen, "QUERY_FAILED", ""),
        (_, 3..=6) => asked(seen, "SUCCESS", "PROCESSING"),
        (_, _) => asked(seen, "SUCCESS", "SUCCESS"),
    })
    .await;
    stage.refund("S1", 300).await;
    stage.until(3_600_000).await;
    assert_eq!(states(&stage).await, [Pending]);
    stage.run_out().await;
    assert_eq!(states(&stage).await, [Refunded]);
    let call = &stage.of(REFUND)[0];
    assert_eq!(call.get("is_sync"), "N");
    assert!(!call.get("notify_url").is_empty());
    let queries = stage.of(REFUND_QUERY);
    assert_eq!((queries.len(), queries[0].get("out_return_no")), (7, "S1-r1"));
    assert_eq!(queries[0].get("out_trade_no"), "A1-p1");
}

#[tokio::test]
async fn a_query_tells_a_refusal_and_what_never_arrived() {
    for (response, result, end, sends) in [
        ("SUCCESS", "FAILED", Refused, 1),
        ("SUCCESS", "CANCELED", Refused, 1),
        ("NOT_FOUND", "", Refunded, 2),
    ] {
        let stage = sold(None, true, move |seen| match (seen.service.as_str(), seen.nth) {
            (REFUND, _) => told(seen, "SUCCESS", &[]),
            (_, 1) => asked(seen, response, result),
            (_, _) => asked(seen, "SUCCESS", "SUCCESS"),
        })
        .await;
        stage.refund("S1", 300).await;
        stage.run_out().await;
        assert_eq!((states(&stage).await, stage.times(REFUND).len()), (vec![end], sends));
    }
}
