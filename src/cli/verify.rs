//! `assay verify`: seal, digests, suite, record, signatures and replay of bundles, from the
//! verifier's own keys.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use evidence::words::{
    EXPECT_READABLE, PART_BUNDLE, Phrase, Place, RUN_SHARED, RUN_SIMULATED, SAID_ELSEWHERE,
    Sentence, VERIFY_AS_RECORDED, VERIFY_AS_RECORDED_DO, VERIFY_BROKEN, VERIFY_BROKEN_DO,
    VERIFY_NOT_PROVED, VERIFY_OK, VERIFY_STEP_FILES, VERIFY_STEP_RECORD, VERIFY_STEP_RECORD_ONE,
    VERIFY_STEP_REPLAY, VERIFY_STEP_REPORTS, VERIFY_STEP_SEAL, VERIFY_STEP_SHARED,
    VERIFY_STEP_SIGNATURES, VERIFY_STEP_SUITE, VERIFY_UNKNOWN_GATEWAY, VERIFY_UNKNOWN_GATEWAY_DO,
};
use signing::{DsaPublicKey, PublicKey};

use super::key_file::{dsa, rsa, shared};
use super::output::{Span, Terminal, Tone};
use crate::bounded;
use crate::exit::{CommandError, Exit};
use crate::profile::CheckKey;
use crate::seal::{
    BundleFault, Checked, LARGEST_TOTAL, OpenBundle, Replayed, ZipError, open_bundle, read_zip,
    replay,
};
use crate::suite::Suite;
use crate::verdict::Verdict;

/// Bytes of the largest bundle that is read: its files unpacked, and a megabyte of headers.
const LARGEST_BUNDLE: u64 = LARGEST_TOTAL + (1 << 20);

/// Verify bundles: seal, digests, suite, record, signatures, and every verdict judged again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  assay verify acceptance.zip --trust report.pub\n  \
                        assay verify acceptance.zip --trust report.pub --gateway-key alipay.pub\n  \
                        assay verify acceptance.zip --trust report.pub --md5-key md5.key")]
pub(super) struct Verify {
    /// The bundles.
    #[arg(value_name = "BUNDLE", required = true)]
    bundles: Vec<PathBuf>,
    /// The public key that you trust to seal them, from your own store.
    #[arg(long, value_name = "KEY", required = true)]
    trust: PathBuf,
    /// Public keys of gateways, from your own store; the embedded sandbox's is known.
    #[arg(long, value_name = "KEY")]
    gateway_key: Vec<PathBuf>,
    /// The key that merchant and gateway share for MD5, from your own store.
    #[arg(long, value_name = "FILE")]
    md5_key: Option<PathBuf>,
}

impl Verify {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let suite = Arc::new(Suite::embedded().map_err(CommandError::Suite)?);
        let mut worst = Exit::Acceptable;
        for bundle in &self.bundles {
            let exit = self.one(terminal, &suite, bundle)?;
            worst = if worst.code() >= exit.code() { worst } else { exit };
        }
        terminal.line([""]);
        terminal.say(&VERIFY_NOT_PROVED.plain());
        Ok(worst)
    }

    /// The verifier's own keys of gateways.
    fn own_keys(&self) -> Result<Vec<CheckKey>, CommandError> {
        let mut keys: Vec<CheckKey> =
            self.gateway_key.iter().map(|path| gateway_key(path)).collect::<Result<_, _>>()?;
        if let Some(path) = &self.md5_key {
            keys.push(CheckKey::Shared(shared(path)?));
        }
        Ok(keys)
    }

    fn one(
        &self,
        terminal: &mut Terminal,
        suite: &Arc<Suite>,
        path: &Path,
    ) -> Result<Exit, CommandError> {
        let name = path.display().to_string();
        // The bundle is looked at before any key: what is no bundle needs no key to say so.
        let bytes = match bounded::read(path, LARGEST_BUNDLE) {
            Ok(bytes) if bytes.len() as u64 > LARGEST_BUNDLE => {
                seal_broken(terminal, &name, &BundleFault::Zip(ZipError::TotalSize));
                return Ok(Exit::BundleBroken);
            }
            Ok(bytes) => bytes,
            Err(why) => {
                let why = SAID_ELSEWHERE.with([why]);
                let (part, expected) = (PART_BUNDLE.plain(), EXPECT_READABLE.plain());
                broken(terminal, &name, part, why, expected);
                return Ok(Exit::BundleBroken);
            }
        };
        if let Err(why) = read_zip(&bytes) {
            seal_broken(terminal, &name, &BundleFault::Zip(why));
            return Ok(Exit::BundleBroken);
        }
        let trusted = rsa(&self.trust, PublicKey::read)?;
        let gateways = self.own_keys()?;
        let bundle = match open_bundle(&bytes, &trusted) {
            Ok(bundle) => bundle,
            Err(fault) => {
                seal_broken(terminal, &name, &fault);
                return Ok(Exit::BundleBroken);
            }
        };
        match replay(&bundle, suite, &trusted, &gateways) {
            Ok(replayed) => Ok(told(terminal, &name, &bundle, &replayed, &trusted)),
            Err(fault) => {
                broken(terminal, &name, fault.part.plain(), fault.why, fault.expected);
                Ok(Exit::BundleBroken)
            }
        }
    }
}

