//! The weak algorithms against signatures of other programs; `tests/vectors/weak/make.sh` has the
//! openssl commands.
#![expect(clippy::unwrap_used, reason = "a vector that cannot be read is a failed test")]

use std::path::PathBuf;

use proptest::prelude::*;
use signing::{
    DsaKeyError, DsaPrivateKey, DsaPublicKey, PrivateKey, SharedKey, SharedKeyError, hex,
};

const DSA: [&str; 4] = ["dsa1024.160", "dsa2048.224", "dsa2048.256", "dsa3072.256"];

fn vector(name: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    std::fs::read(root.join(name)).unwrap()
}

fn weak(name: &str) -> Vec<u8> {
    vector(&format!("weak/{name}"))
}

fn shared(first: char) -> SharedKey {
    SharedKey::read(format!("{first}{}", "0".repeat(31)).as_bytes()).unwrap()
}

/// Base64 of a PEM body, on one line.
fn bare(pem: &[u8]) -> String {
    let text = String::from_utf8(pem.to_vec()).unwrap();
    text.lines().filter(|line| !line.starts_with('-')).collect()
}

/// A DER signature of two numbers below 128 bytes each.
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| [&[2, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    let inner = [number(r), number(s)].concat();
    [&[0x30, u8::try_from(inner.len()).unwrap()], &inner[..]].concat()
}

/// The two numbers of a DER signature side by side, each of a length.
fn raw(der: &[u8], length: usize) -> Vec<u8> {
    let r = usize::from(der[3]);
    let (one, two) = (&der[4..4 + r], &der[6 + r..]);
    let fit = |number: &[u8]| {
        let start = number.iter().position(|byte| *byte != 0).unwrap();
        [&vec![0; length - (number.len() - start)], &number[start..]].concat()
    };
    [fit(one), fit(two)].concat()
}

#[test]
fn shared_keys_make_the_published_digests() {
    // The test suite of the Ruby gem `alipay`, partner and key as there.
    let partner = format!("1{}", "0".repeat(15));
    let forex = format!(
        "_input_charset=utf-8&currency=USD&gmt_return=20150101000000&out_return_no=1&\
         out_trade_no=12345678980&partner={partner}&reason=reason&return_amount=0.01&\
         service=forex_refund"
    );
    let web = format!(
        "_input_charset=utf-8&currency=EUR&notify_url=https://example.com/notify&out_trade_no=1&\
         partner={partner}&service=create_forex_trade&subject=test&total_fee=0.01"
    );
    let wap = format!(
        "_input_charset=utf-8&currency=USD&merchant_url=http://example.com/itemback&\
         notify_url=https://example.com/orders/20150401000-0001/notify&\
         out_trade_no=20150401000-0001&partner={partner}&\
         return_url=https://example.com/orders/20150401000-0001&seller_id={partner}&\
         service=create_forex_trade_wap&subject=Order Name&total_fee=10.00"
    );
    let cases = [
        ('1', "partner=123&service=test", "bbd13b52823b576291595f472ebcfbc2"),
        ('2', "partner=123&service=test", "6d581af270c023fdaaca6880491e9bf7"),
        ('1', "notify_id=1234", "22fc7e38e5acdfede396aa463870d111"),
        ('1', &forex, "c9681fff5505fe993d1b2b8141308d0d"),
        ('1', &web, "f24fd4d76acabf860263a40805138380"),
        ('1', &wap, "f15d9e3d885c12f1a994048342c07bef"),
    ];
    for (key, text, digest) in cases {
        assert_eq!(shared(key).sign(text.as_bytes()), digest, "{text}");
        assert!(shared(key).verify(text.as_bytes(), digest), "{text}");
        assert!(!shared('3').verify(text.as_bytes(), digest), "{text}");
    }
}

#[test]
fn a_digest_has_one_spelling() {
    let (key, good) = (shared('1'), "22fc7e38e5acdfede396aa463870d111");
    let upper = good.to_ascii_uppercase();
    let longer = format!("{good}0");
    for wrong in ["", &good[..31], &longer, &upper, &format!("{good}\n"), "22fc7e38"] {
        assert!(!key.verify(b"notify_id=1234", wrong), "{wrong}");
    }
    assert!(key.verify(b"notify_id=1234", good));
    assert!(!key.verify(b"notify_id=1235", good));
}

#[test]
fn a_shared_key_is_32_letters_and_digits_and_never_shown() {
    let text = "abcdefghijklmnopqrstuvwxyz012345";
    let key = SharedKey::read(format!(" {text}\r\n").as_bytes()).unwrap();
    assert_eq!(key.sign(b"x"), SharedKey::read(text.as_bytes()).unwrap().sign(b"x"));
    assert_eq!(format!("{key:?} {key:#?}"), "SharedKey { .. } SharedKey { .. }");
    for (text, error) in [
        ("", SharedKeyError::Length { found: 0 }),
        (&text[1..], SharedKeyError::Length { found: 31 }),
        (&format!("{text}6"), SharedKeyError::Length { found: 33 }),
        (&text.replace('c', "_"), SharedKeyError::Character { at: 3 }),
        (&text.replace('b', "é"), SharedKeyError::Character { at: 2 }),
    ] {
        assert_eq!(SharedKey::read(text.as_bytes()).unwrap_err(), error, "{text}");
    }
}

#[test]
fn rsa_signatures_are_those_of_openssl() {
    let message = weak("message");
    for bits in ["rsa1024", "rsa2048", "rsa3072"] {
        let key = PrivateKey::read(&vector(&format!("keys/{bits}.pkcs8.pem"))).unwrap();
        let (sha1, sha256) =
            (weak(&format!("{bits}.sha1.sig")), weak(&format!("{bits}.sha256.sig")));
        assert_eq!(key.sign_sha1(&message), Ok(sha1.clone()), "{bits}");
        assert_eq!(key.sign(&message), Ok(sha256.clone()), "{bits}");
        let public = key.public();
        assert!(public.verify_sha1(&message, &sha1) && public.verify(&message, &sha256));
        // Neither passes for the other.
        assert!(!public.verify_sha1(&message, &sha256) && !public.verify(&message, &sha1));
        let mut edited = sha1.clone();
        edited[40] ^= 1;
        let zeros = vec![0; sha1.len()];
        let longer = [&sha1[..], &[0]].concat();
        for wrong in [&edited[..], &zeros, &longer, &sha1[1..], &[]] {
            assert!(!public.verify_sha1(&message, wrong), "{bits}");
        }
        assert!(!public.verify_sha1(b"", &sha1));
    }
}

#[test]
fn dsa_signatures_of_openssl_verify_and_ours_in_every_key() {
    let message = weak("message");
    for name in DSA {
        let private = DsaPrivateKey::read(&weak(&format!("{name}.pkcs8.pem"))).unwrap();
        let public = DsaPublicKey::read(&weak(&format!("{name}.spki.pem"))).unwrap();
        let theirs = weak(&format!("{name}.sha1.sig"));
        assert!(public.verify(&message, &theirs), "{name}");
        assert!(!public.verify(b"another", &theirs), "{name}");
        let ours = private.sign(&message).unwrap();
        assert_eq!(private.sign(&message), Ok(ours.clone()), "the same text gives the same bytes");
        let length: usize = name.split_once('.').unwrap().1.parse().unwrap();
        for signature in [&ours, &theirs] {
            assert!(public.verify(&message, signature), "{name}");
            let two = raw(signature, length / 8);
            assert!(public.verify_raw(&message, &two), "{name}");
            assert!(!public.verify_raw(&message, &raw(signature, length / 8 + 1)), "{name}");
            assert!(!public.verify(&message, &two) && !public.verify_raw(&message, signature));
            assert!(!public.verify_raw(&message, &two[1..]));
            assert!(!public.verify_raw(&message, &[&two[..], &[0, 0]].concat()));
            assert!(!public.verify_raw(b"another", &two));
        }
    }
}

#[test]
fn openssl_verifies_our_dsa_signature() {
    let found = std::process::Command::new("openssl").arg("version").output();
    if found.is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI needs openssl");
        return;
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/weak");
    for name in DSA {
        let private = DsaPrivateKey::read(&weak(&format!("{name}.pkcs8.pem"))).unwrap();
        let signature = private.sign(&weak("message")).unwrap();
        let path = std::env::temp_dir().join(format!("assay-{}-{name}.sig", std::process::id()));
        std::fs::write(&path, signature).unwrap();
        let output = std::process::Command::new("openssl")
            .args(["dgst", "-sha1", "-verify", &format!("{name}.spki.pem"), "-signature"])
            .args([path.as_os_str(), "message".as_ref()])
            .current_dir(&root)
            .output()
            .unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "Verified OK\n", "{name}");
    }
}

