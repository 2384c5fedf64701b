//! `assay keys sign`: a signature over a text, by hand.

use std::path::PathBuf;

use clap::Args;
use evidence::words::{
    KEYS_ALGORITHM_WEAK, KEYS_LINE_END, KEYS_LINE_END_DO, LABEL_WARNING, Phrase, SIGN_FAILED,
};
use signing::{AnyKey, AnyKeyError, DsaPrivateKey, Half, PrivateKey, base64_encode};

use super::signature::{Algorithm, Signer, Text, signer, unfit};
use super::{text_of, unfit as unfit_key};
use crate::cli::advise;
use crate::cli::output::{Span, Terminal, Tone};
use crate::exit::{CommandError, Exit};
use crate::said;

/// Sign a text by hand, byte for byte.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  assay keys sign --key keys/merchant.pem content-to-sign.txt
  printf %s 'amount=1&partner=2' | assay keys sign --key md5.key --algorithm MD5")]
pub(in crate::cli) struct Sign {
    /// The private key, or the shared key for MD5.
    #[arg(long, value_name = "KEY")]
    key: PathBuf,
    /// How; by default what the key is for: RSA2, which the newer generation calls RSA256, DSA or MD5.
    #[arg(long, value_name = "NAME", ignore_case = true)]
    algorithm: Option<Algorithm>,
    #[command(flatten)]
    text: Text,
}

impl Sign {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let (key, algorithm) = signer(&self.key, self.algorithm, Half::Private)?;
        let signs = matches!(
            key,
            Signer::Shared(_) | Signer::Pair(AnyKey::RsaPrivate(_) | AnyKey::DsaPrivate(_))
        );
        if !signs {
            return Err(self.no_private_key(&key)?);
        }
        let text = self.text.bytes()?;
        let signature = match (&key, algorithm) {
            (Signer::Shared(key), _) => key.sign(&text),
            (Signer::Pair(AnyKey::RsaPrivate(key)), Algorithm::Rsa) => {
                base64_encode(&key.sign_sha1(&text).map_err(failed)?)
            }
            (Signer::Pair(AnyKey::RsaPrivate(key)), Algorithm::Rsa2) => {
                base64_encode(&key.sign(&text).map_err(failed)?)
            }
            (Signer::Pair(AnyKey::DsaPrivate(key)), Algorithm::Dsa) => {
                base64_encode(&key.sign(&text).map_err(failed)?)
            }
            (Signer::Pair(key), _) => return Err(unfit(algorithm, key.algorithm())),
        };
        terminal.line([signature]);
        if algorithm != Algorithm::Rsa2 {
            warn(terminal, &KEYS_ALGORITHM_WEAK.with([algorithm.name()]));
        }
        if text.ends_with(b"\n") {
            warn(terminal, &KEYS_LINE_END.plain());
            advise(terminal, &KEYS_LINE_END_DO.plain());
        }
        Ok(Exit::Acceptable)
    }

    /// What is said of the public half, or of a certificate, where the private half was to be.
    fn no_private_key(&self, key: &Signer) -> Result<CommandError, CommandError> {
        let text = text_of(&self.key)?;
        let error: Option<AnyKeyError> = match key {
            Signer::Pair(AnyKey::DsaPublic(_)) => DsaPrivateKey::read(&text).err().map(Into::into),
            Signer::Pair(_) | Signer::Shared(_) => PrivateKey::read(&text).err().map(Into::into),
        };
        let bug = || CommandError::Bug(SIGN_FAILED.plain().into());
        Ok(error.map_or_else(bug, |error| unfit_key(&self.key, error)))
    }
}

fn failed(error: signing::SignError) -> CommandError {
    CommandError::Bug(said::signing(error).into())
}

fn warn(terminal: &mut Terminal, says: &Phrase) {
    let label = format!("{}: ", LABEL_WARNING.text(terminal.language()));
    let says = terminal.text(says);
    terminal.note([Span::new(Tone::Warning, label), Span::from(says)]);
}
