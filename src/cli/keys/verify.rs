//! `assay keys verify` and `assay keys open`: a signature over a text, and what is in it.

use std::path::PathBuf;

use clap::Args;
use diagnose::Reading;
use evidence::words::{
    KEYS_REMARK, MISTAKE_SIGNATURE_UPPER_CASE, OPEN_ALGORITHM, OPEN_DIGEST, OPEN_NOT, OPEN_NOT_DO,
    OPEN_RSA_ALONE, OPEN_RSA_ALONE_DO, Phrase, Place, SIGNATURE_COMPARE_DO, SIGNATURE_HOLDS,
    SIGNATURE_INEXACT, SIGNATURE_LESS, SIGNATURE_MORE, SIGNATURE_NOT, SIGNATURE_OTHER_ALGORITHM,
    SIGNATURE_OTHER_TEXT, SIGNATURE_PSS, SIGNATURE_SIDE_BY_SIDE, SIGNATURE_UNKNOWN,
};
use signing::{AnyKey, Half, OpenError, Opened, PublicKey, hex};

use super::signature::{Algorithm, Pasted, Signer, Text, exit, pasted, signer};
use super::{any_key, labelled, text_of};
use crate::cli::advise;
use crate::cli::output::{Span, Terminal, Tone};
use crate::exit::{CommandError, Exit};
use crate::said;

/// Say whether a signature holds over a text, and if not, as much as can be said about why.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  assay keys verify --key keys/alipay.pub --signature signature.txt content-to-sign.txt")]
pub(in crate::cli) struct Verify {
    /// The public key, or the shared key for MD5; of a private key or a certificate, the public half.
    #[arg(long, value_name = "KEY")]
    key: PathBuf,
    /// The signature, or a file with it.
    #[arg(long, value_name = "SIGNATURE")]
    signature: String,
    /// How; by default what the key is for: RSA2, which the newer generation calls RSA256, DSA or MD5.
    #[arg(long, value_name = "NAME", ignore_case = true)]
    algorithm: Option<Algorithm>,
    #[command(flatten)]
    text: Text,
}

/// Open a signature with a public key: which digest is in it, by which algorithm.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  assay keys open --key keys/merchant.pub signature.txt")]
pub(in crate::cli) struct Open {
    /// The public key; of a private key or a certificate, the public half.
    #[arg(long, value_name = "KEY")]
    key: PathBuf,
    /// The signature, a file with it, or - for standard input.
    #[arg(value_name = "SIGNATURE")]
    signature: String,
}

impl Verify {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let (key, algorithm) = signer(&self.key, self.algorithm, Half::Public)?;
        let signature = pasted(&self.signature)?;
        let text = self.text.bytes()?;
        let key = match key {
            Signer::Pair(key) => Signer::Pair(key.to_public()),
            Signer::Shared(key) => Signer::Shared(key),
        };
        let holds = holds(&key, algorithm, &signature, &text);
        let (sentence, tone, mark) = match holds {
            Some(_) => (&SIGNATURE_HOLDS, Tone::Good, "✓"),
            None => (&SIGNATURE_NOT, Tone::Bad, "✗"),
        };
        let says = sentence.with([algorithm.name().to_owned(), self.key.display().to_string()]);
        let says = terminal.text(&says);
        terminal.line([Span::new(tone, format!("{mark} ")), Span::from(says)]);
        let good = holds.is_some();
        let remark = match holds {
            Some(Holds(odd)) => odd,
            None => Some(why_not(&key, algorithm, &signature, &text)),
        };
        if let Some(remark) = remark {
            let remark = terminal.text(&remark);
            labelled(terminal, &KEYS_REMARK, remark);
        }
        if !good {
            advise(terminal, &SIGNATURE_COMPARE_DO.plain());
        }
        Ok(exit(good))
    }
}

/// That a signature holds, and what is odd about how it is written.
struct Holds(Option<Phrase>);

