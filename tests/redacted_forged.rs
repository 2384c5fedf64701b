//! Forgeries behind a mark: on a gateway whose buyers are real a message in which their data was
//! replaced cannot be checked again. Whoever marks a forged one wins nothing by it.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod stand;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use assay::profile::{CheckKey, KeySource, Keys, Pairs, Profile, Sourced};
use assay::run::{Played, Run, Silent};
use assay::seal::bundle::{Worth, evidence_facts};
use assay::seal::{
    Checked, GatewayFacts, GatewayLog, Own, Replayed, StatementFacts, open_bundle, replay,
};
use assay::suite::Suite;
use assay::verdict::Judge;
use evidence::{CaseRecord, Event, Leg, Message, Record, RecordFile, Redacted, Redaction, Way};
use protocol::ams::Verified;
use serde_json::{Value, json};
use signing::PrivateKey;
use steps::{AmsContract, Contract, EmbeddedKeys, Gateway};

/// Where the gateway was, as the bundle tells it.
const URL: &str = "https://gateway.example";

fn key(name: &str) -> PrivateKey {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys");
    PrivateKey::read(&fs::read(folder.join(name)).unwrap()).unwrap()
}

/// The account at a gateway with a key that nobody else has.
fn account() -> Keys {
    let source = KeySource::BuiltIn;
    let gateway = key("rsa3072.pkcs8.pem").public();
    let merchant = merchant::reference_key().unwrap();
    Keys::Rsa(Pairs {
        merchant: Sourced { key: merchant, source: source.clone() },
        gateway: Sourced { key: gateway, source },
    })
}

/// The suite, and what was played.
static GROUND: LazyLock<(Arc<Suite>, Record)> = LazyLock::new(|| {
    let suite = stand::suite();
    let record = played(&suite);
    (suite, record)
});

/// What was played, told as it is or as at a gateway whose buyers are real.
fn ground(real: bool) -> (Arc<Suite>, Record) {
    let (suite, mut record) = GROUND.clone();
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
        // Nobody but a sandbox tells what wallets say.
        for case in &mut record.cases {
            case.entries.retain(|entry| !matches!(entry.event, Event::Wallet(_)));
            for (line, entry) in (0..).zip(&mut case.entries) {
                entry.line = line;
            }
        }
    }
    (suite, record)
}

/// Some cases at a gateway that signs with a key of its own.
fn played(suite: &Arc<Suite>) -> Record {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.ndjson");
    let mut planned = stand::everything(suite);
    let wanted = ["AMS-PAY-001", "AMS-PAY-004", "AMS-PAY-040"];
    planned.retain(|planned| wanted.contains(&planned.key.to_string().as_str()));
    let mut backstage = stand::backstage();
    let own = Contract::Ams(AmsContract {
        client_id: backstage.contracts[0].identity().to_owned(),
        merchant_key: merchant::reference_key().unwrap(),
        gateway_key: key("rsa3072.pkcs8.pem").public(),
    });
    backstage.contracts = vec![own];
    let keys =
        EmbeddedKeys { rsa: key("rsa3072.pkcs8.pem"), dsa: sandbox::embedded_dsa_key().unwrap() };
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
    record.seal(&wanted.map(|key| key.split('/').next().unwrap().to_owned())).unwrap();
    Record::read(&fs::read(&path).unwrap()).unwrap()
}

/// The sealed bundle of a record, as its maker would have it, and what judging it again says.
fn judged(
    suite: &Arc<Suite>,
    record: &Record,
    retell: impl Fn(&mut StatementFacts),
) -> Result<Replayed, String> {
    judged_with(suite, record, GatewayLog::default(), retell)
}

/// The same for a verifier who has the gateway's log.
fn judged_with(
    suite: &Arc<Suite>,
    record: &Record,
    log: GatewayLog,
    retell: impl Fn(&mut StatementFacts),
) -> Result<Replayed, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.ndjson");
    let file = Arc::new(RecordFile::create(&path, &record.header).unwrap());
    for case in &record.cases {
        let recorder = file.recorder(case.key.clone(), case.attempt);
        for entry in &case.entries {
            recorder.append(entry.at, entry.event.clone());
        }
    }
    file.seal(&record.cases.iter().map(|case| case.key.case.clone()).collect::<Vec<_>>()).unwrap();
    let bytes = fs::read(&path).unwrap();
    let record = Record::read(&bytes).map_err(|why| why.to_string())?;
    let results = Judge::new(suite.clone()).results(&record);
    let cases = record.cases.clone();
    let simulated = record.header["simulated"] == json!(true);
    let came = stand::Came { played: Played::default(), bytes, record, results };
    let report = key("rsa2048.pkcs8.pem");
    let zip = stand::bundle_under(suite, &came, &report, account(), |profile, facts| {
        profile["gateway"]["url"] = json!(URL);
        facts.gateway.url = URL.into();
        facts.gateway.environment = GatewayFacts::environment_of(URL).into();
        facts.gateway.simulated = simulated;
        let worth = if simulated { Worth::Simulated } else { Worth::GatewaySigned };
        facts.evidence = evidence_facts(&cases, worth);
        retell(facts);
    });
    let bundle = open_bundle(&zip, &report.public()).unwrap();
    let keys = vec![CheckKey::Rsa(key("rsa3072.pkcs8.pem").public())];
    let own = Own { keys, log, challenge: None };
    replay(&bundle, suite, &report.public(), &own).map_err(|why| why.to_string())
}

