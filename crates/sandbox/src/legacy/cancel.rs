//! `alipay.acquire.cancel`: an order is undone as a whole.

use clock::Millis;
use protocol::legacy::{Form, Service};
use protocol::{DAY, GMT8};

use super::asked::{self, Asked};
use super::notice;
use super::said::{Said, pair};
use super::service::Ending;
use super::switches::LateCancel;
use crate::defect::Defect;
use crate::ledger::{Ledger, State, cancel_window};

/// How long after midnight a cancel still counts for the day before.
const BUFFER: Millis = 15 * 60_000;

/// What a cancel did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Close,
    Refund,
}

impl Ledger {
    pub(crate) fn acquire_cancel(&mut self, form: &Form, now: Millis) -> Asked<Said> {
        let number = asked::number(form, "out_trade_no")?;
        let trade = asked::optional(form, "trade_no", 64)?;
        let Some(place) = self.find(trade, Some(&number), now) else {
            return Ok(self.cancel_of_nothing(&number));
        };
        if let Some(late) = self.too_late_to_cancel(place, now) {
            return Ok(late);
        }
        let state = self.payments[place].state.clone();
        match state {
            State::Processing => {
                self.payments[place].state = State::Cancelled;
                self.payments[place].cancelled_at = Some(now);
                self.tell_trade(place, notice::Action::Closed, now);
                Ok(self.cancel_answer(place, Action::Close))
            }
            State::Success => {
                self.payments[place].state = State::Cancelled;
                self.payments[place].cancelled_at = Some(now);
                if self.defects.strikes(Defect::LegCancelKeepsMoney) {
                    return Ok(self.cancel_answer(place, Action::Close));
                }
                self.give_back(place, now);
                self.tell_trade(place, notice::Action::Reversed, now);
                Ok(self.cancel_answer(place, Action::Refund))
            }
            // What is undone stays undone, and is told as the first time.
            State::Cancelled if self.payments[place].paid_at.is_some() => {
                Ok(self.cancel_answer(place, Action::Refund))
            }
            State::Cancelled | State::Failed(_) | State::Closed => {
                Ok(self.cancel_answer(place, Action::Close))
            }
        }
    }

    fn cancel_of_nothing(&self, number: &str) -> Said {
        let pairs = vec![pair("out_trade_no", number), pair("retry_flag", "N")];
        if self.defects.strikes(Defect::LegCancelUnknownFails) {
            let code = Some("TRADE_NOT_EXIST");
            return Said::result(Service::Cancel, Ending::Failed, code, pairs, &self.switches);
        }
        Said::result(Service::Cancel, Ending::Success, None, pairs, &self.switches)
    }

    /// The refusal of a cancel that comes too late.
    fn too_late_to_cancel(&self, place: usize, now: Millis) -> Option<Said> {
        let payment = &self.payments[place];
        let paid_at = payment.paid_at.filter(|_| payment.state == State::Success)?;
        if !self.cancel_time_is_over(paid_at, now) {
            return None;
        }
        let pairs = vec![
            pair("out_trade_no", &payment.request_id),
            pair("trade_no", &payment.id),
            pair("retry_flag", "N"),
            pair("detail_error_des", "the day of the payment is over, use refund"),
        ];
        let code = Some("TRADE_CANCEL_TIME_OUT");
        Some(Said::result(Service::Cancel, Ending::Failed, code, pairs, &self.switches))
    }

    fn cancel_time_is_over(&self, paid_at: Millis, now: Millis) -> bool {
        let over = match self.switches.legacy.late_cancel {
            LateCancel::QuarterPast => now > cancel_window(paid_at),
            LateCancel::Midnight => now >= cancel_window(paid_at) - BUFFER,
            LateCancel::Day => now > paid_at + DAY,
        };
        let in_utc = now > cancel_window(paid_at - GMT8) + GMT8;
        if over != in_utc && self.defects.strikes(Defect::LegCancelUtcDay) {
            return in_utc;
        }
        let sharp = now >= cancel_window(paid_at) - BUFFER;
        if over != sharp && self.defects.strikes(Defect::LegCancelNoBuffer) {
            return sharp;
        }
        over
    }

    fn cancel_answer(&self, place: usize, action: Action) -> Said {
        let payment = &self.payments[place];
        let mut pairs = vec![pair("out_trade_no", &payment.request_id), pair("retry_flag", "N")];
        // Where no trade ever was there is nothing that was closed.
        if payment.legacy.as_ref().is_none_or(|order| order.exists) {
            let action = match action {
                Action::Close => "close",
                Action::Refund => "refund",
            };
            pairs.extend([pair("trade_no", &payment.id), pair("action", action)]);
        }
        Said::result(Service::Cancel, Ending::Success, None, pairs, &self.switches)
    }
}
