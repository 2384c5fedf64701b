//! Tells from its outermost structure what a DER text is, and finds the RSA numbers in it.

use rsa::pkcs1::{RsaPrivateKey, RsaPublicKey};
use rsa::pkcs8::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier};
use rsa::pkcs8::der::{Decode as _, Header, Reader as _, SliceReader, Tag, Tagged as _};

use crate::shape::{Container, Content, Damage, Half};

/// What a DER text is.
pub(crate) struct Recognised<'a> {
    /// In words.
    pub(crate) content: Content,
    /// Bits of the RSA modulus.
    pub(crate) bits: Option<u32>,
    /// The PKCS#1 structure with the RSA numbers.
    pub(crate) numbers: Option<&'a [u8]>,
}

impl<'a> Recognised<'a> {
    fn bare(content: Content) -> Self {
        Self { content, bits: None, numbers: None }
    }

    fn damaged(damage: Damage) -> Self {
        Self::bare(Content::Damaged(damage))
    }

    /// An RSA private key, if the PKCS#1 structure holds.
    fn rsa_private(numbers: &'a [u8], container: Container) -> Self {
        let Ok(key) = RsaPrivateKey::try_from(numbers) else {
            return Self::damaged(Damage::Structure);
        };
        let half = Half::Private;
        if key.other_prime_infos.is_some() {
            return Self::bare(Content::OtherKey { half, algorithm: "multi-prime RSA".to_owned() });
        }
        let bits = bits(key.modulus.as_bytes());
        let content = Content::RsaKey { half, container };
        Self { content, bits: Some(bits), numbers: Some(numbers) }
    }

    /// An RSA public key, if the PKCS#1 structure holds.
    fn rsa_public(numbers: &'a [u8], container: Container) -> Self {
        let Ok(key) = RsaPublicKey::try_from(numbers) else {
            return Self::damaged(Damage::Structure);
        };
        let content = Content::RsaKey { half: Half::Public, container };
        Self { content, bits: Some(bits(key.modulus.as_bytes())), numbers: Some(numbers) }
    }
}

/// Bits of a big-endian number without leading zero bytes.
pub(crate) fn bits(bytes: &[u8]) -> u32 {
    let Some(first) = bytes.first() else { return 0 };
    let whole = u32::try_from(bytes.len()).unwrap_or(u32::MAX).saturating_mul(8);
    whole.saturating_sub(first.leading_zeros())
}

/// What this DER text is.
pub(crate) fn recognise(der: &[u8]) -> Recognised<'_> {
    if der.first() != Some(&0x30) {
        return Recognised::bare(Content::NotAKey);
    }
    let body = match body(der) {
        Ok(body) => body,
        Err(damage) => return Recognised::damaged(damage),
    };
    let Some(parts) = parts(body) else { return Recognised::damaged(Damage::Structure) };
    structure(der, &parts)
}

/// The inside of the outermost sequence, when it is exactly as long as it says.
fn body(der: &[u8]) -> Result<&[u8], Damage> {
    let garbled = |_| Damage::Structure;
    let mut reader = SliceReader::new(der).map_err(garbled)?;
    // A length cut in two is a text cut short, by at least a byte.
    let Ok(header) = Header::decode(&mut reader) else {
        let short = der.len() < 4;
        return Err(if short { Damage::Truncated { missing: 1 } } else { Damage::Structure });
    };
    let start = usize::try_from(reader.position()).map_err(garbled)?;
    let length = usize::try_from(header.length).map_err(garbled)?;
    let end = start.saturating_add(length);
    match der.get(start..end) {
        None => Err(Damage::Truncated { missing: end - der.len() }),
        Some(_) if end < der.len() => Err(Damage::Trailing { extra: der.len() - end }),
        Some(body) => Ok(body),
    }
}