/// A gateway's key: of RSA, or of DSA where it is one.
fn gateway_key(path: &Path) -> Result<CheckKey, CommandError> {
    match dsa(path, DsaPublicKey::read) {
        Ok(key) => Ok(CheckKey::Dsa(key)),
        // What is wrong with it is said as of the key that is meant most often.
        Err(_) => rsa(path, PublicKey::read).map(CheckKey::Rsa),
    }
}

fn seal_broken(terminal: &mut Terminal, name: &str, fault: &BundleFault) {
    let part = fault.part();
    broken(terminal, name, part.says(), fault.says(), part.expected().plain());
}

fn broken(terminal: &mut Terminal, name: &str, part: Phrase, why: Phrase, expected: Phrase) {
    let says = VERIFY_BROKEN.holding([Place::value(name), part.into(), why.into()]);
    let says = terminal.text(&says);
    terminal.line([Span::new(Tone::Bad, says)]);
    let advice = terminal.text(&VERIFY_BROKEN_DO.holding([expected.into()]));
    terminal.line([Span::from(format!("  {advice}"))]);
}

fn told(
    terminal: &mut Terminal,
    name: &str,
    bundle: &OpenBundle,
    replayed: &Replayed,
    trusted: &PublicKey,
) -> Exit {
    let holds = terminal.text(&VERIFY_OK.with([name]));
    terminal.line([Span::new(Tone::Strong, holds)]);
    let mut steps = vec![
        VERIFY_STEP_SEAL.with([trusted.fingerprint()]),
        VERIFY_STEP_FILES.with([bundle.files.len()]),
        VERIFY_STEP_SUITE.with([&replayed.results.suite_version]),
        match replayed.attempts {
            1 => VERIFY_STEP_RECORD_ONE.plain(),
            attempts => VERIFY_STEP_RECORD.with([attempts]),
        },
    ];
    match &replayed.checked {
        Checked::Under { count, key } => {
            steps.push(VERIFY_STEP_SIGNATURES.with([&count.to_string(), key]));
        }
        Checked::UnderShared { count } => steps.push(VERIFY_STEP_SHARED.with([count])),
        Checked::AsRecorded { .. } | Checked::Unknown { .. } => {}
    }
    steps.extend([VERIFY_STEP_REPLAY.plain(), VERIFY_STEP_REPORTS.plain()]);
    for step in steps {
        let text = terminal.text(&step);
        terminal.line([Span::new(Tone::Good, "  ✓ "), Span::from(text)]);
    }
    if bundle.statement.predicate.acceptance_report.facts.gateway.simulated {
        warn(terminal, &RUN_SIMULATED.plain(), None);
    }
    match &replayed.checked {
        Checked::Under { .. } => {}
        Checked::UnderShared { .. } => warn(terminal, &RUN_SHARED.plain(), None),
        Checked::AsRecorded { count } => {
            warn(terminal, &RUN_SHARED.plain(), None);
            warn(terminal, &VERIFY_AS_RECORDED.with([count]), Some(&VERIFY_AS_RECORDED_DO));
        }
        Checked::Unknown { key } => {
            warn(terminal, &VERIFY_UNKNOWN_GATEWAY.with([key]), Some(&VERIFY_UNKNOWN_GATEWAY_DO));
        }
    }
    super::run::verdict(terminal, &replayed.results);
    exit(replayed.results.verdict, replayed.checked.by_own_key())
}

/// What the reader has to know about a bundle that holds.
fn warn(terminal: &mut Terminal, says: &Phrase, advice: Option<&Sentence>) {
    let says = terminal.text(says);
    terminal.line([Span::new(Tone::Warning, "  ! "), Span::from(says)]);
    if let Some(advice) = advice {
        let advice = terminal.text(&advice.plain());
        terminal.line([Span::new(Tone::Advice, format!("    {advice}"))]);
    }
}

/// Without the gateway's key its answers prove nothing, whatever they say.
fn exit(verdict: Verdict, gateway_known: bool) -> Exit {
    match verdict {
        Verdict::Acceptable if gateway_known => Exit::Acceptable,
        Verdict::Rejected => Exit::Rejected,
        Verdict::Acceptable | Verdict::Incomplete => Exit::Incomplete,
    }
}

#[cfg(test)]
mod tests {
    use super::exit;
    use crate::exit::Exit;
    use crate::verdict::Verdict;

    #[test]
    fn a_bundle_of_an_unknown_gateway_is_never_accepted() {
        for (verdict, known, wanted) in [
            (Verdict::Acceptable, true, Exit::Acceptable),
            (Verdict::Acceptable, false, Exit::Incomplete),
            (Verdict::Incomplete, true, Exit::Incomplete),
            (Verdict::Incomplete, false, Exit::Incomplete),
            (Verdict::Rejected, true, Exit::Rejected),
            (Verdict::Rejected, false, Exit::Rejected),
        ] {
            assert_eq!(exit(verdict, known), wanted, "{verdict:?} {known}");
        }
    }
}
