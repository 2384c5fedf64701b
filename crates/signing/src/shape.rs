//! What a pasted text is, in words. Holds no key material.

use std::fmt;

/// One half of a key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Half {
    /// The half that signs.
    Private,
    /// The half that verifies.
    Public,
}

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Private => "private key",
            Self::Public => "public key",
        })
    }
}

/// The structure an RSA key is wrapped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// `PrivateKeyInfo`, what `BEGIN PRIVATE KEY` announces.
    Pkcs8,
    /// The bare RSA numbers, what `BEGIN RSA PRIVATE KEY` and `BEGIN RSA PUBLIC KEY` announce.
    Pkcs1,
    /// `SubjectPublicKeyInfo`, what `BEGIN PUBLIC KEY` announces.
    Spki,
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8 => "PKCS#8",
            Self::Pkcs1 => "PKCS#1",
            Self::Spki => "SPKI",
        })
    }
}

/// What a text holds, as far as it can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// An RSA key, readable as it stands.
    RsaKey {
        /// Which half it is.
        half: Half,
        /// What it is wrapped in.
        container: Container,
    },
    /// A key for another algorithm: EC, DSA, Ed25519 and the like.
    OtherKey {
        /// Which half it is.
        half: Half,
        /// The algorithm's name, or its object identifier.
        algorithm: String,
    },
    /// A private key under a password.
    Encrypted,
    /// An X.509 certificate.
    Certificate,
    /// A certificate signing request.
    CertificateRequest,
    /// A format of another tool, named with its article.
    Foreign(&'static str),
    /// More than one PEM block; their labels.
    Several(Vec<String>),
    /// The beginning of a key that is not whole.
    Damaged(Damage),
    /// Nothing, or nothing but blanks.
    Empty,
    /// No key of any kind.
    NotAKey,
}

/// What is wrong with a text that starts out as a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The structure announces more bytes than follow.
    Truncated {
        /// How many are missing.
        missing: usize,
    },
    /// Bytes follow the end of the structure.
    Trailing {
        /// How many are too many.
        extra: usize,
    },
    /// A character that base64 does not have.
    Character {
        /// The character.
        found: char,
        /// The line of the text it stands on, from 1.
        line: usize,
    },
    /// A base64 text of a length no encoder writes: it breaks off inside a group.
    Length,
    /// The bytes do not have the structure they announce.
    Structure,
    /// More text than any key has.
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { missing } => write!(f, "cut short, {} missing", count(*missing)),
            Self::Trailing { extra } => write!(f, "followed by {} too many", count(*extra)),
            Self::Character { found, line } if found.is_ascii_graphic() => {
                write!(f, "not base64: '{found}' on line {line}")
            }
            Self::Character { found, line } => {
                write!(f, "not base64: U+{:04X} on line {line}", u32::from(*found))
            }
            Self::Length => f.write_str("cut short in the middle of a base64 group"),
            Self::Structure => f.write_str("garbled inside"),
            Self::TooLong { bytes } => write!(f, "{} long, more than any key", count(*bytes)),
        }
    }
}

/// A number of bytes in words.
fn count(bytes: usize) -> String {
    if bytes == 1 { "1 byte".to_owned() } else { format!("{bytes} bytes") }
}

/// How the key is put into text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Armour {
    /// Between `BEGIN` and `END` lines.
    Pem {
        /// What the `BEGIN` line announces.
        label: String,
    },
    /// Base64 without such lines.
    Base64,
    /// The bytes themselves.
    Der,
    /// None that was recognised.
    None,
}

/// Something about the text that was tolerated and is worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// A byte order mark stood in front.
    ByteOrderMark,
    /// The text was UTF-16.
    Utf16,
    /// The whole was quoted.
    Quotes,
    /// Line breaks were spelled `\n`.
    EscapedLineBreaks,
    /// Lines ended in carriage returns.
    CarriageReturns,
    /// Blanks stood after, before or inside lines.
    Blanks,
    /// The body is one long line under PEM lines.
    OneLine,
    /// The body is broken at an unusual column.
    Columns(usize),
    /// Text stood before the key.
    LeadingText,
    /// Text stood after the key.
    TrailingText,
    /// The `BEGIN` line is missing.
    BeginLineMissing,
    /// The `END` line is missing.
    EndLineMissing,
    /// The `END` line names another label than the `BEGIN` line.
    EndLabelDiffers,
    /// The label announces something else than the content is.
    LabelDoesNotFit {
        /// The label that would fit.
        fitting: &'static str,
    },
    /// The base64 was written without its padding.
    Unpadded,
    /// The base64 used the alphabet for addresses, `-` and `_`.
    UrlAlphabet,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => "byte order mark dropped",
            Self::Utf16 => "converted from UTF-16",
            Self::Quotes => "quotation marks dropped",
            Self::EscapedLineBreaks => "line breaks spelled as \\n",
            Self::CarriageReturns => "carriage returns dropped",
            Self::Blanks => "blanks dropped",
            Self::OneLine => "body on one line",
            Self::Columns(columns) => return write!(f, "lines of {columns} columns"),
            Self::LeadingText => "text before the key ignored",
            Self::TrailingText => "text after the key ignored",
            Self::BeginLineMissing => "BEGIN line missing",
            Self::EndLineMissing => "END line missing",
            Self::EndLabelDiffers => "END line does not match the BEGIN line",
            Self::LabelDoesNotFit { fitting } => {
                return write!(f, "label does not fit, it should be \"{fitting}\"");
            }
            Self::Unpadded => "base64 padding missing",
            Self::UrlAlphabet => "base64 in the alphabet for addresses",
        })
    }
}

