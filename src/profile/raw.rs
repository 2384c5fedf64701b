//! The shape of the file. What it means is decided elsewhere.

use serde::Deserialize;

use super::Conditions;

/// `assay.yaml` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "the settings of a profile")]
pub(super) struct RawProfile {
    pub(super) generation: String,
    pub(super) products: Vec<String>,
    #[serde(default)]
    pub(super) conditions: Conditions,
    pub(super) merchant: RawMerchant,
    pub(super) gateway: RawGateway,
    pub(super) reconciliation: Option<RawReconciliation>,
    pub(super) witness: Option<RawWitness>,
    pub(super) report: RawReport,
}

/// The system under test.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "settings such as `driver: reference`")]
pub(super) struct RawMerchant {
    pub(super) driver: String,
    pub(super) url: Option<String>,
    pub(super) command: Option<Vec<String>>,
    pub(super) notify_url: Option<String>,
}

/// Where the witness stands in front of an integrator's own system.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "settings such as `listen: 127.0.0.1:8980`")]
pub(super) struct RawWitness {
    pub(super) listen: Option<String>,
    pub(super) notify_listen: Option<String>,
    pub(super) public_url: Option<String>,
    pub(super) tls: Option<RawTls>,
}

/// A local authority, and what the witness is called besides its addresses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "settings such as `key: keys/ca.pem`")]
pub(super) struct RawTls {
    pub(super) key: String,
    pub(super) certificate: String,
    #[serde(default)]
    pub(super) names: Vec<String>,
}

/// What the merchant pays through.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "settings such as `url: embedded`")]
pub(super) struct RawGateway {
    pub(super) url: String,
    pub(super) client_id: Option<String>,
    pub(super) partner: Option<String>,
    pub(super) merchant_key: Option<RawKey>,
    pub(super) gateway_public_key: Option<RawKey>,
    pub(super) md5_key: Option<RawKey>,
    pub(super) control_token: Option<RawKey>,
    #[serde(default)]
    pub(super) payment_codes: Vec<String>,
    pub(super) ca: Option<String>,
    #[serde(default)]
    pub(super) production: bool,
    pub(super) cap: Option<RawAmount>,
}

/// An amount in the smallest unit of its currency.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "`{ currency: USD, minor: 5000 }`")]
pub(super) struct RawAmount {
    pub(super) currency: String,
    pub(super) minor: i64,
}

/// Where report files are delivered and fetched: one of the two.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "`folder: PATH` or the settings of `sftp`")]
pub(super) struct RawReconciliation {
    pub(super) folder: Option<String>,
    pub(super) sftp: Option<RawSftp>,
}

/// A server over a folder of this machine.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "settings such as `host: sftp.example.com`")]
pub(super) struct RawSftp {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) user: String,
    pub(super) key: Option<RawKey>,
    pub(super) password_env: Option<String>,
    pub(super) known_host: String,
    pub(super) serves: String,
    pub(super) root: Option<String>,
}

/// Who signs the report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "settings such as `integrator: ACME Pay`")]
pub(super) struct RawReport {
    pub(super) key: RawKey,
    pub(super) integrator: String,
    pub(super) contact: String,
}

/// Where a key is: never the key itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "`file: keys/name.pem` or `env: NAME`")]
pub(super) struct RawKey {
    pub(super) file: Option<String>,
    pub(super) env: Option<String>,
}
