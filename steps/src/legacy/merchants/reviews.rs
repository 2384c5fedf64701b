//! Checks of what the gateway says about reviews.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Api, Status};

use super::{questions, status_of, want_status};
use crate::seen::Exchange;
use crate::wants::want_result;
use crate::{Finding, Seen, Stage};

/// How long the arranged reviews take, in milliseconds.
fn span(seen: &Seen) -> i64 {
    let planned = seen.arranged.iter().rfind(|act| act.what == "review");
    planned.and_then(|act| act.facts.get("after")?.as_i64()).unwrap_or_default()
}

/// When the gateway got a call.
fn came(call: &Exchange) -> i64 {
    call.received.as_ref().map_or(call.began(), |got| got.at)
}

/// Wants every registration to be taken, and questions after the last one to be answered with a
/// status while its review runs and with SUCCESS after it.
fn want_review(seen: &Seen, wanted: usize, running: &str) -> Finding {
    let mut finding = Finding::new();
    let calls: Vec<_> =
        seen.calls_of(Api::Registration).into_iter().filter(|it| it.received.is_some()).collect();
    for call in &calls {
        want_result(&mut finding, call, call.name(), Status::S, &["SUCCESS"]);
    }
    let Some(last) = calls.last().filter(|_| calls.len() >= wanted) else {
        finding.cannot_judge(say::CALL_NOT_SEEN.with(["registration"]));
        return finding;
    };
    let over = came(last) + span(seen);
    let (mut before, mut after) = (0, 0);
    for call in questions(seen).filter(|call| call.line() > last.line()) {
        if came(call) < over {
            before += 1;
            want_status(&mut finding, call, running);
        } else {
            after += 1;
            want_status(&mut finding, call, "SUCCESS");
        }
    }
    if before == 0 || after == 0 {
        finding.cannot_judge(say::CALL_NOT_SEEN.with(["queryStatus"]));
    }
    finding
}

#[then(
    expr = "the registration is taken, and its status is UNDER_REVIEW during the review and SUCCESS after it"
)]
async fn reviewed(stage: &mut Stage) {
    stage.judge(|seen| want_review(seen, 1, "UNDER_REVIEW")).await;
}

#[then(
    expr = "the change is taken, and its status is MODIFICATION_REVIEW during the review and SUCCESS after it"
)]
async fn change_reviewed(stage: &mut Stage) {
    stage.judge(|seen| want_review(seen, 2, "MODIFICATION_REVIEW")).await;
}

#[then(expr = "a reason stands with the status FAILED, and with no other")]
async fn reason_with_failed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let mut failed = false;
            for call in questions(seen) {
                let reason = call.answer_sent.as_ref().and_then(|it| it.field("reject_reason"));
                let is_failed = status_of(call) == "FAILED";
                failed |= is_failed;
                if is_failed {
                    finding.shown_by(call.lines());
                    let absent = say::FIELD_ABSENT.with(["reject_reason"]);
                    let present = say::FIELD_PRESENT.with(["reject_reason"]);
                    finding.want(reason.is_some(), present, absent);
                } else if reason.is_some() {
                    finding.shown_by(call.lines());
                    let present = say::FIELD_PRESENT.with(["reject_reason"]);
                    finding.fail(say::FIELD_ABSENT.with(["reject_reason"]), present);
                }
            }
            finding.want(
                failed,
                say::FIELD_IS.with(["status", "FAILED"]),
                say::FIELD_ABSENT.with(["status"]),
            );
            finding
        })
        .await;
}

#[then(expr = "what never arrived has the status DATA_NOT_EXIST")]
async fn nothing_there(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let arrived = seen.at_gateway().filter(|call| call.api == Some(Api::Registration));
            let arrived = arrived.map(Exchange::line).min().unwrap_or(u32::MAX);
            let mut early = questions(seen).filter(|call| call.line() < arrived).peekable();
            if early.peek().is_none() {
                finding.cannot_judge(say::CALL_NOT_SEEN.with(["queryStatus"]));
            }
            for call in early {
                want_status(&mut finding, call, "DATA_NOT_EXIST");
            }
            finding
        })
        .await;
}
