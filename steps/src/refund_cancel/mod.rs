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
