//! Checks of what the gateway writes: the form of its files, and which rows stand in them.

use cucumber::then;
use evidence::words as say;
use protocol::ams::Api;
use protocol::ams::reconciliation::{FileKind, Reader, Row, TransactionType};
use protocol::{Amount, Day};

use super::fault::said;
use super::moved::Moved;
use super::reports::{FETCHED, Report};
use crate::{Finding, Seen, Stage};

/// A row of transactions.
#[derive(Debug, Clone)]
struct Line {
    file: String,
    day: Day,
    kind: String,
    request_id: String,
    transaction_id: String,
    original: String,
    /// The secondary merchant and its store.
    seller: [String; 2],
    amount: Amount,
    at: i64,
}

/// Wants a file to be what the pages say.
pub(super) fn want_report_form(finding: &mut Finding, report: &Report) {
    finding.shown_by([report.line]);
    let name = report.name.to_string();
    let columns = report.name.kind().columns().join(",");
    let first = report.text.lines().next().unwrap_or_default();
    let last = report.text.lines().last().unwrap_or_default();
    let form = || say::REPORT_FORM.with([&name]);
    finding.want_for_good(first == columns, form(), say::REPORT_HEADER_OFF.with([&name, first]));
    finding.want_for_good(last == "<END>", form(), say::REPORT_END_OFF.with([&name, last]));
    let mut reader = Reader::new(&report.name, report.text.as_bytes());
    while let Some(row) = reader.next_row() {
        if let Err(fault) = row {
            let off = say::REPORT_FORM_OFF.holding([name.as_str().into(), said(&fault).into()]);
            finding.fail_for_good(form(), off);
        }
    }
}

/// Wants every file of a kind to be what the pages say, and one at least to be there.
pub(super) fn want_reports(finding: &mut Finding, seen: &Seen, kind: FileKind) -> Vec<Report> {
    let reports = seen.reports_of(kind);
    let fetched = seen.acts_of(FETCHED);
    let day = fetched.first().and_then(|act| act.text("day")).unwrap_or_default();
    if reports.is_empty() {
        let places = [kind.prefix(), day];
        finding.fail(say::REPORT_THERE.with(places), say::REPORT_MISSING.with(places));
    }
    for report in &reports {
        want_report_form(finding, report);
    }
    reports
}

/// The readable rows of transaction files.
fn lines(reports: &[Report]) -> Vec<Line> {
    let mut lines = vec![];
    for report in reports {
        let mut reader = Reader::new(&report.name, report.text.as_bytes());
        while let Some(row) = reader.next_row() {
            let Ok((_, Row::Transaction(item))) = row else { continue };
            let row = item.transaction;
            lines.push(Line {
                file: report.name.to_string(),
                day: report.name.date,
                kind: row.transaction_type.word().to_owned(),
                request_id: row.transaction_request_id.to_owned(),
                transaction_id: row.transaction_id.to_owned(),
                original: row.original_transaction_id.to_owned(),
                seller: [row.reference_merchant_id, row.reference_store_id].map(str::to_owned),
                amount: row.amount,
                at: row.payment_time,
            });
        }
    }
    lines
}

impl Line {
    fn is_about(&self, moved: &Moved) -> bool {
        self.kind == moved.kind.word() && self.request_id == moved.request_id
    }
}

/// Wants each day's files to have a row for all that succeeded then, once, and for nothing else.
fn want_rows(finding: &mut Finding, seen: &Seen) {
    let reports = want_transactions(finding, seen);
    let (lines, moved) = (lines(&reports), seen.moved());
    let mut days: Vec<Day> = seen.reconcile_wishes().iter().map(|wish| wish.day).collect();
    days.dedup();
    for day in days {
        for one in moved.iter().filter(|one| day.contains(one.at)) {
            let count = lines.iter().filter(|line| line.day == day && line.is_about(one)).count();
            let day = day.to_string();
            let places = |count: &str| {
                say::REPORT_ROW_COUNT.with([&*one.request_id, one.kind.word(), &day, count])
            };
            finding.want(count == 1, places("1"), places(&count.to_string()));
        }
    }
    let (owned, mut others) = (seen.owned(), 0);
    for line in &lines {
        let ours = |one: &&Moved| line.is_about(one) && line.day.contains(one.at);
        if moved.iter().any(|one| ours(&one)) {
            continue;
        }
        if seen.was_cancelled(&line.request_id) {
            finding.note(say::NOTE_CANCEL_ROW.with([&line.request_id]));
            continue;
        }
        if !owned.has(&line.request_id) {
            others += 1;
            continue;
        }
        finding.fail(
            say::REPORT_ROW_NONE.with([&line.request_id]),
            say::REPORT_ROW_SOME.with([&line.request_id, &line.kind]),
        );
    }
    if others > 0 {
        finding.note(say::NOTE_OTHER_ROWS.with([others]));
    }
}

fn want_transactions(finding: &mut Finding, seen: &Seen) -> Vec<Report> {
    let reports = seen.reports_of(FileKind::TransactionItems);
    finding.shown_by(reports.iter().map(|report| report.line));
    reports
}

#[then(
    expr = "each file of transactions has the documented columns, readable rows and its end mark"
)]
async fn documented_form(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_reports(&mut finding, seen, FileKind::TransactionItems);
            finding
        })
        .await;
}

#[then(expr = "there is one row for each payment and refund that succeeded, and none for others")]
async fn one_row_each(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_rows(&mut finding, seen);
            finding
        })
        .await;
}

