//! Notices: when they are sent, where to, how they are signed, and what stops them.

use clock::Millis;
use protocol::ams::{Api, Verified};
use serde_json::json;

use super::{AckMood, Rig, pays, result, scanned, start};
use crate::{Acks, NoticeRoute, Resends};

/// When the notices came, in seconds after the first was due.
fn times(rig: &Rig) -> Vec<Millis> {
    let first = start() + 1_000;
    rig.notices.lock().iter().map(|notice| (notice.at - first) / 1_000).collect()
}

async fn paid(rig: &Rig) {
    let code = rig.wallet(pays()).await;
    rig.ask(Api::Pay, &scanned("P1", "USD 12.31", &code)).await;
}

#[tokio::test]
async fn a_success_is_told_to_the_address_of_the_call() {
    let rig = Rig::new().await;
    paid(&rig).await;
    rig.pass(2 * protocol::DAY).await;
    assert_eq!(times(&rig), [0], "an ack ends it");
    let notice = rig.notices.lock()[0].clone();
    assert_eq!((notice.at, notice.verified), (start() + 1_000, Verified::Valid));
    assert_eq!((notice.target.as_str(), notice.host.as_str()), ("/notify?till=1", "merchant.test"));
    assert_eq!(result(&notice.fields), "S SUCCESS");
    for (path, expected) in [
        ("notifyType", "PAYMENT_RESULT"),
        ("paymentRequestId", "P1"),
        ("paymentAmount.value", "1231"),
        ("actualPaymentAmount.currency", "USD"),
        ("paymentTime", "2026-01-05T10:00:00+08:00"),
    ] {
        assert_eq!(notice.fields.text(path).as_deref(), Some(expected), "{path}");
    }
    assert_eq!(notice.fields.text("paymentId"), rig.inquire("P1").await.text("paymentId"));
}

#[tokio::test]
async fn the_console_address_is_used_when_the_call_names_none() {
    let rig = Rig::new().await;
    let code = rig.wallet(pays()).await;
    let mut body = scanned("P1", "USD 12.31", &code);
    body["paymentNotifyUrl"] = json!("");
    rig.ask(Api::Pay, &body).await;
    rig.pass(1_000).await;
    assert_eq!(rig.notices.lock()[0].target, "/console");

    let rig = Rig::build(|terms| terms.console_notify_url = None, None).await;
    body["paymentMethod"]["paymentMethodId"] = json!(rig.wallet(pays()).await);
    assert_eq!(result(&rig.ask(Api::Pay, &body).await), "S SUCCESS");
    rig.pass(protocol::DAY).await;
    assert!(rig.notices.lock().is_empty());
}

#[tokio::test]
async fn a_notice_without_ack_is_sent_again_on_schedule() {
    let full = [0, 120, 720, 1_320, 4_920, 12_120, 33_720, 87_720];
    for (resends, sends) in [(Resends::Full, 8), (Resends::WithinDay, 7), (Resends::Once, 1)] {
        let rig = Rig::build(|terms| terms.switches.resends = resends, None).await;
        *rig.acks.lock() = AckMood::Never;
        paid(&rig).await;
        rig.pass(2 * protocol::DAY).await;
        assert_eq!(times(&rig), full[..sends]);
        let notices = rig.notices.lock().clone();
        assert!(notices.iter().all(|notice| notice.at % 1_000 == 0));
        assert!(notices.iter().all(|notice| notice.verified == Verified::Valid));
        assert!(notices.iter().all(|notice| notice.fields == notices[0].fields));
    }
}

#[tokio::test]
async fn a_late_ack_counts_as_none_and_a_right_one_ends_it() {
    let rig = Rig::new().await;
    *rig.acks.lock() = AckMood::Late(30_000);
    paid(&rig).await;
    rig.until(start() + 500_000).await;
    assert_eq!(times(&rig), [0, 120]);
    *rig.acks.lock() = AckMood::Late(9_000);
    rig.pass(2 * protocol::DAY).await;
    assert_eq!(times(&rig), [0, 120, 720]);
}

#[tokio::test]
async fn a_signed_ack_has_to_be_signed_right() {
    for (mood, acks, sends) in [
        (AckMood::SignedRight, Acks::Any, 1),
        (AckMood::SignedWrong, Acks::Any, 8),
        (AckMood::SignedRight, Acks::Signed, 1),
        (AckMood::Fixed, Acks::Signed, 8),
    ] {
        let rig = Rig::build(|terms| terms.switches.acks = acks, None).await;
        *rig.acks.lock() = mood;
        paid(&rig).await;
        rig.pass(2 * protocol::DAY).await;
        assert_eq!(rig.notices.lock().len(), sends, "{mood:?} {acks:?}");
    }
}

#[tokio::test]
async fn without_a_witness_only_this_machine_is_told() {
    let rig = Rig::build(|terms| terms.notices = NoticeRoute::Direct, None).await;
    let port = rig.merchant().port();
    let code = rig.wallet(pays()).await;
    let mut body = scanned("P1", "USD 12.31", &code);
    body["paymentNotifyUrl"] = json!(format!("http://localhost:{port}/n?a=b"));
    rig.ask(Api::Pay, &body).await;
    rig.pass(1_000).await;
    assert_eq!(rig.notices.lock().len(), 1);
    assert_eq!(rig.notices.lock()[0].host, format!("localhost:{port}"));

    for (id, url) in
        [("P2", "http://192.0.2.1/n".to_owned()), ("P3", format!("https://127.0.0.1:{port}/n"))]
    {
        body["paymentRequestId"] = json!(id);
        body["paymentNotifyUrl"] = json!(url);
        body["paymentMethod"]["paymentMethodId"] = json!(rig.code(json!({})).await);
        assert_eq!(result(&rig.ask(Api::Pay, &body).await), "S SUCCESS");
        rig.pass(1_000).await;
        assert_eq!(rig.notices.lock().len(), 1);
        let log = rig.see("log").await;
        let last = log.as_array().unwrap().last().unwrap();
        assert_eq!((&last["way"], &last["status"]), (&json!("notice"), &json!(null)));
        assert!(last["code"].as_str().unwrap().starts_with("not sent: "), "{last}");
    }
}

#[tokio::test]
async fn a_notice_can_be_written_by_hand() {
    let rig = Rig::new().await;
    let url = "http://shop.test/notify?x=1";
    let body = json!({ "notifyType": "PAYMENT_RESULT", "paymentRequestId": "nobody's" });
    rig.post("notices", json!({ "url": url, "body": body })).await;
    rig.post("notices", json!({ "url": url, "body": body, "sign_target": "/other" })).await;
    rig.pass(2 * protocol::DAY).await;
    let notices = rig.notices.lock().clone();
    let mut verified: Vec<_> = notices.iter().map(|notice| notice.verified).collect();
    verified.sort_by_key(|verified| *verified != Verified::Valid);
    assert_eq!(verified, [Verified::Valid, Verified::Wrong]);
    assert!(notices.iter().all(|notice| notice.fields.value() == &body));
    assert!(notices.iter().all(|notice| notice.host == "shop.test"));
}
