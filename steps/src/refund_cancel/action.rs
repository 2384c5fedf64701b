//! What When steps do.

use cucumber::when;
use evidence::{Party, words as say};
use merchant::{CancelOrder, RefundOrder};
use protocol::ams::{Api, Status, inquiry_body};
use protocol::{Amount, Day, iso8601};
use serde_json::{Value, json};

use super::parameters::{Deed, Race, Stranger};
use crate::Stage;
use crate::errand::Errand;
use crate::live::Live;
use crate::parameters::Price;
use crate::payment::alter;

/// Why goods come back where a case does not say.
const REASON: &str = "Returned";
/// A reason that has everything in it that breaks careless code, down to its last blank.
const HARD_REASON: &str = "退款 \"坏了\" & 50% + <b>é</b> ☕ ";
/// How long a cancel may take that is repeated until its tries are used up.
const CANCELLING: i64 = 70_000;
const MINUTE: i64 = 60_000;
/// How long after midnight in Beijing a cancel still counts for the day before.
const BUFFER: i64 = 15 * MINUTE;

/// The last day whose payments a cancel takes back that comes at this moment.
pub(crate) fn cancels_of(at: i64) -> Day {
    Day::of(at - BUFFER)
}

impl Live {
    /// The clerk refunds a part of the order on a new slip, and answers the slip's number.
    pub(crate) async fn refund(&mut self, amount: Amount) -> Option<String> {
        let order = self.so_far().order()?.to_owned();
        let slip = self.next_slip();
        self.press_refund(&order, &slip, amount, REASON).await;
        self.rest().await;
        Some(slip)
    }

    /// The next slip's number: what the case is, a mark of this run of it, and a number.
    pub(crate) fn next_slip(&self) -> String {
        let pressed = self.so_far().acts_of("refund").len();
        format!("{}-S{}", self.mark, pressed + 1)
    }

    pub(crate) async fn press_refund(
        &mut self,
        order: &str,
        slip: &str,
        amount: Amount,
        reason: &str,
    ) {
        let facts = json!({ "order": order, "slip": slip, "amount": amount, "reason": reason });
        self.did("refund", facts);
        let (order, slip, reason) = (order.to_owned(), slip.to_owned(), reason.to_owned());
        let refund = RefundOrder { order, slip, amount, reason };
        if let Err(why) = self.merchant.refund(refund).await {
            self.merchant_refused(&why, json!({}));
        }
    }

    /// Breaks the attempt off where a cancel that was asked for in time came when the time for it was
    /// over: what the gateway answers then, and the books make of it, is right and not what the case is
    /// about.
    fn wants_cancel_in_time(&self, asked: i64) {
        let seen = self.so_far();
        let Some(cancel) = seen.calls_of(Api::Cancel).into_iter().next() else { return };
        let came = cancel.received.as_ref().map_or(cancel.began(), |call| call.at);
        if cancels_of(asked) < cancels_of(came) {
            let why = say::CANCEL_CAME_LATE.with([iso8601(asked), iso8601(came)]);
            self.broken(Party::Environment, why);
        }
    }

    /// The clerk cancels the order that the case is about, whatever its state.
    pub(crate) async fn clerk_cancels(&mut self) {
        self.press_cancel().await;
        self.pass(CANCELLING).await;
    }

    pub(crate) async fn press_cancel(&mut self) {
        let Some(order) = self.so_far().order().map(str::to_owned) else { return };
        self.did("clerk-cancels", json!({ "order": order }));
        if let Err(why) = self.merchant.cancel(CancelOrder { order }).await {
            self.merchant_refused(&why, json!({}));
        }
    }

