//! Which inquiries and cancels are about the order.

use evidence::words as say;
use protocol::ams::Api;

use crate::seen::Exchange;
use crate::{Finding, Seen};

/// The inquiries about the order, in order.
pub(crate) fn polls(seen: &Seen) -> Vec<&Exchange> {
    let ids = seen.order().map(|order| seen.ids_of(order)).unwrap_or_default();
    let about = |call: &&Exchange| call.request_id().is_some_and(|id| ids.contains(&id));
    seen.calls_of(Api::InquiryPayment).into_iter().filter(about).collect()
}

/// The cancels about the order.
pub(crate) fn cancels(seen: &Seen) -> Vec<&Exchange> {
    seen.order().map(|order| seen.cancels_of(order)).unwrap_or_default()
}

/// The merchant's last cancel, or a finding that there is none.
pub(crate) fn last_cancel<'a>(seen: &'a Seen, finding: &mut Finding) -> Option<&'a Exchange> {
    let last = seen.calls_of(Api::Cancel).pop();
    if last.is_none() {
        finding.fail(say::CALL_SEEN.with(["cancel"]), say::CALL_NOT_SEEN.with(["cancel"]));
    }
    last
}

/// Wants these calls not to have been made.
pub(crate) fn no_calls(finding: &mut Finding, calls: &[&Exchange], name: &str) {
    finding.shown_by(calls.iter().flat_map(|call| call.lines()));
    finding.want_for_good(
        calls.is_empty(),
        say::CALL_NOT_SEEN.with([name]),
        say::CALLS_COUNT.with([name, &calls.len().to_string()]),
    );
}
