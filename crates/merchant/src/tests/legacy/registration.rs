//! Secondary merchants, on a healthy merchant and with each defect.

use evidence::RegistrationState::{self, Approved, Pending, Refused, Rejected, Unregistered};
use evidence::{MerchantView, OrderState};
use protocol::ams::Verified;
use serde_json::{Value, json};

use super::{PAY, Play, Seen, Stage, fields, paid, usd};
use crate::{Charge, Defect, Driver, DriverError, Register, RegisterStore, TaxiDriver};

const OFFLINE: &str = "alipay.overseas.secmerchant.offline.maintain";
const ONLINE: &str = "alipay.overseas.secmerchant.online.maintain";
const STATUS: &str = "alipay.overseas.secmerchant.maintain.queryStatus";
const MINUTE: i64 = 60_000;

fn wish(mcc: Option<&str>) -> Register {
    let driver = |number: &str| TaxiDriver {
        id: format!("op-{number}"),
        name: format!("Lee {number}"),
        contact: "+65 1".into(),
    };
    let store = |mcc: &str| RegisterStore {
        id: "SG-1234-A".into(),
        name: "Door 1".into(),
        mcc: mcc.into(),
        terminal: "till-1".into(),
        drivers: if mcc == "4121" { vec![driver("1"), driver("2")] } else { vec![] },
    };
    Register {
        id: "M1".into(),
        name: "老王".into(),
        mcc: "5411".into(),
        address: "5/F".into(),
        contact: "a@b.example".into(),
        website: "https://b.example/".into(),
        sites: vec!["https://c.example/".into()],
        country: None,
        stores: mcc.into_iter().map(store).collect(),
    }
}

fn taken(seen: &Seen) -> Play {
    let id = seen.get("secondary_merchant_id");
    Play::Says(fields(&[("result_code", "SUCCESS"), ("secondary_merchant_id", id)]))
}

fn stands(seen: &Seen, status: &str, more: &[(&str, &str)]) -> Play {
    let mut told = fields(&[
        ("result_code", "SUCCESS"),
        ("secondary_merchant_id", seen.get("secondary_merchant_id")),
        ("store_id", seen.get("store_id")),
        ("status", status),
    ]);
    told.retain(|(_, value)| !value.is_empty());
    told.extend(fields(more));
    Play::Says(told)
}

/// Takes every registration; the review is over after five minutes.
fn friendly(seen: &Seen) -> Play {
    match seen.service.as_str() {
        STATUS if seen.at < 5 * MINUTE => stands(seen, "UNDER_REVIEW", &[]),
        STATUS => stands(seen, "SUCCESS", &[]),
        PAY => paid(seen),
        _ => taken(seen),
    }
}

impl Stage {
    async fn register(&self, mcc: Option<&str>) {
        self.merchant.register(wish(mcc)).await.unwrap();
    }

    async fn secondary(&self) -> MerchantView {
        self.merchant.merchant("M1").await.unwrap().unwrap()
    }

    async fn stand(&self) -> RegistrationState {
        self.secondary().await.state
    }

    async fn sell(&self) -> Result<OrderState, DriverError> {
        let charge = Charge {
            order: "A1".into(),
            amount: usd(1231),
            text: "Tea".into(),
            code: "288888888888888888".into(),
            store: "SG-1234-A".into(),
        };
        self.merchant.charge(charge).await?;
        self.until(self.clock.now() - super::START + 1_000).await;
        Ok(self.view().await.till)
    }
}

#[tokio::test]
async fn a_store_sells_once_its_review_is_over() {
    let stage = Stage::new(friendly).await;
    stage.register(Some("5812")).await;
    stage.register(Some("5812")).await;
    stage.until(4 * MINUTE).await;
    assert_eq!(stage.stand().await, Pending);
    assert_eq!(stage.sell().await, Ok(OrderState::Failed));
    assert!(stage.of(PAY).is_empty());
    stage.run_out().await;
    assert_eq!((stage.stand().await, stage.secondary().await.reason), (Approved, None));
    assert_eq!(stage.sell().await, Ok(OrderState::Paid));
    let times: Vec<i64> = (1..=5).map(|minute| minute * MINUTE).collect();
    assert_eq!((stage.times(OFFLINE), stage.times(STATUS)), (vec![0], times));
    let call = &stage.of(OFFLINE)[0];
    assert_eq!(call.verified, Verified::Valid);
    for (name, value) in [
        ("secondary_merchant_id", "M1"),
        ("secondary_merchant_name", "老王"),
        ("store_id", "SG-1234-A"),
        ("store_name", "Door 1"),
        ("store_country", "SG"),
        ("store_address", "5/F"),
        ("store_industry", "5812"),
        ("timestamp", "2026-01-05 10:00:00"),
        ("contact_email", "a@b.example"),
    ] {
        assert_eq!(call.form.get(name), Some(value), "{name}");
    }
    assert_eq!(call.form.get("extend_params"), None);
    let asked = &stage.of(STATUS)[0];
    for (name, value) in [
        ("secondary_merchant_id", "M1"),
        ("payment_method", "INSTORE_PAYMENT"),
        ("store_id", "SG-1234-A"),
        ("timestamp", "2026-01-05 10:01:00"),
    ] {
        assert_eq!(asked.form.get(name), Some(value), "{name}");
    }
    let sold: Value = serde_json::from_str(stage.of(PAY)[0].get("extend_info")).unwrap();
    assert_eq!(
        (&sold["store_id"], &sold["secondary_merchant_id"]),
        (&json!("SG-1234-A"), &json!("M1"))
    );
}

