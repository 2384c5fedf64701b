//! Checks of what becomes of orders and money, told in the words of the older generation.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::ams::{PaymentStatus, Status};

use super::content::want_trade;
use super::{trade_status, want_told};
use crate::errand::Errand;
use crate::seen::{Answer, Exchange};
use crate::wants::{
    first_pay, ids, last_cancel, polls, price, want_debits, want_end, want_given_back,
    want_never_paid, want_paid, want_result,
};
use crate::{Finding, Seen, Stage};

/// "Settled within 120 s", in milliseconds.
const SETTLED: i64 = 120_000;

/// Wants the answer to a query to tell this state of the trade.
fn want_status(finding: &mut Finding, query: &Exchange, wanted: &str) {
    finding.shown_by(query.lines());
    let told = query.answer_sent.as_ref().and_then(trade_status);
    let was =
        told.map_or_else(|| say::INQUIRY_SILENT.plain(), |told| say::INQUIRY_SAYS.with([told]));
    finding.want(told == Some(wanted), say::INQUIRY_SAYS.with([wanted]), was);
}

/// Wants the order never to have been shown in a state.
pub(super) fn want_never(finding: &mut Finding, seen: &Seen, state: OrderState) {
    let order = seen.order().unwrap_or_default();
    if let Some(reading) = seen.first_in(order, state) {
        finding.shown_by([reading.line]);
        let told = [order, state.name()];
        finding.fail_for_good(say::ORDER_NEVER.with(told), say::ORDER_IS.with(told));
    }
}

#[then(expr = "the order is never paid, and ends failed or cancelled")]
async fn never_paid(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::Failed, OrderState::Cancelled]);
            finding
        })
        .await;
}

#[then(expr = "the order is not failed because of it, and is paid, once")]
async fn never_failed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never(&mut finding, seen, OrderState::Failed);
            want_never(&mut finding, seen, OrderState::Cancelled);
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the query says TRADE_SUCCESS, with one charge")]
async fn charged_once(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_trade(&mut finding, seen, "TRADE_SUCCESS");
            want_debits(&mut finding, seen, &price(seen));
            finding
        })
        .await;
}

#[then(expr = "within 120 s the order is settled, as the gateway says at the end")]
async fn settled_in_time(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let order = seen.order().unwrap_or_default();
            let readings = seen.readings_of(order);
            let settled = readings.into_iter().find(|reading| reading.view.till.is_final());
            let waited = settled.map(|reading| reading.at - pay.began());
            let was = waited.map_or_else(
                || say::ORDER_NOT_SETTLED.with([order]),
                |waited| say::ORDER_SETTLED_AFTER.with([order, &(waited / 1_000).to_string()]),
            );
            let in_time = say::ORDER_SETTLED_WITHIN.with([order, &(SETTLED / 1_000).to_string()]);
            if seen.is_told_by_hand() && waited.is_some() {
                // A person tells it when asked, which is later than it was: the reviewer knows.
                finding.note(was);
            } else {
                finding.want(waited.is_some_and(|waited| waited <= SETTLED), in_time, was);
            }
            let paid =
                ids(seen).iter().any(|id| seen.closing_status(id) == Some(PaymentStatus::Success));
            if paid {
                want_paid(&mut finding, seen);
            } else if !ids(seen).iter().all(|id| seen.closing_knows(id)) {
                // What the gateway does not tell says nothing about the merchant.
                finding.cannot_judge(say::INQUIRY_SILENT.plain());
            } else {
                want_never_paid(&mut finding, seen, 0, u32::MAX);
                want_end(&mut finding, seen, &[OrderState::Failed, OrderState::Cancelled]);
            }
            finding
        })
        .await;
}

#[then(expr = "every query answers WAIT_BUYER_PAY")]
async fn queries_change_nothing(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let queries = polls(seen);
            if queries.is_empty() {
                let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
                finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
            }
            for query in queries {
                want_status(&mut finding, query, "WAIT_BUYER_PAY");
            }
            finding
        })
        .await;
}

#[then(expr = "the query says WAIT_BUYER_PAY after 170 s and TRADE_CLOSED after 190 s")]
async fn closes_by_itself(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let around = |call: &&Exchange| seen.errand_of(call) == Some(Errand::AroundItsEnd);
            let asked: Vec<&Exchange> = seen.own_calls().filter(around).collect();
            let [before, after] = asked.as_slice() else {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
                return finding;
            };
            want_status(&mut finding, before, "WAIT_BUYER_PAY");
            want_status(&mut finding, after, "TRADE_CLOSED");
            finding
        })
        .await;
}

#[then(
    expr = "the cancel answers SUCCESS, action=refund, the query says TRADE_CLOSED, and the whole amount is back"
)]
async fn given_back_by_cancel(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(cancel) = last_cancel(seen, &mut finding) else { return finding };
            want_result(&mut finding, cancel, cancel.name(), Status::S, &["SUCCESS"]);
            want_told(&mut finding, cancel, "action", "refund");
            want_trade(&mut finding, seen, "TRADE_CLOSED");
            want_debits(&mut finding, seen, &price(seen));
            want_given_back(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order ends cancelled, and was never shown as paid")]
async fn cancelled_never_paid(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never(&mut finding, seen, OrderState::Paid);
            want_end(&mut finding, seen, &[OrderState::Cancelled]);
            finding
        })
        .await;
}

#[then(expr = "there is no trade under the number")]
async fn no_trade(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            for id in ids(seen) {
                let answer = seen.closing(&id).and_then(|call| call.answer_sent.as_ref());
                finding.shown_by(answer.map(|answer| answer.line));
                let told = answer.and_then(trade_status);
                let was = told.map_or_else(
                    || say::INQUIRY_SILENT.plain(),
                    |told| say::INQUIRY_SAYS.with([told]),
                );
                let none = answer.is_some_and(Answer::knows_no_order);
                finding.want(none, say::INQUIRY_SAYS.with(["TRADE_NOT_EXIST"]), was);
            }
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}
