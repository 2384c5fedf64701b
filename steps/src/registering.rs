//! Registering: what the runner hands to the merchant about secondary merchants, and what it asks
//! the gateway about them itself.

use evidence::Event;
use merchant::{Register, RegisterStore};
use protocol::Generation;
use protocol::ams::{Api, RegistrationInquiry};
use serde_json::{Value, json};

use crate::Seen;
use crate::errand::Errand;
use crate::live::Live;
use crate::product::Means;

/// The review of a merchant lasts some days; whoever asks once a day knows a little later.
pub(crate) const DAY: i64 = 24 * 3_600_000;
const HOUR: i64 = 3_600_000;

/// Where a secondary merchant sells: in its first store, or without one under its own id.
pub(crate) fn place_of(wish: &Register) -> &str {
    wish.stores.first().map_or(&wish.id, |store| &store.id)
}

impl Live {
    /// A secondary merchant that nobody knows yet, with so many stores.
    pub(crate) fn fresh_merchant(&mut self, stores: usize) -> Register {
        let id = format!("{}-m{}", self.mark, self.secondary.len() + 1);
        self.secondary.push(id.clone());
        let number = self.secondary.len();
        let stores = (1..=stores).map(|place| RegisterStore {
            id: format!("{id}-s{place}"),
            name: format!("Bakery {number} at gate {place}"),
            mcc: format!("54{number}{place}"),
            terminal: format!("till-{number}{place}"),
            drivers: vec![],
        });
        Register {
            stores: stores.collect(),
            name: format!("Bakery {number}"),
            mcc: format!("546{number}"),
            address: format!("{number} Harbour Road"),
            contact: format!("+65 6000 000{number}"),
            website: format!("https://bakery-{number}.example/"),
            sites: vec![],
            country: None,
            id,
        }
    }

    /// Whether secondary merchants sell on websites, without a store.
    fn sells_without_stores(&self) -> bool {
        self.contract.generation() == Generation::Legacy
            && self.product.means() == Means::WalletPage
    }

    /// A secondary merchant that nobody knows yet, as one sells through the product: in a store, or
    /// on two sites.
    pub(crate) fn fresh_seller(&mut self) -> Register {
        if self.sells_without_stores() {
            let wish = self.fresh_merchant(0);
            return Register { sites: vec![format!("{}second", wish.website)], ..wish };
        }
        self.fresh_merchant(1)
    }

    /// Asks the merchant to register a secondary merchant.
    pub(crate) async fn register(&mut self, wish: &Register) {
        self.did("registers", json!({ "merchant": wish.id, "wish": wish }));
        if let Err(why) = self.merchant.register(wish.clone()).await {
            self.merchant_refused(&why, json!({ "merchant": wish.id }));
        }
        self.rest().await;
    }

    /// Lets a day and an hour pass, so that a review is over and whoever asks daily has asked.
    pub(crate) async fn until_reviewed(&mut self) {
        self.pass(DAY + HOUR).await;
    }

    /// How later registrations are reviewed, of one merchant or of all. Somebody else's gateway reviews
    /// as it likes.
    pub(crate) async fn review(&mut self, review: Value) {
        if !self.control.is_there() {
            return;
        }
        self.arrange("reviews", "review", review).await;
    }

    /// Asks the gateway how far the review of a merchant is, for one request or for all.
    pub(crate) async fn own_status(&mut self, errand: Errand, id: &str, request_id: Option<&str>) {
        let asked = RegistrationInquiry { merchant: Some(id), store: None, request_id };
        self.own_call(errand, Api::InquiryRegistrationStatus, &asked.to_json()).await;
    }

    /// Asks the gateway what was registered of a merchant.
    pub(crate) async fn own_info(&mut self, errand: Errand, id: &str) {
        let asked = RegistrationInquiry { merchant: Some(id), ..RegistrationInquiry::default() };
        self.own_call(errand, Api::InquiryRegistrationInfo, &asked.to_json()).await;
    }

    /// The closing look: what the gateway says about each secondary merchant, for the merchant as
    /// a whole and for every request that the merchant made for it.
    pub(crate) async fn look_at_registrations(&mut self) {
        let seen = self.so_far();
        if self.contract.generation() == Generation::Legacy {
            return self.look_at_stores(&seen).await;
        }
        for id in self.secondary.clone() {
            self.own_status(Errand::ClosingLook, &id, None).await;
            let mut requests: Vec<String> = vec![];
            for call in seen.calls_of(Api::Registration) {
                let about = call.asked("merchantInfo.referenceMerchantId");
                let request = call.asked("registrationRequestId").unwrap_or_default();
                if about.as_deref() == Some(&id) && !requests.contains(&request) {
                    requests.push(request);
                }
            }
            for request in requests {
                self.own_status(Errand::ClosingLook, &id, Some(&request)).await;
            }
        }
    }

    /// The same in the older generation, which knows a store by the merchant's id and its own, and a
    /// website by the merchant's.
    async fn look_at_stores(&mut self, seen: &Seen) {
        for id in self.secondary.clone() {
            let calls = seen.exchanges.iter().filter(|call| call.api == Some(Api::Registration));
            let mut ours =
                calls.filter(|call| call.parameter("secondary_merchant_id") == Some(&id));
            // Of a store that was left out there is still a name to ask for.
            let first = ours.find_map(|call| call.parameter("store_id")).map(str::to_owned);
            let store = first.unwrap_or_else(|| format!("{id}-s1"));
            let store = Some(store.as_str()).filter(|_| !self.sells_without_stores());
            let asked = RegistrationInquiry { merchant: Some(&id), store, request_id: None };
            let api = Api::InquiryRegistrationStatus;
            self.own_call(Errand::ClosingLook, api, &asked.to_json()).await;
        }
    }

    /// Reads every secondary merchant, and records those whose view has changed.
    pub(crate) async fn read_merchants(&mut self) {
        for id in self.secondary.clone() {
            match self.merchant_now(&id).await {
                Ok(Some(view)) if self.merchant_views.get(&id) != Some(&view) => {
                    let event = Event::Merchant(Box::new(view.clone()));
                    self.recorder.append(self.clock.now(), event);
                    self.merchant_views.insert(id, view);
                }
                Ok(_) => {}
                Err(why) => self.cannot_ask(&why),
            }
        }
    }
}
