//! The signature as a text: what its bytes are, in every spelling that has been seen.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

use crate::mistake::{Mistake, Step};

/// A way to read a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What had to be put right first; nothing where a receiver reads it so as well.
    pub step: Option<Step>,
}

/// Every way to read a signature that somebody pasted, out of a header or from anywhere else, the
/// usual one first. Bytes that are no text are the signature itself.
///
/// ```
/// let read = diagnose::signature_readings(b" deadbeef%2BA== ");
/// assert_eq!(read[0].bytes, [0x75, 0xe6, 0x9d, 0x6d, 0xe7, 0x9f, 0xf8]);
/// ```
pub fn signature_readings(pasted: &[u8]) -> Vec<Reading> {
    let text = std::str::from_utf8(pasted).ok().map(|text| text.trim_start_matches('\u{FEFF}'));
    let text = text.filter(|text| !text.contains(|c: char| c.is_control() && !c.is_whitespace()));
    match text {
        Some(text) => readings(text.trim(), true),
        None => vec![Reading { bytes: pasted.to_vec(), step: None }],
    }
}

/// Every way to read the text, the usual one first. `header` says that it stands in a header, where
/// it is percent-encoded.
pub(crate) fn readings(text: &str, header: bool) -> Vec<Reading> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let once = if header { decoded(text) } else { text.replace(' ', "+") };
    let mut readings = Vec::new();
    let mut take = |text: &str, mistake: Option<Mistake>, strict: bool| {
        if let Some(bytes) = base64(text, strict) {
            let step = mistake.map(Step::bare);
            if !bytes.is_empty() && !readings.iter().any(|own: &Reading| own.bytes == bytes) {
                readings.push(Reading { bytes, step });
            }
        }
    };
    take(&once, None, !header);
    take(&once, Some(Mistake::SignatureUnpadded), false);
    take(&once.replace(' ', "+"), Some(Mistake::SignatureSpaces), false);
    let twice = decoded(&once);
    take(&twice, Some(Mistake::SignatureEncodedTwice), false);
    take(&decoded(&twice), Some(Mistake::SignatureEncodedTwice), false);
    take(&once.replace('-', "+").replace('_', "/"), Some(Mistake::SignatureUrlAlphabet), false);
    // Line ends of MIME, and what is left of them.
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
    take(&decoded(&bare), Some(Mistake::SignatureBlanks), false);
    let unbroken = ["%0A", "%0D", "%0a", "%0d", "\\n", "\\r"]
        .iter()
        .fold(bare, |text, end| text.replace(end, ""));
    take(&decoded(&unbroken), Some(Mistake::SignatureBlanks), false);
    if let Some(bytes) = hexadecimal(text.trim()).filter(|bytes| bytes.len() >= 40) {
        readings.insert(0, Reading { bytes, step: Some(Step::bare(Mistake::SignatureHex)) });
    }
    readings
}

fn base64(text: &str, strict: bool) -> Option<Vec<u8>> {
    let mode =
        if strict { DecodePaddingMode::RequireCanonical } else { DecodePaddingMode::Indifferent };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(mode);
    GeneralPurpose::new(&alphabet::STANDARD, config).decode(text).ok()
}

/// The bytes of hexadecimal digits of either case.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let (pairs, odd) = digits.as_chunks::<2>();
    odd.is_empty().then(|| pairs.iter().map(|[high, low]| high * 16 + low).collect())
}

/// Whether a text looks like an MD5: 32 hexadecimal digits.
pub(crate) fn is_md5(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_read_in_every_spelling() {
        use Mistake::{
            SignatureBlanks, SignatureEncodedTwice, SignatureHex, SignatureSpaces,
            SignatureUnpadded, SignatureUrlAlphabet,
        };
        let bytes: Vec<u8> =
            (0..=255).chain(0..64).map(|n: u16| u8::try_from(n % 251).unwrap()).collect();
        let plain = signing::base64_encode(&bytes);
        let encoded = plain.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        let broken = format!("{}\n{}", &plain[..64], &plain[64..]);
        let url = plain.replace('+', "-").replace('/', "_");
        for (text, header, mistake) in [
            (encoded.clone(), true, None),
            (plain.clone(), true, None),
            (plain.clone(), false, None),
            (plain.replace('+', " "), false, None),
            (plain.trim_end_matches('=').to_owned(), false, Some(SignatureUnpadded)),
            (plain.replace('+', " "), true, Some(SignatureSpaces)),
            (encoded.replace('%', "%25"), true, Some(SignatureEncodedTwice)),
            (encoded.clone(), false, Some(SignatureEncodedTwice)),
            (url, true, Some(SignatureUrlAlphabet)),
            (broken, false, Some(SignatureBlanks)),
            (signing::hex(&bytes), true, Some(SignatureHex)),
        ] {
            let read = readings(&text, header);
            let first = read.iter().find(|reading| reading.bytes == bytes);
            let found = first.unwrap_or_else(|| panic!("{text}")).step.as_ref();
            assert_eq!(found.map(|step| step.mistake), mistake, "{text}");
        }
        assert!(readings("", true).is_empty() && readings("?!", false).is_empty());
    }

    #[test]
    fn a_pasted_signature_is_a_text_or_its_bytes() {
        let bytes = |pasted: &[u8]| signature_readings(pasted).first().map(|it| it.bytes.clone());
        let signature: Vec<u8> = (0..=255).collect();
        let text = signing::base64_encode(&signature);
        for pasted in [
            text.clone(),
            format!("\u{FEFF}{text}\r\n"),
            format!("  {text}\n"),
            text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"),
            signing::hex(&signature),
        ] {
            assert_eq!(bytes(pasted.as_bytes()), Some(signature.clone()), "{pasted}");
        }
        assert_eq!(bytes(&signature), Some(signature.clone()));
        assert_eq!(bytes(&[0xFF, 0xFE]), Some(vec![0xFF, 0xFE]));
        for nothing in [&b""[..], b" \n", b"-----BEGIN PUBLIC KEY-----", "签名".as_bytes()] {
            assert_eq!(bytes(nothing), None);
        }
    }
}
