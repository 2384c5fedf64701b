//! A day as the sandbox would write it, spoilt in every way, before a healthy merchant and before
//! one with each defect.

mod batch;
mod defects;
mod transactions;

use evidence::{Difference, DifferenceKind, ReconciliationState, ReconciliationView};
use protocol::ams::reconciliation::TransactionType::{self, Cancel, Payment, Refund};
use protocol::ams::reconciliation::{
    FileKind, FileName, Row, Transaction, TransactionItem, Writer,
};
use protocol::{Amount, Currency, Day, parse_time};

use super::{EntryKind, Fees, Held, OwnEntry, Scope, reconcile};
use crate::defect::Switch;

fn day() -> Day {
    Day::parse("20260105").unwrap()
}

fn money(text: &str) -> Amount {
    let (code, value) = text.split_once(' ').unwrap();
    Amount::from_major(Currency::parse(code).unwrap(), value).unwrap()
}

/// A moment of the fifth of January in GMT+8.
fn moment(clock: &str) -> i64 {
    parse_time(&format!("2026-01-05T{clock}+08:00")).unwrap()
}

/// A transaction under a request id `A1`; the gateway's own id of it is `P-A1`.
#[derive(Debug, Clone)]
struct Deal {
    of: TransactionType<'static>,
    held: Held,
    request: String,
    gateway: String,
    original: String,
    amount: Amount,
    moment: i64,
}

impl Deal {
    fn new(of: TransactionType<'static>, request: &str, amount: &str, clock: &str) -> Self {
        Self {
            of,
            held: Held::Done,
            request: request.into(),
            gateway: format!("P-{request}"),
            original: String::new(),
            amount: money(amount),
            moment: moment(clock),
        }
    }

    fn refund(request: &str, of: &str, amount: &str, clock: &str) -> Self {
        Self { original: format!("P-{of}"), ..Self::new(Refund, request, amount, clock) }
    }

    fn held(self, held: Held) -> Self {
        Self { held, ..self }
    }

    fn own(&self) -> OwnEntry<'_> {
        OwnEntry {
            kind: EntryKind::of(self.of).unwrap(),
            held: self.held,
            request_id: &self.request,
            transaction_id: Some(&self.gateway),
            original_transaction_id: Some(self.original.as_str()).filter(|id| !id.is_empty()),
            amount: self.amount,
            moment: self.moment,
        }
    }

    fn transaction(&self) -> Transaction<'_> {
        let minor = EntryKind::of(self.of).unwrap().sign() * self.amount.minor;
        Transaction {
            customer_id: "1022",
            reference_merchant_id: "seller-0815",
            reference_store_id: "store-1",
            transaction_id: &self.gateway,
            original_transaction_id: &self.original,
            transaction_request_id: &self.request,
            reference_transaction_id: "",
            payment_method_type: "CONNECT_WALLET",
            psp_name: "KaKaoPay",
            transaction_type: self.of,
            payment_time: self.moment,
            product_code: "IN_STORE_PAYMENT",
            amount: Amount::new(self.amount.currency, minor),
        }
    }
}

/// The day of the first case: three currencies, a full and a partial refund, one order that failed
/// and one that was cancelled unpaid.
fn sales() -> Vec<Deal> {
    vec![
        Deal::new(Payment, "A1", "USD 12.31", "10:00:00"),
        Deal::new(Payment, "A2", "JPY 1000", "10:01:00"),
        Deal::new(Payment, "A3", "KRW 18000", "10:02:00"),
        Deal::refund("R1", "A1", "USD 12.31", "11:00:00"),
        Deal::refund("R3", "A3", "KRW 9000", "11:01:00"),
        Deal::new(Payment, "A4", "USD 5.00", "12:00:00").held(Held::Failed),
        Deal::new(Payment, "A5", "USD 6.00", "12:01:00").held(Held::Cancelled),
        Deal::new(Payment, "A6", "USD 7.50", "12:02:00"),
    ]
}

fn path(number: usize) -> FileName {
    let path = format!("/v1/settlements/1022/20260105/transactionItems_USD_{number:03}.csv");
    FileName::parse(&path).unwrap()
}

/// The file in which all that is done stands.
fn items(deals: &[Deal]) -> String {
    let mut writer = Writer::new(FileKind::TransactionItems);
    for deal in deals.iter().filter(|deal| deal.held == Held::Done) {
        let (transaction, order_description) = (deal.transaction(), "Tea");
        writer.row(&Row::Transaction(TransactionItem { transaction, order_description }));
    }
    String::from_utf8(writer.finish()).unwrap()
}

/// A line of a file with something replaced in it.
fn change(file: &str, line: usize, from: &str, to: &str) -> String {
    let mut lines: Vec<_> = file.lines().map(str::to_owned).collect();
    assert!(lines[line - 1].contains(from), "{}", lines[line - 1]);
    lines[line - 1] = lines[line - 1].replace(from, to);
    lines.join("\n") + "\n"
}

fn without(file: &str, line: usize) -> String {
    let lines = file.lines().enumerate().filter(|(index, _)| index + 1 != line);
    let lines: Vec<_> = lines.map(|(_, text)| text).collect();
    lines.join("\n") + "\n"
}

/// A line put in once more, before the end.
fn with(file: &str, line: &str) -> String {
    file.replace("<END>", &format!("{line}\n<END>"))
}

fn scope(kind: FileKind) -> Scope {
    Scope { kind, day: day(), now: moment("23:00:00") + 86_400_000, contract: None }
}

fn run(own: &[Deal], files: &[(FileName, String)], switch: &Switch) -> ReconciliationView {
    run_as(&scope(FileKind::TransactionItems), own, files, switch)
}

fn run_as(
    scope: &Scope,
    own: &[Deal],
    files: &[(FileName, String)],
    switch: &Switch,
) -> ReconciliationView {
    let files = files.iter().map(|(name, text)| (name.clone(), text.as_bytes()));
    reconcile(scope, own.iter().map(Deal::own), files, switch)
}

/// A healthy merchant before one file.
fn healthy(own: &[Deal], file: &str) -> ReconciliationView {
    run(own, &[(path(0), file.to_owned())], &Switch::default())
}

/// Differences in short: kind, line, column, id, ours, theirs.
fn told(view: &ReconciliationView) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
    let short = |found: &Difference| {
        format!(
            "{} {} {} {} {} {}",
            found.kind.name(),
            found.line.map_or("-".into(), |line| line.to_string()),
            text(&found.column),
            text(&found.id),
            text(&found.ours),
            text(&found.theirs),
        )
    };
    view.differences.iter().map(short).collect()
}
