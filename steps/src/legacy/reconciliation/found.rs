//! Checks of what the merchant makes of the older generation's files.

use cucumber::then;
use evidence::words as say;
use evidence::{Difference, DifferenceKind, OrderState, ReconciliationState, ReconciliationView};
use protocol::ams::Api;
use protocol::ams::reconciliation::FileKind;

use super::paper::{Sort, is_of, newest};
use super::rows::want_true_transactions;
use super::settled::want_true_settlement;
use super::situation::orders_left;
use crate::reconciliation::alter::Wanted;
use crate::reconciliation::found::{
    answer, can_judge, in_words, last, listed, told, want_clean, want_files, want_told,
};
use crate::reconciliation::reports::{DELIVERED, Wish};
use crate::seen::Reading;
use crate::{Finding, Seen, Stage};

/// What is wrong with the files of a kind as the gateway wrote them.
pub(crate) fn as_written(seen: &Seen, kind: FileKind) -> Finding {
    let mut finding = Finding::new();
    match kind {
        FileKind::TransactionItems => want_true_transactions(&mut finding, seen),
        FileKind::SettlementItems | FileKind::SettlementSummary => {
            want_true_settlement(&mut finding, seen);
        }
    }
    finding
}

/// The files that lay there for a day, or were downloaded, by name and digest.
pub(crate) fn lying(seen: &Seen, reading: &Reading<ReconciliationView>) -> Vec<(String, String)> {
    let view = &reading.view;
    if seen.downloads() {
        return downloaded(seen, reading);
    }
    let mut files = seen.delivered(view.kind, reading.line);
    files.retain(|(path, _)| is_of(path, view));
    files
}

/// What the merchant had got from its last download before a reading.
fn downloaded(seen: &Seen, reading: &Reading<ReconciliationView>) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = vec![];
    for call in seen.calls().filter(|call| super::paper::brought(call.service()).is_some()) {
        let kind = super::paper::brought(call.service());
        let Some(got) = call.answer_received.as_ref() else { continue };
        if kind == Some(reading.view.kind) && got.line < reading.line {
            files = vec![(call.name().to_owned(), signing::sha256_hex(&got.blob.body))];
        }
    }
    files
}

/// How many rows the gateway wrote of what was compared.
pub(crate) fn rows(seen: &Seen, view: &ReconciliationView) -> u64 {
    let papers = newest(seen.papers_of(view.kind)).into_iter();
    let of_day = papers.filter(|paper| paper.day == view.day && paper.sort != Sort::Batches);
    of_day.map(|paper| paper.table().rows.len() as u64).sum()
}

/// The first wish, what came of it before the next, and whether that can be judged.
fn first<'a>(seen: &'a Seen, finding: &mut Finding) -> Option<&'a Reading<ReconciliationView>> {
    let wishes = seen.reconcile_wishes();
    let Some((wish, rest)) = wishes.split_first() else {
        finding.cannot_judge(say::CANNOT_JUDGE.plain());
        return None;
    };
    if !can_judge(finding, seen, wish.kind) {
        return None;
    }
    let before = rest.first().map_or(u32::MAX, |next| next.line);
    answer(seen, finding, wish, before)
}

#[then(expr = "every row is matched, and the merchant finds no difference")]
async fn every_row_matched(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            if let Some(reading) = first(seen, &mut finding) {
                want_clean(&mut finding, seen, reading);
            }
            finding
        })
        .await;
}

#[then(expr = "the file with two columns more gives the same result, since columns have names")]
async fn same_by_name(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(before) = first(seen, &mut finding) else { return finding };
            let Some((_, after)) = last(seen, &mut finding) else { return finding };
            let same = |view: &ReconciliationView| (view.state, view.matched);
            let holds = same(&before.view) == same(&after.view)
                && after.view.differences.len() == before.view.differences.len();
            finding.want(holds, told(&before.view), told(&after.view));
            want_files(&mut finding, seen, after);
            finding
        })
        .await;
}

/// Wants what was altered to be told, and nothing of any other row. That a list of batches no longer
/// has the sum of its rows is a consequence, which may be told too.
fn want_altered_row(finding: &mut Finding, seen: &Seen, view: &ReconciliationView) {
    let wanted = seen.altered(view.kind).wanted;
    let batches = seen.papers_of(view.kind).iter().any(|paper| paper.sort == Sort::Batches);
    let follows = |told: &&Difference| batches && told.kind == DifferenceKind::Total;
    let told = view.differences.iter();
    let told: Vec<_> = told.filter(|told| wanted.is_empty() || !follows(told)).collect();
    let holds = told.len() == wanted.len()
        && wanted.iter().all(|one| told.iter().any(|difference| one.fits(difference)));
    let ours: Vec<_> = wanted.iter().map(Wanted::in_words).collect();
    let theirs: Vec<_> = told.into_iter().map(in_words).collect();
    finding.want(
        holds,
        say::DIFFERENCES_ARE.holding([listed(&ours)]),
        say::DIFFERENCES_ARE.holding([listed(&theirs)]),
    );
    let state = if wanted.is_empty() {
        ReconciliationState::Clean
    } else {
        ReconciliationState::Differences
    };
    let agree = seen.altered(view.kind).agree;
    let count = view.differences.len();
    want_told(finding, view, state, count, agree);
}

#[then(expr = "the row that was altered is reported, and no other")]
async fn altered_row(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            if let Some((_, reading)) = last(seen, &mut finding) {
                want_altered_row(&mut finding, seen, &reading.view);
                want_files(&mut finding, seen, reading);
            }
            finding
        })
        .await;
}

