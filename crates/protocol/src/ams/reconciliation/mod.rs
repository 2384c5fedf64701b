//! Reconciliation files: their names, their columns, and both directions between bytes and rows.
//!
//! - [`FileName`] says what a file holds and where it lies.
//! - [`Writer`] makes the bytes of a file out of [`Row`]s.
//! - [`Reader`] makes rows out of bytes, one at a time, and a [`Fault`] with line and column out of
//!   whatever is none. What must not matter about a file's form it reads, and keeps a [`Note`].
//!
//! Nothing here opens a file: bytes come in through `BufRead` and go out as a vector.

mod fault;
mod fields;
mod kind;
mod lines;
mod name;
mod read;
mod row;
#[cfg(test)]
mod tests;
mod write;

pub use fault::{Column, Expected, Fault, Trouble};
pub use kind::{FileKind, TransactionType};
pub use name::{Batch, FileName, NameError, Part, directory};
pub use read::{LINE_LIMIT, Note, NoteKind, Reader};
pub use row::{Row, SettlementItem, SummaryLine, Transaction, TransactionItem};
pub use write::Writer;
