//! Judging a bundle again: suite, record, signatures, verdict and reports, from its own bytes and
//! the verifier's keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use evidence::words::{self as say, Phrase, Place};
use evidence::{Entry, Header, Record};
use serde_json::Value;
use signing::PublicKey;

use super::answer::{self, Answered, orders_of};
use super::attempts::check_attempts;
use super::bundle::{
    Contents, ShownKey, ShownKeys, Worth, attachments, evidence_facts, names, pinned, suite_digest,
};
use super::challenge::Challenge;
use super::drawings::same_drawings;
use super::log::GatewayLog;
use super::recheck::recheck;
use super::release::maker;
use super::strays::read_strays;
use super::told::same_profile;
use super::{EvidenceRanges, GatewayFacts, OpenBundle, SIGSTORE_FILE, Subject, refuse_duplicates};
use crate::profile::{CheckKey, ToldProfile};
use crate::suite::Suite;
use crate::verdict::{Judge, Results};

/// What does not hold in a sealed bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {why}", part.en)]
pub struct ReplayFault {
    /// Which part.
    pub part: &'static say::Sentence,
    /// Why.
    pub why: Phrase,
    /// What was expected.
    pub expected: Phrase,
}

pub(super) fn fault(part: &'static say::Sentence, why: Phrase, expected: Phrase) -> ReplayFault {
    ReplayFault { part, why, expected }
}

/// What a bundle says when it is judged again.
#[derive(Debug)]
pub struct Replayed {
    /// The verdict, judged anew.
    pub results: Results,
    /// How many attempts the record holds.
    pub attempts: usize,
    /// How the gateway's messages were checked again.
    pub checked: Checked,
    /// How it answers a reviewer's challenge, where it does.
    pub answered: Option<Answered>,
}

/// How the gateway's messages were checked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// So many under the gateway's own key.
    Under {
        /// How many.
        count: usize,
        /// The key's fingerprint.
        key: String,
    },
    /// So many under the gateway's own key, and others not: in those a buyer's data was replaced when
    /// they were recorded, and what the record tells of their signatures is the witness's word.
    Partly {
        /// How many were checked.
        count: usize,
        /// The key's fingerprint.
        key: String,
        /// How many were not.
        redacted: usize,
    },
    /// So many under the key that gateway and merchant share.
    UnderShared {
        /// How many.
        count: usize,
    },
    /// Not at all, for want of the key that gateway and merchant share: so many states stand as
    /// the witness recorded them.
    AsRecorded {
        /// How many.
        count: usize,
    },
    /// Not at all: the verifier knows no key with the fingerprint that the bundle tells.
    Unknown {
        /// The fingerprint.
        key: String,
    },
}

impl Checked {
    /// Whether the verifier checked the gateway's signatures with a key of its own, all of them.
    pub fn by_own_key(&self) -> bool {
        match self {
            Self::Under { .. } | Self::UnderShared { .. } => true,
            Self::Partly { .. } | Self::AsRecorded { .. } | Self::Unknown { .. } => false,
        }
    }
}

/// What a verifier has of their own; the embedded sandbox's key is known.
#[derive(Debug, Default)]
pub struct Own {
    /// Keys of gateways, the one that merchant and gateway share for MD5 among them.
    pub keys: Vec<CheckKey>,
    /// What the gateway's log has of messages in which a buyer's data was replaced.
    pub log: GatewayLog,
    /// The challenge that every run has to answer.
    pub challenge: Option<Challenge>,
}

/// Judges an opened bundle again, with what comes from the verifier's own store.
pub fn replay(
    bundle: &OpenBundle,
    suite: &Arc<Suite>,
    trusted: &PublicKey,
    own: &Own,
) -> Result<Replayed, ReplayFault> {
    replay_record(bundle, suite, trusted, own).map(|(replayed, _)| replayed)
}

/// The same, and the record that it was judged by.
pub fn replay_record(
    bundle: &OpenBundle,
    suite: &Arc<Suite>,
    trusted: &PublicKey,
    own: &Own,
) -> Result<(Replayed, Record), ReplayFault> {
    let judged = judge_record(bundle, suite, &trusted.fingerprint(), own)?;
    same_drawings(bundle, &judged.contents(bundle, suite), &judged.record)?;
    Ok(judged.replayed())
}

