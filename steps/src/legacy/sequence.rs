//! Checks of what follows what, at the pace that the older generation documents.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus};

use crate::payment::{changed_field, want_span};
use crate::seen::{Answer, Exchange};
use crate::wants::{cancels, first_pay, no_calls, polls};
use crate::{Finding, Seen, Stage};

/// How late a timer of a real clock may be, in milliseconds.
const LATE: i64 = 500;
/// "every 3 s (the page of `implementing_apis`: 3-5 s)", from start to start.
const SPACING: (i64, i64) = (3_000 - LATE, 5_000 + LATE);
/// An unanswered query comes again after 3 to 6 s and counts for nothing.
const AGAIN: (i64, i64) = (3_000 - LATE, 6_000 + LATE);
/// The cancel comes at most 5 s after the last query.
const CANCEL: i64 = 5_000 + 2 * LATE;
/// Answered queries before the cancel: "10-20 times".
const ANSWERED: std::ops::RangeInclusive<usize> = 10..=20;

/// Whether the order was ever shown in a state.
fn was(seen: &Seen, state: OrderState) -> bool {
    seen.order().is_some_and(|order| seen.first_in(order, state).is_some())
}

fn is_answered(poll: &Exchange) -> bool {
    poll.believable().is_some()
}

/// Wants queries to keep the documented pace.
fn want_pace(finding: &mut Finding, polls: &[&Exchange]) {
    for pair in polls.windows(2) {
        let waited = pair[1].began() - pair[0].began();
        let (least, most) = if is_answered(pair[0]) { SPACING } else { AGAIN };
        finding.shown_by(pair[1].lines());
        let holds = (least..=most).contains(&waited);
        want_span(finding, holds, "inquiryPayment", (least, most), "inquiryPayment", waited);
    }
}

/// Wants the first query at most so many milliseconds after a moment.
pub(super) fn want_first(finding: &mut Finding, seen: &Seen, from: i64, most: i64) {
    let Some(first) = polls(seen).into_iter().next() else {
        let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
        return finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
    };
    finding.shown_by(first.lines());
    let waited = first.began() - from;
    want_span(finding, (0..=most).contains(&waited), "inquiryPayment", (0, most), "pay", waited);
}

#[then(expr = "the first query comes at most 5 s after UNKNOW, and then one every 3 to 5 s")]
async fn pace_after_unknow(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            if polls(seen).is_empty() && was(seen, OrderState::Paid) {
                // Who takes the order for paid asks no more; the check of its state is about that.
                return finding;
            }
            let told = pay.answer_received.as_ref().map_or(pay.began(), |answer| answer.at);
            want_first(&mut finding, seen, told, SPACING.1);
            want_pace(&mut finding, &polls(seen));
            finding
        })
        .await;
}

#[then(expr = "no query and no cancel follow the final status")]
async fn nothing_after_the_end(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            let polls = polls(seen);
            let is_final = |poll: &&&Exchange| {
                let status = poll.believable().and_then(Answer::payment_status);
                matches!(status, Some(PaymentStatus::Success | PaymentStatus::Fail))
            };
            let Some(last) = polls.iter().find(is_final) else {
                finding
                    .fail(say::INQUIRY_SAYS.with(["TRADE_SUCCESS"]), say::INQUIRY_SILENT.plain());
                return finding;
            };
            finding.shown_by(last.lines());
            let cancels = cancels(seen);
            let after = polls.iter().chain(&cancels).filter(|call| call.line() > last.line());
            if let Some(call) = after.min_by_key(|call| call.line()) {
                finding.shown_by(call.lines());
                let name = call.api.map_or("", Api::name);
                finding.fail_for_good(say::NEXT_CALL_NONE.plain(), say::NEXT_CALL_IS.with([name]));
            }
            finding
        })
        .await;
}

