//! Checks of what happens after what, and when.

mod finals;
mod pace;
mod polls;
mod repeats;
mod resends;

pub(super) use finals::no_second_pay_no_cancel;
pub(crate) use pace::want_span;
pub(crate) use repeats::changed_field;
