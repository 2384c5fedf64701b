//! A case that fails at a signature says in its reports why: what was signed in place of the right
//! text, or with what. Whoever verifies the bundle draws the same from the record and its keys.

mod stand;

use assay::seal::{Own, open_bundle, replay};
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
