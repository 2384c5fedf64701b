//! What When steps do at the till of the older generation, and the runner's own forms.

use cucumber::when;
use evidence::Way;
use protocol::ams::Api;
use protocol::legacy::Form;
use witness::{Effect, Hold, Match};

use crate::Stage;
use crate::errand::Errand;
use crate::live::{Live, Mood};
use crate::parameters::Price;
use crate::payment::parameters::OtherValue;
use crate::sale::{CodeKind, GOODS};

#[when(expr = "the buyer shows a new, good code, and the cashier charges the same order again")]
async fn new_good_code(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.settle().await;
    let Some(order) = live.so_far().order().map(str::to_owned) else { return };
    // Whatever was wrong with the wallet, this one is another buyer's.
    live.wallets.clear();
    live.poor = false;
    live.buyer(Mood::Pays, "pays at once");
    live.sell_again(&order).await;
    live.rest().await;
}

#[when(
    expr = "the till presents an order of {price}, and the call for its code is held for {int} minutes"
)]
async fn presents_with_call_held(stage: &mut Stage, price: Price, minutes: i64) {
    let Some(live) = stage.live() else { return };
    if live.needs_time_of_the_merchant(minutes * 60_000) {
        return;
    }
    let hold = Effect::HoldCall(Hold::For(minutes * 60_000));
    live.plant("pay-held", Match::nth(Api::Pay, 1), hold);
    let due = live.clock.now() + (minutes + 1) * 60_000;
    live.sell(price.0, GOODS).await;
    live.settle().await;
    live.pass(due - live.clock.now()).await;
}

#[when(
    expr = "the witness retransmits the first pay, so that the till sees the second answer alone"
)]
async fn retransmits_ahead(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.until(|live| !live.so_far().calls_of(Api::Pay).is_empty()).await;
    let first = live.so_far().calls_of(Api::Pay).first().and_then(|pay| pay.sent.clone());
    if let Some(first) = first {
        live.hand_over_as_witness(Errand::Retransmit, Way::Call, first.blob).await;
    }
    live.gate("pay").open();
    live.rest().await;
}

#[when(expr = "the basket grows, and the cashier charges the same order at {price}")]
async fn basket_grows(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.settle().await;
    let Some(order) = live.so_far().order().map(str::to_owned) else { return };
    live.sell_again_at(&order, price.0).await;
    live.rest().await;
}

#[when(expr = "the buyer approves while the cancel is on its way")]
async fn approves_during_cancel(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.until(|live| !live.so_far().calls_of(Api::Cancel).is_empty()).await;
    let seen = live.so_far();
    let id = seen.order().and_then(|order| seen.ids_of(order).pop());
    let wallet = live.sold.last().map(|sold| sold.wallet.clone());
    if let Some((id, wallet)) = id.zip(wallet) {
        live.buyer_confirms(&wallet, &id).await;
    }
    live.gate("cancel").open();
    live.rest().await;
}

#[when(
    expr = "the cashier charges {price}, nothing gets through from 5 s to 185 s after it, and own queries ask at 170 s and at 190 s"
)]
async fn line_is_cut(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.sell(price.0, GOODS).await else { return };
    live.pass(5_000).await;
    live.plant("line-cut", Match::calls(), Effect::LoseCall);
    let Some(id) = live.so_far().ids_of(&order).pop() else { return };
    live.pass(165_000).await;
    live.own_inquiry(Errand::AroundItsEnd, &id).await;
    live.pass(15_000).await;
    live.witness.heal();
    live.pass(5_000).await;
    live.own_inquiry(Errand::AroundItsEnd, &id).await;
}

impl Live {
    /// The merchant's last pay request, where it is a form.
    pub(crate) fn last_pay_form(&self) -> Option<Form> {
        self.so_far().calls_of(Api::Pay).last()?.sent.clone()?.form
    }

    /// Pays under the number of the merchant's pay, with a code that is good.
    pub(crate) async fn pay_under_old_number(&mut self, mut form: Form) {
        if form.get("buyer_identity_code").is_some()
            && let Some(code) = self.fresh_code().await
        {
            form.set("buyer_identity_code", code);
        }
        self.own_form(Errand::OldId, form).await;
    }

    /// Repeats the merchant's pay with another value.
    pub(crate) async fn repeat_form_with(&mut self, mut form: Form, other: OtherValue) {
        match other {
            OtherValue::Amount => {
                let name =
                    if form.get("trans_amount").is_some() { "trans_amount" } else { "total_fee" };
                form.set(name, "12.00");
            }
            OtherValue::Currency => form.set("currency", "EUR"),
            OtherValue::Code => {
                let code = self.fresh_code().await.unwrap_or_default();
                form.set("buyer_identity_code", code);
            }
            OtherValue::OtherBuyer => {
                let code = self.another_buyers_code().await.unwrap_or_default();
                form.set("buyer_identity_code", code);
            }
        }
        self.own_form(Errand::OtherValues, form).await;
    }

    /// Asks the merchant to sell the same order once more, with a fresh code and for another price.
    async fn sell_again_at(&mut self, order: &str, price: protocol::Amount) {
        let Some(wallet) = self.wallet(price).await else { return };
        self.code = CodeKind::default();
        let code = self.code(&wallet).await;
        self.hand_over(order, &wallet, price, GOODS, code.as_deref()).await;
    }
}
