//! What is wanted of the order as till and back office show it.

use evidence::OrderState;
use evidence::words as say;
use protocol::Amount;
use protocol::ams::PaymentStatus;

use crate::seen::Reading;
use crate::{Finding, Seen};

/// The last reading of the order, or a finding that it cannot be read.
pub(crate) fn end<'a>(seen: &'a Seen, finding: &mut Finding) -> Option<&'a Reading> {
    let order = seen.order().unwrap_or_default();
    let end = seen.end_of(order);
    if let Some(reading) = end {
        finding.shown_by([reading.line]);
    } else {
        let why = seen.acts_of("merchant-refused");
        let told = why.first().map_or_else(
            || say::ORDER_UNREAD.with([order]),
            |act| say::ORDER_REFUSED.holding([act.says()]),
        );
        finding.fail(say::ORDER_IS.with([order, "…"]), told);
    }
    end
}

/// Wants till and back office to show one of these states at the end.
pub(crate) fn want_end(finding: &mut Finding, seen: &Seen, wanted: &[OrderState]) {
    let Some(reading) = end(seen, finding) else { return };
    let (till, office) = (reading.view.till, reading.view.back_office);
    let order = reading.view.order.as_str();
    let names: Vec<_> = wanted.iter().map(|state| state.name()).collect();
    let was = if till == office {
        till.name().to_owned()
    } else {
        format!("{} / {}", till.name(), office.name())
    };
    finding.want(
        wanted.contains(&till) && till == office,
        say::ORDER_IS.with([order, &names.join(" / ")]),
        say::ORDER_IS.with([order, &was]),
    );
}

/// Wants the order to be booked once, for its price.
pub(crate) fn want_booked_once(finding: &mut Finding, seen: &Seen, price: Option<Amount>) {
    let Some(reading) = end(seen, finding) else { return };
    let view = &reading.view;
    let price = price.or_else(|| seen.price_of(&view.order));
    let sum = view.paid.map_or_else(|| "—".to_owned(), |paid| paid.to_string());
    let wanted = price.map_or_else(|| "—".to_owned(), |price| price.to_string());
    let booked = view.bookings.len() == 1
        && view.paid == price
        && view.bookings.first().map(|booking| booking.amount) == price;
    finding.want(
        booked,
        say::ORDER_BOOKED.with([view.order.as_str(), "1", &wanted]),
        say::ORDER_BOOKED.with([view.order.as_str(), &view.bookings.len().to_string(), &sum]),
    );
}

/// Wants the order to end paid, and to be booked once.
pub(crate) fn want_paid(finding: &mut Finding, seen: &Seen) {
    want_end(finding, seen, &[OrderState::Paid]);
    want_booked_once(finding, seen, None);
}

/// Wants the order never to have been shown or booked as paid.
pub(crate) fn want_never_paid(finding: &mut Finding, seen: &Seen, from: u32, to: u32) {
    let order = seen.order().unwrap_or_default();
    let paid = seen.readings_of(order).into_iter().find(|reading| {
        let view = &reading.view;
        let shown = view.till == OrderState::Paid || view.back_office == OrderState::Paid;
        (from..to).contains(&reading.line) && (shown || !view.bookings.is_empty())
    });
    if let Some(paid) = paid {
        finding.shown_by([paid.line]);
        finding.fail_for_good(
            say::ORDER_NEVER.with([order, "paid"]),
            say::ORDER_IS.with([order, "paid"]),
        );
    }
}

/// Wants the till to have offered no code from a line on.
pub(crate) fn want_nothing_offered(finding: &mut Finding, seen: &Seen, from: u32) {
    let order = seen.order().unwrap_or_default();
    let offered = seen.readings_of(order).into_iter().find_map(|reading| {
        let shown = reading.view.shown.as_ref()?;
        let what = shown.code.clone().or_else(|| shown.link.clone())?;
        (reading.line >= from).then_some((reading.line, what))
    });
    if let Some((line, what)) = offered {
        finding.shown_by([line]);
        finding
            .fail(say::ORDER_OFFERS_NOTHING.with([order]), say::ORDER_OFFERS.with([order, &what]));
    }
}

/// Wants nothing to be offered when all is over.
pub(crate) fn want_offer_ended(finding: &mut Finding, seen: &Seen) {
    if let Some(reading) = end(seen, finding) {
        want_nothing_offered(finding, seen, reading.line);
    }
}

/// Wants the buyer's late approval to have been tried and refused.
pub(crate) fn want_late_approval_refused(finding: &mut Finding, seen: &Seen) {
    match seen.acts_of("buyer-confirms").last() {
        Some(act) => {
            finding.shown_by([act.line]);
            let accepted = if seen.is_without_control() {
                // Nobody's word is taken for it but the gateway's.
                let id = act.text("paymentRequestId").unwrap_or_default();
                if !seen.closing_knows(id) {
                    return finding.cannot_judge(say::INQUIRY_SILENT.plain());
                }
                seen.closing_status(id) == Some(PaymentStatus::Success)
            } else {
                act.is("accepted")
            };
            finding.want(!accepted, say::BUYER_REFUSED.plain(), say::BUYER_ACCEPTED.plain());
        }
        None => finding.fail(say::BUYER_REFUSED.plain(), say::BUYER_NOT_ASKED.plain()),
    }
}

/// Wants the merchant to know none of the orders that it was looked up for.
pub(crate) fn want_none_created(finding: &mut Finding, seen: &Seen) {
    let looked = seen.acts_of("looked-for");
    if looked.is_empty() {
        finding.cannot_judge(say::CANNOT_JUDGE.plain());
    }
    for act in looked {
        finding.shown_by([act.line]);
        let order = act.text("order").unwrap_or_default();
        let (wanted, found) = (say::ORDER_NOT_FOUND.with([order]), say::ORDER_FOUND.with([order]));
        finding.want(!act.is("found"), wanted, found);
    }
}
