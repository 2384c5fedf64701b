//! What Given steps arrange.

use cucumber::given;
use protocol::ams::Api;
use serde_json::json;
use witness::{Effect, Match};

use super::parameters::{BackForgery, CancelTrouble, Nothing, RefundTrouble, Refused, SlowEnd};
use crate::Stage;
use crate::live::{Live, Mood};
use crate::parameters::Price;
use crate::payment::alter;
use crate::sale::GOODS;

/// A little more than the longest refund window: a leap year and a day.
const OVER: i64 = 367 * protocol::DAY;

impl Live {
    async fn sells_to(&mut self, mood: Mood, text: &str, price: Price) -> Option<String> {
        self.buyer(mood, text);
        self.sell(price.0, GOODS).await
    }

    /// Refunds take so many milliseconds from now on, and then end.
    pub(crate) async fn refunds_take(&mut self, after: i64, ends: &str) {
        let pace = json!({ "after": after, "ends": ends });
        self.arrange("refunds", "refund-pace", pace).await;
    }
}

#[given(expr = "an order of {price} waits for the buyer")]
async fn waits(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.sells_to(Mood::Ignores, "does nothing", price).await;
    live.while_it_waits().await;
    // Time enough to scan what a till shows.
    live.pass(5_000).await;
}

#[given(expr = "an order of {price} {nothing-to-give-back}")]
async fn nothing_to_give_back(stage: &mut Stage, price: Price, nothing: Nothing) {
    let Some(live) = stage.live() else { return };
    match nothing {
        Nothing::Waiting => {
            live.sells_to(Mood::Ignores, "does nothing", price).await;
            live.while_it_waits().await;
        }
        Nothing::Declined => {
            live.sells_to(Mood::Declines(8_000), "declines", price).await;
            live.settle().await;
        }
        Nothing::Cancelled => {
            live.sells_to(Mood::Pays, "pays at once", price).await;
            live.settle().await;
            live.clerk_cancels().await;
        }
        Nothing::Unknown => live.arranged("order", json!({ "known": false })),
    }
}

#[given(expr = "an order of {price} is created and paid at {word} Beijing time")]
async fn paid_at(stage: &mut Stage, price: Price, time: String) {
    let Some(live) = stage.live() else { return };
    live.pass_until_time(&time).await;
    live.sells_to(Mood::Pays, "pays at once", price).await;
    live.settle().await;
}

#[given(expr = "{price} of it is refunded")]
async fn partly_refunded(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.refund(price.0).await;
    live.settle().await;
}

#[given(expr = "the first refund {refund-trouble}")]
async fn first_refund(stage: &mut Stage, trouble: RefundTrouble) {
    let Some(live) = stage.live() else { return };
    let on = Match::nth(Api::Refund, 1);
    let answered = |code: &str, process: bool| json!({ "api": "refund", "code": code, "process": process, "times": 1 });
    match trouble {
        RefundTrouble::Processed => live.rule(answered("UNKNOWN_EXCEPTION", true)).await,
        RefundTrouble::Unprocessed => live.rule(answered("UNKNOWN_EXCEPTION", false)).await,
        RefundTrouble::Busy => live.rule(answered("REQUEST_TRAFFIC_EXCEED_LIMIT", false)).await,
        RefundTrouble::Lost => live.plant("refund-lost", on, Effect::LoseCall),
        RefundTrouble::AnswerLost => live.plant("answer-lost", on, Effect::LoseAnswer),
        RefundTrouble::Http502 => {
            live.plant("answer-broken", on, Effect::ReplaceAnswer(alter::bad_gateway()));
        }
    }
}

#[given(expr = "every refund takes {int} s and then {slow-end}")]
async fn slow_refunds(stage: &mut Stage, seconds: i64, end: SlowEnd) {
    let Some(live) = stage.live() else { return };
    let ends = match end {
        SlowEnd::Succeeds => "success",
        SlowEnd::Fails => "fail",
    };
    live.refunds_take(seconds * 1_000, ends).await;
}

#[given(expr = "{refused-because}")]
async fn refused_for_good(stage: &mut Stage, refused: Refused) {
    let Some(live) = stage.live() else { return };
    let code = match refused {
        Refused::Window => {
            live.arranged("time-passes", json!({ "milliseconds": OVER }));
            return live.pass(OVER).await;
        }
        Refused::Process => "PROCESS_FAIL",
        Refused::Merchant => "INVALID_MERCHANT_STATUS",
        Refused::Contract => "INVALID_CONTRACT",
    };
    live.rule(json!({ "api": "refund", "code": code })).await;
}

#[given(expr = "the witness {back-forgery}")]
async fn forged_answers(stage: &mut Stage, forgery: BackForgery) {
    let Some(live) = stage.live() else { return };
    let success = alter::result_into_success();
    let (name, api, rewrite) = match forgery {
        BackForgery::Refund => ("refusal-turned-into-success", Api::Refund, success),
        BackForgery::RefundUnsigned => ("unsigned-success", Api::Refund, alter::unsigned(success)),
        BackForgery::Inquiry => {
            live.refunds_take(40_000, "success").await;
            ("processing-into-success", Api::InquiryRefund, alter::text("PROCESSING", "SUCCESS"))
        }
        BackForgery::Cancel => ("refusal-turned-into-success", Api::Cancel, success),
    };
    if forgery != BackForgery::Inquiry {
        live.rule(json!({ "api": api.name(), "code": "PROCESS_FAIL" })).await;
    }
    live.plant(name, Match::every(api), Effect::ReplaceAnswer(rewrite));
}

#[given(expr = "each of the first two cancels is {cancel-trouble}")]
async fn troubled_cancels(stage: &mut Stage, trouble: CancelTrouble) {
    let Some(live) = stage.live() else { return };
    let on = Match::every(Api::Cancel).up_to(2);
    match trouble {
        CancelTrouble::Unknown => {
            live.rule(json!({ "api": "cancel", "code": "UNKNOWN_EXCEPTION", "times": 2 })).await;
        }
        CancelTrouble::Lost => live.plant("cancel-lost", on, Effect::LoseCall),
        CancelTrouble::AnswerLost => live.plant("answer-lost", on, Effect::LoseAnswer),
    }
}

#[given(expr = "every cancel is lost on the way")]
fn every_cancel_lost(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.plant("cancel-lost", Match::every(Api::Cancel), Effect::LoseCall);
    }
}
