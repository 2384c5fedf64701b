//! Each defect in a situation where it shows.

use evidence::OrderState::{self, Cancelled, Failed, Paid, Waiting};
use evidence::RefundState::Refunded;
use protocol::Amount;
use protocol::ams::Verified;
use protocol::legacy::{Charset, Signer};
use signing::SharedKey;

use super::refunds::{sold, states, told};
use super::{
    CANCEL, GATEWAY_KEY, PAY, Play, QUERY, REFUND, Scene, Seen, Stage, cancelled, failed, paid,
    sale, status, usd,
};
use crate::{Defect, reference_key};

type Script = fn(&Seen) -> Play;

const CODE: &str = "288888888888888888";

fn waits(seen: &Seen) -> Play {
    match seen.service.as_str() {
        PAY => Play::Says(sale(seen, "UNKNOW", &[])),
        QUERY => status(seen, "WAIT_BUYER_PAY"),
        _ => cancelled(seen, "SUCCESS", &[("action", "close")]),
    }
}

fn silent(seen: &Seen) -> Play {
    if seen.service == PAY { Play::Lost } else { waits(seen) }
}

fn refused(seen: &Seen) -> Play {
    if seen.service == PAY { failed(seen, "BUYER_NOT_EXIST") } else { waits(seen) }
}

async fn struck(stage: &Stage, defect: Defect) {
    stage.run_out().await;
    assert!(stage.merchant.defect_was_active(), "{}", defect.id());
}

async fn charged(defect: Defect, script: Script) -> Stage {
    let stage = Stage::with(defect, script).await;
    stage.charge().await;
    struck(&stage, defect).await;
    stage
}

async fn till(stage: &Stage) -> OrderState {
    stage.view().await.till
}

#[tokio::test]
async fn a_defect_that_has_no_occasion_is_not_active() {
    for defect in [
        Defect::LegCodeCut,
        Defect::LegFixedStore,
        Defect::LegGbkSignsUtf8,
        Defect::LegMd5Separator,
        Defect::LegRsaSha256,
        Defect::LegFloatAmount,
        Defect::LegWholeDecimals,
        Defect::LegNoTimeout,
        Defect::LegGivesUp,
        Defect::LegTakesUnsigned,
        Defect::LegTakesForged,
        Defect::LegTakesOtherOrder,
    ] {
        let stage = Stage::with(defect, paid).await;
        stage.charge().await;
        stage.run_out().await;
        stage.assert_state(Paid).await;
        assert!(!stage.merchant.defect_was_active(), "{}", defect.id());
    }
}

