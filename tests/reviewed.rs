//! From a bundle that waits for a reviewer to a certificate that holds: a merchant of its own, at a
//! gateway that is nobody's sandbox, where what needs orders to the gateway could not be tested.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod joining;
mod program;
mod real_buyers;
mod stand;
mod submitted;
mod terminal;

use std::collections::BTreeSet;
use std::fs;
use std::process::Output;

use assay::seal::{Certified, Decided, Review};
use assay::verdict::{Grade, Verdict};
use joining::{Ground, said};
use qrcode::{Color, QrCode};
use serde_json::Value;
use signing::PrivateKey;
use submitted::{Made, PICTURE, RUN, SMALL, WHOLE, day};
use terminal::seated;

const BUNDLE: &str = "acceptance.zip";
const KEYS: [&str; 6] =
    ["--trust", "report.pub", "--gateway-key", "gateway.pub", "--gateway-log", "gateway.ndjson"];
const SIGNS: [&str; 4] = ["--key", "reviewer.pem", "--reviewer", "Li Wei"];
const REVIEWED: [&str; 4] = ["--review", "review.dsse.json", "--reviewer", "reviewer.pem.pub"];
const CERTIFICATE: &str = "certificate/certificate.dsse.json";
const CERTIFIED: [&str; 4] = ["--certificate", CERTIFICATE, "--certifier", "reviewer.pem.pub"];

/// A reviewer's folder, with a bundle that came in.
fn desk(made: &Made) -> Ground {
    let ground = Ground::new();
    ground.wants(0, &["keys", "new", "--out", "reviewer.pem"]);
    made.lay(&ground, BUNDLE);
    ground
}

fn reviewer(ground: &Ground) -> PrivateKey {
    PrivateKey::read(&fs::read(ground.at("reviewer.pem")).unwrap()).unwrap()
}

/// A review at a terminal where this is typed.
fn typed(ground: &Ground, lines: &[String], more: &[&str]) -> Option<Output> {
    let lines = serde_json::to_string(lines).unwrap();
    let review = [&lines, env!("CARGO_BIN_EXE_assay"), "review", BUNDLE];
    let arguments = [&review[..], &KEYS, &SIGNS, more].concat();
    seated("terminal/typist.py", &arguments, &ground.at("")).map(|mut told| told.output().unwrap())
}

fn review(ground: &Ground) -> Review {
    let envelope = fs::read(ground.at("review.dsse.json")).unwrap();
    Review::open(&envelope, &reviewer(ground).public()).unwrap()
}

