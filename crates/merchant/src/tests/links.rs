//! Entry-code and cashier: the buyer is sent on by a link.

use evidence::OrderState::{self, Cancelled, Failed, Paid, Waiting};

use protocol::ams::Api;
use serde_json::{Value, json};

use super::{Play, RETURN, Seen, Stage, answer, code, good_notice, state, usd};
use crate::{Defect, Driver as _, DriverError, Present, Return};

const LINK: &str = "alipays://platformapi/startApp?qrcode=AbC";
const WALLET: &str = "AlipayClient/10.6.0";

/// The answer that gives the link of an entry code.
fn entered(seen: &Seen) -> Play {
    let form = json!({ "method": "GET", "redirectUrl": LINK });
    let more = json!({ "paymentAmount": usd(1231).to_wire(), "redirectActionForm": form });
    Play::Signed(answer(seen, "SUCCESS", &more))
}

/// The answer that gives the addresses of the wallet's own page.
fn in_process(seen: &Seen) -> Play {
    let more = json!({ "normalUrl": "n", "applinkUrl": "a", "schemeUrl": "s" });
    Play::Signed(answer(seen, "PAYMENT_IN_PROCESS", &more))
}

async fn link(stage: &Stage) -> Option<String> {
    stage.view().await.shown.and_then(|shown| shown.link)
}

fn failed_notice() -> Value {
    let mut notice = good_notice();
    notice["result"] = protocol::ams::Outcome::of_code("USER_BALANCE_NOT_ENOUGH").to_json();
    notice
}

#[tokio::test]
async fn an_entry_code_names_the_wallet_and_sends_the_buyer_on() {
    let stage = Stage::new(|seen| match (seen.api, seen.nth) {
        (Api::Pay, 1) => Play::Lost,
        (Api::Pay, _) => entered(seen),
        (_, 1) => state(seen, "PROCESSING"),
        (_, _) => state(seen, "SUCCESS"),
    })
    .await;
    stage.present_to(None, Some(WALLET)).await;
    stage.until(7_000).await;
    stage.assert_state(Waiting).await;
    assert_eq!(link(&stage).await.as_deref(), Some(LINK));
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(link(&stage).await, None);
    assert_eq!(stage.times(Api::InquiryPayment), [21_000, 25_000]);
    let pays: Vec<Seen> = stage.calls().into_iter().filter(|seen| seen.api == Api::Pay).collect();
    assert_eq!(pays[0].body, pays[1].body);
    for (path, value) in [
        ("productCode", "IN_STORE_PAYMENT"),
        ("paymentFactor.inStorePaymentScenario", "EntryCode"),
        ("order.env.userAgent", WALLET),
        ("paymentRedirectUrl", "http://merchant.assay.test/thanks?order=A1"),
    ] {
        assert_eq!(pays[0].text(path), value, "{path}");
    }
}

#[tokio::test]
async fn the_cashier_gets_the_address_that_suits_its_device() {
    for (device, terminal, address) in
        [("web", "WEB", "n"), ("wap", "WAP", "a"), ("app", "APP", "s")]
    {
        let stage = Stage::new(|seen| match (seen.api, seen.nth) {
            (Api::Pay, _) => in_process(seen),
            (_, 1 | 2) => state(seen, "PROCESSING"),
            (_, _) => state(seen, "SUCCESS"),
        })
        .await;
        stage.present_to(Some(device), Some("Mozilla/5.0")).await;
        stage.until(1_000).await;
        stage.assert_state(Waiting).await;
        assert_eq!(link(&stage).await.as_deref(), Some(address));
        stage.run_out().await;
        stage.assert_state(Paid).await;
        assert_eq!(stage.times(Api::InquiryPayment), [2_000, 4_000, 6_000]);
        let pay = &stage.calls()[0];
        assert_eq!(pay.text("productCode"), "CASHIER_PAYMENT");
        assert_eq!(pay.text("env.terminalType"), terminal);
        assert_eq!(pay.text("paymentFactor.inStorePaymentScenario"), "");
        assert_eq!(pay.text("paymentExpiryTime"), "2026-01-05T10:14:00+08:00");
    }
    let stage = Stage::new(|_| Play::Lost).await;
    let present = Present {
        order: "A1".into(),
        amount: usd(1231),
        text: "Tea".into(),
        store: "store-1".into(),
        device: Some("fridge".into()),
        user_agent: None,
    };
    assert!(matches!(stage.merchant.present(present).await, Err(DriverError::Refused(_))));
}

