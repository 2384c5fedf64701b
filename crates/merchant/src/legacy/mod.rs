//! The legacy generation: what the merchant says at `gateway.do`, and what it makes of the answers.
//! The order book, the slips and the rules for asking, cancelling and giving back are those of
//! every generation.

mod cancel;
mod charge;
mod forex;
mod gateway;
mod messages;
pub(crate) mod moments;
mod notification;
mod present;
mod query;
mod refund;
mod registration;
mod signing;
mod website;