/// The elements that stand side by side in the inside of a sequence.
pub(crate) fn parts(body: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(body).ok()?;
    let mut parts = Vec::new();
    while !reader.is_finished() {
        parts.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(parts)
}

/// What the elements of the outermost sequence make it.
fn structure<'a>(der: &'a [u8], parts: &[AnyRef<'a>]) -> Recognised<'a> {
    let tags: Vec<Tag> = parts.iter().map(AnyRef::tag).collect();
    match (tags.as_slice(), parts) {
        ([Tag::Integer, Tag::Sequence, Tag::OctetString, ..], [_, algorithm, inner, ..]) => {
            pkcs8(*algorithm, inner.value())
        }
        ([Tag::Sequence, Tag::BitString], [algorithm, inner]) => spki(*algorithm, *inner),
        ([Tag::Sequence, Tag::OctetString], [algorithm, _]) if is_encryption(*algorithm) => {
            Recognised::bare(Content::Encrypted)
        }
        ([Tag::Sequence, Tag::Sequence, Tag::BitString], [signed, ..]) => {
            Recognised::bare(certificate(*signed))
        }
        ([Tag::Integer, Tag::Integer], _) => Recognised::rsa_public(der, Container::Pkcs1),
        // Version, six numbers of DSA; version, eight numbers of RSA and perhaps further primes.
        ([Tag::Integer, ..], _) if tags == [Tag::Integer; 6] => other(Half::Private, "DSA"),
        ([Tag::Integer, Tag::Integer, ..], _) if parts.len() >= 9 => {
            Recognised::rsa_private(der, Container::Pkcs1)
        }
        ([Tag::Integer, Tag::OctetString, ..], [version, ..]) if version.value() == [1] => {
            other(Half::Private, "EC")
        }
        ([Tag::Integer, Tag::Sequence, ..], [version, ..]) if version.value() == [3] => {
            Recognised::bare(Content::Foreign("a PKCS#12 key store"))
        }
        ([Tag::ObjectIdentifier, ..], _) => {
            Recognised::bare(Content::Foreign("a PKCS#7 container"))
        }
        _ => Recognised::bare(Content::NotAKey),
    }
}

fn other(half: Half, algorithm: &str) -> Recognised<'static> {
    Recognised::bare(Content::OtherKey { half, algorithm: algorithm.to_owned() })
}

fn pkcs8<'a>(algorithm: AnyRef<'a>, inner: &'a [u8]) -> Recognised<'a> {
    match oids(algorithm) {
        Some((RSA, _)) => Recognised::rsa_private(inner, Container::Pkcs8),
        Some(oids) => other(Half::Private, &algorithm_name(oids)),
        None => Recognised::damaged(Damage::Structure),
    }
}

fn spki<'a>(algorithm: AnyRef<'a>, inner: AnyRef<'a>) -> Recognised<'a> {
    let bytes = inner.decode_as::<BitStringRef<'a>>().ok().and_then(|bits| bits.as_bytes());
    match (oids(algorithm), bytes) {
        (Some((RSA, _)), Some(bytes)) => Recognised::rsa_public(bytes, Container::Spki),
        (Some(oids), Some(_)) => other(Half::Public, &algorithm_name(oids)),
        _ => Recognised::damaged(Damage::Structure),
    }
}

/// Certificate and signing request share the outer structure. The signed part of a certificate
/// opens with `[0]`, or (the first version) with a serial number and an algorithm; that of a
/// request with the version and a name.
fn certificate(signed: AnyRef<'_>) -> Content {
    let parts = parts(signed.value()).unwrap_or_default();
    match parts.as_slice() {
        [first, ..] if first.tag().is_context_specific() => Content::Certificate,
        [_, second, ..] if oids(*second).is_some() => Content::Certificate,
        [first, _, _, ..] if first.tag() == Tag::Integer => Content::CertificateRequest,
        _ => Content::NotAKey,
    }
}

/// The object identifiers of an algorithm: its own, and that of its parameters (the curve).
fn oids(algorithm: AnyRef<'_>) -> Option<(ObjectIdentifier, Option<ObjectIdentifier>)> {
    let parts = parts(algorithm.value())?;
    let own = parts.first()?.decode_as().ok()?;
    Some((own, parts.get(1).and_then(|second| second.decode_as().ok())))
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const SM2_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");

/// Whether an algorithm puts a key under a password: those of PKCS#5 and PKCS#12 do.
fn is_encryption(algorithm: AnyRef<'_>) -> bool {
    oids(algorithm).is_some_and(|(own, _)| {
        let own = own.to_string();
        own.starts_with("1.2.840.113549.1.5.") || own.starts_with("1.2.840.113549.1.12.1.")
    })
}

/// What people call the algorithm.
fn algorithm_name((own, parameter): (ObjectIdentifier, Option<ObjectIdentifier>)) -> String {
    if parameter == Some(SM2_CURVE) {
        return "SM2".to_owned();
    }
    let known = match own.to_string().as_str() {
        "1.2.840.10045.2.1" => "EC",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.2.840.113549.1.1.7" => "RSA-OAEP",
        "1.2.840.113549.1.3.1" | "1.2.840.10046.2.1" => "DH",
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        unknown => return format!("unknown-algorithm ({unknown})"),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn content(der: &[u8]) -> Content {
        recognise(der).content
    }

    #[test]
    fn rsa_keys_give_their_size_and_their_numbers() {
        use Container::{Pkcs1, Pkcs8, Spki};
        let cases = [
            (fixtures::RSA2048_PKCS8_DER, Half::Private, Pkcs8, fixtures::RSA2048_PKCS1_DER),
            (fixtures::RSA2048_PKCS1_DER, Half::Private, Pkcs1, fixtures::RSA2048_PKCS1_DER),
            (fixtures::RSA2048_SPKI_DER, Half::Public, Spki, fixtures::RSA2048_PUBLIC_PKCS1_DER),
            (
                fixtures::RSA2048_PUBLIC_PKCS1_DER,
                Half::Public,
                Pkcs1,
                fixtures::RSA2048_PUBLIC_PKCS1_DER,
            ),
        ];
        for (der, half, container, numbers) in cases {
            let found = recognise(der);
            assert_eq!(found.content, Content::RsaKey { half, container });
            assert_eq!(found.bits, Some(2048));
            assert_eq!(found.numbers, Some(numbers));
        }
    }

    #[test]
    fn attributes_and_absent_parameters_do_not_hide_a_key() {
        let expected = fixtures::RSA2048_PKCS1_DER;
        let whole = fixtures::RSA2048_PKCS8_DER;
        let resized = |by: i16, rest: &[&[u8]]| {
            let length = u16::from_be_bytes([whole[2], whole[3]]).wrapping_add_signed(by);
            [&[0x30, 0x82], &length.to_be_bytes()[..], &rest.concat()].concat()
        };
        let attributes = resized(2, &[&whole[4..], b"\xA0\x00"]);
        assert_eq!(recognise(&attributes).numbers, Some(expected));
        // The algorithm stands behind the version, its NULL at the end.
        let algorithm = b"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
        let no_parameters = resized(-2, &[&whole[4..7], algorithm, &whole[22..]]);
        assert_eq!(recognise(&no_parameters).numbers, Some(expected));
    }

    #[test]
    fn a_key_cut_anywhere_is_cut_and_a_longer_one_is_too_long() {
        let whole = fixtures::RSA2048_PKCS8_DER;
        for length in [1, 2, 3, 4, 5, 100, whole.len() - 1] {
            let missing = if length < 4 { 1 } else { whole.len() - length };
            let damage = Damage::Truncated { missing };
            assert_eq!(content(&whole[..length]), Content::Damaged(damage), "{length}");
        }
        let longer = [whole, b"\n"].concat();
        assert_eq!(content(&longer), Content::Damaged(Damage::Trailing { extra: 1 }));
    }

    #[test]
    fn structures_of_other_things_are_told_apart() {
        let damaged = || Content::Damaged(Damage::Structure);
        let cases: [(&[u8], Content); 10] = [
            (&[], Content::NotAKey),
            (b"\x04\x01\x00", Content::NotAKey),
            (b"\x30\x00", Content::NotAKey),
            (b"\x30\x03\x05\x00\x00", damaged()),
            (b"\x30\x03\x02\x05\x01", damaged()),
            // Indefinite length, which DER does not have.
            (b"\x30\x80\x02\x01\x00\x00\x00", damaged()),
            // A digest with its algorithm is built as an encrypted key is, and is none.
            (b"\x30\x0b\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a\x04\x00", Content::NotAKey),
            // PKCS#8 of RSA with nothing in it.
            (
                b"\x30\x12\x02\x01\x00\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x04\x00",
                damaged(),
            ),
            // PKCS#8 without an algorithm.
            (b"\x30\x07\x02\x01\x00\x30\x00\x04\x00", damaged()),
            // An ASN.1 sequence of two numbers, the first one negative.
            (b"\x30\x06\x02\x01\xff\x02\x01\x03", damaged()),
        ];
        for (der, expected) in cases {
            assert_eq!(content(der), expected, "{der:02x?}");
        }
    }

    #[test]
    fn an_algorithm_without_a_name_is_shown_by_its_identifier() {
        // SPKI of 1.2.3.4 with two bytes of key.
        let der = b"\x30\x0c\x30\x05\x06\x03\x2a\x03\x04\x03\x03\x00\x01\x02";
        let algorithm = "unknown-algorithm (1.2.3.4)".to_owned();
        assert_eq!(content(der), Content::OtherKey { half: Half::Public, algorithm });
    }

    #[test]
    fn bits_are_those_of_the_number_and_not_of_its_bytes() {
        for (bytes, expected) in [
            (&[][..], 0),
            (&[0], 0),
            (&[1], 1),
            (&[0xFF], 8),
            (&[0x01, 0x00], 9),
            (&[3; 128], 1018),
        ] {
            assert_eq!(bits(bytes), expected);
        }
    }
}
