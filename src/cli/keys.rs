//! `assay keys`: make keys, say what a pasted text is, and work with keys and signatures by hand.
//!
//! A private key goes into a file that its owner alone can read, and is never printed.

mod convert;
mod inspect;
mod matching;
mod new;
mod sign;
mod signature;
mod verify;

use std::io::{self, Read as _};
use std::path::Path;

use clap::Subcommand;
use evidence::words::{KEY_DSA_DO, KEY_UNUSABLE, KEYS_LARGE, KEYS_LARGE_DO, Place, Sentence};
use signing::{AnyKey, AnyKeyError, Half};

use super::ca::Ca;
use super::output::{Span, Terminal, Tone};
use crate::bounded::{self, LARGEST_KEY};
use crate::exit::{CommandError, Exit};
use crate::said;

/// Make keys, find out what a key or a signature is, and sign and verify by hand.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  assay keys inspect keys/merchant.pem
  assay keys match keys/merchant.pem keys/merchant.pub")]
pub(super) enum Keys {
    New(new::New),
    Inspect(inspect::Inspect),
    Convert(convert::Convert),
    Match(matching::Match),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Open(verify::Open),
    Ca(Ca),
}

impl Keys {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        match self {
            Self::New(command) => command.perform(terminal),
            Self::Inspect(command) => command.perform(terminal),
            Self::Convert(command) => command.perform(terminal),
            Self::Match(command) => command.perform(terminal),
            Self::Sign(command) => command.perform(terminal),
            Self::Verify(command) => command.perform(terminal),
            Self::Open(command) => command.perform(terminal),
            Self::Ca(command) => command.perform(terminal),
        }
    }
}

/// The bytes of a file, or of standard input for `-`, none longer than any key.
fn text_of(path: &Path) -> Result<Vec<u8>, CommandError> {
    let bytes = bytes_of(path, LARGEST_KEY)?;
    if bytes.len() as u64 > LARGEST_KEY {
        let says = KEYS_LARGE.with([path.display()]);
        return Err(CommandError::Unusable { says, advice: KEYS_LARGE_DO.plain() });
    }
    Ok(bytes)
}

/// The same, and at most one byte more than a limit.
fn bytes_of(path: &Path, limit: u64) -> Result<Vec<u8>, CommandError> {
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut bytes);
        read.map(|_| bytes)
    } else {
        bounded::read(path, limit)
    };
    read.map_err(|source| CommandError::Read { path: path.to_owned(), source })
}

/// A key of any kind. `expected` is the half that an error says was wanted.
fn any_key(path: &Path, text: &[u8], expected: Half) -> Result<AnyKey, CommandError> {
    AnyKey::read(text, expected).map_err(|error| unfit(path, error))
}

/// Why a text is no key of any kind.
fn unfit(path: &Path, error: AnyKeyError) -> CommandError {
    let place = path.display().to_string();
    match error {
        AnyKeyError::Rsa(error) => CommandError::Key { place, error },
        AnyKeyError::Dsa(error) => {
            let why = said::dsa_key_error(&error);
            let says = KEY_UNUSABLE.holding([Place::value(place), why.into()]);
            CommandError::Unusable { says, advice: KEY_DSA_DO.plain() }
        }
    }
}

/// A label with what belongs to it.
pub(super) fn labelled(terminal: &mut Terminal, label: &Sentence, text: String) {
    let label = format!("{}: ", label.text(terminal.language()));
    terminal.line([Span::new(Tone::Faint, label), Span::from(text)]);
}
