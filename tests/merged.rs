//! Runs joined into one bundle: what may be joined, what comes of it, and what does not verify.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use assay::seal::{
    Bundled, PAYLOAD_TYPE, STATEMENT_FILE, Subject, open_bundle, read_zip, replay, replay_merged,
    seal_statement, write_zip,
};
use assay::suite::Suite;
use serde_json::{Value, json};
use signing::PrivateKey;

fn assay(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(arguments)
        .env("ASSAY_LANG", "en")
        .env("NO_COLOR", "1")
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// A folder with a profile, and runs made with it.
struct Ground(tempfile::TempDir);

impl Ground {
    fn new() -> Self {
        let ground = Self(tempfile::tempdir().unwrap());
        ground.wants(0, &["init"]);
        ground.profile(
            "assay.yaml",
            &[("[user-presented, order-code, entry-code, cashier]", "[user-presented]")],
        );
        ground
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The profile with other words in it, under a name.
    fn profile(&self, name: &str, edits: &[(&str, &str)]) {
        let mut text = fs::read_to_string(self.at("assay.yaml")).unwrap();
        for (from, to) in edits {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        fs::write(self.at(name), text).unwrap();
    }

    /// Runs the program, which has to end so, and answers what it said.
    fn wants(&self, code: i32, arguments: &[&str]) -> String {
        let done = assay(self.0.path(), arguments);
        assert_eq!(done.status.code(), Some(code), "{arguments:?}: {}", said(&done));
        said(&done)
    }

    fn run(&self, profile: &str, out: &str, wanted: &[&str]) {
        let arguments = [&["run", "--profile", profile, "--out", out, "--quiet"], wanted].concat();
        self.wants(2, &arguments);
    }

    fn merge(&self, code: i32, runs: &[&str], out: &str) -> String {
        let arguments = [&["merge", "--profile", "assay.yaml", "--out", out], runs].concat();
        self.wants(code, &arguments)
    }

    fn verify(&self, code: i32, bundle: &str) -> String {
        self.wants(code, &["verify", bundle, "--trust", "keys/report.pub"])
    }

    fn files(&self, bundle: &str) -> Vec<Bundled> {
        read_zip(&fs::read(self.at(bundle)).unwrap()).unwrap()
    }

    fn report_key(&self) -> PrivateKey {
        PrivateKey::read(&fs::read(self.at("keys/report.pem")).unwrap()).unwrap()
    }
}

/// A bundle in the hands of somebody who has the report key.
struct Forged<'a> {
    ground: &'a Ground,
    files: BTreeMap<String, Vec<u8>>,
    statement: Value,
    key: PrivateKey,
}

impl<'a> Forged<'a> {
    fn of(ground: &'a Ground, bundle: &str) -> Self {
        let (envelope, files): (Vec<_>, Vec<_>) =
            ground.files(bundle).into_iter().partition(|file| file.name == STATEMENT_FILE);
        let envelope: Value = serde_json::from_slice(&envelope[0].bytes).unwrap();
        assert_eq!(envelope["payloadType"], PAYLOAD_TYPE);
        let payload = envelope["payload"].as_str().unwrap();
        let statement = signing::base64_decode_strict(payload).unwrap();
        Self {
            ground,
            files: files.into_iter().map(|file| (file.name, file.bytes)).collect(),
            statement: serde_json::from_slice(&statement).unwrap(),
            key: ground.report_key(),
        }
    }

    fn facts(&mut self) -> &mut Value {
        &mut self.statement["predicate"]["acceptanceReport"]["facts"]
    }

    /// Puts all files of a bundle into a folder in place of what is there.
    fn put(&mut self, folder: &str, bundle: &str) {
        self.drop(folder);
        for file in self.ground.files(bundle) {
            self.files.insert(format!("{folder}/{}", file.name), file.bytes);
        }
    }

    fn drop(&mut self, folder: &str) {
        self.files.retain(|name, _| !name.starts_with(&format!("{folder}/")));
    }

    /// Replaces a text that has to stand in a file.
    fn edit(&mut self, name: &str, from: &str, to: &str) {
        let text = String::from_utf8(self.files[name].clone()).unwrap();
        assert!(text.contains(from), "{from} in {name}");
        self.files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
    }

    /// The bundle under a new seal, all files named as they are now.
    fn sealed(mut self) -> Vec<u8> {
        let files = self.files.into_iter().map(|(name, bytes)| Bundled::new(name, bytes));
        let mut files: Vec<Bundled> = files.collect();
        let subjects: Vec<Subject> = files.iter().map(Subject::of).collect();
        let subjects = serde_json::to_value(subjects).unwrap();
        let configured = self.statement["predicate"]["configuration"].as_array_mut().unwrap();
        configured.retain_mut(|told| {
            let mut named = subjects.as_array().unwrap().iter();
            let subject = named.find(|subject| subject["name"] == told["name"]);
            subject.map(|subject| told["digest"] = subject["digest"].clone()).is_some()
        });
        self.statement["subject"] = subjects;
        let statement = serde_json::to_vec(&self.statement).unwrap();
        files.push(Bundled::new(STATEMENT_FILE, seal_statement(&statement, &self.key).unwrap()));
        write_zip(&files).unwrap()
    }
}

type Forgery = fn(&mut Forged<'_>);

/// Each with the part that `verify` names, as far as it is worth telling.
const FORGERIES: [(&str, &str, Forgery); 21] = [
    ("one run in place of another", "told as passed", |it| {
        it.put("parts/02", "third/acceptance.zip")
    }),
    ("the same, and its verdict with it", "parts/02", |it| {
        it.put("parts/02", "third/acceptance.zip");
        let envelope = signing::sha256_hex(&it.files["parts/02/statement.dsse.json"]);
        it.facts()["parts"][1]["envelopeSha256"] = json!(envelope);
        it.edit("parts/02/results.json", "\"passed\"", "\"failed\"");
    }),
    ("a record that was edited", "parts/01", |it| {
        it.edit("parts/01/record.ndjson", "\"seed\":\"1\"", "\"seed\":\"2\"");
    }),
    ("a page of a run that was edited", "parts/01", |it| {
        it.edit("parts/01/report.html", "</html>", "</html>\n");
    }),
    ("a file that was added to a run", "parts/01", |it| {
        it.files.insert("parts/01/notes.txt".into(), b"all good".to_vec());
    }),
    ("a file that is missing in a run", "parts/02", |it| {
        drop(it.files.remove("parts/02/junit.xml"));
    }),
    ("a seal that is missing in a run", "parts/02", |it| {
        drop(it.files.remove("parts/02/statement.dsse.json"));
    }),
    ("a run that was taken out", "two runs", |it| it.drop("parts/02")),
    ("a run that was taken out, and is told of no more", "two runs", |it| {
        it.drop("parts/02");
        drop(it.facts()["parts"].as_array_mut().unwrap().pop());
    }),
    ("the first run taken out", "parts/02", |it| it.drop("parts/01")),
    ("the same run twice", "same run", |it| it.put("parts/02", "first/acceptance.zip")),
    ("runs in another order", "began after", |it| {
        it.put("parts/01", "second/acceptance.zip");
        it.put("parts/02", "first/acceptance.zip");
        it.facts()["parts"].as_array_mut().unwrap().reverse();
    }),
    ("a run of another client", "client id", |it| it.put("parts/02", "client/acceptance.zip")),
    ("a merged bundle within", "merged bundle itself", |it| {
        it.put("parts/02", "whole/acceptance.zip");
    }),
    ("a run too many", "AMS-PAY-004", |it| it.put("parts/03", "third/acceptance.zip")),
    ("a folder too many", "notes", |it| {
        it.files.insert("parts/notes/a.txt".into(), b"all good".to_vec());
    }),
    ("a file beside the runs", "notes.txt", |it| {
        it.files.insert("notes.txt".into(), b"all good".to_vec());
    }),
    ("a better outcome", "AMS-PAY-003", |it| {
        let name = "results.json";
        let text = String::from_utf8(it.files[name].clone()).unwrap();
        let (before, case) = text.split_once("\"AMS-PAY-003\"").unwrap();
        let case = case.replacen("\"disabled\"", "\"passed\"", 1);
        it.files.insert(name.into(), format!("{before}\"AMS-PAY-003\"{case}").into_bytes());
    }),
    ("a page that was edited", "report.html", |it| {
        it.edit("report.html", "</html>", "</html>\n");
    }),
    ("a better verdict in the statement", "statement", |it| {
        it.statement["predicate"]["acceptanceReport"]["verdict"] = json!("acceptable");
    }),
    ("a gateway that was not simulated", "statement", |it| {
        it.facts()["gateway"]["simulated"] = json!(false);
    }),
];

#[test]
fn no_forged_merger_verifies() {
    let ground = Ground::new();
    let client = ("SANDBOX_5Y00000000000001", "SANDBOX_5Y00000000000002");
    ground.profile("client.yaml", &[client]);
    for (profile, out, case) in [
        ("assay.yaml", "first", "AMS-PAY-001"),
        ("client.yaml", "client", "AMS-PAY-002"),
        ("assay.yaml", "second", "AMS-PAY-002"),
        ("assay.yaml", "third", "AMS-PAY-004"),
    ] {
        ground.run(profile, out, &[case]);
    }
    ground.merge(2, &["first", "second"], "whole");
    // Runs within one second stand in the order of their ids.
    let first = ground.files("first/acceptance.zip");
    let whole = Forged::of(&ground, "whole/acceptance.zip");
    let record = |name: &str| first.iter().find(|file| file.name == name).unwrap().bytes.clone();
    let forward = whole.files["parts/01/record.ndjson"] == record("record.ndjson");
    if !forward {
        fs::rename(ground.at("first"), ground.at("swap")).unwrap();
        fs::rename(ground.at("second"), ground.at("first")).unwrap();
        fs::rename(ground.at("swap"), ground.at("second")).unwrap();
    }
    // As it was, under a seal made anew, it holds.
    fs::write(ground.at("forged.zip"), whole.sealed()).unwrap();
    ground.verify(2, "forged.zip");
    let suite = Arc::new(Suite::embedded().unwrap());
    let trusted = ground.report_key().public();
    let judged = |zip: &[u8]| {
        let opened = open_bundle(zip, &trusted).map_err(|why| why.to_string())?;
        let judged = if opened.is_merged() {
            replay_merged(opened, &suite, &trusted, &[]).map(drop)
        } else {
            replay(&opened, &suite, &trusted, &[]).map(drop)
        };
        judged.map_err(|why| why.to_string())
    };
    for (what, named, forge) in FORGERIES {
        let mut forged = Forged::of(&ground, "whole/acceptance.zip");
        forge(&mut forged);
        let why = judged(&forged.sealed()).expect_err(what);
        assert!(why.contains(named), "{what}: {why}");
    }
    // A single run does not pass for a merged one, nor does a seal by another key.
    let mut forged = Forged::of(&ground, "first/acceptance.zip");
    let parts = Forged::of(&ground, "whole/acceptance.zip").facts()["parts"].clone();
    forged.facts()["parts"] = parts;
    let why = judged(&forged.sealed()).unwrap_err();
    assert!(why.contains("has no place"), "{why}");
    let mut forged = Forged::of(&ground, "whole/acceptance.zip");
    forged.key = PrivateKey::generate(2048).unwrap();
    let why = judged(&forged.sealed()).unwrap_err();
    assert!(why.starts_with("signature: "), "{why}");
    let mut inner = Forged::of(&ground, "first/acceptance.zip");
    inner.key = PrivateKey::generate(2048).unwrap();
    fs::create_dir(ground.at("foreign")).unwrap();
    fs::write(ground.at("foreign/acceptance.zip"), inner.sealed()).unwrap();
    let mut forged = Forged::of(&ground, "whole/acceptance.zip");
    forged.put("parts/01", "foreign/acceptance.zip");
    fs::write(ground.at("forged.zip"), forged.sealed()).unwrap();
    let told = ground.verify(65, "forged.zip");
    assert!(told.contains("broken at its signature: in parts/01"), "{told}");
}

#[test]
fn runs_of_one_merchant_are_joined_and_no_others() {
    let ground = Ground::new();
    ground.wants(0, &["keys", "new", "--out", "other.pem"]);
    for (name, from, to) in [
        ("client", "SANDBOX_5Y00000000000001", "SANDBOX_5Y00000000000002"),
        ("key", "keys/merchant.pem", "other.pem"),
        ("products", "[user-presented]", "[user-presented, order-code]"),
        ("conditions", "expiry: false", "expiry: true"),
        ("sealed", "keys/report.pem", "other.pem"),
    ] {
        ground.profile(&format!("{name}.yaml"), &[(from, to)]);
        ground.run(&format!("{name}.yaml"), name, &["AMS-PAY-001"]);
    }
    ground.run("assay.yaml", "first", &["AMS-PAY-001"]);
    ground.run("assay.yaml", "second", &["AMS-PAY-001", "AMS-PAY-004"]);
    for (name, difference) in [
        ("client", "client id is \"SANDBOX_5Y00000000000002\""),
        ("key", "merchant key"),
        ("products", "\"user-presented, order-code\""),
        ("conditions", "conditions is"),
    ] {
        let told = ground.merge(64, &["first", name], "refused");
        assert!(told.contains(difference) && told.contains("first"), "{name}: {told}");
    }
    let told = ground.merge(65, &["first", "sealed"], "refused");
    assert!(told.contains("sealed is broken at its signature"), "{told}");
    // The same case in both, once in either: the bundle is the same whatever the order.
    ground.merge(2, &["first", "second/acceptance.zip"], "whole");
    ground.merge(2, &["second", "first"], "again");
    let bundle = |name: &str| fs::read(ground.at(name).join("acceptance.zip")).unwrap();
    assert!(bundle("whole") == bundle("again"));
    let results = fs::read(ground.at("whole/results.json")).unwrap();
    let results: Value = serde_json::from_slice(&results).unwrap();
    let case = &results["cases"][0];
    assert_eq!((&case["id"], &case["outcome"]), (&json!("AMS-PAY-001"), &json!("passed")));
    let attempts = case["runs"][0]["attempts"].as_array().unwrap();
    let told: Vec<_> = attempts.iter().map(|it| (&it["attempt"], &it["origin"])).collect();
    let origin = |part: u32| json!({ "part": part, "attempt": 1 });
    assert_eq!(told, [(&json!(1), &origin(1)), (&json!(2), &origin(2))]);
    // Each run is as it was, in its folder and in the bundle.
    let told = ground.verify(2, "whole/acceptance.zip");
    assert!(told.contains("parts/01 is run ") && told.contains("parts/02 is run "), "{told}");
    let files = ground.files("whole/acceptance.zip");
    for name in ["first", "second"] {
        let envelope = fs::read(ground.at(name).join(STATEMENT_FILE)).unwrap();
        let mut kept = files.iter().filter(|file| file.bytes == envelope);
        let folder = kept.next().unwrap().name.strip_suffix(STATEMENT_FILE).unwrap();
        for file in ground.files(&format!("{name}/acceptance.zip")) {
            let inside = format!("{folder}{}", file.name);
            assert!(files.iter().any(|it| it.name == inside && it.bytes == file.bytes), "{inside}");
            assert_eq!(fs::read(ground.at("whole").join(&inside)).unwrap(), file.bytes);
        }
    }
    let told = ground.merge(64, &["whole", "first"], "refused");
    assert!(told.contains("merged bundle itself"), "{told}");
    means_nothing(&ground);
}

/// What is refused says why and what to do, and writes nothing.
fn means_nothing(ground: &Ground) {
    fs::create_dir(ground.at("empty")).unwrap();
    fs::write(ground.at("broken.zip"), "PK nonsense").unwrap();
    for (code, runs, named) in [
        (64, &["first"][..], "two runs at least"),
        (64, &["first", "first"], "the same run"),
        (64, &["first", "first/acceptance.zip"], "the same run"),
        (65, &["first", "empty"], "empty/acceptance.zip"),
        (65, &["first", "nowhere"], "no bundle at nowhere"),
        (65, &["first", "broken.zip"], "broken.zip is broken at its zip"),
        (74, &["first", "second", "--out", "first"], "already holds a run"),
    ] {
        let arguments = [&["merge", "--profile", "assay.yaml"], runs].concat();
        let told = ground.wants(code, &arguments);
        assert!(told.contains(named) && told.contains("try: "), "{runs:?}: {told}");
        assert!(!ground.at("reports").exists(), "{runs:?}");
    }
    ground.wants(64, &["merge", "first", "second"]);
    ground.wants(64, &["merge", "--profile", "assay.yaml"]);
    ground.wants(66, &["merge", "first", "second", "--profile", "none.yaml"]);
    let told =
        ground.wants(64, &["--lang", "zh", "merge", "first", "first", "--profile", "assay.yaml"]);
    assert!(told.contains("first 与 first 是同一次运行"), "{told}");
}

#[test]
fn shards_that_play_everything_are_acceptable_together() {
    let ground = Ground::new();
    let client = ("client_id: SANDBOX_5Y00000000000001", "partner: \"2088000000000001\"");
    let products = ("[user-presented]", "[website]");
    ground.profile("shop.yaml", &[("generation: ams", "generation: legacy"), products, client]);
    ground.run("shop.yaml", "one", &["payment"]);
    ground.run("shop.yaml", "two", &["refund-cancel", "merchants", "reconciliation"]);
    let merge = ["merge", "one", "two", "--profile", "shop.yaml", "--out", "whole"];
    let told = ground.wants(0, &merge);
    assert!(told.contains("acceptable (rehearsal)"), "{told}");
    assert!(told.contains("verify it with: assay verify whole/acceptance.zip"), "{told}");
    let told = ground.verify(0, "whole/acceptance.zip");
    assert!(told.contains("acceptable (rehearsal)") && told.contains("simulated"), "{told}");
    let junit = fs::read_to_string(ground.at("whole/junit.xml")).unwrap();
    assert!(!junit.contains("<error") && !junit.contains("<failure"));
    let page = fs::read_to_string(ground.at("whole/report.html")).unwrap();
    assert!(page.contains("parts/02") && page.contains("refund-cancel merchants reconciliation"));
}
