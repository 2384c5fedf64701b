//! The vocabulary of the suite reconciliation.

mod action;
pub(crate) mod alter;
mod arrival;
mod fault;
pub(crate) mod found;
mod money;
mod moved;
mod parameters;
mod reading;
pub(crate) mod reports;
mod rows;
mod sheet;
mod situation;

pub(crate) use parameters::Alteration;
