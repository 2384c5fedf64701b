//! Signatures made by OpenSSL, good and hostile; see `tests/vectors/signing/make.sh`.
#![expect(clippy::unwrap_used, reason = "a vector that cannot be read is a failed test")]

use serde_json::Value;
use signing::{OpenError, Opened, PrivateKey, PublicKey, base64_decode_strict, sha256};

/// A file of vectors, and the private key they were made with.
const FILES: [(&str, &str); 3] = [
    (
        include_str!("../../../tests/vectors/signing/rsa1024.json"),
        include_str!("../../../tests/vectors/keys/rsa1024.pkcs8.pem"),
    ),
    (
        include_str!("../../../tests/vectors/signing/rsa2048.json"),
        include_str!("../../../tests/vectors/keys/rsa2048.pkcs8.pem"),
    ),
    (
        include_str!("../../../tests/vectors/signing/rsa3072.json"),
        include_str!("../../../tests/vectors/keys/rsa3072.pkcs8.pem"),
    ),
];

struct Case {
    name: String,
    message: Vec<u8>,
    signature: Vec<u8>,
    good: bool,
    opens: String,
}

/// The keys of a file, and its cases.
fn vectors((file, private): (&str, &str)) -> (PrivateKey, PublicKey, Vec<Case>) {
    let file: Value = serde_json::from_str(file).unwrap();
    let text = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
    let bytes = |value: &Value, name: &str| base64_decode_strict(&text(value, name)).unwrap();
    let case = |value: &Value| Case {
        name: format!("{}: {}", text(&file, "key"), text(value, "name")),
        message: bytes(value, "message"),
        signature: bytes(value, "signature"),
        good: value["good"].as_bool().unwrap(),
        opens: text(value, "opens"),
    };
    let cases = file["cases"].as_array().unwrap().iter().map(case).collect();
    let public = PublicKey::read(text(&file, "public_key").as_bytes()).unwrap();
    (PrivateKey::read(private.as_bytes()).unwrap(), public, cases)
}

fn in_words(opened: &Result<Opened, OpenError>) -> String {
    match opened {
        Ok(opened) => {
            let exact = if opened.exact { "exact" } else { "inexact" };
            format!("{} {exact}", opened.algorithm)
        }
        Err(OpenError::Length { .. }) => "length".to_owned(),
        Err(OpenError::Range) => "range".to_owned(),
        Err(OpenError::Padding) => "padding".to_owned(),
        Err(OpenError::DigestInfo { .. }) => "digest info".to_owned(),
    }
}

#[test]
fn good_signatures_are_accepted_and_hostile_ones_refused() {
    for file in FILES {
        let (_, public, cases) = vectors(file);
        assert!(cases.len() > 20);
        for case in cases {
            let verdict = public.verify(&case.message, &case.signature);
            assert_eq!(verdict, case.good, "{}", case.name);
        }
    }
}

#[test]
fn our_signatures_are_those_of_openssl() {
    for file in FILES {
        let (private, public, cases) = vectors(file);
        assert_eq!(private.public(), public);
        for case in cases.iter().filter(|case| case.good) {
            let ours = private.sign(&case.message).unwrap();
            assert_eq!(ours, case.signature, "{}", case.name);
        }
    }
}

#[test]
fn opening_a_signature_says_what_is_inside() {
    for file in FILES {
        let (_, public, cases) = vectors(file);
        for case in cases {
            let opened = public.open(&case.signature);
            assert_eq!(in_words(&opened), case.opens, "{}", case.name);
            if case.good {
                assert_eq!(opened.unwrap().digest, sha256(&case.message), "{}", case.name);
            }
        }
    }
}

#[test]
fn a_signature_in_the_other_scheme_is_told_by_its_scheme_alone() {
    let root = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let vector = |name: &str| std::fs::read(root.join(name)).unwrap();
    let key = signing::PublicKey::read(&vector("keys/rsa2048.spki.pem")).unwrap();
    let (text, signature) = (vector("pss/call"), vector("pss/call.sig"));
    assert!(key.verify_pss(&text, &signature));
    assert!(!key.verify(&text, &signature) && !key.verify_sha1(&text, &signature));
    assert_eq!(key.open(&signature), Err(signing::OpenError::Padding));
    let longer = [&text[..], b"\n"].concat();
    assert!(!key.verify_pss(&longer, &signature));
    assert!(key.verify_pss(&longer, &vector("pss/line-end.sig")));
    let other = signing::PublicKey::read(&vector("keys/rsa3072.spki.pem")).unwrap();
    assert!(!other.verify_pss(&text, &signature));
}
