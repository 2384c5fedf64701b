//! How a run begins: in a folder of its own, or where an earlier one was left open.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use evidence::words::{
    Place, RESUME_COMPLETE, RESUME_COMPLETE_DO, RESUME_NOTHING, RESUME_NOTHING_DO, RESUME_OTHER,
    RESUME_OTHER_DO, RESUME_RECORD, RESUME_RECORD_DO,
};
use evidence::{CaseKey, CaseRecord, Event, Header, Record, RecordFile, ResumeError};
use serde_json::Value;

use super::deliver::{self, Asked, BUNDLE};
use super::folder::Folder;
use super::gateway::Reached;
use super::{Run, SEED, Shared, fresh_seed};
use crate::exit::CommandError;
use crate::profile::{Driver, Profile};
use crate::seal::{Challenge, StatementFacts};
use crate::suite::{Plan, Planned, Selection, Suite};

/// What is fixed before anything is played.
pub(super) struct Began {
    pub(super) folder: Folder,
    pub(super) facts: StatementFacts,
    pub(super) header: Header,
    pub(super) record: Shared,
    pub(super) plan: Plan,
    /// What is still to be played.
    pub(super) open: Vec<Planned>,
    /// Which attempt that will be, where it is not the first.
    pub(super) attempts: BTreeMap<CaseKey, u32>,
    /// The attempts among them that waited, and go on.
    pub(super) waited: BTreeMap<CaseKey, CaseRecord>,
}

/// A run that was left open.
pub(super) struct Earlier {
    path: PathBuf,
    file: RecordFile,
    held: Record,
}

impl Earlier {
    /// Opens the record in the folder of a run.
    pub(super) fn open(path: &Path) -> Result<Self, CommandError> {
        let (file, held) = reopen(path)?;
        Ok(Self { path: path.to_path_buf(), file, held })
    }

    /// Whether its scenarios played one after the other.
    pub(super) fn one_at_a_time(&self) -> bool {
        self.held.header.get("one_at_a_time") == Some(&Value::Bool(true))
    }

    /// The last attempt of each run that was begun.
    fn last(&self) -> BTreeMap<&CaseKey, &CaseRecord> {
        self.held.cases.iter().map(|attempt| (&attempt.key, attempt)).collect()
    }

    /// Whether a run is over.
    fn ended(&self, key: &CaseKey) -> bool {
        let last = self.last().get(key).copied();
        last.is_some_and(|last| last.entries.iter().any(|entry| entry.event == Event::Closed))
    }

    /// Whether everything that can be played and is not over waits.
    pub(super) fn only_waits(&self, suite: &Suite, reached: &Reached) -> bool {
        let plan = self.held.header.get("plan").and_then(Value::as_array);
        let keys = plan.into_iter().flatten().filter_map(Value::as_str);
        let planned = keys.filter_map(|key| suite.planned(&key.parse().ok()?)).collect();
        let last = self.last();
        let waits = |key: &CaseKey| last.get(key).is_some_and(|it| it.pause().is_some());
        let open = reached.playable(planned).into_iter().filter(|run| !self.ended(&run.key));
        let mut open = open.peekable();
        open.peek().is_some() && open.all(|run| waits(&run.key))
    }
}

/// What a run is about, however it begins.
pub(super) struct Ground<'a> {
    pub(super) run: &'a Run,
    pub(super) profile: &'a Profile,
    pub(super) suite: &'a Arc<Suite>,
    pub(super) reached: &'a Reached,
    /// Whether scenarios play one after the other, for want of a mark on the merchant's calls.
    pub(super) one_at_a_time: bool,
    /// What it answers.
    pub(super) challenge: Option<&'a Challenge>,
}

