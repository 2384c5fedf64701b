//! Why a text could not be taken as a key: what it is, and what was expected.

use std::fmt;

use crate::shape::{Content, Damage, Half, Shape};

/// Why there is no key. Every message says what the text is and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing was given.
    #[error("the text is empty, a {expected} was expected")]
    Empty {
        /// The half that was wanted.
        expected: Half,
    },
    /// The other half of a key pair.
    #[error("this is {}, a {expected} was expected", found.headline())]
    OtherHalf {
        /// What it is.
        found: Shape,
        /// The half that was wanted.
        expected: Half,
    },
    /// A private key under a password.
    #[error("this is {} (password protected), an unencrypted {expected} was expected", found.headline())]
    Encrypted {
        /// What it is.
        found: Shape,
        /// The half that was wanted.
        expected: Half,
    },
    /// A certificate instead of a key.
    #[error("this is {}, a bare {expected} was expected", found.headline())]
    Certificate {
        /// What it is.
        found: Shape,
        /// The half that was wanted.
        expected: Half,
    },
    /// A key for another algorithm than RSA.
    #[error("this is {}, an RSA {expected} was expected", found.headline())]
    OtherAlgorithm {
        /// What it is.
        found: Shape,
        /// The half that was wanted.
        expected: Half,
    },
    /// Several PEM blocks in one text.
    #[error("these are {}, one {expected} was expected", found.headline())]
    Several {
        /// What they are.
        found: Shape,
        /// The half that was wanted.
        expected: Half,
    },
    /// A key that is cut short, garbled or followed by something.
    #[error("this is a damaged key ({damage}), a {expected} was expected")]
    Damaged {
        /// What is wrong with it.
        damage: Damage,
        /// The half that was wanted.
        expected: Half,
    },
    /// Not a key, or one in a format of another tool.
    #[error("this is {}, a {expected} in PEM, base64 or DER was expected", found.headline())]
    NotAKey {
        /// What it is.
        found: Shape,
        /// The half that was wanted.
        expected: Half,
    },
    /// An RSA key too small to be worth anything.
    #[error("this is an RSA key of {bits} bits, at least 1024 were expected")]
    TooSmall {
        /// Bits of its modulus.
        bits: u32,
    },
    /// An RSA key larger than the libraries take.
    #[error("this is an RSA key of {bits} bits, at most 8192 were expected")]
    TooLarge {
        /// Bits of its modulus.
        bits: u32,
    },
    /// An even modulus: no RSA key has one.
    #[error("this is an RSA key with an even modulus, a product of two odd primes was expected")]
    EvenModulus,
    /// A public exponent that cannot work, or that the libraries refuse.
    #[error(
        "this is an RSA key with a public exponent {exponent}, an odd one of 2 to 33 bits was \
         expected"
    )]
    Exponent {
        /// The exponent.
        exponent: Exponent,
    },
    /// A public key of the right size that a library refuses all the same.
    #[error("this is an RSA key of {bits} bits with numbers no sound key has")]
    Refused {
        /// Bits of its modulus.
        bits: u32,
    },
    /// A private key whose numbers contradict each other.
    #[error(
        "this is a private key of {bits} bits whose numbers do not belong together, an intact \
         one was expected"
    )]
    Inconsistent {
        /// Bits of its modulus.
        bits: u32,
    },
    /// A size no key is generated in.
    #[error("{bits} bits were asked for, 2048, 3072 or 4096 were expected")]
    Size {
        /// Bits asked for.
        bits: u32,
    },
    /// The library could not generate a key.
    #[error("no key of {bits} bits could be generated")]
    Generation {
        /// Bits asked for.
        bits: u32,
    },
}

/// A public exponent that cannot work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exponent {
    /// This one.
    Number(u64),
    /// One that is too long to be written out: its bits.
    Long(usize),
}

impl fmt::Display for Exponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "of {number}"),
            Self::Long(bits) => write!(f, "of {bits} bits"),
        }
    }
}

impl KeyError {
    /// Why a text of this shape is not the half that was wanted.
    pub(crate) fn unfit(shape: &Shape, expected: Half) -> Self {
        let found = shape.clone();
        match &shape.content {
            Content::RsaKey { .. } => Self::OtherHalf { found, expected },
            Content::OtherKey { .. } => Self::OtherAlgorithm { found, expected },
            Content::Encrypted => Self::Encrypted { found, expected },
            Content::Certificate | Content::CertificateRequest => {
                Self::Certificate { found, expected }
            }
            Content::Several(_) => Self::Several { found, expected },
            Content::Damaged(damage) => Self::Damaged { damage: damage.clone(), expected },
            Content::Empty => Self::Empty { expected },
            Content::Foreign(_) | Content::NotAKey => Self::NotAKey { found, expected },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Armour, Container};

    fn message(content: Content, expected: Half) -> String {
        let shape = Shape { content, armour: Armour::Base64, bits: None, remarks: Vec::new() };
        KeyError::unfit(&shape, expected).to_string()
    }

    #[test]
    fn every_content_says_what_it_is_and_what_was_expected() {
        use Half::{Private, Public};
        let rsa = |half| Content::RsaKey { half, container: Container::Pkcs1 };
        let ec = Content::OtherKey { half: Private, algorithm: "EC".to_owned() };
        let several = Content::Several(vec!["A".to_owned(), "B".to_owned()]);
        let cases = [
            (Content::Empty, Public, "the text is empty, a public key was expected"),
            (rsa(Public), Private, "this is a public key (PKCS#1), a private key was expected"),
            (rsa(Private), Public, "this is a private key (PKCS#1), a public key was expected"),
            (ec, Private, "this is an EC private key, an RSA private key was expected"),
            (
                Content::Encrypted,
                Private,
                "this is an encrypted private key (password protected), an unencrypted private \
                 key was expected",
            ),
            (Content::Certificate, Public, "this is a certificate, a bare public key was expected"),
            (
                Content::CertificateRequest,
                Private,
                "this is a certificate signing request, a bare private key was expected",
            ),
            (several, Public, "these are 2 PEM blocks (A, B), one public key was expected"),
            (
                Content::Damaged(Damage::Length),
                Private,
                "this is a damaged key (cut short in the middle of a base64 group), a private \
                 key was expected",
            ),
            (
                Content::Foreign("JSON"),
                Private,
                "this is JSON, a private key in PEM, base64 or DER was expected",
            ),
            (
                Content::NotAKey,
                Public,
                "this is no key at all, a public key in PEM, base64 or DER was expected",
            ),
        ];
        for (content, expected, text) in cases {
            assert_eq!(message(content, expected), text);
        }
    }
}