/// A bundle whose record was judged again, with all that its reports are drawn from.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) results: Results,
    checked: Checked,
    answered: Option<Answered>,
    strays: Vec<Entry>,
    orders: Vec<Entry>,
    profile: Value,
    keys: ShownKeys,
    ranges: EvidenceRanges,
    pub(super) record: Record,
}

impl Judged {
    /// What the files of the bundle are drawn from.
    pub(super) fn contents<'a>(&'a self, bundle: &'a OpenBundle, suite: &'a Suite) -> Contents<'a> {
        let Self { results, profile, keys, strays, orders, ranges, .. } = self;
        let facts = &bundle.statement.predicate.acceptance_report.facts;
        Contents { suite, results, profile, keys, strays, orders, facts, ranges }
    }

    pub(super) fn replayed(self) -> (Replayed, Record) {
        let Self { results, checked, answered, record, .. } = self;
        (Replayed { results, attempts: record.cases.len(), checked, answered }, record)
    }
}

/// Judges the record of a bundle again, and holds all of it against that but what was drawn: other
/// programs draw the same otherwise.
pub(super) fn judge_record(
    bundle: &OpenBundle,
    suite: &Arc<Suite>,
    report_key: &str,
    own: &Own,
) -> Result<Judged, ReplayFault> {
    if bundle.is_merged() {
        let why = say::MERGE_NESTED.plain();
        return Err(fault(&say::PART_PARTS, why, say::EXPECT_SINGLE_RUN.plain()));
    }
    same_suite(bundle, suite)?;
    wrapped(bundle)?;
    let record_bytes = file(bundle, names::RECORD)?;
    let record = Record::read(record_bytes)
        .map_err(|why| fault(&say::PART_RECORD, why.says(), say::EXPECT_RECORD.plain()))?;
    let keys: ShownKeys = json(bundle, names::KEYS)?;
    let profile: Value = json(bundle, names::PROFILE)?;
    let told: ToldProfile = json(bundle, names::PROFILE)?;
    let checked = recheck(&record, &keys, own, &told)?;
    check_attempts(&record, suite, &profile)?;
    same_files(bundle, suite, &record)?;
    let results = Judge::new(suite.clone()).results(&record);
    let strays = strays(bundle)?;
    let ranges = EvidenceRanges::of(&record);
    let orders = bundle.files.get(names::CHALLENGE).map(Vec::as_slice);
    let facts = &bundle.statement.predicate.acceptance_report.facts;
    let held = answer::Held { orders, record: &record, keys: &keys, told: &told, facts };
    let answered = answer::check(&held, own)?;
    let orders = orders_of(orders)?;
    let judged =
        Judged { results, checked, answered, strays, orders, profile, keys, ranges, record };
    let contents = judged.contents(bundle, suite);
    facts_of_header(&contents, &judged.record.header)?;
    same_profile(&contents, &told, report_key)?;
    same_facts(bundle, &contents, &judged.record)?;
    Ok(judged)
}

/// What fitted no scenario; most bundles have nothing of the kind.
pub(super) fn strays(bundle: &OpenBundle) -> Result<Vec<Entry>, ReplayFault> {
    let Some(bytes) = bundle.files.get(names::STRAYS) else { return Ok(vec![]) };
    read_strays(bytes).ok_or_else(|| {
        let why = say::REPLAY_NO_STRAYS.with([names::STRAYS]);
        fault(&say::PART_BUNDLE, why, say::EXPECT_READABLE.plain())
    })
}

pub(super) fn file<'a>(bundle: &'a OpenBundle, name: &str) -> Result<&'a [u8], ReplayFault> {
    let bytes = bundle.files.get(name).map(Vec::as_slice);
    let missing = || say::REPLAY_MISSING.with([name]);
    bytes.ok_or_else(|| fault(&say::PART_BUNDLE, missing(), say::EXPECT_READABLE.plain()))
}

