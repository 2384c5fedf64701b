//! The half that verifies.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PSS_2048_8192_SHA256,
    UnparsedPublicKey,
};
use rsa::pkcs1;
use rsa::pkcs8::EncodePublicKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPublicKey};

use crate::der::{bits, recognise};
use crate::digest::sha256_hex;
use crate::encode::{base64_encode, pem};
use crate::form::{Form, Written};
use crate::inspect::examine;
use crate::key_error::{Exponent, KeyError};
use crate::open::{OpenError, Opened, open};
use crate::shape::{Container, Damage, Half};

/// Bits of the smallest modulus taken.
const SMALLEST: u32 = 1024;
/// Bits of the largest modulus taken.
const LARGEST: u32 = 8192;
/// Bits of the longest exponent the libraries take.
const LONGEST_EXPONENT: u32 = 33;

/// An RSA public key of 1024 to 8192 bits.
///
/// Cheap to clone. Two keys are equal when their numbers are, whatever they were read from.
#[derive(Clone)]
pub struct PublicKey {
    inner: Arc<Inner>,
}

struct Inner {
    numbers: RsaPublicKey,
    spki: Vec<u8>,
    /// Parsed once: this halves the cost of a check.
    checker: ParsedPublicKey,
    bits: u32,
}

impl PublicKey {
    /// Reads SPKI or PKCS#1 in PEM, bare base64 or DER, in any layout.
    pub fn read(text: &[u8]) -> Result<Self, KeyError> {
        let examined = examine(text);
        match (examined.shape.half(), examined.numbers) {
            (Some(Half::Public), Some(der)) => {
                let damaged =
                    KeyError::Damaged { damage: Damage::Structure, expected: Half::Public };
                match pkcs1::RsaPublicKey::try_from(der.as_slice()) {
                    Ok(key) => Self::from_numbers(&key),
                    Err(_) => Err(damaged),
                }
            }
            _ => Err(KeyError::unfit(&examined.shape, Half::Public)),
        }
    }

    /// Takes modulus and exponent, if they can be an RSA key at all.
    pub(crate) fn from_numbers(key: &pkcs1::RsaPublicKey<'_>) -> Result<Self, KeyError> {
        let (modulus, exponent) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
        let bits = check(modulus, exponent)?;
        // What is left for the libraries to refuse is a modulus they know to be weak.
        let refused = || KeyError::Refused { bits };
        let numbers = RsaPublicKey::new_with_max_size(
            BigUint::from_bytes_be(modulus),
            BigUint::from_bytes_be(exponent),
            LARGEST as usize,
        )
        .ok()
        .ok_or_else(refused)?;
        let spki = numbers.to_public_key_der().ok().ok_or_else(refused)?.into_vec();
        let checker = ParsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, &spki)
            .ok()
            .ok_or_else(refused)?;
        Ok(Self { inner: Arc::new(Inner { numbers, spki, checker, bits }) })
    }

    /// Bits of the modulus.
    pub fn bits(&self) -> u32 {
        self.inner.bits
    }

    /// Whether the signature, RSASSA-PKCS1-v1_5 with SHA-256, was made over exactly this message
    /// by the private half of this key.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.inner.checker.verify_sig(message, signature).is_ok()
    }

    /// Recovers what was signed: the digest and the algorithm it was made with. Tells a signature
    /// by another key from one over another message.
    pub fn open(&self, signature: &[u8]) -> Result<Opened, OpenError> {
        open(self.inner.numbers.n(), self.inner.numbers.e(), signature)
    }

    /// Whether the signature is one of another scheme, RSASSA-PSS with SHA-256, over this message.
    /// No generation of the gateway takes it: this explains why it was refused, and nothing else.
    pub fn verify_pss(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, self.spki())
            .verify(message, signature)
            .is_ok()
    }

    /// Lower-case hexadecimal SHA-256 of the SPKI in DER.
    pub fn fingerprint(&self) -> String {
        sha256_hex(&self.inner.spki)
    }

    /// SPKI in DER.
    pub(crate) fn spki(&self) -> &[u8] {
        &self.inner.spki
    }

    /// The key in a container and a form; `None` of a container that holds private keys alone.
    pub fn write(&self, container: Container, form: Form) -> Option<Written> {
        match container {
            Container::Spki => Some(form.of("PUBLIC KEY", &self.inner.spki)),
            Container::Pkcs1 => {
                let numbers = recognise(&self.inner.spki).numbers?;
                Some(form.of("RSA PUBLIC KEY", numbers))
            }
            Container::Pkcs8 => None,
        }
    }

    /// SPKI in base64 on one line, which every SDK takes.
    pub fn to_spki_base64(&self) -> String {
        base64_encode(&self.inner.spki)
    }

    /// SPKI in PEM.
    pub fn to_spki_pem(&self) -> String {
        pem("PUBLIC KEY", &self.inner.spki)
    }
}

/// Bits of the modulus, when modulus and exponent are of a kind the libraries take.
fn check(modulus: &[u8], exponent: &[u8]) -> Result<u32, KeyError> {
    let odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
    let bits_of_modulus = bits(modulus);
    match bits_of_modulus {
        bits if bits < SMALLEST => return Err(KeyError::TooSmall { bits }),
        bits if bits > LARGEST => return Err(KeyError::TooLarge { bits }),
        _ if !odd(modulus) => return Err(KeyError::EvenModulus),
        _ => {}
    }
    if !odd(exponent) || bits(exponent) < 2 || bits(exponent) > LONGEST_EXPONENT {
        return Err(KeyError::Exponent { exponent: refused(exponent) });
    }
    Ok(bits_of_modulus)
}

