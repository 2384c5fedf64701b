//! `assay report`: every form of a report drawn again from a bundle, and what is no bundle.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod joining;
mod program;
mod stand;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use signing::PrivateKey;

use joining::{Forged, Ground};

/// The bundle of a merchant who fails a case and passes another.
fn rejected(ground: &Ground, name: &str) {
    let suite = stand::suite();
    let mut planned = stand::everything(&suite);
    planned.retain(|it| ["AMS-PAY-001", "AMS-PAY-004"].contains(&it.key.to_string().as_str()));
    let mut backstage = stand::backstage();
    backstage.merchant_defect = merchant::Defect::from_id("M-AMS-store-left-out");
    let came = stand::play(&suite, planned, backstage, 1);
    fs::write(ground.at(name), stand::bundle(&suite, &came, &ground.report_key())).unwrap();
}

fn report(ground: &Ground, code: i32, bundle: &str, format: &str, more: &[&str]) -> String {
    ground.wants(code, &[&["report", bundle, "--format", format], more].concat())
}

/// What a report says on standard output.
fn drawn(ground: &Ground, bundle: &str, format: &str) -> String {
    let out = ground.at("drawn");
    report(ground, 0, bundle, format, &["--out", "drawn", "--trust", "keys/report.pub"]);
    let text = fs::read_to_string(&out).unwrap();
    fs::remove_file(out).unwrap();
    text
}

#[test]
fn every_report_is_drawn_again_from_a_bundle() {
    let ground = Ground::new();
    rejected(&ground, "rejected.zip");
    let file = |name: &str| {
        let files = ground.files("rejected.zip");
        let found = files.into_iter().find(|file| file.name == name).unwrap();
        String::from_utf8(found.bytes).unwrap()
    };
    for (format, name) in
        [("html", "report.html"), ("junit", "junit.xml"), ("json", "results.json")]
    {
        assert!(drawn(&ground, "rejected.zip", format) == file(name), "{format}");
    }
    let summary = drawn(&ground, "rejected.zip", "markdown");
    assert!(summary.starts_with("## ❌ Rejected"), "{summary}");
    assert!(summary.contains("**AMS-PAY-001**"), "{summary}");
    let chinese = ["--lang", "zh", "--trust", "keys/report.pub"];
    assert!(report(&ground, 0, "rejected.zip", "markdown", &chinese).contains("不通过"));
    let told = drawn(&ground, "rejected.zip", "github");
    let first = told.lines().next().unwrap();
    assert!(first.starts_with("::error file=features/ams/payment/user-presented.feature,line="));
    let line: usize =
        first.split("line=").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    let feature = file("features/ams/payment/user-presented.feature");
    let sentence = feature.lines().nth(line - 1).unwrap().trim();
    assert!(sentence.starts_with("Then ") || sentence.starts_with("And "), "{first}: {sentence}");
    assert!(first.contains(sentence.split_once(' ').unwrap().1.get(..20).unwrap()), "{first}");
    read_by_others(&drawn(&ground, "rejected.zip", "messages"));
    // The same on standard output, where it is said that nobody looked at the seal.
    let told = report(&ground, 0, "rejected.zip", "github", &[]);
    assert!(told.contains("nobody has looked at the seal of rejected.zip"), "{told}");
}

/// Messages fit the official schema, and cucumber's own formatter shows them.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn read_by_others(messages: &str) {
    let finished = messages.lines().last().unwrap();
    assert!(finished.contains("\"success\":false"), "{finished}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (modules, chromium) = (root.join("target/page-node"), Path::new("/usr/bin/chromium"));
    let there = chromium.exists() && modules.join("node_modules/ajv").exists();
    assert!(there || std::env::var_os("CI").is_none(), "run .ci/setup first");
    if !there {
        eprintln!("skipped: Chromium or the libraries are missing; .ci/setup installs them");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.ndjson");
    fs::write(&file, messages).unwrap();
    let mut node = Command::new("node");
    let node = node.arg(root.join("tests/page/messages.mjs")).arg(modules).arg(chromium).arg(file);
    let read = node.output().unwrap();
    let both = [read.stdout, read.stderr].concat();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&both));
}

