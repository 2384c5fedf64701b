//! The rate at which an amount was converted.

use std::fmt;

use crate::{Amount, Currency};

/// How much of one currency was given for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// The currency before the stroke: what one unit of is priced.
    pub base: Currency,
    /// The currency after the stroke: what the price counts.
    pub counter: Currency,
    /// Units of `counter` for one of `base`.
    pub price: Price,
}

/// A positive decimal number, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    digits: u64,
    decimals: u32,
}

/// More digits than any rate has, and few enough to multiply amounts with.
const DIGITS: usize = 15;

impl Price {
    /// Reads digits with at most one point between them. Zero is no price.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let all = whole.bytes().chain(rest.bytes());
        let fits = !whole.is_empty() && !text.ends_with('.') && whole.len() + rest.len() <= DIGITS;
        if !fits || !all.clone().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = all.fold(0, |sum, byte| sum * 10 + u64::from(byte - b'0'));
        (digits > 0).then_some(Self { digits, decimals: u32::try_from(rest.len()).ok()? })
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u64.pow(self.decimals);
        write!(f, "{}", self.digits / unit)?;
        match self.decimals as usize {
            0 => Ok(()),
            width => write!(f, ".{:0width$}", self.digits % unit),
        }
    }
}

impl Quote {
    /// Reads a pair such as `KRW/USD`.
    pub fn parse_pair(text: &str) -> Option<(Currency, Currency)> {
        let (base, counter) = text.split_once('/')?;
        Currency::parse(base).ok().zip(Currency::parse(counter).ok())
    }

    /// The pair as a file writes it.
    pub fn pair(&self) -> String {
        format!("{}/{}", self.base, self.counter)
    }

    /// What `amount` is worth in the other currency of the pair, cut to its minor unit towards
    /// zero, and whether nothing was cut away. `None` for a currency that the pair does not name,
    /// and for a value beyond all counting.
    pub fn convert(&self, amount: Amount) -> Option<(Amount, bool)> {
        let ten = |power: u32| 10_i128.pow(power);
        let (digits, scale) = (i128::from(self.price.digits), ten(self.price.decimals));
        let (to, times, over) = if amount.currency == self.base {
            (self.counter, digits, scale)
        } else if amount.currency == self.counter {
            (self.base, scale, digits)
        } else {
            return None;
        };
        let minor = i128::from(amount.minor) * times;
        let (top, bottom) =
            (minor.checked_mul(ten(to.exponent()))?, over * ten(amount.currency.exponent()));
        let whole = i64::try_from(top / bottom).ok()?;
        Some((Amount::new(to, whole), top % bottom == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::{Price, Quote};
    use crate::Amount;

    fn quote(pair: &str, price: &str) -> Quote {
        let (base, counter) = Quote::parse_pair(pair).unwrap();
        Quote { base, counter, price: Price::parse(price).unwrap() }
    }

    fn amount(text: &str) -> Amount {
        let (code, value) = text.split_once(' ').unwrap();
        Amount::from_major(crate::Currency::parse(code).unwrap(), value).unwrap()
    }

    #[test]
    fn the_worked_sample_converts_either_way_round() {
        for (pair, price, from, to, exact) in [
            ("USD/KRW", "1200", "KRW 18000", "USD 15.00", true),
            ("USD/KRW", "1200.00", "KRW -9000", "USD -7.50", true),
            ("USD/KRW", "1200", "KRW 100", "USD 0.08", false),
            ("USD/KRW", "1200", "KRW -100", "USD -0.08", false),
            ("JPY/CNY", "0.064622", "JPY 1000", "CNY 64.62", false),
            ("CNY/JPY", "15.5", "CNY 2.00", "JPY 31", true),
            ("USD/EUR", "1", "USD 0.01", "EUR 0.01", true),
        ] {
            let converted = quote(pair, price).convert(amount(from));
            assert_eq!(converted, Some((amount(to), exact)), "{from} at {price} {pair}");
        }
        assert_eq!(quote("USD/KRW", "1200").convert(amount("EUR 1.00")), None);
    }

    #[test]
    fn the_largest_amounts_do_not_overflow() {
        let usd = crate::Currency::parse("USD").unwrap();
        for (pair, price) in [("USD/KRW", "999999999999999"), ("KRW/USD", "0.00000000000001")] {
            for minor in [i64::MIN, i64::MAX] {
                assert_eq!(quote(pair, price).convert(Amount::new(usd, minor)), None);
            }
        }
    }

    #[test]
    fn prices_are_plain_decimal_numbers_and_keep_their_zeros() {
        for text in ["1200", "0.064622", "1200.00", "0.00083333"] {
            assert_eq!(Price::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "0", "0.00", ".5", "5.", "-1", "+1", "1e3", "1,2", "1.2.3", " 1"] {
            assert_eq!(Price::parse(text), None, "{text}");
        }
        assert_eq!(Price::parse("1234567890123456"), None);
        for text in ["KRW", "KRW/", "KRW/USD/EUR", "krw/usd", "KRW-USD"] {
            assert_eq!(Quote::parse_pair(text), None, "{text}");
        }
    }
}
