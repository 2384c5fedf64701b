//! What goes into a bundle, drawn from the record. Both sides use it: who writes a bundle, and who
//! draws it again to see whether it is the same.

use std::collections::BTreeMap;
use std::io;

use diagnose::{Key, Known, KnownKey, Side};
use evidence::{
    Attachment, AttachmentFault, Attempts, Blob, CaseRecord, Entry, Event, Leg, Message, Way,
};
use protocol::ams::Verified;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use signing::{DsaPublicKey, PublicKey};

use super::strays::write_strays;
use super::{
    Bundled, EvidenceFacts, EvidenceRanges, PartFacts, StatementFacts, Subject, write_statement,
};
use crate::profile::{CheckKey, Keys};
use crate::report::{Head, Page, PartHead, ReportError, Rule, draw};
use crate::suite::Suite;
use crate::verdict::Results;

/// The names of the files; all but the last two are always there.
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
    /// What came to the witness and fitted no scenario, a line each; there only where something did.
    pub const STRAYS: &str = "strays.ndjson";
    /// The runner's own orders that open and close the run; there only where it answers a challenge.
    pub const CHALLENGE: &str = "challenge.ndjson";
    /// All that a bundle can have besides features and attachments.
    pub const KNOWN: [&str; 9] =
        [RESULTS, RECORD, JUNIT, HTML, PROFILE, KEYS, CATALOGUE, STRAYS, CHALLENGE];
}

/// The public keys that a bundle shows. None of them is a reason to trust anything. A key that both
/// sides share is shown to nobody, so neither side has one then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownKeys {
    /// What the merchant's calls were checked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<ShownKey>,
    /// What the gateway's answers were checked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<ShownKey>,
}

impl ShownKeys {
    /// The keys of an account.
    pub fn of(keys: &Keys) -> Self {
        let (merchant, gateway) = (keys.merchant(), keys.gateway());
        Self { merchant: ShownKey::of(&merchant), gateway: ShownKey::of(&gateway) }
    }

    /// The keys as a diagnosis takes them: by the names that the profile has for them.
    pub fn known(&self) -> Known {
        let mut known = Known::default();
        for (side, name, shown) in [
            (Side::Merchant, "merchant_key", &self.merchant),
            (Side::Gateway, "gateway_public_key", &self.gateway),
        ] {
            let key = shown.as_ref().and_then(|shown| {
                let spki = shown.spki.as_bytes();
                let rsa = PublicKey::read(spki).ok().map(Key::Rsa);
                rsa.or_else(|| DsaPublicKey::read(spki).ok().map(Key::Dsa))
            });
            known.keys.extend(key.map(|key| KnownKey { name: name.to_owned(), side, key }));
        }
        known
    }
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

impl ShownKey {
    /// A key as it is shown; `None` for one that both sides share.
    pub fn of(key: &CheckKey) -> Option<Self> {
        Some(Self { fingerprint: key.fingerprint()?, spki: key.spki()? })
    }

    /// The fingerprint of a key, empty where it is shown to nobody.
    pub fn fingerprint_of(key: Option<&Self>) -> &str {
        key.map_or("", |key| &key.fingerprint)
    }
}

/// What the files of a bundle are drawn from, but for the record.
#[derive(Debug)]
pub struct Contents<'a> {
    /// The suite that judged.
    pub suite: &'a Suite,
    /// The verdict.
    pub results: &'a Results,
    /// The redacted profile.
    pub profile: &'a Value,
    /// The keys that are shown.
    pub keys: &'a ShownKeys,
    /// What fitted no scenario, in the order in which it came.
    pub strays: &'a [Entry],
    /// The orders that open and close it, where it answers a challenge.
    pub orders: &'a [Entry],
    /// What the statement tells about the run.
    pub facts: &'a StatementFacts,
    /// Where the record tells of each case.
    pub ranges: &'a EvidenceRanges,
}

impl Contents<'_> {
    /// The files that do not grow with the record: profile, keys, catalogue and features, what
    /// fitted no scenario, and what answers a challenge.
    pub fn fixed(&self) -> Vec<Bundled> {
        let mut files = pinned(self.suite);
        files.push(Bundled::new(names::PROFILE, pretty(self.profile)));
        files.push(Bundled::new(names::KEYS, pretty(self.keys)));
        if !self.strays.is_empty() {
            files.push(Bundled::new(names::STRAYS, write_strays(self.strays)));
        }
        if !self.orders.is_empty() {
            files.push(Bundled::new(names::CHALLENGE, write_strays(self.orders)));
        }
        files
    }

    /// Writes the page to `page` and answers the JUnit file, both drawn from the record.
    pub fn draw(
        &self,
        attempts: &mut dyn Attempts,
        page: &mut dyn io::Write,
    ) -> Result<String, ReportError> {
        let known = [self.keys.known()];
        draw_reports(self.suite, self.results, self.facts, self.strays, &known, attempts, page)
    }

    /// Hands over all that reports show, but for the record.
    pub fn show<T>(&self, work: impl FnOnce(&Page<'_>) -> T) -> T {
        let known = [self.keys.known()];
        with_page(self.suite, self.results, self.facts, self.strays, &known, work)
    }

    /// The statement over these files.
    pub fn statement(&self, files: Vec<Subject>) -> Vec<u8> {
        let configured = configured(self.suite);
        let configured: Vec<&str> = configured.iter().map(String::as_str).collect();
        write_statement(files, &configured, self.results, self.facts, self.ranges)
    }
}