#[test]
fn hostile_dsa_signatures_are_refused() {
    let message = weak("message");
    let public = DsaPublicKey::read(&weak("dsa1024.160.spki.pem")).unwrap();
    let good = weak("dsa1024.160.sha1.sig");
    let two = raw(&good, 20);
    let (r, s) = two.split_at(20);
    let positive = |number: &[u8]| [&[0][..], number].concat();
    let negated = |number: &[u8]| number.iter().map(|byte| !byte).collect::<Vec<u8>>();
    let cases = [
        ("nothing", vec![]),
        ("r is 0", der(&[0], &positive(s))),
        ("s is 0", der(&positive(r), &[0])),
        ("both are 0", der(&[0], &[0])),
        ("r and s are 1", der(&[1], &[1])),
        ("a byte behind", [&good[..], &[0]].concat()),
        ("cut", good[..good.len() - 1].to_vec()),
        ("r and s change places", der(&positive(s), &positive(r))),
        ("r far above q", der(&[0x7F; 60], &positive(s))),
        ("s far above q", der(&positive(r), &[0x7F; 60])),
        ("negative", der(&negated(r), &negated(s))),
        ("a zero byte too many", der(&[&[0, 0][..], r].concat(), &positive(s))),
        ("three numbers", [&[0x30, 9], &[2, 1, 1].repeat(3)[..]].concat()),
        ("indefinite length", vec![0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0]),
        ("text", b"MCwCFA==".to_vec()),
    ];
    assert!(public.verify(&message, &good));
    for (name, signature) in cases {
        assert!(!public.verify(&message, &signature), "{name}: {}", hex(&signature));
    }
    let zero = [0; 20];
    for two in [[r, &zero].concat(), [&zero, s].concat(), vec![0; 40], vec![0xFF; 40], vec![]] {
        assert!(!public.verify_raw(&message, &two));
    }
}

