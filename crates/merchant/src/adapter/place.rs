//! Where in a JSON text something stands.

/// An object or a list that is open.
enum Frame {
    /// An object, with the name of the member that is read.
    Object { name: Option<String>, named: bool },
    /// A list, with the number of the element that is read.
    List(usize),
}

/// The names and numbers that lead to what stands before an offset, such as
/// `bookings[0].amount.currency`. The text before the offset is JSON as far as it goes.
pub(super) fn path_at(text: &str, end: usize) -> String {
    let bytes = text.as_bytes();
    let (mut frames, mut at) = (Vec::new(), 0);
    while at < end.min(bytes.len()) {
        match bytes[at] {
            b'{' => frames.push(Frame::Object { name: None, named: false }),
            b'[' => frames.push(Frame::List(0)),
            b'}' | b']' => {
                frames.pop();
            }
            b',' => match frames.last_mut() {
                Some(Frame::List(number)) => *number += 1,
                Some(Frame::Object { named, .. }) => *named = false,
                None => {}
            },
            b'"' => {
                let closes = closing_quote(bytes, at);
                if let Some(Frame::Object { name, named }) = frames.last_mut()
                    && !*named
                {
                    let quoted = text.get(at..=closes).unwrap_or_default();
                    *name = Some(serde_json::from_str(quoted).unwrap_or_default());
                    *named = true;
                }
                at = closes;
            }
            _ => {}
        }
        at += 1;
    }
    written(&frames)
}

/// Where the string ends that begins at an offset.
fn closing_quote(bytes: &[u8], opens: usize) -> usize {
    let mut at = opens + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

fn written(frames: &[Frame]) -> String {
    let mut path = String::new();
    for frame in frames {
        match frame {
            Frame::List(number) => {
                path.push('[');
                path.push_str(&number.to_string());
                path.push(']');
            }
            Frame::Object { name: Some(name), .. } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Frame::Object { name: None, .. } => {}
        }
    }
    path
}

/// How many bytes of a text stand up to a line and column as `serde_json` counts them.
pub(super) fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    before + column
}

#[cfg(test)]
mod tests {
    use super::{offset, path_at};

    #[test]
    fn the_way_to_a_place_is_names_and_numbers() {
        let text =
            "{\"a\": [1, {\"b, \\\"{\": {\"c\":\n \"x\"}, \"d\": 5}],\n \"e\": \"}\", \"f\": 6}";
        for (found, path) in [
            ("1,", "a[0]"),
            ("\"x\"", "a[1].b, \"{.c"),
            ("5", "a[1].d"),
            ("}]", "a[1].d"),
            ("\"}\"", "e"),
            ("6", "f"),
        ] {
            assert_eq!(path_at(text, text.find(found).unwrap()), path, "{found}");
        }
        assert_eq!(path_at(text, text.len()), "");
        assert_eq!(path_at(text, offset(text, 2, 5)), "a[1].b, \"{");
        assert_eq!(path_at(text, offset(text, 3, 3)), "e");
    }

    #[test]
    fn no_text_and_no_offset_is_too_much() {
        for text in ["", "\"", "{\"a", "[[[", "}}]]", "{\"a\":\"\\", "é\"☕", ",,,"] {
            for end in 0..text.len() + 3 {
                path_at(text, end);
            }
        }
    }
}
