//! The vocabulary of the payment suite.

mod action;
pub(crate) mod alter;
mod content;
mod ill_formed;
mod links;
mod notices;
pub(crate) mod parameters;
mod sequence;
mod situation;
pub(crate) mod state;

pub(crate) use alter::{
    body as bodies, set, stranger, stranger_dsa, text as with_status, with_header,
};
pub(crate) use parameters::StrangeNotice;
pub(crate) use sequence::{changed_field, want_span};
pub(crate) use state::want_waiting_after;
