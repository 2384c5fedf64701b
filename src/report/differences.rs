//! Where a text differs from an earlier one, line by line and, in a changed line, letter by letter.

use std::fmt;

use super::text::InText;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Piece {
    /// What it says.
    pub text: String,
    /// Whether the earlier text has something else there.
    pub marked: bool,
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = InText(&self.text);
        if self.marked { write!(f, "<mark>{text}</mark>") } else { text.fmt(f) }
    }
}

// It writes its text escaped.
impl askama::filters::HtmlSafe for Piece {}

/// A text beside an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compared {
    /// All of the text.
    pub pieces: Vec<Piece>,
    /// How many lines of the earlier one have nothing in their place.
    pub gone: usize,
}

/// Beyond so many pairs of lines, all of what changed is marked and nothing in it is looked for.
const MOST_PAIRS: usize = 250_000;

/// A text of which nothing is marked.
pub(super) fn plain(text: String) -> Vec<Piece> {
    if text.is_empty() { vec![] } else { vec![Piece { text, marked: false }] }
}

/// Compares a text with an earlier one.
pub(super) fn compare(before: &str, text: &str) -> Compared {
    let [before, lines]: [Vec<&str>; 2] =
        [before, text].map(|text| text.split_inclusive('\n').collect());
    let same = |(one, other): &(&&str, &&str)| one.trim_end() == other.trim_end();
    let first = before.iter().zip(&lines).take_while(same).count();
    let (old, new) = (&before[first..], &lines[first..]);
    let last = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let (old, new) = (&old[..old.len() - last], &new[..new.len() - last]);
    let mut out = Compared { pieces: vec![], gone: 0 };
    out.push(&lines[..first].concat(), false);
    out.middle(old, new);
    out.push(&lines[lines.len() - last..].concat(), false);
    out
}

impl Compared {
    fn push(&mut self, text: &str, marked: bool) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.marked == marked => last.text.push_str(text),
            _ => self.pieces.push(Piece { text: text.to_owned(), marked }),
        }
    }

    /// Lines of which neither the first nor the last are the same.
    fn middle(&mut self, old: &[&str], new: &[&str]) {
        let mut kept = kept(old, new).into_iter().peekable();
        let (mut at_old, mut at_new) = (0, 0);
        loop {
            let (to_old, to_new) = kept.peek().copied().unwrap_or((old.len(), new.len()));
            self.changed(&old[at_old..to_old], &new[at_new..to_new]);
            if kept.next().is_none() {
                return;
            }
            self.push(new[to_new], false);
            (at_old, at_new) = (to_old + 1, to_new + 1);
        }
    }

    /// Lines in place of others.
    fn changed(&mut self, old: &[&str], new: &[&str]) {
        self.gone += old.len().saturating_sub(new.len());
        for (place, line) in new.iter().enumerate() {
            match old.get(place).filter(|_| old.len() == new.len()) {
                Some(before) => self.line(before, line),
                None => self.push(line, true),
            }
        }
    }

    /// A line in place of another: what they share at both ends is not marked.
    fn line(&mut self, before: &str, line: &str) {
        let shared = |one: &mut dyn Iterator<Item = char>,
                      other: &mut dyn Iterator<Item = char>| {
            one.zip(other)
                .take_while(|(one, other)| one == other)
                .map(|(one, _)| one.len_utf8())
                .sum()
        };
        let head: usize = shared(&mut before.chars(), &mut line.chars());
        let (old, new) = (&before[head..], &line[head..]);
        let tail: usize = shared(&mut old.chars().rev(), &mut new.chars().rev());
        let (middle, end) = new.split_at(new.len() - tail);
        if middle.is_empty() {
            // Something is missing in it, which no mark could show.
            return self.push(line, true);
        }
        self.push(&line[..head], false);
        self.push(middle, true);
        self.push(end, false);
    }
}

/// The places of the longest run of lines that both have, in their order.
fn kept(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return vec![];
    }
    let width = new.len() + 1;
    // How many lines both have from here on.
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for at_old in (0..old.len()).rev() {
        for at_new in (0..new.len()).rev() {
            let here = at_old * width + at_new;
            longest[here] = if old[at_old] == new[at_new] {
                longest[here + width + 1] + 1
            } else {
                longest[here + width].max(longest[here + 1])
            };
        }
    }
    let (mut at_old, mut at_new, mut kept) = (0, 0, vec![]);
    while at_old < old.len() && at_new < new.len() {
        let here = at_old * width + at_new;
        if old[at_old] == new[at_new] {
            kept.push((at_old, at_new));
            (at_old, at_new) = (at_old + 1, at_new + 1);
        } else if longest[here + width] >= longest[here + 1] {
            at_old += 1;
        } else {
            at_new += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Compared, compare};

    /// The text with what is marked in brackets, and how many lines are gone.
    fn told(before: &str, text: &str) -> (String, usize) {
        let Compared { pieces, gone } = compare(before, text);
        let piece =
            |(text, marked): (String, bool)| if marked { format!("[{text}]") } else { text };
        (pieces.into_iter().map(|it| piece((it.text, it.marked))).collect(), gone)
    }

    #[test]
    fn what_changed_is_marked_and_nothing_else() {
        for (before, text, marked, gone) in [
            ("a\nb\nc", "a\nb\nc", "a\nb\nc", 0),
            (
                "a\n\"value\": \"1231\"\nc",
                "a\n\"value\": \"1431\"\nc",
                "a\n\"value\": \"1[4]31\"\nc",
                0,
            ),
            ("a\nc\n", "a\nb\nc\n", "a\n[b\n]c\n", 0),
            ("a\nb\nc\n", "a\nc\n", "a\nc\n", 1),
            ("a\nbx\nc\n", "a\nb\nc\n", "a\n[b\n]c\n", 0),
            ("1\n2\n3\n4\n", "1\nx\n3\ny\nz\n", "1\n[x]\n3\n[y\nz\n]", 0),
            ("", "new", "[new]", 0),
            ("old", "", "", 1),
            ("金额 1", "金额 2", "金额 [2]", 0),
        ] {
            assert_eq!(told(before, text), (marked.to_owned(), gone), "{before:?} {text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        /// Nothing of a text is lost or added, and it is marked where, and only where, it differs.
        #[test]
        fn all_of_the_text_is_there(before in "[ab\\n中]{0,40}", text in "[ab\\n中]{0,40}") {
            let Compared { pieces, gone } = compare(&before, &text);
            let all: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            prop_assert_eq!(&all, &text);
            let differs = gone > 0 || pieces.iter().any(|piece| piece.marked);
            let same = before.lines().map(str::trim_end).eq(text.lines().map(str::trim_end));
            prop_assert_eq!(differs, !same);
        }
    }

    #[test]
    fn a_huge_change_is_marked_as_a_whole() {
        let lines = |word: &str| {
            let all: Vec<String> = (0..2_000).map(|n| format!("{word}{n}\n")).collect();
            all.concat()
        };
        let Compared { pieces, gone } = compare(&lines("a"), &(lines("b") + "more\n"));
        assert_eq!((pieces.len(), pieces[0].marked, gone), (1, true, 0));
    }
}
