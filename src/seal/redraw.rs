//! A bundle to be shown in whatever form: its record is judged again by this program, and what other
//! programs have drawn of it does not matter. Whether to believe its seal is another question, which
//! only whoever holds the right key can answer.

use std::sync::Arc;

use evidence::Attempts;
use evidence::words::Phrase;
use signing::PublicKey;

use super::bundle::names;
use super::merged::{JoinedRun, Merged, merged_of, runs_of, within_bundle};
use super::replay::{Judged, Own, ReplayFault, judge_record};
use super::verify::{open_files, open_unsealed};
use super::{BundleFault, Bundled, OpenBundle};
use crate::report::Page;
use crate::suite::Suite;
use crate::verdict::Results;

/// A bundle that was judged again.
#[derive(Debug)]
pub struct Redrawn {
    suite: Arc<Suite>,
    bundle: OpenBundle,
    runs: Runs,
    /// The verdict, judged anew.
    pub results: Results,
    /// Whether the bundle tells the same verdict.
    pub agrees: bool,
}

#[derive(Debug)]
enum Runs {
    One(Box<Judged>),
    Several(Vec<JoinedRun>),
}

/// What does not hold in a bundle that shall be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part}: {why}")]
pub struct RedrawFault {
    /// Which part.
    pub part: Phrase,
    /// Why.
    pub why: Phrase,
    /// What was expected.
    pub expected: Phrase,
}

impl From<BundleFault> for Box<RedrawFault> {
    fn from(fault: BundleFault) -> Self {
        let part = fault.part();
        let (part, expected) = (part.says(), part.expected().plain());
        Self::new(RedrawFault { part, why: fault.says(), expected })
    }
}

impl From<ReplayFault> for Box<RedrawFault> {
    fn from(ReplayFault { part, why, expected }: ReplayFault) -> Self {
        Self::new(RedrawFault { part: part.plain(), why, expected })
    }
}

impl Redrawn {
    /// Judges the files of a bundle again. Without a key nobody looks at its seal.
    pub fn judge(
        files: Vec<Bundled>,
        suite: &Arc<Suite>,
        trusted: Option<&PublicKey>,
    ) -> Result<Self, Box<RedrawFault>> {
        let (mut bundle, key) = open(files, trusted)?;
        let told = bundle.files.get(names::RESULTS).cloned();
        let (runs, results) = if bundle.is_merged() {
            let runs = runs_of(&mut bundle, |name, files| {
                let (opened, key) = open(files, trusted).map_err(|why| within_bundle(&why))?;
                JoinedRun::show(name, opened, suite, &key)
            })?;
            let results = merged_of(&bundle, suite, &runs)?.results;
            (Runs::Several(runs), results)
        } else {
            let judged = judge_record(&bundle, suite, &key, &Own::default())?;
            let results = judged.results.clone();
            (Runs::One(Box::new(judged)), results)
        };
        let agrees = told.is_some_and(|told| told == results.to_json());
        Ok(Self { suite: suite.clone(), bundle, runs, results, agrees })
    }

    /// Hands over all that reports show.
    pub fn show<T>(
        &self,
        work: impl FnOnce(&Page<'_>, &mut dyn Attempts) -> T,
    ) -> Result<T, Box<RedrawFault>> {
        match &self.runs {
            Runs::One(judged) => {
                let mut record = &judged.record;
                let contents = judged.contents(&self.bundle, &self.suite);
                Ok(contents.show(|page| work(page, &mut record)))
            }
            Runs::Several(runs) => {
                let merged: Merged<'_> = merged_of(&self.bundle, &self.suite, runs)?;
                Ok(merged.show(work))
            }
        }
    }
}

/// The bundle, and the fingerprint of the key that it was opened under, or that its seal names.
fn open(
    files: Vec<Bundled>,
    trusted: Option<&PublicKey>,
) -> Result<(OpenBundle, String), BundleFault> {
    match trusted {
        Some(key) => Ok((open_files(files, key)?, key.fingerprint())),
        None => open_unsealed(files),
    }
}