#[test]
fn at_a_terminal_all_that_waits_is_shown_and_asked_until_it_is_decided() {
    let ground = desk(&WHOLE);
    let doubts = WHOLE.doubts();
    assert!(doubts.len() > 3, "{doubts:?}");
    let later = day(30);
    let waive = format!("waive {later} nobody here can order that of the gateway");
    let mut lines = ["yes", "failed", "passed  the receipt shows it "].map(str::to_owned).to_vec();
    lines.extend(["waive", "passed", "waive 2020-01-01 too late"].map(str::to_owned));
    lines.push(format!("waive {later}"));
    lines.extend(doubts.iter().map(|_| waive.clone()));
    let Some(done) = typed(&ground, &lines, &["--extract", "evidence"]) else { return };
    let told = said(&done);
    assert_eq!(done.status.code(), Some(0), "{told}");
    let place = |text: &str| told.find(text).unwrap_or_else(|| unreachable!("{text}: {told}"));
    // The run that waits, with what happened, what is attached and each of its checks.
    let mut before =
        place(&format!("waiting for a decision: 1; to be waived or left open: {}", doubts.len()));
    for shown in [
        "attachments written to evidence: 1",
        "── AMS-PAY-001 · needs review ──",
        "merchant → gateway: pay ✓",
        "attached: shot.png, attachments/",
        "S1 held: ",
        "`passed NOTE`, `failed WHY`, or Enter to leave it open",
        "that is none of the answers",
        "say why",
    ] {
        let at =
            before + told[before..].find(shown).unwrap_or_else(|| unreachable!("{shown}: {told}"));
        before = at;
    }
    // Then each doubt once, with the reason, and asked until the answer is one.
    for (case, why) in &doubts {
        let head = format!("── {case} · skipped ──");
        assert_eq!(told.matches(&head).count(), 1, "{head}: {told}");
        assert!(place(&head) > before, "{head}: {told}");
        let why = why.as_ref().map(|why| format!("why: {why}"));
        assert!(why.is_none_or(|why| told.contains(&why)), "{case}: {told}");
    }
    let asked = told.matches("`waive YYYY-MM-DD WHY` to do without it").count();
    assert_eq!(asked, doubts.len() + 4, "{told}");
    assert!(told.contains("has to end on a day such as 2027-02-01"), "{told}");
    assert!(told.contains("with the review: acceptable (submission)"), "{told}");
    let extracted: Vec<_> = fs::read_dir(ground.at("evidence")).unwrap().collect();
    assert_eq!(extracted.len(), 1);
    assert_eq!(fs::read(extracted[0].as_ref().unwrap().path()).unwrap(), PICTURE);
    // What was typed is what was signed.
    let signed = review(&ground);
    let [decision] = signed.decisions.as_slice() else { unreachable!("{signed:?}") };
    assert_eq!((decision.run.to_string().as_str(), decision.decision), (RUN, Decided::Passed));
    assert_eq!(decision.note, "the receipt shows it");
    let waived: Vec<_> = signed.waivers.iter().map(|it| (&it.case, &it.expires)).collect();
    let mut wanted: Vec<_> = doubts.iter().map(|(case, _)| (case, &later)).collect();
    wanted.sort();
    assert_eq!(waived, wanted);
    assert!(signed.waivers.iter().all(|it| waive.ends_with(&it.reason)), "{signed:?}");
}

#[test]
fn who_leaves_the_questions_or_answers_none_signs_nothing() {
    let ground = desk(&SMALL);
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    for (left, says) in [
        (&["ctrl-d"][..], Some("nothing was signed: the questions were left")),
        (&["passed", "ctrl-d"], Some("nothing was signed: the questions were left")),
        (&["ctrl-c"], None),
        (&["passed", "ctrl-c"], None),
    ] {
        let Some(done) = typed(&ground, &lines(left), &[]) else { return };
        assert_eq!(done.status.code(), Some(130), "{left:?}: {}", said(&done));
        assert!(says.is_none_or(|says| said(&done).contains(says)), "{left:?}: {}", said(&done));
        assert!(!ground.at("review.dsse.json").exists(), "{left:?}");
    }
    // In Chinese, and all of it left open: the run is then asked about once more, to be waived.
    let open = [lines(&["是"]), vec![String::new(); 2 + SMALL.doubts().len()]].concat();
    let Some(done) = typed(&ground, &open, &["--lang", "zh"]) else { return };
    let told = said(&done);
    assert_eq!(done.status.code(), Some(2), "{told}");
    for shown in [
        "待裁定：1 项；可豁免或保留未决：",
        "── AMS-PAY-001 · 待人工审核 ──",
        "附件：shot.png",
        "输入 `passed 说明` 或 `failed 原因`，直接回车则保留未决",
        "不是可接受的回答",
        "输入 `waive YYYY-MM-DD 原因` 可豁免至该日",
        "没有任何裁定或豁免，因此未签署",
    ] {
        assert!(told.contains(shown), "{shown}: {told}");
    }
    assert!(!ground.at("review.dsse.json").exists());
}

