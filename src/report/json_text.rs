//! JSON indented for reading, without changing a single token of it.
//!
//! Parsing and writing anew would merge repeated names, reorder them and spell numbers otherwise,
//! and the reader of a report wants to see what was signed.

use serde::de::IgnoredAny;

/// Indents a JSON object or array. `None` when the text is no JSON and must be shown as it is.
pub(super) fn indent(text: &str) -> Option<String> {
    let begins = text.trim_start().starts_with(['{', '[']);
    if !begins || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                out.push('"');
                copy_string(&mut characters, &mut out);
            }
            '{' | '[' => {
                out.push(character);
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(',');
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            blank if blank.is_ascii_whitespace() => {}
            other => out.push(other),
        }
    }
    Some(out)
}

/// Copies up to and with the closing quotation mark.
fn copy_string(characters: &mut impl Iterator<Item = char>, out: &mut String) {
    while let Some(character) = characters.next() {
        out.push(character);
        match character {
            '"' => return,
            '\\' => out.extend(characters.next()),
            _ => {}
        }
    }
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::indent;

    #[test]
    fn only_blanks_between_tokens_change() {
        let text = r#"{"a":{"b" :1.50,"b":[1 , {}, [ ]]},"c":"x,{\"y\": \\","d":"中\u0041"}"#;
        let shown = indent(text).unwrap();
        assert_eq!(
            shown,
            "{\n  \"a\": {\n    \"b\": 1.50,\n    \"b\": [\n      1,\n      {},\n      []\n    ]\n  \
             },\n  \"c\": \"x,{\\\"y\\\": \\\\\",\n  \"d\": \"中\\u0041\"\n}"
        );
    }

    #[test]
    fn what_is_no_json_stays() {
        for text in ["", "hello", "{", "{\"a\":1} x", "<html>", "{'a':1}"] {
            assert_eq!(indent(text), None, "{text}");
        }
    }
}
