//! What one currency is worth in another.

use crate::{Amount, Currency};

/// A rate: one unit of the first currency of a pair is worth so much of the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    base: Currency,
    counter: Currency,
    /// The price without its point, and how many digits stand behind the point.
    digits: i128,
    decimals: u32,
    text: String,
}

/// Why a text is no rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no rate: a pair such as JPY/CNY and a positive price are expected")]
pub struct RateError(String);

impl Rate {
    /// Reads a pair such as `JPY/CNY` and a price such as `0.064622`.
    pub fn parse(pair: &str, price: &str) -> Result<Self, RateError> {
        let refused = || RateError(format!("{pair} {price}"));
        let (base, counter) = pair.split_once('/').ok_or_else(refused)?;
        let currency = |text| Currency::parse(text).map_err(|_no_currency| refused());
        let (base, counter) = (currency(base)?, currency(counter)?);
        let (whole, rest) = price.split_once('.').unwrap_or((price, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(rest) || price.len() > 18 {
            return Err(refused());
        }
        let digits: i128 = format!("{whole}{rest}").parse().map_err(|_not_a_number| refused())?;
        let decimals = u32::try_from(rest.len()).map_err(|_too_long| refused())?;
        let rate = Self { base, counter, digits, decimals, text: price.to_owned() };
        if digits > 0 { Ok(rate) } else { Err(refused()) }
    }

    /// The pair, as it was written.
    pub fn pair(&self) -> String {
        format!("{}/{}", self.base, self.counter)
    }

    /// The price, as it was written.
    pub fn price(&self) -> &str {
        &self.text
    }

    /// Whether it turns one currency into the other.
    pub fn is_for(&self, base: Currency, counter: Currency) -> bool {
        self.base == base && self.counter == counter
    }

    /// An amount of the first currency in the second, to the nearest smallest unit; half a unit
    /// counts as one. `None` for an amount of another currency, and for one beyond all sums.
    pub fn convert(&self, amount: Amount) -> Option<Amount> {
        if amount.currency != self.base {
            return None;
        }
        let unit = |currency: Currency| 10_i128.pow(currency.exponent());
        let over = i128::from(amount.minor).checked_mul(self.digits)?;
        let over = over.checked_mul(2 * unit(self.counter))?;
        let under = unit(self.base) * 10_i128.pow(self.decimals);
        let minor = over.checked_add(under)?.div_euclid(2 * under);
        Some(Amount::new(self.counter, i64::try_from(minor).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;
    use crate::Amount;

    #[test]
    fn amounts_are_converted_as_the_official_samples_have_it() {
        for (pair, price, amount, converted) in [
            ("JPY/CNY", "0.064622", "JPY 200", "CNY 12.92"),
            ("MOP/CNY", "0.88156063", "MOP 1.00", "CNY 0.88"),
            ("TRY/CNY", "1.05980252", "TRY 1.34", "CNY 1.42"),
            ("USD/JPY", "150", "USD 0.01", "JPY 2"),
            ("USD/JPY", "149.9", "USD 0.01", "JPY 1"),
        ] {
            let rate = Rate::parse(pair, price).unwrap();
            let amount = Amount::from_price(amount).unwrap();
            assert_eq!(rate.convert(amount).unwrap().to_string(), converted, "{pair}");
            assert_eq!((rate.pair().as_str(), rate.price()), (pair, price));
        }
        let rate = Rate::parse("JPY/CNY", "0.064622").unwrap();
        assert_eq!(rate.convert(Amount::from_price("USD 1").unwrap()), None);
        let all = Amount::new(Amount::from_price("JPY 1").unwrap().currency, i64::MAX);
        let dear = Rate::parse("JPY/CNY", "99999999999999999").unwrap();
        assert_eq!(dear.convert(all), None);
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for (pair, price) in [
            ("JPYCNY", "1"),
            ("jpy/CNY", "1"),
            ("JPY/CNY", ""),
            ("JPY/CNY", "0.0"),
            ("JPY/CNY", "-1"),
            ("JPY/CNY", "1e3"),
            ("JPY/CNY", ".5"),
            ("JPY/CNY", "1.00000000000000000"),
        ] {
            assert!(Rate::parse(pair, price).is_err(), "{pair} {price}");
        }
    }
}
