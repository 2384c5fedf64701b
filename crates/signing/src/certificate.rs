//! What has to be known of an X.509 certificate: whose it is, whether it is an authority's, how long
//! it holds, and the key in it.

use rsa::pkcs8::der::asn1::{AnyRef, GeneralizedTime, ObjectIdentifier, UtcTime};
use rsa::pkcs8::der::{Decode as _, Encode as _, Tag, Tagged as _};

use crate::armour::unwrap;
use crate::der::parts;

/// The extension that says whether a certificate may vouch for others.
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");

/// What the name of who has a certificate is called in it, the best first: its common name, its
/// organisation, a unit of that.
const NAMES: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("2.5.4.3"),
    ObjectIdentifier::new_unwrap("2.5.4.10"),
    ObjectIdentifier::new_unwrap("2.5.4.11"),
];
/// Characters of a name that are kept; it comes from outside.
const LONGEST_NAME: usize = 120;

/// What a certificate says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whether it may vouch for others.
    pub is_authority: bool,
    /// Its first and its last moment, in milliseconds since the Unix epoch.
    pub holds: (i64, i64),
    /// Who has it, by common name or organisation; empty where it names neither.
    pub subject: String,
}

impl Certificate {
    /// Reads a certificate in PEM, base64 or DER; `None` where the text is none. Nothing vouches for
    /// what it says.
    pub fn read(text: &[u8]) -> Option<Self> {
        Self::from_der(&unwrap(text).payload.ok()?)
    }

    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let signed = signed(der)?;
        let fields = parts(signed.value())?;
        // The version stands before the serial number, unless it is the first.
        let version = usize::from(fields.first()?.tag().is_context_specific());
        let validity = fields.get(version + 3)?;
        let [from, until] = parts(validity.value())?.try_into().ok()?;
        let extensions = fields.get(version + 6..)?.last();
        let is_authority = extensions.is_some_and(|told| may_vouch(*told).unwrap_or(false));
        let subject = fields.get(version + 4).and_then(|name| name_in(*name)).unwrap_or_default();
        Some(Self { is_authority, holds: (moment(from)?, moment(until)?), subject })
    }
}

/// The part that is signed, of a certificate or of a request for one.
fn signed(der: &[u8]) -> Option<AnyRef<'_>> {
    let whole = AnyRef::try_from(der).ok().filter(|it| it.tag() == Tag::Sequence)?;
    let [signed, algorithm, signature] = parts(whole.value())?.try_into().ok()?;
    let tags = [signed, algorithm, signature].map(|part| part.tag());
    (tags == [Tag::Sequence, Tag::Sequence, Tag::BitString]).then_some(signed)
}

/// The key in a certificate, or in a request for one, as SPKI in DER.
pub(crate) fn key_in(der: &[u8]) -> Option<Vec<u8>> {
    let fields = parts(signed(der)?.value())?;
    let first = fields.first()?.tag();
    // A request has version, name and key. A certificate has serial number, algorithm, issuer,
    // validity and name before the key, and often the version before all of them.
    let at = match fields.len() {
        3 | 4 if first == Tag::Integer => 2,
        _ => 5 + usize::from(first.is_context_specific()),
    };
    fields.get(at).filter(|key| key.tag() == Tag::Sequence)?.to_der().ok()
}

/// The best name in a distinguished name.
fn name_in(name: AnyRef<'_>) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    for set in parts(name.value())? {
        for attribute in parts(set.value())? {
            let [kind, value] = parts(attribute.value())?.try_into().ok()?;
            let kind = kind.decode_as::<ObjectIdentifier>().ok()?;
            let Some(rank) = NAMES.iter().position(|known| *known == kind) else { continue };
            if best.as_ref().is_none_or(|(other, _)| rank < *other) {
                let text = String::from_utf8_lossy(value.value());
                best = Some((rank, text.chars().take(LONGEST_NAME).collect()));
            }
        }
    }
    best.map(|(_, text)| text)
}

/// Whether extensions say that their certificate may vouch for others.
fn may_vouch(extensions: AnyRef<'_>) -> Option<bool> {
    let extensions = AnyRef::from_der(extensions.value()).ok()?;
    for extension in parts(extensions.value())? {
        let told = parts(extension.value())?;
        if told.first()?.decode_as::<ObjectIdentifier>().ok() != Some(BASIC_CONSTRAINTS) {
            continue;
        }
        let constraints = AnyRef::from_der(told.last()?.value()).ok()?;
        let first = parts(constraints.value())?;
        return first.first()?.decode_as().ok();
    }
    None
}

fn moment(told: AnyRef<'_>) -> Option<i64> {
    let since = if told.tag() == Tag::UtcTime {
        told.decode_as::<UtcTime>().ok()?.to_unix_duration()
    } else {
        told.decode_as::<GeneralizedTime>().ok()?.to_unix_duration()
    };
    i64::try_from(since.as_millis()).ok()
}
