//! Registering secondary merchants, and selling in their names.

use evidence::RegistrationState::{Approved, Pending, Refused, Rejected};
use evidence::{MerchantView, OrderState};
use protocol::Fields;
use protocol::ams::{ACK, Api};
use serde_json::{Value, json};

use super::{Play, Seen, Stage, answer, code, ok, usd};
use crate::{Charge, Defect, Driver, Register, RegisterStore};

const DAY: i64 = 24 * 3_600_000;

fn wish(stores: &[&str]) -> Register {
    let store = |id: &&str| RegisterStore {
        id: (*id).into(),
        name: format!("Door {id}"),
        mcc: "5812".into(),
        terminal: format!("till-{id}"),
        drivers: vec![],
    };
    Register {
        id: "M1".into(),
        name: "老王 & Söhne ".into(),
        mcc: "5411".into(),
        address: "5/F".into(),
        contact: "a@b.example".into(),
        website: "https://b.example/".into(),
        sites: vec![],
        country: None,
        stores: stores.iter().map(store).collect(),
    }
}

/// What a review says: over or not, and the words of the wallets A and B.
fn review(over: bool, words: [Option<&str>; 2]) -> Value {
    let psp = |name: &str, word: Option<&str>| {
        let mut result = json!({ "registrationStatus": word });
        if word == Some("REJECTED") {
            result["rejectReasons"] = json!(["no licence"]);
        }
        json!({ "pspName": name, "registrationResult": result })
    };
    json!({
        "registrationResult": { "registrationStatus": if over { "COMPLETED" } else { "PENDING" } },
        "pspRegistrationResultList": [psp("A", words[0]), psp("B", words[1])],
    })
}

fn notice(words: [Option<&str>; 2]) -> Value {
    let mut notice = review(true, words);
    notice["referenceMerchantId"] = json!("M1");
    notice["registrationRequestId"] = json!("M1-r1-1");
    notice
}

impl Stage {
    async fn register(&self, stores: &[&str]) {
        self.merchant.register(wish(stores)).await.unwrap();
    }

    async fn secondary(&self) -> MerchantView {
        self.merchant.merchant("M1").await.unwrap().unwrap()
    }

    /// Charges an order in a store and answers how it stands a second later.
    async fn sell_in(&self, store: &str) -> OrderState {
        let (text, code) = ("Tea".to_owned(), "288888888888888888".to_owned());
        let order = format!("order-{store}");
        let charge =
            Charge { order: order.clone(), amount: usd(1231), text, code, store: store.into() };
        self.merchant.charge(charge).await.unwrap();
        self.until(self.clock.now() - super::START + 1_000).await;
        self.merchant.order(&order).await.unwrap().unwrap().till
    }
}

/// Takes every registration; the review is over with the second inquiry.
fn friendly(seen: &Seen) -> Play {
    match seen.api {
        Api::Registration => code(seen, "SUCCESS"),
        Api::InquiryRegistrationStatus => {
            let words = [Some("APPROVED"), Some("REJECTED")];
            Play::Signed(answer(seen, "SUCCESS", &review(seen.nth > 1, words)))
        }
        _ => ok(seen),
    }
}

#[tokio::test]
async fn a_merchant_is_asked_about_once_a_day_until_it_is_decided() {
    let stage = Stage::new(friendly).await;
    stage.register(&["s1"]).await;
    stage.register(&["s1"]).await;
    stage.until(1_000).await;
    assert_eq!(
        (stage.secondary().await.state, stage.sell_in("s1").await),
        (Pending, OrderState::Failed)
    );
    stage.run_out().await;
    let day = |count: i64| count * DAY;
    assert_eq!(stage.times(Api::Registration), [0]);
    assert_eq!(stage.times(Api::InquiryRegistrationStatus), [day(1), day(2)]);
    let calls = stage.calls();
    let body = |seen: &Seen| Fields::read(seen.body.as_bytes()).unwrap();
    assert_eq!(calls[0].text("merchantInfo.merchantDisplayName"), "老王 & Söhne ");
    assert_eq!(calls[0].text("registrationRequestId"), "M1-r1-1");
    let asked = json!({ "referenceMerchantId": "M1", "referenceStoreId": "s1" });
    assert_eq!(body(&calls[1]).value(), &asked);

    let view = stage.secondary().await;
    assert_eq!(view.state, Approved);
    let wallets: Vec<_> =
        view.wallets.iter().map(|w| (w.wallet.as_str(), w.approved, w.reasons.len())).collect();
    assert_eq!(wallets, [("A", true, 0), ("B", false, 1)]);
    assert_eq!(stage.sell_in("s1").await, OrderState::Paid);
    let pay = stage.calls().pop().unwrap();
    for (path, text) in [
        ("order.merchant.referenceMerchantId", "M1"),
        ("order.merchant.merchantMCC", "5411"),
        ("order.merchant.store.referenceStoreId", "s1"),
        ("order.env.storeTerminalId", "till-s1"),
    ] {
        assert_eq!(pay.text(path), text, "{path}");
    }
}

