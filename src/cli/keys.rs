//! `assay keys`: make keys, and say what a pasted text is.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use evidence::words::{
    INIT_EXISTS, INIT_EXISTS_ELSE_DO, INIT_WROTE, INIT_WROTE_PRIVATE, KEYS_BITS, KEYS_FINGERPRINT,
    KEYS_PRIVATE_LINE, KEYS_PRIVATE_SHOWN_DO, KEYS_PUBLIC_LINE, KEYS_REMARK, KEYS_WHAT,
    MISUSE_BITS, Sentence,
};
use signing::{Content, Half, PrivateKey, PublicKey};

use super::ca::Ca;
use super::init::write_file;
use super::misuse::Misuse;
use super::output::{Span, Terminal, Tone};
use crate::exit::{CommandError, Exit};
use crate::said;

/// Bytes that are read at most; no key is as long.
const LARGEST: u64 = 64 * 1024;

/// Make keys, and find out what a key is.
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  assay keys inspect keys/merchant.pem")]
pub(super) enum Keys {
    /// Make a fresh RSA key pair.
    New(New),
    /// Make a local authority, so that a system under test can call the witness by https.
    Ca(Ca),
    /// Say what a text is, and whether it will do as a key.
    Inspect(Inspect),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  assay keys new --bits 3072 --out keys/report.pem")]
pub(super) struct New {
    /// Its size: 2048, 3072 or 4096.
    #[arg(long, default_value_t = 2048, value_parser = bits)]
    bits: u32,
    /// The file for the private key; the public key goes beside it, with .pub at the end.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Also print the private key on one line, as some kits want it pasted.
    #[arg(long)]
    show_private: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  pbpaste | assay keys inspect -")]
pub(super) struct Inspect {
    /// The file with the text, or - for standard input.
    file: PathBuf,
}

fn bits(text: &str) -> Result<u32, Misuse> {
    match text.parse() {
        Ok(bits @ (2048 | 3072 | 4096)) => Ok(bits),
        Ok(_) | Err(_) => Err(Misuse(MISUSE_BITS.plain())),
    }
}

impl Keys {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        match self {
            Self::New(command) => command.perform(terminal),
            Self::Ca(command) => command.perform(terminal),
            Self::Inspect(command) => command.perform(terminal),
        }
    }
}

impl New {
    fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let public_path = self.public_path();
        for path in [&self.out, &public_path] {
            if path.exists() {
                return Err(CommandError::Usage {
                    says: INIT_EXISTS.with([path.display()]),
                    advice: INIT_EXISTS_ELSE_DO.plain(),
                });
            }
        }
        let key = PrivateKey::generate(self.bits)
            .map_err(|error| CommandError::Bug(said::key_error(&error).into()))?;
        let public = key.public();
        let write = |path: &Path, text: &str, private| {
            write_file(path, text, private, false)
                .map_err(|source| CommandError::Write { path: path.to_owned(), source })
        };
        write(&self.out, &key.to_pkcs8_pem(), true)?;
        write(&public_path, &public.to_spki_pem(), false)?;
        terminal.say(&INIT_WROTE_PRIVATE.with([self.out.display()]));
        terminal.say(&INIT_WROTE.with([public_path.display()]));
        labelled(terminal, &KEYS_FINGERPRINT, public.fingerprint());
        labelled(terminal, &KEYS_PUBLIC_LINE, public.to_spki_base64());
        if self.show_private {
            labelled(terminal, &KEYS_PRIVATE_LINE, key.to_pkcs8_base64());
        } else {
            terminal.say(&KEYS_PRIVATE_SHOWN_DO.plain());
        }
        Ok(Exit::Acceptable)
    }

    fn public_path(&self) -> PathBuf {
        let mut name = self.out.clone().into_os_string();
        name.push(".pub");
        name.into()
    }
}

impl Inspect {
    fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let text =
            self.read().map_err(|source| CommandError::Read { path: self.file.clone(), source })?;
        let shape = signing::inspect(&text);
        let what = terminal.text(&said::shape(&shape));
        labelled(terminal, &KEYS_WHAT, what);
        for remark in &shape.remarks {
            let remark = terminal.text(&said::remark(remark));
            labelled(terminal, &KEYS_REMARK, remark);
        }
        let certificate =
            matches!(shape.content, Content::Certificate | Content::CertificateRequest);
        let public = if certificate || shape.half() == Some(Half::Public) {
            PublicKey::read(&text)
        } else {
            PrivateKey::read(&text).map(|key| key.public())
        };
        let place = self.file.display().to_string();
        let public = public.map_err(|error| CommandError::Key { place, error })?;
        labelled(terminal, &KEYS_BITS, public.bits().to_string());
        labelled(terminal, &KEYS_FINGERPRINT, public.fingerprint());
        Ok(Exit::Acceptable)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let from: Box<dyn Read> = if self.file == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            Box::new(File::open(&self.file)?)
        };
        from.take(LARGEST).read_to_end(&mut text)?;
        Ok(text)
    }
}

/// A label with what belongs to it.
pub(super) fn labelled(terminal: &mut Terminal, label: &Sentence, text: String) {
    let label = format!("{}: ", label.text(terminal.language()));
    terminal.line([Span::new(Tone::Faint, label), Span::from(text)]);
}
