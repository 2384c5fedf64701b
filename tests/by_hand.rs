//! A till that a person operates: asked on a terminal, told in the record, decided by a reviewer.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod judging;
mod outside_stand;
mod ports;
mod program;
mod stand;
mod terminal;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use assay::run::Played;
use assay::seal::{STATEMENT_FILE, read_zip, seal_files, write_zip};
use assay::verdict::{CheckState, Judge, Outcome, Results, Verdict};
use evidence::{Attachment, CaseRecord, Entry, Event, Record, RecordFile};
use judging::Ground;
use outside_stand::{Stand, said};
use program::assay;
use serde_json::{Value, json};
use signing::{PrivateKey, base64_decode_strict, sha256_hex};
use terminal::seated;

/// A picture of one pixel.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

/// A stand whose profile says that a person operates the till.
fn by_hand() -> Stand {
    let stand = Stand::open();
    let profile = fs::read_to_string(stand.path("assay.yaml")).unwrap();
    let start = profile.find("  driver: http").unwrap();
    let end = profile.find("  notify_url").unwrap();
    let manual = format!("{}  driver: manual\n{}", &profile[..start], &profile[end..]);
    fs::write(stand.path("assay.yaml"), manual).unwrap();
    fs::write(stand.path("shot.png"), PICTURE).unwrap();
    stand
}

/// Runs a case with a tester at a terminal, who looks at the till through its adapter.
fn with_tester(stand: &Stand, picture: &str) -> Option<Output> {
    let tester = [&stand.adapter(), picture, env!("CARGO_BIN_EXE_assay"), "run", "AMS-PAY-001"];
    let arguments = [&tester[..], &["--profile", "assay.yaml", "--out", "run"]].concat();
    let mut told = seated("by_hand/tester.py", &arguments, &stand.path(""))?;
    Some(told.output().unwrap())
}

#[test]
fn a_tester_plays_a_case_and_a_reviewer_has_to_decide_it() {
    let stand = by_hand();
    let Some(run) = with_tester(&stand, "shot.png") else { return };
    let told = said(&run);
    assert_eq!(run.status.code(), Some(2), "{told}");
    assert!(told.contains("needs-review AMS-PAY-001"), "{told}");
    assert!(told.contains("AMS-PAY-001  needs-review"), "{told}");
    assert!(told.contains("wait for a reviewer: 1"), "{told}");
    // Two sales, of which the first is a trial, and one look at each.
    let asked = told.matches("expected: ").count();
    assert_eq!(asked, 4, "{told}");
    let kept = Attachment::of("shot.png", PICTURE).unwrap();
    assert_eq!(fs::read(stand.path("run").join(kept.file())).unwrap(), PICTURE);
    assert!(stand.record().contains(&format!("\"sha256\":\"{}\"", kept.sha256)));
    let results = fs::read_to_string(stand.path("run/results.json")).unwrap();
    let results: Results = serde_json::from_str(&results).unwrap();
    let case = results.cases.iter().find(|case| case.id == "AMS-PAY-001").unwrap();
    assert_eq!(case.outcome, Outcome::NeedsReview);
    let checks = &case.runs[0].attempts[0].checks;
    assert!(checks.iter().all(|check| check.state == CheckState::Held), "{checks:#?}");
    assert_eq!(results.verdict, Verdict::Incomplete);
    let page = fs::read_to_string(stand.path("run/report.html")).unwrap();
    assert!(page.contains(&format!("<a href=\"{}\">shot.png</a>", kept.file())));
    let junit = fs::read_to_string(stand.path("run/junit.xml")).unwrap();
    assert!(junit.contains("waits for a reviewer"), "{junit}");
    let verify = stand.verify();
    assert_eq!(verify.status.code(), Some(2), "{}", said(&verify));
}

/// Leaves at the second task, the first one of the record.
fn leaves(key: &str) {
    let stand = by_hand();
    let Some(run) = with_tester(&stand, key) else { return };
    assert_eq!(run.status.code(), Some(130), "{}", said(&run));
    let record = Record::read(stand.record().as_bytes()).unwrap();
    let [case] = record.cases.as_slice() else { unreachable!("{} cases", record.cases.len()) };
    // It is not closed, so it is played again when the run goes on.
    assert!(case.entries.iter().all(|entry| entry.event != Event::Closed), "{:?}", case.entries);
    assert!(!stand.path("run/acceptance.zip").exists());
}

