//! `assay keys match`: whether keys and certificates belong together.

use std::path::PathBuf;

use clap::Args;
use evidence::words::{MATCH_NO, MATCH_NO_DO, MATCH_SHAPE, MATCH_YES};
use signing::Half;

use super::{any_key, text_of};
use crate::cli::advise;
use crate::cli::output::{Span, Terminal, Tone};
use crate::exit::{CommandError, Exit};
use crate::said::half_of;

/// Say whether keys belong together: both halves of one pair, also in a certificate.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  assay keys match keys/merchant.pem uploaded.txt alipay.crt")]
pub(in crate::cli) struct Match {
    /// The first, or - for standard input.
    first: PathBuf,
    /// The others.
    #[arg(required = true)]
    others: Vec<PathBuf>,
}

impl Match {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let mut keys = Vec::new();
        for path in std::iter::once(&self.first).chain(&self.others) {
            keys.push((path, any_key(path, &text_of(path)?, Half::Public)?));
        }
        for (path, key) in &keys {
            let shape = MATCH_SHAPE.with([
                key.algorithm(),
                half_of(key.half()),
                &key.bits().to_string(),
                &key.fingerprint(),
            ]);
            let shape = terminal.text(&shape);
            let name = format!("{}: ", path.display());
            terminal.line([Span::new(Tone::Faint, name), Span::from(shape)]);
        }
        let mut prints = keys.iter().map(|(_, key)| key.fingerprint());
        let first = prints.next();
        if prints.all(|print| Some(print) == first) {
            let says = MATCH_YES.text(terminal.language());
            terminal.line([Span::new(Tone::Good, format!("✓ {says}"))]);
            return Ok(Exit::Acceptable);
        }
        let says = MATCH_NO.text(terminal.language());
        terminal.line([Span::new(Tone::Bad, format!("✗ {says}"))]);
        advise(terminal, &MATCH_NO_DO.plain());
        Ok(Exit::Rejected)
    }
}
