//! Runs told as at a gateway whose buyers are real: it signs with a key of its own, answers no control
//! API, and what is a buyer's was replaced on entry.

#![allow(dead_code, reason = "each test crate uses its own part")]
#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use assay::profile::{KeySource, Keys, Pairs, Sourced};
use assay::run::{Played, Run, Silent};
use assay::seal::bundle::{Worth, evidence_facts};
use assay::seal::{Bundled, GatewayFacts, StatementFacts};
use assay::suite::Suite;
use assay::verdict::Judge;
use evidence::{CaseRecord, Event, Leg, Message, Record, RecordFile, Redaction, Way};
use protocol::legacy::Charset;
use serde_json::{Value, json};
use signing::PrivateKey;
use steps::{AmsContract, Contract, EmbeddedKeys, Gateway, KeyPairs, LegacyContract, Signing};

use crate::stand::{self, Beside};

/// The key that the gateway signs with, and nobody else has.
pub(crate) const GATEWAY_KEY: &str = "rsa3072.pkcs8.pem";
/// The key that seals.
pub(crate) const REPORT_KEY: &str = "rsa2048.pkcs8.pem";
/// Where the gateway was, as the bundle tells it.
const URL: &str = "https://gateway.example";

pub(crate) fn key(name: &str) -> PrivateKey {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys");
    PrivateKey::read(&fs::read(folder.join(name)).unwrap()).unwrap()
}

/// The account at a gateway with a key that nobody else has.
pub(crate) fn account() -> Keys {
    let source = KeySource::BuiltIn;
    let gateway = key(GATEWAY_KEY).public();
    let merchant = merchant::reference_key().unwrap();
    Keys::Rsa(Pairs {
        merchant: Sourced { key: merchant, source: source.clone() },
        gateway: Sourced { key: gateway, source },
    })
}

/// The record, told as it is or as at a gateway whose buyers are real.
pub(crate) fn retold(mut record: Record, real: bool) -> Record {
    record.header.insert("simulated".into(), json!(!real));
    for entry in record.cases.iter_mut().flat_map(|case| &mut case.entries) {
        if let Event::Arranged { what, facts } = &mut entry.event
            && what == "contract"
        {
            facts.insert("embedded".into(), false.into());
            if real {
                facts.insert("without_control".into(), true.into());
            }
        }
    }
    if real {
        // Nobody but a sandbox tells what wallets say, or has a review or a rate to order.
        let ordered =
            |event: &Event| ["review", "rate"].iter().any(|it| event.arranged(it).is_some());
        let there = |event: &Event| !matches!(event, Event::Wallet(_)) && !ordered(event);
        for case in &mut record.cases {
            case.entries.retain(|entry| there(&entry.event));
            for (line, entry) in (0..).zip(&mut case.entries) {
                entry.line = line;
            }
        }
    }
    record
}

/// The accounts of both generations, at a gateway that signs with a key of its own.
fn contracts(known: &[Contract]) -> Vec<Contract> {
    let identity = |place: usize| known[place].identity().to_owned();
    let (merchant, gateway) = (merchant::reference_key().unwrap(), key(GATEWAY_KEY).public());
    vec![
        Contract::Ams(AmsContract {
            client_id: identity(0),
            merchant_key: merchant.clone(),
            gateway_key: gateway.clone(),
        }),
        Contract::Legacy(LegacyContract {
            partner: identity(1),
            signing: Signing::Rsa2(KeyPairs { merchant, gateway }),
            charset: Charset::Utf8,
            post: true,
        }),
    ]
}

/// The order of cases in a record.
fn order(suite: &Suite) -> Vec<String> {
    suite.catalogue().cases.iter().map(|case| case.id.clone()).collect()
}

