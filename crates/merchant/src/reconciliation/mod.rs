//! Reconciliation: the merchant's own entries of a day against the gateway's files.
//!
//! [`reconcile`] is all there is to call. It opens nothing and knows no clock: entries and files
//! are arguments. The files are read once, row by row; of the own side, of which there may be
//! millions of entries, only a small record each is kept, and ids are looked up again at the end
//! for what is reported alone. Differences and notes are listed up to a limit and counted beyond.

mod asked;
mod entries;
mod files;
mod findings;
mod legacy;
mod matching;
mod own;
mod settlement;
mod summary;
#[cfg(test)]
mod tests;

use std::io::Read;

use evidence::{DifferenceKind, FileRead, ReconciliationState, ReconciliationView};
use protocol::Day;
use protocol::ams::reconciliation::{FileKind, FileName, NoteKind, Reader, Row, Trouble};

use crate::defect::{Defect, Switch};
use files::{Digested, Sequences, day_of};
use findings::{At, Findings};
use matching::Matcher;
use settlement::SettlementCheck;
use summary::Summaries;

pub(crate) use asked::Reconciliations;
pub use legacy::reconcile_legacy;
pub use own::{EntryKind, Held, OwnEntry};
pub use settlement::Fees;

/// What is reconciled.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// Which kind of file. For a summary, the items that it sums up are read with it.
    pub kind: FileKind,
    /// The day of the transactions.
    pub day: Day,
    /// The present moment, in milliseconds since the epoch.
    pub now: i64,
    /// What the contract says about fees; without it, payout and fee have to add up and no more.
    pub contract: Option<Fees>,
}

impl Scope {
    /// Whether files of a kind are read.
    pub fn needs(&self, kind: FileKind) -> bool {
        let summed = self.kind == FileKind::SettlementSummary && kind == FileKind::SettlementItems;
        kind == self.kind || summed
    }
}

/// Compares the merchant's own entries with the files of a day. Entries of other days, and orders
/// that were never paid, belong to `own` as well: they tell what a row too many is about. Files of
/// a kind that the scope does not need are left alone.
pub fn reconcile<'a, R: Read>(
    scope: &Scope,
    own: impl Iterator<Item = OwnEntry<'a>> + Clone,
    files: impl Iterator<Item = (FileName, R)>,
    switch: &Switch,
) -> ReconciliationView {
    let mut desk = Desk::new(scope, switch);
    if scope.kind != FileKind::SettlementSummary {
        desk.matcher.take(own.clone());
    }
    for (name, input) in files {
        if desk.needs(&name) {
            desk.read(name, input);
        }
    }
    desk.finish(own)
}

/// One reconciliation in progress.
#[derive(Debug)]
struct Desk<'s> {
    scope: &'s Scope,
    switch: &'s Switch,
    matcher: Matcher<'s>,
    settlement: SettlementCheck<'s>,
    summaries: Summaries<'s>,
    findings: Findings,
    sequences: Sequences,
    reads: Vec<FileRead>,
    matched: u64,
}

impl<'s> Desk<'s> {
    fn new(scope: &'s Scope, switch: &'s Switch) -> Self {
        Self {
            scope,
            switch,
            matcher: Matcher::new(scope.day, switch),
            settlement: SettlementCheck::new(scope.contract, switch),
            summaries: Summaries::new(switch),
            findings: Findings::default(),
            sequences: Sequences::default(),
            reads: vec![],
            matched: 0,
        }
    }

    fn needs(&self, name: &FileName) -> bool {
        self.scope.needs(name.kind())
            && !(name.sequence > 0 && self.switch.strikes(Defect::FirstFileOnly))
    }

    fn read<R: Read>(&mut self, name: FileName, input: R) {
        let whole = At { file: self.findings.file(name.path()), line: 0 };
        if let Some(day) = day_of(&name).filter(|day| *day != self.scope.day) {
            let (ours, theirs) = (self.scope.day.to_string(), day.to_string());
            self.findings.add(whole.found(DifferenceKind::Day, "", ""), Some(ours), Some(theirs));
        }
        if let Some(batch) = name.batch() {
            self.summaries.begin(batch, name.kind());
        }
        let mut source = Digested::new(input);
        let mut reader = Reader::new(&name, &mut source);
        let mut rows = 0;
        while let Some(row) = reader.next_row() {
            match row {
                Ok((line, row)) => {
                    rows += 1;
                    self.row(&name, &row, At { line, ..whole });
                }
                Err(fault) => {
                    let end = matches!(fault.trouble, Trouble::NoEnd | Trouble::BehindEnd);
                    if !(end && self.switch.strikes(Defect::EndNotChecked)) {
                        self.findings.fault(&fault);
                    }
                }
            }
        }
        for note in reader.notes() {
            let mark = note.kind == NoteKind::ByteOrderMark;
            if mark && self.switch.strikes(Defect::BomInHeader) {
                self.findings.unusable(whole);
            }
            self.findings.form(whole.file, note);
        }
        if rows == 0 && self.switch.strikes(Defect::EmptyDayIsFault) {
            self.findings.unusable(whole);
        }
        self.reads.push(Digested::finish(source, &name, self.scope.now, rows));
        self.sequences.add(name);
    }

    fn row(&mut self, name: &FileName, row: &Row<'_>, at: At) {
        let findings = &mut self.findings;
        let agrees = match (row, name.batch()) {
            (Row::Transaction(item), _) => self.matcher.row(&item.transaction, at, findings),
            (Row::Settlement(item), Some(batch))
                if self.scope.kind == FileKind::SettlementItems =>
            {
                let agrees = self.matcher.row(&item.transaction, at, findings);
                self.settlement.row(item, batch, at, findings) && agrees
            }
            (Row::Settlement(item), Some(batch)) => {
                self.summaries.item(item, batch);
                false
            }
            (Row::Summary(line), Some(batch)) => {
                self.summaries.line(line, batch, at, findings);
                false
            }
            // Names of settlement files always have a batch.
            (Row::Settlement(_) | Row::Summary(_), None) => false,
        };
        self.matched += u64::from(agrees);
    }

    fn finish<'a>(mut self, own: impl Iterator<Item = OwnEntry<'a>> + Clone) -> ReconciliationView {
        let Scope { kind, day, .. } = *self.scope;
        let mut view = ReconciliationView {
            day,
            kind,
            state: ReconciliationState::Waiting,
            trouble: None,
            files: self.reads,
            matched: 0,
            differences: vec![],
            differences_left_out: 0,
            notes: vec![],
            payouts: vec![],
        };
        let summed = kind == FileKind::SettlementSummary;
        let absent = |kind| !self.sequences.has(kind);
        let waits = absent(kind) || (summed && absent(FileKind::SettlementItems));
        if waits && !self.switch.strikes(Defect::AbsentIsEmpty) {
            return view;
        }
        for missing in self.sequences.gaps() {
            self.findings.gap(&missing);
        }
        if !summed {
            self.matcher.finish(own, &mut self.findings);
        } else if !self.findings.incomplete {
            self.matched += self.summaries.compare(&mut self.findings);
            view.payouts = self.summaries.payouts();
        }
        view.matched = self.matched;
        self.findings.tell(&mut view);
        view
    }
}
