//! How a key is put into a text or a file.

use rsa::pkcs8::der::zeroize::Zeroizing;

use crate::encode::{base64_encode, pem};

/// A key as it goes into a text or a file; wiped when dropped, as it may be a secret.
pub type Written = Zeroizing<Vec<u8>>;

/// How a key is put into a text or a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Between `BEGIN` and `END` lines, 64 columns, line feeds.
    Pem,
    /// Base64 on one line and nothing around it, as kits in Java have it pasted.
    Base64,
    /// The bytes themselves.
    Der,
}

impl Form {
    /// A structure in this form. What it makes of a secret is wiped when dropped.
    pub(crate) fn of(self, label: &str, der: &[u8]) -> Written {
        Zeroizing::new(match self {
            Self::Pem => pem(label, der).into_bytes(),
            Self::Base64 => base64_encode(der).into_bytes(),
            Self::Der => der.to_vec(),
        })
    }
}
