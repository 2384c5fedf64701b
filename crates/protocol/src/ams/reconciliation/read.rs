//! Rows out of bytes, one at a time.

use std::io::BufRead;

use super::fault::{Fault, Trouble, excerpt};
use super::fields::{Fields, Record, Split, column_at};
use super::kind::FileKind;
use super::lines::{Ending, Got, Lines};
use super::name::FileName;
use super::row::Row;

/// How long a row may be; a genuine one has a few hundred bytes. Nothing longer is held in memory.
pub const LINE_LIMIT: usize = 64 * 1024;

/// Reads a file row by row. A row that cannot be read gives a fault and the reading goes on with
/// the next; a wrong header and a wrong end are the last thing that is told.
#[derive(Debug)]
pub struct Reader<R> {
    lines: Lines<R>,
    file: String,
    kind: FileKind,
    record: Record,
    /// Where the row begins.
    line: u64,
    stage: Stage,
    notes: Vec<Note>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Header,
    Rows,
    Over,
}

/// Something about a file's form that must not matter, told once for each file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// The first line that has it, from 1.
    pub line: u64,
    /// The column, from 1, where it is in one.
    pub column: Option<usize>,
}

/// What must not matter about a file's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// A byte-order mark before the header.
    ByteOrderMark,
    /// Lines that end with a carriage return and a line feed.
    CarriageReturn,
    /// No line break behind `<END>`.
    NoFinalBreak,
    /// A comma at the end of a row.
    StrayComma,
    /// A value in quotation marks.
    QuotationMarks,
    /// A line without anything.
    BlankLine,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const END: &[u8] = b"<END>";
/// How files begin that were delivered packed.
const ARCHIVES: [(&[u8], &str); 2] =
    [(b"\x1f\x8b", "a gzip archive"), (b"PK\x03\x04", "a zip archive")];

impl<R: BufRead> Reader<R> {
    /// Reads `input` as the file of that name.
    pub fn new(name: &FileName, input: R) -> Self {
        Self {
            lines: Lines::new(input, LINE_LIMIT),
            file: name.path(),
            kind: name.kind(),
            record: Record::default(),
            line: 1,
            stage: Stage::Header,
            notes: vec![],
        }
    }

    /// The next row with its line, from 1, or what is wrong there. `None` once the file is over.
    pub fn next_row(&mut self) -> Option<Result<(u64, Row<'_>), Fault>> {
        if self.stage == Stage::Over {
            return None;
        }
        if self.stage == Stage::Header
            && let Err(fault) = self.header()
        {
            self.stage = Stage::Over;
            return Some(Err(fault));
        }
        match self.load() {
            Ok(true) => {
                let row = self.fields(true).and_then(|fields| Row::read(&fields));
                Some(row.map(|row| (self.line, row)))
            }
            Ok(false) => None,
            Err(fault) => Some(Err(fault)),
        }
    }

