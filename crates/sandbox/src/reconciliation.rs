//! Report files: what happened on a day in GMT+8, and what is paid out for it on the next.

mod settle;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use clock::Millis;
use protocol::ams::RefundStatus;
use protocol::ams::reconciliation::{
    Batch, FileName, Part, Row, Transaction, TransactionItem, TransactionType, Writer,
};
use protocol::{Amount, Currency, Day, GMT8};
use serde::Serialize;

use crate::defect::Defect;
use crate::journal::Line;
use crate::ledger::{Ledger, Payment, State};
use crate::legacy::READY;
use crate::switches::ReportForm;
use crate::tenant::Tenant;
use crate::terms::Contract;
use settle::settled;

/// The merchant's number in names and rows.
const CUSTOMER: &str = "1022188000000000001";
/// How many rows a file has at most, unless the stage cuts sooner.
pub(crate) const ROWS: usize = 1_000_000;
/// How many files there can be under one name.
const FILES: usize = 1_000;
/// The wallet that everybody pays with.
const WALLET: &str = "ALIPAYCN";
/// The product whose files are named by their currency; those of others have the day.
const IN_STORE: &str = "IN_STORE_PAYMENT";

/// A report file.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    path: String,
    text: String,
}

/// A transaction of the day, with what the file says of it.
#[derive(Debug, Clone, Copy)]
struct Entry<'a> {
    kind: TransactionType<'static>,
    payment: &'a Payment,
    /// The gateway's own id, and the merchant's.
    ids: (&'a str, &'a str),
    /// Negative for what goes back.
    amount: Amount,
    at: i64,
}

impl<'a> Entry<'a> {
    fn transaction(&self) -> Transaction<'a> {
        let goods = &self.payment.goods;
        let refund = self.kind == TransactionType::Refund;
        Transaction {
            customer_id: CUSTOMER,
            reference_merchant_id: &goods.merchant,
            reference_store_id: &goods.store,
            transaction_id: self.ids.0,
            original_transaction_id: if refund { &self.payment.id } else { "" },
            transaction_request_id: self.ids.1,
            reference_transaction_id: &goods.order,
            payment_method_type: &goods.method,
            psp_name: WALLET,
            transaction_type: self.kind,
            payment_time: self.at,
            product_code: &goods.product,
            amount: self.amount,
        }
    }
}

impl Tenant {
    /// The files of a day; none before it is over.
    pub(crate) fn reports(&self, day: Day) -> Vec<Report> {
        let ready = day.next().start() + self.reports_wait();
        self.on_ledger(|ledger, now| match &self.terms().contract {
            _ if now < ready => vec![],
            Contract::Ams { .. } => ledger.reports(day),
            Contract::Legacy { partner, .. } => ledger.legacy_reports(partner, day),
        })
    }

    /// How long after the end of a day its files are there.
    fn reports_wait(&self) -> Millis {
        match self.terms().contract {
            Contract::Ams { .. } => 0,
            Contract::Legacy { .. } => READY,
        }
    }

    /// Writes the files of each day when they are there, where there is a folder for them.
    pub(crate) fn write_reports(&self) {
        let Some(folder) = self.terms().reports.clone() else { return };
        let tenant = self.clone();
        self.clock().spawn(async move {
            loop {
                let day = Day::of(tenant.now());
                let ready = day.next().start() + tenant.reports_wait();
                tenant.clock().sleep_until(ready).await;
                for report in tenant.reports(day) {
                    if let Err(why) = report.write(&folder) {
                        tenant.journal().note(Line {
                            time: tenant.now(),
                            way: "report",
                            target: report.path,
                            status: None,
                            code: why.to_string(),
                            request: String::new(),
                            answer: String::new(),
                        });
                    }
                }
            }
        });
    }
}

impl Report {
    pub(crate) fn new(path: String, text: String) -> Self {
        Self { path, text }
    }

    fn write(&self, folder: &Path) -> io::Result<()> {
        let path = folder.join(self.path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, &self.text)
    }
}

impl Ledger {
    fn reports(&self, day: Day) -> Vec<Report> {
        let entries = self.entries(day);
        if entries.is_empty() && self.defects.strikes(Defect::EmptyDayNoFile) {
            return vec![];
        }
        let mut reports = self.transaction_reports(day, &entries);
        reports.extend(self.settlement_reports(day, &entries));
        reports
    }