/// Decides and waives all that waits, from a file.
fn decide(ground: &Ground, made: &Made, note: &str, out: &str) {
    let waiver = |(case, _): &(String, _)| {
        format!("  - case: {case}\n    reason: no orders here\n    expires: {}\n", day(30))
    };
    let waivers: String = made.doubts().iter().map(waiver).collect();
    let decisions = format!(
        "decisions:\n  - run: {RUN}\n    decision: passed\n    note: {note}\nwaivers:\n{waivers}"
    );
    fs::write(ground.at("decisions.yaml"), decisions).unwrap();
    let how = ["--decisions", "decisions.yaml", "--out", out];
    let told = ground.wants(0, &[&["review", BUNDLE][..], &KEYS, &SIGNS, &how].concat());
    assert!(told.contains("with the review: acceptable (submission)"), "{told}");
}

fn verify<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["verify", BUNDLE], &KEYS[..], more].concat()
}

#[test]
fn a_certificate_that_rests_on_a_review_holds_with_that_review_and_nothing_else() {
    let ground = desk(&WHOLE);
    let certify = [&["certify", BUNDLE][..], &KEYS, &SIGNS].concat();
    // By itself the bundle waits.
    let told = ground.wants(2, &certify);
    assert!(told.contains("not certified: ") && !ground.at("certificate").exists(), "{told}");
    decide(&ground, &WHOLE, "the receipt shows it", "review.dsse.json");
    let reviewed = [&certify[..], &["--review", "review.dsse.json"]].concat();
    little_room(&ground, &reviewed);
    let told = ground.wants(0, &reviewed);
    assert!(told.contains("wrote certificate/certificate.html"), "{told}");
    assert!(ground.wants(64, &reviewed).contains("is there already"));
    page(&ground);
    let both = [&REVIEWED[..], &CERTIFIED].concat();
    let told = ground.wants(0, &verify(&both));
    for shown in [
        "reviewed by Li Wei on ",
        "with the review: acceptable (submission)",
        "certified by Li Wei on ",
    ] {
        assert!(told.contains(shown), "{shown}: {told}");
    }
    assert!(
        !["✗", "broken", "counts as incomplete"].iter().any(|word| told.contains(word)),
        "{told}"
    );
    machines(&ground, &both);
    refused(&ground);
}

/// A disk without room for the page has no certificate either.
fn little_room(ground: &Ground, certify: &[&str]) {
    let arguments = [&["8192", env!("CARGO_BIN_EXE_assay")], certify].concat();
    let Some(mut told) = seated("terminal/little_room.py", &arguments, &ground.at("")) else {
        return;
    };
    let told = told.output().unwrap();
    assert_eq!(told.status.code(), Some(74), "{}", said(&told));
    assert!(said(&told).contains("certificate.html cannot be written: "), "{}", said(&told));
    assert_eq!(fs::read_dir(ground.at("certificate")).unwrap().count(), 0);
}

/// The page to be printed tells what the certificate does, and its code is the certificate's digest.
fn page(ground: &Ground) {
    let envelope = fs::read(ground.at(CERTIFICATE)).unwrap();
    let certified = Certified::open(&envelope, &reviewer(ground).public()).unwrap();
    let bundle = &certified.bundle;
    assert_eq!((bundle.verdict, bundle.grade), (Verdict::Acceptable, Grade::Submission));
    let page = fs::read_to_string(ground.at("certificate/certificate.html")).unwrap();
    let review = signing::sha256_hex(&fs::read(ground.at("review.dsse.json")).unwrap());
    let fingerprint = signing::sha256_hex(&envelope);
    let waived = format!("<dd>{}</dd>", WHOLE.doubts().len());
    let passed = format!("<dd>{} / {}</dd>", bundle.mandatory_passed, bundle.mandatory_total);
    for told in
        [&review, &fingerprint, &bundle.sha256, &waived, &passed, "Li Wei", "decided or waived"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    // Each dark square of the drawing, without the blank border of four.
    let path = page.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
    let square = |drawn: &str| {
        let (x, y) = drawn.strip_suffix("h1v1h-1").unwrap().split_once(' ').unwrap();
        [x, y].map(|it| it.parse::<usize>().unwrap() - 4)
    };
    let drawn: BTreeSet<[usize; 2]> = path
        .trim_end_matches('z')
        .split('z')
        .map(|it| square(it.trim_start_matches('M')))
        .collect();
    let code = QrCode::new(&fingerprint).unwrap();
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, it)| *it == Color::Dark);
    assert_eq!(drawn, dark.map(|(place, _)| [place % width, place / width]).collect());
    assert!(page.contains(&format!("viewBox=\"0 0 {0} {0}\"", width + 8)), "{page}");
}

