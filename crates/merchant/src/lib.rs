//! What makes a merchant act, and the reference merchant.
//!
//! A [`Driver`] takes the messages of the merchant adapter contract and tells how the merchant sees
//! its own orders. [`Http`] and [`Command`] drive a merchant outside, a server or a program of the contract of [`adapter`];
//! [`Manual`] asks a [`Person`] at the till.
//! [`Reference`] is the driver of the built-in merchant: a till and its back office
//! that follow the published best practice to the letter, over real HTTP and on the scenario's
//! clock. A [`Defect`] makes it do exactly one thing wrong, so that the suites can prove what they
//! are worth.
//!
//! By its [`Contract`] it speaks one of the two generations, with the same book of orders behind
//! both. Under the AMS generation it sells through user-presented, order-code, entry-code and
//! cashier; under the legacy one through barcode, transaction-qr and website.

pub mod adapter;
mod bill;
mod cancel;
mod cancelling;
mod cashier;
mod charge;
mod command;
mod defect;
mod driver;
mod gateway;
mod http;
mod legacy;
mod naming;
mod notification;
mod order;
mod pay;
mod person;
mod polling;
mod present;
pub mod reconciliation;
mod reference;
mod refund;
mod registrar;
mod registration;
mod returning;
mod setup;
mod slip;
#[cfg(test)]
mod tests;

pub use command::{Command, Launch};
pub use defect::{Defect, Switch};
pub use driver::{
    CancelOrder, Charge, Driver, DriverError, Present, Reconcile, RefundOrder, Register,
    RegisterStore, Return, TaxiDriver,
};
pub use http::{Http, UrlError};
pub use person::{Away, Came, Field, Form, Manual, Person, Reply, Task};
pub use reference::Reference;
pub use setup::{
    Contract, GatewayAddress, Habits, Identity, Reports, Setup, Store, reference_dsa_key,
    reference_key,
};
