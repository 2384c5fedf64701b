//! Runs joined into one bundle: what may be joined, what comes of it, and what does not verify.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod joining;
mod program;

use std::fs;
use std::sync::Arc;

use assay::seal::{Own, STATEMENT_FILE, open_bundle, replay, replay_merged};
use assay::suite::Suite;
use serde_json::{Value, json};
use signing::PrivateKey;

use joining::{Forged, Ground};

type Forgery = fn(&mut Forged<'_>);

/// Each with the part that `verify` names, as far as it is worth telling.
const FORGERIES: [(&str, &str, Forgery); 23] = [
    ("one run in place of another", "told as passed", |it| {
        it.put("parts/02", "third/acceptance.zip");
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
    ("a seal that is missing in its other form", "parts/02: statement.sigstore.json", |it| {
        drop(it.files.remove("parts/02/statement.sigstore.json"));
    }),
    ("a seal of another run in its other form", "parts/02: statement.sigstore.json", |it| {
        let other = it.files["parts/01/statement.sigstore.json"].clone();
        it.files.insert("parts/02/statement.sigstore.json".into(), other);
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
    ("a run of another client", "client id|began after", |it| {
        it.put("parts/02", "client/acceptance.zip");
    }),
    ("a merged bundle within", "merged bundle itself", |it| {
        it.put("parts/02", "whole/acceptance.zip");
    }),
    ("a run too many", "AMS-PAY-004|began after", |it| it.put("parts/03", "third/acceptance.zip")),
    ("a folder too many", "notes", |it| {
        it.files.insert("parts/notes/a.txt".into(), b"all good".to_vec());
    }),
    ("a file beside the runs", "notes.txt", |it| {
        it.files.insert("notes.txt".into(), b"all good".to_vec());
    }),
    ("a better outcome", "AMS-PAY-006", |it| {
        let name = "results.json";
        let text = String::from_utf8(it.files[name].clone()).unwrap();
        let (before, case) = text.split_once("\"AMS-PAY-006\"").unwrap();
        let case = case.replacen("\"disabled\"", "\"passed\"", 1);
        it.files.insert(name.into(), format!("{before}\"AMS-PAY-006\"{case}").into_bytes());
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
        ("client.yaml", "client", "AMS-PAY-003"),
        ("assay.yaml", "second", "AMS-PAY-003"),
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
            replay_merged(opened, &suite, &trusted, &Own::default()).map(drop)
        } else {
            replay(&opened, &suite, &trusted, &Own::default()).map(drop)
        };
        judged.map_err(|why| why.to_string())
    };
    let mut missed: Vec<String> = vec![];
    for (what, named, forge) in FORGERIES {
        let mut forged = Forged::of(&ground, "whole/acceptance.zip");
        forge(&mut forged);
        let why = judged(&forged.sealed()).err().unwrap_or_else(|| "it holds".into());
        // Runs that began within one second may stand in the wrong order as well.
        if !named.split('|').any(|named| why.contains(named)) {
            missed.push(format!("{what}: {why}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    seals(&ground, &judged);
}

/// A single run does not pass for a merged one, nor does a seal by another key.
fn seals(ground: &Ground, judged: &dyn Fn(&[u8]) -> Result<(), String>) {
    let mut forged = Forged::of(ground, "first/acceptance.zip");
    let parts = Forged::of(ground, "whole/acceptance.zip").facts()["parts"].clone();
    forged.facts()["parts"] = parts;
    let why = judged(&forged.sealed()).unwrap_err();
    assert!(why.contains("has no place"), "{why}");
    let mut forged = Forged::of(ground, "whole/acceptance.zip");
    forged.key = PrivateKey::generate(2048).unwrap();
    let why = judged(&forged.sealed()).unwrap_err();
    assert!(why.starts_with("signature: "), "{why}");
    let mut inner = Forged::of(ground, "first/acceptance.zip");
    inner.key = PrivateKey::generate(2048).unwrap();
    fs::create_dir(ground.at("foreign")).unwrap();
    fs::write(ground.at("foreign/acceptance.zip"), inner.sealed()).unwrap();
    let mut forged = Forged::of(ground, "whole/acceptance.zip");
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
    let page = fs::read_to_string(ground.at("whole/report.html")).unwrap();
    assert!(page.contains("<td>AMS-PAY-001 AMS-PAY-004</td>"));
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
fn shares_that_play_everything_are_acceptable_together() {
    let ground = Ground::new();
    let client = ("client_id: SANDBOX_5Y00000000000001", "partner: \"2088000000000001\"");
    let products = ("[user-presented]", "[website]");
    ground.profile("shop.yaml", &[("generation: ams", "generation: legacy"), products, client]);
    for (out, shard) in [("one", "1/2"), ("two", "2/2")] {
        ground.run("shop.yaml", out, &["--shard", shard]);
    }
    let merge = ["merge", "one", "two", "--profile", "shop.yaml", "--out", "whole"];
    let told = ground.wants(0, &merge);
    assert!(told.contains("acceptable (rehearsal)"), "{told}");
    assert!(told.contains("verify it with: assay verify whole/acceptance.zip"), "{told}");
    let told = ground.verify(0, "whole/acceptance.zip");
    assert!(told.contains("acceptable (rehearsal)") && told.contains("simulated"), "{told}");
    // Acceptable as it is, a rehearsal is nothing to certify.
    ground.wants(0, &["keys", "new", "--out", "reviewer.pem"]);
    let certify = ["certify", "whole/acceptance.zip", "--trust", "keys/report.pub"];
    let signs = ["--key", "reviewer.pem", "--reviewer", "Li Wei"];
    let told = ground.wants(2, &[&certify[..], &signs].concat());
    assert!(told.contains("not certified: ") && !ground.at("certificate").exists(), "{told}");
    let junit = fs::read_to_string(ground.at("whole/junit.xml")).unwrap();
    assert!(!junit.contains("<error") && !junit.contains("<failure"));
    let page = fs::read_to_string(ground.at("whole/report.html")).unwrap();
    assert!(page.contains("parts/02") && page.contains("everything mandatory, share 2/2"));
    // A share stays one when its run goes on.
    fs::remove_file(ground.at("one/acceptance.zip")).unwrap();
    ground.wants(2, &["run", "--resume", "one", "--profile", "shop.yaml", "--quiet"]);
    assert_eq!(Forged::of(&ground, "one/acceptance.zip").facts()["suite"]["shard"], "1/2");
}

/// A key that both sides share: who verifies gives it for all parts, or none of them counts.
#[test]
fn a_shared_key_is_given_for_every_part() {
    let ground = Ground::new();
    fs::write(ground.at("md5.key"), "q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6").unwrap();
    let profile = "generation: legacy\nproducts: [website]\nconditions: { sign_type: MD5 }\n\
                   merchant: { driver: reference }\n\
                   gateway: { url: embedded, partner: \"2088000000000001\", md5_key: { file: md5.key } }\n\
                   report: { key: { file: keys/report.pem }, integrator: A, contact: b@c.example }\n";
    fs::write(ground.at("md5.yaml"), profile).unwrap();
    for (out, case) in [("one", "LEG-PAY-031"), ("two", "LEG-PAY-033")] {
        ground.run("md5.yaml", out, &[case]);
    }
    let merge = ["merge", "one", "two", "--profile", "md5.yaml", "--out", "whole"];
    assert!(!ground.wants(2, &merge).contains("nobody has checked"));
    let told = ground.verify(2, "whole/acceptance.zip");
    assert_eq!(told.matches("nobody has checked them again").count(), 2, "{told}");
    let verify = ["verify", "whole/acceptance.zip", "--trust", "keys/report.pub"];
    let told = ground.wants(2, &[&verify[..], &["--md5-key", "md5.key"]].concat());
    assert_eq!(told.matches("checked again under the shared key").count(), 2, "{told}");
    assert_eq!(told.matches("nobody has checked them again").count(), 0, "{told}");
}

/// Stages: one run on a server with a key of its own, another on the embedded sandbox.
#[test]
fn runs_on_two_gateways_are_joined_and_each_is_checked_under_its_key() {
    let ground = Ground::new();
    ground.wants(0, &["keys", "new", "--out", "gateway.pem"]);
    ground.profile("far.yaml", &[("keys/alipay.pub", "gateway.pem.pub")]);
    let (mut server, url) = ground.sandbox();
    let gateway = ["--gateway", &url];
    ground.run("far.yaml", "far", &[&gateway[..], &["AMS-PAY-001"]].concat());
    server.kill().unwrap();
    server.wait().unwrap();
    ground.run("assay.yaml", "near", &["AMS-PAY-003"]);
    // Nobody is called: the server is no more.
    let merge = ["merge", "near", "far", "--out", "whole", "--profile", "far.yaml"];
    let told = ground.wants(2, &[&merge[..], &gateway].concat());
    assert!(told.contains("incomplete: 2 of") && told.contains("simulated"), "{told}");
    assert!(!told.contains("gateway unknown"), "{told}");
    let told = ground.verify(2, "whole/acceptance.zip");
    assert!(told.contains("gateway unknown"), "{told}");
    let verify = ["verify", "whole/acceptance.zip", "--trust", "keys/report.pub"];
    let told = ground.wants(2, &[&verify[..], &["--gateway-key", "gateway.pem.pub"]].concat());
    assert_eq!(told.matches("checked again under key").count(), 2, "{told}");
    // Whoever started it, a sandbox is a sandbox.
    assert!(told.contains("simulated") && !told.contains("partly simulated"), "{told}");
    assert!(!told.contains("gateway unknown"), "{told}");
    let page = fs::read_to_string(ground.at("whole/report.html")).unwrap();
    assert!(page.contains(&url) && !page.contains("partly simulated"));
}
