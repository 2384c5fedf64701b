//! The files of the older generation: what the gateway writes, what comes to the merchant, and what
//! it makes of it. How a day is arranged, ended and told is the same in both generations.

mod action;
mod alter;
mod downloads;
mod found;
mod moved;
mod paper;
mod parameters;
mod rows;
mod settled;
mod situation;
mod table;
mod timetable;

pub(crate) use alter::altered;
pub(crate) use found::{as_written, lying, rows};
pub(crate) use paper::kind_of;
pub(crate) use settled::{is_weekend, settles_on};
