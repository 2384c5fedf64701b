//! What keys and errors of the crates below say, as sentences of the table. They cannot say it
//! themselves, being below the table; their own text, in English, is the same, which a test holds.

use delivery::TrustError;
use evidence::words::{self as say, Phrase, Place, Sentence};
use sandbox::{SwitchError, switch_ids};
use signing::{
    AuthorityError, Content, Damage, DsaKeyError, Exponent, Half, KeyError, OpenError, Remark,
    Shape, SharedKeyError, SignError,
};

/// What a pasted text is, with its article where the language has one.
pub(crate) fn shape(shape: &Shape) -> Phrase {
    match &shape.content {
        Content::RsaKey { half, container } => {
            let (half, container) = (half_of(*half), container.to_string());
            match shape.bits {
                Some(bits) => say::SHAPE_RSA.with([half, &container, &bits.to_string()]),
                None => say::SHAPE_RSA_UNSIZED.with([half, &container]),
            }
        }
        Content::OtherKey { half, algorithm } => {
            // By the sound of the name as it is spelled out.
            let an = algorithm.starts_with(['E', 'R', 'S', 'X', 'u']);
            let sentence = if an { &say::SHAPE_OTHER_AN } else { &say::SHAPE_OTHER };
            sentence.with([half_of(*half), algorithm])
        }
        Content::Encrypted => say::SHAPE_ENCRYPTED.plain(),
        Content::Certificate => say::SHAPE_CERTIFICATE.plain(),
        Content::CertificateRequest => say::SHAPE_REQUEST.plain(),
        Content::Foreign(name) => foreign(name),
        Content::Several(labels) => {
            say::SHAPE_SEVERAL.with([labels.len().to_string(), labels.join(", ")])
        }
        Content::Damaged(found) => say::SHAPE_DAMAGED.holding([damage(found).into()]),
        Content::Empty => say::SHAPE_EMPTY.plain(),
        Content::NotAKey => say::SHAPE_NOT_A_KEY.plain(),
    }
}

/// The word for a half in the table.
pub(crate) fn half_of(half: Half) -> &'static str {
    match half {
        Half::Private => "private",
        Half::Public => "public",
    }
}

/// A format of another tool: the same sentence, or its bare name.
fn foreign(name: &str) -> Phrase {
    let known = [&say::SHAPE_PKCS12, &say::SHAPE_PKCS7, &say::SHAPE_JAVA, &say::SHAPE_OPENSSH];
    let known = known.into_iter().find(|sentence| sentence.en == name);
    known.map_or_else(|| say::SAID_ELSEWHERE.with([name]), Sentence::plain)
}

fn damage(damage: &Damage) -> Phrase {
    let bytes = |count: usize| -> Place {
        let said = if count == 1 { say::BYTES_ONE.plain() } else { say::BYTES_MANY.with([count]) };
        said.into()
    };
    match damage {
        Damage::Truncated { missing } => say::DAMAGE_TRUNCATED.holding([bytes(*missing)]),
        Damage::Trailing { extra } => say::DAMAGE_TRAILING.holding([bytes(*extra)]),
        Damage::Character { found, line } => {
            let found = if found.is_ascii_graphic() {
                format!("'{found}'")
            } else {
                format!("U+{:04X}", u32::from(*found))
            };
            say::DAMAGE_CHARACTER.with([found, line.to_string()])
        }
        Damage::Length => say::DAMAGE_LENGTH.plain(),
        Damage::Structure => say::DAMAGE_STRUCTURE.plain(),
        Damage::TooLong { bytes: length } => say::DAMAGE_TOO_LONG.holding([bytes(*length)]),
    }
}

/// What was tolerated about a text.
pub(crate) fn remark(remark: &Remark) -> Phrase {
    let sentence = match remark {
        Remark::ByteOrderMark => &say::REMARK_BOM,
        Remark::Utf16 => &say::REMARK_UTF16,
        Remark::Quotes => &say::REMARK_QUOTES,
        Remark::EscapedLineBreaks => return say::REMARK_ESCAPED.with(["\\n"]),
        Remark::CarriageReturns => &say::REMARK_CARRIAGE,
        Remark::Blanks => &say::REMARK_BLANKS,
        Remark::OneLine => &say::REMARK_ONE_LINE,
        Remark::Columns(columns) => return say::REMARK_COLUMNS.with([columns]),
        Remark::LeadingText => &say::REMARK_LEADING,
        Remark::TrailingText => &say::REMARK_TRAILING,
        Remark::BeginLineMissing => &say::REMARK_NO_BEGIN,
        Remark::EndLineMissing => &say::REMARK_NO_END,
        Remark::EndLabelDiffers => &say::REMARK_END_DIFFERS,
        Remark::LabelDoesNotFit { fitting } => {
            return say::REMARK_LABEL.holding([Place::quoted(fitting)]);
        }
        Remark::Unpadded => &say::REMARK_UNPADDED,
        Remark::UrlAlphabet => &say::REMARK_URL,
    };
    sentence.plain()
}

/// Why a text is not the DSA key that was wanted.
pub(crate) fn dsa_key_error(error: &DsaKeyError) -> Phrase {
    match error {
        DsaKeyError::Unfit { found, expected } => {
            let expected = Place::value(half_of(*expected));
            say::KEY_DSA_UNFIT.holding([shape(found).into(), expected])
        }
        DsaKeyError::Numbers { expected } => say::KEY_DSA_NUMBERS.with([half_of(*expected)]),
    }
}

