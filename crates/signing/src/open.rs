//! Looks inside a signature with the public key: which digest, and made with which algorithm.
//!
//! Only to explain why a signature was refused. Whether it is good is decided elsewhere, by
//! encoding anew and comparing, never by parsing.

use std::fmt;

use rsa::BigUint;
use rsa::pkcs8::der::asn1::{ObjectIdentifier, OctetStringRef};

use crate::der::parts;
use crate::digest::sha256;
use crate::weak::{md5, sha1};

/// A digest algorithm named inside a signature.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// Another one; its object identifier.
    Unknown(String),
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Unknown(oid) => oid,
        })
    }
}

impl DigestAlgorithm {
    /// The digest of a message, to be compared with the one that a signature holds; `None` of an
    /// algorithm that no generation of the gateway has ever had.
    ///
    /// ```
    /// let digest = signing::DigestAlgorithm::Md5.digest(b"abc").unwrap();
    /// assert_eq!(signing::hex(&digest), "900150983cd24fb0d6963f7d28e17f72");
    /// ```
    pub fn digest(&self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Md5 => Some(md5(message)),
            Self::Sha1 => Some(sha1(message)),
            Self::Sha256 => Some(sha256(message).to_vec()),
            Self::Sha384 | Self::Sha512 | Self::Unknown(_) => None,
        }
    }
}

/// What a signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The algorithm the signer named.
    pub algorithm: DigestAlgorithm,
    /// The digest it signed.
    pub digest: Vec<u8>,
    /// Whether it is encoded byte for byte as PKCS#1 prescribes; anything else is refused on
    /// verifying even when the digest fits.
    pub exact: bool,
}

/// Why a signature could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is not as long as the modulus.
    #[error("the signature is {found} bytes long, a signature by this key has {expected}")]
    Length {
        /// Its length.
        found: usize,
        /// The length of the modulus.
        expected: usize,
    },
    /// As a number it is not below the modulus.
    #[error("the signature is not below the modulus, so it was made with another key")]
    Range,
    /// What comes out has no PKCS#1 v1.5 padding.
    #[error("no padding comes out, so it was made with another key or another scheme")]
    Padding,
    /// The padding is right, but what it pads names no digest.
    #[error("the padding holds {length} bytes that name no digest algorithm")]
    DigestInfo {
        /// How many bytes it pads.
        length: usize,
    },
}

/// Opens a signature with the numbers of a public key.
pub(crate) fn open(
    modulus: &BigUint,
    exponent: &BigUint,
    signature: &[u8],
) -> Result<Opened, OpenError> {
    let expected = modulus.bits().div_ceil(8);
    if signature.len() != expected {
        return Err(OpenError::Length { found: signature.len(), expected });
    }
    let number = BigUint::from_bytes_be(signature);
    if number >= *modulus {
        return Err(OpenError::Range);
    }
    let significant = number.modpow(exponent, modulus).to_bytes_be();
    let mut padded = vec![0; expected.saturating_sub(significant.len())];
    padded.extend_from_slice(&significant);
    let info = padding(&padded).ok_or(OpenError::Padding)?;
    digest_info(info).ok_or(OpenError::DigestInfo { length: info.len() })
}

/// What stands behind `00 01 FF… 00`, with at least the eight bytes of padding that are required.
fn padding(padded: &[u8]) -> Option<&[u8]> {
    let body = padded.strip_prefix(&[0x00, 0x01])?;
    let filler = body.iter().take_while(|byte| **byte == 0xFF).count();
    let rest = body.get(filler..)?.strip_prefix(&[0x00])?;
    (filler >= 8).then_some(rest)
}

/// Algorithm and digest; a missing NULL is read, and noted.
fn digest_info(bytes: &[u8]) -> Option<Opened> {
    let outer = parts(bytes)?;
    let [info] = outer.as_slice() else { return None };
    let inner = parts(info.value())?;
    let [algorithm, digest] = inner.as_slice() else { return None };
    let names = parts(algorithm.value())?;
    let oid: ObjectIdentifier = names.first()?.decode_as().ok()?;
    let digest = digest.decode_as::<OctetStringRef<'_>>().ok()?.as_bytes();
    let exact = encoded(oid, digest).is_some_and(|expected| expected == bytes);
    Some(Opened { algorithm: named(oid), digest: digest.to_vec(), exact })
}

/// What PKCS#1 prescribes for this algorithm and digest.
fn encoded(oid: ObjectIdentifier, digest: &[u8]) -> Option<Vec<u8>> {
    let algorithm = element(0x30, &[&element(0x06, oid.as_bytes())?[..], &[0x05, 0x00]].concat())?;
    element(0x30, &[algorithm, element(0x04, digest)?].concat())
}

