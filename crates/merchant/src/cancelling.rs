//! Cancels in the books: what there is to cancel, and what an order becomes by it.

use evidence::OrderState;
use protocol::Amount;

use crate::order::{Books, Order, Ticket};

/// What a cancel can start from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cancellable {
    /// Calls may be under way or over: the gateway has to be told.
    Sent(Ticket),
    /// Nothing was sent: the order is cancelled without a word.
    Unsent,
    /// There is nothing to cancel, or it is being done.
    Nothing,
    /// A person has it.
    ForStaff,
    /// No such order.
    Unknown,
}

impl Order {
    /// Hears that the gateway has closed the trade that is being cancelled. Of one that was paid the
    /// money is back.
    pub(crate) fn hear_closed(&mut self) {
        let booked = self.till == OrderState::Paid;
        let Some(attempt) = self.attempts.last_mut().filter(|attempt| attempt.cancelling) else {
            return;
        };
        let paid = booked || attempt.meanwhile == Some(OrderState::Paid);
        if paid {
            attempt.returned = Some(attempt.bill);
        }
        let end = if paid { OrderState::Cancelled } else { OrderState::Failed };
        attempt.meanwhile = Some(end);
    }
}

impl Books {
    /// What there is to cancel about an order; marks it as being cancelled.
    pub(crate) fn cancel(&self, id: &str) -> Cancellable {
        let mut orders = self.open();
        let Some(order) = orders.get_mut(id) else { return Cancellable::Unknown };
        let waiting = order.till == OrderState::Waiting;
        match order.till {
            OrderState::ForStaff => return Cancellable::ForStaff,
            OrderState::Failed | OrderState::Cancelled => return Cancellable::Nothing,
            OrderState::Waiting | OrderState::Paid => {}
        }
        let Some(attempt) = order.attempts.last_mut() else { return Cancellable::Nothing };
        if attempt.cancelling {
            return Cancellable::Nothing;
        }
        if waiting && !attempt.sent {
            order.become_state(OrderState::Cancelled);
            return Cancellable::Unsent;
        }
        attempt.cancelling = true;
        let (request_id, bill) = (attempt.request_id.clone(), attempt.bill);
        Cancellable::Sent(Ticket { order: id.to_owned(), request_id, bill })
    }

    /// Begins the cancel of an open attempt. Answers whether it was open.
    pub(crate) fn begin_cancel(&self, ticket: &Ticket) -> bool {
        let mark = |order: &mut Order| {
            if let Some(attempt) = order.attempts.last_mut() {
                attempt.cancelling = true;
            }
        };
        self.while_open(ticket, mark).is_some()
    }

    /// Ends the cancel of an attempt and leaves the order as it is; one that the gateway knows to
    /// be paid is booked where that is news.
    pub(crate) fn release(&self, ticket: &Ticket, paid: bool) {
        let mut orders = self.open();
        let Some(order) = orders.get_mut(&ticket.order) else { return };
        if let Some(attempt) = order.attempts.last_mut() {
            attempt.cancelling = false;
        }
        if paid && order.till != OrderState::Paid {
            order.book();
        }
    }

    /// Ends the cancel of an attempt with what its answers made of it.
    pub(crate) fn end_cancel(&self, ticket: &Ticket, state: OrderState) {
        let mut orders = self.open();
        let Some(order) = orders.get_mut(&ticket.order) else { return };
        if !order.is_current(&ticket.request_id) {
            return;
        }
        let Some(attempt) = order.attempts.last_mut() else { return };
        attempt.cancelling = false;
        let was_paid = order.till == OrderState::Paid;
        let state = match (state, attempt.meanwhile) {
            // Money that the gateway knows nothing of is a contradiction for a person.
            (OrderState::Failed, Some(OrderState::Paid)) => OrderState::ForStaff,
            (OrderState::Failed, _) if was_paid => OrderState::ForStaff,
            // The cancel was refused or unheard because there was nothing left to cancel.
            (OrderState::ForStaff, Some(end @ (OrderState::Failed | OrderState::Cancelled))) => end,
            (state, _) => state,
        };
        order.become_state(state);
    }

    /// Notes that the cancel of an attempt brought money back to the buyer.
    pub(crate) fn money_back(&self, ticket: &Ticket, amount: Amount) {
        self.of_attempt(ticket, |attempt| attempt.returned = Some(amount));
    }
}
