//! A reviewer's decisions and waivers over a bundle: which hold, what the bundle comes to with them,
//! and that every other review is refused with its own reason.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod joining;
mod program;

use std::fs;
use std::sync::Arc;

use assay::seal::{
    Certified, CertifiedBundle, Decided, Decision, Review, ReviewFault, Reviewer, Waiver,
    seal_statement,
};
use assay::suite::Suite;
use assay::verdict::{Judge, Results, Stages, Verdict};
use evidence::Record;
use joining::Ground;
use serde_json::Value;
use signing::PrivateKey;
use time::{Duration, OffsetDateTime};

const BUNDLE: &str = "run/acceptance.zip";
const TRUST: [&str; 2] = ["--trust", "keys/report.pub"];
const SIGNS: [&str; 4] = ["--key", "reviewer.pem", "--reviewer", "Li Wei"];
const DECISIONS: [&str; 2] = ["--decisions", "decisions.yaml"];
const REVIEWER: &str = "reviewer.pem.pub";
const CHALLENGE: [&str; 2] = ["--challenge", "challenge.json"];

/// A day so many days from now: a waiver has to end within a year of its review.
fn day(ahead: i64) -> String {
    (OffsetDateTime::now_utc() + Duration::days(ahead)).date().to_string()
}

/// A ground with a reviewer's key and a picture.
fn ground() -> Ground {
    let ground = Ground::new();
    ground.wants(0, &["keys", "new", "--out", "reviewer.pem"]);
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";
    fs::write(ground.at("shot.png"), picture).unwrap();
    ground
}

fn verify<'a>(bundle: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["verify", bundle], &TRUST[..], more].concat()
}

/// All of a shop on the web, with pictures on two of its cases, under the reviewer's challenge: nothing
/// but a reviewer is missing.
#[test]
fn what_waits_is_decided_or_waived_and_the_bundle_is_acceptable_with_that() {
    let ground = ground();
    let client = ("client_id: SANDBOX_5Y00000000000001", "partner: \"2088000000000001\"");
    let products = ("[user-presented]", "[website]");
    ground.profile("shop.yaml", &[("generation: ams", "generation: legacy"), products, client]);
    let attach = ["--attach", "LEG-PAY-031=shot.png", "--attach", "LEG-PAY-033=shot.png"];
    ground.wants(0, &["review", "challenge", "--out", CHALLENGE[1]]);
    ground.run("shop.yaml", "run", &[&attach[..], &CHALLENGE].concat());
    let before = fs::read(ground.at(BUNDLE)).unwrap();
    let later = day(30);
    let decisions = format!(
        "decisions:\n  - run: LEG-PAY-031\n    decision: passed\n    note: the page shows it\n\
         waivers:\n  - case: LEG-PAY-033\n    reason: the picture is of the trial shop\n    \
         expires: {later}\n"
    );
    fs::write(ground.at("decisions.yaml"), &decisions).unwrap();
    let review = [&["review", BUNDLE][..], &TRUST, &SIGNS, &DECISIONS].concat();
    let told = ground.wants(0, &review);
    for shown in [
        "waiting for a decision: 2".to_owned(),
        "reviewed by Li Wei on ".to_owned(),
        format!("LEG-PAY-033 waived to the end of {later}: the picture is of the trial shop"),
        "with the review: acceptable (rehearsal)".to_owned(),
        format!("it names the challenge that the run answers, with the nonce {}", nonce(&ground)),
    ] {
        assert!(told.contains(&shown), "{shown}: {told}");
    }
    assert_eq!(fs::read(ground.at(BUNDLE)).unwrap(), before);
    let told = ground.wants(64, &review);
    assert!(told.contains("review.dsse.json is there already"), "{told}");
    let reviewed = ["--review", "review.dsse.json", "--reviewer", REVIEWER];
    listed(&ground, &reviewed);
}

/// What the reviewer's challenge has to be known by.
fn nonce(ground: &Ground) -> String {
    let challenge: Value =
        serde_json::from_slice(&fs::read(ground.at(CHALLENGE[1])).unwrap()).unwrap();
    challenge["nonce"].as_str().unwrap().to_owned()
}

