//! What goes into a bundle, drawn from the record. Both sides use it: who writes a bundle, and who
//! draws it again to see whether it is the same.

use std::collections::BTreeMap;

use evidence::{Event, Leg, Message, Record, Way};
use protocol::ams::Verified;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use signing::PublicKey;

use super::{Bundled, EvidenceFacts, StatementFacts, write_statement};
use crate::report::{Head, Page, ReportError, Rule, html, junit};
use crate::suite::Suite;
use crate::verdict::Results;

/// The names of the files that are always there.
pub mod names {
    /// The verdict with everything it rests on.
    pub const RESULTS: &str = "results.json";
    /// Everything that was seen.
    pub const RECORD: &str = "record.ndjson";
    /// For machines that read test results.
    pub const JUNIT: &str = "junit.xml";
    /// For people.
    pub const HTML: &str = "report.html";
    /// The profile without its secrets.
    pub const PROFILE: &str = "profile.json";
    /// The public keys of merchant and gateway.
    pub const KEYS: &str = "keys.json";
    /// The catalogue that judged.
    pub const CATALOGUE: &str = "catalogue.yaml";
}

/// The public keys that a bundle shows. None of them is a reason to trust anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownKeys {
    /// What the merchant's calls were checked with.
    pub merchant: ShownKey,
    /// What the gateway's answers were checked with.
    pub gateway: ShownKey,
}

/// One public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownKey {
    /// The SHA-256 of its SPKI, in hexadecimal digits.
    pub fingerprint: String,
    /// The SPKI in base64, on one line.
    pub spki: String,
}

impl From<&PublicKey> for ShownKey {
    fn from(key: &PublicKey) -> Self {
        Self { fingerprint: key.fingerprint(), spki: key.to_spki_base64() }
    }
}

/// What the files of a bundle are drawn from.
#[derive(Debug)]
pub struct Contents<'a> {
    /// The suite that judged.
    pub suite: &'a Suite,
    /// The record's bytes.
    pub record_bytes: &'a [u8],
    /// The same, read.
    pub record: &'a Record,
    /// The verdict.
    pub results: &'a Results,
    /// The redacted profile.
    pub profile: &'a Value,
    /// The keys that are shown.
    pub keys: &'a ShownKeys,
    /// What the statement tells about the run.
    pub facts: &'a StatementFacts,
}

impl Contents<'_> {
    /// Every file of the bundle but the envelope.
    pub fn files(&self) -> Result<Vec<Bundled>, ReportError> {
        let mut files = self.drawn()?;
        files.push(Bundled::new(names::RECORD, self.record_bytes));
        files.push(Bundled::new(names::PROFILE, pretty(self.profile)));
        files.push(Bundled::new(names::KEYS, pretty(self.keys)));
        files.extend(pinned(self.suite));
        Ok(files)
    }

    /// The files that follow from the record: verdict, JUnit and HTML.
    pub fn drawn(&self) -> Result<Vec<Bundled>, ReportError> {
        let features: Vec<(String, String)> = self
            .suite
            .files()
            .iter()
            .map(|feature| (feature.path.clone(), feature.text.clone()))
            .collect();
        let rules = rules(self.suite);
        let head = head(self.facts);
        let junit = junit(self.results, self.record, &head)?;
        let page = Page {
            results: self.results,
            record: self.record,
            features: &features,
            rules: &rules,
            head,
        };
        Ok(vec![
            Bundled::new(names::RESULTS, self.results.to_json()),
            Bundled::new(names::JUNIT, junit),
            Bundled::new(names::HTML, html(&page)?),
        ])
    }

    /// The statement over these files.
    pub fn statement(&self, files: &[Bundled]) -> Vec<u8> {
        let mut configured: Vec<String> = pinned(self.suite).into_iter().map(|f| f.name).collect();
        configured.push(names::PROFILE.to_owned());
        let configured: Vec<&str> = configured.iter().map(String::as_str).collect();
        write_statement(files, &configured, self.results, self.facts)
    }
}

/// Catalogue and features as this program carries them.
pub fn pinned(suite: &Suite) -> Vec<Bundled> {
    let features = suite.files().iter();
    let mut files: Vec<Bundled> =
        features.map(|file| Bundled::new(&file.path, file.text.as_bytes())).collect();
    files.push(Bundled::new(names::CATALOGUE, suite.catalogue_text().as_bytes()));
    files
}

/// The digest over catalogue and features: of each name and content in turn.
pub fn suite_digest(suite: &Suite) -> String {
    let mut text = Vec::new();
    for file in pinned(suite) {
        text.extend_from_slice(file.name.as_bytes());
        text.push(b' ');
        text.extend_from_slice(signing::sha256_hex(&file.bytes).as_bytes());
        text.push(b'\n');
    }
    signing::sha256_hex(&text)
}

fn rules(suite: &Suite) -> BTreeMap<String, Rule> {
    let rules = suite.catalogue().rules.iter();
    rules
        .map(|(key, rule)| {
            let (title, title_zh) = (rule.title.en.clone(), rule.title.zh.clone());
            (key.clone(), Rule { title, title_zh, address: rule.address.clone() })
        })
        .collect()
}

/// Who, what, where and when, for the reports.
fn head(facts: &StatementFacts) -> Head {
    Head {
        run_id: facts.run.id.clone(),
        started: facts.time.started.clone(),
        finished: facts.time.finished.clone(),
        tool_version: facts.tool.version.clone(),
        gateway: facts.gateway.url.clone(),
        environment: facts.gateway.environment.clone(),
        simulated: facts.gateway.simulated,
        client_id: facts.merchant.client_id.clone(),
        merchant_driver: facts.merchant.driver.clone(),
        integrator: facts.signer.integrator.clone(),
        profile: String::new(),
        seed: facts.run.seed.clone(),
        suite_digest: facts.suite.features_sha256.clone(),
        gateway_key: facts.gateway.response_key_sha256.clone(),
        merchant_key: facts.merchant.request_key_sha256.clone(),
        report_key: facts.signer.key_sha256.clone(),
    }
}

fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// How much was seen, and how far it proves itself: each message of the gateway counts once.
pub fn evidence_facts(record: &Record, simulated: bool) -> EvidenceFacts {
    let mut facts = EvidenceFacts::default();
    for case in &record.cases {
        facts.lines += case.entries.len() as u64;
        for entry in &case.entries {
            if let Event::Message(message) = &entry.event {
                facts.exchanges += u64::from(begins(message));
                count(&mut facts, message, simulated);
            }
        }
    }
    facts
}

fn begins(message: &Message) -> bool {
    message.leg == Leg::CallSent
        || (message.leg == Leg::CallReceived && message.fault.is_some() && message.bytes.is_some())
}

fn count(facts: &mut EvidenceFacts, message: &Message, simulated: bool) {
    let of_gateway = matches!(
        (message.way, message.leg),
        (Way::Call, Leg::AnswerSent) | (Way::Notice, Leg::CallSent)
    );
    if of_gateway {
        let class = match message.verified {
            Some(Verified::Valid) if simulated => &mut facts.embedded_sandbox,
            Some(Verified::Valid) => &mut facts.gateway_signed,
            Some(Verified::Wrong | Verified::Unsigned) | None => &mut facts.unsigned,
        };
        *class += 1;
    }
}
