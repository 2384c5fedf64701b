//! What the merchant pays through.

use protocol::Amount;
use serde_json::{Value, json};

use super::{ControlToken, GatewayUrl, Keys, PrivateAuthorities, Rules, Sourced};

/// What the merchant pays through.
#[derive(Debug, Clone)]
pub struct Gateway {
    /// Where it is.
    pub url: GatewayUrl,
    /// The merchant's client id, in the generation `ams`.
    pub client_id: Option<String>,
    /// The merchant's partner id, in the generation `legacy`.
    pub partner: Option<String>,
    /// By what both sign.
    pub keys: Keys,
    /// What its control API asks for.
    pub control_token: Option<Sourced<ControlToken>>,
    /// What buyers pay with who are people, each code once.
    pub payment_codes: Vec<String>,
    /// Who vouches for it under TLS, where no public authority does.
    pub ca: Option<PrivateAuthorities>,
    /// Whether it is production although its host does not say so.
    pub production: bool,
    /// How much a run may sell for where it moves real money.
    pub cap: Option<Amount>,
    /// What it is told to answer in a run, besides what a case has it answer.
    pub rules: Rules,
}

impl Gateway {
    /// What the bundle tells of it only where there is any.
    pub(super) fn redacted_rest(&self) -> Vec<(String, Value)> {
        let mut told = self.redacted_pilot();
        if let Some(ca) = &self.ca {
            told.push(("ca".to_owned(), json!({ "from": ca.from.short() })));
        }
        let rules = self.rules.told();
        if !rules.is_empty() {
            told.push(("rules".to_owned(), Value::Array(rules)));
        }
        told
    }
}
