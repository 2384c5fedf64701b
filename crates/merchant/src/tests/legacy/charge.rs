//! Barcode, on a healthy merchant.

use evidence::OrderState::{Cancelled, Failed, ForStaff, Paid, Waiting};

use super::{CANCEL, PAY, Play, QUERY, Stage, cancelled, failed, fields, paid, sale, status, usd};
use crate::{CancelOrder, Driver};

/// Fifteen queries, the first 3 s after the unknown result and then one every 4 s.
fn whole_plan(first: i64) -> Vec<i64> {
    (0..15).map(|number| first + 4_000 * number).collect()
}

#[tokio::test]
async fn a_direct_success_is_booked_once() {
    let stage = Stage::new(paid).await;
    stage.charge().await;
    stage.assert_state(Waiting).await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.calls().len(), 1);
    stage.charge().await;
    stage.run_out().await;
    assert_eq!(stage.calls().len(), 1);
}

#[tokio::test]
async fn an_unknown_result_is_asked_about_until_it_is_known() {
    for answer in ["UNKNOW", "UNKNOWN", "", "SYSTEM_ERROR"] {
        let stage = Stage::new(move |seen| match (seen.service.as_str(), seen.nth) {
            (PAY, _) if answer == "SYSTEM_ERROR" => Play::Refuses(200, "SYSTEM_ERROR"),
            (PAY, _) => Play::Says(sale(seen, answer, &[])),
            (_, 1..=3) => status(seen, "WAIT_BUYER_PAY"),
            (_, _) => status(seen, "TRADE_SUCCESS"),
        })
        .await;
        stage.charge().await;
        stage.until(14_999).await;
        stage.assert_state(Waiting).await;
        stage.run_out().await;
        stage.assert_state(Paid).await;
        assert_eq!(stage.times(QUERY), [3_000, 7_000, 11_000, 15_000], "{answer}");
        assert_eq!(stage.each(QUERY, "partner_trans_id"), vec!["A1-p1"; 4]);
        assert_eq!(stage.calls().len(), 5);
    }
}

#[tokio::test]
async fn a_silent_pay_is_asked_about_within_ten_seconds() {
    let stage = Stage::new(|seen| match seen.service.as_str() {
        PAY => Play::Lost,
        _ => status(seen, "TRADE_SUCCESS"),
    })
    .await;
    stage.charge().await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.times(QUERY), [8_000]);
}

#[tokio::test]
async fn a_password_that_never_comes_ends_in_a_cancel() {
    let stage = Stage::new(|seen| match seen.service.as_str() {
        PAY => Play::Says(sale(seen, "UNKNOW", &[])),
        QUERY => status(seen, "WAIT_BUYER_PAY"),
        _ => cancelled(seen, "SUCCESS", &[("action", "close")]),
    })
    .await;
    stage.charge().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.view().await.refunded, None);
    assert_eq!(stage.times(QUERY), whole_plan(3_000));
    assert_eq!(stage.times(CANCEL), [59_000]);
}

#[tokio::test]
async fn queries_without_an_answer_are_asked_again_and_not_counted() {
    let stage = Stage::new(|seen| match (seen.service.as_str(), seen.nth) {
        (PAY, _) => Play::Says(sale(seen, "UNKNOW", &[])),
        (QUERY, 2..=4) => Play::Lost,
        (QUERY, 5) => Play::Refuses(200, "SYSTEM_ERROR"),
        (QUERY, _) => status(seen, "WAIT_BUYER_PAY"),
        (_, _) => cancelled(seen, "SUCCESS", &[("action", "close")]),
    })
    .await;
    stage.charge().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    let times = stage.times(QUERY);
    assert_eq!(times[..5], [3_000, 7_000, 11_000, 15_000, 19_000]);
    assert_eq!(times.len(), 19);
    let first = stage.of(QUERY)[0].form.clone();
    assert!(stage.of(QUERY).iter().all(|seen| seen.form == first));
}

#[tokio::test]
async fn silence_outlasts_the_life_of_an_unpaid_order() {
    let stage = Stage::new(|seen| match (seen.service.as_str(), seen.at) {
        (QUERY, 185_000..) => status(seen, "TRADE_CLOSED"),
        (PAY, 185_000..) => paid(seen),
        (_, _) => Play::Lost,
    })
    .await;
    stage.charge().await;
    stage.until(184_000).await;
    stage.assert_state(Waiting).await;
    assert!(stage.times(CANCEL).is_empty());
    stage.run_out().await;
    stage.assert_state(Failed).await;
    stage.charge().await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.each(PAY, "partner_trans_id"), ["A1-p1", "A1-p2"]);
}

