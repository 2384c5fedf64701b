//! Reading the record back: every line parsed strictly, every chain proved.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::chain::Building;
use crate::record::malformed;
use crate::words as say;
use crate::{CaseRecord, FORMAT, Header, Record, RecordError};

/// Hands out the attempts of one case after the other, in the order of the catalogue, so that
/// nobody needs a whole record in memory.
pub trait Attempts {
    /// Every attempt of the next case with that id; none when it was not played.
    ///
    /// # Errors
    /// When the record cannot be trusted.
    fn of_case(&mut self, case: &str) -> Result<Cow<'_, [CaseRecord]>, RecordError>;

    /// The head of the record, which its last line chains everything to. Asked for after all cases.
    ///
    /// # Errors
    /// When the record cannot be trusted.
    fn head(&mut self) -> Result<String, RecordError>;
}

impl Attempts for &Record {
    fn of_case(&mut self, case: &str) -> Result<Cow<'_, [CaseRecord]>, RecordError> {
        let mut of_case = self.cases.split(|attempt| attempt.key.case != case);
        Ok(Cow::Borrowed(of_case.find(|attempts| !attempts.is_empty()).unwrap_or_default()))
    }

    fn head(&mut self) -> Result<String, RecordError> {
        Ok(self.head.clone())
    }
}

/// A sealed record in a file, read case by case.
#[derive(Debug)]
pub struct SealedRecord {
    file: BufReader<File>,
    /// How many lines were read.
    number: usize,
    building: Building,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    record: Header,
}

impl Record {
    /// Reads a record. A record that was cut off, as after Ctrl-C, has no last line and is refused
    /// here; [`Record::read_partial`] takes it.
    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let (record, whole) = Self::scan(bytes)?;
        if whole { Ok(record) } else { Err(RecordError::Heads) }
    }

    /// Reads a record that may lack its last line.
    pub fn read_partial(bytes: &[u8]) -> Result<Self, RecordError> {
        Ok(Self::scan(bytes)?.0)
    }

    fn scan(bytes: &[u8]) -> Result<(Self, bool), RecordError> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_not_utf8| malformed(1, say::RECORD_NOT_UTF8.plain()))?;
        let mut lines = text.split_inclusive('\n').enumerate();
        let (header, format) = header_of(lines.next().map_or("", |(_, line)| line))?;
        let mut building = Building::new(format);
        for (index, line) in lines {
            building.line(index + 1, line)?;
        }
        let whole = building.ended;
        Ok((Self { header, cases: building.cases, head: building.head }, whole))
    }
}

