//! What is diagnosed: one message, and the keys and names that are known about it.

use std::fmt;

use evidence::{Blob, Way, head_field, is_legacy, is_return, target_of};
use protocol::Generation;
use protocol::legacy::Charset;
use signing::{DsaPublicKey, PublicKey, SharedKey};

/// Which message of an exchange it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The merchant's call.
    Call,
    /// The gateway's answer to it.
    Answer,
    /// The gateway's notice, or what a browser carries back.
    Notice,
    /// The merchant's answer to a notice.
    Acknowledgement,
}

impl Kind {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Answer => "answer",
            Self::Notice => "notice",
            Self::Acknowledgement => "acknowledgement",
        }
    }

    /// Who signs it.
    pub fn signer(self) -> Side {
        match self {
            Self::Call | Self::Acknowledgement => Side::Merchant,
            Self::Answer | Self::Notice => Side::Gateway,
        }
    }

    /// Which way its exchange goes.
    pub fn way(self) -> Way {
        match self {
            Self::Call | Self::Answer => Way::Call,
            Self::Notice | Self::Acknowledgement => Way::Notice,
        }
    }
}

/// A message with what belongs to it.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Its generation.
    pub generation: Generation,
    /// Which one it is.
    pub kind: Kind,
    /// Its bytes.
    pub message: Blob,
    /// What it answers, where it is an answer.
    pub call: Option<Blob>,
    /// Whether the bytes are known to be those that passed on the wire, and not what a program
    /// wrote into its log.
    pub witnessed: bool,
}

impl Subject {
    /// What a call, or a notice, speaks: by its address and its form.
    pub fn generation_of(call: &Blob) -> Generation {
        let signed = head_field(&call.head, "signature").is_some()
            || head_field(&call.head, "client-id").is_some();
        let query = target_of(&call.head).unwrap_or_default();
        let form = |bytes: &[u8]| {
            let mut pieces = bytes.split(|byte| *byte == b'&');
            pieces.any(|piece| piece.starts_with(b"sign=") || piece.starts_with(b"service="))
        };
        let query = query.split_once('?').map_or("", |(_, query)| query);
        if is_legacy(call) || (!signed && (form(&call.body) || form(query.as_bytes()))) {
            Generation::Legacy
        } else {
            Generation::Ams
        }
    }

    /// The call, or the notice, of its exchange.
    pub(crate) fn asked(&self) -> &Blob {
        self.call.as_ref().unwrap_or(&self.message)
    }

    /// What stands behind the question mark of what was asked; a notice has its parameters in its
    /// body alone, unless it is a return.
    pub(crate) fn query(&self) -> Vec<u8> {
        let asked = self.asked();
        let notice = self.kind.way() == Way::Notice && !is_return(Way::Notice, asked);
        let target = target_of(&asked.head).filter(|_| !notice).unwrap_or_default();
        target.split_once('?').map_or(Vec::new(), |(_, query)| query.as_bytes().to_vec())
    }
}

/// A side of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The merchant.
    Merchant,
    /// The gateway.
    Gateway,
}

/// A key that checks signatures.
#[derive(Clone)]
pub enum Key {
    /// Of RSA.
    Rsa(PublicKey),
    /// Of DSA.
    Dsa(DsaPublicKey),
    /// The one that both sides hold.
    Shared(SharedKey),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(key) => f.debug_tuple("Rsa").field(&key.fingerprint()).finish(),
            Self::Dsa(key) => f.debug_tuple("Dsa").field(&key.fingerprint()).finish(),
            Self::Shared(_) => f.debug_struct("Shared").finish_non_exhaustive(),
        }
    }
}

/// A key with its name.
#[derive(Debug, Clone)]
pub struct KnownKey {
    /// What people call it: the file that it came from.
    pub name: String,
    /// Whose messages it checks.
    pub side: Side,
    /// The key.
    pub key: Key,
}

/// Everything that is known beside the message.
#[derive(Debug, Clone)]
pub struct Known {
    /// Keys. Of each side and kind the first one is the one that is in use, the others are tried.
    pub keys: Vec<KnownKey>,
    /// Paths that may have been signed in place of the one that was called.
    pub targets: Vec<String>,
    /// Client ids that may have been signed in place of the one that was sent.
    pub clients: Vec<String>,
    /// The charset of notices, which name none.
    pub charset: Charset,
}

impl Default for Known {
    fn default() -> Self {
        Self { keys: vec![], targets: vec![], clients: vec![], charset: Charset::Utf8 }
    }
}

impl Known {
    /// The RSA keys, that of the signer first.
    pub(crate) fn rsa(&self, signer: Side) -> Vec<(&KnownKey, &PublicKey)> {
        let mut keys: Vec<_> = self
            .keys
            .iter()
            .filter_map(|known| match &known.key {
                Key::Rsa(key) => Some((known, key)),
                Key::Dsa(_) | Key::Shared(_) => None,
            })
            .collect();
        keys.sort_by_key(|(known, _)| known.side != signer);
        keys
    }

    /// The DSA keys, that of the signer first.
    pub(crate) fn dsa(&self, signer: Side) -> Vec<(&KnownKey, &DsaPublicKey)> {
        let mut keys: Vec<_> = self
            .keys
            .iter()
            .filter_map(|known| match &known.key {
                Key::Dsa(key) => Some((known, key)),
                Key::Rsa(_) | Key::Shared(_) => None,
            })
            .collect();
        keys.sort_by_key(|(known, _)| known.side != signer);
        keys
    }

    /// The keys that both sides hold.
    pub(crate) fn shared(&self) -> Vec<(&KnownKey, &SharedKey)> {
        self.keys
            .iter()
            .filter_map(|known| match &known.key {
                Key::Shared(key) => Some((known, key)),
                Key::Rsa(_) | Key::Dsa(_) => None,
            })
            .collect()
    }
}
