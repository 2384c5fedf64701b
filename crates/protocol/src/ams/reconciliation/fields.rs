//! Fields out of lines, and values out of fields.

use super::fault::{Column, Expected, Fault, Trouble, excerpt};
use super::kind::FileKind;
use crate::{Amount, Currency, Rate, parse_iso8601};

/// The fields of one row. A row in quotation marks may take several lines; everything else stands
/// as it came, and only where its fields end is kept.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) text: Vec<u8>,
    pub(super) spans: Vec<(usize, usize)>,
    /// The first column that stood in quotation marks.
    pub(super) quoted: Option<usize>,
    state: State,
}

/// Where in a field the reading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Begin,
    Plain,
    Quoted,
    /// Behind a quotation mark that closes, or is the first of two.
    Closed,
}

/// How a line continued a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    Whole,
    /// A quotation mark is open, so the next line belongs to the row.
    Open,
    /// A field, from 0, that goes on behind its closing mark.
    Broken(usize),
}

impl Record {
    /// Takes a line as a new row. The line's bytes are swapped in rather than copied.
    pub(super) fn begin(&mut self, line: &mut Vec<u8>) -> Split {
        self.spans.clear();
        self.quoted = None;
        if memchr::memchr(b'"', line).is_none() {
            std::mem::swap(&mut self.text, line);
            let mut start = 0;
            for comma in memchr::memchr_iter(b',', &self.text) {
                self.spans.push((start, comma));
                start = comma + 1;
            }
            self.spans.push((start, self.text.len()));
            return Split::Whole;
        }
        self.text.clear();
        self.state = State::Begin;
        self.go_on(line)
    }

    /// Takes a line as the continuation of a row whose quotation mark is open.
    pub(super) fn continue_with(&mut self, line_break: &[u8], line: &[u8]) -> Split {
        self.text.extend_from_slice(line_break);
        self.go_on(line)
    }

    fn go_on(&mut self, line: &[u8]) -> Split {
        let mut start = self.spans.last().map_or(0, |(_, end)| *end);
        for byte in line {
            self.state = match (self.state, byte) {
                (State::Begin, b'"') => {
                    self.quoted.get_or_insert(self.spans.len());
                    State::Quoted
                }
                (State::Begin | State::Plain | State::Closed, b',') => {
                    self.spans.push((start, self.text.len()));
                    start = self.text.len();
                    State::Begin
                }
                (State::Quoted, b'"') => State::Closed,
                (State::Closed, b'"') | (State::Quoted, _) => {
                    self.text.push(*byte);
                    State::Quoted
                }
                (State::Begin | State::Plain, _) => {
                    self.text.push(*byte);
                    State::Plain
                }
                (State::Closed, _) => return Split::Broken(self.spans.len()),
            };
        }
        if self.state == State::Quoted {
            return Split::Open;
        }
        self.spans.push((start, self.text.len()));
        Split::Whole
    }

    /// The field that holds a byte of the text.
    pub(super) fn column_of(&self, at: usize) -> usize {
        self.spans.iter().take_while(|(_, end)| *end <= at).count()
    }
}

/// The fields of one row as text, with what is needed to say where something is wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) file: &'a str,
    pub(super) line: u64,
    pub(super) kind: FileKind,
    pub(super) text: &'a str,
    pub(super) spans: &'a [(usize, usize)],
}

impl<'a> Fields<'a> {
    /// The text of a column, from 0; empty where there is none.
    pub(super) fn text(&self, column: usize) -> &'a str {
        let span = self.spans.get(column).and_then(|(start, end)| self.text.get(*start..*end));
        span.unwrap_or_default()
    }

    /// The text of a column that has to hold one.
    pub(super) fn filled(&self, column: usize) -> Result<&'a str, Fault> {
        match self.text(column) {
            "" => Err(self.fault(column, Expected::Something)),
            text => Ok(text),
        }
    }

    pub(super) fn time(&self, column: usize) -> Result<i64, Fault> {
        parse_iso8601(self.text(column)).ok_or_else(|| self.fault(column, Expected::Time))
    }

    pub(super) fn count(&self, column: usize) -> Result<u64, Fault> {
        let text = self.text(column);
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        number.ok_or_else(|| self.fault(column, Expected::Count))
    }

    /// An amount whose currency stands in the next column.
    pub(super) fn amount(&self, column: usize) -> Result<Amount, Fault> {
        let currency = Currency::parse(self.text(column + 1));
        let currency = currency.map_err(|_none| self.fault(column + 1, Expected::Currency))?;
        Amount::from_major(currency, self.text(column))
            .map_err(|_none| self.fault(column, Expected::Amount(currency.exponent())))
    }

    /// The same where both columns may be empty.
    pub(super) fn optional_amount(&self, column: usize) -> Result<Option<Amount>, Fault> {
        match (self.text(column), self.text(column + 1)) {
            ("", "") => Ok(None),
            _ => self.amount(column).map(Some),
        }
    }

    /// A pair of currencies and, in the next column, its price; both may be empty.
    pub(super) fn rate(&self, column: usize) -> Result<Option<Rate>, Fault> {
        let (pair, price) = (self.text(column), self.text(column + 1));
        if pair.is_empty() && price.is_empty() {
            return Ok(None);
        }
        Rate::parse(pair, price).map(Some).map_err(|_one_of_two| match Rate::parse(pair, "1") {
            Ok(_) => self.fault(column + 1, Expected::Price),
            Err(_) => self.fault(column, Expected::Pair),
        })
    }

    fn fault(&self, column: usize, expected: Expected) -> Fault {
        let found = excerpt(self.text(column));
        Fault {
            file: self.file.to_owned(),
            line: self.line,
            column: Some(column_at(self.kind, column)),
            trouble: Trouble::Value { found, expected },
        }
    }
}

/// A column of a kind of file, by its index from 0.
pub(super) fn column_at(kind: FileKind, index: usize) -> Column {
    let name = kind.columns().get(index).copied().unwrap_or_default();
    Column { number: index + 1, name }
}
