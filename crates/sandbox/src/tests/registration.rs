//! Secondary merchants: registered, reviewed, told, and what they may sell.

use protocol::Fields;
use protocol::ams::{Api, Merchant, Registration, RegistrationInquiry, ReviewTold, Store};
use serde_json::{Value, json};

use super::{Rig, pays, result, scanned};
use crate::{Defect, TwiceRegistered};

const DAY: i64 = 24 * 3_600_000;

fn registration(request_id: &str, merchant: &str, store: Option<&str>) -> Value {
    let named = |id: &str| Store { reference: id.into(), name: "Door".into(), mcc: "5812".into() };
    let merchant = Merchant {
        reference: merchant.into(),
        name: "A & B <\"☕\"> ".into(),
        mcc: "5812".into(),
        store: store.map(named),
    };
    let registration = Registration {
        request_id: request_id.into(),
        notify_url: Some("http://merchant.test/notify?who=2".into()),
        pass_through: Some("{\"desk\":7}".into()),
        merchant,
        address: "5/F".into(),
        region: "SG".into(),
        contact: "+65 1".into(),
        website: "https://ab.example/?a=1&b=2".into(),
    };
    registration.to_json()
}

async fn status(rig: &Rig, merchant: &str, request_id: Option<&str>) -> Fields {
    let asked = RegistrationInquiry { merchant: Some(merchant), store: None, request_id };
    rig.ask(Api::InquiryRegistrationStatus, &asked.to_json()).await
}

async fn info(rig: &Rig, merchant: &str) -> Fields {
    let asked = RegistrationInquiry { merchant: Some(merchant), ..Default::default() };
    rig.ask(Api::InquiryRegistrationInfo, &asked.to_json()).await
}

fn wallets(fields: &Fields) -> Vec<(String, Option<String>, usize)> {
    let told = ReviewTold::read(fields).unwrap();
    told.wallets.into_iter().map(|w| (w.name, w.status, w.reasons.len())).collect()
}

#[tokio::test]
async fn a_registration_is_reviewed_told_and_shown() {
    let rig = Rig::new().await;
    let says = |name: &str, status: Option<&str>, reasons: &[&str]| json!({ "name": name, "status": status, "reasons": reasons });
    let wanted = [
        says("ALIPAYCN", Some("APPROVED"), &[]),
        says("GCASH", Some("REJECTED"), &["no licence", "no address"]),
        says("TNG", None, &[]),
    ];
    rig.post("reviews", json!({ "after": DAY, "wallets": wanted })).await;
    let body = registration("R1", "M1", Some("S1"));
    let taken = rig.ask(Api::Registration, &body).await;
    assert_eq!(result(&taken), "S SUCCESS");
    assert_eq!(taken.text("passThroughInfo").unwrap(), "{\"desk\":7}");
    assert_eq!(taken.value(), rig.ask(Api::Registration, &body).await.value());

    let pending = status(&rig, "M1", None).await;
    assert_eq!(pending.text("registrationResult.registrationStatus").unwrap(), "PENDING");
    assert!(wallets(&pending).iter().all(|(_, status, _)| status.as_deref() == Some("PENDING")));
    let early = info(&rig, "M1").await;
    assert_eq!((result(&early).as_str(), early.at("merchantInfo")), ("S SUCCESS", None));

    rig.pass(DAY + 5_000).await;
    let over = status(&rig, "M1", Some("R1")).await;
    let expected =
        [("ALIPAYCN", Some("APPROVED"), 0), ("GCASH", Some("REJECTED"), 2), ("TNG", None, 0)];
    let expected =
        expected.map(|(name, status, count)| (name.into(), status.map(str::to_owned), count));
    assert_eq!(wallets(&over), expected);
    let shown = info(&rig, "M1").await;
    for name in ["merchantInfo", "storeInfo", "productCodes"] {
        assert_eq!(shown.at(name), body.get(name), "{name}");
    }

    let notices = rig.notices.lock();
    let [notice] = notices.as_slice() else { panic!("{} notices", notices.len()) };
    assert_eq!(notice.target, "/notify?who=2");
    for (name, text) in [
        ("referenceMerchantId", "M1"),
        ("registrationRequestId", "R1"),
        ("referenceStoreId", "S1"),
        ("registrationResult.registrationStatus", "COMPLETED"),
    ] {
        assert_eq!(notice.fields.text(name).as_deref(), Some(text), "{name}");
    }
    assert_eq!(wallets(&notice.fields), expected);
    assert_eq!(notice.fields.at("result"), None);
}