#[tokio::test]
async fn without_a_clear_answer_the_same_registration_goes_out_again() {
    let stage = Stage::new(|seen| match (seen.api, seen.nth) {
        (Api::Registration, 1) => Play::Lost,
        (Api::Registration, 2) => code(seen, "UNKNOWN_EXCEPTION"),
        (Api::Registration, 3) => Play::Forged(answer(seen, "PROCESS_FAIL", &json!({}))),
        _ => friendly(seen),
    })
    .await;
    stage.register(&["s1"]).await;
    stage.until(DAY / 2).await;
    assert_eq!(stage.times(Api::Registration), [0, 70_000, 190_000, 430_000]);
    let bodies: Vec<_> = stage.calls().iter().map(|seen| seen.body.clone()).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(stage.secondary().await.state, Pending);
}

#[tokio::test]
async fn a_notice_decides_once_and_only_when_it_is_genuine() {
    let stage = Stage::new(|seen| match seen.api {
        Api::Registration => Play::Late(8_000, answer(seen, "SUCCESS", &json!({}))),
        _ => Play::Lost,
    })
    .await;
    stage.register(&["s1"]).await;
    stage.until(1_000).await;
    let approved = notice([Some("APPROVED"), None]);
    assert_ne!(stage.stranger_notice(&approved).await, ACK);
    assert_ne!(stage.raw_notice(&approved.to_string(), None).await, ACK);
    let mut foreign = approved.clone();
    foreign["referenceMerchantId"] = json!("M2");
    assert_ne!(stage.notice(&foreign).await, ACK);
    assert_eq!(stage.secondary().await.state, Pending);
    assert_eq!(stage.notice(&approved).await, ACK);
    assert_eq!(stage.notice(&notice([None, None])).await, ACK);
    stage.run_out().await;
    let view = stage.secondary().await;
    assert_eq!((view.state, view.wallets[1].approved), (Approved, false));
    assert!(stage.times(Api::InquiryRegistrationStatus).is_empty());
}

#[tokio::test]
async fn a_refusal_is_shown_with_its_reason_and_undoes_no_approval() {
    let stage = Stage::new(|seen| match (seen.api, seen.nth) {
        (Api::Registration, 1 | 4) => code(seen, "PARAM_ILLEGAL"),
        (Api::Registration, 3) => code(seen, "REPEAT_REGISTRATION"),
        _ => friendly(seen),
    })
    .await;
    for (words, expected, reason) in [
        (None, Refused, "PARAM_ILLEGAL"),
        (Some([Some("APPROVED"), None]), Approved, "PARAM_ILLEGAL"),
        (None, Approved, "REPEAT_REGISTRATION"),
    ] {
        stage.register(&["s1"]).await;
        stage.until(stage.clock.now() - super::START + 1_000).await;
        if let Some(words) = words {
            let mut approved = notice(words);
            approved["registrationRequestId"] = json!("M1-r2-1");
            stage.notice(&approved).await;
        }
        let view = stage.secondary().await;
        assert_eq!(view.state, expected);
        assert!(view.reason.unwrap().starts_with(reason));
    }
}

