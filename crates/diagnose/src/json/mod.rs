//! JSON as a tree that keeps the order of its members and the spelling of its scalars, so that it
//! can be written as other programs would write it.

mod read;

use std::fmt::Write as _;

use read::Reader;

/// A text of JSON: as it was spelt, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    raw: String,
    said: String,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    /// A number, `true`, `false` or `null`, as it was spelt.
    Scalar(String),
    /// A text.
    Text(Text),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Vec<(Text, Json)>),
}

/// The blanks between the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gaps {
    /// None.
    None,
    /// One behind each comma and colon, as Python writes.
    Spaced,
    /// A line for each member, indented by so many.
    Pretty(usize),
}

/// How texts are escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// As they were.
    AsSent,
    /// Only what has to be.
    Plain,
    /// All but ASCII too, as Python does.
    Ascii,
    /// Slashes too.
    Slashes,
    /// All but ASCII, and slashes, as PHP does.
    AsciiSlashes,
    /// `<`, `>` and `&` too, as Go does.
    Html,
    /// `=` and `'` besides, as Gson does.
    Gson,
    /// Everything that could mean something in a page, and all but ASCII, as .NET does.
    DotNet,
}

/// How a tree is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// Blanks.
    pub(crate) gaps: Gaps,
    /// Whether members are sorted by name.
    pub(crate) sorted: bool,
    /// Escapes.
    pub(crate) escapes: Escapes,
}

impl Style {
    /// Without blanks, in the order and with the escapes that were sent.
    pub(crate) const COMPACT: Self =
        Self { gaps: Gaps::None, sorted: false, escapes: Escapes::AsSent };
}

impl Json {
    /// Reads a text; `None` when it is no JSON, or nested beyond what anybody sends.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        Reader::new(text).whole()
    }

    /// The tree as text.
    pub(crate) fn write(&self, style: Style) -> Vec<u8> {
        let mut out = String::new();
        self.put(&mut out, style, 0);
        out.into_bytes()
    }

    fn put(&self, out: &mut String, style: Style, depth: usize) {
        match self {
            Self::Scalar(raw) => out.push_str(raw),
            Self::Text(text) => text.put(out, style.escapes),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    separate(out, style, depth + 1, at > 0);
                    item.put(out, style, depth + 1);
                }
                close(out, style, depth, items.is_empty(), ']');
            }
            Self::Object(members) => {
                let mut members: Vec<&(Text, Self)> = members.iter().collect();
                if style.sorted {
                    members.sort_by(|one, other| one.0.said.cmp(&other.0.said));
                }
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    separate(out, style, depth + 1, at > 0);
                    name.put(out, style.escapes);
                    out.push_str(if style.gaps == Gaps::None { ":" } else { ": " });
                    value.put(out, style, depth + 1);
                }
                close(out, style, depth, members.is_empty(), '}');
            }
        }
    }

    /// The paths of all members of objects.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.collect("", &mut paths);
        paths
    }

    fn collect(&self, above: &str, paths: &mut Vec<String>) {
        match self {
            Self::Object(members) => {
                for (name, value) in members {
                    let path = if above.is_empty() {
                        name.said.clone()
                    } else {
                        format!("{above}.{}", name.said)
                    };
                    paths.push(path.clone());
                    value.collect(&path, paths);
                }
            }
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    item.collect(&format!("{above}.{at}"), paths);
                }
            }
            Self::Scalar(_) | Self::Text(_) => {}
        }
    }

    /// The tree without the member at a path.
    pub(crate) fn without(&self, path: &str) -> Self {
        self.keeping(&mut String::new(), &|own, _| own != path)
    }

    /// The tree without the members that are refused, by path and value.
    pub(crate) fn only(&self, wanted: &dyn Fn(&str, &Self) -> bool) -> Self {
        self.keeping(&mut String::new(), wanted)
    }

    fn keeping(&self, above: &mut String, wanted: &dyn Fn(&str, &Self) -> bool) -> Self {
        let length = above.len();
        let mut below = |name: &str, value: &Self| {
            if length > 0 {
                above.push('.');
            }
            above.push_str(name);
            let kept = wanted(above, value).then(|| value.keeping(above, wanted));
            above.truncate(length);
            kept
        };
        match self {
            Self::Scalar(_) | Self::Text(_) => self.clone(),
            Self::List(items) => {
                let kept =
                    items.iter().enumerate().filter_map(|(at, item)| below(&at.to_string(), item));
                Self::List(kept.collect())
            }
            Self::Object(members) => {
                let kept = members.iter().filter_map(|(name, value)| {
                    below(&name.said, value).map(|value| (name.clone(), value))
                });
                Self::Object(kept.collect())
            }
        }
    }

    /// The tree with its scalars changed.
    pub(crate) fn mapped(&self, change: &dyn Fn(&Self) -> Option<Self>) -> Self {
        match self {
            Self::Scalar(_) | Self::Text(_) => change(self).unwrap_or_else(|| self.clone()),
            Self::List(items) => Self::List(items.iter().map(|item| item.mapped(change)).collect()),
            Self::Object(members) => Self::Object(
                members.iter().map(|(name, value)| (name.clone(), value.mapped(change))).collect(),
            ),
        }
    }

    /// A number as a text.
    pub(crate) fn number_as_text(&self) -> Option<Self> {
        let Self::Scalar(raw) = self else { return None };
        (raw != "null").then(|| Self::Text(Text { raw: format!("\"{raw}\""), said: raw.clone() }))
    }

    /// A text that is a number or a truth value as that.
    pub(crate) fn text_as_number(&self) -> Option<Self> {
        let Self::Text(text) = self else { return None };
        let number = !text.said.is_empty()
            && text.said.len() < 16
            && (text.said == "0" || !text.said.starts_with('0'))
            && text.said.bytes().all(|byte| byte.is_ascii_digit());
        (number || matches!(text.said.as_str(), "true" | "false"))
            .then(|| Self::Scalar(text.said.clone()))
    }

    /// Whether it is `null`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Scalar(raw) if raw == "null")
    }

    /// Whether it is an empty text, list or object, or `null`.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Scalar(raw) => raw == "null",
            Self::Text(text) => text.said.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Object(members) => members.is_empty(),
        }
    }
}