#[tokio::test]
async fn what_is_ill_formed_is_refused_and_leaves_nothing() {
    let rig = Rig::new().await;
    let long = |count: usize| "x".repeat(count);
    let page = |count: usize| format!("https://a.example/{}", "x".repeat(count - 18));
    for (pointer, value) in [
        ("/registrationRequestId", json!("")),
        ("/registrationRequestId", json!(long(65))),
        ("/registrationNotifyURL", json!("nowhere")),
        ("/passThroughInfo", json!(long(2_049))),
        ("/productCodes", json!([])),
        ("/productCodes", json!(["IN_STORE"])),
        ("/merchantInfo", Value::Null),
        ("/merchantInfo/referenceMerchantId", json!(long(65))),
        ("/merchantInfo/merchantDisplayName", json!("")),
        ("/merchantInfo/merchantMCC", json!("58a2")),
        ("/merchantInfo/websites/0/url", json!("a dot example")),
        ("/merchantInfo/websites/0/url", json!(page(2_049))),
        ("/merchantInfo/registrationDetail", json!("x")),
        ("/merchantInfo/registrationDetail/contactInfo/0/contactType", json!("PIGEON")),
        (
            "/merchantInfo/registrationDetail/attachments",
            json!([{ "attachmentType": "LOGO", "attachmentName": long(257) }]),
        ),
        ("/storeInfo", Value::Null),
        ("/storeInfo/referenceStoreId", json!(long(33))),
        ("/storeInfo/storeMCC", json!("581")),
    ] {
        let mut body = registration("R1", "M1", Some("S1"));
        match body.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => body["merchantInfo"]["registrationDetail"]["attachments"] = value,
        }
        let answer = rig.ask(Api::Registration, &body).await;
        assert_eq!(result(&answer), "F PARAM_ILLEGAL", "{pointer}");
        assert_eq!(result(&status(&rig, "M1", None).await), "F RECORD_NOT_FOUND", "{pointer}");
    }
    let nobody = json!({ "registrationRequestId": "R1" });
    let nobody = rig.ask(Api::InquiryRegistrationStatus, &nobody).await;
    assert_eq!(result(&nobody), "F PARAM_ILLEGAL");
    let long = registration("R1", &"m".repeat(64), Some("S1"));
    assert_eq!(result(&rig.ask(Api::Registration, &long).await), "S SUCCESS");
}

#[tokio::test]
async fn a_merchant_is_registered_twice_as_the_switch_says() {
    for (switch, approved, rejected) in [
        (TwiceRegistered::AfterRejection, "F REPEAT_REGISTRATION", "S SUCCESS"),
        (TwiceRegistered::Never, "F REPEAT_REGISTRATION", "F REPEAT_REGISTRATION"),
        (TwiceRegistered::Always, "S SUCCESS", "S SUCCESS"),
    ] {
        let rig = Rig::build(|terms| terms.switches.twice_registered = switch, None).await;
        let no = json!([{ "name": "ALIPAYCN", "status": "REJECTED" }]);
        rig.post("reviews", json!({ "merchant": "M2", "after": 0, "wallets": no })).await;
        for (request, merchant) in [("R1", "M1"), ("R2", "M2")] {
            let body = registration(request, merchant, Some("S1"));
            assert_eq!(result(&rig.ask(Api::Registration, &body).await), "S SUCCESS");
        }
        rig.pass(1_000).await;
        let mut renamed = registration("R1", "M1", Some("S1"));
        renamed["merchantInfo"]["merchantDisplayName"] = json!("Other");
        let answer = rig.ask(Api::Registration, &renamed).await;
        assert_eq!(result(&answer), "F REPEAT_REQ_INCONSISTENT");
        for (merchant, expected) in [("M1", approved), ("M2", rejected)] {
            let again = registration(&format!("{merchant}-again"), merchant, Some("S1"));
            let answer = rig.ask(Api::Registration, &again).await;
            assert_eq!(result(&answer), expected, "{switch:?} {merchant}");
        }
        let other_store = registration("R3", "M1", Some("S2"));
        assert_eq!(result(&rig.ask(Api::Registration, &other_store).await), "S SUCCESS");
        let name = info(&rig, "M1").await.text("merchantInfo.merchantDisplayName").unwrap();
        assert_eq!(name, "A & B <\"☕\"> ");
    }
}

