//! A submission: what a merchant plays on somebody else's gateway, with people as buyers, and what
//! nothing but the embedded sandbox can play, in one bundle that a reviewer accepts.

use std::collections::BTreeSet;
use std::fs;
use std::process::Output;
use std::thread;

use assay::suite::{Declared, Plan, Planned, Selection, Suite};
use assay::verdict::{CheckResult, CheckState, Grade, Results, Verdict};

use crate::outside_stand::{Gateway, Stand, said};
use crate::relay::terminal::nobody;
use crate::relay::{Foreign, at_terminal};

/// Who sells with scanned codes and for nobody else.
const SELLS: &str = "[user-presented]\nconditions: { secondary_merchants: false }";

/// How many shares of reconciling are played side by side: in each one scenario after the other
/// delivers files.
const SHARES: usize = 4;

/// The merchant, with doors and books of their own for one part of the whole.
fn merchant(gateway: Gateway, foreign: &Foreign, report_key: &str) -> Stand {
    let stand = Stand::open_at(gateway, foreign.merchant.clone());
    stand.edit("[user-presented, order-code, entry-code, cashier]", SELLS);
    fs::write(stand.path("report.pem"), report_key).unwrap();
    stand
}

/// The same at the gateway, whose log has its notices.
fn merchant_at(foreign: &Foreign, report_key: &str) -> (Stand, wire::Server) {
    let lines = format!("  url: {}\n", foreign.url());
    let gateway = Gateway { lines, key: foreign.gateway.public() };
    let mut stand = merchant(gateway, foreign, report_key);
    let door = foreign.door(stand.notices());
    stand.reached_at(door.address());
    fs::create_dir(stand.path("came-in")).unwrap();
    stand.edit("{ folder: files }", "{ folder: files, source: came-in }");
    (stand, door)
}

fn wants(code: i32, output: &Output) -> String {
    let told = said(output);
    let lines = told.lines().filter(|line| !line.starts_with("passed "));
    let lines = lines.collect::<Vec<_>>().join("\n");
    assert_eq!(output.status.code(), Some(code), "{lines}");
    told
}

/// The mandatory runs of these for which this holds.
fn runs(wanted: impl Fn(&Planned) -> bool) -> Vec<String> {
    let suite = Suite::embedded().unwrap();
    let products = vec!["user-presented".to_owned()];
    let declared = Declared { products, conditions: BTreeSet::new() };
    let plan = Plan::new(&suite, &Selection::mandatory(declared)).unwrap();
    plan.planned.iter().filter(|run| wanted(run)).map(|run| run.key.to_string()).collect()
}

/// Plays a share of what waits for the day to end, and goes on with it when its files are there. The
/// gateway is the share's own: what other shares sell is in no books of this one.
fn reconciles(stand: &Stand, foreign: &Foreign, share: &[&String]) {
    let share: Vec<&str> = share.iter().map(|run| run.as_str()).collect();
    let first = [&["--out", "run", "--jobs", "8"], &share[..]].concat();
    let told = said(&at_terminal(stand, foreign, None, &first).unwrap());
    assert!(told.contains(&format!("of this run {} scenarios wait", share.len())), "{told}");
    foreign.a_day_passes();
    let start = told.find("the gateway's files of ").unwrap();
    let day = told[start..].split(' ').nth(4).unwrap();
    for (path, text) in foreign.reports(day) {
        let place = stand.path("came-in").join(path.trim_start_matches('/'));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }
    wants(2, &at_terminal(stand, foreign, None, &["--resume", "run", "--jobs", "8"]).unwrap());
}

