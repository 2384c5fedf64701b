//! Rows per second and peak memory of a reconciliation: a million rows against a million entries.
//!
//! The matching is done in a process of its own, which this program starts as itself, so that the
//! peak is that of entries, file and matching alone. The entries stand in no order that the rows
//! follow, so that no cache knows what comes next. Besides the wall time it tells the processor's
//! time, which a busy machine changes less.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time, prints it, and stops where its own stage breaks"
)]

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group};
use evidence::ReconciliationState;
use merchant::Switch;
use merchant::reconciliation::{EntryKind, Held, OwnEntry, Scope, reconcile};
use protocol::ams::reconciliation::{
    FileKind, FileName, Row, Transaction, TransactionItem, TransactionType, Writer,
};
use protocol::{Amount, Currency, Day};

/// Rows of the file, and entries of the merchant.
const ROWS: u32 = 1_000_000;
/// Rows when the bench is only tried out.
const FEW: u32 = 10_000;
/// Rounds of the figures at the end.
const ROUNDS: usize = 9;
/// Prime to the numbers of rows: entry n is about row n times this.
const STRIDE: u64 = 7_919;
/// How the second process knows what it is for.
const MATCH: &str = "--match";

/// An entry as a merchant's database would hand it out. Every tenth is a refund of the entry
/// before it.
#[derive(Debug, Clone, Copy)]
struct Entry {
    number: u32,
    request: [u8; 10],
    transaction: [u8; 28],
    original: [u8; 28],
}

impl Entry {
    fn new(number: u32) -> Self {
        let id = |number: u32| {
            let text = format!("20260105190741010007{number:08}");
            text.as_bytes().try_into().expect("28 digits")
        };
        let request = format!("B{number:07}-1");
        Self {
            number,
            request: request.as_bytes().try_into().expect("ten letters"),
            transaction: id(number),
            original: id(number.saturating_sub(1)),
        }
    }

    fn own(&self, midnight: i64, currency: Currency) -> OwnEntry<'_> {
        let text = |bytes| std::str::from_utf8(bytes).expect("digits");
        let refund = self.number % 10 == 9;
        OwnEntry {
            kind: if refund { EntryKind::Refund } else { EntryKind::Payment },
            held: Held::Done,
            request_id: text(&self.request),
            transaction_id: Some(text(&self.transaction)),
            original_transaction_id: refund.then(|| text(&self.original)),
            amount: Amount::new(currency, i64::from(self.number % 90_000) + 100),
            moment: midnight + i64::from(self.number % 86_400) * 1000,
        }
    }
}

fn usd() -> Currency {
    Currency::parse("USD").expect("a currency")
}

fn day() -> Day {
    Day::parse("20260105").expect("a day")
}

fn name() -> FileName {
    let path = "/v1/settlements/1022188000000000001/20260105/transactionItems_USD_000.csv";
    FileName::parse(path).expect("a path")
}

/// Writes the file that agrees with all entries.
fn write(path: &Path, rows: u32) {
    let mut file = File::create(path).expect("a file");
    let mut writer = Writer::new(FileKind::TransactionItems);
    let (midnight, currency) = (day().start(), usd());
    for row in 0..rows {
        let entry = Entry::new(row);
        let own = entry.own(midnight, currency);
        let (transaction_type, sign) = match own.kind {
            EntryKind::Payment => (TransactionType::Payment, 1),
            EntryKind::Refund | EntryKind::Cancel => (TransactionType::Refund, -1),
        };
        let transaction = Transaction {
            customer_id: "1022188000000000001",
            reference_merchant_id: "seller-0815",
            reference_store_id: "store-1",
            transaction_id: own.transaction_id.unwrap_or_default(),
            original_transaction_id: own.original_transaction_id.unwrap_or_default(),
            transaction_request_id: own.request_id,
            reference_transaction_id: own.request_id,
            payment_method_type: "CONNECT_WALLET",
            psp_name: "KaKaoPay",
            transaction_type,
            payment_time: own.moment,
            product_code: "IN_STORE_PAYMENT",
            amount: Amount::new(own.amount.currency, sign * own.amount.minor),
        };
        let order_description = "A pot of tea";
        writer.row(&Row::Transaction(TransactionItem { transaction, order_description }));
        if row % 10_000 == 0 {
            file.write_all(&writer.take()).expect("room on the disk");
        }
    }
    file.write_all(&writer.finish()).expect("room on the disk");
}

