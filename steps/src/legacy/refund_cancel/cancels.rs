//! Checks of cancels: what they name, what they are answered, and what the books make of it.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::Day;
use protocol::ams::{Api, Status};

use super::parameters::CancelEnd;
use super::returns::TRIES;
use crate::legacy::content::want_trade;
use crate::legacy::{is_fresh, want_parameter, want_told, want_value};
use crate::refund_cancel::{Back, cancels_of, want_cancel_proved};
use crate::seen::Exchange;
use crate::wants::want_late_approval_refused;
use crate::wants::{
    cancels, end, ids, no_calls, price, want_credits, want_debits, want_end, want_refunded,
    want_refusal, want_result,
};
use crate::{Finding, Seen, Stage};

/// The order's first cancel, or a finding that there is none.
fn first_cancel<'a>(seen: &'a Seen, finding: &mut Finding) -> Option<&'a Exchange> {
    let first = seen.calls_of(Api::Cancel).into_iter().next();
    match first {
        Some(cancel) => finding.shown_by(cancel.lines()),
        None => {
            finding.fail(say::CALL_SEEN.with(["cancel"]), say::CALL_NOT_SEEN.with(["cancel"]));
        }
    }
    first
}

#[then(expr = "the cancel names the number of the payment, with a fresh timestamp")]
async fn names_number(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(cancel) = first_cancel(seen, &mut finding) else { return finding };
            want_value(&mut finding, cancel, "service", "alipay.acquire.cancel");
            let number = ids(seen).pop().unwrap_or_default();
            want_value(&mut finding, cancel, "out_trade_no", &number);
            let at = cancel.began();
            want_parameter(&mut finding, cancel, "timestamp", "fresh", |text| {
                is_fresh(seen, text, at)
            });
            finding
        })
        .await;
}

#[then(
    expr = "every cancel is answered SUCCESS, the first with action=refund, the query says TRADE_CLOSED, and the whole amount is back, once"
)]
async fn cancelled_and_back(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(first) = first_cancel(seen, &mut finding) else { return finding };
            for cancel in seen.at_gateway().filter(|call| call.api == Some(Api::Cancel)) {
                want_result(&mut finding, cancel, cancel.name(), Status::S, &["SUCCESS"]);
            }
            want_told(&mut finding, first, "action", "refund");
            want_trade(&mut finding, seen, "TRADE_CLOSED");
            want_credits(&mut finding, seen, &price(seen));
            finding
        })
        .await;
}

#[then(expr = "the order is cancelled, and the whole amount is booked as returned")]
async fn cancelled_and_booked(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            want_returned(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants the books to have the whole price as returned, or nothing any more as paid.
fn want_returned(finding: &mut Finding, seen: &Seen) {
    let Some(reading) = end(seen, finding) else { return };
    let view = &reading.view;
    let undone = view.bookings.is_empty() && view.paid.is_none() && view.refunded.is_none();
    let back: Vec<_> = view.refunded.into_iter().collect();
    finding.want(
        undone || back == price(seen),
        say::ORDER_REFUNDED.with([view.order.as_str(), &crate::wants::list(&price(seen))]),
        say::ORDER_REFUNDED.with([view.order.as_str(), &crate::wants::list(&back)]),
    );
}

#[then(
    expr = "the cancel answers SUCCESS, action=close, the query says TRADE_CLOSED, and the late approval is refused"
)]
async fn closed_for_good(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(cancel) = first_cancel(seen, &mut finding) else { return finding };
            want_result(&mut finding, cancel, cancel.name(), Status::S, &["SUCCESS"]);
            want_told(&mut finding, cancel, "action", "close");
            want_trade(&mut finding, seen, "TRADE_CLOSED");
            want_late_approval_refused(&mut finding, seen);
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the order is cancelled, and nothing is booked as returned")]
async fn cancelled_nothing_returned(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            let Some(reading) = end(seen, &mut finding) else { return finding };
            let view = &reading.view;
            let back: Vec<_> = view.refunded.into_iter().collect();
            finding.want(
                back.is_empty(),
                say::ORDER_REFUNDED.with([view.order.as_str(), "—"]),
                say::ORDER_REFUNDED.with([view.order.as_str(), &crate::wants::list(&back)]),
            );
            finding
        })
        .await;
}

#[then(expr = "the cancel answers SUCCESS, and no trade comes into being")]
async fn nothing_comes(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(cancel) = first_cancel(seen, &mut finding) else { return finding };
            want_result(&mut finding, cancel, cancel.name(), Status::S, &["SUCCESS"]);
            for number in ids(seen) {
                let answer = seen.closing(&number).and_then(|call| call.answer_sent.as_ref());
                finding.shown_by(answer.map(|answer| answer.line));
                let code = answer.and_then(|answer| answer.outcome.as_ref());
                let code = code.map_or("—", |told| told.code.as_str());
                finding.want(
                    answer.is_some_and(crate::seen::Answer::knows_no_order),
                    say::INQUIRY_SAYS.with(["TRADE_NOT_EXIST"]),
                    say::INQUIRY_SAYS.with([code]),
                );
            }
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "one definite answer suffices: the cancel is not repeated")]
async fn not_repeated(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_cancel(seen, &mut finding);
            let sent = cancels(seen);
            let definite = sent.iter().position(|it| it.result().is_some_and(is_definite));
            let after = definite.map_or(&[][..], |place| &sent[place + 1..]);
            no_calls(&mut finding, after, "cancel");
            finding
        })
        .await;
}

fn is_definite(status: Status) -> bool {
    status != Status::U
}

