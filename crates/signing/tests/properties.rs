//! Whatever is pasted, reading it ends in a key or in a reason, and no reason holds a secret.

use proptest::prelude::*;
use signing::{
    AnyKey, Certificate, Half, KeyError, PrivateKey, PublicKey, base64_decode_strict,
    base64_encode, hex, inspect, sha256,
};

const PKCS8: &str = include_str!("../../../tests/vectors/keys/rsa1024.pkcs8.pem");
const PKCS8_BASE64: &str = include_str!("../../../tests/vectors/keys/rsa1024.pkcs8.b64");
const PKCS1: &str = include_str!("../../../tests/vectors/keys/rsa1024.pkcs1.pem");
const PKCS1_DER: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa1024.pkcs1.der");
const CERTIFICATE: &[u8] = include_bytes!("../../../tests/vectors/keys/certificate.der");
const SPKI_DER: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa1024.spki.der");

/// All that is ever said about a text.
fn everything_said(text: &[u8]) -> String {
    let shape = inspect(text);
    let errors: [Option<KeyError>; 2] = [PrivateKey::read(text).err(), PublicKey::read(text).err()];
    let errors = errors.into_iter().flatten().map(|error| format!("{error} {error:?}"));
    let any = [Half::Private, Half::Public].map(|half| AnyKey::read(text, half));
    let certificate = Certificate::read(text);
    format!("{shape} {shape:?} {} {any:?} {certificate:?}", errors.collect::<String>())
}

/// Texts close to a key: pieces of one cut out, doubled or replaced.
fn near_keys() -> impl Strategy<Value = Vec<u8>> {
    let bases = prop::sample::select(vec![
        PKCS8.as_bytes(),
        PKCS8_BASE64.as_bytes(),
        PKCS1.as_bytes(),
        PKCS1_DER,
        SPKI_DER,
        CERTIFICATE,
    ]);
    let filling = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..6),
        "[-=A-Za-z0-9+/ \\n\\r\"]{0,6}".prop_map(String::into_bytes),
    ];
    (bases, any::<prop::sample::Index>(), 0..40_usize, filling).prop_map(
        |(base, at, length, filling)| {
            let start = at.index(base.len());
            let end = (start + length).min(base.len());
            [&base[..start], &filling, &base[end..]].concat()
        },
    )
}

proptest! {
    #[test]
    fn any_bytes_end_in_a_key_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        everything_said(&bytes);
    }

    #[test]
    fn any_text_ends_in_a_key_or_a_reason(
        text in "(-----BEGIN )?(RSA )?(PRIVATE KEY-----)?\\PC{0,80}\n?\\PC{0,40}(-----END )?",
    ) {
        everything_said(text.as_bytes());
    }

    #[test]
    fn any_structure_ends_in_a_key_or_a_reason(
        inside in prop::collection::vec((0..0x40_u8, prop::collection::vec(any::<u8>(), 0..9)), 0..10),
    ) {
        let element = |(tag, value): &(u8, Vec<u8>)| {
            [&[*tag, u8::try_from(value.len()).unwrap()], &value[..]].concat()
        };
        let inside: Vec<u8> = inside.iter().flat_map(element).collect();
        let der = element(&(0x30, inside));
        everything_said(&der);
        everything_said(base64_encode(&der).as_bytes());
    }

    #[test]
    fn a_damaged_key_is_not_repeated_in_what_is_said_about_it(text in near_keys()) {
        let said = everything_said(&text);
        let secret = PKCS8.lines().chain(PKCS1.lines()).filter(|line| !line.starts_with('-'));
        for line in secret {
            for window in line.as_bytes().windows(10) {
                let window = String::from_utf8_lossy(window);
                prop_assert!(!said.contains(&*window), "{said:?}");
            }
        }
    }

    #[test]
    fn a_damaged_key_never_turns_into_another_private_key(text in near_keys()) {
        if let Ok(key) = PrivateKey::read(&text) {
            prop_assert_eq!(key.to_pkcs8_base64(), PKCS8_BASE64);
        }
    }

    #[test]
    fn a_signature_holds_over_its_message_alone(message: Vec<u8>, other: Vec<u8>) {
        let key = PrivateKey::read(PKCS8.as_bytes()).unwrap();
        let signature = key.sign(&message).unwrap();
        prop_assert!(key.public().verify(&message, &signature));
        prop_assert_eq!(key.public().verify(&other, &signature), message == other);
        let opened = key.public().open(&signature).unwrap();
        prop_assert!(opened.exact && opened.digest == sha256(&message));
    }

    #[test]
    fn any_signature_ends_in_a_verdict(signature in prop::collection::vec(any::<u8>(), 120..136)) {
        let key = PublicKey::read(SPKI_DER).unwrap();
        prop_assert!(!key.verify(b"message", &signature));
        let _ = key.open(&signature);
    }

    #[test]
    fn base64_is_strict_and_round(bytes: Vec<u8>, text in "[A-Za-z0-9+/=]{0,12}") {
        prop_assert_eq!(base64_decode_strict(&base64_encode(&bytes)), Some(bytes.clone()));
        prop_assert_eq!(hex(&bytes).len(), 2 * bytes.len());
        if let Some(bytes) = base64_decode_strict(&text) {
            prop_assert_eq!(base64_encode(&bytes), text);
        }
    }
}

#[test]
fn every_shape_that_is_written_is_read_back() {
    for key in [
        PrivateKey::read(PKCS8.as_bytes()).unwrap(),
        PrivateKey::generate(2048).unwrap(),
        PrivateKey::generate(3072).unwrap(),
    ] {
        for text in [key.to_pkcs8_base64(), key.to_pkcs8_pem()] {
            let again = PrivateKey::read(text.as_bytes()).unwrap();
            assert_eq!(again.to_pkcs8_base64(), key.to_pkcs8_base64());
            assert!(inspect(text.as_bytes()).remarks.is_empty());
        }
        for text in [key.public().to_spki_base64(), key.public().to_spki_pem()] {
            assert_eq!(PublicKey::read(text.as_bytes()), Ok(key.public()));
            assert!(inspect(text.as_bytes()).remarks.is_empty());
        }
    }
}
