//! What the acceptance tests stand on: a run of the embedded suite in a folder of its own.

#![allow(dead_code, reason = "each test crate uses its own part of the stand")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test has nobody to hand an error to")]

pub(crate) mod contracts;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use assay::profile::{Conditions, Keys, Profile, SUPPORTED_PRODUCTS};
use assay::run::{Played, Run, Silent};
use assay::seal::bundle::names;
use assay::seal::bundle::{Contents, ShownKey, ShownKeys, Worth, evidence_facts, suite_digest};
use assay::seal::{
    Bundled, EvidenceRanges, GatewayFacts, MerchantFacts, RunFacts, SignerFacts, StatementFacts,
    Subject, SuiteFacts, TimeFacts, seal_files, write_zip,
};
use assay::suite::{Case, Condition, Declared, Level, Plan, Planned, Selection, Suite};
use assay::verdict::{Judge, Results};
use evidence::{Entry, Record, RecordFile};
use protocol::Currency;
use signing::PrivateKey;
use steps::{Backstage, Depot, EmbeddedKeys, Gateway, Tested};

use contracts::{CLIENT_ID, PARTNER, Terms, contracts, terms_of};

/// When every run of the stand begins and ends.
const MOMENT: &str = "2026-11-25T08:00:00Z";

/// The suite of this binary.
pub(crate) fn suite() -> Arc<Suite> {
    Arc::new(Suite::embedded().unwrap_or_else(|findings| panic!("{findings:#?}")))
}

/// What the stand's profile declares: every product, and every condition. Files come from a folder
/// all the same: what a merchant does about them does not depend on the way, which `tests/sftp.rs`
/// goes.
fn conditions() -> Conditions {
    let currency = Currency::parse("JPY").ok();
    Conditions {
        expiry: true,
        fx: true,
        currency,
        async_refunds: true,
        barcode_notices: true,
        taxi: true,
        ..Conditions::default()
    }
}

pub(crate) fn declared() -> Declared {
    let products = SUPPORTED_PRODUCTS.map(str::to_owned).to_vec();
    // No profile meets all of them: who plays a case has the contract that it asks for.
    Declared { conditions: Condition::ALL.into(), products }
}

/// Every run of every case, whatever its level.
pub(crate) fn everything(suite: &Suite) -> Vec<Planned> {
    let tags = Level::ALL.map(|level| format!("@{}", level.name())).join(" or ");
    let selection = Selection { tags: Some(tags), ..Selection::mandatory(declared()) };
    Plan::new(suite, &selection).unwrap().planned
}

fn embedded() -> EmbeddedKeys {
    let (rsa, dsa) = (sandbox::embedded_key().unwrap(), sandbox::embedded_dsa_key().unwrap());
    EmbeddedKeys { rsa, dsa }
}

/// The embedded sandbox and the reference merchant, healthy.
pub(crate) fn backstage() -> Backstage {
    Backstage {
        contracts: contracts(Terms::Rsa2),
        gateway: Gateway::Embedded { keys: Box::new(embedded()) },
        tested: Tested::Reference,
        depot: Depot::default(),
        seed: 1,
        buyers: None,
        purse: None,
        gateway_defect: None,
        without_notices: false,
        rules: vec![],
        merchant_defect: None,
    }
}

/// What a run came to.
pub(crate) struct Came {
    pub(crate) played: Played,
    pub(crate) bytes: Vec<u8>,
    pub(crate) record: Record,
    pub(crate) results: Results,
}

/// Plays a plan and judges its record.
pub(crate) fn play(
    suite: &Arc<Suite>,
    planned: Vec<Planned>,
    backstage: Backstage,
    jobs: usize,
) -> Came {
    play_under(suite, planned, backstage, jobs, terms_of)
}

/// The same, each case under the terms that are given for it.
pub(crate) fn play_under(
    suite: &Arc<Suite>,
    mut planned: Vec<Planned>,
    mut backstage: Backstage,
    jobs: usize,
    terms_of: impl Fn(&Case) -> Terms,
) -> Came {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("record.ndjson");
    let keys: Vec<_> = planned.iter().map(|planned| planned.key.to_string()).collect();
    let mut held = conditions().held(&declared().products, true);
    held.extend(planned.iter().filter_map(|run| run.case.condition));
    let mut header = serde_json::json!({
        "format": evidence::FORMAT,
        "started": MOMENT,
        "suite": suite.version(),
        "generation": "ams+legacy",
        "products": declared().products,
        "conditions": held,
        "plan": keys,
        "driver": "reference",
        "gateway": "embedded",
        "simulated": true,
        "seed": backstage.seed.to_string(),
    });
    if !backstage.rules.is_empty() {
        header["rules"] = backstage.rules.iter().map(|rule| rule.body.clone()).collect();
    }
    let record = Arc::new(RecordFile::create(&path, &header).unwrap());
    let judge = Judge::new(suite.clone());
    let mut played = Played::default();
    for terms in Terms::ALL {
        let (own, rest) = planned.into_iter().partition(|run| terms_of(&run.case) == terms);
        planned = rest;
        backstage.contracts = contracts(terms);
        let run = Run {
            attempts: BTreeMap::new(),
            waited: BTreeMap::new(),
            attached: BTreeMap::new(),
            planned: own,
            backstage: backstage.clone(),
            record: record.clone(),
            jobs,
            progress: Arc::new(Silent),
            stop: Arc::new(AtomicBool::new(false)),
        };
        let own = run.play(judge.clone()).unwrap();
        played.attempts.extend(own.attempts);
        played.bugs.extend(own.bugs);
        played.defect_active.extend(own.defect_active);
    }
    let order: Vec<_> = suite.catalogue().cases.iter().map(|case| case.id.clone()).collect();
    record.seal(&order).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let record = Record::read(&bytes).unwrap();
    let results = judge.results(&record);
    Came { played, bytes, record, results }
}

