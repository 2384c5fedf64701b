//! Checks of what becomes of orders and money, told in the words of the older generation.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;

use super::content::want_trade;
use crate::wants::{price, want_debits, want_end, want_never_paid, want_paid};
use crate::{Finding, Seen, Stage};

/// Wants the order never to have been shown in a state.
fn want_never(finding: &mut Finding, seen: &Seen, state: OrderState) {
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
