//! Bytes made visible, and the first place where two texts differ.

use std::fmt::Write as _;

/// Bytes that are shown before the difference, and from it on.
const CONTEXT: usize = 24;

/// The first difference between the text that a verifier builds and the text that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The byte, counted from 0.
    pub at: usize,
    /// What the message says, from a little before that byte on, made visible.
    pub sent: String,
    /// What was signed, from the same place on, made visible.
    pub signed: String,
    /// How many characters of both stand before the difference.
    pub before: usize,
}

impl Difference {
    /// The first difference; `None` between equal texts.
    pub(crate) fn between(sent: &[u8], signed: &[u8]) -> Option<Self> {
        let at = sent
            .iter()
            .zip(signed)
            .position(|(one, other)| one != other)
            .or_else(|| (sent.len() != signed.len()).then(|| sent.len().min(signed.len())))?;
        // Never begin in the middle of a character.
        let mut start = at.saturating_sub(CONTEXT);
        while start > 0 && sent.get(start).is_some_and(|byte| byte & 0xC0 == 0x80) {
            start -= 1;
        }
        let part = |text: &[u8], from: usize, to: usize| {
            visible(text.get(from..to.min(text.len())).unwrap_or_default())
        };
        let mut from = at;
        while from > start && sent.get(from).or(signed.get(from)).is_some_and(|b| b & 0xC0 == 0x80)
        {
            from -= 1;
        }
        let before = part(sent, start, from);
        let shown = |text: &[u8]| format!("{before}{}", part(text, from, from + CONTEXT));
        Some(Self { at, sent: shown(sent), signed: shown(signed), before: before.chars().count() })
    }
}

/// Bytes as a person can see them: blanks as `·`, line ends and other controls as escapes, what is
/// no UTF-8 as `\xNN`.
///
/// ```
/// assert_eq!(diagnose::visible(b"a b\r\n\xff\xe6\xb5\x8b"), "a·b\\r\\n\\xff测");
/// ```
pub fn visible(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                ' ' => out.push('·'),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\\' => out.push('\\'),
                control if control.is_control() || is_unseen(control) => {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\u{{{:x}}}", u32::from(control));
                }
                seen => out.push(seen),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// Characters that take no room, or turn the direction of what follows.
pub(crate) fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{3000}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_shown_with_what_stands_around_it() {
        assert_eq!(Difference::between(b"same", b"same"), None);
        let found = Difference::between("aé b".as_bytes(), "aè b".as_bytes()).unwrap();
        assert_eq!((found.at, found.sent.as_str(), found.signed.as_str()), (2, "aé·b", "aè·b"));
        let longer = Difference::between(b"{}", b"{}\n").unwrap();
        let expected = Difference { at: 2, sent: "{}".into(), signed: "{}\\n".into(), before: 2 };
        assert_eq!(longer, expected);
        let cut = Difference::between("é".as_bytes(), b"\xc3").unwrap();
        assert_eq!((cut.at, cut.sent.as_str(), cut.signed.as_str()), (1, "é", "\\xc3"));
    }

    #[test]
    fn what_cannot_be_seen_is_spelt_out() {
        assert_eq!(visible("\u{feff}a\u{200b}\0".as_bytes()), "\\u{feff}a\\u{200b}\\u{0}");
    }
}