fn json(ground: &Ground, code: i32, more: &[&str]) -> Value {
    let told = ground.wants(code, &verify(BUNDLE, &[&["--json"], more].concat()));
    serde_json::from_str::<Vec<Value>>(&told).unwrap().remove(0)
}

/// What machines are told of a review that holds.
fn listed(ground: &Ground, reviewed: &[&str]) {
    let told = json(ground, 0, reviewed);
    assert_eq!(told["exit"], 0);
    // What the bundle is by itself stays as it is.
    assert_eq!((&told["verdict"], &told["holds"]), (&"incomplete".into(), &true.into()));
    let review = &told["review"];
    assert_eq!(review["holds"], true);
    assert_eq!(review["verdict"], "acceptable");
    assert_eq!(review["mandatory_waived"], 1);
    let nonce: Value = nonce(ground).into();
    assert_eq!((&told["challenge"], &review["challenge"]), (&nonce, &nonce));
    assert_eq!(review["decisions"][0]["run"], "LEG-PAY-031/website");
    assert_eq!(review["waivers"][0]["case"], "LEG-PAY-033");
}

/// A bundle of one case that waits, one that passed, and many that were left out; and its reviewer.
struct Desk {
    ground: Ground,
    key: PrivateKey,
}

impl Desk {
    fn new() -> Self {
        let ground = ground();
        let attach = ["AMS-PAY-001", "AMS-PAY-003", "--attach", "AMS-PAY-001=shot.png"];
        ground.run("assay.yaml", "run", &attach);
        let key = PrivateKey::read(&fs::read(ground.at("reviewer.pem")).unwrap()).unwrap();
        Self { ground, key }
    }

    fn review(&self) -> Review {
        let reviewer =
            Reviewer { key_sha256: self.key.public().fingerprint(), name: "Li Wei".into() };
        let now = format!("{}T00:00:00Z", day(0));
        let decisions = vec![decision("AMS-PAY-001", Decided::Passed)];
        Review::new(self.ground.found(BUNDLE), reviewer, now, decisions, vec![])
    }

    fn waiver(&self, case: &str) -> Waiver {
        let found = self.ground.found(BUNDLE);
        Waiver {
            case: case.into(),
            client_id: found.client_id,
            partner: found.partner,
            suite_version: found.suite_version,
            reason: "why not".into(),
            by: "Li Wei".into(),
            expires: day(30),
        }
    }

    /// What verify says of a file under a key.
    fn verified(&self, code: i32, file: &str, key: &str) -> String {
        let told = self.ground.wants(code, &verify(BUNDLE, &["--review", file, "--reviewer", key]));
        assert!(told.contains("the seal holds"), "the bundle does: {told}");
        told
    }

    /// Refused, with its own reason.
    fn refuses(&self, bytes: &[u8], key: &str, why: &str) {
        fs::write(self.ground.at("forged.json"), bytes).unwrap();
        let told = self.verified(65, "forged.json", key);
        assert!(told.contains("forged.json is broken at its review: "), "{why}: {told}");
        assert!(told.contains(why), "{why}: {told}");
        assert!(!told.contains("with the review"), "{why}: {told}");
    }
}

fn decision(run: &str, decision: Decided) -> Decision {
    Decision { run: run.parse().unwrap(), decision, note: "seen".into() }
}

