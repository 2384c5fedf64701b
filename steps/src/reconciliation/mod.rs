//! The vocabulary of the suite reconciliation.

mod action;
mod alter;
mod arrival;
mod fault;
mod found;
mod money;
mod moved;
mod parameters;
mod reading;
mod reports;
mod rows;
mod sheet;
mod situation;

pub(crate) use parameters::Alteration;
