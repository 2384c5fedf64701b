//! The one place that writes to the terminal.

mod aside;
mod harmless;

use std::io::{self, IsTerminal as _, Write};

use evidence::words::{Language, Phrase};
use unicode_width::UnicodeWidthStr as _;

pub(in crate::cli) use aside::{Aside, passer};
pub use harmless::{json_safe, one_line, term_safe};

/// What a colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    Plain,
    /// It holds.
    Good,
    /// It does not.
    Bad,
    /// It does, and needs a look.
    Warning,
    /// What to do.
    Advice,
    /// A heading or a name.
    Strong,
    /// Beside the point.
    Faint,
    /// Black on white, as a scanner wants it whatever the terminal looks like.
    Paper,
}

/// A text in one tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span(Tone, String);

/// Both output streams with the language and the colours that suit them.
pub struct Terminal {
    language: Language,
    github: bool,
    out: Stream,
    err: Stream,
}

/// A stream, and why it ended early.
struct Stream {
    to: Box<dyn Write + Send>,
    coloured: bool,
    terminal: bool,
    broken: Option<io::Error>,
}

impl Span {
    /// A text in a tone.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self(tone, text.into())
    }
}

impl From<&str> for Span {
    fn from(text: &str) -> Self {
        Self(Tone::Plain, text.to_owned())
    }
}

impl From<String> for Span {
    fn from(text: String) -> Self {
        Self(Tone::Plain, text)
    }
}

impl Tone {
    /// The escape sequence that switches it on.
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Good => "\x1b[32m",
            Self::Bad => "\x1b[1;31m",
            Self::Warning => "\x1b[33m",
            Self::Advice => "\x1b[36m",
            Self::Strong => "\x1b[1m",
            Self::Faint => "\x1b[2m",
            Self::Paper => "\x1b[30;107m",
        }
    }
}

impl std::fmt::Debug for Terminal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terminal").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Terminal {
    /// Standard output and standard error.
    pub fn standard(language: Language) -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_terminal, err_terminal) = (out.is_terminal(), err.is_terminal());
        Self {
            language,
            github: std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
            out: Stream::new(Box::new(out), out_terminal, is_coloured(out_terminal)),
            err: Stream::new(Box::new(err), err_terminal, is_coloured(err_terminal)),
        }
    }

    /// Where nobody looks.
    #[cfg(test)]
    pub(in crate::cli) fn unseen(language: Language) -> Self {
        Self { language, ..Self::plain(Box::new(io::sink()), false) }
    }

    /// Two streams of a test, without colours.
    #[cfg(test)]
    fn plain(out: Box<dyn Write + Send>, github: bool) -> Self {
        Self {
            language: Language::En,
            github,
            out: Stream::new(out, false, false),
            err: Stream::new(Box::new(io::sink()), false, false),
        }
    }

    /// Whether a log of GitHub Actions reads what is written.
    pub fn is_github(&self) -> bool {
        self.github
    }

    /// The language of sentences.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether a person is there to be asked: somebody types, reads, and is no machine.
    pub fn is_answered(&self) -> bool {
        io::stdin().is_terminal() && self.err.terminal && std::env::var_os("CI").is_none()
    }

    /// Whether somebody looks at standard error live, so that a moving line makes sense there.
    pub fn is_live(&self) -> bool {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        self.err.terminal && !dumb && std::env::var_os("CI").is_none()
    }

    /// A phrase in the user's language, on one line: no sentence of ours has a line break, so one
    /// would come from a foreign value and could pass for a line of ours.
    pub fn text(&self, phrase: &Phrase) -> String {
        one_line(&phrase.text(self.language))
    }

    /// Writes a line to standard output.
    pub fn line<S: Into<Span>>(&mut self, spans: impl IntoIterator<Item = S>) {
        let spans: Vec<Span> = spans.into_iter().map(Into::into).collect();
        self.out.line(&spans, self.github);
    }

    /// Writes a phrase to standard output.
    pub fn say(&mut self, phrase: &Phrase) {
        let text = self.text(phrase);
        self.line([text]);
    }

    /// Writes a line to standard error.
    pub fn note<S: Into<Span>>(&mut self, spans: impl IntoIterator<Item = S>) {
        let spans: Vec<Span> = spans.into_iter().map(Into::into).collect();
        self.err.line(&spans, self.github);
    }

    /// Writes text of ours, such as JSON for another program or the text of `--help`, as it is.
    pub fn raw(&mut self, text: &str) {
        self.out.write(text.as_bytes());
    }

    /// The same on standard error.
    pub fn raw_note(&mut self, text: &str) {
        self.err.write(text.as_bytes());
    }

    /// Whether standard output (or standard error) takes colours.
    pub fn is_coloured(&self, error: bool) -> bool {
        if error { self.err.coloured } else { self.out.coloured }
    }

    /// Writes rows in columns that are as wide as they need to be; the last one is not filled up.
    pub fn table(&mut self, rows: &[Vec<Span>]) {
        let mut widths: Vec<usize> = Vec::new();
        for row in rows {
            for (column, span) in row.iter().enumerate() {
                let width = span.1.width();
                match widths.get_mut(column) {
                    Some(widest) => *widest = width.max(*widest),
                    None => widths.push(width),
                }
            }
        }
        for row in rows {
            let mut line = Vec::new();
            let last = row.len().saturating_sub(1);
            for (column, span) in row.iter().enumerate() {
                line.push(span.clone());
                if column < last {
                    let widest = widths.get(column).copied().unwrap_or_default();
                    let gap = widest.saturating_sub(span.1.width()) + 2;
                    line.push(Span::from(" ".repeat(gap)));
                }
            }
            self.out.line(&line, self.github);
        }
    }

    /// Flushes both streams. A reader that went away is no error; anything else is.
    pub fn finish(mut self) -> Option<io::Error> {
        self.out.flush();
        self.err.flush();
        let failed = [self.out.broken.take(), self.err.broken.take()];
        failed.into_iter().flatten().find(|error| error.kind() != io::ErrorKind::BrokenPipe)
    }
}

