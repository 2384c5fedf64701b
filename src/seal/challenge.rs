//! A reviewer's challenge: a nonce that nobody knew before it was issued, for a run that is over
//! before it expires.
//!
//! It is no secret, and nobody signs it: who gave it keeps it, and compares.

use evidence::words::{self as say, Phrase};
use protocol::parse_time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::{moment, refuse_duplicates};

/// What a challenge's file is called.
pub const CHALLENGE_FILE: &str = "challenge.json";
/// The largest one that is read.
pub const LARGEST_CHALLENGE: u64 = 16 << 10;
/// The version of [`Challenge`].
const SCHEMA: u64 = 1;
/// Digits of a nonce.
const NONCE: usize = 32;

/// A reviewer's challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Challenge {
    /// The version of this.
    pub schema: u64,
    /// What the run has to answer with: 32 hexadecimal digits.
    pub nonce: String,
    /// When it was issued, by the reviewer's clock, such as `2026-11-21T19:00:00Z`.
    pub issued: String,
    /// When it expires.
    pub expires: String,
    /// The version of the suite that it is for.
    pub suite_version: String,
    /// The client id or partner id of the only merchant that may answer it; empty for anybody.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub merchant: String,
}

impl Challenge {
    /// A challenge with a nonce that nobody has seen.
    pub fn new(issued: String, expires: String, suite_version: &str, merchant: &str) -> Self {
        Self {
            schema: SCHEMA,
            nonce: signing::hex(&signing::random_bytes::<{ NONCE / 2 }>()),
            issued,
            expires,
            suite_version: suite_version.to_owned(),
            merchant: merchant.to_owned(),
        }
    }

    /// The text of its file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads one, or says why it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, Phrase> {
        if bytes.len() as u64 > LARGEST_CHALLENGE {
            return Err(say::CHALLENGE_LARGE.with([LARGEST_CHALLENGE]));
        }
        refuse_duplicates(bytes).map_err(|why| why.says())?;
        let no_form = || say::CHALLENGE_NO_FORM.plain();
        let told: Value = serde_json::from_slice(bytes).map_err(|_no_json| no_form())?;
        // The version first: what a later one is like, nobody here knows.
        match told.get("schema").and_then(Value::as_u64) {
            Some(SCHEMA) => {}
            Some(other) => return Err(say::CHALLENGE_SCHEMA.with([other, SCHEMA])),
            None => return Err(no_form()),
        }
        let read: Self = serde_json::from_value(told).map_err(|_other| no_form())?;
        let whole = |text: &str| moment(text).as_deref() == Some(text);
        let dated = whole(&read.issued) && whole(&read.expires) && read.issued < read.expires;
        if dated && is_nonce(&read.nonce) { Ok(read) } else { Err(no_form()) }
    }

    /// Wants it to be for a suite and a merchant, which is known by one id in each generation.
    pub fn is_for(&self, suite_version: &str, merchant: [&str; 2]) -> Result<(), Phrase> {
        if self.suite_version != suite_version {
            return Err(say::CHALLENGE_SUITE.with([self.suite_version.as_str(), suite_version]));
        }
        if !self.merchant.is_empty() && !merchant.contains(&self.merchant.as_str()) {
            let ids: Vec<&str> = merchant.into_iter().filter(|id| !id.is_empty()).collect();
            return Err(say::CHALLENGE_MERCHANT.with([&self.merchant, &ids.join(" ")]));
        }
        Ok(())
    }

    /// Wants it not to have expired at a moment, in milliseconds since the epoch.
    pub fn is_open(&self, at: i64) -> Result<(), Phrase> {
        let over = parse_time(&self.expires).is_none_or(|expires| at > expires);
        if over { Err(say::CHALLENGE_OVER.with([&self.expires])) } else { Ok(()) }
    }
}

/// The moment so many days after another, both as [`moment`] answers them.
pub fn after_days(from: &str, days: u16) -> Option<String> {
    let from = OffsetDateTime::parse(from, &Rfc3339).ok()?;
    from.checked_add(Duration::days(days.into()))?.format(&Rfc3339).ok()
}

