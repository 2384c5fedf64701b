//! Checks of what the gateway pays out: fees and nets of items, and the sums of summaries.

use std::collections::BTreeMap;

use cucumber::then;
use evidence::words as say;
use protocol::Amount;
use protocol::ams::reconciliation::{
    FileKind, Reader, Row, SettlementItem, SummaryLine, TransactionType,
};

use super::reports::Report;
use super::rows::want_reports;
use crate::{Finding, Seen, Stage};

/// The published sample: what 18,000 and -9,000 won bring, and what is kept of it.
const SAMPLE: [(i64, &str, &str); 2] =
    [(18_000, "USD 14.50", "USD 0.50"), (-9_000, "USD -7.25", "USD -0.25")];
/// How a summary calls all types.
const TOTAL: &str = "TOTAL";

pub(super) fn items(report: &Report, mut each: impl FnMut(&SettlementItem<'_>)) {
    let mut reader = Reader::new(&report.name, report.text.as_bytes());
    while let Some(row) = reader.next_row() {
        if let Ok((_, Row::Settlement(item))) = row {
            each(&item);
        }
    }
}

fn sums(report: &Report, mut each: impl FnMut(&SummaryLine<'_>)) {
    let mut reader = Reader::new(&report.name, report.text.as_bytes());
    while let Some(row) = reader.next_row() {
        if let Ok((_, Row::Summary(line))) = row {
            each(&line);
        }
    }
}

/// Wants a row or a line to name the batch of its file.
fn want_batch(finding: &mut Finding, report: &Report, told: &str) {
    let batch = report.name.batch().map(|batch| batch.id.as_str()).unwrap_or_default();
    finding.want_for_good(
        told == batch,
        say::REPORT_BATCH.with([batch]),
        say::REPORT_BATCH_IS.with([told]),
    );
}

fn want_item(finding: &mut Finding, item: &SettlementItem<'_>, shared: bool) {
    let fee = item.fee.map_or(0, |fee| fee.minor);
    let gross = match item.rate {
        Some(rate) => rate.either_way(item.transaction.amount).map(|(gross, _)| gross),
        None => Some(item.transaction.amount),
    };
    let amount = |minor| Amount::new(item.net.currency, minor).to_string();
    let told = format!("{} / {}", item.net, amount(fee));
    let id = item.transaction.transaction_request_id;
    let net = gross.map_or(0, |gross| gross.minor - fee);
    let sum = format!("{} / {}", amount(net), amount(fee));
    let values = |value: &str| say::REPORT_VALUES.with([id, value]);
    // Which sign net and fee of a refund have no page says; that they add up does not rest on it.
    let refund = item.transaction.transaction_type == TransactionType::Refund;
    let unsigned = item.net.minor.abs() == gross.map_or(0, |gross| gross.minor.abs()) - fee.abs();
    let adds_up = if refund { unsigned } else { item.net.minor == net };
    finding.want_for_good(adds_up, values(&sum), values(&told));
    finding.guess(item.net.minor == net, values(&sum), values(&told));
    // The sample is what our own gateway pays out; another has its own rates and fees.
    let mut sample = SAMPLE.into_iter().filter(|_| !shared);
    let sample = sample.find(|(minor, ..)| *minor == item.transaction.amount.minor);
    if let Some((_, net, fee)) = sample {
        let wanted = format!("{net} / {fee}");
        if refund {
            finding.guess(told == wanted, values(&wanted), values(&told));
        } else {
            finding.want_for_good(told == wanted, values(&wanted), values(&told));
        }
    }
}

#[then(
    expr = "the settlement items name their batch, and what is paid out is the amount less the fee, as in the published sample"
)]
async fn items_add_up(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_true_items(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants the files of settlement items to be what the pages say, and each row to add up.
pub(super) fn want_true_items(finding: &mut Finding, seen: &Seen) {
    let owned = seen.owned();
    let (mut in_all, mut others): (i32, u32) = (0, 0);
    let reports = want_reports(finding, seen, FileKind::SettlementItems);
    for report in &reports {
        let mut rows = 0;
        items(report, |item| {
            if !owned.has(item.transaction.transaction_request_id) {
                others += 1;
                return;
            }
            rows += 1;
            want_batch(finding, report, item.settlement_batch_id);
            want_item(finding, item, owned.is_shared());
        });
        in_all += rows;
        if !owned.is_shared() {
            want_two(finding, report, rows);
        }
    }
    if owned.is_shared() {
        // Payment and refund may be settled on different days.
        if let Some(report) = reports.first() {
            want_two(finding, report, in_all);
        }
        finding.note(say::NOTE_OTHER_RATE.plain());
        if others > 0 {
            finding.note(say::NOTE_OTHER_ROWS.with([others]));
        }
    }
}

fn want_two(finding: &mut Finding, report: &Report, rows: i32) {
    let name = report.name.to_string();
    finding.want_for_good(
        rows == 2,
        say::REPORT_ROWS.with([&name, "2"]),
        say::REPORT_ROWS.with([&name, &rows.to_string()]),
    );
}

/// Count and net by type.
type Sums = BTreeMap<String, (u64, i64)>;

fn add(sums: &mut Sums, word: &str, net: i64) {
    for word in [word, TOTAL] {
        let sum = sums.entry(word.to_owned()).or_default();
        *sum = (sum.0 + 1, sum.1 + net);
    }
}

#[then(expr = "the summary counts and adds up what the items of its batch say, type by type")]
async fn summary_adds_up(stage: &mut Stage) {
    stage.judge(summed_up).await;
}

pub(super) fn summed_up(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let details = want_reports(&mut finding, seen, FileKind::SettlementItems);
    for report in want_reports(&mut finding, seen, FileKind::SettlementSummary) {
        let mut wanted = Sums::from([(TOTAL.to_owned(), (0, 0))]);
        let ours = details.iter().filter(|items| items.name.batch() == report.name.batch());
        for detail in ours {
            items(detail, |item| {
                add(&mut wanted, item.transaction.transaction_type.word(), item.net.minor);
            });
        }
        let mut told = Sums::new();
        sums(&report, |line| {
            want_batch(&mut finding, &report, line.settlement_batch_id);
            let word = line.summary_type.map_or(TOTAL, TransactionType::word);
            told.insert(word.to_owned(), (line.count, line.net.minor));
        });
        for word in wanted.keys().chain(told.keys()) {
            let text = |sums: &Sums| {
                let (count, net) = sums.get(word).copied().unwrap_or_default();
                say::REPORT_SUMS.with([word.clone(), count.to_string(), net.to_string()])
            };
            finding.want(wanted.get(word) == told.get(word), text(&wanted), text(&told));
        }
    }
    finding
}
