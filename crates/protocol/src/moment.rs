//! Moments as the gateway writes and reads them.

use time::macros::format_description;
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

/// Milliseconds of one day.
pub const DAY: i64 = 86_400_000;
/// How far GMT+8, the gateway's own zone, is ahead of UTC, in milliseconds.
pub const GMT8: i64 = 8 * 3_600_000;

/// A moment, in milliseconds since the epoch, as ISO 8601 with seconds in GMT+8, such as
/// `2026-01-05T10:00:00+08:00`.
pub fn iso8601(moment: i64) -> String {
    let shifted = OffsetDateTime::from_unix_timestamp((moment + GMT8).div_euclid(1000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    shifted
        .format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+08:00"))
        .unwrap_or_default()
}

/// Reads exactly the form that [`iso8601`] writes, in any zone, of a year that has this form in
/// every zone. Milliseconds since the epoch.
pub fn parse_iso8601(text: &str) -> Option<i64> {
    let bytes: &[u8; 25] = text.as_bytes().try_into().ok()?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (22, b':')];
    if marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
        return None;
    }
    let two = |at: usize| {
        let (tens, ones) = (bytes[at].wrapping_sub(b'0'), bytes[at + 1].wrapping_sub(b'0'));
        (tens <= 9 && ones <= 9).then(|| tens * 10 + ones)
    };
    let year = i32::from(two(0)?) * 100 + i32::from(two(2)?);
    if !(1..=9998).contains(&year) {
        return None;
    }
    let date = Date::from_calendar_date(year, Month::try_from(two(5)?).ok()?, two(8)?).ok()?;
    let clock = Time::from_hms(two(11)?, two(14)?, two(17)?).ok()?;
    let ahead = match (bytes[19], two(20)?, two(23)?) {
        (b'+', hours @ 0..24, minutes @ 0..60) => i64::from(hours) * 60 + i64::from(minutes),
        (b'-', hours @ 0..24, minutes @ 0..60) => -i64::from(hours) * 60 - i64::from(minutes),
        _ => return None,
    };
    let local = date.with_time(clock).assume_utc().unix_timestamp();
    Some((local - ahead * 60) * 1000)
}

/// Reads a moment in every shape that official clients send: 13 digits of milliseconds, or ISO
/// 8601 with `Z`, `+hh:mm` or `+hhmm` and up to nine digits of a second. Milliseconds since the
/// epoch.
pub fn parse_time(text: &str) -> Option<i64> {
    if text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (date, rest) = text.split_once('T')?;
    let date = Date::parse(date, format_description!("[year]-[month]-[day]")).ok()?;
    let (clock, offset) = if let Some(clock) = rest.strip_suffix('Z') {
        (clock, UtcOffset::UTC)
    } else {
        let sign = rest.rfind(['+', '-'])?;
        (&rest[..sign], parse_offset(&rest[sign..])?)
    };
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let whole = Time::parse(whole, format_description!("[hour]:[minute]:[second]")).ok()?;
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || fraction.len() > 9 {
        return None;
    }
    let millis: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    Some(date.with_time(whole).assume_offset(offset).unix_timestamp() * 1000 + millis)
}

/// The same moment of the next calendar year in GMT+8, in milliseconds since the epoch. The year
/// after a leap day ends with the first of March.
pub fn year_after(moment: i64) -> i64 {
    let offset = UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC);
    let shown = OffsetDateTime::from_unix_timestamp(moment.div_euclid(1000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .to_offset(offset);
    let next = shown
        .replace_year(shown.year() + 1)
        .unwrap_or_else(|_leap_day| shown + time::Duration::days(366));
    next.unix_timestamp() * 1000 + moment.rem_euclid(1000)
}

fn parse_offset(text: &str) -> Option<UtcOffset> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.get(1..)?.chars().filter(|c| *c != ':').collect();
    let colon_fits = !text.contains(':') || text.find(':') == Some(3);
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) || !colon_fits {
        return None;
    }
    let (hours, minutes): (i8, i8) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::{iso8601, parse_iso8601, parse_time, year_after};

    #[test]
    fn every_shape_of_real_clients_is_one_moment() {
        let moment = 1_712_488_077_000;
        for text in [
            "1712488077000",
            "2024-04-07T11:07:57Z",
            "2024-04-07T11:07:57+00:00",
            "2024-04-07T11:07:57+0000",
            "2024-04-07T04:07:57-07:00",
            "2024-04-07T19:07:57.0000000+08:00",
        ] {
            assert_eq!(parse_time(text), Some(moment), "{text}");
        }
        assert_eq!(parse_time("2024-04-07T11:07:57.25Z"), Some(moment + 250));
        assert_eq!(iso8601(moment), "2024-04-07T19:07:57+08:00");
    }

    #[test]
    fn the_written_form_reads_in_every_zone_and_no_other_form_does() {
        for text in [
            "2024-04-07T19:07:57+08:00",
            "2024-02-29T00:00:00-05:30",
            "1969-12-31T23:59:59+00:00",
            "2024-12-31T23:59:59+23:59",
        ] {
            assert_eq!(parse_iso8601(text), parse_time(text), "{text}");
            assert!(parse_iso8601(text).is_some(), "{text}");
        }
        for text in [
            "",
            "2024-04-07T11:07:57Z",
            "2024-04-07T19:07:57+0800",
            "2024-04-07 19:07:57+08:00",
            "2024-04-07T19:07:57~08:00",
            "2024-04-07T19:07:57+24:00",
            "2024-04-07T19:07:57+08:60",
            "2024-04-07T24:07:57+08:00",
            "2023-02-29T00:00:00+08:00",
            "2024-04-07T19:07:57+08:0é",
            "2024-04-/7T19:07:57+08:00",
            "0000-01-01T00:00:00+08:00",
            "9999-12-31T23:59:59-08:00",
        ] {
            assert_eq!(parse_iso8601(text), None, "{text}");
        }
    }

    #[test]
    fn a_year_is_a_calendar_year_in_the_gateways_own_zone() {
        for (from, to) in [
            ("2026-01-05T10:00:00+08:00", "2027-01-05T10:00:00+08:00"),
            ("2027-03-01T00:30:00+08:00", "2028-03-01T00:30:00+08:00"),
            ("2028-02-29T12:00:00+08:00", "2029-03-01T12:00:00+08:00"),
        ] {
            assert_eq!(iso8601(year_after(parse_time(from).unwrap())), to, "{from}");
        }
        assert_eq!(year_after(1_767_578_400_123) % 1000, 123);
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "1712488077",
            "2024-04-07T11:07:57",
            "2024-04-07 11:07:57Z",
            "2024-13-07T11:07:57Z",
            "2024-04-07T24:07:57Z",
            "2024-04-07T11:07:57+8",
            "2024-04-07T11:07:57.Z",
            "2024-04-07T11:07:57+1é",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
