//! How soon and how often a merchant should ask and cancel, as a real clock allows.

use evidence::words as say;
use protocol::ams::Api;

use crate::seen::Exchange;
use crate::wants::polls;
use crate::{Finding, Product, Seen};

/// How many inquiries a merchant makes before it cancels.
pub(super) const POLLS: std::ops::RangeInclusive<usize> = 10..=20;

/// The plan of the official in-store SDK: nine inquiries, in milliseconds after pay or the one
/// before.
const SDK_PLAN: [i64; 9] = [2_000, 3_000, 3_000, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000];

/// How late a timer may fire, in milliseconds.
const TIMER: i64 = 500;
/// How long a client may wait for an answer, in milliseconds.
const GIVING_UP: i64 = 10_000;

/// What a real clock is accepted to do, in milliseconds.
pub(super) struct Pace {
    /// The first inquiry when nothing was answered.
    first: (i64, i64),
    /// The first inquiry after U.
    after_unknown: i64,
    /// Between inquiries, from start to start or from answer to start.
    spacing: (i64, i64),
    /// The cancel after the last inquiry.
    cancel: i64,
    /// After so many inquiries the next may wait for the end of the order.
    then_waits: usize,
}

impl Pace {
    /// The pace of a product.
    pub(super) fn of(product: Product) -> Self {
        match product {
            Product::UserPresented => Self {
                first: (4_000, 11_000),
                after_unknown: 11_000,
                spacing: (2_000, 5_000),
                cancel: 7_000,
                then_waits: usize::MAX,
            },
            Product::OrderCode | Product::EntryCode => Self {
                first: (14_000, 26_000),
                after_unknown: 26_000,
                spacing: (2_000, 7_000),
                cancel: 9_000,
                then_waits: usize::MAX,
            },
            Product::Cashier => Self {
                first: (0, 5_000),
                after_unknown: 5_000,
                spacing: (1_000, 5_000),
                cancel: 9_000,
                then_waits: *POLLS.start(),
            },
            // "Wait up to 60 s for the notice; then query", every 3 to 5 s, in three minutes.
            Product::TransactionQr => Self {
                first: (0, 67_000),
                after_unknown: 67_000,
                spacing: (2_500, 5_500),
                cancel: 6_000,
                then_waits: usize::MAX,
            },
            // No page says how often a shop asks; a minute is the reference merchant's pace.
            Product::Website => Self {
                first: (0, 67_000),
                after_unknown: 67_000,
                spacing: (1_000, 67_000),
                cancel: 67_000,
                then_waits: usize::MAX,
            },
            // 5 s of waiting and one interval; "every 3 s (implementing_apis page: 3-5 s)".
            Product::Barcode => Self {
                first: (3_000, 11_000),
                after_unknown: 6_000,
                spacing: (2_500, 5_500),
                cancel: 6_000,
                then_waits: usize::MAX,
            },
        }
    }
}

/// Wants the spacing of inquiries to fit a pace.
pub(super) fn want_spacing(finding: &mut Finding, polls: &[&Exchange], pace: &Pace) {
    for pair in polls.windows(2).take(pace.then_waits.saturating_sub(1)) {
        let from_start = pair[1].began() - pair[0].began();
        let from_answer = pair[0].answer_received.as_ref().map(|a| pair[1].began() - a.at);
        let (least, most) = pace.spacing;
        // A client may wait up to 10 s for an answer before it counts from there.
        let most = if from_answer.is_some() { most } else { most + GIVING_UP };
        let fits = |span: i64| (least..=most).contains(&span);
        // A timer of 5 s, as the official SDK has it, fires a little later than 5 s.
        let late = |span: i64| fits(span) || fits(span - TIMER);
        let holds = fits(from_start) || from_answer.is_some_and(late);
        finding.shown_by(pair[1].lines());
        want_span(finding, holds, "inquiryPayment", (least, most), "inquiryPayment", from_start);
    }
}

