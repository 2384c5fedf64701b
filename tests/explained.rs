//! A case that fails at a signature says in its reports why: what was signed in place of the right
//! text, or with what. Whoever verifies the bundle draws the same from the record and its keys.

mod stand;

use std::collections::BTreeSet;
use std::process::Command;

use assay::seal::{
    self, Bundled, JoinedRun, Merged, Own, ToolFacts, open_bundle, replay, replay_merged,
    seal_files, write_zip,
};
use diagnose::{Kind, Subject, remarks};
use evidence::{Blob, Event, Leg, Way};
use protocol::Generation;
use signing::PrivateKey;

/// A defect, a case that it fails, and what the reports say of it, in both languages.
const MISTAKES: [(&str, &str, &str, &str); 7] = [
    ("M-AMS-sign-latin1", "AMS-PAY-070", "the text was signed in ISO 8859-1", "ISO 8859-1 签名"),
    ("M-LEG-sign-type-signed", "LEG-PAY-001", "sign_type was signed", "sign_type 参与了签名"),
    ("M-LEG-signs-encoded", "LEG-PAY-031", "encoded before it was signed", "编码"),
    (
        "M-LEG-rsa-sha256",
        "LEG-PAY-042",
        "the message names RSA, and was signed with RSA, SHA-256",
        "报文声明 RSA，实际以 RSA, SHA-256 签名",
    ),
    (
        "M-LEG-rsa2-sha1",
        "LEG-PAY-043",
        "the message names RSA2, and was signed with RSA, SHA-1",
        "报文声明 RSA2，实际以 RSA, SHA-1 签名",
    ),
    (
        "G-AMS-signs-live-path",
        "AMS-PAY-073",
        "the path was signed without /sandbox",
        "签名的路径不含 /sandbox",
    ),
    ("G-AMS-sign-rewritten", "AMS-PAY-070", "the body was signed without the escapes", "转义"),
];

#[test]
fn a_signature_that_fails_a_case_is_explained_in_both_reports_and_again_on_verifying() {
    let suite = stand::suite();
    let report_key = PrivateKey::generate(2048).unwrap();
    for (defect, case, en, zh) in MISTAKES {
        let mut backstage = stand::backstage();
        backstage.gateway_defect = sandbox::Defect::from_id(defect);
        backstage.merchant_defect = merchant::Defect::from_id(defect);
        let runs = stand::everything(&suite).into_iter().filter(|it| it.case.id == case);
        let came = stand::play(&suite, runs.take(1).collect(), backstage, 1);
        let zip = stand::bundle(&suite, &came, &report_key);
        let bundle = open_bundle(&zip, &report_key.public()).unwrap();
        let text = |name: &str| String::from_utf8(bundle.files[name].clone()).unwrap();
        let (junit, html) = (text("junit.xml"), text("report.html"));
        let why = junit.lines().find(|line| line.trim_start().starts_with("why: "));
        assert!(why.is_some_and(|why| why.contains(en)), "{defect}: {why:?}");
        assert!(html.contains(en) && html.contains(zh), "{defect}");
        assert!(junit.contains("to do: "), "{defect}");
        // The profile of the test signs with RSA2, and a case about RSA is told under another.
        if case == "LEG-PAY-042" || case == "LEG-PAY-043" {
            continue;
        }
        let again = replay(&bundle, &suite, &report_key.public(), &Own::default());
        assert!(again.is_ok(), "{defect}: {:?}", again.err());
    }
}

#[test]
fn what_passes_is_not_explained() {
    let suite = stand::suite();
    let runs = stand::everything(&suite).into_iter().filter(|it| it.case.id == "AMS-PAY-070");
    let came = stand::play(&suite, runs.take(1).collect(), stand::backstage(), 1);
    let report_key = PrivateKey::generate(2048).unwrap();
    let zip = stand::bundle(&suite, &came, &report_key);
    let bundle = open_bundle(&zip, &report_key.public()).unwrap();
    let junit = String::from_utf8(bundle.files["junit.xml"].clone()).unwrap();
    assert!(!junit.contains("why: "), "{junit}");
}

