//! Checks of what happens after what, and when.

mod finals;
mod pace;
mod polls;
mod repeats;
mod resends;

pub(crate) use repeats::changed_field;