#[tokio::test]
async fn only_who_is_approved_sells_once_it_is_known() {
    let rig = Rig::new().await;
    let mut code = rig.wallet(pays()).await;
    let mut count = 0;
    // The payments of the stand name merchant M1 and store S1.
    for (step, expected) in [
        ("", "S SUCCESS"),
        ("registered only", "F INVALID_MERCHANT_STATUS"),
        ("pending", "F INVALID_MERCHANT_STATUS"),
        ("rejected", "F INVALID_MERCHANT_STATUS"),
        ("approved elsewhere", "F INVALID_MERCHANT_STATUS"),
        ("approved", "S SUCCESS"),
    ] {
        match step {
            "registered only" => {
                drop(rig.post("settings", json!({ "registered_only": true })).await);
            }
            "pending" => {
                rig.post("reviews", json!({})).await;
                rig.ask(Api::Registration, &registration("R1", "M1", Some("S1"))).await;
            }
            "rejected" => {
                let no = json!([{ "name": "ALIPAYCN", "status": "REJECTED" }]);
                let ended = rig.post("merchants/M1/review", json!({ "wallets": no })).await;
                assert_eq!(ended, json!({ "ended": 1 }));
            }
            "approved elsewhere" => {
                rig.ask(Api::Registration, &registration("R2", "M1", Some("S2"))).await;
                rig.post("merchants/M1/review", json!({})).await;
            }
            "approved" => {
                rig.ask(Api::Registration, &registration("R3", "M1", Some("S1"))).await;
                rig.post("merchants/M1/review", json!({})).await;
            }
            _ => {}
        }
        count += 1;
        let answer = rig.ask(Api::Pay, &scanned(&format!("P{count}"), "USD 1.00", &code)).await;
        assert_eq!(result(&answer), expected, "{step}");
        code = rig.code(json!({})).await;
    }
    assert_eq!(rig.see("merchants").await.as_array().unwrap().len(), 3);
    assert_eq!(rig.moved().await.0, [100, 100]);
}

#[tokio::test]
async fn each_defect_of_the_registry_shows() {
    for (defect, expected) in [
        (None, "F PARAM_ILLEGAL, F REPEAT_REQ_INCONSISTENT A, F RECORD_NOT_FOUND, F, A &"),
        (
            Some(Defect::RegUnvalidated),
            "S SUCCESS, F REPEAT_REQ_INCONSISTENT A, F RECORD_NOT_FOUND, F, A &",
        ),
        (
            Some(Defect::RegOverwrites),
            "F PARAM_ILLEGAL, F REPEAT_REQ_INCONSISTENT O, F RECORD_NOT_FOUND, F, O &",
        ),
        (
            Some(Defect::UnknownMerchantS),
            "F PARAM_ILLEGAL, F REPEAT_REQ_INCONSISTENT A, S SUCCESS, F, A &",
        ),
        (
            Some(Defect::UnregisteredMaySell),
            "F PARAM_ILLEGAL, F REPEAT_REQ_INCONSISTENT A, F RECORD_NOT_FOUND, S, A &",
        ),
        (
            Some(Defect::InfoEscaped),
            "F PARAM_ILLEGAL, F REPEAT_REQ_INCONSISTENT A, F RECORD_NOT_FOUND, F, A &amp;",
        ),
    ] {
        let rig = Rig::build(|_| (), defect).await;
        let code = rig.wallet(pays()).await;
        rig.post("settings", json!({ "registered_only": true })).await;
        let bare = result(&rig.ask(Api::Registration, &registration("R0", "M0", None)).await);
        rig.ask(Api::Registration, &registration("R1", "M2", Some("S1"))).await;
        rig.pass(1_000).await;
        let mut other = registration("R1", "M2", Some("S1"));
        other["merchantInfo"]["merchantDisplayName"] = json!("Other & B");
        let repeat = result(&rig.ask(Api::Registration, &other).await);
        let name = info(&rig, "M2").await.text("merchantInfo.merchantDisplayName").unwrap();
        let nobody = result(&status(&rig, "M9", None).await);
        let pay = result(&rig.ask(Api::Pay, &scanned("P1", "USD 1.00", &code)).await);
        let mark = name.split(' ').nth(1).unwrap();
        let (first, pay) = (&name[..1], &pay[..1]);
        let shown = format!("{bare}, {repeat} {first}, {nobody}, {pay}, {first} {mark}");
        assert_eq!(shown, expected, "{defect:?}");
        assert_eq!(rig.tenant.defect_was_active(), defect.is_some(), "{defect:?}");
    }
}
