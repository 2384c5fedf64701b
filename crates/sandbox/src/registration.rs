//! The calls about secondary merchants: registration, and the two inquiries of it.

use std::collections::BTreeMap;

use clock::Millis;
use protocol::Fields;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::defect::Defect;
use crate::ledger::{Effect, Ledger, Payment};
use crate::legacy::Method;
use crate::notification::Notice;
use crate::registration_request::{RegistrationRequest, Told};
use crate::review::{PAYING_WALLET, Review, WalletSays};
use crate::switches::{Switches, TwiceRegistered};
use crate::view::Members;

/// The registrations of one tenant, and how later ones are reviewed.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    pub(crate) registrations: Vec<Registration>,
    /// How every merchant is reviewed that has no review of its own.
    pub(crate) review: Review,
    /// How these merchants are reviewed.
    pub(crate) reviews: BTreeMap<String, Review>,
    /// Whether a merchant that nobody registered may not sell either.
    pub(crate) registered_only: bool,
}

/// One registration that was taken.
#[derive(Debug)]
pub(crate) struct Registration {
    pub(crate) request_id: String,
    pub(crate) merchant: String,
    pub(crate) store: Option<String>,
    pub(crate) told: Told,
    pub(crate) pass_through: Option<String>,
    pub(crate) notify_url: Option<String>,
    /// What the wallets say once the review is over.
    pub(crate) wallets: Vec<WalletSays>,
    pub(crate) over: bool,
    /// What the older generation registers it for.
    pub(crate) legacy: Option<Method>,
}

/// Whom an inquiry is about.
#[derive(Debug)]
struct Asked {
    merchant: Option<String>,
    store: Option<String>,
    request_id: Option<String>,
}

impl Registration {
    /// A registration of the older generation, not reviewed yet.
    pub(crate) fn of_legacy(
        request_id: String,
        method: Method,
        merchant: String,
        store: Option<String>,
        told: Told,
    ) -> Self {
        Self {
            request_id,
            merchant,
            store,
            told,
            pass_through: None,
            notify_url: None,
            wallets: vec![],
            over: false,
            legacy: Some(method),
        }
    }

    pub(crate) fn is_about(&self, merchant: &str, store: Option<&str>) -> bool {
        self.merchant == merchant && self.store.as_deref() == store
    }

    /// Whether a wallet may take the merchant.
    pub(crate) fn approved_by(&self, wallet: &str) -> bool {
        self.over && self.wallets.iter().any(|says| says.name == wallet && says.approves())
    }

    fn rejected(&self) -> bool {
        self.over && self.wallets.iter().any(|says| says.status.is_some() && !says.approves())
    }

    /// `registrationResult` and `pspRegistrationResultList`.
    pub(crate) fn result_members(&self, switches: Switches) -> Members {
        result_members(&[self], switches)
    }

    /// The notice of the outcome, if anybody said where.
    fn notice(&self, switches: Switches, now: Millis) -> Option<Notice> {
        let url = self.notify_url.clone()?;
        let mut members = self.result_members(switches);
        members.insert("referenceMerchantId".into(), json!(self.merchant));
        members.insert("registrationRequestId".into(), json!(self.request_id));
        if let Some(store) = &self.store {
            members.insert("referenceStoreId".into(), json!(store));
        }
        Some(Notice::of_review(url, members, now))
    }
}

/// How far the review of these registrations is: over when all are, each wallet with what it says
/// to the last of them unless it does not take an earlier one.
fn result_members(registrations: &[&Registration], switches: Switches) -> Members {
    let over = registrations.iter().all(|registration| registration.over);
    let mut wallets: BTreeMap<&str, &WalletSays> = BTreeMap::new();
    for says in registrations.iter().flat_map(|registration| &registration.wallets) {
        let known = wallets.entry(&says.name).or_insert(says);
        if known.approves() {
            *known = says;
        }
    }
    let list: Vec<Value> = wallets.values().map(|says| says.to_json(over, switches)).collect();
    let overall = if over { "COMPLETED" } else { "PENDING" };
    let mut members = Members::new();
    members.insert("registrationResult".into(), json!({ "registrationStatus": overall }));
    members.insert("pspRegistrationResultList".into(), Value::Array(list));
    members
}

