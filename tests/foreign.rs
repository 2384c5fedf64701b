//! Gateways that are somebody else's: they answer no control API, so nobody can be told what to do
//! there, and no wallet can be asked.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod outside_stand;
mod ports;
#[path = "foreign/relay.rs"]
mod relay;
#[path = "foreign/reviews.rs"]
mod reviews;
mod stand;
#[path = "foreign/website.rs"]
mod website;

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use assay::seal::{read_zip, write_zip};
use assay::suite::Planned;
use assay::verdict::{CheckState, Grade, Judge, Outcome, Results};
use evidence::words::{CANNOT_JUDGE_WALLET, NOTE_GATEWAYS_WORD};
use evidence::{CaseRecord, Event, Movement};
use outside_stand::{Gateway, Stand, said};
use relay::{Foreign, with_buyer};
use serde_json::{Value, json};
use signing::PrivateKey;
use steps::Seen;
use tokio::runtime::Runtime;
use wire::Reply;

/// What no gateway does that is not told to, as the record calls it.
const TO_ORDER: [&str; 12] = [
    "answer-on-demand",
    "expiry",
    "file-text",
    "files-come",
    "gateway-files",
    "gateway-sends-notice",
    "rate",
    "refund-pace",
    "report-alteration",
    "reports-cut",
    "review",
    "settings",
];

/// What arranges a review or a rate, and needs none in particular: elsewhere the gateway's own will do.
const OF_ITS_OWN: [&str; 5] =
    ["AMS-MER-004", "AMS-MER-014", "AMS-MER-022", "AMS-PAY-121", "LEG-MER-013"];

/// What passes days or hours, and elsewhere goes on as soon as it can.
const GOES_ON: [&str; 3] = ["AMS-MER-014", "AMS-MER-022", "LEG-PAY-095"];

/// How long a person waits for a scenario, in milliseconds.
const LONGEST: i64 = 40 * 60_000;

/// The runs that are played there in one sitting, the first row of each case alone.
fn anywhere(suite: &assay::suite::Suite) -> Vec<Planned> {
    let first = |run: &Planned| run.row.is_none_or(|row| row == 1) || run.key.case == "AMS-PAY-091";
    let runs = stand::everything(suite).into_iter();
    let there =
        |run: &Planned| run.runs_anywhere() && !run.waits_for_a_day() && !run.waits_for_a_review();
    runs.filter(|run| there(run) && first(run)).collect()
}

/// The record as it would be where no wallet can be asked.
fn without_wallet(record: &CaseRecord) -> CaseRecord {
    let mut record = record.clone();
    let ordered =
        |event: &Event| event.arranged("review").is_some() || event.arranged("rate").is_some();
    let there = |event: &Event| !matches!(event, Event::Wallet(_)) && !ordered(event);
    record.entries.retain(|entry| there(&entry.event));
    for (line, entry) in (0..).zip(&mut record.entries) {
        entry.line = line;
        if let Event::Arranged { what, facts } = &mut entry.event
            && what == "contract"
        {
            facts.insert("embedded".into(), json!(false));
            facts.insert("without_control".into(), json!(true));
        }
    }
    record
}

