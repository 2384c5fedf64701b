//! The bundles in `reports/golden/`: one that is acceptable, one that is rejected, each what a run makes today.
//!
//! Whatever varies from run to run is fixed here: id, moments, keys, and nothing is told of program and machine.
//! So each file is compared byte for byte. `ASSAY_UPDATE_GOLDEN=1 cargo test -p assay --test golden` makes them
//! anew, with pictures of their pages where Chromium is there.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod program;
mod stand;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use assay::profile::Profile;
use assay::run::{Run, Silent};
use assay::seal::read_zip;
use assay::suite::{Plan, Selection, Suite};
use assay::verdict::Judge;
use evidence::{Record, RecordFile};
use program::assay;
use signing::PrivateKey;
use stand::Came;

/// When both runs began and ended.
const MOMENT: &str = "2026-11-25T08:00:00Z";
/// The key that seals them, which the whole world has.
const KEY: &str = "tests/vectors/keys/rsa2048.pkcs8.pem";

/// A bundle, and the run that makes it.
struct Golden {
    name: &'static str,
    run: &'static str,
    /// What is asked for; everything mandatory where nothing is.
    wanted: &'static [&'static str],
    /// What is wrong with the merchant.
    mistake: Option<&'static str>,
    /// How `assay verify` ends, and what it says.
    verified: (i32, &'static str),
}

/// A website's merchant, and the same who believes every notification.
const GOLDEN: [Golden; 2] = [
    Golden {
        name: "acceptable",
        run: "01KAXCZW000000000000000001",
        wanted: &[],
        mistake: None,
        verified: (0, "acceptable (rehearsal): 26 of 26 mandatory cases passed"),
    },
    Golden {
        name: "rejected",
        run: "01KAXCZW000000000000000002",
        wanted: &["LEG-PAY-081", "LEG-PAY-083", "LEG-PAY-091", "LEG-PAY-092", "LEG-PAY-093"],
        mistake: Some("M-LEG-notice-unverified"),
        verified: (1, "rejected: "),
    },
];

/// The folder of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn kept(name: &str) -> PathBuf {
    root().join("reports/golden").join(name)
}

fn report_key() -> PrivateKey {
    PrivateKey::read(&fs::read(root().join(KEY)).unwrap()).unwrap()
}

/// Who sells on a website, for no merchants but itself.
fn profile() -> Profile {
    let mut profile = Profile::built_in().unwrap();
    profile.products = vec!["website".to_owned()];
    profile.conditions.secondary_merchants = false;
    profile.gateway.client_id = None;
    profile.report.key.key = report_key();
    profile.report.integrator = "ACME Pay".into();
    profile.report.contact = "qa@acme.example".into();
    profile
}

impl Golden {
    fn selection(&self) -> Vec<String> {
        self.wanted.iter().map(|word| (*word).to_owned()).collect()
    }

    /// Plays it, and answers its bundle.
    fn made(&self, suite: &Arc<Suite>) -> Vec<u8> {
        let profile = profile();
        let mandatory = Selection::mandatory(profile.declared());
        let plan = Plan::new(suite, &Selection { wanted: self.selection(), ..mandatory }).unwrap();
        let came = self.came(suite, &profile, plan);
        stand::bundle_telling(suite, &came, &report_key(), |told, facts| {
            *told = profile.redacted();
            facts.run.id = self.run.into();
            facts.tool.name = "assay".into();
            facts.tool.version = env!("CARGO_PKG_VERSION").into();
            facts.suite.selection = self.selection();
            facts.gateway.generation = profile.declared().generation();
            facts.merchant.client_id = String::new();
            facts.merchant.products.clone_from(&profile.products);
            facts.time.started = MOMENT.into();
            facts.time.finished = MOMENT.into();
            facts.signer.integrator.clone_from(&profile.report.integrator);
            facts.signer.contact.clone_from(&profile.report.contact);
        })
    }

    fn came(&self, suite: &Arc<Suite>, profile: &Profile, plan: Plan) -> Came {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.ndjson");
        let keys: Vec<String> = plan.planned.iter().map(|run| run.key.to_string()).collect();
        let mut backstage = stand::backstage();
        backstage.merchant_defect = self.mistake.map(|id| merchant::Defect::from_id(id).unwrap());
        let header = serde_json::json!({
            "format": evidence::FORMAT,
            "run": self.run,
            "started": MOMENT,
            "tool": concat!("assay ", env!("CARGO_PKG_VERSION")),
            "machine": "",
            "suite": suite.version(),
            "generation": profile.declared().generation(),
            "products": profile.products,
            "conditions": profile.declared().conditions,
            "driver": "reference",
            "gateway": "embedded",
            "simulated": true,
            "seed": backstage.seed.to_string(),
            "selection": self.wanted,
            "plan": keys,
        });
        let record = Arc::new(RecordFile::create(&path, &header).unwrap());
        let judge = Judge::new(suite.clone());
        let run = Run {
            attempts: BTreeMap::new(),
            waited: BTreeMap::new(),
            attached: BTreeMap::new(),
            planned: plan.planned,
            backstage,
            record: record.clone(),
            jobs: 4,
            progress: Arc::new(Silent),
            stop: Arc::new(AtomicBool::new(false)),
        };
        let played = run.play(judge.clone()).unwrap();
        assert_eq!(played.bugs, Vec::<String>::new());
        let order: Vec<_> = suite.catalogue().cases.iter().map(|case| case.id.clone()).collect();
        record.seal(&order).unwrap();
        let bytes = fs::read(&path).unwrap();
        let record = Record::read(&bytes).unwrap();
        let results = judge.results(&record);
        Came { played, bytes, record, results }
    }

