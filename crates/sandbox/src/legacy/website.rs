//! `create_forex_trade` and `create_forex_trade_wap`: the buyer's browser comes to the cashier.

use clock::Millis;
use protocol::legacy::{DEFAULT_TIMEOUT, Form, timeout_rule};
use protocol::{Amount, Currency};

use super::asked::{self, Asked, INVALID};
use super::cashier;
use super::order::{Order, Product};
use super::registration::Method;
use super::said::{Said, pair};
use crate::defect::Defect;
use crate::ledger::{Ledger, Means, Payment, State};
use crate::pay_request::Goods;

/// The most that is paid at once, in major units.
const MOST: i64 = 1_000_000;
/// The longest `order_valid_time`, in seconds.
const LONGEST: Millis = 2_592_000;

impl Ledger {
    /// The page that the browser gets.
    pub(crate) fn create_forex(
        &mut self,
        product: Product,
        form: &Form,
        now: Millis,
    ) -> Asked<Said> {
        let payment = self.read_forex(product, form, now)?;
        let place = match self.find(None, Some(&payment.request_id), now) {
            Some(place) => self.create_forex_again(place, payment),
            None => self.create_forex_anew(payment),
        }?;
        Ok(self.cashier_page(place))
    }

    fn read_forex(&mut self, product: Product, form: &Form, now: Millis) -> Asked<Payment> {
        let phone = product == Product::Wap;
        let code = if phone { "NEW_WAP_OVERSEAS_SELLER" } else { "NEW_OVERSEAS_SELLER" };
        let number = asked::number(form, "out_trade_no")?;
        let subject = asked::required(form, "subject", 256)?.to_owned();
        asked::optional(form, "body", 400)?;
        // Older clients leave it out.
        if asked::optional(form, "product_code", 32)?.is_some_and(|given| given != code) {
            return Err(INVALID);
        }
        let (amount, written) = fee(form)?;
        let notify_url = asked::address(form, "notify_url", 200)?;
        asked::address(form, "return_url", 2048)?;
        let information = asked::object(form, "trade_information")?;
        if self.switches.legacy.trade_information_required && information.is_empty() {
            return Err(INVALID);
        }
        let seller = asked::optional(form, "secondary_merchant_id", 64)?.map(str::to_owned);
        let expires = expires(form, now)?;
        let goods = Goods {
            merchant: seller.clone().unwrap_or_default(),
            store: String::new(),
            order: number.clone(),
            text: subject,
            method: String::new(),
            product: code.into(),
        };
        let id = self.trade_number(now);
        let payment = Payment::new(id, number, amount, Means::Cashier, goods, now);
        let legacy = Some(Box::new(Order::of(form, product, written)));
        Ok(Payment { seller: (seller, None), notify_url, expires, legacy, ..payment })
    }

    /// A browser that comes again: the payment goes on.
    fn create_forex_again(&mut self, place: usize, asked: Payment) -> Asked<usize> {
        let known = &self.payments[place];
        let (same, exists) = match (&known.legacy, &asked.legacy) {
            (Some(known), Some(asked)) => (known.parameters == asked.parameters, known.exists),
            (Some(_) | None, _) => (false, true),
        };
        if same && known.state != State::Closed && self.defects.strikes(Defect::LegWebSecondTrade) {
            return self.create_forex_anew(asked);
        }
        match known.state {
            State::Success if same => Err("TRADE_HAS_SUCCESS"),
            State::Processing if same => Ok(place),
            State::Failed(_) | State::Closed | State::Cancelled if exists => Err("TRADE_HAS_CLOSE"),
            State::Processing | State::Success if exists => Err("CONTEXT_INCONSISTENT"),
            // Nobody has logged in, so the number is free for other data.
            State::Processing
            | State::Success
            | State::Failed(_)
            | State::Closed
            | State::Cancelled => {
                self.payments[place].state = State::Closed;
                self.create_forex_anew(asked)
            }
        }
    }

    fn create_forex_anew(&mut self, payment: Payment) -> Asked<usize> {
        self.may_sell_by(&payment, Method::Online)?;
        let token = self.draw.letters(24);
        let place = self.enter(Payment { offer: Some(token), ..payment });
        self.watch_expiry(place);
        Ok(place)
    }

    /// The page of an order as it stands.
    pub(crate) fn cashier_page(&self, place: usize) -> Said {
        let wallets = self.wallets.iter().map(|wallet| wallet.currency).collect::<Vec<_>>();
        Said::page(cashier::page(&self.payments[place], &wallets))
    }

    /// What the browser carries back to the shop: none where the order is not paid.
    pub(crate) fn way_back(&self, place: usize) -> Option<super::said::Pairs> {
        let payment = &self.payments[place];
        let order = payment.legacy.as_ref().filter(|_| payment.paid_at.is_some())?;
        let fee = if order.parameters.contains_key("rmb_fee") { "rmb_fee" } else { "total_fee" };
        Some(vec![
            pair("out_trade_no", &payment.request_id),
            pair("trade_no", &payment.id),
            pair(fee, &order.amount),
            pair("currency", order.parameters.get("currency").cloned().unwrap_or_default()),
            pair("trade_status", "TRADE_FINISHED"),
        ])
    }
}

/// "Exactly one of `total_fee`, `rmb_fee`".
fn fee(form: &Form) -> Asked<(Amount, String)> {
    let currency = asked::currency(form, "currency")?;
    let total = asked::optional(form, "total_fee", 16)?;
    let renminbi = asked::optional(form, "rmb_fee", 16)?;
    match (total, renminbi) {
        (Some(_), None) => asked::amount(form, "total_fee", currency, MOST),
        (None, Some(_)) => {
            let cny = Currency::parse("CNY").map_err(|_no_currency| INVALID)?;
            asked::amount(form, "rmb_fee", cny, MOST)
        }
        (Some(_), Some(_)) | (None, None) => Err(INVALID),
    }
}

/// When an order ends that nobody pays: 12 hours after it was opened, unless the call says more.
fn expires(form: &Form, now: Millis) -> Asked<Millis> {
    let rule = asked::optional(form, "timeout_rule", 8)?;
    let known = rule.map(|rule| timeout_rule(rule).ok_or(INVALID));
    let created = asked::optional(form, "order_gmt_create", 19)?;
    let created = created.map(|text| asked::moment(text).ok_or(INVALID)).transpose()?;
    if let Some(text) = asked::optional(form, "order_valid_time", 8)? {
        let seconds: Millis = text.parse().map_err(|_no_number| INVALID)?;
        if !(1..=LONGEST).contains(&seconds) {
            return Err(INVALID);
        }
        return Ok(created.unwrap_or(now) + seconds * 1_000);
    }
    let span = known.transpose()?.unwrap_or(DEFAULT_TIMEOUT);
    Ok(now + span)
}
