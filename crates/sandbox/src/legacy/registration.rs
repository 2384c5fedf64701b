//! Secondary merchants: `secmerchant.online.maintain`, `secmerchant.offline.maintain` and
//! `maintain.queryStatus`, over the reviews of the registry.

use std::collections::BTreeMap;

use clock::Millis;
use protocol::legacy::{Form, Service};
use serde_json::{Value, json};

use super::order::lasting;
use super::said::{Pairs, Said, pair};
use super::service::Ending;
use super::switches::Reviews;
use crate::defect::Defect;
use crate::ledger::{Effect, Ledger, Payment};
use crate::registration::Registration;
use crate::registration_request::Told;
use crate::review::{Decided, PAYING_WALLET, WalletSays};

/// How long a review takes, unless somebody says otherwise.
const REVIEW: Millis = 5_000;
/// The industry of taxis, whose drivers have to be named.
const TAXI: &str = "4121";
/// The refusal of what is missing or ill-formed.
const ILLEGAL: &str = "PARAM_ILLEGAL";

/// What a secondary merchant is registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Online,
    InStore,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Online => "ONLINE_PAYMENT",
            Self::InStore => "INSTORE_PAYMENT",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Online, Self::InStore].into_iter().find(|method| method.name() == name)
    }
}

/// Whom a registration is about.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    method: Method,
    merchant: String,
    store: Option<String>,
}

impl Ledger {
    /// Takes a registration or a change of one. It is accepted for review, and that is all.
    pub(crate) fn maintain(&mut self, method: Method, form: &Form, now: Millis) -> Said {
        let service = match method {
            Method::Online => Service::OnlineMaintain,
            Method::InStore => Service::OfflineMaintain,
        };
        let parameters = lasting(form);
        let fits = match method {
            Method::Online => online(&parameters),
            Method::InStore => in_store(&parameters),
        };
        if fits.is_none() && !self.defects.strikes(Defect::LegMerTakesAll) {
            return self.maintained(service, Some(ILLEGAL));
        }
        let told = |name: &str| parameters.get(name).cloned();
        let store = if method == Method::InStore { told("store_id") } else { None };
        let merchant = told("secondary_merchant_id").unwrap_or_default();
        self.take_maintained(Key { method, merchant, store }, &parameters, now);
        self.maintained(service, None)
    }

    fn maintained(&self, service: Service, refusal: Option<&str>) -> Said {
        let ending = if refusal.is_none() { Ending::Success } else { Ending::Failed };
        let told = if refusal.is_none() { "T" } else { "F" };
        let pairs = vec![pair("is_success", told)];
        Said::result(service, ending, refusal, pairs, &self.switches)
    }

    fn take_maintained(&mut self, key: Key, parameters: &BTreeMap<String, String>, now: Millis) {
        let told = Told {
            merchant_info: json!(parameters),
            store_info: json!(null),
            product_codes: json!([]),
        };
        let (waiting, approved) = self.standing(&key);
        let same = self.of_key(&key).last().is_some_and(|last| {
            last.told == told && (!last.over || last.approved_by(PAYING_WALLET))
        });
        if same {
            return;
        }
        let own = self.registry.reviews.get(&key.merchant);
        let review = own.unwrap_or(&self.registry.review).clone();
        let (after, wallets) = match self.switches.legacy.reviews {
            Reviews::AsPlanned => (review.after, review.wallets),
            Reviews::Rejects => (review.after, rejecting()),
            Reviews::Stays => (None, review.wallets),
        };
        let changed = approved && !waiting;
        let over = changed && self.defects.strikes(Defect::LegMerChangeUnreviewed);
        let place = self.registry.registrations.len();
        let Key { method, merchant, store } = key;
        let request_id = format!("{merchant}-{place}");
        let registration = Registration::of_legacy(request_id, method, merchant, store, told);
        self.registry.registrations.push(Registration { wallets, over, ..registration });
        if let Some(after) = after.filter(|_| !over) {
            let span = if after > 0 { after } else { REVIEW };
            self.effects.push(Effect::Reviewed { place, at: now.saturating_add(span) });
        }
    }

    /// The registrations under a key, the last one last.
    fn of_key<'a>(&'a self, key: &'a Key) -> impl Iterator<Item = &'a Registration> {
        self.registry.registrations.iter().filter(|known| {
            known.legacy == Some(key.method) && known.is_about(&key.merchant, key.store.as_deref())
        })
    }

    /// Whether a review runs under a key, and whether one before it approved.
    fn standing(&self, key: &Key) -> (bool, bool) {
        let waiting = self.of_key(key).last().is_some_and(|last| !last.over);
        let ended = self.of_key(key).filter(|known| known.over).last();
        (waiting, ended.is_some_and(|ended| ended.approved_by(PAYING_WALLET)))
    }

    /// How far the review of a secondary merchant is.
    pub(crate) fn review_status(&self, form: &Form) -> Said {
        let told = |name: &str| form.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let method = told("payment_method").as_deref().and_then(Method::parse);
        let store = told("store_id");
        let (Some(method), Some(merchant)) = (method, told("secondary_merchant_id")) else {
            return self.maintained(Service::QueryStatus, Some(ILLEGAL));
        };
        if method == Method::InStore && store.is_none() {
            return self.maintained(Service::QueryStatus, Some(ILLEGAL));
        }
        let store = store.filter(|_| method == Method::InStore);
        let key = Key { method, merchant, store };
        let (status, reason) = self.status_of(&key);
        let mut pairs: Pairs = vec![
            pair("is_success", "T"),
            pair("secondary_merchant_id", &key.merchant),
            pair("payment_method", key.method.name()),
            pair("status", status),
        ];
        pairs.extend(key.store.map(|store| pair("store_id", store)));
        pairs.extend(reason.map(|reason| pair("reject_reason", reason)));
        Said::result(Service::QueryStatus, Ending::Success, None, pairs, &self.switches)
    }

