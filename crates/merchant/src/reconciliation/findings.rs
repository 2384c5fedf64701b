//! What is found, up to a limit.

use evidence::{
    Difference, DifferenceKind, FileNote, FileNoteKind, ReconciliationState, ReconciliationView,
};
use protocol::ams::reconciliation::{Fault, FileName, Note, NoteKind, Trouble};

use super::own::OwnEntry;

/// How many differences, and how many notes, are listed. A person reads them; a day on which more
/// is wrong is wrong as a whole.
pub(super) const LISTED: usize = 100;

/// A place in one of the files that were read; line 0 is the file as a whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) file: u16,
    pub(super) line: u64,
}

/// A difference as it is found; empty texts say nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) kind: DifferenceKind,
    pub(super) at: Option<At>,
    pub(super) column: &'a str,
    pub(super) id: &'a str,
}

impl At {
    /// A difference at this place.
    pub(super) fn found<'a>(self, kind: DifferenceKind, column: &'a str, id: &'a str) -> Found<'a> {
        Found { kind, at: Some(self), column, id }
    }
}

/// An id of our own side that a listed difference still lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted {
    entry: usize,
    difference: usize,
}

#[derive(Debug, Default)]
pub(super) struct Findings {
    files: Vec<String>,
    differences: Vec<Difference>,
    left_out: u64,
    notes: Vec<FileNote>,
    wanted: Vec<Wanted>,
    /// Whether a file is not whole, so that what it lacks tells nothing.
    pub(super) incomplete: bool,
}

impl Findings {
    /// The number under which places name a file.
    pub(super) fn file(&mut self, path: String) -> u16 {
        self.files.push(path);
        u16::try_from(self.files.len() - 1).unwrap_or(u16::MAX)
    }

    /// Adds a difference, with what we hold and what the file says.
    pub(super) fn add(&mut self, found: Found<'_>, ours: Option<String>, theirs: Option<String>) {
        let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(str::to_owned);
        self.push(Difference {
            kind: found.kind,
            file: found.at.map(|at| self.path(at.file)),
            line: found.at.map(|at| at.line).filter(|line| *line > 0),
            column: text(found.column),
            id: text(found.id),
            ours,
            theirs,
        });
    }

    /// Adds a difference in an id; ours is only known by its digest and looked up at the end.
    pub(super) fn add_id(&mut self, found: Found<'_>, entry: usize, theirs: &str) {
        let difference = self.differences.len();
        self.add(found, None, Some(theirs.to_owned()));
        if difference < self.differences.len() {
            self.wanted.push(Wanted { entry, difference });
        }
    }

    fn push(&mut self, difference: Difference) {
        if self.differences.len() < LISTED {
            self.differences.push(difference);
        } else {
            self.left_out += 1;
        }
    }

    /// How many differences there are.
    pub(super) fn count(&self) -> u64 {
        self.differences.len() as u64 + self.left_out
    }

    /// Adds what makes a file unusable.
    pub(super) fn fault(&mut self, fault: &Fault) {
        self.incomplete = true;
        let (kind, ours, theirs) = told(fault);
        let column = fault.column.map(|column| match column.name {
            "" => column.number.to_string(),
            name => name.to_owned(),
        });
        let (file, line) = (Some(fault.file.clone()), Some(fault.line));
        self.push(Difference { kind, file, line, column, id: None, ours, theirs });
    }

    /// Adds what makes a file unusable, with what belongs there and what stands there.
    pub(super) fn broken(
        &mut self,
        at: At,
        kind: DifferenceKind,
        column: &str,
        ours: Option<&str>,
        theirs: Option<&str>,
    ) {
        self.incomplete = true;
        let text = |text: Option<&str>| text.map(str::to_owned);
        self.add(at.found(kind, column, ""), text(ours), text(theirs));
    }

    /// Holds a whole file for unusable, as defects do.
    pub(super) fn unusable(&mut self, file: At) {
        self.incomplete = true;
        self.add(file.found(DifferenceKind::Form, "", ""), None, None);
    }

