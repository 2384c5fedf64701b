//! What a payment keeps of the call that made it, and how it looks in answers.

use std::collections::BTreeMap;

use clock::Millis;
use protocol::legacy::{Charset, Form, SignType};
use protocol::{Amount, Currency, Rate, iso8601};

use super::notice::Action;
use super::said::{Pairs, pair};
use crate::defect::Defect;
use crate::ledger::{Effect, Ledger, Payment, State};

/// What a payment keeps of the call that made it.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) product: Product,
    /// The parameters that a repeated call has to have.
    pub(crate) parameters: BTreeMap<String, String>,
    /// The buyer's code, where one was scanned.
    pub(crate) code: Option<String>,
    /// Whether the trade exists: a refused call makes none.
    pub(crate) exists: bool,
    /// The amount as it was written.
    pub(crate) amount: String,
    /// How the partner is written to about it.
    pub(crate) voice: Voice,
    /// Whether the buyer was to be asked.
    pub(crate) asked_buyer: bool,
    /// Where the browser of the buyer is.
    pub(crate) browser: Browser,
}

impl Order {
    /// What a payment keeps of a call that has made no trade yet.
    pub(crate) fn of(form: &Form, product: Product, amount: String) -> Self {
        Self {
            product,
            parameters: lasting(form),
            code: None,
            exists: false,
            amount,
            voice: Voice::of(form),
            asked_buyer: false,
            browser: Browser::AtCashier,
        }
    }
}

/// What the partner sells through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Product {
    /// It scans the buyer's code.
    Barcode,
    /// It shows a code for one sale.
    TransactionQr,
    /// It sends a browser to the cashier.
    Web,
    /// It sends the browser of a phone there.
    Wap,
}

/// Where the browser of a buyer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Browser {
    AtCashier,
    /// Still there, while a defect keeps back the news that the order is paid.
    Awaited,
    /// In the shop again.
    Back,
}

/// In which charset and with which signature a partner is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Voice {
    pub(crate) charset: Charset,
    pub(crate) sign_type: Option<SignType>,
}

impl Voice {
    pub(crate) fn of(form: &Form) -> Self {
        let sign_type = form.get("sign_type").and_then(SignType::parse);
        Self { charset: form.charset(), sign_type }
    }
}

/// Parameters that may differ from one call to its repetition.
const PASSING: [&str; 6] = [
    "sign",
    "sign_type",
    "_input_charset",
    "timestamp",
    "terminal_timestamp",
    "buyer_identity_code",
];

/// The parameters that a repeated call has to have: what it is about, and not how it travels.
pub(crate) fn lasting(form: &Form) -> BTreeMap<String, String> {
    form.iter()
        .filter(|(name, value)| !PASSING.contains(name) && !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A moment in GMT+8, in 14 digits.
pub(crate) fn digits(moment: Millis) -> String {
    iso8601(moment).chars().filter(char::is_ascii_digit).take(14).collect()
}

/// The buyer as answers show him: the login masked.
pub(crate) fn buyer(payment: &Payment) -> Pairs {
    let Some(wallet) = payment.wallet else { return vec![] };
    let number = wallet + 1;
    vec![
        pair("alipay_buyer_login_id", format!("bu***{number}@wallet.test")),
        pair("alipay_buyer_user_id", format!("20880000{number:08}")),
    ]
}

impl Ledger {
    /// A fresh trade or refund number in the shape of the samples: the day and 20 digits.
    pub(crate) fn trade_number(&mut self, now: Millis) -> String {
        let day: String = digits(now).chars().take(8).collect();
        let number = self.payments.len() + self.refunds.len() + 1;
        format!("{day}2100{}{number:08}", self.draw.digits(8))
    }

    /// The status of a trade as queries tell it; none where there is no trade.
    pub(crate) fn trade_status(&self, place: usize) -> Option<&'static str> {
        let payment = &self.payments[place];
        let order = payment.legacy.as_ref()?;
        if !order.exists {
            return None;
        }
        let paid = match order.product {
            Product::Barcode | Product::TransactionQr => "TRADE_SUCCESS",
            Product::Web | Product::Wap => "TRADE_FINISHED",
        };
        Some(match payment.state {
            State::Processing => "WAIT_BUYER_PAY",
            State::Success if self.is_given_back(place) && !self.switches.legacy.refunded_stays => {
                "TRADE_CLOSED"
            }
            State::Success => paid,
            State::Failed(_) | State::Closed | State::Cancelled => "TRADE_CLOSED",
        })
    }

    fn is_given_back(&self, place: usize) -> bool {
        let given: i64 = self.refunds_done(place).map(|refund| refund.amount.minor).sum();
        given >= self.payments[place].amount.minor
    }

    /// What an amount comes to in renminbi, and the rate as it is written.
    pub(crate) fn in_renminbi(&self, amount: Amount) -> Option<(Amount, String)> {
        let cny = Currency::parse("CNY").ok()?;
        if amount.currency == cny {
            return Some((amount, "1.00000000".to_owned()));
        }
        let rate = match self.rates.find(amount.currency, cny) {
            Some(rate) => rate,
            None => standing_rate(amount.currency)?,
        };
        Some((rate.convert(amount)?, rate.price()))
    }

    /// Amount, rate and what it comes to, as a spot.pay and a query repeat them.
    pub(crate) fn money(&self, place: usize) -> Pairs {
        let payment = &self.payments[place];
        let written = payment
            .legacy
            .as_ref()
            .map_or_else(|| payment.amount.to_major(), |order| order.amount.clone());
        let mut pairs =
            vec![pair("currency", payment.amount.currency.code()), pair("trans_amount", written)];
        if let Some((renminbi, rate)) = self.in_renminbi(payment.amount) {
            pairs.push(pair("exchange_rate", rate));
            pairs.push(pair("trans_amount_cny", renminbi.to_major()));
        }
        pairs
    }

    /// A buyer has come to a payment, perhaps with the password: now there is a trade. On a phone
    /// there is none before the password.
    pub(crate) fn bring_into_being(&mut self, place: usize, password: bool, now: Millis) {
        let Some(order) = &mut self.payments[place].legacy else { return };
        if !order.exists && (password || order.product != Product::Wap) {
            (order.exists, order.asked_buyer) = (true, true);
            self.tell_trade(place, Action::Created, now);
        }
    }

    /// Has a payment closed when its time is over, so that the partner is told then.
    pub(crate) fn watch_expiry(&mut self, place: usize) {
        let payment = &self.payments[place];
        if payment.notify_url.is_some() {
            let at = payment.expires;
            self.effects.push(Effect::Expires { place, at });
        }
    }

    /// Whether a trade is found by the partner's number alone; by a defect one is not whose buyer
    /// was not asked, so that its pay was its only news.
    pub(crate) fn found_by_number(&self, place: usize) -> bool {
        let silent = self.payments[place].legacy.as_ref().is_some_and(|order| !order.asked_buyer);
        !(silent && self.defects.strikes(Defect::LegLostAnswerLostOrder))
    }
}

/// The rate to the renminbi that holds until somebody sets another.
fn standing_rate(currency: Currency) -> Option<Rate> {
    let price = match currency.code() {
        "USD" => "7.10000000",
        "EUR" => "7.80000000",
        "GBP" => "9.00000000",
        "HKD" => "0.91000000",
        "JPY" => "0.04800000",
        "KRW" => "0.00520000",
        "SGD" => "5.30000000",
        "AUD" => "4.70000000",
        _ => "2.00000000",
    };
    Rate::parse(&format!("{currency}/CNY"), price).ok()
}
