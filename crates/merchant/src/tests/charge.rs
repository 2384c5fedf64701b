//! User-presented, on a healthy merchant.

use evidence::OrderState::{Cancelled, Failed, Paid, Waiting};
use protocol::ams::{Api, Outcome, Verified};
use serde_json::json;

use super::{Play, Stage, answer, code, ok, state, usd};
use crate::{Charge, Driver, DriverError};

/// Twelve inquiries, the first 5 s after pay and then one every 3 s.
fn whole_plan() -> Vec<i64> {
    (0..12).map(|number| 5_000 + 3_000 * number).collect()
}

#[tokio::test]
async fn a_direct_success_is_booked_once() {
    let stage = Stage::new(ok).await;
    assert_eq!(stage.merchant.order("A1").await, Ok(None));
    stage.charge(usd(1231)).await;
    stage.assert_state(Waiting).await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    let calls = stage.calls();
    assert_eq!(calls.len(), 1);
    let pay = &calls[0];
    assert_eq!(pay.verified, Verified::Valid);
    assert_eq!(pay.request.target, "/ams/sandbox/api/v1/payments/pay");
    for (name, value) in [
        ("host", "gateway.test"),
        ("request-time", "1767578400000"),
        ("content-type", "application/json; charset=UTF-8"),
        ("user-agent", concat!("assay-reference/", env!("CARGO_PKG_VERSION"))),
    ] {
        assert_eq!(pay.request.header(name), Some(value));
    }
    for (path, value) in [
        ("paymentRequestId", "A1-1"),
        ("productCode", "IN_STORE_PAYMENT"),
        ("paymentFactor.inStorePaymentScenario", "PaymentCode"),
        ("paymentMethod.paymentMethodType", "CONNECT_WALLET"),
        ("paymentMethod.paymentMethodId", "288888888888888888"),
        ("paymentAmount.value", "1231"),
        ("paymentNotifyUrl", "http://merchant.assay.test/alipay/notify?shop=8"),
        ("order.referenceOrderId", "A1"),
        ("order.orderAmount.value", "1231"),
        ("order.merchant.referenceMerchantId", "seller-0815"),
        ("order.merchant.merchantMCC", "5812"),
        ("order.merchant.store.referenceStoreId", "store-1"),
        ("order.merchant.store.storeTerminalId", "till-11"),
        ("order.env.storeTerminalId", "till-11"),
        ("order.env.storeTerminalRequestTime", "2026-01-05T10:00:00+08:00"),
    ] {
        assert_eq!(pay.text(path), value, "{path}");
    }
}

#[tokio::test]
async fn hard_characters_arrive_as_entered() {
    let text = "Caf\u{e9} \u{5496}\u{5561} \u{2615} a+b=c&d/e \"q\" \\ <b> 100%25 ";
    let stage = Stage::new(|seen| {
        let mut body = answer(seen, "SUCCESS", &json!({}));
        body["result"]["resultMessage"] = json!("\u{5496} \u{2615} <b>");
        Play::Signed(body)
    })
    .await;
    let charge = Charge {
        order: "A1".into(),
        amount: usd(1231),
        text: text.into(),
        code: "288888888888888888".into(),
        store: "store-1".into(),
    };
    stage.merchant.charge(charge).await.unwrap();
    stage.run_out().await;
    stage.assert_state(Paid).await;
    let pay = &stage.calls()[0];
    assert_eq!(pay.verified, Verified::Valid);
    assert_eq!(pay.text("order.orderDescription"), text);
    let extension = pay.text("order.extendInfo");
    let extension: serde_json::Value = serde_json::from_str(&extension).unwrap();
    assert_eq!(extension["text"], text);
}

#[tokio::test]
async fn an_unknown_result_is_inquired_until_it_is_known() {
    let stage = Stage::new(|seen| match (seen.api, seen.nth) {
        (Api::Pay, _) => code(seen, "UNKNOWN_EXCEPTION"),
        (_, 1) => code(seen, "ORDER_NOT_EXIST"),
        (_, 2) => Play::Lost,
        (_, 3) => state(seen, "PROCESSING"),
        (_, 4) => code(seen, "REQUEST_TRAFFIC_EXCEED_LIMIT"),
        (_, _) => state(seen, "SUCCESS"),
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.times(Api::Pay), [0]);
    assert_eq!(stage.times(Api::InquiryPayment), [5_000, 8_000, 11_000, 14_000, 17_000]);
    assert!(stage.times(Api::Cancel).is_empty());
    assert!(stage.calls().iter().all(|seen| seen.id() == "A1-1"));
}

#[tokio::test]
async fn polls_used_up_end_in_a_cancel() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Pay => code(seen, "PAYMENT_IN_PROCESS"),
        Api::InquiryPayment => state(seen, "PROCESSING"),
        Api::Cancel => code(seen, "SUCCESS"),
        _ => Play::Lost,
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.until(37_999).await;
    stage.assert_state(Waiting).await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.times(Api::InquiryPayment), whole_plan());
    assert_eq!(stage.times(Api::Cancel), [38_000]);
}

