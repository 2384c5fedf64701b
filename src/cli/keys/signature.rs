//! What signing, verifying and opening by hand have in common: algorithms, keys, texts and pasted
//! signatures.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use diagnose::{Reading, signature_readings};
use evidence::words::{
    KEY_SHARED_DO, KEY_UNUSABLE, KEYS_ALGORITHM_DO, KEYS_ALGORITHM_UNFIT, KEYS_NO_SIGNATURE,
    KEYS_NO_SIGNATURE_DO, KEYS_TEXT_LARGE, KEYS_TEXT_LARGE_DO, Place,
};
use signing::{AnyKey, Half, SharedKey};

use super::{any_key, bytes_of, text_of};
use crate::exit::{CommandError, Exit};
use crate::said;

/// Bytes of the largest text that is signed or verified.
const LARGEST_TEXT: u64 = 16 << 20;
/// Bytes of the shortest signature that is no MD5: the two numbers of DSA side by side.
const SHORTEST: usize = 40;
/// Digits of an MD5.
const MD5_DIGITS: usize = 32;

/// How texts are signed, as the gateway names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Algorithm {
    /// RSA over SHA-256.
    #[value(name = "RSA2", alias = "RSA256")]
    Rsa2,
    /// RSA over SHA-1.
    #[value(name = "RSA")]
    Rsa,
    /// DSA over SHA-1.
    #[value(name = "DSA")]
    Dsa,
    /// MD5 over the text with the shared key behind it.
    #[value(name = "MD5")]
    Md5,
}

impl Algorithm {
    /// Its name, with the digest.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rsa2 => "RSA2 (SHA-256)",
            Self::Rsa => "RSA (SHA-1)",
            Self::Dsa => "DSA (SHA-1)",
            Self::Md5 => "MD5",
        }
    }
}

/// The text that is signed or verified.
#[derive(Debug, Args)]
pub(super) struct Text {
    /// The file with the text to sign, byte for byte, or - for standard input.
    #[arg(value_name = "FILE", default_value = "-", conflicts_with = "text")]
    file: PathBuf,
    /// The text itself.
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
}

impl Text {
    pub(super) fn bytes(&self) -> Result<Vec<u8>, CommandError> {
        if let Some(text) = &self.text {
            return Ok(text.clone().into_bytes());
        }
        let bytes = bytes_of(&self.file, LARGEST_TEXT)?;
        if bytes.len() as u64 > LARGEST_TEXT {
            let most = (LARGEST_TEXT >> 20).to_string();
            let says = KEYS_TEXT_LARGE.with([self.file.display().to_string(), most]);
            return Err(CommandError::Unusable { says, advice: KEYS_TEXT_LARGE_DO.plain() });
        }
        Ok(bytes)
    }
}

/// A key that signs or verifies.
pub(super) enum Signer {
    /// With a public half.
    Pair(AnyKey),
    /// Without.
    Shared(SharedKey),
}

/// Reads the key for an algorithm, or the algorithm from the key.
pub(super) fn signer(
    path: &Path,
    told: Option<Algorithm>,
    expected: Half,
) -> Result<(Signer, Algorithm), CommandError> {
    let text = text_of(path)?;
    let shared = SharedKey::read(&text);
    match (told, shared) {
        (Some(Algorithm::Md5) | None, Ok(key)) => Ok((Signer::Shared(key), Algorithm::Md5)),
        (Some(Algorithm::Md5), Err(why)) => {
            let why = said::shared_key_error(why);
            let says = KEY_UNUSABLE.holding([Place::value(path.display()), why.into()]);
            Err(CommandError::Unusable { says, advice: KEY_SHARED_DO.plain() })
        }
        (told, _) => {
            let key = any_key(path, &text, expected)?;
            let rsa = key.algorithm() == "RSA";
            let algorithm = match (told, rsa) {
                (Some(told @ (Algorithm::Rsa | Algorithm::Rsa2)), true) => told,
                (Some(Algorithm::Dsa) | None, false) => Algorithm::Dsa,
                (None, true) => Algorithm::Rsa2,
                (Some(told), _) => return Err(unfit(told, key.algorithm())),
            };
            Ok((Signer::Pair(key), algorithm))
        }
    }
}

/// An algorithm that the key does not go with.
pub(super) fn unfit(told: Algorithm, key: &str) -> CommandError {
    let says = KEYS_ALGORITHM_UNFIT.with([told.name(), key]);
    CommandError::Usage { says, advice: KEYS_ALGORITHM_DO.plain() }
}

/// A pasted signature: the bytes as they came, and every way to read them.
pub(super) struct Pasted {
    /// Without blanks around it.
    pub(super) text: String,
    /// The usual way first.
    pub(super) readings: Vec<Reading>,
}

/// Takes a signature from a file, from standard input for `-`, or the text itself.
pub(super) fn pasted(given: &str) -> Result<Pasted, CommandError> {
    let path = Path::new(given);
    let named = given == "-" || path.is_file();
    let bytes = if named { text_of(path)? } else { given.as_bytes().to_vec() };
    let mut readings = signature_readings(&bytes);
    // What is no name of a file is taken for the signature; a wrong name would read as a short one.
    let md5 = bytes.len() == MD5_DIGITS && bytes.iter().all(u8::is_ascii_hexdigit);
    if !named && !md5 {
        readings.retain(|reading| reading.bytes.len() >= SHORTEST);
    }
    if readings.is_empty() {
        let (says, advice) = (KEYS_NO_SIGNATURE.plain(), KEYS_NO_SIGNATURE_DO.plain());
        return Err(CommandError::Unusable { says, advice });
    }
    Ok(Pasted { text: String::from_utf8_lossy(&bytes).trim().to_owned(), readings })
}

/// How a question that was answered with yes or no ends.
pub(super) fn exit(good: bool) -> Exit {
    if good { Exit::Acceptable } else { Exit::Rejected }
}
