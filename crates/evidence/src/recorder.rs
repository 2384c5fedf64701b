//! Writing the record: events are appended as they happen, each chained to the one before.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;

use crate::hidden::Hidden;
use crate::redaction::Entering;
use crate::{CaseKey, CaseRecord, Entry, Event, FORMAT, Pause, Redaction};

/// How many bytes of other attempts are read over between two lines of one, rather than sought past.
const BETWEEN: u64 = 4 << 10;

/// What every chain of a format begins with, so that a record of one never verifies as another.
pub(crate) fn seed(format: u32) -> String {
    format!("assay-record-{format}")
}

/// The hash that the chain of an attempt starts from.
pub(crate) fn first_link(format: u32, key: &CaseKey, attempt: u32) -> String {
    signing::sha256_hex(format!("{}\n{key}\n{attempt}\n", seed(format)).as_bytes())
}

/// The next link: the one before, a line break, and the entry's bytes.
pub(crate) fn next_link(previous: &str, entry: &[u8]) -> String {
    let mut text = Vec::with_capacity(previous.len() + 1 + entry.len());
    text.extend_from_slice(previous.as_bytes());
    text.push(b'\n');
    text.extend_from_slice(entry);
    signing::sha256_hex(&text)
}

/// The file `record.ndjson` of a run.
#[derive(Debug)]
pub struct RecordFile {
    path: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    length: u64,
    places: BTreeMap<(CaseKey, u32), Places>,
    failure: Option<io::Error>,
}

/// Where the lines of an attempt stand, and the hash of its last one.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) spans: Vec<(u64, usize)>,
    pub(crate) head: String,
}

/// A line of a case as it is written.
#[derive(Serialize)]
struct Line<'a> {
    case: &'a CaseKey,
    attempt: u32,
    #[serde(flatten)]
    entry: &'a Entry,
}

