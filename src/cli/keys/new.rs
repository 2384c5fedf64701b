//! `assay keys new`: a fresh key pair.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use evidence::words::{
    INIT_EXISTS, INIT_EXISTS_ELSE_DO, INIT_WROTE, INIT_WROTE_PRIVATE, KEYS_DSA_OLD,
    KEYS_FINGERPRINT, KEYS_ONE_LINE_DO, KEYS_PUBLIC_LINE, KEYS_SMALL, LABEL_WARNING, MISUSE_BITS,
    MISUSE_BITS_DSA, MISUSE_BITS_DSA_DO,
};
use signing::{AnyKey, Container, DsaPrivateKey, Form, KeyError, PrivateKey};

use super::labelled;
use crate::cli::init::write_file;
use crate::cli::misuse::Misuse;
use crate::cli::output::{Span, Terminal, Tone};
use crate::exit::{CommandError, Exit};
use crate::said;

/// Make a fresh key pair.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  assay keys new --bits 3072 --out keys/report.pem")]
pub(in crate::cli) struct New {
    /// What for: RSA, or DSA for the older generation.
    #[arg(long, default_value = "rsa", value_name = "KIND")]
    kind: Kind,
    /// Its size: 2048, 3072 or 4096; for the older generation also 1024.
    #[arg(long, default_value_t = 2048, value_parser = bits)]
    bits: u32,
    /// The file for the private key; the public key goes beside it, with .pub at the end.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What a key is for, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// RSA.
    Rsa,
    /// DSA.
    Dsa,
}

fn bits(text: &str) -> Result<u32, Misuse> {
    match text.parse() {
        Ok(bits @ (1024 | 2048 | 3072 | 4096)) => Ok(bits),
        Ok(_) | Err(_) => Err(Misuse(MISUSE_BITS.plain())),
    }
}

impl New {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        if self.kind == Kind::Dsa && self.bits > 2048 {
            let (says, advice) = (MISUSE_BITS_DSA.plain(), MISUSE_BITS_DSA_DO.plain());
            return Err(CommandError::Usage { says, advice });
        }
        let public_path = self.public_path();
        for path in [&self.out, &public_path] {
            if path.exists() {
                return Err(CommandError::Usage {
                    says: INIT_EXISTS.with([path.display()]),
                    advice: INIT_EXISTS_ELSE_DO.plain(),
                });
            }
        }
        let bug = |error: &KeyError| CommandError::Bug(said::key_error(error).into());
        let key = self.made().map_err(|error| bug(&error))?;
        let half = key.to_public();
        let written = (
            key.write(Container::Pkcs8, Form::Pem),
            half.write(Container::Spki, Form::Pem),
            half.write(Container::Spki, Form::Base64),
        );
        let (Some(private), Some(public), Some(line)) = written else {
            return Err(bug(&KeyError::Generation { bits: self.bits }));
        };
        let write = |path: &Path, bytes: &[u8], private| {
            write_file(path, bytes, private, false)
                .map_err(|source| CommandError::Write { path: path.to_owned(), source })
        };
        write(&self.out, &private, true)?;
        write(&public_path, &public, false)?;
        terminal.say(&INIT_WROTE_PRIVATE.with([self.out.display()]));
        terminal.say(&INIT_WROTE.with([public_path.display()]));
        labelled(terminal, &KEYS_FINGERPRINT, key.fingerprint());
        labelled(terminal, &KEYS_PUBLIC_LINE, String::from_utf8_lossy(&line).into_owned());
        terminal.say(&KEYS_ONE_LINE_DO.with([self.out.display()]));
        self.warn(terminal);
        Ok(Exit::Acceptable)
    }

    fn made(&self) -> Result<AnyKey, KeyError> {
        match (self.kind, self.bits) {
            (Kind::Dsa, bits) => DsaPrivateKey::generate(bits).map(AnyKey::DsaPrivate),
            (Kind::Rsa, 1024) => PrivateKey::generate_small().map(AnyKey::RsaPrivate),
            (Kind::Rsa, bits) => PrivateKey::generate(bits).map(AnyKey::RsaPrivate),
        }
    }

    fn warn(&self, terminal: &mut Terminal) {
        let says = match (self.kind, self.bits) {
            (Kind::Dsa, _) => KEYS_DSA_OLD.plain(),
            (Kind::Rsa, bits @ 1024) => KEYS_SMALL.with([bits]),
            (Kind::Rsa, _) => return,
        };
        let label =
            Span::new(Tone::Warning, format!("{}: ", LABEL_WARNING.text(terminal.language())));
        let says = terminal.text(&says);
        terminal.note([label, Span::from(says)]);
    }

    fn public_path(&self) -> PathBuf {
        let mut name = self.out.clone().into_os_string();
        name.push(".pub");
        name.into()
    }
}
