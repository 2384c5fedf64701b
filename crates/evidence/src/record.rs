//! A record that was read, and why one cannot be trusted.

use serde_json::Value;

use crate::{CaseKey, Entry, FORMAT};

/// The first line of a record: what varies from run to run, outside the chains.
pub type Header = serde_json::Map<String, Value>;

/// The entries of one attempt of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRecord {
    /// Which run of which case.
    pub key: CaseKey,
    /// From 1.
    pub attempt: u32,
    /// In the order in which they happened.
    pub entries: Vec<Entry>,
}

/// A whole record, its chains proved.
#[derive(Debug, Clone)]
pub struct Record {
    /// The first line.
    pub header: Header,
    /// The attempts in the order of the file.
    pub cases: Vec<CaseRecord>,
}

/// Why a record cannot be trusted, with the line where it shows, from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Not what a line of a record looks like.
    #[error("record line {line}: {why}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What was expected.
        why: String,
    },
    /// Another format version than this program reads.
    #[error("the record has format {0}, this program reads formats 1 to {FORMAT}")]
    Format(String),
    /// A hash that does not follow from the line before.
    #[error(
        "record line {0}: the hash chain is broken: a line was changed, dropped, added or moved"
    )]
    Chain(usize),
    /// Lines of one attempt that do not stand together or in order.
    #[error(
        "record line {0}: attempts of a case are numbered from 1, and the lines of each stand \
         together and are numbered from 0"
    )]
    Order(usize),
    /// A line after the one that closes an attempt.
    #[error("record line {0}: the attempt was closed before it")]
    Closed(usize),
    /// Messages that do not make an exchange.
    #[error(
        "record line {0}: an exchange goes one way, from its call to its answer, each leg once"
    )]
    Exchange(usize),
    /// Time that runs backwards, or that no clock shows.
    #[error("record line {0}: time runs backwards within the attempt, or is none")]
    Time(usize),
    /// The last line is missing or does not fit.
    #[error("the record's last line does not chain the heads of its cases")]
    Heads,
    /// The file cannot be read.
    #[error("the record cannot be read: {0}")]
    Unreadable(String),
}

pub(crate) fn malformed(line: usize, why: &str) -> RecordError {
    RecordError::Malformed { line, why: why.into() }
}
