//! Keys as they are pasted: every shape in every layout is the same key, and what is no RSA key is
//! told by name.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use std::path::PathBuf;

use signing::{Armour, PrivateKey, PublicKey, Remark, inspect};

fn fixture(name: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/keys");
    std::fs::read(root.join(name)).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

/// A way of laying out a text, and what is remarked about it.
type Layout = (fn(&str) -> Vec<u8>, &'static [Remark]);

fn lines(text: &str, columns: usize, end: &str) -> String {
    let body: Vec<&str> = text.split('\n').filter(|line| !line.is_empty()).collect();
    let whole = body.concat();
    let pieces = whole.as_bytes().chunks(columns).map(String::from_utf8_lossy);
    pieces.flat_map(|piece| [piece, end.into()]).collect()
}

/// The same PEM with its body laid out anew.
fn body_anew(pem: &str, layout: impl Fn(&str) -> String) -> Vec<u8> {
    let (begin, rest) = pem.split_once("-----\n").unwrap();
    let (body, end) = rest.split_once("-----END").unwrap();
    format!("{begin}-----\n{}-----END{end}", layout(body)).into_bytes()
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

const PEM_LAYOUTS: [Layout; 16] = [
    (|pem| pem.into(), &[]),
    (|pem| format!("\n\n{pem}\n").into(), &[]),
    (|pem| pem.replace('\n', "\r\n").into(), &[Remark::CarriageReturns]),
    (|pem| pem.replace('\n', "\r").into(), &[Remark::CarriageReturns]),
    (|pem| format!("\u{FEFF}{pem}").into(), &[Remark::ByteOrderMark]),
    (utf16, &[Remark::Utf16]),
    (|pem| pem.replace('\n', "  \n").into(), &[Remark::Blanks]),
    (|pem| pem.replace('\n', "\n\t").into(), &[Remark::Blanks]),
    (|pem| body_anew(pem, |body| lines(body, 10_000, "\n")), &[Remark::OneLine]),
    (|pem| body_anew(pem, |body| lines(body, 76, "\n")), &[Remark::Columns(76)]),
    (|pem| format!("Bag Attributes\n  localKeyID: 01\n{pem}").into(), &[Remark::LeadingText]),
    (|pem| format!("{pem}\nRegards, the gateway").into(), &[Remark::TrailingText]),
    (|pem| pem.split("-----END").next().unwrap_or_default().into(), &[Remark::EndLineMissing]),
    (|pem| pem.replace('\n', "\\n").into(), &[Remark::EscapedLineBreaks]),
    (|pem| format!("\"{}\"", pem.trim()).into(), &[Remark::Quotes]),
    (|pem| pem.replace("-----END ", "-----END OLD ").into(), &[Remark::EndLabelDiffers]),
];

const BARE_LAYOUTS: [Layout; 10] = [
    (|base64| base64.into(), &[]),
    (|base64| format!("{base64}\r\n").into(), &[Remark::CarriageReturns]),
    (|base64| lines(base64, 64, "\n").into(), &[Remark::Columns(64)]),
    (|base64| lines(base64, 76, "\n").into(), &[Remark::Columns(76)]),
    (|base64| lines(base64, 76, "\r\n").into(), &[Remark::CarriageReturns, Remark::Columns(76)]),
    (|base64| format!("{base64}   ").into(), &[Remark::Blanks]),
    (|base64| format!("\u{FEFF}{base64}").into(), &[Remark::ByteOrderMark]),
    (|base64| format!("merchant key\n\n{base64}\n").into(), &[Remark::LeadingText]),
    (|base64| format!("'{base64}'").into(), &[Remark::Quotes]),
    (utf16, &[Remark::Utf16]),
];

/// Every text a shape of a key is pasted as.
fn pasted(key: &str, shape: &str) -> Vec<(Vec<u8>, Armour, Vec<Remark>)> {
    let label = match shape {
        "pkcs8" => "PRIVATE KEY",
        "pkcs1" => "RSA PRIVATE KEY",
        "spki" => "PUBLIC KEY",
        _ => "RSA PUBLIC KEY",
    };
    let armour = Armour::Pem { label: label.to_owned() };
    let pem = text(&format!("{key}.{shape}.pem"));
    let base64 = text(&format!("{key}.{shape}.b64"));
    let pems = PEM_LAYOUTS.map(|(layout, remarks)| (layout(&pem), armour.clone(), remarks.into()));
    let bare =
        BARE_LAYOUTS.map(|(layout, remarks)| (layout(&base64), Armour::Base64, remarks.into()));
    let der = (fixture(&format!("{key}.{shape}.der")), Armour::Der, vec![]);
    pems.into_iter().chain(bare).chain([der]).collect()
}

#[test]
fn every_shape_of_a_private_key_is_read_in_every_layout() {
    for (key, bits) in [("rsa1024", 1024), ("rsa2048", 2048), ("rsa3072", 3072)] {
        for shape in ["pkcs8", "pkcs1"] {
            for (pasted, armour, remarks) in pasted(key, shape) {
                let found = PrivateKey::read(&pasted).unwrap();
                assert_eq!(found.bits(), bits);
                assert_eq!(found.to_pkcs8_base64(), text(&format!("{key}.pkcs8.b64")));
                assert_eq!(found.to_pkcs8_pem(), text(&format!("{key}.pkcs8.pem")));
                assert_eq!(found.public().to_spki_base64(), text(&format!("{key}.spki.b64")));
                let shape = inspect(&pasted);
                assert_eq!((shape.armour, shape.remarks), (armour, remarks));
                assert_eq!(shape.bits, Some(bits));
            }
        }
    }
}

#[test]
fn every_shape_of_a_public_key_is_read_in_every_layout() {
    for (key, bits) in [("rsa1024", 1024), ("rsa2048", 2048), ("rsa3072", 3072)] {
        for shape in ["spki", "public-pkcs1"] {
            for (pasted, armour, remarks) in pasted(key, shape) {
                let found = PublicKey::read(&pasted).unwrap();
                assert_eq!(found.bits(), bits);
                assert_eq!(found.to_spki_base64(), text(&format!("{key}.spki.b64")));
                assert_eq!(found.to_spki_pem(), text(&format!("{key}.spki.pem")));
                let shape = inspect(&pasted);
                assert_eq!((shape.armour, shape.remarks), (armour, remarks));
                assert_eq!(shape.bits, Some(bits));
            }
        }
    }
}

#[test]
fn base64_without_padding_and_in_the_other_alphabet_is_read() {
    let base64 = text("rsa2048.pkcs1.b64");
    let other = base64.replace('+', "-").replace('/', "_");
    assert_ne!(other, base64);
    assert_eq!(inspect(other.as_bytes()).remarks, [Remark::UrlAlphabet]);
    assert!(PrivateKey::read(other.as_bytes()).is_ok());
    let base64 = text("rsa2048.pkcs8.b64");
    let shorter = base64.trim_end_matches('=');
    assert_ne!(shorter, base64);
    assert_eq!(inspect(shorter.as_bytes()).remarks, [Remark::Unpadded]);
    assert!(PrivateKey::read(shorter.as_bytes()).is_ok());
}

#[test]
fn a_key_after_tool_chatter_and_under_the_wrong_label_is_read() {
    let expected = text("rsa2048.pkcs8.b64");
    let bag = PrivateKey::read(&fixture("bag.pem")).unwrap();
    assert_eq!(bag.to_pkcs8_base64(), expected);
    let mislabelled = text("rsa2048.pkcs1.pem").replace("RSA PRIVATE KEY", "PRIVATE KEY");
    let key = PrivateKey::read(mislabelled.as_bytes()).unwrap();
    assert_eq!(key.to_pkcs8_base64(), expected);
    let small_exponent = PrivateKey::read(&fixture("rsa2048-e3.pkcs8.pem")).unwrap();
    let signature = small_exponent.sign(b"message").unwrap();
    assert!(small_exponent.public().verify(b"message", &signature));
}

/// A file, and what is said about it when a private and when a public key was expected.
const REFUSED: [(&str, &str, &str); 17] = [
    (
        "certificate.pem",
        "this is a certificate, a bare private key was expected",
        "this is a certificate, a bare public key was expected",
    ),
    (
        "certificate.der",
        "this is a certificate, a bare private key was expected",
        "this is a certificate, a bare public key was expected",
    ),
    (
        "request.pem",
        "this is a certificate signing request, a bare private key was expected",
        "this is a certificate signing request, a bare public key was expected",
    ),
    (
        "encrypted.pkcs8.pem",
        "this is an encrypted private key (password protected), an unencrypted private key was \
         expected",
        "this is an encrypted private key (password protected), an unencrypted public key was \
         expected",
    ),
    (
        "encrypted.pkcs8.der",
        "this is an encrypted private key (password protected), an unencrypted private key was \
         expected",
        "this is an encrypted private key (password protected), an unencrypted public key was \
         expected",
    ),
    (
        "encrypted.pkcs1.pem",
        "this is an encrypted private key (password protected), an unencrypted private key was \
         expected",
        "this is an encrypted private key (password protected), an unencrypted public key was \
         expected",
    ),
    (
        "ec.sec1.pem",
        "this is an EC private key, an RSA private key was expected",
        "this is an EC private key, an RSA public key was expected",
    ),
    (
        "ec.pkcs8.pem",
        "this is an EC private key, an RSA private key was expected",
        "this is an EC private key, an RSA public key was expected",
    ),
    (
        "ec.spki.pem",
        "this is an EC public key, an RSA private key was expected",
        "this is an EC public key, an RSA public key was expected",
    ),
    (
        "sm2.pkcs8.pem",
        "this is an SM2 private key, an RSA private key was expected",
        "this is an SM2 private key, an RSA public key was expected",
    ),
    (
        "ed25519.pkcs8.pem",
        "this is an Ed25519 private key, an RSA private key was expected",
        "this is an Ed25519 private key, an RSA public key was expected",
    ),
    (
        "dsa.with-parameters.pem",
        "this is a DSA private key, an RSA private key was expected",
        "this is a DSA private key, an RSA public key was expected",
    ),
    (
        "rsa-pss.pkcs8.pem",
        "this is an RSA-PSS private key, an RSA private key was expected",
        "this is an RSA-PSS private key, an RSA public key was expected",
    ),
    (
        "rsa2048-three-primes.pkcs8.pem",
        "this is a multi-prime RSA private key, an RSA private key was expected",
        "this is a multi-prime RSA private key, an RSA public key was expected",
    ),
    (
        "rsa512.pkcs8.pem",
        "this is an RSA key of 512 bits, at least 1024 were expected",
        "this is a private key (PKCS#8, 512 bits), a public key was expected",
    ),
    ("rsa2048.spki.pem", "this is a public key (SPKI, 2048 bits), a private key was expected", ""),
    (
        "rsa2048.pkcs1.b64",
        "",
        "this is a private key (PKCS#1, 2048 bits), a public key was expected",
    ),
];

/// Files of other tools, and what they are.
const FOREIGN: [(&str, &str); 5] = [
    ("store.p12", "a PKCS#12 key store"),
    ("store.jks", "a Java key store"),
    ("certificates.p7b", "a PKCS#7 container"),
    ("openssh", "an OpenSSH private key"),
    ("openssh.pub", "an OpenSSH public key"),
];

/// The reason a text is refused, or nothing when it is not.
fn reasons(text: &[u8]) -> (String, String) {
    let private = PrivateKey::read(text).err().map(|error| error.to_string());
    let public = PublicKey::read(text).err().map(|error| error.to_string());
    (private.unwrap_or_default(), public.unwrap_or_default())
}

#[test]
fn what_is_no_rsa_key_is_told_by_name() {
    for (file, private, public) in REFUSED {
        let expected = (private.to_owned(), public.to_owned());
        assert_eq!(reasons(&fixture(file)), expected, "{file}");
    }
    for (file, what) in FOREIGN {
        let reason = |half| format!("this is {what}, a {half} in PEM, base64 or DER was expected");
        let expected = (reason("private key"), reason("public key"));
        assert_eq!(reasons(&fixture(file)), expected, "{file}");
    }
}

#[test]
fn a_damaged_key_says_how_it_is_damaged() {
    let pem = text("rsa2048.pkcs8.pem");
    let base64 = text("rsa2048.pkcs8.b64");
    let der = fixture("rsa2048.pkcs8.der");
    let cases = [
        (pem[..pem.len() / 2].into(), "cut short, 608 bytes missing"),
        (base64[..400].into(), "cut short, 917 bytes missing"),
        (base64[..401].into(), "cut short in the middle of a base64 group"),
        (format!("{}...", &base64[..400]).into(), "not base64: '.' on line 1"),
        (base64.replacen('E', "\u{415}", 1).into(), "not base64: U+0415 on line 1"),
        (pem.replacen("\nM", "\n\u{2026}M", 1).into(), "not base64: U+2026 on line 2"),
        (format!("{base64}{base64}").into(), "not base64: '=' on line 1"),
        (der[..1000].to_vec(), "cut short, 217 bytes missing"),
        ([&der[..], b"\n"].concat(), "followed by 1 byte too many"),
        (format!("{base64}\n").repeat(100).into(), "162500 bytes long, more than any key"),
    ];
    for (text, damage) in cases {
        let expected = format!("this is a damaged key ({damage}), a private key was expected");
        assert_eq!(reasons(&text).0, expected);
    }
    let both = pem + &text("rsa2048.spki.pem");
    let expected = "these are 2 PEM blocks (PRIVATE KEY, PUBLIC KEY), one private key was expected";
    assert_eq!(reasons(both.as_bytes()).0, expected);
}