/// Some cases at a gateway that signs with a key of its own.
pub(crate) fn played(suite: &Arc<Suite>, wanted: &[&str]) -> Record {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.ndjson");
    let mut planned = stand::everything(suite);
    planned.retain(|planned| wanted.contains(&planned.key.to_string().as_str()));
    let mut backstage = stand::backstage();
    backstage.contracts = contracts(&backstage.contracts);
    let keys = EmbeddedKeys { rsa: key(GATEWAY_KEY), dsa: sandbox::embedded_dsa_key().unwrap() };
    backstage.gateway = Gateway::Embedded { keys: Box::new(keys) };
    let header = json!({
        "format": evidence::FORMAT,
        "started": "2026-11-25T08:00:00Z",
        "suite": suite.version(),
        "generation": "ams+legacy",
        "products": stand::declared().products,
        "conditions": stand::play(suite, vec![], stand::backstage(), 1).record.header["conditions"],
        "plan": wanted,
        "driver": "reference",
        "gateway": URL,
        "seed": backstage.seed.to_string(),
    });
    let record = Arc::new(RecordFile::create(&path, &header).unwrap());
    let run = Run {
        attempts: BTreeMap::new(),
        waited: BTreeMap::new(),
        attached: BTreeMap::new(),
        planned,
        backstage,
        record: record.clone(),
        jobs: 2,
        progress: Arc::new(Silent),
        stop: Arc::new(AtomicBool::new(false)),
    };
    run.play(Judge::new(suite.clone())).unwrap();
    record.seal(&order(suite)).unwrap();
    Record::read(&fs::read(&path).unwrap()).unwrap()
}

/// The sealed bundle of a record, as its maker would have it, with what is attached to it.
pub(crate) fn bundle(
    suite: &Arc<Suite>,
    record: &Record,
    attached: &[Bundled],
    retell: impl Fn(&mut Value, &mut StatementFacts),
) -> Result<Vec<u8>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.ndjson");
    let file = Arc::new(RecordFile::create(&path, &record.header).unwrap());
    for case in &record.cases {
        let recorder = file.recorder(case.key.clone(), case.attempt);
        for entry in &case.entries {
            recorder.append(entry.at, entry.event.clone());
        }
    }
    file.seal(&order(suite)).unwrap();
    let bytes = fs::read(&path).unwrap();
    let record = Record::read(&bytes).map_err(|why| why.to_string())?;
    let results = Judge::new(suite.clone()).results(&record);
    let cases = record.cases.clone();
    let simulated = record.header["simulated"] == json!(true);
    let came = stand::Came { played: Played::default(), bytes, record, results };
    let beside = Beside { attached, ..Beside::default() };
    Ok(stand::bundle_under(
        suite,
        &came,
        &key(REPORT_KEY),
        (account(), beside),
        |profile, facts| {
            profile["gateway"]["url"] = json!(URL);
            facts.gateway.url = URL.into();
            facts.gateway.environment = GatewayFacts::environment_of(URL).into();
            facts.gateway.simulated = simulated;
            let worth = if simulated { Worth::Simulated } else { Worth::GatewaySigned };
            facts.evidence = evidence_facts(&cases, worth);
            retell(profile, facts);
        },
    ))
}

pub(crate) fn redacted(record: &Record) -> Record {
    let redaction = Redaction::drawn();
    let mut record = record.clone();
    for case in &mut record.cases {
        case.entries = redaction.of_entries(&case.entries);
    }
    record
}

/// The messages of an attempt that satisfy something.
pub(crate) fn messages(
    record: &mut Record,
    wanted: impl Fn(&Message) -> bool,
) -> impl Iterator<Item = &mut Message> {
    let entries = record.cases.iter_mut().flat_map(|case: &mut CaseRecord| &mut case.entries);
    let messages = entries.filter_map(|entry| {
        let Event::Message(message) = &mut entry.event else { return None };
        Some(message.as_mut())
    });
    messages.filter(move |message| wanted(message))
}

/// What the gateway has logged of its own messages, in lines of JSON.
pub(crate) fn log(record: &mut Record, keep: impl Fn(&Message) -> bool) -> String {
    let of_gateway = |it: &Message| {
        let answers = matches!(it.leg, Leg::AnswerSent | Leg::AnswerReceived);
        it.bytes.is_some() && answers == (it.way == Way::Call) && keep(it)
    };
    let lines = messages(record, of_gateway).map(|message| {
        let bytes = message.bytes.as_ref().unwrap();
        let head = String::from_utf8(bytes.head.clone()).unwrap();
        let signature = head.lines().find_map(|line| line.strip_prefix("signature: "));
        let body = String::from_utf8(bytes.body.clone()).unwrap();
        json!({ "signature": signature, "body": body }).to_string() + "\n"
    });
    lines.collect()
}
