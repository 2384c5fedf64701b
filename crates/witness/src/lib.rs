//! The recording proxy between merchant and gateway, in both directions, and the place where
//! faults are injected.
//!
//! A [`Witness`] belongs to one scenario. Every message that reaches it is written to the record
//! before it goes on, with what checking its signature found; bytes pass unchanged unless a
//! [`Fault`] of the scenario says otherwise. It never holds the gateway's key. A [`Wire`] is how it
//! reads and writes messages.

mod exchange;
mod fault;
mod parties;
mod raw;
mod relay;

pub use fault::{Effect, Fault, Hold, Leaf, Match, Rewrite};
pub use parties::{Setup, Side};
pub use raw::{Raw, ReadFault, Wire, with_body};
pub use relay::Witness;