/// The second process: makes its entries, matches the file, and tells the time and the peak.
fn match_once(path: &Path, rows: u32) {
    let number = |index: u32| {
        let number = u64::from(index) * STRIDE % u64::from(rows);
        u32::try_from(number).expect("below the number of rows")
    };
    let entries: Vec<_> = (0..rows).map(|index| Entry::new(number(index))).collect();
    let (start, usd) = (day().start(), usd());
    let scope = Scope { kind: FileKind::TransactionItems, day: day(), now: start, contract: None };
    let (began, processor) = (Instant::now(), processor_time());
    let file = File::open(path).expect("the file");
    let own = entries.iter().map(|entry| entry.own(start, usd));
    let view = reconcile(&scope, own, std::iter::once((name(), file)), &Switch::default());
    let took = began.elapsed();
    let processor = processor_time().saturating_sub(processor);
    assert_eq!((view.state, view.matched), (ReconciliationState::Clean, u64::from(rows)));
    println!("{} {processor} {}", took.as_nanos(), high_water().unwrap_or_default());
}

/// Nanoseconds that this thread has worked, as far as the system tells.
fn processor_time() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default()
}

/// The largest resident size of this process so far in kibibytes, where the system tells.
fn high_water() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// What one matching took: wall time, processor's time, and the peak in kibibytes.
fn matched(path: &Path, rows: u32) -> (Duration, Duration, u64) {
    let this = std::env::current_exe().expect("this program");
    let mut command = Command::new(this);
    command.arg(MATCH).arg(path).arg(rows.to_string());
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("digits");
    let numbers: Vec<u64> =
        text.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    let [wall, processor, peak] = numbers.try_into().expect("three numbers");
    (Duration::from_nanos(wall), Duration::from_nanos(processor), peak)
}

fn rows(criterion: &mut Criterion) {
    let measured = std::env::args().any(|word| word == "--bench");
    let rows = if measured { ROWS } else { FEW };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("items.csv");
    write(&path, rows);
    let mut group = criterion.benchmark_group("reconciliation");
    group.sample_size(10).throughput(Throughput::Elements(rows.into()));
    group.bench_function("million-rows", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| matched(&path, rows).0).sum());
    });
    group.finish();
    if !measured {
        return;
    }

    let size = std::fs::metadata(&path).map_or(0, |data| data.len());
    println!("a reconciliation of {rows} rows in {} MiB, medians of {ROUNDS} rounds:", size >> 20);
    let rounds: Vec<_> = (0..ROUNDS).map(|_| matched(&path, rows)).collect();
    let wall = median(rounds.iter().map(|(wall, _, _)| wall.as_secs_f64()));
    let processor = median(rounds.iter().map(|(_, processor, _)| processor.as_secs_f64()));
    for (what, seconds) in [("wall time", wall), ("processor", processor)] {
        let (millis, rate) = (seconds * 1e3, f64::from(rows) / seconds);
        println!("  {what}   {millis:>6.0} ms, {rate:>8.0} rows/s (goal: at least 1000000)");
    }
    let peak = rounds.iter().map(|(_, _, peak)| *peak).max().unwrap_or_default();
    match peak {
        0 => println!("  peak memory is not told by this system"),
        kibibytes => println!("  peak memory   {:>6} MiB (goal: at most 200)", kibibytes >> 10),
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

criterion_group!(benches, rows);

fn main() {
    let words: Vec<_> = std::env::args().collect();
    match words.as_slice() {
        [_, word, path, rows] if word == MATCH => {
            match_once(Path::new(path), rows.parse().expect("a number"));
        }
        _ => {
            benches();
            Criterion::default().configure_from_args().final_summary();
        }
    }
}