/// Why a text is no key that both sides share.
pub(crate) fn shared_key_error(error: SharedKeyError) -> Phrase {
    match error {
        SharedKeyError::Character { at } => say::KEY_SHARED_CHARACTER.with([at]),
        SharedKeyError::Length { found } => say::KEY_SHARED_LENGTH.with([found]),
    }
}

/// Why a text is not the key that was wanted, or why none was made.
pub(crate) fn key_error(error: &KeyError) -> Phrase {
    let unfit = |sentence: &Sentence, found: &Shape, expected: Half| {
        sentence.holding([shape(found).into(), Place::value(half_of(expected))])
    };
    match error {
        KeyError::Empty { expected } => say::KEY_EMPTY.with([half_of(*expected)]),
        KeyError::OtherHalf { found, expected } => unfit(&say::KEY_OTHER_HALF, found, *expected),
        KeyError::Encrypted { found, expected } => unfit(&say::KEY_ENCRYPTED, found, *expected),
        KeyError::Certificate { found, expected } => unfit(&say::KEY_CERTIFICATE, found, *expected),
        KeyError::OtherAlgorithm { found, expected } => {
            unfit(&say::KEY_OTHER_ALGORITHM, found, *expected)
        }
        KeyError::Several { found, expected } => unfit(&say::KEY_SEVERAL, found, *expected),
        KeyError::Damaged { damage: found, expected } => {
            let found = say::SHAPE_DAMAGED.holding([damage(found).into()]);
            say::KEY_DAMAGED.holding([found.into(), Place::value(half_of(*expected))])
        }
        KeyError::NotAKey { found, expected } => unfit(&say::KEY_NOT_ONE, found, *expected),
        KeyError::TooSmall { bits } => say::KEY_TOO_SMALL.with([bits]),
        KeyError::TooLarge { bits } => say::KEY_TOO_LARGE.with([bits]),
        KeyError::EvenModulus => say::KEY_EVEN.plain(),
        KeyError::Exponent { exponent } => {
            let exponent = match exponent {
                Exponent::Number(number) => say::EXPONENT_NUMBER.with([number]),
                Exponent::Long(bits) => say::EXPONENT_BITS.with([bits]),
            };
            say::KEY_EXPONENT.holding([exponent.into()])
        }
        KeyError::Refused { bits } => say::KEY_REFUSED.with([bits]),
        KeyError::Inconsistent { bits } => say::KEY_INCONSISTENT.with([bits]),
        KeyError::Size { bits } => say::KEY_SIZE.with([bits]),
        KeyError::Generation { bits } => say::KEY_GENERATION.with([bits]),
    }
}

/// Why there is no signature.
pub(crate) fn signing(error: SignError) -> Phrase {
    match error {
        SignError::Failed => say::SIGN_FAILED.plain(),
        SignError::Refused => say::SIGN_REFUSED.plain(),
    }
}

/// Why a signature does not open.
pub(crate) fn open_error(error: &OpenError) -> Phrase {
    match error {
        OpenError::Length { found, expected } => say::OPEN_LENGTH.with([found, expected]),
        OpenError::Range => say::OPEN_RANGE.plain(),
        OpenError::Padding => say::OPEN_PADDING.plain(),
        OpenError::DigestInfo { length } => say::OPEN_DIGEST_INFO.with([length]),
    }
}

/// Why there is no authority, or no certificate of it.
pub(crate) fn authority_error(error: &AuthorityError) -> Phrase {
    match error {
        AuthorityError::Key => say::TLS_KEY_FORM.plain(),
        AuthorityError::Certificate => say::TLS_CERTIFICATE_FORM.plain(),
        AuthorityError::NotAuthority => say::TLS_NOT_AUTHORITY.plain(),
        AuthorityError::Foreign => say::TLS_FOREIGN.plain(),
        AuthorityError::NotNow => say::TLS_NOT_NOW.plain(),
        AuthorityError::Nameless => say::TLS_NAMELESS.plain(),
        AuthorityError::Name(name) => say::TLS_NAME_FORM.holding([Place::quoted(name)]),
        AuthorityError::Moment => say::TLS_MOMENT.plain(),
        AuthorityError::Failed => say::TLS_FAILED.plain(),
    }
}

/// Why a setting for SFTP is none.
pub(crate) fn trust(error: &TrustError) -> Phrase {
    match error {
        TrustError::KnownHost => say::TRUST_KNOWN_HOST.plain(),
        TrustError::Revoked => say::TRUST_REVOKED.plain(),
        TrustError::Key => say::TRUST_KEY.plain(),
    }
}

/// Why a switch of the embedded gateway cannot be set.
pub(crate) fn switch(error: &SwitchError) -> Phrase {
    match error {
        SwitchError::Unknown(id) => {
            let ids = switch_ids();
            let (last, others) = ids.split_last().unwrap_or((&"", &[]));
            say::SWITCH_UNKNOWN.with([id, &others.join(", "), *last])
        }
        SwitchError::Choice { id, choice, expected } => {
            say::SWITCH_CHOICE.with([id, choice, expected])
        }
    }
}

#[cfg(test)]
mod tests;
