//! Website, on a healthy merchant and with each defect.

use evidence::OrderState::{self, Failed, ForStaff, Paid, Waiting};
use protocol::ams::Verified;
use protocol::legacy::{Charset, Form, Signer, Verifier};

use super::{Play, Seen, Stage, fields, notice_with};
use crate::{CancelOrder, Defect, Driver, DriverError, Return, reference_key};

const MINUTE: i64 = 60_000;
const TRADE_QUERY: &str = "single_trade_query";

fn nothing_yet(seen: &Seen) -> Play {
    if seen.service == TRADE_QUERY { Play::Refuses(200, "TRADE_NOT_EXIST") } else { Play::Lost }
}

fn trade(seen: &Seen, status: &str) -> Play {
    Play::Says(fields(&[
        ("out_trade_no", seen.get("out_trade_no")),
        ("trade_no", "2026010522001"),
        ("trade_status", status),
        ("total_fee", "88.00"),
    ]))
}

pub(super) fn finished() -> Form {
    notice_with(&[("trade_status", "TRADE_FINISHED")])
}

pub(super) async fn redirected(defect: Option<Defect>, script: fn(&Seen) -> Play) -> Stage {
    let stage = match defect {
        Some(defect) => Stage::with(defect, script).await,
        None => Stage::new(script).await,
    };
    stage.present_on(Some("web")).await.unwrap();
    stage.until(1_000).await;
    stage
}

async fn till(stage: &Stage) -> OrderState {
    stage.view().await.till
}

async fn link(stage: &Stage) -> Option<String> {
    stage.view().await.shown.and_then(|shown| shown.link)
}

/// What the browser sends when it opens the link.
async fn sent(stage: &Stage) -> Form {
    let link = link(stage).await.unwrap();
    let query = link.strip_prefix("http://gateway.test/gateway.do?").unwrap();
    Form::read(query.as_bytes(), b"", Charset::Utf8).unwrap()
}

/// The buyer's browser comes back with a form in the address.
async fn comes_back(stage: &Stage, form: &Form) -> Result<(), DriverError> {
    let query = String::from_utf8(form.write().unwrap()).unwrap();
    let url = format!("http://merchant.assay.test/thanks?{query}");
    stage.merchant.open_return(Return { url }).await
}

fn signed(form: &Form, signer: &Signer) -> Form {
    let mut form = form.clone();
    form.sign(signer).unwrap();
    form
}

#[tokio::test]
async fn the_link_is_a_signed_call_of_the_gateway() {
    for (device, service, product) in [
        ("web", "create_forex_trade", "NEW_OVERSEAS_SELLER"),
        ("wap", "create_forex_trade_wap", "NEW_WAP_OVERSEAS_SELLER"),
    ] {
        let stage = Stage::new(nothing_yet).await;
        stage.present_on(Some(device)).await.unwrap();
        stage.until(1_000).await;
        let form = sent(&stage).await;
        let key = Verifier::Rsa2(reference_key().unwrap().public());
        assert_eq!(form.verify(&key), Verified::Valid);
        for (name, value) in [
            ("service", service),
            ("product_code", product),
            ("notify_url", "http://merchant.assay.test/alipay/notify?a=1&b=2"),
            ("return_url", "http://merchant.assay.test/thanks"),
            ("refer_url", "http://merchant.assay.test/"),
            ("subject", "Order A1"),
            ("body", "Tea"),
            ("out_trade_no", "A1-p1"),
            ("currency", "USD"),
            ("total_fee", "12.31"),
            ("timeout_rule", "15m"),
            ("secondary_merchant_id", "seller-0815"),
            ("secondary_merchant_name", "Harbour Teahouse"),
            ("secondary_merchant_industry", "5812"),
            ("supplier", ""),
        ] {
            assert_eq!(form.get(name), Some(value), "{name}");
        }
        assert_eq!(form.get("rmb_fee"), None);
        stage.assert_state(Waiting).await;
        assert!(stage.calls().is_empty());
    }
    let stage = Stage::new(nothing_yet).await;
    assert!(stage.present_on(Some("app")).await.is_err());
}

#[tokio::test]
async fn return_and_notice_book_once_in_either_order() {
    for first in [true, false] {
        let stage = redirected(None, nothing_yet).await;
        let back = signed(&finished(), &stage.signer);
        if first {
            comes_back(&stage, &back).await.unwrap();
            stage.assert_state(Paid).await;
        }
        assert_eq!(stage.notice(&finished()).await, "success");
        stage.assert_state(Paid).await;
        comes_back(&stage, &back).await.unwrap();
        stage.assert_state(Paid).await;
        let shown = stage.view().await.shown.unwrap();
        assert_eq!((shown.page, shown.link), (Some(Paid), None));
        stage.run_out().await;
        assert!(stage.calls().is_empty());
    }
}

#[tokio::test]
async fn a_return_that_the_gateway_has_not_signed_books_nothing() {
    let stranger = Signer::Rsa2(signing::PrivateKey::generate(2048).unwrap());
    let stage = redirected(None, nothing_yet).await;
    let good = signed(&finished(), &stage.signer);
    let mut edited = good.clone();
    edited.set("notify_time", "2026-01-05 10:00:31");
    let other = signed(&notice_with(&[("total_fee", "0.01")]), &stage.signer);
    for form in [finished(), signed(&finished(), &stranger), edited, other] {
        comes_back(&stage, &form).await.unwrap();
        stage.assert_state(Waiting).await;
    }
    assert_eq!(stage.view().await.shown.unwrap().page, Some(Waiting));
    let foreign = signed(&notice_with(&[("out_trade_no", "B7-p1")]), &stage.signer);
    assert!(comes_back(&stage, &foreign).await.is_err());
    let nowhere = Return { url: "http://merchant.assay.test/elsewhere?a=1".into() };
    assert!(stage.merchant.open_return(nowhere).await.is_err());
}

