//! Going on with the record of a run that was left open: what it holds stays, and further attempts
//! are added.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::chain::{Building, Chained};
use crate::read::header_of;
use crate::record::{malformed, not_read};
use crate::recorder::Places;
use crate::words as say;
use crate::{CaseKey, FORMAT, Record, RecordError, RecordFile};

/// Why a record cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// It is no record, or not one that this program writes.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// Which attempt a line belongs to.
#[derive(Deserialize)]
struct Whose {
    case: CaseKey,
    attempt: u32,
}

/// The lines of an attempt: their numbers, and where they stand.
type Lines = Vec<(usize, u64, usize)>;

/// The lines of every attempt, and where the last of them ends.
type Attempts = (BTreeMap<(CaseKey, u32), Lines>, u64);

impl RecordFile {
    /// Opens the record of an earlier run to add attempts to it, and answers what it holds. A last
    /// line that chains the heads is taken off, and so is one that was torn in the middle.
    pub fn resume(path: &Path) -> Result<(Self, Record), ResumeError> {
        let bytes = fs::read(path)?;
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        let text = std::str::from_utf8(&bytes[..end])
            .map_err(|_utf8| malformed(1, say::RECORD_NOT_UTF8.plain()))?;
        let first = text.split_inclusive('\n').next().unwrap_or_default();
        let (header, format) = header_of(first)?;
        if format != FORMAT {
            return Err(RecordError::Format(Some(format.into())).into());
        }
        let (attempts, end) = sorted(text, first.len())?;
        let mut building = Building::new(format);
        let mut places = BTreeMap::new();
        for (whose, lines) in attempts {
            for (number, start, length) in &lines {
                let start = usize::try_from(*start).unwrap_or(usize::MAX);
                building.line(*number, text.get(start..start + length).unwrap_or_default())?;
            }
            let spans = lines.into_iter().map(|(_, start, length)| (start, length)).collect();
            places.insert(whose, Places { spans, head: building.last_head() });
        }
        let file = OpenOptions::new().read(true).append(true).open(path)?;
        file.set_len(end)?;
        let file = Self::holding(path, file, end, places);
        Ok((file, Record { header, cases: building.cases, head: String::new() }))
    }
}

