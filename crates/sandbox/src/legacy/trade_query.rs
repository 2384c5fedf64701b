//! `single_trade_query`.

use clock::Millis;
use protocol::legacy::Form;

use super::asked::{self, Asked};
use super::notice::date_text;
use super::said::{Said, pair};
use super::switches::UnknownOrder;
use crate::ledger::Ledger;

impl Ledger {
    pub(crate) fn single_trade_query(&mut self, form: &Form, now: Millis) -> Asked<Said> {
        let trade = asked::optional(form, "trade_no", 64)?;
        let number = asked::optional(form, "out_trade_no", 64)?;
        if trade.is_none() && number.is_none() {
            return Err("ILLEGAL_ARGUMENT");
        }
        let found = self.find(trade, number, now);
        let Some((place, status)) =
            found.and_then(|place| Some((place, self.trade_status(place)?)))
        else {
            return Err(match self.switches.legacy.unknown_order {
                UnknownOrder::TradeIsNotExist => "TRADE_IS_NOT_EXIST",
                UnknownOrder::TradeNotExist | UnknownOrder::TransNotFound => "TRADE_NOT_EXIST",
            });
        };
        let payment = &self.payments[place];
        let partner = form.get("partner").unwrap_or_default();
        // "Amounts are CNY."
        let renminbi = self.in_renminbi(payment.amount).map(|(amount, _)| amount.to_major());
        let renminbi = renminbi.unwrap_or_default();
        let buyer = payment.wallet.map(|wallet| wallet + 1);
        let last = payment.paid_at.into_iter().chain(payment.cancelled_at).max();
        let pairs = vec![
            pair(
                "buyer_email",
                buyer.map_or(String::new(), |own| format!("bu***{own}@wallet.test")),
            ),
            pair("buyer_id", buyer.map_or(String::new(), |own| format!("20880000{own:08}"))),
            pair("discount", "0.00"),
            pair("flag_trade_locked", "0"),
            pair("gmt_create", date_text(payment.created)),
            pair("gmt_last_modified_time", date_text(last.unwrap_or(payment.created))),
            pair("gmt_payment", payment.paid_at.map(date_text).unwrap_or_default()),
            pair("is_total_fee_adjust", "F"),
            pair("operator_role", "B"),
            pair("out_trade_no", &payment.request_id),
            pair("payment_type", "100"),
            pair("price", &renminbi),
            pair("quantity", "1"),
            pair("seller_email", "seller@partner.test"),
            pair("seller_id", partner),
            pair("subject", &payment.goods.text),
            pair("to_buyer_fee", "0.00"),
            pair("to_seller_fee", &renminbi),
            pair("total_fee", &renminbi),
            pair("trade_no", &payment.id),
            pair("trade_status", status),
            pair("use_coupon", "F"),
        ];
        Ok(Said::response("trade", pairs))
    }
}
