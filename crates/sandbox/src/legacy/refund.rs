//! `alipay.acquire.overseas.spot.refund`: money of a sale in a shop goes back.

use std::collections::BTreeMap;

use clock::Millis;
use protocol::ams::RefundStatus;
use protocol::legacy::{Form, Service};
use protocol::{Amount, DAY, GMT8, year_after};

use super::asked::{self, Asked, INVALID};
use super::order::{Voice, lasting};
use super::said::{Pairs, Said, pair};
use super::service::Ending;
use super::switches::TooMuch;
use crate::defect::Defect;
use crate::ledger::{Effect, Ledger, State};
use crate::refund::{Refund, RefundEnd, RefundPace};

/// How long an accepted refund takes, unless somebody sets another pace.
const PACE: Millis = 5_000;
const HOUR: Millis = 3_600_000;
/// The most that goes back at once, in major units.
const MOST: i64 = 100_000_000;

/// The code of a refund above what is left.
const TOO_MUCH: &str = "REFUND_AMT_RESTRICTION";

/// What a refund keeps of the call that made it.
#[derive(Debug, Clone)]
pub(crate) struct Return {
    /// The parameters that a repeated call has to have.
    pub(crate) parameters: BTreeMap<String, String>,
    /// The amount as it was written.
    pub(crate) amount: String,
    /// How the partner is written to about it.
    pub(crate) voice: Voice,
    /// Whether it was accepted to run later.
    pub(crate) later: bool,
}

/// A refund call as it was read.
pub(crate) struct Wish {
    pub(crate) number: String,
    pub(crate) refund_id: String,
    pub(crate) amount: Amount,
    pub(crate) notify_url: Option<String>,
    pub(crate) kept: Return,
}

impl Ledger {
    pub(crate) fn spot_refund(&mut self, form: &Form, now: Millis) -> Asked<Said> {
        let wish = read(form)?;
        let trade = asked::optional(form, "alipay_trans_id", 64)?;
        let Some(place) = self.find(trade, Some(&wish.number), now) else {
            return Ok(self.refund_refused("TRADE_NOT_EXIST", &wish));
        };
        let payment = &self.payments[place];
        if payment.request_id != wish.number || self.trade_status(place).is_none() {
            return Ok(self.refund_refused("TRADE_NOT_EXIST", &wish));
        }
        if payment.amount.currency != wish.amount.currency {
            return Err(INVALID);
        }
        let known =
            |refund: &Refund| refund.payment == place && refund.request_id == wish.refund_id;
        if let Some(known) = self.refunds.iter().position(known) {
            return Ok(self.spot_refund_again(known, &wish, now));
        }
        if let Err(code) = self.refund_refusal(place, wish.amount, TOO_MUCH, now) {
            return Ok(self.refund_refused(code, &wish));
        }
        let hour = (now + GMT8).rem_euclid(DAY);
        if !wish.kept.later && self.switches.legacy.night_windows && hour < HOUR * 3 / 2 {
            return Err("EXTERFACE_IS_CLOSED");
        }
        let refund = self.give(place, wish, now);
        Ok(self.spot_refund_answer(refund))
    }

    fn spot_refund_again(&mut self, known: usize, wish: &Wish, now: Millis) -> Said {
        let refund = &self.refunds[known];
        let same =
            refund.legacy.as_ref().is_some_and(|kept| kept.parameters == wish.kept.parameters);
        if !same {
            return self.refund_refused("CONTEXT_INCONSISTENT", wish);
        }
        let (payment, minor) = (refund.payment, refund.amount.minor);
        if refund.status == RefundStatus::Fail {
            // The same refund again, once there is money for it.
            self.run_again(known, wish.kept.later, now);
        } else if refund.status == RefundStatus::Success
            && self.defects.strikes(Defect::LegRefundRepeatReturns)
        {
            self.credit(payment, minor, now);
        }
        self.spot_refund_answer(known)
    }

