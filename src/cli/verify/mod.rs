//! `assay verify`: seal, digests, suite, record, signatures and replay of bundles, from the
//! verifier's own keys.

mod certificate;
mod machine;
mod one;
mod review;
mod told;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use clap::Args;
use evidence::words::{
    BUG_THREAD, CERTIFICATE_ONE, CERTIFICATE_ONE_DO, LOG_DO, LOG_LARGE, LOG_LINE, MISUSE_NUMBER,
    REVIEW_AT, REVIEW_ONE, REVIEW_ONE_DO, VERIFY_NOT_PROVED,
};
use signing::{DsaPublicKey, PublicKey};

use self::certificate::exit_of;
use self::machine::Listed;
use self::one::{Keys, Verified};
use super::challenge_file;
use super::key_file::{dsa, rsa, shared};
use super::misuse::Misuse;
use super::output::{Terminal, json_safe};
use crate::bounded;
use crate::exit::{CommandError, Exit};
use crate::profile::CheckKey;
use crate::seal::{GatewayLog, LARGEST_TOTAL, LogError, Own, moment};
use crate::suite::Suite;
use crate::verdict::Verdict;

pub(super) use self::one::{Came, Checking, SeenPart, Whole};
pub(super) use self::review::{Heard, Reviewed, read};
pub(super) use self::told::{Doubt, doubts, heard, no_review, warn, whole};

/// Bytes of the largest bundle that is read: its files unpacked, and a megabyte of headers.
pub(super) const LARGEST_BUNDLE: u64 = LARGEST_TOTAL + (1 << 20);

/// Bytes of the largest log of a gateway that is read.
const LARGEST_LOG: u64 = 256 << 20;

/// How many bundles are in memory at once where nobody says otherwise: that of a whole suite takes
/// a quarter of a gigabyte.
const AT_ONCE: usize = 4;

/// How many can be asked for at once.
const MOST_AT_ONCE: usize = 64;

/// What several bundles come to together, the gravest first.
const GRAVITY: [Exit; 4] = [Exit::BundleBroken, Exit::Rejected, Exit::Incomplete, Exit::Acceptable];

