//! What a run writes only where it is asked for, beside the bundle and never in it, since it can be
//! drawn from it at any time; and what it tells GitHub.

use clap::ValueEnum;
use evidence::words::Language;
use evidence::{Entry, RecordError, SealedRecord};

use super::deliver::{packing, undrawn};
use super::folder::Folder;
use super::gateway::Reached;
use crate::cli::output::Terminal;
use crate::cli::report::Format;
use crate::exit::CommandError;
use crate::profile::Profile;
use crate::report::{Page, annotations};
use crate::seal::bundle::{Contents, ShownKeys};
use crate::seal::{EvidenceRanges, StatementFacts};
use crate::suite::Suite;
use crate::verdict::Results;

/// A report that is written besides page, JUnit file and results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(in crate::cli) enum More {
    /// Cucumber messages, a line of JSON each.
    Messages,
    /// A summary on one screen.
    Markdown,
}

impl More {
    /// The name of its file, and how it is drawn.
    fn file(self) -> (&'static str, Format) {
        match self {
            Self::Messages => ("messages.ndjson", Format::Messages),
            Self::Markdown => ("summary.md", Format::Markdown),
        }
    }
}

/// A run that was delivered.
pub(super) struct Delivered<'a> {
    pub(super) folder: &'a Folder,
    pub(super) suite: &'a Suite,
    pub(super) results: &'a Results,
    pub(super) profile: &'a Profile,
    pub(super) reached: &'a Reached,
    pub(super) strays: &'a [Entry],
    pub(super) facts: &'a StatementFacts,
}

impl Delivered<'_> {
    /// Writes the reports that were asked for, each once. They are searched for secrets as the
    /// bundle's files are.
    pub(super) fn write(&self, asked: &[More], language: Language) -> Result<(), CommandError> {
        let mut asked = asked.to_vec();
        asked.sort_unstable();
        asked.dedup();
        let packing = packing(self.folder, self.profile, self.reached);
        for (name, format) in asked.into_iter().map(More::file) {
            let broken = |why: RecordError| CommandError::Bug(why.says().into());
            let (mut record, _) = SealedRecord::open(&self.folder.record_path()).map_err(broken)?;
            let path = self.folder.path.join(name);
            packing.file(name, |out| {
                let drawn = self.show(|page| format.draw(page, &mut record, language, out));
                drawn.map_err(|why| undrawn(why, path))
            })?;
        }
        Ok(())
    }

    /// Tells GitHub what went wrong, where its log is written.
    pub(super) fn annotate(&self, terminal: &mut Terminal) {
        if terminal.is_github() {
            let language = terminal.language();
            terminal.raw(&self.show(|page| annotations(page, language)));
        }
    }

    fn show<T>(&self, work: impl FnOnce(&Page<'_>) -> T) -> T {
        let keys = ShownKeys::of(&self.reached.keys);
        let profile = self.profile.redacted();
        // No report tells where the record tells of a case.
        let ranges = EvidenceRanges::default();
        let Self { suite, results, strays, facts, .. } = *self;
        let (profile, keys, ranges) = (&profile, &keys, &ranges);
        // Nor does one show what answers a challenge.
        let orders = &[];
        Contents { suite, results, profile, keys, strays, orders, facts, ranges }.show(work)
    }
}
