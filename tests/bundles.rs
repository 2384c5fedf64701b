//! Bundles, good and bad: each recipe in `tests/bundles/` is an edit of a run that the test makes,
//! and what `assay verify` has to say about it. A name that ends in `_fail` is a bundle that must
//! not verify.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test has nobody to hand an error to")]

mod program;
mod stand;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assay::seal::{Bundled, STATEMENT_FILE, is_seal, open_bundle, read_zip, seal_files, write_zip};
use evidence::{Event, Record, RecordFile};
use program::assay;
use serde_json::Value;
use signing::{PrivateKey, PublicKey};

/// A run of two cases with a report key that the test has.
struct Ground {
    folder: tempfile::TempDir,
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let done = assay(folder.path(), &["init"]);
        assert_eq!(done.status.code(), Some(0));
        let arguments =
            ["run", "AMS-PAY-001", "AMS-PAY-006", "--profile", "assay.yaml", "--out", "run"];
        let done = assay(folder.path(), &arguments);
        assert_eq!(done.status.code(), Some(2), "{}", String::from_utf8_lossy(&done.stdout));
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn key(&self) -> PrivateKey {
        PrivateKey::read(&fs::read(self.path("keys/report.pem")).unwrap()).unwrap()
    }

    fn files(&self) -> Vec<Bundled> {
        read_zip(&fs::read(self.path("run/acceptance.zip")).unwrap()).unwrap()
    }
}

fn named<'a>(files: &'a mut [Bundled], name: &str) -> &'a mut Bundled {
    files.iter_mut().find(|file| file.name == name).unwrap_or_else(|| panic!("no {name}"))
}

fn text<'a>(edit: &'a Value, name: &str) -> Option<&'a str> {
    edit.get(name).and_then(Value::as_str)
}

/// Replaces the first place where a text stands; that it stands there is part of the recipe.
/// `{suite}` is the version of this program's suite.
fn replace(bytes: &[u8], edit: &Value) -> Vec<u8> {
    let (from, to) = (text(edit, "from").unwrap(), text(edit, "to").unwrap());
    let from = from.replace("{suite}", stand::suite().version());
    let whole = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(whole.contains(&from), "'{from}' does not stand there");
    whole.replacen(&from, to, 1).into_bytes()
}

