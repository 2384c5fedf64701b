//! One reconciliation in progress.

use std::collections::BTreeMap;

use evidence::{DifferenceKind, FileRead, Payout, ReconciliationView};
use protocol::ams::reconciliation::{FileKind, Transaction, TransactionType};
use protocol::{Amount, Currency, Day};
use signing::sha256_hex;

use super::fetch::Fetched;
use super::item::Item;
use super::own::Own;
use super::table::{Layout, Row, Table, dashed, decode};
use crate::defect::{Defect, Switch};
use crate::driver::Reconcile;
use crate::reconciliation::findings::{At, Findings};
use crate::reconciliation::matching::Matcher;
use crate::reconciliation::own::{Held, OwnEntry};

#[derive(Debug)]
pub(super) struct Desk<'s> {
    wish: Reconcile,
    partner: &'s str,
    switch: &'s Switch,
    matcher: Matcher<'s>,
    findings: Findings,
    reads: Vec<FileRead>,
    matched: u64,
    /// What is paid out, by batch and currency.
    net: BTreeMap<(String, Currency), i64>,
    /// What the list of batches says, with its place.
    batches: Vec<(String, Amount, At)>,
    /// By how much the files are off in all, for the defect that looks at nothing else.
    total: i64,
}

impl<'s> Desk<'s> {
    pub(super) fn new(
        wish: Reconcile,
        days: (Day, Day),
        partner: &'s str,
        switch: &'s Switch,
    ) -> Self {
        Self {
            wish,
            partner,
            switch,
            matcher: Matcher::over(days, switch),
            findings: Findings::default(),
            reads: vec![],
            matched: 0,
            net: BTreeMap::new(),
            batches: vec![],
            total: 0,
        }
    }

