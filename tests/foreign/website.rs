//! A shop on the web at somebody else's gateway: a person's browser goes to the cashier, and comes back
//! through the witness.

use std::fs;
use std::process::Output;

use assay::verdict::Outcome;
use evidence::Party;
use merchant::Defect;
use protocol::Generation;

use super::{Foreign, results};
use crate::outside_stand::{Gateway, Stand, said};
use crate::relay::at_terminal;

/// The way there and back: before the notification and after it, one of both alone, and begun again.
const CASES: [&str; 6] = [
    "LEG-PAY-081#1",
    "LEG-PAY-081#2",
    "LEG-PAY-081#3",
    "LEG-PAY-082#1",
    "LEG-PAY-082#2",
    "LEG-PAY-085",
];

/// A shop at such a gateway, and what came of these cases.
fn plays(
    defect: Option<Defect>,
    wallet: Option<&str>,
    cases: &[&str],
) -> Option<(Stand, Foreign, Output)> {
    let foreign = Foreign::speaking(Generation::Legacy);
    let lines = format!("  url: {}\n", foreign.url());
    let gateway = Gateway { lines, key: foreign.gateway.public() };
    let stand = Stand::shop_at(gateway, foreign.merchant.clone(), defect);
    let asked = [&["--out", "run", "--jobs", "6"], cases].concat();
    let run = at_terminal(&stand, &foreign, wallet, &asked)?;
    Some((stand, foreign, run))
}

#[test]
fn a_person_walks_a_shops_way_to_the_cashier_and_back() {
    let Some((stand, foreign, run)) = plays(None, None, &CASES) else { return };
    let told = said(&run);
    for case in CASES {
        assert!(told.contains(&format!("passed {case}")), "{case}: {told}");
    }
    assert!(told.contains("let the browser go back to the shop"), "{told}");
    assert!(told.contains("close the browser, before it goes back"), "{told}");
    assert!(told.contains("its code is wider than a terminal"), "{told}");
    // What had to come later was held back on the way, not made up.
    let record = stand.record();
    assert!(record.contains("\"fault\":\"return-held-back\""), "a return after the notification");
    assert!(record.contains("\"fault\":\"notice-held-back\""), "a return before it");
    fs::write(stand.path("gateway.pub"), foreign.gateway.public().to_spki_pem()).unwrap();
    let verified = stand.verify_with(&["--gateway-key", "gateway.pub"]);
    assert_eq!(verified.status.code(), Some(2), "{}", said(&verified));
    assert!(!said(&verified).contains('✗'), "{}", said(&verified));
}

#[test]
fn a_shop_that_books_before_its_buyer_is_back_fails_there() {
    let defect = Defect::from_id("M-LEG-redirect-is-paid");
    assert!(defect.is_some());
    let Some((stand, _foreign, run)) = plays(defect, None, &["LEG-PAY-081#1"]) else { return };
    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
    assert_eq!(came_to(&stand, "LEG-PAY-081#1"), (Outcome::Failed, Some(Party::Merchant)));
}

/// How the one attempt of a run ended, and who is at fault.
fn came_to(stand: &Stand, key: &str) -> (Outcome, Option<Party>) {
    let results = results(stand, "run");
    let mut runs = results.cases.iter().flat_map(|case| &case.runs);
    let run = runs.find(|run| run.key.to_string() == key).unwrap();
    assert_eq!(run.attempts.len(), 1, "{run:?}");
    (run.attempts[0].outcome, run.attempts[0].blamed)
}

#[test]
fn a_browser_that_was_to_be_closed_and_comes_back_blames_nobody() {
    let case = "LEG-PAY-082#1";
    let Some((stand, _foreign, run)) = plays(None, Some("stubborn"), &[case]) else { return };
    assert_eq!(run.status.code(), Some(2), "{}", said(&run));
    assert_eq!(came_to(&stand, case), (Outcome::Aborted, Some(Party::Environment)));
    assert!(said(&run).contains("the buyer was to close it before"), "{}", said(&run));
}