#[tokio::test]
async fn who_no_wallet_takes_is_rejected_and_does_not_sell() {
    let stage = Stage::new(friendly).await;
    stage.register(&["s1", "s2"]).await;
    stage.until(1_000).await;
    assert_eq!(stage.calls().len(), 2);
    for place in [1, 2] {
        let mut no = notice([Some("REJECTED"), None]);
        no["registrationRequestId"] = json!(format!("M1-r1-{place}"));
        assert_eq!(stage.secondary().await.state, Pending);
        stage.notice(&no).await;
    }
    assert_eq!(stage.secondary().await.state, Rejected);
    assert_eq!(stage.sell_in("s2").await, OrderState::Failed);
    assert!(stage.times(Api::Pay).is_empty());
}

#[tokio::test]
async fn each_defect_of_the_registrar_shows() {
    let two = ["s1", "s2"];
    for (defect, expected) in [
        (None, "pending refused approved M1-r1-1 M1/s2 -"),
        (Some(Defect::AcceptedIsApproved), "approved refused approved M1-r1-1 M1/s2 -"),
        (Some(Defect::RegFIsPending), "pending pending approved M1-r1-1 M1/s2 -"),
        (Some(Defect::RegNewId), "pending refused pending M1-r1-1-new M1/s2 -"),
        (Some(Defect::OneStoreForAll), "pending refused approved M1-r1-1 M1/s1 -"),
        (Some(Defect::HeadMerchantStandsIn), "pending refused approved M1-r1-1 M1/s2 seller-0815"),
        (Some(Defect::RepeatLosesApproval), "pending refused rejected M1-r1-1 M1/s2 -"),
    ] {
        let script = |refusal: &'static str| {
            move |seen: &Seen| match (seen.api, seen.nth) {
                (Api::Registration, 1) if refusal == "lost" => Play::Lost,
                (Api::Registration, nth) if nth > 2 && refusal == "twice" => {
                    code(seen, "REPEAT_REGISTRATION")
                }
                (Api::Registration, 1) if refusal == "illegal" => code(seen, "PARAM_ILLEGAL"),
                _ => friendly(seen),
            }
        };
        let stage = Stage::with(defect, script("lost")).await;
        stage.register(&["s1"]).await;
        stage.until(100_000).await;
        let taken = stage.secondary().await.state.name();
        let id = stage.calls()[1].text("registrationRequestId");
        let head = match stage.sell_in("s1").await {
            OrderState::Paid if taken != "approved" => {
                stage.calls().pop().unwrap().text("order.merchant.referenceMerchantId")
            }
            _ => "-".into(),
        };
        let struck = stage.merchant.defect_was_active();

        let stage = Stage::with(defect, script("illegal")).await;
        stage.register(&["s1"]).await;
        stage.until(1_000).await;
        let refused = stage.secondary().await.state.name();
        let struck = struck || stage.merchant.defect_was_active();

        let stage = Stage::with(defect, script("twice")).await;
        stage.register(&two).await;
        stage.until(3 * DAY).await;
        stage.register(&two).await;
        stage.until(3 * DAY + 1_000).await;
        let again = stage.secondary().await.state.name();
        stage.sell_in("s2").await;
        let pays: Vec<_> = stage.calls().into_iter().filter(|seen| seen.api == Api::Pay).collect();
        let seller = pays.last().map_or_else(
            || "M1/s2".to_owned(),
            |pay| {
                let text = |path| pay.text(path);
                let merchant = text("order.merchant.referenceMerchantId");
                format!("{merchant}/{}", text("order.merchant.store.referenceStoreId"))
            },
        );
        let shown = format!("{taken} {refused} {again} {id} {seller} {head}");
        assert_eq!(shown, expected, "{defect:?}");
        assert_eq!(struck || stage.merchant.defect_was_active(), defect.is_some(), "{defect:?}");
    }
}

#[tokio::test]
async fn the_defects_of_reviews_show() {
    let stage = Stage::with(Some(Defect::StatusByRequestId), friendly).await;
    stage.register(&["s1"]).await;
    stage.until(DAY + 1_000).await;
    let asked = json!({ "registrationRequestId": "M1-r1-1" }).to_string();
    assert_eq!(stage.calls()[1].body, asked);

    let stage = Stage::with(Some(Defect::CompletedIsApproved), friendly).await;
    stage.register(&["s1"]).await;
    stage.run_out().await;
    assert!(stage.secondary().await.wallets.iter().all(|wallet| wallet.approved));
}
