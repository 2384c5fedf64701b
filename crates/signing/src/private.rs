//! The half that signs.

use std::fmt;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use rsa::pkcs1;
use rsa::pkcs8::der::zeroize::Zeroizing;

use crate::blinded::BlindedKey;
use crate::der::recognise;
use crate::encode::{base64_encode, pem};
use crate::form::{Form, Written};
use crate::inspect::examine;
use crate::key_error::KeyError;
use crate::public::PublicKey;
use crate::shape::{Container, Damage, Half};

/// Bits of the keys that the older generation had at first.
const SMALL: u32 = 1024;

/// An RSA private key of 1024 to 8192 bits, intact.
///
/// Cheap to clone and shared between threads; the last clone wipes it. `Debug` shows its size
/// and the fingerprint of the public half, nothing else.
#[derive(Clone)]
pub struct PrivateKey {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    pkcs8: Zeroizing<Vec<u8>>,
    public: PublicKey,
    /// The key in the library that signs with SHA-1, read when that is first asked for.
    weak: OnceLock<Option<BlindedKey>>,
}

/// Who does the private-key work.
enum Engine {
    /// `aws-lc-rs`, in constant time.
    ConstantTime(KeyPair),
    /// `rsa`, blinded and checked.
    Blinded(BlindedKey),
}

/// Why there is no signature. Neither happens with an intact key on an intact computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The library failed.
    #[error("the private key did not sign")]
    Failed,
    /// The library made a signature that the public key does not accept.
    #[error("the private key made a signature that its public key refuses, so it is withheld")]
    Refused,
}

impl PrivateKey {
    /// Reads PKCS#8 or PKCS#1 in PEM, bare base64 or DER, in any layout.
    pub fn read(text: &[u8]) -> Result<Self, KeyError> {
        let examined = examine(text);
        match (examined.shape.half(), examined.numbers) {
            (Some(Half::Private), Some(numbers)) => Self::from_pkcs1(&numbers),
            _ => Err(KeyError::unfit(&examined.shape, Half::Private)),
        }
    }

    /// Makes a fresh key of 2048, 3072 or 4096 bits with the exponent 65537.
    pub fn generate(bits: u32) -> Result<Self, KeyError> {
        let size = match bits {
            2048 => KeySize::Rsa2048,
            3072 => KeySize::Rsa3072,
            4096 => KeySize::Rsa4096,
            bits => return Err(KeyError::Size { bits }),
        };
        let failed = || KeyError::Generation { bits };
        let pair = KeyPair::generate(size).ok().ok_or_else(failed)?;
        let pkcs8 = pkcs8(&pair).ok_or_else(failed)?;
        Self::read(&pkcs8)
    }