#[tokio::test]
async fn a_shop_on_the_net_names_all_its_sites_and_sells_by_its_own_id() {
    let stage = Stage::new(friendly).await;
    stage.register(None).await;
    stage.run_out().await;
    assert_eq!(stage.stand().await, Approved);
    let call = &stage.of(ONLINE)[0];
    let sites: Value = serde_json::from_str(call.get("site_infos")).unwrap();
    let site = |url| json!({ "site_type": "WEB", "site_url": url, "site_name": "老王" });
    assert_eq!(sites, json!([site("https://b.example/"), site("https://c.example/")]));
    for (name, value) in [
        ("secondary_merchant_industry", "5411"),
        ("secondary_merchant_type", "ENTERPRISE"),
        ("register_country", "SG"),
        ("register_address", "5/F"),
    ] {
        assert_eq!(call.form.get(name), Some(value), "{name}");
    }
    let asked = &stage.of(STATUS)[0];
    assert_eq!((asked.get("payment_method"), asked.form.get("store_id")), ("ONLINE_PAYMENT", None));
    let present = crate::Present {
        order: "A1".into(),
        amount: usd(1231),
        text: "Tea".into(),
        store: "M1".into(),
        device: Some("web".into()),
        user_agent: None,
    };
    stage.merchant.present(present).await.unwrap();
    stage.until(6 * MINUTE).await;
    let link = stage.view().await.shown.unwrap().link.unwrap();
    assert!(link.contains("secondary_merchant_id=M1&"), "{link}");
}

#[tokio::test]
async fn a_rejection_has_its_reason_and_corrected_data_go_out_under_the_same_id() {
    let stage = Stage::new(|seen| match (seen.service.as_str(), seen.nth) {
        (STATUS, 1) => stands(seen, "FAILED", &[("reject_reason", "no licence")]),
        (STATUS, 2) => stands(seen, "MODIFICATION_REVIEW", &[]),
        (STATUS, _) => stands(seen, "SUCCESS", &[]),
        _ => taken(seen),
    })
    .await;
    stage.register(Some("5812")).await;
    stage.run_out().await;
    let view = stage.secondary().await;
    assert_eq!((view.state, view.reason.as_deref()), (Rejected, Some("no licence")));
    assert_eq!(view.wallets[0].reasons, ["no licence"]);
    assert_eq!(stage.sell().await, Ok(OrderState::Failed));
    stage.register(Some("5812")).await;
    stage.until(2 * MINUTE + 30_000).await;
    assert_eq!(stage.stand().await, Pending);
    stage.run_out().await;
    assert_eq!((stage.stand().await, stage.secondary().await.reason), (Approved, None));
    assert_eq!(stage.each(OFFLINE, "secondary_merchant_id"), ["M1", "M1"]);
}

#[tokio::test]
async fn what_the_gateway_does_not_know_is_registered_again() {
    for case in 0..3 {
        let stage = Stage::new(move |seen| match (seen.service.as_str(), seen.nth, case) {
            (OFFLINE, 1, 0) => Play::Lost,
            (OFFLINE, 1, 1) => Play::Refuses(200, "SYSTEM_ERROR"),
            (OFFLINE, 1, _) => Play::Says(fields(&[("result_code", "UNKNOWN")])),
            (STATUS, 1, 2) => {
                Play::Says(fields(&[("result_code", "FAIL"), ("error", "DATA_NOT_EXIST")]))
            }
            (STATUS, 1, _) => stands(seen, "DATA_NOT_EXIST", &[]),
            (STATUS, ..) => stands(seen, "SUCCESS", &[]),
            _ => taken(seen),
        })
        .await;
        stage.register(Some("5812")).await;
        stage.until(MINUTE + if case == 0 { 10_500 } else { 500 }).await;
        assert_eq!(stage.stand().await, Unregistered, "{case}");
        stage.run_out().await;
        assert_eq!(stage.stand().await, Approved);
        let calls = stage.of(OFFLINE);
        assert_eq!(calls.len(), 2);
        for (name, value) in calls[0].form.iter() {
            let same =
                matches!(name, "timestamp" | "sign") || calls[1].form.get(name) == Some(value);
            assert!(same, "{name}");
        }
    }
}