#[test]
fn a_refusal_that_fails_a_case_is_explained_and_a_made_up_reason_is_noticed() {
    let suite = stand::suite();
    let mut backstage = stand::backstage();
    backstage.merchant_defect = merchant::Defect::from_id("M-AMS-id-reused-after-f");
    let runs = stand::everything(&suite).into_iter().filter(|it| it.case.id == "AMS-PAY-020");
    let came = stand::play(&suite, runs.take(1).collect(), backstage, 1);
    let report_key = PrivateKey::generate(2048).unwrap();
    let zip = stand::bundle(&suite, &came, &report_key);
    let mut bundle = open_bundle(&zip, &report_key.public()).unwrap();
    let junit = String::from_utf8(bundle.files["junit.xml"].clone()).unwrap();
    for why in [
        "why: the gateway answered REPEAT_REQ_INCONSISTENT",
        "was used before with other values: ",
        "paymentMethod.paymentMethodId: ",
        "why: to do: repeat the call byte for byte, or take a new id for it",
    ] {
        assert!(junit.contains(why), "{why}: {junit}");
    }
    assert!(replay(&bundle, &suite, &report_key.public(), &Own::default()).is_ok());
    // Whoever seals a bundle may write anything into it; nobody draws that again.
    let forged = junit.replace("take a new id for it", "blame the gateway");
    bundle.files.insert("junit.xml".to_owned(), forged.into_bytes());
    assert!(replay(&bundle, &suite, &report_key.public(), &Own::default()).is_err());
}

/// A run under an id of its own, which stands in the first line, outside of the chains.
fn called(mut came: stand::Came, id: &str) -> stand::Came {
    let text = String::from_utf8_lossy(&came.bytes);
    let text = text.replacen("\"seed\":", &format!("\"run\":\"{id}\",\"seed\":"), 1);
    came.bytes = text.into_bytes();
    came.record.header.insert("run".to_owned(), id.into());
    came
}

/// Two runs of one merchant, of which one fails: the page and the JUnit file over both say why, and
/// so does `assay diagnose` of the whole, also from the record of the run in its folder.
#[test]
fn a_merged_bundle_explains_what_failed_in_one_of_its_runs() {
    let suite = stand::suite();
    let report_key = PrivateKey::generate(2048).unwrap();
    let mut judged = Vec::new();
    for (id, case, defect) in
        [("a", "AMS-PAY-001", None), ("b", "AMS-PAY-070", Some("M-AMS-sign-latin1"))]
    {
        let mut backstage = stand::backstage();
        backstage.merchant_defect = defect.and_then(merchant::Defect::from_id);
        let runs = stand::everything(&suite).into_iter().filter(|it| it.case.id == case);
        let came = called(stand::play(&suite, runs.take(1).collect(), backstage, 1), id);
        let zip = stand::bundle_telling(&suite, &came, &report_key, |_, facts| {
            id.clone_into(&mut facts.run.id);
        });
        let bundle = open_bundle(&zip, &report_key.public()).unwrap();
        let trusted = report_key.public();
        judged.push(
            JoinedRun::judge(id.to_owned(), bundle, &suite, &trusted, &Own::default()).unwrap(),
        );
    }
    let merged = Merged::of(&suite, &judged, ToolFacts::default()).unwrap();
    let mut page = Vec::new();
    let junit = merged.draw(&mut page).unwrap();
    let text = String::from_utf8(page.clone()).unwrap();
    let (en, zh) = ("the text was signed in ISO 8859-1", "ISO 8859-1 签名");
    assert!(junit.contains("why: ") && junit.contains(en), "{junit}");
    assert!(text.contains(en) && text.contains(zh));
    let mut files: Vec<Bundled> =
        merged.files().map(|(name, bytes)| Bundled::new(name, bytes)).collect();
    let results = merged.results.to_json();
    files.push(Bundled::new("results.json", results));
    files.push(Bundled::new("junit.xml", junit));
    files.push(Bundled::new("report.html", page));
    let statement = merged.statement(files.iter().map(seal::Subject::of).collect());
    files.extend(seal_files(&statement, &report_key).unwrap());
    let zip = write_zip(&files).unwrap();
    // Whoever verifies the whole draws the same explanation again.
    let opened = open_bundle(&zip, &report_key.public()).unwrap();
    let again = replay_merged(opened, &suite, &report_key.public(), &Own::default());
    assert!(again.is_ok(), "{:?}", again.err());

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("merged.zip"), zip).unwrap();
    let merchant = merchant::reference_key().unwrap().public();
    std::fs::write(folder.path().join("merchant.pub"), merchant.to_spki_pem()).unwrap();
    let diagnose = |case: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_assay"))
            .args([&["diagnose", "merged.zip"], case].concat())
            .args(["--merchant-public-key", "merchant.pub"])
            .env("ASSAY_LANG", "en")
            .current_dir(folder.path())
            .output()
            .unwrap();
        (ran.status.code(), String::from_utf8(ran.stdout).unwrap())
    };
    for case in [&["AMS-PAY-070"][..], &[]] {
        let (code, said) = diagnose(case);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(en) && said.contains("AMS-PAY-070"), "{said}");
    }
    let (code, said) = diagnose(&["AMS-PAY-001"]);
    assert_eq!(code, Some(0), "{said}");
}

