//! A merchant that is not assay's: a process of its own time behind an adapter, in front of which
//! the witness stands. The reference merchant plays it here, over nothing but the published
//! contract.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod outside_stand;
mod ports;

use std::io::{Read as _, Write as _};
use std::process::{Child, Stdio};

use outside_stand::{Stand, said};
use serde_json::Value;

/// Among them notices that are sent again for a day: what falls due is jumped to, one thing after
/// the other.
const PLAYED: [&str; 4] =
    ["AMS-PAY-001", "AMS-PAY-004", "AMS-PAY-098/user-presented#1", "AMS-RFC-001"];

#[test]
fn a_merchant_outside_passes_what_the_reference_merchant_passes() {
    let stand = Stand::open();
    let mut run = stand.running(&[&PLAYED[..], &["--gate", "selection"]].concat());
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    recorded(&stand, &mut run, "answer-received");
    let asked = "GET /favicon.ico HTTP/1.1\r\nHost: till\r\nClient-Id: ANOTHER_SHOP\r\n\
                 Connection: close\r\n\r\n";
    let mut stray = std::net::TcpStream::connect(stand.calls()).unwrap();
    stray.write_all(asked.as_bytes()).unwrap();
    let mut answer = String::new();
    stray.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("NO_INTERFACE_DEF"), "the gateway's own answer: {answer}");
    let run = run.wait_with_output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));
    assert!(said(&run).contains("messages that belong to no scenario: 1;"), "{}", said(&run));
    assert!(said(&run).contains("another merchant called this witness: ANOTHER_SHOP, and SANDBOX"));
    let shown = stand.read("report.html");
    assert!(shown.contains("favicon.ico") && shown.contains("id=\"strays-title\""));
    let record = stand.record();
    assert!(!record.contains("favicon.ico"), "it is no part of any scenario");
    // The reference merchant's numbers would be in its books already, from any run before this one.
    assert!(record.contains("\"seed\":\"") && !record.contains("\"seed\":\"1\""));
    let verify = stand.verify();
    assert_eq!(verify.status.code(), Some(2), "{}", said(&verify));
}

/// It asks once a day, and none of its days passes here.
#[test]
fn a_merchant_who_asks_day_by_day_is_not_blamed_where_days_are_jumped_over() {
    let stand = Stand::open();
    let run = stand.run(&["AMS-MER-014/user-presented#2"]);
    assert_eq!(run.status.code(), Some(2), "{}", said(&run));
    let results: Value = serde_json::from_str(&stand.read("results.json")).unwrap();
    let cases = results["cases"].as_array().unwrap();
    let case = cases.iter().find(|known| known["id"] == "AMS-MER-014").unwrap();
    assert_eq!(case["outcome"], "skipped", "{}", said(&run));
    assert!(said(&run).contains("asked nothing in them"), "{}", said(&run));
    assert_eq!(stand.verify().status.code(), Some(2), "{}", said(&stand.verify()));
}

#[test]
fn scenarios_of_a_merchant_that_tells_no_order_play_one_after_the_other() {
    let stand = Stand::of_own_numbers();
    let run = stand.run(&["AMS-PAY-001", "AMS-PAY-010/order-code#1", "--gate", "selection"]);
    assert_eq!(run.status.code(), Some(0), "{}", said(&run));
    let record = stand.record();
    let lines = record.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let entries: Vec<Value> = lines.map(|mut line| line["entry"].take()).collect();
    let span = |case: &str| {
        let of_case = entries.iter().filter(|entry| entry["case"] == case);
        let moments: Vec<i64> = of_case.map(|entry| entry["at"].as_i64().unwrap()).collect();
        (moments[0], moments[moments.len() - 1])
    };
    let spans = ["AMS-PAY-001", "AMS-PAY-010/order-code#1"].map(span);
    assert!(spans[0].1 <= spans[1].0 || spans[1].1 <= spans[0].0, "{spans:?}");
    assert!(stand.read("report.html").contains("one after the other"));
    assert_eq!(stand.verify().status.code(), Some(2), "a part, and nothing worse");
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
    let mut stand = Stand::open();
    let mut run = stand.running(&["AMS-PAY-001", "AMS-PAY-091/user-presented#1", "--jobs", "1"]);
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    recorded(&stand, &mut run, "answer-received");
    stand.crash();
    recorded(&stand, &mut run, "\"kind\":\"broken\"");
    stand.start();
    let output = run.wait_with_output().unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("aborted AMS-PAY-001"), "{told}");
    assert!(told.contains("passed AMS-PAY-091"), "{told}");
}

#[test]
fn a_merchant_that_cannot_be_tested_is_told_so_before_anything_is_played() {
    let mut stand = Stand::open();
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
    let stand = Stand::open();
    let taken = std::net::TcpListener::bind(stand.calls()).unwrap();
    let told = stand.run(&["AMS-PAY-001"]);
    assert_eq!(told.status.code(), Some(69), "{}", said(&told));
    let port = taken.local_addr().unwrap().to_string();
    assert!(said(&told).contains(&format!("the witness cannot listen on {port}")));
}
