//! Transaction QR, on a healthy merchant and with each defect.

use evidence::OrderState::{Cancelled, Failed, Paid, Waiting};
use evidence::Shown;
use protocol::ams::Verified;

use super::{
    CANCEL, PRECREATE, Play, QUERY, Scene, Seen, Stage, cancelled, failed, fields, good_notice,
    status,
};
use crate::{CancelOrder, Defect, Driver};

/// A code that holds what an escaping writer would spoil.
const CODE: &str = "https://qr.alipay.com/bax08Z?a=1&b=Ü";

pub(super) fn created(seen: &Seen) -> Play {
    let number = seen.get("out_trade_no");
    Play::Says(fields(&[
        ("result_code", "SUCCESS"),
        ("out_trade_no", number),
        ("voucher_type", "qrcode"),
        ("qr_code", CODE),
    ]))
}

fn never_paid(seen: &Seen) -> Play {
    match seen.service.as_str() {
        PRECREATE => created(seen),
        QUERY if seen.nth == 1 => failed(seen, "TRADE_NOT_EXIST"),
        QUERY => status(seen, "WAIT_BUYER_PAY"),
        _ => cancelled(seen, "SUCCESS", &[("action", "close")]),
    }
}

async fn shown(stage: &Stage) -> Option<String> {
    stage.view().await.shown.and_then(|shown: Shown| shown.code)
}

#[tokio::test]
async fn a_code_is_shown_as_it_came_and_paid_by_a_notice() {
    let stage = Stage::new(created).await;
    stage.present().await;
    stage.until(10_000).await;
    assert_eq!(shown(&stage).await.as_deref(), Some(CODE));
    stage.assert_state(Waiting).await;
    assert_eq!(stage.notice(&good_notice()).await, "success");
    stage.assert_state(Paid).await;
    assert_eq!(stage.view().await.shown, None);
    stage.run_out().await;
    assert_eq!(stage.calls().len(), 1);
    let call = &stage.calls()[0];
    assert_eq!(call.verified, Verified::Valid);
    for (name, value) in [
        ("notify_url", "http://merchant.assay.test/alipay/notify?a=1&b=2"),
        ("timestamp", "2026-01-05 10:00:00"),
        ("out_trade_no", "A1-p1"),
        ("subject", "Tea"),
        ("product_code", "OVERSEAS_MBARCODE_PAY"),
        ("total_fee", "12.31"),
        ("currency", "USD"),
        ("trans_currency", "USD"),
        ("body", ""),
    ] {
        assert_eq!(call.form.get(name), Some(value), "{name}");
    }
    let extension: serde_json::Value = serde_json::from_str(call.get("extend_params")).unwrap();
    assert_eq!(extension["store_id"], "store-2");
    assert_eq!(extension["secondary_merchant_id"], "seller-0815");
}

#[tokio::test]
async fn without_a_notice_the_first_query_comes_after_a_minute() {
    let stage = Stage::new(|seen| match seen.service.as_str() {
        PRECREATE => created(seen),
        _ => status(seen, "TRADE_SUCCESS"),
    })
    .await;
    stage.present().await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.times(QUERY), [60_000]);
}

#[tokio::test]
async fn a_code_that_nobody_pays_is_cancelled_within_three_minutes() {
    let stage = Stage::new(never_paid).await;
    stage.present().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    let queries: Vec<i64> = (0..22).map(|number| 60_000 + 5_000 * number).collect();
    assert_eq!(stage.times(QUERY), queries);
    assert_eq!(stage.times(CANCEL), [165_000]);
    assert_eq!(stage.times(PRECREATE).len(), 1);

    let stage = Stage::new(|seen| match seen.service.as_str() {
        QUERY => Play::Lost,
        _ => never_paid(seen),
    })
    .await;
    stage.present().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.times(CANCEL), [168_000]);
}

