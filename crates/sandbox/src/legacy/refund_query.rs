//! `alipay.acquire.refund.query`.

use clock::Millis;
use protocol::ams::RefundStatus;
use protocol::legacy::Form;

use super::asked::{self, Asked};
use super::said::{Said, pair};
use crate::ledger::Ledger;

impl Ledger {
    pub(crate) fn refund_query(&mut self, form: &Form, now: Millis) -> Asked<Said> {
        let number = asked::number(form, "out_trade_no")?;
        let refund_id = asked::required(form, "out_return_no", 128)?;
        let told = |code: &str| Said::response("alipay", vec![pair("response_code", code)]);
        let found = self.find(None, Some(&number), now);
        let Some(place) = found.filter(|place| self.trade_status(*place).is_some()) else {
            return Ok(told("TRADE_NOT_EXIST"));
        };
        let known = self
            .refunds
            .iter()
            .find(|known| known.payment == place && known.request_id == refund_id);
        let Some(refund) = known else { return Ok(told("NOT_FOUND")) };
        let (status, error) = match refund.status {
            RefundStatus::Success => ("SUCCESS", ""),
            RefundStatus::Processing => ("PROCESSING", ""),
            RefundStatus::Fail => ("FAILED", "MERCHANT_BALANCE_NOT_ENOUGH"),
        };
        let pairs = vec![
            pair("response_code", "SUCCESS"),
            pair("refund_result_code", status),
            pair("refund_error_code", error),
            pair("out_trade_no", number),
            pair("out_return_no", refund_id),
            pair("trade_no", &self.payments[place].id),
            pair("refund_amount", refund.amount.to_major()),
            pair("currency", refund.amount.currency.code()),
        ];
        Ok(Said::response("alipay", pairs))
    }
}