#[tokio::test]
async fn the_cashier_asks_every_2_s_and_once_more_when_the_order_ends() {
    let stage = Stage::new(|seen| match (seen.api, seen.at) {
        (Api::Pay, _) => in_process(seen),
        (_, 840_000..) => state(seen, "FAIL"),
        (_, _) => state(seen, "PROCESSING"),
    })
    .await;
    stage.present_to(Some("web"), None).await;
    stage.run_out().await;
    stage.assert_state(Failed).await;
    assert_eq!(link(&stage).await, None);
    let mut plan: Vec<i64> = (1..=20).map(|number| 2_000 * number).collect();
    plan.push(840_000);
    assert_eq!(stage.times(Api::InquiryPayment), plan);
    assert!(stage.times(Api::Cancel).is_empty());
}

#[tokio::test]
async fn a_cashier_that_nothing_is_told_of_is_cancelled() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Pay => Play::Lost,
        Api::InquiryPayment => state(seen, "PROCESSING"),
        _ => code(seen, "SUCCESS"),
    })
    .await;
    stage.present_to(Some("web"), None).await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.times(Api::Pay), [0]);
    assert_eq!(stage.times(Api::InquiryPayment).len(), 20);
    assert_eq!(stage.times(Api::Cancel), [45_000]);
}

#[tokio::test]
async fn a_notice_of_failure_ends_the_order() {
    let open = |seen: &Seen| match seen.api {
        Api::Pay => in_process(seen),
        _ => state(seen, "PROCESSING"),
    };
    let stage = Stage::new(open).await;
    stage.present_to(Some("web"), None).await;
    stage.until(9_000).await;
    assert_eq!(stage.notice(&failed_notice()).await, protocol::ams::ACK);
    stage.assert_state(Failed).await;
    stage.run_out().await;
    assert_eq!(stage.times(Api::InquiryPayment).len(), 4);

    // Also one that comes after the failure was known.
    for known in [false, true] {
        let stage = Stage::with(Some(Defect::NoticeResultIgnored), move |seen| match seen.api {
            Api::Pay => in_process(seen),
            _ => state(seen, if known { "FAIL" } else { "PROCESSING" }),
        })
        .await;
        stage.present_to(Some("web"), None).await;
        stage.until(9_000).await;
        stage.notice(&failed_notice()).await;
        stage.assert_state(Paid).await;
    }
}

async fn returned(defect: Option<Defect>) -> (Option<OrderState>, OrderState) {
    let stage = Stage::with(defect, |seen| match seen.api {
        Api::Pay => entered(seen),
        _ => state(seen, "PROCESSING"),
    })
    .await;
    stage.present_to(None, Some(WALLET)).await;
    stage.until(1_000).await;
    let url = format!("{RETURN}?order=A1");
    stage.merchant.open_return(Return { url }).await.unwrap();
    let foreign = Return { url: format!("{RETURN}?order=A2") };
    assert!(stage.merchant.open_return(foreign).await.is_err());
    let view = stage.view().await;
    (view.shown.and_then(|shown| shown.page), view.till)
}

#[tokio::test]
async fn a_buyer_who_comes_back_has_proved_nothing() {
    assert_eq!(returned(None).await, (Some(Waiting), Waiting));
    assert_eq!(returned(Some(Defect::ReturnIsPaid)).await, (Some(Paid), Paid));
}

#[tokio::test]
async fn defects_of_links() {
    let expired = |seen: &Seen| {
        if seen.api == Api::Pay {
            return entered(seen);
        }
        let more = json!({ "paymentStatus": "FAIL", "paymentResultCode": "ORDER_IS_CLOSED" });
        Play::Signed(answer(seen, "SUCCESS", &more))
    };
    for (defect, offered, agent) in [
        (None, None, WALLET),
        (Some(Defect::ExpiredCodeShown), Some(LINK), WALLET),
        (Some(Defect::UseragentInvented), None, "Mozilla/5.0"),
    ] {
        let stage = Stage::with(defect, expired).await;
        stage.present_to(None, Some(WALLET)).await;
        stage.run_out().await;
        stage.assert_state(Failed).await;
        assert_eq!(link(&stage).await.as_deref(), offered);
        assert_eq!(stage.calls()[0].text("order.env.userAgent"), agent);
        assert_eq!(stage.merchant.defect_was_active(), defect.is_some());
    }
}

#[tokio::test]
async fn a_wallet_may_be_charged_in_another_currency() {
    let fields = json!({
        "paymentAmount": usd(1231).to_wire(),
        "actualPaymentAmount": { "currency": "CNY", "value": "8800" },
    });
    for (defect, end) in [(None, Paid), (Some(Defect::ComparesActual), Failed)] {
        let fields = fields.clone();
        let converted = move |seen: &Seen| Play::Signed(answer(seen, "SUCCESS", &fields));
        let stage = Stage::with(defect, converted).await;
        stage.charge(usd(1231)).await;
        stage.run_out().await;
        stage.assert_state(end).await;
    }
}
