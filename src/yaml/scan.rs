//! Looks through a text for the parts of YAML that are not read.
//!
//! The YAML crate resolves aliases and drops anchors without a word, so they must be found in the
//! text. The scan follows the crate's own rules for where a value may begin; where those become
//! difficult (text over several lines), it refuses the text instead of guessing.

use evidence::words::{
    Sentence, YAML_ALIAS, YAML_ANCHOR, YAML_BLOCK_TEXT, YAML_CHARACTER, YAML_CHARACTER_DO,
    YAML_DIRECTIVE, YAML_LINES, YAML_MERGE, YAML_ONE_LINE_DO, YAML_OPEN, YAML_OPEN_DO, YAML_SECOND,
    YAML_SECOND_DO, YAML_TAG, YAML_WRITE_OUT_DO,
};

use crate::finding::{Finding, Place};

/// Something that is not read, and where in its line.
struct Trick {
    /// Another line than the one that was looked at.
    line: Option<usize>,
    column: usize,
    what: &'static Sentence,
    advice: &'static Sentence,
}

/// Refuses the first thing that is not read.
pub(super) fn refuse_tricks(file: &str, text: &str) -> Result<(), Box<Finding>> {
    let mut scan = Scan { number: 0, open: vec![], open_plain: false, document: Document::Before };
    for (index, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        scan.number = index + 1;
        scan.line(line).map_err(|trick| Finding {
            code: "Y3",
            place: Place::column(file, trick.line.unwrap_or(index + 1), trick.column),
            says: trick.what.plain(),
            advice: trick.advice.plain(),
        })?;
    }
    Ok(())
}

/// What is known between two lines.
struct Scan {
    /// The line, from 1.
    number: usize,
    /// Line and column of each bracket that is open.
    open: Vec<(usize, usize)>,
    /// Whether the last line ended in unquoted text inside brackets.
    open_plain: bool,
    /// How far the one document has come.
    document: Document,
}

/// The one document of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Document {
    Before,
    Begun,
    /// By a line of three full stops.
    Ended,
}

impl Scan {
    fn line(&mut self, line: &str) -> Result<(), Trick> {
        let chars: Vec<char> = line.chars().collect();
        if let Some(at) = chars.iter().position(|c| is_odd(*c)) {
            return Err(trick(at, &YAML_CHARACTER, &YAML_CHARACTER_DO));
        }
        if chars.first() == Some(&'%') {
            return Err(trick(0, &YAML_DIRECTIVE, &YAML_WRITE_OUT_DO));
        }
        let marker = line.starts_with("---") || line.starts_with("...");
        let marker = marker && blank(chars.get(3));
        if marker {
            self.marked(line.starts_with('-'))?;
        }
        let mut at = if marker { 3 } else { 0 };
        while let Some(c) = chars.get(at).copied() {
            if matches!(c, ' ' | '\t') {
                at += 1;
                continue;
            }
            if c == '#' {
                return Ok(());
            }
            if self.document == Document::Ended {
                return Err(trick(at, &YAML_SECOND, &YAML_SECOND_DO));
            }
            self.document = Document::Begun;
            if std::mem::take(&mut self.open_plain) && !matches!(c, ',' | ']' | '}' | ':') {
                return Err(self.over_lines(&chars, at));
            }
            at = self.token(&chars, at)?;
        }
        Ok(())
    }

    /// Minds a line that begins (`begins`) or ends a document.
    fn marked(&mut self, begins: bool) -> Result<(), Trick> {
        match (self.document, begins) {
            (Document::Before, true) => self.document = Document::Begun,
            (Document::Begun | Document::Ended, true) => {
                return Err(trick(0, &YAML_SECOND, &YAML_SECOND_DO));
            }
            (Document::Before, false) => {}
            (Document::Begun | Document::Ended, false) => self.document = Document::Ended,
        }
        Ok(())
    }

