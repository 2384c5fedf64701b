//! The call pay: a new payment, or a repeated call and what it gets.

use clock::Millis;
use protocol::{Amount, Fields};
use serde_json::json;

use crate::answer::Answer;
use crate::defect::Defect;
use crate::ledger::{Ledger, Means, Payment, State};
use crate::pay_request::PayRequest;
use crate::view::{Members, members, next_step, paid_members};

/// When an order expires that a caller limits by the clock of the world: what is still to come by
/// that one is as far ahead by ours.
fn meant(expires: Millis, now: Millis, moved: Millis) -> Millis {
    let comes = expires <= now && expires > now - moved;
    if comes { expires + moved } else { expires }
}

impl Ledger {
    /// Takes a call at `now`, by a clock that was moved forward by `moved` milliseconds.
    pub(crate) fn pay(&mut self, fields: &Fields, now: Millis, moved: Millis) -> Answer {
        let mut asked = match PayRequest::read(fields, &self.switches, &self.defects, now) {
            Ok(asked) => asked,
            Err(expected) => return Answer::illegal(expected),
        };
        asked.expires = meant(asked.expires, now, moved);
        match self.find(None, Some(&asked.request_id), now) {
            Some(place) => self.pay_again(place, asked, now),
            // Only a first call has to come in time: a repeated one asks what became of the order.
            None if asked.expires <= now => {
                Answer::illegal("paymentExpiryTime: a moment to come is expected")
            }
            None => self.pay_anew(asked, false, now),
        }
    }

    /// A call under an id that is known: never a second order.
    fn pay_again(&mut self, place: usize, asked: PayRequest, now: Millis) -> Answer {
        let payment = &self.payments[place];
        let refused = |code: &str| {
            let mut members = Members::new();
            members.insert("paymentRequestId".into(), json!(asked.request_id));
            Answer::with(code, members)
        };
        // The end of an order comes before its values: whatever is sent under its id, only a new
        // id helps.
        if payment.state == State::Closed {
            return refused("ORDER_IS_CLOSED");
        }
        if payment.state == State::Cancelled {
            if self.defects.strikes(Defect::CancelledIdReusable) {
                return self.pay_anew(asked, true, now);
            }
            return refused("ORDER_IS_CANCELED");
        }
        if payment.means != asked.means {
            return refused("REPEAT_REQ_INCONSISTENT");
        }
        if payment.amount != asked.amount {
            if self.defects.strikes(Defect::RepeatOtherAmount) {
                return self.echo(place, asked.amount);
            }
            return refused("REPEAT_REQ_INCONSISTENT");
        }
        if self.defects.strikes(Defect::RepeatNewOrder) {
            return self.pay_anew(asked, true, now);
        }
        self.repeat_debit(place, now);
        self.pay_answer(place, now)
    }

    /// The defect of a gateway that takes a repeated call for a second purchase.
    fn repeat_debit(&mut self, place: usize, now: Millis) {
        match self.payments[place].state {
            State::Success if self.defects.strikes(Defect::RepeatDebits) => self.debit(place, now),
            State::Processing if self.defects.strikes(Defect::RepeatDebits) => {
                self.payments[place].extra_debits += 1;
            }
            State::Success
            | State::Processing
            | State::Failed(_)
            | State::Closed
            | State::Cancelled => {}
        }
    }

    /// The first answer again, with an amount that is not the payment's.
    fn echo(&self, place: usize, amount: Amount) -> Answer {
        let payment = &self.payments[place];
        let mut members = paid_members(payment, payment.paid_at.unwrap_or(payment.created));
        for name in ["paymentAmount", "actualPaymentAmount"] {
            members.insert(name.into(), amount.to_wire());
        }
        Answer::with("SUCCESS", members)
    }

