//! `sign_type`, and the value of `sign`.

use signing::{DsaPrivateKey, DsaPublicKey, PrivateKey, PublicKey, SharedKey, SignError};
use signing::{base64_decode_strict, base64_encode};

use super::charset::{Charset, Unmappable};
use super::text_to_sign::Empties;
use crate::ams::Verified;

/// A value of `sign_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignType {
    /// The MD5 of text and shared key.
    Md5,
    /// RSA over SHA-1.
    Rsa,
    /// RSA over SHA-256, "the recommended type".
    Rsa2,
    /// DSA over SHA-1.
    Dsa,
}

impl SignType {
    /// Finds a type by its name, in "upper case".
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Md5, Self::Rsa, Self::Rsa2, Self::Dsa].into_iter().find(|own| own.name() == name)
    }

    /// The documented name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Rsa => "RSA",
            Self::Rsa2 => "RSA2",
            Self::Dsa => "DSA",
        }
    }

    /// Whether sender and receiver hold the same key, so that a signature names neither of them.
    pub fn is_shared(self) -> bool {
        match self {
            Self::Md5 => true,
            Self::Rsa | Self::Rsa2 | Self::Dsa => false,
        }
    }
}

/// Who signs, and how.
#[derive(Debug, Clone)]
pub enum Signer {
    /// "md5( text + key ), key appended directly, no separator", in "32 lower-case hex".
    Md5(SharedKey),
    /// "`SHA1withRSA` (PKCS#1 v1.5)", in base64.
    Rsa(PrivateKey),
    /// "`SHA256withRSA` (PKCS#1 v1.5)", in base64.
    Rsa2(PrivateKey),
    /// "SHA1-with-DSA, DER signature", in "base64 of the DER signature".
    Dsa(DsaPrivateKey),
}

/// Why a message was not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignFault {
    /// Its text cannot be written in its charset.
    #[error(transparent)]
    Unmappable(#[from] Unmappable),
    /// The key did not sign.
    #[error(transparent)]
    Key(#[from] SignError),
}

impl Signer {
    /// The `sign_type` that goes with the signature.
    pub fn sign_type(&self) -> SignType {
        match self {
            Self::Md5(_) => SignType::Md5,
            Self::Rsa(_) => SignType::Rsa,
            Self::Rsa2(_) => SignType::Rsa2,
            Self::Dsa(_) => SignType::Dsa,
        }
    }

    /// What its signatures are checked with.
    pub fn verifier(&self) -> Verifier {
        match self {
            Self::Md5(key) => Verifier::Md5(key.clone()),
            Self::Rsa(key) => Verifier::Rsa(key.public()),
            Self::Rsa2(key) => Verifier::Rsa2(key.public()),
            Self::Dsa(key) => Verifier::Dsa(key.public()),
        }
    }

    /// The value of `sign` over the bytes of a text.
    pub fn sign(&self, text: &[u8]) -> Result<String, SignError> {
        Ok(match self {
            Self::Md5(key) => key.sign(text),
            Self::Rsa(key) => base64_encode(&key.sign_sha1(text)?),
            Self::Rsa2(key) => base64_encode(&key.sign(text)?),
            Self::Dsa(key) => base64_encode(&key.sign(text)?),
        })
    }
}

/// Whose signatures are checked, and of which type.
#[derive(Debug, Clone)]
pub enum Verifier {
    /// With the key that both share.
    Md5(SharedKey),
    /// RSA over SHA-1.
    Rsa(PublicKey),
    /// RSA over SHA-256.
    Rsa2(PublicKey),
    /// DSA over SHA-1.
    Dsa(DsaPublicKey),
}

impl Verifier {
    /// The `sign_type` that it checks.
    pub fn sign_type(&self) -> SignType {
        match self {
            Self::Md5(_) => SignType::Md5,
            Self::Rsa(_) => SignType::Rsa,
            Self::Rsa2(_) => SignType::Rsa2,
            Self::Dsa(_) => SignType::Dsa,
        }
    }

    /// Whether the value of `sign` was made over these bytes with the other half of the key.
    ///
    /// A `+` "may arrive as a blank after form decoding", and is put back. A DSA signature is DER,
    /// or as in the published samples its two numbers side by side, in base64 with `_x` for `X`.
    pub fn verify(&self, text: &[u8], sign: &str) -> bool {
        let bytes = |sign: &str| base64_decode_strict(&sign.replace(' ', "+"));
        match self {
            Self::Md5(key) => key.verify(text, sign),
            Self::Rsa(key) => bytes(sign).is_some_and(|sign| key.verify_sha1(text, &sign)),
            Self::Rsa2(key) => bytes(sign).is_some_and(|sign| key.verify(text, &sign)),
            Self::Dsa(key) => bytes(&sign.replace("_x", "X"))
                .is_some_and(|sign| key.verify(text, &sign) || key.verify_raw(text, &sign)),
        }
    }
}

/// Judges a signature over the text without empty values, then over the text with them.
pub(super) fn judge(
    verifier: &Verifier,
    charset: Charset,
    text: impl Fn(Empties) -> String,
    sign_type: Option<&str>,
    sign: Option<&str>,
) -> Verified {
    let (Some(sign_type), Some(sign)) =
        (sign_type.filter(|value| !value.is_empty()), sign.filter(|value| !value.is_empty()))
    else {
        return Verified::Unsigned;
    };
    let over =
        |empties| charset.encode(&text(empties)).is_ok_and(|text| verifier.verify(&text, sign));
    let good =
        sign_type == verifier.sign_type().name() && (over(Empties::Dropped) || over(Empties::Kept));
    if good { Verified::Valid } else { Verified::Wrong }
}

#[cfg(test)]
#[path = "tests/sign.rs"]
mod tests;
