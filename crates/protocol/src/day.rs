//! Days as the gateway cuts them: at midnight GMT+8.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime};

use crate::moment::{DAY, GMT8};

/// A calendar day in GMT+8, written as `YYYYMMDD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

/// Why a text is no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no day: eight digits such as 20260105 are expected")]
pub struct DayError(String);

impl Day {
    /// Reads eight digits that are a date.
    pub fn parse(text: &str) -> Result<Self, DayError> {
        let refused = || DayError(text.to_owned());
        let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number: i32 = text.parse().ok().filter(|_| digits).ok_or_else(refused)?;
        let month = u8::try_from(number / 100 % 100).ok().and_then(|n| Month::try_from(n).ok());
        let day = u8::try_from(number % 100).ok();
        let date = month
            .zip(day)
            .and_then(|(month, day)| Date::from_calendar_date(number / 10_000, month, day).ok());
        date.map(Self).ok_or_else(refused)
    }

    /// The day in which a moment lies, in milliseconds since the epoch.
    pub fn of(moment: i64) -> Self {
        let seconds = moment.saturating_add(GMT8).div_euclid(1000);
        let shifted = OffsetDateTime::from_unix_timestamp(seconds);
        Self(shifted.unwrap_or(OffsetDateTime::UNIX_EPOCH).date())
    }

    /// Its first millisecond, since the epoch.
    pub fn start(self) -> i64 {
        self.0.midnight().assume_utc().unix_timestamp() * 1000 - GMT8
    }

    /// Whether a moment lies in it.
    pub fn contains(self, moment: i64) -> bool {
        (self.start()..self.start() + DAY).contains(&moment)
    }

    /// The day after it; the last day of the calendar has none and stays.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.next_day().unwrap_or(self.0))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;

    fn try_from(text: String) -> Result<Self, DayError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::Day;
    use crate::parse_time;

    #[test]
    fn a_day_begins_and_ends_at_midnight_in_gmt_8() {
        let day = Day::parse("20260105").unwrap();
        for (moment, inside) in [
            ("2026-01-04T15:59:59Z", false),
            ("2026-01-04T16:00:00Z", true),
            ("2026-01-05T23:59:59+08:00", true),
            ("2026-01-06T00:00:00+08:00", false),
        ] {
            let moment = parse_time(moment).unwrap();
            assert_eq!(day.contains(moment), inside);
            assert_eq!(Day::of(moment) == day, inside);
        }
        assert_eq!(Day::of(day.start()), day);
        assert_eq!(day.next().to_string(), "20260106");
        assert_eq!(Day::parse("20281231").unwrap().next().to_string(), "20290101");
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "2026015", "202601055", "20260230", "20261301", "2026-1-5", "+2026015"] {
            assert!(Day::parse(text).is_err(), "{text}");
        }
    }
}
