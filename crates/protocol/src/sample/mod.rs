//! Calls that lack nothing, in either generation: what a person changes a field of, to see what a
//! gateway makes of it.

mod ams;
mod fields;
mod legacy;
mod notice;

use serde_json::{Map, Value};

use crate::Generation;
use crate::ams::Api;
use crate::legacy::Service;

pub use fields::{common_form, fields};
pub use notice::{News, NoticeSample};

/// A call of either generation, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// A path of the newer generation.
    Ams(Api),
    /// A service of `gateway.do`.
    Legacy(Service),
}

/// How buyer and merchant meet in a pay of the newer generation, by the name of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Meeting {
    /// `user-presented`: the till scans the buyer's code.
    #[default]
    UserPresented,
    /// `order-code`: the buyer scans the till's code.
    OrderCode,
    /// `entry-code`: the wallet opens the merchant's page.
    EntryCode,
    /// `cashier`: the shop on the web sends the buyer to the wallet's page.
    Cashier,
}

/// What varies from one sample to the next.
#[derive(Debug, Clone)]
pub struct Sample<'a> {
    /// What time it is, in milliseconds since the epoch.
    pub now: i64,
    /// What its ids end with: nobody has used it before.
    pub mark: &'a str,
    /// The client id or the partner id.
    pub account: &'a str,
    /// Where results are to be told.
    pub notify_url: &'a str,
    /// The code that the buyer shows.
    pub code: &'a str,
    /// How they meet, in a pay of the newer generation.
    pub meeting: Meeting,
    /// The gateway's own id of the payment, which a refund of the newer generation names.
    pub payment_id: &'a str,
}

impl Call {
    /// All of them, the newer generation first.
    pub fn all() -> impl Iterator<Item = Self> {
        let legacy = Service::ALL.into_iter().map(Self::Legacy);
        Api::ALL.into_iter().map(Self::Ams).chain(legacy)
    }

    /// Its name in the documents; no name is one of both generations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ams(api) => api.name(),
            Self::Legacy(service) => service.name(),
        }
    }

    /// Finds a call by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|call| call.name() == name)
    }

    /// The generation that has it.
    pub fn generation(self) -> Generation {
        match self {
            Self::Ams(_) => Generation::Ams,
            Self::Legacy(_) => Generation::Legacy,
        }
    }

    /// What has to have been called before it, so that it is about something.
    pub fn rests_on(self) -> Option<Self> {
        match self {
            Self::Ams(api) => match api {
                Api::Pay | Api::Registration => None,
                Api::InquiryPayment | Api::Cancel | Api::Refund => Some(Self::Ams(Api::Pay)),
                Api::InquiryRefund => Some(Self::Ams(Api::Refund)),
                Api::InquiryRegistrationStatus | Api::InquiryRegistrationInfo => {
                    Some(Self::Ams(Api::Registration))
                }
            },
            Self::Legacy(service) => match service {
                Service::OverseasQuery | Service::SpotRefund | Service::Cancel => {
                    Some(Self::Legacy(Service::SpotPay))
                }
                Service::RefundQuery => Some(Self::Legacy(Service::SpotRefund)),
                Service::SingleTradeQuery | Service::ForexRefund => {
                    Some(Self::Legacy(Service::CreateForexTrade))
                }
                Service::QueryStatus => Some(Self::Legacy(Service::OfflineMaintain)),
                Service::SpotPay
                | Service::Precreate
                | Service::CreateForexTrade
                | Service::CreateForexTradeWap
                | Service::OnlineMaintain
                | Service::OfflineMaintain
                | Service::CompareFile
                | Service::LiquidationFile
                | Service::NotifyVerify => None,
            },
        }
    }

    /// The fields of a sample, each with its text: members of the body by their paths, or parameters
    /// beside those that every form has.
    pub fn sample(self, sample: &Sample<'_>) -> Value {
        match self {
            Self::Ams(api) => ams::body(api, sample),
            Self::Legacy(service) => {
                let pairs = legacy::parameters(service, sample).into_iter();
                Value::Object(pairs.map(|(name, text)| (name.to_owned(), text.into())).collect())
            }
        }
    }
}

impl Meeting {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::UserPresented, Self::OrderCode, Self::EntryCode, Self::Cashier];

    /// The name of the product.
    pub fn name(self) -> &'static str {
        match self {
            Self::UserPresented => "user-presented",
            Self::OrderCode => "order-code",
            Self::EntryCode => "entry-code",
            Self::Cashier => "cashier",
        }
    }

    /// Finds one by the name of the product.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|meeting| meeting.name() == name)
    }
}

/// Why a field of a body cannot be given a value: what stands before it is no object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} has no members")]
pub struct NoMembers {
    /// The path as far as it leads.
    pub path: String,
}

