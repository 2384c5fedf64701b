//! What the answer to `alipay.acquire.cancel` means.

use evidence::OrderState;
use protocol::Day;

use crate::cancel::End;
use crate::defect::Defect;
use crate::legacy::gateway::{Business, Heard, SYSTEM_ERROR, Said, says_missing};
use crate::order::{Particulars, Ticket};
use crate::reference::Reference;

impl Reference {
    /// What becomes of the cancel; `None` while that is unknown.
    pub(crate) fn judge_acquire_cancel(&self, ticket: &Ticket, heard: &Heard) -> Option<End> {
        match heard {
            Heard::Said(said) if !self.names(ticket, said, false) => None,
            Heard::Said(said) => self.judge_cancelled(ticket, said),
            Heard::Refused { error, .. } if error == SYSTEM_ERROR => None,
            // Money may have moved and cannot be called back here.
            Heard::Refused { .. } | Heard::Unsent => Some(End::Becomes(OrderState::ForStaff)),
            Heard::Taken | Heard::Nothing => {
                let done = self.switch.strikes(Defect::LegCancelSilenceDone);
                done.then_some(End::Becomes(OrderState::Cancelled))
            }
        }
    }

    fn judge_cancelled(&self, ticket: &Ticket, said: &Said) -> Option<End> {
        self.books.learn(ticket, said.particulars());
        let error = said.error();
        match said.result() {
            Business::Success => self.take_cancel_success(ticket, said.get("action")),
            Business::Unknown => None,
            Business::Fail if said.get("retry_flag") == Some("Y") || error == SYSTEM_ERROR => None,
            Business::Fail
                if error == "TRADE_CANCEL_TIME_OUT" || self.is_of_another_day(ticket) =>
            {
                let again = self.switch.strikes(Defect::LegCancelLoop);
                (!again).then_some(End::TooLate)
            }
            // The payment never reached the gateway, so there is nothing to undo.
            Business::Fail if says_missing(error) => Some(End::Becomes(OrderState::Failed)),
            Business::Fail => Some(End::Becomes(OrderState::ForStaff)),
        }
    }

    /// The gateway has cancelled the payment; `action` says whether there was money to give back.
    fn take_cancel_success(&self, ticket: &Ticket, action: Option<&str>) -> Option<End> {
        let cancelled_at = Some(self.clock.now());
        self.books.learn(ticket, Particulars { cancelled_at, ..Particulars::default() });
        let paid = self.was_paid(ticket);
        match action {
            Some("refund") => self.books.money_back(ticket, ticket.bill),
            Some("close") if self.switch.strikes(Defect::LegActionUnread) => {
                self.books.money_back(ticket, ticket.bill);
            }
            // The money came in and was not given back: a contradiction for a person.
            Some("close") if paid => return Some(End::Becomes(OrderState::ForStaff)),
            // A repeated cancel need not say once more what the first one did.
            Some(_) | None if paid => self.books.money_back(ticket, ticket.bill),
            None if self.switch.strikes(Defect::LegCancelUnknownAgain) => return None,
            Some(_) | None => {}
        }
        Some(End::Becomes(OrderState::Cancelled))
    }

    /// Whether the books, or a notice that came meanwhile, have the payment as made.
    fn was_paid(&self, ticket: &Ticket) -> bool {
        let booked = self.books.state(&ticket.order) == Some(OrderState::Paid);
        let heard = self.books.of_attempt(ticket, |attempt| attempt.meanwhile);
        booked || heard.flatten() == Some(OrderState::Paid)
    }

    /// Whether the payment was made on an earlier day, in Beijing, so that it can only be refunded.
    fn is_of_another_day(&self, ticket: &Ticket) -> bool {
        let paid_at = self.books.of_attempt(ticket, |attempt| attempt.paid_at).flatten();
        paid_at.is_some_and(|paid_at| Day::of(paid_at) != Day::of(self.clock.now()))
    }
}
