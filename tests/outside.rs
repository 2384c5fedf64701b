//! A merchant that is not assay's: a process of its own time behind an adapter, in front of which
//! the witness stands. The reference merchant plays it here, over nothing but the published
//! contract.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod outside_stand;
mod ports;

use std::process::{Child, Stdio};

use outside_stand::{Stand, said};

#[test]
fn a_merchant_outside_passes_what_the_reference_merchant_passes() {
    let stand = Stand::open(None);
    let run = stand.run(&["AMS-PAY-001", "AMS-PAY-004", "AMS-RFC-001"]);
    let told = said(&run);
    for case in ["AMS-PAY-001", "AMS-PAY-004", "AMS-RFC-001"] {
        assert!(told.contains(&format!("{case}  passed")), "{told}");
    }
    let verify = stand.verify();
    assert_eq!(verify.status.code(), Some(2), "{}", said(&verify));
}

/// Waits until the record holds a text. The run ends by itself, and with it the wait.
fn recorded(stand: &Stand, run: &mut Child, text: &str) {
    while !stand.record().contains(text) {
        let ended = run.try_wait().unwrap();
        assert_eq!(ended, None, "ended before '{text}' was recorded");
        std::thread::yield_now();
    }
}

#[test]
fn a_merchant_that_crashes_and_comes_back_costs_the_scenario_that_it_was_in() {
    let mut stand = Stand::open(None);
    let mut run = stand.running(&["AMS-PAY-001", "AMS-PAY-091/user-presented#1", "--jobs", "1"]);
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    recorded(&stand, &mut run, "answer-received");
    stand.crash();
    recorded(&stand, &mut run, "\"kind\":\"broken\"");
    stand.start(None);
    let output = run.wait_with_output().unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("aborted AMS-PAY-001"), "{told}");
    assert!(told.contains("passed AMS-PAY-091"), "{told}");
}

#[test]
fn a_merchant_that_cannot_be_tested_is_told_so_before_anything_is_played() {
    let mut stand = Stand::open(None);
    stand.crash();
    let told = stand.run(&["AMS-PAY-001"]);
    assert_eq!(told.status.code(), Some(69), "{}", said(&told));
    let told = said(&told);
    assert!(told.contains("the merchant cannot be tested") && told.contains("try: "), "{told}");
    // The record of a run that never began is not there to be resumed or submitted.
    assert!(!stand.path("run/acceptance.zip").exists());
}

#[test]
fn a_witness_whose_port_is_taken_names_it() {
    let stand = Stand::open(None);
    let taken = std::net::TcpListener::bind(stand.calls()).unwrap();
    let told = stand.run(&["AMS-PAY-001"]);
    assert_eq!(told.status.code(), Some(69), "{}", said(&told));
    let port = taken.local_addr().unwrap().to_string();
    assert!(said(&told).contains(&format!("the witness cannot listen on {port}")));
}
