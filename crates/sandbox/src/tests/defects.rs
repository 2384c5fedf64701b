//! Every defect shows where its case looks, and is not active where it does not.

use protocol::Fields;
use protocol::ams::{Api, Verified};
use serde_json::{Value, json};

use super::transport::ill_fitting;
use super::{AckMood, CLIENT, Rig, asks, judge, pays, result, scanned, shown, signed, start};
use crate::Defect;

/// A gateway with the defect, one wallet, and a code of it.
async fn broken(defect: Defect, mood: Value) -> (Rig, String) {
    let rig = Rig::defective(defect).await;
    let code = rig.wallet(mood).await;
    assert!(!rig.tenant.defect_was_active());
    (rig, code)
}

async fn charge(rig: &Rig, id: &str, code: &str) -> Fields {
    rig.ask(Api::Pay, &scanned(id, "USD 12.31", code)).await
}

/// Asks for an order code.
async fn present(rig: &Rig, id: &str) -> Option<String> {
    let answer = rig.ask(Api::Pay, &shown(id, "USD 12.31")).await;
    assert_eq!(result(&answer), "S SUCCESS");
    answer.text("orderCodeForm.codeDetails.0.codeValue")
}

#[tokio::test]
async fn a_healthy_gateway_has_no_active_defect() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    charge(&rig, "P1", &code).await;
    rig.pass(60_000).await;
    assert!(!rig.tenant.defect_was_active());
}

#[tokio::test]
async fn defects_of_money() {
    let (rig, code) = broken(Defect::SuccessWithoutDebit, pays()).await;
    assert_eq!(result(&charge(&rig, "P1", &code).await), "S SUCCESS");
    assert_eq!(rig.status("P1").await, "SUCCESS");
    assert_eq!(rig.moved().await, (vec![], vec![]));
    assert!(rig.tenant.defect_was_active());

    let (rig, _) = broken(Defect::CodeDebits, asks("approve", 6_000)).await;
    let code = present(&rig, "P1").await.unwrap();
    assert_eq!(rig.moved().await, (vec![1231], vec![]));
    assert_eq!(rig.status("P1").await, "PROCESSING");
    rig.post("wallets/w1/scan", json!({ "code": code })).await;
    rig.pass(6_000).await;
    assert_eq!(rig.status("P1").await, "SUCCESS");
    assert_eq!(rig.moved().await, (vec![1231], vec![]));

    let (rig, code) = broken(Defect::CancelKeepsMoney, pays()).await;
    charge(&rig, "P1", &code).await;
    assert_eq!(result(&rig.cancel("P1").await), "S SUCCESS");
    assert_eq!(rig.status("P1").await, "CANCELLED");
    assert_eq!(rig.moved().await, (vec![1231], vec![]));

    let rig = Rig::defective(Defect::JpyHasCents).await;
    rig.post("wallets", json!({ "currency": "JPY" })).await;
    let code = rig.code(json!({})).await;
    let answer = rig.ask(Api::Pay, &scanned("P1", "JPY 1,000", &code)).await;
    assert_eq!(answer.text("paymentAmount.value").as_deref(), Some("1000"));
    assert_eq!(rig.moved().await, (vec![10], vec![]));

    let (rig, code) = broken(Defect::CancelledStillPayable, asks("approve", 9_000)).await;
    charge(&rig, "P1", &code).await;
    rig.cancel("P1").await;
    assert!(!rig.tenant.defect_was_active());
    rig.pass(9_000).await;
    assert_eq!(rig.moved().await, (vec![1231], vec![]));
    assert_eq!(rig.status("P1").await, "CANCELLED");
}

#[tokio::test]
async fn defects_of_repeated_calls() {
    let (rig, code) = broken(Defect::RepeatDebits, pays()).await;
    let first = charge(&rig, "P1", &code).await;
    assert_eq!(charge(&rig, "P1", &code).await, first);
    assert_eq!(rig.moved().await, (vec![1231, 1231], vec![]));

    let (rig, _) = broken(Defect::RepeatDebits, pays()).await;
    let code = present(&rig, "P1").await;
    assert_eq!(present(&rig, "P1").await, code);
    rig.post("wallets/w1/scan", json!({ "code": code })).await;
    assert_eq!(rig.moved().await, (vec![1231, 1231], vec![]));

    let (rig, code) = broken(Defect::RepeatNewOrder, pays()).await;
    let first = charge(&rig, "P1", &code).await;
    let second = charge(&rig, "P1", &code).await;
    assert_eq!(result(&second), "S SUCCESS");
    assert_ne!(second.text("paymentId"), first.text("paymentId"));
    assert_ne!(present(&rig, "P2").await, present(&rig, "P2").await);

    let (rig, code) = broken(Defect::RepeatOtherAmount, pays()).await;
    let first = charge(&rig, "P1", &code).await;
    let second = rig.ask(Api::Pay, &scanned("P1", "USD 12.32", &code)).await;
    assert_eq!(result(&second), "S SUCCESS");
    // The echo fits the call, so that nothing but the result is wrong.
    assert_eq!(second.text("paymentAmount.value").as_deref(), Some("1232"));
    assert_eq!(second.text("paymentId"), first.text("paymentId"));
    assert_eq!(rig.inquire("P1").await.text("paymentAmount.value").as_deref(), Some("1231"));
    assert_eq!(rig.moved().await, (vec![1231], vec![]));

    let (rig, code) = broken(Defect::CancelledIdReusable, pays()).await;
    charge(&rig, "P1", &code).await;
    rig.cancel("P1").await;
    assert_eq!(result(&charge(&rig, "P1", &code).await), "S SUCCESS");
    assert!(rig.tenant.defect_was_active());
}

