//! When files of the older generation are there, and what a merchant makes of one that is not.

use cucumber::then;
use evidence::words as say;
use evidence::{ReconciliationState, ReconciliationView};
use protocol::Day;
use protocol::ams::reconciliation::FileKind;

use super::found::{rows, want_no_verdict};
use super::paper::Paper;
use super::settled::settles_on;
use super::table::{Kind, Row};
use crate::reconciliation::found::{can_judge, want_told};
use crate::reconciliation::reports::Wish;
use crate::seen::Reading;
use crate::{Finding, Seen, Stage};

const HOUR: i64 = 3_600_000;
/// "09:00-10:00 Beijing on T+1".
const FROM: i64 = 9 * HOUR;
/// The same, with room for what was asked at ten.
const UNTIL: i64 = 10 * HOUR + 60_000;

/// The days on which was sold.
fn sold_on(seen: &Seen) -> Vec<Day> {
    let mut days: Vec<Day> = seen.sales().map(|sale| Day::of(sale.at)).collect();
    days.dedup();
    days
}

/// Whether a file was found at the gateway when it has to be there.
fn in_time(paper: &Paper, day: Day) -> bool {
    let ready = day.next().start();
    (ready + FROM..=ready + UNTIL).contains(&paper.at)
}

fn want_there(finding: &mut Finding, kind: FileKind, day: Day, found: &[&Paper]) {
    let places = [kind.prefix().to_owned(), day.to_string()];
    finding.shown_by(found.iter().map(|paper| paper.line));
    let early = found.iter().find(|paper| paper.at < day.next().start() + FROM);
    let when = |at: i64| say::REPORT_VALUES.with([&places[0], &protocol::iso8601(at)]);
    let wanted = when(day.next().start() + FROM);
    if let Some(early) = early {
        finding.fail_for_good(wanted, when(early.at));
    } else if !found.iter().any(|paper| in_time(paper, day)) {
        finding.fail(say::REPORT_THERE.with(&places), say::REPORT_MISSING.with(&places));
    }
}

#[then(
    expr = "the file of each day's transactions is there at 10:00 of the next day, and not before 09:00"
)]
async fn transactions_in_time(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let papers = seen.papers_of(FileKind::TransactionItems);
            for day in sold_on(seen) {
                let found: Vec<_> = papers.iter().filter(|paper| paper.day == day).collect();
                want_there(&mut finding, FileKind::TransactionItems, day, &found);
            }
            finding
        })
        .await;
}

#[then(
    expr = "what was sold from Friday to Sunday is settled in the file that comes on Tuesday from 09:00 to 10:00, and in none before"
)]
async fn settled_in_time(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let papers = seen.papers_of(FileKind::SettlementItems);
            let Some(moved) = seen.money() else {
                finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
                return finding;
            };
            for one in moved.iter().filter(|one| one.kind == Kind::Payment) {
                let Some(paid) = one.times.first() else { continue };
                let day = settles_on(Day::of(*paid));
                let tells = |paper: &&Paper| {
                    let about = |row: &Row| one.is_told_by(row, paper.sort);
                    paper.table().all().iter().any(about)
                };
                let found: Vec<_> = papers.iter().filter(tells).collect();
                want_there(&mut finding, FileKind::SettlementItems, day, &found);
            }
            finding
        })
        .await;
}

impl Seen {
    /// What the merchant told of a wish, reading by reading.
    fn told_of(&self, wish: &Wish) -> Vec<&Reading<ReconciliationView>> {
        let about = |reading: &&Reading<ReconciliationView>| {
            let view = &reading.view;
            reading.line > wish.line && view.day == wish.day && view.kind == wish.kind
        };
        self.reconciliations.iter().filter(about).collect()
    }
}

/// Wants a merchant that looked too early to tell nothing as missing, and in the end, where a file
/// came, to have matched it.
fn want_patience(finding: &mut Finding, seen: &Seen, wish: &Wish, comes: bool) {
    let ready = wish.day.next().start() + FROM;
    let told = seen.told_of(wish);
    let (early, late): (Vec<_>, Vec<_>) = told.into_iter().partition(|told| told.at < ready);
    finding.shown_by(early.first().map(|reading| reading.line));
    let waits = [ReconciliationState::Waiting, ReconciliationState::Incomplete];
    let early = if comes { early } else { early.into_iter().chain(late.clone()).collect() };
    if early.is_empty() {
        let places = [wish.kind.prefix().to_owned(), wish.day.to_string()];
        let view = [&*places[0], &*places[1], "waiting", "…", "…"];
        return finding.fail(say::RECONCILED.with(view), say::RECONCILED_NOT.with(&places));
    }
    for reading in early {
        want_no_verdict(finding, &reading.view, &waits);
    }
    if let Some(last) = late.last().filter(|_| comes) {
        finding.shown_by([last.line]);
        let rows = rows(seen, &last.view);
        want_told(finding, &last.view, ReconciliationState::Clean, 0, rows);
    } else if comes {
        let places = [wish.kind.prefix().to_owned(), wish.day.to_string()];
        let view = [&*places[0], &*places[1], "clean", "0", "…"];
        finding.fail(say::RECONCILED.with(view), say::RECONCILED_NOT.with(&places));
    }
}

#[then(expr = "a file that is not there yet makes no order missing, and is looked for again")]
async fn absent_is_not_empty(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            if !can_judge(&mut finding, seen, FileKind::TransactionItems) {
                return finding;
            }
            let days = sold_on(seen);
            for wish in seen.reconcile_wishes() {
                if wish.kind == FileKind::TransactionItems && days.contains(&wish.day) {
                    want_patience(&mut finding, seen, &wish, true);
                }
            }
            finding
        })
        .await;
}

#[then(expr = "what was sold at the weekend is not told as unsettled before Tuesday at 10:00")]
async fn weekend_is_waited_for(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            if !can_judge(&mut finding, seen, FileKind::SettlementItems) {
                return finding;
            }
            let settled: Vec<Day> = sold_on(seen).into_iter().map(settles_on).collect();
            let papers = seen.papers_of(FileKind::SettlementItems);
            for wish in seen.reconcile_wishes() {
                if wish.kind == FileKind::TransactionItems {
                    continue;
                }
                // A day that pays nothing out may have a file without rows, or none.
                if settled.contains(&wish.day) {
                    want_patience(&mut finding, seen, &wish, true);
                } else if !papers.iter().any(|paper| paper.day == wish.day) {
                    want_patience(&mut finding, seen, &wish, false);
                }
            }
            finding
        })
        .await;
}
