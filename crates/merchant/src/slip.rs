//! Return slips in the books: one wish to give money of an order back, however often the clerk
//! presses the button.

use clock::Millis;
use evidence::{OrderState, RefundState, RefundView};
use protocol::Amount;

use crate::cashier::Device;
use crate::driver::RefundOrder;
use crate::order::{Attempt, Books, Ticket};

/// Website refunds of one partner are at least three seconds apart; with some room for slow lines.
const APART: Millis = 3_500;

/// A return slip.
#[derive(Debug, Clone)]
pub(crate) struct Slip {
    /// Its number.
    number: String,
    /// The id under which the gateway is asked.
    pub(crate) request_id: String,
    pub(crate) amount: Amount,
    pub(crate) state: RefundState,
    /// The gateway's own id, once it was told.
    pub(crate) refund_id: Option<String>,
    /// When the money went back, as the gateway told it.
    pub(crate) refunded_at: Option<i64>,
}

/// Names one refund, with all that the gateway is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefundTicket {
    pub(crate) order: String,
    pub(crate) request_id: String,
    /// The merchant's own id of the payment, which only the legacy generation refunds by.
    pub(crate) payment_request_id: String,
    /// The gateway's own id of the payment; empty where it was not told and is not needed.
    pub(crate) payment_id: String,
    pub(crate) amount: Amount,
    pub(crate) reason: String,
    /// When the gateway is first asked.
    pub(crate) asked_at: Millis,
    /// What the order was bought with, where it was sold in a shop on the net.
    pub(crate) device: Option<Device>,
}

/// What a slip can start from.
#[derive(Debug)]
pub(crate) enum Written {
    /// The gateway is to be asked.
    Asks(RefundTicket),
    /// The slip is known, or was refused at once.
    Nothing,
    /// No such order.
    Unknown,
}

/// How a slip is written, where a defect does it otherwise.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spoilt {
    /// A slip that is known is written again.
    pub(crate) again: bool,
    /// The order's first refund id is used once more.
    pub(crate) same_id: bool,
}

impl Slip {
    pub(crate) fn view(&self) -> RefundView {
        RefundView { slip: self.number.clone(), amount: self.amount, state: self.state }
    }
}

/// The amount booked as given back, by refunds and by cancels; `None` where nothing was.
pub(crate) fn refunded(slips: &[Slip], attempts: &[Attempt]) -> Option<Amount> {
    let done = slips.iter().filter(|slip| slip.state == RefundState::Refunded);
    let cancelled = attempts.iter().filter_map(|attempt| attempt.returned);
    done.map(|slip| slip.amount)
        .chain(cancelled)
        .reduce(|sum, more| Amount::new(sum.currency, sum.minor.saturating_add(more.minor)))
}

/// Whether a person has to look after one of the slips.
pub(crate) fn with_staff(slips: &[Slip]) -> bool {
    slips.iter().any(|slip| slip.state == RefundState::ForStaff)
}

impl Books {
    /// Whether a slip is known.
    pub(crate) fn has_slip(&self, order: &str, number: &str) -> bool {
        let orders = self.open();
        let slips = orders.get(order).map_or(&[][..], |order| &order.slips);
        slips.iter().any(|slip| slip.number == number)
    }

    /// When the next refund may go out that has to be apart from others; takes that turn.
    pub(crate) fn refund_turn(&self, now: Millis) -> Millis {
        let mut next = self.refund_turn.lock();
        let turn = now.max(*next);
        *next = turn + APART;
        turn
    }