#[test]
fn ctrl_c_at_the_prompt_keeps_the_record() {
    leaves("ctrl-c");
}

#[test]
fn ctrl_d_at_the_prompt_keeps_the_record() {
    leaves("ctrl-d");
}

#[test]
fn where_nobody_is_the_run_is_refused_with_a_way_out() {
    let stand = by_hand();
    let told = stand.running(&["AMS-PAY-001"]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(told.status.code(), Some(66), "{}", said(&told));
    let told = said(&told);
    assert!(told.contains("nobody is at a terminal here\n  try: run it on a terminal"), "{told}");
    assert!(!stand.path("run").exists());
}

/// The bundle with other bytes in place of an attachment, sealed again with the operator's own key.
fn swapped(zip: &[u8], name: &str, bytes: &[u8], key: &PrivateKey) -> Vec<u8> {
    let mut files = read_zip(zip).unwrap();
    let of = |name: &str| files.iter().position(|file| file.name == name).unwrap();
    let (envelope, picture) = (of(STATEMENT_FILE), of(name));
    files[picture].bytes = bytes.to_vec();
    let sealed: Value = serde_json::from_slice(&files[envelope].bytes).unwrap();
    let payload = base64_decode_strict(sealed["payload"].as_str().unwrap()).unwrap();
    let mut statement: Value = serde_json::from_slice(&payload).unwrap();
    let mut subjects = statement["subject"].as_array_mut().unwrap().iter_mut();
    let subject = subjects.find(|subject| subject["name"] == name).unwrap();
    subject["digest"]["sha256"] = json!(sha256_hex(bytes));
    subject["annotations"]["bytes"] = json!(bytes.len());
    for seal in seal_files(&serde_json::to_vec(&statement).unwrap(), key).unwrap() {
        files.iter_mut().find(|file| file.name == seal.name).unwrap().bytes = seal.bytes;
    }
    write_zip(&files).unwrap()
}

#[test]
fn what_the_command_line_attaches_is_in_the_bundle_and_makes_a_reviewer_needed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert_eq!(assay(at, &["init"]).status.code(), Some(0));
    fs::write(at.join("shot.png"), PICTURE).unwrap();
    fs::write(at.join("page.png"), "<svg onload='x'>").unwrap();
    let run = ["run", "AMS-PAY-001", "AMS-PAY-006", "--profile", "assay.yaml", "--out", "run"];
    for (attach, why) in [
        ("AMS-PAY-002=shot.png", "'AMS-PAY-002', which is not played"),
        ("AMS-PAY-001=page.png", "the file is no PNG, JPEG or PDF"),
        ("AMS-PAY-001=none.png", "No such file"),
        ("shot.png", "a case and a file were expected"),
    ] {
        let told = assay(at, &[&run[..], &["--attach", attach]].concat());
        assert_eq!(told.status.code(), Some(64), "{}", said(&told));
        assert!(said(&told).contains(why), "{attach}: {}", said(&told));
        assert!(!at.join("run").exists());
    }
    let attach = ["--attach", "AMS-PAY-001=shot.png", "--gate", "selection"];
    let told = assay(at, &[&run[..], &attach].concat());
    // Somebody has to look at the picture before anything is passed.
    assert_eq!(told.status.code(), Some(2), "{}", said(&told));
    for line in ["AMS-PAY-001  needs-review", "AMS-PAY-006  passed"] {
        assert!(said(&told).contains(line), "{}", said(&told));
    }
    let zip = fs::read(at.join("run/acceptance.zip")).unwrap();
    let file = Attachment::of("shot.png", PICTURE).unwrap().file();
    let verify = |name: &str| assay(at, &["verify", name, "--trust", "keys/report.pub"]);
    let intact = verify("run/acceptance.zip");
    assert_eq!(intact.status.code(), Some(2), "{}", said(&intact));
    let key = PrivateKey::read(&fs::read(at.join("keys/report.pem")).unwrap()).unwrap();
    let other = [PICTURE, b"other"].concat();
    fs::write(at.join("other.zip"), swapped(&zip, &file, &other, &key)).unwrap();
    let told = verify("other.zip");
    assert_eq!(told.status.code(), Some(65), "{}", said(&told));
    assert!(said(&told).contains(&format!("{file} is not what was attached")), "{}", said(&told));
    joined(at, &file);
}