#[tokio::test]
async fn silence_without_end_goes_to_staff() {
    let stage = Stage::new(|_| Play::Lost).await;
    stage.charge().await;
    stage.run_out().await;
    stage.assert_state(ForStaff).await;
    assert_eq!(stage.times(QUERY).len(), 75);
    assert_eq!(stage.times(CANCEL).len(), 6);
    assert!(stage.merchant.cancel(CancelOrder { order: "A1".into() }).await.is_err());
}

#[tokio::test]
async fn a_payment_that_never_arrived_goes_out_again_unchanged() {
    for missing in ["TRADE_NOT_EXIST", "TRANS_NOT_FOUND"] {
        let stage = Stage::new(move |seen| match (seen.service.as_str(), seen.nth) {
            (PAY, 1) => Play::Lost,
            (PAY, _) => paid(seen),
            _ => failed(seen, missing),
        })
        .await;
        stage.charge().await;
        stage.run_out().await;
        stage.assert_state(Paid).await;
        let pays = stage.of(PAY);
        assert_eq!(stage.times(PAY), [0, 8_000]);
        assert_eq!(pays[0].form, pays[1].form);
    }
}

#[tokio::test]
async fn a_payment_that_never_arrives_is_cancelled() {
    let stage = Stage::new(|seen| match seen.service.as_str() {
        PAY => Play::Lost,
        QUERY => Play::Refuses(200, "TRADE_NOT_EXIST"),
        _ => cancelled(seen, "SUCCESS", &[]),
    })
    .await;
    stage.charge().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.times(PAY), [0, 8_000, 16_000]);
    assert_eq!(stage.times(CANCEL), [24_000]);
}

#[tokio::test]
async fn a_refusal_is_final_and_the_next_code_has_a_new_number() {
    for case in 0..4 {
        let stage = Stage::new(move |seen| match (seen.nth, case) {
            (2, _) => paid(seen),
            (_, 0) => failed(seen, "BUYER_BALANCE_NOT_ENOUGH"),
            (_, 1) => Play::Refuses(200, "ILLEGAL_SIGN"),
            (_, 2) => Play::Refuses(500, "ILLEGAL_SIGN"),
            (_, _) => Play::Says(fields(&[("result_code", "FAIL"), ("error", "BUYER_NOT_EXIST")])),
        })
        .await;
        stage.charge().await;
        stage.run_out().await;
        stage.assert_state(Failed).await;
        assert_eq!(stage.calls().len(), 1, "{case}");
        stage.charge().await;
        stage.run_out().await;
        stage.assert_state(Paid).await;
        assert_eq!(stage.each(PAY, "partner_trans_id"), ["A1-p1", "A1-p2"]);
    }
}

#[tokio::test]
async fn paid_already_is_asked_about() {
    let stage = Stage::new(|seen| match seen.service.as_str() {
        PAY => failed(seen, "TRADE_HAS_SUCCESS"),
        _ => status(seen, "TRADE_SUCCESS"),
    })
    .await;
    stage.charge().await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.times(QUERY), [3_000]);
}

#[tokio::test]
async fn what_cannot_be_believed_counts_as_no_answer() {
    for case in 0..9 {
        let stage = Stage::new(move |seen| {
            let good = sale(seen, "SUCCESS", &[("alipay_trans_status", "TRADE_SUCCESS")]);
            let but = |name: &str, value: &str| {
                let mut other = good.clone();
                other.retain(|(known, _)| known != name);
                other.push((name.to_owned(), value.to_owned()));
                Play::Says(other)
            };
            match (seen.service.as_str(), seen.nth, case) {
                (PAY, ..) if case % 2 == 0 => Play::Says(sale(seen, "UNKNOW", &[])),
                (QUERY, 2.., _) => status(seen, "WAIT_BUYER_PAY"),
                (CANCEL, ..) => cancelled(seen, "SUCCESS", &[("action", "close")]),
                (_, _, 0 | 1) => Play::Unsigned(good),
                (_, _, 2 | 3) => Play::Forged(good),
                (_, _, 4) => but("partner_trans_id", "B7-p1"),
                (_, _, 5) => but("trans_amount", "0.01"),
                (_, _, 6) => but("currency", "JPY"),
                (_, _, 7) => Play::Takes,
                (_, _, _) => Play::Raw(502, "<html>"),
            }
        })
        .await;
        stage.charge().await;
        stage.run_out().await;
        stage.assert_state(Cancelled).await;
        let queries = stage.times(QUERY).len();
        assert!((15..=16).contains(&queries), "case {case}: {queries}");
        assert_eq!(stage.times(PAY).len(), 1);
    }
}

#[tokio::test]
async fn a_text_that_the_charset_lacks_is_never_sent() {
    use protocol::legacy::Charset;
    let scene = super::Scene { charset: Charset::Gb2312, ..Default::default() };
    let stage = Stage::set(scene, paid).await;
    stage.charge_with("288888888888888888", usd(1231), "寶").await;
    stage.run_out().await;
    stage.assert_state(Failed).await;
    assert!(stage.calls().is_empty());
}
