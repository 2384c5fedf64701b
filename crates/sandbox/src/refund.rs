//! The calls refund and inquiryRefund: money of a payment goes back, in whole or in parts.

use clock::Millis;
use protocol::ams::{Outcome, RefundStatus};
use protocol::{Amount, DAY, Fields, iso8601, year_after};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::defect::Defect;
use crate::ledger::{Effect, Ledger, State};
use crate::legacy::Return;
use crate::notification::{Address, Notice};
use crate::pay_request::{amount, optional, required};
use crate::switches::RefundWindow;
use crate::view::Members;

/// Money of a payment that goes back.
#[derive(Debug)]
pub(crate) struct Refund {
    pub(crate) request_id: String,
    /// The gateway's own id.
    pub(crate) id: String,
    /// The place of its payment.
    pub(crate) payment: usize,
    pub(crate) amount: Amount,
    pub(crate) notify_url: Option<String>,
    pub(crate) status: RefundStatus,
    /// When it was asked for, and from its end on when it ended.
    pub(crate) at: Millis,
    /// What the legacy generation keeps of the call that made it.
    pub(crate) legacy: Option<Box<Return>>,
}

/// How long refunds take, and how they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefundPace {
    /// Milliseconds from the call on; none at all means that the answer brings the end.
    pub(crate) after: Millis,
    #[serde(default)]
    pub(crate) ends: RefundEnd,
}

/// How a refund that takes its time ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RefundEnd {
    #[default]
    Success,
    Fail,
}

impl Default for RefundPace {
    fn default() -> Self {
        Self { after: 0, ends: RefundEnd::Success }
    }
}

/// A refund request as it was read.
struct Asked {
    request_id: String,
    payment_id: String,
    amount: Amount,
    notify_url: Option<String>,
}

impl Asked {
    fn read(fields: &Fields) -> Result<Self, String> {
        let request_id = required(fields, "refundRequestId", 64)?;
        let payment_id = required(fields, "paymentId", 64)?;
        let amount = amount(fields, "refundAmount")?;
        optional(fields, "refundReason", 256)?;
        let notify_url = optional(fields, "refundNotifyUrl", 1024)?;
        if notify_url.as_deref().is_some_and(|url| Address::parse(url).is_none()) {
            return Err("refundNotifyUrl: a URL is expected".into());
        }
        Ok(Self { request_id, payment_id, amount, notify_url })
    }
}

impl Ledger {
    pub(crate) fn refund(&mut self, fields: &Fields, now: Millis) -> Answer {
        let asked = match Asked::read(fields) {
            Ok(asked) => asked,
            Err(expected) => return Answer::illegal(expected),
        };
        let known = self.refunds.iter().position(|known| known.request_id == asked.request_id);
        if let Some(place) = known {
            return self.refund_again(place, &asked, now);
        }
        let Some(payment) = self.find(Some(&asked.payment_id), None, now) else {
            return refused("ORDER_NOT_EXIST", &asked);
        };
        match self.refusal_of(payment, &asked, now) {
            Ok(()) => self.refund_anew(payment, asked, now),
            Err(code) => refused(code, &asked),
        }
    }

    /// A call under an id that is known: never a second refund.
    fn refund_again(&mut self, place: usize, asked: &Asked, now: Millis) -> Answer {
        let refund = &self.refunds[place];
        let payment = refund.payment;
        if refund.amount != asked.amount || self.payments[payment].id != asked.payment_id {
            return refused("REPEAT_REQ_INCONSISTENT", asked);
        }
        if refund.status == RefundStatus::Success && self.defects.strikes(Defect::RefundRepeats) {
            self.credit(payment, asked.amount.minor, now);
        }
        self.refund_answer(place)
    }

