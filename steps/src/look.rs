//! What a check finds.

use evidence::words::Phrase;

/// What one check found in the record.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Finding {
    /// Expected and seen, where it did not hold; the first such pair.
    pub failure: Option<(Phrase, Phrase)>,
    /// Whether the failure stands whatever comes later: something was seen that must never be. In an
    /// attempt that breaks off no other failure counts.
    pub for_good: bool,
    /// Expected and seen, where something did not hold that no published page confirms; the first
    /// such pair. It counts on the embedded sandbox alone.
    pub guessed: Option<(Phrase, Phrase)>,
    /// Why it could not be judged.
    pub not_judged: Option<Phrase>,
    /// The lines of the record that show it.
    pub lines: Vec<u32>,
    /// Reported, and fails nothing.
    pub notes: Vec<Phrase>,
}

impl Finding {
    /// Nothing against it so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the check held.
    pub fn held(&self) -> bool {
        self.failure.is_none() && self.guessed.is_none() && self.not_judged.is_none()
    }

    /// Names a line that shows what the check is about.
    pub fn shown_by(&mut self, lines: impl IntoIterator<Item = u32>) {
        for line in lines {
            if !self.lines.contains(&line) {
                self.lines.push(line);
            }
        }
    }

    /// Wants `holds`; otherwise keeps what was expected and what was seen, unless something
    /// failed already.
    pub fn want(&mut self, holds: bool, expected: Phrase, seen: Phrase) {
        if !holds {
            self.fail(expected, seen);
        }
    }

    /// The same where nothing that comes later could mend it.
    pub fn want_for_good(&mut self, holds: bool, expected: Phrase, seen: Phrase) {
        if !holds {
            self.fail_for_good(expected, seen);
        }
    }

    /// Keeps a failure, unless there is one already.
    pub fn fail(&mut self, expected: Phrase, seen: Phrase) {
        self.failure.get_or_insert((expected, seen));
    }

    /// The same where nothing that comes later could mend it.
    pub fn fail_for_good(&mut self, expected: Phrase, seen: Phrase) {
        self.for_good |= self.failure.is_none();
        self.fail(expected, seen);
    }

    /// Wants what no published page confirms.
    pub fn guess(&mut self, holds: bool, expected: Phrase, seen: Phrase) {
        if !holds {
            self.guessed.get_or_insert((expected, seen));
        }
    }

    /// The same finding where all that is wanted is a guess.
    #[must_use]
    pub fn as_guess(mut self) -> Self {
        self.for_good = false;
        self.guessed = self.failure.take().or(self.guessed);
        self
    }

    /// The record lacks what the check needs.
    pub fn cannot_judge(&mut self, why: Phrase) {
        self.not_judged.get_or_insert(why);
    }

    /// Adds a note.
    pub fn note(&mut self, note: Phrase) {
        self.notes.push(note);
    }

    /// Takes over what another look found.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.for_good |= self.failure.is_none() && other.for_good;
        self.failure = self.failure.or(other.failure);
        self.guessed = self.guessed.or(other.guessed);
        self.not_judged = self.not_judged.or(other.not_judged);
        self.shown_by(other.lines);
        self.notes.extend(other.notes);
        self
    }
}
