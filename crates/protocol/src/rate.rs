//! What one currency is worth in another.

use crate::{Amount, Currency};

/// A rate: one unit of the first currency of a pair is worth so much of the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    base: Currency,
    counter: Currency,
    /// The price without its point, and how many digits stand behind the point.
    digits: u64,
    decimals: u32,
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
        let all = whole.bytes().chain(rest.bytes());
        let plain = all.clone().all(|byte| byte.is_ascii_digit()) && !price.ends_with('.');
        if whole.is_empty() || !plain || price.len() > 18 {
            return Err(refused());
        }
        let digits = all.fold(0, |sum, byte| sum * 10 + u64::from(byte - b'0'));
        let decimals = u32::try_from(rest.len()).map_err(|_too_long| refused())?;
        if digits > 0 { Ok(Self { base, counter, digits, decimals }) } else { Err(refused()) }
    }

    /// The pair, as it was written.
    pub fn pair(&self) -> String {
        format!("{}/{}", self.base, self.counter)
    }

    /// The price, with as many decimals as were written.
    pub fn price(&self) -> String {
        let unit = 10_u64.pow(self.decimals);
        match self.decimals as usize {
            0 => self.digits.to_string(),
            width => format!("{}.{:0width$}", self.digits / unit, self.digits % unit),
        }
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
        let over = i128::from(amount.minor).checked_mul(self.digits.into())?;
        let over = over.checked_mul(2 * unit(self.counter))?;
        let under = unit(self.base) * 10_i128.pow(self.decimals);
        let minor = over.checked_add(under)?.div_euclid(2 * under);
        Some(Amount::new(self.counter, i64::try_from(minor).ok()?))
    }

    /// What an amount of either currency is worth in the other, cut to its smallest unit towards
    /// zero, and whether nothing was cut away. `None` for an amount of a third currency, and for
    /// one beyond all sums.
    pub fn either_way(&self, amount: Amount) -> Option<(Amount, bool)> {
        let (digits, scale) = (i128::from(self.digits), 10_i128.pow(self.decimals));
        let (to, times, over) = if amount.currency == self.base {
            (self.counter, digits, scale)
        } else if amount.currency == self.counter {
            (self.base, scale, digits)
        } else {
            return None;
        };
        let unit = |currency: Currency| 10_i128.pow(currency.exponent());
        let top = i128::from(amount.minor).checked_mul(times)?.checked_mul(unit(to))?;
        let bottom = over * unit(amount.currency);
        let whole = i64::try_from(top / bottom).ok()?;
        Some((Amount::new(to, whole), top % bottom == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;
    use crate::{Amount, Currency};

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
            assert_eq!((rate.pair().as_str(), rate.price().as_str()), (pair, price));
        }
        let rate = Rate::parse("JPY/CNY", "0.064622").unwrap();
        assert_eq!(rate.convert(Amount::from_price("USD 1").unwrap()), None);
        let all = Amount::new(Amount::from_price("JPY 1").unwrap().currency, i64::MAX);
        let dear = Rate::parse("JPY/CNY", "99999999999999999").unwrap();
        assert_eq!(dear.convert(all), None);
    }

    fn major(text: &str) -> Amount {
        let (code, value) = text.split_once(' ').unwrap();
        Amount::from_major(Currency::parse(code).unwrap(), value).unwrap()
    }

    #[test]
    fn the_sample_of_a_settlement_converts_either_way() {
        for (pair, price, from, to, exact) in [
            ("USD/KRW", "1200", "KRW 18000", "USD 15.00", true),
            ("USD/KRW", "1200.00", "KRW -9000", "USD -7.50", true),
            ("USD/KRW", "1200", "KRW 100", "USD 0.08", false),
            ("USD/KRW", "1200", "KRW -100", "USD -0.08", false),
            ("JPY/CNY", "0.064622", "JPY 1000", "CNY 64.62", false),
            ("CNY/JPY", "15.5", "CNY 2.00", "JPY 31", true),
            ("USD/EUR", "1", "USD 0.01", "EUR 0.01", true),
        ] {
            let converted = Rate::parse(pair, price).unwrap().either_way(major(from));
            assert_eq!(converted, Some((major(to), exact)), "{from} at {price} {pair}");
        }
        let usd = Currency::parse("USD").unwrap();
        let rate = Rate::parse("USD/KRW", "999999999999999999").unwrap();
        assert_eq!(rate.either_way(major("EUR 1.00")), None);
        for minor in [i64::MIN, i64::MAX] {
            assert_eq!(rate.either_way(Amount::new(usd, minor)), None);
        }
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
            ("JPY/CNY", "5."),
            ("JPY/CNY", "1.00000000000000000"),
        ] {
            assert!(Rate::parse(pair, price).is_err(), "{pair} {price}");
        }
    }
}
