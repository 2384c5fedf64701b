//! Why a signature does not verify.
//!
//! A message, in the generation and with the keys that are known, goes in; ranked explanations come
//! out. The signature is cleaned and opened under every key, which proves what key and which
//! algorithm made it, and yields the digest of the text that was signed. Then the texts are tried
//! that a signer could have built by mistake, one mistake at a time and then two, until one has
//! that digest: so an explanation is a proof, and where there is none, none is made up.
//!
//! Nothing here does I/O, reads a clock or prints; what a search may cost is counted, so that it
//! finds the same on every machine.

mod ams;
mod bytes;
mod carried;
mod cause;
mod concluded;
mod diagnosis;
mod engine;
mod json;
mod legacy;
mod mistake;
mod opened;
pub mod pasted;
mod refusal;
mod search;
mod subject;
mod told;
mod visible;
mod worked;

pub use carried::{Reading, signature_readings};
pub use cause::{Cause, Sure};
pub use diagnosis::{Diagnosis, Explanation, State};
pub use engine::diagnose;
pub use mistake::{Mistake, Step};
pub use refusal::{Remark, remarks};
pub use subject::{Key, Kind, Known, KnownKey, Side, Subject};
pub use told::Unreadable;
pub use visible::{Difference, visible};
pub use worked::{Worked, worked};
