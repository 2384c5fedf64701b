//! From a pasted text to the bytes in it: whatever editors, shells and configuration files have
//! put around a key comes off.

use rsa::pkcs8::der::zeroize::Zeroizing;

use crate::body::Body;
use crate::pem::{self, BEGIN, DASHES};
use crate::shape::{Armour, Content, Damage, Remark};

/// More than any key text has: 8192 bits with every number spelled out are under 10 KiB.
const LONGEST: usize = 64 * 1024;

/// The bytes found in a text, how they were wrapped, and what was tolerated.
pub(crate) struct Unwrapped {
    /// How the key was put into text.
    pub(crate) armour: Armour,
    /// What was tolerated.
    pub(crate) remarks: Vec<Remark>,
    /// The bytes inside, or what the text is instead.
    pub(crate) payload: Result<Zeroizing<Vec<u8>>, Content>,
}

/// Takes the armour off.
pub(crate) fn unwrap(bytes: &[u8]) -> Unwrapped {
    let mut remarks = Vec::new();
    let (armour, payload) = open(bytes, &mut remarks);
    if armour == Armour::None {
        // Remarks on the layout of something that is no key would only distract.
        remarks.clear();
    }
    Unwrapped { armour, remarks, payload }
}

type Opened = (Armour, Result<Zeroizing<Vec<u8>>, Content>);

fn open(bytes: &[u8], remarks: &mut Vec<Remark>) -> Opened {
    let nothing = |content| (Armour::None, Err(content));
    if bytes.len() > LONGEST {
        return nothing(Content::Damaged(Damage::TooLong { bytes: bytes.len() }));
    }
    let Some(text) = text(bytes, remarks) else {
        return match bytes {
            [0x30, ..] => (Armour::Der, Ok(Zeroizing::new(bytes.to_vec()))),
            [0xFE, 0xED, 0xFE, 0xED, ..] => nothing(Content::Foreign("a Java key store")),
            _ => nothing(Content::NotAKey),
        };
    };
    let text = tidy(text, remarks);
    if text.trim().is_empty() {
        return nothing(Content::Empty);
    }
    match foreign(&text) {
        Some(name) => nothing(Content::Foreign(name)),
        None if text.contains(BEGIN) => pem::open(&text, remarks),
        None => bare(&text, remarks),
    }
}

/// The text in the bytes; none when they are binary.
fn text(bytes: &[u8], remarks: &mut Vec<Remark>) -> Option<Zeroizing<String>> {
    let unit: Option<fn([u8; 2]) -> u16> = match bytes {
        [0xFF, 0xFE, ..] => Some(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => Some(u16::from_be_bytes),
        // Without a mark, every other byte of what a key is written with is zero.
        [first, 0, second, 0, ..] if is_text(*first) && is_text(*second) => {
            Some(u16::from_le_bytes)
        }
        [0, first, 0, second, ..] if is_text(*first) && is_text(*second) => {
            Some(u16::from_be_bytes)
        }
        _ => None,
    };
    if let Some(unit) = unit {
        remarks.push(Remark::Utf16);
        return Some(utf16(bytes, unit));
    }
    // A DER structure longer than 127 bytes opens with two bytes that begin no text.
    let der = matches!(bytes, [0x30, 0x80..=0xFF, ..]);
    let control = |byte: &u8| *byte < 0x20 && !byte.is_ascii_whitespace() && *byte != 0x0B;
    if der || bytes.iter().any(control) {
        return None;
    }
    // Lossy: a comment in another charset before the BEGIN line does not harm the key.
    Some(Zeroizing::new(String::from_utf8_lossy(bytes).into_owned()))
}

/// Whether a byte is one that a text with a key may begin with.
fn is_text(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// UTF-16, with or without the byte order mark, as the `>` of some shells writes it.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Zeroizing<String> {
    // At most three bytes come of two: room for all, so that no half-grown copy is left behind.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    let (pairs, _) = bytes.as_chunks::<2>();
    let mark = usize::from(pairs.first().is_some_and(|pair| unit(*pair) == 0xFEFF));
    let units = pairs.iter().skip(mark).map(|pair| unit(*pair));
    text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    text
}

/// Drops byte order mark, quotation marks, escapes and carriage returns.
fn tidy(mut text: Zeroizing<String>, remarks: &mut Vec<Remark>) -> Zeroizing<String> {
    if let Some(rest) = text.strip_prefix('\u{FEFF}') {
        text = Zeroizing::new(rest.to_owned());
        remarks.push(Remark::ByteOrderMark);
    }
    // Base64 has no backslash, so these characters are never part of a key.
    if text.contains("\\n") {
        text = Zeroizing::new(text.replace("\\r", ""));
        text = Zeroizing::new(text.replace("\\n", "\n"));
        remarks.push(Remark::EscapedLineBreaks);
    }
    for quote in ['"', '\''] {
        let inner = text.trim().strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner {
            text = Zeroizing::new(inner.to_owned());
            remarks.push(Remark::Quotes);
            break;
        }
    }
    if text.contains('\r') {
        text = Zeroizing::new(text.replace("\r\n", "\n"));
        text = Zeroizing::new(text.replace('\r', "\n"));
        remarks.push(Remark::CarriageReturns);
    }
    text
}

/// Key formats of other tools, by how they open.
fn foreign(text: &str) -> Option<&'static str> {
    const OPENINGS: [(&str, &str); 7] = [
        ("ssh-", "an OpenSSH public key"),
        ("ecdsa-sha2-", "an OpenSSH public key"),
        ("---- BEGIN SSH2", "an SSH2 public key"),
        ("PuTTY-User-Key-File", "a PuTTY private key"),
        ("-----BEGIN PGP", "a PGP key"),
        ("{", "JSON"),
        ("<", "XML"),
    ];
    let text = text.trim_start();
    OPENINGS.iter().find(|(opening, _)| text.starts_with(opening)).map(|(_, name)| *name)
}

