//! Barcode: the till scans the buyer's code.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clock::Millis;
use evidence::OrderState;
use protocol::legacy::Form;

use crate::defect::Defect;
use crate::driver::Charge;
use crate::legacy::gateway::{Business, Heard, SYSTEM_ERROR, Said};
use crate::order::Ticket;
use crate::pay::PayEnd;
use crate::polling::{Followed, Plan};
use crate::reference::Reference;
use crate::registrar::Seller;

/// How long the till waits for the answer to pay.
const PATIENCE: Millis = 5_000;
/// From an unknown result to the first query.
const FIRST: Millis = 3_000;
/// From the start of one query to the start of the next.
const SPACING: Millis = 4_000;
/// How long the answer to a query is waited for.
const QUERY_PATIENCE: Millis = 3_000;
/// How many answered queries before the cancel.
const TIMES: u32 = 15;
/// How many more may go unanswered; by then the order has closed by itself.
const UNHEARD: u32 = 60;
/// How often the same pay goes out while the gateway knows no such payment.
const SENDS: u32 = 3;
/// By a defect, forever.
const NO_LIMIT: Millis = 24 * 3_600_000;

impl Reference {
    /// Charges a code and follows the payment until the order is final or with staff.
    pub(crate) async fn charge_barcode(self, mut ticket: Ticket, charge: Charge, seller: Seller) {
        let mut form = self.pay_form(&ticket, &charge, &seller, self.clock.now());
        for send in 1..=SENDS {
            if !self.may_send(&ticket) {
                return;
            }
            let heard = self.hear_pay(&form).await;
            match self.judge_barcode(&ticket, &heard) {
                PayEnd::Done(()) => return self.take_payment(&ticket),
                PayEnd::Refused(_) => return self.books.end(&ticket, OrderState::Failed),
                PayEnd::Dropped => return,
                PayEnd::InProcess(()) | PayEnd::Unclear => {}
            }
            if send == 1 && self.switch.strikes(Defect::LegNewNumber) {
                ticket = self.begun_anew(&ticket);
                form = self.pay_form(&ticket, &charge, &seller, self.clock.now());
                continue;
            }
            if send == 1 && self.switch.strikes(Defect::LegRepeatChanged) {
                self.clock.sleep(FIRST).await;
                form = self.pay_form(&ticket, &charge, &seller, self.clock.now());
                continue;
            }
            match self.inquire_by(&ticket, plan(self.clock.now())).await {
                Followed::Over => return,
                Followed::Cancel { used_up } => return self.cancel_after(&ticket, used_up).await,
                // The same pay can go out again, and nobody pays twice by it.
                Followed::Missing => {}
            }
        }
        self.cancel_after(&ticket, false).await;
    }

    /// Sends pay and listens for its answer as long as the till does.
    async fn hear_pay(&self, form: &Form) -> Heard {
        if !self.switch.has(Defect::LegNoTimeout) {
            return self.send(form, PATIENCE).await;
        }
        // Silence after its time is a sign of the endless wait, and only of that. The wait itself
        // need not end before the scenario does.
        let heard = Arc::new(AtomicBool::new(false));
        let (answered, merchant) = (heard.clone(), self.clone());
        let due = self.clock.now() + PATIENCE;
        self.clock.spawn(async move {
            merchant.clock.sleep_until(due).await;
            if !answered.load(Ordering::SeqCst) {
                merchant.switch.strikes(Defect::LegNoTimeout);
            }
        });
        let answer = self.send(form, NO_LIMIT).await;
        heard.store(true, Ordering::SeqCst);
        answer
    }

    /// Judges the answer to pay.
    fn judge_barcode(&self, ticket: &Ticket, heard: &Heard) -> PayEnd<()> {
        match heard {
            Heard::Said(said) if !self.names(ticket, said, said.result() == Business::Success) => {
                PayEnd::Unclear
            }
            Heard::Said(said) => self.judge_sale(ticket, said),
            Heard::Refused { status: 200, .. } if self.switch.strikes(Defect::LegAnyAnswerPaid) => {
                PayEnd::Done(())
            }
            Heard::Refused { error, .. } if error == SYSTEM_ERROR => self.system_error(),
            Heard::Refused { error, .. } => PayEnd::Refused(error.clone()),
            Heard::Unsent => PayEnd::Refused(String::new()),
            Heard::Taken | Heard::Nothing if self.switch.strikes(Defect::LegSilenceFailed) => {
                PayEnd::Refused(String::new())
            }
            Heard::Taken | Heard::Nothing => PayEnd::Unclear,
        }
    }

    fn judge_sale(&self, ticket: &Ticket, said: &Said) -> PayEnd<()> {
        let error = said.error();
        match said.result() {
            Business::Success => {
                self.learn_paid(ticket, said);
                PayEnd::Done(())
            }
            _ if self.switch.strikes(Defect::LegAnyAnswerPaid) => PayEnd::Done(()),
            _ if error == SYSTEM_ERROR => self.system_error(),
            Business::Unknown if self.switch.strikes(Defect::LegUnknowPaid) => PayEnd::Done(()),
            Business::Unknown if self.switch.strikes(Defect::LegUnknowFailed) => {
                PayEnd::Refused(error.to_owned())
            }
            Business::Unknown => {
                self.books.learn(ticket, said.particulars());
                PayEnd::InProcess(())
            }
            // It is paid already, as a query will tell.
            Business::Fail
                if error == "TRADE_HAS_SUCCESS"
                    && !self.switch.strikes(Defect::LegHasSuccessFailed) =>
            {
                PayEnd::Unclear
            }
            Business::Fail => PayEnd::Refused(error.to_owned()),
        }
    }

    fn system_error(&self) -> PayEnd<()> {
        if self.switch.strikes(Defect::LegSystemErrorFailed) {
            return PayEnd::Refused(SYSTEM_ERROR.to_owned());
        }
        PayEnd::Unclear
    }

    /// Another payment of the same order.
    pub(super) fn begun_anew(&self, ticket: &Ticket) -> Ticket {
        let price = self.books.open().get(&ticket.order).map(|order| order.price);
        let price = price.unwrap_or(ticket.bill);
        self.books.begin(&ticket.order, price, ticket.bill, false)
    }
}

fn plan(from: Millis) -> Plan {
    Plan {
        from,
        first: FIRST,
        every: SPACING,
        limit: QUERY_PATIENCE,
        times: TIMES,
        unheard: UNHEARD,
        repays: true,
        last: None,
    }
}
