//! Why signatures go wrong: the causes, by how often people meet them.

use protocol::Generation;

/// A cause. They are declared in the order of how often each is met, and of two explanations that
/// fit equally well the one with the more frequent cause is told first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The text of a key cannot be read.
    KeyText,
    /// Signed in one charset, sent or declared in another.
    Charset,
    /// Another key than the one that the receiver holds.
    WrongKey,
    /// The text was changed after it was signed, or before it is verified.
    TextChanged,
    /// Other parameters were signed than were sent.
    Parameters,
    /// JSON was read and written again.
    JsonRewritten,
    /// `sign_type` was signed.
    SignType,
    /// Another algorithm than the one that was named.
    Algorithm,
    /// Something was encoded for an address once too often, or not at all.
    UrlEncoding,
    /// Sandbox and production are mixed up.
    Environment,
    /// The lines that stand before the body are put together wrongly.
    Layout,
    /// There is no signature, or a part that it covers is missing.
    NotSigned,
    /// The parameters are in another order.
    Order,
    /// The clock, or its zone.
    Clock,
    /// The signature itself was cut off or spoilt.
    Damaged,
}

impl Cause {
    /// All of them, the most frequent first.
    pub const ALL: [Self; 15] = [
        Self::KeyText,
        Self::Charset,
        Self::WrongKey,
        Self::TextChanged,
        Self::Parameters,
        Self::JsonRewritten,
        Self::SignType,
        Self::Algorithm,
        Self::UrlEncoding,
        Self::Environment,
        Self::Layout,
        Self::NotSigned,
        Self::Order,
        Self::Clock,
        Self::Damaged,
    ];

    /// Its word, in JSON and in the table of sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::KeyText => "key-text",
            Self::Charset => "charset",
            Self::WrongKey => "wrong-key",
            Self::TextChanged => "text-changed",
            Self::Parameters => "parameters",
            Self::JsonRewritten => "json-rewritten",
            Self::SignType => "sign-type",
            Self::Algorithm => "algorithm",
            Self::UrlEncoding => "url-encoding",
            Self::Environment => "environment",
            Self::Layout => "layout",
            Self::NotSigned => "not-signed",
            Self::Order => "order",
            Self::Clock => "clock",
            Self::Damaged => "damaged",
        }
    }

    /// The address of the page that says how it is done right.
    pub fn rule(self, generation: Generation) -> &'static str {
        match generation {
            Generation::Ams => "https://docs.antom.com/ac/ams/digital_signature?pageVersion=30",
            Generation::Legacy => "https://docs.antom.com/ac/tool/idiagnose",
        }
    }
}

/// How sure an explanation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// Nothing else can be: the digest in the signature is the one of this text, or the numbers
    /// leave no choice.
    Certain,
    /// One of several that fit, or the usual one where the bytes leave a choice.
    Likely,
}

impl Sure {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
        }
    }
}
