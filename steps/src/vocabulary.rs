//! The sentences of the vocabulary, and what each of them does.

use std::collections::HashMap;
use std::sync::LazyLock;

use cucumber::codegen::Regex;
use cucumber::gherkin::{Step, StepType};
use cucumber::step::{CaptureName, Collection, Context};
use evidence::Party;
use evidence::words::BROKEN_SENTENCE;
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use parking_lot::Mutex;

use crate::Stage;

/// Every sentence of the vocabulary, with what it does.
pub fn collection() -> Collection<Stage> {
    VOCABULARY.clone()
}

// A few hundred patterns are compiled once; clones share them.
static VOCABULARY: LazyLock<Collection<Stage>> =
    LazyLock::new(<Stage as cucumber::World>::collection);

/// What a sentence does, and what its places are filled with.
type Found = (cucumber::Step<Stage>, Vec<(CaptureName, String)>);

/// What a step does, and what its places are filled with. None where its sentence has no meaning,
/// or several.
pub fn find(step: &Step) -> Option<(cucumber::Step<Stage>, Context)> {
    // The same sentences are played and judged for every product and row, and finding one means
    // trying every pattern.
    static KNOWN: LazyLock<Mutex<HashMap<(StepType, String), Found>>> =
        LazyLock::new(Mutex::default);
    let sentence = (step.ty, step.value.clone());
    let known = KNOWN.lock().get(&sentence).cloned();
    let (run, matches) = if let Some(known) = known {
        known
    } else {
        let (run, _, _, context) = VOCABULARY.find(step).ok()??;
        let found = (*run, context.matches);
        KNOWN.lock().insert(sentence, found.clone());
        found
    };
    Some((run, Context { step: step.clone(), matches }))
}

/// The vocabulary for the engine: one pattern that fits every sentence, which is looked up by
/// [`find`].
pub fn looked_up() -> Collection<Stage> {
    static LOOKED_UP: LazyLock<Collection<Stage>> = LazyLock::new(|| {
        let Ok(anything) = Regex::new("") else { return collection() };
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
