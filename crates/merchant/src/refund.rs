//! Giving money back: one id for each slip, until it is certain what became of it.

use clock::Millis;
use evidence::{OrderState, RefundState};
use protocol::ams::{Api, Refund, RefundStatus, Status, refund_inquiry_body};
use protocol::{Amount, DAY, Fields, GMT8, parse_iso8601};

use crate::defect::Defect;
use crate::driver::{DriverError, RefundOrder};
use crate::gateway::{Heard, Said};
use crate::naming::CANCEL_SLIP;
use crate::order::Ticket;
use crate::reference::Reference;
use crate::setup::Contract;
use crate::slip::{RefundTicket, Spoilt, Written};

/// How long an answer is waited for.
pub(crate) const PATIENCE: Millis = 5_000;
/// From an answer that says nothing to the next question.
const PAUSE: Millis = 5_000;
/// How many calls follow the first; after the last a person is called.
const TIMES: u32 = 20;
/// Between the repeats of a refund that was refused.
const AGAIN_AFTER: Millis = 60_000;
/// From one question to the next about a refund that was accepted and takes hours.
const LONG_PAUSE: Millis = 90 * 60_000;
/// How many questions come before those.
const QUICK: u32 = 4;
/// How long the merchant's own money is waited for.
const UNTIL_FUNDS: Millis = 3_600_000;

/// Until when the gateway gives nothing back at once: from midnight to 01:30 Beijing time.
const REST_ENDS: Millis = 90 * 60_000;

/// What is known of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// The money went back.
    Done,
    /// Refused for good.
    Refused,
    /// Nothing that counts was heard.
    Unclear,
    /// The gateway knows nothing of it.
    Missing,
    /// Nothing that counts was heard, and the same call can go out again.
    Again,
    /// It was taken, and is executed some time.
    Accepted,
    /// The same call works once there is money to give back.
    NoFunds,
    /// The same call works once the hours are over in which the gateway gives nothing back at once.
    Resting,
}

impl Reference {
    pub(crate) fn take_refund(&self, refund: &RefundOrder) -> Result<(), DriverError> {
        let pressed_again = self.books.has_slip(&refund.order, &refund.slip);
        let twice = || self.switch.either(Defect::RefundDoublePress, Defect::LegRefundIdPerPress);
        let again = pressed_again && twice();
        let same_id =
            self.switch.has(Defect::RefundIdPerOrder) || self.switch.has(Defect::LegOneRefundId);
        let now = self.clock.now();
        match self.books.write_slip(refund, now, Spoilt { again, same_id }) {
            Written::Asks(ticket) => {
                let merchant = self.clone();
                self.clock.spawn(async move { merchant.refund_until_sure(ticket).await });
                Ok(())
            }
            Written::Nothing => Ok(()),
            Written::Unknown => Err(DriverError::Refused(format!("no order '{}'", refund.order))),
        }
    }

    /// Gives the whole price back, because the payment can no longer be cancelled.
    pub(crate) async fn refund_instead(&self, ticket: &Ticket) {
        let price = self.books.open().get(&ticket.order).map(|order| order.price);
        let Some(amount) = price else { return };
        let (order, slip) = (ticket.order.clone(), CANCEL_SLIP.to_owned());
        let refund = RefundOrder { order, slip, amount, reason: String::new() };
        match self.books.write_slip(&refund, self.clock.now(), Spoilt::default()) {
            Written::Asks(ticket) => self.refund_until_sure(ticket).await,
            // Without the gateway's own id of the payment only a person can give the money back.
            Written::Nothing | Written::Unknown => {
                self.books.end_cancel(ticket, OrderState::ForStaff);
            }
        }
    }