/// Writes the page to `page` and answers the JUnit file.
pub(super) fn draw_reports(
    suite: &Suite,
    results: &Results,
    facts: &StatementFacts,
    strays: &[Entry],
    known: &[Known],
    attempts: &mut dyn Attempts,
    page: &mut dyn io::Write,
) -> Result<String, ReportError> {
    with_page(suite, results, facts, strays, known, |shown| draw(shown, attempts, page))
}

/// Hands over all that reports show, but for the record.
pub(super) fn with_page<T>(
    suite: &Suite,
    results: &Results,
    facts: &StatementFacts,
    strays: &[Entry],
    known: &[Known],
    work: impl FnOnce(&Page<'_>) -> T,
) -> T {
    let features = suite.files().iter();
    let features: Vec<(String, String)> =
        features.map(|feature| (feature.path.clone(), feature.text.clone())).collect();
    let (rules, head) = (rules(suite), head(facts));
    work(&Page { results, features: &features, rules: &rules, head, strays, known })
}

/// Catalogue and features as this program carries them.
pub fn pinned(suite: &Suite) -> Vec<Bundled> {
    let features = suite.files().iter();
    let mut files: Vec<Bundled> =
        features.map(|file| Bundled::new(&file.path, file.text.as_bytes())).collect();
    files.push(Bundled::new(names::CATALOGUE, suite.catalogue_text().as_bytes()));
    files
}

/// The names of the files that a run is configured with.
pub(super) fn configured(suite: &Suite) -> Vec<String> {
    let pinned = pinned(suite).into_iter().map(|file| file.name);
    pinned.chain([names::PROFILE.to_owned()]).collect()
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
        partner: facts.merchant.partner.clone(),
        merchant_driver: facts.merchant.driver.clone(),
        one_at_a_time: facts.merchant.one_at_a_time,
        rules: facts.rules(),
        integrator: facts.signer.integrator.clone(),
        profile: String::new(),
        seed: facts.run.seed.clone(),
        challenge: facts.run.challenge.clone(),
        suite_digest: facts.suite.features_sha256.clone(),
        sign_type: facts.gateway.sign_type.clone(),
        gateway_key: facts.gateway.response_key_sha256.clone(),
        merchant_key: facts.merchant.request_key_sha256.clone(),
        report_key: facts.signer.key_sha256.clone(),
        partial: !facts.suite.selection.is_empty() || !facts.suite.shard.is_empty(),
        share: facts.suite.shard.clone(),
        parts: facts.parts.iter().map(part_head).collect(),
    }
}

fn part_head(part: &PartFacts) -> PartHead {
    PartHead {
        folder: part.folder.clone(),
        run_id: part.run.id.clone(),
        started: part.time.started.clone(),
        gateway: part.gateway.url.clone(),
        simulated: part.gateway.simulated,
        selection: part.selection.join(" "),
        shard: part.shard.clone(),
        verdict: part.verdict,
        mandatory_passed: part.mandatory_passed,
    }
}

fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// What a signature that holds proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// That the gateway signed.
    GatewaySigned,
    /// That one of two signed.
    SharedSecret,
    /// Nothing: everybody has the key.
    Simulated,
}

impl Worth {
    /// Of messages of a gateway that may be simulated, under the key that is shown, or under none
    /// because it is shared.
    pub fn of(simulated: bool, keys: &ShownKeys) -> Self {
        match (&keys.gateway, simulated) {
            (None, _) => Self::SharedSecret,
            (Some(_), true) => Self::Simulated,
            (Some(_), false) => Self::GatewaySigned,
        }
    }
}

/// How much was seen, and how far it proves itself: each message of the gateway counts once.
pub fn evidence_facts(cases: &[CaseRecord], worth: Worth) -> EvidenceFacts {
    let mut facts = EvidenceFacts::default();
    for case in cases {
        facts.lines += case.entries.len() as u64;
        for entry in &case.entries {
            if let Event::Message(message) = &entry.event {
                facts.exchanges += u64::from(begins(message));
                count(&mut facts, message, worth);
            }
        }
    }
    facts
}

/// What is told to be attached, in the order of the record.
pub fn attachments(
    cases: &[CaseRecord],
) -> impl Iterator<Item = Result<Attachment, AttachmentFault>> {
    cases.iter().flat_map(|case| &case.entries).filter_map(|entry| Attachment::told(&entry.event))
}

fn begins(message: &Message) -> bool {
    message.leg == Leg::CallSent
        || (message.leg == Leg::CallReceived && message.fault.is_some() && message.bytes.is_some())
}

fn count(facts: &mut EvidenceFacts, message: &Message, worth: Worth) {
    let of_gateway = matches!(
        (message.way, message.leg),
        (Way::Call, Leg::AnswerSent) | (Way::Notice, Leg::CallSent)
    );
    if of_gateway {
        let hidden = message.bytes.as_ref().is_some_and(Blob::is_redacted);
        let class = match (message.verified, worth) {
            // Whatever the witness says of its signature, nobody else can.
            _ if message.redacted.is_some() => &mut facts.not_recheckable,
            (_, Worth::SharedSecret) if hidden => &mut facts.not_recheckable,
            (Some(Verified::Valid), Worth::GatewaySigned) => &mut facts.gateway_signed,
            (Some(Verified::Valid), Worth::SharedSecret) => &mut facts.shared_secret,
            (Some(Verified::Valid), Worth::Simulated) => &mut facts.embedded_sandbox,
            (Some(Verified::Wrong | Verified::Unsigned) | None, _) => &mut facts.unsigned,
        };
        *class += 1;
    }
}