pub(super) fn json<T: serde::de::DeserializeOwned>(
    bundle: &OpenBundle,
    name: &str,
) -> Result<T, ReplayFault> {
    let bytes = file(bundle, name)?;
    let broken = |why: Place| {
        let why = say::REPLAY_UNREAD.holding([Place::value(name), why]);
        fault(&say::PART_BUNDLE, why, say::EXPECT_READABLE.plain())
    };
    refuse_duplicates(bytes).map_err(|why| broken(why.says().into()))?;
    serde_json::from_slice(bytes).map_err(|why| broken(Place::value(why)))
}

/// The version first, so that an older bundle is told which program verifies it.
fn same_suite(bundle: &OpenBundle, suite: &Suite) -> Result<(), ReplayFault> {
    let told = &bundle.statement.predicate.acceptance_report.facts.suite.version;
    if told != suite.version() {
        let why = say::REPLAY_SUITE.with([told]);
        let expected = match maker(bundle) {
            Some(by) => say::EXPECT_SUITE_BY.with([suite.version(), told, by]),
            None => say::EXPECT_SUITE.with([suite.version(), told]),
        };
        return Err(fault(&say::PART_SUITE, why, expected));
    }
    let own = pinned(suite);
    for pinned in &own {
        if file(bundle, &pinned.name)? != pinned.bytes {
            let why = say::REPLAY_NOT_PINNED.with([&pinned.name]);
            return Err(fault(&say::PART_SUITE, why, say::EXPECT_FEATURE.plain()));
        }
    }
    let foreign = bundle.files.keys().find(|name| {
        name.starts_with("features/") && !own.iter().any(|pinned| pinned.name == **name)
    });
    match foreign {
        None => Ok(()),
        Some(name) => {
            let why = say::REPLAY_FOREIGN.with([name]);
            Err(fault(&say::PART_SUITE, why, say::EXPECT_FEATURE.plain()))
        }
    }
}

/// The seal stands there in both forms. That they are the same was seen when the bundle was opened.
pub(super) fn wrapped(bundle: &OpenBundle) -> Result<(), ReplayFault> {
    if bundle.sigstore.is_empty() {
        let why = say::REPLAY_MISSING.with([SIGSTORE_FILE]);
        return Err(fault(&say::PART_ENVELOPE, why, say::EXPECT_ENVELOPE.plain()));
    }
    Ok(())
}

/// What is attached is what the record tells to be attached, and beside that there is nothing but
/// what every bundle has: nobody else has looked at what a reader might open.
fn same_files(bundle: &OpenBundle, suite: &Suite, record: &Record) -> Result<(), ReplayFault> {
    let refuse = |why: Phrase| Err(fault(&say::PART_BUNDLE, why, say::EXPECT_ATTACHED.plain()));
    let mut known: BTreeSet<String> = names::KNOWN.into_iter().map(str::to_owned).collect();
    known.extend(suite.files().iter().map(|feature| feature.path.clone()));
    for told in attachments(&record.cases) {
        let Ok(told) = told else { return refuse(say::ATTACHED_ODD.plain()) };
        let name = told.file();
        match bundle.files.get(&name) {
            None => return refuse(say::ATTACHED_MISSING.with([&name])),
            Some(bytes) if !told.is_of(bytes) => return refuse(say::ATTACHED_OTHER.with([&name])),
            Some(_) => drop(known.insert(name)),
        }
    }
    match bundle.files.keys().find(|name| !known.contains(*name)) {
        None => Ok(()),
        Some(stray) => refuse(say::ATTACHED_STRAY.with([stray])),
    }
}

