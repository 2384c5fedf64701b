//! Order-code: the till shows a code that the buyer scans. Entry-code: the buyer's wallet opened the
//! merchant's page, which sends it on by a link. Both ask for what they show in the same way.

use clock::Millis;
use evidence::OrderState;
use protocol::Fields;
use protocol::ams::Scenario;
use serde_json::Value;

use crate::defect::Defect;
use crate::driver::Present;
use crate::order::{Offer, Ticket};
use crate::pay::{PayEnd, Sale};
use crate::polling::Plan;
use crate::reference::Reference;
use crate::registrar::Seller;

/// How long a code or a link is waited for.
const PATIENCE: Millis = 5_000;
/// How often it is asked for at most.
const SENDS: u32 = 3;
/// Between the end of one try and the next.
const PAUSE: Millis = 1_000;
/// From the moment it is shown to the first inquiry.
const FIRST: Millis = 15_000;
/// From the start of one inquiry to the start of the next, and how long each answer is waited for.
const SPACING: Millis = 4_000;
/// How many inquiries before the cancel.
const TIMES: u32 = 12;

impl Reference {
    /// Asks for a code or a link, shows it and follows the payment until the order is final or with
    /// staff.
    pub(crate) async fn present_offer(self, mut ticket: Ticket, present: Present, seller: Seller) {
        for send in 1..=SENDS {
            if send > 1 {
                self.clock.sleep(PAUSE).await;
                ticket = self.renewed(ticket);
            }
            if !self.may_send(&ticket) {
                return;
            }
            let sale =
                Sale { text: &present.text, seller: &seller, scanned_at: None, expires: None };
            let body = self.pay_body(&ticket, &sale, self.scenario(&present));
            match self.pay_once(&ticket, &body, PATIENCE).await {
                PayEnd::Done(fields) => match self.offer_in(&present, &fields) {
                    Some(offer) => return self.offer(&ticket, offer, self.offer_plan()).await,
                    None if self.switch.has(Defect::CutBodyTrusted) => {
                        return self.follow(&ticket, self.offer_plan()).await;
                    }
                    None => {}
                },
                PayEnd::Refused(_) => return self.books.end(&ticket, OrderState::Failed),
                PayEnd::Dropped => return,
                PayEnd::InProcess(_) | PayEnd::Unclear => {}
            }
        }
        if self.books.begin_cancel(&ticket) {
            self.cancel_until_sure(&ticket).await;
        }
    }

    /// Whoever comes with a wallet that names itself has opened the page behind the shop's own code.
    fn scenario(&self, present: &Present) -> Scenario {
        match present.user_agent.clone() {
            None => Scenario::OrderCode,
            Some(_) if self.switch.strikes(Defect::UseragentInvented) => {
                Scenario::EntryCode { user_agent: "Mozilla/5.0".into() }
            }
            Some(user_agent) => Scenario::EntryCode { user_agent },
        }
    }

    fn offer_in(&self, present: &Present, fields: &Fields) -> Option<Offer> {
        if present.user_agent.is_some() {
            return fields.text("redirectActionForm.redirectUrl").map(Offer::Link);
        }
        code_of(fields).map(|code| Offer::Code(self.drawn(&code)))
    }

    /// Shows an offer and follows the payment by a plan.
    pub(crate) async fn offer(&self, ticket: &Ticket, offer: Offer, plan: Plan) {
        self.books.show(ticket, offer.clone());
        if self.switch.either(Defect::CodeCreatedIsPaid, Defect::LegCodeIsPaid) {
            if self.books.paid(ticket) {
                // Whoever takes the code for money goes on showing it.
                self.books.offer_still(ticket, offer);
            }
            return;
        }
        self.follow(ticket, plan).await;
    }

    fn offer_plan(&self) -> Plan {
        let from = self.clock.now();
        Plan {
            from,
            first: FIRST,
            every: SPACING,
            limit: SPACING,
            times: TIMES,
            unheard: 0,
            repays: false,
            last: None,
        }
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