/// In a merged bundle an attachment lies where its run does, and its case waits as before.
fn joined(at: &Path, file: &str) {
    let told =
        assay(at, &["run", "AMS-PAY-002", "--profile", "assay.yaml", "--out", "more", "--quiet"]);
    assert_eq!(told.status.code(), Some(2), "{}", said(&told));
    let merge = ["merge", "run", "more", "--profile", "assay.yaml", "--out", "whole"];
    let told = assay(at, &merge);
    assert!(said(&told).contains("AMS-PAY-001  needs-review"), "{}", said(&told));
    let verified = assay(at, &["verify", "whole/acceptance.zip", "--trust", "keys/report.pub"]);
    assert_eq!(verified.status.code(), Some(2), "{}", said(&verified));
    let page = fs::read_to_string(at.join("whole/report.html")).unwrap();
    let link = page.split("<a href=\"parts/").nth(1).unwrap().split('"').next().unwrap();
    let files = read_zip(&fs::read(at.join("whole/acceptance.zip")).unwrap()).unwrap();
    let linked = files.iter().find(|found| found.name == format!("parts/{link}")).unwrap();
    assert!(link.ends_with(file) && linked.bytes == PICTURE, "{link}");
}

#[test]
fn pictures_of_a_checkout_wait_for_a_reviewer_and_too_few_are_not_judged() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let played = |count: usize| {
        let run = format!("run-{count}");
        let mut arguments = vec!["run".to_owned(), "AMS-PAY-061".into(), "--out".into(), run];
        for number in 0..count {
            let name = format!("{number}.png");
            fs::write(at.join(&name), [PICTURE, name.as_bytes()].concat()).unwrap();
            arguments.extend(["--attach".to_owned(), format!("AMS-PAY-061={name}")]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        said(&assay(at, &arguments))
    };
    for (count, outcome) in [(0, "skipped"), (2, "error"), (3, "needs-review")] {
        let told = played(count);
        assert!(told.contains(&format!("AMS-PAY-061  {outcome}")), "{count}: {told}");
    }
}

#[test]
fn an_end_that_a_person_tells_late_is_a_note_and_no_failure() {
    let ground = Ground::of("LEG-PAY-011");
    let late = |entries: &mut Vec<Entry>, driver: Option<&str>| {
        for entry in entries {
            if matches!(&entry.event, Event::Order(view) if view.till.is_final()) {
                entry.at += 200_000;
            }
            if let (Event::Arranged { what, facts }, Some(driver)) = (&mut entry.event, driver)
                && what == "contract"
            {
                facts.insert("driver".into(), driver.into());
            }
        }
    };
    for driver in [None, Some("http")] {
        assert_eq!(ground.judged(|entries| late(entries, driver)), ["3"], "{driver:?}");
    }
    let told = ground.result(|entries| late(entries, Some("manual")));
    assert_eq!(told.outcome, Outcome::NeedsReview, "{told:#?}");
    let check = told.checks.iter().find(|check| check.name == "3").unwrap();
    assert!(check.notes.iter().any(|note| note.says == "ORDER_SETTLED_AFTER"), "{check:#?}");
}

/// A run of the reference merchant, told as if a person had operated it.
struct Retold {
    suite: Arc<assay::suite::Suite>,
    came: stand::Came,
    folder: tempfile::TempDir,
}

fn report_key() -> PrivateKey {
    PrivateKey::read(&fs::read(vectors().join("rsa2048.pkcs8.pem")).unwrap()).unwrap()
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys")
}

impl Retold {
    fn new() -> Self {
        let suite = stand::suite();
        let mut planned = stand::everything(&suite);
        planned.retain(|planned| planned.key.to_string() == "AMS-PAY-001");
        let came = stand::play(&suite, planned, stand::backstage(), 1);
        Self { suite, came, folder: tempfile::tempdir().unwrap() }
    }

    /// The same run with another driver in its first line and in the contract of its attempt, and
    /// with more at its end; judged and drawn anew, with other results where `claim` says so.
    fn verified(
        &self,
        (header, contract): (&str, Option<&str>),
        more: &[Event],
        claim: fn(&mut Results),
    ) -> (Option<i32>, String, Results) {
        let mut first = self.came.record.header.clone();
        first.insert("driver".into(), header.into());
        let path = self.folder.path().join("record.ndjson");
        drop(fs::remove_file(&path));
        let file = Arc::new(RecordFile::create(&path, &first).unwrap());
        for CaseRecord { key, attempt, entries } in &self.came.record.cases {
            let recorder = file.recorder(key.clone(), *attempt);
            for Entry { at, event, .. } in entries {
                let mut event = event.clone();
                if let (Event::Arranged { what, facts }, Some(driver)) = (&mut event, contract)
                    && what == "contract"
                {
                    facts.insert("driver".into(), driver.into());
                }
                if event == Event::Closed {
                    for event in more {
                        recorder.append(*at, event.clone());
                    }
                }
                recorder.append(*at, event);
            }
        }
        file.seal(&["AMS-PAY-001".to_owned()]).unwrap();
        let bytes = fs::read(&path).unwrap();
        let record = Record::read(&bytes).unwrap();
        let mut results = Judge::new(self.suite.clone()).results(&record);
        claim(&mut results);
        let came = stand::Came { played: Played::default(), bytes, record, results };
        let driver = header.to_owned();
        let zip = stand::bundle_telling(&self.suite, &came, &report_key(), |profile, facts| {
            profile["merchant"]["driver"] = json!(driver);
            facts.merchant.driver.clone_from(&driver);
        });
        let path = self.folder.path().join("retold.zip");
        fs::write(&path, zip).unwrap();
        let told = Command::new(env!("CARGO_BIN_EXE_assay"))
            .args(["verify", path.to_str().unwrap(), "--trust"])
            .arg(vectors().join("rsa2048.spki.pem"))
            .env("ASSAY_LANG", "en")
            .output()
            .unwrap();
        (told.status.code(), said(&told), came.results)
    }
}

fn outcome(results: &Results) -> Outcome {
    results.cases.iter().find(|case| case.id == "AMS-PAY-001").unwrap().outcome
}

/// Claims that everything passed which waits for a reviewer.
fn all_passed(results: &mut Results) {
    for case in results.cases.iter_mut().filter(|case| case.outcome == Outcome::NeedsReview) {
        (case.outcome, case.reason) = (Outcome::Passed, None);
        for run in &mut case.runs {
            run.outcome = Outcome::Passed;
            run.attempts.iter_mut().for_each(|attempt| attempt.outcome = Outcome::Passed);
        }
        results.counts.open -= 1;
        results.counts.passed += 1;
        results.counts.mandatory_passed += 1;
    }
}

#[test]
fn what_a_person_told_is_never_a_pass_whatever_a_bundle_claims() {
    let retold = Retold::new();
    let picture = Attachment::of("shot.png", PICTURE).unwrap().event();
    let told = |drivers, more: &[Event], claim| retold.verified(drivers, more, claim);
    let as_it_is: fn(&mut Results) = |_| ();
    let (code, said, results) = told(("reference", None), &[], as_it_is);
    assert_eq!((code, outcome(&results)), (Some(2), Outcome::Passed), "{said}");
    let manual = ("manual", Some("manual"));
    let (code, said, results) = told(manual, &[], as_it_is);
    assert_eq!((code, outcome(&results)), (Some(2), Outcome::NeedsReview), "{said}");
    let (code, said, _) = told(manual, &[], all_passed);
    assert_eq!(code, Some(65), "{said}");
    assert!(said.contains("broken at its verdict"), "{said}");
    // The first line and each attempt tell of one driver.
    for drivers in [("manual", None), ("reference", Some("manual")), ("http", Some("manual"))] {
        let (code, said, _) = told(drivers, &[], as_it_is);
        assert_eq!(code, Some(65), "{drivers:?}: {said}");
    }
    // What is attached makes a reviewer needed as well, and has to be there.
    let (code, said, results) = told(("reference", None), std::slice::from_ref(&picture), as_it_is);
    assert_eq!((code, outcome(&results)), (Some(65), Outcome::NeedsReview), "{said}");
    assert!(said.contains("was attached and is missing"), "{said}");
    let Event::Did { what, mut facts } = picture else { unreachable!("it is a deed") };
    facts.insert("sha256".into(), "../../etc/passwd".into());
    let (code, said, _) = told(("reference", None), &[Event::Did { what, facts }], as_it_is);
    assert_eq!(code, Some(65), "{said}");
    assert!(said.contains("an attachment that cannot be"), "{said}");
}
