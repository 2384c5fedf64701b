//! Money in minor units.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An ISO 4217 currency by its three letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// The dollar of the United States.
    pub const USD: Self = Self(*b"USD");

    /// Reads three capital letters.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let letters: Result<[u8; 3], _> = text.as_bytes().try_into();
        match letters {
            Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Ok(Self(letters)),
            Ok(_) | Err(_) => Err(AmountError::Currency(text.to_owned())),
        }
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether ISO 4217 has it as a currency that is in use: not a metal, a fund or a code for tests.
    pub fn is_current(&self) -> bool {
        CURRENT.split_ascii_whitespace().any(|code| code == self.code())
    }

    /// How many digits the minor unit has: none for CLP, JPY, KRW and VND, two for all others that
    /// the official rule file knows.
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"CLP" | b"JPY" | b"KRW" | b"VND" => 0,
            _ => 2,
        }
    }
}

/// The currencies of ISO 4217, and CNH, as which the renminbi is quoted outside China. Two that were
/// replaced lately are still taken: ANG, now XCG, and BGN, now EUR.
const CURRENT: &str = "\
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN \
    BZD CAD CDF CHF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL \
    GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW \
    KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN \
    NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK \
    SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS \
    VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl TryFrom<String> for Currency {
    type Error = AmountError;

    fn try_from(text: String) -> Result<Self, AmountError> {
        Self::parse(&text)
    }
}

/// An amount in the smallest unit of its currency: USD 12.31 is 1231, JPY 1000 is 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amount {
    /// The currency.
    pub currency: Currency,
    /// Minor units.
    pub minor: i64,
}

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not three capital letters.
    #[error("'{0}' is no ISO 4217 currency: three capital letters are expected")]
    Currency(String),
    /// Not digits, or more of them than the currency has after the point.
    #[error("'{0}' is no amount of this currency")]
    Value(String),
}

impl Amount {
    /// An amount of `minor` units.
    pub fn new(currency: Currency, minor: i64) -> Self {
        Self { currency, minor }
    }

    /// Reads the amount of an API body: digits only, at most 16 of them, in minor units.
    pub fn from_wire(currency: &str, value: &str) -> Result<Self, AmountError> {
        let currency = Currency::parse(currency)?;
        let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let refused = || AmountError::Value(value.to_owned());
        if !digits || value.len() > 16 {
            return Err(refused());
        }
        Ok(Self { currency, minor: value.parse().map_err(|_not_a_number| refused())? })
    }

    /// Reads a price as people write it: `USD 12.31`, `JPY 20000`, `JPY 1,000`.
    pub fn from_price(text: &str) -> Result<Self, AmountError> {
        let refused = || AmountError::Value(text.to_owned());
        let (currency, value) = text.split_once(' ').ok_or_else(refused)?;
        let currency = Currency::parse(currency)?;
        let value = value.replace(',', "");
        match Self::from_major(currency, &value) {
            Ok(amount) if !value.starts_with('-') => Ok(amount),
            Ok(_) | Err(_) => Err(refused()),
        }
    }

    /// Reads the amount of a report file: in major units, a minus before what is given back, at
    /// most as many decimals as the currency has. `-9000`, `14.50`.
    pub fn from_major(currency: Currency, value: &str) -> Result<Self, AmountError> {
        let refused = || AmountError::Value(value.to_owned());
        let unsigned = value.strip_prefix('-');
        let sign = if unsigned.is_some() { -1 } else { 1 };
        let unsigned = unsigned.unwrap_or(value);
        let (whole, cents) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let decimals = currency.exponent() as usize;
        if whole.is_empty() || unsigned.ends_with('.') || cents.len() > decimals {
            return Err(refused());
        }
        let zeros = std::iter::repeat_n(b'0', decimals - cents.len());
        let minor = whole.bytes().chain(cents.bytes()).chain(zeros).try_fold(0_i64, |sum, byte| {
            let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
            sum.checked_mul(10)?.checked_add(digit)
        });
        Ok(Self { currency, minor: sign * minor.ok_or_else(refused)? })
    }

    /// The number as a report file writes it, without the currency.
    pub fn to_major(self) -> String {
        let unit = 10_u64.pow(self.currency.exponent());
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, rest) = (self.minor.unsigned_abs() / unit, self.minor.unsigned_abs() % unit);
        match self.currency.exponent() as usize {
            0 => format!("{sign}{whole}"),
            width => format!("{sign}{whole}.{rest:0width$}"),
        }
    }

    /// The amount as an API body writes it.
    pub fn to_wire(self) -> serde_json::Value {
        serde_json::json!({ "currency": self.currency.code(), "value": self.minor.to_string() })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.to_major())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Amount, Currency};

    #[test]
    fn prices_become_minor_units() {
        for (price, minor) in [
            ("USD 12.31", 1231),
            ("USD 1.15", 115),
            ("USD 19.99", 1999),
            ("JPY 1,000", 1000),
            ("KRW 18000", 18000),
            ("IDR 15,000", 1_500_000),
            ("USD 5", 500),
            ("USD 5.1", 510),
        ] {
            assert_eq!(Amount::from_price(price).unwrap().minor, minor, "{price}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for price in ["USD", "USD 1.234", "JPY 1.5", "usd 1", "USD -1", "USD 1.1.1", "USD "] {
            assert!(Amount::from_price(price).is_err(), "{price}");
        }
        for value in ["", "-1", "12.31", "1e3", " 1", "12345678901234567"] {
            assert!(Amount::from_wire("USD", value).is_err(), "{value}");
        }
    }

    #[test]
    fn report_files_write_major_units_with_a_sign() {
        for (code, text, minor) in [
            ("KRW", "18000", 18000),
            ("KRW", "-9000", -9000),
            ("USD", "14.50", 1450),
            ("USD", "-0.25", -25),
            ("USD", "0.00", 0),
        ] {
            let currency = Currency::parse(code).unwrap();
            let amount = Amount::new(currency, minor);
            assert_eq!(Amount::from_major(currency, text), Ok(amount), "{code} {text}");
            assert_eq!(amount.to_major(), text);
            assert_eq!(amount.to_string(), format!("{code} {text}"));
        }
        let usd = Currency::parse("USD").unwrap();
        assert_eq!(Amount::from_major(usd, "7.5").unwrap().minor, 750);
        assert_eq!(Amount::new(usd, i64::MIN).to_major(), "-92233720368547758.08");
        for wrong in
            ["", "-", ".5", "5.", "1.234", "+1", "--1", "1,000", " 1", "1e3", "0x1", "1.-5"]
        {
            assert!(Amount::from_major(usd, wrong).is_err(), "{wrong}");
        }
        assert!(Amount::from_major(usd, "92233720368547758.08").is_err());
        assert!(Amount::from_major(Currency::parse("KRW").unwrap(), "12.31").is_err());
    }

    proptest! {
        #[test]
        fn a_price_reads_back(minor in 0_i64..10_000_000_000, jpy: bool) {
            let currency = super::Currency::parse(if jpy { "JPY" } else { "USD" }).unwrap();
            let amount = Amount::new(currency, minor);
            prop_assert_eq!(Amount::from_price(&amount.to_string()), Ok(amount));
        }
    }
}
