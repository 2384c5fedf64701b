//! User-presented: the till scans the buyer's code.

use clock::Millis;
use evidence::OrderState;
use protocol::ams::{Api, Scenario, inquiry_body};
use serde_json::{Value, json};

use crate::defect::Defect;
use crate::driver::Charge;
use crate::order::Ticket;
use crate::pay::{PayEnd, Sale};
use crate::polling::Plan;
use crate::reference::Reference;
use crate::registrar::Seller;

/// How long the till waits for the answer to pay, and when it asks first.
const PATIENCE: Millis = 5_000;
/// From the start of one inquiry to the start of the next.
const SPACING: Millis = 3_000;
/// The answer to an inquiry is waited for no longer than until the next is due.
const INQUIRY_PATIENCE: Millis = 3_000;
/// How many inquiries before the cancel.
const TIMES: u32 = 12;
/// How long a wrongly repeated call waits.
const AGAIN_AFTER: Millis = 3_000;

impl Reference {
    /// Charges a code and follows the payment until the order is final or with staff.
    pub(crate) async fn charge_code(self, mut ticket: Ticket, charge: Charge, seller: Seller) {
        if self.refused_at_the_till(&ticket, &charge.code) {
            return;
        }
        for payment in 1.. {
            if !self.may_send(&ticket) {
                return;
            }
            let sent = self.clock.now();
            let end = self.send_charge(&ticket, &charge, &seller).await;
            match end {
                PayEnd::Done(_) => return self.take_payment(&ticket),
                PayEnd::Refused(_) => return self.books.end(&ticket, OrderState::Failed),
                PayEnd::Dropped => return,
                PayEnd::InProcess(_) | PayEnd::Unclear => {}
            }
            let anew = if payment == 1 { self.paid_anew(&ticket, sent).await } else { None };
            match anew {
                Some(next) => ticket = next,
                None => return self.follow_charge(&ticket, sent).await,
            }
        }
    }

    /// Whether the attempt may go out; by a defect one that a second press overtook does as well.
    pub(crate) fn may_send(&self, ticket: &Ticket) -> bool {
        self.books.sending(ticket)
            || (self.books.was_overtaken(ticket)
                && self.switch.either(Defect::DoublePress, Defect::LegNumberPerPress))
    }

    async fn send_charge(&self, ticket: &Ticket, charge: &Charge, seller: &Seller) -> PayEnd {
        let sent = self.clock.now();
        let sale = Sale { text: &charge.text, seller, scanned_at: Some(sent), expires: None };
        let body = self.pay_body(ticket, &sale, Scenario::PaymentCode(self.code(&charge.code)));
        self.pay_once(ticket, &body, self.patience()).await
    }

    /// Sends pay and judges its answer; by a defect it goes out again after a refusal.
    pub(crate) async fn pay_once(&self, ticket: &Ticket, body: &str, limit: Millis) -> PayEnd {
        self.shown_as_paid_early(ticket);
        let end = self.judge_pay(ticket, self.ask(Api::Pay, body, limit).await);
        let general = matches!(&end, PayEnd::Refused(code) if code == "PROCESS_FAIL" || code == "SYSTEM_ERROR");
        if general && self.switch.strikes(Defect::RetryOnF) {
            self.clock.sleep(AGAIN_AFTER).await;
            return self.judge_pay(ticket, self.ask(Api::Pay, body, limit).await);
        }
        end
    }

    async fn follow_charge(&self, ticket: &Ticket, sent: Millis) {
        // An answer that came after its time is a sign of the minute's wait, and only of that.
        if self.clock.now() > sent + PATIENCE {
            self.switch.strikes(Defect::Timeout60s);
        }
        let plan = Plan {
            from: sent,
            first: PATIENCE,
            every: SPACING,
            limit: INQUIRY_PATIENCE,
            times: TIMES,
            unheard: 0,
            repays: false,
            last: None,
        };
        self.follow(ticket, plan).await;
    }

    /// Books what pay itself says was paid.
    pub(crate) fn take_payment(&self, ticket: &Ticket) {
        if self.books.paid(ticket) {
            return;
        }
        let mut orders = self.books.open();
        let Some(order) = orders.get_mut(&ticket.order) else { return };
        let paid = order.is_current(&ticket.request_id) && order.till == OrderState::Paid;
        if paid && self.switch.strikes(Defect::AnswerBooksAgain) {
            order.book();
        }
    }

    fn patience(&self) -> Millis {
        if self.switch.has(Defect::Timeout60s) { 60_000 } else { PATIENCE }
    }

    /// The code as it goes into the request: the text that was scanned.
    fn code(&self, scanned: &str) -> Value {
        match scanned.parse::<f64>() {
            Ok(number) if self.switch.strikes(Defect::CodeAsNumber) => json!(number),
            Ok(_) | Err(_) => json!(scanned),
        }
    }

    fn refused_at_the_till(&self, ticket: &Ticket, code: &str) -> bool {
        let old_form = code.len() == 18 && code.starts_with("28");
        let refused = !old_form && self.switch.strikes(Defect::CodeFilter);
        if refused {
            self.books.end(ticket, OrderState::Failed);
        }
        refused
    }

    fn shown_as_paid_early(&self, ticket: &Ticket) {
        if self.switch.strikes(Defect::StateEarly)
            && let Some(order) = self.books.open().get_mut(&ticket.order)
        {
            order.while_waiting = OrderState::Paid;
        }
    }

    /// By a defect: asks once, listens to nothing and begins a second payment.
    async fn paid_anew(&self, ticket: &Ticket, sent: Millis) -> Option<Ticket> {
        if !self.switch.has(Defect::NewIdAfterUnknown) {
            return None;
        }
        self.clock.sleep_until(sent + PATIENCE).await;
        if !self.books.is_open(ticket) {
            return None;
        }
        let body = inquiry_body(Some(&ticket.request_id), None).to_string();
        self.ask(Api::InquiryPayment, &body, INQUIRY_PATIENCE).await;
        if !self.books.is_open(ticket) {
            return None;
        }
        self.switch.strikes(Defect::NewIdAfterUnknown);
        let price = self.books.open().get(&ticket.order)?.price;
        Some(self.books.begin(&ticket.order, price, ticket.bill, false))
    }
}
