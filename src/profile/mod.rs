//! The profile: what is tested, against what, and who answers for it.
//!
//! [`Profile`] is valid by construction: its keys are read, its addresses make sense, and no key
//! that the whole world knows stands where it could be mistaken for a secret.

mod account;
mod elsewhere;
mod gateway;
mod keys;
mod production;
mod raw;
mod read;
mod reports;
mod rules;
mod schema;
mod sides;
mod slots;
mod tested;
mod tls;
mod told;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use evidence::words::{PROFILE_UNREADABLE, PROFILE_UNREADABLE_DO};
use protocol::legacy::{Charset, SignType};
use protocol::{Currency, Generation};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use signing::{KeyError, PrivateKey};
use steps::Product;

pub use account::{KeyKind, Keys, Pairs};
pub use elsewhere::ControlToken;
pub use gateway::Gateway;
pub use keys::KeySource;
pub use reports::Reconciliation;
pub use rules::Rules;
pub use schema::schema;
pub use sides::CheckKey;
pub use tested::{Driver, Merchant, WitnessAt};
pub use tls::{PrivateAuthorities, WitnessTls};
pub use told::{
    ToldGateway, ToldKey, ToldMerchant, ToldProfile, ToldReport, ToldSecret, ToldTls, ToldWitness,
};

use crate::bounded;
use crate::finding::{Finding, Place};
use crate::suite::{Condition, Declared};

/// The products that this version tests.
pub const SUPPORTED_PRODUCTS: [&str; 7] = [
    "user-presented",
    "order-code",
    "entry-code",
    "cashier",
    "barcode",
    "transaction-qr",
    "website",
];

/// The client id of the built-in profile and of what `assay init` writes.
pub const BUILT_IN_CLIENT_ID: &str = "SANDBOX_5Y00000000000001";

/// The partner id of the built-in profile.
pub const BUILT_IN_PARTNER: &str = "2088000000000001";

/// Where the gateway is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayUrl {
    /// The embedded sandbox.
    Embedded,
    /// Scheme, host and port of another.
    Remote(String),
}

/// A key, and where it came from.
#[derive(Debug, Clone)]
pub struct Sourced<K> {
    /// The key.
    pub key: K,
    /// Where it came from.
    pub source: KeySource,
}

/// What conditional cases ask for, each with its default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default, expecting = "settings such as `expiry: true`")]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the profile")]
pub struct Conditions {
    /// The merchant says when an order ends; it always holds for who sells through the cashier.
    pub expiry: bool,
    /// A wallet of the contract pays in another currency than the order's.
    pub fx: bool,
    /// Registrations ask for a notice.
    pub registration_notices: bool,
    /// The integrator acts for merchants of its own.
    pub secondary_merchants: bool,
    /// How calls of the generation `legacy` are signed.
    pub sign_type: SignTypeName,
    /// The charset of its calls.
    pub charset: CharsetName,
    /// Whether its calls go by POST.
    pub post: bool,
    /// The currency of its contract, where that is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub currency: Option<Currency>,
    /// Whether its refunds in shops are accepted first and executed later.
    pub async_refunds: bool,
    /// Whether its payments of a scanned code ask for notices.
    pub barcode_notices: bool,
    /// Whether taxis are registered in it.
    pub taxi: bool,
}

/// How calls of the generation `legacy` are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "SignType")]
pub enum SignTypeName {
    /// MD5 with a shared key.
    #[serde(rename = "MD5")]
    Md5,
    /// RSA over SHA-1.
    #[serde(rename = "RSA")]
    Rsa,
    /// RSA over SHA-256.
    #[default]
    #[serde(rename = "RSA2")]
    Rsa2,
    /// DSA over SHA-1.
    #[serde(rename = "DSA")]
    Dsa,
}

impl SignTypeName {
    /// The sign type.
    pub fn sign_type(self) -> SignType {
        match self {
            Self::Md5 => SignType::Md5,
            Self::Rsa => SignType::Rsa,
            Self::Rsa2 => SignType::Rsa2,
            Self::Dsa => SignType::Dsa,
        }
    }
}

/// The charset of calls of the generation `legacy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "Charset")]
pub enum CharsetName {
    /// UTF-8.
    #[default]
    #[serde(rename = "UTF-8")]
    Utf8,
    /// GBK.
    #[serde(rename = "GBK")]
    Gbk,
    /// GB2312.
    #[serde(rename = "GB2312")]
    Gb2312,
}