/// Whether a cancel came to the gateway while the order's payment could still be cancelled.
fn in_time(seen: &Seen, cancel: &Exchange) -> bool {
    let paid = seen.wallet.as_ref().and_then(|all| all.debits.first()).map(|debit| debit.at);
    let came = cancel.received.as_ref().map_or(cancel.began(), |call| call.at);
    paid.is_none_or(|paid| cancels_of(came) <= Day::of(paid))
}

#[then(expr = "a cancel until 00:15 is answered SUCCESS, action=refund")]
async fn cancelled_in_time(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_wallet(&mut finding, seen);
            for cancel in cancels(seen).into_iter().filter(|it| in_time(seen, it)) {
                want_result(&mut finding, cancel, cancel.name(), Status::S, &["SUCCESS"]);
                want_told(&mut finding, cancel, "action", "refund");
            }
            finding
        })
        .await;
}

fn want_wallet(finding: &mut Finding, seen: &Seen) {
    if seen.wallet.is_none() {
        finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    }
}

#[then(expr = "a later cancel is refused for good, and the trade can still be refunded")]
async fn refused_when_late(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_wallet(&mut finding, seen);
            let late: Vec<_> = cancels(seen).into_iter().filter(|it| !in_time(seen, it)).collect();
            for cancel in &late {
                want_refusal(&mut finding, cancel, cancel.name(), &["TRADE_CANCEL_TIME_OUT"]);
            }
            let after = late.first().map_or(0, |cancel| cancel.line());
            let refunds = seen.calls_of(Api::Refund).into_iter();
            for refund in refunds.filter(|it| it.line() > after && !late.is_empty()) {
                want_result(&mut finding, refund, refund.name(), Status::S, &["SUCCESS"]);
            }
            finding
        })
        .await;
}

#[then(
    expr = "a refused cancel is not repeated, and one refund of the whole amount follows it and nothing else"
)]
async fn refund_instead(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let sent = cancels(seen);
            finding.shown_by(sent.iter().flat_map(|cancel| cancel.lines()));
            let refused = sent.iter().position(|it| it.result() == Some(Status::F));
            let after = refused.map_or(&[][..], |place| &sent[place + 1..]);
            no_calls(&mut finding, after, "cancel");
            let refunds = seen.calls_of(Api::Refund);
            if refused.is_none() && !sent.is_empty() {
                no_calls(&mut finding, &refunds, "refund");
                return finding;
            }
            finding.shown_by(refunds.iter().flat_map(|refund| refund.lines()));
            finding.want(
                refunds.len() == 1,
                say::CALLS_BETWEEN.with(["refund", "1", "1"]),
                say::CALLS_COUNT.with(["refund", &refunds.len().to_string()]),
            );
            for (refund, amount) in refunds.into_iter().zip(price(seen)) {
                want_value(&mut finding, refund, "refund_amount", &amount.to_major());
            }
            finding
        })
        .await;
}

#[then(expr = "the money is back once, and the order is {back-as}")]
async fn money_is_back(stage: &mut Stage, back: Back) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_credits(&mut finding, seen, &price(seen));
            match back {
                Back::Cancelled => {
                    want_end(&mut finding, seen, &[OrderState::Cancelled]);
                    want_returned(&mut finding, seen);
                }
                Back::Refunded => want_refunded(&mut finding, seen, &price(seen)),
            }
            finding
        })
        .await;
}

#[then(
    expr = "the same cancel comes again until a definite answer, and no new payment goes out meanwhile"
)]
async fn repeated_until_definite(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(first) = first_cancel(seen, &mut finding) else { return finding };
            let sent = cancels(seen);
            for again in &sent {
                finding.shown_by(again.lines());
                if let Some(field) = first.changed_parameter(again) {
                    let changed = say::CANCEL_CHANGED.with([field]);
                    finding.fail(say::CANCEL_UNCHANGED.plain(), changed);
                }
            }
            let definite = sent.last().and_then(|it| it.result()).is_some_and(is_definite);
            let order = seen.order().unwrap_or_default();
            // Who takes the order for cancelled asks no more; the check of its state is about that.
            let believed = seen.first_in(order, OrderState::Cancelled).is_some();
            finding.want(
                definite || believed || sent.len() >= TRIES,
                say::CALLS_AT_LEAST.with(["cancel", &TRIES.to_string()]),
                say::CALLS_COUNT.with(["cancel", &sent.len().to_string()]),
            );
            let pays = seen.calls_of(Api::Pay).into_iter();
            let pays: Vec<_> = pays.filter(|pay| pay.line() > first.line()).collect();
            no_calls(&mut finding, &pays, "pay");
            finding
        })
        .await;
}

#[then(expr = "the order is cancelled only after a definite answer, and ends {cancel-end}")]
async fn cancelled_when_definite(stage: &mut Stage, wanted: CancelEnd) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_cancel_proved(&mut finding, seen);
            match wanted {
                CancelEnd::Cancelled => {
                    want_end(&mut finding, seen, &[OrderState::Cancelled]);
                    want_returned(&mut finding, seen);
                }
                CancelEnd::Person => {
                    let order = seen.order().unwrap_or_default();
                    let told = seen.told_closed(order).is_some();
                    let cancelled =
                        seen.end_of(order).map(|end| end.view.till) == Some(OrderState::Cancelled);
                    if told && cancelled {
                        want_returned(&mut finding, seen);
                    } else {
                        want_end(&mut finding, seen, &[OrderState::ForStaff]);
                    }
                }
            }
            finding
        })
        .await;
}
