//! Forgeries by somebody who holds every key but a real gateway's: the record is edited, chained
//! anew and judged anew, all papers are drawn anew, and the bundle is sealed anew. None verifies.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod stand;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use assay::run::Played;
use assay::seal::StatementFacts;
use assay::verdict::Judge;
use assay::verdict::{Grade, Outcome};
use evidence::{CaseRecord, Entry, Event, Header, Leg, Party, Record, RecordFile};
use protocol::Generation;
use serde_json::{Value, json};
use signing::PrivateKey;
use steps::RunRule;

type Forgery = fn(&mut Vec<CaseRecord>);

/// The attempt of a run.
fn of<'a>(cases: &'a mut [CaseRecord], key: &str) -> &'a mut CaseRecord {
    cases.iter_mut().find(|case| case.key.to_string() == key).unwrap()
}

/// Where the third inquiry of the merchant begins, and its number.
fn third_poll(case: &CaseRecord) -> (usize, u32) {
    let mut polls = case.entries.iter().enumerate().filter_map(|(place, entry)| {
        let Event::Message(message) = &entry.event else { return None };
        let head = String::from_utf8_lossy(&message.bytes.as_ref()?.head).into_owned();
        let asks = message.leg == Leg::CallSent && head.contains("/inquiryPayment HTTP");
        (asks && !message.own).then_some((place, message.exchange))
    });
    polls.nth(2).unwrap()
}

const FORGERIES: [(&str, Forgery); 6] = [
    ("a poll that comes later than it came", |cases| {
        let case = of(cases, "AMS-PAY-004");
        let (place, _) = third_poll(case);
        for entry in &mut case.entries[place..] {
            entry.at += 1_000;
        }
    }),
    ("a poll that is the runner's own", |cases| {
        let case = of(cases, "AMS-PAY-004");
        let (place, number) = third_poll(case);
        for entry in &mut case.entries {
            if let Event::Message(message) = &mut entry.event {
                message.own |= message.exchange == number;
            }
        }
        let facts = json!({ "exchange": number, "errand": "closing-look" });
        let facts = facts.as_object().unwrap().clone();
        let event = Event::Did { what: "runner-sends".into(), facts };
        let at = case.entries[place].at;
        case.entries.insert(place, Entry { line: 0, at, event });
    }),
    ("a row that stands for another", |cases| {
        let row = of(cases, "AMS-PAY-030#1").entries.clone();
        of(cases, "AMS-PAY-030#2").entries = row;
    }),
    ("an order of another attempt", |cases| {
        let case = of(cases, "AMS-PAY-004");
        for entry in &mut case.entries {
            if let Event::Did { what, facts } = &mut entry.event
                && what == "sale"
            {
                facts.insert("order".into(), "another".into());
            }
        }
    }),
    ("a gateway that is not the embedded one", |cases| {
        let case = of(cases, "AMS-PAY-004");
        if let Event::Arranged { facts, .. } = &mut case.entries[0].event {
            facts.insert("embedded".into(), false.into());
        }
    }),
    ("another client", |cases| {
        let case = of(cases, "AMS-PAY-004");
        if let Event::Arranged { facts, .. } = &mut case.entries[0].event {
            facts.insert("client_id".into(), "SANDBOX_5Y00000000000002".into());
        }
    }),
];

/// Another tale of the same run, in its profile and its statement.
type Tale = fn(&mut Value, &mut StatementFacts);

/// What an operator might retell, who seals with their own key.
const TALES: [(&str, Tale); 15] = [
    ("the profile is of another generation", |it, _| it["generation"] = json!("ams")),
    ("both are of another generation", |it, facts| {
        it["generation"] = json!("ams");
        facts.gateway.generation = "ams".into();
    }),
    ("the profile has no generation", |it, _| {
        drop(it.as_object_mut().unwrap().remove("generation"));
    }),
    ("the calls were signed with MD5", |it, facts| {
        it["conditions"]["sign_type"] = json!("MD5");
        facts.gateway.sign_type = "MD5".into();
    }),
    ("they were written in GBK", |it, _| it["conditions"]["charset"] = json!("GBK")),
    ("the gateway was elsewhere", |it, _| it["gateway"]["url"] = json!("https://a.example")),
    ("its key was another", |it, _| {
        it["gateway"]["gateway_public_key"]["fingerprint"] = json!("ab".repeat(32));
    }),
    ("the merchant's key was another", |it, _| {
        it["gateway"]["merchant_key"]["fingerprint"] = json!("ab".repeat(32));
    }),
    ("a key was shared as well", |it, _| it["gateway"]["md5_key"] = json!({ "from": "x" })),
    ("the integrator is another", |it, _| it["report"]["integrator"] = json!("Somebody Else")),
    ("whom to ask is another", |_, facts| facts.signer.contact = "nobody".into()),
    ("the profile says more", |it, _| it["approved"] = json!(true)),
    ("the merchant is the integrator's own", |it, facts| {
        it["merchant"]["driver"] = json!("http");
        facts.merchant.driver = "http".into();
    }),
    ("no notice reached the merchant", |_, facts| facts.merchant.without_notices = true),
    ("the gateway is not simulated", |_, facts| facts.gateway.simulated = false),
];

