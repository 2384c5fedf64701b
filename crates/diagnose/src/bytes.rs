//! What programs do to bytes before they sign them, or before they verify.

use std::borrow::Cow;

use encoding_rs::GBK;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};

use crate::mistake::Mistake;

/// A change of bytes; `None` where it changes nothing or cannot be done.
pub(crate) type Change = fn(&[u8]) -> Option<Vec<u8>>;

/// What may happen to a whole body.
pub(crate) const OF_BODY: &[(Mistake, Change)] = &[
    (Mistake::NewlineSigned, |bytes| Some([bytes, b"\n"].concat())),
    (Mistake::NewlineSigned, |bytes| Some([bytes, b"\r\n"].concat())),
    (Mistake::NewlineNotSigned, |bytes| {
        let cut = bytes.strip_suffix(b"\n")?;
        Some(cut.strip_suffix(b"\r").unwrap_or(cut).to_vec())
    }),
    (Mistake::BomSigned, |bytes| Some([BOM, bytes].concat())),
    (Mistake::BomNotSigned, |bytes| bytes.strip_prefix(BOM).map(<[u8]>::to_vec)),
    (Mistake::BodyEmpty, |bytes| (!bytes.is_empty()).then(Vec::new)),
];

/// What may happen to a body or to each value of a form.
pub(crate) const OF_TEXT: &[(Mistake, Change)] = &[
    (Mistake::SignedInGbk, gbk),
    (Mistake::SignedInUtf8, utf8),
    (Mistake::SignedInLatin1, latin1),
    (Mistake::SignedTwiceEncoded, twice_encoded),
    (Mistake::SignedMojibake, mojibake),
    (Mistake::SignedQuestionMarks, question_marks),
    (Mistake::EntitiesSigned, |bytes| entities(bytes, b"&#039;")),
    (Mistake::EntitiesSigned, |bytes| entities(bytes, b"&#39;")),
    (Mistake::EntitiesSigned, angles),
    (Mistake::EntitiesNotSigned, entities_decoded),
    (Mistake::SlashesSigned, slashes_added),
    (Mistake::SlashesNotSigned, slashes_stripped),
    (Mistake::LineEndsLf, |bytes| changed(bytes, replaced(bytes, b"\r\n", b"\n"))),
    (Mistake::LineEndsCrlf, |bytes| {
        changed(bytes, replaced(&replaced(bytes, b"\r\n", b"\n"), b"\n", b"\r\n"))
    }),
    (Mistake::Trimmed, |bytes| changed(bytes, bytes.trim_ascii().to_vec())),
    (Mistake::BlanksFolded, folded),
    (Mistake::PercentSigned, |bytes| {
        changed(bytes, percent_encode(bytes, COMPONENT).to_string().into_bytes())
    }),
    (Mistake::PercentSigned, |bytes| {
        changed(bytes, lower_escapes(&percent_encode(bytes, COMPONENT).to_string()))
    }),
    (Mistake::FormSigned, |bytes| changed(bytes, form(bytes).into_bytes())),
    (Mistake::FormSigned, |bytes| changed(bytes, lower_escapes(&form(bytes)))),
    (Mistake::PercentNotSigned, |bytes| changed(bytes, percent_decode(bytes).collect())),
    (Mistake::PercentNotSigned, |bytes| {
        changed(bytes, percent_decode(&replaced(bytes, b"+", b" ")).collect())
    }),
    (Mistake::PlusAsBlank, |bytes| changed(bytes, replaced(bytes, b"+", b" "))),
];

/// The mark that some editors and languages put before UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// What `encodeURIComponent` and PHP's `rawurlencode` leave alone.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~');
/// What Java's form encoding leaves alone.
const FORM: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'*').remove(b'_').remove(b' ');

fn changed(before: &[u8], after: Vec<u8>) -> Option<Vec<u8>> {
    (before != after).then_some(after)
}

/// Every occurrence replaced.
pub(crate) fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(from) {
            out.extend_from_slice(to);
            rest = after;
        } else {
            out.push(*first);
            rest = after;
        }
    }
    out
}