    /// Takes our entries.
    pub(super) fn take<'a>(&mut self, own: impl Iterator<Item = OwnEntry<'a>> + Clone) {
        for entry in own.clone().filter(|entry| entry.held == Held::Done) {
            self.total = self.total.saturating_sub(entry.kind.sign() * entry.amount.minor);
        }
        self.matcher.take(own);
    }

    /// Reads a file, at a moment.
    pub(super) fn read(&mut self, file: &Fetched, own: &Own, now: i64) {
        let at = At { file: self.findings.file(file.name.clone()), line: 0 };
        let text = if file.says_nothing { Some(String::new()) } else { decode(&file.bytes) };
        let mut table = text.as_deref().map(|text| Table::read(text, file.layout));
        if let Some(table) = &mut table {
            self.spoil(table, text.as_deref().unwrap_or_default(), file.layout);
        }
        let rows = table.as_ref().map_or(0, |table| table.rows.len());
        self.reads.push(FileRead {
            name: file.name.clone(),
            read_at: now,
            sha256: sha256_hex(&file.bytes),
            bytes: file.bytes.len() as u64,
            rows: rows as u64,
        });
        let Some(table) = table else {
            return self.findings.broken(at, DifferenceKind::Form, "", Some("UTF-8 or GBK"), None);
        };
        if !file.says_nothing && !self.is_whole(&table, file, at) {
            return;
        }
        for row in &table.rows {
            let at = At { line: row.line, ..at };
            match file.layout {
                Layout::Batches => self.batch(&table, row, at),
                Layout::InstoreTransactions
                | Layout::InstoreSettlement
                | Layout::Website
                | Layout::Download => self.row(&table, row, file, own, at),
            }
        }
    }

    /// What defects make of a file.
    fn spoil(&self, table: &mut Table, text: &str, layout: Layout) {
        let documented = layout.columns();
        if table.columns != documented && self.switch.strikes(Defect::LegRecByPosition) {
            table.columns = documented;
        }
        let trailing = text.ends_with('\n');
        if trailing && self.switch.strikes(Defect::LegRecPhantomRow) {
            let line = text.lines().count() as u64 + 1;
            table.rows.push(Row { line, cells: vec![String::new()] });
        }
    }

    /// Whether a file agrees with its own head. One that does not is refused as a whole.
    fn is_whole(&mut self, table: &Table, file: &Fetched, at: At) -> bool {
        // In-store files have a line at least that names their columns.
        let headed = matches!(file.layout, Layout::InstoreTransactions | Layout::InstoreSettlement);
        if headed && file.bytes.is_empty() {
            self.findings.broken(at, DifferenceKind::Truncated, "", None, None);
            return false;
        }
        if file.layout != Layout::InstoreTransactions {
            return true;
        }
        let Some(head) = &table.head else {
            let expected = Some("Partner:|Payment_time:|Total_count:");
            self.findings.broken(at, DifferenceKind::Truncated, "", expected, None);
            return false;
        };
        let (rows, day) = (table.rows.len().to_string(), dashed(self.wish.day));
        let count = head.count.map(|count| count.to_string()).unwrap_or_default();
        for (kind, column, ours, theirs) in [
            (DifferenceKind::Form, "Partner", self.partner, head.partner.as_str()),
            (DifferenceKind::Day, "Payment_time", day.as_str(), head.day.as_str()),
            (DifferenceKind::Count, "Total_count", rows.as_str(), count.as_str()),
        ] {
            let overlooks = kind == DifferenceKind::Count;
            if ours != theirs && !(overlooks && self.switch.strikes(Defect::LegRecNoCount)) {
                self.findings.broken(at, kind, column, Some(ours), Some(theirs));
                return false;
            }
        }
        true
    }

    fn row(&mut self, table: &Table, row: &Row, file: &Fetched, own: &Own, at: At) {
        if row.cells.len() != table.columns.len() {
            let (ours, theirs) = (table.columns.len().to_string(), row.cells.len().to_string());
            let kind = DifferenceKind::Form;
            return self.findings.broken(at, kind, "", Some(&ours), Some(&theirs));
        }
        let item = match Item::read(table, row, own) {
            Ok(item) => item,
            Err(broken) => {
                let (ours, theirs) = (Some(broken.expected), Some(broken.found.as_str()));
                return self.findings.broken(at, DifferenceKind::Form, broken.column, ours, theirs);
            }
        };
        self.total = self.total.saturating_add(item.amount.minor);
        let transaction = Transaction {
            customer_id: self.partner,
            reference_merchant_id: "",
            reference_store_id: "",
            transaction_id: item.transaction_id,
            original_transaction_id: "",
            transaction_request_id: &item.number,
            reference_transaction_id: "",
            payment_method_type: "",
            psp_name: "",
            transaction_type: item.kind,
            payment_time: item.moment,
            product_code: "",
            amount: item.amount,
        };
        let agrees = self.matcher.row(&transaction, at, &mut self.findings);
        let adds_up = self.wish.kind == FileKind::TransactionItems || self.settle(&item, file, at);
        self.matched += u64::from(agrees && adds_up);
    }

    /// Counts what is paid out for a row. Answers whether its own sums are right.
    fn settle(&mut self, item: &Item<'_>, file: &Fetched, at: At) -> bool {
        let net = item.net();
        let back = item.kind != TransactionType::Payment;
        let back = back && !self.switch.strikes(Defect::LegRecAddsRefunds);
        let batch = batch_of(file, self.wish.day);
        let paid_out = item.settlement.map_or(net, |settlement| settlement.minor);
        let sum = self.net.entry((batch, item.amount.currency)).or_default();
        *sum = sum.saturating_add(if back { -paid_out } else { paid_out });
        let written = |minor| Amount::new(item.amount.currency, minor).to_string();
        let mut right = true;
        if let Some(told) = item.settlement.filter(|told| told.minor != net)
            && !self.switch.strikes(Defect::LegRecNoArithmetic)
        {
            let found = at.found(DifferenceKind::Net, "Settlement", &item.number);
            self.findings.add(found, Some(written(net)), Some(written(told.minor)));
            right = false;
        }
        // The website's rates were seen not to give its amounts in CNY.
        if file.layout == Layout::InstoreSettlement
            && let (Some(told), Some(ours)) = (item.rmb, item.at_rate())
            && told.minor != ours
        {
            let found = at.found(DifferenceKind::Amount, "Rmb_amount", &item.number);
            let ours = Amount::new(told.currency, ours).to_string();
            self.findings.add(found, Some(ours), Some(told.to_string()));
            right = false;
        }
        right
    }

    fn batch(&mut self, table: &Table, row: &Row, at: At) {
        let value = |name: &str| table.value(row, &[name]).unwrap_or_default();
        let amount = Currency::parse(value("currency"))
            .and_then(|currency| Amount::from_major(currency, value("settlement")));
        if let Ok(amount) = amount {
            return self.batches.push((value("settle_batch_no").to_owned(), amount, at));
        }
        let (kind, theirs) = (DifferenceKind::Form, Some(value("settlement")));
        self.findings.broken(at, kind, "Settlement", Some("an amount"), theirs);
    }

    pub(super) fn finish<'a>(
        mut self,
        view: &mut ReconciliationView,
        own: impl Iterator<Item = OwnEntry<'a>> + Clone,
    ) {
        self.matcher.finish(own, &mut self.findings);
        for (batch, told, at) in &self.batches {
            let ours = self.net.get(&(batch.clone(), told.currency)).copied().unwrap_or_default();
            if ours != told.minor {
                let found = at.found(DifferenceKind::Total, "Settlement", batch);
                let ours = Amount::new(told.currency, ours).to_string();
                self.findings.add(found, Some(ours), Some(told.to_string()));
            }
        }
        if self.total == 0 && self.findings.count() > 0 && !self.findings.incomplete {
            let blind = self.switch.strikes(Defect::LegRecTotalsOnly);
            if blind {
                self.findings = Findings::default();
            }
        }
        view.files = self.reads;
        view.matched = self.matched;
        view.payouts = self
            .net
            .into_iter()
            .map(|((batch, currency), minor)| Payout {
                batch,
                amount: Amount::new(currency, minor),
            })
            .collect();
        self.findings.tell(view);
    }
}

/// The batch that a file is of: the end of a website file's name, otherwise the day.
fn batch_of(file: &Fetched, day: Day) -> String {
    let stem = file.name.strip_suffix(".csv").filter(|_| file.layout == Layout::Website);
    stem.and_then(|stem| stem.rsplit('_').next()).map_or_else(|| day.to_string(), str::to_owned)
}
