//! What Given steps arrange in the words of the older generation.

use cucumber::given;
use evidence::Blob;
use protocol::ams::Api;
use serde_json::json;
use witness::{Effect, Match, Rewrite};

use crate::Stage;
use crate::live::{Mood, Turnout};

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