/// What stands before a member.
fn separate(out: &mut String, style: Style, depth: usize, further: bool) {
    match (style.gaps, further) {
        (Gaps::None, true) => out.push(','),
        (Gaps::Spaced, true) => out.push_str(", "),
        (Gaps::None | Gaps::Spaced, false) => {}
        (Gaps::Pretty(by), further) => {
            out.push_str(if further { ",\n" } else { "\n" });
            out.push_str(&" ".repeat(by * depth));
        }
    }
}

fn close(out: &mut String, style: Style, depth: usize, empty: bool, with: char) {
    if let (Gaps::Pretty(by), false) = (style.gaps, empty) {
        out.push('\n');
        out.push_str(&" ".repeat(by * depth));
    }
    out.push(with);
}

impl Text {
    fn put(&self, out: &mut String, escapes: Escapes) {
        if escapes == Escapes::AsSent {
            out.push_str(&self.raw);
            return;
        }
        let ascii = matches!(escapes, Escapes::Ascii | Escapes::AsciiSlashes);
        let slashes = matches!(escapes, Escapes::Slashes | Escapes::AsciiSlashes);
        let of_pages = match escapes {
            Escapes::Html => "<>&",
            Escapes::Gson => "<>&='",
            Escapes::DotNet => "<>&'\"+`",
            Escapes::AsSent
            | Escapes::Plain
            | Escapes::Ascii
            | Escapes::Slashes
            | Escapes::AsciiSlashes => "",
        };
        out.push('"');
        // Writing to a String cannot fail.
        for character in self.said.chars() {
            let _ = match character {
                capital
                    if escapes == Escapes::DotNet
                        && (!capital.is_ascii() || of_pages.contains(capital)) =>
                {
                    units(capital, |unit| write!(out, "\\u{unit:04X}"))
                }
                small if of_pages.contains(small) => write!(out, "\\u{:04x}", u32::from(small)),
                '"' => out.write_str("\\\""),
                '\\' => out.write_str("\\\\"),
                '\n' => out.write_str("\\n"),
                '\r' => out.write_str("\\r"),
                '\t' => out.write_str("\\t"),
                '\u{8}' => out.write_str("\\b"),
                '\u{c}' => out.write_str("\\f"),
                '/' if slashes => out.write_str("\\/"),
                '\0'..=' ' if character != ' ' => write!(out, "\\u{:04x}", u32::from(character)),
                other if ascii && !other.is_ascii() => {
                    units(other, |unit| write!(out, "\\u{unit:04x}"))
                }
                other => out.write_char(other),
            };
        }
        out.push('"');
    }
}