#[tokio::test]
async fn a_code_that_does_not_come_is_asked_for_under_another_number() {
    for case in 0..4 {
        let stage = Stage::new(move |seen| match (seen.service.as_str(), seen.nth, case) {
            (PRECREATE, 1, 0) => Play::Lost,
            (PRECREATE, 1, 1) => Play::Refuses(200, "SYSTEM_ERROR"),
            (PRECREATE, 1, 2) => cancelled(seen, "UNKNOWN", &[]),
            (PRECREATE, 1, _) => cancelled(seen, "SUCCESS", &[]),
            _ => never_paid(seen),
        })
        .await;
        stage.present().await;
        stage.until(6_000).await;
        assert_eq!(shown(&stage).await.as_deref(), Some(CODE), "{case}");
        assert_eq!(stage.each(PRECREATE, "out_trade_no"), ["A1-p1", "A1-p2"]);
        stage.run_out().await;
        assert_eq!(stage.each(CANCEL, "out_trade_no"), ["A1-p2"]);
    }
}

#[tokio::test]
async fn without_any_code_the_order_is_cancelled_and_a_refusal_ends_it() {
    let stage = Stage::new(|seen| match seen.service.as_str() {
        PRECREATE => Play::Lost,
        _ => cancelled(seen, "SUCCESS", &[]),
    })
    .await;
    stage.present().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!((stage.times(PRECREATE).len(), stage.times(CANCEL).len()), (3, 1));

    for case in 0..2 {
        let stage = Stage::new(move |seen| match case {
            0 => Play::Refuses(200, "ILLEGAL_SIGN"),
            _ => cancelled(seen, "FAIL", &[("detail_error_code", "INVALID_PARAMETER")]),
        })
        .await;
        stage.present().await;
        stage.run_out().await;
        stage.assert_state(Failed).await;
        assert_eq!(stage.calls().len(), 1);
    }
}

#[tokio::test]
async fn the_clerk_cancels_while_a_code_is_awaited() {
    let stage = Stage::new(|seen| match seen.service.as_str() {
        PRECREATE => Play::Lost,
        _ => cancelled(seen, "SUCCESS", &[]),
    })
    .await;
    stage.present().await;
    stage.until(1_000).await;
    stage.merchant.cancel(CancelOrder { order: "A1".into() }).await.unwrap();
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!((stage.times(PRECREATE).len(), stage.times(CANCEL).len()), (1, 1));
}

#[tokio::test]
async fn defects_of_the_code() {
    let presented = async |defect: Defect| {
        let stage = Stage::with(defect, never_paid).await;
        stage.present().await;
        stage.run_out().await;
        assert!(stage.merchant.defect_was_active(), "{}", defect.id());
        stage
    };
    let stage = presented(Defect::LegCodeIsPaid).await;
    stage.assert_state(Paid).await;
    assert_eq!(shown(&stage).await.as_deref(), Some(CODE));

    let stage = presented(Defect::LegUtcTimestamp).await;
    assert_eq!(stage.each(PRECREATE, "timestamp"), ["2026-01-05 02:00:00"]);

    let stage = presented(Defect::LegQrLeftPayable).await;
    stage.assert_state(Failed).await;
    assert_eq!((stage.times(QUERY).len(), stage.times(CANCEL).len()), (22, 0));

    let stage = presented(Defect::LegWaitsForNotice).await;
    stage.assert_state(Waiting).await;
    assert_eq!(stage.calls().len(), 1);

    let stage = presented(Defect::LegNoStore).await;
    assert!(!stage.each(PRECREATE, "extend_params")[0].contains("store_id"));
}

#[tokio::test]
async fn each_defect_about_codes_does_what_it_says() {
    let scene = |defect| Scene { defect: Some(defect), ..Scene::default() };
    let stage =
        Stage::set(scene(Defect::LegAnyAnswerPaid), |_| Play::Refuses(200, "ILLEGAL_SIGN")).await;
    stage.present().await;
    stage.run_out().await;
    stage.assert_state(Paid).await;

    let silent_at_first = |seen: &Seen| match (seen.service.as_str(), seen.nth) {
        (PRECREATE, 1) => Play::Lost,
        _ => never_paid(seen),
    };
    let stage = Stage::set(scene(Defect::LegQrSameNumber), silent_at_first).await;
    stage.present().await;
    stage.until(6_000).await;
    assert_eq!(stage.each(PRECREATE, "out_trade_no"), ["A1-p1", "A1-p1"]);

    let stage = Stage::set(scene(Defect::LegTimestampKept), silent_at_first).await;
    stage.present().await;
    stage.until(6_000).await;
    let told = stage.each(PRECREATE, "timestamp");
    assert_eq!(told, ["2026-01-05 10:00:00", "2026-01-05 10:00:00"]);
}
