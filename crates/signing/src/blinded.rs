//! Private-key work in the `rsa` crate, for the keys `aws-lc-rs` refuses. Nothing else calls it.
//!
//! Its exponentiation is not constant time, so it signs with a blinding factor only, and its
//! output is never handed out unchecked.

use rand::rngs::OsRng;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::der::zeroize::Zeroizing;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use rsa::sha2::Sha256;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};

use crate::digest::sha256;

/// A private key of the `rsa` crate, which wipes itself when dropped. No `Debug`: the one of the
/// crate prints the secret numbers.
pub(crate) struct BlindedKey {
    key: Box<RsaPrivateKey>,
}

impl BlindedKey {
    /// A fresh key, for the sizes that the other library does not make.
    pub(crate) fn generate(bits: usize) -> Option<Self> {
        let key = Box::new(RsaPrivateKey::new(&mut OsRng, bits).ok()?);
        Some(Self { key })
    }

    /// Takes a PKCS#1 structure whose numbers belong together.
    pub(crate) fn from_pkcs1(der: &[u8]) -> Option<Self> {
        let key = Box::new(RsaPrivateKey::from_pkcs1_der(der).ok()?);
        Some(Self { key })
    }

    /// The key as PKCS#8, with the derived numbers worked out anew.
    pub(crate) fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        Some(self.key.to_pkcs8_der().ok()?.to_bytes())
    }

    /// The key again, from what [`Self::to_pkcs8`] wrote.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        let key = Box::new(RsaPrivateKey::from_pkcs8_der(der).ok()?);
        Some(Self { key })
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256, blinded. The caller checks the result.
    pub(crate) fn sign_unchecked(&self, message: &[u8]) -> Option<Vec<u8>> {
        self.sign_digest_unchecked(Pkcs1v15Sign::new::<Sha256>(), &sha256(message))
    }

    /// RSASSA-PKCS1-v1_5 over a digest, blinded. The caller checks the result.
    pub(crate) fn sign_digest_unchecked(
        &self,
        scheme: Pkcs1v15Sign,
        digest: &[u8],
    ) -> Option<Vec<u8>> {
        self.key.sign_with_rng(&mut OsRng, scheme, digest).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;
    use crate::private::PrivateKey;

    #[test]
    fn both_libraries_make_the_same_signature() {
        for der in [fixtures::RSA2048_PKCS1_DER, fixtures::RSA3072_PKCS1_DER] {
            let blinded = BlindedKey::from_pkcs1(der).unwrap();
            let key = PrivateKey::read(der).unwrap();
            for message in [&b""[..], b"POST /ams/api/v1/payments/pay", &[0xFF; 5000]] {
                assert_eq!(blinded.sign_unchecked(message), Some(key.sign(message).unwrap()));
            }
        }
    }

    #[test]
    fn both_libraries_write_the_same_pkcs8() {
        let blinded = BlindedKey::from_pkcs1(fixtures::RSA2048_PKCS1_DER).unwrap();
        assert_eq!(blinded.to_pkcs8().unwrap().as_slice(), fixtures::RSA2048_PKCS8_DER);
    }
}
