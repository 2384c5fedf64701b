//! The keys that messages are checked under: what a profile, a bundle and a verifier have in common.

use evidence::SideKey;
use protocol::Generation;
use protocol::legacy::Verifier;
use serde_json::{Value, json};
use signing::{DsaPublicKey, PublicKey, SharedKey};

use super::{Conditions, KeySource, SignTypeName};

/// What the messages of one side are checked under.
#[derive(Debug, Clone)]
pub enum CheckKey {
    /// RSA.
    Rsa(PublicKey),
    /// DSA.
    Dsa(DsaPublicKey),
    /// The key that both sides hold for MD5.
    Shared(SharedKey),
}

impl CheckKey {
    /// The key with the rules of a generation and of a profile's conditions; `None` where they ask
    /// for a key of another kind.
    pub fn side(&self, generation: Generation, conditions: Conditions) -> Option<SideKey> {
        let Conditions { sign_type, charset, .. } = conditions;
        let verifier = match (self, generation, sign_type) {
            (Self::Rsa(key), Generation::Ams, _) => return Some(SideKey::Ams(key.clone())),
            (Self::Rsa(key), Generation::Legacy, SignTypeName::Rsa) => Verifier::Rsa(key.clone()),
            (Self::Rsa(key), Generation::Legacy, SignTypeName::Rsa2) => Verifier::Rsa2(key.clone()),
            (Self::Dsa(key), Generation::Legacy, SignTypeName::Dsa) => Verifier::Dsa(key.clone()),
            (Self::Shared(key), Generation::Legacy, SignTypeName::Md5) => {
                Verifier::Md5(key.clone())
            }
            (Self::Rsa(_) | Self::Dsa(_) | Self::Shared(_), _, _) => return None,
        };
        Some(SideKey::Legacy { verifier, charset: charset.charset() })
    }

    /// The SHA-256 of its SPKI in hexadecimal digits. A shared key has none to show.
    pub fn fingerprint(&self) -> Option<String> {
        match self {
            Self::Rsa(key) => Some(key.fingerprint()),
            Self::Dsa(key) => Some(key.fingerprint()),
            Self::Shared(_) => None,
        }
    }

    /// The SPKI in base64, on one line. A shared key is shown to nobody.
    pub fn spki(&self) -> Option<String> {
        match self {
            Self::Rsa(key) => Some(key.to_spki_base64()),
            Self::Dsa(key) => Some(key.to_spki_base64()),
            Self::Shared(_) => None,
        }
    }

    /// A key as the bundle shows it: where it came from, and its public half's fingerprint.
    pub(super) fn described(&self, source: &KeySource) -> Value {
        let bits = match self {
            Self::Rsa(key) => key.bits(),
            Self::Dsa(key) => key.bits(),
            Self::Shared(_) => return json!({ "from": source.short() }),
        };
        json!({ "from": source.short(), "bits": bits, "fingerprint": self.fingerprint() })
    }
}
