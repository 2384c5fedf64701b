//! The merchant's account: who it is, and by what both of its sides sign.

use protocol::Generation;
use protocol::legacy::Signer;
use serde_json::{Map, Value, json};
use signing::{DsaPrivateKey, DsaPublicKey, PrivateKey, PublicKey, SharedKey};
use steps::{AmsContract, Contract, EmbeddedKeys, KeyPairs, LegacyContract, Signing};

use super::sides::CheckKey;
use super::{Conditions, Gateway, KeySource, SignTypeName, Sourced};

impl Gateway {
    /// The merchant's account in each generation that it has one in.
    pub fn contracts(&self, conditions: Conditions) -> Vec<Contract> {
        let ams = self.client_id.as_deref().and_then(|id| self.keys.in_ams(id));
        let legacy = self.partner.as_deref();
        let legacy = legacy.map(|partner| self.keys.in_legacy(partner, conditions));
        ams.into_iter().chain(legacy).collect()
    }

    /// Who the merchant is there: the client id or the partner id; empty in no generation.
    pub fn account(&self) -> &str {
        self.client_id.as_deref().or(self.partner.as_deref()).unwrap_or_default()
    }
}

/// By what merchant and gateway sign.
#[derive(Debug, Clone)]
pub enum Keys {
    /// RSA, each with a key of its own.
    Rsa(Pairs<PrivateKey, PublicKey>),
    /// DSA, each with a key of its own.
    Dsa(Pairs<DsaPrivateKey, DsaPublicKey>),
    /// MD5, with a key that both hold.
    Shared(Sourced<SharedKey>),
}

/// The merchant's own key, and the public half of the gateway's.
#[derive(Debug, Clone)]
pub struct Pairs<Own, Theirs> {
    /// The key that signs the merchant's calls.
    pub merchant: Sourced<Own>,
    /// The key that the gateway signs with.
    pub gateway: Sourced<Theirs>,
}

impl Keys {
    /// What the merchant's messages are checked under.
    pub fn merchant(&self) -> CheckKey {
        match self {
            Self::Rsa(pairs) => CheckKey::Rsa(pairs.merchant.key.public()),
            Self::Dsa(pairs) => CheckKey::Dsa(pairs.merchant.key.public()),
            Self::Shared(key) => CheckKey::Shared(key.key.clone()),
        }
    }

    /// What the gateway's messages are checked under.
    pub fn gateway(&self) -> CheckKey {
        match self {
            Self::Rsa(pairs) => CheckKey::Rsa(pairs.gateway.key.clone()),
            Self::Dsa(pairs) => CheckKey::Dsa(pairs.gateway.key.clone()),
            Self::Shared(key) => CheckKey::Shared(key.key.clone()),
        }
    }

    /// Where the merchant's key came from.
    pub fn source(&self) -> &KeySource {
        match self {
            Self::Rsa(pairs) => &pairs.merchant.source,
            Self::Dsa(pairs) => &pairs.merchant.source,
            Self::Shared(key) => &key.source,
        }
    }

    /// The same with the embedded gateway's own keys. A shared key is the profile's.
    #[must_use]
    pub fn at_embedded(&self, embedded: &EmbeddedKeys) -> Self {
        match self {
            Self::Rsa(pairs) => Self::Rsa(pairs.with_built_in(embedded.rsa.public())),
            Self::Dsa(pairs) => Self::Dsa(pairs.with_built_in(embedded.dsa.public())),
            Self::Shared(key) => Self::Shared(key.clone()),
        }
    }

    /// Whether the merchant's key makes what its own public half takes.
    pub fn works(&self) -> bool {
        let text = b"assay check";
        let signer = match self {
            Self::Rsa(pairs) => Signer::Rsa2(pairs.merchant.key.clone()),
            Self::Dsa(pairs) => Signer::Dsa(pairs.merchant.key.clone()),
            Self::Shared(key) => Signer::Md5(key.key.clone()),
        };
        signer.sign(text).is_ok_and(|sign| signer.verifier().verify(text, &sign))
    }

    /// The merchant's account in the newer generation, which signs with RSA alone.
    pub fn in_ams(&self, client_id: &str) -> Option<Contract> {
        let Self::Rsa(pairs) = self else { return None };
        Some(Contract::Ams(AmsContract {
            client_id: client_id.to_owned(),
            merchant_key: pairs.merchant.key.clone(),
            gateway_key: pairs.gateway.key.clone(),
        }))
    }

    /// The merchant's account in the older generation.
    pub fn in_legacy(&self, partner: &str, conditions: Conditions) -> Contract {
        let signing = match (self, conditions.sign_type) {
            (Self::Rsa(pairs), SignTypeName::Rsa) => Signing::Rsa(pairs.bare()),
            (Self::Rsa(pairs), SignTypeName::Rsa2 | SignTypeName::Dsa | SignTypeName::Md5) => {
                Signing::Rsa2(pairs.bare())
            }
            (Self::Dsa(pairs), _) => Signing::Dsa(pairs.bare()),
            (Self::Shared(key), _) => Signing::Md5(key.key.clone()),
        };
        Contract::Legacy(LegacyContract {
            partner: partner.to_owned(),
            signing,
            charset: conditions.charset.charset(),
            post: conditions.post,
        })
    }

    /// For the bundle: where they came from and the fingerprints of public halves.
    pub(super) fn redacted(&self) -> Map<String, Value> {
        let told = match self {
            Self::Rsa(pairs) => pairs.redacted(&self.merchant(), &self.gateway()),
            Self::Dsa(pairs) => pairs.redacted(&self.merchant(), &self.gateway()),
            Self::Shared(key) => vec![("md5_key", json!({ "from": key.source.short() }))],
        };
        told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl<Own: Clone, Theirs: Clone> Pairs<Own, Theirs> {
    fn bare(&self) -> KeyPairs<Own, Theirs> {
        KeyPairs { merchant: self.merchant.key.clone(), gateway: self.gateway.key.clone() }
    }

    fn with_built_in(&self, key: Theirs) -> Self {
        let gateway = Sourced { key, source: KeySource::BuiltIn };
        Self { merchant: self.merchant.clone(), gateway }
    }

    fn redacted(&self, merchant: &CheckKey, gateway: &CheckKey) -> Vec<(&'static str, Value)> {
        vec![
            ("merchant_key", merchant.described(&self.merchant.source)),
            ("gateway_public_key", gateway.described(&self.gateway.source)),
        ]
    }
}

/// Which keys a sign type asks for in a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// [`Keys::Rsa`].
    Rsa,
    /// [`Keys::Dsa`].
    Dsa,
    /// [`Keys::Shared`].
    Shared,
}

impl KeyKind {
    /// The newer generation knows RSA alone.
    pub fn of(generation: Option<Generation>, sign_type: SignTypeName) -> Self {
        match (generation, sign_type) {
            (Some(Generation::Legacy), SignTypeName::Md5) => Self::Shared,
            (Some(Generation::Legacy), SignTypeName::Dsa) => Self::Dsa,
            (Some(Generation::Legacy), SignTypeName::Rsa | SignTypeName::Rsa2)
            | (Some(Generation::Ams) | None, _) => Self::Rsa,
        }
    }
}
