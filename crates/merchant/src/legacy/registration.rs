//! Registering secondary merchants: a store with `offline.maintain`, a shop on the net with
//! `online.maintain`, and asking until the review is over.

use clock::Millis;
use evidence::{RegistrationState, WalletApproval};
use protocol::legacy::Form;
use serde_json::json;

use crate::defect::Defect;
use crate::driver::{Register, RegisterStore};
use crate::legacy::gateway::{Business, Heard, SYSTEM_ERROR, Said};
use crate::legacy::messages::slashed;
use crate::reference::Reference;
use crate::registrar::{Slip, Stand};

/// How long an answer is waited for.
const PATIENCE: Millis = 10_000;
/// From one question to the next while the review ought to be short.
const PAUSE: Millis = 60_000;
/// The same once it takes longer.
const LONG_PAUSE: Millis = 3_600_000;
/// How many questions are asked at that pace, since a review takes "5–10 min".
const QUICK: u32 = 20;
/// How many there are in all: it takes "at most 3 working days", and weekends lie between them.
const ALL: u32 = 140;
/// The industry of taxis, whose drivers are registered with them.
const TAXI: &str = "4121";
/// Where the secondary merchants of this acquirer are, unless they say otherwise.
const COUNTRY: &str = "SG";
/// Who decides about them.
const WALLET: &str = "ALIPAY";

/// What came of a registration that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sent {
    /// It is taken, to be reviewed.
    Taken,
    /// It is refused, and why.
    Refused(String),
    /// Nobody knows.
    Unclear,
}

/// What the gateway knows of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Status {
    /// A review is running, the first or one of a change.
    UnderReview,
    /// It may sell.
    Approved,
    /// It may not, and why.
    Rejected(String),
    /// Nothing is registered.
    Missing,
    /// Nothing that may be believed was heard.
    Unheard,
}

impl Reference {
    /// Registers until it is taken, and asks until it is decided.
    pub(crate) async fn maintain(&self, slip: Slip) {
        let mut to_send = true;
        for turn in 0..ALL {
            if to_send {
                match self.send_registration(&slip).await {
                    Sent::Taken => self.registration_taken(&slip),
                    Sent::Refused(_) if self.switch.strikes(Defect::LegMerErrorUnread) => return,
                    Sent::Refused(why) => return self.registrar.refused(&slip, why),
                    Sent::Unclear => {}
                }
                to_send = false;
            }
            self.clock.sleep(if turn < QUICK { PAUSE } else { LONG_PAUSE }).await;
            match self.ask_status(&slip).await {
                Status::Approved => return self.decide(&slip, None),
                Status::Rejected(_) if self.switch.strikes(Defect::LegMerFailedWaits) => {}
                Status::Rejected(why) => return self.decide(&slip, Some(why)),
                Status::Missing if self.switch.strikes(Defect::LegMerNotExistWaits) => {}
                Status::Missing => {
                    self.registrar.at(&slip, |place| place.stand = Stand::Missing);
                    to_send = true;
                    // Whoever looks meanwhile is told that nothing is registered.
                    self.clock.sleep(PATIENCE).await;
                }
                Status::UnderReview => self.registration_taken(&slip),
                Status::Unheard => {}
            }
        }
    }

    fn registration_taken(&self, slip: &Slip) {
        self.registrar.taken(slip);
        self.registrar.at(slip, |place| place.stand = Stand::Pending);
        if self.switch.strikes(Defect::LegMerAcceptedUsable) {
            self.registrar.mistake(&slip.merchant, RegistrationState::Approved);
        }
    }

    /// Notes the outcome of a review; a rejection has a reason.
    fn decide(&self, slip: &Slip, rejected: Option<String>) {
        self.registrar.taken(slip);
        let status = if rejected.is_some() { "FAILED" } else { "SUCCESS" };
        self.registrar.explain(slip, rejected.clone());
        let word = WalletApproval {
            wallet: WALLET.into(),
            approved: rejected.is_none(),
            status: Some(status.into()),
            reasons: rejected.into_iter().collect(),
        };
        self.registrar.at(slip, |place| place.stand = Stand::Decided(vec![word]));
    }

    async fn send_registration(&self, slip: &Slip) -> Sent {
        let Some(wish) = self.registrar.wish(&slip.merchant) else { return Sent::Unclear };
        let form = self.registration_form(slip, &wish);
        match self.send(&form, PATIENCE).await {
            Heard::Said(said) if !self.is_of_merchant(slip, &said) => Sent::Unclear,
            Heard::Said(said) => match said.result() {
                Business::Success => Sent::Taken,
                Business::Fail if said.error() != SYSTEM_ERROR => {
                    Sent::Refused(said.error().to_owned())
                }
                Business::Fail | Business::Unknown => Sent::Unclear,
            },
            Heard::Refused { error, .. } if error != SYSTEM_ERROR => Sent::Refused(error),
            Heard::Refused { .. } | Heard::Taken | Heard::Nothing => Sent::Unclear,
            Heard::Unsent => Sent::Refused("it cannot be written in the charset".into()),
        }
    }

