//! A run under a key that both sides share: what it proves, and that the key stands nowhere.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod program;

use std::fs;
use std::process::Output;

use program::assay;
use serde_json::Value;
use signing::{PrivateKey, base64_decode_strict, base64_encode, hex};

const KEY: &str = "q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6";
const PROFILE: &str = "\
generation: legacy
products: [barcode, transaction-qr]
conditions: { sign_type: MD5 }
merchant: { driver: reference }
gateway:
  url: embedded
  partner: \"2088000000000001\"
  md5_key: { file: md5.key }
report: { key: { file: report.pem }, integrator: ACME Pay, contact: qa@acme.example }
";

fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// The forms in which a key could stand in a file.
fn forms() -> Vec<Vec<u8>> {
    let mut forms = vec![KEY.as_bytes().to_vec(), hex(KEY.as_bytes()).into_bytes()];
    for start in 0..3 {
        let base64 = base64_encode(&KEY.as_bytes()[start..start + 27]);
        forms.push(base64.into_bytes());
    }
    forms
}

/// Runs two cases under MD5 in a folder of its own.
fn played() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("assay.yaml"), PROFILE).unwrap();
    fs::write(at.join("md5.key"), KEY).unwrap();
    let report = PrivateKey::generate(2048).unwrap();
    fs::write(at.join("report.pem"), report.to_pkcs8_pem()).unwrap();
    let cases = ["LEG-PAY-001", "LEG-PAY-097"];
    let run =
        assay(at, &[&["run", "--profile", "assay.yaml", "--out", "run"][..], &cases].concat());
    let told = said(&run);
    // Two of many cases make no whole run.
    assert_eq!(run.status.code(), Some(2), "{told}");
    for case in cases {
        assert!(told.contains(&format!("{case}  passed")), "{told}");
    }
    (folder, told)
}

#[test]
fn what_a_shared_key_signs_is_never_called_the_gateways() {
    let (folder, told) = played();
    let at = folder.path();
    assert!(told.contains("shared secret"), "{told}");
    let page = fs::read_to_string(at.join("run/report.html")).unwrap();
    assert!(page.contains("does not tell which of the two made it"), "the page says so in words");
    let envelope: Value =
        serde_json::from_slice(&fs::read(at.join("run/statement.dsse.json")).unwrap()).unwrap();
    let payload = base64_decode_strict(envelope["payload"].as_str().unwrap()).unwrap();
    let statement: Value = serde_json::from_slice(&payload).unwrap();
    let facts = &statement["predicate"]["acceptanceReport"]["facts"];
    let evidence = &facts["evidence"];
    assert!(evidence["sharedSecret"].as_u64().unwrap() > 10, "{evidence}");
    for class in ["gatewaySigned", "embeddedSandbox"] {
        assert_eq!(evidence[class], 0, "{evidence}");
    }
    assert_eq!(facts["gateway"]["signType"], "MD5");
    assert_eq!(facts["gateway"]["responseKeySha256"], "");
    assert_eq!(fs::read_to_string(at.join("run/keys.json")).unwrap(), "{}\n");

    // The key is in no file, in no form, and nobody said it.
    for file in fs::read_dir(at.join("run")).unwrap() {
        let path = file.unwrap().path();
        let Ok(bytes) = fs::read(&path) else { continue };
        for form in forms() {
            let held = bytes.windows(form.len()).any(|window| window == form);
            assert!(!held, "{} holds the key", path.display());
        }
    }
    assert!(!told.contains(KEY));
}

#[test]
fn a_verifier_with_the_key_checks_it_and_one_without_it_says_so() {
    let (folder, _) = played();
    let at = folder.path();
    fs::write(at.join("other.key"), KEY.chars().rev().collect::<String>()).unwrap();
    fs::write(at.join("short.key"), &KEY[..31]).unwrap();
    let verify = ["verify", "run/acceptance.zip", "--trust", "run/report.pub"];
    for (key, code, says) in [
        (None, 2, "stand as the witness recorded them"),
        (Some("md5.key"), 2, "checked again under the shared key"),
        (Some("other.key"), 65, "line"),
        (Some("short.key"), 66, "the shared key has 31 characters"),
        (Some("none.key"), 66, "none.key"),
    ] {
        let given: Vec<&str> = key.into_iter().flat_map(|key| ["--md5-key", key]).collect();
        let verified = assay(at, &[&verify[..], &given].concat());
        let told = said(&verified);
        assert_eq!(verified.status.code(), Some(code), "{key:?}: {told}");
        assert!(told.contains(says), "{key:?}: {told}");
        assert!(!told.contains(&KEY[..31]), "{told}");
    }
}