/// An exponent, or its size where it is too long to read.
fn refused(exponent: &[u8]) -> Exponent {
    let number = BigUint::from_bytes_be(exponent);
    number.to_string().parse().map_or_else(|_long| Exponent::Long(number.bits()), Exponent::Number)
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.inner.spki == other.inner.spki
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("bits", &self.bits())
            .field("fingerprint", &self.fingerprint())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use rsa::pkcs1::UintRef;
    use rsa::pkcs1v15::VerifyingKey;
    use rsa::pkcs8::DecodePublicKey as _;
    use rsa::sha2::Sha256;
    use rsa::signature::Verifier as _;

    use super::*;
    use crate::fixtures;
    use crate::private::PrivateKey;

    fn from_numbers(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey, KeyError> {
        PublicKey::from_numbers(&pkcs1::RsaPublicKey {
            modulus: UintRef::new(modulus).unwrap(),
            public_exponent: UintRef::new(exponent).unwrap(),
        })
    }

    /// An odd number of the given bits.
    fn modulus(bits: usize) -> Vec<u8> {
        let mut bytes = vec![0xFF; bits.div_ceil(8)];
        if !bits.is_multiple_of(8) {
            bytes[0] >>= 8 - bits % 8;
        }
        bytes
    }

    #[test]
    fn every_shape_is_the_same_key() {
        let expected = PublicKey::read(fixtures::RSA2048_SPKI_DER).unwrap();
        for text in [
            fixtures::RSA2048_SPKI_PEM,
            fixtures::RSA2048_SPKI_BASE64,
            fixtures::RSA2048_PUBLIC_PKCS1_DER,
        ] {
            assert_eq!(PublicKey::read(text), Ok(expected.clone()));
        }
        assert_eq!(expected.bits(), 2048);
        assert_eq!(expected.to_spki_base64().as_bytes(), fixtures::RSA2048_SPKI_BASE64);
        assert_eq!(expected.to_spki_pem().as_bytes(), fixtures::RSA2048_SPKI_PEM);
        assert_ne!(PublicKey::read(fixtures::RSA1024_SPKI_PEM), Ok(expected));
    }

    #[test]
    fn the_fingerprint_is_that_of_the_spki() {
        let key = PublicKey::read(fixtures::RSA2048_SPKI_PEM).unwrap();
        assert_eq!(key.fingerprint(), sha256_hex(fixtures::RSA2048_SPKI_DER));
        let debug = format!("{key:?}");
        let fingerprint = key.fingerprint();
        assert_eq!(debug, format!("PublicKey {{ bits: 2048, fingerprint: \"{fingerprint}\" }}"));
    }

    #[test]
    fn size_and_exponent_have_limits() {
        const E: &[u8] = &[1, 0, 1];
        let exponent = |number| KeyError::Exponent { exponent: Exponent::Number(number) };
        let long = KeyError::Exponent { exponent: Exponent::Long(66) };
        let mut even = modulus(1024);
        even[127] = 0xFE;
        let cases: [(Vec<u8>, &[u8], KeyError); 9] = [
            (modulus(512), E, KeyError::TooSmall { bits: 512 }),
            (modulus(1023), E, KeyError::TooSmall { bits: 1023 }),
            (modulus(8193), E, KeyError::TooLarge { bits: 8193 }),
            (even, E, KeyError::EvenModulus),
            (modulus(1024), &[1], exponent(1)),
            (modulus(1024), &[2], exponent(2)),
            (modulus(1024), &[1, 0, 0], exponent(65_536)),
            (modulus(1024), &[2, 0, 0, 0, 1], exponent(8_589_934_593)),
            (modulus(1024), &[3; 9], long),
        ];
        for (modulus, exponent, error) in cases {
            assert_eq!(from_numbers(&modulus, exponent), Err(error));
        }
        for (bits, exponent) in [(1024, &[3][..]), (1025, E), (8192, &[1, 0, 0, 0, 1])] {
            let key = from_numbers(&modulus(bits), exponent).unwrap();
            assert_eq!(key.bits() as usize, bits);
        }
    }

    #[test]
    fn both_libraries_judge_a_signature_alike() {
        for text in [fixtures::RSA1024_PKCS8_PEM, fixtures::RSA2048_PKCS8_PEM] {
            let key = PrivateKey::read(text).unwrap();
            let public = key.public();
            let other = VerifyingKey::<Sha256>::from_public_key_pem(&public.to_spki_pem()).unwrap();
            let good = key.sign(b"message").unwrap();
            let mut bad = good.clone();
            bad[17] ^= 4;
            for (message, signature) in
                [(&b"message"[..], &good), (b"massage", &good), (b"message", &bad)]
            {
                let theirs = rsa::pkcs1v15::Signature::try_from(signature.as_slice()).unwrap();
                assert_eq!(
                    public.verify(message, signature),
                    other.verify(message, &theirs).is_ok()
                );
            }
            assert!(public.verify(b"message", &good));
        }
    }
}