fn redacted(record: &Record) -> Record {
    let redaction = Redaction::drawn();
    let mut record = record.clone();
    for case in &mut record.cases {
        case.entries = redaction.of_entries(&case.entries);
    }
    record
}

/// The messages of an attempt that satisfy something.
fn messages(
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

fn is_answer(message: &Message) -> bool {
    message.way == Way::Call && message.leg == Leg::AnswerSent
}

/// The mark that an honest witness would have made for these fields.
fn mark(fields: &[&str]) -> Redacted {
    let fields = fields.iter().map(|name| (*name).to_owned()).collect();
    Redacted { digest: Some("ab".repeat(32)), fields }
}

/// The body of a message with another text in it.
fn edit(message: &mut Message, edit: impl FnOnce(&mut Value)) {
    let bytes = message.bytes.as_mut().unwrap();
    let mut body: Value = serde_json::from_slice(&bytes.body).unwrap();
    edit(&mut body);
    bytes.body = body.to_string().into_bytes();
}

#[test]
fn what_cannot_be_checked_again_is_counted_apart_and_never_vouched_for() {
    let (suite, plain) = ground(false);
    let (mut real, untold) = (redacted(&ground(true).1), |_: &mut StatementFacts| ());
    // As it is: some of the gateway's messages checked again, others not.
    let honest = judged(&suite, &real, untold).unwrap();
    let Checked::Partly { count, redacted, .. } = honest.checked else {
        panic!("{:?}", honest.checked)
    };
    assert!(count > 5 && redacted > 1, "{count} {redacted}");
    assert!(!honest.checked.by_own_key(), "nobody accepts it on the witness's word");
    let marked = messages(&mut real, |it| it.redacted.is_some()).count();
    assert_eq!(honest.results.counts.redacted as usize, marked);
    // Where nothing was replaced, all of them are checked.
    let whole = judged(&suite, &plain, untold).unwrap();
    let Checked::Under { count: all, .. } = whole.checked else { panic!("{:?}", whole.checked) };
    assert_eq!((all, whole.results.counts.redacted), (count + redacted, 0));
    assert!(whole.checked.by_own_key());

    // A statement that counts them among what the gateway's key proves.
    let why = judged(&suite, &real, |facts| {
        let evidence = &mut facts.evidence;
        evidence.gateway_signed += std::mem::take(&mut evidence.not_recheckable);
    });
    let why = why.unwrap_err();
    assert!(why.contains("counts other evidence"), "{why}");
}

#[test]
fn a_forged_message_is_refused_or_vouched_for_by_nobody() {
    let (suite, real) = ground(true);
    let real = redacted(&real);
    let refused = |forge: &dyn Fn(&mut Record)| {
        let mut forged = real.clone();
        forge(&mut forged);
        assert_ne!(forged.cases, real.cases);
        judged(&suite, &forged, |_| ()).map(|replayed| replayed.checked)
    };
    // An answer that has nothing of a buyer's, edited, is found by its signature...
    let is_plain = |it: &Message| is_answer(it) && it.redacted.is_none();
    let paid = |body: &mut Value| body["paymentStatus"] = json!("SUCCESS");
    let unmarked = refused(&|record| edit(messages(record, is_plain).next().unwrap(), paid));
    assert!(unmarked.unwrap_err().contains("not in the recorded state"));
    // ...and no mark helps, unless something of a buyer's is put in as well.
    let marked = refused(&|record| {
        let message = messages(record, is_plain).next().unwrap();
        edit(message, paid);
        message.redacted = Some(mark(&["pspCustomerId"]));
    });
    assert!(marked.unwrap_err().contains("holds nothing of the kind"));
    let Checked::Partly { redacted: before, .. } = judged(&suite, &real, |_| ()).unwrap().checked
    else {
        panic!("partly")
    };
    let furnished = refused(&|record| {
        let message = messages(record, is_plain).next().unwrap();
        edit(message, |body| {
            paid(body);
            body["pspCustomerInfo"] = json!({ "pspCustomerId": "2088000000000009" });
        });
        message.redacted = Some(mark(&["pspCustomerId"]));
        message.verified = Some(Verified::Valid);
    });
    // Then it is one more that nobody vouches for, in every paper.
    let checked = furnished.unwrap();
    assert!(!checked.by_own_key());
    let Checked::Partly { redacted, .. } = checked else { panic!("{checked:?}") };
    assert_eq!(redacted, before + 1);
    // A mark that was taken off makes no message one that was checked.
    let bared = refused(&|record| {
        messages(record, |it| it.redacted.is_some()).for_each(|it| it.redacted = None);
    });
    assert!(bared.unwrap_err().contains("is not marked"));
    // A mark has to tell all that was replaced, and stands beside bytes.
    let sparing = refused(&|record| {
        let is_marked = |it: &Message| it.redacted.is_some();
        messages(record, is_marked).next().unwrap().redacted = Some(mark(&["email"]));
    });
    assert!(sparing.unwrap_err().contains("holds nothing of the kind"));
    let empty = refused(&|record| {
        let is_bare = |it: &Message| it.bytes.is_none();
        messages(record, is_bare).next().unwrap().redacted = Some(mark(&["email"]));
    });
    assert!(empty.unwrap_err().contains("holds nothing of the kind"));
}

/// What the gateway has logged of its own messages, in lines of JSON.
fn log(record: &mut Record, keep: impl Fn(&Message) -> bool) -> String {
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

#[test]
fn the_gateways_log_proves_what_was_replaced_and_nothing_else() {
    let (suite, mut plain) = ground(true);
    let real = redacted(&plain);
    let text = log(&mut plain, |_| true);
    let with = |record: &Record, text: &str| {
        let log = GatewayLog::read(text.as_bytes()).unwrap();
        judged_with(&suite, record, log, |_| ()).map(|replayed| replayed.checked)
    };
    let whole = with(&real, &text).unwrap();
    assert!(whole.by_own_key(), "{whole:?}");
    let Checked::Under { count: all, .. } = whole else { panic!("{whole:?}") };
    let left_over = |checked: Checked| {
        let Checked::Partly { count, redacted, .. } = checked else { panic!("{checked:?}") };
        assert_eq!(count + redacted, all);
        redacted
    };
    // What it lacks is not proved, and what the verifier has of another gateway proves nothing.
    let without = log(&mut plain, |it| is_answer(it) && it.exchange > 1);
    assert!(left_over(with(&real, &without).unwrap()) > 0);
    assert!(left_over(with(&real, &text.replace("paymentId", "paymentID")).unwrap()) > 1);
    // A message that says something else than the one of the log is not proved by it, whatever its
    // mark tells.
    let mut forged = real.clone();
    let told = |it: &Message| is_answer(it) && it.redacted.is_some();
    let paid = |body: &mut Value| {
        let value = body["paymentAmount"]["value"].as_str().map(|text| "9".repeat(text.len()));
        body["paymentAmount"]["value"] = json!(value);
        body["result"]["resultMessage"] = json!("forged");
    };
    edit(messages(&mut forged, told).next().unwrap(), paid);
    assert_eq!(left_over(with(&forged, &text).unwrap()), 1);
    // Nor does a log help somebody who tells that the gateway signed wrongly.
    let mut wronged = real.clone();
    messages(&mut wronged, told).next().unwrap().verified = Some(Verified::Wrong);
    assert!(left_over(with(&wronged, &text).unwrap()) > 0);
}

#[test]
fn where_buyers_are_assays_own_no_message_is_marked() {
    let (suite, plain) = ground(false);
    assert!(judged(&suite, &plain, |_| ()).is_ok());
    let why = judged(&suite, &redacted(&plain), |_| ()).unwrap_err();
    assert!(why.contains("the buyers of this run were assay's own"), "{why}");
}

#[test]
fn the_page_says_on_top_and_beside_each_message_that_it_cannot_be_checked_again() {
    let (suite, real) = ground(true);
    let real = redacted(&real);
    let results = Judge::new(suite.clone()).results(&real);
    let profile = Profile::built_in().unwrap().redacted();
    let keys = assay::seal::bundle::ShownKeys::of(&account());
    let mut facts = StatementFacts::default();
    facts.time.started = "2026-11-25T08:00:00Z".into();
    let contents = assay::seal::bundle::Contents {
        suite: &suite,
        results: &results,
        profile: &profile,
        keys: &keys,
        strays: &[],
        orders: &[],
        facts: &facts,
        ranges: &assay::seal::EvidenceRanges::of(&real),
    };
    let mut page = vec![];
    let junit = contents.draw(&mut &real, &mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    let top = format!("In {} messages the payment codes and the data", results.counts.redacted);
    assert!(page.contains("buyers' data replaced") && page.contains(&top), "on top");
    assert!(page.contains("not re-checkable") && page.contains("replaced on entry: "), "beside it");
    assert!(page.contains("SHA-256 as it came: "), "with its digest");
    assert!(junit.contains("messages the payment codes and the data of real buyers were replaced"));
}
