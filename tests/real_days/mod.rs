//! Days at a gateway whose clock nobody moves: a run waits for the gateway's own files, and goes on
//! in another sitting.

use std::fs;
use std::process::Output;

use assay::verdict::{Outcome, Results};
use evidence::words::{NOTE_GATEWAYS_WORD, NOTE_OTHER_ROWS};

use crate::outside_stand::{Gateway, Stand, said};
use crate::relay::{Foreign, at_terminal};

/// A clean day, and one of whose file the runner takes a row: both on the same day.
const CASES: [&str; 2] = ["AMS-REC-001/order-code", "AMS-REC-010/order-code"];

/// A gateway, and a merchant whose profile says where the gateway's files come in.
fn ground() -> (Foreign, Stand) {
    let foreign = Foreign::open();
    foreign.is_not_at_midnight();
    let lines = format!("  url: {}\n", foreign.url());
    let gateway = Gateway { lines, key: foreign.gateway.public() };
    let stand = Stand::open_at(gateway, foreign.merchant.clone());
    fs::create_dir(stand.path("came-in")).unwrap();
    let profile = fs::read_to_string(stand.path("assay.yaml")).unwrap();
    let told = profile.replace("{ folder: files }", "{ folder: files, source: came-in }");
    assert_ne!(told, profile);
    fs::write(stand.path("assay.yaml"), told).unwrap();
    (foreign, stand)
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

/// Lays files where the gateway's own come in.
fn come_in(stand: &Stand, files: &[(String, String)]) {
    for (path, text) in files {
        let place = stand.path("came-in").join(path.trim_start_matches('/'));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }
}

/// The day that a run says it waits for.
fn awaited(told: &str) -> String {
    let start = told.find("the gateway's files of ").unwrap();
    told[start..].split(' ').nth(4).unwrap().to_owned()
}

#[test]
fn a_run_waits_for_a_day_to_end_and_goes_on_when_its_files_are_there() {
    let (foreign, stand) = ground();
    let first = ["--out", "run", "--jobs", "2"];
    let first = at_terminal(&stand, &foreign, None, &[&first[..], &CASES].concat());
    let Some(first) = first else { return };
    let told = said(&first);
    assert_eq!(code(&first), Some(2), "{told}");
    for case in CASES {
        assert!(told.contains(&format!("waiting {case}")), "{told}");
        assert!(told.contains(&format!("{case} waits for the gateway's files of ")), "{told}");
    }
    let go_on = "no bundle yet: of this run 2 scenarios wait, and go on with: \
                 assay run --resume run --profile assay.yaml";
    assert!(told.contains(go_on), "{told}");
    assert!(!stand.path("run/acceptance.zip").exists());
    let (day, before) = (awaited(&told), stand.record());

    // The day is not over yet: nobody is asked for anything, and nothing is added.
    let resume = || at_terminal(&stand, &foreign, None, &["--resume", "run", "--jobs", "2"]);
    let early = resume().unwrap();
    assert_eq!(code(&early), Some(2), "{}", said(&early));
    assert!(said(&early).contains(go_on) && !said(&early).contains("trial"), "{}", said(&early));
    assert_eq!(stand.record(), before);

    // The day is over, and one of its files is still on its way.
    foreign.a_day_passes();
    let files = foreign.reports(&day);
    let yen = files.iter().position(|(path, _)| path.contains("transactionItems_JPY")).unwrap();
    let mut torn = files.clone();
    torn[yen].1 = torn[yen].1.replace("<END>", "");
    come_in(&stand, &torn);
    let torn = resume().unwrap();
    assert_eq!(code(&torn), Some(2), "{}", said(&torn));
    assert!(said(&torn).contains(go_on), "{}", said(&torn));

    come_in(&stand, &files);
    let last = resume().unwrap();
    let told = said(&last);
    assert_eq!(code(&last), Some(2), "{told}");
    for case in CASES {
        assert!(told.contains(&format!("passed {case}")), "{told}");
    }
    judged_and_verified(&foreign, &stand);
}

fn judged_and_verified(foreign: &Foreign, stand: &Stand) {
    let results = fs::read(stand.path("run/results.json")).unwrap();
    let results: Results = serde_json::from_slice(&results).unwrap();
    let runs = || results.cases.iter().flat_map(|case| &case.runs);
    for case in CASES {
        let run = runs().find(|run| run.key.to_string() == case).unwrap();
        assert_eq!((run.outcome, run.attempts.len()), (Outcome::Passed, 1), "{case}");
        // The sale before the run and the other case stand in the files of the same day.
        let notes: Vec<_> = run.attempts[0].checks.iter().flat_map(|check| &check.notes).collect();
        assert!(notes.contains(&&NOTE_GATEWAYS_WORD.plain()), "{notes:?}");
    }
    let clean = runs().find(|run| run.key.to_string() == CASES[0]).unwrap();
    let rows = clean.attempts[0].checks.iter().find(|check| check.name == "2").unwrap();
    assert!(rows.notes.iter().any(|note| note.says == NOTE_OTHER_ROWS.key), "{rows:?}");
    fs::write(stand.path("gateway.pub"), foreign.gateway.public().to_spki_pem()).unwrap();
    let verified = stand.verify_with(&["--gateway-key", "gateway.pub"]);
    assert_eq!(code(&verified), Some(2), "{}", said(&verified));
    assert!(!said(&verified).contains('✗'), "{}", said(&verified));
    // A run that is over is gone on with no more.
    let again = at_terminal(stand, foreign, None, &["--resume", "run"]).unwrap();
    assert_eq!(code(&again), Some(64), "{}", said(&again));
}
