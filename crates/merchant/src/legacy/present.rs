//! Transaction QR: the till shows a code that the buyer scans.

use clock::Millis;
use evidence::OrderState;

use crate::defect::Defect;
use crate::driver::Present;
use crate::legacy::gateway::{Business, Heard, SYSTEM_ERROR};
use crate::order::{Offer, Ticket};
use crate::pay::PayEnd;
use crate::polling::Plan;
use crate::reference::Reference;
use crate::registrar::Seller;

/// How long a code is waited for.
const PATIENCE: Millis = 5_000;
/// How often a code is asked for at most, each time under another number.
const SENDS: u32 = 3;
/// From the moment the code is shown to the first query: until then a notice is waited for.
const FIRST: Millis = 60_000;
/// From the start of one query to the start of the next.
const SPACING: Millis = 5_000;
/// How long the answer to a query is waited for.
const QUERY_PATIENCE: Millis = 3_000;
/// How many queries before the cancel, which is sent within three minutes.
const TIMES: u32 = 22;

impl Reference {
    /// Asks for a code, shows it and follows the payment until the order is final or with staff.
    pub(crate) async fn present_qr(self, mut ticket: Ticket, present: Present, seller: Seller) {
        for send in 1..=SENDS {
            if send > 1 {
                if !self.books.is_open(&ticket) {
                    return;
                }
                // "No code returned: repeat with a different number."
                if !self.switch.strikes(Defect::LegQrSameNumber) {
                    ticket = self.begun_anew(&ticket);
                }
            }
            if !self.may_send(&ticket) {
                return;
            }
            let form = self.precreate_form(&ticket, &present, &seller);
            let heard = self.send(&form, PATIENCE).await;
            if matches!(heard, Heard::Refused { status: 200, .. })
                && self.switch.strikes(Defect::LegAnyAnswerPaid)
            {
                return self.take_payment(&ticket);
            }
            match self.judge_precreate(&ticket, &heard) {
                PayEnd::Done(code) => {
                    return self.offer(&ticket, Offer::Code(code), plan(self.clock.now())).await;
                }
                PayEnd::Refused(_) => return self.books.end(&ticket, OrderState::Failed),
                PayEnd::Dropped => return,
                PayEnd::InProcess(_) | PayEnd::Unclear => {}
            }
        }
        if self.books.begin_cancel(&ticket) {
            self.cancel_until_sure(&ticket).await;
        }
    }

    /// Judges the answer to precreate: a code, or none. Nobody has paid yet.
    fn judge_precreate(&self, ticket: &Ticket, heard: &Heard) -> PayEnd<String> {
        match heard {
            Heard::Said(said) if !self.names(ticket, said, said.result() == Business::Success) => {
                PayEnd::Unclear
            }
            Heard::Said(said) => match (said.result(), said.get("qr_code")) {
                (Business::Success, Some(code)) => {
                    self.books.learn(ticket, said.particulars());
                    PayEnd::Done(code.to_owned())
                }
                (Business::Fail, _) if said.error() != SYSTEM_ERROR => {
                    PayEnd::Refused(said.error().to_owned())
                }
                (_, _) => PayEnd::Unclear,
            },
            Heard::Refused { error, .. } if error != SYSTEM_ERROR => PayEnd::Refused(error.clone()),
            Heard::Unsent => PayEnd::Refused(String::new()),
            Heard::Refused { .. } | Heard::Taken | Heard::Nothing => PayEnd::Unclear,
        }
    }
}

fn plan(from: Millis) -> Plan {
    Plan {
        from,
        first: FIRST,
        every: SPACING,
        limit: QUERY_PATIENCE,
        times: TIMES,
        unheard: 0,
        // Before the buyer scans the code, there is no trade.
        repays: false,
        last: None,
    }
}