impl Ground<'_> {
    /// The plan of a run that was begun already: of what was asked for, this share.
    fn plan(&self, asked: &Asked) -> Result<Plan, CommandError> {
        let (wanted, shard) = (asked.selection.clone(), asked.shard);
        let mandatory = Selection::mandatory(self.profile.declared());
        let mut plan = Plan::new(self.suite, &Selection { wanted, shard, ..mandatory })?;
        if self.reached.purse.is_some() {
            super::pilot::keep_safe(&mut plan);
        }
        Ok(plan)
    }

    fn nonce(&self) -> String {
        self.challenge.map(|challenge| challenge.nonce.clone()).unwrap_or_default()
    }

    /// The seed that was asked for, or one that makes ids which neither gateway nor merchant has seen.
    fn seed(&self) -> u64 {
        // What a system of its own has in its books, nobody takes out before the next run.
        let reference = self.profile.merchant.driver == Driver::Reference;
        let forgets = self.reached.is_embedded() && reference;
        let by_default = || if forgets { SEED } else { fresh_seed() };
        self.run.seed.unwrap_or_else(by_default)
    }

    /// Begins in a folder of its own.
    pub(super) fn afresh(&self, plan: Plan) -> Result<Began, CommandError> {
        let folder = Folder::create(self.run.out.as_deref())?;
        let (selection, shard, challenge) = (self.run.wanted.clone(), self.run.shard, self.nonce());
        let asked = Asked { selection, shard, challenge };
        let Self { profile, suite, reached, .. } = self;
        let (seed, alone) = (self.seed(), self.one_at_a_time);
        let facts = deliver::facts(profile, suite, reached, &folder, seed, &asked, alone);
        let header = deliver::header(profile, suite, &plan, &facts);
        let record = folder.record(&header)?;
        let (open, attempts, waited) = (plan.planned.clone(), BTreeMap::new(), BTreeMap::new());
        Ok(Began { folder, facts, header, record, plan, open, attempts, waited })
    }

    /// Goes on with a run that was left open: what waits goes on, and what was otherwise not played to
    /// its end is played in a further attempt. Profile, gateway and suite have to be those of the run.
    pub(super) fn resumed(&self, earlier: Earlier) -> Result<Began, CommandError> {
        let held = &earlier.held;
        let text = |name: &str| held.header.get(name).and_then(Value::as_str).unwrap_or_default();
        let folder = Folder { path: earlier.path.clone(), run_id: text("run").to_owned() };
        let selection = held.header.get("selection").and_then(Value::as_array);
        let selection = selection.into_iter().flatten().filter_map(Value::as_str);
        let selection: Vec<String> = selection.map(str::to_owned).collect();
        let asked = Asked { selection, shard: text("shard").parse().ok(), challenge: self.nonce() };
        let seed = text("seed").parse().unwrap_or_else(|_none| self.seed());
        let Self { profile, suite, reached, .. } = self;
        let alone = self.one_at_a_time;
        let mut facts = deliver::facts(profile, suite, reached, &folder, seed, &asked, alone);
        text("started").clone_into(&mut facts.time.started);
        let plan = self.plan(&asked)?;
        let header = deliver::header(profile, suite, &plan, &facts);
        let same = |name: &&String| header.get(*name) == held.header.get(*name);
        let names = header.keys().chain(held.header.keys()).filter(|name| *name != "machine");
        if let Some(other) = names.filter(|name| *name != "tool").find(|name| !same(name)) {
            let (says, advice) = (RESUME_OTHER.with([other]), RESUME_OTHER_DO.plain());
            return Err(CommandError::Usage { says, advice });
        }
        let attempts = further(held);
        let open = plan.planned.iter().filter(|run| !earlier.ended(&run.key)).cloned().collect();
        let waited = earlier.last().into_iter().filter(|(_, last)| last.pause().is_some());
        let waited = waited.map(|(key, last)| (key.clone(), last.clone())).collect();
        let Earlier { file, held, .. } = earlier;
        let (record, header) = (Arc::new(file), held.header);
        Ok(Began { folder, facts, header, record, plan, open, attempts, waited })
    }
}

/// The number of the next attempt of each run that was begun.
fn further(held: &Record) -> BTreeMap<CaseKey, u32> {
    held.cases.iter().map(|attempt| (attempt.key.clone(), attempt.attempt + 1)).collect()
}

fn reopen(path: &Path) -> Result<(RecordFile, Record), CommandError> {
    let place = path.display().to_string();
    if path.join(BUNDLE).exists() {
        let (says, advice) = (RESUME_COMPLETE.with([place]), RESUME_COMPLETE_DO.plain());
        return Err(CommandError::Usage { says, advice });
    }
    let record: PathBuf = path.join(crate::seal::bundle::names::RECORD);
    RecordFile::resume(&record).map_err(|why| match why {
        ResumeError::File(why) if why.kind() == std::io::ErrorKind::NotFound => {
            let (says, advice) = (RESUME_NOTHING.with([place]), RESUME_NOTHING_DO.plain());
            CommandError::Usage { says, advice }
        }
        ResumeError::File(source) => CommandError::Read { path: record, source },
        ResumeError::Record(why) => {
            let says = RESUME_RECORD.holding([Place::value(record.display()), why.says().into()]);
            CommandError::Bundle { says, advice: RESUME_RECORD_DO.plain() }
        }
    })
}

/// The record of a run that is over.
pub(super) fn read_record(path: &Path) -> Result<Record, CommandError> {
    let bytes = std::fs::read(path)
        .map_err(|source| CommandError::Read { path: path.to_owned(), source })?;
    Record::read(&bytes).map_err(|why| CommandError::Bug(why.says().into()))
}
