//! Signatures of the legacy generation, against what other programs signed.

use super::*;

/// What openssl signed; `tests/vectors/weak/make.sh` has the commands.
macro_rules! weak {
    ($file:literal) => {
        include_bytes!(concat!("../../../../../tests/vectors/weak/", $file))
    };
}

const RSA: &[u8] = include_bytes!("../../../../../tests/vectors/keys/rsa2048.pkcs8.pem");
const MESSAGE: &[u8] = weak!("message");

fn rsa() -> PrivateKey {
    PrivateKey::read(RSA).unwrap()
}

fn dsa() -> (DsaPrivateKey, DsaPublicKey) {
    let private = DsaPrivateKey::read(weak!("dsa1024.160.pkcs8.pem")).unwrap();
    (private, DsaPublicKey::read(weak!("dsa1024.160.spki.pem")).unwrap())
}

fn shared() -> SharedKey {
    SharedKey::read(b"10000000000000000000000000000000").unwrap()
}

fn pairs() -> [(Signer, Verifier); 4] {
    let (private, public) = dsa();
    [
        (Signer::Md5(shared()), Verifier::Md5(shared())),
        (Signer::Rsa(rsa()), Verifier::Rsa(rsa().public())),
        (Signer::Rsa2(rsa()), Verifier::Rsa2(rsa().public())),
        (Signer::Dsa(private), Verifier::Dsa(public)),
    ]
}

#[test]
fn types_go_by_their_names_in_upper_case() {
    for sign_type in [SignType::Md5, SignType::Rsa, SignType::Rsa2, SignType::Dsa] {
        assert_eq!(SignType::parse(sign_type.name()), Some(sign_type));
        assert_eq!(SignType::parse(&sign_type.name().to_ascii_lowercase()), None);
        assert_eq!(sign_type.is_shared(), sign_type == SignType::Md5);
    }
    assert_eq!(SignType::parse(""), None);
    assert_eq!(SignType::parse("RSA256"), None);
}

#[test]
fn openssl_signs_the_same() {
    let key = rsa();
    for (signer, signature) in [
        (Signer::Rsa(key.clone()), &weak!("rsa2048.sha1.sig")[..]),
        (Signer::Rsa2(key), weak!("rsa2048.sha256.sig")),
    ] {
        assert_eq!(signer.sign(MESSAGE), Ok(base64_encode(signature)));
    }
    let theirs = base64_encode(weak!("dsa1024.160.sha1.sig"));
    assert!(Verifier::Dsa(dsa().1).verify(MESSAGE, &theirs));
}

#[test]
fn a_type_verifies_its_own_signatures_and_no_others() {
    let pairs = pairs();
    for (signer, _) in &pairs {
        let sign = signer.sign(MESSAGE).unwrap();
        for (_, verifier) in &pairs {
            let own = verifier.sign_type() == signer.sign_type();
            assert_eq!(verifier.verify(MESSAGE, &sign), own);
            assert!(!verifier.verify(b"another", &sign));
            assert!(!verifier.verify(MESSAGE, &sign[1..]));
            assert!(!verifier.verify(MESSAGE, ""));
        }
    }
}

#[test]
fn a_plus_that_became_a_blank_is_put_back() {
    let signer = Signer::Rsa2(rsa());
    let texts = (0..50).map(|number: u32| number.to_string());
    let (text, sign) = texts
        .map(|text| (text.clone(), signer.sign(text.as_bytes()).unwrap()))
        .find(|(_, sign)| sign.contains('+'))
        .unwrap();
    let verifier = Verifier::Rsa2(rsa().public());
    assert!(verifier.verify(text.as_bytes(), &sign.replace('+', " ")));
    assert!(!verifier.verify(text.as_bytes(), &sign.replace('+', "")));
}

#[test]
fn dsa_is_read_as_the_samples_write_it() {
    let (private, public) = dsa();
    let verifier = Verifier::Dsa(public);
    let mut escaped = 0;
    for number in 0..40_u32 {
        let text = number.to_string();
        let der = private.sign(text.as_bytes()).unwrap();
        let r = usize::from(der[3]);
        let number = |bytes: &[u8]| {
            let wide = [&[0; 20], bytes].concat();
            wide[wide.len() - 20..].to_vec()
        };
        let raw = [number(&der[4..4 + r]), number(&der[6 + r..])].concat();
        let sign = base64_encode(&raw);
        escaped += usize::from(sign.contains('X'));
        assert!(verifier.verify(text.as_bytes(), &sign.replace('X', "_x")), "{sign}");
        assert!(verifier.verify(text.as_bytes(), &base64_encode(&der)));
        assert!(!verifier.verify(b"x", &sign));
    }
    assert!(escaped > 0);
}

#[test]
fn a_signature_needs_both_its_fields_and_the_type_of_the_key() {
    let text = |empties| if empties == Empties::Dropped { "a=1" } else { "a=1&b=" }.to_owned();
    let sign = |text: &str| Signer::Md5(shared()).sign(text.as_bytes()).unwrap();
    let (dropped, kept, other) = (sign("a=1"), sign("a=1&b="), sign("a=2"));
    for (sign_type, sign, verified) in [
        (Some("MD5"), Some(dropped.as_str()), Verified::Valid),
        (Some("MD5"), Some(&kept), Verified::Valid),
        (Some("MD5"), Some(&other), Verified::Wrong),
        (Some("md5"), Some(&dropped), Verified::Wrong),
        (Some("RSA"), Some(&dropped), Verified::Wrong),
        (None, Some(&dropped), Verified::Unsigned),
        (Some(""), Some(&dropped), Verified::Unsigned),
        (Some("MD5"), None, Verified::Unsigned),
        (Some("MD5"), Some(""), Verified::Unsigned),
    ] {
        let found = judge(&Verifier::Md5(shared()), Charset::Utf8, text, sign_type, sign);
        assert_eq!(found, verified, "{sign_type:?} {sign:?}");
    }
}