/// Decodes base64 without PEM lines, if that is what the text is.
fn bare(text: &str, remarks: &mut Vec<Remark>) -> Opened {
    let mut lines: Vec<(usize, &str)> =
        text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect();
    let all = lines.len();
    lines.retain(|(_, line)| !line.trim_start().starts_with(DASHES));
    if lines.len() < all {
        remarks.push(Remark::BeginLineMissing);
    }
    let start = lines.iter().position(|(_, line)| opens_a_structure(line));
    if lines.drain(..start.unwrap_or(0)).any(|(_, line)| !line.trim().is_empty()) {
        remarks.push(Remark::LeadingText);
    }
    let body = Body::new(lines);
    let layout = body.layout();
    if layout.lines > 1 {
        remarks.push(Remark::Columns(layout.widest));
    }
    match body.decode(remarks) {
        // Small keys of other algorithms open otherwise, but every DER text opens with this byte.
        Ok(bytes) if start.is_some() || bytes.first() == Some(&0x30) => (Armour::Base64, Ok(bytes)),
        Err(damage) if start.is_some() => (Armour::Base64, Err(Content::Damaged(damage))),
        Ok(_) | Err(_) => (Armour::None, Err(Content::NotAKey)),
    }
}

/// Whether a line opens as base64 of a DER structure of more than 127 bytes does.
fn opens_a_structure(line: &str) -> bool {
    matches!(line.trim_start().as_bytes(), [b'M', b'I', b'E'..=b'L', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = (Armour, Vec<Remark>, Result<Vec<u8>, Content>);

    fn outcome(bytes: &[u8]) -> Outcome {
        let found = unwrap(bytes);
        (found.armour, found.remarks, found.payload.map(|bytes| bytes.to_vec()))
    }

    /// Four bytes as DER of a structure of more than 127 bytes begins, in base64.
    const BARE: &str = "MIIBAQ==";
    const BYTES: [u8; 4] = [0x30, 0x82, 0x01, 0x01];

    #[test]
    fn what_stands_around_bare_base64_comes_off() {
        let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once(0xFEFF).chain(BARE.encode_utf16()).flat_map(order).collect()
        };
        let unmarked = |order: fn(u16) -> [u8; 2]| wide(order).split_off(2);
        let cases: [(Vec<u8>, &[Remark]); 14] = [
            (BARE.into(), &[]),
            (format!("{BARE}\n").into(), &[]),
            (format!("\u{FEFF}{BARE}").into(), &[Remark::ByteOrderMark]),
            (wide(u16::to_le_bytes), &[Remark::Utf16]),
            (wide(u16::to_be_bytes), &[Remark::Utf16]),
            (unmarked(u16::to_le_bytes), &[Remark::Utf16]),
            (unmarked(u16::to_be_bytes), &[Remark::Utf16]),
            (format!("\"{BARE}\"").into(), &[Remark::Quotes]),
            (format!(" '{BARE}'\n").into(), &[Remark::Quotes]),
            (b"MIIB\\nAQ==\\n".to_vec(), &[Remark::EscapedLineBreaks, Remark::Columns(4)]),
            (b"MIIB\r\nAQ==\r\n".to_vec(), &[Remark::CarriageReturns, Remark::Columns(4)]),
            (b"MIIB\rAQ==".to_vec(), &[Remark::CarriageReturns, Remark::Columns(4)]),
            (format!("my key\n\n{BARE}").into(), &[Remark::LeadingText]),
            (format!("{BARE}\n-----END X-----").into(), &[Remark::BeginLineMissing]),
        ];
        for (text, remarks) in cases {
            let expected = (Armour::Base64, remarks.to_vec(), Ok(BYTES.to_vec()));
            assert_eq!(outcome(&text), expected, "{:?}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn binary_is_taken_as_der_only_when_it_opens_as_der() {
        assert_eq!(outcome(&BYTES), (Armour::Der, vec![], Ok(BYTES.to_vec())));
        let short = [0x30, 0x03, 0x02, 0x01, 0x05];
        assert_eq!(outcome(&short), (Armour::Der, vec![], Ok(short.to_vec())));
        let none = |content| (Armour::None, vec![], Err(content));
        assert_eq!(outcome(&[0x00, 0x30, 0x82]), none(Content::NotAKey));
        let store = Content::Foreign("a Java key store");
        assert_eq!(outcome(&[0xFE, 0xED, 0xFE, 0xED, 0, 0]), none(store));
    }

    #[test]
    fn texts_that_are_no_key_are_told_apart() {
        let foreign = Content::Foreign;
        let cases = [
            ("", Content::Empty),
            (" \r\n\t", Content::Empty),
            ("\u{FEFF}", Content::Empty),
            ("hello", Content::NotAKey),
            ("hello, world", Content::NotAKey),
            ("./keys/private.pem", Content::NotAKey),
            ("ssh-rsa AAAAB3NzaC1yc2E= me", foreign("an OpenSSH public key")),
            ("PuTTY-User-Key-File-3: ssh-rsa", foreign("a PuTTY private key")),
            ("-----BEGIN PGP PUBLIC KEY BLOCK-----", foreign("a PGP key")),
            ("{\"kty\":\"RSA\"}", foreign("JSON")),
            ("<RSAKeyValue>", foreign("XML")),
        ];
        for (text, content) in cases {
            assert_eq!(outcome(text.as_bytes()), (Armour::None, vec![], Err(content)), "{text:?}");
        }
    }

    #[test]
    fn a_text_longer_than_any_key_is_not_decoded() {
        let damage = Damage::TooLong { bytes: LONGEST + 4 };
        let text = BARE[..4].repeat(LONGEST / 4 + 1);
        assert_eq!(outcome(text.as_bytes()).2, Err(Content::Damaged(damage)));
        assert!(outcome(&text.as_bytes()[..LONGEST]).2.is_ok());
    }

    #[test]
    fn a_comment_in_another_charset_does_not_harm_the_key() {
        // "Alipay public key" in GBK.
        let comment = b"\xD6\xA7\xB8\xB6\xB1\xA6\xB9\xAB\xD4\xBF\n";
        let text = [&comment[..], b"-----BEGIN X-----\nMIIBAQ==\n-----END X-----\n"].concat();
        let (_, remarks, payload) = outcome(&text);
        assert_eq!((remarks, payload), (vec![Remark::LeadingText], Ok(BYTES.to_vec())));
    }
}
