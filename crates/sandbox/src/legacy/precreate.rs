//! `alipay.acquire.precreate`: a code to show, which the buyer scans.

use clock::Millis;
use protocol::legacy::{Form, Service};
use protocol::{Amount, DAY, GMT8};
use serde_json::Value;

use super::asked::{self, Asked, INVALID};
use super::order::{Order, Product};
use super::registration::Method;
use super::said::{Said, pair};
use super::service::Ending;
use super::spot_pay::legacy_code;
use crate::defect::Defect;
use crate::ledger::{Ledger, Means, Payment, State};
use crate::pay_request::Goods;

const MINUTE: Millis = 60_000;
/// How long a code may be paid, where the partner says nothing.
const LIFE: Millis = 15 * MINUTE;
/// The most that is paid at once, in major units.
const MOST: i64 = 100_000_000;
const PRODUCT_CODE: &str = "OVERSEAS_MBARCODE_PAY";

impl Ledger {
    pub(crate) fn precreate(&mut self, form: &Form, now: Millis) -> Asked<Said> {
        let payment = self.read_precreate(form, now)?;
        if !adds_up(form, payment.amount)? {
            return Ok(self.precreate_refusal(INVALID, &payment.request_id));
        }
        match self.find(None, Some(&payment.request_id), now) {
            Some(place) => Ok(self.precreate_again(place, payment, now)),
            None => Ok(self.precreate_anew(payment, now)),
        }
    }

    fn read_precreate(&mut self, form: &Form, now: Millis) -> Asked<Payment> {
        let number = asked::number(form, "out_trade_no")?;
        let subject = asked::required(form, "subject", 256)?.to_owned();
        if asked::required(form, "product_code", 32)? != PRODUCT_CODE {
            return Err(INVALID);
        }
        asked::currency(form, "currency")?;
        let currency = asked::currency(form, "trans_currency")?;
        let (amount, written) = asked::amount(form, "total_fee", currency, MOST)?;
        let notify_url = asked::address(form, "notify_url", 190)?;
        if notify_url.is_none() {
            return Err(INVALID);
        }
        let extend = asked::object(form, "extend_params")?;
        let seller = asked::seller(&extend, &self.switches.legacy)?;
        if let Some(goods) = asked::optional(form, "goods_detail", usize::MAX)? {
            let Ok(Value::Array(items)) = serde_json::from_str(goods) else { return Err(INVALID) };
            if items.len() > 50 {
                return Err(INVALID);
            }
        }
        let life = lifetime(asked::optional(form, "it_b_pay", 8)?, now)?;
        let code_life = lifetime(asked::optional(form, "qr_code_it_b_pay", 8)?, now)?;
        let expires = life.into_iter().chain(code_life).min().unwrap_or(now + LIFE);
        let goods = Goods {
            merchant: seller.0.clone().unwrap_or_default(),
            store: seller.1.clone().unwrap_or_default(),
            order: number.clone(),
            text: subject,
            method: String::new(),
            product: PRODUCT_CODE.into(),
        };
        let order = Order::of(form, Product::TransactionQr, written);
        let id = self.trade_number(now);
        let legacy = Some(Box::new(order));
        let payment = Payment::new(id, number, amount, Means::OrderCode, goods, now);
        Ok(Payment { seller, notify_url, expires, legacy, ..payment })
    }

    /// A call under a number that is known: the same code again, as long as it can be paid.
    fn precreate_again(&mut self, place: usize, asked: Payment, now: Millis) -> Said {
        let known = &self.payments[place];
        let number = &asked.request_id;
        let same = match (&known.legacy, &asked.legacy) {
            (Some(known), Some(asked)) => known.parameters == asked.parameters,
            (Some(_) | None, _) => false,
        };
        let refused = known.legacy.as_ref().is_some_and(|order| !order.exists);
        match known.state {
            State::Failed(_) if refused => self.precreate_anew(asked, now),
            State::Failed(_) | State::Closed | State::Cancelled => {
                self.precreate_refusal("TRADE_HAS_CLOSE", number)
            }
            State::Processing | State::Success if !same => {
                self.precreate_refusal("CONTEXT_INCONSISTENT", number)
            }
            State::Success => self.precreate_refusal("TRADE_HAS_SUCCESS", number),
            State::Processing => self.precreate_answer(place),
        }
    }