#[tokio::test]
async fn defects_of_codes_and_states() {
    let (rig, code) = broken(Defect::CodeReusable, pays()).await;
    charge(&rig, "P1", &code).await;
    rig.pass(120_000).await;
    assert!(!rig.tenant.defect_was_active());
    assert_eq!(result(&charge(&rig, "P2", &code).await), "S SUCCESS");

    let (rig, code) = broken(Defect::CodeOldRule, pays()).await;
    assert_eq!(result(&charge(&rig, "P1", &code).await), "S SUCCESS");
    for form in [json!({ "prefix": "27" }), json!({ "digits": 24 }), json!({ "value": "GCASH" })] {
        let code = rig.code(form).await;
        let answer = charge(&rig, &format!("P-{code}"), &code).await;
        assert_eq!(result(&answer), "F INVALID_PAYMENT_CODE");
    }

    let (rig, code) = broken(Defect::PendingAnsweredS, asks("approve", 12_000)).await;
    let answer = charge(&rig, "P1", &code).await;
    assert_eq!(result(&answer), "S SUCCESS");
    assert!(answer.text("paymentTime").is_some());
    assert_eq!(rig.status("P1").await, "PROCESSING");

    let (rig, code) = broken(Defect::InquiryStale, asks("approve", 12_000)).await;
    charge(&rig, "P1", &code).await;
    rig.status("P1").await;
    assert!(!rig.tenant.defect_was_active());
    rig.pass(12_000).await;
    assert_eq!(rig.status("P1").await, "PROCESSING");
    assert_eq!(rig.moved().await, (vec![1231], vec![]));

    let (rig, _) = broken(Defect::UnknownOrderProcessing, pays()).await;
    let answer = rig.inquire("P1").await;
    assert_eq!(answer.text("paymentStatus").as_deref(), Some("PROCESSING"));
    assert_eq!(answer.text("paymentRequestId").as_deref(), Some("P1"));

    let (rig, _) = broken(Defect::NextStepMissing, pays()).await;
    assert_eq!(present(&rig, "P1").await, None);

    let (rig, _) = broken(Defect::ExpiryIgnored, asks("ignore", 0)).await;
    let code = present(&rig, "P1").await;
    rig.post("wallets/w1/scan", json!({ "code": code })).await;
    rig.until(start() + 181_000).await;
    let act = rig.post("wallets/w1/confirm", json!({ "paymentRequestId": "P1" })).await;
    assert_eq!(act["accepted"], true);
    assert_eq!(rig.moved().await, (vec![1231], vec![]));

    let shape = |terms: &mut crate::Terms| terms.switches.store_required = true;
    let rig = Rig::build(shape, Some(Defect::StoreOptional)).await;
    let mut body = scanned("P1", "USD 12.31", &rig.wallet(pays()).await);
    body["order"]["merchant"]["store"] = json!(null);
    assert_eq!(result(&rig.ask(Api::Pay, &body).await), "S SUCCESS");
    assert!(rig.tenant.defect_was_active());
}

#[tokio::test]
async fn defects_of_answers() {
    let (rig, code) = broken(Defect::AmountEchoWrong, pays()).await;
    let answer = charge(&rig, "P1", &code).await;
    assert_eq!(answer.text("paymentAmount.value").as_deref(), Some("1232"));
    assert_eq!(rig.inquire("P1").await.text("paymentAmount.value").as_deref(), Some("1231"));

    let path = Api::Pay.path(CLIENT);
    for (defect, expected) in
        [(Defect::AnswerUnsigned, Verified::Unsigned), (Defect::SignsLivePath, Verified::Wrong)]
    {
        let (rig, code) = broken(defect, pays()).await;
        let body = scanned("P1", "USD 12.31", &code).to_string();
        let answer = rig.send(signed(&path, body.as_bytes())).await;
        assert_eq!(judge(&path, &answer), expected, "{defect:?}");
        assert!(rig.tenant.defect_was_active());
    }

    let (rig, code) = broken(Defect::SignRewritten, pays()).await;
    charge(&rig, "P1", &code).await;
    assert!(!rig.tenant.defect_was_active());
    rig.post("settings", json!({ "hard_texts": true })).await;
    let body = scanned("P1", "USD 12.31", &code).to_string();
    let answer = rig.send(signed(&path, body.as_bytes())).await;
    assert_eq!(judge(&path, &answer), Verified::Wrong);
    assert!(rig.tenant.defect_was_active());

    let (rig, _) = broken(Defect::RequestUnverified, pays()).await;
    let answer = rig.send(ill_fitting()).await;
    assert_eq!(result(&Fields::read(&answer.body).unwrap()), "F PARAM_ILLEGAL");
    assert!(rig.tenant.defect_was_active());
}

#[tokio::test]
async fn defects_of_notices() {
    for (defect, mood, sends, verified) in [
        (Defect::NoticeWithoutQuery, AckMood::Fixed, 1, Verified::Wrong),
        (Defect::NoResend, AckMood::Never, 1, Verified::Valid),
        (Defect::ResendAfterAck, AckMood::Fixed, 8, Verified::Valid),
    ] {
        let (rig, code) = broken(defect, pays()).await;
        *rig.acks.lock() = mood;
        charge(&rig, "P1", &code).await;
        rig.pass(2 * protocol::DAY).await;
        assert!(rig.tenant.defect_was_active());
        let notices = rig.notices.lock().clone();
        assert_eq!(notices.len(), sends, "{defect:?}");
        assert!(notices.iter().all(|notice| notice.verified == verified), "{defect:?}");
    }
}