/// What a pasted text is: content, armour, size, and what was tolerated about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// What it holds.
    pub content: Content,
    /// How it is put into text.
    pub armour: Armour,
    /// Bits of the RSA modulus.
    pub bits: Option<u32>,
    /// What was tolerated.
    pub remarks: Vec<Remark>,
}

impl Shape {
    /// Which half of an RSA key pair this is, if it is one.
    pub fn half(&self) -> Option<Half> {
        if let Content::RsaKey { half, .. } = self.content { Some(half) } else { None }
    }

    /// What the text holds, with its article and without armour or remarks: "a public key (SPKI,
    /// 2048 bits)".
    pub fn headline(&self) -> String {
        match &self.content {
            Content::RsaKey { half, container } => match self.bits {
                Some(bits) => format!("a {half} ({container}, {bits} bits)"),
                None => format!("a {half} ({container})"),
            },
            Content::OtherKey { half, algorithm } => {
                format!("{} {algorithm} {half}", article(algorithm))
            }
            Content::Encrypted => "an encrypted private key".to_owned(),
            Content::Certificate => "a certificate".to_owned(),
            Content::CertificateRequest => "a certificate signing request".to_owned(),
            Content::Foreign(name) => (*name).to_owned(),
            Content::Several(labels) => {
                format!("{} PEM blocks ({})", labels.len(), labels.join(", "))
            }
            Content::Damaged(damage) => format!("a damaged key ({damage})"),
            Content::Empty => "an empty text".to_owned(),
            Content::NotAKey => "no key at all".to_owned(),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())?;
        match &self.armour {
            Armour::Pem { label } => write!(f, ", PEM \"{label}\"")?,
            Armour::Base64 => f.write_str(", bare base64")?,
            Armour::Der => f.write_str(", DER")?,
            Armour::None => {}
        }
        for remark in &self.remarks {
            write!(f, "; {remark}")?;
        }
        Ok(())
    }
}

/// The article that goes with the name of an algorithm when it is spoken.
fn article(name: &str) -> &'static str {
    if name.starts_with(['E', 'R', 'S', 'X', 'u']) { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(content: Content) -> Shape {
        Shape { content, armour: Armour::None, bits: None, remarks: Vec::new() }
    }

    #[test]
    fn a_shape_is_one_plain_line() {
        let content = Content::RsaKey { half: Half::Private, container: Container::Pkcs8 };
        let armour = Armour::Pem { label: "PRIVATE KEY".to_owned() };
        let remarks = vec![Remark::ByteOrderMark, Remark::Columns(76), Remark::EscapedLineBreaks];
        let shape = Shape { content, armour, bits: Some(2048), remarks };
        assert_eq!(
            shape.to_string(),
            "a private key (PKCS#8, 2048 bits), PEM \"PRIVATE KEY\"; byte order mark dropped; \
             lines of 76 columns; line breaks spelled as \\n"
        );
    }

    #[test]
    fn every_content_has_a_headline_with_its_article() {
        let other = |half, name: &str| Content::OtherKey { half, algorithm: name.to_owned() };
        let cases = [
            (
                Content::RsaKey { half: Half::Public, container: Container::Spki },
                "a public key (SPKI)",
            ),
            (other(Half::Private, "EC"), "an EC private key"),
            (other(Half::Public, "DSA"), "a DSA public key"),
            (other(Half::Private, "multi-prime RSA"), "a multi-prime RSA private key"),
            (
                other(Half::Public, "unknown-algorithm (1.2.3.4)"),
                "an unknown-algorithm (1.2.3.4) public key",
            ),
            (Content::Encrypted, "an encrypted private key"),
            (Content::Certificate, "a certificate"),
            (Content::CertificateRequest, "a certificate signing request"),
            (Content::Foreign("JSON"), "JSON"),
            (Content::Several(vec!["A".to_owned(), "B".to_owned()]), "2 PEM blocks (A, B)"),
            (Content::Empty, "an empty text"),
            (Content::NotAKey, "no key at all"),
        ];
        for (content, headline) in cases {
            assert_eq!(shape(content).headline(), headline);
        }
    }

    #[test]
    fn damage_is_told_without_control_characters() {
        let cases = [
            (Damage::Truncated { missing: 3 }, "cut short, 3 bytes missing"),
            (Damage::Trailing { extra: 1 }, "followed by 1 byte too many"),
            (Damage::Character { found: '*', line: 2 }, "not base64: '*' on line 2"),
            (Damage::Character { found: '\u{1b}', line: 1 }, "not base64: U+001B on line 1"),
            (Damage::Character { found: '…', line: 1 }, "not base64: U+2026 on line 1"),
            (Damage::Length, "cut short in the middle of a base64 group"),
            (Damage::Structure, "garbled inside"),
            (Damage::TooLong { bytes: 70_000 }, "70000 bytes long, more than any key"),
        ];
        for (damage, text) in cases {
            assert_eq!(damage.to_string(), text);
        }
    }

    #[test]
    fn only_an_rsa_key_is_a_half() {
        for half in [Half::Private, Half::Public] {
            let key = Content::RsaKey { half, container: Container::Pkcs1 };
            assert_eq!(shape(key).half(), Some(half));
            let other = Content::OtherKey { half, algorithm: "EC".to_owned() };
            assert_eq!(shape(other).half(), None);
        }
        assert_eq!(shape(Content::Certificate).half(), None);
    }
}
