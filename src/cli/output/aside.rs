//! What is written to standard error while the rest of the program goes on: what another program
//! says, and what a person is asked.

use std::io::{self, Write};

use evidence::words::{Language, Phrase};

use super::{Span, Terminal, Tone, one_line, painted, term_safe};

/// Who passes on what another program says, line by line, while this one goes on: with a mark
/// before each, so that nobody takes it for ours.
pub(in crate::cli) fn passer(github: bool) -> impl Fn(&str) + Send + Sync + 'static {
    move |line: &str| {
        let text = term_safe(&one_line(line), github, false);
        // Who reads standard error no more has lost nothing of the run.
        drop(writeln!(io::stderr().lock(), "merchant| {text}"));
    }
}

/// Standard error for whoever asks a person, from whatever thread.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Aside {
    language: Language,
    coloured: bool,
    to: fn() -> Box<dyn Write>,
}

impl Aside {
    /// In the language and with the colours of a terminal.
    pub(in crate::cli) fn of(terminal: &Terminal) -> Self {
        let (language, coloured) = (terminal.language(), terminal.is_coloured(true));
        Self { language, coloured, to: || Box::new(io::stderr()) }
    }

    /// Where nobody looks.
    #[cfg(test)]
    pub(in crate::cli) fn unseen(language: Language) -> Self {
        Self { language, coloured: false, to: || Box::new(io::sink()) }
    }

    /// A phrase in the user's language, on one line.
    pub(in crate::cli) fn text(self, phrase: &Phrase) -> String {
        one_line(&phrase.text(self.language))
    }

    /// Writes a line.
    pub(in crate::cli) fn line<S: Into<Span>>(self, spans: impl IntoIterator<Item = S>) {
        let spans: Vec<Span> = spans.into_iter().map(Into::into).collect();
        // Who closed the terminal answers nothing either, which is noticed where answers are read.
        drop(writeln!((self.to)(), "{}", painted(&spans, self.coloured, false)));
    }

    /// Writes what an answer is typed behind.
    pub(in crate::cli) fn ask(self, question: &str) {
        let span = Span::new(Tone::Strong, format!("{question}> "));
        let mut out = (self.to)();
        drop(write!(out, "{}", painted(&[span], self.coloured, false)));
        drop(out.flush());
    }
}
