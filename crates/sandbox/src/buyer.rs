//! What a buyer does with the wallet: scan or open, confirm, decline, or answer a prompt in time.

use clock::Millis;

use crate::defect::Defect;
use crate::ledger::{Effect, Ledger, Means, State};
use crate::wallet::{Decision, Mood};

/// The code for a payment that the buyer did not release.
const DECLINED: &str = "USER_PAYMENT_VERIFICATION_FAILED";

impl Ledger {
    /// Puts a payment before the owner of its wallet, who pays at once or is asked. `Err` is the
    /// code with which the payment failed.
    pub(crate) fn meet_buyer(&mut self, place: usize, now: Millis) -> Result<(), &'static str> {
        let Some(wallet) = self.payments[place].wallet else { return Err("USER_NOT_EXIST") };
        let mood = self.wallets[wallet].mood;
        // The wallet's own page looks for the money when the buyer confirms there.
        let later = self.payments[place].means == Means::Cashier && mood != (Mood::Pays {});
        if !later && let Err(code) = self.afford(place) {
            let payment = &self.payments[place];
            let scanned = matches!(payment.means, Means::PaymentCode(_));
            // In the older generation a buyer who came may come back with more money.
            if scanned || payment.legacy.is_none() {
                self.fail(place, code, now);
            }
            return Err(code);
        }
        match mood {
            Mood::Pays {} => self.succeed(place, now),
            Mood::Asks { decides: Decision::Ignore, .. } => {}
            Mood::Asks { decides, after } => {
                let at = now.saturating_add(after.max(0));
                self.effects.push(Effect::Decides { place, wallet, decision: decides, at });
            }
        }
        Ok(())
    }

    /// The buyer scans an order code or opens a link. Answers the request id with the refusal,
    /// where both exist.
    pub(crate) fn take_up(
        &mut self,
        wallet: usize,
        offer: &str,
        now: Millis,
    ) -> (Option<String>, Result<(), &'static str>) {
        let Some(place) = self.find_offer(offer, now) else {
            return (None, Err("ORDER_NOT_EXIST"));
        };
        let request_id = Some(self.payments[place].request_id.clone());
        let open = match self.payments[place].state {
            State::Processing => {
                // Whoever comes last is asked, and again who comes twice: the first decision
                // that comes is the one that counts.
                self.payments[place].wallet = Some(wallet);
                let pays = self.wallets[wallet].mood == Mood::Pays {};
                self.bring_into_being(place, pays, now);
                self.meet_buyer(place, now)
            }
            State::Success | State::Failed(_) | State::Closed | State::Cancelled => {
                Err(self.refusal(place))
            }
        };
        (request_id, open)
    }

    /// The buyer decides about a payment by its request id, now.
    pub(crate) fn act(
        &mut self,
        wallet: usize,
        request_id: &str,
        decision: Decision,
        now: Millis,
    ) -> Result<(), &'static str> {
        let place = self.find(None, Some(request_id), now).ok_or("ORDER_NOT_EXIST")?;
        self.decide(place, wallet, decision, now)
    }

    /// The buyer decides about a payment, if it is still open and still this buyer's.
    pub(crate) fn decide(
        &mut self,
        place: usize,
        wallet: usize,
        decision: Decision,
        now: Millis,
    ) -> Result<(), &'static str> {
        self.settle(place, now);
        if self.payments[place].wallet != Some(wallet) {
            return Err("ORDER_NOT_EXIST");
        }
        if self.payments[place].state != State::Processing {
            return self.too_late(place, decision, now);
        }
        match decision {
            Decision::Approve => {
                self.bring_into_being(place, true, now);
                if let Err(code) = self.afford(place) {
                    // In the older generation the buyer may come back with more money.
                    if self.payments[place].legacy.is_none() {
                        self.fail(place, code, now);
                    }
                    return Err(code);
                }
                self.succeed(place, now);
            }
            Decision::Decline => self.fail(place, DECLINED, now),
            Decision::Ignore => {}
        }
        Ok(())
    }

    fn too_late(
        &mut self,
        place: usize,
        decision: Decision,
        now: Millis,
    ) -> Result<(), &'static str> {
        let payment = &self.payments[place];
        let undone = payment.state == State::Cancelled && payment.paid_at.is_none();
        if undone
            && decision == Decision::Approve
            && (self.defects.strikes(Defect::CancelledStillPayable)
                || self.defects.strikes(Defect::LegClosedStillPayable))
        {
            // The payment goes on saying that it is cancelled: what is wrong is the debit alone.
            self.debit(place, now);
            return Ok(());
        }
        Err(self.refusal(place))
    }

    /// Why a payment takes no more decisions.
    fn refusal(&self, place: usize) -> &'static str {
        match self.payments[place].state {
            State::Cancelled => "ORDER_IS_CANCELED",
            State::Closed => "ORDER_IS_CLOSED",
            State::Processing | State::Success | State::Failed(_) => "ORDER_STATUS_INVALID",
        }
    }
}