    /// Text that goes on over a line break. Where the line has a key of its own, the bracket before
    /// it was forgotten.
    fn over_lines(&self, chars: &[char], at: usize) -> Trick {
        let key = |at: usize| chars.get(at) == Some(&':') && blank(chars.get(at + 1));
        match self.open.last() {
            Some((line, column)) if *line < self.number && (at..chars.len()).any(key) => {
                Trick { line: Some(*line), ..trick(*column, &YAML_OPEN, &YAML_OPEN_DO) }
            }
            Some(_) | None => trick(at, &YAML_LINES, &YAML_ONE_LINE_DO),
        }
    }

    /// Reads what begins at `at`, where a value may begin, and answers where the next one may.
    fn token(&mut self, chars: &[char], at: usize) -> Result<usize, Trick> {
        let next = chars.get(at + 1);
        match chars.get(at).copied().unwrap_or(' ') {
            '&' => Err(trick(at, &YAML_ANCHOR, &YAML_WRITE_OUT_DO)),
            '*' => Err(trick(at, &YAML_ALIAS, &YAML_WRITE_OUT_DO)),
            '!' => Err(trick(at, &YAML_TAG, &YAML_WRITE_OUT_DO)),
            '|' | '>' => Err(trick(at, &YAML_BLOCK_TEXT, &YAML_ONE_LINE_DO)),
            '[' | '{' => {
                self.open.push((self.number, at));
                Ok(at + 1)
            }
            ']' | '}' => {
                self.open.pop();
                Ok(at + 1)
            }
            ',' => Ok(at + 1),
            '-' if blank(next) => Ok(at + 1),
            '?' | ':' if blank(next) || !self.open.is_empty() => Ok(at + 1),
            quote @ ('"' | '\'') => quoted(chars, at, quote),
            _ => self.plain(chars, at),
        }
    }

    /// Reads unquoted text.
    fn plain(&mut self, chars: &[char], from: usize) -> Result<usize, Trick> {
        let mut at = from;
        let end = loop {
            let next = chars.get(at + 1);
            match chars.get(at).copied() {
                None => break at,
                Some(':') if blank(next) => break at,
                Some(',' | '[' | ']' | '{' | '}') if !self.open.is_empty() => break at,
                Some(':')
                    if !self.open.is_empty() && next.is_some_and(|c| ",[]{}".contains(*c)) =>
                {
                    break at;
                }
                Some(' ' | '\t') if next == Some(&'#') => break at,
                Some(_) => at += 1,
            }
        };
        let text: String = chars.get(from..end).unwrap_or_default().iter().collect();
        if text.trim_end() == "<<" {
            return Err(trick(from, &YAML_MERGE, &YAML_WRITE_OUT_DO));
        }
        // A comment ends the line as well, so what follows begins on the next one.
        let over = matches!(chars.get(end), None | Some(' ' | '\t'));
        self.open_plain = over && !self.open.is_empty();
        Ok(end)
    }
}

/// Reads quoted text, which must end on its line.
fn quoted(chars: &[char], from: usize, quote: char) -> Result<usize, Trick> {
    let mut at = from + 1;
    while let Some(c) = chars.get(at).copied() {
        let escaped = c == '\\' && quote == '"';
        let doubled = c == quote && quote == '\'' && chars.get(at + 1) == Some(&quote);
        if escaped || doubled {
            at += 2;
        } else if c == quote {
            return match chars.get(from + 1..at) {
                Some(['<', '<']) => Err(trick(from, &YAML_MERGE, &YAML_WRITE_OUT_DO)),
                _ => Ok(at + 1),
            };
        } else {
            at += 1;
        }
    }
    Err(trick(from, &YAML_LINES, &YAML_ONE_LINE_DO))
}

/// Whether a character, or the end of the line, parts tokens.
fn blank(c: Option<&char>) -> bool {
    c.is_none_or(|c| matches!(c, ' ' | '\t'))
}

