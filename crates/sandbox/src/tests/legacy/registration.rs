//! Secondary merchants are registered, reviewed and sold for.

use serde_json::json;

use super::super::pays;
use super::website::order;
use super::*;

const MINUTE: Millis = 60_000;
const OFFLINE: &str = "alipay.overseas.secmerchant.offline.maintain";
const ONLINE: &str = "alipay.overseas.secmerchant.online.maintain";
const SITE: &str = r#"{"site_type":"WEB","site_url":"http://shop.test","site_name":"Shop"}"#;

fn store(name: &str) -> Vec<(&str, &str)> {
    vec![
        ("timestamp", "2026-01-05 10:00:00"),
        ("secondary_merchant_name", name),
        ("secondary_merchant_id", "M1"),
        ("store_id", "S1"),
        ("store_name", "咖啡 & more"),
        ("store_country", "JP"),
        ("store_address", "1-1"),
        ("store_industry", "5812"),
    ]
}

fn site(sites: &str) -> Vec<(&str, &str)> {
    vec![
        ("timestamp", "2026-01-05 10:00:00"),
        ("secondary_merchant_name", "Shop"),
        ("secondary_merchant_id", "M1"),
        ("secondary_merchant_industry", "5812"),
        ("register_country", "JP"),
        ("register_address", "1-1"),
        ("secondary_merchant_type", "ENTERPRISE"),
        ("site_infos", sites),
    ]
}

impl Desk {
    async fn register(&self, service: &str, pairs: &[(&str, &str)]) -> String {
        // What is registered later has a timestamp of its own.
        let stamp = self.rig.clock.now().to_string();
        let mut pairs = pairs.to_vec();
        for pair in pairs.iter_mut().filter(|(name, _)| *name == "timestamp") {
            pair.1 = &stamp;
        }
        result(&self.ask(service, &pairs).await)
    }

    async fn review(&self, method: &str) -> (String, Option<String>) {
        let stamp = self.rig.clock.now().to_string();
        let mut pairs = vec![
            ("timestamp", stamp.as_str()),
            ("secondary_merchant_id", "M1"),
            ("payment_method", method),
        ];
        if method == "INSTORE_PAYMENT" {
            pairs.push(("store_id", "S1"));
        }
        let answer = self.ask("alipay.overseas.secmerchant.maintain.queryStatus", &pairs).await;
        assert_eq!(answer.get("payment_method"), Some(method), "{answer:?}");
        let told = |name: &str| answer.get(name).map(str::to_owned);
        (told("status").unwrap_or_default(), told("reject_reason"))
    }

    async fn reviewed(&self, method: &str) -> String {
        self.review(method).await.0
    }
}

#[tokio::test]
async fn a_registration_is_reviewed_and_then_good_for_sales() {
    let whole = format!("[{SITE}]");
    for (service, method, pairs) in
        [(OFFLINE, "INSTORE_PAYMENT", store("Shop")), (ONLINE, "ONLINE_PAYMENT", site(&whole))]
    {
        let desk = Desk::new().await;
        desk.rig.wallet(pays()).await;
        desk.rig.post("reviews", json!({ "after": 5 * MINUTE })).await;
        desk.rig.post("settings", json!({ "registered_only": true })).await;
        let sells = async |number: String| {
            if method == "ONLINE_PAYMENT" {
                let mut pairs = order(&number, "1.00");
                pairs.push(("secondary_merchant_id", "M1"));
                let url = desk.redirect("create_forex_trade", &pairs);
                desk.open(&url).await["accepted"] == true
            } else {
                let code = desk.rig.code(json!({})).await;
                result(&desk.pay(&number, "1.00", &code).await) == "SUCCESS"
            }
        };
        assert_eq!(desk.reviewed(method).await, "DATA_NOT_EXIST");
        assert!(!sells("T1".into()).await);
        assert_eq!(desk.register(service, &pairs).await, "SUCCESS");
        desk.pass(4 * MINUTE).await;
        assert_eq!(desk.register(service, &pairs).await, "SUCCESS");
        assert_eq!(desk.reviewed(method).await, "UNDER_REVIEW");
        assert!(!sells("T2".into()).await);
        desk.pass(MINUTE).await;
        assert_eq!(desk.review(method).await, ("SUCCESS".into(), None));
        assert!(sells("T3".into()).await);
        // A change is reviewed too, and the data before it stays in force.
        let mut pairs = pairs;
        pairs[1].1 = "Another name";
        assert_eq!(desk.register(service, &pairs).await, "SUCCESS");
        assert_eq!(desk.reviewed(method).await, "MODIFICATION_REVIEW");
        assert!(sells("T4".into()).await);
        desk.pass(5 * MINUTE).await;
        assert_eq!(desk.reviewed(method).await, "SUCCESS");
        let other =
            ["INSTORE_PAYMENT", "ONLINE_PAYMENT"].into_iter().find(|other| *other != method);
        assert_eq!(desk.reviewed(other.unwrap()).await, "DATA_NOT_EXIST");
    }
}