/// The first line, and the format that it names.
pub(crate) fn header_of(line: &str) -> Result<(Header, u32), RecordError> {
    let first = serde_json::from_str::<First>(line).ok();
    let expected = || malformed(1, say::RECORD_NO_HEADER.with([r#"{"record":{…}}"#]));
    let header = first.ok_or_else(expected)?.record;
    let told = header.get("format").and_then(Value::as_u64);
    // Every format so far holds what the one before held.
    match told.and_then(|format| u32::try_from(format).ok()) {
        Some(format) if (1..=FORMAT).contains(&format) => Ok((header, format)),
        Some(_) | None => Err(RecordError::Format(told)),
    }
}

impl SealedRecord {
    /// Opens a record and reads its first line.
    pub fn open(path: &Path) -> Result<(Self, Header), RecordError> {
        let file = File::open(path).map_err(|why| RecordError::Unreadable(why.to_string()))?;
        let file = BufReader::with_capacity(64 << 10, file);
        let mut record = Self { file, number: 0, building: Building::new(FORMAT) };
        let mut line = String::new();
        record.read_line(&mut line)?;
        let (header, format) = header_of(&line)?;
        record.building.format = format;
        Ok((record, header))
    }

    fn read_line(&mut self, line: &mut String) -> Result<bool, RecordError> {
        line.clear();
        self.number += 1;
        match self.file.read_line(line) {
            Ok(length) => Ok(length > 0),
            Err(why) => Err(RecordError::Unreadable(why.to_string())),
        }
    }

    /// Reads up to the first line of another case than `case`, or to the end.
    fn read_case(&mut self, case: &str) -> Result<Vec<CaseRecord>, RecordError> {
        let mut line = String::new();
        let other = |building: &Building| {
            building.cases.last().is_some_and(|attempt| attempt.key.case != case)
        };
        while !other(&self.building) && self.read_line(&mut line)? {
            self.building.line(self.number, &line)?;
        }
        let keep = usize::from(other(&self.building));
        let count = self.building.cases.len() - keep;
        Ok(self.building.cases.drain(..count).collect())
    }

    /// Every attempt of the next case; none at the end.
    pub(crate) fn next_case(&mut self) -> Result<Vec<CaseRecord>, RecordError> {
        let mut line = String::new();
        if self.building.cases.is_empty() && self.read_line(&mut line)? {
            self.building.line(self.number, &line)?;
        }
        match self.building.cases.last().map(|attempt| attempt.key.case.clone()) {
            Some(case) => self.read_case(&case),
            None => Ok(vec![]),
        }
    }
}

impl Attempts for SealedRecord {
    fn of_case(&mut self, case: &str) -> Result<Cow<'_, [CaseRecord]>, RecordError> {
        self.read_case(case).map(Cow::Owned)
    }

    fn head(&mut self) -> Result<String, RecordError> {
        let rest = self.read_case("")?;
        let left = !rest.is_empty() || !self.building.cases.is_empty();
        if left || !self.building.ended {
            return Err(RecordError::Heads);
        }
        Ok(self.building.head.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::chain::LATEST;
    use crate::recorder::{first_link, next_link, seed};
    use crate::{CaseKey, Event, Party, RecordFile};

    fn sample() -> Vec<u8> {
        sealed(0)
    }

    /// Two attempts whose lines stand between each other's, each so many bytes long and more.
    fn sealed(length: usize) -> Vec<u8> {
        let folder = std::env::temp_dir()
            .join(format!("assay-record-{}", signing::hex(&signing::random_bytes::<8>())));
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("record.ndjson");
        let header = serde_json::json!({ "format": FORMAT, "run": "r" });
        let file = Arc::new(RecordFile::create(&path, &header).unwrap());
        let second = file.recorder("B-1".parse().unwrap(), 1);
        let first = file.recorder("A-1".parse().unwrap(), 1);
        // The last one comes from a clock that was set back.
        for (recorder, at) in [(&second, 5), (&first, 8), (&second, 7), (&first, 6)] {
            let why = format!("because of {at}{}", "!".repeat(length)).into();
            recorder.append(at, Event::Broken { by: Party::Runner, why });
        }
        file.seal(&["A-1".into(), "B-1".into()]).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        bytes
    }

    #[test]
    fn a_record_reads_back_sorted_by_case() {
        let record = Record::read(&sample()).unwrap();
        let order: Vec<_> = record.cases.iter().map(|case| case.key.to_string()).collect();
        assert_eq!(order, ["A-1", "B-1"]);
        assert_eq!(record.cases[1].entries[1].at, 7);
        assert_eq!(record.cases[0].entries[1].at, 8);
        // What lies far from another line of its attempt is sought, and not read over to.
        let far = Record::read(&sealed(6 << 10)).unwrap();
        let times = |record: &Record| -> Vec<i64> {
            record.cases.iter().flat_map(|case| &case.entries).map(|entry| entry.at).collect()
        };
        assert_eq!(times(&far), times(&record));
    }

    /// A record of one attempt with these events, its chains whole.
    fn chained(attempt: u32, at: i64, events: &[Event]) -> Vec<u8> {
        let key: CaseKey = "A-1".parse().unwrap();
        let mut lines = vec![format!("{{\"record\":{{\"format\":{FORMAT}}}}}\n")];
        let mut head = first_link(FORMAT, &key, attempt);
        for (line, event) in events.iter().enumerate() {
            let entry = serde_json::json!({
                "case": key, "attempt": attempt, "line": line, "at": at, "event": event,
            });
            head = next_link(&head, entry.to_string().as_bytes());
            lines.push(format!("{{\"hash\":\"{head}\",\"entry\":{entry}}}\n"));
        }
        let heads = serde_json::json!([{ "case": key, "attempt": attempt, "head": head }]);
        let hash = next_link(&seed(FORMAT), heads.to_string().as_bytes());
        lines.push(format!("{{\"hash\":\"{hash}\",\"heads\":{heads}}}\n"));
        lines.concat().into_bytes()
    }

    #[test]
    fn attempts_are_told_from_the_first_on_and_end_when_closed() {
        let broken = Event::Broken { by: Party::Gateway, why: "silent".into() };
        let whole = [broken.clone(), Event::Closed];
        assert_eq!(Record::read(&chained(1, 1, &whole)).unwrap().cases[0].entries.len(), 2);
        let second = Record::read(&chained(2, 1, &whole)).unwrap_err();
        assert_eq!(second, RecordError::Order(2));
        let after = Record::read(&chained(1, 1, &[Event::Closed, broken])).unwrap_err();
        assert_eq!(after, RecordError::Closed(3));
        for at in [i64::MIN, -1, LATEST + 1, i64::MAX] {
            let never = Record::read(&chained(1, at, &whole)).unwrap_err();
            assert_eq!(never, RecordError::Time(2), "{at}");
        }
    }

    #[test]
    fn a_record_is_read_case_by_case_as_it_is_read_whole() {
        let path = std::env::temp_dir()
            .join(format!("assay-sealed-{}", signing::hex(&signing::random_bytes::<8>())));
        let bytes = sample();
        let whole = Record::read(&bytes).unwrap();
        let by_case = |bytes: &[u8], cases: &[&str]| {
            std::fs::write(&path, bytes).unwrap();
            let (mut record, header) = SealedRecord::open(&path)?;
            assert_eq!(header, whole.header);
            let read = everything(&mut record, cases);
            let mut seen = vec![];
            let see = |attempts: &[CaseRecord]| seen.extend_from_slice(attempts);
            let record = SealedRecord::open(&path)?.0;
            let (ahead, proved) = record.ahead(see, |attempts| everything(attempts, cases));
            assert_eq!(ahead, read);
            assert_eq!(proved.is_ok(), read.is_ok());
            let (read, head) = read?;
            // The last line has the head, and there is nothing behind it.
            assert_eq!((&head, &seen), (&whole.head, &read));
            Ok::<_, RecordError>(read)
        };
        let all = ["A-0", "A-1", "A-2", "B-1", "C-1"];
        assert_eq!(by_case(&bytes, &all).unwrap(), whole.cases);
        let last = String::from_utf8(bytes.clone()).unwrap();
        let last: Value = serde_json::from_str(last.lines().last().unwrap()).unwrap();
        assert_eq!((whole.head.len(), &last["hash"]), (64, &Value::from(whole.head.as_str())));
        assert_eq!((&whole).of_case("B-1").unwrap(), &whole.cases[1..]);
        assert!((&whole).of_case("C-1").unwrap().is_empty());
        // What was left out, changed or cut off is not overlooked.
        assert_eq!(by_case(&bytes, &all[..3]).unwrap_err(), RecordError::Heads);
        let text = String::from_utf8(bytes).unwrap();
        let changed = text.replace("because of 7", "because of 9");
        assert_eq!(by_case(changed.as_bytes(), &all).unwrap_err(), RecordError::Chain(5));
        let cut: String = text.split_inclusive('\n').take(5).collect();
        assert_eq!(by_case(cut.as_bytes(), &all).unwrap_err(), RecordError::Heads);
        std::fs::write(&path, sample()).unwrap();
        let content = SealedRecord::open(&path).unwrap().0.ahead(|_| {}, |_| "with nothing");
        assert_eq!(content, ("with nothing", Err(RecordError::Heads)));
        std::fs::remove_file(&path).unwrap();
    }

    /// All attempts of these cases, and the head.
    fn everything(
        attempts: &mut dyn Attempts,
        cases: &[&str],
    ) -> Result<(Vec<CaseRecord>, String), RecordError> {
        let mut read = vec![];
        for case in cases {
            read.extend(attempts.of_case(case)?.into_owned());
        }
        Ok((read, attempts.head()?))
    }

    #[test]
    fn every_edit_is_found() {
        let good = String::from_utf8(sample()).unwrap();
        let lines: Vec<&str> = good.split_inclusive('\n').collect();
        let changed = good.replace("because of 7", "because of 9");
        assert_eq!(Record::read(changed.as_bytes()).unwrap_err(), RecordError::Chain(5));
        let dropped = [lines[0], lines[1], lines[3], lines[4], lines[5]].concat();
        assert_eq!(Record::read(dropped.as_bytes()).unwrap_err(), RecordError::Heads);
        let swapped = [lines[0], lines[2], lines[1], lines[3], lines[4], lines[5]].concat();
        assert_eq!(Record::read(swapped.as_bytes()).unwrap_err(), RecordError::Chain(2));
        let cut = lines[..5].concat();
        assert_eq!(Record::read(cut.as_bytes()).unwrap_err(), RecordError::Heads);
        assert!(Record::read_partial(cut.as_bytes()).is_ok());
        let twice = [lines[0], lines[1], lines[2], lines[2], lines[3], lines[4], lines[5]].concat();
        assert!(Record::read(twice.as_bytes()).is_err());
    }
}