impl CharsetName {
    /// The charset.
    pub fn charset(self) -> Charset {
        match self {
            Self::Utf8 => Charset::Utf8,
            Self::Gbk => Charset::Gbk,
            Self::Gb2312 => Charset::Gb2312,
        }
    }
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            expiry: false,
            fx: false,
            registration_notices: true,
            secondary_merchants: true,
            sign_type: SignTypeName::default(),
            charset: CharsetName::default(),
            post: true,
            currency: None,
            async_refunds: false,
            barcode_notices: false,
            taxi: false,
        }
    }
}

impl Conditions {
    /// Those that hold for who sells through these products, and fetches files over SFTP or not.
    pub fn held(&self, products: &[String], sftp: bool) -> BTreeSet<Condition> {
        let sold = |name: &str| products.iter().any(|product| product == name);
        let (cashier, barcode) = (sold("cashier"), sold("barcode"));
        let legacy = products.iter().filter_map(|product| product.parse::<Product>().ok());
        let legacy = legacy.into_iter().any(|known| known.generation() == Generation::Legacy);
        let whole = self.currency.is_some_and(|currency| currency.exponent() == 0);
        let conditions = [
            (Condition::AsyncRefunds, legacy && self.async_refunds),
            (Condition::BarcodeNotices, barcode && self.barcode_notices),
            (Condition::Taxi, legacy && self.taxi && self.secondary_merchants),
            (Condition::Post, legacy && self.post),
            (Condition::Gbk, legacy && self.charset != CharsetName::Utf8),
            (Condition::Md5, legacy && self.sign_type == SignTypeName::Md5),
            (Condition::Rsa, legacy && self.sign_type == SignTypeName::Rsa),
            (Condition::Rsa2, legacy && self.sign_type == SignTypeName::Rsa2),
            (Condition::Dsa, legacy && self.sign_type == SignTypeName::Dsa),
            (Condition::WholeCurrency, legacy && whole),
            (Condition::Expiry, self.expiry || cashier),
            (Condition::Fx, self.fx),
            (Condition::Sftp, sftp),
            // Where nobody registers merchants, nobody is told of them.
            (Condition::RegistrationNotices, self.registration_notices && self.secondary_merchants),
            (Condition::SecondaryMerchants, self.secondary_merchants),
        ];
        conditions.into_iter().filter_map(|(condition, holds)| holds.then_some(condition)).collect()
    }
}

/// Who answers for the report.
#[derive(Debug, Clone)]
pub struct Report {
    /// The key that seals it.
    pub key: Sourced<PrivateKey>,
    /// Whose integration this is.
    pub integrator: String,
    /// Whom to ask.
    pub contact: String,
}

/// The validated configuration.
#[derive(Debug, Clone)]
pub struct Profile {
    /// What the integrator sells through, in the order of [`SUPPORTED_PRODUCTS`].
    pub products: Vec<String>,
    /// What conditional cases ask for.
    pub conditions: Conditions,
    /// The system under test.
    pub merchant: Merchant,
    /// What it pays through.
    pub gateway: Gateway,
    /// Where report files are delivered and fetched; by default a folder for temporary files.
    pub reconciliation: Option<Reconciliation>,
    /// Where the gateway's own report files come in, of a gateway that nobody can be told to write any.
    pub report_source: Option<PathBuf>,
    /// Where the witness stands in front of an integrator's own system.
    pub witness: WitnessAt,
    /// Who answers for the report.
    pub report: Report,
    /// What is usable and still worth a word.
    pub warnings: Vec<Finding>,
}

/// What the command line names instead of the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Named<'a> {
    /// The gateway's address.
    pub gateway: Option<&'a str>,
    /// The merchant: `reference`, or the address of an adapter.
    pub merchant: Option<&'a str>,
}

/// Why there is no profile: everything that is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ProfileError(pub Vec<Finding>);

impl Profile {
    /// Reads a profile; paths in it are relative to its own folder.
    pub fn load(path: &Path) -> Result<Self, ProfileError> {
        Self::load_for(path, Named::default())
    }