impl Stream {
    fn new(to: Box<dyn Write + Send>, terminal: bool, coloured: bool) -> Self {
        Self { to, coloured, terminal, broken: None }
    }

    fn line(&mut self, spans: &[Span], github: bool) {
        let line = painted(spans, self.coloured, github) + "\n";
        self.write(line.as_bytes());
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.broken.is_none() {
            self.broken = self.to.write_all(bytes).err();
        }
    }

    fn flush(&mut self) {
        if self.broken.is_none() {
            self.broken = self.to.flush().err();
        }
    }
}

/// A line of spans, made harmless, in their colours.
fn painted(spans: &[Span], coloured: bool, github: bool) -> String {
    let mut line = String::new();
    for (index, Span(tone, text)) in spans.iter().enumerate() {
        let text = term_safe(text, github, index == 0);
        if coloured && *tone != Tone::Plain {
            line.extend([tone.code(), &text, "\x1b[0m"]);
        } else {
            line += &text;
        }
    }
    line
}

/// Whether a stream takes colours: by `CLICOLOR_FORCE`, `NO_COLOR`, `CLICOLOR`, then by what it
/// is.
fn is_coloured(terminal: bool) -> bool {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    let dumb = set("TERM").is_some_and(|term| term == "dumb");
    terminal && !dumb && set("CLICOLOR").is_none_or(|value| value != "0")
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::Arc;

    use parking_lot::Mutex;

    use super::{Span, Terminal, Tone, json_safe, term_safe};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Gone(io::ErrorKind);

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn foreign_text_moves_nothing() {
        let table = [
            ("a\tb\nc 支付 é", "a\tb\nc 支付 é"),
            ("\x1b[2J", "\\u{1b}[2J"),
            ("a\rb", "a\\u{d}b"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{7f}\u{0}", "\\u{7f}\\u{0}"),
            ("\u{202e}txt", "\\u{202e}txt"),
            ("::error::x", "::error::x"),
        ];
        for (text, safe) in table {
            assert_eq!(term_safe(text, false, true), safe);
        }
    }

    #[test]
    fn foreign_text_in_json_moves_nothing_and_stays_what_it_is() {
        let foreign = ["\u{9b}31m\u{202e}\u{7f}\u{1b} 支付", "##[error] x\n::error::", "\\u0023"];
        let json = serde_json::to_string_pretty(&foreign).unwrap();
        let safe = json_safe(&json);
        assert!(safe.chars().all(|c| c == '\n' || !c.is_control()), "{safe}");
        assert!(!safe.contains("##[") && !safe.contains('\u{202e}'), "{safe}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&safe).unwrap(), foreign);
    }

    #[test]
    fn the_log_of_github_takes_no_commands() {
        let table = [
            ("::error::x", ": :error::x"),
            ("  ::add-mask::x", "  : :add-mask::x"),
            ("a\n ::group::", "a\n : :group::"),
            ("x ##[error] y", "x # #[error] y"),
            ("a::b", "a::b"),
        ];
        for (text, safe) in table {
            assert_eq!(term_safe(text, true, true), safe);
        }
        assert_eq!(term_safe("::b", true, false), "::b");
    }

    #[test]
    fn a_foreign_value_adds_no_line_to_a_sentence() {
        let terminal = Terminal::plain(Box::new(io::sink()), false);
        let said = terminal.text(&evidence::words::CLIENT_ID_FORM.with(["a\nerror: b\t"]));
        assert_eq!(said, "'a\\nerror: b\\t' is no client id");
        for sentence in evidence::words::table() {
            assert!(![sentence.en, sentence.zh].concat().contains('\n'), "{}", sentence.key);
        }
    }

    #[test]
    fn tables_are_straight_in_chinese_too() {
        let kept = Kept::default();
        let mut terminal = Terminal::plain(Box::new(kept.clone()), false);
        let row = |a: &str, b: &str| vec![Span::new(Tone::Strong, a), Span::from(b)];
        terminal.table(&[row("id", "x"), row("支付", "y")]);
        assert!(terminal.finish().is_none());
        assert_eq!(String::from_utf8(kept.0.lock().clone()).unwrap(), "id    x\n支付  y\n");
    }

    #[test]
    fn a_reader_that_went_away_is_no_error() {
        for (kind, quiet) in
            [(io::ErrorKind::BrokenPipe, true), (io::ErrorKind::StorageFull, false)]
        {
            let mut terminal = Terminal::plain(Box::new(Gone(kind)), false);
            terminal.line(["x"]);
            terminal.line(["y"]);
            assert_eq!(terminal.finish().is_none(), quiet);
        }
    }
}