    fn zip(&self) -> PathBuf {
        kept(&format!("{}.zip", self.name))
    }
}

/// The key to verify them with, and both bundles, as they are in `reports/golden/`. Where it was asked
/// for, they are made anew first.
static KEPT: LazyLock<()> = LazyLock::new(|| {
    if std::env::var_os("ASSAY_UPDATE_GOLDEN").is_none_or(|told| told != "1") {
        return;
    }
    let suite = stand::suite();
    fs::create_dir_all(kept("")).unwrap();
    fs::write(kept("report.pub"), report_key().public().to_spki_pem()).unwrap();
    for golden in &GOLDEN {
        fs::write(golden.zip(), golden.made(&suite)).unwrap();
    }
    pictures();
});

/// Pictures of both pages, for the README. Fonts differ from machine to machine, so nobody compares them.
fn pictures() {
    let (modules, chromium) = (root().join("target/page-node"), Path::new("/usr/bin/chromium"));
    assert!(chromium.exists() && modules.exists(), "run .ci/setup first: there are no pictures");
    let folder = tempfile::tempdir().unwrap();
    for golden in &GOLDEN {
        let zip = golden.zip();
        let page = format!("{}.html", golden.name);
        let drawn = ["report", zip.to_str().unwrap(), "--format", "html", "--out", &page];
        assert_eq!(assay(folder.path(), &drawn).status.code(), Some(0));
    }
    let mut node = Command::new("node");
    node.arg(root().join("tests/page/pictures.mjs")).arg(modules).arg(chromium);
    assert!(node.arg(folder.path()).arg(kept("")).status().unwrap().success());
}

/// The first file in which two bundles differ, and its first line.
fn difference(kept: &[u8], made: &[u8]) -> Option<String> {
    let [kept, made] = [kept, made].map(|zip| {
        let files = read_zip(zip).unwrap().into_iter();
        files.map(|file| (file.name.clone(), file.bytes.clone())).collect::<BTreeMap<_, _>>()
    });
    if !kept.keys().eq(made.keys()) {
        return Some(format!("files {:?} in place of {:?}", made.keys(), kept.keys()));
    }
    let (name, old) = kept.iter().find(|(name, bytes)| made[*name] != **bytes)?;
    let [old, new] = [old, &made[name]].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let lines = old.lines().zip(new.lines()).enumerate().find(|(_, (old, new))| old != new);
    Some(format!("{name}: {lines:.900?}"))
}

#[test]
fn the_golden_bundles_are_what_a_run_makes() {
    LazyLock::force(&KEPT);
    let suite = stand::suite();
    for golden in &GOLDEN {
        let held = fs::read(golden.zip()).unwrap();
        if let Some(found) = difference(&held, &golden.made(&suite)) {
            panic!(
                "reports/golden/{}.zip is not what a run makes today. Where that is meant, run the test with \
                 ASSAY_UPDATE_GOLDEN=1 and look at what changed: {found}",
                golden.name
            );
        }
    }
    let sizes = GOLDEN.map(|golden| fs::metadata(golden.zip()).unwrap().len());
    assert!(sizes.iter().sum::<u64>() < 1_700_000, "too large for a repository: {sizes:?}");
}

#[test]
fn the_golden_bundles_verify_and_say_what_they_are() {
    LazyLock::force(&KEPT);
    let key = kept("report.pub");
    let key = key.to_str().unwrap();
    for golden in &GOLDEN {
        let zip = golden.zip();
        let done = assay(root(), &["verify", zip.to_str().unwrap(), "--trust", key]);
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert_eq!(done.status.code(), Some(golden.verified.0), "{}: {said}", golden.name);
        assert!(said.contains(golden.verified.1), "{}: {said}", golden.name);
    }
}

/// An edit that somebody made of a file that is kept is found.
#[test]
fn a_golden_bundle_that_was_edited_is_told() {
    LazyLock::force(&KEPT);
    let zip = fs::read(GOLDEN[1].zip()).unwrap();
    assert_eq!(difference(&zip, &zip), None);
    let mut files = read_zip(&zip).unwrap();
    let results = files.iter_mut().find(|file| file.name == "results.json").unwrap();
    let text = String::from_utf8(results.bytes.clone()).unwrap();
    let better = text.replacen("\"rejected\"", "\"acceptable\"", 1);
    assert_ne!(better, text);
    results.bytes = better.into_bytes();
    let edited = assay::seal::write_zip(&files).unwrap();
    let told = difference(&zip, &edited).unwrap();
    assert!(told.starts_with("results.json: ") && told.contains("acceptable"), "{told}");
}
