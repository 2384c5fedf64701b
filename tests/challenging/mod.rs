//! A run that answers a challenge at somebody else's gateway, in the hands of a forger who holds every
//! key but the gateway's; the tests hold that too, to have it sign what it signs for anybody.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

pub(crate) mod forgeries;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use assay::profile::{CheckKey, KeySource, Keys, Pairs, Sourced};
use assay::run::{Played, Run, Silent};
use assay::seal::bundle::{Worth, evidence_facts};
use assay::seal::{
    Answered, Challenge, GatewayFacts, GatewayLog, Own, Role, both, open_bundle, replay,
};
use assay::suite::Suite;
use assay::verdict::Judge;
use evidence::{Blob, Entry, Event, Leg, Message, Record, RecordFile, head_field};
use protocol::ams::Signed;
use protocol::{Amount, Currency};
use serde_json::json;
use signing::PrivateKey;
use steps::{
    AmsContract, Backstage, Contract, EmbeddedKeys, Gateway, KeyPairs, OwnOrder, Product, Signing,
};

use crate::stand::{self, Beside};

pub(crate) const NONCE: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const OTHER: &str = "fedcba9876543210fedcba9876543210";
pub(crate) const RUN: &str = "0011223344556677";
pub(crate) const CLIENT: &str = "SANDBOX_5Y00000000000001";
pub(crate) const PARTNER: &str = "2088000000000001";
/// Where the gateway was, as the bundle tells it.
pub(crate) const URL: &str = "https://gateway.example";

pub(crate) fn key(name: &str) -> PrivateKey {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys");
    PrivateKey::read(&fs::read(folder.join(name)).unwrap()).unwrap()
}

/// What the gateway signs with, and nobody else.
pub(crate) fn gateway() -> PrivateKey {
    key("rsa3072.pkcs8.pem")
}

pub(crate) fn account() -> Keys {
    let source = KeySource::BuiltIn;
    let (merchant, gateway) = (merchant::reference_key().unwrap(), gateway().public());
    Keys::Rsa(Pairs {
        merchant: Sourced { key: merchant, source: source.clone() },
        gateway: Sourced { key: gateway, source },
    })
}

/// The reference merchant at that gateway, drawing from a seed.
pub(crate) fn backstage(seed: u64) -> Backstage {
    let mut backstage = Backstage { seed, ..stand::backstage() };
    let own = Contract::Ams(AmsContract {
        client_id: CLIENT.into(),
        merchant_key: merchant::reference_key().unwrap(),
        gateway_key: gateway().public(),
    });
    let Contract::Legacy(mut legacy) = backstage.contracts[1].clone() else { unreachable!() };
    let pairs =
        KeyPairs { merchant: merchant::reference_key().unwrap(), gateway: gateway().public() };
    legacy.signing = Signing::Rsa2(pairs);
    backstage.contracts = vec![own, Contract::Legacy(legacy)];
    let keys = EmbeddedKeys { rsa: gateway(), dsa: sandbox::embedded_dsa_key().unwrap() };
    backstage.gateway = Gateway::Embedded { keys: Box::new(keys) };
    backstage
}

pub(crate) static SUITE: LazyLock<Arc<Suite>> = LazyLock::new(stand::suite);

/// A case that is told as one at a gateway whose buyers are people, and whose ids are drawn from a
/// seed and a nonce.
pub(crate) fn played(seed: u64, told: &str) -> Record {
    const CASE: &str = "AMS-PAY-040";
    let suite = &*SUITE;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.ndjson");
    let mut planned = stand::everything(suite);
    planned.retain(|planned| planned.key.to_string() == CASE);
    let mut header = json!({
        "format": evidence::FORMAT,
        "run": RUN,
        "started": "2026-11-25T08:00:00Z",
        "suite": suite.version(),
        "generation": "ams+legacy",
        "products": stand::declared().products,
        "conditions": stand::play(suite, vec![], stand::backstage(), 1).record.header["conditions"],
        "plan": [CASE],
        "driver": "reference",
        "gateway": URL,
        "seed": "1",
        "simulated": false,
    });
    if !told.is_empty() {
        header["challenge"] = json!(told);
    }
    let record = Arc::new(RecordFile::create(&path, &header).unwrap());
    let run = Run {
        attempts: BTreeMap::new(),
        waited: BTreeMap::new(),
        attached: BTreeMap::new(),
        planned,
        backstage: backstage(seed),
        record: record.clone(),
        jobs: 1,
        progress: Arc::new(Silent),
        stop: Arc::new(AtomicBool::new(false)),
    };
    run.play(Judge::new(suite.clone())).unwrap();
    record.seal(&[CASE.to_owned()]).unwrap();
    let mut record = Record::read(&fs::read(&path).unwrap()).unwrap();
    for case in &mut record.cases {
        case.entries.retain(|entry| !matches!(entry.event, Event::Wallet(_)));
        for (line, entry) in (0..).zip(&mut case.entries) {
            entry.line = line;
            if let Event::Arranged { what, facts } = &mut entry.event
                && what == "contract"
            {
                facts.insert("embedded".into(), false.into());
                facts.insert("without_control".into(), true.into());
            }
        }
        // As a recorder at such a gateway writes it.
        case.entries = evidence::Redaction::drawn().of_entries(&case.entries);
    }
    record
}

/// An own order, as the gateway answers it today.
pub(crate) fn made(product: Product, number: &str) -> Vec<Entry> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let amount = Amount::new(Currency::USD, 100);
    let made = runtime.block_on(backstage(1).own_order(product, number, amount));
    match made.unwrap() {
        OwnOrder::Answered(entries) => entries,
        OwnOrder::Silent(why) => unreachable!("{why}"),
    }
}