/// Gives the member at a path such as `order.orderAmount.value` a value, and makes what stands on
/// the way there where it is missing. A number is a place in a list.
///
/// # Errors
/// Where something on the way is neither an object nor a list that has the place.
pub fn assign(body: &mut Value, path: &str, value: Value) -> Result<(), NoMembers> {
    let mut place = body;
    let mut walked: Vec<&str> = Vec::new();
    for name in path.split('.') {
        let stuck = || NoMembers { path: walked.join(".") };
        if place.is_null() {
            *place = if name.parse::<usize>().is_ok() {
                Value::Array(Vec::new())
            } else {
                Value::Object(Map::new())
            };
        }
        place = match place {
            Value::Object(members) => members.entry(name).or_insert(Value::Null),
            Value::Array(items) => {
                let at = name.parse::<usize>().ok().filter(|at| *at <= items.len());
                let at = at.ok_or_else(stuck)?;
                if at == items.len() {
                    items.push(Value::Null);
                }
                items.get_mut(at).ok_or_else(stuck)?
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return Err(stuck());
            }
        };
        walked.push(name);
    }
    *place = value;
    Ok(())
}

/// Takes the member at a path away. Answers whether there was one.
pub fn remove(body: &mut Value, path: &str) -> bool {
    let (parent, name) = match path.rsplit_once('.') {
        Some((parent, name)) => (format!("/{}", parent.replace('.', "/")), name),
        None => (String::new(), path),
    };
    match body.pointer_mut(&parent) {
        Some(Value::Object(members)) => members.remove(name).is_some(),
        Some(Value::Array(items)) => {
            let at = name.parse::<usize>().ok().filter(|at| *at < items.len());
            at.map(|at| items.remove(at)).is_some()
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Call, Meeting, Sample, assign, fields, remove};

    fn sample(meeting: Meeting) -> Sample<'static> {
        Sample {
            now: 1_767_578_400_000,
            mark: "7F3A",
            account: "2088000000000001",
            notify_url: "http://shop.example/notify",
            code: "281234567890123456",
            meeting,
            payment_id: "2026",
        }
    }

    /// The paths of all scalars.
    fn paths(value: &Value, before: &str, found: &mut Vec<String>) {
        let path = |name: &str| {
            if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") }
        };
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| paths(value, &path(name), found));
            }
            Value::Array(items) => items.iter().for_each(|value| paths(value, &path("#"), found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                found.push(before.to_owned());
            }
        }
    }

    #[test]
    fn every_call_is_found_by_its_name_and_every_field_of_its_sample_is_a_known_one() {
        for call in Call::all() {
            assert_eq!(Call::parse(call.name()), Some(call));
            for meeting in Meeting::ALL {
                assert_eq!(Meeting::parse(meeting.name()), Some(meeting));
                let mut found = Vec::new();
                paths(&call.sample(&sample(meeting)), "", &mut found);
                assert!(!found.is_empty(), "{}", call.name());
                for path in found {
                    assert!(fields(call).any(|known| known == path), "{}: {path}", call.name());
                }
            }
        }
        assert_eq!(Call::parse("PAY"), None);
    }

    #[test]
    fn what_a_call_rests_on_is_of_its_generation_and_has_an_end() {
        for mut call in Call::all() {
            let generation = call.generation();
            let mut steps = 0;
            while let Some(before) = call.rests_on() {
                assert_eq!(before.generation(), generation);
                (call, steps) = (before, steps + 1);
            }
            assert!(steps < 3);
        }
    }

    #[test]
    fn a_member_is_set_and_taken_away_by_its_path() {
        let mut body = json!({ "a": { "b": "1" }, "list": ["x"] });
        assign(&mut body, "a.b", json!("2")).unwrap();
        assign(&mut body, "a.c.d", json!(true)).unwrap();
        assign(&mut body, "list.1", json!("y")).unwrap();
        assign(&mut body, "sites.0.url", json!("u")).unwrap();
        let expected = json!({
            "a": { "b": "2", "c": { "d": true } }, "list": ["x", "y"], "sites": [{ "url": "u" }],
        });
        assert_eq!(body, expected);
        for (path, stuck) in [("a.b.c", "a.b"), ("list.7", "list"), ("list.x", "list")] {
            assert_eq!(assign(&mut body, path, json!(1)).unwrap_err().path, stuck, "{path}");
        }
        assert!(
            remove(&mut body, "a.c.d") && remove(&mut body, "list.0") && remove(&mut body, "sites")
        );
        assert!(
            !remove(&mut body, "a.c.d") && !remove(&mut body, "a.b.c") && !remove(&mut body, "zz")
        );
        assert_eq!(body, json!({ "a": { "b": "2", "c": {} }, "list": ["y"] }));
    }
}
