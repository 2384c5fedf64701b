//! Asking for the state of a payment.

use clock::Millis;
use evidence::OrderState;

use crate::defect::Defect;
use crate::legacy::gateway::{Business, Heard, SYSTEM_ERROR, Said, says_missing};
use crate::order::Ticket;
use crate::polling::Next;
use crate::reference::Reference;

impl Reference {
    /// Asks once.
    pub(crate) async fn query(&self, ticket: &Ticket, limit: Millis) -> Next {
        let heard = self.send(&self.query_form(ticket), limit).await;
        let next = self.judge_query(ticket, &heard);
        if next == Next::Unheard && self.switch.strikes(Defect::LegCountsSilence) {
            return Next::GoOn;
        }
        next
    }

    /// Keeps what is told of a payment that was made. When that was, not every answer says.
    pub(super) fn learn_paid(&self, ticket: &Ticket, said: &Said) {
        self.books.learn(ticket, said.particulars());
        let now = self.clock.now();
        self.books.of_attempt(ticket, |attempt| attempt.paid_by(now));
    }

    /// The word for a payment that was made.
    pub(super) fn paid_word(&self, online: bool) -> &'static str {
        if online && !self.switch.strikes(Defect::LegKnowsNoFinished) {
            return "TRADE_FINISHED";
        }
        "TRADE_SUCCESS"
    }

    fn judge_query(&self, ticket: &Ticket, heard: &Heard) -> Next {
        match heard {
            Heard::Said(said) if !self.names(ticket, said, said.result() == Business::Success) => {
                Next::Unheard
            }
            Heard::Said(said) => match said.result() {
                Business::Success => self.judge_trade(ticket, said),
                Business::Unknown => Next::Unheard,
                Business::Fail => after_refusal(said.error()),
            },
            Heard::Refused { error, .. } => after_refusal(error),
            Heard::Taken | Heard::Nothing | Heard::Unsent => Next::Unheard,
        }
    }

    /// A query that worked tells the trade's status, and that alone decides.
    fn judge_trade(&self, ticket: &Ticket, said: &Said) -> Next {
        self.books.learn(ticket, said.particulars());
        match said.get("alipay_trans_status") {
            Some("TRADE_SUCCESS") => {
                self.learn_paid(ticket, said);
                self.take_success(ticket)
            }
            _ if self.switch.strikes(Defect::LegQueryOkPaid) => self.take_success(ticket),
            Some("TRADE_CLOSED") => {
                self.books.end(ticket, OrderState::Failed);
                Next::Over
            }
            Some(_) | None => Next::GoOn,
        }
    }
}

/// What follows from a query that was refused.
fn after_refusal(code: &str) -> Next {
    if says_missing(code) {
        Next::Missing
    } else if code == SYSTEM_ERROR {
        Next::Unheard
    } else {
        Next::GoOn
    }
}