pub(crate) fn message(entry: &mut Entry) -> &mut Message {
    let Event::Message(message) = &mut entry.event else { unreachable!() };
    message
}

/// The bytes of the only message of a leg, counted from 0.
pub(crate) fn bytes(entries: &mut [Entry], leg: Leg, nth: usize) -> &mut Blob {
    let mut all = entries.iter_mut().map(message).filter(|message| message.leg == leg);
    all.nth(nth).unwrap().bytes.as_mut().unwrap()
}

/// A message with another value in a header.
pub(crate) fn with_header(blob: &mut Blob, name: &str, value: &str) {
    let head = String::from_utf8(blob.head.clone()).unwrap();
    let is = |line: &str| line.to_ascii_lowercase().starts_with(&format!("{name}:"));
    assert!(head.lines().any(is), "{name}: {head}");
    let lines = head
        .split("\r\n")
        .map(|line| if is(line) { format!("{name}: {value}") } else { line.to_owned() });
    blob.head = lines.collect::<Vec<_>>().join("\r\n").into_bytes();
}

/// Signs an answer anew, with a key.
pub(crate) fn sign(entries: &mut [Entry], nth: usize, key: &PrivateKey) {
    let call = bytes(entries, Leg::CallSent, nth).clone();
    let answer = bytes(entries, Leg::AnswerSent, nth);
    let target = evidence::target_of(&call.head).unwrap();
    let field = |name| head_field(&answer.head, name).unwrap();
    let (client, time) = (field("client-id"), field("response-time"));
    let signed = Signed { target: &target, client_id: &client, time: &time, body: &answer.body };
    let signature = signed.sign(key).unwrap();
    let length = answer.body.len().to_string();
    with_header(answer, "signature", &signature);
    with_header(answer, "content-length", &length);
}

/// The order at other moments: recorded at the one, signed by the gateway at the other.
pub(crate) fn at(mut entries: Vec<Entry>, recorded: i64, signed: i64) -> Vec<Entry> {
    for (after, entry) in (0..).zip(&mut entries) {
        entry.at = recorded + after;
    }
    for nth in 0..2 {
        let time = protocol::iso8601(signed);
        with_header(bytes(&mut entries, Leg::AnswerSent, nth), "response-time", &time);
        sign(&mut entries, nth, &gateway());
    }
    entries
}

/// A run at a gateway of somebody else's with its two orders, in the hands of a forger.
pub(crate) struct Held {
    pub(crate) record: Record,
    pub(crate) opening: Vec<Entry>,
    pub(crate) closing: Vec<Entry>,
    /// When the first and the last thing happened between them.
    pub(crate) between: [i64; 2],
    pub(crate) challenge: Option<Challenge>,
    pub(crate) known: bool,
}

pub(crate) static RECORD: LazyLock<Record> =
    LazyLock::new(|| played(steps::woven(1, NONCE), NONCE));
pub(crate) static ORDERS: LazyLock<[Vec<Entry>; 2]> = LazyLock::new(|| {
    [Role::Opening, Role::Closing]
        .map(|role| made(Product::OrderCode, &role.number(NONCE, RUN, 7_000)))
});

impl Held {
    pub(crate) fn new() -> Self {
        let record = RECORD.clone();
        let times = || record.cases.iter().flat_map(|case| &case.entries).map(|entry| entry.at);
        let between = [times().min().unwrap(), times().max().unwrap()];
        let [opening, closing] = ORDERS.clone();
        let [first, last] = [between[0] - 10_000, between[1] + 10_000];
        Self {
            opening: at(opening, first, first),
            closing: at(closing, last, last),
            record,
            between,
            challenge: None,
            known: true,
        }
    }

    /// What judging it again says.
    pub(crate) fn judged(self) -> Result<Option<Answered>, String> {
        let suite = SUITE.clone();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.ndjson");
        let file = Arc::new(RecordFile::create(&path, &self.record.header).unwrap());
        for case in &self.record.cases {
            let recorder = file.recorder(case.key.clone(), case.attempt);
            for entry in &case.entries {
                recorder.append(entry.at, entry.event.clone());
            }
        }
        file.seal(&["AMS-PAY-040".to_owned()]).unwrap();
        let bytes = fs::read(&path).unwrap();
        let record = Record::read(&bytes).unwrap();
        let results = Judge::new(suite.clone()).results(&record);
        let cases = record.cases.clone();
        let challenge =
            record.header.get("challenge").and_then(|it| it.as_str()).unwrap_or_default();
        let challenge = challenge.to_owned();
        let came = stand::Came { played: Played::default(), bytes, record, results };
        let report = key("rsa2048.pkcs8.pem");
        let orders = match (self.opening.is_empty(), self.closing.is_empty()) {
            (true, true) => vec![],
            _ => both(self.opening, self.closing),
        };
        let beside = Beside { orders: &orders, ..Beside::default() };
        let zip =
            stand::bundle_under(&suite, &came, &report, (account(), beside), |profile, facts| {
                profile["gateway"]["url"] = json!(URL);
                facts.gateway.url = URL.into();
                facts.gateway.environment = GatewayFacts::environment_of(URL).into();
                facts.gateway.simulated = false;
                facts.evidence = evidence_facts(&cases, Worth::GatewaySigned);
                facts.run.id = RUN.into();
                facts.run.challenge.clone_from(&challenge);
            });
        let bundle = open_bundle(&zip, &report.public()).unwrap();
        let keys = if self.known { vec![CheckKey::Rsa(gateway().public())] } else { vec![] };
        let own = Own { keys, log: GatewayLog::default(), challenge: self.challenge };
        let replayed = replay(&bundle, &suite, &report.public(), &own);
        replayed.map(|it| it.answered).map_err(|why| format!("{}: {}", why.part.en, why.why))
    }
}