/// What a gateway answers that blames a field.
fn refusal(generation: Generation) -> Blob {
    let body = match generation {
        Generation::Ams => r#"{"result":{"resultStatus":"F","resultCode":"PARAM_ILLEGAL"}}"#,
        Generation::Legacy => {
            "<alipay><is_success>F</is_success><error>ILLEGAL_ARGUMENT</error></alipay>"
        }
    };
    Blob { head: b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), body: body.into() }
}

/// Each call of a run of every case: had the gateway blamed a field of one that it took, no rule of
/// ours would name one.
#[test]
fn no_rule_about_fields_blames_a_call_that_was_taken() {
    let suite = stand::suite();
    let mut seen = BTreeSet::new();
    let runs = stand::everything(&suite).into_iter();
    let runs = runs.filter(|run| seen.insert(run.case.id.clone())).collect();
    let came = stand::play(&suite, runs, stand::backstage(), 2);
    let (mut looked_at, mut blamed) = (0, BTreeSet::new());
    for case in &came.record.cases {
        let messages = || {
            case.entries.iter().filter_map(|entry| {
                let Event::Message(message) = &entry.event else { return None };
                (message.way == Way::Call).then_some(message)
            })
        };
        for call in messages().filter(|message| message.leg == Leg::CallSent) {
            let Some(call_blob) = call.as_passed().cloned() else { continue };
            let generation = Subject::generation_of(&call_blob);
            let about = |message: Blob| {
                let call = Some(call_blob.clone());
                let (kind, witnessed) = (Kind::Answer, true);
                remarks(&Subject { generation, kind, message, call, witnessed }, &[], None)
            };
            let answered = messages()
                .find(|it| it.leg == Leg::AnswerSent && it.exchange == call.exchange)
                .and_then(|it| it.as_passed().cloned());
            let Some(answer) = answered else { continue };
            // What was refused is not looked at: some of it is wrong on purpose. Files are refused in
            // plain words, and have columns otherwise.
            let text = String::from_utf8_lossy(&call_blob.body);
            let file = text.contains("compare_file") || text.contains("liquidation_file");
            let refused_file = file && !answer.body.contains(&b'|');
            if refused_file || !about(answer).is_empty() {
                continue;
            }
            looked_at += 1;
            for remark in about(refusal(generation)) {
                blamed.extend(remark.field.map(|field| format!("{field}: {}", remark.says)));
            }
        }
    }
    assert_eq!(blamed, BTreeSet::new());
    assert!(looked_at > 300, "{looked_at}");
}
