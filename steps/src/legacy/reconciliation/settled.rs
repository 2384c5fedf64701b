//! Checks of what the gateway pays out, and of the net that a merchant makes of it.

use std::collections::BTreeMap;

use cucumber::then;
use evidence::ReconciliationView;
use evidence::words as say;
use protocol::ams::reconciliation::FileKind;
use protocol::{Amount, Currency, DAY, Day, GMT8};

use super::moved::Moved;
use super::paper::{Paper, Sort, newest};
use super::rows::{want_columns, want_days, want_no_other, want_papers, want_row};
use super::table::{AMOUNT, FEE, Kind, Row, SETTLEMENT};
use crate::reconciliation::found::{last, listed};
use crate::{Finding, Seen, Stage};

/// How status is written of what was paid out.
const LIQUIDATED: &str = "L";

/// The day of the week, Monday being 0.
pub(super) fn weekday(day: Day) -> i64 {
    // The first day of the epoch was a Thursday.
    ((day.start() + GMT8).div_euclid(DAY) + 3).rem_euclid(7)
}

/// Whether a day is a Saturday or a Sunday.
pub(crate) fn is_weekend(day: Day) -> bool {
    weekday(day) > 4
}

/// The day on which the transactions of another are paid out: the next, and on Monday what
/// happened from Friday on.
pub(crate) fn settles_on(day: Day) -> Day {
    let days = match weekday(day) {
        4 => 3,
        5 => 2,
        _ => 1,
    };
    Day::of(day.start() + days * DAY)
}

/// What an amount comes to in CNY at a rate, to two places.
fn at_rate(amount: Amount, rate: &str) -> Option<Amount> {
    let (whole, fraction) = rate.split_once('.').unwrap_or((rate, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let places = u32::try_from(fraction.len()).ok().filter(|places| *places < 13)?;
    let unit = 10_i128.pow(places) * i128::from(10_i64.pow(amount.currency.exponent()));
    let exact = i128::from(amount.minor) * digits * 100;
    let cents = i64::try_from((exact * 2 + unit) / (unit * 2)).ok()?;
    Some(Amount::new(Currency::parse("CNY").ok()?, cents))
}

/// What is paid out for a row, worked out from amount and fee.
fn net(row: &Row) -> Option<Amount> {
    let (amount, fee) = row.amount.zip(row.fee)?;
    Some(Amount::new(amount.currency, amount.minor - fee.minor))
}

/// The same as the row tells it, where it does.
fn paid_out(row: &Row) -> Option<Amount> {
    row.settlement.or_else(|| net(row))
}

/// Wants a row to add up.
fn want_sums(finding: &mut Finding, paper: &Paper, row: &Row) {
    let text = |amount: Option<Amount>| amount.map_or_else(|| "—".into(), |it| it.to_string());
    let values = |value: &str| say::REPORT_VALUES.with([row.number.as_str(), value]);
    let settled = super::table::time(&row.settled_at).is_some();
    let status = format!("{} {}", row.status, row.settled_at);
    let wanted = values(&format!("{LIQUIDATED} {}", super::rows::dashed(paper.day)));
    let holds = row.status == LIQUIDATED && settled;
    finding.want_for_good(holds, wanted, values(&status));
    let payment_or_refund = matches!(row.kind, Some(Kind::Payment | Kind::Refund));
    let kind = row.kind.map_or("—", Kind::word);
    finding.want_for_good(payment_or_refund, values("P / R"), values(kind));
    if matches!(paper.sort, Sort::Download(_)) {
        return;
    }
    let (ours, theirs) = (text(net(row)), text(row.settlement));
    finding.want_for_good(row.settlement == net(row), values(&ours), values(&theirs));
    // The published sample of websites does not follow its own rate.
    if paper.sort == Sort::StoreSettled {
        let renminbi = row.amount.and_then(|amount| at_rate(amount, &row.rate));
        let (ours, theirs) = (text(renminbi), text(row.renminbi));
        finding.want_for_good(row.renminbi == renminbi, values(&ours), values(&theirs));
    }
}

/// Wants every line of a list of batches to be the sum of its rows, column by column.
fn want_batches(finding: &mut Finding, papers: &[Paper]) {
    let columns: [Column; 3] =
        [(&AMOUNT, |row| row.amount), (&FEE, |row| row.fee), (&SETTLEMENT, paid_out)];
    for list in papers.iter().filter(|paper| paper.sort == Sort::Batches) {
        let table = list.table();
        let of_day = papers.iter().filter(|paper| paper.day == list.day);
        for (names, each) in columns {
            let sums = sums(of_day.clone().map(|paper| (paper, paper.table().all())), each);
            let told = (0..table.rows.len()).filter_map(|row| {
                let batch = table.cell(row, &["Settle_batch_no"]).to_owned();
                let sum = table.sum(row, names)?;
                Some(((batch, sum.currency), sum.minor))
            });
            let told: Sums = told.collect();
            let text =
                |all: &Sums| say::REPORT_VALUES.holding([names[0].into(), listed(&in_words(all))]);
            finding.want_for_good(told == sums, text(&sums), text(&told));
        }
    }
}

/// A column by its names, and what a row adds to its sum.
type Column = (&'static [&'static str], fn(&Row) -> Option<Amount>);

type Sums = BTreeMap<(String, Currency), i64>;

fn in_words(sums: &Sums) -> Vec<String> {
    let sums = sums.iter();
    sums.map(|((batch, currency), minor)| format!("{batch} {}", Amount::new(*currency, *minor)))
        .collect()
}

/// What is paid out in all: for payments, less for refunds.
fn sums<'p>(
    papers: impl Iterator<Item = (&'p Paper, Vec<Row>)>,
    each: impl Fn(&Row) -> Option<Amount>,
) -> Sums {
    let mut sums = Sums::new();
    for (paper, rows) in papers.filter(|(paper, _)| paper.sort != Sort::Batches) {
        let batch = paper.batch().map_or_else(|| paper.day.to_string(), str::to_owned);
        for row in rows {
            let Some(amount) = each(&row) else { continue };
            let sign = if row.kind == Some(Kind::Payment) { 1 } else { -1 };
            *sums.entry((batch.clone(), amount.currency)).or_default() += sign * amount.minor;
        }
    }
    sums
}

/// Wants the files of settlement to be what the pages say, to tell what moved on the days that they
/// pay out, and each row to add up.
pub(super) fn want_true_settlement(finding: &mut Finding, seen: &Seen) {
    let papers = newest(want_papers(finding, seen, FileKind::SettlementItems));
    let Some(moved) = seen.money() else {
        return finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    };
    let kept = moved.iter().filter(|one| !is_undone(one, &moved));
    let days = kept.flat_map(|one| one.times.iter().map(|at| settles_on(Day::of(*at))));
    want_days(finding, seen, FileKind::SettlementItems, &papers, days);
    let mut days: Vec<Day> = papers.iter().map(|paper| paper.day).collect();
    days.dedup();
    for day in days {
        let papers: Vec<&Paper> =
            papers.iter().filter(|paper| paper.day == day && paper.sort != Sort::Batches).collect();
        for paper in &papers {
            let table = paper.table();
            want_columns(finding, paper, &table);
            for row in table.all() {
                want_sums(finding, paper, &row);
            }
        }
        let rows: Vec<Row> = papers.iter().flat_map(|paper| paper.table().all()).collect();
        let settled = |one: &&Moved| {
            let on = |at: &i64| settles_on(Day::of(*at)) == day;
            one.times.iter().any(on) && !is_undone(one, &moved)
        };
        let settled: Vec<&Moved> = moved.iter().filter(settled).collect();
        if let Some(paper) = papers.first() {
            for one in &settled {
                want_row(finding, seen, paper, &rows, one);
            }
            want_no_other(finding, &rows, &settled, paper.sort);
        }
    }
    want_batches(finding, &papers);
}

/// Whether a payment was undone, so that nothing is paid out for it.
fn is_undone(one: &Moved, all: &[Moved]) -> bool {
    all.iter().any(|other| other.kind == Kind::Cancel && other.payment == one.payment)
}

#[then(expr = "each row is settled, of status L, and what is paid out is the amount less the fee")]
#[then(
    expr = "each row is of type P or R and status L, Settlement is Amount less Fee, and Rmb_amount is Amount at Rate"
)]
async fn rows_add_up(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_true_settlement(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the net is what is paid out for payments less what is kept for refunds")]
async fn net_is_told(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            if let Some((_, reading)) = last(seen, &mut finding) {
                want_net(&mut finding, seen, &reading.view);
            }
            finding
        })
        .await;
}

