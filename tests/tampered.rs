//! A good bundle, edited in every way that we know: each file, each value of the statement, the record's
//! lines, files of another run, keys, features, the container. Each is refused with its own reason. The
//! recipes in `tests/bundles/`, `tests/forged.rs` and `tests/merged.rs` have what takes more than an edit.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod joining;
mod program;

use std::collections::BTreeMap;
use std::sync::Arc;

use assay::seal::{
    BundleFault, Bundled, OpenBundle, Own, open_bundle, open_files, replay, seal_files,
};
use assay::suite::Suite;
use joining::{Forged, Ground};
use serde_json::{Value, json};
use signing::{PrivateKey, PublicKey};

/// What whoever verifies has.
struct Verifier {
    suite: Arc<Suite>,
    trusted: PublicKey,
}

impl Verifier {
    /// Why a bundle does not hold: `part: why`.
    fn refuses(&self, zip: &[u8]) -> Option<String> {
        self.judges(open_bundle(zip, &self.trusted))
    }

    /// The same of its files, out of their container.
    fn refuses_files(&self, files: Vec<Bundled>) -> Option<String> {
        self.judges(open_files(files, &self.trusted))
    }

    fn judges(&self, opened: Result<OpenBundle, BundleFault>) -> Option<String> {
        let opened = match opened {
            Ok(opened) => opened,
            Err(why) => return Some(why.to_string()),
        };
        replay(&opened, &self.suite, &self.trusted, &Own::default())
            .err()
            .map(|why| why.to_string())
    }
}

/// What was wrong of a table, all of it at once.
#[derive(Default)]
struct Wrong {
    looked_at: usize,
    told: Vec<String>,
}

impl Wrong {
    fn wants(&mut self, what: &str, reason: &str, told: Option<String>) {
        self.looked_at += 1;
        let told = told.unwrap_or_else(|| "it holds".into());
        if !told.contains(reason) {
            self.told.push(format!("{what}: {told}"));
        }
    }
}

/// The files as they are, under a seal.
fn under(files: &Files, seal: &[Bundled]) -> Vec<Bundled> {
    let files = files.iter().map(|(name, bytes)| Bundled::new(name, bytes.as_slice()));
    files.chain(seal.iter().cloned()).collect()
}

/// Files by their names.
type Files = BTreeMap<String, Vec<u8>>;

/// Without the key nothing can be changed: each file is vouched for by length and digest.
fn every_file(ground: &Ground, verifier: &Verifier, wrong: &mut Wrong) {
    let good = Forged::of(ground, "first/acceptance.zip");
    let seal: Vec<Bundled> = ground
        .files("first/acceptance.zip")
        .into_iter()
        .filter(|file| assay::seal::is_seal(&file.name))
        .collect();
    assert_eq!(verifier.refuses_files(under(&good.files, &seal)), None);
    let edited = |edit: &dyn Fn(&mut Files)| {
        let mut files = good.files.clone();
        edit(&mut files);
        verifier.refuses_files(under(&files, &seal))
    };
    for name in good.files.keys() {
        let reason = |rest: &str| format!("digest: {}{rest}", json!(name));
        let told = edited(&|files| files.get_mut(name).unwrap()[0] ^= 1);
        wrong.wants(&format!("a byte of {name}"), &reason(" must have the digest"), told);
        let told = edited(&|files| files.get_mut(name).unwrap().push(b'\n'));
        wrong.wants(&format!("a line more in {name}"), &reason(" must have "), told);
        let told = edited(&|files| drop(files.remove(name)));
        let reason = format!("the statement names {}", json!(name));
        wrong.wants(&format!("{name} taken out"), &reason, told);
    }
    for added in ["report.pub", "keys/gateway.pub", "attachments/start-here.html"] {
        let told = edited(&|files| drop(files.insert(added.into(), b"all good".to_vec())));
        let reason = format!("{} is in the bundle and not in the statement", json!(added));
        wrong.wants(added, &reason, told);
    }
}