    /// Makes a fresh key of 1024 bits with the exponent 65537, for the older generation alone: the
    /// newer one refuses it, and nothing else should trust it.
    pub fn generate_small() -> Result<Self, KeyError> {
        let failed = || KeyError::Generation { bits: SMALL };
        let key = BlindedKey::generate(SMALL as usize).ok_or_else(failed)?;
        Self::read(&key.to_pkcs8().ok_or_else(failed)?)
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, KeyError> {
        let damaged = KeyError::Damaged { damage: Damage::Structure, expected: Half::Private };
        let Ok(numbers) = pkcs1::RsaPrivateKey::try_from(der) else { return Err(damaged) };
        let public = PublicKey::from_numbers(&numbers.public_key())?;
        let inconsistent = KeyError::Inconsistent { bits: public.bits() };
        let (engine, pkcs8) = engine(der).ok_or(inconsistent)?;
        Ok(Self { inner: Arc::new(Inner { engine, pkcs8, public, weak: OnceLock::new() }) })
    }

    /// The half to give away.
    pub fn public(&self) -> PublicKey {
        self.inner.public.clone()
    }

    /// Bits of the modulus.
    pub fn bits(&self) -> u32 {
        self.inner.public.bits()
    }

    /// Signs a message: RSASSA-PKCS1-v1_5 with SHA-256. The same message gives the same bytes.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match &self.inner.engine {
            Engine::ConstantTime(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .or(Err(SignError::Failed))?;
                Ok(signature)
            }
            Engine::Blinded(key) => {
                let signature = key.sign_unchecked(message).ok_or(SignError::Failed)?;
                // Checked by the other library: a faulty signature can give the key away.
                let good = self.inner.public.verify(message, &signature);
                if good { Ok(signature) } else { Err(SignError::Refused) }
            }
        }
    }

    /// The key in the library that signs whatever digest it is given.
    pub(crate) fn blinded(&self) -> Option<&BlindedKey> {
        match &self.inner.engine {
            Engine::Blinded(key) => Some(key),
            Engine::ConstantTime(_) => {
                let read = || BlindedKey::from_pkcs8(&self.inner.pkcs8);
                self.inner.weak.get_or_init(read).as_ref()
            }
        }
    }

    /// The key in a container and a form; `None` of a container that holds public keys alone. What
    /// is written is the secret itself.
    pub fn write(&self, container: Container, form: Form) -> Option<Written> {
        match container {
            Container::Pkcs8 => Some(form.of("PRIVATE KEY", &self.inner.pkcs8)),
            Container::Pkcs1 => {
                let numbers = recognise(&self.inner.pkcs8).numbers?;
                Some(form.of("RSA PRIVATE KEY", numbers))
            }
            Container::Spki => None,
        }
    }

    /// PKCS#8 in base64 on one line, which every SDK takes. The text is the secret itself.
    pub fn to_pkcs8_base64(&self) -> String {
        base64_encode(&self.inner.pkcs8)
    }

    /// PKCS#8 in PEM. The text is the secret itself.
    pub fn to_pkcs8_pem(&self) -> String {
        pem("PRIVATE KEY", &self.inner.pkcs8)
    }
}

/// The engine that takes a PKCS#1 key, and the key as PKCS#8.
fn engine(der: &[u8]) -> Option<(Engine, Zeroizing<Vec<u8>>)> {
    if let Ok(pair) = KeyPair::from_der(der) {
        let pkcs8 = pkcs8(&pair)?;
        return Some((Engine::ConstantTime(pair), pkcs8));
    }
    let key = BlindedKey::from_pkcs1(der)?;
    let pkcs8 = key.to_pkcs8()?;
    // Some tools leave the derived numbers out; worked out anew, the first library takes the key.
    Some(match KeyPair::from_pkcs8(&pkcs8) {
        Ok(pair) => (Engine::ConstantTime(pair), pkcs8),
        Err(_) => (Engine::Blinded(key), pkcs8),
    })
}