/// The run with other attempts, everything that follows from them made anew.
fn retold(judge: &Judge, header: &Header, cases: &[CaseRecord]) -> stand::Came {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.ndjson");
    let file = Arc::new(RecordFile::create(&path, header).unwrap());
    for case in cases {
        let recorder = file.recorder(case.key.clone(), case.attempt);
        for entry in &case.entries {
            recorder.append(entry.at, entry.event.clone());
        }
    }
    file.seal(&cases.iter().map(|case| case.key.case.clone()).collect::<Vec<_>>()).unwrap();
    let bytes = fs::read(&path).unwrap();
    let record = Record::read(&bytes).unwrap();
    let results = judge.results(&record);
    stand::Came { played: Played::default(), bytes, record, results }
}

#[test]
fn no_forgery_verifies() {
    let suite = stand::suite();
    let mut planned = stand::everything(&suite);
    let keys = ["AMS-PAY-004", "AMS-PAY-030#1", "AMS-PAY-030#2"];
    planned.retain(|planned| keys.contains(&planned.key.to_string().as_str()));
    let came = stand::play(&suite, planned, stand::backstage(), 4);
    let judge = Judge::new(suite.clone());
    let key = report_key();
    let folder = tempfile::tempdir().unwrap();
    let verified = |forge: &dyn Fn(&mut Vec<CaseRecord>)| {
        let mut cases = came.record.cases.clone();
        forge(&mut cases);
        let forged = retold(&judge, &came.record.header, &cases);
        let path = folder.path().join("forged.zip");
        fs::write(&path, stand::bundle(&suite, &forged, &key)).unwrap();
        verify(&path)
    };
    // Told as it was, the run is intact, if not whole.
    let (code, said) = verified(&|_| ());
    assert_eq!(code, Some(2), "{said}");
    for (what, forge) in FORGERIES {
        let (code, said) = verified(&forge);
        assert_eq!(code, Some(65), "{what}: {said}");
    }
}

#[test]
fn no_other_tale_of_a_run_verifies() {
    let suite = stand::suite();
    let mut planned = stand::everything(&suite);
    let keys = ["AMS-PAY-004", "LEG-PAY-001"];
    planned.retain(|planned| keys.contains(&planned.key.to_string().as_str()));
    assert_eq!(planned.len(), keys.len());
    let came = stand::play(&suite, planned, stand::backstage(), 2);
    let key = report_key();
    let folder = tempfile::tempdir().unwrap();
    let verified = |tale: Tale| {
        let path = folder.path().join("retold.zip");
        fs::write(&path, stand::bundle_telling(&suite, &came, &key, tale)).unwrap();
        verify(&path)
    };
    let (code, said) = verified(|_, _| ());
    assert_eq!(code, Some(2), "{said}");
    for (what, tale) in TALES {
        let (code, said) = verified(tale);
        assert_eq!(code, Some(65), "{what}: {said}");
    }
}

/// The rules of a run, one of each generation.
fn rules() -> [Value; 2] {
    let legacy = "alipay.acquire.overseas.spot.pay";
    [
        json!({ "api": "pay", "signature": "wrong" }),
        json!({ "api": legacy, "code": "SYSTEM_ERROR", "status": "U" }),
    ]
}

/// Another tale of the rules of a run, in its first line and its attempts. Profile and statement
/// follow the first line.
type Unbent = fn(&mut Header, &mut Vec<CaseRecord>);

/// What an attempt tells of the rules.
fn told(cases: &mut [CaseRecord]) -> &mut Value {
    let rules = of(cases, "AMS-PAY-004").entries.iter_mut().find_map(|entry| {
        let Event::Arranged { what, facts } = &mut entry.event else { return None };
        (what == steps::RULES).then(|| facts.get_mut("rules"))?
    });
    rules.unwrap()
}

fn without_rules(cases: &mut [CaseRecord], key: &str) {
    of(cases, key).entries.retain(|entry| entry.event.arranged(steps::RULES).is_none());
}