/// What only the runner can know of itself, and nothing else follows from.
const TAKEN_AS_TOLD: [&str; 4] = ["gitCommit", "binarySha256", "rustc", "target"];

/// The places of all values below one; of what is alike, the first and the last.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                places(member, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            let last = items.len().checked_sub(1);
            for place in [Some(0), last.filter(|last| *last > 0)].into_iter().flatten() {
                if let Some(item) = items.get(place) {
                    places(item, &format!("{at}/{place}"), found);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.push(at.to_owned());
        }
    }
}

/// Another value of the same kind: a word of ours becomes a better one, a digest another digest.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(told) => json!(!told),
        Value::Number(number) => json!(number.as_u64().unwrap() + 1),
        Value::String(text) => json!(match text.as_str() {
            "incomplete" => "acceptable".to_owned(),
            "rehearsal" => "submission".to_owned(),
            "FAILED" => "PASSED".to_owned(),
            "disabled" => "passed".to_owned(),
            "passed" => "disabled".to_owned(),
            text if text.len() == 64 => text.replace(['0', '1', '2', '3'], "4"),
            text => format!("{text}x"),
        }),
        Value::Null | Value::Array(_) | Value::Object(_) => unreachable!("{value}"),
    }
}

/// Whoever holds the report key can seal another statement. It has to be the one that the record gives.
fn every_value_of_the_statement(ground: &Ground, verifier: &Verifier, wrong: &mut Wrong) {
    let good = Forged::of(ground, "first/acceptance.zip");
    let sealed = |statement: &Value| {
        let statement = serde_json::to_vec(statement).unwrap();
        under(&good.files, &seal_files(&statement, &good.key).unwrap())
    };
    assert_eq!(verifier.refuses_files(sealed(&good.statement)), None);
    let mut found = vec![];
    places(&good.statement, "", &mut found);
    assert!(found.len() > 60, "{found:?}");
    for place in found {
        let mut statement = good.statement.clone();
        let value = statement.pointer_mut(&place).unwrap();
        *value = other(value);
        let told = verifier.refuses_files(sealed(&statement));
        let name = place.rsplit('/').next().unwrap();
        if place.contains("/facts/tool/") && TAKEN_AS_TOLD.contains(&name) {
            wrong.wants(&place, "it holds", told);
        } else {
            wrong.looked_at += 1;
            if told.is_none() {
                wrong.told.push(format!("{place}: it holds"));
            }
        }
    }
}

