//! What Given steps arrange.

use cucumber::given;
use protocol::Generation;
use protocol::ams::{Api, is_payment_code};
use protocol::legacy::Service;
use serde_json::json;
use witness::{Effect, Fault, Hold, Match};

use super::alter;
use super::parameters::{Breakage, CodeStory, Forgery, Missing, Processing, Spoiling};
use crate::Stage;
use crate::errand::Errand;
use crate::legacy::service_for;
use crate::live::{Live, Mood};
use crate::parameters::Price;
use crate::sale::{CodeKind, GOODS};

impl Live {
    /// Plants a fault and records it.
    pub(crate) fn plant(&self, name: &'static str, on: Match, effect: Effect) {
        self.arranged("fault", json!({ "name": name }));
        self.witness.plant(Fault { name, on, effect });
    }

    /// Lets the gateway answer calls on demand and records it.
    pub(crate) async fn rule(&mut self, mut rule: serde_json::Value) {
        // The older generation calls it by the name of the service.
        let api = serde_json::from_value::<Api>(rule["api"].clone()).ok();
        if let (Generation::Legacy, Some(api)) = (self.contract.generation(), api) {
            rule["api"] = json!(service_for(self.product, api).map(Service::name));
        }
        self.arrange("rules", "answer-on-demand", rule).await;
    }

    pub(crate) fn buyer(&mut self, mood: Mood, text: &str) {
        self.mood = mood;
        self.arranged("buyer", json!({ "mood": text }));
    }
}

#[given(expr = "a buyer who pays at once")]
fn pays_at_once(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.buyer(Mood::Pays, "pays at once");
    }
}

#[given(expr = "a buyer who is asked for the password and approves after {int} s")]
#[given(expr = "a buyer who scans what the till shows after 4 s and confirms after {int} s")]
fn approves(stage: &mut Stage, seconds: i64) {
    if let Some(live) = stage.live() {
        live.buyer(Mood::Approves(seconds * 1_000), &format!("approves after {seconds} s"));
    }
}

#[given(expr = "a buyer who takes up the offer and confirms after {int} s")]
fn takes_up(stage: &mut Stage, seconds: i64) {
    if let Some(live) = stage.live() {
        live.buyer(Mood::Approves(seconds * 1_000), &format!("confirms after {seconds} s"));
    }
}

#[given(expr = "a buyer whose wallet holds {word}, at {word} {word} for {word}")]
async fn other_currency(
    stage: &mut Stage,
    holds: String,
    price: String,
    counter: String,
    base: String,
) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Pays, &format!("pays at once, in {holds}"));
    live.holds = Some(holds);
    // Somebody else's gateway has a rate of its own.
    if !live.control.is_there() {
        return;
    }
    let rate = json!({ "pair": format!("{base}/{counter}"), "price": price });
    live.arrange("rates", "rate", rate).await;
}

#[given(expr = "the gateway demands store and merchant with a scanned code")]
async fn store_demanded(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let settings = json!({ "switches": { "A20": "required" } });
    live.arrange("settings", "settings", settings).await;
}

#[given(expr = "a buyer who is asked for the password and declines after {int} s")]
fn declines(stage: &mut Stage, seconds: i64) {
    if let Some(live) = stage.live() {
        live.buyer(Mood::Declines(seconds * 1_000), &format!("declines after {seconds} s"));
    }
}

#[given(expr = "a buyer who confirms after {int} s and has too little money")]
fn too_little_money(stage: &mut Stage, seconds: i64) {
    if let Some(live) = stage.live() {
        live.poor = true;
        let mood = Mood::Approves(seconds * 1_000);
        live.buyer(mood, &format!("confirms after {seconds} s with too little money"));
    }
}

#[given(expr = "a buyer who is asked for the password and does nothing")]
#[given(expr = "a buyer who takes up the offer and does nothing")]
fn does_nothing(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.buyer(Mood::Ignores, "does nothing");
    }
}

#[given(expr = "the buyer's code {code-story}")]
fn code_story(stage: &mut Stage, story: CodeStory) {
    let Some(live) = stage.live() else { return };
    live.code = match story {
        CodeStory::Expired => CodeKind::Expired,
        CodeStory::Unknown => CodeKind::Invented("280000000000000000".into()),
        CodeStory::Used => CodeKind::Used,
    };
    live.arranged("code", json!({ "story": format!("{story:?}") }));
}

#[given(expr = "the buyer's code has {int} digits and begins with {int}")]
fn code_form(stage: &mut Stage, digits: usize, prefix: u32) {
    let Some(live) = stage.live() else { return };
    let prefix = prefix.to_string();
    let sample = format!("{prefix}{}", "1".repeat(digits.saturating_sub(prefix.len())));
    live.arranged("code", json!({ "digits": digits, "prefix": prefix }));
    // A code outside the documented form is one that no wallet issues.
    live.code = if is_payment_code(&sample) {
        CodeKind::Fresh { prefix, digits }
    } else {
        CodeKind::Invented(sample)
    };
}