    /// Whether a payment can be refunded, or the code of the refusal.
    pub(crate) fn refund_refusal(
        &self,
        place: usize,
        asked: Amount,
        exceeds: &'static str,
        now: Millis,
    ) -> Result<(), &'static str> {
        let payment = &self.payments[place];
        let Some(paid_at) = payment.paid_at.filter(|_| payment.state == State::Success) else {
            return Err("TRADE_STATUS_ERROR");
        };
        let too_much = self.switches.legacy.too_much;
        let end = match too_much {
            TooMuch::NinetyDays => paid_at + 90 * DAY,
            TooMuch::PerProduct | TooMuch::Restriction | TooMuch::Exceed => year_after(paid_at),
        };
        if now > end {
            return Err("TRADE_STATUS_ERROR");
        }
        let given: i64 = self.refunds_of(place).map(|refund| refund.amount.minor).sum();
        let whole = payment.amount.minor;
        if asked.minor > whole
            || (asked.minor > whole - given && !self.defects.strikes(Defect::LegOverRefund))
        {
            return Err(match too_much {
                TooMuch::Restriction => "REFUND_AMT_RESTRICTION",
                TooMuch::Exceed => "RETURN_AMOUNT_EXCEED",
                TooMuch::PerProduct | TooMuch::NinetyDays => exceeds,
            });
        }
        Ok(())
    }

    /// Enters a refund, which ends at once, or later where it was only accepted.
    pub(crate) fn give(&mut self, payment: usize, wish: Wish, now: Millis) -> usize {
        let later = wish.kept.later;
        let refund = Refund {
            id: self.trade_number(now),
            request_id: wish.refund_id,
            payment,
            amount: wish.amount,
            notify_url: wish.notify_url,
            status: RefundStatus::Processing,
            at: now,
            legacy: Some(Box::new(wish.kept)),
        };
        let place = self.refunds.len();
        self.refunds.push(refund);
        self.run(place, later, now);
        place
    }

    /// Sets a refund going that failed.
    pub(crate) fn run_again(&mut self, place: usize, later: bool, now: Millis) {
        self.refunds[place].status = RefundStatus::Processing;
        self.run(place, later, now);
    }

    /// Sets a refund going.
    fn run(&mut self, place: usize, later: bool, now: Millis) {
        let payment = self.refunds[place].payment;
        let RefundPace { after, ends } = self.refund_pace;
        let span = if later && after == 0 { PACE } else { after };
        if span > 0 {
            let at = self.refund_runs_at(payment, now.saturating_add(span), later, now);
            self.effects.push(Effect::EndsRefund { place, end: ends, at });
        } else {
            self.end_refund(place, RefundEnd::Success, now);
        }
    }

    /// When a refund runs: one of an earlier day's payment by night alone (switch L13).
    fn refund_runs_at(&self, payment: usize, at: Millis, later: bool, now: Millis) -> Millis {
        let paid_at = self.payments[payment].paid_at.unwrap_or(now);
        let day = |moment: Millis| (moment + GMT8).div_euclid(DAY);
        if !later || !self.switches.legacy.night_windows || day(paid_at) == day(now) {
            return at;
        }
        let hour = (at + GMT8).rem_euclid(DAY);
        let by_day = (5 * HOUR..23 * HOUR).contains(&hour);
        if by_day && !self.defects.strikes(Defect::LegRefundByDay) {
            return at - hour + 23 * HOUR;
        }
        at
    }

    fn refund_refused(&self, code: &str, wish: &Wish) -> Said {
        let pairs = vec![
            pair("partner_trans_id", &wish.number),
            pair("partner_refund_id", &wish.refund_id),
        ];
        Said::result(Service::SpotRefund, Ending::Failed, Some(code), pairs, &self.switches)
    }

    /// The answer as the refund stands: what was accepted is a success of the call.
    fn spot_refund_answer(&self, place: usize) -> Said {
        let refund = &self.refunds[place];
        let (later, written) = refund.legacy.as_ref().map_or_else(
            || (false, refund.amount.to_major()),
            |kept| (kept.later, kept.amount.clone()),
        );
        let (ending, code) = match refund.status {
            RefundStatus::Success => (Ending::Success, None),
            RefundStatus::Processing if later => (Ending::Success, None),
            RefundStatus::Processing => (Ending::Unknown, None),
            RefundStatus::Fail => (Ending::Failed, Some("MERCHANT_BALANCE_NOT_ENOUGH")),
        };
        let payment = &self.payments[refund.payment];
        let mut pairs: Pairs = vec![
            pair("partner_trans_id", &payment.request_id),
            pair("alipay_trans_id", &payment.id),
            pair("partner_refund_id", &refund.request_id),
            pair("refund_amount", written),
            pair("currency", refund.amount.currency.code()),
        ];
        if let Some((renminbi, rate)) = self.in_renminbi(refund.amount) {
            pairs.push(pair("exchange_rate", rate));
            pairs.push(pair("refund_amount_cny", renminbi.to_major()));
        }
        Said::result(Service::SpotRefund, ending, code, pairs, &self.switches)
    }
}

fn read(form: &Form) -> Asked<Wish> {
    let number = asked::number(form, "partner_trans_id")?;
    let refund_id = asked::number(form, "partner_refund_id")?;
    let currency = asked::currency(form, "currency")?;
    let (amount, written) = asked::amount(form, "refund_amount", currency, MOST)?;
    // Two spellings of one parameter.
    for name in ["refund_reason", "refund_reson"] {
        asked::optional(form, name, 128)?;
    }
    let later = asked::flag(form, "is_sync")? != Some(true);
    // "Ignored when is_sync=Y".
    let notify_url = asked::address(form, "notify_url", 200)?.filter(|_| later);
    if refund_id == number {
        return Err(INVALID);
    }
    let (parameters, voice) = (lasting(form), Voice::of(form));
    let kept = Return { parameters, amount: written, voice, later };
    Ok(Wish { number, refund_id, amount, notify_url, kept })
}