impl Ledger {
    /// The call registration.
    pub(crate) fn register(&mut self, fields: &Fields, now: Millis) -> Answer {
        let asked = match RegistrationRequest::read(fields, &self.defects) {
            Ok(asked) => asked,
            Err(expected) => return Answer::illegal(expected),
        };
        let same = |known: &Registration| known.request_id == asked.request_id;
        if let Some(place) = self.registry.registrations.iter().position(same) {
            let known = &self.registry.registrations[place];
            if known.told == asked.told && known.is_about(&asked.merchant, asked.store.as_deref()) {
                return taken(known.pass_through.as_deref());
            }
            return self.repeated(place, asked, "REPEAT_REQ_INCONSISTENT");
        }
        let same = |known: &Registration| known.is_about(&asked.merchant, asked.store.as_deref());
        if let Some(place) = self.registry.registrations.iter().rposition(same) {
            let again = match self.switches.twice_registered {
                TwiceRegistered::AfterRejection => self.registry.registrations[place].rejected(),
                TwiceRegistered::Never => false,
                TwiceRegistered::Always => true,
            };
            if !again {
                return self.repeated(place, asked, "REPEAT_REGISTRATION");
            }
        }
        self.take_registration(asked, now)
    }

    /// The refusal of a repeat; by a defect it leaves its data behind.
    fn repeated(&mut self, place: usize, asked: RegistrationRequest, code: &str) -> Answer {
        let known = &mut self.registry.registrations[place];
        if known.told != asked.told && self.defects.strikes(Defect::RegOverwrites) {
            known.told = asked.told;
        }
        Answer::of_code(code)
    }

    fn take_registration(&mut self, asked: RegistrationRequest, now: Millis) -> Answer {
        let RegistrationRequest { request_id, merchant, store, notify_url, pass_through, told } =
            asked;
        let own = self.registry.reviews.get(&merchant);
        let Review { after, wallets } = own.unwrap_or(&self.registry.review).clone();
        let answer = taken(pass_through.as_deref());
        let place = self.registry.registrations.len();
        self.registry.registrations.push(Registration {
            request_id,
            merchant,
            store,
            told,
            pass_through,
            notify_url,
            wallets,
            over: false,
            legacy: None,
        });
        if let Some(after) = after {
            self.effects.push(Effect::Reviewed { place, at: now.saturating_add(after.max(0)) });
        }
        answer
    }

    /// Ends a review, if it is not over yet, and tells the merchant.
    pub(crate) fn end_review(&mut self, place: usize, now: Millis) {
        let switches = self.switches;
        let registration = &mut self.registry.registrations[place];
        if std::mem::replace(&mut registration.over, true) {
            return;
        }
        if let Some(notice) = registration.notice(switches, now) {
            self.effects.push(Effect::Tells(Box::new(notice)));
        }
    }

    /// The call inquiryRegistrationStatus.
    pub(crate) fn registration_status(&self, fields: &Fields) -> Answer {
        let asked = match Asked::read(fields) {
            Ok(asked) => asked,
            Err(answer) => return answer,
        };
        let found = self.registrations_of(&asked);
        if found.is_empty() {
            return self.nobody();
        }
        Answer::with("SUCCESS", result_members(&found, self.switches))
    }

