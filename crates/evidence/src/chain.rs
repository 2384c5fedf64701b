//! The lines of a record while they are read: each proved against the chain, the order, the clock
//! and the exchange that it belongs to.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::record::{malformed, not_read};
use crate::recorder::{first_link, next_link, seed};
use crate::words as say;
use crate::{CaseKey, CaseRecord, Entry, Event, Leg, Message, RecordError};

/// The latest moment that is read, in milliseconds since the epoch: far beyond any clock, and near
/// enough that no difference of moments overflows.
pub(crate) const LATEST: i64 = 1_000_000_000_000_000;

/// A line after the first: an entry, or the heads of all attempts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chained<'a> {
    hash: String,
    #[serde(borrow)]
    pub(crate) entry: Option<&'a RawValue>,
    #[serde(borrow)]
    heads: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Line {
    case: CaseKey,
    attempt: u32,
    #[serde(flatten)]
    entry: Entry,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Chain {
    case: CaseKey,
    attempt: u32,
    #[serde(rename = "head")]
    last: String,
}

/// A record while its lines are read.
#[derive(Debug)]
pub(crate) struct Building {
    /// The version that the first line names.
    pub(crate) format: u32,
    /// The attempts so far.
    pub(crate) cases: Vec<CaseRecord>,
    heads: Vec<Chain>,
    /// The link of the last line.
    pub(crate) head: String,
    /// Whether the last line was read, and chains the heads.
    pub(crate) ended: bool,
}

impl Building {
    pub(crate) fn new(format: u32) -> Self {
        Self { format, cases: vec![], heads: vec![], head: String::new(), ended: false }
    }

    /// The hash of the last entry.
    pub(crate) fn last_head(&self) -> String {
        self.heads.last().map(|head| head.last.clone()).unwrap_or_default()
    }

    pub(crate) fn line(&mut self, number: usize, line: &str) -> Result<(), RecordError> {
        let chained: Chained<'_> =
            serde_json::from_str(line).map_err(|error| not_read(number, &error))?;
        match (chained.entry, chained.heads) {
            (Some(entry), None) if !self.ended => self.entry(number, &chained.hash, entry.get()),
            (None, Some(heads)) if !self.ended => self.heads(&chained.hash, heads.get()),
            _ => Err(malformed(number, say::RECORD_LAST.plain())),
        }
    }

    fn entry(&mut self, number: usize, hash: &str, raw: &str) -> Result<(), RecordError> {
        let line: Line = serde_json::from_str(raw).map_err(|error| not_read(number, &error))?;
        let same = self
            .heads
            .last()
            .is_some_and(|head| head.case == line.case && head.attempt == line.attempt);
        if !same {
            // An attempt that is left out would be one that is repeated away.
            let before = self.heads.iter().filter(|head| head.case == line.case).count();
            if line.attempt as usize != before + 1 {
                return Err(RecordError::Order(number));
            }
            let last = first_link(self.format, &line.case, line.attempt);
            self.heads.push(Chain { case: line.case.clone(), attempt: line.attempt, last });
            let (key, attempt) = (line.case, line.attempt);
            self.cases.push(CaseRecord { key, attempt, entries: vec![] });
        }
        let (Some(case), Some(head)) = (self.cases.last_mut(), self.heads.last_mut()) else {
            return Err(RecordError::Order(number));
        };
        if next_link(&head.last, raw.as_bytes()) != hash {
            return Err(RecordError::Chain(number));
        }
        if line.entry.line as usize != case.entries.len() {
            return Err(RecordError::Order(number));
        }
        hash.clone_into(&mut head.last);
        if case.entries.last().is_some_and(|before| before.event == Event::Closed) {
            return Err(RecordError::Closed(number));
        }
        let earliest = case.entries.last().map_or(0, |before| before.at);
        if !(earliest..=LATEST).contains(&line.entry.at) {
            return Err(RecordError::Time(number));
        }
        let message = line.entry.event.message();
        if message.is_some_and(|message| !continues(&case.entries, message)) {
            return Err(RecordError::Exchange(number));
        }
        case.entries.push(line.entry);
        Ok(())
    }

    fn heads(&mut self, hash: &str, raw: &str) -> Result<(), RecordError> {
        let told: Vec<Chain> = serde_json::from_str(raw).map_err(|_shape| RecordError::Heads)?;
        let fits = next_link(&seed(self.format), raw.as_bytes()) == hash && told == self.heads;
        self.ended = true;
        hash.clone_into(&mut self.head);
        if fits { Ok(()) } else { Err(RecordError::Heads) }
    }
}

/// Whether a message continues its exchange: the same way and caller, each leg after the one that
/// it needs, none twice, and bytes of its own unless the leg before has them.
fn continues(entries: &[Entry], message: &Message) -> bool {
    let legs = entries.iter().filter_map(|entry| entry.event.message());
    let before: Vec<_> = legs.filter(|known| known.exchange == message.exchange).collect();
    let last = before.last().map(|known| known.leg);
    let follows = match message.leg {
        Leg::CallSent => last.is_none() && message.bytes.is_some(),
        Leg::CallReceived => match last {
            None => message.bytes.is_some(),
            Some(last) => last == Leg::CallSent,
        },
        Leg::AnswerSent => last == Some(Leg::CallReceived) && message.bytes.is_some(),
        Leg::AnswerReceived => last == Some(Leg::AnswerSent),
    };
    let same = before.iter().all(|known| known.way == message.way && known.own == message.own);
    follows && same
}