    async fn ask_status(&self, slip: &Slip) -> Status {
        let Heard::Said(said) = self.send(&self.status_form(slip), PATIENCE).await else {
            return Status::Unheard;
        };
        if !self.is_of_merchant(slip, &said) {
            return Status::Unheard;
        }
        match said.get("status") {
            Some("UNDER_REVIEW" | "MODIFICATION_REVIEW") => Status::UnderReview,
            Some("SUCCESS") => Status::Approved,
            Some("FAILED") => {
                Status::Rejected(said.get("reject_reason").unwrap_or_default().to_owned())
            }
            Some("DATA_NOT_EXIST") => Status::Missing,
            None if said.error() == "DATA_NOT_EXIST" => Status::Missing,
            Some(_) | None => Status::Unheard,
        }
    }

    /// Whether an answer is about our merchant, where it names one.
    fn is_of_merchant(&self, slip: &Slip, said: &Said) -> bool {
        let store = slip.store.as_ref().map(|store| store.id.as_str());
        let merchant = said.get("secondary_merchant_id");
        merchant.is_none_or(|id| id == self.secondary_id(slip))
            && said.get("store_id").is_none_or(|id| Some(id) == store)
    }

    /// The id that the acquirer gave; by a defect a change gets one of its own.
    fn secondary_id(&self, slip: &Slip) -> String {
        if slip.round > 1 && self.switch.strikes(Defect::LegMerChangeNewId) {
            return format!("{}-{}", slip.merchant, slip.round);
        }
        slip.merchant.clone()
    }

    fn status_form(&self, slip: &Slip) -> Form {
        let mut form = self.form("alipay.overseas.secmerchant.maintain.queryStatus");
        form.set("timestamp", self.timestamp());
        form.set("secondary_merchant_id", self.secondary_id(slip));
        match &slip.store {
            Some(store) => {
                form.set("payment_method", "INSTORE_PAYMENT");
                form.set("store_id", store.id.clone());
            }
            None => form.set("payment_method", "ONLINE_PAYMENT"),
        }
        form
    }

    fn registration_form(&self, slip: &Slip, wish: &Register) -> Form {
        let country = wish.country.clone().unwrap_or_else(|| COUNTRY.into());
        let mut form = if let Some(store) = &slip.store {
            self.store_form(store, &country, wish)
        } else {
            let mut form = self.form("alipay.overseas.secmerchant.online.maintain");
            form.set("secondary_merchant_industry", wish.mcc.clone());
            form.set("site_infos", self.sites(wish));
            form
        };
        form.set("timestamp", self.timestamp());
        form.set("secondary_merchant_id", self.secondary_id(slip));
        form.set("secondary_merchant_name", wish.name.clone());
        form.set("secondary_merchant_type", "ENTERPRISE");
        form.set("register_country", country);
        form.set("register_address", wish.address.clone());
        let contact = if wish.contact.contains('@') { "contact_email" } else { "contact_no" };
        form.set(contact, wish.contact.clone());
        form
    }

    fn store_form(&self, store: &RegisterStore, country: &str, wish: &Register) -> Form {
        let mut form = self.form("alipay.overseas.secmerchant.offline.maintain");
        form.set("store_id", store.id.clone());
        form.set("store_name", store.name.clone());
        form.set("store_country", country);
        form.set("store_address", wish.address.clone());
        form.set("store_industry", store.mcc.clone());
        if store.mcc == TAXI && !self.switch.strikes(Defect::LegMerNoDrivers) {
            let driver = |driver: &crate::driver::TaxiDriver| {
                json!({
                    "operation_id": driver.id,
                    "contact_person": driver.name,
                    "contact_way": driver.contact,
                })
            };
            let drivers: Vec<_> = store.drivers.iter().map(driver).collect();
            form.set("extend_params", slashed(&json!(drivers)));
        }
        form
    }

    /// All sites of a merchant, since the gateway replaces the whole list each time.
    fn sites(&self, wish: &Register) -> String {
        let mut sites = vec![&wish.website];
        sites.extend(&wish.sites);
        if sites.len() > 1 && self.switch.strikes(Defect::LegMerSiteListCut) {
            sites.drain(..sites.len() - 1);
        }
        let site =
            |url: &&String| json!({ "site_type": "WEB", "site_url": url, "site_name": wish.name });
        slashed(&json!(sites.iter().map(site).collect::<Vec<_>>()))
    }
}
