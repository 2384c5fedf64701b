//! What is wrong with a file that was read, where, and what to do about it.

use std::fmt;

use evidence::words::{Language, Phrase};

/// Something wrong in a profile, a catalogue or a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A short stable code, `L1` to `L8` for the lint of the features.
    pub code: &'static str,
    /// Where it is.
    pub place: Place,
    /// What is wrong and what was expected.
    pub says: Phrase,
    /// What to do.
    pub advice: Phrase,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The file as the reader knows it; empty when it is no file, like an environment variable.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column, from 1.
    pub column: Option<usize>,
}

impl Place {
    /// A whole file.
    pub fn file(file: &str) -> Self {
        Self { file: file.to_owned(), line: None, column: None }
    }

    /// A line of a file.
    pub fn line(file: &str, line: usize) -> Self {
        Self { file: file.to_owned(), line: Some(line), column: None }
    }

    /// A column of a line of a file.
    pub fn column(file: &str, line: usize, column: usize) -> Self {
        Self { file: file.to_owned(), line: Some(line), column: Some(column) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for part in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{part}")?;
        }
        Ok(())
    }
}

impl Finding {
    /// The finding in one line.
    pub fn text(&self, language: Language) -> String {
        let place = self.place.to_string();
        let colon = if place.is_empty() { "" } else { ": " };
        format!("{place}{colon}{}; {}", self.says.text(language), self.advice.text(language))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}
