//! What a buyer does who comes by a code or a link, and what the merchant does for one.

use cucumber::when;
use evidence::OrderState;
use merchant::Return;
use protocol::ams::Api;
use protocol::parse_time;
use serde_json::json;

use super::parameters::OnDevice;
use crate::Stage;
use crate::errand::Errand;
use crate::live::Live;
use crate::parameters::Price;
use crate::product::Means;
use crate::sale::GOODS;

/// How long the wallet's own page waits where the merchant does not say.
const CASHIER_LIFE: i64 = 14 * 60_000;

#[when(expr = "the shop checks out an order of {price} {on-device}")]
async fn checks_out(stage: &mut Stage, price: Price, on: OnDevice) {
    if let Some(live) = stage.live() {
        live.device = on.device();
        live.sell(price.0, GOODS).await;
        live.rest().await;
    }
}

#[when(expr = "the order's time runs out and the buyer confirms 1 s later")]
async fn runs_out(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.taken_up().await else { return };
    let Some(id) = live.so_far().ids_of(&order).pop() else { return };
    match live.product.means() {
        Means::WalletPage => live.pass_to_the_end_of(&id).await,
        // The merchant's inquiries would be used up before these end by themselves.
        Means::ScannedCode | Means::ShownCode | Means::EntryPage => {
            let expired = live.control.post(&format!("payments/{id}/expire"), &json!({})).await;
            live.sure(expired);
        }
    }
    live.did("time-runs-out", json!({ "paymentRequestId": id }));
    live.pass(1_000).await;
    if let Some(wallet) = live.sold.last().map(|sold| sold.wallet.clone()) {
        live.buyer_confirms(&wallet, &id).await;
    }
}

#[when(expr = "the buyer leaves the wallet and comes back to the merchant's page")]
async fn comes_back(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.taken_up().await else { return };
    let seen = live.so_far();
    let pay = seen.pays_for(&order).pop();
    let Some((id, url)) = pay.and_then(|p| p.request_id().zip(p.asked("paymentRedirectUrl")))
    else {
        return;
    };
    live.did("buyer-comes-back", json!({ "order": order, "url": url }));
    if let Err(why) = live.merchant.open_return(Return { url }).await {
        live.merchant_refused(&why, json!({}));
    }
    live.rest().await;
    live.own_inquiry(Errand::AfterReturn, &id).await;
}

#[when(
    expr = "the tester attaches pictures of the checkout, of the success page and of the order page"
)]
async fn attaches_pictures(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    if let Some(order) = live.sold.last().map(|sold| sold.order.clone()) {
        // Two of the pages come when the order is paid.
        live.until(move |live| live.state_of(&order).is_some_and(OrderState::is_final)).await;
    }
    if let Err(why) = live.merchant.take_pictures().await {
        live.merchant_refused(&why, json!({}));
    }
    live.record_attachments();
    live.did("pictures", json!({}));
}

impl Live {
    /// Waits until the buyer has taken up what is offered for the order.
    async fn taken_up(&mut self) -> Option<String> {
        let order = self.while_it_waits().await?;
        let came = |live: &Self| {
            let seen = live.so_far();
            ["buyer-scans", "buyer-opens"].into_iter().any(|act| !seen.acts_of(act).is_empty())
        };
        let mine = order.clone();
        self.until(move |live| came(live) || !live.offers(&mine)).await;
        self.pass(1_000).await;
        Some(order)
    }

    /// Lets the time of a payment pass, as pay named it or as it is by default.
    async fn pass_to_the_end_of(&mut self, id: &str) {
        let seen = self.so_far();
        let about = |api| seen.calls_about(id).into_iter().find(|call| call.api == Some(api));
        let Some(pay) = about(Api::Pay) else { return };
        let named = pay.asked("paymentExpiryTime").and_then(|end| parse_time(&end));
        let end = named.unwrap_or(pay.began() + CASHIER_LIFE);
        self.pass((end - self.clock.now()).max(0)).await;
    }
}