/// The same for machines.
fn machines(ground: &Ground, both: &[&str]) {
    let told = ground.wants(0, &verify(&[both, &["--json"]].concat()));
    let told: Value = serde_json::from_str(&told).unwrap();
    let told = &told[0];
    assert_eq!((&told["exit"], &told["verdict"]), (&0.into(), &"incomplete".into()), "{told}");
    let (review, certificate) = (&told["review"], &told["certificate"]);
    assert_eq!((&review["holds"], &review["grade"]), (&true.into(), &"submission".into()));
    assert_eq!(review["mandatory_waived"], WHOLE.doubts().len());
    assert_eq!((&certificate["holds"], &certificate["reviewer"]), (&true.into(), &"Li Wei".into()));
    // A run without a challenge names none.
    assert_eq!((&review["challenge"], &certificate["challenge"]), (&"".into(), &"".into()));
}

/// Whatever is not as it was is refused for what it is.
fn refused(ground: &Ground) {
    let edited = |name: &str, as_name: &str| {
        let mut bytes = fs::read(ground.at(name)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(ground.at(as_name), bytes).unwrap();
    };
    edited("review.dsse.json", "edited-review.json");
    edited(CERTIFICATE, "edited-certificate.json");
    edited(BUNDLE, "edited.zip");
    SMALL.save(ground, "other.zip");
    decide(ground, &WHOLE, "another look", "second.json");
    let over = day(31);
    let review = |file| ["--review", file, "--reviewer", "reviewer.pem.pub"];
    let of = |file| ["--certificate", file, "--certifier", "reviewer.pem.pub"];
    let both = [REVIEWED, CERTIFIED].concat();
    for (bundle, more, code, why) in [
        (
            BUNDLE,
            [review("edited-review.json"), CERTIFIED].concat(),
            65,
            "is broken at its review: ",
        ),
        (
            BUNDLE,
            [REVIEWED, of("edited-certificate.json")].concat(),
            65,
            "is broken at its certificate: ",
        ),
        (
            BUNDLE,
            [review("second.json"), CERTIFIED].concat(),
            65,
            "it rests on another review, or on none",
        ),
        (BUNDLE, CERTIFIED.to_vec(), 65, "it rests on the review with the SHA-256 "),
        (BUNDLE, [&both[..], &["--at", &over]].concat(), 65, " held to the end of "),
        (
            BUNDLE,
            [&REVIEWED[..], &["--certificate", CERTIFICATE, "--certifier", "report.pub"]].concat(),
            65,
            "the trusted one is",
        ),
        ("edited.zip", both.clone(), 65, "edited.zip is broken at its "),
        ("other.zip", both.clone(), 65, "it is about another bundle"),
        ("other.zip", CERTIFIED.to_vec(), 65, "it is about another bundle"),
    ] {
        let told = ground.wants(code, &[&["verify", bundle], &KEYS[..], &more].concat());
        assert!(told.contains(why), "{bundle} {more:?}: {told}");
        let vouched = told.contains("certified by ");
        assert!(!vouched, "{bundle} {more:?}: {told}");
    }
    // Without the gateway's log nobody knows what was replaced: review and certificate hold, and the
    // bundle is worth no more than the verifier could check.
    let unproved = [&["verify", BUNDLE], &KEYS[..4], &both].concat();
    let told = ground.wants(2, &unproved);
    assert!(told.contains("certified by Li Wei on "), "{told}");
    assert!(told.contains("the gateway's own log gives it with --gateway-log"), "{told}");
    assert!(told.contains("so until they are it counts as incomplete"), "{told}");
}
