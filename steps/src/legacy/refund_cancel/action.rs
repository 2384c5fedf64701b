//! What When steps do about refunds and cancels.

use cucumber::when;
use evidence::Way;
use protocol::Amount;
use protocol::ams::{Api, inquiry_body};
use serde_json::json;

use crate::Stage;
use crate::errand::Errand;
use crate::live::Live;
use crate::parameters::Price;
use crate::sale::GOODS;
use crate::seen::Exchange;

/// How long an order has waited already where a case finds it waiting.
const WAITED: i64 = 5_000;

impl Live {
    /// The number of the order's payment.
    fn payment_number(&self) -> Option<String> {
        let seen = self.so_far();
        seen.order().and_then(|order| seen.ids_of(order).pop())
    }

    /// An own refund of the order's payment under a number.
    async fn own_refund_under(&mut self, errand: Errand, number: &str, amount: Amount) {
        let Some(payment) = self.payment_number() else { return };
        let body = json!({
            "paymentRequestId": payment,
            "refundRequestId": number,
            "refundAmount": amount.to_wire(),
        });
        self.own_call(errand, Api::Refund, &body).await;
    }
}

#[when(expr = "the merchant is asked to refund {price} more, and an own call asks for it too")]
async fn refunds_too_much(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.refund(price.0).await;
    live.settle().await;
    let number = format!("{}-own", live.mark);
    live.own_refund_under(Errand::RefundToo, &number, price.0).await;
}

#[when(
    expr = "the merchant is asked at once to refund {price}, {price} and {price} more, and an own call asks for it too"
)]
async fn refunds_at_once(stage: &mut Stage, first: Price, second: Price, third: Price) {
    let Some(live) = stage.live() else { return };
    for price in [first, second, third] {
        live.refund(price.0).await;
    }
    live.settle().await;
    let number = format!("{}-own", live.mark);
    live.own_refund_under(Errand::RefundToo, &number, third.0).await;
}

#[when(expr = "the witness retransmits the first refund")]
async fn retransmits_refund(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let seen = live.so_far();
    let first = seen.calls_of(Api::Refund).first().and_then(|refund| refund.sent.clone());
    if let Some(first) = first {
        live.hand_over_as_witness(Errand::Retransmit, Way::Call, first.blob).await;
    }
}

#[when(expr = "an own call asks for {price} under the number of that refund")]
async fn refunds_other_amount(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    let seen = live.so_far();
    let first = seen.calls_of(Api::Refund).first().and_then(|refund| Exchange::refund_id(refund));
    if let Some(number) = first {
        live.own_refund_under(Errand::OtherAmount, &number, price.0).await;
    }
}

#[when(expr = "an own call cancels the order once more")]
async fn cancels_again(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    if let Some(number) = live.payment_number() {
        let body = inquiry_body(Some(&number), None);
        live.own_call(Errand::CancelAgain, Api::Cancel, &body).await;
    }
}

#[when(expr = "the clerk cancels the order after {int} s, and the buyer confirms {int} s later")]
async fn cancels_before_confirmation(stage: &mut Stage, waits: i64, later: i64) {
    let Some(live) = stage.live() else { return };
    live.pass((waits * 1_000 - WAITED).max(0)).await;
    live.press_cancel().await;
    live.pass(later * 1_000).await;
    let wallet = live.sold.last().map(|sold| sold.wallet.clone());
    if let Some((number, wallet)) = live.payment_number().zip(wallet) {
        live.buyer_confirms(&wallet, &number).await;
    }
}

#[when(expr = "the cashier charges {price}, and the clerk cancels the order after {int} s")]
async fn cancels_soon(stage: &mut Stage, price: Price, waits: i64) {
    let Some(live) = stage.live() else { return };
    live.sell(price.0, GOODS).await;
    live.pass(waits * 1_000).await;
    live.clerk_cancels().await;
}