#[given(expr = "the buyer's code is of another wallet's form")]
fn foreign_code(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.arranged("code", json!({ "form": "another wallet's" }));
    live.code = CodeKind::Foreign("KP7F3A9021C".into());
}

#[given(expr = "notices are held back")]
fn notices_held(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.plant("notice-held-back", Match::notices(), Effect::LoseCall);
    }
}

#[given(expr = "notices are held back for {int} s")]
fn notices_held_for(stage: &mut Stage, seconds: i64) {
    if let Some(live) = stage.live() {
        let hold = Hold::For(seconds * 1_000);
        live.plant("notice-held-back", Match::notices(), Effect::HoldCall(hold));
    }
}

#[given(expr = "notices are held back until they are let through")]
fn notices_held_until(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let hold = Hold::Until(live.gate("notices"));
        live.plant("notice-held-back", Match::notices(), Effect::HoldCall(hold));
    }
}

#[given(expr = "the pay request is lost on its way")]
fn pay_lost(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.plant("pay-lost", Match::nth(Api::Pay, 1), Effect::LoseCall);
    }
}

#[given(expr = "every pay request is lost on its way")]
fn every_pay_lost(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.plant("pay-lost", Match::every(Api::Pay), Effect::LoseCall);
    }
}

#[given(expr = "the answer to pay is lost")]
fn answer_lost(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.plant("answer-lost", Match::nth(Api::Pay, 1), Effect::LoseAnswer);
    }
}

#[given(expr = "every inquiry is lost on its way")]
#[given(expr = "every query is lost on its way")]
fn inquiries_lost(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.plant("inquiry-lost", Match::every(Api::InquiryPayment), Effect::LoseCall);
    }
}

#[given(expr = "every inquiry is answered with nothing")]
fn inquiries_unanswered(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.plant("answer-lost", Match::every(Api::InquiryPayment), Effect::LoseAnswer);
    }
}

#[given(expr = "every inquiry is answered with {word} {word}")]
async fn inquiries_answered(stage: &mut Stage, status: String, code: String) {
    if let Some(live) = stage.live() {
        live.rule(json!({ "api": "inquiryPayment", "code": code, "status": status })).await;
    }
}

#[given(expr = "the gateway answers the first pay with {word} {word}, {processing}")]
async fn first_pay_answered(
    stage: &mut Stage,
    status: String,
    code: String,
    processing: Processing,
) {
    if let Some(live) = stage.live() {
        let process = processing == Processing::After;
        let rule = json!({
            "api": "pay", "code": code, "status": status, "process": process, "times": 1,
        });
        live.rule(rule).await;
    }
}

#[given(expr = "the pay request reaches the gateway only after the second inquiry was answered")]
fn pay_after_second_inquiry(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let gate = live.gate("pay");
        let hold = Effect::HoldCall(Hold::Until(gate.clone()));
        live.plant("pay-held", Match::nth(Api::Pay, 1), hold);
        let second = Match::nth(Api::InquiryPayment, 2);
        live.plant("pay-let-through", second, Effect::ThenOpen(gate));
    }
}

#[given(expr = "the answer to pay is held until the notice was answered")]
fn answer_after_notice(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let gate = live.gate("answer");
        let hold = Effect::HoldAnswer(Hold::Until(gate.clone()));
        live.plant("answer-held", Match::nth(Api::Pay, 1), hold);
        live.plant("answer-let-through", Match::notices(), Effect::ThenOpen(gate));
    }
}

#[given(expr = "the answer to the first inquiry is held for {int} ms")]
fn first_inquiry_held(stage: &mut Stage, span: i64) {
    if let Some(live) = stage.live() {
        let hold = Effect::HoldAnswer(Hold::For(span));
        live.plant("answer-held", Match::nth(Api::InquiryPayment, 1), hold);
    }
}

#[given(expr = "nothing is paid, and the witness {forgery}")]
async fn altered_answers(stage: &mut Stage, forgery: Forgery) {
    let Some(live) = stage.live() else { return };
    let refusal = json!({ "api": "pay", "code": "RISK_REJECT", "status": "F" });
    live.buyer(Mood::Ignores, "does nothing");
    match forgery {
        Forgery::Refusal => {
            live.rule(refusal).await;
            let effect = Effect::ReplaceAnswer(alter::into_success(live.product));
            live.plant("refusal-turned-into-success", Match::every(Api::Pay), effect);
        }
        Forgery::RefusalSigned => {
            live.rule(refusal).await;
            let target = Api::Pay.path(live.contract.identity());
            let effect = alter::signed_by_stranger(alter::into_success(live.product), target);
            let effect = Effect::ReplaceAnswer(effect);
            live.plant("refusal-turned-into-success", Match::every(Api::Pay), effect);
        }
        Forgery::Inquiry => {
            let effect = Effect::ReplaceAnswer(alter::text("PROCESSING", "SUCCESS"));
            live.plant("processing-into-success", Match::every(Api::InquiryPayment), effect);
        }
        Forgery::OtherOrder => {
            let Some(order) = live.sell_aside().await else { return };
            let id = live.so_far().ids_of(&order).pop().unwrap_or_default();
            let Some(genuine) = live.own_inquiry(Errand::AnotherOrder, &id).await else { return };
            let effect = Effect::ReplaceAnswer(alter::always(genuine));
            live.plant("answer-of-another-order", Match::every(Api::InquiryPayment), effect);
        }
    }
}