    /// An own refund of the order's payment, for a wish that the merchant did not pass on.
    async fn own_refund(&mut self, errand: Errand, amount: Amount) {
        let seen = self.so_far();
        let payment = seen.order().and_then(|order| seen.payment_id_of(order));
        let number = seen.own_calls().filter(|call| call.api == Some(Api::Refund)).count() + 1;
        let body = json!({
            "refundRequestId": format!("{}-own-{number}", self.mark),
            "paymentId": payment.unwrap_or_else(|| "20260105194010800100188000000000009".into()),
            "refundAmount": amount.to_wire(),
        });
        self.own_call(errand, Api::Refund, &body).await;
    }

    /// Makes an own refund for each wish of these that the merchant refused by itself.
    async fn own_refunds_instead(&mut self, wishes: &[Amount], since: usize) {
        self.settle().await;
        let seen = self.so_far();
        let passed_on = seen.calls_of(Api::Refund).len().saturating_sub(since);
        for amount in wishes.iter().skip(passed_on) {
            self.own_refund(Errand::RefundInstead, *amount).await;
        }
    }

    fn refund_calls(&self) -> usize {
        self.so_far().calls_of(Api::Refund).len()
    }

    /// What the gateway has not given back of the order's price.
    fn left_of_price(&self) -> Option<Amount> {
        let seen = self.so_far();
        let price = seen.price_of(seen.order()?)?;
        let mut counted = vec![];
        let mut left = price.minor;
        for refund in seen.at_gateway().filter(|call| call.api == Some(Api::Refund)) {
            let done = refund.told().is_some_and(|(status, _)| status == Status::S);
            if done && !counted.contains(&refund.refund_id()) {
                counted.push(refund.refund_id());
                left -= refund.refund_amount().map_or(0, |amount| amount.minor);
            }
        }
        Some(Amount::new(price.currency, left))
    }
}

#[when(expr = "the merchant refunds {price}")]
async fn refunds(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.refund(price.0).await;
    live.settle().await;
}

#[when(expr = "the merchant refunds {price}, {price} and {price}, one after the other")]
async fn refunds_three(stage: &mut Stage, first: Price, second: Price, third: Price) {
    let Some(live) = stage.live() else { return };
    for price in [first, second, third] {
        live.refund(price.0).await;
        live.settle().await;
    }
}

#[when(expr = "{price} more is to be refunded")]
async fn more(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    let since = live.refund_calls();
    live.refund(price.0).await;
    live.own_refunds_instead(&[price.0], since).await;
}

#[when(expr = "twice {price} more is to be refunded at the same moment")]
async fn more_twice(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    let since = live.refund_calls();
    let Some(order) = live.so_far().order().map(str::to_owned) else { return };
    for _ in 0..2 {
        let slip = live.next_slip();
        live.press_refund(&order, &slip, price.0, REASON).await;
    }
    live.own_refunds_instead(&[price.0, price.0], since).await;
}

#[when(expr = "the merchant refunds what is left")]
async fn refunds_the_rest(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let left = live.left_of_price().filter(|left| left.minor > 0);
    if let Some(left) = left {
        live.refund(left).await;
        live.settle().await;
    }
}

#[when(expr = "the cashier presses refund of {price} twice for one return slip")]
async fn presses_refund_twice(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.so_far().order().map(str::to_owned) else { return };
    let slip = live.next_slip();
    for _ in 0..2 {
        live.press_refund(&order, &slip, price.0, REASON).await;
    }
    live.settle().await;
}

#[when(expr = "own calls repeat that refund with the same amount and with {price}")]
async fn own_repeats(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    let seen = live.so_far();
    let first = seen.calls_of(Api::Refund).first().and_then(|refund| refund.sent.clone());
    let body = first.and_then(|sent| serde_json::from_slice::<Value>(&sent.blob.body).ok());
    let Some(mut body) = body else { return };
    live.own_call(Errand::RefundAgain, Api::Refund, &body).await;
    alter::set(&mut body, &["refundAmount"], price.0.to_wire());
    live.own_call(Errand::RefundAgain, Api::Refund, &body).await;
}

