//! The shape of the file. What it means is decided elsewhere.
//!
//! The JSON Schema of the profile is made of these types: what a field is called, whether it may be
//! left out, and what is said about it, all stand here once.

use protocol::Generation;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::{Conditions, Driver, SUPPORTED_PRODUCTS};

/// What is tested, against what, and who answers for it. Paths are relative to the file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "the settings of a profile")]
#[schemars(title = "The profile of an acceptance run")]
pub(super) struct RawProfile {
    /// The generation of the gateway's API: `ams` is JSON with signatures in the head, `legacy` is
    /// `gateway.do`.
    #[schemars(extend("enum" = [Generation::Ams.name(), Generation::Legacy.name()]))]
    pub(super) generation: String,
    /// What you sell through, of one generation; it selects the mandatory cases.
    #[schemars(schema_with = "products")]
    pub(super) products: Vec<String>,
    /// What conditional cases ask for. What you leave off and the traffic shows all the same makes
    /// the run incomplete.
    #[serde(default)]
    pub(super) conditions: Conditions,
    /// The system under test.
    pub(super) merchant: RawMerchant,
    /// What the merchant pays through, and the keys of both sides.
    pub(super) gateway: RawGateway,
    /// Where report files are delivered, and how the merchant fetches them; without it, a folder for
    /// temporary files.
    pub(super) reconciliation: Option<RawReconciliation>,
    /// Where the witness stands in front of your own system.
    pub(super) witness: Option<RawWitness>,
    /// Who answers for the report.
    pub(super) report: RawReport,
}

fn products(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "items": { "type": "string", "enum": SUPPORTED_PRODUCTS },
        "minItems": 1,
        "uniqueItems": true,
    })
}

/// The system under test.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "settings such as `driver: reference`")]
#[schemars(rename = "Merchant")]
pub(super) struct RawMerchant {
    /// How it is made to act: the merchant that comes with assay, an adapter over HTTP, an adapter
    /// that reads and writes lines of JSON, or a person at the till.
    #[schemars(extend("enum" = Driver::NAMES))]
    pub(super) driver: String,
    /// With `driver: http`: the address that all calls of the adapter begin with.
    pub(super) url: Option<String>,
    /// With `driver: command`: the program and its arguments.
    pub(super) command: Option<Vec<String>>,
    /// Where your system takes notifications; without it, cases that need one are skipped.
    pub(super) notify_url: Option<String>,
}

/// Where the witness stands in front of an integrator's own system.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "settings such as `listen: 127.0.0.1:8980`")]
#[schemars(rename = "Witness")]
pub(super) struct RawWitness {
    /// Address and port that your system calls as its gateway; 127.0.0.1:8980 when left out.
    pub(super) listen: Option<String>,
    /// Address and port that notifications come in at; 127.0.0.1:8981 when left out.
    pub(super) notify_listen: Option<String>,
    /// By which address a gateway on another machine reaches `notify_listen`.
    pub(super) public_url: Option<String>,
    /// What both doors speak TLS with; without it they speak plain HTTP.
    pub(super) tls: Option<RawTls>,
}

/// A local authority, and what the witness is called besides its addresses.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "settings such as `key: keys/ca.pem`")]
#[schemars(rename = "Tls")]
pub(super) struct RawTls {
    /// The file with the private key of the authority, as `assay keys ca` writes it.
    pub(super) key: String,
    /// The file with its certificate.
    pub(super) certificate: String,
    /// Host names that your system calls the witness by, besides its addresses.
    #[serde(default)]
    pub(super) names: Vec<String>,
}

