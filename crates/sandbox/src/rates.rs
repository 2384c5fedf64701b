//! What a wallet is charged that holds another currency than the order's.

use protocol::{Amount, Currency, Rate};
use serde_json::{Number, Value, json};

use crate::ledger::Ledger;
use crate::switches::QuoteForm;

/// The numbers of currencies in ISO 4217, of those that the official samples and tools know.
const NUMBERS: [(&str, &str); 30] = [
    ("AUD", "036"),
    ("BRL", "986"),
    ("CAD", "124"),
    ("CHF", "756"),
    ("CLP", "152"),
    ("CNY", "156"),
    ("CZK", "203"),
    ("DKK", "208"),
    ("EUR", "978"),
    ("GBP", "826"),
    ("HKD", "344"),
    ("IDR", "360"),
    ("INR", "356"),
    ("JPY", "392"),
    ("KRW", "410"),
    ("KZT", "398"),
    ("MOP", "446"),
    ("MXN", "484"),
    ("MYR", "458"),
    ("NOK", "578"),
    ("NZD", "554"),
    ("PHP", "608"),
    ("PLN", "985"),
    ("SEK", "752"),
    ("SGD", "702"),
    ("THB", "764"),
    ("TRY", "949"),
    ("TWD", "901"),
    ("USD", "840"),
    ("VND", "704"),
];

/// A pair by its numbers; a currency without one keeps its letters.
fn in_numbers(pair: &str) -> String {
    let number = |code: &str| {
        let known = NUMBERS.iter().find(|(letters, _)| *letters == code);
        known.map_or_else(|| code.to_owned(), |(_, number)| (*number).to_owned())
    };
    pair.split('/').map(number).collect::<Vec<_>>().join("/")
}

/// The rates of one gateway.
#[derive(Debug, Default)]
pub(crate) struct Rates(Vec<Rate>);

/// What a payer is charged for a payment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Charge {
    pub(crate) amount: Amount,
    /// The rate behind it, where the currencies differ.
    pub(crate) rate: Option<Rate>,
    /// How the quote is written.
    form: QuoteForm,
}

impl Charge {
    /// A charge in the order's own currency.
    pub(crate) fn same(amount: Amount) -> Self {
        Self { amount, rate: None, form: QuoteForm::default() }
    }

    /// The quote as answers carry it: price and guarantee are no texts in the official samples.
    pub(crate) fn quote(&self, id: &str, start: &str, end: &str) -> Option<Value> {
        let rate = self.rate?;
        let number: Option<Number> = serde_json::from_str(&rate.price()).ok();
        let (pair, price, guaranteed) = match self.form {
            QuoteForm::Letters => (rate.pair(), json!(number), json!(false)),
            QuoteForm::Numbers => (in_numbers(&rate.pair()), json!(number), json!(false)),
            QuoteForm::Texts => (rate.pair(), json!(rate.price()), json!("false")),
        };
        Some(json!({
            "quoteId": id,
            "quoteCurrencyPair": pair,
            "quotePrice": price,
            "quoteStartTime": start,
            "quoteExpiryTime": end,
            "guaranteed": guaranteed,
        }))
    }
}

impl Rates {
    /// Sets a rate; one for the same pair is forgotten.
    pub(crate) fn set(&mut self, rate: Rate) {
        self.0.retain(|known| known.pair() != rate.pair());
        self.0.push(rate);
    }

    /// The rate of a pair, where somebody set one.
    pub(crate) fn find(&self, base: Currency, counter: Currency) -> Option<Rate> {
        self.0.iter().find(|rate| rate.is_for(base, counter)).copied()
    }

    fn charge(&self, amount: Amount, currency: Currency) -> Option<Charge> {
        if amount.currency == currency {
            return Some(Charge::same(amount));
        }
        let rate = self.find(amount.currency, currency)?;
        let form = QuoteForm::default();
        Some(Charge { amount: rate.convert(amount)?, rate: Some(rate), form })
    }
}

impl Ledger {
    /// What the wallet behind a payment is charged, or the code of the refusal.
    pub(crate) fn charge(&self, place: usize) -> Result<Charge, &'static str> {
        let payment = &self.payments[place];
        let Some(wallet) = payment.wallet.and_then(|wallet| self.wallets.get(wallet)) else {
            return Err("USER_NOT_EXIST");
        };
        let charge = self.rates.charge(payment.amount, wallet.currency);
        let form = self.switches.quotes;
        charge.map(|charge| Charge { form, ..charge }).ok_or("CURRENCY_NOT_SUPPORT")
    }
}
