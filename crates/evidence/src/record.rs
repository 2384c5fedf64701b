//! A record that was read, and why one cannot be trusted.

use std::fmt;

use serde_json::Value;

use crate::words::{self as say, Phrase, Place};
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
    /// What the last line chains everything to; empty where a record was cut off before it.
    pub head: String,
}

/// Why a record cannot be trusted, with the line where it shows, from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Not what a line of a record looks like.
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What was expected.
        why: Phrase,
    },
    /// Another format version than this program reads.
    Format(Option<u64>),
    /// A hash that does not follow from the line before.
    Chain(usize),
    /// Lines of one attempt that do not stand together or in order.
    Order(usize),
    /// A line after the one that closes an attempt.
    Closed(usize),
    /// Messages that do not make an exchange.
    Exchange(usize),
    /// Time that runs backwards, or that no clock shows.
    Time(usize),
    /// The last line is missing or does not fit.
    Heads,
    /// The file cannot be read.
    Unreadable(String),
}

impl RecordError {
    /// What is wrong, in both languages.
    pub fn says(&self) -> Phrase {
        match self {
            Self::Malformed { line, why } => {
                say::RECORD_MALFORMED.holding([Place::value(line), why.clone().into()])
            }
            Self::Format(told) => {
                let told = told.map_or_else(|| say::RECORD_NO_FORMAT.plain().into(), Place::value);
                say::RECORD_FORMAT.holding([told, Place::value(FORMAT)])
            }
            Self::Chain(line) => say::RECORD_CHAIN.with([line]),
            Self::Order(line) => say::RECORD_ORDER.with([line]),
            Self::Closed(line) => say::RECORD_CLOSED.with([line]),
            Self::Exchange(line) => say::RECORD_EXCHANGE.with([line]),
            Self::Time(line) => say::RECORD_TIME.with([line]),
            Self::Heads => say::RECORD_HEADS.plain(),
            Self::Unreadable(why) => say::RECORD_UNREADABLE.with([why]),
        }
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.says().fmt(f)
    }
}

pub(crate) fn malformed(line: usize, why: Phrase) -> RecordError {
    RecordError::Malformed { line, why }
}

/// What the reader of JSON says, which is no sentence of ours.
pub(crate) fn not_read(line: usize, why: &serde_json::Error) -> RecordError {
    malformed(line, say::SAID_ELSEWHERE.with([why]))
}