    /// Reads a profile, where what is named beats what it says.
    pub fn load_for(path: &Path, named: Named<'_>) -> Result<Self, ProfileError> {
        let name = path.display().to_string();
        let bytes = bounded::read(path, read::LARGEST).map_err(|error| {
            ProfileError(vec![Finding {
                code: "P0",
                place: Place::file(&name),
                says: PROFILE_UNREADABLE.with([error.to_string()]),
                advice: PROFILE_UNREADABLE_DO.plain(),
            }])
        })?;
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        read::profile(&name, &bytes, &folder, named, &|variable| std::env::var(variable).ok())
    }

    /// The profile of a run without one: embedded sandbox, reference merchant, every product, the
    /// keys that the whole world knows, and a report key for this run alone.
    pub fn built_in() -> Result<Self, ProfileError> {
        let unusable = |error: KeyError| ProfileError(vec![keys::built_in_unusable(&error)]);
        let merchant = merchant::reference_key().map_err(unusable)?;
        let gateway = sandbox::embedded_key().map_err(unusable)?;
        let report = PrivateKey::generate(2048).map_err(unusable)?;
        Ok(Self {
            products: SUPPORTED_PRODUCTS.map(str::to_owned).to_vec(),
            conditions: Conditions::default(),
            merchant: Merchant { driver: Driver::Reference, notify_url: None },
            gateway: Gateway {
                url: GatewayUrl::Embedded,
                client_id: Some(BUILT_IN_CLIENT_ID.to_owned()),
                partner: Some(BUILT_IN_PARTNER.to_owned()),
                keys: Keys::Rsa(Pairs {
                    merchant: Sourced { key: merchant, source: KeySource::BuiltIn },
                    gateway: Sourced { key: gateway.public(), source: KeySource::BuiltIn },
                }),
                control_token: None,
                payment_codes: vec![],
                ca: None,
                production: false,
                cap: None,
                rules: Rules::default(),
            },
            reconciliation: None,
            report_source: None,
            witness: WitnessAt::default(),
            report: Report {
                key: Sourced { key: report, source: KeySource::ThrownAway },
                integrator: "assay".to_owned(),
                contact: "none".to_owned(),
            },
            warnings: Vec::new(),
        })
    }

    /// The same at the gateway that was reached, which a flag may have named, and with the keys that
    /// count there.
    #[must_use]
    pub fn at(mut self, url: GatewayUrl, keys: Keys) -> Self {
        self.gateway.url = url;
        self.gateway.keys = keys;
        self
    }

    /// What it declares: products, and the conditions that hold.
    pub fn declared(&self) -> Declared {
        let sftp = matches!(self.reconciliation, Some(Reconciliation::Sftp { .. }));
        let conditions = self.conditions.held(&self.products, sftp);
        Declared { products: self.products.clone(), conditions }
    }

    /// How calls of the generation `legacy` are signed, where such are made.
    pub fn sign_type(&self) -> Option<&'static str> {
        self.gateway.partner.as_ref().map(|_| self.conditions.sign_type.sign_type().name())
    }

    /// The profile for the bundle: no key material, and of each path the file's name alone.
    pub fn redacted(&self) -> Value {
        let Gateway { url, client_id, partner, keys, .. } = &self.gateway;
        let url = match url {
            GatewayUrl::Embedded => "embedded",
            GatewayUrl::Remote(url) => url,
        };
        let mut gateway = json!({ "url": url, "client_id": client_id, "partner": partner });
        if let Value::Object(gateway) = &mut gateway {
            gateway.extend(keys.redacted());
            gateway.extend(self.gateway.redacted_rest());
        }
        let report = &self.report;
        let seal = CheckKey::Rsa(report.key.key.public());
        let mut told = json!({
            "generation": self.declared().generation(),
            "products": self.products,
            "conditions": self.conditions,
            "merchant": self.merchant.redacted(),
            "gateway": gateway,
            "reconciliation": self.reconciliation.as_ref().map(Reconciliation::redacted),
            "report": {
                "key": seal.described(&report.key.source),
                "integrator": report.integrator,
                "contact": report.contact,
            },
        });
        if let Some(source) = &self.report_source {
            told["reconciliation"]["source"] = json!(short(source));
        }
        // The reference merchant needs no address of the witness.
        if self.merchant.driver != Driver::Reference {
            told["witness"] = self.witness.redacted();
        }
        told
    }
}

/// The last name of a path.
fn short(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.display().to_string())
}

#[cfg(test)]
mod tests;