    /// What was noted so far.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn header(&mut self) -> Result<(), Fault> {
        self.stage = Stage::Rows;
        if !self.load()? {
            let trouble = Trouble::Header(String::from_utf8_lossy(END).into_owned());
            return Err(self.fault(Some(0), trouble));
        }
        let fields = self.fields(false)?;
        let columns = self.kind.columns();
        for index in 0..columns.len().max(fields.spans.len()) {
            let (found, wanted) = (fields.text(index), columns.get(index).copied());
            if wanted.unwrap_or_default() != found || (wanted.is_none() && found.is_empty()) {
                let trouble = Trouble::Header(excerpt(found));
                return Err(self.fault(Some(index), trouble));
            }
        }
        Ok(())
    }

    /// Loads the next row's fields. False behind the last.
    fn load(&mut self) -> Result<bool, Fault> {
        loop {
            let Some(ending) = self.line_end()? else { return self.last(Trouble::NoEnd) };
            self.line = self.lines.number;
            if self.lines.number == 1 && self.lines.text.starts_with(BYTE_ORDER_MARK) {
                self.lines.text.drain(..BYTE_ORDER_MARK.len());
                self.note(NoteKind::ByteOrderMark, Some(0));
            }
            if self.lines.text == END {
                return self.behind_end(ending);
            }
            if ending == Ending::Nothing {
                return self.last(Trouble::NoEnd);
            }
            if !self.lines.text.is_empty() {
                return self.split(ending).map(|()| true);
            }
            self.note(NoteKind::BlankLine, None);
        }
    }

    /// Reads a line and answers how it ended; `None` at the end of the file.
    fn line_end(&mut self) -> Result<Option<Ending>, Fault> {
        let got = self.lines.read();
        if self.lines.number == 1 {
            let mut archives = ARCHIVES.iter();
            if let Some((_, kind)) = archives.find(|(magic, _)| self.lines.text.starts_with(magic))
            {
                return self.last(Trouble::Compressed(kind)).map(|_| None);
            }
        }
        match got {
            Ok(Got::Line(ending)) => {
                if ending == Ending::CarriageReturn {
                    self.line = self.lines.number;
                    self.note(NoteKind::CarriageReturn, None);
                }
                Ok(Some(ending))
            }
            Ok(Got::End) => {
                self.line = self.lines.number + 1;
                Ok(None)
            }
            Ok(Got::TooLong) => {
                self.line = self.lines.number;
                Err(self.fault(None, Trouble::TooLong(LINE_LIMIT)))
            }
            Err(error) => {
                self.line = self.lines.number + 1;
                self.stage = Stage::Over;
                Err(self.fault(None, unreadable(&error)))
            }
        }
    }

    /// Makes fields of the line that was read, and of those behind it while a mark is open.
    fn split(&mut self, mut ending: Ending) -> Result<(), Fault> {
        let mut split = self.record.begin(&mut self.lines.text);
        while split == Split::Open {
            let line_break: &[u8] = if ending == Ending::CarriageReturn { b"\r\n" } else { b"\n" };
            let begin = self.line;
            ending = match self.line_end()? {
                Some(ending) if ending != Ending::Nothing => ending,
                Some(_) => {
                    self.line = self.lines.number;
                    return self.last(Trouble::NoEnd).map(|_| ());
                }
                None => return self.last(Trouble::NoEnd).map(|_| ()),
            };
            self.line = begin;
            if self.record.text.len() + self.lines.text.len() > LINE_LIMIT {
                return Err(self.fault(None, Trouble::TooLong(LINE_LIMIT)));
            }
            split = self.record.continue_with(line_break, &self.lines.text);
        }
        if let Split::Broken(index) = split {
            return Err(self.fault(Some(index), Trouble::Quotes));
        }
        if let Some(index) = self.record.quoted {
            self.note(NoteKind::QuotationMarks, Some(index));
        }
        let expected = self.kind.columns().len();
        let stray = self.record.spans.last().is_some_and(|(start, end)| start == end);
        if self.record.spans.len() == expected + 1 && stray {
            self.record.spans.pop();
            self.note(NoteKind::StrayComma, Some(expected));
        }
        Ok(())
    }

    /// Only blank lines may follow.
    fn behind_end(&mut self, ending: Ending) -> Result<bool, Fault> {
        self.stage = Stage::Over;
        if ending == Ending::Nothing {
            self.note(NoteKind::NoFinalBreak, None);
            return Ok(false);
        }
        loop {
            match self.lines.read() {
                Ok(Got::End) => return Ok(false),
                Ok(Got::Line(_)) if self.lines.text.trim_ascii().is_empty() => {
                    self.line = self.lines.number;
                    self.note(NoteKind::BlankLine, None);
                }
                Ok(Got::Line(_) | Got::TooLong) => {
                    self.line = self.lines.number;
                    return self.last(Trouble::BehindEnd);
                }
                Err(error) => return self.last(unreadable(&error)),
            }
        }
    }

    /// The fields of the row as text; `counted` when there have to be as many as columns.
    fn fields(&self, counted: bool) -> Result<Fields<'_>, Fault> {
        let text = std::str::from_utf8(&self.record.text).map_err(|error| {
            let index = self.record.column_of(error.valid_up_to());
            self.fault(Some(index), Trouble::NotUtf8)
        })?;
        let (found, expected) = (self.record.spans.len(), self.kind.columns().len());
        if counted && found != expected {
            return Err(self.fault(None, Trouble::Columns { found, expected }));
        }
        let (file, line, kind) = (self.file.as_str(), self.line, self.kind);
        Ok(Fields { file, line, kind, text, spans: &self.record.spans })
    }

    fn note(&mut self, kind: NoteKind, index: Option<usize>) {
        if self.notes.iter().all(|note| note.kind != kind) {
            self.notes.push(Note { kind, line: self.line, column: index.map(|index| index + 1) });
        }
    }

    /// Tells the last trouble of the file.
    fn last(&mut self, trouble: Trouble) -> Result<bool, Fault> {
        self.stage = Stage::Over;
        Err(self.fault(None, trouble))
    }

    fn fault(&self, index: Option<usize>, trouble: Trouble) -> Fault {
        let column = index.map(|index| column_at(self.kind, index));
        Fault { file: self.file.clone(), line: self.line, column, trouble }
    }
}

fn unreadable(error: &std::io::Error) -> Trouble {
    Trouble::Unreadable(error.to_string())
}