#[tokio::test]
async fn a_rejection_has_a_reason_and_better_data_a_second_review() {
    let desk = Desk::new().await;
    let code = desk.rig.wallet(pays()).await;
    let rejects = json!({ "after": 1_000, "wallets": [
        { "name": "ALIPAYCN", "status": "REJECTED", "reasons": ["high-risk"] },
    ] });
    desk.rig.post("reviews", rejects).await;
    desk.register(OFFLINE, &store("Shop")).await;
    desk.pass(MINUTE).await;
    assert_eq!(desk.review("INSTORE_PAYMENT").await, ("FAILED".into(), Some("high-risk".into())));
    assert_eq!(result(&desk.pay("T1", "1.00", &code).await), "FAILED SELLER_NOT_EXIST");
    desk.rig.post("reviews", json!({ "after": 1_000 })).await;
    desk.register(OFFLINE, &store("Better shop")).await;
    assert_eq!(desk.reviewed("INSTORE_PAYMENT").await, "UNDER_REVIEW");
    desk.pass(MINUTE).await;
    assert_eq!(desk.reviewed("INSTORE_PAYMENT").await, "SUCCESS");
    let listed = desk.rig.see("merchants").await;
    assert_eq!(listed.as_array().unwrap().len(), 2);
}

/// Parameters of which one is another.
fn with<'a>(
    mut pairs: Vec<(&'a str, &'a str)>,
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    match pairs.iter_mut().find(|(own, _)| *own == name) {
        Some(pair) => pair.1 = value,
        None => pairs.push((name, value)),
    }
    pairs
}

