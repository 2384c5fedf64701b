//! What the record tells about secondary merchants, and what checks of this suite want of it.

use evidence::words as say;
use evidence::{MerchantView, RegistrationState};
use merchant::Register;
use protocol::Fields;
use protocol::ams::{Api, ReviewTold, Status, Verified};
use serde_json::Value;

use crate::seen::{Act, Answer, Exchange, Reading};
use crate::{Finding, Seen};

/// The merchant that the case is about: the last one that was handed out or asked about.
pub(crate) fn subject(seen: &Seen) -> Option<String> {
    if let Some(act) = seen.acts_of("registers").last() {
        return act.text("merchant").map(str::to_owned);
    }
    let seller = seen.arranged.iter().find(|act| act.what == "seller");
    let seller = seller.and_then(|act| act.text("merchant")).map(str::to_owned);
    seller.or_else(|| own(seen, Api::InquiryRegistrationStatus).last().and_then(|c| about(c)))
}

/// What the merchant was asked to register, in order.
pub(crate) fn wishes(seen: &Seen) -> Vec<Register> {
    let wish = |act: &&Act| serde_json::from_value(act.facts.get("wish")?.clone()).ok();
    seen.acts_of("registers").iter().filter_map(wish).collect()
}

/// Which merchant a call or notice is about.
pub(super) fn about(call: &Exchange) -> Option<String> {
    call.asked("merchantInfo.referenceMerchantId").or_else(|| call.asked("referenceMerchantId"))
}

/// The runner's own calls of an API.
pub(super) fn own(seen: &Seen, api: Api) -> Vec<&Exchange> {
    seen.own_calls().filter(|call| call.api == Some(api)).collect()
}

/// The own status inquiries about a merchant, for one request where it is named, else for all.
pub(super) fn own_statuses<'a>(
    seen: &'a Seen,
    id: &str,
    request: Option<&str>,
) -> Vec<&'a Exchange> {
    let mut calls = own(seen, Api::InquiryRegistrationStatus);
    calls.retain(|call| {
        about(call).as_deref() == Some(id)
            && call.asked("registrationRequestId").as_deref() == request
    });
    calls
}

/// The registrations that the merchant sent, in order; a finding that there is none.
pub(super) fn registrations<'a>(seen: &'a Seen, finding: &mut Finding) -> Vec<&'a Exchange> {
    let calls = seen.calls_of(Api::Registration);
    match calls.first() {
        Some(first) => finding.shown_by(first.lines()),
        None => finding
            .fail(say::CALL_SEEN.with(["registration"]), say::CALL_NOT_SEEN.with(["registration"])),
    }
    calls
}

/// The merchant's first registration of the first merchant that was handed out, for checks of the
/// gateway: without one there is nothing that the gateway could have got wrong.
pub(super) fn first_asked<'a>(seen: &'a Seen, finding: &mut Finding) -> Option<&'a Exchange> {
    let id = wishes(seen).into_iter().next().map(|wish| wish.id);
    let first = seen.calls_of(Api::Registration).into_iter().find(|call| about(call) == id);
    match first {
        Some(first) => finding.shown_by(first.lines()),
        None => finding.cannot_judge(say::CALL_NOT_SEEN.with(["registration"])),
    }
    first
}

/// What an answer says about a review.
pub(crate) fn review_in(answer: Option<&Answer>) -> Option<ReviewTold> {
    let answer = answer.filter(|answer| {
        answer.outcome.as_ref().is_some_and(|outcome| outcome.status == Status::S)
    })?;
    answer.fields.as_ref().and_then(ReviewTold::read)
}

/// The review in words, for findings.
pub(super) fn in_words(told: Option<&ReviewTold>) -> String {
    let Some(told) = told else { return "—".into() };
    let wallets = told
        .wallets
        .iter()
        .map(|wallet| format!("{} {}", wallet.name, wallet.status.as_deref().unwrap_or("—")));
    let wallets: Vec<String> = wallets.collect();
    format!("{} ({})", told.status, wallets.join(", "))
}

