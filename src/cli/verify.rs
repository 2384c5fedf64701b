//! `assay verify`: seal, digests, suite, record, signatures and replay of bundles, from the
//! verifier's own keys.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use evidence::words::{
    EXPECT_READABLE, PART_BUNDLE, Phrase, Place, RUN_SHARED, SAID_ELSEWHERE, Sentence,
    VERIFY_AS_RECORDED, VERIFY_AS_RECORDED_DO, VERIFY_BROKEN, VERIFY_BROKEN_DO, VERIFY_NOT_PROVED,
    VERIFY_OK, VERIFY_STEP_FILES, VERIFY_STEP_MERGED, VERIFY_STEP_PART, VERIFY_STEP_RECORD,
    VERIFY_STEP_RECORD_ONE, VERIFY_STEP_REPLAY, VERIFY_STEP_REPORTS, VERIFY_STEP_SEAL,
    VERIFY_STEP_SHARED, VERIFY_STEP_SIGNATURES, VERIFY_STEP_SUITE, VERIFY_UNKNOWN_GATEWAY,
    VERIFY_UNKNOWN_GATEWAY_DO,
};
use signing::{DsaPublicKey, PublicKey};

use super::key_file::{dsa, rsa, shared};
use super::output::{Span, Terminal, Tone};
use super::run::summary::simulated;
use crate::bounded;
use crate::exit::{CommandError, Exit};
use crate::profile::CheckKey;
use crate::seal::{
    BundleFault, Checked, LARGEST_TOTAL, Replayed, ReplayedMerged, StatementFacts, ZipError,
    open_bundle, read_zip, replay, replay_merged,
};
use crate::suite::Suite;
use crate::verdict::{Results, Verdict};

/// Bytes of the largest bundle that is read: its files unpacked, and a megabyte of headers.
pub(super) const LARGEST_BUNDLE: u64 = LARGEST_TOTAL + (1 << 20);

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
        let facts = bundle.statement.predicate.acceptance_report.facts.clone();
        let held =
            Held { name: &name, facts: &facts, files: bundle.files.len(), trusted: &trusted };
        let verdict = if bundle.is_merged() {
            replay_merged(bundle, suite, &trusted, &gateways)
                .map(|merged| held.merged(terminal, &merged))
        } else {
            replay(&bundle, suite, &trusted, &gateways)
                .map(|replayed| held.single(terminal, &replayed))
        };
        Ok(verdict.unwrap_or_else(|fault| {
            broken(terminal, &name, fault.part.plain(), fault.why, fault.expected);
            Exit::BundleBroken
        }))
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

/// A bundle that holds.
struct Held<'a> {
    name: &'a str,
    facts: &'a StatementFacts,
    files: usize,
    trusted: &'a PublicKey,
}

impl Held<'_> {
    fn single(&self, terminal: &mut Terminal, replayed: &Replayed) -> Exit {
        let mut steps = self.first(&replayed.results);
        steps.extend(judged(replayed));
        steps.extend([VERIFY_STEP_REPLAY.plain(), VERIFY_STEP_REPORTS.plain()]);
        self.say(terminal, &steps, &doubts(&replayed.checked));
        super::run::verdict(terminal, &replayed.results);
        exit(replayed.results.verdict, replayed.checked.by_own_key())
    }

    fn merged(&self, terminal: &mut Terminal, merged: &ReplayedMerged) -> Exit {
        let mut steps = self.first(&merged.results);
        for run in &merged.runs {
            let facts = run.facts();
            let part = [&run.name, &facts.run.id, &facts.gateway.url];
            steps.push(VERIFY_STEP_PART.with(part));
            steps.extend(judged(&run.replayed));
        }
        let last = [&VERIFY_STEP_REPLAY, &VERIFY_STEP_MERGED, &VERIFY_STEP_REPORTS];
        steps.extend(last.map(Sentence::plain));
        let checked = || merged.runs.iter().map(|run| &run.replayed.checked);
        let mut told: Vec<Doubt> = vec![];
        for doubt in checked().flat_map(doubts) {
            if !told.contains(&doubt) {
                told.push(doubt);
            }
        }
        self.say(terminal, &steps, &told);
        super::run::verdict(terminal, &merged.results);
        exit(merged.results.verdict, checked().all(Checked::by_own_key))
    }

    /// What is looked at first of every bundle.
    fn first(&self, results: &Results) -> Vec<Phrase> {
        vec![
            VERIFY_STEP_SEAL.with([self.trusted.fingerprint()]),
            VERIFY_STEP_FILES.with([self.files]),
            VERIFY_STEP_SUITE.with([&results.suite_version]),
        ]
    }

    fn say(&self, terminal: &mut Terminal, steps: &[Phrase], doubts: &[Doubt]) {
        let holds = terminal.text(&VERIFY_OK.with([self.name]));
        terminal.line([Span::new(Tone::Strong, holds)]);
        for step in steps {
            let text = terminal.text(step);
            terminal.line([Span::new(Tone::Good, "  ✓ "), Span::from(text)]);
        }
        if self.facts.gateway.simulated {
            warn(terminal, &simulated(self.facts).plain(), None);
        }
        for (says, advice) in doubts {
            warn(terminal, says, *advice);
        }
    }
}

/// What holds of a run: its record, and the gateway's signatures in it.
fn judged(replayed: &Replayed) -> Vec<Phrase> {
    let record = match replayed.attempts {
        1 => VERIFY_STEP_RECORD_ONE.plain(),
        attempts => VERIFY_STEP_RECORD.with([attempts]),
    };
    let signatures = match &replayed.checked {
        Checked::Under { count, key } => {
            Some(VERIFY_STEP_SIGNATURES.with([count.to_string(), key.clone()]))
        }
        Checked::UnderShared { count } => Some(VERIFY_STEP_SHARED.with([count])),
        Checked::AsRecorded { .. } | Checked::Unknown { .. } => None,
    };
    [Some(record), signatures].into_iter().flatten().collect()
}

/// What lessens the worth of a run's signatures, and what to do about it.
pub(super) type Doubt = (Phrase, Option<&'static Sentence>);

/// The doubts of this verifier.
pub(super) fn doubts(checked: &Checked) -> Vec<Doubt> {
    match checked {
        Checked::Under { .. } => vec![],
        Checked::UnderShared { .. } => vec![(RUN_SHARED.plain(), None)],
        Checked::AsRecorded { count } => vec![
            (RUN_SHARED.plain(), None),
            (VERIFY_AS_RECORDED.with([count]), Some(&VERIFY_AS_RECORDED_DO)),
        ],
        Checked::Unknown { key } => {
            vec![(VERIFY_UNKNOWN_GATEWAY.with([key]), Some(&VERIFY_UNKNOWN_GATEWAY_DO))]
        }
    }
}

/// What the reader has to know about a bundle that holds.
pub(super) fn warn(terminal: &mut Terminal, says: &Phrase, advice: Option<&Sentence>) {
    let says = terminal.text(says);
    terminal.line([Span::new(Tone::Warning, "  ! "), Span::from(says)]);
    if let Some(advice) = advice {
        let advice = terminal.text(&advice.plain());
        terminal.line([Span::new(Tone::Advice, format!("    {advice}"))]);
    }
}

/// Without the gateway's key its answers prove nothing, whatever they say.
pub(super) fn exit(verdict: Verdict, gateway_known: bool) -> Exit {
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
