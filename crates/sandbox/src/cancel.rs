//! The call cancel: a payment is undone as a whole.

use clock::Millis;
use protocol::{Fields, iso8601};
use serde_json::json;

use crate::answer::Answer;
use crate::defect::Defect;
use crate::inquiry::ids;
use crate::ledger::{Ledger, State, cancel_window};
use crate::view::Members;

impl Ledger {
    pub(crate) fn cancel(&mut self, fields: &Fields, now: Millis) -> Answer {
        let (payment_id, request_id) = match ids(fields) {
            Ok(ids) => ids,
            Err(answer) => return answer,
        };
        let Some(place) = self.find(payment_id.as_deref(), request_id.as_deref(), now) else {
            return Answer::of_code("ORDER_NOT_EXIST");
        };
        match self.payments[place].state {
            State::Processing => self.payments[place].state = State::Cancelled,
            State::Success => {
                if now > cancel_window(self.payments[place].created) {
                    return self.cancelled(place, "CANCEL_WINDOW_EXCEED", None);
                }
                self.payments[place].state = State::Cancelled;
                if !self.defects.strikes(Defect::CancelKeepsMoney) {
                    self.give_back(place, now);
                }
            }
            // Nothing is left to undo. S lets a till close such an order instead of trying on; the
            // payment goes on saying that it failed.
            State::Failed(_) | State::Closed | State::Cancelled => {}
        }
        let moment = *self.payments[place].cancelled_at.get_or_insert(now);
        self.cancelled(place, "SUCCESS", Some(moment))
    }

    fn cancelled(&self, place: usize, code: &str, moment: Option<Millis>) -> Answer {
        let payment = &self.payments[place];
        let mut members = Members::new();
        members.insert("paymentRequestId".into(), json!(payment.request_id));
        members.insert("paymentId".into(), json!(payment.id));
        members.extend(moment.map(|moment| ("cancelTime".to_owned(), json!(iso8601(moment)))));
        Answer::with(code, members)
    }
}