    fn status_of(&self, key: &Key) -> (&'static str, Option<String>) {
        let Some(last) = self.of_key(key).last() else {
            let reviewed = self.defects.strikes(Defect::LegMerUnknownReviewed);
            return (if reviewed { "UNDER_REVIEW" } else { "DATA_NOT_EXIST" }, None);
        };
        let (waiting, approved) = self.standing(key);
        if waiting {
            return if self.defects.strikes(Defect::LegMerAtOnce) {
                ("SUCCESS", None)
            } else if approved {
                ("MODIFICATION_REVIEW", None)
            } else {
                ("UNDER_REVIEW", None)
            };
        }
        if approved {
            return ("SUCCESS", None);
        }
        let reasons: Vec<String> =
            last.wallets.iter().flat_map(|says| says.reasons.iter().cloned()).collect();
        let reason = if reasons.is_empty() { "security reason".into() } else { reasons.join("; ") };
        let hidden = self.defects.strikes(Defect::LegMerNoReason);
        ("FAILED", Some(reason).filter(|_| !hidden))
    }

    /// Whether the secondary merchant that a payment names may sell, or the code of the refusal.
    /// A change under review leaves in force what was approved before it.
    pub(crate) fn may_sell_by(
        &self,
        payment: &Payment,
        method: Method,
    ) -> Result<(), &'static str> {
        let (Some(merchant), store) = &payment.seller else {
            return if self.registry.registered_only { Err("SELLER_NOT_EXIST") } else { Ok(()) };
        };
        let of_merchant = self
            .registry
            .registrations
            .iter()
            .filter(|known| known.legacy == Some(method) && known.merchant == *merchant);
        let mut stores: Vec<Option<String>> =
            of_merchant.map(|known| known.store.clone()).collect();
        let unknown = stores.is_empty();
        if method == Method::InStore && store.is_some() {
            stores.retain(|known| known == store);
        }
        let approved = stores
            .into_iter()
            .any(|store| self.standing(&Key { method, merchant: merchant.clone(), store }).1);
        let open = unknown
            && (!self.registry.registered_only || self.defects.strikes(Defect::LegMerPaysUnknown));
        if approved || open { Ok(()) } else { Err("SELLER_NOT_EXIST") }
    }
}

/// The wallet that there always is rejects.
fn rejecting() -> Vec<WalletSays> {
    let reasons = vec!["high-risk merchant".to_owned()];
    vec![WalletSays { name: PAYING_WALLET.into(), status: Some(Decided::Rejected), reasons }]
}

type Parameters = BTreeMap<String, String>;

/// A text of at most so many characters.
fn text<'a>(parameters: &'a Parameters, name: &str, longest: usize) -> Option<&'a str> {
    let text = parameters.get(name)?;
    (text.chars().count() <= longest).then_some(text)
}

fn is_id(text: &str) -> bool {
    text.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_'))
}

fn industry(parameters: &Parameters, name: &str) -> Option<()> {
    let code = text(parameters, name, 4)?;
    (code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(())
}

fn country(parameters: &Parameters, name: &str) -> Option<()> {
    let code = text(parameters, name, 2)?;
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(())
}

/// Whether the data of a website's merchant is whole.
fn online(parameters: &Parameters) -> Option<()> {
    text(parameters, "secondary_merchant_name", 64)?;
    text(parameters, "secondary_merchant_id", 64).filter(|id| is_id(id))?;
    industry(parameters, "secondary_merchant_industry")?;
    country(parameters, "register_country")?;
    text(parameters, "register_address", 256)?;
    text(parameters, "secondary_merchant_type", 16)
        .filter(|kind| matches!(*kind, "INDIVIDUAL" | "ENTERPRISE"))?;
    let sites: Value = serde_json::from_str(parameters.get("site_infos")?).ok()?;
    let sites = sites.as_array().filter(|sites| (1..=5).contains(&sites.len()))?;
    let whole = sites.iter().all(|site| {
        let kind = site["site_type"].as_str();
        matches!(kind, Some("WEB" | "APP")) && filled(site, &["site_url", "site_name"], 256)
    });
    whole.then_some(())
}

/// Whether the data of a store is whole.
fn in_store(parameters: &Parameters) -> Option<()> {
    text(parameters, "secondary_merchant_name", 128)?;
    text(parameters, "secondary_merchant_id", 64).filter(|id| is_id(id))?;
    text(parameters, "store_id", 64)?;
    text(parameters, "store_name", 256)?;
    country(parameters, "store_country")?;
    text(parameters, "store_address", 256)?;
    industry(parameters, "store_industry")?;
    if parameters.get("store_industry").is_none_or(|code| code != TAXI) {
        return Some(());
    }
    let drivers: Value = serde_json::from_str(parameters.get("extend_params")?).ok()?;
    // A list, or a list under some name.
    let inner = || drivers.as_object()?.values().find_map(Value::as_array);
    let drivers = drivers.as_array().or_else(inner)?;
    let names = ["operation_id", "contact_way", "contact_person"];
    let whole = drivers.iter().all(|driver| filled(driver, &names, 256));
    (whole && (1..=10).contains(&drivers.len())).then_some(())
}

/// Whether an object has these texts.
fn filled(object: &Value, names: &[&str], longest: usize) -> bool {
    let fits = |text: &str| !text.is_empty() && text.chars().count() <= longest;
    names.iter().all(|name| object[*name].as_str().is_some_and(fits))
}
