//! Checks of what the gateway writes about transactions: the form of its files, and which rows
//! stand in them.

use cucumber::then;
use evidence::words as say;
use protocol::Day;
use protocol::ams::reconciliation::FileKind;

use super::moved::{Moved, told};
use super::paper::{Paper, Sort};
use super::table::{Kind, Row, Table};
use crate::product::Product;
use crate::reconciliation::reports::FETCHED;
use crate::{Finding, Seen, Stage};

/// A day as heads of files write it: `2026-01-05`.
pub(super) fn dashed(day: Day) -> String {
    let text = day.to_string();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8))
}

/// Wants the gateway to have a file of a kind, and answers all of them.
pub(super) fn want_papers(finding: &mut Finding, seen: &Seen, kind: FileKind) -> Vec<Paper> {
    let papers = seen.papers_of(kind);
    finding.shown_by(papers.iter().map(|paper| paper.line));
    if papers.is_empty() {
        let fetched = seen.acts_of(FETCHED);
        let day = fetched.last().and_then(|act| act.text("day")).unwrap_or_default();
        let places = [kind.prefix(), day];
        finding.fail(say::REPORT_THERE.with(places), say::REPORT_MISSING.with(places));
    }
    papers
}

/// Wants a file for each of these days that the merchant was asked for.
pub(super) fn want_days(
    finding: &mut Finding,
    seen: &Seen,
    kind: FileKind,
    papers: &[Paper],
    days: impl Iterator<Item = Day>,
) {
    let wishes = seen.reconcile_wishes();
    for day in days {
        let asked = wishes.iter().any(|wish| wish.kind == kind && wish.day == day);
        if asked && !papers.iter().any(|paper| paper.day == day) {
            let places = [kind.prefix().to_owned(), day.to_string()];
            finding.fail(say::REPORT_THERE.with(&places), say::REPORT_MISSING.with(&places));
        }
    }
}

/// Wants the columns of a file to be documented ones, and every row to have as many.
pub(super) fn want_columns(finding: &mut Finding, paper: &Paper, table: &Table) {
    let documented = paper.sort.columns();
    let line = if table.head.is_some() { "2" } else { "1" };
    let says = |line: &str, text: &str| say::FILE_LINE.with([paper.path.as_str(), line, text]);
    let named = table.named.clone().unwrap_or_default();
    let more = paper.sort == Sort::Store && named == paper.sort.more_columns();
    // Whether other files name their columns no page says.
    let unnamed = !paper.sort.names_columns() && table.named.is_none();
    let holds = named == documented || more || unnamed;
    let wanted = says(line, &documented.join("|"));
    finding.want_for_good(holds, wanted, says(line, &named.join("|")));
    let count = table.columns().len();
    for row in table.rows.iter().filter(|row| row.len() != count) {
        let text = row.join("|");
        let places = |count: usize, text: &str| {
            say::FILE_ROW_CELLS.with([paper.path.as_str(), &count.to_string(), text])
        };
        finding.fail_for_good(places(count, &text), places(row.len(), &text));
    }
}

/// Wants the first line of a store's transactions to name partner, day and number of rows.
fn want_head(finding: &mut Finding, seen: &Seen, paper: &Paper, table: &Table) {
    let says = |text: &str| say::FILE_LINE.with([paper.path.as_str(), "1", text]);
    let partner = seen.contract("client_id").unwrap_or_default();
    let (day, count) = (dashed(paper.day), table.rows.len());
    let wanted = format!("Partner:{partner}|Payment_time:{day}|Total_count:{count}");
    // The sample has a blank behind its second colon alone.
    let head = table.head.clone().unwrap_or_default().replace(": ", ":");
    finding.want_for_good(head == wanted, says(&wanted), says(&head));
}

/// Wants a file to be called by its partner.
fn want_name(finding: &mut Finding, seen: &Seen, paper: &Paper) {
    let partner = seen.contract("client_id").unwrap_or_default();
    let name = paper.path.replacen(&paper.partner, partner, 1);
    let (form, is) = (say::REPORT_PATH.with([&name]), say::REPORT_PATH_IS.with([&paper.path]));
    finding.want_for_good(paper.partner == partner, form, is);
}

/// Wants each file of stores' transactions to have its head and its columns.
fn want_heads(finding: &mut Finding, seen: &Seen) {
    for paper in want_papers(finding, seen, FileKind::TransactionItems) {
        let table = paper.table();
        want_name(finding, seen, &paper);
        if paper.sort == Sort::Store {
            want_head(finding, seen, &paper, &table);
        }
        want_columns(finding, &paper, &table);
    }
}

