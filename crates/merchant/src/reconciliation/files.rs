//! The bytes of files: digested while they are read, and counted by their numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufReader, Read};

use evidence::FileRead;
use protocol::Day;
use protocol::ams::reconciliation::{FileKind, FileName, Part};
use signing::Sha256Stream;

/// How much of a file is read at once.
const BUFFER: usize = 128 * 1024;

/// A file on its way to the reader.
#[derive(Debug)]
pub(super) struct Digested<R> {
    input: R,
    digest: Sha256Stream,
    bytes: u64,
}

impl<R: Read> Digested<R> {
    pub(super) fn new(input: R) -> BufReader<Self> {
        let digested = Self { input, digest: Sha256Stream::new(), bytes: 0 };
        BufReader::with_capacity(BUFFER, digested)
    }

    /// Reads what the reader had no use for, and tells about the whole.
    pub(super) fn finish(source: BufReader<Self>, name: &FileName, at: i64, rows: u64) -> FileRead {
        let mut all = source.into_inner();
        // What breaks here broke for the reader before, which has told it.
        let _ = io::copy(&mut all, &mut io::sink());
        FileRead {
            name: name.path(),
            read_at: at,
            sha256: all.digest.finish_hex(),
            bytes: all.bytes,
            rows,
        }
    }
}

impl<R: Read> Read for Digested<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.digest.update(buffer.get(..length).unwrap_or_default());
        self.bytes += length as u64;
        Ok(length)
    }
}

/// The numbers of the files that were read, by what else their names say.
#[derive(Debug, Default)]
pub(super) struct Sequences(BTreeMap<FileName, BTreeSet<u16>>);

impl Sequences {
    pub(super) fn add(&mut self, name: FileName) {
        let number = name.sequence;
        self.0.entry(FileName { sequence: 0, ..name }).or_default().insert(number);
    }

    pub(super) fn has(&self, kind: FileKind) -> bool {
        self.0.keys().any(|name| name.kind() == kind)
    }

    /// The first number that is left out, for each name that leaves one out.
    pub(super) fn gaps(&self) -> impl Iterator<Item = FileName> {
        self.0.iter().filter_map(|(name, numbers)| {
            let gap = (0..).zip(numbers).find(|(wanted, number)| wanted != *number);
            gap.map(|(sequence, _)| FileName { sequence, ..name.clone() })
        })
    }
}

/// The day of transactions that a name speaks of; settlement files name none.
pub(super) fn day_of(name: &FileName) -> Option<Day> {
    match name.part {
        Part::Currency(_) => Some(name.date),
        Part::Date(date) | Part::Wallet { date, .. } => Some(date),
        Part::Items(_) | Part::Summary(_) => None,
    }
}
