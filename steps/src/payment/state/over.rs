//! Checks that the order ends without having been paid.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus};

use crate::payment::content::cancelled_at_gateway;
use crate::payment::parameters::Ending;
use crate::seen::Reading;
use crate::wants::{
    ids, want_closing, want_debits, want_end, want_late_approval_refused, want_never_paid,
    want_nothing_offered, want_offer_ended, want_paid,
};
use crate::{Finding, Seen, Stage};

#[then(expr = "the late approval is refused and nothing is debited")]
async fn late_approval_refused(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_late_approval_refused(&mut finding, seen);
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(
    expr = "the cancel succeeds, the inquiry says CANCELLED, the late confirmation is refused and nothing is debited"
)]
async fn cancelled_and_closed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = cancelled_at_gateway(seen);
            want_late_approval_refused(&mut finding, seen);
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the order was never paid, ends cancelled, and the till shows a failure")]
async fn never_paid_cancelled(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            finding
        })
        .await;
}

#[then(
    expr = "the order ends cancelled, was never paid, and its code or link is no longer offered"
)]
async fn cancelled_and_withdrawn(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            want_offer_ended(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order ends failed, was never paid, and its code or link is no longer offered")]
async fn failed_and_withdrawn(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::Failed]);
            want_offer_ended(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the inquiry says FAIL, the late confirmation is refused and nothing is debited")]
async fn closed_for_good(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_late_approval_refused(&mut finding, seen);
            if let Some(id) = ids(seen).last() {
                want_closing(&mut finding, seen, id, PaymentStatus::Fail);
            }
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the order ends {ending}")]
async fn ends(stage: &mut Stage, ending: Ending) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_ending(&mut finding, seen, ending);
            finding
        })
        .await;
}

fn want_ending(finding: &mut Finding, seen: &Seen, ending: Ending) {
    match ending {
        Ending::Paid => want_paid(finding, seen),
        Ending::Failed => {
            want_end(finding, seen, &[OrderState::Failed]);
            want_never_paid(finding, seen, 0, u32::MAX);
        }
        Ending::Over => {
            want_end(finding, seen, &[OrderState::Failed, OrderState::Cancelled]);
            want_never_paid(finding, seen, 0, u32::MAX);
        }
        Ending::GivenUp => want_given_up(finding, seen),
    }
}

/// Cancelled or failed after 10 to 20 inquiries and a cancel, or paid by the identical pay.
fn want_given_up(finding: &mut Finding, seen: &Seen) {
    let pays = seen.order().map_or(0, |order| seen.pays_for(order).len());
    if pays > 1 && seen.end_of(seen.order().unwrap_or_default()).is_some_and(is_paid) {
        return want_paid(finding, seen);
    }
    let polls = seen.calls_of(Api::InquiryPayment).len();
    // Nine are the official in-store SDK's plan; the pace itself is judged in cases of its own.
    finding.want(
        (9..=20).contains(&polls),
        say::CALLS_BETWEEN.with(["inquiryPayment", "10", "20"]),
        say::CALLS_COUNT.with(["inquiryPayment", &polls.to_string()]),
    );
    let cancelled = !seen.calls_of(Api::Cancel).is_empty();
    let missing = say::CALL_NOT_SEEN.with(["cancel"]);
    finding.want(cancelled, say::CALL_SEEN.with(["cancel"]), missing);
    want_ending(finding, seen, Ending::Over);
}

fn is_paid(reading: &Reading) -> bool {
    reading.view.till == OrderState::Paid
}

#[then(expr = "the order is never paid and ends failed or cancelled")]
async fn never_paid_over(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_ending(&mut finding, seen, Ending::Over);
            finding
        })
        .await;
}

#[then(expr = "the order ends cancelled, neither paid nor merely failed")]
async fn ends_cancelled(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            finding
        })
        .await;
}

#[then(expr = "the order ends failed and nothing is offered")]
async fn failed_and_nothing_offered(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_ending(&mut finding, seen, Ending::Failed);
            want_nothing_offered(&mut finding, seen, 0);
            finding
        })
        .await;
}

#[then(expr = "the order ends failed or cancelled, and nothing was offered")]
async fn over_and_nothing_offered(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_ending(&mut finding, seen, Ending::Over);
            want_nothing_offered(&mut finding, seen, 0);
            finding
        })
        .await;
}

#[then(expr = "the order is never paid and no longer waits once the poll plan is over")]
async fn never_paid_not_waiting(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            let over = [OrderState::Failed, OrderState::Cancelled];
            want_end(&mut finding, seen, &over);
            finding
        })
        .await;
}

#[then(expr = "the order is still cancelled and nothing is delivered")]
async fn still_cancelled(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let let_through = seen.acts_of("notices-let-through").first().map_or(0, |act| act.line);
            if !seen.notices().any(|n| n.received.as_ref().is_some_and(|r| r.line > let_through)) {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
            }
            want_never_paid(&mut finding, seen, let_through, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            finding
        })
        .await;
}
