//! Paths, the text that is signed, and the signature header.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use signing::{PrivateKey, PublicKey};

/// The bytes that are signed: method, path with query, client, time and the raw body. An answer is
/// signed over the path of its call, a notice over the merchant's own path.
pub fn text_to_sign(target: &str, client_id: &str, time: &str, body: &[u8]) -> Vec<u8> {
    let mut text = format!("POST {target}\n{client_id}.{time}.").into_bytes();
    text.extend_from_slice(body);
    text
}

/// What one message signs: everything but the key.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// Path and query.
    pub target: &'a str,
    /// The text of `Client-Id`.
    pub client_id: &'a str,
    /// The text of `Request-Time` or `Response-Time`.
    pub time: &'a str,
    /// The raw body.
    pub body: &'a [u8],
}

impl Signed<'_> {
    /// The value of the `Signature` header under `key`.
    pub fn sign(&self, key: &PrivateKey) -> Result<String, signing::SignError> {
        let text = text_to_sign(self.target, self.client_id, self.time, self.body);
        Ok(emit_signature(&key.sign(&text)?))
    }
}

/// A parsed `Signature` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `algorithm`, as written.
    pub algorithm: Option<String>,
    /// `keyVersion`, as written.
    pub key_version: Option<String>,
    /// The signature's bytes.
    pub bytes: Vec<u8>,
    /// Whether the value was percent-encoded.
    pub encoded: bool,
    /// Whether it was, and its base64 padded, as documented.
    pub documented_form: bool,
}

/// Why a `Signature` header cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// No header, an empty one, or no `signature=` with a value in it.
    #[error("there is no signature")]
    Missing,
    /// The value is not base64.
    #[error("the signature is not base64")]
    NotBase64,
    /// Another algorithm than RSA256.
    #[error("the algorithm is not RSA256")]
    Algorithm,
}

/// What Java's form encoding leaves alone.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'*').remove(b'_');

/// Writes the header in the one shape that every official client accepts: algorithm, key version
/// and signature in this order, without blanks, padded base64, percent-encoded.
pub fn emit_signature(signature: &[u8]) -> String {
    let text = STANDARD.encode(signature);
    format!("algorithm=RSA256,keyVersion=1,signature={}", utf8_percent_encode(&text, PLAIN))
}

impl Signature {
    /// Reads the header as tolerantly as the gateway has to: blanks after commas, any order,
    /// either case of escapes, raw base64 with `+`, missing padding.
    pub fn parse(header: &str) -> Result<Self, SignatureFault> {
        let part = |name: &str| {
            header.split(',').find_map(|pair| {
                let (key, value) = pair.trim().split_once('=')?;
                key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let algorithm = part("algorithm");
        let value = part("signature").filter(|value| !value.is_empty());
        let value = value.ok_or(SignatureFault::Missing)?;
        if algorithm.as_deref().is_some_and(|name| name != "RSA256") {
            return Err(SignatureFault::Algorithm);
        }
        let decoded = percent_decode_str(&value).decode_utf8_lossy();
        let lenient =
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let lenient = GeneralPurpose::new(&base64::alphabet::STANDARD, lenient);
        let bytes =
            lenient.decode(decoded.as_bytes()).map_err(|_not_base64| SignatureFault::NotBase64)?;
        let padded = decoded.len().is_multiple_of(4);
        let encoded = !value.contains(['+', '/', '=']);
        let documented_form = padded && encoded;
        Ok(Self { algorithm, key_version: part("keyVersion"), bytes, encoded, documented_form })
    }
}

/// What checking a message's signature found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    /// The signature is the key's, over these bytes.
    Valid,
    /// There is a signature, and it is not the key's over these bytes.
    Wrong,
    /// There is no signature, or a part that it covers is missing.
    Unsigned,
}

/// Checks a message under the public key of its sender. `header`, `client_id` and `time` are the
/// header texts as received, `None` where the header is absent.
pub fn verify(
    key: &PublicKey,
    target: &str,
    client_id: Option<&str>,
    time: Option<&str>,
    body: &[u8],
    header: Option<&str>,
) -> Verified {
    let signature = match Signature::parse(header.unwrap_or_default()) {
        Ok(signature) => signature,
        Err(SignatureFault::Missing) => return Verified::Unsigned,
        Err(SignatureFault::NotBase64 | SignatureFault::Algorithm) => return Verified::Wrong,
    };
    let (Some(client_id), Some(time)) = (client_id, time) else { return Verified::Unsigned };
    let text = text_to_sign(target, client_id, time, body);
    if key.verify(&text, &signature.bytes) { Verified::Valid } else { Verified::Wrong }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_the_documented_one() {
        let text = text_to_sign(
            "/ams/api/v1/payments/pay",
            "SANDBOX_5X00000000000000",
            "1685599933871",
            b"{\"a\": 1}",
        );
        let expected =
            "POST /ams/api/v1/payments/pay\nSANDBOX_5X00000000000000.1685599933871.{\"a\": 1}";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }

    #[test]
    fn the_header_is_read_in_every_shape_of_real_clients() {
        let bytes = [0xfb, 0xef, 0xff, 0x01];
        for header in [
            "algorithm=RSA256,keyVersion=1,signature=%2B%2B%2F%2FAQ%3D%3D",
            "algorithm=RSA256, keyVersion=1, signature=%2b%2b%2f%2fAQ%3d%3d",
            "signature=++//AQ==, algorithm=RSA256",
            "keyVersion=2,signature=++//AQ",
        ] {
            assert_eq!(Signature::parse(header).unwrap().bytes, bytes, "{header}");
        }
        assert_eq!(
            emit_signature(&bytes),
            "algorithm=RSA256,keyVersion=1,signature=%2B%2B%2F%2FAQ%3D%3D"
        );
    }

    #[test]
    fn what_is_no_signature_says_so() {
        for (header, fault) in [
            ("", SignatureFault::Missing),
            ("algorithm=RSA256,keyVersion=1", SignatureFault::Missing),
            ("algorithm=RSA256,signature=", SignatureFault::Missing),
            ("algorithm=none,signature=AAAA", SignatureFault::Algorithm),
            ("algorithm=RSA256,signature=%%%", SignatureFault::NotBase64),
        ] {
            assert_eq!(Signature::parse(header), Err(fault), "{header}");
        }
    }
}
