//! `forex_refund`: money of a sale on a website goes back.

use clock::Millis;
use protocol::ams::RefundStatus;
use protocol::legacy::Form;
use protocol::{Amount, Currency};

use super::asked::{self, Asked, INVALID};
use super::order::{Voice, lasting};
use super::refund::{Return, Wish};
use super::said::{Said, What};
use super::switches::ReturnTime;
use crate::defect::Defect;
use crate::ledger::Ledger;
use crate::refund::Refund;

/// The code of a refund above what is left.
const TOO_MUCH: &str = "RETURN_AMOUNT_EXCEED";
/// The most that goes back at once, in major units.
const MOST: i64 = 1_000_000;

impl Ledger {
    /// A refund that was taken is answered by nothing but `is_success=T`.
    pub(crate) fn forex_refund(&mut self, form: &Form, now: Millis) -> Asked<Said> {
        let number = asked::number(form, "out_trade_no")?;
        let refund_id = asked::number(form, "out_return_no")?;
        let currency = asked::currency(form, "currency")?;
        asked::optional(form, "reason", 100)?;
        asked::optional(form, "product_code", 32)?;
        let time = asked::required(form, "gmt_return", 19)?;
        let dashed = time.contains('-');
        let fits = match self.switches.legacy.return_time {
            ReturnTime::Either => true,
            ReturnTime::Dashed => dashed,
            ReturnTime::Digits => !dashed,
        };
        if !fits || asked::moment(time).is_none() {
            return Err(INVALID);
        }
        let later = asked::flag(form, "is_sync")? != Some(true);
        let notify_url = asked::address(form, "notify_url", 200)?;
        let found = self.find(None, Some(&number), now);
        let Some(place) = found.filter(|place| self.trade_status(*place).is_some()) else {
            return Err("PURCHASE_TRADE_NOT_EXIST");
        };
        let (amount, written) = self.returned(place, form, currency)?;
        let (parameters, voice) = (lasting(form), Voice::of(form));
        let kept = Return { parameters, amount: written, voice, later };
        let known = |refund: &Refund| refund.payment == place && refund.request_id == refund_id;
        if let Some(known) = self.refunds.iter().position(known) {
            return self.forex_refund_again(known, &kept, now);
        }
        if let Err(code) = self.refund_refusal(place, amount, TOO_MUCH, now) {
            let exceeds = code == TOO_MUCH;
            if !exceeds || !self.defects.strikes(Defect::LegForexOverRefund) {
                return Err(code);
            }
        }
        self.give(place, Wish { number, refund_id, amount, notify_url, kept }, now);
        Ok(Said::of(What::Accepted(None)))
    }

    fn forex_refund_again(&mut self, known: usize, kept: &Return, now: Millis) -> Asked<Said> {
        let refund = &self.refunds[known];
        let same = refund.legacy.as_ref().is_some_and(|own| own.parameters == kept.parameters);
        if !same {
            return Err("CONTEXT_INCONSISTENT");
        }
        match refund.status {
            RefundStatus::Fail => self.run_again(known, kept.later, now),
            RefundStatus::Success if self.switches.legacy.repeated_refund_fails => {
                return Err("TRADE_STATUS_ERROR");
            }
            RefundStatus::Success | RefundStatus::Processing => {}
        }
        Ok(Said::of(What::Accepted(None)))
    }

    /// How much goes back, in the currency that was paid in: "one of the two required".
    fn returned(&self, place: usize, form: &Form, currency: Currency) -> Asked<(Amount, String)> {
        let payment = &self.payments[place];
        let told = payment.legacy.as_ref().and_then(|order| order.parameters.get("currency"));
        if told.is_none_or(|told| told != currency.code()) || currency.code() == "CNY" {
            return Err(INVALID);
        }
        let whole = payment.amount;
        let foreign = asked::optional(form, "return_amount", 16)?.is_some();
        let renminbi = asked::optional(form, "return_rmb_amount", 16)?.is_some();
        if foreign == renminbi {
            return Err(INVALID);
        }
        let cny = Currency::parse("CNY").map_err(|_no_currency| INVALID)?;
        let (name, in_what) =
            if foreign { ("return_amount", currency) } else { ("return_rmb_amount", cny) };
        let (amount, written) = asked::amount(form, name, in_what, MOST)?;
        if in_what == whole.currency {
            return Ok((amount, written));
        }
        // The part of the whole that it is, to the nearest smallest unit.
        let (of, part) = if foreign {
            (Amount::new(currency, self.foreign_whole(place, currency)?), amount)
        } else {
            (self.in_renminbi(whole).ok_or(INVALID)?.0, amount)
        };
        let product = i128::from(part.minor) * i128::from(whole.minor) * 2 + i128::from(of.minor);
        let minor = i64::try_from(product / (2 * i128::from(of.minor).max(1)));
        let minor = minor.map_err(|_too_much| INVALID)?;
        Ok((Amount::new(whole.currency, minor), written))
    }

    /// What an order in renminbi comes to in the partner's currency, in smallest units.
    fn foreign_whole(&self, place: usize, currency: Currency) -> Asked<i64> {
        let one = Amount::new(currency, 10_000);
        let (renminbi, _) = self.in_renminbi(one).ok_or(INVALID)?;
        let whole = i128::from(self.payments[place].amount.minor) * 10_000;
        i64::try_from(whole / i128::from(renminbi.minor).max(1)).map_err(|_too_much| INVALID)
    }
}