/// Control characters and the line breaks that only some readers see.
fn is_odd(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

fn trick(at: usize, what: &'static Sentence, advice: &'static Sentence) -> Trick {
    Trick { line: None, column: at + 1, what, advice }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_yaml::Value;

    use super::refuse_tricks;

    #[test]
    fn what_is_read_passes() {
        let table = [
            "---\na: b & c * d ! e | f > g\n",
            "a: \"&x *y !z\" # &x\nb: '&x ''&y'\n",
            "a: [1, 'x', {b: c}]\nb:\n  - c: d\n  - e&f\n",
            "a: { b: c,\n  d: e }\nurl: http://a/b?c=d&e=*\n",
            "a: [\n  b,\n  c\n]\n",
            "a: \"\\\"&x\"\n",
            "# a\n\n--- # b\na: ---\nb: ...\n...\n# c\n",
        ];
        for text in table {
            assert_eq!(refuse_tricks("f", text).err(), None, "{text}");
        }
    }

    #[test]
    fn what_is_not_read_is_refused_with_its_place() {
        let table = [
            ("a: &x 1\n", "f:1:4", "anchor"),
            ("a: 1\nb: *x\n", "f:2:4", "alias"),
            ("a: !include x\n", "f:1:4", "tag"),
            ("a: !!str x\n", "f:1:4", "tag"),
            ("&x a: 1\n", "f:1:1", "anchor"),
            ("- &x 1\n", "f:1:3", "anchor"),
            ("- - &x 1\n", "f:1:5", "anchor"),
            ("? &x 1\n", "f:1:3", "anchor"),
            ("--- &x\na: 1\n", "f:1:5", "anchor"),
            ("a: [b,&x c]\n", "f:1:7", "anchor"),
            ("a: {b: &x c}\n", "f:1:8", "anchor"),
            ("a: {\"b\":&x c}\n", "f:1:9", "anchor"),
            ("a: [\"b\", *x]\n", "f:1:10", "alias"),
            ("a:\n  <<: b\n", "f:2:3", "merge"),
            ("a: { '<<': b }\n", "f:1:6", "merge"),
            ("a: |\n  text\n", "f:1:4", "block"),
            ("a: >-\n  text\n", "f:1:4", "block"),
            ("a: \"b\n  c\"\n", "f:1:4", "line"),
            ("a: 'b\n  &x c'\n", "f:1:4", "line"),
            ("a: [b\n  \"c, &x d, \"]\n", "f:2:3", "line"),
            ("a: [b # c\n  - \"c, &x d, \"]\n", "f:2:3", "line"),
            ("a: [b\n# c\n\nd:\n  - e\n", "f:1:4", "bracket"),
            ("a:\n  - {b: c\n  - d: e\n", "f:2:5", "bracket"),
            ("a: 1\n---\nb: 2\n", "f:2:1", "second document"),
            ("---\n--- # b\n", "f:2:1", "second document"),
            ("a: 1\n...\n# b\n c: 2\n", "f:4:2", "second document"),
            ("a: 1\n...\n---\n", "f:3:1", "second document"),
            ("%TAG ! x\n", "f:1:1", "directive"),
            ("a: b\u{2028}c: &x d\n", "f:1:5", "character"),
            ("a: b\rc: &x d\n", "f:1:5", "character"),
            ("# b\u{85}c: &x d\n", "f:1:4", "character"),
        ];
        for (text, place, word) in table {
            let finding = refuse_tricks("f", text).unwrap_err();
            assert_eq!(finding.place.to_string(), place, "{text}");
            assert!(finding.says.to_string().contains(word), "{text}: {finding}");
        }
    }

    fn holds_a_tag(value: &Value) -> bool {
        match value {
            Value::Tagged(_) => true,
            Value::Sequence(items) => items.iter().any(holds_a_tag),
            Value::Mapping(entries) => {
                entries.iter().any(|(k, v)| holds_a_tag(k) || holds_a_tag(v))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Tags stand where anchors and aliases do, and unlike these they are left in the value:
        /// whatever passes the scan and is YAML holds none.
        #[test]
        fn nothing_hides(text in "[!ab:,\"'#\\[\\]{}\\-?\\\\ \n]{1,24}") {
            let value = serde_yaml::from_str::<Value>(&text);
            if let (Ok(()), Ok(value)) = (refuse_tricks("f", &text), value) {
                prop_assert!(!holds_a_tag(&value), "{text:?} {value:?}");
            }
        }
    }
}
