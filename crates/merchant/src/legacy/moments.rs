//! Moments as the legacy generation writes them, always in Beijing.

use protocol::{iso8601, parse_iso8601};

/// `yyyy-MM-dd HH:mm:ss`.
pub(crate) fn date_text(moment: i64) -> String {
    iso8601(moment).get(..19).unwrap_or_default().replace('T', " ")
}

/// `yyyyMMddHHmmss`.
pub(crate) fn digits(moment: i64) -> String {
    date_text(moment).chars().filter(char::is_ascii_digit).collect()
}

/// Reads either form.
pub(crate) fn read(text: &str) -> Option<i64> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let known = digits.len() == 14 && (text == digits || text.len() == 19);
    let part = |from: usize, to: usize| digits.get(from..to).filter(|_| known);
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    parse_iso8601(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}+08:00"))
}

#[cfg(test)]
mod tests {
    use super::{date_text, digits, read};

    #[test]
    fn both_forms_are_written_and_read_in_beijing() {
        let moment = 1_712_488_077_000;
        assert_eq!(date_text(moment), "2024-04-07 19:07:57");
        assert_eq!(digits(moment), "20240407190757");
        assert_eq!(read("2024-04-07 19:07:57"), Some(moment));
        assert_eq!(read("20240407190757"), Some(moment));
        for text in ["", "2024-04-07", "1712488077000", "20241307190757", "2024-04-0719:07:57"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
