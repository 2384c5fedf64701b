//! The merchant's own side, kept small.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::num::NonZeroU64;

use hashbrown::HashTable;
use protocol::ams::reconciliation::TransactionType;
use protocol::{Amount, Currency};

/// A transaction as the merchant holds it.
#[derive(Debug, Clone, Copy)]
pub struct OwnEntry<'a> {
    /// What it is.
    pub kind: EntryKind,
    /// Whether the money moved.
    pub held: Held,
    /// The id that the merchant gave it: of the payment request, or of the refund request. A cancel
    /// has that of its payment.
    pub request_id: &'a str,
    /// The gateway's id, where it was told: of the payment, or of the refund itself.
    pub transaction_id: Option<&'a str>,
    /// Of a refund, the gateway's id of the payment, where it was told.
    pub original_transaction_id: Option<&'a str>,
    /// How much, without a sign.
    pub amount: Amount,
    /// When it happened, as the gateway told it, in milliseconds since the epoch.
    pub moment: i64,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Money taken from a buyer.
    Payment,
    /// Money given back.
    Refund,
    /// A payment undone that had been made. What was cancelled before it was paid is a payment,
    /// held as cancelled.
    Cancel,
}

/// What the merchant holds of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The money moved.
    Done,
    /// Nobody knows yet.
    Open,
    /// It did not move.
    Failed,
    /// It did not move, since the order was cancelled.
    Cancelled,
}

impl Held {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Open => "open",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl EntryKind {
    /// What a row of that type is to us; nothing for the types of other products.
    pub(super) fn of(transaction_type: TransactionType<'_>) -> Option<Self> {
        match transaction_type {
            TransactionType::Payment => Some(Self::Payment),
            TransactionType::Refund => Some(Self::Refund),
            TransactionType::Cancel => Some(Self::Cancel),
            TransactionType::Other(_) => None,
        }
    }

    /// The sign of its amounts in files.
    pub(super) fn sign(self) -> i64 {
        match self {
            Self::Payment => 1,
            Self::Refund | Self::Cancel => -1,
        }
    }
}

/// What is kept of an entry: digests in place of ids, and what the files said about it. It fills
/// one line of the processor's cache, since rows come in an order of their own and each of them
/// reaches for its record in memory.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Record {
    key: u64,
    pub(super) transaction: Option<NonZeroU64>,
    pub(super) original: Option<NonZeroU64>,
    /// As a file has to say it, with its sign. Of an entry whose money did not move, what the
    /// files say about it in all.
    pub(super) minor: i64,
    pub(super) moment: i64,
    /// Where the row stands that is about it.
    pub(super) line: u32,
    pub(super) file: u16,
    pub(super) currency: Currency,
    pub(super) held: Held,
    /// Whether a row is about it.
    pub(super) seen: bool,
    /// Whether another row undoes the one that is about it, though we know of nothing to undo.
    pub(super) undone: bool,
}

/// All entries, in their order, and found by kind and request id. An id is known by a digest of 64
/// bits under a key of its own each time, so that nobody who writes a file can make two of them
/// meet; and what is found by one id has the other compared as well.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) records: Vec<Record>,
    table: HashTable<u32>,
    hash: RandomState,
}

impl Ledger {
    pub(super) fn of<'a>(own: impl Iterator<Item = OwnEntry<'a>>) -> Self {
        let expected = own.size_hint().0;
        let mut ledger = Self {
            records: Vec::with_capacity(expected),
            table: HashTable::with_capacity(expected),
            hash: RandomState::new(),
        };
        for entry in own {
            ledger.add(&entry);
        }
        ledger
    }

    fn add(&mut self, entry: &OwnEntry<'_>) {
        let key = self.key(entry.kind, entry.request_id);
        // Beyond four thousand million entries memory is long used up.
        let index = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        // Of two entries under one id the first is found; the other stays unseen and is missed.
        let records = &self.records;
        let known = |index: &u32| records.get(*index as usize).map_or(0, |record| record.key);
        self.table.entry(key, |index| known(index) == key, known).or_insert(index);
        let digest = |id: Option<&str>| id.map(|id| self.digest(id));
        let record = Record {
            key,
            transaction: digest(entry.transaction_id),
            original: digest(entry.original_transaction_id),
            minor: entry.kind.sign().saturating_mul(entry.amount.minor),
            moment: entry.moment,
            line: 0,
            file: 0,
            currency: entry.amount.currency,
            held: entry.held,
            seen: false,
            undone: false,
        };
        self.records.push(record);
    }

    /// The place of an entry among the records.
    pub(super) fn position(&self, kind: EntryKind, request_id: &str) -> Option<usize> {
        let key = self.key(kind, request_id);
        let same = |index: &u32| self.records.get(*index as usize).is_some_and(|r| r.key == key);
        self.table.find(key, same).map(|index| *index as usize)
    }

    /// What an id of the gateway's is known by.
    pub(super) fn digest(&self, id: &str) -> NonZeroU64 {
        NonZeroU64::MIN | self.hash.hash_one(id)
    }

    fn key(&self, kind: EntryKind, request_id: &str) -> u64 {
        self.hash.hash_one((kind as u8, request_id))
    }
}

#[cfg(test)]
mod tests {
    use super::Record;

    #[test]
    fn a_million_entries_take_less_than_a_hundred_megabytes() {
        assert_eq!(size_of::<Record>(), 64);
    }
}
