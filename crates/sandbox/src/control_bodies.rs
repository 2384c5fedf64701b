//! Bodies of control calls. Unknown members are refused: a typing error must not pass unseen.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use clock::Millis;
use protocol::ams::Status;
use serde::Deserialize;
use serde_json::Value;

use crate::rules::{Called, Rule, Signature, Then};
use crate::wallet::Mood;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWallet {
    #[serde(default = "dollars")]
    pub(crate) currency: String,
    #[serde(default = "plenty")]
    pub(crate) balance: i64,
    #[serde(default = "generous")]
    pub(crate) mood: Mood,
}

fn dollars() -> String {
    "USD".into()
}

fn plenty() -> i64 {
    100_000_000
}

fn generous() -> Mood {
    Mood::Pays {}
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopUp {
    pub(crate) minor: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scan {
    pub(crate) code: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Open {
    pub(crate) url: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Acts {
    pub(crate) payment_request_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reports {
    pub(crate) rows: NonZeroUsize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRule {
    pub(crate) api: Called,
    #[serde(default)]
    pub(crate) field: Option<Field>,
    #[serde(default)]
    pub(crate) code: Option<String>,
    #[serde(default)]
    pub(crate) status: Option<Word>,
    #[serde(default)]
    pub(crate) http: Option<u16>,
    #[serde(default)]
    pub(crate) drop: Option<Drop>,
    /// Whether the answer is cut off in the middle.
    #[serde(default)]
    pub(crate) malformed: bool,
    #[serde(default)]
    pub(crate) signature: Signing,
    #[serde(default)]
    pub(crate) delay: Millis,
    #[serde(default)]
    pub(crate) process: bool,
    #[serde(default)]
    pub(crate) times: Option<u32>,
    #[serde(default)]
    pub(crate) until: Option<Millis>,
    /// For how many minutes from now, in place of `until`.
    #[serde(default)]
    pub(crate) minutes: Option<u32>,
    #[serde(default)]
    pub(crate) after_answers: u32,
}

/// For how many minutes a rule may last, as the gateway's own tool offers it.
const MINUTES: [u32; 4] = [30, 60, 90, 120];

/// The value of a field of the body, which a call has to have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    pub(crate) path: String,
    pub(crate) is: String,
}

/// When a call is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Drop {
    Before,
    After,
}

/// How the answer is signed.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Signing {
    #[default]
    Right,
    Wrong,
    Missing,
}

impl NewRule {
    /// The rule from `now` on, or what was expected instead.
    pub(crate) fn rule(self, now: Millis) -> Result<Rule, &'static str> {
        let told = [self.code.is_some(), self.http.is_some(), self.drop.is_some(), self.malformed];
        if told.into_iter().filter(|told| *told).count() > 1 {
            return Err("expected one of 'code', 'http', 'drop' and 'malformed'");
        }
        let until = match (self.minutes, self.until) {
            (None, until) => until,
            (Some(minutes), None) if MINUTES.contains(&minutes) => {
                Some(now + Millis::from(minutes) * 60_000)
            }
            (Some(_), _) => return Err("expected 30, 60, 90 or 120 'minutes', and no 'until'"),
        };
        if self.status.is_some() && self.code.is_none() {
            return Err("expected 'code' beside 'status'");
        }
        if self.http.is_some_and(|status| !(200..600).contains(&status)) {
            return Err("expected an HTTP status from 200 to 599 in 'http'");
        }
        if self.delay < 0 {
            return Err("expected a 'delay' of 0 or more milliseconds");
        }
        let then = match (self.code, self.http, self.drop) {
            (Some(code), _, _) => Then::Result { code, status: self.status.map(Word::status) },
            (None, Some(status), _) => Then::Http(status),
            (None, None, Some(_)) => Then::Nothing,
            (None, None, None) if self.malformed => Then::Cut,
            (None, None, None) => Then::Genuine,
        };
        let signature = match self.signature {
            Signing::Right => Signature::Right,
            Signing::Wrong => Signature::Wrong,
            Signing::Missing => Signature::Missing,
        };
        // A genuine answer is what working on the call gives.
        let genuine = matches!(then, Then::Genuine | Then::Cut);
        let process = self.process || self.drop == Some(Drop::After) || genuine;
        Ok(Rule {
            api: self.api,
            field: self.field.map(|field| (field.path, field.is)),
            process,
            then,
            signature,
            delay: self.delay,
            times: self.times,
            until,
            after: self.after_answers,
        })
    }
}

/// A result status as it is written.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) enum Word {
    S,
    F,
    U,
}

impl Word {
    pub(crate) fn status(self) -> Status {
        match self {
            Self::S => Status::S,
            Self::F => Status::F,
            Self::U => Status::U,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnNotice {
    pub(crate) url: String,
    pub(crate) body: Value,
    #[serde(default)]
    pub(crate) sign_target: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    #[serde(default)]
    pub(crate) hard_texts: Option<bool>,
    #[serde(default)]
    pub(crate) registered_only: Option<bool>,
    /// Switches by their numbers, each with the word for its position.
    #[serde(default)]
    pub(crate) switches: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRate {
    pub(crate) pair: String,
    pub(crate) price: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    pub(crate) advance: Millis,
}

impl Advance {
    /// Ten years; far more would leave the range of moments that can be written.
    pub(crate) const LONGEST: Millis = 3653 * protocol::DAY;
}