/// The lines behind the first by their attempts, and where they end. During a run lines of
/// different attempts alternate.
fn sorted(text: &str, first: usize) -> Result<Attempts, RecordError> {
    let mut attempts: BTreeMap<(CaseKey, u32), Lines> = BTreeMap::new();
    let mut start = first;
    for (index, line) in text[first..].split_inclusive('\n').enumerate() {
        let number = index + 2;
        let wrong = |error: serde_json::Error| not_read(number, &error);
        let chained: Chained<'_> = serde_json::from_str(line).map_err(wrong)?;
        let Some(entry) = chained.entry else { break };
        let whose: Whose = serde_json::from_str(entry.get()).map_err(wrong)?;
        let lines = attempts.entry((whose.case, whose.attempt)).or_default();
        lines.push((number, start as u64, line.len()));
        start += line.len();
    }
    Ok((attempts, start as u64))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use protocol::Day;
    use protocol::ams::reconciliation::FileKind;

    use super::*;
    use crate::{Event, Party, Pause, Until};

    fn broken(why: &str) -> Event {
        Event::Broken { by: Party::Runner, why: why.into() }
    }

    #[test]
    fn what_was_recorded_stays_and_more_is_added() {
        let folder = std::env::temp_dir()
            .join(format!("assay-resume-{}", signing::hex(&signing::random_bytes::<8>())));
        fs::create_dir(&folder).unwrap();
        let path = folder.join("record.ndjson");
        let file =
            Arc::new(RecordFile::create(&path, &serde_json::json!({ "format": FORMAT })).unwrap());
        let (one, two) = ("A-1".parse::<CaseKey>().unwrap(), "B-1".parse::<CaseKey>().unwrap());
        let (first, second) = (file.recorder(two.clone(), 1), file.recorder(one.clone(), 1));
        first.append(1, broken("b"));
        second.append(1, broken("a"));
        first.append(2, Event::Closed);
        drop(file);
        // Killed in the middle of a line.
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(b"{\"hash\":\"12");
        fs::write(&path, bytes).unwrap();

        let order = ["A-1".to_owned(), "B-1".to_owned()];
        for attempt in 2..4 {
            let (file, record) = RecordFile::resume(&path).unwrap();
            assert_eq!(record.cases.len(), attempt as usize);
            let file = Arc::new(file);
            file.recorder(one.clone(), attempt).append(5, Event::Closed);
            file.seal(&order).unwrap();
        }
        let record = Record::read(&fs::read(&path).unwrap()).unwrap();
        let attempts: Vec<_> =
            record.cases.iter().map(|case| (case.key.to_string(), case.attempt)).collect();
        let expected = [("A-1", 1), ("A-1", 2), ("A-1", 3), ("B-1", 1)];
        assert_eq!(attempts, expected.map(|(key, attempt)| (key.to_owned(), attempt)));

        let changed = fs::read_to_string(&path).unwrap().replace("\"why\":\"b\"", "\"why\":\"c\"");
        fs::write(&path, changed).unwrap();
        let refused = RecordFile::resume(&path).unwrap_err();
        assert!(matches!(refused, ResumeError::Record(RecordError::Chain(_))), "{refused}");
        fs::remove_dir_all(&folder).unwrap();
    }
    #[test]
    fn an_attempt_that_waits_goes_on_in_its_own_chain() {
        let folder = std::env::temp_dir()
            .join(format!("assay-waits-{}", signing::hex(&signing::random_bytes::<8>())));
        fs::create_dir(&folder).unwrap();
        let path = folder.join("record.ndjson");
        let header = serde_json::json!({ "format": FORMAT });
        let file = Arc::new(RecordFile::create(&path, &header).unwrap());
        let key = "AMS-REC-001/user-presented".parse::<CaseKey>().unwrap();
        let day = Day::parse("20260105").unwrap();
        let until = Until::Files { day, files: FileKind::TransactionItems };
        let pause = Pause { acts: 8, until };
        let first = file.recorder(key.clone(), 1);
        first.append(7, broken("before"));
        first.pause(8, &pause);
        // What comes late belongs to nobody any more.
        first.append(9, broken("late"));
        let order = ["AMS-REC-001".to_owned()];
        file.seal(&order).unwrap();
        let before = fs::read(&path).unwrap();
        for sitting in 0..3 {
            let (file, record) = RecordFile::resume(&path).unwrap();
            let file = Arc::new(file);
            let [case] = record.cases.as_slice() else { panic!("{:?}", record.cases) };
            assert_eq!((case.attempt, case.pause()), (1, Some(pause.clone())));
            let recorder = file.going_on(case.clone());
            assert_eq!(recorder.look(0, <[_]>::len), 2);
            if sitting < 2 {
                // Nothing has happened since.
                recorder.pause(99, &pause);
                file.seal(&order).unwrap();
                assert_eq!(fs::read(&path).unwrap(), before);
                continue;
            }
            // A clock that was set back meanwhile turns no time around.
            assert_eq!(recorder.append(5, Event::Closed), 2);
            file.seal(&order).unwrap();
        }
        let record = Record::read(&fs::read(&path).unwrap()).unwrap();
        let [case] = record.cases.as_slice() else { panic!("{:?}", record.cases) };
        let told: Vec<_> = case.entries.iter().map(|entry| (entry.line, entry.at)).collect();
        assert_eq!(told, [(0, 7), (1, 8), (2, 8)]);
        assert_eq!((case.pause(), &case.entries[2].event), (None, &Event::Closed));
        fs::remove_dir_all(&folder).unwrap();
    }
}
