//! A key of any kind that the gateway knows, whatever it is pasted as.

use std::fmt;

use crate::armour::unwrap;
use crate::certificate::key_in;
use crate::form::{Form, Written};
use crate::inspect::inspect;
use crate::key_error::KeyError;
use crate::private::PrivateKey;
use crate::public::PublicKey;
use crate::shape::{Container, Content, Damage, Half};
use crate::weak::{DsaKeyError, DsaPrivateKey, DsaPublicKey};

/// A key of any kind that the gateway knows and that has a public half.
#[derive(Clone)]
pub enum AnyKey {
    /// The private half of an RSA key.
    RsaPrivate(PrivateKey),
    /// The public half of an RSA key.
    RsaPublic(PublicKey),
    /// The private half of a DSA key.
    DsaPrivate(DsaPrivateKey),
    /// The public half of a DSA key.
    DsaPublic(DsaPublicKey),
}

/// Why a text is no key of any kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnyKeyError {
    /// It is no RSA key, nor another that would do.
    #[error(transparent)]
    Rsa(#[from] KeyError),
    /// It is a DSA key, and not an intact one.
    #[error(transparent)]
    Dsa(#[from] DsaKeyError),
}

impl AnyKey {
    /// Reads either half of an RSA or DSA key, in any layout, and of a certificate or a request for
    /// one the key in it, for which nothing vouches. `expected` is the half that an error says was
    /// wanted; it decides nothing.
    ///
    /// ```
    /// let pasted = signing::PrivateKey::generate(2048)?.public().to_spki_base64();
    /// let key = signing::AnyKey::read(pasted.as_bytes(), signing::Half::Public)?;
    /// assert_eq!((key.half(), key.bits()), (signing::Half::Public, 2048));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(text: &[u8], expected: Half) -> Result<Self, AnyKeyError> {
        let shape = inspect(text);
        match &shape.content {
            Content::RsaKey { half: Half::Private, .. } => {
                Ok(Self::RsaPrivate(PrivateKey::read(text)?))
            }
            Content::OtherKey { half: Half::Private, algorithm } if algorithm == "DSA" => {
                Ok(Self::DsaPrivate(DsaPrivateKey::read(text)?))
            }
            Content::Certificate | Content::CertificateRequest => {
                let der = unwrap(text).payload.ok();
                let key = der.as_ref().and_then(|der| key_in(der));
                let damaged = KeyError::Damaged { damage: Damage::Structure, expected };
                Self::public(&key.ok_or(damaged)?)
            }
            Content::RsaKey { half: Half::Public, .. } => Self::public(text),
            Content::OtherKey { half: Half::Public, algorithm } if algorithm == "DSA" => {
                Self::public(text)
            }
            Content::OtherKey { .. }
            | Content::Encrypted
            | Content::Foreign(_)
            | Content::Several(_)
            | Content::Damaged(_)
            | Content::Empty
            | Content::NotAKey => Err(KeyError::unfit(&shape, expected).into()),
        }
    }

    /// A public key and nothing else, so that no certificate is looked for inside a certificate.
    fn public(text: &[u8]) -> Result<Self, AnyKeyError> {
        let dsa = matches!(&inspect(text).content, Content::OtherKey { algorithm, .. } if algorithm == "DSA");
        if dsa {
            Ok(Self::DsaPublic(DsaPublicKey::read(text)?))
        } else {
            Ok(Self::RsaPublic(PublicKey::read(text)?))
        }
    }

    /// Which half it is.
    pub fn half(&self) -> Half {
        match self {
            Self::RsaPrivate(_) | Self::DsaPrivate(_) => Half::Private,
            Self::RsaPublic(_) | Self::DsaPublic(_) => Half::Public,
        }
    }

    /// `RSA` or `DSA`.
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::RsaPrivate(_) | Self::RsaPublic(_) => "RSA",
            Self::DsaPrivate(_) | Self::DsaPublic(_) => "DSA",
        }
    }

    /// The half to give away; a public key is its own.
    #[must_use]
    pub fn to_public(&self) -> Self {
        match self {
            Self::RsaPrivate(key) => Self::RsaPublic(key.public()),
            Self::DsaPrivate(key) => Self::DsaPublic(key.public()),
            Self::RsaPublic(_) | Self::DsaPublic(_) => self.clone(),
        }
    }

    /// The key in a container and a form; `None` of a container that does not hold its kind. What is
    /// written of a private key is the secret itself.
    pub fn write(&self, container: Container, form: Form) -> Option<Written> {
        match self {
            Self::RsaPrivate(key) => key.write(container, form),
            Self::RsaPublic(key) => key.write(container, form),
            Self::DsaPrivate(key) => key.write(container, form),
            Self::DsaPublic(key) => key.write(container, form),
        }
    }

    /// Bits of the modulus, or of p.
    pub fn bits(&self) -> u32 {
        match self {
            Self::RsaPrivate(key) => key.bits(),
            Self::RsaPublic(key) => key.bits(),
            Self::DsaPrivate(key) => key.public().bits(),
            Self::DsaPublic(key) => key.bits(),
        }
    }

    /// Lower-case hexadecimal SHA-256 of the public half's SPKI in DER: the halves of one pair have
    /// the same, and no two pairs have.
    pub fn fingerprint(&self) -> String {
        match self {
            Self::RsaPrivate(key) => key.public().fingerprint(),
            Self::RsaPublic(key) => key.fingerprint(),
            Self::DsaPrivate(key) => key.public().fingerprint(),
            Self::DsaPublic(key) => key.fingerprint(),
        }
    }
}

impl fmt::Debug for AnyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyKey")
            .field("half", &self.half())
            .field("algorithm", &self.algorithm())
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}
