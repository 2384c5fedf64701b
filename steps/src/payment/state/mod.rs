//! Checks of what is true at the end, and of what was never true.

mod inquiries;
mod money;
mod over;
mod paid;
pub(crate) mod proof;
mod single;
mod unproved;

pub(crate) use unproved::want_waiting_after;