#[test]
fn a_decision_counts_as_what_it_is() {
    let desk = Desk::new();
    for (decided, language, code, says) in [
        (Decided::Passed, "en", 2, "with the review: incomplete: 2 of "),
        (Decided::Failed, "zh", 1, "计入评审："),
    ] {
        let review = Review { decisions: vec![decision("AMS-PAY-001", decided)], ..desk.review() };
        fs::write(desk.ground.at("good.json"), review.seal(&desk.key).unwrap()).unwrap();
        let more = ["--review", "good.json", "--reviewer", REVIEWER, "--lang", language];
        let told = desk.ground.wants(code, &verify(BUNDLE, &more));
        assert!(told.contains(says), "{told}");
    }
    certificates(&desk);
    late(&desk);
    let good = ["--review", "good.json", "--reviewer", REVIEWER];
    let two = [&good[..], &["run/acceptance.zip"]].concat();
    assert!(desk.ground.wants(64, &verify(BUNDLE, &two)).contains("a review is about one bundle"));
    for usage in [
        &["--review", "good.json"][..],
        &["--reviewer", REVIEWER],
        &["--at", "2026-11-26"],
        &[&good[..], &["--at", "tomorrow"]].concat(),
        &[&good[..], &["--at", ""]].concat(),
    ] {
        desk.ground.wants(64, &verify(BUNDLE, usage));
    }
    desk.ground.wants(66, &verify(BUNDLE, &["--review", "nowhere.json", "--reviewer", REVIEWER]));
    // Where nobody is, what waits is shown, and nothing is signed.
    let review = [&["review", BUNDLE][..], &TRUST, &SIGNS, &["--extract", "evidence"]].concat();
    let told = desk.ground.wants(64, &review);
    for shown in [
        "waiting for a decision: 1",
        "── AMS-PAY-001 · needs review ──",
        "attached: shot.png, attachments/",
        "merchant → gateway: pay ✓",
        "gateway → runner: S SUCCESS",
        "left out by the integrator, who can play them, so no review makes up for them: ",
        "S1 held: ",
        "nobody is at a terminal here\n  try: ",
    ] {
        assert!(told.contains(shown), "{shown}: {told}");
    }
    assert_eq!(fs::read_dir(desk.ground.at("evidence")).unwrap().count(), 1);
    assert!(!desk.ground.at("review.dsse.json").exists());
}

/// A certificate that rests on a review names it, and holds with no other.
fn certificates(desk: &Desk) {
    let (ground, key) = (&desk.ground, &desk.key);
    let review_sha256 = signing::sha256_hex(&fs::read(ground.at("good.json")).unwrap());
    let plain = ground.found(BUNDLE);
    let verdict = Verdict::Rejected;
    let resting = CertifiedBundle { verdict, review_sha256, ..plain };
    let other = CertifiedBundle { review_sha256: "ab".repeat(32), ..resting.clone() };
    let given = ["--review", "good.json", "--reviewer", REVIEWER];
    for (name, bundle, review, why) in [
        // All of it is as it should be, but that nobody certifies such a bundle.
        ("resting.json", resting.clone(), true, "no acceptable submission"),
        ("resting.json", resting, false, "it rests on the review with the SHA-256 "),
        ("other.json", other, true, "it rests on another review, or on none"),
    ] {
        let key_sha256 = key.public().fingerprint();
        let reviewer = Reviewer { key_sha256, name: "Li Wei".into() };
        let certified = Certified::new(bundle, reviewer, "2026-11-26T18:00:00Z".into());
        fs::write(ground.at(name), certified.seal(key).unwrap()).unwrap();
        let given = if review { &given[..] } else { &[] };
        let more = [given, &["--certificate", name, "--certifier", REVIEWER]].concat();
        let told = ground.wants(65, &verify(BUNDLE, &more));
        assert!(told.contains(why), "{name} {review}: {told}");
        let told = json(ground, 65, &more);
        let certificate = &told["certificate"];
        assert_eq!((&told["exit"], &certificate["holds"]), (&65.into(), &false.into()), "{told}");
        let says = certificate["broken"]["why"].as_str().unwrap();
        assert!(says.contains(why), "{name} {review}: {told}");
    }
    // A review under another key than the certifier's own, who names no other.
    ground.wants(0, &["keys", "new", "--out", "other.pem"]);
    let other = ["--key", "other.pem", "--reviewer", "Li Wei", "--review", "good.json"];
    let told = ground.wants(
        1,
        &[&["certify", BUNDLE][..], &TRUST, &other, &["--review-key", REVIEWER]].concat(),
    );
    assert!(told.contains("with the review: rejected") && told.contains("not certified"), "{told}");
}

/// A waiver that is over, as people and machines are told.
fn late(desk: &Desk) {
    let waivers = vec![desk.waiver("AMS-PAY-001")];
    let review = Review { decisions: vec![], waivers, ..desk.review() };
    fs::write(desk.ground.at("waived.json"), review.seal(&desk.key).unwrap()).unwrap();
    let waived = ["--review", "waived.json", "--reviewer", REVIEWER];
    let told = json(&desk.ground, 65, &[&waived[..], &["--at", &day(31)]].concat());
    let review = &told["review"];
    assert_eq!((&told["exit"], &told["holds"]), (&65.into(), &true.into()));
    assert_eq!((&review["holds"], &review["broken"]["part"]), (&false.into(), &"review".into()));
    let why = review["broken"]["why"].as_str().unwrap();
    assert!(why.starts_with("the waiver of AMS-PAY-001 held to the end of "), "{why}");
}

