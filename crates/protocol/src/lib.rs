//! The messages of the gateway's generations: text to sign, result codes, money, time.
//!
//! Nothing here does I/O, reads a clock or makes up an id: what varies is an argument. `ams` is the
//! generation that speaks JSON with a signature in a header, `legacy` the older one that takes forms
//! and answers in XML.

pub mod ams;
mod day;
mod fields;
mod generation;
pub mod legacy;
mod moment;
mod money;
mod rate;
pub mod sample;

pub use day::{Day, DayError};
pub use fields::Fields;
pub use generation::Generation;
pub use moment::{DAY, GMT8, iso8601, parse_iso8601, parse_time, year_after};
pub use money::{Amount, AmountError, Currency};
pub use rate::{Rate, RateError};