/// Wants the net of a day. Where a row was altered its own sums differ, and either is a net.
fn want_net(finding: &mut Finding, seen: &Seen, view: &ReconciliationView) {
    let papers = seen.papers_of(FileKind::SettlementItems);
    let altered = seen.altered(FileKind::SettlementItems);
    let tables = papers.iter().map(|paper| {
        let other = altered.files.iter().find(|(path, _)| *path == paper.path);
        let text = other.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
        let paper = Paper { text: text.unwrap_or_else(|| paper.text.clone()), ..paper.clone() };
        paper.table().all()
    });
    let tables: Vec<(&Paper, Vec<Row>)> = papers.iter().zip(tables).collect();
    let worked_out = in_words(&sums(tables.iter().cloned(), net));
    let written = in_words(&sums(tables.into_iter(), paid_out));
    let told: Vec<_> =
        view.payouts.iter().map(|payout| format!("{} {}", payout.batch, payout.amount)).collect();
    finding.want(
        told == worked_out || told == written,
        say::PAYOUT_IS.holding([listed(&worked_out)]),
        say::PAYOUT_IS.holding([listed(&told)]),
    );
}

#[cfg(test)]
mod tests {
    use protocol::{Amount, Day};

    use super::{at_rate, settles_on};

    #[test]
    fn weekends_are_settled_on_monday() {
        let day = |text: &str| Day::parse(text).unwrap();
        for (paid, settled) in [
            ("20260108", "20260109"),
            ("20260109", "20260112"),
            ("20260110", "20260112"),
            ("20260111", "20260112"),
            ("20260112", "20260113"),
        ] {
            assert_eq!(settles_on(day(paid)), day(settled), "{paid}");
        }
    }

    #[test]
    fn the_published_sample_is_at_its_rate() {
        let amount = Amount::from_price("AUD 369.30").unwrap();
        assert_eq!(at_rate(amount, "5.41940000").unwrap().to_string(), "CNY 2001.38");
    }
}
