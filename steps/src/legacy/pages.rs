//! Pages that the gateway shows to a browser. They are no XML, and no page of the documents says what
//! stands in them.

use evidence::words as say;
use protocol::ams::Status;
use protocol::legacy::Service;

use crate::Finding;
use crate::seen::Exchange;
use crate::wants::{want_refusal, want_result};

/// What the page says to which a call led that a browser is sent with; none where the gateway answered
/// otherwise.
fn page_of(call: &Exchange) -> Option<String> {
    let browsed = [Service::CreateForexTrade, Service::CreateForexTradeWap];
    let browsed = call.service().is_some_and(|service| browsed.contains(&service));
    let answer = call.answer_sent.as_ref().filter(|answer| browsed && answer.xml.is_none())?;
    Some(String::from_utf8_lossy(&answer.blob.body).into_owned())
}

/// Wants a call to be refused with a code.
pub(super) fn want_refused(finding: &mut Finding, call: &Exchange, code: &str) {
    if !want_page_naming(finding, call, code) {
        want_result(finding, call, call.name(), Status::F, &[code]);
    }
}

/// Wants a call to be refused. That the code is this one is a guess.
pub(super) fn want_refused_somehow(finding: &mut Finding, call: &Exchange, code: &str) {
    if !want_page_naming(finding, call, code) {
        want_refusal(finding, call, call.name(), &[code]);
    }
}

/// Wants the page to name a code, which is a guess. Answers whether there is a page.
fn want_page_naming(finding: &mut Finding, call: &Exchange, code: &str) -> bool {
    let Some(page) = page_of(call) else { return false };
    finding.shown_by(call.lines());
    let wanted = say::ANSWER_IS.with([call.name(), &format!("F {code}")]);
    finding.guess(page.contains(code), wanted, say::ANSWER_NO_RESULT.with([call.name()]));
    true
}

/// Wants a call not to be refused because of its signature. A page that does not say so took it.
pub(super) fn want_taken(finding: &mut Finding, call: &Exchange) {
    let Some(page) = page_of(call) else {
        return want_result(finding, call, call.name(), Status::S, &[]);
    };
    finding.shown_by(call.lines());
    finding.want(
        !page.contains("ILLEGAL_SIGN"),
        say::ANSWER_IS.with([call.name(), "S"]),
        say::ANSWER_IS.with([call.name(), "F ILLEGAL_SIGN"]),
    );
}