/// Wants an own status inquiry to tell a review that fits.
pub(super) fn want_review(
    finding: &mut Finding,
    call: Option<&&Exchange>,
    wanted: &str,
    fits: impl Fn(&ReviewTold) -> bool,
) {
    let Some(call) = call else {
        return finding.cannot_judge(say::CALL_NOT_SEEN.with(["inquiryRegistrationStatus"]));
    };
    finding.shown_by(call.lines());
    let told = review_in(call.answer_sent.as_ref());
    finding.want(
        told.as_ref().is_some_and(fits),
        say::REVIEW_IS.with([wanted]),
        say::REVIEW_IS.with([in_words(told.as_ref())]),
    );
}

/// Whether every wallet takes the merchant, and the review is over.
pub(crate) fn all_approve(told: &ReviewTold) -> bool {
    told.is_completed()
        && !told.wallets.is_empty()
        && told.wallets.iter().all(protocol::ams::WalletReview::approves)
}

/// The readings of a secondary merchant.
pub(crate) fn readings<'a>(seen: &'a Seen, id: &str) -> Vec<&'a Reading<MerchantView>> {
    seen.merchants.iter().filter(|reading| reading.view.id == id).collect()
}

/// The last reading of a secondary merchant, or a finding that it cannot be read.
pub(super) fn end<'a>(
    seen: &'a Seen,
    id: &str,
    finding: &mut Finding,
) -> Option<&'a Reading<MerchantView>> {
    let end = readings(seen, id).pop();
    match end {
        Some(reading) => finding.shown_by([reading.line]),
        None => finding.fail(say::MERCHANT_IS.with([id, "…"]), say::MERCHANT_UNREAD.with([id])),
    }
    end
}

/// Wants a secondary merchant to be in a state at the end.
pub(crate) fn want_end(finding: &mut Finding, seen: &Seen, id: &str, wanted: RegistrationState) {
    let Some(reading) = end(seen, id, finding) else { return };
    let was = reading.view.state;
    finding.want(
        was == wanted,
        say::MERCHANT_IS.with([id, wanted.name()]),
        say::MERCHANT_IS.with([id, was.name()]),
    );
}

/// Wants every reading before a line to show a secondary merchant as pending, and there to be one.
pub(crate) fn want_pending_before(finding: &mut Finding, seen: &Seen, id: &str, line: u32) {
    let before = readings(seen, id).into_iter().filter(|reading| reading.line < line);
    let before: Vec<_> = before.collect();
    let wanted = say::MERCHANT_IS.with([id, RegistrationState::Pending.name()]);
    if before.is_empty() {
        return finding.fail(wanted, say::MERCHANT_UNREAD.with([id]));
    }
    for reading in before {
        finding.shown_by([reading.line]);
        let was = reading.view.state;
        let told = say::MERCHANT_IS.with([id, was.name()]);
        finding.want_for_good(was == RegistrationState::Pending, wanted.clone(), told);
    }
}

/// Wants every reading to show a secondary merchant as pending, until the merchant has heard that the
/// review is over.
pub(super) fn want_pending_until_told(finding: &mut Finding, seen: &Seen, id: &str) {
    let told = heard_of_end(seen, id).unwrap_or(u32::MAX);
    want_pending_before(finding, seen, id, told);
}

/// The line at which the merchant first heard, believably, that the review of one of its merchants
/// is over: by an inquiry or by a notice.
pub(super) fn heard_of_end(seen: &Seen, id: &str) -> Option<u32> {
    let asked = seen.calls_of(Api::InquiryRegistrationStatus).into_iter().filter_map(|call| {
        let answer = call.believable().filter(|_| about(call).as_deref() == Some(id))?;
        review_in(Some(answer)).filter(ReviewTold::is_completed).map(|_| answer.line)
    });
    let noticed = seen.notices().filter_map(|notice| {
        let genuine = notice.sent.as_ref().filter(|sent| sent.verified == Some(Verified::Valid))?;
        let told = genuine.fields.as_ref().and_then(ReviewTold::read)?;
        let ours = about(notice).as_deref() == Some(id) && told.is_completed();
        notice.received.as_ref().filter(|_| ours).map(|received| received.line)
    });
    asked.chain(noticed).min()
}

/// Every text of a body.
pub(super) fn texts(fields: Option<&Fields>) -> Vec<String> {
    let mut found = vec![];
    if let Some(fields) = fields {
        gather(fields.value(), &mut found);
    }
    found
}

fn gather(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        Value::Object(members) => members.values().for_each(|member| gather(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
