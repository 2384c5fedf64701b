//! `assay review challenge`: what a run has to answer, so that nobody can have played it before.

use std::path::PathBuf;

use clap::Args;
use evidence::words::{
    CHALLENGE_DAYS, CHALLENGE_KEEP, CHALLENGE_MADE, CHALLENGE_TAKEN_DO, CHALLENGE_WHO, INIT_WROTE,
};

use super::taken;
use crate::cli::init::write_file;
use crate::cli::misuse::Misuse;
use crate::cli::output::Terminal;
use crate::cli::run::deliver::now;
use crate::exit::{CommandError, Exit};
use crate::seal::{CHALLENGE_FILE, Challenge, after_days};
use crate::suite::Suite;

/// For how many days a challenge can be answered at most.
const MOST_DAYS: u16 = 90;
/// The longest id of a merchant.
const LONGEST_ID: usize = 64;

/// Make a challenge: a nonce that a run has to answer before it expires.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  assay review challenge --days 7 --out challenge.json\n  \
                        assay review challenge --merchant 5Y00000000000001 --out for-acme.json")]
pub(super) struct MakeChallenge {
    /// For how many days it can be answered.
    #[arg(long, value_name = "N", default_value = "7", value_parser = days)]
    days: u16,
    /// The client id or partner id of the only merchant that may answer it; without one, whoever has
    /// it.
    #[arg(long, value_name = "ID", value_parser = merchant)]
    merchant: Option<String>,
    /// Where it goes; a file that is there is never written over.
    #[arg(long, value_name = "FILE", default_value = CHALLENGE_FILE)]
    out: PathBuf,
}

/// Reads `--days`.
fn days(text: &str) -> Result<u16, Misuse> {
    let asked = text.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
    asked.ok_or_else(|| Misuse(CHALLENGE_DAYS.with([1, MOST_DAYS])))
}

/// Reads `--merchant`.
fn merchant(text: &str) -> Result<String, Misuse> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let id = (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(fits);
    if id { Ok(text.to_owned()) } else { Err(Misuse(CHALLENGE_WHO.plain())) }
}

impl MakeChallenge {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        taken(Some(&self.out), &CHALLENGE_TAKEN_DO)?;
        let suite = Suite::embedded().map_err(CommandError::Suite)?;
        let issued = now();
        let expires = after_days(&issued, self.days);
        let expires = expires.ok_or_else(|| CommandError::Bug(issued.as_str().into()))?;
        let merchant = self.merchant.as_deref().unwrap_or_default();
        let challenge = Challenge::new(issued, expires, suite.version(), merchant);
        let written = write_file(&self.out, challenge.text(), false, false);
        written.map_err(|source| CommandError::Write { path: self.out.clone(), source })?;
        let name = self.out.display().to_string();
        terminal.say(&INIT_WROTE.with([&name]));
        terminal.say(&CHALLENGE_MADE.with([&name, &challenge.expires]));
        terminal.say(&CHALLENGE_KEEP.with([&name]));
        Ok(Exit::Acceptable)
    }
}

#[cfg(test)]
mod tests {
    use super::{days, merchant};

    #[test]
    fn days_and_ids_have_limits() {
        for (text, fits) in [("1", true), ("90", true), ("0", false), ("91", false), ("x", false)] {
            assert_eq!(days(text).is_ok(), fits, "{text}");
        }
        let long = "a".repeat(65);
        for (text, fits) in [
            ("5Y00000000000001", true),
            ("SANDBOX_5Y00000000000001", true),
            ("", false),
            ("a b", false),
            ("a\n", false),
            (&long, false),
        ] {
            assert_eq!(merchant(text).is_ok(), fits, "{text}");
        }
    }
}
