//! A record that is read on a thread of its own, ahead of who draws from it.

use std::borrow::Cow;
use std::panic::resume_unwind;
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
    /// What has come and was not asked for yet.
    next: Option<Read>,
}

impl SealedRecord {
    /// Reads the record on a thread of its own while `work` asks for its cases. `see` sees each
    /// case on that thread, once and in the order of the record.
    ///
    /// # Errors
    /// When the record cannot be trusted, or `work` was content with less than all of it.
    pub fn ahead<T>(
        self,
        see: impl FnMut(&[CaseRecord]) + Send,
        work: impl FnOnce(&mut dyn Attempts) -> T,
    ) -> (T, Result<(), RecordError>) {
        thread::scope(|scope| {
            let (hand, coming) = sync_channel(WAITING);
            let reading = scope.spawn(move || self.hand_out(see, &hand));
            let done = work(&mut Ahead { coming, next: None });
            let proved = reading.join().unwrap_or_else(|panic| resume_unwind(panic));
            (done, proved)
        })
    }

    fn hand_out(
        mut self,
        mut see: impl FnMut(&[CaseRecord]),
        hand: &SyncSender<Result<Read, RecordError>>,
    ) -> Result<(), RecordError> {
        loop {
            let read = match self.next_case() {
                Ok(attempts) if attempts.is_empty() => self.head().map(Read::Head),
                Ok(attempts) => {
                    see(&attempts);
                    Ok(Read::Case(attempts))
                }
                Err(why) => Err(why),
            };
            let failed = read.as_ref().err().cloned();
            let ends = matches!(read, Ok(Read::Head(_)));
            let gone = hand.send(read).is_err();
            match failed {
                Some(why) => return Err(why),
                None if gone => return Err(RecordError::Heads),
                None if ends => return Ok(()),
                None => {}
            }
        }
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
