//! The buyer comes to a payment by a link: from the shop's static code, or to the cashier page.

use protocol::ams::Api;
use protocol::parse_time;
use serde_json::json;

use super::{Rig, asks, checked_out, entered, pays, result, start};
use crate::Defect;

#[tokio::test]
async fn an_entry_code_leads_by_its_link_to_the_buyer() {
    let rig = Rig::new().await;
    rig.wallet(asks("approve", 6_000)).await;
    let nameless = rig.ask(Api::Pay, &entered("P0", "USD 12.31", "")).await;
    assert_eq!(result(&nameless), "F PARAM_ILLEGAL");
    let first = rig.ask(Api::Pay, &entered("P1", "USD 12.31", "AlipayClient/10")).await;
    assert_eq!(result(&first), "S SUCCESS");
    let link = first.text("redirectActionForm.redirectUrl").unwrap();
    assert!(link.contains(char::is_uppercase) && link.contains(char::is_lowercase), "{link}");
    assert_eq!(rig.ask(Api::Pay, &entered("P1", "USD 12.31", "AlipayClient/10")).await, first);
    let opened = rig.post("wallets/w1/open", json!({ "url": link })).await;
    assert_eq!(opened, json!({ "accepted": true, "why": null, "paymentRequestId": "P1" }));
    rig.pass(5_000).await;
    assert_eq!(rig.status("P1").await, "PROCESSING");
    rig.pass(1_000).await;
    assert_eq!(rig.status("P1").await, "SUCCESS");
    // The answer never speaks of money.
    assert_eq!(rig.ask(Api::Pay, &entered("P1", "USD 12.31", "AlipayClient/10")).await, first);
    assert_eq!(rig.moved().await, (vec![1231], vec![]));
}

#[tokio::test]
async fn the_cashier_is_in_process_until_the_buyer_has_paid_and_tells_4_s_later() {
    let rig = Rig::new().await;
    rig.wallet(pays()).await;
    for (number, name) in ["normalUrl", "applinkUrl", "schemeUrl"].into_iter().enumerate() {
        let id = format!("P{number}");
        let first = rig.ask(Api::Pay, &checked_out(&id, "USD 12.31")).await;
        assert_eq!(result(&first), "U PAYMENT_IN_PROCESS");
        let opened = json!({ "url": first.text(name).unwrap() });
        let opened = rig.post("wallets/w1/open", opened).await;
        assert_eq!(opened["paymentRequestId"], id.as_str());
        assert_eq!(rig.status(&id).await, "SUCCESS");
        let again = rig.ask(Api::Pay, &checked_out(&id, "USD 12.31")).await;
        assert_eq!(result(&again), "S SUCCESS");
    }
    rig.until(start() + 60_000).await;
    let notices = rig.notices.lock().clone();
    assert_eq!(notices.len(), 3);
    // Pay took 100 ms.
    assert_eq!(notices[0].at, start() + 100 + 4_000);
    assert_eq!(result(&notices[0].fields), "S SUCCESS");
}

#[tokio::test]
async fn the_cashier_finds_out_at_the_confirmation_that_the_money_is_short_and_tells() {
    let rig = Rig::new().await;
    let mood = asks("approve", 8_000);
    rig.post("wallets", json!({ "balance": 1_000, "mood": mood })).await;
    let first = rig.ask(Api::Pay, &checked_out("P1", "USD 12.31")).await;
    let url = json!({ "url": first.text("normalUrl").unwrap() });
    assert_eq!(rig.post("wallets/w1/open", url).await["accepted"], true);
    rig.pass(7_000).await;
    assert_eq!(rig.status("P1").await, "PROCESSING");
    rig.pass(1_000).await;
    let told = rig.inquire("P1").await;
    assert_eq!(told.text("paymentStatus").unwrap(), "FAIL");
    assert_eq!(told.text("paymentResultCode").unwrap(), "USER_BALANCE_NOT_ENOUGH");
    rig.pass(10_000).await;
    let notices = rig.notices.lock().clone();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].at, start() + 100 + 8_000 + 4_000);
    assert_eq!(result(&notices[0].fields), "F USER_BALANCE_NOT_ENOUGH");
    assert_eq!(notices[0].fields.text("paymentTime"), None);
    assert_eq!(rig.moved().await, (vec![], vec![]));
}

#[tokio::test]
async fn links_end_after_3_and_14_minutes() {
    let rig = Rig::new().await;
    rig.wallet(pays()).await;
    for (body, name, minutes) in [
        (entered("P1", "USD 1", "x"), "redirectActionForm.redirectUrl", 3),
        (checked_out("P2", "USD 1"), "normalUrl", 14),
    ] {
        let answer = rig.ask(Api::Pay, &body).await;
        let made = parse_time(&answer.text("paymentCreateTime").unwrap()).unwrap();
        let id = answer.text("paymentRequestId").unwrap();
        rig.until(made + minutes * 60_000 - 200).await;
        assert_eq!(rig.status(&id).await, "PROCESSING");
        rig.pass(1_000).await;
        assert_eq!(rig.status(&id).await, "FAIL");
        let url = json!({ "url": answer.text(name).unwrap() });
        let late = rig.post("wallets/w1/open", url).await;
        assert_eq!(late["why"], "ORDER_IS_CLOSED");
    }
    assert!(rig.notices.lock().is_empty());
}

#[tokio::test]
async fn a_defect_leaves_the_buyer_without_a_link() {
    for body in [entered("P1", "USD 1", "x"), checked_out("P1", "USD 1")] {
        let rig = Rig::defective(Defect::NextStepMissing).await;
        let answer = rig.ask(Api::Pay, &body).await;
        let names = ["redirectActionForm", "normalUrl", "applinkUrl", "schemeUrl"];
        assert!(names.iter().all(|name| answer.at(name).is_none()));
        assert!(rig.tenant.defect_was_active());
    }
}