#[given(expr = "pay is refused, and the witness turns it into a success {missing}")]
async fn unsigned_success(stage: &mut Stage, missing: Missing) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Ignores, "does nothing");
    live.rule(json!({ "api": "pay", "code": "RISK_REJECT", "status": "F" })).await;
    let effect = Effect::ReplaceAnswer(alter::unsigned_success(live.product, missing));
    live.plant("unsigned-success", Match::every(Api::Pay), effect);
}

#[given(expr = "the witness changes one digit of the amount in every pay request")]
fn amount_changed(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let effect = Effect::ReplaceCall(alter::text("\"1231\"", "\"1232\""));
        live.plant("amount-changed", Match::every(Api::Pay), effect);
    }
}

#[given(expr = "the first answer to pay is replaced by {breakage}")]
fn broken_answer(stage: &mut Stage, breakage: Breakage) {
    if let Some(live) = stage.live() {
        let effect = match breakage {
            Breakage::Reset => Effect::Reset,
            Breakage::Http502 => Effect::ReplaceAnswer(alter::bad_gateway()),
            Breakage::Half => Effect::ReplaceAnswer(alter::first_half()),
            Breakage::Empty => Effect::ReplaceAnswer(alter::body(b"")),
        };
        live.plant("answer-broken", Match::nth(Api::Pay, 1), effect);
    }
}

#[given(expr = "acknowledgements arrive spoilt: {spoiling}")]
fn spoilt_acks(stage: &mut Stage, spoiling: Spoiling) {
    let Some(live) = stage.live() else { return };
    let wrong = || Effect::ReplaceAnswer(alter::body(b"{\"result\":{\"resultStatus\":\"U\"}}"));
    let (on, effect) = match spoiling {
        Spoiling::WrongBody => (Match::notices(), wrong()),
        Spoiling::Http500 => {
            (Match::notices(), Effect::ReplaceAnswer(alter::text("200 OK", "500 Oh")))
        }
        Spoiling::Nothing => (Match::notices(), Effect::LoseAnswer),
        Spoiling::Late => (Match::notices(), Effect::HoldAnswer(Hold::For(30_000))),
        Spoiling::Bom => (Match::notices(), Effect::ReplaceAnswer(alter::with_bom())),
        Spoiling::TwiceWrong => (Match::notices().up_to(2), wrong()),
    };
    live.plant("ack-spoilt", on, effect);
}

#[given(expr = "the gateway writes hard characters into its texts")]
async fn hard_texts(stage: &mut Stage) {
    // Somebody else's gateway writes what it likes; the merchant's own texts are hard ones everywhere.
    let Some(live) = stage.live().filter(|live| live.control.is_there()) else { return };
    let settings = json!({ "hard_texts": true });
    live.arrange("settings", "settings", settings).await;
}

#[given(expr = "an order of {price} is paid")]
async fn is_paid(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Pays, "pays at once");
    live.sell(price.0, GOODS).await;
    live.settle().await;
}

#[given(expr = "an order of {price} that was cancelled by the clerk")]
async fn was_cancelled(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Ignores, "does nothing");
    live.sell(price.0, GOODS).await;
    if let Some(order) = live.while_it_waits().await {
        live.cancel(order).await;
    }
    live.settle().await;
    live.pays_from_now_on().await;
}

#[given(expr = "an order of {price} that was closed by its expiry")]
async fn was_closed(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Ignores, "does nothing");
    let Some(order) = live.sell(price.0, GOODS).await else { return };
    live.pass(3_000).await;
    if let Some(id) = live.so_far().ids_of(&order).pop() {
        let expired = live.control.post(&format!("payments/{id}/expire"), &json!({})).await;
        live.sure(expired);
        live.arranged("expiry", json!({ "paymentRequestId": id }));
    }
    live.settle().await;
    live.pays_from_now_on().await;
}

impl Live {
    pub(crate) async fn pays_from_now_on(&mut self) {
        self.buyer(Mood::Pays, "pays at once");
        if !self.control.is_there() {
            return;
        }
        for wallet in self.wallets.values().cloned().collect::<Vec<_>>() {
            let target = format!("wallets/{wallet}/mood");
            let answer = self.control.post(&target, &json!({ "kind": "pays" })).await;
            self.sure(answer);
        }
    }
}
