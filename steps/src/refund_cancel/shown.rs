//! Checks of what the merchant's books show of refunds and of orders whose money went back.

use cucumber::then;
use evidence::words as say;
use evidence::{OrderState, RefundState};
use protocol::Amount;
use protocol::ams::Status;

use super::parameters::Back;
use crate::parameters::Price;
use crate::wants::{
    end, price, want_end, want_never_paid, want_offer_ended, want_paid, want_refunded,
    want_refunds_proved, want_slip,
};
use crate::{Finding, Seen, Stage};

#[then(expr = "the order shows {price} as refunded, once")]
async fn refunded_once(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_refunded(&mut finding, seen, &[price.0]);
            finding
        })
        .await;
}

#[then(expr = "the order shows {price} as refunded, then {price}, then {price}")]
async fn refunded_step_by_step(stage: &mut Stage, first: Price, second: Price, third: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let mut totals: Vec<Amount> = vec![];
            for reading in seen.readings_of(order) {
                let total = reading.view.refunded;
                if let Some(total) = total.filter(|total| totals.last() != Some(total)) {
                    finding.shown_by([reading.line]);
                    totals.push(total);
                }
            }
            let wanted = [first.0, second.0, third.0];
            finding.want(
                totals == wanted,
                say::ORDER_REFUNDED.with([order, &crate::wants::list(&wanted)]),
                say::ORDER_REFUNDED.with([order, &crate::wants::list(&totals)]),
            );
            want_refunded(&mut finding, seen, &crate::wants::wishes(seen));
            finding
        })
        .await;
}

#[then(expr = "no refused refund is shown as done, and the refunded total is the gateway's")]
async fn totals_agree(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let mut done = vec![];
            for refund in seen.refunds_of(seen.order().unwrap_or_default()) {
                let accepted = refund.told().is_some_and(|(status, _)| status == Status::S);
                done.extend(refund.refund_amount().filter(|_| accepted));
            }
            want_refunded(&mut finding, seen, &done);
            finding
        })
        .await;
}

#[then(expr = "the merchant shows the refund as refused, and the order keeps its state")]
async fn refused_and_kept(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            // A payment that nobody knows is no order of the merchant's.
            let Some(order) = seen.order() else { return finding };
            want_slip(&mut finding, seen, RefundState::Refused);
            let pressed = seen.presses(order).last().map_or(0, |act| act.line);
            let before = seen.reading_at(order, pressed).map(|reading| reading.view.till);
            let after = seen.readings_of(order).into_iter().find(|it| it.line > pressed);
            let (before, after) = (before, after.map(|reading| reading.view.till));
            let name = |state: Option<OrderState>| state.map_or("—", OrderState::name);
            finding.want(
                before == after,
                say::ORDER_KEEPS.with([order, name(before)]),
                say::ORDER_IS.with([order, name(after)]),
            );
            finding
        })
        .await;
}

#[then(expr = "the refund is pending until its end is known, and then {price} is refunded, once")]
async fn pending_then_done(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_refunds_proved(&mut finding, seen);
            want_refunded(&mut finding, seen, &[price.0]);
            finding
        })
        .await;
}

#[then(
    expr = "the refund is pending while it takes its time, and then the books say that it {word}"
)]
async fn pending_then(stage: &mut Stage, ending: String) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_refunds_proved(&mut finding, seen);
            if ending == "succeeds" {
                want_slip(&mut finding, seen, RefundState::Refunded);
                want_refunded(&mut finding, seen, &crate::wants::wishes(seen));
            } else {
                want_slip(&mut finding, seen, RefundState::Refused);
                want_refunded(&mut finding, seen, &[]);
            }
            finding
        })
        .await;
}