    /// Writes a slip, at a moment. Of an order that is not paid, or is being cancelled, it is refused at once.
    pub(crate) fn write_slip(&self, refund: &RefundOrder, now: Millis, spoilt: Spoilt) -> Written {
        let mut orders = self.open();
        let Some(order) = orders.get_mut(&refund.order) else { return Written::Unknown };
        let known = order.slips.iter().any(|slip| slip.number == refund.slip);
        if known && !spoilt.again {
            return Written::Nothing;
        }
        let paid = order.till == OrderState::Paid;
        let attempt = order.attempts.last().filter(|attempt| paid && !attempt.cancelling);
        let needed = self.naming.needs_payment_id();
        let payment = attempt.and_then(|attempt| {
            let payment_id = attempt.payment_id.clone();
            let payment_id = if needed { payment_id? } else { payment_id.unwrap_or_default() };
            Some((payment_id, attempt.request_id.clone()))
        });
        let first = order.slips.first().map(|slip| slip.request_id.clone());
        let request_id = first.filter(|_| spoilt.same_id).unwrap_or_else(|| {
            self.naming.refund(&refund.order, &refund.slip, order.slips.len() + 1)
        });
        let state = if payment.is_some() { RefundState::Pending } else { RefundState::Refused };
        order.slips.push(Slip {
            number: refund.slip.clone(),
            request_id: request_id.clone(),
            amount: refund.amount,
            state,
            refund_id: None,
            refunded_at: None,
        });
        let Some((payment_id, payment_request_id)) = payment else { return Written::Nothing };
        Written::Asks(RefundTicket {
            order: refund.order.clone(),
            request_id,
            payment_request_id,
            payment_id,
            amount: refund.amount,
            reason: refund.reason.clone(),
            asked_at: if order.device.is_some() { self.refund_turn(now) } else { now },
            device: order.device,
        })
    }

    /// Whether a refund is undecided.
    pub(crate) fn is_pending(&self, ticket: &RefundTicket) -> bool {
        let orders = self.open();
        let slips = orders.get(&ticket.order).map_or(&[][..], |order| &order.slips);
        let ours = slips.iter().rfind(|slip| slip.request_id == ticket.request_id);
        ours.is_some_and(|slip| slip.state == RefundState::Pending)
    }

    /// Notes that an order is sold in a shop on the net.
    pub(crate) fn sold_online(&self, ticket: &Ticket, device: Device) {
        if let Some(order) = self.open().get_mut(&ticket.order) {
            order.device = Some(device);
        }
    }

    /// When a code for an order was asked for first: now, if it never was.
    pub(crate) fn first_asked(&self, order: &str, now: Millis) -> Millis {
        let mut orders = self.open();
        orders.get_mut(order).map_or(now, |order| *order.first_asked.get_or_insert(now))
    }

    /// Puts a refund into a state.
    pub(crate) fn end_refund(&self, ticket: &RefundTicket, state: RefundState) {
        let mut orders = self.open();
        let slips = orders.get_mut(&ticket.order).map(|order| &mut order.slips);
        let mut ours = slips.into_iter().flatten().rev();
        if let Some(slip) = ours.find(|slip| slip.request_id == ticket.request_id) {
            slip.state = state;
        }
    }

    /// Gives a refund another id, as a defect does.
    pub(crate) fn rename_refund(&self, ticket: &RefundTicket, request_id: &str) {
        let mut orders = self.open();
        let slips = orders.get_mut(&ticket.order).map(|order| &mut order.slips);
        let mut ours = slips.into_iter().flatten();
        if let Some(slip) = ours.find(|slip| slip.request_id == ticket.request_id) {
            request_id.clone_into(&mut slip.request_id);
        }
    }

    /// Keeps what the gateway tells about a refund: its own id, and when the money went back.
    pub(crate) fn learn_refund(&self, request_id: &str, id: Option<String>, at: Option<i64>) {
        let mut orders = self.open();
        let mut slips = orders.values_mut().flat_map(|order| &mut order.slips).rev();
        if let Some(slip) = slips.find(|slip| slip.request_id == request_id) {
            slip.refund_id = id.or(slip.refund_id.take());
            slip.refunded_at = at.or(slip.refunded_at);
        }
    }

    /// Ends the pending refund under an id, if its amount is the one that is told. Answers whether
    /// there is such a refund, pending or not.
    pub(crate) fn tell_refund(
        &self,
        request_id: &str,
        amount: Option<Amount>,
        state: RefundState,
    ) -> bool {
        let mut orders = self.open();
        let mut slips = orders.values_mut().flat_map(|order| &mut order.slips).rev();
        let ours = slips.find(|slip| slip.request_id == request_id && Some(slip.amount) == amount);
        let Some(slip) = ours else { return false };
        if slip.state == RefundState::Pending {
            slip.state = state;
        }
        true
    }
}
