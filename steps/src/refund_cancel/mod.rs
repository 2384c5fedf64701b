//! The vocabulary of the suite refund-cancel.

mod action;
mod answers;
mod asked;
mod cancels;
mod insisting;
mod money;
mod parameters;
mod shown;
mod situation;

pub(crate) use action::cancels_of;
pub(crate) use asked::{used as numbers_used, want_count as want_numbers};
pub(crate) use parameters::Back;
pub(crate) use shown::want_cancel_proved;
