//! Reading the parameters of a call. What is missing or ill-formed is refused by the gateway itself.

use std::collections::BTreeMap;

use clock::Millis;
use protocol::legacy::{Form, Service};
use protocol::{Amount, Currency, parse_iso8601};
use serde_json::Value;

use super::switches::{LegacySwitches, Timestamps};
use crate::notification::Address;

/// How old a timestamp may be.
const LIFE: Millis = 30 * 60_000;

/// What cannot be used is refused with a code of the gateway.
pub(crate) type Asked<T> = Result<T, &'static str>;

/// The refusal of a parameter.
pub(crate) const INVALID: &str = "INVALID_PARAMETER";

/// A parameter with a value. Empty ones count as absent.
pub(crate) fn optional<'a>(form: &'a Form, name: &str, longest: usize) -> Asked<Option<&'a str>> {
    match form.get(name).filter(|value| !value.is_empty()) {
        Some(value) if value.chars().count() > longest => Err(INVALID),
        value => Ok(value),
    }
}

pub(crate) fn required<'a>(form: &'a Form, name: &str, longest: usize) -> Asked<&'a str> {
    optional(form, name, longest)?.ok_or(INVALID)
}

/// A number of the merchant's, which identifies something.
pub(crate) fn number(form: &Form, name: &str) -> Asked<String> {
    let text = required(form, name, 64)?;
    // Outer blanks would be cut where the number is repeated.
    if text.trim() == text { Ok(text.to_owned()) } else { Err(INVALID) }
}

/// "upper case".
pub(crate) fn currency(form: &Form, name: &str) -> Asked<Currency> {
    let currency = Currency::parse(required(form, name, 10)?).map_err(|_no_currency| INVALID)?;
    if currency.is_current() { Ok(currency) } else { Err(INVALID) }
}

/// An amount from 0.01 on, "JPY, KRW integers".
pub(crate) fn amount(
    form: &Form,
    name: &str,
    currency: Currency,
    most: i64,
) -> Asked<(Amount, String)> {
    let text = required(form, name, 16)?;
    let amount = Amount::from_major(currency, text).map_err(|_no_amount| INVALID)?;
    let most = most * 10_i64.pow(currency.exponent());
    if (1..=most).contains(&amount.minor) { Ok((amount, text.to_owned())) } else { Err(INVALID) }
}

/// An address for notices or for the way back.
pub(crate) fn address(form: &Form, name: &str, longest: usize) -> Asked<Option<String>> {
    let url = optional(form, name, longest)?;
    match url {
        Some(url) if Address::parse(url).is_none() => Err(INVALID),
        url => Ok(url.map(str::to_owned)),
    }
}

/// A flat JSON object; one that is absent is empty.
pub(crate) fn object(form: &Form, name: &str) -> Asked<BTreeMap<String, String>> {
    match form.get(name).filter(|text| !text.is_empty()) {
        Some(text) => members(text).ok_or(INVALID),
        None => Ok(BTreeMap::new()),
    }
}

/// The members of a flat JSON object, as texts.
pub(crate) fn members(text: &str) -> Option<BTreeMap<String, String>> {
    let Ok(Value::Object(members)) = serde_json::from_str(text) else { return None };
    let text = |value: Value| match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    Some(members.into_iter().map(|(name, value)| (name, text(value))).collect())
}

/// The secondary merchant and the store that a sale names (switch L24).
pub(crate) fn seller(
    extend: &BTreeMap<String, String>,
    switches: &LegacySwitches,
) -> Asked<(Option<String>, Option<String>)> {
    let told = |name: &str| extend.get(name).filter(|text| !text.is_empty()).cloned();
    let (merchant, store) = (told("secondary_merchant_id"), told("store_id"));
    if switches.store_required && (merchant.is_none() || store.is_none()) {
        return Err(INVALID);
    }
    Ok((merchant, store))
}

/// "Y" or "N".
pub(crate) fn flag(form: &Form, name: &str) -> Asked<Option<bool>> {
    match optional(form, name, 1)? {
        None => Ok(None),
        Some("Y") => Ok(Some(true)),
        Some("N") => Ok(Some(false)),
        Some(_) => Err(INVALID),
    }
}

/// Characters that XML does not have.
pub(crate) fn is_unwritable(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}'
        | '\u{fffe}' | '\u{ffff}')
}

/// 14 digits, or a date and a time of day, both in GMT+8.
pub(crate) fn moment(text: &str) -> Option<Millis> {
    let part = |from: usize, to: usize| text.get(from..to);
    let iso = if text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
        let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
        format!("{year}-{month}-{day}T{hour}:{minute}:{second}+08:00")
    } else {
        let (day, time) = text.split_once(' ')?;
        format!("{day}T{time}+08:00")
    };
    parse_iso8601(&iso)
}

/// A timestamp: date text, or milliseconds since the epoch.
fn stamp(text: &str) -> Option<(Millis, bool)> {
    if text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((text.parse().ok()?, true));
    }
    text.contains(' ').then(|| moment(text)).flatten().map(|moment| (moment, false))
}

/// Whether the timestamp of a call can be used (switch L2). Where the service demands none, one
/// that is there has to be right all the same.
pub(crate) fn timestamp(
    form: &Form,
    service: Service,
    taken: Timestamps,
    now: Millis,
) -> Asked<()> {
    let demanded = match service {
        Service::Cancel
        | Service::Precreate
        | Service::OnlineMaintain
        | Service::OfflineMaintain
        | Service::QueryStatus => true,
        Service::SpotPay
        | Service::OverseasQuery
        | Service::SpotRefund
        | Service::RefundQuery
        | Service::CreateForexTrade
        | Service::CreateForexTradeWap
        | Service::SingleTradeQuery
        | Service::ForexRefund
        | Service::CompareFile
        | Service::LiquidationFile
        | Service::NotifyVerify => false,
    };
    let Some(text) = optional(form, "timestamp", 32)? else {
        return if demanded { Err(INVALID) } else { Ok(()) };
    };
    let (moment, in_millis) = stamp(text).ok_or(INVALID)?;
    let old = now - moment > LIFE;
    let fits = match taken {
        Timestamps::Either => !old,
        Timestamps::PerService => !old && in_millis == (service == Service::Cancel),
        Timestamps::AnyAge => true,
    };
    if fits { Ok(()) } else { Err(INVALID) }
}

#[cfg(test)]
mod tests {
    use protocol::iso8601;

    use super::moment;

    #[test]
    fn moments_come_in_two_forms() {
        for text in ["20260105100000", "2026-01-05 10:00:00"] {
            assert_eq!(moment(text).map(iso8601).as_deref(), Some("2026-01-05T10:00:00+08:00"));
        }
        for text in
            ["", "2026", "20261305100000", "2026-01-05", "2026-01-05 10:00", "é0260105100000"]
        {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
