//! Key files that the command line names.

use std::path::Path;

use evidence::words::{KEY_DSA_DO, KEY_SHARED_DO, KEY_UNUSABLE, Phrase, Place, Sentence};
use signing::{DsaKeyError, KeyError, SharedKey};

use crate::bounded::{self, LARGEST_KEY};
use crate::exit::CommandError;
use crate::said;

fn bytes(path: &Path) -> Result<Vec<u8>, CommandError> {
    bounded::read(path, LARGEST_KEY)
        .map_err(|source| CommandError::Read { path: path.to_owned(), source })
}

/// A half of an RSA key.
pub(super) fn rsa<K>(
    path: &Path,
    parse: impl Fn(&[u8]) -> Result<K, KeyError>,
) -> Result<K, CommandError> {
    parse(&bytes(path)?)
        .map_err(|error| CommandError::Key { place: path.display().to_string(), error })
}

/// A half of a DSA key.
pub(super) fn dsa<K>(
    path: &Path,
    parse: impl Fn(&[u8]) -> Result<K, DsaKeyError>,
) -> Result<K, CommandError> {
    parse(&bytes(path)?).map_err(|why| unusable(path, said::dsa_key_error(&why), &KEY_DSA_DO))
}

/// A key that both sides share.
pub(super) fn shared(path: &Path) -> Result<SharedKey, CommandError> {
    SharedKey::read(&bytes(path)?)
        .map_err(|why| unusable(path, said::shared_key_error(why), &KEY_SHARED_DO))
}

fn unusable(path: &Path, why: Phrase, advice: &Sentence) -> CommandError {
    let says = KEY_UNUSABLE.holding([Place::value(path.display()), why.into()]);
    CommandError::Unusable { says, advice: advice.plain() }
}
