//! The profile as a bundle tells it: what [`Profile::redacted`](super::Profile::redacted) writes,
//! and nothing else.

use serde::Deserialize;
use serde_json::Value;

use super::Conditions;

/// The whole file. What its values have to be is decided where they are compared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is what is proved; values are compared by their places")]
pub struct ToldProfile {
    generation: String,
    products: Vec<String>,
    conditions: Conditions,
    merchant: ToldMerchant,
    gateway: ToldGateway,
    reconciliation: Option<Value>,
    report: ToldReport,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is what is proved")]
struct ToldMerchant {
    driver: String,
    notify_url: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is what is proved")]
struct ToldGateway {
    url: String,
    client_id: Option<String>,
    partner: Option<String>,
    merchant_key: Option<ToldKey>,
    gateway_public_key: Option<ToldKey>,
    md5_key: Option<ToldSecret>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is what is proved")]
struct ToldKey {
    from: String,
    bits: u32,
    fingerprint: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is what is proved")]
struct ToldSecret {
    from: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the shape is what is proved")]
struct ToldReport {
    key: ToldKey,
    integrator: String,
    contact: String,
}