/// Edits the record's lines and makes every chain whole again, as a dishonest operator could.
fn rechained(bytes: &[u8], edit: &Value) -> Vec<u8> {
    let record = Record::read(bytes).unwrap();
    let (from, to) = (text(edit, "from").unwrap(), text(edit, "to").unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.ndjson");
    let file = Arc::new(RecordFile::create(&path, &record.header).unwrap());
    let delay = edit.get("delay").and_then(Value::as_i64).unwrap_or(0);
    let everywhere = edit.get("everywhere").is_some();
    let mut met = false;
    let mut order = vec![];
    for case in &record.cases {
        let told = format!("\"case\":\"{}\"", case.key);
        let key = told.replacen(from, to, 1);
        met |= key != told;
        let key: evidence::CaseKey = key[8..key.len() - 1].parse().unwrap();
        order.push(key.case.clone());
        let recorder = file.recorder(key, case.attempt);
        let mut late = 0;
        for entry in &case.entries {
            let line = serde_json::to_string(&entry.event).unwrap();
            let hit = line.contains(from) && (everywhere || !met);
            let edited = if hit { line.replacen(from, to, 1) } else { line };
            met |= hit;
            late = if hit { delay } else { late };
            let event: Event = serde_json::from_str(&edited).unwrap();
            recorder.append(entry.at + late, event);
        }
    }
    assert!(met, "'{from}' does not stand in the record");
    file.seal(&order).unwrap();
    fs::read(&path).unwrap()
}

fn lines(bytes: &[u8], edit: &Value) -> Vec<u8> {
    let whole = String::from_utf8(bytes.to_vec()).unwrap();
    let mut lines: Vec<&str> = whole.split_inclusive('\n').collect();
    if let Some(line) = edit.get("drop_line").and_then(Value::as_u64) {
        lines.remove(usize::try_from(line).unwrap());
    }
    if let Some(line) = edit.get("swap_line").and_then(Value::as_u64) {
        let line = usize::try_from(line).unwrap();
        lines.swap(line, line + 1);
    }
    lines.concat().into_bytes()
}

/// The statement's payload, as it stands in the envelope.
fn payload(files: &mut [Bundled]) -> Vec<u8> {
    let envelope: Value = serde_json::from_slice(&named(files, STATEMENT_FILE).bytes).unwrap();
    signing::base64_decode_strict(envelope["payload"].as_str().unwrap()).unwrap()
}

/// Names the files as they are now in the statement, and seals it with the operator's own key.
fn reseal(files: &mut [Bundled], statement: &[u8], key: &PrivateKey) {
    let mut statement: Value = serde_json::from_slice(statement).unwrap();
    let digest = |name: &str| {
        let file = files.iter().find(|file| file.name == name)?;
        Some((signing::sha256_hex(&file.bytes), file.bytes.len()))
    };
    let old = statement["subject"].as_array().unwrap().clone();
    let mut subjects: Vec<Value> = vec![];
    for file in files.iter().filter(|file| !is_seal(&file.name)) {
        let (sha256, length) = digest(&file.name).unwrap();
        let known = old.iter().find(|subject| subject["name"] == file.name.as_str());
        let by_name = if file.name.starts_with("attachments/") { "attachment" } else { "feature" };
        let role = known.map_or(by_name.into(), |known| known["annotations"]["role"].clone());
        subjects.push(serde_json::json!({
            "name": file.name,
            "digest": { "sha256": sha256 },
            "annotations": { "role": role, "bytes": length },
        }));
    }
    subjects.sort_by_key(|subject| subject["name"].as_str().unwrap().to_owned());
    statement["subject"] = subjects.into();
    for configured in statement["predicate"]["configuration"].as_array_mut().unwrap() {
        let (sha256, _) = digest(configured["name"].as_str().unwrap()).unwrap();
        configured["digest"]["sha256"] = sha256.into();
    }
    let sealed = seal_files(&serde_json::to_vec(&statement).unwrap(), key).unwrap();
    for seal in sealed {
        // One that a recipe dropped stays away.
        if let Some(file) = files.iter_mut().find(|file| file.name == seal.name) {
            file.bytes = seal.bytes;
        }
    }
}

fn apply(ground: &Ground, recipe: &Value) -> Vec<u8> {
    let mut files = ground.files();
    let mut statement = payload(&mut files);
    let mut tail = vec![];
    for edit in recipe["edits"].as_array().unwrap() {
        if let Some(name) = text(edit, "file") {
            let file = named(&mut files, name);
            file.bytes = replace(&file.bytes, edit);
        } else if let Some(name) = text(edit, "add") {
            files.push(Bundled::new(name, text(edit, "text").unwrap()));
        } else if let Some(name) = text(edit, "drop") {
            files.retain(|file| file.name != name);
        } else if edit.get("rechain").is_some() {
            let file = named(&mut files, "record.ndjson");
            file.bytes = rechained(&file.bytes, edit);
        } else if edit.get("statement").is_some() {
            statement = replace(&statement, edit);
        } else if let Some(end) = text(edit, "append") {
            tail.extend_from_slice(end.as_bytes());
        } else {
            let file = named(&mut files, "record.ndjson");
            file.bytes = lines(&file.bytes, edit);
        }
    }
    if recipe.get("reseal").is_some() {
        reseal(&mut files, &statement, &ground.key());
    }
    let mut zip = write_zip(&files).unwrap();
    zip.extend(tail);
    zip
}

#[test]
fn every_recipe_is_judged_as_it_says() {
    let ground = Ground::new();
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut recipes: Vec<PathBuf> = fs::read_dir(home.join("tests/bundles"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    recipes.sort();
    assert!(recipes.len() >= 40, "{} recipes", recipes.len());
    let mut wrong = vec![];
    for path in recipes {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let recipe: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let bundle = ground.path("edited.zip");
        fs::write(&bundle, apply(&ground, &recipe)).unwrap();
        let own = ground.path("keys/report.pub");
        let trust = text(&recipe, "trust").map_or(own, |key| home.join(key));
        let gateway = text(&recipe, "gateway_key").map(|key| home.join(key));
        let mut arguments =
            vec!["verify", bundle.to_str().unwrap(), "--trust", trust.to_str().unwrap()];
        if let Some(key) = &gateway {
            arguments.extend(["--gateway-key", key.to_str().unwrap()]);
        }
        let told = assay(ground.folder.path(), &arguments);
        let said = String::from_utf8_lossy(&told.stdout).into_owned();
        let code = recipe["exit"].as_i64().map(|code| i32::try_from(code).unwrap());
        let fails = name.ends_with("_fail");
        assert_eq!(fails, code == Some(65), "{name}: the name and the exit code disagree");
        if told.status.code() != code || !said.contains(text(&recipe, "says").unwrap()) {
            wrong.push(format!("{name}: {:?} {said}", told.status.code()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A merchant with a defect is rejected, in a bundle that is intact.
#[test]
fn a_rejected_run_verifies_and_ends_1() {
    let suite = stand::suite();
    let mut planned = stand::everything(&suite);
    planned.retain(|planned| planned.key.to_string() == "AMS-PAY-001");
    let mut backstage = stand::backstage();
    backstage.merchant_defect = merchant::Defect::from_id("M-AMS-store-left-out");
    let came = stand::play(&suite, planned, backstage, 1);
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys");
    let key = PrivateKey::read(&fs::read(keys.join("rsa2048.pkcs8.pem")).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rejected.zip"), stand::bundle(&suite, &came, &key)).unwrap();
    let trust = keys.join("rsa2048.spki.pem");
    let arguments = ["verify", "rejected.zip", "--trust", trust.to_str().unwrap()];
    let told = assay(folder.path(), &arguments);
    let said = String::from_utf8_lossy(&told.stdout);
    assert_eq!(told.status.code(), Some(1), "{said}");
    assert!(said.contains("rejected.zip: the seal holds"), "{said}");
    assert!(said.contains("rejected: 0 of "), "{said}");
}

/// A whole bundle of every released record format is kept. This one is of suite 2026.10.0, which no
/// program here carries: it still opens, its record is still read, and whoever has it is told which
/// release verifies it. The key of the vectors sealed it.
#[test]
fn a_bundle_of_record_format_1_opens_and_is_sent_to_its_release() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let bundle = "bundles/record-format-1.zip";
    let trust = "vectors/keys/rsa2048.spki.pem";
    let told = assay(&home, &["verify", bundle, "--trust", trust]);
    let said = String::from_utf8_lossy(&told.stdout);
    assert_eq!(told.status.code(), Some(65), "{said}");
    assert!(said.contains("the bundle was judged by suite 2026.10.0"), "{said}");
    assert!(
        said.contains("the release of assay that carries suite 2026.10.0: it says that assay 0.")
    );

    let key = PublicKey::read(&fs::read(home.join(trust)).unwrap()).unwrap();
    let opened = open_bundle(&fs::read(home.join(bundle)).unwrap(), &key).unwrap();
    let record = Record::read(&opened.files["record.ndjson"]).unwrap();
    assert_eq!(record.header["format"], 1);
    assert_eq!(record.cases.len(), 1);
    assert_eq!(record.cases[0].key.to_string(), "AMS-PAY-001");
    assert_eq!(record.cases[0].entries.len(), 19);
}
