//! The sentences of the vocabulary, and what each of them does.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use cucumber::codegen::Regex;
use cucumber::gherkin::{Step, StepType};
use cucumber::step::{AmbiguousMatchError, CaptureName, Collection, Context};
use evidence::Party;
use evidence::words::BROKEN_SENTENCE;
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use parking_lot::Mutex;

use crate::Stage;

/// What a sentence does, and what its places are filled with.
type Found = (cucumber::Step<Stage>, Vec<(CaptureName, String)>);

type Known = HashMap<(StepType, String), Option<Found>>;

/// What is known of the sentences that were looked up: nothing of one that has no meaning. The same
/// ones are read, played and judged for every product and row, and to look one up means to try
/// every pattern.
static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

/// Every sentence of the vocabulary. Its patterns and what they work with take megabytes, which go
/// with it; what it was asked for stays known.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// None until the first sentence that is not known.
    patterns: OnceCell<Collection<Stage>>,
}

impl Vocabulary {
    /// Whether a step has a meaning.
    ///
    /// # Errors
    /// When it has several.
    pub fn knows(&self, step: &Step) -> Result<bool, AmbiguousMatchError> {
        self.look_up(step).map(|found| found.is_some())
    }

    fn look_up(&self, step: &Step) -> Result<Option<Found>, AmbiguousMatchError> {
        let sentence = (step.ty, step.value.clone());
        if let Some(known) = KNOWN.lock().get(&sentence) {
            return Ok(known.clone());
        }
        let patterns = self.patterns.get_or_init(<Stage as cucumber::World>::collection);
        let found = patterns.find(step)?.map(|(run, _, _, context)| (*run, context.matches));
        KNOWN.lock().insert(sentence, found.clone());
        Ok(found)
    }
}

/// What a step does, and what its places are filled with. None where its sentence has no meaning,
/// or several.
pub fn find(step: &Step) -> Option<(cucumber::Step<Stage>, Context)> {
    let (run, matches) = Vocabulary::default().look_up(step).ok()??;
    Some((run, Context { step: step.clone(), matches }))
}

/// The vocabulary for the engine: one pattern that fits every sentence, which is looked up by
/// [`find`].
pub fn looked_up() -> Collection<Stage> {
    static LOOKED_UP: LazyLock<Collection<Stage>> = LazyLock::new(|| {
        let Ok(anything) = Regex::new("") else { return Collection::new() };
        Collection::new()
            .given(None, anything.clone(), look_up)
            .when(None, anything.clone(), look_up)
            .then(None, anything, look_up)
    });
    LOOKED_UP.clone()
}

fn look_up(stage: &mut Stage, context: Context) -> LocalBoxFuture<'_, ()> {
    match find(&context.step) {
        Some((run, context)) => run(stage, context),
        None => async move {
            if let Some(live) = stage.live() {
                live.broken(Party::Runner, BROKEN_SENTENCE.with([&context.step.value]));
            }
        }
        .boxed_local(),
    }
}