/// Whether a signature holds.
fn holds(key: &Signer, algorithm: Algorithm, signature: &Pasted, text: &[u8]) -> Option<Holds> {
    let spelled = |reading: &Reading| Holds(reading.step.as_ref().map(diagnose::Step::says));
    let mut readings = signature.readings.iter();
    match key {
        Signer::Shared(key) if key.verify(text, &signature.text) => Some(Holds(None)),
        Signer::Shared(key) => {
            let small = signature.text.to_ascii_lowercase();
            key.verify(text, &small).then(|| Holds(Some(MISTAKE_SIGNATURE_UPPER_CASE.plain())))
        }
        Signer::Pair(AnyKey::DsaPublic(key)) => readings.find_map(|reading| {
            if key.verify(text, &reading.bytes) {
                return Some(spelled(reading));
            }
            let raw = key.verify_raw(text, &reading.bytes);
            raw.then(|| Holds(Some(SIGNATURE_SIDE_BY_SIDE.plain())))
        }),
        Signer::Pair(AnyKey::RsaPublic(key)) => {
            let verify: fn(&PublicKey, &[u8], &[u8]) -> bool = match algorithm {
                Algorithm::Rsa => PublicKey::verify_sha1,
                Algorithm::Rsa2 | Algorithm::Dsa | Algorithm::Md5 => PublicKey::verify,
            };
            readings.find(|reading| verify(key, text, &reading.bytes)).map(spelled)
        }
        Signer::Pair(AnyKey::RsaPrivate(_) | AnyKey::DsaPrivate(_)) => None,
    }
}

/// As much as can be said about a signature that does not hold.
fn why_not(key: &Signer, algorithm: Algorithm, signature: &Pasted, text: &[u8]) -> Phrase {
    let other_end = match text.strip_suffix(b"\n") {
        Some(bare) => (&SIGNATURE_LESS, bare.strip_suffix(b"\r").unwrap_or(bare).to_vec()),
        None => (&SIGNATURE_MORE, [text, b"\n"].concat()),
    };
    if holds(key, algorithm, signature, &other_end.1).is_some() {
        return other_end.0.plain();
    }
    let Signer::Pair(AnyKey::RsaPublic(key)) = key else { return SIGNATURE_UNKNOWN.plain() };
    let readings = &signature.readings;
    if readings.iter().any(|reading| key.verify_pss(text, &reading.bytes)) {
        return SIGNATURE_PSS.plain();
    }
    match opened(key, readings) {
        Ok((opened, _)) => {
            let own = opened.algorithm.digest(text);
            if own.as_ref() != Some(&opened.digest) {
                let own = own.map_or_else(|| "?".to_owned(), |own| hex(&own));
                let name = opened.algorithm.to_string();
                SIGNATURE_OTHER_TEXT.with([name, hex(&opened.digest), own])
            } else if opened.exact {
                let name = format!("RSA, {}", opened.algorithm);
                SIGNATURE_OTHER_ALGORITHM.with([&name, algorithm.name()])
            } else {
                SIGNATURE_INEXACT.plain()
            }
        }
        Err(error) => said::open_error(&error),
    }
}

impl Open {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let key = any_key(&self.key, &text_of(&self.key)?, Half::Public)?.to_public();
        let AnyKey::RsaPublic(public) = &key else {
            let says = OPEN_RSA_ALONE.with([key.algorithm()]);
            return Err(CommandError::Usage { says, advice: OPEN_RSA_ALONE_DO.plain() });
        };
        let signature = pasted(&self.signature)?;
        match opened(public, &signature.readings) {
            Ok((opened, reading)) => {
                labelled(terminal, &OPEN_ALGORITHM, opened.algorithm.to_string());
                labelled(terminal, &OPEN_DIGEST, hex(&opened.digest));
                let inexact = (!opened.exact).then(|| SIGNATURE_INEXACT.plain());
                let spelled = reading.step.as_ref().map(diagnose::Step::says);
                for remark in inexact.into_iter().chain(spelled) {
                    let remark = terminal.text(&remark);
                    labelled(terminal, &KEYS_REMARK, remark);
                }
                Ok(exit(true))
            }
            Err(error) => {
                let place = Place::value(self.key.display());
                let says = OPEN_NOT.holding([place, said::open_error(&error).into()]);
                let says = terminal.text(&says);
                terminal.line([Span::new(Tone::Bad, "✗ "), Span::from(says)]);
                advise(terminal, &OPEN_NOT_DO.plain());
                Ok(exit(false))
            }
        }
    }
}

/// What comes out of a signature, in the first way to read it that gives something; else why
/// nothing does, told of the way whose length fits best.
fn opened<'a>(
    key: &PublicKey,
    readings: &'a [Reading],
) -> Result<(Opened, &'a Reading), OpenError> {
    let mut why = OpenError::Padding;
    for (at, reading) in readings.iter().enumerate() {
        match key.open(&reading.bytes) {
            Ok(opened) => return Ok((opened, reading)),
            Err(error) => {
                let better = !matches!(error, OpenError::Length { .. });
                if at == 0 || better {
                    why = error;
                }
            }
        }
    }
    Err(why)
}
