//! What When steps do.

use cucumber::when;
use evidence::{OrderState, Way};
use merchant::CancelOrder;
use protocol::Generation;
use protocol::ams::Api;
use serde_json::{Value, json};

use super::alter;
use super::parameters::{Moment, OtherValue};
use crate::Stage;
use crate::errand::Errand;
use crate::live::{Live, Mood};
use crate::parameters::Price;
use crate::product::Means;
use crate::sale::{CodeKind, GOODS};

/// A name that has everything in it that breaks careless code, down to its last blank.
const HARD_TEXT: &str = "Café 咖啡 ☕ a+b=c&d/e \"q\" \\ <b> 100%25 ";

/// The same of characters that GBK has, without the quotation mark that the older generation forbids.
const HARD_IN_GBK: &str = "测试 café a+b=c&d / 100% ";

#[when(expr = "the merchant sells for {price}")]
#[when(expr = "the cashier charges {price}")]
#[when(expr = "the cashier scans an 18-digit code and charges {price}")]
#[when(expr = "the cashier scans it and charges {price}")]
#[when(expr = "the till presents an order of {price}")]
#[when(expr = "the merchant presents an order of {price}")]
#[when(expr = "the merchant's page opens in the wallet and presents an order of {price}")]
async fn sells(stage: &mut Stage, price: Price) {
    if let Some(live) = stage.live() {
        live.sell(price.0, GOODS).await;
        live.rest().await;
    }
}

#[when(expr = "the cashier scans a {int}-digit code that begins with {int} and charges {price}")]
async fn scans_form(stage: &mut Stage, digits: usize, prefix: u32, price: Price) {
    if let Some(live) = stage.live() {
        live.code = CodeKind::Fresh { prefix: prefix.to_string(), digits };
        live.sell(price.0, GOODS).await;
        live.rest().await;
    }
}

#[when(expr = "the merchant sells a thing with hard characters in its name for {price}")]
async fn sells_hard_text(stage: &mut Stage, price: Price) {
    if let Some(live) = stage.live() {
        let text = match live.contract.generation() {
            Generation::Ams => HARD_TEXT,
            Generation::Legacy => HARD_IN_GBK,
        };
        live.sell(price.0, text).await;
        live.rest().await;
    }
}

#[when(expr = "the buyer approves after all")]
#[when(expr = "the buyer confirms after all")]
async fn approves_late(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.settle().await;
    let seen = live.so_far();
    let id = seen.order().and_then(|order| seen.ids_of(order).pop());
    let wallet = live.sold.last().map(|sold| sold.wallet.clone());
    if let Some((id, wallet)) = id.zip(wallet) {
        live.buyer_confirms(&wallet, &id).await;
    }
}

#[when(expr = "the cashier scans a fresh code and charges the same order again")]
#[when(expr = "the merchant sells the same order again")]
async fn sells_again(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.settle().await;
    let order = live.so_far().order().map(str::to_owned);
    if let Some(order) = order {
        live.sell_again(&order).await;
        live.rest().await;
    }
}

#[when(expr = "{int} minutes pass")]
async fn minutes_pass(stage: &mut Stage, minutes: i64) {
    if let Some(live) = stage.live() {
        live.settle().await;
        live.pass(minutes * 60_000).await;
    }
}

#[when(expr = "{int} hours pass")]
async fn hours_pass(stage: &mut Stage, hours: i64) {
    if let Some(live) = stage.live() {
        live.settle().await;
        live.pass(hours * 3_600_000).await;
    }
}

#[when(expr = "an own call of pay uses its payment request id again")]
async fn own_pay_with_old_id(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    if let Some(form) = live.last_pay_form() {
        return live.pay_under_old_number(form).await;
    }
    let Some(mut body) = live.last_pay_body() else { return };
    if live.product.means() == Means::ScannedCode
        && let Some(code) = live.fresh_code().await
    {
        alter::set(&mut body, &["paymentMethod", "paymentMethodId"], json!(code));
    }
    live.own_call(Errand::OldId, Api::Pay, &body).await;
}

#[when(expr = "an own call repeats its pay with {other-value}")]
async fn own_pay_with_other_value(stage: &mut Stage, other: OtherValue) {
    let Some(live) = stage.live() else { return };
    live.repeat_with(other).await;
}

#[when(expr = "meanwhile an own call repeats its pay with {other-value}")]
async fn meanwhile_with_other_value(stage: &mut Stage, other: OtherValue) {
    let Some(live) = stage.live() else { return };
    if live.while_it_waits().await.is_some() {
        live.repeat_with(other).await;
    }
}

