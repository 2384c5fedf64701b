//! What Given steps arrange about refunds and cancels.

use cucumber::given;
use protocol::ams::Api;
use serde_json::json;
use witness::{Effect, Match, Rewrite};

use super::parameters::{Repeated, UnknownCancel, UnknownRefund};
use crate::Stage;
use crate::legacy::situation::rejection;
use crate::live::Live;

impl Live {
    /// Puts `SYSTEM_ERROR` in the place of answers.
    fn system_error_instead(&mut self, on: Match) {
        let answer = rejection("SYSTEM_ERROR");
        let effect = Effect::ReplaceAnswer(Rewrite::new(move |_| answer.clone()));
        self.plant("system-error", on, effect);
    }
}

#[given(expr = "{unknown-refund}")]
async fn unknown_refund(stage: &mut Stage, trouble: UnknownRefund) {
    let Some(live) = stage.live() else { return };
    let all = Match::every(Api::Refund);
    match trouble {
        UnknownRefund::Lost => live.plant("answer-lost", all.up_to(2), Effect::LoseAnswer),
        UnknownRefund::Unknow => {
            let rule = json!({
                "api": "refund", "code": "SYSTEM_ERROR", "status": "U", "process": true, "times": 2,
            });
            live.rule(rule).await;
        }
        UnknownRefund::SystemError => live.system_error_instead(all.up_to(2)),
        UnknownRefund::SystemErrors => live.system_error_instead(all),
    }
}

#[given(expr = "{unknown-cancel}")]
async fn unknown_cancel(stage: &mut Stage, trouble: UnknownCancel) {
    let Some(live) = stage.live() else { return };
    let all = Match::every(Api::Cancel);
    let answered = |status: &str| json!({ "api": "cancel", "code": "SYSTEM_ERROR", "status": status, "times": 2 });
    match trouble {
        UnknownCancel::Unknown => live.rule(answered("U")).await,
        // The gateway says of such a failure that the call may be repeated.
        UnknownCancel::Retry => live.rule(answered("F")).await,
        UnknownCancel::Lost => live.plant("answer-lost", all.up_to(2), Effect::LoseAnswer),
        UnknownCancel::SystemError => live.system_error_instead(all.up_to(2)),
        UnknownCancel::AllLost => live.plant("answer-lost", all, Effect::LoseAnswer),
    }
}

#[given(
    expr = "the first answer to forex_refund and the first notice of the refund are lost, and a repeat is {repeated-refund}"
)]
async fn website_refund_unanswered(stage: &mut Stage, repeated: Repeated) {
    let Some(live) = stage.live() else { return };
    live.plant("answer-lost", Match::nth(Api::Refund, 1), Effect::LoseAnswer);
    // Otherwise the end is known before anything has to be repeated.
    let notice = Match::notices().telling("refund_status_sync").up_to(1);
    live.plant("notice-held-back", notice, Effect::LoseCall);
    if repeated == Repeated::Refused {
        live.set_switch("L22", "refused").await;
    }
}
