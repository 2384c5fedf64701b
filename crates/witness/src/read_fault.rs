//! Why no message came.

use evidence::words::{self as say, Phrase};
use tokio_rustls::rustls::{self, AlertDescription};

/// Why no whole message came.
#[derive(Debug, thiserror::Error)]
pub enum ReadFault {
    /// The connection ended inside a message.
    #[error("the connection ended inside a message")]
    CutOff,
    /// The head is no HTTP/1.1 head, or its framing is contradictory.
    #[error("the head is not HTTP/1.1: {0}")]
    Malformed(String),
    /// Head or body over the cap.
    #[error("the message is longer than {0} bytes")]
    TooLong(usize),
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(#[from] std::io::Error),
    /// Plain HTTP, where TLS is spoken.
    #[error("plain HTTP came to a door where TLS is spoken: the address to use begins with https")]
    PlainHere,
    /// TLS, where plain HTTP is spoken.
    #[error("TLS came to a door where plain HTTP is spoken: the address to use begins with http")]
    TlsHere,
    /// The caller ended the TLS handshake because of the certificate that it was shown.
    #[error(
        "the caller refuses the certificate of the door (its alert: {0}): it has to trust the \
         authority that issued it, and to use a name that stands in it"
    )]
    Refused(String),
    /// The caller ended the connection after it had seen the certificate, and said nothing.
    #[error(
        "the caller ended its TLS connection without a word, as one does that refuses the \
         certificate of the door: it has to trust the authority that issued it, and to use a name \
         that stands in it"
    )]
    Unspoken,
    /// The certificate of the other side is not believed.
    #[error("the certificate of the other side is not trusted: {0}")]
    Untrusted(String),
    /// There was no TLS handshake, for another reason.
    #[error("the TLS handshake failed: {0}")]
    Handshake(String),
}

impl ReadFault {
    /// The same as a phrase in both languages.
    pub fn says(&self) -> Phrase {
        match self {
            Self::CutOff => say::UNREADABLE_CUT_OFF.plain(),
            Self::Malformed(why) => say::UNREADABLE_HEAD.with([why]),
            Self::TooLong(bytes) => say::UNREADABLE_LONG.with([bytes]),
            Self::Broken(error) => say::UNREADABLE_BROKEN.with([error]),
            Self::PlainHere => say::UNREADABLE_PLAIN_HERE.plain(),
            Self::TlsHere => say::UNREADABLE_TLS_HERE.plain(),
            Self::Refused(alert) => say::UNREADABLE_REFUSED.with([alert]),
            Self::Unspoken => say::UNREADABLE_UNSPOKEN.plain(),
            Self::Untrusted(why) => say::UNREADABLE_UNTRUSTED.with([why]),
            Self::Handshake(why) => say::UNREADABLE_HANDSHAKE.with([why]),
        }
    }

    /// Why a TLS handshake ended in an error.
    pub(crate) fn of_handshake(error: &std::io::Error) -> Self {
        let said = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match said {
            Some(rustls::Error::AlertReceived(
                alert @ (AlertDescription::BadCertificate
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied),
            )) => Self::Refused(format!("{alert:?}")),
            Some(rustls::Error::InvalidCertificate(why)) => Self::Untrusted(why.to_string()),
            Some(why) => Self::Handshake(why.to_string()),
            None => Self::Handshake(error.to_string()),
        }
    }

    /// Whether nothing was said over a TLS connection that both sides wanted.
    pub fn is_handshake(&self) -> bool {
        match self {
            Self::PlainHere
            | Self::TlsHere
            | Self::Refused(_)
            | Self::Unspoken
            | Self::Untrusted(_)
            | Self::Handshake(_) => true,
            Self::CutOff | Self::Malformed(_) | Self::TooLong(_) | Self::Broken(_) => false,
        }
    }
}
