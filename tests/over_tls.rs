//! A merchant that calls the witness by https: the shop in Node.js, with an authority to trust.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod ports;
mod shops;

use serde_json::Value;
use shops::{Kind, Line, Shop, runs, said};

fn shop(line: Line) -> Option<Shop> {
    Kind::Node.is_there().then(|| Kind::Node.open_over(line, "barcode", None))
}

#[test]
fn a_shop_that_trusts_the_authority_passes_and_the_bundle_tells_whom_it_trusted() {
    let Some(shop) = shop(Line::Tls) else { return };
    let check = shop.assay(&["check", "--profile", "assay.yaml"]);
    assert!(said(&check).contains("✓ the witness can speak TLS"), "{}", said(&check));
    let (run, results) = shop.play(&["LEG-PAY-001"]);
    let told = said(&run);
    assert!(told.contains("calls at https://127.0.0.1:"), "{told}");
    assert!(told.contains("notices at https://127.0.0.1:"), "{told}");
    assert!(told.contains("for who trusts ca.crt"), "{told}");
    let passed = ("passed".to_owned(), String::new());
    assert_eq!(runs(&results, "LEG-PAY-001"), [passed], "{told}\n{}", shop.log());
    let profile: Value = serde_json::from_slice(&shop.read("run/profile.json")).unwrap();
    let tls = profile["witness"]["tls"].as_object().unwrap();
    let pem = String::from_utf8(shop.read("ca.crt")).unwrap();
    let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = signing::base64_decode_strict(&der).unwrap();
    assert_eq!(tls.len(), 1, "{profile}");
    assert_eq!(tls["fingerprint"], signing::sha256_hex(&der));
    let verify = shop.verify();
    assert_eq!(verify.status.code(), Some(2), "a part is incomplete: {}", said(&verify));
    assert!(said(&verify).contains("the seal holds"), "{}", said(&verify));
    assert!(!said(&verify).contains('✗'), "{}", said(&verify));
}

/// What a run says in which no call comes.
fn refused(line: Line, says: &[&str]) {
    let Some(shop) = shop(line) else { return };
    let run = shop.assay(&["run", "--profile", "assay.yaml", "--out", "run", "LEG-PAY-001"]);
    let told = said(&run);
    assert_eq!(run.status.code(), Some(69), "{told}");
    for says in says {
        assert!(told.contains(says), "{says}: {told}\n{}", shop.log());
    }
}

#[test]
fn a_shop_that_speaks_plain_http_at_a_tls_door_is_told_what_came_and_what_to_do() {
    refused(
        Line::Misled,
        &[
            "the merchant took a sale, and no call came to the witness at https://127.0.0.1:",
            "what came instead: plain HTTP came to a door where TLS is spoken",
            "try: let the merchant's gateway URL be https://127.0.0.1:",
            "let its client trust ca.crt",
        ],
    );
}

#[test]
fn a_shop_that_does_not_trust_the_certificate_is_told_so() {
    let why = "what came instead: the caller ended its TLS connection without a word, as one does \
               that refuses the certificate of the door";
    refused(Line::Distrusting, &[why, "let its client trust ca.crt"]);
}

#[test]
fn a_shop_that_speaks_tls_at_a_plain_door_is_told_what_to_do() {
    refused(
        Line::Ahead,
        &[
            "TLS came to a door where plain HTTP is spoken",
            "`assay keys ca`",
            "be http://127.0.0.1:",
        ],
    );
}
