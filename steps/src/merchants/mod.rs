//! The sentences of the suite about secondary merchants.

mod action;
mod content;
mod parameters;
mod refusals;
mod selling;
mod sequence;
mod situation;
mod state;
pub(crate) mod told;

pub(crate) use told::{readings, subject, want_end, want_pending_before, wishes};