#[when(expr = "an own call and the merchant refund {price} of it")]
async fn refunds_nothing(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.own_refund(Errand::RefundOfNothing, price.0).await;
    if live.refund(price.0).await.is_some() {
        live.pass(500).await;
    }
}

#[when(expr = "the merchant refunds {price}, and an own call asks about it meanwhile")]
async fn refunds_slowly(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.refund(price.0).await;
    live.pass(2_000).await;
    if let Some(id) = live.so_far().all_refund_ids().pop() {
        live.own_refund_inquiry(Errand::RefundMeanwhile, &id).await;
    }
    live.settle().await;
}

#[when(expr = "the merchant refunds {price}, and 10 minutes pass")]
async fn refunds_and_waits(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.refund(price.0).await;
    live.settle().await;
    live.pass(10 * MINUTE).await;
}

#[when(expr = "the merchant refunds {price} for a reason with hard characters")]
async fn refunds_for_hard_reason(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.so_far().order().map(str::to_owned) else { return };
    let slip = live.next_slip();
    live.press_refund(&order, &slip, price.0, HARD_REASON).await;
    live.settle().await;
}

#[when(expr = "the clerk {deed}")]
async fn does(stage: &mut Stage, deed: Deed) {
    let Some(live) = stage.live() else { return };
    match deed {
        Deed::Refunds => {
            if let Ok(amount) = Amount::from_price("USD 3.00") {
                live.refund(amount).await;
                live.settle().await;
            }
        }
        Deed::Cancels => live.clerk_cancels().await,
    }
}

#[when(expr = "the clerk cancels the order")]
async fn cancels(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.clerk_cancels().await;
    }
}

#[when(expr = "the clerk cancels the order at {word} Beijing time on the next day")]
async fn cancels_at(stage: &mut Stage, time: String) {
    let Some(live) = stage.live() else { return };
    live.pass_until_time(&time).await;
    let asked = live.clock.now();
    live.clerk_cancels().await;
    live.wants_cancel_in_time(asked);
}

#[when(expr = "the clerk cancels the order and the buyer confirms {race}")]
async fn cancels_against_buyer(stage: &mut Stage, race: Race) {
    let Some(live) = stage.live() else { return };
    let seen = live.so_far();
    let id = seen.order().and_then(|order| seen.ids_of(order).pop());
    let wallet = live.sold.last().map(|sold| sold.wallet.clone());
    let Some((id, wallet)) = id.zip(wallet) else { return };
    match race {
        Race::Before => {
            live.buyer_confirms(&wallet, &id).await;
            live.press_cancel().await;
        }
        Race::After => {
            live.press_cancel().await;
            // The call has arrived once nobody works any more; its answer is still under way.
            live.rest().await;
            live.buyer_confirms(&wallet, &id).await;
        }
        Race::Meets => {
            live.buyer_confirms(&wallet, &id).await;
            // The gateway tells of a success a second later.
            live.pass(950).await;
            live.press_cancel().await;
        }
    }
    live.pass(CANCELLING).await;
}

#[when(expr = "an own call cancels {unknown-order}")]
async fn cancels_unknown(stage: &mut Stage, stranger: Stranger) {
    let Some(live) = stage.live() else { return };
    let id = match stranger {
        Stranger::RequestId => format!("{}-nobody", live.mark),
        Stranger::PaymentId => "20260105194010800100188000000000009".to_owned(),
        Stranger::Neither => String::new(),
    };
    let body = match stranger {
        Stranger::RequestId => inquiry_body(Some(&id), None),
        Stranger::PaymentId => inquiry_body(None, Some(&id)),
        Stranger::Neither => inquiry_body(None, None),
    };
    live.own_call(Errand::CancelOfNothing, Api::Cancel, &body).await;
    if stranger != Stranger::Neither {
        live.own_call(Errand::NothingCame, Api::InquiryPayment, &body).await;
    }
}