/// Verify bundles: seal, digests, suite, record, signatures, and every verdict judged again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  assay verify acceptance.zip --trust report.pub\n  \
                        assay verify acceptance.zip --trust report.pub --gateway-key alipay.pub\n  \
                        assay verify acceptance.zip --trust report.pub --certificate \
                        certificate.dsse.json --certifier reviewer.pub\n  \
                        assay verify acceptance.zip --trust report.pub --review \
                        review.dsse.json --reviewer reviewer.pub\n  \
                        assay verify acceptance.zip --trust report.pub --md5-key md5.key\n  \
                        assay verify acceptance.zip --trust report.pub --challenge challenge.json\n  \
                        assay verify received/*.zip --trust report.pub --json")]
pub(super) struct Verify {
    /// The bundles.
    #[arg(value_name = "BUNDLE", required = true)]
    bundles: Vec<PathBuf>,
    #[command(flatten)]
    keys: KeyFiles,
    /// A reviewer's certificate, which has to be about this bundle.
    #[arg(long, value_name = "FILE", requires = "certifier")]
    certificate: Option<PathBuf>,
    /// The public key of the reviewer, from your own store.
    #[arg(long, value_name = "KEY", requires = "certificate")]
    certifier: Option<PathBuf>,
    /// A reviewer's decisions and waivers, which have to be about this bundle.
    #[arg(long, value_name = "FILE", requires = "reviewer")]
    review: Option<PathBuf>,
    /// The public key of who reviewed it, from your own store.
    #[arg(long, value_name = "KEY", requires = "review")]
    reviewer: Option<PathBuf>,
    /// When waivers have to hold, such as 2026-11-26 or 2026-11-26T18:00:00Z; now, if nothing is said.
    #[arg(long, value_name = "TIME", requires = "review", value_parser = at)]
    at: Option<String>,
    /// How many bundles are verified at once; by default one on each core, and four at most.
    #[arg(long, value_name = "N", value_parser = at_once)]
    jobs: Option<usize>,
    /// Write a JSON array with an object for each bundle.
    #[arg(long)]
    json: bool,
}

/// The files of the verifier's own keys.
#[derive(Debug, Default, Args)]
pub(super) struct KeyFiles {
    /// The public key that you trust to seal them, from your own store.
    #[arg(long, value_name = "KEY", required = true)]
    trust: PathBuf,
    /// Public keys of gateways, from your own store; the embedded sandbox's is known.
    #[arg(long, value_name = "KEY")]
    gateway_key: Vec<PathBuf>,
    /// The key that merchant and gateway share for MD5, from your own store.
    #[arg(long, value_name = "FILE")]
    md5_key: Option<PathBuf>,
    /// What the gateway's log has of its messages, in lines of JSON: it proves those in which a
    /// buyer's data was replaced.
    #[arg(long, value_name = "FILE")]
    gateway_log: Option<PathBuf>,
    /// Your own challenge, which every bundle has to answer.
    #[arg(long = "challenge", value_name = "FILE")]
    answers: Option<PathBuf>,
}

impl KeyFiles {
    /// The keys, or why one of them cannot be used. A bundle is looked at before any key: what is no
    /// bundle needs no key to say so.
    pub(super) fn read(&self) -> (Option<Keys>, Option<CommandError>) {
        match self.keys() {
            Ok(keys) => (Some(keys), None),
            Err(why) => (None, Some(why)),
        }
    }

    fn keys(&self) -> Result<Keys, CommandError> {
        let trusted = rsa(&self.trust, PublicKey::read)?;
        let mut keys: Vec<CheckKey> =
            self.gateway_key.iter().map(|path| gateway_key(path)).collect::<Result<_, _>>()?;
        if let Some(path) = &self.md5_key {
            keys.push(CheckKey::Shared(shared(path)?));
        }
        let log = self.gateway_log.as_deref().map(gateway_log).transpose()?.unwrap_or_default();
        let challenge = self.answers.as_deref().map(challenge_file::read).transpose()?;
        Ok(Keys { trusted, own: Own { keys, log, challenge } })
    }
}

/// Reads `--jobs`.
fn at_once(text: &str) -> Result<usize, Misuse> {
    let asked = text.parse().ok().filter(|jobs| (1..=MOST_AT_ONCE).contains(jobs));
    asked.ok_or_else(|| Misuse(MISUSE_NUMBER.with([1, MOST_AT_ONCE])))
}

/// Reads `--at`.
fn at(text: &str) -> Result<String, Misuse> {
    moment(text).ok_or_else(|| Misuse(REVIEW_AT.plain()))
}

impl Verify {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let suite = Arc::new(Suite::embedded().map_err(CommandError::Suite)?);
        self.about_one()?;
        let (keys, unusable) = self.keys.read();
        let checking = Checking { suite, keys };
        if let (Some(file), Some(key), [bundle]) =
            (&self.review, &self.reviewer, self.bundles.as_slice())
        {
            return self.with_review(terminal, &checking, unusable, [bundle, file, key]);
        }
        let (mut exits, mut unchecked) = (vec![], false);
        let (mut listed, mut held) = (vec![], None);
        self.each(&checking, |verified| {
            exits.push(verified.came.exit());
            unchecked |= matches!(verified.came, Came::Unchecked);
            if self.json {
                listed.extend(Listed::of(&verified, terminal.language()));
            } else if self.bundles.len() == 1 {
                told::whole(terminal, &verified);
            } else {
                told::line(terminal, &verified);
            }
            held = Some(verified);
        })?;
        if let Some(why) = unusable.filter(|_| unchecked) {
            return Err(why);
        }
        // Of several there is none.
        let found = held.as_ref().and_then(Verified::certified);
        let certifying = found.map(|found| self.certifying(&found)).transpose()?.flatten();
        exits.extend(certifying.as_ref().map(exit_of));
        if self.json {
            let listed = listed.into_iter().map(|listed| match &certifying {
                Some(certifying) => listed.certified(certifying, terminal.language()),
                None => listed,
            });
            list(terminal, &listed.collect::<Vec<_>>())?;
            return Ok(gravest(&exits));
        }
        self.tell_of_certificate(terminal, certifying.as_ref());
        if let [_, _, ..] = self.bundles.as_slice() {
            told::total(terminal, &exits);
        }
        limits(terminal, &exits);
        Ok(gravest(&exits))
    }

    /// What is about one bundle is given for one.
    fn about_one(&self) -> Result<(), CommandError> {
        let several = self.bundles.len() > 1;
        let (says, advice) = match (&self.certificate, &self.review) {
            (Some(_), _) if several => (&CERTIFICATE_ONE, &CERTIFICATE_ONE_DO),
            (None, Some(_)) if several => (&REVIEW_ONE, &REVIEW_ONE_DO),
            _ => return Ok(()),
        };
        Err(CommandError::Usage { says: says.plain(), advice: advice.plain() })
    }

    /// Verifies the bundles, so many at once, and hands what came of each over in their order.
    fn each(
        &self,
        checking: &Checking,
        mut told: impl FnMut(Verified),
    ) -> Result<(), CommandError> {
        let cores = || thread::available_parallelism().map_or(1, usize::from).min(AT_ONCE);
        let workers = self.jobs.unwrap_or_else(cores).min(self.bundles.len());
        let next = AtomicUsize::new(0);
        let mut due = 0;
        thread::scope(|scope| {
            let (send, done) = channel();
            let working: Vec<_> = (0..workers)
                .map(|_| {
                    let (send, next) = (send.clone(), &next);
                    scope.spawn(move || {
                        loop {
                            let place = next.fetch_add(1, Ordering::Relaxed);
                            let Some(path) = self.bundles.get(place) else { return };
                            if send.send((place, checking.verify(path))).is_err() {
                                return;
                            }
                        }
                    })
                })
                .collect();
            drop(send);
            let mut early = BTreeMap::new();
            for (place, verified) in done {
                early.insert(place, verified);
                while let Some(verified) = early.remove(&due) {
                    told(verified);
                    due += 1;
                }
            }
            // Who panicked leaves a bundle undone, which is told below.
            for worker in working {
                drop(worker.join());
            }
        });
        let all = due == self.bundles.len();
        all.then_some(()).ok_or_else(|| CommandError::Bug(BUG_THREAD.plain().into()))
    }
}

/// What a seal does not prove, where one holds.
fn limits(terminal: &mut Terminal, exits: &[Exit]) {
    if exits.iter().any(|exit| *exit != Exit::BundleBroken) {
        terminal.line([""]);
        terminal.say(&VERIFY_NOT_PROVED.plain());
    }
}

/// Writes an array for machines.
fn list(terminal: &mut Terminal, listed: &[Listed]) -> Result<(), CommandError> {
    let json = serde_json::to_string_pretty(listed)
        .map_err(|error| CommandError::Bug(error.to_string().into()))?;
    terminal.raw(&format!("{}\n", json_safe(&json)));
    Ok(())
}

/// A gateway's log of its messages.
fn gateway_log(path: &Path) -> Result<GatewayLog, CommandError> {
    let place = path.display().to_string();
    let read = bounded::read(path, LARGEST_LOG);
    let text = read.map_err(|source| CommandError::Read { path: path.to_owned(), source })?;
    let unusable = |says| CommandError::Unusable { says, advice: LOG_DO.plain() };
    if text.len() as u64 > LARGEST_LOG {
        return Err(unusable(LOG_LARGE.with([place, (LARGEST_LOG >> 20).to_string()])));
    }
    GatewayLog::read(&text).map_err(|LogError { line, why }| {
        unusable(LOG_LINE.holding([
            place.as_str().into(),
            line.to_string().as_str().into(),
            why.into(),
        ]))
    })
}

/// A gateway's key: of RSA, or of DSA where it is one.
pub(super) fn gateway_key(path: &Path) -> Result<CheckKey, CommandError> {
    match dsa(path, DsaPublicKey::read) {
        Ok(key) => Ok(CheckKey::Dsa(key)),
        // What is wrong with it is said as of the key that is meant most often.
        Err(_) => rsa(path, PublicKey::read).map(CheckKey::Rsa),
    }
}

/// How the program ends for several bundles: as for the gravest of them.
fn gravest(exits: &[Exit]) -> Exit {
    GRAVITY.into_iter().find(|exit| exits.contains(exit)).unwrap_or(Exit::Bug)
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
    use super::{exit, gravest};
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

    #[test]
    fn several_bundles_end_as_the_gravest_of_them() {
        use Exit::{Acceptable, BundleBroken, Incomplete, Rejected};
        for (exits, wanted) in [
            (&[Acceptable][..], Acceptable),
            (&[Acceptable, Acceptable], Acceptable),
            (&[Acceptable, Incomplete], Incomplete),
            (&[Incomplete, Rejected, Acceptable], Rejected),
            (&[Rejected, Incomplete], Rejected),
            (&[Acceptable, BundleBroken, Rejected], BundleBroken),
            (&[Incomplete, BundleBroken], BundleBroken),
            // Nothing that was looked at is nothing to accept.
            (&[], Exit::Bug),
        ] {
            assert_eq!(gravest(exits), wanted, "{exits:?}");
        }
    }
}