fn moved(movements: &[Movement]) -> Vec<(&str, String)> {
    let told = movements.iter().map(|it| (it.request_id.as_str(), it.amount.to_string()));
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

/// Whatever the catalogue has for any gateway can be played on one that is somebody else's, so that a
/// bundle of both stages can be a submission.
#[test]
fn what_is_for_any_gateway_can_be_played_on_any_gateway() {
    let suite = stand::suite();
    let for_any = stand::everything(&suite).into_iter().filter(|run| !run.is_embedded_only());
    let ordered = for_any.filter(Planned::needs_control).map(|run| run.key.case);
    let ordered: BTreeSet<String> = ordered.collect();
    assert_eq!(ordered, BTreeSet::new());
}

/// What a gateway without a control API is asked for, it can do; what it says of the money is what
/// the wallets say; and by that word everything is judged that is judged by the wallets.
#[test]
fn what_is_played_there_rests_on_no_order_and_is_judged_without_a_wallet() {
    let suite = stand::suite();
    let runs = anywhere(&suite);
    let count = runs.len();
    let came = stand::play(&suite, runs, stand::backstage(), 16);
    let judge = Judge::new(suite.clone());
    let (mut told, mut noted) = (BTreeSet::new(), 0);
    for case in &came.record.cases {
        let key = &case.key;
        for entry in &case.entries {
            if let Event::Arranged { what, facts } | Event::Did { what, facts } = &entry.event
                && TO_ORDER.contains(&what.as_str())
                // Hard texts of the gateway's own come beside those of the merchant where it is told.
                && !facts.contains_key("hard_texts")
                && !(["review", "rate"].contains(&what.as_str())
                    && OF_ITS_OWN.contains(&key.case.as_str()))
            {
                told.insert(format!("{key} orders {what}"));
            }
        }
        let [first, .., last] = case.entries.as_slice() else { continue };
        if last.at - first.at > LONGEST && !GOES_ON.contains(&key.case.as_str()) {
            told.insert(format!("{key} takes {} min", (last.at - first.at) / 60_000));
        }
        let seen = Seen::new(case);
        let (word, wallets) = (seen.by_the_gateways_word(), seen.wallet.unwrap());
        for (what, word, wallets) in
            [("debits", word.debits, wallets.debits), ("credits", word.credits, wallets.credits)]
        {
            // A wallet of another currency is charged in that; the gateway's word is about the price.
            let same_currency = key.case != "AMS-PAY-121";
            if moved(&word) != moved(&wallets) && same_currency {
                let lists = format!("{:?} for {:?}", moved(&word), moved(&wallets));
                told.insert(format!("{key} {what} {lists}"));
            }
        }
        let planned = suite.planned(key).unwrap();
        let result = judge.attempt(&planned, &without_wallet(case));
        if result.outcome != Outcome::Passed {
            let open = result.checks.iter().filter(|check| check.state != CheckState::Held);
            let open: Vec<_> = open.map(|it| (&it.name, it.seen.clone().unwrap())).collect();
            told.insert(format!("{key} {} {open:?}", result.outcome.name()));
        }
        let note = NOTE_GATEWAYS_WORD.plain();
        noted += result.checks.iter().filter(|check| check.notes.contains(&note)).count();
    }
    assert_eq!(told, BTreeSet::new());
    assert!(count > 80 && noted > count, "{count} runs, {noted} checks");
}

/// What the gateway's word does not tell is never passed.
#[test]
fn a_payment_that_the_gateway_calls_nothing_is_not_judged() {
    let suite = stand::suite();
    let planned = suite.planned(&"AMS-PAY-001".parse().unwrap()).unwrap();
    let came = stand::play(&suite, vec![planned.clone()], stand::backstage(), 1);
    let mut record = without_wallet(&came.record.cases[0]);
    // Nobody signed anything that can be believed.
    for entry in &mut record.entries {
        if let Event::Message(message) = &mut entry.event
            && message.verified.is_some()
        {
            message.verified = Some(protocol::ams::Verified::Wrong);
        }
    }
    let result = Judge::new(suite).attempt(&planned, &record);
    let check = |name: &str| result.checks.iter().find(|check| check.name == name).unwrap();
    assert_eq!(check("4").state, CheckState::NotJudged, "{:?}", check("4"));
    assert_eq!(check("4").seen, Some(CANNOT_JUDGE_WALLET.plain()));
    assert_eq!(result.outcome, Outcome::Failed);
}

/// A reviewer's challenge, for who answers it and for who compares.
const YOURS: [&str; 2] = ["--challenge", "challenge.json"];

/// A merchant at a gateway of which it knows this key.
fn merchant_at(foreign: &Foreign) -> Stand {
    let known = foreign.code();
    let lines = format!("  url: {}\n  payment_codes: ['{known}']\n", foreign.url());
    let gateway = Gateway { lines, key: foreign.gateway.public() };
    Stand::open_at(gateway, foreign.merchant.clone())
}

fn results(stand: &Stand, run: &str) -> Results {
    let results = fs::read(stand.path(run).join("results.json")).unwrap();
    serde_json::from_slice(&results).unwrap()
}

/// Both stages: what can be played on somebody else's gateway, with a person as the buyer, and what
/// cannot on the embedded sandbox, in one bundle.
#[test]
fn a_run_with_a_person_as_buyer_and_one_on_the_embedded_sandbox_are_one_bundle() {
    let foreign = Foreign::open();
    let mut stand = merchant_at(&foreign);
    let embedded_only = "AMS-PAY-022/user-presented#1";
    let cases = ["AMS-PAY-001", "AMS-PAY-040", embedded_only, "AMS-MER-002"];
    // Both stages answer a reviewer's challenge.
    let made = stand.command(&["review", "challenge", "--out", YOURS[1]]).output().unwrap();
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let answering = [&cases[..], &YOURS].concat();
    let Some(run) = with_buyer(&stand, &foreign, None, &answering) else { return };
    let told = said(&run);
    assert_eq!(run.status.code(), Some(2), "{told}");
    assert!(told.contains("passed AMS-PAY-001") && told.contains("passed AMS-PAY-040"), "{told}");
    assert!(told.contains("2 runs with a person as the buyer"), "{told}");
    let command = format!("assay run {embedded_only} --gateway embedded --profile assay.yaml");
    assert!(told.contains("AMS-PAY-022 is skipped: it needs the gateway's own key"), "{told}");
    assert!(told.contains(&command) && told.contains("AMS-MER-002 is skipped"), "{told}");
    assert!(!told.contains("simulated"), "{told}");
    // The trial had the code that the profile knows.
    assert_eq!(told.matches("open the wallet's payment code").count(), 1, "{told}");
    let own = results(&stand, "run");
    assert_eq!(own.grade, Grade::Submission);
    assert_eq!(outcome(&own, "AMS-PAY-022"), Outcome::Skipped);
    assert!(stand.read("junit.xml").contains(&command));
    assert!(stand.read("report.html").contains(&command));
    // The order of the wallet's answer is in no record: nobody could ask it.
    assert!(!stand.record().contains("\"wallet\""), "a statement of the wallets");
    assert!(stand.record().contains("\"by\":\"person\""));
    // Nobody's word is taken for the gateway's.
    let unknown = stand.verify();
    assert!(said(&unknown).contains("gateway unknown"), "{}", said(&unknown));
    let key = foreign.gateway.public().to_spki_pem();
    fs::write(stand.path("gateway.pub"), &key).unwrap();
    let known = stand.verify_with(&[&["--gateway-key", "gateway.pub"][..], &YOURS].concat());
    assert_eq!(known.status.code(), Some(2), "{}", said(&known));
    assert!(said(&known).contains("by the gateway's signed time it was opened at"));
    assert!(said(&known).contains("that challenge is yours"), "{}", said(&known));
    assert!(!said(&known).contains("gateway unknown") && !said(&known).contains('✗'));
    assert!(!said(&known).contains("simulated"), "{}", said(&known));

    joined_with_the_embedded_stage(&mut stand, embedded_only);
}

fn outcome(results: &Results, id: &str) -> Outcome {
    results.cases.iter().find(|case| case.id == id).unwrap().outcome
}

fn joined_with_the_embedded_stage(stand: &mut Stand, embedded_only: &str) {
    stand.know(sandbox::embedded_key().unwrap().public());
    let near = ["--gateway", "embedded", embedded_only, "--gate", "selection"];
    let near = [&near[..], &YOURS].concat();
    let near =
        stand.command(&[&["run", "--profile", "assay.yaml", "--out", "near"], &near[..]].concat());
    let near = { near }.output().unwrap();
    assert_eq!(near.status.code(), Some(0), "{}", said(&near));
    let merge = ["merge", "run", "near", "--profile", "assay.yaml", "--out", "whole"];
    let merged = stand.command(&merge).output().unwrap();
    assert_eq!(merged.status.code(), Some(2), "{}", said(&merged));
    let whole = results(stand, "whole");
    assert_eq!(outcome(&whole, "AMS-PAY-001"), Outcome::Passed);
    assert_eq!(outcome(&whole, "AMS-PAY-040"), Outcome::Passed);
    let runs = &whole.cases.iter().find(|case| case.id == "AMS-PAY-022").unwrap().runs;
    let played = runs.iter().find(|run| run.key.to_string() == embedded_only).unwrap();
    assert_eq!(played.outcome, Outcome::Passed);
    let verify = ["verify", "whole/acceptance.zip", "--trust", "run/report.pub"];
    let verify = [&verify[..], &["--gateway-key", "gateway.pub"], &YOURS].concat();
    let verified = stand.command(&verify).output().unwrap();
    assert_eq!(verified.status.code(), Some(2), "{}", said(&verified));
    assert!(said(&verified).contains("partly simulated"), "{}", said(&verified));
    let yours = said(&verified).matches("that challenge is yours").count();
    assert_eq!(yours, 2, "{}", said(&verified));
    assert!(!said(&verified).contains('✗'), "{}", said(&verified));
    // Too little of the list was played for more.
    assert_eq!(whole.grade, Grade::Rehearsal);
    neither_half_can_be_edited(stand);
    retold(stand);
}

/// Each half is vouched for as it was, whichever gateway it is of.
fn neither_half_can_be_edited(stand: &Stand) {
    let whole = fs::read(stand.path("whole/acceptance.zip")).unwrap();
    for (half, from, to) in [
        ("parts/01/record.ndjson", "\"simulated\":false", "\"simulated\":true"),
        ("parts/02/record.ndjson", "\"simulated\":true", "\"simulated\":false"),
        ("parts/01/results.json", "\"skipped\"", "\"passed\""),
        ("parts/02/results.json", "\"disabled\"", "\"passed\""),
    ] {
        let mut files = read_zip(&whole).unwrap();
        let file = files.iter_mut().find(|file| file.name == half).unwrap();
        let text = String::from_utf8(file.bytes.clone()).unwrap();
        assert!(text.contains(from), "{half} has no {from}");
        file.bytes = text.replacen(from, to, 1).into_bytes();
        fs::write(stand.path("edited.zip"), write_zip(&files).unwrap()).unwrap();
        let verify = ["verify", "edited.zip", "--trust", "run/report.pub"];
        let verify = [&verify[..], &["--gateway-key", "gateway.pub"]].concat();
        let told = stand.command(&verify).output().unwrap();
        assert_eq!(told.status.code(), Some(65), "{half}: {}", said(&told));
        assert!(said(&told).contains(half), "{}", said(&told));
    }
}

/// First line and attempts tell the same of the gateway.
fn retold(stand: &Stand) {
    let record = stand.record();
    let lines: Vec<Value> =
        record.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["record"]["simulated"], json!(false), "{}", lines[0]);
    let events = lines.iter().map(|line| &line["entry"]["event"]);
    let contracts: Vec<_> = events.filter(|event| event["what"] == "contract").collect();
    let told = |event: &&Value| event["facts"]["without_control"] == json!(true);
    assert!(contracts.len() == 2 && contracts.iter().all(told), "{contracts:?}");
}

