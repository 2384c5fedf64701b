//! What Given steps arrange in the words of the older generation.

use cucumber::given;
use evidence::Blob;
use protocol::ams::Api;
use serde_json::json;
use witness::{Effect, Hold, Match, Rewrite};

use super::parameters::RepeatAnswer;
use crate::Stage;
use crate::live::{Mood, Turnout};
use crate::product::Means;

/// An answer of the gateway's own level, which carries no signature.
pub(super) fn rejection(error: &str) -> Blob {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><alipay><is_success>F</is_success>\
         <error>{error}</error></alipay>"
    );
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/xml;charset=utf-8\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    Blob { head: head.into_bytes(), body: body.into_bytes() }
}

#[given(expr = "the buyer is charged, and the answer is replaced by is_success=F, SYSTEM_ERROR")]
fn replaced_by_system_error(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Pays, "pays at once");
    let answer = rejection("SYSTEM_ERROR");
    let effect = Effect::ReplaceAnswer(Rewrite::new(move |_| answer.clone()));
    live.plant("system-error", Match::nth(Api::Pay, 1), effect);
}

#[given(expr = "the gateway answers UNKNOW with SYSTEM_ERROR, and the buyer is charged 6 s later")]
async fn unknow_with_system_error(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Approves(6_000), "is charged after 6 s");
    let rule = json!({
        "api": "pay", "code": "SYSTEM_ERROR", "status": "U", "process": true, "times": 1,
    });
    live.rule(rule).await;
}

#[given(expr = "a buyer who never scans the code")]
fn never_scans(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.buyer(Mood::Ignores, "never scans the code");
        live.turnout = Turnout::StaysAway;
    }
}

#[given(expr = "a buyer who pays so late that the merchant asks meanwhile")]
fn pays_late(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    // A till asks every few seconds, and soon cancels. Whoever waits for a notice asks after a
    // minute.
    let seconds = match live.product.means() {
        Means::ScannedCode => 20,
        Means::ShownCode | Means::EntryPage | Means::WalletPage => 90,
    };
    live.buyer(Mood::Approves(seconds * 1_000), &format!("confirms after {seconds} s"));
}

#[given(expr = "the buyer's wallet holds too little money")]
fn holds_too_little(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.poor = true;
        live.arranged("buyer", json!({ "mood": "has too little money" }));
    }
}

#[given(expr = "the answers to the second, third and fourth query are lost")]
fn query_answers_lost(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let these = Match::nth(Api::InquiryPayment, 2).up_to(4);
        live.plant("answer-lost", these, Effect::LoseAnswer);
    }
}

#[given(expr = "the payment call is held on its way")]
fn pay_held(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let hold = Effect::HoldCall(Hold::Until(live.gate("pay")));
        live.plant("pay-held", Match::nth(Api::Pay, 1), hold);
    }
}

#[given(expr = "the cancel is held on its way")]
fn cancel_held(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let hold = Effect::HoldCall(Hold::Until(live.gate("cancel")));
        live.plant("cancel-held", Match::nth(Api::Cancel, 1), hold);
    }
}

#[given(expr = "a repeated payment is answered {repeat-answer}")]
async fn repeat_is_answered(stage: &mut Stage, answer: RepeatAnswer) {
    let Some(live) = stage.live() else { return };
    match answer {
        // What every gateway does.
        RepeatAnswer::Same => {}
        RepeatAnswer::HasSuccess => {
            let settings = json!({ "switches": { "L7": "TRADE_HAS_SUCCESS" } });
            live.arrange("settings", "settings", settings).await;
        }
    }
}
