//! Many bundles in one call: a line each, JSON for machines, one exit code for all of them.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod program;
mod stand;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use program::assay;
use serde_json::{Value, json};
use signing::PrivateKey;

/// A folder with the bundles of a merchant who fails, and of a run that is no more than a case.
struct Ground(tempfile::TempDir);

impl Ground {
    fn new() -> Self {
        let ground = Self(tempfile::tempdir().unwrap());
        assert_eq!(assay(ground.at(), &["init"]).status.code(), Some(0));
        let key = fs::read(ground.at().join("keys/report.pem")).unwrap();
        let key = PrivateKey::read(&key).unwrap();
        let suite = stand::suite();
        for (name, defect) in
            [("rejected.zip", Some("M-AMS-store-left-out")), ("incomplete.zip", None)]
        {
            let mut planned = stand::everything(&suite);
            planned.retain(|planned| planned.key.to_string() == "AMS-PAY-001");
            let mut backstage = stand::backstage();
            backstage.merchant_defect = defect.and_then(merchant::Defect::from_id);
            let came = stand::play(&suite, planned, backstage, 1);
            fs::write(ground.at().join(name), stand::bundle(&suite, &came, &key)).unwrap();
        }
        let mut broken = fs::read(ground.at().join("incomplete.zip")).unwrap();
        broken.push(0);
        fs::write(ground.at().join("broken.zip"), broken).unwrap();
        ground
    }

    fn at(&self) -> &Path {
        self.0.path()
    }

    fn verify(&self, bundles: &[&str], more: &[&str]) -> Output {
        let trust = ["--trust", "keys/report.pub"];
        assay(self.at(), &[&["verify"], bundles, &trust, more].concat())
    }

    fn said(&self, code: i32, bundles: &[&str], more: &[&str]) -> String {
        let told = self.verify(bundles, more);
        let said = String::from_utf8_lossy(&told.stdout).into_owned();
        assert_eq!(told.status.code(), Some(code), "{bundles:?} {more:?}: {said}");
        said
    }
}

#[test]
fn many_bundles_are_verified_in_one_call() {
    let ground = Ground::new();
    a_line_each(&ground);
    no_key_to_say_more(&ground);
    a_log_of_the_gateway(&ground);
    a_machine_reads(&ground);
}

/// Several bundles are told a line each, and end as the gravest of them.
fn a_line_each(ground: &Ground) {
    let all = ["rejected.zip", "broken.zip", "incomplete.zip", "none.zip", "rejected.zip"];
    let said = ground.said(65, &all, &["--jobs", "3"]);
    let lines: Vec<&str> = said.lines().collect();
    // Under what is broken stands what was expected; every other bundle has its line.
    let wanted = [
        "rejected.zip: rejected: 0 of ",
        "broken.zip is broken at its zip: ",
        "  expected: a zip of plain files",
        "incomplete.zip: incomplete: 1 of ",
        "none.zip is broken at its bundle: ",
        "  expected: a bundle that can be read",
        "rejected.zip: rejected: 0 of ",
        "",
        "5 bundles: 0 acceptable, 2 rejected, 1 incomplete, 2 broken",
        "",
        "A valid seal does not prove",
    ];
    assert_eq!(lines.len(), wanted.len(), "{said}");
    for (line, wanted) in lines.iter().zip(wanted) {
        assert!(line.starts_with(wanted), "{line}");
    }
    assert!(lines[0].ends_with("; simulated"), "{said}");
    // How many at once changes nothing of it.
    for jobs in ["1", "64"] {
        assert_eq!(ground.said(65, &all, &["--jobs", jobs]), said);
    }
    ground.said(1, &["incomplete.zip", "rejected.zip"], &[]);
    ground.said(2, &["incomplete.zip", "incomplete.zip"], &[]);
    let chinese = ground.said(1, &["incomplete.zip", "rejected.zip"], &["--lang", "zh"]);
    assert!(chinese.contains("共 2 个报告包：可接受 0，被拒绝 1，不完整 1，已损坏 0"), "{chinese}");
    for jobs in ["0", "65", "many"] {
        ground.said(64, &["incomplete.zip"], &["--jobs", jobs]);
    }
}