/// The one or two units of UTF-16 that a character has.
fn units(character: char, write: impl FnMut(&u16) -> std::fmt::Result) -> std::fmt::Result {
    let mut units = [0; 2];
    character.encode_utf16(&mut units).iter().try_for_each(write)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = r#"{ "b":1.50, "a":{"c":"测\/é\u00e9&","d":[1,null, {"e":""}]},"f":true}"#;

    fn written(style: Style) -> String {
        String::from_utf8(Json::read(SENT.as_bytes()).unwrap().write(style)).unwrap()
    }

    #[test]
    fn a_tree_is_written_as_other_programs_write_it() {
        let style = |gaps, sorted, escapes| Style { gaps, sorted, escapes };
        for (style, expected) in [
            (
                Style::COMPACT,
                r#"{"b":1.50,"a":{"c":"测\/é\u00e9&","d":[1,null,{"e":""}]},"f":true}"#,
            ),
            (
                style(Gaps::Spaced, true, Escapes::Ascii),
                r#"{"a": {"c": "\u6d4b/\u00e9\u00e9&", "d": [1, null, {"e": ""}]}, "b": 1.50, "f": true}"#,
            ),
            (
                style(Gaps::None, false, Escapes::Html),
                r#"{"b":1.50,"a":{"c":"测/éé\u0026","d":[1,null,{"e":""}]},"f":true}"#,
            ),
            (
                style(Gaps::None, false, Escapes::AsciiSlashes),
                r#"{"b":1.50,"a":{"c":"\u6d4b\/\u00e9\u00e9&","d":[1,null,{"e":""}]},"f":true}"#,
            ),
        ] {
            assert_eq!(written(style), expected);
        }
        let pretty = Json::read(b"{\"a\":[1,{}],\"b\":[]}").unwrap();
        let pretty = pretty.write(style(Gaps::Pretty(2), false, Escapes::Plain));
        assert_eq!(pretty, b"{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    }

    #[test]
    fn members_are_left_out_by_their_paths() {
        let tree = Json::read(SENT.as_bytes()).unwrap();
        assert_eq!(tree.paths(), ["b", "a", "a.c", "a.d", "a.d.2.e", "f"]);
        let without = |path| String::from_utf8(tree.without(path).write(Style::COMPACT)).unwrap();
        assert_eq!(without("a"), r#"{"b":1.50,"f":true}"#);
        assert_eq!(
            without("a.d.2.e"),
            r#"{"b":1.50,"a":{"c":"测\/é\u00e9&","d":[1,null,{}]},"f":true}"#
        );
        let full = tree.only(&|_, value| !value.is_empty()).write(Style::COMPACT);
        assert_eq!(
            String::from_utf8(full).unwrap(),
            r#"{"b":1.50,"a":{"c":"测\/é\u00e9&","d":[1,{}]},"f":true}"#
        );
    }

    #[test]
    fn what_is_no_json_is_none() {
        let deep = "[".repeat(70) + &"]".repeat(70);
        for text in
            ["", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1 2]", "{} x", "a", "\"", &deep]
        {
            assert_eq!(Json::read(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Json::read(b"\xff"), None);
    }
}
