//! Cancelling a payment until it is certain what became of it.

use clock::Millis;
use evidence::OrderState;
use protocol::ams::{Api, Status, inquiry_body};
use protocol::legacy::Form;

use crate::defect::Defect;
use crate::gateway::{Heard, particulars};
use crate::order::Ticket;
use crate::reference::Reference;
use crate::setup::Contract;

/// How long an answer is waited for.
const PATIENCE: Millis = 5_000;
/// From the end of one try to the start of the next; after the last a person is called.
const WAITS: [Millis; 5] = [2_000, 3_000, 3_000, 5_000, 5_000];

/// A cancel as it goes out, each time unchanged.
#[derive(Debug)]
enum Call {
    Ams(String),
    Legacy(Form),
}

/// What became of a cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// What the order becomes.
    Becomes(OrderState),
    /// The payment can only be refunded now.
    TooLate,
}

impl Reference {
    /// Sends the same cancel until the gateway gives a final answer or the tries are used up. The
    /// attempt has to be marked as being cancelled.
    pub(crate) async fn cancel_until_sure(&self, ticket: &Ticket) {
        let call = self.cancel_call(ticket);
        let mut waits = WAITS.into_iter();
        let end = loop {
            if let Some(end) = self.try_cancel(ticket, &call).await {
                break end;
            }
            if self.switch.strikes(Defect::CancelOnce) {
                return self.books.release(ticket, false);
            }
            let Some(wait) = waits.next() else { break End::Becomes(self.given_up()) };
            self.clock.sleep(wait).await;
        };
        match end {
            End::Becomes(OrderState::Cancelled) => self.confirmed(ticket).await,
            End::Becomes(state) => self.books.end_cancel(ticket, state),
            End::TooLate => {
                self.books.release(ticket, true);
                if !self.switch.strikes(Defect::WindowGivesUp) {
                    self.refund_instead(ticket).await;
                }
            }
        }
    }

    fn cancel_call(&self, ticket: &Ticket) -> Call {
        match &self.setup.contract {
            Contract::Ams { .. } => {
                Call::Ams(inquiry_body(Some(&ticket.request_id), None).to_string())
            }
            Contract::Legacy { .. } => Call::Legacy(self.cancel_form(ticket)),
        }
    }

    /// Sends the cancel once. `None` while it is unknown what becomes of it.
    async fn try_cancel(&self, ticket: &Ticket, call: &Call) -> Option<End> {
        match call {
            Call::Ams(body) => {
                let heard = self.ask(Api::Cancel, body, PATIENCE).await;
                self.judge_cancel(ticket, &heard)
            }
            Call::Legacy(form) => {
                let heard = self.send(form, PATIENCE).await;
                self.judge_acquire_cancel(ticket, &heard)
            }
        }
    }

    /// What becomes of the cancel; `None` while that is unknown.
    fn judge_cancel(&self, ticket: &Ticket, heard: &Heard) -> Option<End> {
        let Heard::Said(said) = heard else { return None };
        if !self.is_ours(ticket, said) {
            return None;
        }
        self.books.learn(ticket, particulars(&said.fields));
        match said.outcome.status {
            Status::S => Some(End::Becomes(OrderState::Cancelled)),
            Status::U => {
                if self.switch.strikes(Defect::CancelUnknownIsDone)
                    && let Some(order) = self.books.open().get_mut(&ticket.order)
                {
                    order.become_state(OrderState::Cancelled);
                }
                None
            }
            Status::F if said.outcome.code == "CANCEL_WINDOW_EXCEED" => Some(End::TooLate),
            // The payment never reached the gateway, so there is nothing to undo.
            Status::F if said.outcome.code == "ORDER_NOT_EXIST" => {
                Some(End::Becomes(OrderState::Failed))
            }
            // Money may have moved and cannot be called back here.
            Status::F => Some(End::Becomes(OrderState::ForStaff)),
        }
    }

    /// The gateway has cancelled the payment.
    async fn confirmed(&self, ticket: &Ticket) {
        let (paid, heard_paid) =
            self.books.open().get(&ticket.order).map_or((false, false), |it| {
                let meanwhile = it.attempts.last().and_then(|attempt| attempt.meanwhile);
                (it.till == OrderState::Paid, meanwhile == Some(OrderState::Paid))
            });
        if paid && self.switch.strikes(Defect::CancelNotBooked) {
            return self.books.release(ticket, false);
        }
        if heard_paid && self.switch.strikes(Defect::RaceDelivers) {
            return self.books.release(ticket, true);
        }
        self.books.end_cancel(ticket, OrderState::Cancelled);
        let returned = self.books.of_attempt(ticket, |attempt| attempt.returned.is_some());
        if (paid && self.switch.strikes(Defect::CancelAndRefund))
            || (returned == Some(true) && self.switch.strikes(Defect::LegRefundAfterCancel))
        {
            self.refund_on_top(ticket).await;
        }
    }

    /// What an order becomes when no cancel of it was ever confirmed.
    fn given_up(&self) -> OrderState {
        // The second repeats what it could have believed the first time.
        let believes = self.switch.has(Defect::LegCancelUnknownAgain);
        if self.switch.strikes(Defect::CancelAssumed) || believes {
            return OrderState::Cancelled;
        }
        OrderState::ForStaff
    }
}
