//! Where in the record each case stands, for readers who want to look at what a verdict rests on.

use std::collections::BTreeMap;

use evidence::{CaseRecord, Record};
use serde::{Deserialize, Serialize};

/// Lines of `record.ndjson`, from 1, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRange {
    /// Which part's record, in a merged bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// The first line.
    pub from: u64,
    /// The last one.
    pub to: u64,
}

/// The lines of each case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EvidenceRanges {
    /// How many entries came before.
    seen: u64,
    by_case: BTreeMap<String, Vec<EvidenceRange>>,
}

/// The line of the first entry: before it stands what the record tells about the run.
const FIRST: u64 = 2;

impl EvidenceRanges {
    /// Those of a whole record.
    pub fn of(record: &Record) -> Self {
        let mut ranges = Self::default();
        ranges.see(&record.cases);
        ranges
    }

    /// Those of several records, each by its part from 1.
    pub fn merged<'a>(records: impl Iterator<Item = &'a Record>) -> Self {
        let mut merged = Self::default();
        for (part, record) in (1..).zip(records) {
            for (case, ranges) in Self::of(record).by_case {
                let of_part = |range| EvidenceRange { part: Some(part), ..range };
                merged.by_case.entry(case).or_default().extend(ranges.into_iter().map(of_part));
            }
        }
        merged
    }

    /// Goes on with the attempts that come next in the record.
    pub fn see(&mut self, attempts: &[CaseRecord]) {
        for attempt in attempts.iter().filter(|attempt| !attempt.entries.is_empty()) {
            let from = FIRST + self.seen;
            self.seen += attempt.entries.len() as u64;
            let to = FIRST + self.seen - 1;
            let ranges = self.by_case.entry(attempt.key.case.clone()).or_default();
            match ranges.last_mut() {
                Some(last) if last.to + 1 == from => last.to = to,
                Some(_) | None => ranges.push(EvidenceRange { part: None, from, to }),
            }
        }
    }

    /// Those of a case; none where it was not played.
    pub fn of_case(&self, case: &str) -> &[EvidenceRange] {
        self.by_case.get(case).map_or(&[], Vec::as_slice)
    }
}
