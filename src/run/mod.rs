//! Plan in, record out: the Gherkin engine plays every planned run on a stage of its own.

mod engine;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use evidence::{CaseKey, RecordFile};
use parking_lot::Mutex;
use steps::{Backstage, DefectWatch};

use crate::suite::Planned;
use crate::verdict::{AttemptResult, Judge, JudgedAttempts};

/// Who is told how a run goes on.
pub trait Progress: Send + Sync {
    /// A run of a case begins.
    fn began(&self, key: &CaseKey);
    /// An attempt of it ended.
    fn ended(&self, key: &CaseKey, result: &AttemptResult);
}

/// Nobody is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn began(&self, _: &CaseKey) {}
    fn ended(&self, _: &CaseKey, _: &AttemptResult) {}
}

/// What a run needs.
pub struct Run {
    /// What is played, in this order; runs that need a tester are not.
    pub planned: Vec<Planned>,
    /// What all scenarios have in common.
    pub backstage: Backstage,
    /// Which attempt of a run this is, where it is not the first.
    pub attempts: BTreeMap<CaseKey, u32>,
    /// Where everything is recorded.
    pub record: Arc<RecordFile>,
    /// How many scenarios play at once, at least 1.
    pub jobs: usize,
    /// Who is told.
    pub progress: Arc<dyn Progress>,
    /// Set when nothing new may begin.
    pub stop: Arc<AtomicBool>,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("planned", &self.planned.len()).finish_non_exhaustive()
    }
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Played {
    /// How each attempt was judged when it ended, from its record alone, as in a replay.
    pub attempts: JudgedAttempts,
    /// Bugs of ours that the engine met.
    pub bugs: Vec<String>,
    /// The runs in which a defect that was switched on took effect.
    pub defect_active: Vec<CaseKey>,
}

/// What hooks and writer share.
pub(crate) struct Shared {
    pub(crate) planned: BTreeMap<CaseKey, Planned>,
    pub(crate) attempts: BTreeMap<CaseKey, u32>,
    pub(crate) backstage: Backstage,
    pub(crate) record: Arc<RecordFile>,
    pub(crate) progress: Arc<dyn Progress>,
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) judge: Judge,
    pub(crate) watches: Mutex<BTreeMap<CaseKey, DefectWatch>>,
    pub(crate) played: Mutex<Played>,
}

impl Shared {
    /// Whether nothing new may begin: somebody said so, or what is seen can no longer be kept.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst) || self.record.failure().is_some()
    }

    pub(crate) fn bug(&self, what: String) {
        self.played.lock().bugs.push(what);
    }
}

impl Run {
    /// Plays everything and answers what it came to. The record is not sealed yet.
    ///
    /// # Errors
    /// When the record could not be written.
    pub async fn play(self, judge: Judge) -> io::Result<Played> {
        let mut planned = self.planned;
        // The reference merchant has no tester who could attach what these ask for.
        planned.retain(|run| !run.case.tester);
        let features = planned.iter().map(|run| run.feature.clone()).collect();
        let planned = planned.into_iter().map(|run| (run.key.clone(), run)).collect();
        let shared = Arc::new(Shared {
            planned,
            attempts: self.attempts,
            backstage: self.backstage,
            record: self.record.clone(),
            progress: self.progress,
            stop: self.stop,
            judge,
            watches: Mutex::new(BTreeMap::new()),
            played: Mutex::new(Played::default()),
        });
        engine::play(features, self.jobs.max(1), shared.clone()).await;
        if let Some(failure) = self.record.failure() {
            return Err(io::Error::other(failure));
        }
        let played = std::mem::take(&mut *shared.played.lock());
        Ok(played)
    }
}
