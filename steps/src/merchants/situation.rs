//! What Given steps arrange about secondary merchants.

use cucumber::given;
use protocol::ams::Api;
use serde_json::{Value, json};
use witness::{Effect, Hold, Match};

use super::parameters::{Coming, Fate, Standing};
use crate::Stage;
use crate::live::Live;
use crate::registering::place_of;

/// What the wallets of the contract say.
fn wallets(paying: &str, other: &str) -> Value {
    json!([
        { "name": "ALIPAYCN", "status": paying },
        { "name": "GCASH", "status": other },
    ])
}

fn approved() -> Value {
    wallets("APPROVED", "APPROVED")
}

#[given(expr = "the review of a secondary merchant takes {int} h and approves it for every wallet")]
async fn review_approves(stage: &mut Stage, hours: i64) {
    if let Some(live) = stage.live() {
        live.review(json!({ "after": hours * 3_600_000, "wallets": approved() })).await;
    }
}

#[given(expr = "the review of a secondary merchant goes on")]
async fn review_goes_on(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.review(json!({ "after": null, "wallets": approved() })).await;
    }
}

#[given(
    expr = "a review in which one wallet approves, one rejects with reasons and one says nothing"
)]
async fn review_is_mixed(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let wallets = json!([
            { "name": "ALIPAYCN", "status": "APPROVED" },
            {
                "name": "GCASH",
                "status": "REJECTED",
                "reasons": ["the licence has expired", "the address is unknown"],
            },
            { "name": "TNG", "status": null },
        ]);
        live.review(json!({ "after": 3_600_000, "wallets": wallets })).await;
    }
}

#[given(expr = "the notice of a review {coming}")]
async fn notice_comes(stage: &mut Stage, coming: Coming) {
    let Some(live) = stage.live() else { return };
    let after = match coming {
        Coming::Once | Coming::Thrice => 3_600_000,
        Coming::Early => {
            let gate = live.gate("registration");
            let hold = Effect::HoldAnswer(Hold::Until(gate.clone()));
            live.plant("answer-held", Match::nth(Api::Registration, 1), hold);
            live.plant("answer-let-through", Match::notices(), Effect::ThenOpen(gate));
            0
        }
    };
    live.review(json!({ "after": after, "wallets": approved() })).await;
}

#[given(expr = "the first registration {fate}")]
async fn first_registration(stage: &mut Stage, fate: Fate) {
    let Some(live) = stage.live() else { return };
    let first = Match::nth(Api::Registration, 1);
    match fate {
        Fate::Unknown => {
            let rule = json!({
                "api": "registration", "code": "UNKNOWN_EXCEPTION", "process": true, "times": 1,
            });
            live.rule(rule).await;
        }
        Fate::Lost => live.plant("registration-lost", first, Effect::LoseCall),
        Fate::Unanswered => live.plant("answer-lost", first, Effect::LoseAnswer),
    }
}

#[given(expr = "one secondary merchant is approved, and another was rejected by every wallet")]
async fn one_approved_one_rejected(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    if !live.begins_again() {
        let (first, second) = (live.fresh_merchant(1), live.fresh_merchant(1));
        live.review(json!({ "after": 60_000, "wallets": approved() })).await;
        live.review(json!({
            "merchant": second.id, "after": 60_000, "wallets": wallets("REJECTED", "REJECTED"),
        }))
        .await;
        live.register(&first).await;
        live.register(&second).await;
    }
    let [first, second] = live.secondary.clone().try_into().unwrap_or_default();
    if live.reviews_end(&[first], std::slice::from_ref(&second)).await {
        // What is registered from now on stays in review.
        live.review(json!({ "merchant": second, "after": null, "wallets": approved() })).await;
    }
}

#[given(expr = "the gateway sells for registered merchants only")]
async fn registered_only(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let settings = json!({ "registered_only": true });
    live.arrange("settings", "settings", settings).await;
}

#[given(expr = "a secondary merchant that {standing}")]
async fn secondary_stands(stage: &mut Stage, standing: Standing) {
    let Some(live) = stage.live() else { return };
    let wish = live.fresh_seller();
    let store = place_of(&wish).to_owned();
    live.arranged("seller", json!({ "merchant": wish.id, "store": store, "wish": wish }));
    live.store = store;
    match standing {
        Standing::Unknown => return,
        Standing::Pending => live.review(json!({ "after": null, "wallets": approved() })).await,
        Standing::Rejected => {
            live.review(json!({ "after": 0, "wallets": wallets("REJECTED", "REJECTED") })).await;
        }
    }
    live.register(&wish).await;
    live.until_reviewed().await;
}

#[given(expr = "two approved secondary merchants with two stores each")]
async fn two_with_two(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.approved_merchants(2).await;
    }
}

#[given(expr = "two approved secondary merchants with one store each")]
async fn two_with_one(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.approved_merchants(1).await;
    }
}

impl Live {
    /// Two secondary merchants that may sell, with so many stores each.
    async fn approved_merchants(&mut self, stores: usize) {
        if !self.begins_again() {
            self.review(json!({ "after": 0, "wallets": approved() })).await;
            for _ in 0..2 {
                let wish = self.fresh_merchant(stores);
                self.register(&wish).await;
            }
            // Long enough for the answers.
            if !self.control.is_there() {
                self.pass(2_000).await;
            }
        }
        let both = self.secondary.clone();
        self.reviews_end(&both, &[]).await;
    }
}
