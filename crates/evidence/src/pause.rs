//! Attempts that wait for what nobody can order, such as the end of a real day or of a review, and go
//! on in another sitting of their run.

use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use serde_json::{Map, Value};

use crate::words::{PAUSE_APPROVED, PAUSE_BOTH, PAUSE_FILES, PAUSE_REJECTED, Phrase};
use crate::{CaseRecord, Event};

/// The name under which the record tells of a pause.
const PAUSED: &str = "paused";

/// What an attempt waits for, and where it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// How many of its Given and When steps are done. The next one begins again.
    pub acts: u32,
    /// What has to happen meanwhile.
    pub until: Until,
}

/// What is waited for, which nobody can order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    /// The end of a day at the gateway.
    Files {
        /// The day.
        day: Day,
        /// Which of its files have to be there.
        files: FileKind,
    },
    /// The end of the gateway's reviews of secondary merchants.
    Reviews {
        /// Those that have to be approved for every wallet.
        approved: Vec<String>,
        /// Those that have to be rejected by every wallet.
        rejected: Vec<String>,
    },
}

impl Pause {
    /// The event that tells of it.
    pub fn event(&self) -> Event {
        let told = match &self.until {
            Until::Files { day, files } => {
                [("day", Value::from(day.to_string())), ("files", Value::from(files.prefix()))]
            }
            Until::Reviews { approved, rejected } => [
                ("approved", Value::from(approved.clone())),
                ("rejected", Value::from(rejected.clone())),
            ],
        };
        let facts = [("acts", Value::from(self.acts))].into_iter().chain(told);
        let facts = facts.map(|(name, value)| (name.to_owned(), value)).collect();
        Event::Did { what: PAUSED.to_owned(), facts }
    }

    /// What an event tells of a pause: nothing where it is none, and no pause where it is told in a way
    /// that this program does not write.
    pub fn told(event: &Event) -> Option<Option<Self>> {
        let Event::Did { what, facts } = event else { return None };
        (what == PAUSED).then(|| Self::read(facts).filter(|pause| pause.event() == *event))
    }

    fn read(facts: &Map<String, Value>) -> Option<Self> {
        let acts = facts.get("acts").and_then(Value::as_u64);
        let until = if facts.contains_key("day") { files(facts)? } else { reviews(facts)? };
        Some(Self { acts: u32::try_from(acts?).ok()?, until })
    }

    /// What it waits for, in words.
    pub fn says(&self) -> Phrase {
        match &self.until {
            Until::Files { day, files } => PAUSE_FILES.with([files.prefix(), &day.to_string()]),
            Until::Reviews { approved, rejected } => {
                let [yes, no] = [approved, rejected].map(|ids| ids.join(", "));
                match (approved.is_empty(), rejected.is_empty()) {
                    (false, false) => PAUSE_BOTH.with([yes, no]),
                    (true, _) => PAUSE_REJECTED.with([no]),
                    (false, true) => PAUSE_APPROVED.with([yes]),
                }
            }
        }
    }
}

fn files(facts: &Map<String, Value>) -> Option<Until> {
    let text = |name: &str| facts.get(name).and_then(Value::as_str);
    let files = FileKind::ALL.into_iter().find(|kind| Some(kind.prefix()) == text("files"))?;
    Some(Until::Files { day: Day::parse(text("day")?).ok()?, files })
}

fn reviews(facts: &Map<String, Value>) -> Option<Until> {
    let ids = |name: &str| {
        let ids = facts.get(name)?.as_array()?.iter();
        ids.map(|id| id.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    };
    let (approved, rejected) = (ids("approved")?, ids("rejected")?);
    let somebody = !approved.is_empty() || !rejected.is_empty();
    somebody.then_some(Until::Reviews { approved, rejected })
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

    use super::{Pause, Until};
    use crate::words::{Language, Phrase};
    use crate::{CaseRecord, Entry, Event};

    fn pause() -> Pause {
        let day = Day::parse("20260105").unwrap();
        Pause { acts: 7, until: Until::Files { day, files: FileKind::SettlementItems } }
    }

    fn reviews(approved: &[&str], rejected: &[&str]) -> Pause {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        Pause {
            acts: 1,
            until: Until::Reviews { approved: ids(approved), rejected: ids(rejected) },
        }
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
    fn reviews_are_read_as_they_were_written_and_in_no_other_way() {
        let english = |phrase: &Phrase| phrase.text(Language::En);
        for (told, says) in [
            (reviews(&["m1", "m2"], &[]), "m1, m2 to be approved for every wallet"),
            (reviews(&[], &["m1"]), "m1 to be rejected by every wallet"),
            (reviews(&["m1"], &["m2"]), "m2 to be rejected by every wallet"),
        ] {
            assert_eq!(Pause::told(&told.event()), Some(Some(told.clone())));
            assert!(english(&told.says()).contains(says), "{}", english(&told.says()));
        }
        assert_eq!(Pause::told(&reviews(&[], &[]).event()), Some(None));
        for (name, value) in [
            ("approved", json!("m1")),
            ("approved", json!([1])),
            ("rejected", json!(null)),
            ("acts", json!(1.5)),
            ("day", json!("20260105")),
        ] {
            let mut other = reviews(&["m1"], &[]).event();
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