/// Wants one call to follow another within a span, in milliseconds; says how long it took.
pub(crate) fn want_span(
    finding: &mut Finding,
    holds: bool,
    call: &str,
    (least, most): (i64, i64),
    after: &str,
    was: i64,
) {
    finding.want(
        holds,
        say::CALL_AFTER_BETWEEN.with([call, &least.to_string(), &most.to_string(), after]),
        say::CALL_AFTER.with([call, &was.to_string(), after]),
    );
}

/// Wants 10 to 20 inquiries. The official SDK's nine at its own pace pass with a note.
pub(super) fn want_count(finding: &mut Finding, pay: &Exchange, polls: &[&Exchange]) {
    if polls.len() == SDK_PLAN.len() {
        let mut before = pay.answer_received.as_ref().map_or(pay.began(), |answer| answer.at);
        let by_the_plan = polls.iter().zip(SDK_PLAN).all(|(poll, wait)| {
            let waited = poll.began() - before;
            before = poll.answer_received.as_ref().map_or(poll.began(), |answer| answer.at);
            (wait - 500..=wait + 6_000).contains(&waited)
        });
        if by_the_plan {
            return finding.note(say::NOTE_SDK_PLAN.plain());
        }
    }
    let count = polls.len().to_string();
    finding.want(
        POLLS.contains(&polls.len()),
        say::CALLS_BETWEEN.with(["inquiryPayment", "10", "20"]),
        say::CALLS_COUNT.with(["inquiryPayment", &count]),
    );
}

/// Wants the first inquiry after pay to come when a pace asks for it.
pub(super) fn want_first_poll(finding: &mut Finding, seen: &Seen, pay: &Exchange, pace: &Pace) {
    let Some(first) = polls(seen).into_iter().next() else {
        let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
        return finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
    };
    finding.shown_by(first.lines());
    let waited = first.began() - pay.began();
    let least = if pay.result().is_some() { 0 } else { pace.first.0 };
    let most = if pay.result().is_some() { pace.after_unknown } else { pace.first.1 };
    let holds = (least..=most).contains(&waited);
    want_span(finding, holds, "inquiryPayment", (least, most), "pay", waited);
}

/// Wants the call after the last inquiry to be the cancel of the same payment, in time.
pub(super) fn want_cancel_after_polls(finding: &mut Finding, seen: &Seen) {
    let ids = seen.order().map(|order| seen.ids_of(order)).unwrap_or_default();
    let Some(last) = polls(seen).into_iter().last() else {
        let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
        return finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
    };
    finding.shown_by(last.lines());
    let next = seen.calls().find(|call| call.line() > last.line());
    let Some(next) = next else {
        let none = say::NEXT_CALL_NONE.plain();
        return finding.fail(say::NEXT_CALL_IS.with(["cancel"]), none);
    };
    finding.shown_by(next.lines());
    let about = next.request_id();
    let same = about.is_some_and(|id| ids.contains(&id));
    let name = next.api.map_or("?", Api::name);
    finding.want(
        next.api == Some(Api::Cancel) && same,
        say::NEXT_CALL_IS.with(["cancel"]),
        say::NEXT_CALL_IS.with([name]),
    );
    let waited = next.began() - last.began();
    let waits = if last.answer_received.is_some() { 0 } else { GIVING_UP };
    let most = Pace::of(seen.product).cancel + waits;
    want_span(finding, waited <= most, "cancel", (0, most), "inquiryPayment", waited);
}

/// Wants the first inquiry to come when the product's pace asks for it, counted from the moment at
/// which the merchant had a code or a link to offer.
pub(super) fn want_first_after_offer(finding: &mut Finding, seen: &Seen, pay: &Exchange) {
    let pace = Pace::of(seen.product);
    let shown = pay.answer_received.as_ref().map_or(pay.began(), |answer| answer.at);
    let Some(first) = polls(seen).into_iter().next() else {
        let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
        return finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
    };
    finding.shown_by(first.lines());
    let waited = first.began() - shown;
    let holds = (pace.first.0..=pace.first.1).contains(&waited);
    want_span(finding, holds, "inquiryPayment", pace.first, "offer", waited);
}