#[then(expr = "the refund is refused, and the order still paid")]
async fn refused_still_paid(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_slip(&mut finding, seen, RefundState::Refused);
            want_refunded(&mut finding, seen, &[]);
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "nothing is shown as refunded or cancelled on the strength of it")]
async fn nothing_on_its_strength(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_refunds_proved(&mut finding, seen);
            want_cancel_proved(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants the order never to have been shown as cancelled before a genuine answer or notice told so.
pub(crate) fn want_cancel_proved(finding: &mut Finding, seen: &Seen) {
    let order = seen.order().unwrap_or_default();
    let confirmed = seen
        .cancels_of(order)
        .into_iter()
        .filter_map(|cancel| cancel.believable().filter(|_| cancel.result() == Some(Status::S)));
    let confirmed = confirmed.map(|answer| answer.line).chain(seen.told_closed(order));
    let confirmed = confirmed.min().unwrap_or(u32::MAX);
    let early = seen.readings_of(order).into_iter().find(|reading| {
        let view = &reading.view;
        let cancelled =
            view.till == OrderState::Cancelled || view.back_office == OrderState::Cancelled;
        cancelled && reading.line < confirmed
    });
    if let Some(reading) = early {
        finding.shown_by([reading.line]);
        finding.fail_for_good(
            say::ORDER_CHANGES_PROVED.with([order, "cancelled"]),
            say::ORDER_CHANGED_UNPROVED.with([order, "cancelled"]),
        );
    }
}

#[then(expr = "the order is cancelled")]
async fn is_cancelled(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            finding
        })
        .await;
}

#[then(expr = "the order is cancelled, and nothing is left to deliver")]
async fn cancelled_nothing_left(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            want_nothing_booked(&mut finding, seen);
            want_offer_ended(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants nothing to be booked for the order at the end.
fn want_nothing_booked(finding: &mut Finding, seen: &Seen) {
    let Some(reading) = end(seen, finding) else { return };
    let view = &reading.view;
    let sum = view.paid.map_or_else(|| "—".to_owned(), |paid| paid.to_string());
    let count = view.bookings.len().to_string();
    finding.want(
        view.bookings.is_empty() && view.paid.is_none(),
        say::ORDER_BOOKED.with([view.order.as_str(), "0", "—"]),
        say::ORDER_BOOKED.with([view.order.as_str(), &count, &sum]),
    );
}

#[then(expr = "the books show the order {back-as}")]
async fn money_is_back(stage: &mut Stage, back: Back) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            match back {
                Back::Cancelled => {
                    want_end(&mut finding, seen, &[OrderState::Cancelled]);
                    want_nothing_booked(&mut finding, seen);
                }
                Back::Refunded => want_refunded(&mut finding, seen, &price(seen)),
            }
            finding
        })
        .await;
}

#[then(expr = "the order is cancelled only after the confirmation")]
async fn cancelled_after_confirmation(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_cancel_proved(&mut finding, seen);
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            want_nothing_booked(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order is in the hands of a person who is called, neither cancelled nor paid")]
async fn person_is_called(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_cancel_proved(&mut finding, seen);
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::ForStaff]);
            let Some(reading) = end(seen, &mut finding) else { return finding };
            let order = reading.view.order.as_str();
            finding.want(reading.view.alarm, say::ALARM.with([order]), say::NO_ALARM.with([order]));
            finding
        })
        .await;
}

#[then(expr = "the order is cancelled like the gateway's, and never delivered after that")]
async fn cancelled_like_the_gateway(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let confirmed = seen.cancels_of(order).into_iter().filter_map(|cancel| {
                cancel.believable().filter(|_| cancel.result() == Some(Status::S))
            });
            let confirmed = confirmed.map(|answer| answer.line).min().unwrap_or(0);
            // The reading that follows a message tells what was made of it.
            let after = seen.readings_of(order).into_iter().find(|it| it.line > confirmed);
            let from = after.map_or(confirmed, |reading| reading.line);
            want_never_paid(&mut finding, seen, from, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            want_nothing_booked(&mut finding, seen);
            finding
        })
        .await;
}
