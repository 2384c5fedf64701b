//! The profile as a bundle tells it: what [`Profile::redacted`](super::Profile::redacted) writes,
//! and nothing else.

use protocol::Amount;
use serde::Deserialize;
use serde_json::Value;

use super::Conditions;

/// The whole file. What its values have to be is decided where they are compared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldProfile {
    /// The generations of its products.
    pub generation: String,
    /// What the integrator sells through.
    pub products: Vec<String>,
    /// What conditional cases ask for.
    pub conditions: Conditions,
    /// The system under test.
    pub merchant: ToldMerchant,
    /// What it pays through.
    pub gateway: ToldGateway,
    /// Where report files are delivered and fetched.
    pub reconciliation: Option<Value>,
    /// Where the witness stood in front of an integrator's own system.
    pub witness: Option<ToldWitness>,
    /// Who answers for the report.
    pub report: ToldReport,
}

/// The system under test.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldMerchant {
    /// How it was made to act.
    pub driver: String,
    /// Where its adapter was, where it is driven over HTTP.
    pub url: Option<String>,
    /// Its program, where it is driven by one.
    pub program: Option<String>,
    /// Where it took notifications.
    pub notify_url: Option<String>,
}

/// Where the witness stood.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldWitness {
    /// Where calls came in.
    pub listen: String,
    /// Where notices came in.
    pub notify_listen: String,
    /// By which address the gateway reached that.
    pub public_url: Option<String>,
    /// Whom those who came in trusted, where the doors spoke TLS.
    pub tls: Option<ToldTls>,
}

/// The authority that issued the certificate of the witness.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldTls {
    /// The SHA-256 of its own certificate, in hexadecimal digits.
    pub fingerprint: String,
}

/// What the merchant paid through.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldGateway {
    /// `embedded`, or an address.
    pub url: String,
    /// The client id, in the generation `ams`.
    pub client_id: Option<String>,
    /// The partner id, in the generation `legacy`.
    pub partner: Option<String>,
    /// The key that signed the merchant's calls.
    pub merchant_key: Option<ToldKey>,
    /// The key that the gateway signed with.
    pub gateway_public_key: Option<ToldKey>,
    /// The key that both shared.
    pub md5_key: Option<ToldSecret>,
    /// The authorities that vouched for it under TLS, where no public one did.
    pub ca: Option<ToldSecret>,
    /// Whether its money is real; told only where it is.
    #[serde(default)]
    pub production: bool,
    /// How much a run could sell for there.
    pub cap: Option<Amount>,
    /// What it was told to answer, as its control API took it; told only where there are rules.
    #[serde(default)]
    pub rules: Vec<Value>,
}

/// A key of which one half is public.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldKey {
    /// Where it came from.
    pub from: String,
    /// Its size.
    pub bits: u32,
    /// The SHA-256 of its SPKI, in hexadecimal digits.
    pub fingerprint: String,
}

/// A key that has no public half, or another file of which the name alone is told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldSecret {
    /// Where it came from.
    pub from: String,
}

/// Who answers for the report.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldReport {
    /// The key that sealed it.
    pub key: ToldKey,
    /// Whose integration this is.
    pub integrator: String,
    /// Whom to ask.
    pub contact: String,
}
