//! What is wanted of refunds: in the books, at the gateway, and of the calls that lead there.

use evidence::words as say;
use evidence::{RefundState, RefundView};
use protocol::Amount;
use protocol::ams::{Api, RefundStatus};

use super::{end, ids, want_end};
use crate::seen::Exchange;
use crate::{Finding, Seen};

/// Amounts as a text.
pub(crate) fn list(amounts: &[Amount]) -> String {
    if amounts.is_empty() {
        return "—".into();
    }
    amounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The merchant's refund calls about the order, or a finding that there is none.
pub(crate) fn refunds<'a>(seen: &'a Seen, finding: &mut Finding) -> Vec<&'a Exchange> {
    // A refund that names the wrong payment is about the order all the same.
    let refunds = seen.calls_of(Api::Refund);
    finding.shown_by(refunds.iter().flat_map(|refund| refund.lines()));
    if refunds.is_empty() {
        finding.fail(say::CALL_SEEN.with(["refund"]), say::CALL_NOT_SEEN.with(["refund"]));
    }
    refunds
}

/// The amounts that the clerk wished to refund, one for each slip.
pub(crate) fn wishes(seen: &Seen) -> Vec<Amount> {
    let order = seen.order().unwrap_or_default();
    let slips = seen.slips_of(order).into_iter();
    let press = |slip: &str| seen.presses(order).find(|act| act.text("slip") == Some(slip));
    slips.filter_map(|slip| press(slip)?.amount()).collect()
}

/// Wants the books to show exactly these amounts as refunded, and their sum; the order stays paid.
pub(crate) fn want_refunded(finding: &mut Finding, seen: &Seen, amounts: &[Amount]) {
    want_end(finding, seen, &[evidence::OrderState::Paid]);
    let Some(reading) = end(seen, finding) else { return };
    let view = &reading.view;
    let done: Vec<Amount> =
        view.refunds.iter().filter(|refund| is_done(refund)).map(|refund| refund.amount).collect();
    let sum: i64 = amounts.iter().map(|amount| amount.minor).sum();
    let told = view.refunded.map_or(0, |refunded| refunded.minor);
    let shown = view.refunded.into_iter().collect::<Vec<_>>();
    finding.want(
        done == amounts && told == sum,
        say::ORDER_REFUNDED.with([view.order.as_str(), &list(amounts)]),
        say::ORDER_REFUNDED
            .with([view.order.as_str(), &format!("{} = {}", list(&done), list(&shown))]),
    );
}

fn is_done(refund: &RefundView) -> bool {
    refund.state == RefundState::Refunded
}

/// Wants the last slip of the order to be shown in this state at the end.
pub(crate) fn want_slip(finding: &mut Finding, seen: &Seen, wanted: RefundState) {
    let Some(reading) = end(seen, finding) else { return };
    let slip = seen.slips_of(&reading.view.order).pop().unwrap_or_default();
    let shown = reading.view.refunds.iter().rfind(|refund| refund.slip == slip);
    let was = shown.map_or_else(
        || say::SLIP_UNREAD.with([slip]),
        |refund| say::SLIP_IS.with([slip, refund.state.name()]),
    );
    let holds = shown.is_some_and(|refund| refund.state == wanted);
    finding.want(holds, say::SLIP_IS.with([slip, wanted.name()]), was);
}

/// Wants no refund to have been shown as done before a genuine message told so.
pub(crate) fn want_refunds_proved(finding: &mut Finding, seen: &Seen) {
    let order = seen.order().unwrap_or_default();
    let used = seen.refund_ids_of(order);
    for reading in seen.readings_of(order) {
        let shown = reading.view.refunds.iter().filter(|refund| is_done(refund));
        let proved = used.iter().filter(|id| seen.refund_end_known(id, reading.line) == Some(true));
        let proved = proved.count();
        if let Some(refund) = shown.clone().next_back().filter(|_| shown.count() > proved) {
            finding.shown_by([reading.line]);
            let told = [refund.slip.as_str(), refund.state.name()];
            finding.fail_for_good(say::SLIP_PROVED.with(told), say::SLIP_UNPROVED.with(told));
        }
    }
}

/// Wants exactly these amounts to have been given back to the wallet for the order.
pub(crate) fn want_credits(finding: &mut Finding, seen: &Seen, amounts: &[Amount]) {
    if seen.wallet.is_none() {
        return finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    }
    let credits: Vec<Amount> = ids(seen).iter().flat_map(|id| seen.credits(id)).collect();
    let told = say::GIVEN_BACK.with([list(&credits)]);
    finding.want(credits == amounts, say::GIVEN_BACK.with([list(amounts)]), told);
}

/// Wants the closing inquiry to list exactly these amounts as refunds.
pub(crate) fn want_listed(finding: &mut Finding, seen: &Seen, amounts: &[Amount]) {
    let mut listed = vec![];
    for id in ids(seen) {
        finding.shown_by(seen.closing(&id).map(Exchange::lines).unwrap_or_default());
        listed.extend(seen.listed_refunds(&id));
    }
    let told = say::REFUND_LISTED.with([list(&listed)]);
    finding.want(listed == amounts, say::REFUND_LISTED.with([list(amounts)]), told);
}

/// Wants the closing inquiry about each of the merchant's refunds to say a status.
pub(crate) fn want_closing_refunds(finding: &mut Finding, seen: &Seen, wanted: RefundStatus) {
    for id in seen.refund_ids_of(seen.order().unwrap_or_default()) {
        let status = seen.closing_refund_status(&id);
        finding.shown_by(seen.closing_refund(&id).map(Exchange::lines).unwrap_or_default());
        let was = status.map_or_else(
            || say::REFUND_INQUIRY_SILENT.plain(),
            |status| say::REFUND_INQUIRY_SAYS.with([status.name()]),
        );
        let says = say::REFUND_INQUIRY_SAYS.with([wanted.name()]);
        finding.want(status == Some(wanted), says, was);
    }
}
