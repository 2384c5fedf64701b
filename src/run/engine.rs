//! cucumber, bent to our needs: a parser over what is planned already, hooks that set and clear the
//! stage, and a writer that only listens for the engine's own failures.

use std::sync::Arc;
use std::time::Duration;
use std::vec;

use cucumber::event::{self, Cucumber as C, Feature as F, Rule as R, Scenario as S};
use cucumber::gherkin::{Feature, Rule, Scenario};
use cucumber::runner::basic::{RetryOptions, ScenarioType};
use cucumber::{Cucumber, Event, Parser, Writer, WriterExt as _, cli, parser, runner, writer};
use evidence::words::BROKEN_STAGE;
use evidence::{CaseKey, Event as Seen, Party};
use futures::future::LocalBoxFuture;
use futures::{FutureExt as _, stream};
use steps::Stage;

use super::Shared;
use crate::suite::Planned;

/// How often the stop flag is looked at while scenarios play.
const LOOK: Duration = Duration::from_millis(50);
/// How long scenarios that are playing may go on after a stop.
const GRACE: Duration = Duration::from_secs(2);

/// Features that were parsed, linted, expanded and selected before.
struct Ready(Vec<Feature>);

impl Parser<()> for Ready {
    type Cli = cli::Empty;
    type Output = stream::Iter<vec::IntoIter<parser::Result<Feature>>>;

    fn parse(self, (): (), _: cli::Empty) -> Self::Output {
        // A stream that really waits would hang the engine, so everything is ready at once.
        stream::iter(self.0.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

/// Listens for what only the engine knows: steps that panicked or were skipped.
struct Listener(Arc<Shared>);

impl Writer<Stage> for Listener {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<C<Stage>>>, _: &Self::Cli) {
        let event = match event {
            Ok(event) => event.value,
            Err(error) => return self.0.bug(error.to_string()),
        };
        let C::Feature(_, F::Scenario(scenario, event) | F::Rule(_, R::Scenario(scenario, event))) =
            event
        else {
            return;
        };
        let key = Planned::key_of(&scenario).map_or_else(String::new, |key| key.to_string());
        match event.event {
            S::Background(step, outcome) | S::Step(step, outcome) => match outcome {
                event::Step::Failed(_, _, _, error) => {
                    self.0.bug(format!("{key}: '{}': {error}", step.value));
                }
                event::Step::Skipped => self.0.bug(format!("{key}: '{}' was skipped", step.value)),
                event::Step::Started | event::Step::Passed(..) => {}
            },
            S::Hook(_, event::Hook::Failed(_, why)) => {
                let why = why.downcast_ref::<String>().map_or("a hook panicked", String::as_str);
                self.0.bug(format!("{key}: {why}"));
            }
            S::Hook(..) | S::Started | S::Log(_) | S::Finished => {}
        }
    }
}

impl writer::NonTransforming for Listener {}

// The order of events does not matter to it, so nothing has to wait for its turn.
impl writer::Normalized for Listener {}

/// Plays features. Ends early, some time after the stop flag is set.
pub(super) async fn play(features: Vec<Feature>, jobs: usize, shared: Arc<Shared>) {
    let (opening, ending) = (shared.clone(), shared.clone());
    let engine = runner::Basic::<Stage>::default()
        .steps(steps::looked_up())
        .max_concurrent_scenarios(jobs)
        .which_scenario(|_, _, _| ScenarioType::Concurrent)
        .retry_options(|_, _, _, _| Option::<RetryOptions>::None)
        .before(move |_, _, scenario, stage| open(opening.clone(), scenario, stage))
        .after(move |_, _, scenario, _, stage| close(ending.clone(), scenario, stage));
    let listener = Listener(shared.clone()).fail_on_skipped_with(everything);
    let run = Cucumber::<Stage, _, (), _, _, cli::Empty>::custom(Ready(features), engine, listener)
        .with_default_cli()
        .run(());
    // The engine empties the panic hook and gives it back only when it ends by itself.
    let hook = Arc::new(std::panic::take_hook());
    let kept = hook.clone();
    std::panic::set_hook(Box::new(move |panic| kept(panic)));
    tokio::select! {
        _ = run => {}
        () = stopped(shared) => {}
    }
    std::panic::set_hook(Box::new(move |panic| hook(panic)));
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

/// Sets the stage for a scenario.
fn open<'a>(
    shared: Arc<Shared>,
    scenario: &'a Scenario,
    stage: &'a mut Stage,
) -> LocalBoxFuture<'a, ()> {
    async move {
        if shared.is_stopped() {
            // Nothing new begins; the run is dropped when the others have ended.
            futures::future::pending::<()>().await;
        }
        let known = Planned::key_of(scenario).and_then(|key| shared.planned.get(&key));
        let Some(planned) = known else {
            return shared.bug(format!("'{}' was never planned", scenario.name));
        };
        shared.progress.began(&planned.key);
        let attempt = shared.attempts.get(&planned.key).copied().unwrap_or(1);
        let recorder = shared.record.recorder(planned.key.clone(), attempt);
        let Ok(product) = planned.product.parse() else {
            return shared.bug(format!("{}: unknown product", planned.key));
        };
        let (key, recording) = (&planned.key, recorder.clone());
        match shared.backstage.open(stage, key, product, recording, attempt).await {
            Ok(watch) => drop(shared.watches.lock().insert(planned.key.clone(), watch)),
            Err(error) => {
                let why = BROKEN_STAGE.with([error]).into();
                recorder.append(0, Seen::Broken { by: Party::Environment, why });
                recorder.append(0, Seen::Closed);
            }
        }
    }
    .boxed_local()
}

/// Takes the record out and judges it.
fn close<'a>(
    shared: Arc<Shared>,
    scenario: &'a Scenario,
    stage: Option<&'a mut Stage>,
) -> LocalBoxFuture<'a, ()> {
    async move {
        let Some(key) = Planned::key_of(scenario) else { return };
        let watch = shared.watches.lock().remove(&key);
        let record = stage.and_then(Stage::end);
        if watch.is_some_and(|watch| watch.was_active()) {
            shared.played.lock().defect_active.push(key.clone());
        }
        if let (Some(record), Some(planned)) = (record, shared.planned.get(&key)) {
            let result = shared.judge.attempt(planned, &record);
            shared.progress.ended(&key, &result);
            keep(&shared, key, result);
        }
    }
    .boxed_local()
}

fn keep(shared: &Shared, key: CaseKey, result: crate::verdict::AttemptResult) {
    shared.played.lock().attempts.entry(key).or_default().push(result);
}