fn pkcs8(pair: &KeyPair) -> Option<Zeroizing<Vec<u8>>> {
    let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
    Some(Zeroizing::new(der.as_ref().to_vec()))
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("bits", &self.bits())
            .field("fingerprint", &self.inner.public.fingerprint())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rsa::pkcs1::UintRef;
    use rsa::pkcs8::der::Encode as _;

    use super::*;
    use crate::fixtures;

    fn is_blinded(key: &PrivateKey) -> bool {
        matches!(key.inner.engine, Engine::Blinded(_))
    }

    #[test]
    fn a_key_is_small_to_hand_around_and_crosses_threads() {
        fn crosses_threads<T: Send + Sync + Clone + 'static>() {}
        crosses_threads::<PrivateKey>();
        crosses_threads::<PublicKey>();
        assert_eq!(size_of::<PrivateKey>(), size_of::<usize>());
    }

    #[test]
    fn small_keys_are_blinded_and_large_ones_signed_in_constant_time() {
        for (text, bits, blinded) in [
            (fixtures::RSA1024_PKCS8_PEM, 1024, true),
            (fixtures::RSA2048_PKCS8_PEM, 2048, false),
            (fixtures::RSA3072_PKCS8_PEM, 3072, false),
        ] {
            let key = PrivateKey::read(text).unwrap();
            assert_eq!((key.bits(), is_blinded(&key)), (bits, blinded));
            let signature = key.sign(b"message").unwrap();
            assert_eq!(signature.len() * 8, bits as usize);
            assert_eq!(key.sign(b"message"), Ok(signature.clone()));
            assert!(key.public().verify(b"message", &signature));
            assert!(!key.public().verify(b"massage", &signature));
            assert_eq!(key.to_pkcs8_pem().as_bytes(), text);
        }
    }

    #[test]
    fn every_shape_gives_the_same_key() {
        for text in [
            fixtures::RSA2048_PKCS1_DER,
            fixtures::RSA2048_PKCS8_DER,
            fixtures::RSA2048_PKCS8_PEM,
            fixtures::RSA2048_PKCS8_BASE64,
        ] {
            let key = PrivateKey::read(text).unwrap();
            assert_eq!(key.to_pkcs8_base64().as_bytes(), fixtures::RSA2048_PKCS8_BASE64);
            assert_eq!(key.public().to_spki_pem().as_bytes(), fixtures::RSA2048_SPKI_PEM);
        }
    }

    #[test]
    fn debug_output_is_size_and_fingerprint_and_nothing_else() {
        for text in [fixtures::RSA1024_PKCS8_PEM, fixtures::RSA2048_PKCS8_PEM] {
            let key = PrivateKey::read(text).unwrap();
            let (bits, fingerprint) = (key.bits(), key.public().fingerprint());
            assert_eq!(
                format!("{key:?}"),
                format!("PrivateKey {{ bits: {bits}, fingerprint: \"{fingerprint}\", .. }}")
            );
            assert_eq!(
                format!("{key:#?}"),
                format!(
                    "PrivateKey {{\n    bits: {bits},\n    fingerprint: \"{fingerprint}\",\n    \
                     ..\n}}"
                )
            );
        }
    }

    #[test]
    fn sizes_nobody_uses_are_not_generated() {
        for bits in [0, 512, 1024, 2047, 2049, 8192, u32::MAX] {
            let error = PrivateKey::generate(bits).map(|key| key.bits());
            assert_eq!(error, Err(KeyError::Size { bits }));
        }
    }

    #[test]
    fn a_generated_key_signs_and_reads_back() {
        let key = PrivateKey::generate(2048).unwrap();
        assert_eq!(key.bits(), 2048);
        let again = PrivateKey::read(key.to_pkcs8_base64().as_bytes()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(again.sign(b"message"), key.sign(b"message"));
        assert_ne!(PrivateKey::generate(2048).unwrap().public(), key.public());
    }

    #[test]
    fn derived_numbers_that_were_left_out_are_worked_out() {
        for der in [fixtures::RSA2048_PKCS1_DER, fixtures::RSA3072_PKCS1_DER] {
            let mut numbers = pkcs1::RsaPrivateKey::try_from(der).unwrap();
            let zero = UintRef::new(&[0]).unwrap();
            (numbers.exponent1, numbers.exponent2, numbers.coefficient) = (zero, zero, zero);
            let key = PrivateKey::read(&numbers.to_der().unwrap()).unwrap();
            assert!(!is_blinded(&key));
            assert_eq!(key.to_pkcs8_pem(), PrivateKey::read(der).unwrap().to_pkcs8_pem());
        }
    }

    #[test]
    fn numbers_of_two_keys_are_not_one_key() {
        let one = pkcs1::RsaPrivateKey::try_from(fixtures::RSA2048_PKCS1_DER).unwrap();
        let small = pkcs1::RsaPrivateKey::try_from(fixtures::RSA1024_PKCS1_DER).unwrap();
        let nothing = UintRef::new(&[0]).unwrap();
        let broken = [
            pkcs1::RsaPrivateKey { prime1: small.prime1, ..one.clone() },
            pkcs1::RsaPrivateKey { private_exponent: small.private_exponent, ..one.clone() },
            pkcs1::RsaPrivateKey { private_exponent: nothing, ..one.clone() },
            pkcs1::RsaPrivateKey { prime1: nothing, prime2: nothing, ..one.clone() },
            pkcs1::RsaPrivateKey { prime1: one.prime2, ..one.clone() },
        ];
        for numbers in broken {
            let error = PrivateKey::read(&numbers.to_der().unwrap()).map(|key| key.bits());
            assert_eq!(error, Err(KeyError::Inconsistent { bits: 2048 }));
        }
    }

    #[test]
    fn many_threads_sign_with_one_key() {
        let key = PrivateKey::read(fixtures::RSA1024_PKCS8_PEM).unwrap();
        let expected = key.sign(b"message").unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let (key, expected) = (key.clone(), &expected);
                scope.spawn(move || assert_eq!(key.sign(b"message").as_ref(), Ok(expected)));
            }
        });
    }
}