#[tokio::test]
async fn a_payment_that_never_arrived_ends_failed() {
    let stage = Stage::new(|seen| match seen.api {
        Api::InquiryPayment | Api::Cancel => code(seen, "ORDER_NOT_EXIST"),
        _ => Play::Lost,
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    stage.assert_state(Failed).await;
    assert_eq!(stage.times(Api::InquiryPayment), whole_plan());
    assert_eq!(stage.times(Api::Cancel), [38_000]);
}

#[tokio::test]
async fn inquiries_without_answer_keep_the_pace() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Cancel => code(seen, "SUCCESS"),
        _ => Play::Lost,
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.times(Api::InquiryPayment), whole_plan());
    assert_eq!(stage.times(Api::Cancel), [41_000]);
}

#[tokio::test]
async fn what_cannot_be_believed_counts_as_no_answer() {
    for case in 0..8 {
        let stage = Stage::new(move |seen| {
            let good = answer(seen, "SUCCESS", &json!({}));
            match (seen.api, case) {
                (Api::InquiryPayment, _) => state(seen, "FAIL"),
                (_, 0) => Play::Forged(good),
                (_, 1) => Play::Unsigned(good),
                (_, 2) => Play::Raw(502, "<html>".into()),
                (_, 3) => Play::Text(good.to_string()[..40].into()),
                (_, 4) => Play::Raw(200, String::new()),
                (_, 5) => Play::Signed(answer(seen, "SUCCESS", &json!({"paymentRequestId": "B"}))),
                (_, 6) => {
                    let more = json!({ "paymentAmount": usd(1).to_wire() });
                    Play::Signed(answer(seen, "SUCCESS", &more))
                }
                (_, _) => Play::Signed(json!({ "result": Outcome::of_code("SUCCESS").to_json() })),
            }
        })
        .await;
        stage.charge(usd(1231)).await;
        stage.run_out().await;
        stage.assert_state(Failed).await;
        assert_eq!(stage.times(Api::Pay), [0], "case {case}");
        assert_eq!(stage.times(Api::InquiryPayment), [5_000], "case {case}");
        assert!(stage.times(Api::Cancel).is_empty(), "case {case}");
    }
}

#[tokio::test]
async fn an_inquiry_about_another_order_settles_nothing() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Pay => code(seen, "PAYMENT_IN_PROCESS"),
        Api::InquiryPayment if seen.nth == 1 => {
            let more = json!({ "paymentStatus": "SUCCESS", "paymentRequestId": "B7-1" });
            Play::Signed(answer(seen, "SUCCESS", &more))
        }
        Api::InquiryPayment => state(seen, "CANCELLED"),
        Api::Cancel => code(seen, "SUCCESS"),
        _ => Play::Lost,
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.until(7_000).await;
    stage.assert_state(Waiting).await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
}

#[tokio::test]
async fn an_inquiry_refused_for_good_ends_in_a_cancel_at_once() {
    let stage = Stage::new(|seen| match seen.api {
        Api::InquiryPayment => code(seen, "PROCESS_FAIL"),
        Api::Cancel => code(seen, "SUCCESS"),
        _ => Play::Lost,
    })
    .await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    stage.assert_state(Cancelled).await;
    assert_eq!(stage.times(Api::InquiryPayment), [5_000]);
    assert_eq!(stage.times(Api::Cancel), [5_000]);
}

#[tokio::test]
async fn any_refusal_is_final_and_a_new_attempt_has_a_new_id() {
    let stage = Stage::new(|seen| match seen.nth {
        1 => code(seen, "EXPIRED_CODE"),
        2 => code(seen, "NEVER_HEARD_OF"),
        _ => ok(seen),
    })
    .await;
    for expected in [Failed, Failed, Paid, Paid] {
        stage.charge(usd(1231)).await;
        stage.run_out().await;
        stage.assert_state(expected).await;
    }
    assert_eq!(stage.pay_ids(), ["A1-1", "A1-2", "A1-3"]);
    assert_eq!(stage.calls().len(), 3);
}

#[tokio::test]
async fn a_second_press_is_ignored() {
    let stage = Stage::new(ok).await;
    stage.charge(usd(1231)).await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    stage.charge(usd(1231)).await;
    stage.run_out().await;
    stage.assert_state(Paid).await;
    assert_eq!(stage.pay_ids(), ["A1-1"]);
}

#[tokio::test]
async fn an_unknown_store_is_refused() {
    let stage = Stage::new(ok).await;
    let charge = Charge {
        order: "A1".into(),
        amount: usd(1),
        text: String::new(),
        code: String::new(),
        store: "nowhere".into(),
    };
    let refused = stage.merchant.charge(charge).await;
    assert!(matches!(refused, Err(DriverError::Refused(words)) if words.contains("store-1")));
}