impl Live {
    /// Repeats the merchant's last pay with another value.
    async fn repeat_with(&mut self, other: OtherValue) {
        if let Some(form) = self.last_pay_form() {
            return self.repeat_form_with(form, other).await;
        }
        let Some(mut body) = self.last_pay_body() else { return };
        match other {
            OtherValue::Amount => {
                alter::set(&mut body, &["paymentAmount", "value"], json!("1232"));
            }
            OtherValue::Currency => {
                alter::set(&mut body, &["paymentAmount", "currency"], json!("EUR"));
            }
            OtherValue::Code => {
                let code = self.fresh_code().await.unwrap_or_default();
                alter::set(&mut body, &["paymentMethod", "paymentMethodId"], json!(code));
            }
            OtherValue::OtherBuyer => {
                let code = self.another_buyers_code().await.unwrap_or_default();
                alter::set(&mut body, &["paymentMethod", "paymentMethodId"], json!(code));
            }
        }
        self.own_call(Errand::OtherValues, Api::Pay, &body).await;
    }
}

#[when(expr = "the cashier presses twice for one order of {price}, the second time {moment}")]
async fn presses_twice(stage: &mut Stage, price: Price, moment: Moment) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.sell(price.0, GOODS).await else { return };
    let mine = order.clone();
    match moment {
        Moment::Same => {}
        Moment::After => {
            live.until(move |live| live.answered(&mine)).await;
        }
        Moment::Paid => {
            live.until(move |live| live.state_of(&mine).is_some_and(OrderState::is_final)).await;
        }
    }
    live.press_again(&order).await;
    live.rest().await;
}

#[when(expr = "the witness retransmits the first pay")]
async fn retransmits(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.settle().await;
    let seen = live.so_far();
    let first = seen.calls_of(Api::Pay).first().and_then(|pay| pay.sent.clone());
    if let Some(first) = first {
        live.hand_over_as_witness(Errand::Retransmit, Way::Call, first.blob).await;
    }
}

#[when(expr = "the clerk cancels the paid order")]
async fn clerk_cancels(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.settle().await;
    let Some(order) = live.so_far().order().map(str::to_owned) else { return };
    live.cancel(order).await;
    live.pass(20_000).await;
}

#[when(
    expr = "the merchant sells to a buyer who pays, to one who declines and to one who never answers"
)]
async fn sells_three(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    // The first buyer pays while the answer to the first inquiry is held, whose time depends on
    // the product: 5 s after pay, 15 s after the code or link was shown, or every 2 s.
    let approval = match live.product.means() {
        Means::ScannedCode => 6_000,
        Means::ShownCode | Means::EntryPage => 16_000,
        Means::WalletPage => 3_000,
    };
    let Ok(price) = protocol::Amount::from_price("USD 12.31") else { return };
    for mood in [Mood::Approves(approval), Mood::Declines(8_000), Mood::Ignores] {
        live.mood = mood;
        live.wallets.clear();
        live.arranged("buyer", json!({ "mood": format!("{mood:?}") }));
        live.sell(price, GOODS).await;
        live.settle().await;
    }
}

impl Live {
    /// Has the clerk cancel an order.
    pub(crate) async fn cancel(&mut self, order: String) {
        self.did("clerk-cancels", json!({ "order": order }));
        if let Err(why) = self.merchant.cancel(CancelOrder { order }).await {
            self.merchant_refused(&why, json!({}));
        }
    }

    /// The body of the merchant's last pay request.
    fn last_pay_body(&self) -> Option<Value> {
        let seen = self.so_far();
        let last = seen.calls_of(Api::Pay).last()?.sent.clone()?;
        serde_json::from_slice(&last.blob.body).ok()
    }

    pub(crate) async fn fresh_code(&mut self) -> Option<String> {
        let wallet = self.sold.last()?.wallet.clone();
        self.code = CodeKind::default();
        self.code(&wallet).await
    }

    /// A fresh code of a buyer who has nothing to do with the sale.
    pub(crate) async fn another_buyers_code(&mut self) -> Option<String> {
        let price = self.so_far().order().and_then(|order| self.so_far().price_of(order))?;
        let wallets = std::mem::take(&mut self.wallets);
        self.code = CodeKind::default();
        let code = match self.wallet(price).await {
            Some(wallet) => self.code(&wallet).await,
            None => None,
        };
        self.wallets = wallets;
        code
    }

    /// Whether pay for an order has been answered, or the order is final.
    fn answered(&self, order: &str) -> bool {
        let seen = self.so_far();
        let answered = seen.pays_for(order).iter().any(|pay| pay.answer_received.is_some());
        answered || self.state_of(order).is_some_and(OrderState::is_final)
    }

    /// Waits until an order is well under way and still waiting: pay was answered, and where
    /// something is offered to the buyer, it is there.
    pub(crate) async fn while_it_waits(&mut self) -> Option<String> {
        let order = self.so_far().order()?.to_owned();
        let mine = order.clone();
        self.until(move |live| match live.product.means() {
            Means::ScannedCode => live.answered(&mine),
            Means::ShownCode | Means::EntryPage | Means::WalletPage => {
                live.offers(&mine) || live.state_of(&mine).is_some_and(OrderState::is_final)
            }
        })
        .await;
        self.pass(1_000).await;
        Some(order)
    }
}