#[tokio::test]
async fn a_query_finds_the_payment_by_number_and_status() {
    let stage = redirected(None, |seen| match seen.nth {
        1 => Play::Refuses(200, "TRADE_NOT_EXIST"),
        2 => trade(seen, "WAIT_BUYER_PAY"),
        3 => Play::Lost,
        4 => {
            Play::Unsigned(fields(&[("out_trade_no", "A1-p1"), ("trade_status", "TRADE_FINISHED")]))
        }
        5 => Play::Says(fields(&[("out_trade_no", "B"), ("trade_status", "TRADE_FINISHED")])),
        _ => trade(seen, "TRADE_FINISHED"),
    })
    .await;
    stage.until(5 * MINUTE + 30_000).await;
    stage.assert_state(Waiting).await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    let times: Vec<i64> = (1..=6).map(|minute| minute * MINUTE).collect();
    assert_eq!(stage.times(TRADE_QUERY), times);
}

#[tokio::test]
async fn an_order_that_nobody_pays_waits_for_its_limit() {
    let stage = redirected(None, nothing_yet).await;
    stage.until(15 * MINUTE).await;
    stage.assert_state(Waiting).await;
    stage.run_out().await;
    stage.assert_state(Failed).await;
    assert_eq!(stage.view().await.shown, None);
    assert_eq!(stage.times(TRADE_QUERY).len(), 16);

    let stage = redirected(None, |seen| match seen.nth {
        ..=20 => trade(seen, "WAIT_BUYER_PAY"),
        _ => trade(seen, "TRADE_CLOSED"),
    })
    .await;
    stage.until(20 * MINUTE).await;
    stage.assert_state(Waiting).await;
    stage.run_out().await;
    stage.assert_state(Failed).await;

    let stage = redirected(None, |_| Play::Lost).await;
    stage.run_out().await;
    stage.assert_state(ForStaff).await;
}

#[tokio::test]
async fn pressing_again_goes_on_with_the_same_link_and_nothing_is_cancelled() {
    let stage = redirected(None, nothing_yet).await;
    let first = link(&stage).await;
    stage.present_on(Some("web")).await.unwrap();
    stage.until(2_000).await;
    assert_eq!(link(&stage).await, first);
    stage.notice(&finished()).await;
    stage.present_on(Some("web")).await.unwrap();
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert!(stage.merchant.cancel(CancelOrder { order: "A1".into() }).await.is_err());
    assert!(stage.calls().is_empty());
}

#[tokio::test]
async fn defects_of_the_website() {
    let struck = |stage: &Stage, defect: Defect| {
        assert!(stage.merchant.defect_was_active(), "{}", defect.id());
    };
    let defect = Defect::LegRedirectIsPaid;
    let stage = redirected(Some(defect), nothing_yet).await;
    struck(&stage, defect);
    stage.assert_state(Paid).await;

    let defect = Defect::LegReturnAndNotice;
    let stage = redirected(Some(defect), nothing_yet).await;
    let back = signed(&finished(), &stage.signer);
    comes_back(&stage, &back).await.unwrap();
    stage.notice(&finished()).await;
    struck(&stage, defect);
    assert_eq!(stage.view().await.bookings.len(), 2);

    let defect = Defect::LegKnowsNoFinished;
    let stage = redirected(Some(defect), |seen| trade(seen, "TRADE_FINISHED")).await;
    comes_back(&stage, &back_of(&stage)).await.unwrap();
    stage.notice(&finished()).await;
    stage.run_out().await;
    struck(&stage, defect);
    assert_ne!(till(&stage).await, Paid);

    let defect = Defect::LegReturnOnly;
    let stage = redirected(Some(defect), |seen| trade(seen, "TRADE_FINISHED")).await;
    stage.notice(&finished()).await;
    stage.run_out().await;
    struck(&stage, defect);
    stage.assert_state(Waiting).await;
    comes_back(&stage, &back_of(&stage)).await.unwrap();
    stage.assert_state(Paid).await;

    let defect = Defect::LegWaitsForNotice;
    let stage = redirected(Some(defect), |seen| trade(seen, "TRADE_FINISHED")).await;
    comes_back(&stage, &back_of(&stage)).await.unwrap();
    stage.run_out().await;
    struck(&stage, defect);
    stage.assert_state(Waiting).await;

    let defect = Defect::LegTrustsReturn;
    let stage = redirected(Some(defect), nothing_yet).await;
    comes_back(&stage, &finished()).await.unwrap();
    struck(&stage, defect);
    stage.assert_state(Paid).await;

    let defect = Defect::LegNotExistFailed;
    let stage = redirected(Some(defect), nothing_yet).await;
    stage.until(MINUTE).await;
    struck(&stage, defect);
    stage.assert_state(Failed).await;

    let defect = Defect::LegNumberPerClick;
    let stage = redirected(Some(defect), nothing_yet).await;
    stage.present_on(Some("web")).await.unwrap();
    stage.until(2_000).await;
    struck(&stage, defect);
    assert_eq!(sent(&stage).await.get("out_trade_no"), Some("A1-p2"));
}

fn back_of(stage: &Stage) -> Form {
    signed(&finished(), &stage.signer)
}
