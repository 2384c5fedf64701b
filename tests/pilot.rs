//! Where money is real: what a run needs before the first call, and how much it may sell for.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod outside_stand;
mod ports;
#[path = "foreign/relay.rs"]
mod relay;
mod stand;

use std::fs;
use std::process::Stdio;

use assay::verdict::Outcome;
use evidence::Event;
use evidence::words::CAP_REACHED;
use outside_stand::{Gateway, Stand, said};
use protocol::Amount;
use relay::{Foreign, with_buyer};
use serde_json::Value;
use signing::PrivateKey;
use steps::Purse;

const KNOWS: &str = "--i-know-this-moves-money";

/// A merchant at a gateway that its profile calls production.
fn merchant_at(url: &str, gateway: &PrivateKey, merchant: &PrivateKey, cap: &str) -> Stand {
    let lines = format!("  url: {url}\n  production: true\n{cap}");
    Stand::open_at(Gateway { lines, key: gateway.public() }, merchant.clone())
}

fn capped(minor: i64) -> String {
    format!("  cap: {{ currency: USD, minor: {minor} }}\n")
}

#[test]
fn a_run_in_production_is_refused_before_the_first_call_unless_everything_is_said() {
    let [gateway, merchant] = [(); 2].map(|()| PrivateKey::generate(2048).unwrap());
    // Nobody listens there: whoever were called would not answer, which is another refusal.
    let nobody = format!("http://{}", ports::free());
    let yen = "  cap: { currency: JPY, minor: 5000 }\n".to_owned();
    let production = "is production: every sale of this run takes a real buyer's money";
    for (cap, arguments, code, says, remedy) in [
        (capped(5_000), vec!["AMS-PAY-001"], 64, production, "add --i-know-this-moves-money"),
        (capped(5_000), vec![], 64, production, "use a sandbox"),
        (String::new(), vec![KNOWS, "AMS-PAY-001"], 66, "has no cap", "add `cap` to `gateway`"),
        (
            capped(5_000),
            vec![KNOWS, "AMS-PAY-001", "AMS-PAY-004"],
            64,
            "AMS-PAY-004 is not safe for a pilot",
            "assay list --tag @pilot",
        ),
        (capped(5_000), vec![KNOWS, "merchants"], 64, "is not safe for a pilot", "on a sandbox"),
        // One sale of 12.31, and the trial sale of 1.00.
        (
            capped(1_330),
            vec![KNOWS, "AMS-PAY-001"],
            66,
            "the plan sells for USD 13.31, which is above the cap of USD 13.30",
            "name fewer cases, or raise gateway.cap",
        ),
        (
            capped(1_400),
            vec![KNOWS],
            66,
            "which is above the cap of USD 14.00",
            "raise gateway.cap",
        ),
        (
            yen,
            vec![KNOWS, "AMS-PAY-001"],
            66,
            "the plan sells in USD, and the cap is in JPY",
            "gateway.cap",
        ),
        // All is said, and now somebody is called.
        (capped(1_331), vec![KNOWS, "AMS-PAY-001"], 69, "nothing answers at", "start the gateway"),
        (
            "  cap: { currency: USD, minor: 0 }\n".to_owned(),
            vec![KNOWS, "AMS-PAY-001"],
            66,
            "a cap is an amount above zero",
            "minor: 5000",
        ),
    ] {
        let stand = merchant_at(&nobody, &gateway, &merchant, &cap);
        let told = stand.running(&arguments).stdin(Stdio::null()).output().unwrap();
        let text = said(&told);
        assert_eq!(told.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(says) && text.contains(remedy), "{arguments:?}: {text}");
        assert!(!stand.path("run").exists(), "{arguments:?}");
    }
}

#[test]
fn check_says_what_a_profile_of_production_needs() {
    let [gateway, merchant] = [(); 2].map(|()| PrivateKey::generate(2048).unwrap());
    let nobody = "http://127.0.0.1:9";
    for (cap, code, says) in [
        (capped(5_000), 0, "sells for USD 50.00 at most, and plays 7 cases"),
        (String::new(), 66, "the profile has no cap"),
    ] {
        let stand = merchant_at(nobody, &gateway, &merchant, &cap);
        let told = stand.command(&["check", "--profile", "assay.yaml"]).output().unwrap();
        let text = said(&told);
        assert_eq!(told.status.code(), Some(code), "{text}");
        assert!(text.contains("what moves real money is capped") && text.contains(says), "{text}");
    }
}

#[test]
fn a_pilot_passes_and_its_papers_say_production() {
    let foreign = Foreign::open();
    let cap = capped(1_331);
    let stand = merchant_at(&foreign.url(), &foreign.gateway, &foreign.merchant, &cap);
    let Some(run) = with_buyer(&stand, &foreign, None, &[KNOWS, "AMS-PAY-001"]) else { return };
    let told = said(&run);
    assert!(told.contains("passed AMS-PAY-001"), "{told}");
    let profile: Value = serde_json::from_str(&stand.read("profile.json")).unwrap();
    assert_eq!(profile["gateway"]["production"], true);
    assert_eq!(profile["gateway"]["cap"]["minor"], 1_331);
    assert!(stand.read("report.html").contains("<dd>production</dd>"));
    fs::write(stand.path("gateway.pub"), foreign.gateway.public().to_spki_pem()).unwrap();
    let verified = stand.verify_with(&["--gateway-key", "gateway.pub"]);
    assert_eq!(verified.status.code(), Some(2), "a part is incomplete: {}", said(&verified));
    assert!(!said(&verified).contains('✗'), "{}", said(&verified));
}

#[test]
fn no_sale_goes_above_the_cap_while_a_run_plays() {
    let suite = stand::suite();
    let mut planned = stand::everything(&suite);
    planned.retain(|run| ["AMS-PAY-001", "AMS-PAY-004"].contains(&run.case.id.as_str()));
    let mut backstage = stand::backstage();
    let cap = Amount::from_price("USD 20.00").unwrap();
    backstage.purse = Some(Purse::new(cap));
    // One after the other, so that it is known whose money is left.
    let played = stand::play(&suite, planned, backstage, 1);
    let of = |id: &str| played.record.cases.iter().find(|case| case.key.case == id).unwrap();
    let ended = |id: &str| {
        let case = played.results.cases.iter().find(|case| case.id == id).unwrap();
        case.runs[0].outcome
    };
    let sold = |id: &str| of(id).entries.iter().any(|entry| entry.event.message().is_some());
    assert_eq!((ended("AMS-PAY-001"), sold("AMS-PAY-001")), (Outcome::Passed, true));
    assert_eq!((ended("AMS-PAY-004"), sold("AMS-PAY-004")), (Outcome::Error, false));
    let why = CAP_REACHED.with(["USD 12.31", "USD 20.00"]).into();
    let broken = of("AMS-PAY-004")
        .entries
        .iter()
        .any(|entry| matches!(&entry.event, Event::Broken { why: told, .. } if *told == why));
    assert!(broken, "{:?}", of("AMS-PAY-004"));
}