    fn precreate_anew(&mut self, payment: Payment, now: Millis) -> Said {
        let letters = self.draw.letters(12);
        let offer = format!("https://qr.alipay.com/bax{letters}?t={now}&s={}", letters.len());
        let place = self.enter(Payment { offer: Some(offer), ..payment });
        if let Err(refusal) = self.may_sell_by(&self.payments[place], Method::InStore) {
            self.payments[place].state = State::Failed(refusal);
            return self.precreate_refusal(refusal, &self.payments[place].request_id);
        }
        self.watch_expiry(place);
        self.precreate_answer(place)
    }

    fn precreate_refusal(&self, code: &str, number: &str) -> Said {
        let pairs = vec![pair("out_trade_no", number)];
        let code = Some(legacy_code(code));
        Said::result(Service::Precreate, Ending::Failed, code, pairs, &self.switches)
    }

    fn precreate_answer(&self, place: usize) -> Said {
        let payment = &self.payments[place];
        let mut pairs =
            vec![pair("out_trade_no", &payment.request_id), pair("voucher_type", "qrcode")];
        let offer = payment.offer.clone().unwrap_or_default();
        if !self.defects.strikes(Defect::LegQrNoCode) {
            let code = offer.rsplit('/').next().and_then(|rest| rest.split('?').next());
            let picture = format!(
                "https://mobilecodec.alipay.com/show.htm?code={}&picSize=L",
                code.unwrap_or_default()
            );
            pairs.extend([pair("qr_code", offer), pair("pic_url", picture)]);
        }
        Said::result(Service::Precreate, Ending::Success, None, pairs, &self.switches)
    }
}

/// "price × quantity must equal `total_fee`", where both are there.
fn adds_up(form: &Form, total: Amount) -> Asked<bool> {
    let price = asked::optional(form, "price", 16)?;
    let quantity = asked::optional(form, "quantity", 16)?;
    let (Some(price), Some(quantity)) = (price, quantity) else { return Ok(true) };
    let price = Amount::from_major(total.currency, price).map_err(|_no_amount| INVALID)?;
    let quantity: i64 = quantity.parse().map_err(|_no_number| INVALID)?;
    Ok(price.minor.checked_mul(quantity) == Some(total.minor))
}

/// When an order ends that lives `1m` to `15d`, or `1c`: until midnight. "No decimals".
fn lifetime(text: Option<&str>, now: Millis) -> Asked<Option<Millis>> {
    let Some(text) = text else { return Ok(None) };
    if text == "1c" {
        let midnight = (now + GMT8).div_euclid(DAY) * DAY + DAY - GMT8;
        return Ok(Some(midnight));
    }
    let unit = match text.chars().last() {
        Some('m') => MINUTE,
        Some('h') => 60 * MINUTE,
        Some('d') => DAY,
        Some(_) | None => return Err(INVALID),
    };
    let digits = text.get(..text.len() - 1).unwrap_or_default();
    let plain = digits.len() <= 5 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let count: Millis = digits.parse().ok().filter(|_| plain).ok_or(INVALID)?;
    let span = count * unit;
    if (MINUTE..=15 * DAY).contains(&span) { Ok(Some(now + span)) } else { Err(INVALID) }
}

#[cfg(test)]
mod tests {
    use protocol::{iso8601, parse_time};

    use super::lifetime;

    #[test]
    fn lifetimes_are_minutes_hours_days_or_the_day() {
        let now = parse_time("2026-01-05T10:00:00+08:00").unwrap();
        for (text, expected) in [
            ("1m", Some("2026-01-05T10:01:00+08:00")),
            ("90m", Some("2026-01-05T11:30:00+08:00")),
            ("2h", Some("2026-01-05T12:00:00+08:00")),
            ("15d", Some("2026-01-20T10:00:00+08:00")),
            ("1c", Some("2026-01-06T00:00:00+08:00")),
            ("0m", None),
            ("16d", None),
            ("1.5h", None),
            ("m", None),
            ("10", None),
            ("1é", None),
        ] {
            let end = lifetime(Some(text), now).ok().flatten().map(iso8601);
            assert_eq!(end.as_deref(), expected, "{text}");
        }
        assert_eq!(lifetime(None, now), Ok(None));
    }
}