    /// Sends the same refund and asks about it until its end is known or the tries are used up.
    async fn refund_until_sure(&self, mut ticket: RefundTicket) {
        let mut known = self.send_refund(&ticket, false).await;
        for turn in 0..TIMES {
            if matches!(known, Known::Done | Known::Refused) {
                break;
            }
            if self.switch.either(Defect::RefundNewId, Defect::LegRefundNewId)
                || self.renames_forex(&ticket, known)
            {
                self.clock.sleep(PAUSE).await;
                ticket = self.renamed(&ticket);
                known = self.send_refund(&ticket, false).await;
                continue;
            }
            if known != Known::Missing {
                self.clock.sleep(pause(known, turn, self.clock.now())).await;
                // A notice may have brought the end meanwhile; a defect believes in one and asks on.
                let hasty = self.switch.has(Defect::RefundQueryOkIsDone);
                if !hasty && !self.books.is_pending(&ticket) {
                    return;
                }
            }
            known = match known {
                Known::Missing | Known::Again | Known::NoFunds | Known::Resting => {
                    self.send_refund(&ticket, true).await
                }
                Known::Done | Known::Refused | Known::Unclear | Known::Accepted => {
                    self.ask_refund(&ticket).await
                }
            };
        }
        let state = match known {
            Known::Done => RefundState::Refunded,
            Known::Refused => RefundState::Refused,
            Known::Unclear
            | Known::Missing
            | Known::Again
            | Known::Accepted
            | Known::NoFunds
            | Known::Resting => RefundState::ForStaff,
        };
        self.books.end_refund(&ticket, state);
        if known == Known::Refused {
            self.after_refusal(&ticket).await;
        }
    }

    /// What only a defect does with a refund that was refused.
    async fn after_refusal(&self, ticket: &RefundTicket) {
        if self.switch.strikes(Defect::RefundFIsDone) {
            self.books.end_refund(ticket, RefundState::Refunded);
        }
        if self.switch.strikes(Defect::RefundRetriesOnF) {
            for _ in 0..5 {
                self.clock.sleep(AGAIN_AFTER).await;
                self.send_refund(ticket, true).await;
            }
        }
    }

    /// Asks for the refund, for the first time or once more.
    async fn send_refund(&self, ticket: &RefundTicket, again: bool) -> Known {
        match (&self.setup.contract, ticket.device) {
            (Contract::Ams { .. }, _) => self.send_by_payment_id(ticket).await,
            (Contract::Legacy { .. }, None) => self.send_spot_refund(ticket, again).await,
            (Contract::Legacy { .. }, Some(device)) => {
                self.send_forex_refund(ticket, device, again).await
            }
        }
    }

    async fn ask_refund(&self, ticket: &RefundTicket) -> Known {
        match (&self.setup.contract, ticket.device) {
            (Contract::Ams { .. }, _) => self.inquire_refund(ticket).await,
            (Contract::Legacy { .. }, None) => self.query_refund(ticket).await,
            // There is nothing to ask about a website refund: a notice tells its end.
            (Contract::Legacy { .. }, Some(_)) => Known::Accepted,
        }
    }

    async fn send_by_payment_id(&self, ticket: &RefundTicket) -> Known {
        self.switch.strikes(Defect::RefundIdPerOrder);
        let wrong = self.switch.strikes(Defect::RefundByRequestId);
        let payment_id = if wrong { &ticket.payment_request_id } else { &ticket.payment_id };
        let body = Refund {
            request_id: ticket.request_id.clone(),
            payment_id: payment_id.clone(),
            amount: ticket.amount,
            reason: Some(ticket.reason.clone()).filter(|reason| !reason.is_empty()),
            notify_url: Some(self.setup.notify_url.clone()).filter(|_| ticket.device.is_some()),
        };
        match self.ask(Api::Refund, &body.to_json().to_string(), PATIENCE).await {
            Heard::Said(said) if is_about(ticket, &said) => match said.outcome.status {
                Status::S => {
                    self.learn_refund(&ticket.request_id, &said.fields);
                    Known::Done
                }
                Status::F => Known::Refused,
                Status::U if self.switch.strikes(Defect::RefundUnknownIsDone) => Known::Done,
                Status::U => Known::Unclear,
            },
            Heard::Said(_) | Heard::Nothing(_) => Known::Unclear,
        }
    }

    async fn inquire_refund(&self, ticket: &RefundTicket) -> Known {
        let body = refund_inquiry_body(Some(&ticket.request_id), None).to_string();
        match self.ask(Api::InquiryRefund, &body, PATIENCE).await {
            Heard::Said(said) if is_about(ticket, &said) => match said.outcome.status {
                Status::S => self.judge_refund(ticket, &said),
                // What the gateway cannot find can be asked for once more, under the same id.
                Status::F => Known::Missing,
                Status::U => Known::Unclear,
            },
            Heard::Said(_) | Heard::Nothing(_) => Known::Unclear,
        }
    }

