//! What When steps do with the older generation's files.

use cucumber::when;
use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use serde_json::json;

use crate::Stage;
use crate::live::Live;
use crate::parameters::Price;
use crate::sale::GOODS;

const HOUR: i64 = 3_600_000;
/// When a merchant looks for files, and when they have to be there.
const EARLY: i64 = 8 * HOUR + HOUR / 2;
const TEN: i64 = 10 * HOUR;
const NOON: i64 = 12 * HOUR;

#[when(
    expr = "the file comes once more with Secondary_merchant_id and Store_id, and the merchant reconciles again"
)]
async fn with_more_columns(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Some(wish) = live.so_far().reconcile_wishes().pop() else { return };
    let settings = json!({ "switches": { "L18": "more-columns" } });
    live.arrange("settings", "settings", settings).await;
    live.fetch_reports(wish.day).await;
    live.deliver(wish.kind, false);
    live.reconcile(wish.day, wish.kind).await;
}

#[when(expr = "the whole file comes an hour later")]
async fn whole_comes(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Some(wish) = live.so_far().reconcile_wishes().pop() else { return };
    live.pass(HOUR / 2).await;
    live.deliver(wish.kind, false);
    live.until_told(wish.day, wish.kind, |_| false).await;
}

#[when(
    expr = "orders of {price} are paid on Saturday and Sunday too, and the merchant looks for its files at 08:30 of each day until Tuesday, as they are at the gateway at 08:30 and at 10:00"
)]
async fn looks_each_day(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    let Some(friday) = live.sold.first().map(|sold| Day::of(sold.at)) else { return };
    let mut day = friday;
    for _ in 0..4 {
        let morning = day.next().start();
        live.pass(morning + EARLY - live.clock.now()).await;
        live.hand_on(day).await;
        for kind in [FileKind::TransactionItems, FileKind::SettlementItems] {
            live.reconcile(day, kind).await;
        }
        live.pass(morning + TEN - live.clock.now()).await;
        live.hand_on(day).await;
        live.pass(morning + NOON - live.clock.now()).await;
        day = day.next();
        if day <= friday.next().next() {
            live.sell(price.0, GOODS).await;
            live.settle().await;
        }
    }
}

impl Live {
    /// Delivers what the gateway has of a day by now.
    async fn hand_on(&mut self, day: Day) {
        self.fetch_reports(day).await;
        self.deliver(FileKind::TransactionItems, false);
    }
}
