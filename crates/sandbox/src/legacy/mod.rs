//! The legacy generation: forms in and XML out at `/gateway.do`, over the same ledger.
//!
//! A call is looked at in [`calls`], read and worked on in the file of its service, and answered
//! as [`said`] writes it. What a payment keeps of the call that made it is its [`order`].

mod asked;
mod bookings;
mod calls;
mod cancel;
mod cashier;
mod downloads;
mod files;
mod forex_refund;
mod notice;
mod order;
mod precreate;
mod query;
mod refund;
mod refund_query;
mod registration;
mod said;
mod service;
mod spot_pay;
mod switches;
mod trade_query;
mod verify;
mod website;

pub(crate) use files::READY;
pub(crate) use notice::{Action, FormNotice};
pub(crate) use order::Order;
pub(crate) use refund::Return;
pub(crate) use registration::Method;
pub(crate) use switches::TABLE;
pub use switches::{
    AckWord, Charsets, DsaForm, Files, LateCancel, LegacySwitches, Repeats, ReturnTime, Reviews,
    Timestamps, TooMuch, UnknownOrder,
};
