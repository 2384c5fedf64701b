//! Whom we believe, and how we prove who we are.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use russh::Preferred;
use russh::client::Handler;
use russh::keys::ssh_key::private::KeypairData;
use russh::keys::{Algorithm, HashAlg, PrivateKey, PublicKey, PublicKeyOrCertificate};

use crate::error::{DeliveryError, Doing};

/// The key that a server has to show.
#[derive(Debug, Clone)]
pub struct KnownHost(PublicKey);

/// How we log in.
#[derive(Clone)]
pub enum Login {
    /// With a password.
    Password(String),
    /// With a key.
    Key(Arc<PrivateKey>),
}

/// Why a setting is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// Not a line of a `known_hosts` file.
    #[error("this is no host key: a line such as 'host ssh-ed25519 AAAA…' is expected")]
    KnownHost,
    /// The key is marked as one that must not be believed.
    #[error("this host key is marked as revoked")]
    Revoked,
    /// Not a key in the form of OpenSSH, or a locked one.
    #[error("this is no private key of OpenSSH without a passphrase")]
    Key,
}

impl KnownHost {
    /// Reads a line of a `known_hosts` file, or the key alone. What names the host is not looked
    /// at, since the profile names it and it may be hashed here.
    pub fn parse(line: &str) -> Result<Self, TrustError> {
        if line.trim_start().starts_with('@') {
            return Err(TrustError::Revoked);
        }
        let words: Vec<_> = line.split_whitespace().take(3).collect();
        let mut keys =
            words.windows(2).filter_map(|pair| PublicKey::from_openssh(&pair.join(" ")).ok());
        keys.next_back().map(Self).ok_or(TrustError::KnownHost)
    }

    /// The fingerprint, as OpenSSH prints it.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.0)
    }

    /// What to ask a server for that has keys of several kinds.
    pub(crate) fn preferred(&self) -> Preferred {
        // Of the three ways to use an RSA key never the one with SHA-1.
        let hashes = [HashAlg::Sha512, HashAlg::Sha256].map(Some);
        let rsa = hashes.map(|hash| Algorithm::Rsa { hash }).to_vec();
        let key = if self.0.algorithm().is_rsa() { rsa } else { vec![self.0.algorithm()] };
        Preferred { key: Cow::Owned(key), ..Preferred::DEFAULT }
    }
}

impl Login {
    /// Reads a private key in the form of OpenSSH.
    pub fn key(text: &str) -> Result<Self, TrustError> {
        let key = russh::keys::decode_secret_key(text, None);
        key.map(|key| Self::Key(Arc::new(key))).map_err(|_its_bytes_are_secret| TrustError::Key)
    }
}

impl Login {
    /// The bytes that nobody else may see: the password, or the secret number of the key.
    pub fn secret(&self) -> Vec<u8> {
        let key = match self {
            Self::Password(password) => return password.clone().into_bytes(),
            Self::Key(key) => key,
        };
        match key.key_data() {
            KeypairData::Ed25519(pair) => pair.private.to_bytes().to_vec(),
            KeypairData::Ecdsa(pair) => pair.private_key_bytes().to_vec(),
            KeypairData::Rsa(pair) => pair.private().d().as_bytes().to_vec(),
            // Kinds that do not log in, and one that is not read while it is locked.
            KeypairData::Dsa(_)
            | KeypairData::Encrypted(_)
            | KeypairData::SkEcdsaSha2NistP256(_)
            | KeypairData::SkEd25519(_)
            | KeypairData::Other(_)
            | _ => vec![],
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password(_) => "Password(..)",
            Self::Key(_) => "Key(..)",
        })
    }
}

/// Looks at the key that a server shows.
#[derive(Debug)]
pub(crate) struct HostCheck {
    pub(crate) address: String,
    pub(crate) known: KnownHost,
}

/// What went wrong below SFTP. The library wants to make one out of its own errors, which know no
/// address; it is filled in where the error is seen.
#[derive(Debug)]
pub(crate) enum Below {
    Ours(DeliveryError),
    Library(russh::Error),
}

impl From<russh::Error> for Below {
    fn from(error: russh::Error) -> Self {
        Self::Library(error)
    }
}

impl Below {
    pub(crate) fn at(self, address: &str, doing: Doing) -> DeliveryError {
        let address = address.to_owned();
        match self {
            Self::Ours(error) => error,
            Self::Library(
                russh::Error::IO(_)
                | russh::Error::HUP
                | russh::Error::Disconnect
                | russh::Error::SendError
                | russh::Error::RecvError,
            ) => DeliveryError::Dropped { address, doing },
            Self::Library(other) => {
                DeliveryError::Protocol { address, doing, why: other.to_string() }
            }
        }
    }
}

impl Handler for HostCheck {
    type Error = Below;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Below> {
        let shown = match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => key.clone(),
            PublicKeyOrCertificate::Certificate(certificate) => {
                PublicKey::from(certificate.public_key().clone())
            }
        };
        if shown.key_data() == self.known.0.key_data() {
            return Ok(true);
        }
        Err(Below::Ours(DeliveryError::HostKey {
            address: self.address.clone(),
            shown: fingerprint(&shown),
            pinned: self.known.fingerprint(),
        }))
    }
}

fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use russh::keys::{Algorithm, PrivateKey};

    use super::{KnownHost, Login, TrustError};

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    /// As `ssh-keygen -l` prints it.
    const PRINT: &str = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

    #[test]
    fn a_line_of_known_hosts_pins_its_key_whoever_it_names() {
        for line in [
            KEY.to_owned(),
            format!("isftp.alipay.com {KEY}"),
            format!("[isftp.alipay.com]:2222 {KEY} somebody@somewhere"),
            format!("|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= {KEY}\n"),
        ] {
            assert_eq!(KnownHost::parse(&line).unwrap().fingerprint(), PRINT, "{line}");
        }
        for line in ["", "host", "ssh-ed25519", "host ssh-ed25519 AAAA", &KEY[..60]] {
            assert_eq!(KnownHost::parse(line).unwrap_err(), TrustError::KnownHost, "{line}");
        }
        let revoked = format!("@revoked host {KEY}");
        assert_eq!(KnownHost::parse(&revoked).unwrap_err(), TrustError::Revoked);
    }

    #[test]
    fn what_is_secret_of_a_key_is_not_what_is_public_of_it() {
        for kind in [Algorithm::Ed25519, Algorithm::Rsa { hash: None }] {
            let key = PrivateKey::random(&mut russh::keys::key::safe_rng(), kind).unwrap();
            let public = key.public_key().to_bytes().unwrap();
            let secret = Login::Key(Arc::new(key)).secret();
            assert!(secret.len() >= 32);
            assert!(!public.windows(16).any(|piece| piece == &secret[..16]));
        }
        assert_eq!(Login::Password("open sesame".into()).secret(), b"open sesame");
    }

    #[test]
    fn secrets_are_not_printed() {
        let login = Login::Password("open sesame".into());
        assert_eq!(format!("{login:?}"), "Password(..)");
        assert_eq!(Login::key("open sesame").unwrap_err(), TrustError::Key);
    }
}