#[tokio::test]
async fn defects_of_what_is_named() {
    for (defect, gone, kept) in [
        (Defect::LegNoSecondaryMerchant, "secondary_merchant_id", "store_id"),
        (Defect::LegNoStore, "\"store_id\"", "secondary_merchant_id"),
    ] {
        let stage = charged(defect, paid).await;
        let extension = stage.each(PAY, "extend_info").remove(0);
        assert!(!extension.contains(gone) && extension.contains(kept), "{extension}");
        assert_eq!(stage.calls()[0].verified, Verified::Valid);
    }
    let stage = Stage::with(Defect::LegFixedStore, paid).await;
    stage.charge_at("store-2", CODE, usd(1231), "Tea").await;
    struck(&stage, Defect::LegFixedStore).await;
    assert!(stage.each(PAY, "extend_info")[0].contains(r#""store_id":"store-1""#));

    let stage = Stage::with(Defect::LegCodeCut, paid).await;
    stage.charge_with("255555555555555555555555", usd(1231), "Tea").await;
    struck(&stage, Defect::LegCodeCut).await;
    assert_eq!(stage.each(PAY, "buyer_identity_code"), ["255555555555555555"]);
}

#[tokio::test]
async fn defects_of_the_amount() {
    for (defect, price, sent) in [
        (Defect::LegFloatAmount, "USD 4.35", "4.34"),
        (Defect::LegWholeDecimals, "JPY 1200", "1200.00"),
    ] {
        let stage = Stage::with(defect, paid).await;
        stage.charge_with(CODE, Amount::from_price(price).unwrap(), "Tea").await;
        stage.until(1_000).await;
        assert!(stage.merchant.defect_was_active(), "{}", defect.id());
        assert_eq!(stage.each(PAY, "trans_amount"), [sent]);
    }
}

#[tokio::test]
async fn defects_of_the_signature() {
    let (key, gateway) = (reference_key().unwrap(), GATEWAY_KEY.clone());
    let shared = SharedKey::read(b"0123456789abcdefghijABCDEFGHIJ01").unwrap();
    let rsa2 = || (Signer::Rsa2(key.clone()), Signer::Rsa2(gateway.clone()));
    let rsa = || (Signer::Rsa(key.clone()), Signer::Rsa(gateway.clone()));
    let md5 = || (Signer::Md5(shared.clone()), Signer::Md5(shared.clone()));
    for (defect, (signer, gateway), charset) in [
        (Defect::LegSignTypeSigned, rsa2(), Charset::Utf8),
        (Defect::LegSignTypeSigned, md5(), Charset::Utf8),
        (Defect::LegSignsEncoded, rsa2(), Charset::Utf8),
        (Defect::LegGbkSignsUtf8, rsa2(), Charset::Gbk),
        (Defect::LegMd5Separator, md5(), Charset::Utf8),
        (Defect::LegRsaSha256, rsa(), Charset::Utf8),
        (Defect::LegRsa2Sha1, rsa2(), Charset::Utf8),
    ] {
        let scene = Scene { signer, gateway, charset, defect: Some(defect), ..Scene::default() };
        let stage = Stage::set(scene, paid).await;
        stage.charge_with(CODE, usd(1231), "测试 a+b").await;
        struck(&stage, defect).await;
        let pay = &stage.calls()[0];
        assert_eq!((pay.verified, pay.get("trans_name")), (Verified::Wrong, "测试 a+b"));
    }
}

#[tokio::test]
async fn defects_of_transport_and_keys() {
    let stage = charged(Defect::LegCharsetInBody, paid).await;
    let pay = &stage.calls()[0];
    assert_eq!((pay.verified, pay.request.target.as_str()), (Verified::Valid, "/gateway.do"));
    assert!(String::from_utf8_lossy(&pay.request.body).contains("_input_charset=UTF-8"));

    let stage = charged(Defect::LegOwnKeyAsAlipay, |seen| match seen.service.as_str() {
        PAY => paid(seen),
        QUERY => status(seen, "TRADE_SUCCESS"),
        _ => cancelled(seen, "SUCCESS", &[("action", "refund")]),
    })
    .await;
    assert_ne!(till(&stage).await, Paid);
}

#[tokio::test]
async fn defects_of_the_answer_to_pay() {
    for (defect, script, end) in [
        (Defect::LegUnknowPaid, waits as Script, Paid),
        (Defect::LegUnknowFailed, waits, Failed),
        (Defect::LegSilenceFailed, silent, Failed),
        (Defect::LegSystemErrorFailed, |_| Play::Refuses(200, "SYSTEM_ERROR"), Failed),
        (Defect::LegHasSuccessFailed, |seen| failed(seen, "TRADE_HAS_SUCCESS"), Failed),
        (Defect::LegAnyAnswerPaid, |_| Play::Refuses(200, "ILLEGAL_SIGN"), Paid),
        (Defect::LegAnyAnswerPaid, refused, Paid),
    ] {
        let stage = charged(defect, script).await;
        assert_eq!((till(&stage).await, stage.calls().len()), (end, 1), "{}", defect.id());
    }
}

#[tokio::test]
async fn defects_of_the_unknown_result() {
    let stage = charged(Defect::LegNoTimeout, |seen| match seen.service.as_str() {
        PAY => Play::Late(60_000, sale(seen, "SUCCESS", &[])),
        _ => status(seen, "TRADE_SUCCESS"),
    })
    .await;
    assert_eq!((till(&stage).await, stage.calls().len()), (Paid, 1));

    // It shows as soon as the time is over, whether an answer ever comes or not.
    let stage = Stage::with(Defect::LegNoTimeout, silent).await;
    stage.charge().await;
    for (at, shows) in [(4_999, false), (5_000, true)] {
        stage.until(at).await;
        assert_eq!(stage.merchant.defect_was_active(), shows, "{at}");
    }
    stage.until(60_000).await;
    assert_eq!(stage.calls().len(), 1);

    let stage = charged(Defect::LegRepeatChanged, |_| Play::Refuses(200, "SYSTEM_ERROR")).await;
    let pays = stage.of(PAY);
    assert_eq!((pays[0].at, pays[1].at), (0, 3_000));
    assert_eq!(pays[1].get("trans_create_time"), "20260105100003");
    assert_eq!(pays[1].get("partner_trans_id"), "A1-p1");

    let stage = charged(Defect::LegNewNumber, silent).await;
    assert_eq!(stage.each(PAY, "partner_trans_id")[..2], ["A1-p1", "A1-p2"]);
}

#[tokio::test]
async fn defects_of_the_queries() {
    let stage = charged(Defect::LegQueryOkPaid, waits).await;
    assert_eq!((till(&stage).await, stage.times(QUERY)), (Paid, vec![3_000]));

    let stage = charged(Defect::LegPollsFast, waits).await;
    assert_eq!(stage.times(QUERY)[..3], [1_000, 2_000, 3_000]);

    let stage = charged(Defect::LegGivesUp, waits).await;
    assert_eq!((stage.times(QUERY).len(), stage.times(CANCEL)), (5, vec![19_000]));

    let stage = charged(Defect::LegLeavesOpen, waits).await;
    assert_eq!((till(&stage).await, stage.times(QUERY).len()), (Waiting, 15));
    assert!(stage.times(CANCEL).is_empty());

    let stage = charged(Defect::LegCountsSilence, |seen| match (seen.service.as_str(), seen.nth) {
        (QUERY, 2..=8) => Play::Lost,
        _ => waits(seen),
    })
    .await;
    assert_eq!(stage.times(QUERY).len(), 10);
}

#[tokio::test]
async fn defects_that_believe() {
    let good: fn(&Seen) -> Vec<(String, String)> =
        |seen| sale(seen, "SUCCESS", &[("alipay_trans_status", "TRADE_SUCCESS")]);
    for (defect, case) in [
        (Defect::LegTakesUnsigned, 0),
        (Defect::LegTakesForged, 0),
        (Defect::LegTakesForged, 1),
        (Defect::LegTakesOtherOrder, 2),
    ] {
        let stage = Stage::with(defect, move |seen| match (seen.service.as_str(), case) {
            (QUERY, 0) => Play::Unsigned(good(seen)),
            (QUERY, 1) => Play::Forged(good(seen)),
            (QUERY, _) => {
                let mut other = good(seen);
                other.retain(|(name, _)| name != "partner_trans_id");
                other.extend(super::fields(&[("partner_trans_id", "B1-p1")]));
                Play::Says(other)
            }
            _ => waits(seen),
        })
        .await;
        stage.charge().await;
        struck(&stage, defect).await;
        stage.assert_state(Paid).await;
    }
}

#[tokio::test]
async fn defects_of_the_number() {
    let numbers = async |defect, script: Script, second: i64| {
        let stage = Stage::with(defect, script).await;
        stage.charge().await;
        stage.run_out().await;
        stage.charge_with(CODE, usd(second), "Tea").await;
        struck(&stage, defect).await;
        stage.each(PAY, "partner_trans_id")
    };
    assert_eq!(numbers(Defect::LegReusesClosed, waits, 1231).await, ["A1-p1", "A1-p1"]);
    assert_eq!(numbers(Defect::LegRescanSameNumber, refused, 1231).await, ["A1-p1", "A1-p1"]);
    assert_eq!(numbers(Defect::LegNumberPerBasket, waits, 1500).await, ["A1-p1", "A1-p1"]);
    assert_eq!(numbers(Defect::LegNumberPerPress, paid, 1231).await, ["A1-p1", "A1-p2"]);
}

#[tokio::test]
async fn defects_of_the_cancel() {
    let stage = charged(Defect::LegRefundAfterCancel, |seen| match seen.service.as_str() {
        CANCEL => cancelled(seen, "SUCCESS", &[("action", "refund")]),
        REFUND => told(seen, "SUCCESS", &[]),
        _ => waits(seen),
    })
    .await;
    assert_eq!((till(&stage).await, stage.times(REFUND).len()), (Cancelled, 1));

    let stage = charged(Defect::LegActionUnread, waits).await;
    assert_eq!(stage.view().await.refunded, Some(usd(1231)));

    let stage = charged(Defect::LegCancelUnknownAgain, |seen| match seen.service.as_str() {
        CANCEL => cancelled(seen, "SUCCESS", &[]),
        _ => waits(seen),
    })
    .await;
    assert!(stage.times(CANCEL).len() > 1);

    let stage = charged(Defect::LegCancelSilenceDone, |seen| match seen.service.as_str() {
        CANCEL => Play::Lost,
        _ => waits(seen),
    })
    .await;
    assert_eq!((till(&stage).await, stage.times(CANCEL).len()), (Cancelled, 1));

    let stage = sold(Some(Defect::LegCancelLoop), false, |seen| {
        cancelled(seen, "FAIL", &[("detail_error_code", "TRADE_CANCEL_TIME_OUT")])
    })
    .await;
    stage.cancel().await;
    struck(&stage, Defect::LegCancelLoop).await;
    assert_eq!((stage.times(CANCEL).len(), stage.times(REFUND).len()), (6, 0));
}

#[tokio::test]
async fn defects_of_the_refund() {
    let ok: Script = |seen| told(seen, "SUCCESS", &[]);
    let pressed = async |defect, later, script: Script, presses: &[(&str, i64)]| {
        let stage = sold(Some(defect), later, script).await;
        for (slip, minor) in presses {
            stage.refund(slip, *minor).await;
            stage.until(20_000).await;
        }
        struck(&stage, defect).await;
        (stage.each(REFUND, "partner_refund_id"), states(&stage).await)
    };
    let (ids, _) = pressed(Defect::LegRefundIdIsOrder, false, ok, &[("S1", 300)]).await;
    assert_eq!(ids, ["A1-p1"]);
    let twice = [("S1", 300), ("S2", 300)];
    let (ids, _) = pressed(Defect::LegOneRefundId, false, ok, &twice).await;
    assert_eq!(ids, ["S1-r1", "S1-r1"]);
    let (ids, _) = pressed(Defect::LegRefundIdPerPress, false, ok, &[("S1", 300); 2]).await;
    assert_eq!(ids, ["S1-r1", "S1-r2"]);
    let unread: Script = |seen| told(seen, "FAILED", &[("error", "REFUND_AMT_RESTRICTION")]);
    let (_, ends) = pressed(Defect::LegRefundResultUnread, false, unread, &[("S1", 300)]).await;
    assert_eq!(ends, [Refunded]);
    let lost: Script = |seen| if seen.nth == 1 { Play::Lost } else { told(seen, "SUCCESS", &[]) };
    let (ids, ends) = pressed(Defect::LegRefundNewId, false, lost, &[("S1", 300)]).await;
    assert_eq!((ids.len(), ids[0] == ids[1], ends), (2, false, vec![Refunded]));
    let (_, ends) = pressed(Defect::LegAcceptedIsRefunded, true, ok, &[("S1", 300)]).await;
    assert_eq!(ends, [Refunded]);
}