    fn judge_refund(&self, ticket: &RefundTicket, said: &Said) -> Known {
        self.learn_refund(&ticket.request_id, &said.fields);
        let status = said.fields.text("refundStatus");
        match status.as_deref().and_then(RefundStatus::parse) {
            Some(RefundStatus::Success) => Known::Done,
            Some(RefundStatus::Fail) => Known::Refused,
            Some(RefundStatus::Processing) | None => {
                if self.switch.strikes(Defect::RefundQueryOkIsDone) {
                    self.books.end_refund(ticket, RefundState::Refunded);
                }
                Known::Unclear
            }
        }
    }

    /// By a defect: a website refund without an answer goes out under another number.
    fn renames_forex(&self, ticket: &RefundTicket, known: Known) -> bool {
        ticket.device.is_some()
            && known == Known::Again
            && self.switch.strikes(Defect::LegForexNewId)
    }

    /// By a defect: the same wish under another id.
    fn renamed(&self, ticket: &RefundTicket) -> RefundTicket {
        let request_id = format!("{}x", ticket.request_id);
        self.books.rename_refund(ticket, &request_id);
        RefundTicket { request_id, ..ticket.clone() }
    }

    /// Takes a genuine notice of a refund. Answers whether it is about one of ours.
    pub(crate) fn take_refund_notice(&self, fields: &Fields) -> bool {
        let status = fields.text("refundStatus");
        let state = match status.as_deref().and_then(RefundStatus::parse) {
            Some(RefundStatus::Success) => RefundState::Refunded,
            Some(RefundStatus::Fail) => RefundState::Refused,
            Some(RefundStatus::Processing) | None => return false,
        };
        let id = fields.text("refundRequestId").unwrap_or_default();
        self.learn_refund(&id, fields);
        self.books.tell_refund(&id, amount_of(fields), state)
    }

    /// By a defect: a refund on top of a cancel that worked.
    pub(crate) async fn refund_on_top(&self, ticket: &Ticket) {
        let payment_id = self.books.of_attempt(ticket, |attempt| attempt.payment_id.clone());
        let Some(payment_id) = payment_id.flatten() else { return };
        let on_top = RefundTicket {
            order: ticket.order.clone(),
            request_id: self.books.naming.refund(&ticket.order, CANCEL_SLIP, 1),
            payment_request_id: ticket.request_id.clone(),
            payment_id,
            amount: ticket.bill,
            reason: String::new(),
            asked_at: self.clock.now(),
            device: None,
        };
        self.send_refund(&on_top, false).await;
    }

    fn learn_refund(&self, request_id: &str, told: &Fields) {
        let at = told.text("refundTime").as_deref().and_then(parse_iso8601);
        self.books.learn_refund(request_id, told.text("refundId"), at);
    }
}

/// How long to wait before the next call.
fn pause(known: Known, turn: u32, now: Millis) -> Millis {
    let night = (now + GMT8).rem_euclid(DAY);
    match known {
        Known::Resting if night < REST_ENDS => REST_ENDS - night,
        Known::Resting | Known::NoFunds => UNTIL_FUNDS,
        Known::Accepted if turn >= QUICK => LONG_PAUSE,
        Known::Done
        | Known::Refused
        | Known::Unclear
        | Known::Missing
        | Known::Again
        | Known::Accepted => PAUSE,
    }
}

fn amount_of(fields: &Fields) -> Option<Amount> {
    let text = |path| fields.text(path).unwrap_or_default();
    Amount::from_wire(&text("refundAmount.currency"), &text("refundAmount.value")).ok()
}

/// Whether an answer is about our refund: it names our id, and our amount where it names one. A
/// refusal may leave the id out, since it can come before the body was read.
fn is_about(ticket: &RefundTicket, said: &Said) -> bool {
    let id = match said.fields.text("refundRequestId") {
        Some(id) => id == ticket.request_id,
        None => said.outcome.status != Status::S || !said.genuine,
    };
    let named = said.fields.at("refundAmount").is_some_and(|amount| !amount.is_null());
    id && (!named || amount_of(&said.fields) == Some(ticket.amount))
}
