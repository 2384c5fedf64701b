//! Summaries against the items they sum up.

use std::collections::BTreeMap;

use evidence::{DifferenceKind, Payout};
use protocol::Amount;
use protocol::ams::reconciliation::{Batch, FileKind, SettlementItem, SummaryLine};

use super::findings::{At, Findings, Found};
use crate::defect::{Defect, Switch};

/// More types of transaction than there are.
const TYPES: usize = 64;
/// How the line of all types is called.
const TOTAL: &str = "TOTAL";

/// What the files say of each batch.
#[derive(Debug)]
pub(super) struct Summaries<'s> {
    batches: BTreeMap<Batch, Sums>,
    switch: &'s Switch,
}

/// Both sides of a batch, by type.
#[derive(Debug, Default)]
struct Sums {
    items: Option<BTreeMap<String, Sum>>,
    lines: Option<BTreeMap<String, (At, Sum)>>,
    /// The wrong batch id that was told last.
    told: Option<String>,
}

/// Count, payouts and fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sum {
    count: u64,
    net: i64,
    fee: Option<i64>,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.net = self.net.saturating_add(other.net);
        let fees = [self.fee, other.fee].into_iter().flatten();
        self.fee = fees.reduce(i64::saturating_add);
    }
}

impl<'s> Summaries<'s> {
    pub(super) fn new(switch: &'s Switch) -> Self {
        Self { batches: BTreeMap::new(), switch }
    }

    /// A file of items, or of sums, is there, though it may hold none.
    pub(super) fn begin(&mut self, batch: &Batch, kind: FileKind) {
        let sums = self.batches.entry(batch.clone()).or_default();
        if kind == FileKind::SettlementItems {
            sums.items.get_or_insert_default();
        } else {
            sums.lines.get_or_insert_default();
        }
    }

    /// Adds an item to the sums of its batch.
    pub(super) fn item(&mut self, item: &SettlementItem<'_>, batch: &Batch) {
        let Some(sums) = self.batches.get_mut(batch) else { return };
        let items = sums.items.get_or_insert_default();
        let one = Sum { count: 1, net: item.net.minor, fee: item.fee.map(|fee| fee.minor) };
        let word = item.transaction.transaction_type.word();
        if let Some(sum) = items.get_mut(word) {
            sum.add(one);
        } else if items.len() < TYPES {
            items.insert(word.to_owned(), one);
        }
    }

    /// Keeps a line of a summary.
    pub(super) fn line(
        &mut self,
        line: &SummaryLine<'_>,
        batch: &Batch,
        at: At,
        findings: &mut Findings,
    ) {
        let sums = self.batches.entry(batch.clone()).or_default();
        let lines = sums.lines.get_or_insert_default();
        let word = line.summary_type.map_or(TOTAL, |of| of.word());
        let mut tell = |kind, column, ours: Option<String>, theirs: String| {
            if !self.switch.strikes(Defect::SummaryUnread) {
                findings.add(at.found(kind, column, word), ours, Some(theirs));
            }
        };
        let id = line.settlement_batch_id;
        if id != batch.id && sums.told.as_deref() != Some(id) {
            sums.told = Some(id.to_owned());
            let ours = Some(batch.id.clone());
            tell(DifferenceKind::Batch, "settlementBatchId", ours, id.to_owned());
        }
        if lines.contains_key(word) || lines.len() == TYPES {
            tell(DifferenceKind::Duplicate, "summaryType", None, line.net.to_string());
            return;
        }
        let fees = line.fee.map(|fee| ("feeCurrency", fee.currency));
        let currencies = [Some(("settlementCurrency", line.net.currency)), fees];
        let strange = currencies.into_iter().flatten().find(|(_, own)| *own != batch.currency);
        if let Some((column, currency)) = strange {
            let ours = Some(batch.currency.to_string());
            tell(DifferenceKind::Currency, column, ours, currency.to_string());
        }
        let fee = line.fee.map(|fee| fee.minor);
        lines.insert(word.to_owned(), (at, Sum { count: line.count, net: line.net.minor, fee }));
    }