#[test]
fn two_stages_that_a_merchant_passes_are_a_submission_that_a_reviewer_certifies() {
    if nobody() {
        return;
    }
    let foreign = Foreign::open();
    let report_key = signing::PrivateKey::generate(2048).unwrap().to_pkcs8_pem();
    let (there, _door) = merchant_at(&foreign, &report_key);
    let gateways: Vec<Foreign> = (0..SHARES).map(|_| foreign.another()).collect();
    gateways.iter().for_each(Foreign::is_not_at_midnight);
    let at = |gateway: &Foreign| merchant_at(gateway, &report_key);
    let shares: Vec<(Stand, wire::Server)> = gateways.iter().map(at).collect();
    let here = merchant(Gateway::embedded(), &foreign, &report_key);
    let of_days = runs(|run| run.runs_anywhere() && run.waits_for_a_day());
    thread::scope(|scope| {
        for (number, (gateway, (stand, _door))) in gateways.iter().zip(&shares).enumerate() {
            let share: Vec<_> = of_days.iter().skip(number).step_by(SHARES).collect();
            scope.spawn(move || reconciles(stand, gateway, &share));
        }
        let far = ["--out", "run", "--jobs", "100", "payment", "refund-cancel"];
        wants(2, &at_terminal(&there, &foreign, None, &far).unwrap());
        let near = runs(Planned::is_embedded_only);
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        wants(0, &here.run(&[&near[..], &["--gate", "selection"]].concat()));
    });
    let parts = shares.iter().map(|(stand, _door)| stand).chain([&there, &here]);
    let parts: Vec<String> = parts.map(|stand| stand.path("run").display().to_string()).collect();
    let logs: String = gateways.iter().chain([&foreign]).map(Foreign::log).collect();
    fs::write(there.path("log.ndjson"), logs).unwrap();
    is_a_submission(&there, &foreign, &parts);
}

/// What did not hold, where it does not say enough that a case failed.
fn failed_checks(results: &Results) -> Vec<&CheckResult> {
    let attempts = results.cases.iter().flat_map(|case| &case.runs).flat_map(|run| &run.attempts);
    attempts
        .flat_map(|attempt| &attempt.checks)
        .filter(|check| check.state == CheckState::Failed)
        .collect()
}

/// Joins the parts of a merchant, and lets a reviewer look at the whole, who knows the gateway's key.
fn is_a_submission(there: &Stand, foreign: &Foreign, parts: &[String]) {
    fs::write(there.path("gateway.pub"), foreign.gateway.public().to_spki_pem()).unwrap();
    let asked = |words: &[&[&str]]| there.command(&words.concat()).output().unwrap();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let whole = ["--profile", "assay.yaml", "--out", "whole"];
    // Who joins them has no log of the gateway's either.
    wants(2, &asked(&[&["merge"], &parts, &whole]));
    let results = fs::read(there.path("whole/results.json")).unwrap();
    let results: Results = serde_json::from_slice(&results).unwrap();
    assert_eq!(results.reasons, [], "{:#?}", failed_checks(&results));
    assert_eq!((results.verdict, results.grade), (Verdict::Acceptable, Grade::Submission));
    assert_eq!(results.counts.mandatory, results.counts.mandatory_passed);
    assert_eq!(results.counts.unstable, 0);

    let bundle = ["whole/acceptance.zip", "--trust", "run/report.pub"];
    let key = ["--gateway-key", "gateway.pub"];
    let log = ["--gateway-log", "log.ndjson"];
    let told = wants(2, &asked(&[&["verify"], &bundle]));
    assert!(told.contains("gateway unknown"), "{told}");
    // The buyers are real, so messages lack what is theirs until the gateway's log has them.
    let told = wants(2, &asked(&[&["verify"], &bundle, &key]));
    assert!(told.contains("messages of the gateway cannot be checked again"), "{told}");
    let told = wants(0, &asked(&[&["verify"], &bundle, &key, &log]));
    assert!(told.contains("acceptable (submission)") && !told.contains('✗'), "{told}");
    // What a rehearsal never gets.
    wants(0, &asked(&[&["keys", "new", "--out", "reviewer.pem"]]));
    let signs = ["--key", "reviewer.pem", "--reviewer", "Li Wei"];
    wants(0, &asked(&[&["certify"], &bundle, &key, &log, &signs]));
    assert!(there.path("certificate/certificate.dsse.json").exists());
}
