//! How a run shows that it goes on: a bar on a terminal, a line per run elsewhere.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, channel};

use evidence::CaseKey;
use evidence::words::{Language, RUN_PAUSE, Sentence};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use parking_lot::Mutex;

use crate::cli::output::{Span, Terminal, Tone};
use crate::run::{Played, Progress, Run};
use crate::verdict::{AttemptResult, Judge, Outcome};

/// The style of the bar: how far it is, and what ended last.
const STYLE: &str = "{bar:30} {pos}/{len}  {msg}";

/// Stands in until somebody watches.
#[derive(Debug)]
pub(super) struct Nobody;

impl Progress for Nobody {
    fn began(&self, _: &CaseKey) {}
    fn ended(&self, _: &CaseKey, _: &AttemptResult) {}
    fn waits(&self, _: &CaseKey) {}
}

/// How a run ended, or nothing where it waits.
type Told = (CaseKey, Option<Outcome>);

/// Tells another thread what ended.
struct Teller(Mutex<Sender<Told>>);

impl Progress for Teller {
    fn began(&self, _: &CaseKey) {}

    fn ended(&self, key: &CaseKey, result: &AttemptResult) {
        // Nobody listens any more when the run is being dropped.
        drop(self.0.lock().send((key.clone(), Some(result.outcome))));
    }

    fn waits(&self, key: &CaseKey) {
        drop(self.0.lock().send((key.clone(), None)));
    }
}

/// Plays on a thread of its own while this one draws. Ctrl-C stops the run.
pub(super) fn watch(
    terminal: &mut Terminal,
    mut run: Run,
    judge: &Judge,
    quiet: bool,
) -> io::Result<Played> {
    let (sender, receiver) = channel();
    run.progress = Arc::new(Teller(Mutex::new(sender)));
    let total = run.planned.len();
    // Whoever is asked on the terminal needs it for themselves.
    let by_hand = run.backstage.tested.is_by_hand() || run.backstage.buyers.is_some();
    let judge = judge.clone();
    std::thread::scope(|scope| {
        let player = scope.spawn(move || play(run, judge));
        draw(terminal, &receiver, total, (quiet, by_hand));
        player.join().unwrap_or_else(|_panic| Err(io::Error::other("the player panicked")))
    })
}

fn play(run: Run, judge: Judge) -> io::Result<Played> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let stop = run.stop.clone();
    runtime.block_on(async move {
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.store(true, Ordering::SeqCst);
            }
        });
        // It listens before anything plays.
        tokio::task::yield_now().await;
        tokio::task::spawn_blocking(|| run.play(judge)).await?
    })
}

fn draw(
    terminal: &mut Terminal,
    receiver: &Receiver<Told>,
    total: usize,
    (quiet, by_hand): (bool, bool),
) {
    // A pseudo-terminal of a CI machine redraws badly, so `CI` counts as no terminal.
    let live = terminal.is_live() && std::env::var_os("CI").is_none();
    if quiet || by_hand || !live {
        for (key, outcome) in receiver {
            if !quiet {
                let (tone, name) = word(outcome, terminal.language());
                terminal.line([Span::new(tone, name), Span::from(format!(" {key}"))]);
            }
        }
        return;
    }
    let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(STYLE) {
        bar.set_style(style);
    }
    for (key, outcome) in receiver {
        bar.set_message(format!("{key} {}", word(outcome, terminal.language()).1));
        bar.inc(1);
    }
    bar.finish_and_clear();
}

/// How a run ended, or that it waits.
fn word(outcome: Option<Outcome>, language: Language) -> (Tone, String) {
    let waits = || (Tone::Warning, RUN_PAUSE.text(language).to_owned());
    outcome.map_or_else(waits, |outcome| (tone(outcome), shown(outcome, language)))
}

/// The outcome as a person reads it.
pub(super) fn shown(outcome: Outcome, language: Language) -> String {
    // In English as the results spell it, so that it is found there.
    let word = Sentence::of_word("OUTCOME", outcome.name()).filter(|_| language != Language::En);
    word.map_or(outcome.name(), |word| word.text(language)).to_owned()
}

/// What an outcome looks like.
pub(super) fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Passed => Tone::Good,
        Outcome::Failed | Outcome::Error | Outcome::Aborted => Tone::Bad,
        Outcome::Unstable | Outcome::NeedsReview | Outcome::Waived => Tone::Warning,
        Outcome::NotApplicable | Outcome::Skipped | Outcome::Disabled | Outcome::Planned => {
            Tone::Faint
        }
    }
}
