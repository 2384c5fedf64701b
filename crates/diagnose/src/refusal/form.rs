//! What the value of a field has to be.

use evidence::words::{
    FIELD_AMOUNT, FIELD_BUYER_CODE, FIELD_COUNTRY, FIELD_CURRENCY, FIELD_DIGITS, FIELD_JSON,
    FIELD_LIFETIME, FIELD_LIST, FIELD_LONG, FIELD_MAJOR, FIELD_MOMENT, FIELD_ONE_OF_WORDS,
    FIELD_TIME, FIELD_URL, Phrase,
};
use protocol::ams::is_payment_code;
use protocol::parse_time;

/// Characters of a value that are shown at most.
const SHOWN: usize = 60;

/// What a field has to be.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// At most so many characters.
    Text(usize),
    /// Three capitals.
    Currency,
    /// Two capitals.
    Country,
    /// A positive whole number of smallest units.
    Minor,
    /// A positive number with at most two decimals.
    Major,
    /// So many digits.
    Digits(usize),
    /// One of these.
    Words(&'static [&'static str]),
    /// An address.
    Url,
    /// ISO 8601 with its zone.
    Time,
    /// A moment as the older generation writes it: with blanks and colons, without, or in
    /// milliseconds.
    Moment,
    /// How long an order waits: whole minutes, hours or days, or the rest of the day.
    Lifetime,
    /// A text of JSON.
    Json,
    /// A text of JSON that is a list of one entry to so many.
    List(usize),
    /// What a buyer shows at the till.
    BuyerCode,
}

impl Form {
    /// What is wrong with a value.
    pub(super) fn breaks(self, path: &str, text: &str) -> Option<Phrase> {
        let shown: String = text.chars().take(SHOWN).collect();
        let places = [path, &shown];
        if self.fits(text) {
            return None;
        }
        Some(match self {
            Self::Text(longest) => {
                let length = text.chars().count();
                FIELD_LONG.with([path, &length.to_string(), &longest.to_string()])
            }
            Self::Currency => FIELD_CURRENCY.with(places),
            Self::Country => FIELD_COUNTRY.with(places),
            Self::Minor => FIELD_AMOUNT.with(places),
            Self::Major => FIELD_MAJOR.with(places),
            Self::Digits(count) => FIELD_DIGITS.with([path, &shown, &count.to_string()]),
            Self::Words(words) => FIELD_ONE_OF_WORDS.with([path, &shown, &words.join(", ")]),
            Self::Url => FIELD_URL.with(places),
            Self::Time => FIELD_TIME.with(places),
            Self::Moment => FIELD_MOMENT.with(places),
            Self::Lifetime => FIELD_LIFETIME.with(places),
            Self::Json => FIELD_JSON.with(places),
            Self::List(most) => FIELD_LIST.with([path, &shown, &most.to_string()]),
            Self::BuyerCode => FIELD_BUYER_CODE.with([path]),
        })
    }

    fn fits(self, text: &str) -> bool {
        let capitals =
            |count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_uppercase());
        match self {
            Self::Text(longest) => text.chars().count() <= longest,
            Self::Currency => capitals(3),
            Self::Country => capitals(2),
            Self::Minor => {
                digits(text) && text.len() <= 16 && text.bytes().any(|byte| byte != b'0')
            }
            Self::Major => {
                let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
                let some = text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
                digits(whole) && digits(part) && part.len() <= 2 && some
            }
            Self::Digits(count) => digits(text) && text.len() == count,
            Self::Words(words) => words.contains(&text),
            Self::Url => {
                let schemes = ["http://", "https://"];
                schemes.iter().any(|scheme| text.starts_with(scheme))
                    && text.chars().count() <= 2048
            }
            Self::Time => text.contains('T') && parse_time(text).is_some(),
            Self::Moment => is_moment(text),
            Self::Lifetime => is_lifetime(text),
            Self::Json => serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(),
            Self::List(most) => {
                let list = serde_json::from_str::<Vec<serde::de::IgnoredAny>>(text);
                list.is_ok_and(|list| (1..=most).contains(&list.len()))
            }
            Self::BuyerCode => is_payment_code(text),
        }
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `yyyy-MM-dd HH:mm:ss`, the same without what stands between, or milliseconds since the epoch.
fn is_moment(text: &str) -> bool {
    let bare: String = text.chars().filter(char::is_ascii_digit).collect();
    let between: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    match bare.len() {
        13 => between.is_empty(),
        14 => (between == "-- ::" && text.len() == 19) || between.is_empty(),
        _ => false,
    }
}

/// Whole minutes, hours or days from one minute to fifteen days, or `1c` for the rest of the day.
fn is_lifetime(text: &str) -> bool {
    let Some((at, unit)) = text.char_indices().last() else { return false };
    let count: Option<u32> =
        text.get(..at).filter(|count| digits(count)).and_then(|count| count.parse().ok());
    let most = match unit {
        'm' => 15 * 24 * 60,
        'h' => 15 * 24,
        'd' => 15,
        'c' => 1,
        _ => return false,
    };
    count.is_some_and(|count| (1..=most).contains(&count))
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn every_form_takes_what_the_documents_show_and_nothing_else() {
        let cases: [(Form, &[&str], &[&str]); 12] = [
            (Form::Currency, &["USD"], &["usd", "US", "US1", ""]),
            (Form::Country, &["JP"], &["JPN", "jp"]),
            (Form::Minor, &["100"], &["1.00", "0", "-1", "12345678901234567"]),
            (Form::Major, &["100", "0.01", "1.5"], &["1.005", "0.00", "-1", "1,00", "."]),
            (Form::Digits(4), &["5812"], &["581", "x812"]),
            (Form::Words(&["Y", "N"]), &["Y"], &["y", "YES"]),
            (Form::Url, &["https://a"], &["a", "ftp://a"]),
            (Form::Time, &["2026-01-05T10:00:00+08:00"], &["2026-01-05 10:00:00"]),
            (
                Form::Moment,
                &["2026-01-05 10:00:00", "20260105100000", "1456507704121"],
                &["2026/01/05 10:00:00", "1456507704", "today"],
            ),
            (Form::Lifetime, &["90m", "1h", "15d", "1c"], &["1.5h", "16d", "2c", "m", "0m", "90"]),
            (Form::List(2), &["[1]", "[1,2]"], &["[]", "[1,2,3]", "{}", "x"]),
            (Form::BuyerCode, &["281234567890123456"], &["1234"]),
        ];
        for (form, good, bad) in cases {
            for text in good {
                assert_eq!(form.breaks("f", text), None, "{text}");
            }
            for text in bad {
                assert!(form.breaks("f", text).is_some(), "{text}");
            }
        }
        let long = Form::Text(2).breaks("f", "abc").unwrap().to_string();
        assert_eq!(long, "f has 3 characters, at most 2 are allowed");
    }
}