    /// Adds a file that is not there, though one with a higher number is.
    pub(super) fn gap(&mut self, missing: &FileName) {
        self.incomplete = true;
        let (kind, file) = (DifferenceKind::Sequence, Some(missing.path()));
        let ours = Some(missing.sequence.to_string());
        let (line, column, id, theirs) = (None, None, None, None);
        self.push(Difference { kind, file, line, column, id, ours, theirs });
    }

    /// Adds a note of the reader's.
    pub(super) fn form(&mut self, file: u16, note: &Note) {
        let kind = match note.kind {
            NoteKind::ByteOrderMark => FileNoteKind::ByteOrderMark,
            NoteKind::CarriageReturn => FileNoteKind::CarriageReturn,
            NoteKind::NoFinalBreak => FileNoteKind::NoFinalBreak,
            NoteKind::StrayComma => FileNoteKind::StrayComma,
            NoteKind::QuotationMarks => FileNoteKind::QuotationMarks,
            NoteKind::BlankLine => FileNoteKind::BlankLine,
        };
        self.note(kind, At { file, line: note.line }, note.column);
    }

    /// Adds a note.
    pub(super) fn note(&mut self, kind: FileNoteKind, at: At, column: Option<usize>) {
        if self.notes.len() < LISTED {
            let file = self.path(at.file);
            self.notes.push(FileNote { kind, file, line: at.line, column });
        }
    }

    /// Adds a note unless the file has one of its kind.
    pub(super) fn note_once(&mut self, kind: FileNoteKind, at: At, column: Option<usize>) {
        let file = self.path(at.file);
        if !self.notes.iter().any(|note| note.kind == kind && note.file == file) {
            self.note(kind, at, column);
        }
    }

    /// Drops all differences in amounts, as a defect does that looks at totals alone.
    pub(super) fn forget_amounts(&mut self) {
        self.differences.retain(|difference| difference.kind != DifferenceKind::Amount);
    }

    /// Fills in the ids of ours that are still lacking; `id` says which one an entry has.
    pub(super) fn look_up<'a>(&mut self, own: impl Iterator<Item = OwnEntry<'a>>) {
        self.wanted.sort_unstable();
        let mut wanted = self.wanted.iter().peekable();
        for (index, entry) in own.enumerate() {
            let Some(next) = wanted.peek() else { return };
            if next.entry > index {
                continue;
            }
            while let Some(found) = wanted.next_if(|next| next.entry == index) {
                if let Some(difference) = self.differences.get_mut(found.difference) {
                    let original = difference.kind == DifferenceKind::Original;
                    let id =
                        if original { entry.original_transaction_id } else { entry.transaction_id };
                    difference.ours = id.map(str::to_owned);
                }
            }
        }
    }

    /// Puts everything into the merchant's view.
    pub(super) fn tell(self, view: &mut ReconciliationView) {
        view.state = match (self.incomplete, self.count()) {
            (true, _) => ReconciliationState::Incomplete,
            (false, 0) => ReconciliationState::Clean,
            (false, _) => ReconciliationState::Differences,
        };
        view.differences = self.differences;
        view.differences_left_out = self.left_out;
        view.notes = self.notes;
    }

    fn path(&self, file: u16) -> String {
        self.files.get(usize::from(file)).cloned().unwrap_or_default()
    }
}

/// A fault of the reader's as a difference: what was expected, and what was found.
fn told(fault: &Fault) -> (DifferenceKind, Option<String>, Option<String>) {
    let (ours, theirs) = match &fault.trouble {
        Trouble::NoEnd | Trouble::BehindEnd => return (DifferenceKind::Truncated, None, None),
        Trouble::Unreadable(why) => {
            return (DifferenceKind::Truncated, None, Some(why.clone()));
        }
        Trouble::Compressed(what) => (None, Some((*what).to_owned())),
        Trouble::NotUtf8 => (Some("UTF-8".to_owned()), None),
        Trouble::TooLong(limit) => (Some(limit.to_string()), None),
        Trouble::Header(found) => {
            (fault.column.map(|column| column.name.to_owned()), Some(found.clone()))
        }
        Trouble::Columns { found, expected } => {
            (Some(expected.to_string()), Some(found.to_string()))
        }
        Trouble::Value { found, expected } => {
            (Some(expected.name().to_owned()), Some(found.clone()))
        }
        Trouble::Quotes => (None, None),
    };
    (DifferenceKind::Form, ours, theirs)
}
