//! Order-code: the till shows a code that the buyer scans.

use clock::Millis;
use evidence::OrderState;
use protocol::Fields;
use protocol::ams::Scenario;
use serde_json::Value;

use crate::defect::Defect;
use crate::driver::Present;
use crate::order::Ticket;
use crate::pay::{PayEnd, Sale};
use crate::polling::Plan;
use crate::reference::Reference;
use crate::setup::Store;

/// How long the till waits for a code.
const PATIENCE: Millis = 5_000;
/// How often a code is asked for at most.
const SENDS: u32 = 3;
/// Between the end of one try and the next.
const PAUSE: Millis = 1_000;
/// From the moment the code is shown to the first inquiry.
const FIRST: Millis = 15_000;
/// From the start of one inquiry to the start of the next, and how long each answer is waited for.
const SPACING: Millis = 4_000;
/// How many inquiries before the cancel.
const TIMES: u32 = 12;

impl Reference {
    /// Asks for a code, shows it and follows the payment until the order is final or with staff.
    pub(crate) async fn present_code(self, mut ticket: Ticket, present: Present, store: Store) {
        for send in 1..=SENDS {
            if send > 1 {
                self.clock.sleep(PAUSE).await;
                ticket = self.renewed(ticket);
            }
            if !self.may_send(&ticket) {
                return;
            }
            let sale = Sale {
                text: &present.text,
                store_id: &present.store,
                store: &store,
                scanned_at: None,
            };
            let body = self.pay_body(&ticket, &sale, Scenario::OrderCode);
            match self.pay_once(&ticket, &body, PATIENCE).await {
                PayEnd::Done(fields) => match code_of(&fields) {
                    Some(code) => return self.offer(&ticket, code).await,
                    None if self.switch.has(Defect::CutBodyTrusted) => {
                        return self.follow(&ticket, self.code_plan()).await;
                    }
                    None => {}
                },
                PayEnd::Refused(_) => return self.books.end(&ticket, OrderState::Failed),
                PayEnd::Dropped => return,
                PayEnd::Unclear => {}
            }
        }
        if self.books.begin_cancel(&ticket) {
            self.cancel_until_sure(&ticket).await;
        }
    }

    async fn offer(&self, ticket: &Ticket, code: String) {
        self.books.show(ticket, self.drawn(&code));
        if self.switch.strikes(Defect::CodeCreatedIsPaid) {
            if self.books.paid(ticket) {
                // Whoever takes the code for money goes on showing it.
                if let Some(order) = self.books.open().get_mut(&ticket.order) {
                    order.code = Some(code);
                }
            }
            return;
        }
        self.follow(ticket, self.code_plan()).await;
    }

    fn code_plan(&self) -> Plan {
        let from = self.clock.now();
        Plan { from, first: FIRST, every: SPACING, limit: SPACING, times: TIMES }
    }

    /// The code as the buyer sees it.
    fn drawn(&self, code: &str) -> String {
        let lower = code.to_lowercase();
        if lower != code && self.switch.strikes(Defect::CodeRewritten) {
            return lower;
        }
        code.to_owned()
    }

    /// The same attempt; by a defect a new one.
    fn renewed(&self, ticket: Ticket) -> Ticket {
        if !self.books.is_open(&ticket) || !self.switch.strikes(Defect::CodeNewId) {
            return ticket;
        }
        let price = self.books.open().get(&ticket.order).map(|order| order.price);
        match price {
            Some(price) => self.books.begin(&ticket.order, price, ticket.bill, false),
            None => ticket,
        }
    }
}

/// The text that is to be drawn as a code: of several forms, the one that says so.
fn code_of(fields: &Fields) -> Option<String> {
    let details = fields.at("orderCodeForm.codeDetails").and_then(Value::as_array)?;
    let text = |index: usize, name: &str| {
        fields.text(&format!("orderCodeForm.codeDetails.{index}.{name}"))
    };
    let drawable = |index: &usize| {
        text(*index, "codeValueType").is_none_or(|kind| kind == "QRCODE")
            && text(*index, "displayType").is_none_or(|kind| kind == "TEXT")
    };
    let best = (0..details.len()).find(drawable).unwrap_or(0);
    text(best, "codeValue")
}
