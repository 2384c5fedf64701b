//! Keys in every shape people paste; sign, verify and open.
//!
//! The only crate that names a cryptography library. Bytes come in, bytes and verdicts go out:
//! nothing here reads a file, a clock or the environment, and nothing prints.
//!
//! Two libraries stand behind it. `aws-lc-rs` does the private-key work in constant time and
//! checks every signature; `rsa` signs, blinded, for the keys `aws-lc-rs` refuses (those below
//! 2048 bits), and what it made is checked by the other library before it is handed out.
//!
//! What the legacy generation signs with besides (MD5 with a shared key, RSA and DSA over SHA-1)
//! stays in one file, under names of its own: whoever signs with [`PrivateKey::sign`] and checks
//! with [`PublicKey::verify`] cannot come by it.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = signing::PrivateKey::generate(2048)?;
//! let signature = key.sign(b"POST /ams/api/v1/payments/pay")?;
//! assert!(key.public().verify(b"POST /ams/api/v1/payments/pay", &signature));
//!
//! let pasted = key.to_pkcs8_pem().replace('\n', "\r\n");
//! assert_eq!(signing::PrivateKey::read(pasted.as_bytes())?.public(), key.public());
//! # Ok(())
//! # }
//! ```

mod any;
mod armour;
mod authority;
mod blinded;
mod body;
mod certificate;
mod der;
mod digest;
mod encode;
#[cfg(test)]
mod fixtures;
mod form;
mod inspect;
mod key_error;
mod open;
mod pem;
mod private;
mod public;
mod random;
mod shape;
mod weak;

pub use any::{AnyKey, AnyKeyError};
pub use authority::{Authority, AuthorityError, ServerCertificate};
pub use certificate::Certificate;
pub use digest::{Sha256Stream, sha256, sha256_hex};
pub use encode::{base64_decode_strict, base64_encode, hex};
pub use form::{Form, Written};
pub use inspect::inspect;
pub use key_error::{Exponent, KeyError};
pub use open::{DigestAlgorithm, OpenError, Opened};
pub use private::{PrivateKey, SignError};
pub use public::PublicKey;
pub use random::random_bytes;
pub use shape::{Armour, Container, Content, Damage, Half, Remark, Shape};
pub use weak::{
    DsaKeyError, DsaPrivateKey, DsaPublicKey, SharedKey, SharedKeyError, is_dsa_signature,
};