    fn transaction_reports(&self, day: Day, entries: &[Entry<'_>]) -> Vec<Report> {
        let first = entries.first().map_or("", |entry| &entry.payment.goods.store);
        let mut parts: BTreeMap<Part, Vec<Entry<'_>>> = BTreeMap::new();
        for entry in entries {
            let in_store = entry.payment.goods.product == IN_STORE;
            let part = self.part(day, entry.amount.currency, in_store);
            parts.entry(part).or_default().push(*entry);
        }
        if parts.is_empty() {
            let empty = settle::currency().map(|currency| self.part(day, currency, true));
            parts.extend(empty.map(|part| (part, vec![])));
        }
        if self.defects.strikes(Defect::FileDropsRow)
            && let Some(last) = parts.values_mut().last()
        {
            last.pop();
        }
        let mut reports = vec![];
        for (part, entries) in parts {
            let name = FileName { customer_id: CUSTOMER.into(), date: day, part, sequence: 0 };
            let rows: Vec<_> = entries.iter().map(|entry| self.item(entry, first)).collect();
            reports.extend(self.files(&name, &rows));
        }
        reports
    }

    /// What a file of transactions is named by.
    fn part(&self, date: Day, currency: Currency, in_store: bool) -> Part {
        match self.switches.reports {
            ReportForm::NamedByDate => Part::Date(date),
            ReportForm::NamedByWallet => Part::Wallet { psp: WALLET.into(), currency, date },
            ReportForm::Pair
            | ReportForm::LeftOut
            | ReportForm::PaymentIds
            | ReportForm::FeeKept => {
                if in_store {
                    Part::Currency(currency)
                } else {
                    Part::Date(date)
                }
            }
        }
    }

    /// The row of a transaction; `first` is the store of the day's first.
    fn item<'a>(&self, entry: &Entry<'a>, first: &'a str) -> Row<'a> {
        let mut transaction = entry.transaction();
        let other = transaction.reference_store_id != first;
        if other && self.defects.strikes(Defect::FileOneStore) {
            transaction.reference_store_id = first;
        }
        let unit = 10_i64.pow(transaction.amount.currency.exponent());
        if unit > 1 && self.defects.strikes(Defect::FileMinorUnits) {
            transaction.amount.minor *= unit;
        }
        let order_description = &entry.payment.goods.text;
        Row::Transaction(TransactionItem { transaction, order_description })
    }

    /// Items and summary of each batch; the day after pays them out.
    fn settlement_reports(&self, day: Day, entries: &[Entry<'_>]) -> Vec<Report> {
        let id = format!("{day}11021040123");
        let at = day.next().start();
        let failed = self.failed_on(day);
        let mut batches: BTreeMap<Currency, Vec<_>> = BTreeMap::new();
        if entries.is_empty() {
            batches.extend(settle::currency().map(|currency| (currency, vec![])));
        }
        for entry in entries {
            let returned = self.switches.reports != ReportForm::FeeKept;
            let mut item = settled(&id, entry.transaction(), at, returned);
            if self.defects.strikes(Defect::FeeAdded) {
                item.net.minor += 2 * item.fee.map_or(0, |fee| fee.minor);
            }
            batches.entry(item.net.currency).or_default().push(item);
        }
        let mut reports = vec![];
        for (currency, items) in batches {
            let batch = Batch { method: None, currency, id: id.clone() };
            let (customer_id, date) = (CUSTOMER.to_owned(), day.next());
            let name =
                |part| FileName { customer_id: customer_id.clone(), date, part, sequence: 0 };
            let mut sums = settle::summary(&items, CUSTOMER, &batch, at);
            if failed > 0 && self.defects.strikes(Defect::SummaryCountsFailed) {
                for sum in &mut sums {
                    if sum.summary_type.is_none_or(|of| of == TransactionType::Payment) {
                        sum.count += failed;
                    }
                }
            }
            let items: Vec<_> = items.into_iter().map(Row::Settlement).collect();
            let sums: Vec<_> = sums.into_iter().map(Row::Summary).collect();
            reports.extend(self.files(&name(Part::Items(batch.clone())), &items));
            reports.extend(self.files(&name(Part::Summary(batch.clone())), &sums));
        }
        reports
    }

    /// What happened on a day, in order.
    fn entries<'a>(&'a self, day: Day) -> Vec<Entry<'a>> {
        let mut entries = vec![];
        let mut add = |entry: Entry<'a>| {
            if self.is_on(day, entry.at) {
                entries.push(entry);
            }
        };
        for payment in &self.payments {
            let Some(at) = payment.paid_at else { continue };
            let (ids, amount) = ((&*payment.id, &*payment.request_id), payment.amount);
            let entry = Entry { kind: TransactionType::Payment, payment, ids, amount, at };
            match (&payment.state, payment.cancelled_at) {
                (State::Cancelled, _) if self.switches.reports == ReportForm::LeftOut => {}
                (State::Cancelled, Some(at)) => {
                    add(entry);
                    let (kind, amount) = (TransactionType::Cancel, back(amount));
                    add(Entry { kind, amount, at, ..entry });
                }
                _ => add(entry),
            }
        }
        for refund in self.refunds.iter().filter(|one| one.status == RefundStatus::Success) {
            let payment = &self.payments[refund.payment];
            let own = self.switches.reports != ReportForm::PaymentIds;
            let id = if own { &refund.id } else { &payment.id };
            add(Entry {
                kind: TransactionType::Refund,
                payment,
                ids: (id, &refund.request_id),
                amount: back(refund.amount),
                at: refund.at,
            });
        }
        entries.sort_by_key(|entry| entry.at);
        entries
    }

    /// Whether a moment is in a day; by a defect days end in UTC.
    fn is_on(&self, day: Day, at: i64) -> bool {
        let (here, in_utc) = (day.contains(at), day.contains(at - GMT8));
        if here != in_utc && self.defects.strikes(Defect::DayInUtc) {
            return in_utc;
        }
        here
    }

    fn failed_on(&self, day: Day) -> u64 {
        let failed = self.payments.iter().filter(|payment| {
            matches!(payment.state, State::Failed(_)) && day.contains(payment.created)
        });
        failed.count() as u64
    }

    /// The rows in as many files as it takes.
    fn files(&self, name: &FileName, rows: &[Row<'_>]) -> Vec<Report> {
        let most = self.report_rows.max(rows.len().div_ceil(FILES));
        // A day without rows has a file all the same.
        let empty = rows.is_empty().then_some(rows);
        let write = |(sequence, rows): (u16, &[Row<'_>])| {
            let mut writer = Writer::new(name.kind());
            for row in rows {
                writer.row(row);
            }
            let text = String::from_utf8_lossy(&writer.finish()).into_owned();
            Report { path: FileName { sequence, ..name.clone() }.path(), text }
        };
        (0..).zip(rows.chunks(most).chain(empty)).map(write).collect()
    }
}

fn back(amount: Amount) -> Amount {
    Amount::new(amount.currency, -amount.minor)
}