#[then(
    expr = "10 to 20 answered queries, 3 to 5 s apart, and then the cancel of the same number, at most 5 s after the last"
)]
async fn queries_then_cancel(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let polls = polls(seen);
            let answered = polls.iter().filter(|poll| is_answered(poll)).count();
            finding.shown_by(polls.iter().map(|poll| poll.line()));
            finding.want(
                ANSWERED.contains(&answered),
                say::CALLS_BETWEEN.with(["inquiryPayment", "10", "20"]),
                say::CALLS_COUNT.with(["inquiryPayment", &answered.to_string()]),
            );
            want_pace(&mut finding, &polls);
            want_cancel_after(&mut finding, seen, polls.last().copied().unwrap_or(pay));
            finding
        })
        .await;
}

/// Wants the call after a call to be the cancel of the order's own number, in time.
fn want_cancel_after(finding: &mut Finding, seen: &Seen, last: &Exchange) {
    let next = seen.calls().find(|call| call.line() > last.line());
    let Some(next) = next else {
        let none = say::NEXT_CALL_NONE.plain();
        return finding.fail(say::NEXT_CALL_IS.with(["cancel"]), none);
    };
    finding.shown_by(next.lines());
    let same = next.request_id().is_some() && next.request_id() == last.request_id();
    finding.want(
        next.api == Some(Api::Cancel) && same,
        say::NEXT_CALL_IS.with(["cancel"]),
        say::NEXT_CALL_IS.with([next.api.map_or("?", Api::name)]),
    );
    let waited = next.began() - last.began();
    want_span(finding, waited <= CANCEL, "cancel", (0, CANCEL), "inquiryPayment", waited);
}

#[then(
    expr = "the next call, at most 5 s later, is a query for the number, or the payment with every parameter unchanged"
)]
async fn asks_or_repeats(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let answered = pay.answer_received.as_ref().map_or(pay.began(), |answer| answer.at);
            want_asking(&mut finding, seen, pay, (answered, 5_000));
            finding
        })
        .await;
}

#[then(
    expr = "at most 10 s after the payment was sent comes a query for the number, or the payment with every parameter unchanged"
)]
async fn asks_in_time(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let over = was(seen, OrderState::Failed) || was(seen, OrderState::Cancelled);
            if over && seen.calls().all(|call| call.line() <= pay.line()) {
                // Who takes the order for over asks no more; the check of its state is about that.
                return finding;
            }
            want_asking(&mut finding, seen, pay, (pay.began(), 10_000));
            finding
        })
        .await;
}

/// Wants the call after a payment to ask about it or to repeat it, at most so many milliseconds
/// after a moment.
fn want_asking(finding: &mut Finding, seen: &Seen, pay: &Exchange, (from, most): (i64, i64)) {
    let wanted = "inquiryPayment / pay";
    let Some(next) = seen.calls().find(|call| call.line() > pay.line()) else {
        let none = say::NEXT_CALL_NONE.plain();
        return finding.fail(say::NEXT_CALL_IS.with([wanted]), none);
    };
    finding.shown_by(next.lines());
    let asks = next.api == Some(Api::InquiryPayment) && next.request_id() == pay.request_id();
    let repeats = next.api == Some(Api::Pay) && changed_field(pay, next).is_none();
    let name = next.api.map_or("?", Api::name);
    finding.want(
        asks || repeats,
        say::NEXT_CALL_IS.with([wanted]),
        say::NEXT_CALL_IS.with([format!("{name} {}", next.request_id().unwrap_or_default())]),
    );
    let (span, most) = (next.began() - from, most + 2 * LATE);
    want_span(finding, span <= most, name, (0, most), "pay", span);
}

#[then(
    expr = "on that answer the payment goes out again with every parameter unchanged, or its number is cancelled"
)]
async fn repeats_or_cancels(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let unknown = |poll: &&Exchange| poll.believable().is_some_and(Answer::knows_no_order);
            let Some(asked) = polls(seen).into_iter().find(unknown) else {
                // Who never heard it has nothing to do on it.
                return finding;
            };
            finding.shown_by(asked.lines());
            let wanted = say::NEXT_CALL_IS.with(["pay / cancel"]);
            let mut later = seen.calls().filter(|call| call.line() > asked.line());
            let Some(next) = later.find(|call| call.api != Some(Api::InquiryPayment)) else {
                finding.fail(wanted, say::NEXT_CALL_NONE.plain());
                return finding;
            };
            finding.shown_by(next.lines());
            let repeats = next.api == Some(Api::Pay) && changed_field(pay, next).is_none();
            let cancels = next.api == Some(Api::Cancel) && next.request_id() == pay.request_id();
            let name = next.api.map_or("?", Api::name);
            let was = say::NEXT_CALL_IS
                .with([format!("{name} {}", next.request_id().unwrap_or_default())]);
            finding.want(repeats || cancels, wanted, was);
            finding
        })
        .await;
}

