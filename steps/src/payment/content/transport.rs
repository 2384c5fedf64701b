//! Checks of what carries a message: path, headers, signature and HTTP status.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Signature, Status};
use protocol::parse_time;

use crate::wants::{has_offset, want_result};
use crate::{Finding, Seen, Stage};

#[then(
    expr = "every call goes to its documented path, with client id and time in a documented form"
)]
async fn transport_of_calls(stage: &mut Stage) {
    stage.judge(transport_as_documented).await;
}

fn transport_as_documented(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let client_id = seen.contract("client_id").unwrap_or_default();
    if seen.calls().next().is_none() {
        finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
    }
    for call in seen.calls() {
        let Some(request) = &call.sent else { continue };
        finding.shown_by([request.line]);
        let target = request.target().unwrap_or_default();
        let documented = call.api.map(|api| api.path(client_id));
        let wanted = documented.clone().unwrap_or_else(|| "/ams/…/api/v1/payments/…".into());
        finding.want(
            request.method() == "POST" && documented.as_deref() == Some(&target),
            say::METHOD_AND_PATH.with(["POST", &wanted]),
            say::METHOD_AND_PATH.with([request.method(), target]),
        );
        let id = request.header("client-id").unwrap_or_default();
        finding.want(
            id == client_id,
            say::FIELD_IS.with(["Client-Id", client_id]),
            say::FIELD_IS.with(["Client-Id", &id]),
        );
        let time = request.header("request-time").unwrap_or_default();
        let form = "moment";
        finding.want(
            parse_time(&time).is_some(),
            say::FIELD_MATCHES.with(["Request-Time", form]),
            say::FIELD_IS.with(["Request-Time", &time]),
        );
        let away =
            parse_time(&time).map_or(0, |told| told.saturating_sub(request.at).saturating_abs());
        if away > 60_000 {
            finding.note(say::NOTE_CLOCK.with([away]));
        }
    }
    finding
}

#[then(expr = "every call carries algorithm, key version and a URL-encoded signature")]
async fn signatures_of_calls(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for request in seen.calls().filter_map(|call| call.sent.as_ref()) {
                finding.shown_by([request.line]);
                let header = request.header("signature").unwrap_or_default();
                let wanted = "signature";
                let parsed = Signature::parse(&header);
                let whole = parsed.as_ref().is_ok_and(|told| {
                    let named = told.algorithm.as_deref() == Some("RSA256");
                    named && told.key_version.is_some() && told.encoded
                });
                finding.want(
                    whole,
                    say::FIELD_MATCHES.with(["Signature", wanted]),
                    say::FIELD_IS.with(["Signature", &header]),
                );
                if parsed.is_ok_and(|told| !told.documented_form) {
                    finding.note(say::NOTE_SIGNATURE_FORM.plain());
                }
            }
            finding
        })
        .await;
}

#[then(expr = "every answer is HTTP 200, with the caller's id and a time with offset")]
async fn transport_of_answers(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let client_id = seen.contract("client_id").unwrap_or_default();
            let answers = seen.at_gateway().filter_map(|call| call.answer_sent.as_ref());
            for answer in answers {
                finding.shown_by([answer.line]);
                let status = answer.status.unwrap_or(0).to_string();
                finding.want(
                    status == "200",
                    say::STATUS_IS.with(["200"]),
                    say::STATUS_IS.with([&status]),
                );
                let id = answer.header("client-id").unwrap_or_default();
                finding.want(
                    id == client_id,
                    say::FIELD_IS.with(["Client-Id", client_id]),
                    say::FIELD_IS.with(["Client-Id", &id]),
                );
                let time = answer.header("response-time").unwrap_or_default();
                finding.want(
                    has_offset(&time),
                    say::FIELD_MATCHES.with(["Response-Time", "time"]),
                    say::FIELD_IS.with(["Response-Time", &time]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the gateway refuses the changed request for its signature")]
async fn refuses_changed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let codes = ["INVALID_SIGNATURE", "SIGNATURE_INVALID"];
            let changed =
                seen.calls().filter(|call| call.met("amount-changed")).collect::<Vec<_>>();
            if changed.is_empty() {
                finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
            }
            for pay in changed {
                want_result(&mut finding, pay, "pay", Status::F, &codes);
            }
            finding
        })
        .await;
}