impl RecordFile {
    /// Creates the file with its first line, `header`, which stands outside the chains.
    pub fn create(path: &Path, header: &impl Serialize) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create_new(true).open(path)?;
        let mut first = serde_json::to_vec(&serde_json::json!({ "record": header }))?;
        first.push(b'\n');
        file.write_all(&first)?;
        Ok(Self::holding(path, file, first.len() as u64, BTreeMap::new()))
    }

    /// A file that holds so many bytes already, with the attempts among them.
    pub(crate) fn holding(
        path: &Path,
        file: File,
        length: u64,
        places: BTreeMap<(CaseKey, u32), Places>,
    ) -> Self {
        let inner = Inner { file, length, places, failure: None };
        Self { path: path.to_owned(), inner: Mutex::new(inner) }
    }

    /// A recorder for one attempt of a case.
    pub fn recorder(self: &Arc<Self>, key: CaseKey, attempt: u32) -> Recorder {
        Recorder { file: Some(self.clone()), ..Recorder::detached(key, attempt) }
    }

    /// A recorder that goes on with an attempt which this file holds, as it was read from it.
    pub fn going_on(self: &Arc<Self>, attempt: CaseRecord) -> Recorder {
        let CaseRecord { key, attempt, entries } = attempt;
        let recorder = self.recorder(key.clone(), attempt);
        let held = self.inner.lock().places.get(&(key, attempt)).map(|places| places.head.clone());
        if let Some(head) = held {
            let mut state = recorder.state.lock();
            state.closed = entries.last().is_some_and(|last| last.event == Event::Closed);
            (state.head, state.entries) = (head, entries);
        }
        recorder
    }

    /// Sorts the file by case, in the order of `catalogue`, then product, row and attempt, and
    /// adds the last line, which chains the heads. Call it when nothing is recorded any more.
    pub fn seal(&self, catalogue: &[String]) -> io::Result<()> {
        let mut inner = self.inner.lock();
        if let Some(failure) = inner.failure.take() {
            return Err(failure);
        }
        let rank = |case: &String| catalogue.iter().position(|id| id == case);
        let places = std::mem::take(&mut inner.places);
        let mut order: Vec<_> = places.into_iter().collect();
        order.sort_by_cached_key(|((key, attempt), _)| (rank(&key.case), key.clone(), *attempt));
        let sorted = self.path.with_extension("sorted");
        let mut out = BufWriter::new(File::create(&sorted)?);
        let mut first = vec![];
        let header_end =
            order.iter().flat_map(|(_, places)| &places.spans).map(|span| span.0).min();
        first.resize(usize::try_from(header_end.unwrap_or(inner.length)).unwrap_or(0), 0);
        inner.file.seek(SeekFrom::Start(0))?;
        inner.file.read_exact(&mut first)?;
        out.write_all(&first)?;
        let (mut heads, mut stretch) = (vec![], vec![]);
        for ((key, attempt), places) in &order {
            for spans in stretches(&places.spans) {
                let start = spans.first().map_or(0, |span| span.0);
                let end = spans.last().map_or(start, |(last, length)| last + *length as u64);
                stretch.resize(usize::try_from(end - start).unwrap_or(usize::MAX), 0);
                inner.file.seek(SeekFrom::Start(start))?;
                inner.file.read_exact(&mut stretch)?;
                for (at, length) in spans {
                    let at = usize::try_from(at - start).unwrap_or(usize::MAX);
                    out.write_all(&stretch[at..at + length])?;
                }
            }
            heads.push(serde_json::json!({ "case": key, "attempt": attempt, "head": places.head }));
        }
        let heads = serde_json::to_vec(&heads)?;
        let hash = next_link(&seed(FORMAT), &heads);
        writeln!(out, "{{\"hash\":\"{hash}\",\"heads\":{}}}", String::from_utf8_lossy(&heads))?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&sorted, &self.path)
    }

    fn append(&self, key: &CaseKey, attempt: u32, line: &[u8], head: &str) {
        let mut inner = self.inner.lock();
        let start = inner.length;
        match inner.file.write_all(line) {
            Ok(()) => {
                inner.length += line.len() as u64;
                let places = inner.places.entry((key.clone(), attempt)).or_default();
                places.spans.push((start, line.len()));
                head.clone_into(&mut places.head);
            }
            Err(failure) => drop(inner.failure.get_or_insert(failure)),
        }
    }

    /// The first failure to write, such as a full disk.
    pub fn failure(&self) -> Option<String> {
        self.inner.lock().failure.as_ref().map(ToString::to_string)
    }
}

/// The lines of an attempt by what is read at once: between two of one stretch stands no more than
/// scenarios that play beside it write meanwhile.
fn stretches(spans: &[(u64, usize)]) -> impl Iterator<Item = &[(u64, usize)]> {
    let near = |one: &(u64, usize), next: &(u64, usize)| next.0 - one.0 - one.1 as u64 <= BETWEEN;
    spans.chunk_by(near)
}

/// Records one attempt of a case. Clones share it.
#[derive(Debug, Clone)]
pub struct Recorder {
    file: Option<Arc<RecordFile>>,
    key: CaseKey,
    attempt: u32,
    hidden: Option<Hidden>,
    entering: Option<Arc<Entering>>,
    state: Arc<Mutex<Open>>,
}

#[derive(Debug)]
struct Open {
    head: String,
    entries: Vec<Entry>,
    /// The same as they came, where something is replaced on entry: who acts in the scenario needs
    /// them, for as long as it plays.
    plain: Option<Vec<Entry>>,
    closed: bool,
}

impl Recorder {
    /// A recorder that keeps its entries in memory only.
    pub fn detached(key: CaseKey, attempt: u32) -> Self {
        let head = first_link(FORMAT, &key, attempt);
        let state = Open { head, entries: vec![], plain: None, closed: false };
        let state = Arc::new(Mutex::new(state));
        Self { file: None, key, attempt, hidden: None, entering: None, state }
    }