#[then(
    expr = "amounts are written in major units, refunds negative, with the ids that the gateway told"
)]
async fn values(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_values(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants every row to say of what moved what the gateway said of it.
fn want_values(finding: &mut Finding, seen: &Seen) {
    let reports = want_transactions(finding, seen);
    let told = |kind: &str, id: &str, original: &str, amount: Amount| {
        format!("{kind} {id} {original} {amount}")
    };
    let (lines, moved) = (lines(&reports), seen.moved());
    for one in &moved {
        let kind = one.kind.word();
        let wanted = told(kind, &one.transaction_id, &one.original, one.amount);
        for line in lines.iter().filter(|line| line.is_about(one)) {
            let is = told(kind, &line.transaction_id, &line.original, line.amount);
            finding.want(
                is == wanted,
                say::REPORT_VALUES.with([&one.request_id, &wanted]),
                say::REPORT_VALUES.with([&one.request_id, &is]),
            );
        }
    }
}

/// Wants the files of transactions to be what the pages say, and to tell what moved.
pub(super) fn want_true_transactions(finding: &mut Finding, seen: &Seen) {
    want_reports(finding, seen, FileKind::TransactionItems);
    want_rows(finding, seen);
    want_values(finding, seen);
}

#[then(
    expr = "each day has what happened in it by Beijing time, with times that name their offset"
)]
async fn cut_at_midnight(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            // Where a day ends no page says; that its rows can be read does not rest on it.
            want_rows(&mut finding, seen);
            for line in lines(&want_transactions(&mut finding, seen)) {
                let day = line.day.to_string();
                let seen = format!("{} {}", line.file, protocol::iso8601(line.at));
                finding.want(
                    line.day.contains(line.at),
                    say::REPORT_TIME.with([&line.request_id, &day]),
                    say::REPORT_VALUES.with([&line.request_id, &seen]),
                );
            }
            let mut finding = finding.as_guess();
            want_reports(&mut finding, seen, FileKind::TransactionItems);
            finding
        })
        .await;
}

#[then(
    expr = "the files are numbered from 000 without a gap, each is whole, and no row stands twice"
)]
async fn numbered(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let reports = want_reports(&mut finding, seen, FileKind::TransactionItems);
            let numbers: Vec<u16> = reports.iter().map(|report| report.name.sequence).collect();
            let text = |numbers: &[u16]| {
                let all: Vec<_> = numbers.iter().map(|number| format!("{number:03}")).collect();
                say::REPORT_NUMBERS.with([all.join(", ")])
            };
            let wanted: Vec<u16> = (0..3).collect();
            finding.want(numbers == wanted, text(&wanted), text(&numbers));
            want_rows(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the gateway writes files without rows, and a summary that totals nothing")]
async fn empty_day(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for report in want_reports(&mut finding, seen, FileKind::TransactionItems) {
                let (name, rows) =
                    (report.name.to_string(), report.text.lines().count().saturating_sub(2));
                finding.want_for_good(
                    rows == 0,
                    say::REPORT_EMPTY.with([&name]),
                    say::REPORT_ROWS.with([name, rows.to_string()]),
                );
            }
            for report in want_reports(&mut finding, seen, FileKind::SettlementSummary) {
                want_nothing_total(&mut finding, &report);
            }
            finding
        })
        .await;
}

fn want_nothing_total(finding: &mut Finding, report: &Report) {
    let mut reader = Reader::new(&report.name, report.text.as_bytes());
    let mut total = None;
    while let Some(row) = reader.next_row() {
        let Ok((_, Row::Summary(line))) = row else { continue };
        let word = line.summary_type.map_or("TOTAL", TransactionType::word);
        let told = say::REPORT_SUMS.with([word, &line.count.to_string(), &line.net.to_string()]);
        let nothing = line.count == 0 && line.net.minor == 0;
        finding.want_for_good(nothing, say::REPORT_SUMS.with(["TOTAL", "0", "0"]), told);
        total = total.or(line.summary_type.is_none().then_some(()));
    }
    let name = report.name.to_string();
    finding.want_for_good(
        total.is_some(),
        say::REPORT_SUMS.with(["TOTAL", "0", "0"]),
        say::REPORT_EMPTY.with([name]),
    );
}

#[then(
    expr = "the file has a row for each payment, with the merchant and the store that its pay named"
)]
async fn sellers(stage: &mut Stage) {
    stage.judge(rows_name_sellers).await;
}

fn rows_name_sellers(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let moved = seen.moved();
    if moved.is_empty() {
        finding.cannot_judge(say::CALL_NOT_SEEN.with(["pay"]));
        return finding;
    }
    let lines = lines(&want_reports(&mut finding, seen, FileKind::TransactionItems));
    for one in &moved {
        let rows: Vec<&Line> = lines.iter().filter(|line| line.is_about(one)).collect();
        let day = Day::of(one.at).to_string();
        let places = |count: &str| {
            say::REPORT_ROW_COUNT.with([&*one.request_id, one.kind.word(), &day, count])
        };
        finding.want(rows.len() == 1, places("1"), places(&rows.len().to_string()));
        let named = seller_named(seen, &one.request_id);
        for row in rows {
            let told = |[merchant, store]: &[String; 2]| {
                say::REPORT_VALUES.with([&*one.request_id, &format!("{merchant} / {store}")])
            };
            finding.want(row.seller == named, told(&named), told(&row.seller));
        }
    }
    finding
}

/// The secondary merchant and the store that the pay of a payment named when it reached the gateway.
fn seller_named(seen: &Seen, request_id: &str) -> [String; 2] {
    let pay = seen.at_gateway().find(|call| {
        call.api == Some(Api::Pay) && call.request_id().as_deref() == Some(request_id)
    });
    ["order.merchant.referenceMerchantId", "order.merchant.store.referenceStoreId"]
        .map(|path| pay.and_then(|pay| pay.asked(path)).unwrap_or_default())
}