    /// Compares both sides of every batch. Answers how many lines agree.
    pub(super) fn compare(&self, findings: &mut Findings) -> u64 {
        let (mut matched, mut no_items, mut no_lines) = (0, vec![], vec![]);
        for (batch, sums) in &self.batches {
            match (&sums.items, &sums.lines) {
                (Some(items), Some(lines)) => {
                    matched += self.batch(batch, items, lines, findings);
                }
                (None, _) => no_items.push((batch, sums)),
                (Some(_), None) => no_lines.push((batch, sums)),
            }
        }
        // A summary under the name of another batch leaves both without a partner. Where its lines
        // name the right one, that was told.
        for index in 0..no_items.len().max(no_lines.len()) {
            let (line, item) = (no_items.get(index), no_lines.get(index));
            let told = line.is_some_and(|(_, sums)| sums.told.is_some());
            if !told && !self.switch.strikes(Defect::SummaryUnread) {
                let id = |one: Option<&(&Batch, &Sums)>| one.map(|(batch, _)| batch.id.clone());
                let found = Found { kind: DifferenceKind::Batch, at: None, column: "", id: "" };
                findings.add(found, id(item), id(line));
            }
        }
        matched
    }

    /// What the bank account should receive.
    pub(super) fn payouts(&self) -> Vec<Payout> {
        let with_items = self.batches.iter().filter_map(|(batch, sums)| {
            let amount = Amount::new(batch.currency, all(sums.items.as_ref()?).net);
            Some(Payout { batch: batch.id.clone(), amount })
        });
        with_items.collect()
    }

    fn batch(
        &self,
        batch: &Batch,
        items: &BTreeMap<String, Sum>,
        lines: &BTreeMap<String, (At, Sum)>,
        findings: &mut Findings,
    ) -> u64 {
        let amount = |minor| Some(Amount::new(batch.currency, minor).to_string());
        let count = |count: u64| Some(count.to_string());
        let mut tell = |found, ours, theirs| {
            if !self.switch.strikes(Defect::SummaryUnread) {
                findings.add(found, ours, theirs);
            }
        };
        let mut matched = 0;
        for (word, (at, theirs)) in lines {
            let (ours, net) = match word.as_str() {
                TOTAL => (all(items), DifferenceKind::Total),
                word => (items.get(word).copied().unwrap_or_default(), DifferenceKind::Net),
            };
            let found = |kind, column| at.found(kind, column, word);
            let (our_fee, fee) = (ours.fee.unwrap_or(0), theirs.fee);
            if ours.count != theirs.count {
                let found = found(DifferenceKind::Count, "count");
                tell(found, count(ours.count), count(theirs.count));
            }
            if ours.net != theirs.net {
                tell(found(net, "settlementAmountValue"), amount(ours.net), amount(theirs.net));
            }
            if let Some(fee) = fee.filter(|fee| *fee != our_fee) {
                tell(found(DifferenceKind::Fee, "feeAmountValue"), amount(our_fee), amount(fee));
            }
            let agrees = ours.count == theirs.count && ours.net == theirs.net;
            matched += u64::from(agrees && fee.is_none_or(|fee| fee == our_fee));
        }
        for (word, sum) in items.iter().filter(|(word, _)| !lines.contains_key(*word)) {
            let found = Found { kind: DifferenceKind::Count, at: None, column: "count", id: word };
            tell(found, count(sum.count), None);
        }
        if !lines.contains_key(TOTAL) {
            let (kind, column) = (DifferenceKind::Total, "settlementAmountValue");
            tell(Found { kind, at: None, column, id: TOTAL }, amount(all(items).net), None);
        }
        matched
    }
}

/// The sum over all types.
fn all(items: &BTreeMap<String, Sum>) -> Sum {
    let mut all = Sum::default();
    for sum in items.values() {
        all.add(*sum);
    }
    all
}
