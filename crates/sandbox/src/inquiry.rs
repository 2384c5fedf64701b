//! The call inquiryPayment.

use clock::Millis;
use protocol::Fields;
use protocol::ams::PaymentStatus;
use serde_json::json;

use crate::answer::Answer;
use crate::defect::Defect;
use crate::ledger::{Ledger, State};
use crate::view::{Members, members, paid_members};

impl Ledger {
    pub(crate) fn inquire(&mut self, fields: &Fields, now: Millis) -> Answer {
        let (payment_id, request_id) = match ids(fields) {
            Ok(ids) => ids,
            Err(answer) => return answer,
        };
        match self.find(payment_id.as_deref(), request_id.as_deref(), now) {
            Some(place) => {
                self.payments[place].inquiries += 1;
                if self.payments[place].inquiries <= self.switches.inquiry_lag {
                    return Answer::of_code("ORDER_NOT_EXIST");
                }
                self.report(place)
            }
            None if self.defects.strikes(Defect::UnknownOrderProcessing) => {
                let mut members = Members::new();
                for (name, id) in [("paymentId", payment_id), ("paymentRequestId", request_id)] {
                    members.extend(id.map(|id| (name.to_owned(), json!(id))));
                }
                status(&mut members, &State::Processing);
                Answer::with("SUCCESS", members)
            }
            None => Answer::of_code("ORDER_NOT_EXIST"),
        }
    }

    fn report(&self, place: usize) -> Answer {
        let payment = &self.payments[place];
        let mut state = payment.state.clone();
        if state == State::Success && self.defects.strikes(Defect::InquiryStale) {
            state = State::Processing;
        }
        let mut members = match payment.paid_at {
            Some(paid_at) if state == State::Success => paid_members(payment, paid_at),
            Some(_) | None => members(payment),
        };
        status(&mut members, &state);
        members.extend(self.transactions(place).map(|listed| ("transactions".to_owned(), listed)));
        Answer::with("SUCCESS", members)
    }
}

fn status(members: &mut Members, state: &State) {
    let (status, code) = state.reported();
    members.insert("paymentStatus".into(), json!(status.name()));
    members.insert("paymentResultCode".into(), json!(code));
    let message = match status {
        PaymentStatus::Success => "paid",
        PaymentStatus::Fail => "failed or closed",
        PaymentStatus::Processing | PaymentStatus::Pending => "waiting for the buyer",
        PaymentStatus::Cancelled => "cancelled",
    };
    members.insert("paymentResultMessage".into(), json!(message));
}

/// The two ids of an inquiry or a cancel; one of them has to be there.
pub(crate) fn ids(fields: &Fields) -> Result<(Option<String>, Option<String>), Answer> {
    let payment_id = fields.text("paymentId");
    let request_id = fields.text("paymentRequestId");
    let long = |id: &Option<String>| id.as_ref().is_some_and(|id| id.chars().count() > 64);
    if payment_id.is_none() && request_id.is_none() {
        return Err(Answer::illegal("paymentId or paymentRequestId is required"));
    }
    if long(&payment_id) || long(&request_id) {
        return Err(Answer::illegal("ids have at most 64 characters"));
    }
    Ok((payment_id, request_id))
}
