//! Which inquiries and cancels are about the order.

use evidence::words as say;
use protocol::ams::Api;

use crate::seen::Exchange;
use crate::{Finding, Seen};

/// The inquiries about the order, in order.
pub(super) fn polls(seen: &Seen) -> Vec<&Exchange> {
    let ids = seen.order().map(|order| seen.ids_of(order)).unwrap_or_default();
    let about = |call: &&Exchange| call.request_id().is_some_and(|id| ids.contains(&id));
    seen.calls_of(Api::InquiryPayment).into_iter().filter(about).collect()
}

/// The cancels about the order, by its ids or by what the gateway called its payments.
pub(super) fn cancels(seen: &Seen) -> Vec<&Exchange> {
    let ids = seen.order().map(|order| seen.ids_of(order)).unwrap_or_default();
    let about = |call: &&Exchange| {
        let paid_as = call.request_id().or_else(|| id_of_payment(seen, &call.asked("paymentId")?));
        paid_as.is_some_and(|id| ids.contains(&id))
    };
    seen.calls_of(Api::Cancel).into_iter().filter(about).collect()
}

/// The payment request id under which the gateway gave a payment id.
pub(super) fn id_of_payment(seen: &Seen, payment_id: &str) -> Option<String> {
    let gave = |call: &&Exchange| {
        let answer = call.answer_sent.as_ref();
        answer.and_then(|answer| answer.text("paymentId")).as_deref() == Some(payment_id)
    };
    seen.calls_of(Api::Pay).into_iter().find(gave)?.request_id()
}

/// Wants these calls not to have been made.
pub(super) fn no_calls(finding: &mut Finding, calls: &[&Exchange], name: &str) {
    finding.shown_by(calls.iter().flat_map(|call| call.lines()));
    finding.want(
        calls.is_empty(),
        say::CALL_NOT_SEEN.with([name]),
        say::CALLS_COUNT.with([name, &calls.len().to_string()]),
    );
}
