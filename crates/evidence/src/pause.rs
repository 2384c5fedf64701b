//! Attempts that wait for what nobody can order, such as the end of a real day, and go on in another
//! sitting of their run.

use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use serde_json::{Map, Value};

use crate::words::{PAUSE_FILES, Phrase};
use crate::{CaseRecord, Event};

/// The name under which the record tells of a pause.
const PAUSED: &str = "paused";

/// What an attempt waits for, and where it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// How many of its Given and When steps are done. The next one begins again.
    pub acts: u32,
    /// The day that has to end at the gateway.
    pub day: Day,
    /// Which of its files have to be there.
    pub files: FileKind,
}

impl Pause {
    /// The event that tells of it.
    pub fn event(self) -> Event {
        let facts = [
            ("acts", Value::from(self.acts)),
            ("day", Value::from(self.day.to_string())),
            ("files", Value::from(self.files.prefix())),
        ];
        let facts = facts.map(|(name, value)| (name.to_owned(), value));
        Event::Did { what: PAUSED.to_owned(), facts: Map::from_iter(facts) }
    }

    /// What an event tells of a pause: nothing where it is none, and no pause where it is told in a way
    /// that this program does not write.
    pub fn told(event: &Event) -> Option<Option<Self>> {
        let Event::Did { what, facts } = event else { return None };
        (what == PAUSED).then(|| Self::read(facts).filter(|pause| pause.event() == *event))
    }

    fn read(facts: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| facts.get(name).and_then(Value::as_str);
        let acts = facts.get("acts").and_then(Value::as_u64);
        let files = FileKind::ALL.into_iter().find(|kind| Some(kind.prefix()) == text("files"))?;
        Some(Self { acts: u32::try_from(acts?).ok()?, day: Day::parse(text("day")?).ok()?, files })
    }

    /// What it waits for, in words.
    pub fn says(self) -> Phrase {
        PAUSE_FILES.with([self.files.prefix(), &self.day.to_string()])
    }
}

impl CaseRecord {
    /// Where the attempt waits, if it does: nothing has happened in it since.
    pub fn pause(&self) -> Option<Pause> {
        Pause::told(&self.entries.last()?.event)?
    }
}

#[cfg(test)]
mod tests {
    use protocol::Day;
    use protocol::ams::reconciliation::FileKind;
    use serde_json::json;

    use super::Pause;
    use crate::{CaseRecord, Entry, Event};

    fn pause() -> Pause {
        let day = Day::parse("20260105").unwrap();
        Pause { acts: 7, day, files: FileKind::SettlementItems }
    }

    #[test]
    fn a_pause_is_read_as_it_was_written_and_in_no_other_way() {
        let event = pause().event();
        assert_eq!(Pause::told(&event), Some(Some(pause())));
        assert_eq!(Pause::told(&Event::Closed), None);
        for (name, value) in [
            ("acts", json!("7")),
            ("acts", json!(-1)),
            ("day", json!("20260230")),
            ("files", json!("settlement")),
            ("more", json!(1)),
        ] {
            let mut other = event.clone();
            if let Event::Did { facts, .. } = &mut other {
                facts.insert(name.into(), value);
            }
            assert_eq!(Pause::told(&other), Some(None), "{other:?}");
        }
    }

    #[test]
    fn an_attempt_waits_only_where_nothing_has_happened_since() {
        let key = "AMS-REC-001/user-presented".parse().unwrap();
        let entry = |line, event| Entry { line, at: 1, event };
        let entries = vec![entry(0, pause().event())];
        let mut record = CaseRecord { key, attempt: 1, entries };
        assert_eq!(record.pause(), Some(pause()));
        record.entries.push(entry(1, Event::Closed));
        assert_eq!(record.pause(), None);
    }
}