    /// The same for messages that may hold a secret, which is replaced by [`HIDDEN`] in all that
    /// this one and its clones write.
    ///
    /// [`HIDDEN`]: crate::HIDDEN
    #[must_use]
    pub fn hiding(self, secret: &[u8]) -> Self {
        Self { hidden: Some(Hidden::new(secret)), ..self }
    }

    /// The same for messages whose buyers are real: what is theirs is replaced in all that this one
    /// and its clones write. Before anything is recorded, or where an attempt goes on: then what was
    /// replaced before stays so, for whoever acts in the scenario too.
    #[must_use]
    pub fn redacting(self, redaction: &Redaction) -> Self {
        let mut state = self.state.lock();
        state.plain = Some(state.entries.clone());
        drop(state);
        Self { entering: Some(Arc::new(redaction.of_attempt())), ..self }
    }

    /// Which run of which case is recorded.
    pub fn key(&self) -> &CaseKey {
        &self.key
    }

    /// Appends an event at `at`, or at the moment of the event before if that is later, and answers
    /// its line number. After [`Event::Closed`] nothing is
    /// added any more.
    pub fn append(&self, at: i64, event: Event) -> u32 {
        let event = match &self.hidden {
            Some(hidden) => hidden.out_of(event),
            None => event,
        };
        let replaced = self.entering.as_ref().map(|entering| entering.event(&event));
        let mut state = self.state.lock();
        let line = u32::try_from(state.entries.len()).unwrap_or(u32::MAX);
        if state.closed {
            return line.saturating_sub(1);
        }
        state.closed = matches!(event, Event::Closed);
        // A real clock may be set back, and two tasks that read it may come in either order; in the
        // record nothing is earlier than what stands before it.
        let at = state.entries.last().map_or(at, |before| before.at.max(at));
        let event = match (replaced, &mut state.plain) {
            (Some(replaced), Some(plain)) => {
                plain.push(Entry { line, at, event });
                replaced
            }
            // Who records beside the one that replaces has nothing of a buyer's.
            (None, Some(plain)) => {
                plain.push(Entry { line, at, event: event.clone() });
                event
            }
            (replaced, None) => replaced.unwrap_or(event),
        };
        let entry = Entry { line, at, event };
        if let Some(file) = &self.file {
            let text = Line { case: &self.key, attempt: self.attempt, entry: &entry };
            let text = serde_json::to_vec(&text).unwrap_or_default();
            state.head = next_link(&state.head, &text);
            let mut written = format!("{{\"hash\":\"{}\",\"entry\":", state.head).into_bytes();
            written.extend_from_slice(&text);
            written.extend_from_slice(b"}\n");
            file.append(&self.key, self.attempt, &written, &state.head);
        }
        state.entries.push(entry);
        line
    }

    /// Appends where the attempt waits, unless it waits there already. Nothing is added any more
    /// until a recorder goes on with it.
    pub fn pause(&self, at: i64, pause: &Pause) {
        let last = self.look(0, |entries| entries.last().map(|entry| entry.event.clone()));
        if last != Some(pause.event()) {
            self.append(at, pause.event());
        }
        self.state.lock().closed = true;
    }

    /// Whether the record of this attempt is closed.
    pub fn is_closed(&self) -> bool {
        self.state.lock().closed
    }

    /// Looks at what has been recorded so far, from this line on, as it came: what is replaced in the
    /// record is not replaced here. Nothing is appended meanwhile.
    pub fn look<T>(&self, from: u32, look: impl FnOnce(&[Entry]) -> T) -> T {
        let state = self.state.lock();
        let entries = state.plain.as_ref().unwrap_or(&state.entries);
        look(entries.get(from as usize..).unwrap_or_default())
    }

    /// Takes the entries out, as they were written; the recorder is empty and closed afterwards.
    pub fn take(&self) -> CaseRecord {
        let mut state = self.state.lock();
        state.closed = true;
        state.plain = None;
        let entries = std::mem::take(&mut state.entries);
        CaseRecord { key: self.key.clone(), attempt: self.attempt, entries }
    }
}
