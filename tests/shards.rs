//! Shares of the cases, played by several processes at once and joined, come to what one run comes to.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod joining;
mod program;

use std::fs;
use std::thread;

use serde_json::Value;

use joining::Ground;

/// Enough for each of three shares to have some, with rows and an embedded-only case among them.
const CASES: [&str; 8] = [
    "AMS-PAY-001",
    "AMS-PAY-002",
    "AMS-PAY-003",
    "AMS-PAY-004",
    "AMS-PAY-005",
    "AMS-PAY-023",
    "AMS-RFC-001",
    "AMS-RFC-002",
];
const SHARES: usize = 3;

fn read(ground: &Ground, name: &str) -> String {
    fs::read_to_string(ground.at(name)).unwrap()
}

/// The verdict without the places where attempts were made, which one run does not tell.
fn results(ground: &Ground, folder: &str) -> Value {
    let mut results: Value =
        serde_json::from_str(&read(ground, &format!("{folder}/results.json"))).unwrap();
    for case in results["cases"].as_array_mut().unwrap() {
        // Why nobody asked for a case is told by who was asked.
        for run in case["runs"].as_array_mut().unwrap() {
            for attempt in run["attempts"].as_array_mut().unwrap() {
                attempt.as_object_mut().unwrap().remove("origin");
            }
        }
    }
    results
}

/// The JUnit file without what tells which run it is.
fn junit(ground: &Ground, folder: &str) -> String {
    let text = read(ground, &format!("{folder}/junit.xml"));
    let lines = text.replace("><", ">\n<");
    let told = lines.lines().filter(|line| {
        ["run-id", "record-head"].iter().all(|name| !line.contains(&format!("\"{name}\"")))
    });
    let told = told.map(|line| match line.split_once(" timestamp=\"") {
        Some((before, after)) => format!("{before}{}", after.split_once('"').unwrap().1),
        None => line.to_owned(),
    });
    told.collect::<Vec<_>>().join("\n")
}

/// The cases on the page, without the numbers of runs that attempts tell of.
fn cases_on_page(ground: &Ground, folder: &str) -> String {
    let page = read(ground, &format!("{folder}/report.html"));
    let cases = page.split_once("data-suite=").unwrap().1;
    let of_part = |text: &str| {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(" (run ") {
            out.push_str(before);
            rest = after.split_once(" there)").unwrap().1;
        }
        out + rest
    };
    let chinese = |text: &str| {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("（运行 ") {
            out.push_str(before);
            rest = after.split_once('）').unwrap().1;
        }
        out + rest
    };
    chinese(&of_part(cases))
}

#[test]
fn shares_of_several_processes_come_to_what_one_run_comes_to() {
    let ground = Ground::new();
    let shares: Vec<String> = (1..=SHARES).map(|share| format!("share-{share}")).collect();
    thread::scope(|scope| {
        scope.spawn(|| ground.run("assay.yaml", "one", &CASES));
        for (share, folder) in (1..).zip(&shares) {
            let ground = &ground;
            scope.spawn(move || {
                let share = format!("{share}/{SHARES}");
                ground.run("assay.yaml", folder, &[&["--shard", &share], &CASES[..]].concat());
            });
        }
    });
    let runs: Vec<&str> = shares.iter().map(String::as_str).collect();
    ground.merge(2, &runs, "whole");
    ground.verify(2, "whole/acceptance.zip");
    let (one, whole) = (results(&ground, "one"), results(&ground, "whole"));
    let passed = |results: &Value| results["counts"]["mandatory_passed"].as_u64().unwrap();
    assert_eq!((passed(&one), passed(&whole)), (CASES.len() as u64, CASES.len() as u64));
    // No share is the whole, and none is empty; of what was asked for, its file has its own alone.
    let mut told: Vec<String> = vec![];
    for folder in &shares {
        let file = read(&ground, &format!("{folder}/junit.xml"));
        let of = |id: &&&str| file.contains(&format!("name=\"{id} "));
        told.extend(CASES.iter().filter(of).map(|id| (*id).to_owned()));
        assert!(file.contains(&format!("name=\"share {}\"", folder.replace("share-", "") + "/3")));
        let part = passed(&results(&ground, folder));
        assert!((1..CASES.len() as u64).contains(&part), "{folder}: {part}");
    }
    told.sort();
    assert_eq!(told, CASES, "each case in the file of one share");
    assert_eq!(one, whole);
    assert_eq!(junit(&ground, "one"), junit(&ground, "whole"));
    assert!(cases_on_page(&ground, "one") == cases_on_page(&ground, "whole"), "the pages differ");
}
