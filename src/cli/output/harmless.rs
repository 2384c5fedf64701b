//! Foreign text on a terminal: nothing in it moves, colours or commands anything.

/// Shows line breaks as escapes.
pub fn one_line(text: &str) -> String {
    text.replace('\n', "\\n").replace('\t', "\\t")
}

/// Makes a text harmless on a terminal: what would move the cursor, change colours or turn the
/// direction of writing is shown as an escape. Under GitHub Actions (`github`), what the log would
/// take for a command is broken up; `opens` says that the text stands at the beginning of a line.
pub fn term_safe(text: &str, github: bool, opens: bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\n' | '\t') || !(c.is_control() || is_bidi(c)) {
            safe.push(c);
        } else {
            safe.extend(c.escape_unicode());
        }
    }
    if !github {
        return safe;
    }
    let safe = safe.replace("##[", "# #[");
    let mut lines = Vec::new();
    for (index, line) in safe.split('\n').enumerate() {
        let bare = line.trim_start();
        if (index > 0 || opens) && bare.starts_with("::") {
            let blanks = line.len() - bare.len();
            lines.push(format!("{}: {}", " ".repeat(blanks), bare.get(1..).unwrap_or_default()));
        } else {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n")
}

/// Makes JSON harmless on a terminal without changing what it says: the same characters stand in it
/// as JSON escapes, and what the log of GitHub Actions would take for a command is broken up so.
pub fn json_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !(c.is_control() || is_bidi(c)) {
            safe.push(c);
        } else {
            // None of them is beyond the sixteen bits of one escape.
            safe.extend(["\\u", &format!("{:04x}", u32::from(c))]);
        }
    }
    safe.replace("##[", "#\\u0023[")
}

/// Characters that turn the direction of writing, and line breaks of Unicode.
fn is_bidi(c: char) -> bool {
    matches!(c,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
