//! What has to be known of an X.509 certificate: whether it is an authority's, and how long it
//! holds.

use rsa::pkcs8::der::asn1::{AnyRef, GeneralizedTime, ObjectIdentifier, UtcTime};
use rsa::pkcs8::der::{Decode as _, Tag, Tagged as _};

use crate::der::parts;

/// The extension that says whether a certificate may vouch for others.
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");

/// What a certificate says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// Whether it may vouch for others.
    pub(crate) is_authority: bool,
    /// Its first and its last moment, in milliseconds since the Unix epoch.
    pub(crate) holds: (i64, i64),
}

impl Certificate {
    /// Reads a certificate; `None` where the bytes are none. Nothing vouches for what it says.
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        let whole = AnyRef::try_from(der).ok().filter(|it| it.tag() == Tag::Sequence)?;
        let [signed, algorithm, signature] = parts(whole.value())?.try_into().ok()?;
        let tags = [signed, algorithm, signature].map(|part| part.tag());
        if tags != [Tag::Sequence, Tag::Sequence, Tag::BitString] {
            return None;
        }
        let fields = parts(signed.value())?;
        // The version stands before the serial number, unless it is the first.
        let version = usize::from(fields.first()?.tag().is_context_specific());
        let validity = fields.get(version + 3)?;
        let [from, until] = parts(validity.value())?.try_into().ok()?;
        let extensions = fields.get(version + 6..)?.last();
        let is_authority = extensions.is_some_and(|told| may_vouch(*told).unwrap_or(false));
        Some(Self { is_authority, holds: (moment(from)?, moment(until)?) })
    }
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