/// What the merchant pays through.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "settings such as `url: embedded`")]
#[schemars(rename = "Gateway")]
pub(super) struct RawGateway {
    /// `embedded` is the sandbox that comes with assay; otherwise scheme and host of a gateway.
    pub(super) url: String,
    /// The client id, in the generation `ams`.
    pub(super) client_id: Option<String>,
    /// The partner id of 16 digits, in the generation `legacy`.
    pub(super) partner: Option<String>,
    /// The private key that signs the merchant's calls.
    pub(super) merchant_key: Option<RawKey>,
    /// The gateway's public key, from the merchant console.
    pub(super) gateway_public_key: Option<RawKey>,
    /// The key that both sides share, with `sign_type: MD5`.
    pub(super) md5_key: Option<RawKey>,
    /// What the control API of a sandbox elsewhere asks for; 12 characters at least.
    pub(super) control_token: Option<RawKey>,
    /// Payment codes that a wallet shows beforehand, each used once, where buyers are people.
    #[serde(default)]
    pub(super) payment_codes: Vec<String>,
    /// A file with the authorities that a gateway by https is believed by, in place of the public ones.
    pub(super) ca: Option<String>,
    /// Whether its money is real; always so at Alipay's own production hosts.
    #[serde(default)]
    pub(super) production: bool,
    /// How much a run may sell for in production, and no further.
    pub(super) cap: Option<RawAmount>,
    /// A file with rules for its answers in a run, as `assay mock add --file` reads it. What they bend is
    /// never a submission.
    pub(super) rules: Option<String>,
}

/// An amount in the smallest unit of its currency.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "`{ currency: USD, minor: 5000 }`")]
#[schemars(rename = "Amount")]
pub(super) struct RawAmount {
    /// Its currency, in three letters.
    pub(super) currency: String,
    /// How many of the smallest unit, such as cents.
    pub(super) minor: i64,
}

/// Where report files are delivered and fetched: one of the two.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "`folder: PATH` or the settings of `sftp`")]
#[schemars(rename = "Reconciliation", extend("oneOf" = one_of(["folder", "sftp"])))]
pub(super) struct RawReconciliation {
    /// A folder that is there already, and that the merchant reads.
    pub(super) folder: Option<String>,
    /// A server that shows such a folder.
    pub(super) sftp: Option<RawSftp>,
    /// Where the gateway's own files come in, for days of a gateway that is not assay's.
    pub(super) source: Option<String>,
}

/// A server over a folder of this machine.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "settings such as `host: sftp.example.com`")]
#[schemars(rename = "Sftp", extend("oneOf" = one_of(["key", "password_env"])))]
pub(super) struct RawSftp {
    /// Its host name or address.
    pub(super) host: String,
    /// Its port; 22 when left out.
    pub(super) port: Option<u16>,
    /// Who logs in.
    pub(super) user: String,
    /// An OpenSSH private key without a passphrase.
    pub(super) key: Option<RawKey>,
    /// The environment variable with the password.
    pub(super) password_env: Option<String>,
    /// Its host key, as in `ssh-ed25519 AAAA…`.
    pub(super) known_host: String,
    /// The folder on this machine.
    pub(super) serves: String,
    /// The same folder as the server shows it; `/` when left out.
    pub(super) root: Option<String>,
}

/// Who signs the report.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "settings such as `integrator: ACME Pay`")]
#[schemars(rename = "Report")]
pub(super) struct RawReport {
    /// The private key that seals the report. It must be another than `merchant_key`.
    pub(super) key: RawKey,
    /// Whose integration this is.
    pub(super) integrator: String,
    /// Whom to ask.
    pub(super) contact: String,
}

/// Where a key is, by file or by environment variable: never the key itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "`file: keys/name.pem` or `env: NAME`")]
#[schemars(rename = "Key", extend("oneOf" = one_of(["file", "env"])))]
pub(super) struct RawKey {
    /// The file, relative to the profile.
    pub(super) file: Option<String>,
    /// The environment variable with the text of the key.
    pub(super) env: Option<String>,
}

/// That exactly one of two fields is there.
fn one_of(names: [&str; 2]) -> serde_json::Value {
    names.iter().map(|name| serde_json::json!({ "required": [name] })).collect()
}
