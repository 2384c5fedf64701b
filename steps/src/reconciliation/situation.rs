//! What Given steps arrange.

use cucumber::given;
use evidence::OrderState;
use protocol::{Amount, Day, Generation};
use serde_json::json;

use super::Alteration;
use super::reports::ALTERATION;
use crate::Stage;
use crate::legacy::reconciliation::is_weekend;
use crate::live::{Live, Mood};
use crate::parameters::Price;
use crate::sale::GOODS;

#[given(expr = "an order of {price} that was cancelled before it was paid")]
async fn cancelled_unpaid(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Ignores, "does nothing");
    live.sell(price.0, GOODS).await;
    live.while_it_waits().await;
    live.clerk_cancels().await;
}

#[given(expr = "a day on which nothing was sold")]
async fn fresh_day(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    // A gateway that other scenarios used has sold for them today. Where nobody moves its clock, what
    // they sold is told apart.
    if !live.clock.is_simulated() && live.control.is_there() {
        live.pass_to_the_next_day().await;
        // What others sold on a Friday is settled together with what is sold at the weekend.
        while live.product.generation() == Generation::Legacy
            && is_weekend(Day::of(live.clock.now()))
        {
            live.pass_to_the_next_day().await;
        }
    }
    live.arranged("day", json!({ "day": Day::of(live.clock.now()).to_string() }));
}

#[given(expr = "{int} orders of {price} are paid")]
async fn several_paid(stage: &mut Stage, count: usize, price: Price) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Pays, "pays at once");
    for _ in 0..count {
        live.sell(price.0, GOODS).await;
        live.settle().await;
    }
}

#[given(expr = "the gateway cuts its files at {int} rows")]
async fn files_cut(stage: &mut Stage, rows: usize) {
    let Some(live) = stage.live() else { return };
    let cut = json!({ "rows": rows });
    live.arrange("reports", "reports-cut", cut).await;
}

#[given(expr = "the report {alteration}")]
fn report_altered(stage: &mut Stage, alteration: Alteration) {
    if let Some(live) = stage.live() {
        live.arranged(ALTERATION, json!({ "alteration": alteration.to_string() }));
    }
}

#[given(
    expr = "an order of {price} is paid in the last second of the day, and one in the first of the next"
)]
async fn around_midnight(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Pays, "pays at once");
    let lag = live.product.meets_after();
    let midnight = Day::of(live.clock.now()).next().start();
    for moment in [midnight - 1_000, midnight] {
        live.pass(moment - lag - live.clock.now()).await;
        live.sell(price.0, GOODS).await;
    }
    live.settle().await;
}

#[given(expr = "both are refunded after midnight")]
async fn both_refunded(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let paid: Vec<String> = live.sold.iter().map(|sold| sold.order.clone()).collect();
    for order in paid {
        let Some(price) = live.so_far().price_of(&order) else { continue };
        if live.state_of(&order) == Some(OrderState::Paid) {
            live.refund_order(&order, price).await;
        }
    }
    live.settle().await;
}

impl Live {
    /// The clerk gives the money of any order back.
    async fn refund_order(&mut self, order: &str, amount: Amount) {
        let slip = self.next_slip();
        self.press_refund(order, &slip, amount, "day after").await;
        self.rest().await;
    }
}
