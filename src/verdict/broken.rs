//! Attempts that broke off: who broke them, and what can still be judged.
//!
//! What is missing in such a record may be missing because it broke off, so most failures say
//! nothing. One that nothing later could have mended says as much as ever.

use std::collections::BTreeSet;

use evidence::words::{BROKEN_CLOCK, Place};
use evidence::{CaseRecord, Entry, Event, Leg, Party, Way};
use steps::Seen;

/// How an attempt broke off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Break {
    /// Who broke it.
    pub(super) by: Party,
    /// How; `None` where the record just ends.
    pub(super) why: Option<Place>,
    /// The entries before it.
    before: usize,
}

impl Break {
    /// The first break of a record. A break of the runner's own comes before all others: when it
    /// happened is not known, so nothing that it recorded is sure.
    pub(super) fn of(record: &CaseRecord) -> Option<Self> {
        let mut breaks: Vec<Self> = vec![];
        let mut closed = false;
        for (before, entry) in record.entries.iter().enumerate() {
            closed |= entry.event == Event::Closed;
            if let Event::Broken { by, why } = &entry.event {
                breaks.push(Self { by: *by, why: Some(why.clone()), before });
            }
        }
        if !closed {
            let before = record.entries.len();
            breaks.push(Self { by: Party::Environment, why: None, before });
        }
        let ours = breaks.iter().position(|found| found.by == Party::Runner);
        breaks.into_iter().nth(ours.unwrap_or(0))
    }

    /// A clock that was set: what was recorded cannot have happened when the record says. Where
    /// everybody is ours there is one clock alone, whose times are held against the signed ones
    /// when a bundle is verified.
    pub(super) fn of_clocks(record: &CaseRecord, seen: &Seen) -> Option<Self> {
        let contract = seen.arranged.iter().find(|act| act.what == "contract");
        let real = contract
            .is_some_and(|contract| !contract.is("embedded") || contract.text("driver").is_some());
        (real && seen.clocks_part()).then(|| Self {
            by: Party::Environment,
            why: Some(BROKEN_CLOCK.plain().into()),
            before: record.entries.len().saturating_sub(1),
        })
    }

    /// The longest beginning of the record before the break in which every call that reached the
    /// gateway was answered, closed as if the attempt had ended there.
    pub(super) fn sound_part(&self, record: &CaseRecord) -> CaseRecord {
        let mut waiting: BTreeSet<u32> = BTreeSet::new();
        let mut sound = 0;
        for (index, entry) in record.entries.iter().take(self.before).enumerate() {
            if let Some(call) = entry.event.message().filter(|message| message.way == Way::Call) {
                match call.leg {
                    Leg::CallReceived => drop(waiting.insert(call.exchange)),
                    Leg::AnswerSent => drop(waiting.remove(&call.exchange)),
                    Leg::CallSent | Leg::AnswerReceived => {}
                }
            }
            if waiting.is_empty() {
                sound = index + 1;
            }
        }
        let mut entries: Vec<Entry> = record.entries.iter().take(sound).cloned().collect();
        let at = entries.last().map_or(0, |entry| entry.at);
        let line = u32::try_from(sound).unwrap_or(u32::MAX);
        entries.push(Entry { line, at, event: Event::Closed });
        CaseRecord { key: record.key.clone(), attempt: record.attempt, entries }
    }
}
