//! The merchant adapter contract between processes: what is asked how, what an answer means, and
//! what can go wrong on the way.
//!
//! A [`Channel`] carries the calls of the contract to a merchant outside and its answers back;
//! whatever is a channel is a [`Driver`](crate::Driver). [`Http`](crate::Http) is the one to a
//! server of the merchant's, [`Command`](crate::Command) the one to a program. [`serve`] is the other end of it: any driver, such as the reference
//! merchant, as a server of the contract.

mod answer;
mod asking;
mod operation;
mod place;
mod serving;
mod trouble;
mod views;

use futures::future::BoxFuture;
use serde_json::Value;

pub(crate) use answer::shortened;
pub use operation::Operation;
pub use serving::serve;
pub use trouble::{Counterpart, Fault, Trouble};

/// One call of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// What is asked for.
    pub operation: Operation,
    /// Its path with query, below the merchant's address, where it goes over HTTP.
    pub target: String,
    /// What it is about, as JSON. Over HTTP the target of a GET says it, and the body stays empty.
    pub body: Value,
}

/// What came back for a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status, as HTTP numbers them.
    pub status: u16,
    /// Whether it calls itself an HTML page.
    pub page: bool,
    /// Where it sends the call instead.
    pub location: Option<String>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

/// A way to a merchant outside, over which the calls of the contract go.
pub trait Channel: Send + Sync {
    /// Whom it leads to.
    fn counterpart(&self) -> &Counterpart;

    /// Asks for something, and waits for the whole answer within the contract's ten seconds.
    fn ask(&self, wish: Wish) -> BoxFuture<'_, Result<Answer, Fault>>;
}
