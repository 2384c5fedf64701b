//! Plan in, record out: the Gherkin engine plays every planned run on a stage of its own.
//!
//! Each job is a thread that plays one run after the other, with everybody on its stage: work is
//! handed over between them thousands of times, and between threads that costs more than the work.

mod engine;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{panic, thread, vec};

use evidence::{Attachment, CaseKey, CaseRecord, Pause, RecordFile, Recorder};
use parking_lot::Mutex;
use steps::Backstage;

use crate::suite::Planned;
use crate::verdict::{AttemptResult, Judge, JudgedAttempts};

/// Who is told how a run goes on.
pub trait Progress: Send + Sync {
    /// A run of a case begins.
    fn began(&self, key: &CaseKey);
    /// An attempt of it ended.
    fn ended(&self, key: &CaseKey, result: &AttemptResult);
    /// It waits for what nobody can order.
    fn waits(&self, key: &CaseKey);
}

/// Nobody is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn began(&self, _: &CaseKey) {}
    fn ended(&self, _: &CaseKey, _: &AttemptResult) {}
    fn waits(&self, _: &CaseKey) {}
}

/// What a run needs.
pub struct Run {
    /// What is played, in this order; of the runs that need pictures those that have or get some.
    pub planned: Vec<Planned>,
    /// What all scenarios have in common.
    pub backstage: Backstage,
    /// Which attempt of a run this is, where it is not the first.
    pub attempts: BTreeMap<CaseKey, u32>,
    /// The attempts that waited, and go on.
    pub waited: BTreeMap<CaseKey, CaseRecord>,
    /// What the user attached to a run, before it is played.
    pub attached: BTreeMap<CaseKey, Vec<Attachment>>,
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
    /// The runs that wait, and for what. They go on in another sitting.
    pub waiting: Vec<(CaseKey, Pause)>,
}

/// What all jobs share.
pub(crate) struct Shared {
    /// What nobody plays yet.
    waiting: Mutex<vec::IntoIter<Planned>>,
    pub(crate) attempts: BTreeMap<CaseKey, u32>,
    pub(crate) waited: BTreeMap<CaseKey, CaseRecord>,
    pub(crate) attached: BTreeMap<CaseKey, Vec<Attachment>>,
    pub(crate) backstage: Backstage,
    pub(crate) record: Arc<RecordFile>,
    pub(crate) progress: Arc<dyn Progress>,
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) judge: Judge,
    pub(crate) played: Mutex<Played>,
}

impl Shared {
    /// Whether nothing new may begin: somebody said so, or what is seen can no longer be kept.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst) || self.record.failure().is_some()
    }

    /// The attempt of a run that is played now, and its recorder: one that waited goes on.
    pub(crate) fn recorder(&self, key: &CaseKey) -> (u32, Recorder) {
        if let Some(waited) = self.waited.get(key) {
            return (waited.attempt, self.record.going_on(waited.clone()));
        }
        let attempt = self.attempts.get(key).copied().unwrap_or(1);
        (attempt, self.record.recorder(key.clone(), attempt))
    }

    pub(crate) fn bug(&self, what: String) {
        self.played.lock().bugs.push(what);
    }
}

impl Run {
    /// Plays everything and answers what it came to. The record is not sealed yet.
    ///
    /// # Errors
    /// When the record could not be written, or the system has no threads left.
    pub fn play(self, judge: Judge) -> io::Result<Played> {
        let mut planned = self.planned;
        // Nobody but a person, or the user beforehand, attaches what these ask for.
        let by_hand = self.backstage.tested.is_by_hand();
        planned.retain(|run| !run.case.tester || by_hand || self.attached.contains_key(&run.key));
        let jobs = self.jobs.clamp(1, planned.len().max(1));
        let shared = Arc::new(Shared {
            waiting: Mutex::new(planned.into_iter()),
            attempts: self.attempts,
            waited: self.waited,
            attached: self.attached,
            backstage: self.backstage,
            record: self.record.clone(),
            progress: self.progress,
            stop: self.stop,
            judge,
            played: Mutex::new(Played::default()),
        });
        // An engine empties the panic hook and puts back what it found, which may be another's.
        let hook = panic::take_hook();
        let ended = thread::scope(|scope| {
            let jobs: Vec<_> = (0..jobs).map(|_| scope.spawn(|| work(&shared))).collect();
            let ended = jobs.into_iter().map(|job| {
                job.join().unwrap_or_else(|_panic| Err(io::Error::other("the player panicked")))
            });
            ended.collect::<Vec<_>>().into_iter().collect::<io::Result<()>>()
        });
        panic::set_hook(hook);
        ended?;
        if let Some(failure) = self.record.failure() {
            return Err(io::Error::other(failure));
        }
        let played = std::mem::take(&mut *shared.played.lock());
        Ok(played)
    }
}

/// Plays one run after the other on this thread, until none waits or nothing new may begin.
fn work(shared: &Arc<Shared>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let next = || shared.waiting.lock().next().filter(|_| !shared.is_stopped());
    while let Some(run) = next() {
        runtime.block_on(engine::play(run, shared.clone()));
    }
    Ok(())
}