/// What the statement tells about the run is what the record's first line says.
fn facts_of_header(contents: &Contents<'_>, header: &Header) -> Result<(), ReplayFault> {
    let facts = contents.facts;
    let text = |name: &str| header.get(name).and_then(Value::as_str).unwrap_or_default();
    let real = header.get("simulated") == Some(&Value::Bool(false));
    let environment = match header.get("production") {
        Some(Value::Bool(true)) if real => GatewayFacts::PRODUCTION,
        _ => GatewayFacts::environment_of(text("gateway")),
    };
    let catalogue = signing::sha256_hex(contents.suite.catalogue_text().as_bytes());
    for (name, told, known) in [
        ("run-id", facts.run.id.as_str(), text("run")),
        ("tool", &facts.tool.name, text("tool").split(' ').next().unwrap_or_default()),
        ("challenge", &facts.run.challenge, text("challenge")),
        ("seed", &facts.run.seed, text("seed")),
        ("shard", &facts.suite.shard, text("shard")),
        ("driver", &facts.merchant.driver, text("driver")),
        ("gateway", &facts.gateway.url, text("gateway")),
        ("generation", &facts.gateway.generation, text("generation")),
        ("suite", &facts.suite.version, text("suite")),
        ("beginning", &facts.time.started, text("started")),
        ("environment", &facts.gateway.environment, environment),
        ("catalogue-digest", &facts.suite.catalogue_sha256, &catalogue),
        ("products", &facts.merchant.products.join(","), &contents.results.products.join(",")),
    ] {
        if told != known {
            let why = say::REPLAY_FACT.with([name]);
            return Err(fault(&say::PART_VERDICT, why, say::EXPECT_REPLAY.plain()));
        }
    }
    let selection = header.get("selection").and_then(Value::as_array);
    let selected = facts.suite.selection.iter().eq(selection.into_iter().flatten());
    let rules = header.get("rules").and_then(Value::as_array);
    let bent = facts.gateway.rules.iter().eq(rules.into_iter().flatten());
    let holds = |name: &str| header.get(name) == Some(&Value::Bool(true));
    for (name, same) in [
        ("selection", selected),
        ("rules", bent),
        ("way-of-playing", facts.merchant.one_at_a_time == holds("one_at_a_time")),
        ("notices", facts.merchant.without_notices == holds("without_notices")),
    ] {
        if !same {
            let why = say::REPLAY_FACT.with([name]);
            return Err(fault(&say::PART_VERDICT, why, say::EXPECT_REPLAY.plain()));
        }
    }
    let modified = !facts.suite.official || !facts.suite.modified.is_empty();
    let driven =
        ["reference", "http", "command", "manual"].contains(&facts.merchant.driver.as_str());
    if modified || !driven {
        let why = say::REPLAY_IMPOSSIBLE.plain();
        return Err(fault(&say::PART_VERDICT, why, say::EXPECT_REPLAY.plain()));
    }
    Ok(())
}

/// What the statement tells about the run follows from record and keys.
fn same_facts(
    bundle: &OpenBundle,
    contents: &Contents<'_>,
    record: &Record,
) -> Result<(), ReplayFault> {
    let facts = contents.facts;
    let refuse = |why: &say::Sentence| {
        Err(fault(&say::PART_VERDICT, why.plain(), say::EXPECT_REPLAY.plain()))
    };
    let simulated = record.header.get("simulated") == Some(&Value::Bool(true));
    if facts.gateway.simulated != simulated {
        return refuse(&say::REPLAY_SIMULATED);
    }
    if facts.evidence != evidence_facts(&record.cases, Worth::of(simulated, contents.keys)) {
        return refuse(&say::REPLAY_EVIDENCE);
    }
    let fingerprints = [
        (&facts.gateway.response_key_sha256, &contents.keys.gateway),
        (&facts.merchant.request_key_sha256, &contents.keys.merchant),
    ];
    let differs = |(told, shown): (&String, &Option<ShownKey>)| {
        told != ShownKey::fingerprint_of(shown.as_ref())
    };
    if fingerprints.into_iter().any(differs) {
        return refuse(&say::REPLAY_KEYS);
    }
    if facts.suite.features_sha256 != suite_digest(contents.suite) {
        return refuse(&say::REPLAY_SUITE_DIGEST);
    }
    same_statement(bundle, |files| contents.statement(files))
}

/// The statement is the one that is written over the files. Their digests were held against it when
/// the bundle was opened, so they are taken from there.
pub(super) fn same_statement(
    bundle: &OpenBundle,
    write: impl FnOnce(Vec<Subject>) -> Vec<u8>,
) -> Result<(), ReplayFault> {
    let again = |told: &Subject| {
        Subject::new(&told.name, told.digest.sha256.clone(), told.annotations.bytes)
    };
    let files = bundle.statement.subject.iter().map(again).collect();
    let again = super::read_statement(&write(files)).ok();
    if again.as_ref() == Some(&bundle.statement) {
        return Ok(());
    }
    Err(fault(&say::PART_VERDICT, say::REPLAY_STATEMENT.plain(), say::EXPECT_REPLAY.plain()))
}
