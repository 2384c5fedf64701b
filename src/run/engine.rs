//! cucumber, bent to our needs: a parser over one run that is planned already, hooks that set and
//! clear the stage, and a writer that only listens for the engine's own failures.

use std::sync::Arc;
use std::time::Duration;

use cucumber::event::{self, Cucumber as C, Feature as F, Rule as R, Scenario as S};
use cucumber::gherkin::{Feature, Rule, Scenario};
use cucumber::runner::basic::{RetryOptions, ScenarioType};
use cucumber::{Cucumber, Event, Parser, Writer, WriterExt as _, cli, parser, runner, writer};
use evidence::words::BROKEN_STAGE;
use evidence::{CaseRecord, Event as Seen};
use futures::future::{LocalBoxFuture, Ready};
use futures::{FutureExt as _, future, stream};
use parking_lot::Mutex;
use steps::{DefectWatch, Habits, Stage};

use super::Shared;
use crate::suite::{Condition, Planned};

/// How often the stop flag is looked at while scenarios play.
const LOOK: Duration = Duration::from_millis(50);
/// How long scenarios that are playing may go on after a stop.
const GRACE: Duration = Duration::from_secs(2);

/// A feature that was parsed, linted, expanded and selected before.
struct Parsed(Feature);

impl Parser<()> for Parsed {
    type Cli = cli::Empty;
    type Output = stream::Once<Ready<parser::Result<Feature>>>;

    fn parse(self, (): (), _: cli::Empty) -> Self::Output {
        // A stream that really waits would hang the engine, so everything is ready at once.
        stream::once(future::ready(Ok(self.0)))
    }
}

/// A run while it plays: what its hooks and its listener share.
struct Turn {
    run: Planned,
    shared: Arc<Shared>,
    watch: Mutex<Option<DefectWatch>>,
}

impl Turn {
    /// Judges an attempt that ended.
    fn keep(&self, record: &CaseRecord) {
        let result = self.shared.judge.attempt(&self.run, record);
        self.shared.progress.ended(&self.run.key, &result);
        let mut played = self.shared.played.lock();
        played.attempts.entry(self.run.key.clone()).or_default().push(result);
    }

    /// Each Given and When step asks for the live stage once: where a scenario waits, it goes on by
    /// counting them.
    fn count(&self, stage: &Stage) {
        let acting = self.run.acting_steps().count();
        if let Some(begun) = stage.begun().filter(|begun| usize::try_from(*begun) != Ok(acting)) {
            self.bug(&format!("{acting} steps act, and {begun} asked for the stage"));
        }
    }

    fn bug(&self, what: &str) {
        self.shared.bug(format!("{}: {what}", self.run.key));
    }
}

/// Listens for what only the engine knows: steps that panicked or were skipped.
struct Listener(Arc<Turn>);

impl Writer<Stage> for Listener {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<C<Stage>>>, _: &Self::Cli) {
        let event = match event {
            Ok(event) => event.value,
            Err(error) => return self.0.bug(&error.to_string()),
        };
        let C::Feature(_, F::Scenario(_, event) | F::Rule(_, R::Scenario(_, event))) = event else {
            return;
        };
        match event.event {
            S::Background(step, outcome) | S::Step(step, outcome) => match outcome {
                event::Step::Failed(_, _, _, error) => {
                    self.0.bug(&format!("'{}': {error}", step.value));
                }
                event::Step::Skipped => self.0.bug(&format!("'{}' was skipped", step.value)),
                event::Step::Started | event::Step::Passed(..) => {}
            },
            S::Hook(_, event::Hook::Failed(_, why)) => {
                let why = why.downcast_ref::<String>().map_or("a hook panicked", String::as_str);
                self.0.bug(why);
            }
            S::Hook(..) | S::Started | S::Log(_) | S::Finished => {}
        }
    }
}

impl writer::NonTransforming for Listener {}

// The order of events does not matter to it, so nothing has to wait for its turn.
impl writer::Normalized for Listener {}

/// Plays a run. Ends early, some time after the stop flag is set.
pub(super) async fn play(run: Planned, shared: Arc<Shared>) {
    let feature = Parsed(run.feature().clone());
    let turn = Arc::new(Turn { run, shared: shared.clone(), watch: Mutex::default() });
    let (opening, ending) = (turn.clone(), turn.clone());
    let engine = runner::Basic::<Stage>::default()
        .steps(steps::looked_up())
        .which_scenario(|_, _, _| ScenarioType::Concurrent)
        .retry_options(|_, _, _, _| Option::<RetryOptions>::None)
        .before(move |_, _, _, stage| open(opening.clone(), stage))
        .after(move |_, _, _, _, stage| close(ending.clone(), stage));
    let listener = Listener(turn).fail_on_skipped_with(everything);
    let played = Cucumber::<Stage, _, (), _, _, cli::Empty>::custom(feature, engine, listener)
        .with_default_cli()
        .run(());
    tokio::select! {
        _ = played => {}
        () = stopped(shared) => {}
    }
}

fn everything(_: &Feature, _: Option<&Rule>, _: &Scenario) -> bool {
    true
}

/// Ends a while after the stop flag is set; never without it.
#[expect(clippy::disallowed_methods, reason = "stopping is about real time, whatever plays")]
async fn stopped(shared: Arc<Shared>) {
    while !shared.is_stopped() {
        tokio::time::sleep(LOOK).await;
    }
    tokio::time::sleep(GRACE).await;
}

/// Sets the stage.
fn open(turn: Arc<Turn>, stage: &mut Stage) -> LocalBoxFuture<'_, ()> {
    async move {
        let (planned, shared) = (&turn.run, &turn.shared);
        shared.progress.began(&planned.key);
        let (attempt, recorder) = shared.recorder(&planned.key);
        let Ok(product) = planned.product.parse() else {
            return turn.bug("unknown product");
        };
        let (key, recording) = (&planned.key, recorder.clone());
        // Whoever does both shows in these cases how it goes with them.
        let habits = Habits {
            async_refunds: planned.case.condition == Some(Condition::AsyncRefunds),
            barcode_notices: planned.condition_of_product() == Some(Condition::BarcodeNotices),
        };
        let manner = (attempt, habits);
        match shared.backstage.open(stage, key, product, recording, manner).await {
            Ok(watch) => {
                *turn.watch.lock() = Some(watch);
                let at = recorder.look(0, |entries| entries.last().map_or(0, |entry| entry.at));
                for attachment in shared.attached.get(key).into_iter().flatten() {
                    recorder.append(at, attachment.event());
                }
            }
            Err(error) => {
                let why = BROKEN_STAGE.holding([error.why()]).into();
                recorder.append(0, Seen::Broken { by: error.by(), why });
                recorder.append(0, Seen::Closed);
                // The stage has no record to take out, and a replay judges this one.
                turn.keep(&recorder.take());
            }
        }
    }
    .boxed_local()
}

/// Takes the record out and judges it.
fn close(turn: Arc<Turn>, stage: Option<&mut Stage>) -> LocalBoxFuture<'_, ()> {
    async move {
        let watch = turn.watch.lock().take();
        if watch.is_some_and(|watch| watch.was_active()) {
            turn.shared.played.lock().defect_active.push(turn.run.key.clone());
        }
        if let Some(stage) = stage {
            stage.leave().await;
            turn.count(stage);
            if let Some(pause) = stage.waits() {
                drop(stage.end());
                turn.shared.progress.waits(&turn.run.key);
                return turn.shared.played.lock().waiting.push((turn.run.key.clone(), pause));
            }
            if let Some(record) = stage.end() {
                turn.keep(&record);
            }
        }
    }
    .boxed_local()
}
