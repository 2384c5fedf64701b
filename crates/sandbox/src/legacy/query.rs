//! `alipay.acquire.overseas.query`, and `notify_verify`.

use clock::Millis;
use protocol::legacy::{Form, Service};

use super::asked::{self, Asked, INVALID};
use super::order::{buyer, digits};
use super::said::{Said, pair};
use super::service::Ending;
use crate::defect::Defect;
use crate::ledger::{Ledger, State};

impl Ledger {
    pub(crate) fn query(&mut self, form: &Form, now: Millis) -> Asked<Said> {
        let number = asked::optional(form, "partner_trans_id", 64)?;
        let trade = asked::optional(form, "alipay_trans_id", 64)?;
        let demanded = self.switches.legacy.partner_trans_id_required;
        if number.is_none() && (trade.is_none() || demanded) {
            return Err(INVALID);
        }
        let found = self.find(trade, number, now);
        let found = found.filter(|place| trade.is_some() || self.found_by_number(*place));
        match found.and_then(|place| Some((place, self.trade_status(place)?))) {
            Some((place, status)) => Ok(self.query_answer(place, status)),
            None => Ok(self.nothing_found(number.or(trade).unwrap_or_default())),
        }
    }

    fn nothing_found(&self, number: &str) -> Said {
        let pairs = vec![pair("partner_trans_id", number)];
        if self.defects.strikes(Defect::LegUnknownWaits) {
            let mut pairs = pairs;
            pairs.push(pair("alipay_trans_status", "WAIT_BUYER_PAY"));
            return Said::result(
                Service::OverseasQuery,
                Ending::Success,
                None,
                pairs,
                &self.switches,
            );
        }
        let code = self.switches.legacy.unknown_order.code();
        Said::result(Service::OverseasQuery, Ending::Failed, Some(code), vec![], &self.switches)
    }

    fn query_answer(&self, place: usize, status: &'static str) -> Said {
        let payment = &self.payments[place];
        let waits = payment.state == State::Processing;
        let early = waits
            && payment.legacy.as_ref().is_some_and(|order| order.asked_buyer)
            && self.defects.strikes(Defect::LegEarlySuccess);
        let status = if early { "TRADE_SUCCESS" } else { status };
        let mut pairs = vec![
            pair("alipay_trans_status", status),
            pair("alipay_trans_id", &payment.id),
            pair("partner_trans_id", &payment.request_id),
            pair("out_trade_no", &payment.request_id),
        ];
        pairs.extend(buyer(payment));
        if let Some(paid_at) = payment.paid_at {
            pairs.push(pair("alipay_pay_time", digits(paid_at)));
            pairs.push(pair("payment_inst", crate::review::PAYING_WALLET));
        }
        pairs.extend(self.money(place));
        Said::result(Service::OverseasQuery, Ending::Success, None, pairs, &self.switches)
    }

    /// Whether a notice is the gateway's own: `true` or `false`, without a line break.
    pub(crate) fn notify_verify(&self, form: &Form) -> Said {
        let known = form.get("notify_id").is_some_and(|id| self.notice_ids.contains(id));
        let known = known || self.defects.strikes(Defect::LegVerifyAlwaysTrue);
        Said::text(known.to_string())
    }
}
