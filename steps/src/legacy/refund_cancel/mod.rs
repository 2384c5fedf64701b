//! Refunds and cancels in the words of the older generation.

mod action;
mod cancels;
mod later;
mod obstacles;
mod parameters;
mod refunds;
mod returns;
mod situation;
mod website;
