//! The weak algorithms of the legacy generation: MD5 with a shared key, RSA and DSA over SHA-1.
//!
//! They prove little. MD5 and SHA-1 have collisions, and under a shared key whoever can check a
//! signature can make it, so that it names no sender. The gateway still takes them, so merchants
//! still send them; nothing of ours is signed with them.

mod made;

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::signature::{RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use dsa::pkcs8::EncodePublicKey as _;
use dsa::signature::hazmat::PrehashVerifier as _;
use dsa::signature::{DigestSigner as _, SignatureEncoding as _};
use dsa::{BoxedUint, Components, Signature, SigningKey, VerifyingKey};
use md5::{Digest as _, Md5};
use rsa::pkcs8::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
use rsa::pkcs8::der::zeroize::Zeroizing;
use rsa::pkcs8::der::{Decode as _, Tag, Tagged as _};
use rsa::{BigUint, Pkcs1v15Sign};
use sha1::Sha1;

use crate::armour::unwrap;
use crate::der::{bits, parts};
use crate::digest::sha256_hex;
use crate::encode::{base64_encode, hex};
use crate::inspect::inspect;
use crate::private::{PrivateKey, SignError};
use crate::public::PublicKey;
use crate::shape::{Half, Shape};

/// Characters of a shared key.
const SHARED_KEY_LENGTH: usize = 32;
/// What PKCS#1 puts before a SHA-1 digest.
const SHA1_INFO: &[u8] = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
const SHA1_LENGTH: usize = 20;
const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
/// Sizes of p and of q, in bits, that FIPS 186 has. It pairs them; OpenSSL does otherwise when not
/// told.
const P_BITS: [u32; 3] = [1024, 2048, 3072];
const Q_BITS: [u32; 3] = [160, 224, 256];

/// The key that merchant and gateway share for MD5: 32 letters and digits.
///
/// It is wiped when dropped, and `Debug` shows nothing of it.
#[derive(Clone)]
pub struct SharedKey {
    text: Zeroizing<String>,
}

/// Why a text is no shared key. No message holds a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SharedKeyError {
    /// Another character than a letter or a digit.
    #[error("character {at} of the shared key is no letter and no digit")]
    Character {
        /// Which one, counted from 1.
        at: usize,
    },
    /// Not 32 characters.
    #[error("the shared key has {found} characters, the merchant portal shows 32")]
    Length {
        /// How many it has.
        found: usize,
    },
}

impl SharedKey {
    /// Takes the key as the merchant portal shows it; blanks and line breaks around it come off.
    pub fn read(text: &[u8]) -> Result<Self, SharedKeyError> {
        let text = text.trim_ascii();
        if let Some(at) = text.iter().position(|byte| !byte.is_ascii_alphanumeric()) {
            return Err(SharedKeyError::Character { at: at + 1 });
        }
        if text.len() != SHARED_KEY_LENGTH {
            return Err(SharedKeyError::Length { found: text.len() });
        }
        Ok(Self { text: Zeroizing::new(text.iter().copied().map(char::from).collect()) })
    }

    /// The key of whoever configured none. Only a forger signs with it, and hopes that nobody looks.
    pub fn empty() -> Self {
        Self { text: Zeroizing::new(String::new()) }
    }

    /// The key itself, for whoever has to see that it stands nowhere.
    pub fn secret(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The MD5 of the message with the key behind it, in lower-case hexadecimal.
    ///
    /// ```
    /// let key = signing::SharedKey::read(b"10000000000000000000000000000000")?;
    /// assert_eq!(key.sign(b"notify_id=1234"), "22fc7e38e5acdfede396aa463870d111");
    /// # Ok::<(), signing::SharedKeyError>(())
    /// ```
    pub fn sign(&self, message: &[u8]) -> String {
        let digest = Md5::new().chain_update(message).chain_update(self.text.as_bytes());
        hex(&digest.finalize())
    }

    /// Whether the text is what [`Self::sign`] would write, compared in constant time. Upper-case
    /// digits are refused: 32 lower-case ones are documented, and nobody is known to take others.
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        let expected = self.sign(message);
        verify_slices_are_equal(expected.as_bytes(), signature.as_bytes()).is_ok()
    }
}

impl fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedKey").finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// Signs a message: RSASSA-PKCS1-v1_5 with SHA-1, blinded, and checked by the other library.
    pub fn sign_sha1(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let scheme = Pkcs1v15Sign { hash_len: Some(SHA1_LENGTH), prefix: SHA1_INFO.into() };
        let signature = self
            .blinded()
            .and_then(|key| key.sign_digest_unchecked(scheme, &Sha1::digest(message)))
            .ok_or(SignError::Failed)?;
        // Checked for the reason that the strong algorithm has: a faulty one can give the key away.
        let good = self.public().verify_sha1(message, &signature);
        if good { Ok(signature) } else { Err(SignError::Refused) }
    }
}