/// Whether a text is what a nonce looks like.
pub(super) fn is_nonce(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == NONCE && text.bytes().all(digit)
}

/// A moment in milliseconds since the epoch, as people read it, in UTC.
pub(super) fn utc(at: i64) -> String {
    let nanoseconds = i128::from(at) * 1_000_000;
    let moment = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok();
    moment.and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_else(|| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge() -> Challenge {
        let [issued, expires] = ["2026-11-21T19:00:00Z", "2026-11-28T19:00:00Z"].map(str::to_owned);
        Challenge::new(issued, expires, "7", "2088000000000001")
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        let own = challenge();
        assert_ne!(own.nonce, challenge().nonce);
        let text = own.text();
        assert_eq!(Challenge::read(text.as_bytes()), Ok(own.clone()));
        let anybodys = Challenge { merchant: String::new(), ..own.clone() };
        assert_eq!(Challenge::read(anybodys.text().as_bytes()), Ok(anybodys));
        let nonce = own.nonce.as_str();
        for (from, to, why) in [
            ("\"schema\": 1", "\"schema\": 2", "CHALLENGE_SCHEMA"),
            ("\"schema\": 1,", "", "CHALLENGE_NO_FORM"),
            ("\"schema\": 1", "\"schema\": 1, \"schema\": 1", "JSON_TWICE"),
            ("\"schema\": 1", "\"schema\": 1, \"approved\": true", "CHALLENGE_NO_FORM"),
            (nonce, "", "CHALLENGE_NO_FORM"),
            (nonce, &nonce[1..], "CHALLENGE_NO_FORM"),
            (nonce, &"G".repeat(32), "CHALLENGE_NO_FORM"),
            (nonce, &"AB".repeat(16), "CHALLENGE_NO_FORM"),
            ("2026-11-21T19:00:00Z", "2026-11-21", "CHALLENGE_NO_FORM"),
            ("2026-11-21T19:00:00Z", "2026-11-21T19:00:00+08:00", "CHALLENGE_NO_FORM"),
            // It expires before it is issued, or at once.
            ("2026-11-28T19:00:00Z", "2026-11-20T19:00:00Z", "CHALLENGE_NO_FORM"),
            ("2026-11-28T19:00:00Z", "2026-11-21T19:00:00Z", "CHALLENGE_NO_FORM"),
            ("}", "", "JSON_NOT"),
            ("}", "}}", "JSON_NOT"),
        ] {
            let told = Challenge::read(text.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert_eq!(told.says, why, "{from} -> {to}");
        }
        let large = " ".repeat(usize::try_from(LARGEST_CHALLENGE).unwrap()) + &text;
        assert_eq!(Challenge::read(large.as_bytes()).unwrap_err().says, "CHALLENGE_LARGE");
    }

    #[test]
    fn it_is_for_one_suite_one_merchant_and_some_time() {
        let own = challenge();
        let merchant = ["5Y0", "2088000000000001"];
        assert_eq!(after_days(&own.issued, 7), Some(own.expires.clone()));
        assert_eq!(own.is_for("7", merchant), Ok(()));
        assert_eq!(own.is_for("8", merchant).unwrap_err().says, "CHALLENGE_SUITE");
        assert_eq!(own.is_for("7", ["5Y0", ""]).unwrap_err().says, "CHALLENGE_MERCHANT");
        let anybodys = Challenge { merchant: String::new(), ..own.clone() };
        assert_eq!(anybodys.is_for("7", ["5Y0", ""]), Ok(()));
        let end = parse_time("2026-11-28T19:00:00Z").unwrap();
        assert_eq!(own.is_open(end), Ok(()));
        assert_eq!(own.is_open(end + 1).unwrap_err().says, "CHALLENGE_OVER");
        assert_eq!(utc(end + 250), "2026-11-28T19:00:00.25Z");
    }
}
