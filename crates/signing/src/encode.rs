//! Bytes as text: hexadecimal, base64, PEM.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::der::zeroize::Zeroizing;

/// Columns of a PEM body line.
const PEM_COLUMNS: usize = 64;

/// Lower-case hexadecimal.
///
/// ```
/// assert_eq!(signing::hex(&[0x00, 0xAB]), "00ab");
/// ```
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// Standard base64 with padding, on one line.
///
/// ```
/// assert_eq!(signing::base64_encode(b"hello"), "aGVsbG8=");
/// ```
pub fn base64_encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Decodes standard base64 that is exactly what [`base64_encode`] would write: padded, without
/// blanks, and with nothing in the spare bits of the last character.
///
/// ```
/// assert_eq!(signing::base64_decode_strict("aGVsbG8="), Some(b"hello".to_vec()));
/// assert_eq!(signing::base64_decode_strict("aGVsbG8"), None);
/// assert_eq!(signing::base64_decode_strict("aGVsbG9="), None);
/// ```
pub fn base64_decode_strict(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// DER in PEM armour, 64 columns, line feeds, a line feed at the end.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    // The body may be a private key; the copy without line breaks is wiped.
    let body = Zeroizing::new(base64_encode(der));
    let breaks = body.len() / PEM_COLUMNS + 1;
    let mut text = String::with_capacity(body.len() + breaks + 2 * label.len() + 40);
    text.push_str("-----BEGIN ");
    text.push_str(label);
    text.push_str("-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(PEM_COLUMNS));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn hexadecimal_is_lower_case_and_keeps_zeros() {
        for (bytes, text) in [(&[][..], ""), (&[0x00], "00"), (&[0x0A, 0xFF, 0x10], "0aff10")] {
            assert_eq!(hex(bytes), text);
        }
    }

    #[test]
    fn base64_takes_only_what_it_would_write() {
        let cases: [(&str, Option<&[u8]>); 12] = [
            ("", Some(b"")),
            ("Zg==", Some(b"f")),
            ("Zm8=", Some(b"fo")),
            ("Zm9v", Some(b"foo")),
            ("Zg", None),
            ("Zg=", None),
            ("Zg===", None),
            ("Zh==", None),
            ("Zm9=", None),
            ("Zm9v\n", None),
            (" Zm9v", None),
            ("_-8=", None),
        ];
        for (text, bytes) in cases {
            assert_eq!(base64_decode_strict(text).as_deref(), bytes, "{text:?}");
            if let Some(bytes) = bytes {
                assert_eq!(base64_encode(bytes), text);
            }
        }
    }

    #[test]
    fn pem_is_what_openssl_writes() {
        let text = pem("PUBLIC KEY", fixtures::RSA2048_SPKI_DER);
        assert_eq!(text.as_bytes(), fixtures::RSA2048_SPKI_PEM);
        let one_line = pem("X", &[0; 48]);
        assert_eq!(one_line.lines().nth(1).map(str::len), Some(64));
        assert_eq!(one_line.lines().count(), 3);
    }
}