#[test]
fn several_runs_in_one_bundle_are_drawn_together() {
    let ground = Ground::new();
    let more = ["--format", "messages,markdown", "--format", "messages"];
    ground.run("assay.yaml", "first", &[&["AMS-PAY-001"], &more[..]].concat());
    // What a run writes beside its bundle is what is drawn from that, and no part of it.
    for (format, name) in [("messages", "messages.ndjson"), ("markdown", "summary.md")] {
        let own = fs::read_to_string(ground.at("first").join(name)).unwrap();
        assert!(drawn(&ground, "first", format) == own, "{format}");
        assert!(ground.files("first/acceptance.zip").iter().all(|file| file.name != name));
    }
    ground.run("assay.yaml", "second", &["AMS-PAY-004"]);
    assert!(!ground.at("second/summary.md").exists(), "nobody asked for it");
    ground.merge(2, &["first", "second"], "whole");
    for (format, name) in
        [("html", "report.html"), ("junit", "junit.xml"), ("json", "results.json")]
    {
        let own = fs::read_to_string(ground.at("whole").join(name)).unwrap();
        assert!(drawn(&ground, "whole", format) == own, "{format}");
    }
    let messages = drawn(&ground, "whole", "messages");
    for case in ["AMS-PAY-001", "AMS-PAY-004"] {
        let attempt = format!("\"{case} attempt 1\"");
        assert!(messages.contains(&attempt), "{case}");
    }
}

#[test]
fn what_is_no_bundle_of_this_suite_is_not_drawn() {
    let ground = Ground::new();
    ground.run("assay.yaml", "run", &["AMS-PAY-001"]);
    let refused = |name: &str, forge: &dyn Fn(&mut Forged<'_>), named: &[&str]| {
        let mut forged = Forged::of(&ground, "run/acceptance.zip");
        forge(&mut forged);
        fs::write(ground.at(name), forged.sealed()).unwrap();
        let told = report(&ground, 65, name, "html", &[]);
        assert!(named.iter().all(|part| told.contains(part)), "{name}: {told}");
    };
    refused(
        "version.zip",
        &|it| {
            it.facts()["suite"]["version"] = json!("2031.1.0");
            it.facts()["tool"]["version"] = json!("9.8.7");
        },
        &["2031.1.0", "9.8.7"],
    );
    refused("feature.zip", &|it| it.edit("catalogue.yaml", "suite", "suits"), &["suite"]);
    refused(
        "record.zip",
        &|it| it.edit("record.ndjson", "\"did\"", "\"dad\""),
        &["is broken at its record"],
    );
    refused("facts.zip", &|it| it.facts()["run"]["seed"] = json!("77"), &["seed"]);
    // Without a new seal it is the digest that does not hold, whoever looks.
    let mut files = ground.files("run/acceptance.zip");
    files.iter_mut().find(|file| file.name == "record.ndjson").unwrap().bytes.push(b'\n');
    fs::write(ground.at("edited.zip"), assay::seal::write_zip(&files).unwrap()).unwrap();
    assert!(report(&ground, 65, "edited.zip", "json", &[]).contains("record.ndjson"));
    fs::write(ground.at("empty.zip"), "").unwrap();
    report(&ground, 65, "empty.zip", "junit", &[]);
    assert!(report(&ground, 65, "nowhere.zip", "junit", &[]).contains("nowhere.zip"));
    assert!(report(&ground, 65, "keys", "junit", &[]).contains("acceptance.zip"));
}

#[test]
fn keys_and_files_that_will_not_do_are_told() {
    let ground = Ground::new();
    ground.run("assay.yaml", "run", &["AMS-PAY-001"]);
    let other = PrivateKey::generate(2048).unwrap();
    fs::write(ground.at("other.pub"), other.public().to_spki_pem()).unwrap();
    let told = report(&ground, 65, "run", "json", &["--trust", "other.pub"]);
    assert!(told.contains("broken at its signature"), "{told}");
    report(&ground, 66, "run", "json", &["--trust", "missing.pub"]);
    fs::write(ground.at("there.json"), "mine").unwrap();
    let told = report(&ground, 64, "run", "json", &["--out", "there.json"]);
    assert!(told.contains("there.json is there already"), "{told}");
    assert_eq!(fs::read_to_string(ground.at("there.json")).unwrap(), "mine");
    report(&ground, 74, "run", "json", &["--out", "no/such/folder.json"]);
    report(&ground, 64, "run", "pdf", &[]);
    #[cfg(target_os = "linux")]
    for format in ["html", "messages"] {
        report(&ground, 74, "run", format, &["--out", "/dev/full"]);
    }
}

/// A results file that says something else than the record does not become the report.
#[test]
fn a_report_follows_the_record() {
    let ground = Ground::new();
    rejected(&ground, "rejected.zip");
    let mut forged = Forged::of(&ground, "rejected.zip");
    forged.edit("results.json", "\"rejected\"", "\"acceptable\"");
    fs::write(ground.at("forged.zip"), forged.sealed()).unwrap();
    let told = report(&ground, 0, "forged.zip", "json", &["--trust", "keys/report.pub"]);
    assert!(told.contains("tells another verdict than its record gives"), "{told}");
    let out = drawn(&ground, "forged.zip", "json");
    let results: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(results["verdict"], "rejected");
}