#[then(expr = "an unanswered query is sent again unchanged 3 to 6 s later, and decides nothing")]
async fn silence_is_asked_again(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let polls = polls(seen);
            if polls.is_empty() {
                let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
                finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
            }
            for poll in polls.into_iter().filter(|poll| !is_answered(poll)) {
                finding.shown_by(poll.lines());
                let wanted = say::NEXT_CALL_IS.with(["inquiryPayment"]);
                let Some(next) = seen.calls().find(|call| call.line() > poll.line()) else {
                    finding.fail(wanted, say::NEXT_CALL_NONE.plain());
                    continue;
                };
                finding.shown_by(next.lines());
                let same = next.api == poll.api && poll.changed_parameter(next).is_none();
                let name = next.api.map_or("?", Api::name);
                finding.want(same, wanted, say::NEXT_CALL_IS.with([name]));
                let span = next.began() - poll.began();
                let holds = (AGAIN.0..=AGAIN.1).contains(&span);
                want_span(&mut finding, holds, name, AGAIN, "inquiryPayment", span);
                let shown = seen.reading_at(order, next.line());
                let was = shown.map_or("—", |reading| reading.view.till.name());
                let waiting = OrderState::Waiting.name();
                finding.want(
                    was == waiting,
                    say::ORDER_IS.with([order, waiting]),
                    say::ORDER_IS.with([order, was]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "at least 10 answered queries stand before the cancel")]
async fn silence_is_not_counted(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(cancel) = cancels(seen).into_iter().next() else {
                finding.fail(say::CALL_SEEN.with(["cancel"]), say::CALL_NOT_SEEN.with(["cancel"]));
                return finding;
            };
            finding.shown_by(cancel.lines());
            let before = polls(seen).into_iter().filter(|poll| poll.line() < cancel.line());
            let answered = before.filter(|poll| is_answered(poll)).count();
            let least = *ANSWERED.start();
            finding.want_for_good(
                answered >= least,
                say::CALLS_AT_LEAST.with(["inquiryPayment", &least.to_string()]),
                say::CALLS_COUNT.with(["inquiryPayment", &answered.to_string()]),
            );
            finding
        })
        .await;
}

#[then(expr = "no refund of the order is asked for")]
async fn no_refund(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            no_calls(&mut finding, &seen.calls_of(Api::Refund), "refund");
            finding
        })
        .await;
}

#[then(expr = "it counts as no answer: the next call is a query, and the cancel comes later")]
async fn forged_counts_for_nothing(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            let forged = polls(seen).into_iter().find(|poll| !poll.faults.is_empty());
            let Some(forged) = forged else {
                let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
                finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
                return finding;
            };
            finding.shown_by(forged.lines());
            let wanted = say::NEXT_CALL_IS.with(["inquiryPayment"]);
            let Some(next) = seen.calls().find(|call| call.line() > forged.line()) else {
                finding.fail(wanted, say::NEXT_CALL_NONE.plain());
                return finding;
            };
            finding.shown_by(next.lines());
            let asks = next.api == forged.api && next.request_id() == forged.request_id();
            let name = next.api.map_or("?", Api::name);
            finding.want(asks, wanted, say::NEXT_CALL_IS.with([name]));
            let later = cancels(seen).into_iter().any(|cancel| cancel.line() > next.line());
            finding.want(
                later,
                say::CALL_SEEN.with(["cancel"]),
                say::CALL_NOT_SEEN.with(["cancel"]),
            );
            finding
        })
        .await;
}