/// Wants no transaction to be told as lacking, or as nobody's.
fn want_nothing_missing(finding: &mut Finding, view: &ReconciliationView) {
    let missing = |kind| matches!(kind, DifferenceKind::Missing | DifferenceKind::Extra);
    let told = view.differences.iter().filter(|difference| missing(difference.kind));
    let told: Vec<_> = told.map(in_words).collect();
    let wanted: [&str; 0] = [];
    finding.want(
        told.is_empty(),
        say::DIFFERENCES_ARE.holding([listed(&wanted)]),
        say::DIFFERENCES_ARE.holding([listed(&told)]),
    );
}

/// Wants a reading to be in a state, and to tell nothing as lacking.
pub(super) fn want_no_verdict(
    finding: &mut Finding,
    view: &ReconciliationView,
    states: &[ReconciliationState],
) {
    let [state, ..] = states else { return };
    let wanted =
        say::RECONCILED.with([view.kind.prefix(), &view.day.to_string(), state.name(), "…", "…"]);
    finding.want(states.contains(&view.state), wanted, told(view));
    want_nothing_missing(finding, view);
}

/// What the merchant told of a wish before the file was delivered once more.
fn before_the_whole<'a>(seen: &'a Seen, wish: &Wish) -> Option<&'a Reading<ReconciliationView>> {
    let deliveries = seen.acts_of(DELIVERED).into_iter();
    let again = deliveries.map(|act| act.line).find(|line| *line > wish.line);
    seen.reconciled(wish, again.unwrap_or(u32::MAX))
}

#[then(expr = "the file is refused as a whole, with the reason, and no order is told as missing")]
async fn refused_as_a_whole(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(wish) = seen.reconcile_wishes().pop() else {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
                return finding;
            };
            if !can_judge(&mut finding, seen, wish.kind) {
                return finding;
            }
            let places = [wish.kind.prefix().to_owned(), wish.day.to_string()];
            let Some(reading) = before_the_whole(seen, &wish) else {
                let view = [&*places[0], &*places[1], "incomplete", "…", "…"];
                finding.fail(say::RECONCILED.with(view), say::RECONCILED_NOT.with(&places));
                return finding;
            };
            finding.shown_by([wish.line, reading.line]);
            let view = &reading.view;
            want_no_verdict(&mut finding, view, &[ReconciliationState::Incomplete]);
            let reasons: Vec<_> = view.differences.iter().map(in_words).collect();
            finding.want(
                !reasons.is_empty(),
                say::DIFFERENCES_ARE.with(["…"]),
                say::DIFFERENCES_ARE.holding([listed(&reasons)]),
            );
            want_files(&mut finding, seen, reading);
            finding
        })
        .await;
}

#[then(expr = "an order that was left to a person is with a person, or paid after a query")]
async fn stays_with_a_person(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for order in orders_left(seen) {
                let Some(end) = seen.end_of(&order) else {
                    finding.fail(
                        say::AGREES_WITH_CLOSING.with([&*order, "for-staff / paid"]),
                        say::ORDER_UNREAD.with([&order]),
                    );
                    continue;
                };
                finding.shown_by([end.line]);
                let is = |state| end.view.till == state && end.view.back_office == state;
                let told = seen.reconciliations.first().map_or(u32::MAX, |reading| reading.line);
                let ids = seen.ids_of(&order);
                let asked = seen.calls_of(Api::InquiryPayment).into_iter().any(|call| {
                    call.line() > told && call.request_id().is_some_and(|id| ids.contains(&id))
                });
                let holds = is(OrderState::ForStaff) || (is(OrderState::Paid) && asked);
                let states = format!("{} / {}", end.view.till.name(), end.view.back_office.name());
                let paid = end.view.paid.map_or_else(|| "—".to_owned(), |paid| paid.to_string());
                let bookings = end.view.bookings.len().to_string();
                finding.want(
                    holds,
                    say::AGREES_WITH_CLOSING.with([&*order, "for-staff / paid"]),
                    say::ORDER_ENDS.with([&order, &states, &paid, &bookings]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the merchant finds the same rows whatever the form, and no more")]
async fn same_rows(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some((wish, reading)) = last(seen, &mut finding) else { return finding };
            let (altered, view) = (seen.altered(wish.kind), &reading.view);
            let count = altered.wanted.len();
            want_told(&mut finding, view, ReconciliationState::Differences, count, altered.agree);
            let read = view.files.iter().map(|file| file.rows).sum::<u64>();
            let wanted = altered.agree + count as u64;
            let name = wish.kind.prefix();
            finding.want(
                read == wanted,
                say::REPORT_ROWS.with([name, &wanted.to_string()]),
                say::REPORT_ROWS.with([name, &read.to_string()]),
            );
            want_files(&mut finding, seen, reading);
            finding
        })
        .await;
}

#[then(expr = "what only a reader of the right encoding can read is told as it is written")]
async fn readable(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some((wish, reading)) = last(seen, &mut finding) else { return finding };
            let wanted: Vec<String> =
                seen.altered(wish.kind).wanted.into_iter().map(|wanted| wanted.id).collect();
            let told = reading.view.differences.iter().filter_map(|told| told.id.clone());
            let told: Vec<String> = told.collect();
            finding.want(
                told == wanted,
                say::DIFFERENCES_ARE.holding([listed(&wanted)]),
                say::DIFFERENCES_ARE.holding([listed(&told)]),
            );
            finding
        })
        .await;
}