type Edit = fn(&Desk, &mut Review);

/// What somebody who has the reviewer's key might sign besides.
const EDITS: [(&str, Edit); 13] = [
    ("it is about another bundle", |_, it| it.bundle.sha256 = "ab".repeat(32)),
    ("it says something else of the bundle", |_, it| it.bundle.mandatory_passed += 80),
    ("it decides AMS-PAY-001 twice", |_, it| {
        it.decisions.push(decision("AMS-PAY-001", Decided::Passed));
    }),
    ("AMS-PAY-003 waits for no decision: it is passed", |_, it| {
        it.decisions = vec![decision("AMS-PAY-003", Decided::Passed)];
    }),
    ("AMS-PAY-004 waits for no decision: it is disabled", |_, it| {
        it.decisions = vec![decision("AMS-PAY-004", Decided::Passed)];
    }),
    ("there is no run AMS-PAY-999", |_, it| {
        it.decisions = vec![decision("AMS-PAY-999", Decided::Passed)];
    }),
    ("the waiver of AMS-PAY-003 is of no use: the case is passed", |desk, it| {
        it.waivers = vec![desk.waiver("AMS-PAY-003")];
    }),
    ("AMS-PAY-004 cannot be waived: the integrator left it out", |desk, it| {
        it.waivers = vec![desk.waiver("AMS-PAY-004")];
    }),
    ("there is no case AMS-PAY-999", |desk, it| it.waivers = vec![desk.waiver("AMS-PAY-999")]),
    ("it waives AMS-PAY-001 twice", |desk, it| {
        it.decisions.clear();
        it.waivers = vec![desk.waiver("AMS-PAY-001"), desk.waiver("AMS-PAY-001")];
    }),
    ("the waiver of AMS-PAY-001 is for the merchant 5Y0", |desk, it| {
        let client_id = "5Y0".into();
        it.waivers = vec![Waiver { client_id, ..desk.waiver("AMS-PAY-001") }];
    }),
    ("the waiver of AMS-PAY-001 is for suite 0", |desk, it| {
        let suite_version = "0".into();
        it.waivers = vec![Waiver { suite_version, ..desk.waiver("AMS-PAY-001") }];
    }),
    ("the waiver of AMS-PAY-001 held to the end of 2026-01-02", |desk, it| {
        it.decisions.clear();
        it.reviewed_at = "2026-01-01T00:00:00Z".into();
        let expires = "2026-01-02".into();
        it.waivers = vec![Waiver { expires, ..desk.waiver("AMS-PAY-001") }];
    }),
];

