//! The call cancel: a payment is undone as a whole.

use clock::Millis;
use protocol::{Fields, GMT8, iso8601};
use serde_json::json;

use crate::answer::Answer;
use crate::defect::Defect;
use crate::inquiry::ids;
use crate::ledger::{Ledger, State, cancel_window};
use crate::switches::CancelWindow;
use crate::view::Members;

/// What a careless gateway takes for one moment.
const MOMENT: Millis = 1_000;

impl Ledger {
    pub(crate) fn cancel(&mut self, fields: &Fields, now: Millis) -> Answer {
        let (payment_id, request_id) = match ids(fields) {
            Ok(ids) => ids,
            Err(answer) => return answer,
        };
        let Some(place) = self.find(payment_id.as_deref(), request_id.as_deref(), now) else {
            return if self.defects.strikes(Defect::CancelUnknownS) {
                Answer::of_code("SUCCESS")
            } else {
                Answer::of_code("ORDER_NOT_EXIST")
            };
        };
        match self.payments[place].state {
            State::Processing => self.payments[place].state = State::Cancelled,
            State::Success => {
                if self.window_is_over(place, now) {
                    return self.cancelled(place, "CANCEL_WINDOW_EXCEED", None);
                }
                self.payments[place].state = State::Cancelled;
                if !self.keeps_money(place, now) {
                    self.give_back(place, now);
                }
            }
            State::Cancelled => self.credit_twice(place, now),
            // Nothing is left to undo. S lets a till close such an order instead of trying on; the
            // payment goes on saying that it failed.
            State::Failed(_) | State::Closed => {}
        }
        let moment = *self.payments[place].cancelled_at.get_or_insert(now);
        self.cancelled(place, "SUCCESS", Some(moment))
    }

    /// Whether a paid payment can no longer be undone; by a defect the day ends in UTC.
    fn window_is_over(&self, place: usize, now: Millis) -> bool {
        let created = self.payments[place].created;
        let over = match self.switches.cancel_window {
            CancelWindow::NextDay => now > cancel_window(created),
            CancelWindow::Endless => return false,
            CancelWindow::For(span) => return now > created + span,
        };
        let over_in_utc = now > cancel_window(created - GMT8) + GMT8;
        if over != over_in_utc && self.defects.strikes(Defect::CancelWindowUtc) {
            return over_in_utc;
        }
        over
    }

    /// The defects of a gateway that undoes a payment and keeps its money.
    fn keeps_money(&self, place: usize, now: Millis) -> bool {
        let just_paid = self.payments[place].paid_at.is_some_and(|paid_at| now - paid_at <= MOMENT);
        self.defects.strikes(Defect::CancelKeepsMoney)
            || (just_paid && self.defects.strikes(Defect::RacePaidAndCancelled))
    }

    /// The defect of a gateway that pays out for every cancel.
    fn credit_twice(&mut self, place: usize, now: Millis) {
        let payment = &self.payments[place];
        let (paid, minor) = (payment.paid_at.is_some(), payment.amount.minor);
        if paid && self.defects.strikes(Defect::CancelCreditsTwice) {
            self.credit(place, minor, now);
        }
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
