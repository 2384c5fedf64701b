use super::*;
use crate::verdict::{Outcome, Verdict};

fn key() -> PrivateKey {
    static KEY: std::sync::OnceLock<PrivateKey> = std::sync::OnceLock::new();
    KEY.get_or_init(|| PrivateKey::generate(2048).unwrap()).clone()
}

fn bundle() -> CertifiedBundle {
    let verdict = Verdict::Incomplete;
    CertifiedBundle { verdict, mandatory_passed: 80, ..CertifiedBundle::made_up() }
}

fn decision(run: &str, decision: Decided) -> Decision {
    Decision { run: run.parse().unwrap(), decision, note: "seen".into() }
}

fn waiver(case: &str) -> Waiver {
    Waiver {
        case: case.into(),
        client_id: "5Y00000000000001".into(),
        partner: String::new(),
        suite_version: "1".into(),
        reason: "the sandbox has none".into(),
        by: "Li Wei".into(),
        expires: "2027-02-01".into(),
    }
}

const GIVEN: &str = "2026-11-26T18:00:00Z";

fn review() -> Review {
    let reviewer = Reviewer { key_sha256: key().public().fingerprint(), name: "Li Wei".into() };
    let decisions =
        vec![decision("AMS-PAY-061", Decided::Passed), decision("AMS-PAY-004#2", Decided::Failed)];
    Review::new(bundle(), reviewer, GIVEN.into(), decisions, vec![waiver("AMS-PAY-023")])
}

#[test]
fn a_review_reads_back_under_its_reviewers_key_alone() {
    let envelope = review().seal(&key()).unwrap();
    assert_eq!(Review::open(&envelope, &key().public()), Ok(review()));
    let runs: Vec<_> = review().decisions.iter().map(|it| it.run.to_string()).collect();
    assert_eq!(runs, ["AMS-PAY-004#2", "AMS-PAY-061"]);
    let other = PrivateKey::generate(2048).unwrap();
    let refused = Review::open(&envelope, &other.public());
    assert!(matches!(refused, Err(ReviewFault::Seal(SealError::KeyId { .. }))));
    // Signed by another than it names.
    let lying = review().seal(&other).unwrap();
    assert_eq!(Review::open(&lying, &other.public()), Err(ReviewFault::Form));
    for index in (0..envelope.len()).step_by(11) {
        let mut edited = envelope.clone();
        edited[index] ^= 1;
        assert!(Review::open(&edited, &key().public()).is_err(), "byte {index}");
    }
    let huge = vec![b' '; usize::try_from(LARGEST_REVIEW).unwrap() + 1];
    assert_eq!(Review::open(&huge, &key().public()), Err(ReviewFault::Large));
    for garbage in [&b""[..], b"{}", b"[[[[", b"\xff\xfe"] {
        assert!(matches!(Review::open(garbage, &key().public()), Err(ReviewFault::Seal(_))));
    }
}

#[test]
fn a_review_is_read_by_writing_it_again() {
    let good = String::from_utf8(review().statement()).unwrap();
    let opened = |statement: &str| {
        let envelope = seal_statement(statement.as_bytes(), &key()).unwrap();
        Review::open(&envelope, &key().public())
    };
    for (from, to) in [
        ("urn:assay:review:v1", "urn:assay:review:v2"),
        ("\"decisions\":[", "\"approved\":true,\"decisions\":["),
        ("\"decision\":\"failed\"", "\"decision\":\"waived\""),
        ("\"name\":\"acceptance.zip\"", "\"name\":\"other.zip\""),
        ("\"run\":\"AMS-PAY-004#2\"", "\"run\":\"AMS-PAY-004#02\""),
        ("\"mandatoryTotal\":82", "\"mandatoryTotal\": 82"),
        (GIVEN, "2026-11-26T20:00:00+02:00"),
        (GIVEN, "yesterday"),
    ] {
        let edited = good.replacen(from, to, 1);
        assert_ne!(edited, good, "{from}");
        assert_eq!(opened(&edited), Err(ReviewFault::Form), "{to}");
    }
    let newer = good.replacen("\"schema\":1", "\"schema\":2,\"levels\":{}", 1);
    assert_eq!(opened(&newer), Err(ReviewFault::Schema(2)));
    for other in ["{}", "{\"predicate\":{}}", "{\"predicate\":{\"schema\":\"1\"}}", "[]"] {
        assert_eq!(opened(other), Err(ReviewFault::Form), "{other}");
    }
    let twice = good.replacen("\"schema\":1", "\"schema\":1,\"schema\":1", 1);
    assert!(matches!(opened(&twice), Err(ReviewFault::Seal(SealError::Json(_)))));
}

