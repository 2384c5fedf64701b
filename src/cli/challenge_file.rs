//! The file of a challenge, which the command line names.

use std::path::Path;

use evidence::words::{CHALLENGE_UNUSABLE, CHALLENGE_UNUSABLE_DO, Phrase, Place};

use crate::bounded;
use crate::exit::CommandError;
use crate::seal::{Challenge, LARGEST_CHALLENGE};

/// Reads a challenge.
pub(super) fn read(path: &Path) -> Result<Challenge, CommandError> {
    let read = bounded::read(path, LARGEST_CHALLENGE);
    let bytes = read.map_err(|source| CommandError::Read { path: path.to_owned(), source })?;
    Challenge::read(&bytes).map_err(|why| unusable(path, why))
}

/// Why one cannot be used.
pub(super) fn unusable(path: &Path, why: Phrase) -> CommandError {
    let says = CHALLENGE_UNUSABLE.holding([Place::value(path.display()), why.into()]);
    CommandError::Unusable { says, advice: CHALLENGE_UNUSABLE_DO.plain() }
}