/// A gateway's log that is none is as a key that is none; one that proves nothing is no fault.
fn a_log_of_the_gateway(ground: &Ground) {
    let verify = |log: &str| {
        let told = ground.verify(&["incomplete.zip"], &["--gateway-log", log]);
        let texts = [&told.stdout, &told.stderr].map(|it| String::from_utf8_lossy(it).into_owned());
        (told.status.code(), texts.concat())
    };
    let line = r#"{"signature":"algorithm=RSA256,signature=QUJD","body":"{}"}"#;
    for (text, code, says) in [
        (format!("{line}\n\n{line}\n"), 2, "the seal holds"),
        (String::new(), 2, "the seal holds"),
        (format!("{line}\n{line}{line}"), 66, "line 2"),
        (r#"{"signature":"a"}"#.to_owned(), 66, "line 1"),
        (r#"{"body":"a","when":1}"#.to_owned(), 66, "line 1"),
    ] {
        fs::write(ground.at().join("log.ndjson"), &text).unwrap();
        let (told, said) = verify("log.ndjson");
        assert_eq!(told, Some(code), "{text}: {said}");
        assert!(said.contains(says), "{text}: {said}");
    }
    let (told, said) = verify("nowhere.ndjson");
    assert_eq!(told, Some(66), "{said}");
    assert!(said.contains("nowhere.ndjson"), "{said}");
}

/// A key that cannot be used is told, after what needed none.
fn no_key_to_say_more(ground: &Ground) {
    let verify = |bundles: &[&str], more: &[&str]| {
        let told = assay(
            ground.at(),
            &[&["verify"], bundles, &["--trust", "no-such-key"][..], more].concat(),
        );
        let texts = [&told.stdout, &told.stderr].map(|it| String::from_utf8_lossy(it).into_owned());
        (told.status.code(), texts)
    };
    let (code, [said, why]) = verify(&["broken.zip", "incomplete.zip"], &[]);
    assert_eq!(code, Some(66), "{said}{why}");
    assert!(said.contains("broken.zip is broken at its zip"), "{said}");
    assert!(said.contains("incomplete.zip: not verified"), "{said}");
    assert!(why.contains("no-such-key"), "{why}");
    let (code, [said, _]) = verify(&["broken.zip", "none.zip"], &[]);
    assert_eq!(code, Some(65), "{said}");
    // A machine gets the whole array, or none of it.
    let (code, [said, _]) = verify(&["broken.zip", "incomplete.zip"], &["--json"]);
    assert_eq!((code, said.as_str()), (Some(66), ""));
}

/// An object for each bundle, with the names that are documented.
fn a_machine_reads(ground: &Ground) {
    let all = ["rejected.zip", "broken.zip", "incomplete.zip"];
    let listed = |bundles: &[&str], code: i32| -> Vec<Value> {
        serde_json::from_str(&ground.said(code, bundles, &["--json"])).unwrap()
    };
    let told = listed(&all, 65);
    let fields = |name: &str| told.iter().map(|it| it[name].clone()).collect::<Vec<_>>();
    assert_eq!(fields("bundle"), all.map(Value::from));
    assert_eq!(fields("exit"), [json!(1), json!(65), json!(2)]);
    assert_eq!(fields("holds"), [json!(true), json!(false), json!(true)]);
    assert_eq!(fields("verdict"), [json!("rejected"), Value::Null, json!("incomplete")]);
    assert_eq!(told[1]["broken"]["part"], "zip");
    assert_eq!(told[2]["gateway_known"], true);
    assert_eq!(told[2]["simulated"], true);
    assert!(told[2]["signatures_checked"].as_u64().unwrap() > 0);
    let bytes = fs::read(ground.at().join("incomplete.zip")).unwrap();
    assert_eq!(told[2]["sha256"], signing::sha256_hex(&bytes));
    assert_eq!(listed(&["broken.zip"], 65).len(), 1);
    assert_eq!(listed(&["incomplete.zip"], 2).len(), 1);
    // The page that documents the names has these, and no others.
    let page = include_str!("../docs/verify.md");
    let page = page.split("With `--review`").next().unwrap_or_default();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    // What few bundles have is not in these.
    let rows = rows.filter(|(_, what)| !what.contains("only where there are any"));
    let documented: BTreeSet<&str> = rows.map(|(name, _)| name).collect();
    let held = told.iter().flat_map(|it| it.as_object().unwrap().keys());
    let within = told[1]["broken"].as_object().unwrap().keys().map(|name| format!("broken.{name}"));
    let within: Vec<String> = within.collect();
    let names = held.map(String::as_str).filter(|name| *name != "broken");
    let names: BTreeSet<&str> = names.chain(within.iter().map(String::as_str)).collect();
    assert_eq!(names, documented);
}
