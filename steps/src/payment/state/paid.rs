//! Checks that the order ends paid, as often and for as much as it should.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::ams::Api;

use crate::parameters::Price;
use crate::product::Means;
use crate::wants::{end, ids, want_booked_once, want_end, want_never_paid, want_paid};
use crate::{Finding, Stage};

#[then(expr = "the order is paid, once, for {price}")]
#[then(expr = "the order is still paid, once, for {price}")]
async fn paid_for(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_end(&mut finding, seen, &[OrderState::Paid]);
            want_booked_once(&mut finding, seen, Some(price.0));
            finding
        })
        .await;
}

#[then(expr = "the order is paid")]
#[then(expr = "the order is paid, once")]
#[then(expr = "the order is paid, once, in till and back office")]
#[then(expr = "the order is paid once, after both")]
#[then(expr = "the good notice still works: the order is paid")]
#[then(expr = "the paid amount equals the price on the till")]
async fn paid(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order is booked once")]
async fn booked_once(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_booked_once(&mut finding, seen, None);
            finding
        })
        .await;
}

#[then(expr = "the order is failed after the first try and paid after the second")]
async fn failed_then_paid(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let again = seen.sales().filter(|sale| sale.text("order") == Some(order)).last();
            let between = again.and_then(|again| seen.reading_at(order, again.line));
            let was = between.map_or("—", |reading| reading.view.till.name());
            finding.want(
                was == OrderState::Failed.name(),
                say::ORDER_IS.with([order, OrderState::Failed.name()]),
                say::ORDER_IS.with([order, was]),
            );
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

#[then(
    expr = "the genuine answer and notice are believed: the order is paid and no cancel is sent"
)]
#[then(expr = "the order is paid on TRADE_SUCCESS, and no cancel is sent")]
async fn genuine_is_believed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_paid(&mut finding, seen);
            let cancels = seen.calls_of(Api::Cancel).len();
            finding.want(
                cancels == 0,
                say::CALL_NOT_SEEN.with(["cancel"]),
                say::CALLS_COUNT.with(["cancel", &cancels.to_string()]),
            );
            finding
        })
        .await;
}

#[then(
    expr = "an order whose buyer is debited is never failed and ends paid, any other is never paid"
)]
async fn never_failed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            if seen.wallet.is_none() {
                finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
                return finding;
            }
            // Who scanned a code has taken the money already; who was never given a code or a link
            // cannot have paid.
            let debited = ids(seen).iter().any(|id| !seen.debits(id).is_empty());
            if !debited && seen.product.means() != Means::ScannedCode {
                end(seen, &mut finding);
                want_never_paid(&mut finding, seen, 0, u32::MAX);
                return finding;
            }
            let order = seen.order().unwrap_or_default();
            let over = [OrderState::Failed, OrderState::Cancelled];
            let readings = seen.readings_of(order);
            if let Some(failed) = readings.into_iter().find(|r| over.contains(&r.view.till)) {
                finding.shown_by([failed.line]);
                finding.fail(
                    say::ORDER_NEVER.with([order, "failed"]),
                    say::ORDER_IS.with([order, failed.view.till.name()]),
                );
            }
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "amount and currency are those of the order")]
async fn amounts_of_the_orders(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for order in seen.orders() {
                let price = seen.price_of(order);
                for reading in seen.readings_of(order) {
                    let Some(paid) = reading.view.paid else { continue };
                    finding.shown_by([reading.line]);
                    let wanted = price.map_or_else(String::new, |price| price.to_string());
                    finding.want(
                        Some(paid) == price,
                        say::ORDER_BOOKED.with([order, "1", &wanted]),
                        say::ORDER_BOOKED.with([order, "1", &paid.to_string()]),
                    );
                }
            }
            finding
        })
        .await;
}
