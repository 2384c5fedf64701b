//! The recording proxy between merchant and gateway, in both directions, and the place where
//! faults are injected.
//!
//! A [`Front`] has the two addresses that merchant and gateway come in by. Each message goes to the
//! [`Witness`] of the scenario whose it is, and is written to the record before it goes on, with
//! what checking its signature found; bytes pass unchanged unless a [`Fault`] of the scenario says
//! otherwise. A witness never holds the gateway's key. A [`Wire`] is how messages are read and
//! written.

mod door;
mod exchange;
mod fault;
mod front;
#[cfg(test)]
#[path = "tests/ground.rs"]
mod ground;
mod head;
mod parties;
#[cfg(test)]
#[path = "tests/passage.rs"]
mod passage;
mod raw;
mod read_fault;
mod relay;
mod route;
mod stream;
mod text;
mod tls;

pub use door::Door;
pub use fault::{Effect, Fault, Hold, Leaf, Match, Rewrite};
pub use front::Front;
pub use parties::{Setup, Side};
pub use raw::{Raw, Wire, with_body};
pub use read_fault::ReadFault;
pub use relay::Witness;
pub use route::Claim;
pub use tls::{TlsClient, TlsError, TlsServer};
