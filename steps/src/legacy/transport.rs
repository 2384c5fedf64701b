//! Checks of how calls are sent and signed, and of how they are answered.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Status, Verified};
use protocol::legacy::{Charset, Form};

use super::want_value;
use crate::seen::{Exchange, Request};
use crate::{Finding, Seen, Stage};

/// The parameter that names the charset.
const CHARSET: &str = "_input_charset";

/// The merchant's calls, or a finding that there is none.
fn calls<'a>(seen: &'a Seen, finding: &mut Finding) -> Vec<&'a Exchange> {
    let calls: Vec<_> = seen.calls().filter(|call| call.parameter("service").is_some()).collect();
    if calls.is_empty() {
        finding.fail(say::CALL_SEEN.with(["gateway.do"]), say::CALL_NOT_SEEN.with(["gateway.do"]));
    }
    calls
}

/// Whether a part of a call names a charset.
fn names_charset(part: &[u8]) -> bool {
    Form::read(part, b"", Charset::Utf8).is_ok_and(|form| form.get(CHARSET).is_some())
}

fn query_of(sent: &Request) -> Vec<u8> {
    let target = sent.target().unwrap_or_default();
    target.split_once('?').map_or(vec![], |(_, query)| query.as_bytes().to_vec())
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
            for call in calls(seen, &mut finding) {
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
            for call in calls(seen, &mut finding) {
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

#[then(expr = "every call says sign_type RSA2 and is signed so")]
async fn calls_signed_rsa2(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in calls(seen, &mut finding) {
                finding.shown_by([call.line()]);
                want_value(&mut finding, call, "sign_type", "RSA2");
            }
            finding
        })
        .await;
}

#[then(expr = "every answer with a response says RSA2 and is signed so")]
async fn answers_signed_rsa2(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in calls(seen, &mut finding) {
                let answer = call.answer_sent.as_ref().and_then(|answer| answer.xml.as_ref());
                let Some(answer) = answer.filter(|answer| answer.response.is_some()) else {
                    continue;
                };
                finding.shown_by(call.lines());
                let told = answer.sign_type.as_deref().unwrap_or_default();
                let was = say::FIELD_IS.with(["sign_type", told]);
                finding.want(told == "RSA2", say::FIELD_IS.with(["sign_type", "RSA2"]), was);
            }
            finding
        })
        .await;
}