#[test]
fn no_other_review_holds() {
    let desk = Desk::new();
    let record = Record::read(&fs::read(desk.ground.at("run/record.ndjson")).unwrap()).unwrap();
    let judge = Judge::new(Arc::new(Suite::embedded().unwrap()));
    let judged = judge.results(&record);
    let stages = Stages { own_merchant: false, elsewhere: vec![] };
    let found = desk.ground.found(BUNDLE);
    let heard = |review: &Review| -> Result<Results, ReviewFault> {
        let read = Review::open(&review.seal(&desk.key).unwrap(), &desk.key.public())?;
        let ruling = read.ruling(&found, &format!("{}T12:00:00Z", day(0)))?;
        Ok(judge.reviewed(&judged, &stages, &ruling)?)
    };
    assert!(heard(&desk.review()).is_ok());
    for (why, edit) in EDITS {
        let mut review = desk.review();
        edit(&desk, &mut review);
        let told = heard(&review).unwrap_err().says().to_string();
        assert!(told.contains(why), "{why}: {told}");
    }
    // The program hears them as the library does.
    let twice =
        Review { decisions: vec![decision("AMS-PAY-003", Decided::Passed)], ..desk.review() };
    desk.refuses(&twice.seal(&desk.key).unwrap(), REVIEWER, "AMS-PAY-003 waits for no decision");
    let good = desk.review().seal(&desk.key).unwrap();
    // Somebody else's, also where the verifier trusts their key, and everybody's.
    let ground = &desk.ground;
    desk.refuses(&good, "keys/report.pub", "the trusted one is");
    let everybodys = sandbox::embedded_key().unwrap();
    fs::write(ground.at("embedded.pub"), everybodys.public().to_spki_pem()).unwrap();
    let merchant = PrivateKey::read(&fs::read(ground.at("keys/merchant.pem")).unwrap()).unwrap();
    for (key, file) in [(&merchant, "keys/merchant.pub"), (&everybodys, "embedded.pub")] {
        let mut own = desk.review();
        own.reviewer.key_sha256 = key.public().fingerprint();
        desk.refuses(&own.seal(key).unwrap(), file, "its key is one of those in the bundle");
    }
    // Of another time, and no review at all; edited ones are the library's to test.
    let envelope: Value = serde_json::from_slice(&good).unwrap();
    let statement = signing::base64_decode_strict(envelope["payload"].as_str().unwrap()).unwrap();
    let statement = String::from_utf8(statement).unwrap();
    let newer = statement.replacen("\"schema\":1", "\"schema\":2", 1);
    let newer = seal_statement(newer.as_bytes(), &desk.key).unwrap();
    desk.refuses(&newer, REVIEWER, "it is of format 2, and this program reads format 1");
    desk.refuses(&vec![b' '; 5 << 20], REVIEWER, "it is larger than 4194304 bytes");
    let seal = fs::read(ground.at("run/statement.dsse.json")).unwrap();
    desk.refuses(&seal, "keys/report.pub", "it is no review as assay writes it");
}

#[test]
fn what_cannot_be_decided_is_refused_with_its_line_and_nothing_is_signed() {
    let desk = Desk::new();
    let review = [&["review", BUNDLE][..], &TRUST, &SIGNS].concat();
    let with = |text: &str| {
        fs::write(desk.ground.at("decisions.yaml"), text).unwrap();
        let told =
            desk.ground.wants(66, &[&review[..], &["--decisions", "decisions.yaml"]].concat());
        assert!(!desk.ground.at("review.dsse.json").exists());
        told
    };
    let passed = "decisions:\n  - { run: AMS-PAY-001, decision: passed }\n";
    let late =
        format!("{passed}waivers:\n  - {{ case: AMS-PAY-003, reason: x, expires: {} }}\n", day(1));
    for (text, line, why) in [
        (format!("{passed}  - {{ run: AMS-PAY-001, decision: passed }}\n"), 3, "twice"),
        (format!("{passed}  - {{ run: nothing!, decision: passed }}\n"), 3, "there is no run"),
        (format!("{passed}  - {{ run: AMS-PAY-001, verdict: failed }}\n"), 3, "verdict"),
        (late, 4, "is of no use: the case is passed"),
    ] {
        let told = with(&text);
        assert!(told.contains(&format!("decisions.yaml:{line}")), "{text}: {told}");
        assert!(told.contains(why) && told.contains("try: "), "{text}: {told}");
    }
    let own = ["--key", "keys/report.pem", "--reviewer", "Li Wei", "--decisions", "decisions.yaml"];
    let told = desk.ground.wants(66, &[&["review", BUNDLE][..], &TRUST, &own].concat());
    assert!(told.contains("one of those in the bundle"), "{told}");
    desk.ground.wants(66, &[&review[..], &["--decisions", "nowhere.yaml"]].concat());
    fs::write(desk.ground.at("broken.zip"), "PK nonsense").unwrap();
    desk.ground.wants(65, &[&["review", "broken.zip"][..], &TRUST, &SIGNS].concat());
    fs::write(desk.ground.at("decisions.yaml"), passed).unwrap();
    let full = ["--decisions", "decisions.yaml", "--out", "none/review.json"];
    desk.ground.wants(74, &[&review[..], &full].concat());
    let done = ["--decisions", "decisions.yaml", "--out", "mine.json"];
    desk.ground.wants(2, &[&review[..], &done].concat());
}