const UNBENT: [(&str, Unbent); 9] = [
    ("the first line tells none", |header, _| drop(header.remove("rules"))),
    ("the first line tells one of two", |header, _| header["rules"] = json!([rules()[0]])),
    ("the first line tells another", |header, _| {
        header["rules"][0]["signature"] = json!("missing");
    }),
    ("an attempt tells none", |_, cases| without_rules(cases, "AMS-PAY-004")),
    ("no attempt of a generation tells any, and neither does the first line", |header, cases| {
        header["rules"] = json!([rules()[1]]);
        told(cases)[0] = rules()[1].clone();
    }),
    ("an attempt tells another", |_, cases| told(cases)[0]["times"] = json!(1)),
    ("an attempt tells them late", |_, cases| {
        let case = of(cases, "AMS-PAY-004");
        let at = case.entries.iter().position(|it| it.event.arranged(steps::RULES).is_some());
        case.entries.swap(at.unwrap(), at.unwrap() + 1);
    }),
    ("an attempt tells them twice", |_, cases| {
        let case = of(cases, "AMS-PAY-004");
        let at = case.entries.iter().position(|it| it.event.arranged(steps::RULES).is_some());
        let again = case.entries[at.unwrap()].clone();
        case.entries.insert(at.unwrap() + 1, again);
    }),
    ("a rule that nobody can write", |header, cases| {
        header["rules"][0]["note"] = json!("harmless");
        told(cases)[0]["note"] = json!("harmless");
    }),
];

/// What profile and statement alone might tell.
const UNTOLD: [(&str, Tale); 3] = [
    ("the statement tells no rules", |_, facts| facts.gateway.rules.clear()),
    ("the profile tells no rules", |it, _| {
        drop(it["gateway"].as_object_mut().unwrap().remove("rules"));
    }),
    ("both tell another", |it, facts| {
        facts.gateway.rules[0]["signature"] = json!("missing");
        it["gateway"]["rules"][0]["signature"] = json!("missing");
    }),
];

/// A rule of the run's profile bends what a case sees, is told in all papers, and cannot be taken out
/// of any of them.
#[test]
fn no_rule_of_a_run_is_hidden() {
    let suite = stand::suite();
    let mut planned = stand::everything(&suite);
    let keys = ["AMS-PAY-004", "LEG-PAY-001"];
    planned.retain(|planned| keys.contains(&planned.key.to_string().as_str()));
    let generations = [Generation::Ams, Generation::Legacy];
    let both = generations.into_iter().zip(rules());
    let rules = both.map(|(generation, body)| RunRule { generation, body }).collect();
    let backstage = steps::Backstage { rules, ..stand::backstage() };
    let came = stand::play(&suite, planned, backstage, 2);
    let of_case = |id: &str| came.results.cases.iter().find(|case| case.id == id).unwrap();
    let attempt = &of_case("AMS-PAY-004").runs[0].attempts[0];
    let failed = attempt.first_failed().map(|check| check.name.as_str());
    assert_eq!((attempt.outcome, attempt.blamed), (Outcome::Failed, Some(Party::Gateway)));
    assert_eq!(failed, Some("S2"));
    assert_eq!(of_case("LEG-PAY-001").outcome, Outcome::Failed);
    assert_eq!(came.results.grade, Grade::Rehearsal);
    let judge = Judge::new(suite.clone());
    let key = report_key();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bent.zip");
    let verified = |unbend: Unbent, tale: Tale| {
        let (mut header, mut cases) = (came.record.header.clone(), came.record.cases.clone());
        unbend(&mut header, &mut cases);
        let forged = retold(&judge, &header, &cases);
        fs::write(&path, stand::bundle_telling(&suite, &forged, &key, tale)).unwrap();
        verify(&path)
    };
    let (code, said) = verified(|_, _| (), |_, _| ());
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("answers to order, so never a submission: pay: signature wrong"),
        "{said}"
    );
    for (what, unbend) in UNBENT {
        let (code, said) = verified(unbend, |_, _| ());
        assert_eq!(code, Some(65), "{what}: {said}");
    }
    for (what, tale) in UNTOLD {
        let (code, said) = verified(|_, _| (), tale);
        assert_eq!(code, Some(65), "{what}: {said}");
    }
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys")
}

fn report_key() -> PrivateKey {
    PrivateKey::read(&fs::read(vectors().join("rsa2048.pkcs8.pem")).unwrap()).unwrap()
}

/// What `assay verify` says of a bundle, and how it ends.
fn verify(path: &Path) -> (Option<i32>, String) {
    let told = Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(["verify", path.to_str().unwrap(), "--trust"])
        .arg(vectors().join("rsa2048.spki.pem"))
        .env("ASSAY_LANG", "en")
        .output()
        .unwrap();
    (told.status.code(), String::from_utf8_lossy(&told.stdout).into_owned())
}
