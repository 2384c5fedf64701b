//! `assay keys convert`: the same key in another container and another form.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use evidence::words::{
    CONVERT_DER, CONVERT_DER_DO, CONVERT_OUT, CONVERT_OUT_DO, CONVERT_UNFIT, CONVERT_UNFIT_DO,
    INIT_EXISTS, INIT_EXISTS_ELSE_DO, INIT_WROTE, INIT_WROTE_PRIVATE,
};
use signing::{Container, Form, Half};

use super::{any_key, text_of};
use crate::cli::init::write_file;
use crate::cli::output::Terminal;
use crate::exit::{CommandError, Exit};
use crate::said::half_of;

/// Write a key in another container and another form, or its public half.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  assay keys convert keys/merchant.pem --form base64 --out keys/merchant.txt
  assay keys convert keys/merchant.pem --public
  assay keys convert alipay.crt --to spki")]
pub(in crate::cli) struct Convert {
    /// The file with the key or the certificate, or - for standard input.
    file: PathBuf,
    /// The container; by default pkcs8 for a private key, and spki for a public one.
    #[arg(long, value_name = "CONTAINER")]
    to: Option<ContainerName>,
    /// The form: PEM, base64 on one line as kits in Java have it pasted, or bytes.
    #[arg(long, value_name = "FORM", default_value = "pem")]
    form: FormName,
    /// Only the public half of a private key.
    #[arg(long)]
    public: bool,
    /// A new file for it; a private key goes nowhere else, and is for its owner alone.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A container, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ContainerName {
    /// Private keys of every kind.
    Pkcs8,
    /// RSA keys, either half.
    Pkcs1,
    /// Public keys of every kind.
    Spki,
}

/// A form, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormName {
    /// Between `BEGIN` and `END` lines.
    Pem,
    /// On one line.
    Base64,
    /// Bytes.
    Der,
}

impl Convert {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let text = text_of(&self.file)?;
        let mut key = any_key(&self.file, &text, Half::Private)?;
        if self.public || self.to == Some(ContainerName::Spki) {
            key = key.to_public();
        }
        let (container, form) = (self.container(key.half()), self.form());
        let Some(written) = key.write(container, form) else {
            let name = container.to_string();
            let says = CONVERT_UNFIT.with([key.algorithm(), half_of(key.half()), &name]);
            return Err(CommandError::Usage { says, advice: CONVERT_UNFIT_DO.plain() });
        };
        let private = key.half() == Half::Private;
        let Some(out) = self.out.as_ref().filter(|out| out.as_os_str() != "-") else {
            return self.print(terminal, private, &written);
        };
        if out.exists() {
            let (says, advice) = (INIT_EXISTS.with([out.display()]), INIT_EXISTS_ELSE_DO.plain());
            return Err(CommandError::Usage { says, advice });
        }
        write_file(out, written.as_slice(), private, false)
            .map_err(|source| CommandError::Write { path: out.clone(), source })?;
        let says = if private { &INIT_WROTE_PRIVATE } else { &INIT_WROTE };
        terminal.say(&says.with([out.display()]));
        Ok(Exit::Acceptable)
    }

    fn print(
        &self,
        terminal: &mut Terminal,
        private: bool,
        written: &[u8],
    ) -> Result<Exit, CommandError> {
        let (says, advice) = if private {
            (CONVERT_OUT.with([self.file.display()]), CONVERT_OUT_DO.plain())
        } else if self.form == FormName::Der {
            (CONVERT_DER.plain(), CONVERT_DER_DO.plain())
        } else {
            // Both other forms are ASCII.
            let text = String::from_utf8_lossy(written);
            terminal.raw(&format!("{}\n", text.trim_end()));
            return Ok(Exit::Acceptable);
        };
        Err(CommandError::Usage { says, advice })
    }

    fn container(&self, half: Half) -> Container {
        match (self.to, half) {
            (Some(ContainerName::Pkcs8), _) | (None, Half::Private) => Container::Pkcs8,
            (Some(ContainerName::Pkcs1), _) => Container::Pkcs1,
            (Some(ContainerName::Spki), _) | (None, Half::Public) => Container::Spki,
        }
    }

    fn form(&self) -> Form {
        match self.form {
            FormName::Pem => Form::Pem,
            FormName::Base64 => Form::Base64,
            FormName::Der => Form::Der,
        }
    }
}