/// A DER element shorter than 128 bytes, as all of these are.
fn element(tag: u8, value: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(value.len()).ok().filter(|length| *length < 0x80)?;
    Some([&[tag, length], value].concat())
}

fn named(oid: ObjectIdentifier) -> DigestAlgorithm {
    match oid.to_string().as_str() {
        "1.2.840.113549.2.5" => DigestAlgorithm::Md5,
        "1.3.14.3.2.26" => DigestAlgorithm::Sha1,
        "2.16.840.1.101.3.4.2.1" => DigestAlgorithm::Sha256,
        "2.16.840.1.101.3.4.2.2" => DigestAlgorithm::Sha384,
        "2.16.840.1.101.3.4.2.3" => DigestAlgorithm::Sha512,
        unknown => DigestAlgorithm::Unknown(unknown.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256_INFO: &[u8] =
        b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
    const SHA1_INFO: &[u8] = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";

    #[test]
    fn padding_needs_eight_bytes_and_nothing_else_before_the_payload() {
        let filler = |count: usize| vec![0xFF; count];
        let block = |head: &[u8], count, tail: &[u8]| [head, &filler(count)[..], tail].concat();
        let cases = [
            (block(&[0, 1], 8, &[0, 7]), Some(vec![7])),
            (block(&[0, 1], 80, &[0]), Some(vec![])),
            (block(&[0, 1], 7, &[0, 7]), None),
            (block(&[0, 2], 8, &[0, 7]), None),
            (block(&[1], 8, &[0, 7]), None),
            (block(&[0, 1], 8, &[1, 0, 7]), None),
            (block(&[0, 1], 8, &[]), None),
            (vec![], None),
        ];
        for (padded, payload) in cases {
            assert_eq!(padding(&padded).map(<[u8]>::to_vec), payload, "{padded:02x?}");
        }
    }

    #[test]
    fn a_digest_is_exact_only_as_prescribed() {
        let digest = [7; 32];
        let sha256 = |info: &[u8], exact| {
            let found = digest_info(&[info, &digest[..]].concat());
            let algorithm = DigestAlgorithm::Sha256;
            assert_eq!(found, Some(Opened { algorithm, digest: digest.to_vec(), exact }));
        };
        sha256(SHA256_INFO, true);
        let missing_null = b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20";
        sha256(missing_null, false);
        let found = digest_info(&[SHA1_INFO, &[7; 20]].concat());
        let algorithm = DigestAlgorithm::Sha1;
        assert_eq!(found, Some(Opened { algorithm, digest: vec![7; 20], exact: true }));
    }

    #[test]
    fn what_names_no_digest_is_no_digest_info() {
        let whole = [SHA256_INFO, &[7; 32]].concat();
        let longer = [&whole[..], &[0]].concat();
        for bytes in [&[][..], &[7; 32], &whole[..50], &longer, b"\x30\x00", b"\x30\x02\x30\x00"] {
            assert_eq!(digest_info(bytes), None, "{bytes:02x?}");
        }
    }

    #[test]
    fn a_number_that_is_not_below_the_modulus_is_refused() {
        let (modulus, exponent) = (BigUint::from(0xF001_u32), BigUint::from(3_u32));
        for (signature, error) in [
            (&[0xF0, 0x01][..], OpenError::Range),
            (&[0xFF, 0xFF], OpenError::Range),
            (&[0x00, 0x02], OpenError::Padding),
            (&[0x02], OpenError::Length { found: 1, expected: 2 }),
            (&[0x00, 0x00, 0x02], OpenError::Length { found: 3, expected: 2 }),
            (&[], OpenError::Length { found: 0, expected: 2 }),
        ] {
            assert_eq!(open(&modulus, &exponent, signature), Err(error), "{signature:02x?}");
        }
    }

    #[test]
    fn algorithms_go_by_the_names_people_use() {
        let cases = [
            ("1.2.840.113549.2.5", "MD5"),
            ("1.3.14.3.2.26", "SHA-1"),
            ("2.16.840.1.101.3.4.2.1", "SHA-256"),
            ("2.16.840.1.101.3.4.2.2", "SHA-384"),
            ("2.16.840.1.101.3.4.2.3", "SHA-512"),
            ("2.16.840.1.101.3.4.2.4", "2.16.840.1.101.3.4.2.4"),
        ];
        for (oid, name) in cases {
            assert_eq!(named(ObjectIdentifier::new(oid).unwrap()).to_string(), name);
        }
    }
}
