//! What Given steps arrange about reviews.

use cucumber::given;
use serde_json::{Value, json};

use crate::Stage;
use crate::live::Live;

const MINUTE: i64 = 60_000;

impl Live {
    /// The review of the generation has one judge.
    pub(super) async fn reviews_take(&mut self, minutes: i64, status: &str, reasons: &[&str]) {
        let judge: Value = json!({ "name": "ALIPAYCN", "status": status, "reasons": reasons });
        self.review(json!({ "after": minutes * MINUTE, "wallets": [judge] })).await;
    }
}

#[given(expr = "reviews that take {int} minutes and end in SUCCESS")]
async fn reviews_pass(stage: &mut Stage, minutes: i64) {
    if let Some(live) = stage.live() {
        live.reviews_take(minutes, "APPROVED", &[]).await;
    }
}

#[given(expr = "reviews that take {int} minutes and end in FAILED, for {string}")]
async fn reviews_fail(stage: &mut Stage, minutes: i64, reason: String) {
    if let Some(live) = stage.live() {
        live.reviews_take(minutes, "REJECTED", &[&reason]).await;
    }
}

#[given(expr = "an approved secondary merchant, with one store or with two sites")]
async fn approved(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let wish = live.fresh_seller();
    live.register(&wish).await;
    live.pass(20 * MINUTE).await;
}