/// What a person cannot do is nobody's fault, and passes nothing.
#[test]
fn a_buyer_without_a_wallet_breaks_the_case_off_and_blames_nobody() {
    let foreign = Foreign::open();
    let stand = merchant_at(&foreign);
    let Some(run) = with_buyer(&stand, &foreign, Some("none"), &["AMS-PAY-001"]) else { return };
    let told = said(&run);
    assert_eq!(run.status.code(), Some(2), "{told}");
    assert!(told.contains("aborted AMS-PAY-001"), "{told}");
    assert!(told.contains("the buyer could not do it: no wallet here (environment)"), "{told}");
    let verify = stand.verify();
    assert_eq!(verify.status.code(), Some(2), "{}", said(&verify));
    assert!(!said(&verify).contains('✗'), "{}", said(&verify));
}

#[test]
fn who_is_no_gateway_or_does_not_know_us_is_told_before_anything_is_played() {
    let foreign = Foreign::open();
    let stand = merchant_at(&foreign);
    let write = |name: &str, text: String| fs::write(stand.path(name), text).unwrap();
    let other = PrivateKey::generate(2048).unwrap();
    write("other.pem", other.to_pkcs8_pem());
    write("other.pub", other.public().to_spki_pem());
    let runtime = Runtime::new().unwrap();
    let page = relay::serve(&runtime, |_request| async {
        let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
        Reply { status: 200, headers, body: b"<html><script>alert(1)</script>".to_vec() }
    });
    let html = page.address().to_string();
    let dead = ports::free().to_string();
    let here = foreign.url().trim_start_matches("http://").to_owned();
    let profile = fs::read_to_string(stand.path("assay.yaml")).unwrap();
    for (from, to, code, says, remedy) in [
        (here.as_str(), dead.as_str(), 69, "nothing answers at", "start the gateway"),
        (&here, &html, 69, "does not sign as a gateway", "correct gateway.url"),
        (
            "{ file: merchant.pem }",
            "{ file: other.pem }",
            66,
            "refuses what the profile's merchant key signs",
            "let the gateway know",
        ),
        (
            "{ file: alipay.pub }",
            "{ file: other.pub }",
            66,
            "signs with another key than the profile has",
            "let gateway.gateway_public_key be",
        ),
        ("notify_url", "notify_url", 66, "nobody is at a terminal", "--gateway embedded"),
    ] {
        assert!(profile.contains(from), "{from}");
        write("assay.yaml", profile.replace(from, to));
        let told = stand.running(&["AMS-PAY-001"]).stdin(Stdio::null()).output().unwrap();
        let text = said(&told);
        assert_eq!(told.status.code(), Some(code), "{to}: {text}");
        assert!(text.contains(says) && text.contains(remedy), "{to}: {text}");
        assert!(!stand.path("run").exists(), "{to}");
    }
}