    fn pay_anew(&mut self, asked: PayRequest, again: bool, now: Millis) -> Answer {
        let offer = self.offer(&asked.means);
        let PayRequest { request_id, amount, seller, means, notify_url, expires, goods } = asked;
        let id = self.payment_id(now);
        let payment = Payment::new(id, request_id, amount, means, goods, now);
        let payment = Payment { seller, offer, notify_url, expires, ..payment };
        let place = self.enter(payment);
        if let Err(refusal) = self.may_sell(&self.payments[place]) {
            self.payments[place].state = State::Failed(refusal);
            return self.pay_answer(place, now);
        }
        match self.payments[place].means.clone() {
            Means::PaymentCode(code) => match self.use_code(&code, again, now) {
                Ok(wallet) => {
                    self.payments[place].wallet = Some(wallet);
                    // A refusal is kept in the state and read from there.
                    let _ = self.meet_buyer(place, now);
                }
                Err(refusal) => self.fail(place, refusal, now),
            },
            Means::OrderCode => self.debit_early(place, now),
            Means::EntryCode | Means::Cashier => {}
        }
        self.pay_answer(place, now)
    }

    /// The defect of a gateway that takes an order code for a payment. As nobody has scanned it,
    /// the first wallet of that currency has to bear it.
    fn debit_early(&mut self, place: usize, now: Millis) {
        let currency = self.payments[place].amount.currency;
        let payer = self.wallets.iter().position(|wallet| wallet.currency == currency);
        if payer.is_some() && self.defects.strikes(Defect::CodeDebits) {
            self.payments[place].wallet = payer;
            self.debit(place, now);
            self.payments[place].wallet = None;
        }
    }

    /// The answer to pay as the payment stands: the same one as long as nothing has changed.
    fn pay_answer(&self, place: usize, now: Millis) -> Answer {
        let payment = &self.payments[place];
        let cashier = payment.means == Means::Cashier;
        let mut answer = match (&payment.state, &payment.offer) {
            (State::Failed(code), _) => Answer::with(code, members(payment)),
            (State::Closed, _) => Answer::with("ORDER_IS_CLOSED", members(payment)),
            (State::Cancelled, _) => Answer::with("ORDER_IS_CANCELED", members(payment)),
            (State::Processing, Some(link)) if cashier => {
                Answer::with("PAYMENT_IN_PROCESS", self.with_next_step(payment, link))
            }
            // The answer to the request for a code or a link stays what it was: it never speaks of
            // money.
            (State::Processing | State::Success, Some(offer)) if !cashier => {
                Answer::with("SUCCESS", self.with_next_step(payment, offer))
            }
            (State::Success, _) => {
                let paid_at = payment.paid_at.unwrap_or(payment.created);
                Answer::with("SUCCESS", paid_members(payment, paid_at))
            }
            (State::Processing, _) if self.defects.strikes(Defect::PendingAnsweredS) => {
                Answer::with("SUCCESS", paid_members(payment, now))
            }
            (State::Processing, _) if self.switches.unknown_while_asked => {
                Answer::with("UNKNOWN_EXCEPTION", members(payment))
            }
            (State::Processing, _) => Answer::with("PAYMENT_IN_PROCESS", members(payment)),
        };
        if self.defects.strikes(Defect::AmountEchoWrong) {
            let wrong = Amount::new(payment.amount.currency, payment.amount.minor + 1);
            answer.members.insert("paymentAmount".into(), wrong.to_wire());
        }
        answer
    }

    /// The members of an answer that brings what the buyer needs next.
    fn with_next_step(&self, payment: &Payment, offer: &str) -> Members {
        let mut members = members(payment);
        if !self.defects.strikes(Defect::NextStepMissing) {
            members.extend(next_step(payment, offer));
        }
        members
    }
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn an_expiry_by_the_clock_of_the_world_is_as_far_ahead_by_a_clock_that_was_moved() {
        for (expires, now, moved, wanted) in [
            // Nobody moved the clock.
            (900, 1_000, 0, 900),
            (1_100, 1_000, 0, 1_100),
            // A caller who knows our clock, and one who does not.
            (1_100, 1_000, 500, 1_100),
            (600, 1_000, 500, 1_100),
            // Past by both.
            (500, 1_000, 500, 500),
            (400, 1_000, 500, 400),
        ] {
            assert_eq!(meant(expires, now, moved), wanted, "{expires} {now} {moved}");
        }
    }
}