#[then(
    expr = "the file's first line names partner, day and number of rows, and its second the columns"
)]
async fn head_and_columns(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_heads(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants every transaction of a file's day to have one row that says what is on record of it, and
/// nothing else to have any.
pub(super) fn want_rows(finding: &mut Finding, seen: &Seen) {
    let papers = want_papers(finding, seen, FileKind::TransactionItems);
    let Some(moved) = seen.money() else {
        return finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    };
    let days = moved.iter().flat_map(|one| one.times.iter().map(|at| Day::of(*at)));
    want_days(finding, seen, FileKind::TransactionItems, &papers, days);
    for paper in &papers {
        let (day, rows) = (paper.day, paper.table().all());
        let of_day = |one: &&Moved| one.times.iter().any(|at| day.contains(*at));
        let moved: Vec<&Moved> = moved.iter().filter(of_day).collect();
        for one in &moved {
            want_row(finding, seen, paper, &rows, one);
        }
        want_no_other(finding, &rows, &moved, paper.sort);
    }
}

/// Wants a transaction to have one row in a file, with what is on record of it.
pub(super) fn want_row(
    finding: &mut Finding,
    seen: &Seen,
    paper: &Paper,
    rows: &[Row],
    one: &Moved,
) {
    let about: Vec<&Row> = rows.iter().filter(|row| one.is_told_by(row, paper.sort)).collect();
    let day = paper.day.to_string();
    let count =
        |count: &str| say::REPORT_ROW_COUNT.with([&*one.number, one.kind.word(), &day, count]);
    finding.want(about.len() == 1, count("1"), count(&about.len().to_string()));
    let wanted = one.in_words();
    let or = wanted.join(" / ");
    let scene = match (seen.product, paper.sort) {
        (Product::TransactionQr, Sort::Store | Sort::StoreSettled) => "transactionQrCode",
        _ => "",
    };
    for row in about {
        let is = told(one.kind, row.amount, row.at);
        let values = |value: &str| say::REPORT_VALUES.with([&*one.number, value]);
        finding.want(wanted.contains(&is), values(&or), values(&is));
        // A refund's own number at the gateway is told nowhere else.
        let numbered = one.kind != Kind::Refund && !matches!(paper.sort, Sort::Download(_));
        if numbered {
            finding.want(row.trade == one.trade, values(&one.trade), values(&row.trade));
        }
        let place = |value: &str| say::FIELD_IS.with(["Order_scene", value]);
        finding.want(row.scene == scene, place(scene), place(&row.scene));
    }
}

/// Wants no row about anything but these.
pub(super) fn want_no_other(finding: &mut Finding, rows: &[Row], moved: &[&Moved], sort: Sort) {
    for row in rows {
        if !moved.iter().any(|one| one.is_told_by(row, sort)) {
            let kind = row.kind.map_or("—", Kind::word);
            finding.fail(
                say::REPORT_ROW_NONE.with([&row.number]),
                say::REPORT_ROW_SOME.with([row.number.as_str(), kind]),
            );
        }
    }
}

/// Wants the files of transactions to be what the pages say, and to tell what moved.
pub(super) fn want_true_transactions(finding: &mut Finding, seen: &Seen) {
    want_heads(finding, seen);
    want_rows(finding, seen);
}

#[then(
    expr = "there is one row for each payment and refund, with number, amount, currency and time as on record, and none for others"
)]
#[then(
    expr = "there is a PAYMENT row for each payment, a REFUND row under each refund's own number and a CANCEL row for what was undone, and none for others"
)]
async fn one_row_each(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_rows(&mut finding, seen);
            for paper in seen.papers_of(FileKind::TransactionItems) {
                want_name(&mut finding, seen, &paper);
                want_columns(&mut finding, &paper, &paper.table());
            }
            finding
        })
        .await;
}

#[then(expr = "the file of each day has what was paid in it by Beijing time")]
async fn cut_at_midnight(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let moved = seen.money().unwrap_or_default();
            let sold =
                |day: Day| moved.iter().any(|one| one.times.iter().any(|at| day.contains(*at)));
            // Where nothing was paid on one of the days, midnight was never met.
            if !seen.reconcile_wishes().iter().all(|wish| sold(wish.day)) {
                finding.cannot_judge(say::CANNOT_JUDGE_MIDNIGHT.plain());
                return finding;
            }
            want_true_transactions(&mut finding, seen);
            for paper in seen.papers_of(FileKind::TransactionItems) {
                for row in paper.table().all() {
                    let day = Day::of(row.at.unwrap_or_default()).to_string();
                    let wanted = paper.day.to_string();
                    finding.want(
                        day == wanted,
                        say::REPORT_VALUES.with([&row.number, &wanted]),
                        say::REPORT_VALUES.with([&row.number, &day]),
                    );
                }
            }
            finding
        })
        .await;
}
