//! A record that is read on a thread of its own, ahead of who draws from it.

use std::borrow::Cow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::{Attempts, CaseRecord, RecordError, SealedRecord};

/// How many cases may have been read and not yet been asked for. Each is in memory as a whole.
const WAITING: usize = 1;

/// What comes of reading on.
enum Read {
    /// Every attempt of the next case.
    Case(Vec<CaseRecord>),
    /// The head of the record: nothing stands behind the last case but the last line, which fits.
    Head(String),
}

/// Takes what another thread reads.
struct Ahead {
    coming: Receiver<Result<Read, RecordError>>,
    /// What has come and was not taken yet; the head never is.
    next: Option<Read>,
}

impl SealedRecord {
    /// Reads the record on a thread of its own while `work` asks for its cases. `see` sees each
    /// case on that thread, once and in the order of the record.
    ///
    /// # Errors
    /// The second answer is one where `work` was content with less than the whole record, down to
    /// its head; why, where it could not be trusted, `work` was told.
    pub fn ahead<T>(
        self,
        see: impl FnMut(&[CaseRecord]) + Send,
        work: impl FnOnce(&mut dyn Attempts) -> T,
    ) -> (T, Result<(), RecordError>) {
        thread::scope(|scope| {
            let (hand, coming) = sync_channel(WAITING);
            scope.spawn(move || self.hand_out(see, &hand));
            let mut ahead = Ahead { coming, next: None };
            let done = work(&mut ahead);
            let whole = matches!(ahead.next, Some(Read::Head(_)));
            (done, whole.then_some(()).ok_or(RecordError::Heads))
        })
    }

    fn hand_out(
        mut self,
        mut see: impl FnMut(&[CaseRecord]),
        hand: &SyncSender<Result<Read, RecordError>>,
    ) {
        loop {
            let read = self.read_on(&mut see);
            let ends = !matches!(read, Ok(Read::Case(_)));
            // Who has left wants no more.
            if hand.send(read).is_err() || ends {
                return;
            }
        }
    }

    fn read_on(&mut self, see: &mut impl FnMut(&[CaseRecord])) -> Result<Read, RecordError> {
        let attempts = self.next_case()?;
        if attempts.is_empty() {
            return self.head().map(Read::Head);
        }
        see(&attempts);
        Ok(Read::Case(attempts))
    }
}

impl Ahead {
    /// What comes next, without taking it.
    fn peek(&mut self) -> Result<&Read, RecordError> {
        let next = match self.next.take() {
            Some(next) => next,
            None => self.coming.recv().unwrap_or(Err(RecordError::Heads))?,
        };
        Ok(self.next.insert(next))
    }
}

impl Attempts for Ahead {
    fn of_case(&mut self, case: &str) -> Result<Cow<'_, [CaseRecord]>, RecordError> {
        let is_asked = match self.peek()? {
            Read::Case(attempts) => attempts.first().is_some_and(|first| first.key.case == case),
            Read::Head(_) => false,
        };
        match self.next.take_if(|_next| is_asked) {
            Some(Read::Case(attempts)) => Ok(Cow::Owned(attempts)),
            Some(Read::Head(_)) | None => Ok(Cow::Borrowed(&[])),
        }
    }

    fn head(&mut self) -> Result<String, RecordError> {
        match self.peek()? {
            Read::Head(head) => Ok(head.clone()),
            // A case that nobody asked for.
            Read::Case(_) => Err(RecordError::Heads),
        }
    }
}
