//! `assay keys ca`: a local authority, for calls to the witness by https.

use std::path::{Path, PathBuf};

use clap::Args;
use clock::Clock;
use evidence::words::{
    CA_FINGERPRINT, CA_NEXT_AFTER, CA_NEXT_PROFILE, CA_NEXT_TRUST, INIT_EXISTS,
    INIT_EXISTS_ELSE_DO, INIT_NEXT, INIT_WROTE, INIT_WROTE_PRIVATE,
};
use signing::Authority;

use super::init::write_file;
use super::keys::labelled;
use super::output::{Span, Terminal, Tone};
use crate::exit::{CommandError, Exit};
use crate::said;

/// Make a local authority, so that a system under test can call the witness by https.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  assay keys ca --out keys/ca")]
pub(super) struct Ca {
    /// Where both files go: the private key with .pem at the end, the certificate with .crt.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Ca {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let (key, certificate) = (self.path("pem"), self.path("crt"));
        for path in [&key, &certificate] {
            if path.exists() {
                return Err(CommandError::Usage {
                    says: INIT_EXISTS.with([path.display()]),
                    advice: INIT_EXISTS_ELSE_DO.plain(),
                });
            }
        }
        let authority = Authority::generate(Clock::real().now())
            .map_err(|why| CommandError::Bug(said::authority_error(&why).into()))?;
        let write = |path: &Path, text: &str, private| {
            write_file(path, text, private, false)
                .map_err(|source| CommandError::Write { path: path.to_owned(), source })
        };
        write(&key, &authority.key_pem(), true)?;
        write(&certificate, &authority.certificate_pem(), false)?;
        terminal.say(&INIT_WROTE_PRIVATE.with([key.display()]));
        terminal.say(&INIT_WROTE.with([certificate.display()]));
        labelled(terminal, &CA_FINGERPRINT, authority.fingerprint());
        let (key, certificate) = (key.display(), certificate.display());
        terminal.line([String::new()]);
        terminal.say(&INIT_NEXT.plain());
        terminal.say(&CA_NEXT_PROFILE.plain());
        let section = format!("  witness: {{ tls: {{ key: {key}, certificate: {certificate} }} }}");
        terminal.line([Span::new(Tone::Strong, section)]);
        terminal.say(&CA_NEXT_TRUST.with([certificate]));
        terminal.say(&CA_NEXT_AFTER.with([key]));
        Ok(Exit::Acceptable)
    }

    /// The name of a file. Who names one of the two means the pair.
    fn path(&self, ending: &str) -> PathBuf {
        let named = self.out.extension().is_some_and(|it| it == "pem" || it == "crt");
        let mut name =
            if named { self.out.with_extension("") } else { self.out.clone() }.into_os_string();
        name.push(".");
        name.push(ending);
        name.into()
    }
}