type Edit = fn(&mut Forged<'_>);

fn lines(it: &mut Forged<'_>, edit: impl Fn(&mut Vec<String>)) {
    let text = String::from_utf8(it.files["record.ndjson"].clone()).unwrap();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    edit(&mut lines);
    it.files.insert("record.ndjson".into(), lines.concat().into_bytes());
}

fn of_another_run(it: &mut Forged<'_>, names: &[&str]) {
    for file in it.ground.files("other/acceptance.zip") {
        if names.contains(&file.name.as_str()) {
            it.files.insert(file.name, file.bytes);
        }
    }
}

/// The feature file that stands first.
fn feature<'a>(it: &'a mut Forged<'_>) -> &'a mut Vec<u8> {
    let mut features = it.files.iter_mut().filter(|(name, _)| name.starts_with("features/"));
    features.next().unwrap().1
}

/// Edits by whoever holds the report key, and why each is refused.
const EDITS: [(&str, &str, Edit); 24] = [
    ("a line dropped", "the hash chain is broken", |it| {
        lines(it, |lines| drop(lines.remove(4)));
    }),
    ("a line twice", "the hash chain is broken", |it| {
        lines(it, |lines| lines.insert(4, lines[4].clone()));
    }),
    ("two lines swapped", "the hash chain is broken", |it| lines(it, |lines| lines.swap(4, 5))),
    ("the first entry dropped", "the hash chain is broken", |it| {
        lines(it, |lines| drop(lines.remove(1)));
    }),
    ("the last line dropped", "does not chain the heads", |it| {
        lines(it, |lines| drop(lines.pop()));
    }),
    ("everything but the first line dropped", "does not chain the heads", |it| {
        lines(it, |lines| lines.truncate(1));
    }),
    ("a record without its first line", "a header", |it| {
        lines(it, |lines| drop(lines.remove(0)));
    }),
    ("a line that is cut off", "record: record line ", |it| {
        lines(it, |lines| lines[4].truncate(90));
    }),
    ("a line after the last", "record: record line ", |it| {
        lines(it, |lines| lines.push(lines[4].clone()));
    }),
    ("another seed in the first line", "record: AMS-PAY-001 line ", |it| {
        it.edit("record.ndjson", "\"seed\":\"1\"", "\"seed\":\"2\"");
    }),
    ("another plan in the first line", "the statement is not the one", |it| {
        it.edit(
            "record.ndjson",
            "\"plan\":[\"AMS-PAY-001\"]",
            "\"plan\":[\"AMS-PAY-001\",\"AMS-PAY-003\"]",
        );
    }),
    ("the record of another run", "run id", |it| of_another_run(it, &["record.ndjson"])),
    ("the verdict of another run", "AMS-PAY-001 is told as disabled and judged as passed", |it| {
        of_another_run(it, &["results.json"]);
    }),
    ("the page of another run", "report.html is not what the record gives", |it| {
        of_another_run(it, &["report.html"]);
    }),
    ("the JUnit file of another run", "junit.xml is not what the record gives", |it| {
        of_another_run(it, &["junit.xml"]);
    }),
    ("everything of another run but its statement", "run id", |it| {
        of_another_run(it, &["record.ndjson", "results.json", "report.html", "junit.xml"]);
    }),
    (
        "the profile of another merchant",
        "the contract is not the one that the bundle tells",
        |it| {
            it.edit("profile.json", "SANDBOX_5Y00000000000001", "SANDBOX_5Y00000000000002");
        },
    ),
    ("the keys of another merchant", "merchant signatures: ", |it| {
        let key = PrivateKey::generate(2048).unwrap().public();
        let mut keys: Value = serde_json::from_slice(&it.files["keys.json"]).unwrap();
        keys["merchant"] =
            json!({ "fingerprint": key.fingerprint(), "spki": key.to_spki_base64() });
        it.files.insert("keys.json".into(), serde_json::to_vec(&keys).unwrap());
    }),
    (
        "a key shipped inside",
        "report.pub is in the bundle, and nothing in the record attaches it",
        |it| {
            let key = it.key.public().to_spki_pem();
            it.files.insert("report.pub".into(), key.into_bytes());
        },
    ),
    ("a feature with a blank line more", "is not the pinned one", |it| feature(it).push(b'\n')),
    ("a feature with other line ends", "is not the pinned one", |it| {
        let text = String::from_utf8(feature(it).clone()).unwrap();
        *feature(it) = text.replace('\n', "\r\n").into_bytes();
    }),
    ("a feature that opens with a mark", "is not the pinned one", |it| {
        feature(it).splice(0..0, "\u{feff}".bytes());
    }),
    ("a mandatory case taken out of the verdict", "verdict: ", |it| {
        let mut results: Value = serde_json::from_slice(&it.files["results.json"]).unwrap();
        results["cases"].as_array_mut().unwrap().remove(1);
        it.files.insert("results.json".into(), serde_json::to_vec_pretty(&results).unwrap());
    }),
    ("a case twice in the verdict", "verdict: ", |it| {
        let mut results: Value = serde_json::from_slice(&it.files["results.json"]).unwrap();
        let cases = results["cases"].as_array_mut().unwrap();
        cases.push(cases[0].clone());
        it.files.insert("results.json".into(), serde_json::to_vec_pretty(&results).unwrap());
    }),
];

/// Seals of another key, with the trusted one named, shipped or laid beside.
fn other_keys(ground: &Ground, verifier: &Verifier, wrong: &mut Wrong) {
    let good = Forged::of(ground, "first/acceptance.zip");
    let statement = serde_json::to_vec(&good.statement).unwrap();
    let stranger = PrivateKey::generate(2048).unwrap();
    let seal = seal_files(&statement, &stranger).unwrap();
    let told = verifier.refuses_files(under(&good.files, &seal));
    wrong.wants("sealed by a stranger", "signature: the envelope names the key", told);
    let [ours, theirs] = [&good.key, &stranger].map(|key| key.public().fingerprint());
    let named = seal.clone().map(|file| {
        let text = String::from_utf8(file.bytes).unwrap().replace(&theirs, &ours);
        Bundled::new(file.name, text)
    });
    let told = verifier.refuses_files(under(&good.files, &named));
    wrong.wants("sealed by a stranger as us", "signature: the signature is not", told);
    let [mut envelope, sigstore] = seal_files(&statement, &good.key).unwrap();
    let mut both: Value = serde_json::from_slice(&envelope.bytes).unwrap();
    let other: Value = serde_json::from_slice(&seal[0].bytes).unwrap();
    both["signatures"].as_array_mut().unwrap().push(other["signatures"][0].clone());
    envelope.bytes = serde_json::to_vec(&both).unwrap();
    let told = verifier.refuses_files(under(&good.files, &[envelope, sigstore]));
    wrong.wants("two signatures", "envelope: one signature is expected, there are 2", told);
}

/// What readers of zips disagree about; `src/seal/tests/zips.rs` has the rest, byte by byte.
fn containers(ground: &Ground, verifier: &Verifier, wrong: &mut Wrong) {
    let good = std::fs::read(ground.at("first/acceptance.zip")).unwrap();
    let hidden = {
        let mut outer = good.clone();
        let end = outer.len() - 2;
        let length = u16::try_from(good.len().min(60_000)).unwrap().to_le_bytes();
        outer[end..].copy_from_slice(&length);
        [outer, good[good.len().saturating_sub(60_000)..].to_vec()].concat()
    };
    for (what, reason, bytes) in [
        ("nothing", "zip: ", vec![]),
        ("cut in the middle", "zip: the last 22 bytes", good[..good.len() / 2].to_vec()),
        ("cut by a byte", "zip: the last 22 bytes", good[..good.len() - 1].to_vec()),
        ("a byte after it", "zip: the last 22 bytes", [good.as_slice(), b"\n"].concat()),
        ("a byte before it", "zip: ", [b"\n", good.as_slice()].concat()),
        ("two of them", "zip: ", [good.as_slice(), &good].concat()),
        ("another in its comment", "zip: ", hidden),
    ] {
        wrong.wants(what, reason, verifier.refuses(&bytes));
    }
}

#[test]
fn every_edit_of_a_good_bundle_is_refused_with_its_own_reason() {
    let ground = Ground::new();
    ground.run("assay.yaml", "first", &["AMS-PAY-001"]);
    ground.run("assay.yaml", "other", &["AMS-PAY-003"]);
    let suite = Arc::new(Suite::embedded().unwrap());
    let verifier = Verifier { suite, trusted: ground.report_key().public() };
    let mut wrong = Wrong::default();
    every_file(&ground, &verifier, &mut wrong);
    every_value_of_the_statement(&ground, &verifier, &mut wrong);
    for (what, reason, edit) in EDITS {
        let mut forged = Forged::of(&ground, "first/acceptance.zip");
        edit(&mut forged);
        wrong.wants(what, reason, verifier.refuses(&forged.sealed()));
    }
    other_keys(&ground, &verifier, &mut wrong);
    containers(&ground, &verifier, &mut wrong);
    assert!(
        wrong.told.is_empty(),
        "{} of {}: {:#?}",
        wrong.told.len(),
        wrong.looked_at,
        wrong.told
    );
    assert!(wrong.looked_at > 150, "{}", wrong.looked_at);
}
