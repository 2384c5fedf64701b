//! Secondary merchants in the words of the older generation.

mod action;
mod content;
mod parameters;
mod refusals;
mod reviews;
mod situation;
mod state;

use evidence::words as say;
use protocol::ams::Api;

use crate::seen::Exchange;
use crate::{Finding, Seen};

/// The merchant's registrations, or a finding that there is none.
fn registrations<'a>(seen: &'a Seen, finding: &mut Finding) -> Vec<&'a Exchange> {
    let calls = seen.calls_of(Api::Registration);
    finding.shown_by(calls.iter().flat_map(|call| call.lines()));
    if calls.is_empty() {
        let (wanted, missing) = ("registration", say::CALL_NOT_SEEN.with(["registration"]));
        finding.fail(say::CALL_SEEN.with([wanted]), missing);
    }
    calls
}

/// Everybody's questions about the status that came to the gateway.
fn questions(seen: &Seen) -> impl Iterator<Item = &Exchange> {
    seen.at_gateway().filter(|call| call.api == Some(Api::InquiryRegistrationStatus))
}

/// The status that the gateway tells.
fn status_of(call: &Exchange) -> &str {
    call.answer_sent.as_ref().and_then(|answer| answer.field("status")).unwrap_or("—")
}

/// The line at which the merchant first heard, believably, of a status.
fn heard(seen: &Seen, status: &str) -> Option<u32> {
    let calls = seen.calls_of(Api::InquiryRegistrationStatus).into_iter();
    let told = calls.filter_map(|call| call.believable());
    told.filter(|answer| answer.field("status") == Some(status)).map(|answer| answer.line).min()
}

/// Wants the gateway to tell this status.
fn want_status(finding: &mut Finding, call: &Exchange, wanted: &str) {
    finding.shown_by(call.lines());
    let told = status_of(call);
    let seen = say::FIELD_IS.with(["status", told]);
    finding.want(told == wanted, say::FIELD_IS.with(["status", wanted]), seen);
}
