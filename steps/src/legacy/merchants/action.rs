//! What When steps do about secondary merchants.

use cucumber::when;
use merchant::{Register, TaxiDriver};
use protocol::ams::{Api, RegistrationInquiry};
use serde_json::{Value, json};

use super::parameters::WrongData;
use crate::Stage;
use crate::errand::Errand;
use crate::live::Live;
use crate::parameters::Price;
use crate::registering::place_of;
use crate::sale::GOODS;

const MINUTE: i64 = 60_000;
/// How many drivers are one too many.
const TOO_MANY: usize = 11;

impl Live {
    /// What the merchant was asked to register last.
    fn last_wish(&self) -> Option<Register> {
        let seen = self.so_far();
        let act = seen.acts_of("registers").pop()?;
        serde_json::from_value(act.facts.get("wish")?.clone()).ok()
    }

    /// Asks the gateway how far the review of the last store or website is.
    async fn ask_about_last(&mut self, errand: Errand) {
        let Some(wish) = self.last_wish() else { return };
        let store = wish.stores.first().map(|store| store.id.as_str());
        let asked = RegistrationInquiry { merchant: Some(&wish.id), store, request_id: None };
        self.own_call(errand, Api::InquiryRegistrationStatus, &asked.to_json()).await;
    }
}

/// The parameters of a registration, by their names: of the first store, or of the website.
fn parameters_of(wish: &Register) -> Value {
    let mut parameters = json!({
        "secondary_merchant_name": wish.name,
        "secondary_merchant_id": wish.id,
        "register_country": wish.country.as_deref().unwrap_or("SG"),
        "register_address": wish.address,
    });
    if let Some(store) = wish.stores.first() {
        parameters["store_id"] = json!(store.id);
        parameters["store_name"] = json!(store.name);
        parameters["store_country"] = json!(wish.country.as_deref().unwrap_or("SG"));
        parameters["store_address"] = json!(wish.address);
        parameters["store_industry"] = json!(store.mcc);
        if !store.drivers.is_empty() {
            let driver = |driver: &TaxiDriver| {
                json!({
                    "operation_id": driver.id,
                    "contact_person": driver.name,
                    "contact_way": driver.contact,
                })
            };
            let drivers: Vec<_> = store.drivers.iter().map(driver).collect();
            parameters["extend_params"] = json!(json!(drivers).to_string());
        }
    } else {
        let site =
            |url: &String| json!({ "site_type": "WEB", "site_url": url, "site_name": wish.name });
        let sites: Vec<_> = std::iter::once(&wish.website).chain(&wish.sites).map(site).collect();
        parameters["secondary_merchant_industry"] = json!(wish.mcc);
        parameters["secondary_merchant_type"] = json!("ENTERPRISE");
        parameters["site_infos"] = json!(json!(sites).to_string());
    }
    json!({ "parameters": parameters })
}

/// So many drivers of a taxi.
fn drivers(count: usize) -> Vec<TaxiDriver> {
    let driver = |number: usize| TaxiDriver {
        id: format!("driver-{number}"),
        name: format!("Driver {number}"),
        contact: format!("+65 6000 01{number:02}"),
    };
    (1..=count).map(driver).collect()
}

#[when(expr = "own calls ask for its status during the review and after it")]
async fn asks_twice(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.ask_about_last(Errand::AskStore).await;
    live.pass(20 * MINUTE).await;
    live.ask_about_last(Errand::AskStore).await;
}

#[when(expr = "an own call asks for the status, and {int} minutes pass")]
async fn asks_once(stage: &mut Stage, minutes: i64) {
    let Some(live) = stage.live() else { return };
    live.ask_about_last(Errand::AskStatus).await;
    if live.control.is_there() {
        return live.pass(minutes * MINUTE).await;
    }
    // Nobody jumps over the time there: it goes on once the registration came again.
    let again = |live: &Live| live.so_far().calls_of(Api::Registration).len() > 1;
    live.until_within(minutes * MINUTE, again).await;
    live.pass(2_000).await;
}

#[when(expr = "the merchant registers a secondary merchant to sell for")]
async fn registers_seller(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let wish = live.fresh_seller();
    live.register(&wish).await;
    // Long enough for the answer, and for no more than that.
    live.pass(2_000).await;
}

#[when(expr = "the merchant sells in its name for {price}")]
async fn sells_for_it(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    if let Some(wish) = live.last_wish() {
        place_of(&wish).clone_into(&mut live.store);
        live.sell(price.0, GOODS).await;
        live.settle().await;
    }
}

#[when(expr = "the merchant registers other data: a store's new address, or one more site")]
async fn registers_other_data(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Some(mut wish) = live.last_wish() else { return };
    if wish.stores.is_empty() {
        wish.sites.push(format!("{}third", wish.website));
    } else {
        wish.address.push_str(", second floor");
    }
    live.register(&wish).await;
    live.pass(2_000).await;
}

#[when(expr = "the review is over, and the next one ends in SUCCESS")]
async fn review_is_over(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.pass(20 * MINUTE).await;
    live.reviews_take(5, "APPROVED", &[]).await;
}

#[when(
    expr = "the merchant is asked to register a secondary merchant {wrong-data}, and an own call sends it too"
)]
async fn registers_wrong_data(stage: &mut Stage, wrong: WrongData) {
    let Some(live) = stage.live() else { return };
    let mut wish = live.fresh_seller();
    match wrong {
        WrongData::NoName => wish.name.clear(),
        WrongData::ShortIndustry => {
            wish.mcc = "549".into();
            wish.stores.iter_mut().for_each(|store| store.mcc.clone_from(&wish.mcc));
        }
        WrongData::SixSites => {
            wish.sites = (2..=6).map(|number| format!("{}{number}", wish.website)).collect();
        }
        WrongData::LongCountry => wish.country = Some("CHN".into()),
        WrongData::NoStore => wish.stores.iter_mut().for_each(|store| store.id.clear()),
    }
    live.register(&wish).await;
    live.pass(2 * MINUTE).await;
    live.own_call(Errand::RegisterToo, Api::Registration, &parameters_of(&wish)).await;
}

#[when(
    expr = "the merchant registers a taxi with two drivers, and own calls register it without drivers and with eleven"
)]
async fn registers_taxi(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let mut wish = live.fresh_merchant(1);
    for store in &mut wish.stores {
        (store.mcc, store.drivers) = ("4121".into(), drivers(2));
    }
    live.register(&wish).await;
    live.pass(2_000).await;
    for count in [0, TOO_MANY] {
        let mut other = wish.clone();
        other.stores.iter_mut().for_each(|store| store.drivers = drivers(count));
        let body = parameters_of(&other);
        live.own_call(Errand::RegisterTaxi, Api::Registration, &body).await;
    }
}