    /// Whether a payment can be refunded, or the code of the refusal.
    fn refusal_of(&self, place: usize, asked: &Asked, now: Millis) -> Result<(), &'static str> {
        let payment = &self.payments[place];
        let Some(paid_at) = payment.paid_at else {
            // The defect of a gateway that does not look whether there is any money.
            let unpaid = self.defects.strikes(Defect::RefundOfUnpaid);
            return if unpaid { Ok(()) } else { Err("ORDER_STATUS_INVALID") };
        };
        if payment.state != State::Success && !self.defects.strikes(Defect::RefundOfCancelled) {
            return Err("ORDER_STATUS_INVALID");
        }
        if asked.amount.currency != payment.amount.currency {
            return Err("CURRENCY_NOT_SUPPORT");
        }
        let end = match self.switches.refund_window {
            RefundWindow::CalendarYear => year_after(paid_at),
            RefundWindow::Days366 => paid_at + 366 * DAY,
        };
        if now > end && !self.defects.strikes(Defect::RefundWindowOpen) {
            return Err("REFUND_WINDOW_EXCEED");
        }
        let given: i64 = self.refunds_of(place).map(|refund| refund.amount.minor).sum();
        let left = payment.amount.minor - given;
        if asked.amount.minor > left && !self.defects.strikes(Defect::RefundOverTotal) {
            return Err("REFUND_AMOUNT_EXCEED");
        }
        Ok(())
    }

    /// The refunds of a payment that count: those that failed gave nothing back.
    pub(crate) fn refunds_of(&self, payment: usize) -> impl Iterator<Item = &Refund> {
        let counts = move |refund: &&Refund| {
            refund.payment == payment && refund.status != RefundStatus::Fail
        };
        self.refunds.iter().filter(counts)
    }

    /// The refunds of a payment that gave something back.
    pub(crate) fn refunds_done(&self, payment: usize) -> impl Iterator<Item = &Refund> {
        self.refunds_of(payment).filter(|refund| refund.status == RefundStatus::Success)
    }

    fn refund_anew(&mut self, payment: usize, asked: Asked, now: Millis) -> Answer {
        let refund = Refund {
            id: self.refund_id(now),
            request_id: asked.request_id,
            payment,
            amount: asked.amount,
            notify_url: asked.notify_url,
            status: RefundStatus::Processing,
            at: now,
            legacy: None,
        };
        let place = self.refunds.len();
        self.refunds.push(refund);
        let RefundPace { after, ends } = self.refund_pace;
        if after > 0 {
            let at = now.saturating_add(after);
            self.effects.push(Effect::EndsRefund { place, end: ends, at });
        } else {
            self.end_refund(place, RefundEnd::Success, now);
        }
        self.refund_answer(place)
    }

    /// Ends a refund and tells the merchant, where it said whereto.
    pub(crate) fn end_refund(&mut self, place: usize, end: RefundEnd, now: Millis) {
        let refund = &mut self.refunds[place];
        refund.at = now;
        refund.status = match end {
            RefundEnd::Success => RefundStatus::Success,
            RefundEnd::Fail => RefundStatus::Fail,
        };
        let (payment, minor) = (refund.payment, refund.amount.minor);
        let paid = self.payments[payment].paid_at.is_some();
        // A payment that nobody paid gets here by a defect alone, which moves nothing.
        let returned = end == RefundEnd::Success && paid;
        if returned && !self.defects.strikes(Defect::LegRefundNotReturned) {
            self.credit(payment, minor, now);
        }
        let refund = &self.refunds[place];
        if refund.legacy.is_some() {
            if end == RefundEnd::Success {
                self.tell_refund(place, now);
            }
        } else if let Some(url) = refund.notify_url.clone() {
            let mut members = refund_members(refund);
            members.insert("notifyType".into(), json!("REFUND_RESULT"));
            members.insert("refundStatus".into(), json!(refund.status.name()));
            let notice = Notice::about(url, ended(refund.status), members, now);
            self.effects.push(Effect::Tells(Box::new(notice)));
        }
    }

    /// The answer to refund as it stands: the same one as long as nothing has changed.
    fn refund_answer(&self, place: usize) -> Answer {
        let refund = &self.refunds[place];
        let mut members = refund_members(refund);
        members.insert("paymentId".into(), json!(self.payments[refund.payment].id));
        Answer::with(ended(refund.status), members)
    }

    pub(crate) fn inquire_refund(&self, fields: &Fields) -> Answer {
        let (id, request_id) = (fields.text("refundId"), fields.text("refundRequestId"));
        // The gateway's own id wins over the merchant's.
        let found = match (&id, &request_id) {
            (Some(id), _) => self.refunds.iter().find(|refund| refund.id == *id),
            (None, Some(id)) => self.refunds.iter().find(|refund| refund.request_id == *id),
            (None, None) => return Answer::illegal("refundId or refundRequestId is required"),
        };
        let Some(refund) = found else { return Answer::of_code("ORDER_NOT_EXIST") };
        let mut members = refund_members(refund);
        members.insert("refundStatus".into(), json!(refund.status.name()));
        Answer::with("SUCCESS", members)
    }

    /// The refunds of a payment as inquiryPayment lists them; `None` where there never was one.
    pub(crate) fn transactions(&self, payment: usize) -> Option<Value> {
        let listed: Vec<Value> = self
            .refunds
            .iter()
            .filter(|refund| refund.payment == payment)
            .map(|refund| {
                json!({
                    "transactionResult": Outcome::of_code(ended(refund.status)).to_json(),
                    "transactionId": refund.id,
                    "transactionType": "REFUND",
                    "transactionStatus": refund.status.name(),
                    "transactionAmount": refund.amount.to_wire(),
                    "transactionRequestId": refund.request_id,
                    "transactionTime": iso8601(refund.at),
                })
            })
            .collect();
        let hidden = listed.is_empty() || self.defects.strikes(Defect::RefundNotListed);
        (!hidden).then_some(Value::Array(listed))
    }
}

/// The result that goes with a state.
fn ended(status: RefundStatus) -> &'static str {
    match status {
        RefundStatus::Success => "SUCCESS",
        RefundStatus::Processing => "REFUND_IN_PROCESS",
        RefundStatus::Fail => "PROCESS_FAIL",
    }
}

fn refused(code: &str, asked: &Asked) -> Answer {
    let mut members = Members::new();
    members.insert("refundRequestId".into(), json!(asked.request_id));
    Answer::with(code, members)
}

/// What every answer and notice about a refund carries; its time only once it succeeded.
fn refund_members(refund: &Refund) -> Members {
    let mut members = Members::new();
    members.insert("refundRequestId".into(), json!(refund.request_id));
    members.insert("refundId".into(), json!(refund.id));
    members.insert("refundAmount".into(), refund.amount.to_wire());
    if refund.status == RefundStatus::Success {
        members.insert("refundTime".into(), json!(iso8601(refund.at)));
    }
    members
}