fn form(bytes: &[u8]) -> String {
    percent_encode(bytes, FORM).to_string().replace(' ', "+")
}

/// The same with the escapes in lower case, as .NET writes them.
fn lower_escapes(text: &str) -> Vec<u8> {
    let mut out = text.as_bytes().to_vec();
    let escapes: Vec<usize> =
        out.iter().enumerate().filter(|(_, byte)| **byte == b'%').map(|(at, _)| at).collect();
    for at in escapes {
        if let Some(digits) = out.get_mut(at + 1..at + 3) {
            digits.make_ascii_lowercase();
        }
    }
    out
}

/// The text, where it is not ASCII anyway.
fn foreign(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.is_ascii())
}

fn gbk(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = foreign(bytes)?;
    // What GBK lacks becomes a question mark in every language that does not fail.
    let mut out = Vec::with_capacity(bytes.len());
    for character in text.chars() {
        let (mut buffer, text) = ([0; 4], character);
        let (encoded, _, unmappable) = GBK.encode(text.encode_utf8(&mut buffer));
        if unmappable { out.push(b'?') } else { out.extend_from_slice(&encoded) }
    }
    Some(out)
}

fn utf8(bytes: &[u8]) -> Option<Vec<u8>> {
    if std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let text = GBK.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned().into_bytes())
}

fn latin1(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = foreign(bytes)?;
    Some(text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect())
}

fn twice_encoded(bytes: &[u8]) -> Option<Vec<u8>> {
    foreign(bytes)?;
    Some(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes())
}

fn mojibake(bytes: &[u8]) -> Option<Vec<u8>> {
    foreign(bytes)?;
    let (text, _) = GBK.decode_without_bom_handling(bytes);
    changed(bytes, text.into_owned().into_bytes())
}

fn question_marks(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = foreign(bytes)?;
    Some(text.chars().map(|c| u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(b'?')).collect())
}

fn each(bytes: &[u8], escape: impl Fn(u8) -> Option<&'static [u8]>) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    for byte in bytes {
        match escape(*byte) {
            Some(text) => out.extend_from_slice(text),
            None => out.push(*byte),
        }
    }
    changed(bytes, out)
}

fn entities(bytes: &[u8], apostrophe: &'static [u8]) -> Option<Vec<u8>> {
    each(bytes, |byte| match byte {
        b'&' => Some(b"&amp;"),
        b'<' => Some(b"&lt;"),
        b'>' => Some(b"&gt;"),
        b'"' => Some(b"&quot;"),
        b'\'' => Some(apostrophe),
        _ => None,
    })
}

/// As XML escapes texts: quotation marks stay.
fn angles(bytes: &[u8]) -> Option<Vec<u8>> {
    each(bytes, |byte| match byte {
        b'&' => Some(b"&amp;"),
        b'<' => Some(b"&lt;"),
        b'>' => Some(b"&gt;"),
        _ => None,
    })
}

fn entities_decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = Cow::Borrowed(bytes);
    for (entity, character) in [
        (&b"&lt;"[..], &b"<"[..]),
        (b"&gt;", b">"),
        (b"&quot;", b"\""),
        (b"&#34;", b"\""),
        (b"&#039;", b"'"),
        (b"&#39;", b"'"),
        (b"&amp;", b"&"),
    ] {
        text = Cow::Owned(replaced(&text, entity, character));
    }
    changed(bytes, text.into_owned())
}

fn slashes_added(bytes: &[u8]) -> Option<Vec<u8>> {
    each(bytes, |byte| match byte {
        b'\'' => Some(b"\\'"),
        b'"' => Some(b"\\\""),
        b'\\' => Some(b"\\\\"),
        _ => None,
    })
}

fn slashes_stripped(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => out.extend(rest.next()),
            other => out.push(*other),
        }
    }
    changed(bytes, out)
}

fn folded(bytes: &[u8]) -> Option<Vec<u8>> {
    let parts = bytes.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty());
    changed(bytes, parts.collect::<Vec<_>>().join(&b' '))
}
