//! What a run knows about itself, for the statement.
//!
//! Every number here stays below 2^53 and none is a fraction: some readers of JSON know no other.
//! Moments are UTC with whole seconds and `Z`; digests are lower-case hexadecimal.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::mock;
use crate::verdict::Verdict;

/// Everything that the runner fills in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StatementFacts {
    /// Which run it was.
    pub run: RunFacts,
    /// What ran.
    pub tool: ToolFacts,
    /// What was asked.
    pub suite: SuiteFacts,
    /// What the merchant paid through.
    pub gateway: GatewayFacts,
    /// What was tested.
    pub merchant: MerchantFacts,
    /// When.
    pub time: TimeFacts,
    /// How much was seen, and how far it proves itself.
    pub evidence: EvidenceFacts,
    /// Who seals.
    pub signer: SignerFacts,
    /// The runs that it was joined from, where it was joined from several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartFacts>,
}

impl StatementFacts {
    /// Whether some of the runs that it was joined from were played on assay's own sandbox, and
    /// others were not.
    pub fn is_partly_simulated(&self) -> bool {
        self.gateway.simulated && self.parts.iter().any(|part| !part.gateway.simulated)
    }

    /// The rules of the run's profile as people read them, a line each; of several runs with the
    /// folder of each.
    pub fn rules(&self) -> Vec<String> {
        let own = self.gateway.rules.iter().map(mock::line);
        let of_part = |part: &PartFacts| {
            let rules = part.gateway.rules.iter();
            rules.map(|rule| format!("{}: {}", part.folder, mock::line(rule))).collect::<Vec<_>>()
        };
        if self.parts.is_empty() {
            own.collect()
        } else {
            self.parts.iter().flat_map(of_part).collect()
        }
    }
}

/// One of the runs that a merged bundle was joined from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PartFacts {
    /// The folder that keeps it.
    pub folder: String,
    /// The digest of its own envelope.
    pub envelope_sha256: String,
    /// Which run it was.
    pub run: RunFacts,
    /// Its selection.
    pub selection: Vec<String>,
    /// Its share of that; empty for all of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shard: String,
    /// What the merchant paid through.
    pub gateway: GatewayFacts,
    /// When.
    pub time: TimeFacts,
    /// How much was seen.
    pub evidence: EvidenceFacts,
    /// What it is worth by itself.
    pub verdict: Verdict,
    /// How many mandatory cases passed in it.
    pub mandatory_passed: u32,
}

/// Which run it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RunFacts {
    /// The run's id.
    pub id: String,
    /// What ids and amounts were drawn from, as text: it may exceed 2^53.
    pub seed: String,
    /// The reviewer's challenge; empty where none was given.
    pub challenge: String,
}

/// What ran.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ToolFacts {
    /// `assay`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The commit that it was built from; empty where unknown.
    pub git_commit: String,
    /// The digest of the program's own file; empty where it could not be read.
    pub binary_sha256: String,
    /// The compiler; empty where unknown.
    pub rustc: String,
    /// The machine that it was built for; empty where unknown.
    pub target: String,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SuiteFacts {
    /// The version, from the catalogue.
    pub version: String,
    /// The digest of the catalogue.
    pub catalogue_sha256: String,
    /// The digest over all pinned features.
    pub features_sha256: String,
    /// Whether catalogue and features are those of the program.
    pub official: bool,
    /// Features that differ from the pinned ones, by name.
    pub modified: Vec<String>,
    /// The selection as it was typed, one word each; empty for everything mandatory.
    pub selection: Vec<String>,
    /// The share of that which was played, such as `1/4`; empty for all of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shard: String,
}

/// What the merchant paid through.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GatewayFacts {
    /// `ams`, `legacy`, or `ams+legacy`.
    pub generation: String,
    /// Where it was reached.
    pub url: String,
    /// `embedded-sandbox`, `sandbox` or `production`.
    pub environment: String,
    /// How its messages of the generation `legacy` are signed: `MD5`, `RSA`, `RSA2` or `DSA`; empty
    /// where none are played.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sign_type: String,
    /// The fingerprint of the key that its answers were checked with; empty where both sides share
    /// one.
    pub response_key_sha256: String,
    /// Whether it is assay's own sandbox, wherever it runs.
    pub simulated: bool,
    /// The rules for its answers that the run's profile brought along, as its control API took them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Value>,
}

impl GatewayFacts {
    /// The environment of a gateway that moves real money.
    pub const PRODUCTION: &str = "production";

    /// What a gateway is by where it was reached, where it moves no real money.
    pub fn environment_of(url: &str) -> &'static str {
        if url == "embedded" { "embedded-sandbox" } else { "sandbox" }
    }

    /// The rules of several, each once.
    pub fn rules_of<'a>(gateways: impl Iterator<Item = &'a Self>) -> Vec<Value> {
        let mut known: Vec<Value> = vec![];
        for rule in gateways.flat_map(|gateway| &gateway.rules) {
            if !known.contains(rule) {
                known.push(rule.clone());
            }
        }
        known
    }
}

/// What was tested.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MerchantFacts {
    /// The client id at the gateway; empty where no case of the generation `ams` is played.
    pub client_id: String,
    /// The partner id at the gateway; empty where no case of the generation `legacy` is played.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub partner: String,
    /// The fingerprint of the key that its calls were checked with; empty where both sides share
    /// one.
    pub request_key_sha256: String,
    /// `reference`, `http`, `command` or `manual`.
    pub driver: String,
    /// The products that the profile declares.
    pub products: Vec<String>,
    /// Whether its scenarios played one after the other, since its calls do not tell which order
    /// they are about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_at_a_time: bool,
    /// Whether no notification reached it, so that the cases that need one were skipped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_notices: bool,
}

/// When it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TimeFacts {
    /// When the run began, such as `2026-11-21T19:00:00Z`.
    pub started: String,
    /// When it ended.
    pub finished: String,
}

/// How much was seen. Each message counts in one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EvidenceFacts {
    /// Lines of the record.
    pub lines: u64,
    /// Exchanges.
    pub exchanges: u64,
    /// Messages signed by a gateway whose key only the gateway has.
    pub gateway_signed: u64,
    /// Messages under a secret that the merchant shares.
    pub shared_secret: u64,
    /// Messages signed by assay's own sandbox.
    pub embedded_sandbox: u64,
    /// Messages without a signature that holds.
    pub unsigned: u64,
    /// Messages whose content was replaced on entry and cannot be checked again.
    pub not_recheckable: u64,
}

impl std::ops::AddAssign for EvidenceFacts {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.exchanges += other.exchanges;
        self.gateway_signed += other.gateway_signed;
        self.shared_secret += other.shared_secret;
        self.embedded_sandbox += other.embedded_sandbox;
        self.unsigned += other.unsigned;
        self.not_recheckable += other.not_recheckable;
    }
}

/// Who seals, in their own words; the fingerprint is the only part that proves anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SignerFacts {
    /// The fingerprint of the report key.
    pub key_sha256: String,
    /// The integrator's name as typed.
    pub integrator: String,
    /// Whom to ask, as typed.
    pub contact: String,
}
