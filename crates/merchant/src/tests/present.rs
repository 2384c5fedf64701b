//! Order-code, on a healthy merchant.

use evidence::OrderState::{Cancelled, Failed, Paid, Waiting};
use protocol::ams::Api;
use serde_json::json;

use super::{Play, Seen, Stage, answer, code, state, usd};

pub(super) const CODE: &str = "https://gqr.alipay.com/28101704AbC";

/// The answer that creates a code.
pub(super) fn created(seen: &Seen) -> Play {
    let details = json!([{ "codeValueType": "QRCODE", "displayType": "TEXT", "codeValue": CODE }]);
    let more = json!({
        "paymentAmount": usd(1231).to_wire(),
        "orderCodeForm": { "codeDetails": details },
    });
    Play::Signed(answer(seen, "SUCCESS", &more))
}

async fn shown(stage: &Stage) -> Option<String> {
    stage.view().await.shown.and_then(|shown| shown.code)
}

#[tokio::test]
async fn a_code_is_shown_and_asked_for_until_it_is_paid() {
    let stage = Stage::new(|seen| match (seen.api, seen.nth) {
        (Api::Pay, _) => created(seen),
        (_, 1 | 2) => state(seen, "PROCESSING"),
        (_, _) => state(seen, "SUCCESS"),
    })
    .await;
    stage.present().await;
    stage.until(14_000).await;
    stage.assert_state(Waiting).await;
    assert_eq!(shown(&stage).await.as_deref(), Some(CODE));
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(shown(&stage).await, None);
    assert_eq!(stage.times(Api::InquiryPayment), [15_000, 19_000, 23_000]);
    let pay = &stage.calls()[0];
    assert_eq!(pay.text("paymentFactor.inStorePaymentScenario"), "OrderCode");
    assert_eq!(pay.text("paymentMethod.paymentMethodId"), "");
    assert_eq!(pay.text("order.merchant.store.referenceStoreId"), "store-2");
    assert_eq!(pay.text("order.env.storeTerminalId"), "");
}

#[tokio::test]
async fn a_code_that_is_never_paid_is_cancelled() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Pay => created(seen),
        Api::InquiryPayment => state(seen, "PROCESSING"),
        Api::Cancel => code(seen, "SUCCESS"),
        _ => Play::Lost,
    })
    .await;
    stage.present().await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(shown(&stage).await, None);
    let plan: Vec<i64> = (0..12).map(|number| 15_000 + 4_000 * number).collect();
    assert_eq!(stage.times(Api::InquiryPayment), plan);
    assert_eq!(stage.times(Api::Cancel), [59_000]);
}

#[tokio::test]
async fn a_request_without_clear_answer_is_repeated_unchanged() {
    let stage = Stage::new(|seen| match (seen.api, seen.nth) {
        (Api::Pay, 1) => Play::Lost,
        (Api::Pay, 2) => code(seen, "UNKNOWN_EXCEPTION"),
        (Api::Pay, _) => created(seen),
        (_, _) => state(seen, "SUCCESS"),
    })
    .await;
    stage.present().await;
    stage.until(8_000).await;
    assert_eq!(shown(&stage).await.as_deref(), Some(CODE));
    let calls = stage.calls();
    assert_eq!(calls.len(), 3);
    assert!(calls.iter().all(|seen| seen.body == calls[0].body));
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.times(Api::InquiryPayment), [22_000]);
}

#[tokio::test]
async fn three_lost_requests_end_in_a_cancel_with_nothing_offered() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Cancel => code(seen, "ORDER_NOT_EXIST"),
        _ => Play::Lost,
    })
    .await;
    stage.present().await;
    stage.run_out().await;
    stage.assert_state(Failed).await;
    assert_eq!(shown(&stage).await, None);
    assert_eq!(stage.pay_ids(), ["A1-1"; 3]);
    assert_eq!(stage.times(Api::Cancel).len(), 1);
}

#[tokio::test]
async fn no_code_is_offered_on_the_strength_of_a_forgery_or_a_refusal() {
    let stage = Stage::new(|seen| match (created(seen), seen.nth) {
        (Play::Signed(body), 1) => Play::Forged(body),
        (Play::Signed(body), 2) => Play::Unsigned(body),
        (_, _) => code(seen, "ACCESS_DENIED"),
    })
    .await;
    stage.present().await;
    stage.run_out().await;
    stage.assert_state(Failed).await;
    assert_eq!(shown(&stage).await, None);
    assert_eq!(stage.calls().len(), 3);
}
