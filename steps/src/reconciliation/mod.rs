//! The vocabulary of the suite reconciliation.

mod action;
pub(crate) mod alter;
mod arrival;
mod fault;
pub(crate) mod found;
mod money;
mod moved;
mod others;
mod parameters;
mod reading;
mod real_day;
pub(crate) mod reports;
mod rows;
mod sheet;
mod situation;
mod unaltered;

pub(crate) use parameters::Alteration;
