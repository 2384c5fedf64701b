//! What a wallet is charged that holds another currency than the order's.

use protocol::{Amount, Currency, Rate};
use serde_json::{Number, Value, json};

use crate::ledger::Ledger;

/// The rates of one gateway.
#[derive(Debug, Default)]
pub(crate) struct Rates(Vec<Rate>);

/// What a payer is charged for a payment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Charge {
    pub(crate) amount: Amount,
    /// The rate behind it, where the currencies differ.
    pub(crate) rate: Option<Rate>,
}

impl Charge {
    /// A charge in the order's own currency.
    pub(crate) fn same(amount: Amount) -> Self {
        Self { amount, rate: None }
    }

    /// The quote as answers carry it: price and guarantee are no texts in the official samples.
    pub(crate) fn quote(&self, id: &str, start: &str, end: &str) -> Option<Value> {
        let rate = self.rate?;
        let price: Option<Number> = serde_json::from_str(&rate.price()).ok();
        Some(json!({
            "quoteId": id,
            "quoteCurrencyPair": rate.pair(),
            "quotePrice": price,
            "quoteStartTime": start,
            "quoteExpiryTime": end,
            "guaranteed": false,
        }))
    }
}

impl Rates {
    /// Sets a rate; one for the same pair is forgotten.
    pub(crate) fn set(&mut self, rate: Rate) {
        self.0.retain(|known| known.pair() != rate.pair());
        self.0.push(rate);
    }

    fn charge(&self, amount: Amount, currency: Currency) -> Option<Charge> {
        if amount.currency == currency {
            return Some(Charge::same(amount));
        }
        let rate = self.0.iter().find(|rate| rate.is_for(amount.currency, currency))?;
        Some(Charge { amount: rate.convert(amount)?, rate: Some(*rate) })
    }
}

impl Ledger {
    /// What the wallet behind a payment is charged, or the code of the refusal.
    pub(crate) fn charge(&self, place: usize) -> Result<Charge, &'static str> {
        let payment = &self.payments[place];
        let Some(wallet) = payment.wallet.and_then(|wallet| self.wallets.get(wallet)) else {
            return Err("USER_NOT_EXIST");
        };
        self.rates.charge(payment.amount, wallet.currency).ok_or("CURRENCY_NOT_SUPPORT")
    }
}
