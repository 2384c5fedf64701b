//! Bodies of control calls. Unknown members are refused: a typing error must not pass unseen.

use clock::Millis;
use protocol::ams::{Api, Status};
use serde::Deserialize;
use serde_json::Value;

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
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Acts {
    pub(crate) payment_request_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRule {
    pub(crate) api: Api,
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) status: Option<Word>,
    #[serde(default)]
    pub(crate) process: bool,
    #[serde(default)]
    pub(crate) times: Option<u32>,
    #[serde(default)]
    pub(crate) after_answers: u32,
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
    pub(crate) hard_texts: bool,
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