#[test]
fn dsa_keys_are_read_in_every_shape() {
    for name in DSA {
        let text = |shape: &str| weak(&format!("{name}.{shape}.pem"));
        let public = DsaPublicKey::read(&text("spki")).unwrap();
        for shape in ["pkcs8", "traditional"] {
            for text in [text(shape), bare(&text(shape)).into_bytes()] {
                assert_eq!(DsaPrivateKey::read(&text).unwrap().public(), public, "{name} {shape}");
            }
        }
        assert_eq!(DsaPublicKey::read(bare(&text("spki")).as_bytes()).unwrap(), public);
        let shown = format!("{:?}", DsaPrivateKey::read(&text("pkcs8")).unwrap());
        let fingerprint = public.fingerprint();
        assert_eq!(fingerprint.len(), 64);
        assert_eq!(shown, format!("DsaPrivateKey {{ fingerprint: \"{fingerprint}\", .. }}"));
    }
    // What `openssl dsaparam -genkey` writes: parameters, then the key.
    DsaPrivateKey::read(&vector("keys/dsa.with-parameters.pem")).unwrap();
}

#[test]
fn what_is_no_dsa_key_is_told_by_name() {
    let private = |text: &[u8]| DsaPrivateKey::read(text).unwrap_err().to_string();
    let public = |text: &[u8]| DsaPublicKey::read(text).unwrap_err().to_string();
    let rsa = vector("keys/rsa1024.pkcs8.pem");
    assert_eq!(
        private(&rsa),
        "this is a private key (PKCS#8, 1024 bits), a DSA private key in PEM, base64 or DER was expected"
    );
    assert!(public(&rsa).contains("a DSA public key in PEM"));
    assert!(public(&weak("dsa1024.160.pkcs8.pem")).starts_with("this is a DSA private key"));
    assert!(private(&weak("dsa1024.160.spki.pem")).starts_with("this is a DSA public key"));
    for text in [&b""[..], b"hello", b"\x30\x00", &vector("keys/ec.pkcs8.pem")] {
        assert!(matches!(DsaPrivateKey::read(text), Err(DsaKeyError::Unfit { .. })));
        assert!(matches!(DsaPublicKey::read(text), Err(DsaKeyError::Unfit { .. })));
    }
}

#[test]
fn numbers_of_two_dsa_keys_are_not_one_key() {
    // Version, p, q, g, y, x: the last byte is one of x.
    let mut der =
        signing::base64_decode_strict(&bare(&weak("dsa1024.160.traditional.pem"))).unwrap();
    assert!(DsaPrivateKey::read(&der).is_ok());
    *der.last_mut().unwrap() ^= 1;
    assert!(matches!(DsaPrivateKey::read(&der), Err(DsaKeyError::Numbers { .. })));
    // The last byte of SPKI is one of y, which is then outside the group.
    let mut der = signing::base64_decode_strict(&bare(&weak("dsa1024.160.spki.pem"))).unwrap();
    *der.last_mut().unwrap() ^= 1;
    assert!(matches!(DsaPublicKey::read(&der), Err(DsaKeyError::Numbers { .. })));
}

proptest! {
    #[test]
    fn a_damaged_dsa_key_is_refused_or_signs(
        shape in 0..3_usize,
        at: prop::sample::Index,
        filling in prop::collection::vec(any::<u8>(), 1..9),
    ) {
        let shape = ["pkcs8", "traditional", "spki"][shape];
        let text = weak(&format!("dsa1024.160.{shape}.pem"));
        let mut der = signing::base64_decode_strict(&bare(&text)).unwrap();
        let at = at.index(der.len() - filling.len());
        der[at..at + filling.len()].copy_from_slice(&filling);
        match DsaPrivateKey::read(&der) {
            Ok(key) => {
                let signature = key.sign(b"message").unwrap();
                prop_assert!(key.public().verify(b"message", &signature));
            }
            Err(error) => prop_assert!(error.to_string().contains("a DSA private key")),
        }
        if let Ok(key) = DsaPublicKey::read(&der) {
            let signature = weak("dsa1024.160.sha1.sig");
            let _ = (key.verify(b"message", &signature), key.verify_raw(b"message", &[1; 40]));
        }
    }
}
