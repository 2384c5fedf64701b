//! Rows about transactions, against our own entries.

use std::collections::BTreeMap;

use evidence::{DifferenceKind, FileNoteKind};
use protocol::ams::reconciliation::Transaction;
use protocol::{Amount, Currency, Day, iso8601};

use super::findings::{At, Findings, Found};
use super::own::{EntryKind, Held, Ledger, OwnEntry, Record};
use crate::defect::{Defect, Switch};

/// How far the shop's own zone, five hours behind UTC, is behind the gateway's.
const BEHIND: i64 = 13 * 3_600_000;
/// How far UTC is behind the gateway's zone.
const UTC_BEHIND: i64 = 8 * 3_600_000;

/// Our entries, and what the rows said about them.
#[derive(Debug)]
pub(super) struct Matcher<'s> {
    ledger: Ledger,
    /// The first and the last day of the transactions.
    days: (Day, Day),
    switch: &'s Switch,
    /// By how much the files are off in all, for the defect that looks at nothing else.
    off: BTreeMap<Currency, i64>,
}

/// What a row is about.
#[derive(Debug, Clone, Copy)]
enum About {
    /// An entry of ours.
    Entry(usize),
    /// The end of a payment that we hold as never made.
    EndOf(usize),
    /// Nothing that we know.
    Nothing,
}

impl<'s> Matcher<'s> {
    pub(super) fn new(day: Day, switch: &'s Switch) -> Self {
        Self::over((day, day), switch)
    }

    /// The same for transactions of several days.
    pub(super) fn over(days: (Day, Day), switch: &'s Switch) -> Self {
        Self { ledger: Ledger::default(), days, switch, off: BTreeMap::new() }
    }