impl PublicKey {
    /// Whether the signature, RSASSA-PKCS1-v1_5 with SHA-1, was made over exactly this message by
    /// the private half of this key.
    pub fn verify_sha1(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, self.spki())
            .verify(message, signature)
            .is_ok()
    }
}

/// The MD5 of bytes.
pub(crate) fn md5(bytes: &[u8]) -> Vec<u8> {
    Md5::digest(bytes).to_vec()
}

/// The SHA-1 of bytes.
pub(crate) fn sha1(bytes: &[u8]) -> Vec<u8> {
    Sha1::digest(bytes).to_vec()
}

/// Why a text is no DSA key. No message holds a part of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DsaKeyError {
    /// Something else, or damaged.
    #[error("this is {}, a DSA {expected} in PEM, base64 or DER was expected", found.headline())]
    Unfit {
        /// What it is.
        found: Shape,
        /// The half that was wanted.
        expected: Half,
    },
    /// Numbers of other sizes than FIPS 186 has, or that contradict each other.
    #[error(
        "this is a DSA {expected} whose numbers do not belong together, an intact one of 1024, \
         2048 or 3072 bits was expected"
    )]
    Numbers {
        /// The half that was wanted.
        expected: Half,
    },
}

/// A DSA private key, which wipes itself when dropped.
#[derive(Clone)]
pub struct DsaPrivateKey {
    key: SigningKey,
}

impl DsaPrivateKey {
    /// Reads PKCS#8 or the traditional form, in PEM, bare base64 or DER, in any layout.
    pub fn read(text: &[u8]) -> Result<Self, DsaKeyError> {
        let expected = Half::Private;
        let der = unwrap(text).payload.ok();
        let Some(numbers) = der.as_ref().and_then(|der| Numbers::private(der)) else {
            return Err(DsaKeyError::Unfit { found: inspect(text), expected });
        };
        let key = numbers.signing().map(|key| Self { key });
        // A key that cannot make a signature is none.
        key.filter(|key| key.sign(b"").is_ok()).ok_or(DsaKeyError::Numbers { expected })
    }

    /// The half to give away.
    pub fn public(&self) -> DsaPublicKey {
        DsaPublicKey { key: self.key.verifying_key().clone() }
    }

    /// The secret number, big-endian, for whoever has to see that it stands nowhere.
    pub fn secret(&self) -> Zeroizing<Vec<u8>> {
        let number = self.key.x().to_be_bytes_trimmed_vartime();
        Zeroizing::new(number.into_vec())
    }

    /// Signs a message: DSA with SHA-1, in DER. The same message gives the same bytes (RFC 6979).
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature: Result<Signature, _> = self.key.try_sign_digest(|digest: &mut Sha1| {
            digest.update(message);
            Ok(())
        });
        let signature = signature.or(Err(SignError::Failed))?.to_vec();
        let good = self.public().verify(message, &signature);
        if good { Ok(signature) } else { Err(SignError::Refused) }
    }
}

impl fmt::Debug for DsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DsaPrivateKey")
            .field("fingerprint", &self.public().fingerprint())
            .finish_non_exhaustive()
    }
}

/// Whether bytes are a DSA signature in DER, whoever made it: two positive numbers and nothing else.
pub fn is_dsa_signature(bytes: &[u8]) -> bool {
    Signature::try_from(bytes).is_ok()
}

/// A DSA public key.
#[derive(Clone, PartialEq)]
pub struct DsaPublicKey {
    key: VerifyingKey,
}

impl DsaPublicKey {
    /// Reads SPKI in PEM, bare base64 or DER, in any layout.
    pub fn read(text: &[u8]) -> Result<Self, DsaKeyError> {
        let expected = Half::Public;
        let der = unwrap(text).payload.ok();
        let Some(numbers) = der.as_ref().and_then(|der| Numbers::public(der)) else {
            return Err(DsaKeyError::Unfit { found: inspect(text), expected });
        };
        let key = numbers.components().zip(numbers.y);
        key.and_then(|(components, y)| numbers.verifying(components, y))
            .map(|key| Self { key })
            .ok_or(DsaKeyError::Numbers { expected })
    }

    /// Whether the signature, DSA with SHA-1 in DER and nothing else, was made over exactly this
    /// message by the private half of this key.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::try_from(signature).is_ok_and(|read| self.verifies(message, &read))
    }

    /// The same for a signature whose two numbers stand side by side, each as long as q.
    pub fn verify_raw(&self, message: &[u8], signature: &[u8]) -> bool {
        let bytes = self.key.components().q().bit_width().div_ceil(8);
        let (r, s) = signature.split_at(signature.len() / 2);
        if usize::try_from(bytes) != Ok(r.len()) || r.len() != s.len() {
            return false;
        }
        let number = BoxedUint::from_be_slice_vartime;
        Signature::from_components(number(r), number(s))
            .is_some_and(|read| self.verifies(message, &read))
    }

    fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        self.key.verify_prehash(&Sha1::digest(message), signature).is_ok()
    }

    /// The length of p.
    pub fn bits(&self) -> u32 {
        self.key.components().p().bit_width()
    }

    /// The SPKI in base64, on one line; empty where it cannot be written, which no key that reads
    /// is known to be.
    pub fn to_spki_base64(&self) -> String {
        self.key.to_public_key_der().map(|der| base64_encode(der.as_bytes())).unwrap_or_default()
    }

    /// Lower-case hexadecimal SHA-256 of the SPKI in DER.
    pub fn fingerprint(&self) -> String {
        self.key.to_public_key_der().map(|der| sha256_hex(der.as_bytes())).unwrap_or_default()
    }
}

