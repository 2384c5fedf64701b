//! Foreign text made fit to be shown.

use std::fmt::{self, Write as _};

use memchr::memchr3;

/// Makes a text fit for XML 1.0: characters that XML cannot hold become visible escapes, and the
/// end mark of a CDATA section is broken up. The one road of any text into the JUnit file.
pub fn xml_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        // XML could hold those above 7e, and a terminal that shows the file would obey them.
        if is_xml(character) && !('\u{7f}'..='\u{9f}').contains(&character) {
            out.push(character);
        } else {
            escape(&mut out, character);
        }
    }
    // The writer passes CDATA on as it is; a blank inside the mark keeps it text for any reader.
    out.replace("]]>", "]] >")
}

/// Makes a text fit for a page: controls, and marks that turn the direction of reading, become
/// visible escapes. The templates escape the rest.
pub fn shown_text(text: &str) -> String {
    // Nearly all of what passes is of these alone, which are looked at many at a time.
    if text.bytes().fold(true, |plain, byte| plain & matches!(byte, b'\t' | b'\n' | b' '..=b'~')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let turns = matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        );
        let plain = is_xml(character) && !turns && character != '\r';
        if plain && !('\u{7f}'..='\u{9f}').contains(&character) {
            out.push(character);
        } else if character != '\r' {
            escape(&mut out, character);
        }
    }
    out
}

/// A text between the tags of a page: what would begin or end one is escaped. Quotes are not, which
/// bodies are full of, so that this must not stand in an attribute.
pub(super) struct InText<'a>(pub &'a str);

impl fmt::Display for InText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = memchr3(b'&', b'<', b'>', rest.as_bytes()) {
            let (before, special) = rest.split_at(at);
            f.write_str(before)?;
            f.write_str(match special.as_bytes().first() {
                Some(b'&') => "&amp;",
                Some(b'<') => "&lt;",
                _ => "&gt;",
            })?;
            rest = special.get(1..).unwrap_or_default();
        }
        f.write_str(rest)
    }
}

impl askama::filters::HtmlSafe for InText<'_> {}

/// A text on one line.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escape(out: &mut String, character: char) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{}", character.escape_unicode());
}

/// `Char` of XML 1.0.
fn is_xml(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::{InText, shown_text, xml_text};

    #[test]
    fn nothing_between_tags_begins_one() {
        let text = "</noscript><b a=\"1\">&amp;'中' & >";
        let shown = "&lt;/noscript&gt;&lt;b a=\"1\"&gt;&amp;amp;'中' &amp; &gt;";
        assert_eq!(InText(text).to_string(), shown);
        assert_eq!(InText("").to_string(), "");
    }

    #[test]
    fn what_xml_cannot_hold_becomes_visible() {
        let text = "a\u{1b}[31mb\0c\u{fffe}d\u{b}e\u{9b}f";
        assert_eq!(xml_text(text), "a\\u{1b}[31mb\\u{0}c\\u{fffe}d\\u{b}e\\u{9b}f");
        assert_eq!(xml_text("x]]>y]]]>z"), "x]] >y]]] >z");
        assert_eq!(xml_text("plain\ttext\n中文 ☕ <&>\"'"), "plain\ttext\n中文 ☕ <&>\"'");
    }

    #[test]
    fn no_character_hides_among_plain_ones() {
        for character in '\0'..='\u{9f}' {
            let text = format!("a{character}z");
            let shown = match character {
                '\r' => "az".to_owned(),
                '\t' | '\n' | ' '..='~' => text.clone(),
                _ => format!("a{}z", character.escape_unicode()),
            };
            assert_eq!(shown_text(&text), shown);
        }
    }

    #[test]
    fn what_misleads_a_reader_becomes_visible() {
        let text = "safe\u{202e}exe.txt\u{2066}\u{9b}31m\u{7f}\r\nnext";
        assert_eq!(shown_text(text), "safe\\u{202e}exe.txt\\u{2066}\\u{9b}31m\\u{7f}\nnext");
        assert_eq!(shown_text("<b>é ☕</b>"), "<b>é ☕</b>");
    }
}