    /// Takes our entries.
    pub(super) fn take<'a>(&mut self, own: impl Iterator<Item = OwnEntry<'a>>) {
        self.ledger = Ledger::of(own);
    }

    /// Compares a row; what it is about counts as seen. Answers whether it agrees with an entry.
    pub(super) fn row(&mut self, row: &Transaction<'_>, at: At, findings: &mut Findings) -> bool {
        let found = |kind| at.found(kind, "", id_of(row));
        let theirs = || Some(row.amount.to_string());
        let about = self.about(row);
        let (About::Entry(index) | About::EndOf(index)) = about else {
            if !self.switch.strikes(Defect::OwnSideOnly) {
                findings.add(found(DifferenceKind::Extra), None, theirs());
            }
            return false;
        };
        let Some(record) = self.ledger.records.get_mut(index) else { return false };
        let mark = match about {
            About::EndOf(_) => &mut record.undone,
            About::Entry(_) | About::Nothing => &mut record.seen,
        };
        if std::mem::replace(mark, true) {
            if !self.switch.either(Defect::RowsById, Defect::LegRecDuplicateLost) {
                let ours = Amount::new(record.currency, record.minor);
                findings.add(found(DifferenceKind::Duplicate), Some(ours.to_string()), theirs());
            }
        } else if record.held == Held::Done {
            let before = findings.count();
            self.compare(index, row, at, findings);
            return findings.count() == before;
        } else {
            record.unexpected(row, at);
        }
        false
    }

    fn about(&self, row: &Transaction<'_>) -> About {
        let Some(kind) = EntryKind::of(row.transaction_type) else { return About::Nothing };
        let request = row.transaction_request_id;
        if let Some(index) = self.ledger.position(kind, request) {
            return About::Entry(index);
        }
        let records = &self.ledger.records;
        let unpaid = |index: &usize| records.get(*index).is_some_and(|r| r.held != Held::Done);
        match kind {
            EntryKind::Payment | EntryKind::Refund => About::Nothing,
            EntryKind::Cancel => self
                .ledger
                .position(EntryKind::Payment, request)
                .filter(unpaid)
                .map_or(About::Nothing, About::EndOf),
        }
    }

    fn compare(&mut self, index: usize, row: &Transaction<'_>, at: At, findings: &mut Findings) {
        let Some(record) = self.ledger.records.get(index) else { return };
        let found = |kind, column| at.found(kind, column, id_of(row));
        let ours = Amount::new(record.currency, record.minor);
        if let Some((kind, column)) = self.amounts_differ(ours, row.amount) {
            if kind == DifferenceKind::Amount && self.switch.has(Defect::TotalsOnly) {
                *self.off.entry(ours.currency).or_default() += row.amount.minor - ours.minor;
            }
            let (ours, theirs) = (ours.to_string(), row.amount.to_string());
            findings.add(found(kind, column), Some(ours), Some(theirs));
        }
        let ledger = &self.ledger;
        if record.transaction.is_some_and(|id| id != ledger.digest(row.transaction_id)) {
            let found = found(DifferenceKind::Id, "transactionId");
            findings.add_id(found, index, row.transaction_id);
        }
        let original = row.original_transaction_id;
        let wrong = match EntryKind::of(row.transaction_type) {
            Some(EntryKind::Refund) => {
                record.original.is_some_and(|id| id != ledger.digest(original))
            }
            Some(EntryKind::Payment | EntryKind::Cancel) | None => !original.is_empty(),
        };
        if wrong {
            let found = found(DifferenceKind::Original, "originalTransactionId");
            findings.add_id(found, index, original);
        }
        if !self.is_today(record.moment) || !self.contains(row.payment_time) {
            let (ours, theirs) = (iso8601(record.moment), iso8601(row.payment_time));
            findings.add(found(DifferenceKind::Day, "paymentTime"), Some(ours), Some(theirs));
        }
    }

    /// In what two amounts differ, if they do, and in which column that shows.
    fn amounts_differ(
        &self,
        ours: Amount,
        theirs: Amount,
    ) -> Option<(DifferenceKind, &'static str)> {
        const VALUE: &str = "transactionAmountValue";
        let switch = self.switch;
        if ours.currency != theirs.currency && !switch.strikes(Defect::CurrencyBlind) {
            return Some((DifferenceKind::Currency, "transactionCurrency"));
        }
        let unit = 10_i64.pow(theirs.currency.exponent());
        let minor = match unit {
            1 => theirs.minor,
            _ if switch.strikes(Defect::FileAsMinorUnits) => theirs.minor / unit,
            _ => theirs.minor,
        };
        if minor == ours.minor {
            return None;
        }
        if minor.checked_neg() == Some(ours.minor) {
            return (!switch.strikes(Defect::SignBlind)).then_some((DifferenceKind::Sign, VALUE));
        }
        let small = minor.abs_diff(ours.minor).saturating_mul(100) <= unit.unsigned_abs();
        let tolerated = small && switch.either(Defect::CentTolerance, Defect::LegRecTolerance);
        (!tolerated).then_some((DifferenceKind::Amount, VALUE))
    }

    /// Whether a moment of ours belongs to the day.
    fn is_today(&self, moment: i64) -> bool {
        let today = self.contains(moment);
        for (behind, defect) in
            [(BEHIND, Defect::DayInLocalTime), (UTC_BEHIND, Defect::LegRecUtcDay)]
        {
            let elsewhere = self.contains(moment - behind);
            if today != elsewhere && self.switch.strikes(defect) {
                return elsewhere;
            }
        }
        today
    }

    /// Whether a moment is one of the days.
    fn contains(&self, moment: i64) -> bool {
        let (first, last) = self.days;
        first.start() <= moment && moment < last.next().start()
    }

    /// Adds what shows only at the end: rows about what we hold as not paid, and, where the files
    /// are whole, what they lack.
    pub(super) fn finish<'a>(
        &self,
        own: impl Iterator<Item = OwnEntry<'a>> + Clone,
        findings: &mut Findings,
    ) {
        // Ids are asked for again only where there is something to tell.
        let unexpected = |record: &Record| record.held != Held::Done && record.is_met();
        if self.ledger.records.iter().any(unexpected) {
            for (entry, record) in own.clone().zip(&self.ledger.records) {
                if unexpected(record) {
                    self.end_unpaid(&entry, record, findings);
                }
            }
        }
        let whole = !findings.incomplete;
        let unseen = |record: &Record| record.held == Held::Done && !record.seen && whole;
        if self.ledger.records.iter().any(unseen) {
            for (entry, record) in own.clone().zip(&self.ledger.records) {
                if unseen(record) && self.is_today(record.moment) && !self.is_left_out(&entry) {
                    self.missing(&entry, record, findings);
                }
            }
        }
        findings.look_up(own);
        let balanced = !self.off.is_empty() && self.off.values().all(|off| *off == 0);
        if balanced && self.switch.strikes(Defect::TotalsOnly) {
            findings.forget_amounts();
        }
    }

    fn missing(&self, entry: &OwnEntry<'_>, record: &Record, findings: &mut Findings) {
        if !self.switch.either(Defect::FileSideOnly, Defect::LegRecOneWay) {
            let (kind, id) = (DifferenceKind::Missing, entry.request_id);
            let ours = Amount::new(record.currency, record.minor).to_string();
            findings.add(Found { kind, at: None, column: "", id }, Some(ours), None);
        }
    }

    fn end_unpaid(&self, entry: &OwnEntry<'_>, record: &Record, findings: &mut Findings) {
        let at = At { file: record.file, line: u64::from(record.line) };
        if record.seen && record.undone && record.minor == 0 {
            findings.note(FileNoteKind::CancelledPair, at, None);
        } else if !self.switch.strikes(Defect::OwnSideOnly) {
            let found = at.found(DifferenceKind::Extra, "", entry.request_id);
            let theirs = Amount::new(record.currency, record.minor).to_string();
            findings.add(found, Some(record.held.name().to_owned()), Some(theirs));
        }
    }

    /// Some gateways leave a payment and its cancel out together when both fall on one day.
    fn is_left_out(&self, entry: &OwnEntry<'_>) -> bool {
        let other = match entry.kind {
            EntryKind::Payment => EntryKind::Cancel,
            EntryKind::Cancel => EntryKind::Payment,
            EntryKind::Refund => return false,
        };
        let other = self.ledger.position(other, entry.request_id);
        let other = other.and_then(|index| self.ledger.records.get(index));
        other.is_some_and(|other| {
            other.held == Held::Done && !other.seen && self.is_today(other.moment)
        })
    }
}

impl Record {
    /// Whether a row is about it.
    fn is_met(&self) -> bool {
        self.seen || self.undone
    }

    /// Keeps what a row says about money that, as we hold it, did not move.
    fn unexpected(&mut self, row: &Transaction<'_>, at: At) {
        let first = !(self.seen && self.undone);
        let before = if first { 0 } else { self.minor };
        self.minor = before.saturating_add(row.amount.minor);
        self.currency = row.amount.currency;
        (self.file, self.line) = (at.file, u32::try_from(at.line).unwrap_or(u32::MAX));
    }
}

/// What a person finds a row by.
fn id_of<'a>(row: &Transaction<'a>) -> &'a str {
    match row.transaction_request_id {
        "" => row.transaction_id,
        id => id,
    }
}
