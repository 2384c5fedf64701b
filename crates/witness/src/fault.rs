//! What a witness does to messages when a scenario asks for it.

use std::fmt;
use std::sync::Arc;

use clock::{Clock, Gate, Millis};
use evidence::{Blob, Way, api_of, is_return, target_of};
use protocol::ams::Api;

use crate::head::with_field;

/// A fault: which messages it meets, how often, and what it does to them.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The name under which the record shows it.
    pub name: &'static str,
    /// Which exchanges it meets.
    pub on: Match,
    /// What it does.
    pub effect: Effect,
}

/// Which exchanges a fault meets, counted over those of its way and API.
#[derive(Debug, Clone, Copy)]
pub struct Match {
    /// Calls or notices.
    pub way: Way,
    /// Whether it meets what a buyer's browser carries back, and nothing else.
    pub returns: bool,
    /// Which call; `None` meets all.
    pub api: Option<Api>,
    /// The first one it meets, from 1.
    pub first: u32,
    /// The last one it meets.
    pub last: u32,
    /// What stands in the addresses or bodies of those that are counted; an empty text stands in all.
    pub telling: &'static str,
}

impl Match {
    /// Every call of an API.
    pub fn every(api: Api) -> Self {
        Self { way: Way::Call, api: Some(api), ..Self::notices() }
    }

    /// The n-th call of an API, from 1.
    pub fn nth(api: Api, number: u32) -> Self {
        Self { first: number, last: number, ..Self::every(api) }
    }

    /// Every notice. What a buyer's browser carries back is none.
    pub fn notices() -> Self {
        let (first, last, telling) = (1, u32::MAX, "");
        Self { way: Way::Notice, returns: false, api: None, first, last, telling }
    }

    /// Whatever a buyer's browser carries back.
    pub fn returns() -> Self {
        Self { returns: true, ..Self::notices() }
    }

    /// Of these only such as have a text in their address or their body.
    #[must_use]
    pub fn telling(self, telling: &'static str) -> Self {
        Self { telling, ..self }
    }

    /// Every call, whichever it is.
    pub fn calls() -> Self {
        Self { way: Way::Call, ..Self::notices() }
    }

    /// The same, up to the n-th only.
    #[must_use]
    pub fn up_to(self, last: u32) -> Self {
        Self { last, ..self }
    }
}

/// Until when a message is held.
#[derive(Debug, Clone)]
pub enum Hold {
    /// For so many milliseconds.
    For(Millis),
    /// Until the gate opens.
    Until(Gate),
}

/// Puts another message in the place of one.
pub type Leaf = dyn Fn(&Blob) -> Blob + Send + Sync;

/// A rewriting of a message.
#[derive(Clone)]
pub struct Rewrite(Arc<Leaf>);

impl Rewrite {
    /// A rewriting by a function.
    pub fn new(rewrite: impl Fn(&Blob) -> Blob + Send + Sync + 'static) -> Self {
        Self(Arc::new(rewrite))
    }

    /// Replaces a header's value, or takes the header out.
    pub fn field(name: &'static str, value: Option<&'static str>) -> Self {
        Self::new(move |blob| Blob {
            head: with_field(&blob.head, name, value),
            body: blob.body.clone(),
        })
    }

    /// The rewritten message.
    pub fn apply(&self, blob: &Blob) -> Blob {
        (self.0)(blob)
    }
}

impl fmt::Debug for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rewrite")
    }
}

/// What a fault does.
#[derive(Debug, Clone)]
pub enum Effect {
    /// The call never reaches its receiver; the caller's connection stays open.
    LoseCall,
    /// The call reaches its receiver later.
    HoldCall(Hold),
    /// The receiver gets another call in its place.
    ReplaceCall(Rewrite),
    /// The answer never reaches the caller, whose connection stays open.
    LoseAnswer,
    /// The answer reaches the caller later.
    HoldAnswer(Hold),
    /// The caller gets another answer in its place.
    ReplaceAnswer(Rewrite),
    /// The caller's connection is reset after the receiver has answered.
    Reset,
    /// Nothing is done to the message; once the answer has been handed over, the gate opens.
    ThenOpen(Gate),
}

/// The faults of a scenario and how many messages they have met.
#[derive(Debug, Default)]
pub(crate) struct Planted {
    faults: Vec<(Fault, u32)>,
}

impl Planted {
    pub(crate) fn plant(&mut self, fault: Fault) {
        self.faults.push((fault, 0));
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    /// The faults that meet an exchange which has just begun.
    pub(crate) fn meet(&mut self, way: Way, call: &Blob) -> Vec<Fault> {
        let returns = is_return(way, call);
        let api = api_of(call);
        let target = target_of(&call.head).unwrap_or_default();
        let body = String::from_utf8_lossy(&call.body);
        let mut met = vec![];
        for (fault, count) in &mut self.faults {
            let fits = fault.on.way == way && fault.on.returns == returns;
            let fits = fits && (fault.on.api.is_none() || fault.on.api == api);
            let telling = fault.on.telling;
            if fits && (target.contains(telling) || body.contains(telling)) {
                *count += 1;
                if (fault.on.first..=fault.on.last).contains(count) {
                    met.push(fault.clone());
                }
            }
        }
        met
    }
}

impl Hold {
    pub(crate) async fn wait(&self, clock: &Clock) {
        match self {
            Self::For(span) => clock.sleep(*span).await,
            Self::Until(gate) => gate.wait().await,
        }
    }
}