#[tokio::test]
async fn data_has_to_be_whole() {
    let desk = Desk::new().await;
    let whole = format!("[{SITE}]");
    let six = format!("[{}]", [SITE; 6].join(","));
    let driver = r#"{"operation_id":"1","contact_way":"2","contact_person":"3"}"#;
    let drivers = |count: usize| format!("[{}]", vec![driver; count].join(","));
    let (two, eleven) = (drivers(2), drivers(11));
    let taxi = || with(store("Shop"), "store_industry", "4121");
    for (service, pairs, expected) in [
        (OFFLINE, with(store("Shop"), "secondary_merchant_name", ""), "FAIL PARAM_ILLEGAL"),
        (OFFLINE, with(store("Shop"), "store_industry", "581"), "FAIL PARAM_ILLEGAL"),
        (OFFLINE, with(store("Shop"), "store_country", "CHN"), "FAIL PARAM_ILLEGAL"),
        (OFFLINE, with(store("Shop"), "store_id", ""), "FAIL PARAM_ILLEGAL"),
        (OFFLINE, taxi(), "FAIL PARAM_ILLEGAL"),
        (OFFLINE, with(taxi(), "extend_params", &eleven), "FAIL PARAM_ILLEGAL"),
        (OFFLINE, with(taxi(), "extend_params", &two), "SUCCESS"),
        (ONLINE, with(site(&whole), "register_country", "JPN"), "FAIL PARAM_ILLEGAL"),
        (ONLINE, with(site(&whole), "secondary_merchant_industry", "x812"), "FAIL PARAM_ILLEGAL"),
        (ONLINE, with(site(&whole), "secondary_merchant_type", "SOLE"), "FAIL PARAM_ILLEGAL"),
        (ONLINE, site("[]"), "FAIL PARAM_ILLEGAL"),
        (ONLINE, site(&six), "FAIL PARAM_ILLEGAL"),
        (ONLINE, site(r#"[{"site_type":"WEB"}]"#), "FAIL PARAM_ILLEGAL"),
        (ONLINE, with(site(&whole), "timestamp", ""), "F INVALID_PARAMETER"),
        (ONLINE, site(&whole), "SUCCESS"),
    ] {
        assert_eq!(result(&desk.ask(service, &pairs).await), expected, "{pairs:?}");
    }
    let pairs = [("timestamp", "2026-01-05 10:00:00"), ("secondary_merchant_id", "M1")];
    let answer = desk.ask("alipay.overseas.secmerchant.maintain.queryStatus", &pairs).await;
    assert_eq!(result(&answer), "FAIL PARAM_ILLEGAL");
}

#[tokio::test]
async fn l25_registrations_may_all_be_rejected_or_wait_for_ever() {
    for (choice, later) in
        [("as-planned", "SUCCESS"), ("rejects", "FAILED"), ("stays", "UNDER_REVIEW")]
    {
        let desk = Desk::new().await;
        desk.rig.post("settings", json!({ "switches": { "L25": choice } })).await;
        desk.register(OFFLINE, &store("Shop")).await;
        desk.pass(4_000).await;
        assert_eq!(desk.reviewed("INSTORE_PAYMENT").await, "UNDER_REVIEW");
        desk.pass(MINUTE).await;
        assert_eq!(desk.reviewed("INSTORE_PAYMENT").await, later, "{choice}");
    }
}

#[tokio::test]
async fn defects_of_registrations() {
    let method = "INSTORE_PAYMENT";
    let desk = Desk::defective(Defect::LegMerAtOnce).await;
    desk.register(OFFLINE, &store("Shop")).await;
    assert_eq!(desk.reviewed(method).await, "SUCCESS");

    let desk = Desk::defective(Defect::LegMerNoReason).await;
    desk.turn(|switches| switches.reviews = crate::Reviews::Rejects);
    desk.register(OFFLINE, &store("Shop")).await;
    desk.pass(MINUTE).await;
    assert_eq!(desk.review(method).await, ("FAILED".into(), None));

    let desk = Desk::defective(Defect::LegMerChangeUnreviewed).await;
    desk.register(OFFLINE, &store("Shop")).await;
    assert_eq!(desk.reviewed(method).await, "UNDER_REVIEW");
    desk.pass(MINUTE).await;
    desk.register(OFFLINE, &store("Other")).await;
    assert_eq!(desk.reviewed(method).await, "SUCCESS");
    assert!(desk.rig.tenant.defect_was_active());

    let desk = Desk::defective(Defect::LegMerUnknownReviewed).await;
    assert_eq!(desk.reviewed(method).await, "UNDER_REVIEW");

    let desk = Desk::defective(Defect::LegMerTakesAll).await;
    let pairs = with(store("Shop"), "secondary_merchant_name", "");
    assert_eq!(desk.register(OFFLINE, &pairs).await, "SUCCESS");
    assert_eq!(desk.reviewed(method).await, "UNDER_REVIEW");

    let desk = Desk::defective(Defect::LegMerPaysUnknown).await;
    desk.rig.post("settings", json!({ "registered_only": true })).await;
    let code = desk.rig.wallet(pays()).await;
    assert_eq!(result(&desk.pay("T1", "1.00", &code).await), "SUCCESS");
    assert!(desk.rig.tenant.defect_was_active());
}
