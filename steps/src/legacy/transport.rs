//! Checks of how calls are sent and signed, and of how they are answered.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Status, Verified};
use protocol::legacy::{Charset, Form, Service};
use signing::base64_decode_strict;

use super::want_value;
use crate::seen::{Exchange, Request};
use crate::{Finding, Seen, Stage};

/// The parameter that names the charset.
const CHARSET: &str = "_input_charset";

/// The merchant's calls but for those that need no signature, or a finding that there is none.
pub(super) fn signed_calls<'a>(seen: &'a Seen, finding: &mut Finding) -> Vec<&'a Exchange> {
    let calls = calls(seen, finding).into_iter();
    calls.filter(|call| call.service() != Some(Service::NotifyVerify)).collect()
}

/// The merchant's calls, or a finding that there is none.
fn calls<'a>(seen: &'a Seen, finding: &mut Finding) -> Vec<&'a Exchange> {
    let calls: Vec<_> = seen.calls().filter(|call| call.parameter("service").is_some()).collect();
    if calls.is_empty() {
        finding.fail(say::CALL_SEEN.with(["gateway.do"]), say::CALL_NOT_SEEN.with(["gateway.do"]));
    }
    calls
}

/// What was called of the gateway, by the merchant or by the runner itself.
fn called<'a>(seen: &'a Seen, finding: &mut Finding) -> Vec<&'a Exchange> {
    calls(seen, finding);
    seen.at_gateway().filter(|call| call.parameter("service").is_some()).collect()
}

/// Whether a part of a call names a charset.
fn names_charset(part: &[u8]) -> bool {
    Form::read(part, b"", Charset::Utf8).is_ok_and(|form| form.get(CHARSET).is_some())
}

fn query_of(sent: &Request) -> Vec<u8> {
    let target = sent.target().unwrap_or_default();
    target.split_once('?').map_or(vec![], |(_, query)| query.as_bytes().to_vec())
}

/// Wants no bare `+` in the sign of a call: in a form it is a blank, which not every gateway puts
/// back.
fn want_plus_encoded(finding: &mut Finding, call: &Exchange) {
    let Some(sent) = call.sent.as_ref() else { return };
    let parts = [query_of(sent), sent.blob.body.clone()];
    let texts = parts.map(|part| String::from_utf8_lossy(&part).into_owned());
    let mut pieces = texts.iter().flat_map(|text| text.split('&'));
    let bare = pieces.any(|piece| piece.starts_with("sign=") && piece.contains(['+', ' ']));
    finding.want_for_good(!bare, say::SIGN_PLUS_ENCODED.plain(), say::SIGN_PLUS_BARE.plain());
}

/// The bytes of a sign in base64, with `_x` for `X` as the published samples have it.
pub(super) fn read_sign(sign: &str) -> Option<Vec<u8>> {
    base64_decode_strict(&sign.replace("_x", "X"))
}

#[then(expr = "every POST has _input_charset in the query of its address and not in its body")]
async fn charset_in_query(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in calls(seen, &mut finding) {
                let Some(sent) = call.sent.as_ref().filter(|sent| sent.method() == "POST") else {
                    continue;
                };
                finding.shown_by([sent.line]);
                let (query, body) = (query_of(sent), &sent.blob.body);
                let in_query = names_charset(&query);
                let absent = say::FIELD_ABSENT.with([CHARSET]);
                finding.want_for_good(in_query, say::FIELD_PRESENT.with([CHARSET]), absent);
                let present = say::FIELD_PRESENT.with([CHARSET]);
                finding.want_for_good(
                    !names_charset(body),
                    say::FIELD_ABSENT.with([CHARSET]),
                    present,
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the gateway merges query and body, and takes every call")]
async fn query_and_body_merged(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in called(seen, &mut finding) {
                // What the merchant signed wrongly is refused rightly.
                let good =
                    call.received.as_ref().is_some_and(|it| it.verified == Some(Verified::Valid));
                let Some((status, code)) = call.told().filter(|_| good) else { continue };
                finding.shown_by(call.lines());
                let refused = status == Status::F && code == "ILLEGAL_SIGN";
                finding.want(
                    !refused,
                    say::ANSWER_IS.with([call.name(), "S/U"]),
                    say::ANSWER_IS.with([call.name(), "F ILLEGAL_SIGN"]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "every answer comes in the charset of its call")]
async fn answers_in_charset(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in called(seen, &mut finding) {
                let form = call.request().and_then(|request| request.form.as_ref());
                let asked = form.map_or(Charset::Utf8, Form::charset);
                let answer = call.answer_sent.as_ref().and_then(|answer| answer.xml.as_ref());
                let Some(told) = answer.map(|answer| answer.charset) else { continue };
                finding.shown_by(call.lines());
                finding.want(
                    told == asked,
                    say::FIELD_IS.with(["encoding", asked.name()]),
                    say::FIELD_IS.with(["encoding", told.name()]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "every call says sign_type {word} and is signed so")]
async fn calls_signed(stage: &mut Stage, sign_type: String) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in signed_calls(seen, &mut finding) {
                finding.shown_by([call.line()]);
                want_value(&mut finding, call, "sign_type", &sign_type);
                want_plus_encoded(&mut finding, call);
                // A sign of RSA is as long as its key.
                let sign = call.parameter("sign").and_then(read_sign);
                if sign.is_some_and(|sign| sign.len() <= 128) {
                    finding.note(say::NOTE_KEY_SMALL.plain());
                }
            }
            finding
        })
        .await;
}

#[then(expr = "every answer with a response says {word} and is signed so")]
async fn answers_signed(stage: &mut Stage, sign_type: String) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in called(seen, &mut finding) {
                let answer = call.answer_sent.as_ref().and_then(|answer| answer.xml.as_ref());
                let Some(answer) = answer.filter(|answer| answer.response.is_some()) else {
                    continue;
                };
                finding.shown_by(call.lines());
                let told = answer.sign_type.as_deref().unwrap_or_default();
                let was = say::FIELD_IS.with(["sign_type", told]);
                let wanted = say::FIELD_IS.with(["sign_type", sign_type.as_str()]);
                finding.want(told == sign_type, wanted, was);
            }
            finding
        })
        .await;
}