/// The sealed bundle of a run, with the files that `assay run` writes.
pub(crate) fn bundle(suite: &Suite, came: &Came, report_key: &PrivateKey) -> Vec<u8> {
    bundle_telling(suite, came, report_key, |_, _| ())
}

/// The same, with another tale of the run: in the profile, and in what the statement tells.
pub(crate) fn bundle_telling(
    suite: &Suite,
    came: &Came,
    report_key: &PrivateKey,
    retell: impl Fn(&mut serde_json::Value, &mut StatementFacts),
) -> Vec<u8> {
    let keys = Profile::built_in().unwrap().gateway.keys;
    bundle_under(suite, came, report_key, (keys, Beside::default()), retell)
}

/// The rules that the first line tells.
fn rules_told(came: &Came) -> Vec<serde_json::Value> {
    let rules = came.record.header.get("rules").and_then(|rules| rules.as_array().cloned());
    rules.unwrap_or_default()
}

/// The profile of the stand as a bundle tells it, with what it has besides the built-in one.
fn told_of(mut profile: Profile, came: &Came) -> serde_json::Value {
    profile.products = declared().products;
    profile.conditions = conditions();
    let mut told = profile.redacted();
    told["reconciliation"] = serde_json::json!({ "sftp": {} });
    let rules = rules_told(came);
    if !rules.is_empty() {
        told["gateway"]["rules"] = serde_json::Value::Array(rules);
    }
    told
}

/// What a bundle has besides its run.
#[derive(Default)]
pub(crate) struct Beside<'a> {
    /// The orders that answer a challenge.
    pub(crate) orders: &'a [Entry],
    /// What the record tells to be attached.
    pub(crate) attached: &'a [Bundled],
}

/// The same, of an account with these keys, and with more beside.
pub(crate) fn bundle_under(
    suite: &Suite,
    came: &Came,
    report_key: &PrivateKey,
    (keys, beside): (Keys, Beside<'_>),
    retell: impl Fn(&mut serde_json::Value, &mut StatementFacts),
) -> Vec<u8> {
    let mut profile = Profile::built_in().unwrap();
    profile.gateway.keys = keys;
    let keys = ShownKeys::of(&profile.gateway.keys);
    let fingerprint = |key| ShownKey::fingerprint_of(key).to_owned();
    let seed = came.record.header["seed"].as_str().unwrap().to_owned();
    let mut facts = StatementFacts {
        run: RunFacts { seed, ..RunFacts::default() },
        suite: SuiteFacts {
            version: suite.version().into(),
            catalogue_sha256: signing::sha256_hex(suite.catalogue_text().as_bytes()),
            features_sha256: suite_digest(suite),
            official: true,
            ..SuiteFacts::default()
        },
        gateway: GatewayFacts {
            url: "embedded".into(),
            environment: GatewayFacts::environment_of("embedded").into(),
            sign_type: "RSA2".into(),
            response_key_sha256: fingerprint(keys.gateway.as_ref()),
            simulated: true,
            generation: profile.declared().generation(),
            rules: rules_told(came),
        },
        merchant: MerchantFacts {
            client_id: CLIENT_ID.into(),
            partner: PARTNER.into(),
            request_key_sha256: fingerprint(keys.merchant.as_ref()),
            driver: "reference".into(),
            products: came.results.products.clone(),
            one_at_a_time: false,
            without_notices: false,
        },
        time: TimeFacts { started: MOMENT.into(), finished: MOMENT.into() },
        evidence: evidence_facts(&came.record.cases, Worth::Simulated),
        signer: SignerFacts {
            key_sha256: report_key.public().fingerprint(),
            integrator: profile.report.integrator.clone(),
            contact: profile.report.contact.clone(),
        },
        ..StatementFacts::default()
    };
    profile.report.key.key = report_key.clone();
    let mut redacted = told_of(profile, came);
    retell(&mut redacted, &mut facts);
    let (results, profile, strays, keys) = (&came.results, &redacted, &[][..], &keys);
    let (orders, facts, ranges) = (beside.orders, &facts, &EvidenceRanges::of(&came.record));
    let contents = Contents { suite, results, profile, keys, strays, orders, facts, ranges };
    let mut page = vec![];
    let junit = contents.draw(&mut &came.record, &mut page).unwrap();
    let mut files = contents.fixed();
    files.push(Bundled::new(names::RECORD, came.bytes.as_slice()));
    files.push(Bundled::new(names::RESULTS, came.results.to_json()));
    files.push(Bundled::new(names::JUNIT, junit));
    files.push(Bundled::new(names::HTML, page));
    files.extend_from_slice(beside.attached);
    let subjects = files.iter().map(Subject::of).collect();
    files.extend(seal_files(&contents.statement(subjects), report_key).unwrap());
    write_zip(&files).unwrap()
}

/// Compares a generated page of the documentation with the file, or writes it anew when
/// `ASSAY_UPDATE_DOCS=1` is set.
pub(crate) fn keep_page(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("ASSAY_UPDATE_DOCS").is_some_and(|told| told == "1") {
        return std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let mut lines = kept.lines().zip(text.lines()).enumerate();
    let first = lines.find(|(_, (kept, now))| kept != now);
    assert!(
        kept == text,
        "docs/{name} is out of date, first here: {first:?}. Run the test again with \
         ASSAY_UPDATE_DOCS=1 and look at what changed"
    );
}