#[test]
fn a_review_is_about_one_bundle_and_rules_each_thing_once() {
    let good = review();
    let ruling = good.ruling(&bundle(), GIVEN).unwrap();
    let decided = ruling.decided.into_iter();
    let decided: Vec<_> = decided.map(|(run, passed)| (run.to_string(), passed)).collect();
    assert_eq!(decided, [("AMS-PAY-004#2".to_owned(), false), ("AMS-PAY-061".to_owned(), true)]);
    assert_eq!(ruling.waived.into_iter().collect::<Vec<_>>(), ["AMS-PAY-023"]);
    let other = CertifiedBundle { sha256: "00".repeat(32), ..bundle() };
    assert_eq!(good.ruling(&other, GIVEN), Err(ReviewFault::Other));
    let better = CertifiedBundle { mandatory_passed: 81, ..bundle() };
    assert_eq!(good.ruling(&better, GIVEN), Err(ReviewFault::Tale));
    let edited = |edit: fn(&mut Review)| {
        let mut review = review();
        edit(&mut review);
        review.ruling(&bundle(), GIVEN)
    };
    let told = edited(|it| it.decisions.push(decision("AMS-PAY-061", Decided::Failed)));
    assert_eq!(told, Err(ReviewFault::DecidedTwice("AMS-PAY-061".parse().unwrap())));
    let told = edited(|it| it.waivers.push(waiver("AMS-PAY-023")));
    assert_eq!(told, Err(ReviewFault::WaivedTwice("AMS-PAY-023".into())));
    // Who passes a run need not say more; who fails it does.
    assert!(edited(|it| it.decisions[1].note.clear()).is_ok());
    let noted = |edit| matches!(edited(edit), Err(ReviewFault::Note(..)));
    assert!(noted(|it| it.decisions[0].note.clear()));
    assert!(noted(|it| it.decisions[1].note = " ".into()));
    assert!(noted(|it| it.decisions[1].note = "a\nb".into()));
    assert!(noted(|it| it.waivers[0].reason = "x".repeat(LONGEST_NOTE + 1)));
    assert!(noted(|it| it.waivers[0].by.clear()));
}

#[test]
fn a_waiver_is_for_one_merchant_and_one_suite() {
    let edited = |edit: fn(&mut Waiver)| {
        let mut review = review();
        edit(&mut review.waivers[0]);
        review.ruling(&bundle(), GIVEN)
    };
    for edit in [
        (|it| it.client_id = "5Y00000000000002".into()) as fn(&mut Waiver),
        |it| it.client_id.clear(),
        |it| it.partner = "2088000000000001".into(),
    ] {
        assert!(matches!(edited(edit), Err(ReviewFault::Merchant { .. })));
    }
    let told = edited(|it| it.suite_version = "2".into());
    assert!(matches!(told, Err(ReviewFault::Suite { .. })));
}

#[test]
fn a_waiver_holds_to_the_end_of_its_last_day_and_no_longer_than_a_year() {
    let at = |at: &str| review().ruling(&bundle(), at);
    for good in [GIVEN, "2027-01-31T00:00:00Z", "2027-02-01T23:59:59Z", "2020-01-01T00:00:00Z"] {
        assert!(at(good).is_ok(), "{good}");
    }
    for late in ["2027-02-02T00:00:00Z", "2030-01-01T00:00:00Z", "", "nonsense", "2027-02-1"] {
        assert!(matches!(at(late), Err(ReviewFault::Expired { .. })), "{late}");
    }
    for (expires, good) in [
        ("2026-11-26", true),
        ("2027-11-26", true),
        ("2027-11-27", true),
        ("2027-11-28", false),
        ("2026-11-25", false),
        ("9999-12-31", false),
        ("2027-02-30", false),
        ("2027-2-1", false),
        ("2027-02-01 ", false),
        ("2027/02/01", false),
        ("+027-02-01", false),
        ("never", false),
        ("", false),
        ("２０２７-02-01", false),
    ] {
        let mut review = review();
        review.waivers[0].expires = expires.into();
        let told = review.ruling(&bundle(), GIVEN);
        assert_eq!(told.is_ok(), good, "{expires}");
        assert!(good || matches!(told, Err(ReviewFault::Expires(..))), "{expires}");
    }
}

#[test]
fn a_moment_is_written_in_one_way() {
    for (text, moment) in [
        ("2026-11-26", "2026-11-26T00:00:00Z"),
        ("2026-11-26T18:00:00Z", "2026-11-26T18:00:00Z"),
        ("2026-11-27T02:00:00.75+08:00", "2026-11-26T18:00:00Z"),
    ] {
        assert_eq!(super::moment(text).as_deref(), Some(moment), "{text}");
    }
    for text in ["", "now", "2026-11-31", "2026-11-26 18:00", "1764180000", "2026-11-26T18:00:00"] {
        assert_eq!(super::moment(text), None, "{text}");
    }
}

#[test]
fn every_fault_says_what_it_is_about() {
    let run: CaseKey = "AMS-PAY-021/order-code#3".parse().unwrap();
    let unused = NoRuling::Unused("AMS-PAY-001".into(), Outcome::Passed);
    for (fault, about) in [
        (ReviewFault::Form, None),
        (ReviewFault::Key, None),
        (ReviewFault::DecidedTwice(run.clone()), Some("AMS-PAY-021/order-code#3")),
        (NoRuling::NoRun(run).into(), Some("AMS-PAY-021/order-code#3")),
        (unused.into(), Some("AMS-PAY-001")),
    ] {
        assert_eq!(fault.about().as_deref(), about);
        assert!(!fault.says().to_string().contains("REVIEW_"), "{fault:?}");
    }
}