#[tokio::test]
async fn a_refused_registration_is_over() {
    for case in 0..2 {
        let stage = Stage::new(move |_| match case {
            0 => Play::Refuses(200, "INVALID_PARAMETER"),
            _ => Play::Says(fields(&[("result_code", "FAIL"), ("error", "PARAM_ILLEGAL")])),
        })
        .await;
        stage.register(Some("581")).await;
        stage.run_out().await;
        let view = stage.secondary().await;
        let reason = ["INVALID_PARAMETER", "PARAM_ILLEGAL"][case];
        assert_eq!((view.state, view.reason.as_deref()), (Refused, Some(reason)));
        assert_eq!(stage.calls().len(), 1);
        assert_eq!(stage.sell().await, Ok(OrderState::Failed));
    }
    let stage = Stage::new(friendly).await;
    assert!(stage.sell().await.is_err());
}

#[tokio::test]
async fn a_taxi_is_registered_with_its_drivers() {
    let stage = Stage::new(friendly).await;
    stage.register(Some("4121")).await;
    stage.run_out().await;
    let drivers: Value = serde_json::from_str(&stage.each(OFFLINE, "extend_params")[0]).unwrap();
    let driver =
        json!({ "operation_id": "op-2", "contact_person": "Lee 2", "contact_way": "+65 1" });
    assert_eq!((drivers.as_array().map(Vec::len), &drivers[1]), (Some(2), &driver));
    assert_eq!(stage.each(OFFLINE, "store_id"), ["SG-1234-A"]);
}

#[tokio::test]
async fn an_answer_about_another_merchant_decides_nothing() {
    let stage = Stage::new(|seen| match (seen.service.as_str(), seen.nth) {
        (STATUS, 1) => {
            Play::Says(fields(&[("secondary_merchant_id", "M2"), ("status", "SUCCESS")]))
        }
        (STATUS, 2) => Play::Unsigned(fields(&[("status", "SUCCESS")])),
        (STATUS, 3) => stands(seen, "SUCCESS", &[]),
        _ => taken(seen),
    })
    .await;
    stage.register(Some("5812")).await;
    stage.until(2 * MINUTE + 30_000).await;
    assert_eq!(stage.stand().await, Pending);
    stage.run_out().await;
    assert_eq!(stage.stand().await, Approved);
}

#[tokio::test]
async fn defects_of_registering() {
    let registered = async |defect, mcc, script: fn(&Seen) -> Play| {
        let stage = Stage::with(defect, script).await;
        stage.register(mcc).await;
        stage.until(3 * MINUTE).await;
        stage
    };
    let struck = |stage: &Stage, defect: Defect| {
        assert!(stage.merchant.defect_was_active(), "{}", defect.id());
    };
    let defect = Defect::LegMerAcceptedUsable;
    let stage = registered(defect, Some("5812"), friendly).await;
    struck(&stage, defect);
    assert_eq!((stage.stand().await, stage.sell().await), (Approved, Ok(OrderState::Paid)));

    let defect = Defect::LegMerFailedWaits;
    let stage = registered(defect, Some("5812"), |seen| match seen.service.as_str() {
        STATUS => stands(seen, "FAILED", &[("reject_reason", "no licence")]),
        _ => taken(seen),
    })
    .await;
    struck(&stage, defect);
    assert_eq!(stage.stand().await, Pending);

    let defect = Defect::LegMerChangeNewId;
    let stage = registered(defect, Some("5812"), friendly).await;
    stage.run_out().await;
    assert!(!stage.merchant.defect_was_active());
    stage.register(Some("5812")).await;
    stage.until(7 * MINUTE).await;
    struck(&stage, defect);
    assert_eq!(stage.each(OFFLINE, "secondary_merchant_id"), ["M1", "M1-2"]);

    let defect = Defect::LegMerSiteListCut;
    let stage = registered(defect, None, friendly).await;
    struck(&stage, defect);
    let sites = stage.each(ONLINE, "site_infos").remove(0);
    assert!(sites.contains("c.example") && !sites.contains("b.example"), "{sites}");

    let defect = Defect::LegMerNotExistWaits;
    let stage = registered(defect, Some("5812"), |seen| match seen.service.as_str() {
        STATUS => stands(seen, "DATA_NOT_EXIST", &[]),
        _ => Play::Lost,
    })
    .await;
    struck(&stage, defect);
    assert_eq!((stage.stand().await, stage.times(OFFLINE).len()), (Pending, 1));

    let defect = Defect::LegMerErrorUnread;
    let refusing = |_: &Seen| Play::Refuses(200, "INVALID_PARAMETER");
    let stage = registered(defect, Some("5812"), refusing).await;
    struck(&stage, defect);
    assert_eq!(stage.stand().await, Pending);

    let defect = Defect::LegMerNoDrivers;
    let stage = registered(defect, Some("4121"), friendly).await;
    struck(&stage, defect);
    assert_eq!(stage.each(OFFLINE, "extend_params"), [""]);

    let defect = Defect::LegMerSellsUnapproved;
    let stage = registered(defect, Some("5812"), friendly).await;
    assert_eq!(stage.sell().await, Ok(OrderState::Paid));
    struck(&stage, defect);
    assert_eq!(stage.stand().await, Pending);
}
