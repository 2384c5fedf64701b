//! Keys of every kind in one type: read from what people paste, and written as openssl writes them.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use std::path::PathBuf;

use signing::{
    AnyKey, AnyKeyError, Certificate, Container, DsaKeyError, DsaPrivateKey, Form, Half, KeyError,
    PrivateKey,
};

fn vector(name: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    std::fs::read(root.join(name)).unwrap()
}

fn key(name: &str) -> AnyKey {
    AnyKey::read(&vector(name), Half::Private).unwrap()
}

#[test]
fn an_rsa_key_is_written_as_openssl_writes_it() {
    use Container::{Pkcs1, Pkcs8, Spki};
    for size in ["rsa1024", "rsa2048", "rsa3072"] {
        // From the other container, so that nothing is handed through.
        let private = key(&format!("keys/{size}.pkcs1.pem"));
        let public = key(&format!("keys/{size}.public-pkcs1.b64"));
        assert_eq!(private.to_public().fingerprint(), public.fingerprint());
        for (from, container, shape) in [
            (&private, Pkcs8, "pkcs8"),
            (&private, Pkcs1, "pkcs1"),
            (&public, Spki, "spki"),
            (&public, Pkcs1, "public-pkcs1"),
        ] {
            for (form, ending) in [(Form::Pem, "pem"), (Form::Base64, "b64"), (Form::Der, "der")] {
                let written = from.write(container, form).unwrap();
                assert_eq!(*written, vector(&format!("keys/{size}.{shape}.{ending}")), "{shape}");
            }
        }
        assert!(private.write(Spki, Form::Pem).is_none());
        assert!(public.write(Pkcs8, Form::Pem).is_none());
    }
}

#[test]
fn a_dsa_key_is_written_as_openssl_writes_it() {
    for size in ["dsa1024.160", "dsa2048.256"] {
        let private = key(&format!("weak/{size}.traditional.pem"));
        let public = key(&format!("weak/{size}.spki.pem"));
        assert_eq!((private.algorithm(), public.half()), ("DSA", Half::Public));
        assert_eq!(private.fingerprint(), public.fingerprint());
        let written = private.write(Container::Pkcs8, Form::Pem).unwrap();
        assert_eq!(*written, vector(&format!("weak/{size}.pkcs8.pem")));
        let written = private.to_public().write(Container::Spki, Form::Pem).unwrap();
        assert_eq!(*written, vector(&format!("weak/{size}.spki.pem")));
        for (key, container) in [
            (&private, Container::Pkcs1),
            (&private, Container::Spki),
            (&public, Container::Pkcs1),
            (&public, Container::Pkcs8),
        ] {
            assert!(key.write(container, Form::Der).is_none());
        }
    }
}

#[test]
fn a_certificate_and_a_request_for_one_hold_a_key() {
    let own = key("keys/rsa2048.spki.pem").fingerprint();
    for name in ["certificate.pem", "certificate.der", "request.pem"] {
        let found = key(&format!("keys/{name}"));
        assert_eq!((found.half(), found.fingerprint()), (Half::Public, own.clone()), "{name}");
    }
    let told = Certificate::read(&vector("keys/certificate.pem")).unwrap();
    assert_eq!(told.subject, "assay");
    assert!(told.is_authority && told.holds.0 < told.holds.1);
    assert_eq!(Certificate::read(&vector("keys/certificate.der")), Some(told));
    for name in ["keys/request.pem", "keys/rsa2048.spki.pem", "keys/store.p12"] {
        assert_eq!(Certificate::read(&vector(name)), None, "{name}");
    }
    // Cut anywhere, it is no key, and says so.
    let whole = vector("keys/certificate.der");
    for length in (1..whole.len()).step_by(7) {
        assert!(AnyKey::read(&whole[..length], Half::Public).is_err(), "{length}");
        assert_eq!(Certificate::read(&whole[..length]), None, "{length}");
    }
}

#[test]
fn a_bit_that_is_turned_in_a_certificate_breaks_nothing() {
    let whole = vector("keys/certificate.der");
    for at in 0..whole.len() {
        let mut turned = whole.clone();
        turned[at] ^= 1 << (at % 8);
        let _ = (AnyKey::read(&turned, Half::Public), Certificate::read(&turned));
    }
}

#[test]
fn what_is_no_key_says_which_was_wanted() {
    let refused = |text: &[u8], half| AnyKey::read(text, half).unwrap_err();
    for half in [Half::Private, Half::Public] {
        let error = refused(b"hello", half);
        assert!(
            error.to_string().ends_with(&format!("a {half} in PEM, base64 or DER was expected"))
        );
        assert!(matches!(refused(b"", half), AnyKeyError::Rsa(KeyError::Empty { .. })));
        let error = refused(&vector("keys/ec.spki.pem"), half);
        assert!(matches!(error, AnyKeyError::Rsa(KeyError::OtherAlgorithm { .. })));
    }
    let spki = key("weak/dsa1024.160.spki.pem").write(Container::Spki, Form::Der).unwrap();
    let mut broken = spki.to_vec();
    let last = broken.len() - 1;
    broken.truncate(last - 128);
    assert!(AnyKey::read(&broken, Half::Public).is_err());
    let other = DsaKeyError::Numbers { expected: Half::Public };
    assert_eq!(AnyKeyError::from(other.clone()).to_string(), other.to_string());
}

#[test]
fn keys_of_the_older_generation_are_made_and_work() {
    let small = PrivateKey::generate_small().unwrap();
    assert_eq!(small.bits(), 1024);
    let signature = small.sign_sha1(b"a").unwrap();
    assert!(small.public().verify_sha1(b"a", &signature));
    assert_ne!(small.public(), PrivateKey::generate_small().unwrap().public());
    let dsa = DsaPrivateKey::generate(1024).unwrap();
    assert_eq!(dsa.public().bits(), 1024);
    let signature = dsa.sign(b"a").unwrap();
    assert!(dsa.public().verify(b"a", &signature) && !dsa.public().verify(b"b", &signature));
    assert_eq!(DsaPrivateKey::generate(512).unwrap_err(), KeyError::Size { bits: 512 });
}

#[test]
fn no_secret_shows_in_debug() {
    for name in ["keys/rsa2048.pkcs8.pem", "weak/dsa1024.160.pkcs8.pem"] {
        let private = key(name);
        let shown = format!("{private:?}");
        assert!(shown.contains(&private.fingerprint()), "{shown}");
        let written = private.write(Container::Pkcs8, Form::Base64).unwrap();
        let text = String::from_utf8(written.to_vec()).unwrap();
        assert!(!shown.contains(&text[100..120]), "{shown}");
    }
}