impl fmt::Debug for DsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DsaPublicKey").field("fingerprint", &self.fingerprint()).finish()
    }
}

/// The numbers of a DSA key, big-endian without leading zero bytes.
struct Numbers<'a> {
    p: &'a [u8],
    q: &'a [u8],
    g: &'a [u8],
    /// The public number; PKCS#8 leaves it out.
    y: Option<&'a [u8]>,
    x: Option<&'a [u8]>,
}

impl<'a> Numbers<'a> {
    /// Those of PKCS#8 or of the traditional form: version, p, q, g, y, x.
    fn private(der: &'a [u8]) -> Option<Self> {
        let parts = sequence(AnyRef::from_der(der).ok()?)?;
        if let [version, p, q, g, y, x] = parts.as_slice() {
            let version = number(*version)?;
            let (p, q, g) = (number(*p)?, number(*q)?, number(*g)?);
            let numbers = Self { p, q, g, y: Some(number(*y)?), x: Some(number(*x)?) };
            return (version == [0]).then_some(numbers);
        }
        let [_, algorithm, inner, ..] = parts.as_slice() else { return None };
        let x = number(AnyRef::from_der(inner.value()).ok()?)?;
        Some(Self { x: Some(x), ..Self::parameters(*algorithm)? })
    }

    /// Those of SPKI.
    fn public(der: &'a [u8]) -> Option<Self> {
        let parts = sequence(AnyRef::from_der(der).ok()?)?;
        let [algorithm, inner] = parts.as_slice() else { return None };
        let inner = inner.decode_as::<BitStringRef<'a>>().ok()?.as_bytes()?;
        let y = number(AnyRef::from_der(inner).ok()?)?;
        Some(Self { y: Some(y), ..Self::parameters(*algorithm)? })
    }

    fn parameters(algorithm: AnyRef<'a>) -> Option<Self> {
        let parts = sequence(algorithm)?;
        let [own, parameters] = parts.as_slice() else { return None };
        let numbers = sequence(*parameters)?;
        let [p, q, g] = numbers.as_slice() else { return None };
        let numbers = Self { p: number(*p)?, q: number(*q)?, g: number(*g)?, y: None, x: None };
        (own.decode_as::<ObjectIdentifier>().ok()? == DSA).then_some(numbers)
    }

    /// The private key, whose public number is worked out where it is not given. The one that is
    /// given may be that of another key.
    fn signing(&self) -> Option<SigningKey> {
        let components = self.components()?;
        let number = |bytes| Zeroizing::new(BigUint::from_bytes_be(bytes));
        let y = number(self.g).modpow(&number(self.x?), &number(self.p)).to_bytes_be();
        if self.y.is_some_and(|given| given != y) {
            return None;
        }
        SigningKey::from_components(self.verifying(components, &y)?, self.fit(self.x?)?).ok()
    }

    fn components(&self) -> Option<Components> {
        let sizes = P_BITS.contains(&bits(self.p)) && Q_BITS.contains(&bits(self.q));
        if !sizes || !self.fills(self.g) {
            return None;
        }
        let (p, q) = (self.fit(self.p)?, BoxedUint::from_be_slice_vartime(self.q));
        Components::from_components_unchecked(p, q, self.fit(self.g)?).ok()
    }

    fn verifying(&self, components: Components, y: &[u8]) -> Option<VerifyingKey> {
        let below = y.len() < self.p.len() || y < self.p;
        if !below || !self.fills(y) {
            return None;
        }
        VerifyingKey::from_components(components, self.fit(y)?).ok()
    }

    /// A number in the room that p takes: the library calculates in rooms of one size.
    fn fit(&self, number: &[u8]) -> Option<BoxedUint> {
        BoxedUint::from_be_slice(number, bits(self.p)).ok()
    }

    /// Whether a number takes as many words as p. That g or y does not has a chance of one in
    /// 2^64, and the library stumbles over it.
    fn fills(&self, number: &[u8]) -> bool {
        number.len() <= self.p.len() && number.len() + 7 >= self.p.len()
    }
}

fn sequence(any: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    (any.tag() == Tag::Sequence).then(|| parts(any.value()))?
}

fn number(any: AnyRef<'_>) -> Option<&[u8]> {
    any.decode_as::<UintRef<'_>>().ok().map(|number| number.as_bytes())
}