    /// The call inquiryRegistrationInfo: what was registered, once a wallet takes the merchant.
    pub(crate) fn registration_info(&self, fields: &Fields) -> Answer {
        let asked = match Asked::read(fields) {
            Ok(Asked { merchant: None, .. }) => {
                return Answer::illegal("referenceMerchantId is required");
            }
            Ok(asked) => asked,
            Err(answer) => return answer,
        };
        let found = self.registrations_of(&asked);
        let Some(last) = found.last() else { return self.nobody() };
        let approved = last.over && last.wallets.iter().any(WalletSays::approves);
        if !approved {
            return Answer::of_code("SUCCESS");
        }
        let mut members = Members::new();
        for (name, value) in [
            ("merchantInfo", &last.told.merchant_info),
            ("storeInfo", &last.told.store_info),
            ("productCodes", &last.told.product_codes),
        ] {
            members.insert(name.into(), self.given_back(value));
        }
        Answer::with("SUCCESS", members)
    }

    fn nobody(&self) -> Answer {
        if self.defects.strikes(Defect::UnknownMerchantS) {
            return Answer::of_code("SUCCESS");
        }
        Answer::of_code("RECORD_NOT_FOUND")
    }

    /// What was registered, as it is told; by a defect escaped for a page.
    fn given_back(&self, value: &Value) -> Value {
        let escaped = html_escaped(value);
        if escaped != *value && self.defects.strikes(Defect::InfoEscaped) {
            return escaped;
        }
        value.clone()
    }

    /// The registrations that an inquiry is about, of each merchant and store the last one only.
    fn registrations_of(&self, asked: &Asked) -> Vec<&Registration> {
        let given = |wanted: &Option<String>, value: Option<&str>| {
            wanted.is_none() || wanted.as_deref() == value
        };
        let all = &self.registry.registrations;
        let mut found: Vec<&Registration> = vec![];
        for known in all.iter().filter(|known| {
            given(&asked.merchant, Some(&known.merchant))
                && given(&asked.store, known.store.as_deref())
                && given(&asked.request_id, Some(&known.request_id))
        }) {
            found.retain(|before| !before.is_about(&known.merchant, known.store.as_deref()));
            found.push(known);
        }
        found
    }

    /// Whether the secondary merchant that a payment names may sell, or the code of the refusal.
    /// One that is known sells where it is approved; one that is not, unless only known ones may.
    pub(crate) fn may_sell(&self, payment: &Payment) -> Result<(), &'static str> {
        let (merchant, store) = &payment.seller;
        let about = |known: &&Registration| Some(&known.merchant) == merchant.as_ref();
        let of_merchant = self.registry.registrations.iter().filter(about);
        let (mut known, mut last) = (false, None);
        for registration in of_merchant {
            known = true;
            if store.is_none() || registration.store == *store {
                last = Some(registration);
            }
        }
        let fits = match last {
            Some(registration) => registration.approved_by(PAYING_WALLET),
            None if known => false,
            None => {
                !self.registry.registered_only || self.defects.strikes(Defect::UnregisteredMaySell)
            }
        };
        if fits { Ok(()) } else { Err("INVALID_MERCHANT_STATUS") }
    }
}

impl Asked {
    fn read(fields: &Fields) -> Result<Self, Answer> {
        let merchant = fields.text("referenceMerchantId");
        let store = fields.text("referenceStoreId");
        let request_id = fields.text("registrationRequestId");
        let long = |id: &Option<String>, longest| {
            id.as_ref().is_some_and(|id| id.chars().count() > longest)
        };
        if merchant.is_none() && store.is_none() {
            return Err(Answer::illegal("referenceMerchantId or referenceStoreId is required"));
        }
        if long(&merchant, 64) || long(&store, 32) || long(&request_id, 64) {
            return Err(Answer::illegal("ids have at most 64 characters, that of a store 32"));
        }
        Ok(Self { merchant, store, request_id })
    }
}

/// S, and what the request asked to have repeated.
fn taken(pass_through: Option<&str>) -> Answer {
    let mut members = Members::new();
    members.extend(pass_through.map(|text| ("passThroughInfo".to_owned(), json!(text))));
    Answer::with("SUCCESS", members)
}

/// Every text of a value with what HTML escapes.
fn html_escaped(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            Value::String(text.replace('"', "&quot;"))
        }
        Value::Array(items) => items.iter().map(html_escaped).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), html_escaped(value)))
            .collect::<Members>()
            .into(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}
