//! A reviewer's challenge: a run answers it with two orders of its own, and no other run does.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod challenging;
mod joining;
mod program;
mod stand;

use std::fs;

use assay::seal::{AnsweredBy, Asked, Challenge, Role, own_order};
use challenging::forgeries::FORGERIES;
use challenging::{CLIENT, Held, NONCE, OTHER, PARTNER, RUN, SUITE, made, played};
use joining::Ground;
use steps::Product;

#[test]
fn a_run_that_answers_says_so_by_what_the_gateway_signed() {
    let held = Held::new();
    let [first, last] = held.between;
    let answered = held.judged().unwrap().unwrap();
    assert_eq!((answered.nonce.as_str(), answered.by), (NONCE, AnsweredBy::Signed));
    assert_eq!(answered.yours, None);
    let parsed = answered.times.map(|time| protocol::parse_time(&time).unwrap());
    assert!(parsed[0] < first && parsed[1] > last, "{parsed:?}");
    // Without the gateway's key the states stand as they were recorded, as in the record.
    assert!(Held { known: false, ..Held::new() }.judged().unwrap().is_some());
}

#[test]
fn no_other_orders_answer_it() {
    let mut wrong = vec![];
    for (what, forge, why) in FORGERIES {
        let mut held = Held::new();
        forge(&mut held);
        let told = held.judged().map(|answered| format!("{answered:?}"));
        let told = told.map_or_else(|why| why, |answered| format!("it holds: {answered}"));
        if !told.contains(why) || !told.starts_with("challenge: ") {
            wrong.push(format!("{what}: {told}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_record_that_was_made_without_the_nonce_is_no_answer() {
    // Played before the challenge was known, and told as if it had answered.
    let record = played(1, NONCE);
    let told = Held { record, ..Held::new() }.judged().unwrap_err();
    assert!(told.contains("the order was sold in another attempt"), "{told}");
    // A run that names no challenge has no such orders.
    let record = played(1, "");
    let told = Held { record: record.clone(), ..Held::new() }.judged().unwrap_err();
    assert!(told.contains("challenge.ndjson is there, and the run names no challenge"), "{told}");
    let without = || {
        let (record, opening, closing) = (record.clone(), vec![], vec![]);
        Held { record, opening, closing, ..Held::new() }
    };
    assert_eq!(without().judged(), Ok(None));
    let yours = Held { challenge: Some(yours(NONCE)), ..without() };
    let told = yours.judged().unwrap_err();
    assert!(told.contains("it answers no challenge, and yours is"), "{told}");
    // Whatever was taken for a nonce is none.
    let odd = "../../0123456789abcdef0123456789";
    let record = played(steps::woven(1, odd), odd);
    let told = Held { record, ..Held::new() }.judged().unwrap_err();
    assert!(told.contains("the run names a challenge that is none"), "{told}");
}

/// A challenge that the run answers in time.
fn yours(nonce: &str) -> Challenge {
    let [issued, expires] = ["2026-01-05T01:00:00Z", "2026-01-12T01:00:00Z"].map(str::to_owned);
    Challenge { nonce: nonce.into(), ..Challenge::new(issued, expires, SUITE.version(), CLIENT) }
}

#[test]
fn a_verifier_s_own_challenge_is_compared() {
    let judged = |challenge: Challenge| Held { challenge: Some(challenge), ..Held::new() }.judged();
    let own = yours(NONCE);
    let answered = judged(own.clone()).unwrap().unwrap();
    assert_eq!(answered.yours, Some([own.issued.clone(), own.expires.clone()]));
    let [first, last] = Held::new().between;
    let second = |at: i64| protocol::parse_time(&protocol::iso8601(at)).unwrap();
    let utc = |at: i64| {
        let moment = time::OffsetDateTime::from_unix_timestamp(second(at) / 1_000).unwrap();
        moment.format(&time::format_description::well_known::Rfc3339).unwrap()
    };
    // To the second: from its issue on, and to its expiry.
    let sharp =
        Challenge { issued: utc(first - 10_000), expires: utc(last + 11_000), ..own.clone() };
    assert!(judged(sharp).is_ok());
    for (challenge, why) in [
        (yours(OTHER), "and yours is fedcba98"),
        (
            Challenge { issued: utc(first - 9_000), ..own.clone() },
            "before your challenge was issued",
        ),
        (Challenge { expires: utc(last + 9_000), ..own.clone() }, "after your challenge expired"),
        (Challenge { suite_version: "0.0.1".into(), ..own.clone() }, "it is for suite 0.0.1"),
        (Challenge { merchant: "5Y1".into(), ..own }, "it is for the merchant 5Y1, and this is"),
    ] {
        let told = judged(challenge).unwrap_err();
        assert!(told.starts_with("challenge: ") && told.contains(why), "{why}: {told}");
    }
}

#[test]
fn every_product_s_own_order_is_an_answer() {
    let asked = Asked { nonce: NONCE, run: RUN, merchant: [CLIENT, PARTNER] };
    let number = Role::Closing.number(NONCE, RUN, 1_800_000_000_123);
    assert!(number.len() <= 64 && number.ends_with("-c1800000000"), "{number}");
    for (product, dated) in [
        (Product::OrderCode, true),
        (Product::EntryCode, true),
        (Product::Cashier, true),
        (Product::TransactionQr, false),
    ] {
        let entries = made(product, &number);
        let times = own_order(&entries, Role::Closing, &asked).unwrap();
        assert_eq!(times.signed.is_some(), dated, "{product:?}");
        assert!(own_order(&entries, Role::Opening, &asked).is_err(), "{product:?}");
        let strangers = Asked { merchant: ["5Y1", "2088000000000002"], ..asked };
        assert!(own_order(&entries, Role::Closing, &strangers).is_err(), "{product:?}");
    }
    assert!(own_order(&[], Role::Closing, &asked).is_err());
}

/// From the command line, on the embedded sandbox, in both generations.
#[test]
fn a_challenge_is_made_answered_and_compared_on_the_command_line() {
    let ground = Ground::new();
    let made = ground.wants(0, &["review", "challenge", "--out", "c.json"]);
    assert!(made.contains("assay run --challenge c.json"), "{made}");
    let challenge = Challenge::read(&fs::read(ground.at("c.json")).unwrap()).unwrap();
    ground.wants(64, &["review", "challenge", "--out", "c.json"]);
    ground.wants(64, &["review", "challenge", "--days", "0"]);
    ground.wants(64, &["review", "challenge", "--merchant", "a b", "--out", "d.json"]);
    ground.wants(0, &["review", "challenge", "--days", "1", "--out", "other.json"]);
    ground.run("assay.yaml", "one", &["AMS-PAY-001", "--challenge", "c.json"]);
    let yours = ["verify", "one/acceptance.zip", "--trust", "keys/report.pub", "--challenge"];
    let told = ground.wants(2, &[&yours[..], &["c.json"]].concat());
    assert!(told.contains(&format!("the run answers challenge {}", challenge.nonce)), "{told}");
    assert!(told.contains("that challenge is yours"), "{told}");
    assert!(ground.verify(2, "one/acceptance.zip").contains("was not compared"));
    let told = ground.wants(65, &[&yours[..], &["other.json"]].concat());
    assert!(told.contains("is broken at its challenge: it answers the challenge"), "{told}");
    let json = ground.wants(2, &[&yours[..], &["c.json", "--json"]].concat());
    assert!(json.contains(&format!("\"challenge\": \"{}\"", challenge.nonce)), "{json}");
    for file in ["report.html", "junit.xml", "challenge.ndjson"] {
        let text = fs::read_to_string(ground.at("one").join(file)).unwrap();
        assert!(text.contains(&challenge.nonce), "{file}");
    }
    gone_on(&ground);
    unusable(&ground, &challenge);
    joined(&ground);
}

/// A run that could not be closed is closed in another sitting, under the same challenge and nothing
/// but what opened it.
fn gone_on(ground: &Ground) {
    let folder = ground.at("gone-on");
    fs::create_dir(&folder).unwrap();
    fs::copy(ground.at("one/record.ndjson"), folder.join("record.ndjson")).unwrap();
    let orders = fs::read_to_string(ground.at("one/challenge.ndjson")).unwrap();
    let (opening, closing): (Vec<_>, Vec<_>) =
        (orders.lines().take(6).collect(), orders.lines().skip(6).collect());
    let resume = ["run", "--profile", "assay.yaml", "--resume", "gone-on", "--quiet"];
    let answering = [&resume[..], &["--challenge", "c.json"]].concat();
    let told = ground.wants(64, &answering);
    assert!(told.contains("does not hold what opened the run"), "{told}");
    for other in [closing.join("\n") + "\n", "garbage\n".into(), String::new()] {
        fs::write(folder.join("challenge.ndjson"), other).unwrap();
        ground.wants(64, &answering);
    }
    fs::write(folder.join("challenge.ndjson"), opening.join("\n") + "\n").unwrap();
    for other in [&resume[..], &[&resume[..], &["--challenge", "other.json"]].concat()] {
        let told = ground.wants(64, other);
        assert!(told.contains("another 'challenge'"), "{told}");
    }
    ground.wants(2, &answering);
    let yours = ["--trust", "keys/report.pub", "--challenge", "c.json"];
    ground.wants(2, &[&["verify", "gone-on/acceptance.zip"], &yours[..]].concat());
}

/// Runs that answer one challenge are joined, and others are not.
fn joined(ground: &Ground) {
    ground.run("assay.yaml", "two", &["AMS-PAY-003", "--challenge", "c.json"]);
    ground.run("assay.yaml", "third", &["AMS-PAY-003", "--challenge", "other.json"]);
    ground.merge(2, &["one", "two"], "both");
    let yours = ["verify", "both/acceptance.zip", "--trust", "keys/report.pub", "--challenge"];
    let told = ground.wants(2, &[&yours[..], &["c.json"]].concat());
    assert_eq!(told.matches("that challenge is yours").count(), 2, "{told}");
    ground.wants(65, &[&yours[..], &["other.json"]].concat());
    let told = ground.merge(64, &["one", "third"], "never");
    assert!(told.contains("the challenge is"), "{told}");
}

/// A challenge that is none, that is over, or that is for somebody else.
fn unusable(ground: &Ground, challenge: &Challenge) {
    let (of_merchant, of_suite) = ("2088".to_owned(), "0.0.1".to_owned());
    let over = ["2026-01-05T01:00:00Z", "2026-01-06T01:00:00Z"].map(str::to_owned);
    let [issued, expires] = over;
    for (text, why) in [
        (String::new(), "JSON"),
        (Challenge { merchant: of_merchant, ..challenge.clone() }.text(), "for the merchant 2088"),
        (Challenge { suite_version: of_suite, ..challenge.clone() }.text(), "for suite 0.0.1"),
        (Challenge { issued, expires, ..challenge.clone() }.text(), "expired at 2026-01-06"),
    ] {
        fs::write(ground.at("odd.json"), text).unwrap();
        let run = ["run", "--profile", "assay.yaml", "--out", "never", "--challenge", "odd.json"];
        let told = ground.wants(66, &run);
        assert!(told.contains("odd.json") && told.contains(why), "{why}: {told}");
        assert!(!ground.at("never").exists());
    }
    let nowhere = ["--trust", "keys/report.pub", "--challenge", "nowhere.json"];
    ground.wants(66, &[&["verify", "one/acceptance.zip"], &nowhere[..]].concat());
}
