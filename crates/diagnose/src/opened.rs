//! What can be said of a signature that no known key opens.

use signing::is_dsa_signature;

use crate::mistake::{Mistake, Step};
use crate::subject::{Key, KnownKey};

/// Lengths of signatures by the keys that there are, in bytes.
const LENGTHS: [usize; 4] = [128, 256, 384, 512];
/// The two numbers of a DSA signature side by side, without DER.
const DSA_RAW: [usize; 3] = [40, 56, 64];

/// What can be said.
pub(crate) enum Shut {
    /// Nothing: no key of the right kind is known.
    NoKey,
    /// This, for sure.
    Certainly(Step),
    /// This, or the signature was spoilt on its way.
    Probably(Step),
}

/// Whether bytes are a DSA signature, in DER or as two numbers.
pub(crate) fn is_dsa(bytes: &[u8]) -> bool {
    (bytes.len() < 80 && is_dsa_signature(bytes)) || DSA_RAW.contains(&bytes.len())
}

/// Says what it can of a signature that can be read with these lengths, where `used` is the key in
/// use and `others` are those of the other side.
pub(crate) fn shut(used: &KnownKey, others: &[&KnownKey], lengths: &[usize]) -> Shut {
    let Key::Rsa(key) = &used.key else { return Shut::NoKey };
    let expected = usize::try_from(key.bits()).unwrap_or(usize::MAX).div_ceil(8);
    let own = others.iter().find(|other| matches!(&other.key, Key::Rsa(own) if own == key));
    if let Some(other) = own {
        let step = Step::with(Mistake::OwnKeyInSlot, [&used.name, &other.name]);
        return Shut::Certainly(step);
    }
    if lengths.contains(&expected) {
        return Shut::Probably(Step::with(Mistake::UnknownKey, [&used.name]));
    }
    let bits = key.bits().to_string();
    if let Some(other) = lengths.iter().find(|length| LENGTHS.contains(length)) {
        let found = (other * 8).to_string();
        return Shut::Certainly(Step::with(Mistake::OtherSize, [&found, &used.name, &bits]));
    }
    let found = lengths.first().copied().unwrap_or_default().to_string();
    Shut::Certainly(Step::with(Mistake::SignatureCut, [&found, &expected.to_string()]))
}
