//! Buyers' data of a gateway whose buyers are real: replaced before it reaches a record, so that it is
//! in no file of ours at any time.
//!
//! What stands in place of a value has its length and its form, and is drawn from a digest under a
//! salt that is made for one run and written nowhere: equal values stay equal within the run, so
//! that whoever judges comes to the same, and nobody can try which value it was. A message of which
//! something was replaced is marked, with the digest of its bytes as they came; its signature, which
//! no longer fits, is replaced too, so that the digest cannot be used for trying either.

mod fields;
mod mask;
mod scan;
#[cfg(test)]
mod tests;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use memchr::memmem;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Blob, Entry, Event};
use fields::{Kind, Wanted};
use scan::{Found, Scan};

/// The facts of a sale, in which the runner tells which code it handed out.
const SALE: (&str, &str) = ("sale", "code");
/// The shortest value that is looked for beyond its own fields: a shorter one could be met by chance.
const SHORTEST: usize = 12;
/// How many values are looked for so in an attempt.
const MOST: usize = 1_000;
/// The name of a place where such a value stood that is no field for one.
const ELSEWHERE: &str = "elsewhere";

/// The salt of a run.
#[derive(Clone)]
struct Salt([u8; 32]);

/// How buyers' data is replaced in a run. Clones have the same salt. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Redaction(Arc<Salt>);

/// What tells that something in a message was replaced on entry, so that its signature cannot be
/// checked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redacted {
    /// The SHA-256 of head and body as they came, for whoever has them. A message without a signature
    /// has none: without one, what was replaced could be found out by trying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The names of the fields whose values were replaced, each once.
    pub fields: BTreeSet<String>,
}

impl Redaction {
    /// A way of replacing with a salt that nobody knows.
    pub fn drawn() -> Self {
        Self(Arc::new(Salt(signing::random_bytes::<32>())))
    }

    /// For an attempt of a case, whose payment codes are remembered.
    pub(crate) fn of_attempt(&self) -> Entering {
        Entering { salt: self.0.clone(), known: Mutex::default() }
    }

    /// An attempt as a record would hold it whose gateway's buyers are real.
    pub fn of_entries(&self, entries: &[Entry]) -> Vec<Entry> {
        let entering = self.of_attempt();
        let replaced = |entry: &Entry| Entry {
            line: entry.line,
            at: entry.at,
            event: entering.event(&entry.event),
        };
        entries.iter().map(replaced).collect()
    }
}

impl Redacted {
    /// Whether this can be the mark of a message: it names what is a buyer's in it, all of it, or
    /// something that stood where nothing of a buyer's is expected.
    pub fn is_of(&self, blob: &Blob) -> bool {
        let there = blob.buyers_fields();
        let elsewhere = self.fields.contains(ELSEWHERE);
        let digest = self.digest.as_ref().is_none_or(|told| {
            told.len() == 64 && told.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        });
        let told = self.fields.iter().filter(|name| *name != ELSEWHERE);
        digest && told.eq(&there) && (elsewhere || !there.is_empty())
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redaction")
    }
}

/// What enters the record of an attempt.
pub(crate) struct Entering {
    salt: Arc<Salt>,
    /// The payment codes that were seen so far and the signatures that were replaced, with what stands
    /// in place of each: an answer may repeat them.
    known: Mutex<BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl fmt::Debug for Entering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entering")
    }
}

impl Entering {
    /// The event with buyers' data replaced.
    pub(crate) fn event(&self, event: &Event) -> Event {
        let mut event = event.clone();
        match &mut event {
            Event::Message(message) => {
                let replaced = message.bytes.as_ref().map(|blob| self.message(blob));
                if let Some((blob, Some(mark))) = replaced {
                    message.bytes = Some(blob);
                    message.redacted = Some(mark);
                }
                event
            }
            Event::Arranged { what, facts } | Event::Did { what, facts } => {
                let is_sale = what == SALE.0;
                self.facts(facts, is_sale);
                event
            }
            Event::Broken { .. }
            | Event::Order(_)
            | Event::Merchant(_)
            | Event::Reconciliation { .. }
            | Event::Wallet(_) => self.through_text(event),
            Event::Closed => event,
        }
    }

    /// The message, and its mark if something in it was replaced.
    fn message(&self, blob: &Blob) -> (Blob, Option<Redacted>) {
        let (mut seen, fields) = self.pass(blob, Wanted::Buyers);
        let mut fields = fields;
        for part in [&mut seen.head, &mut seen.body] {
            if self.known_in(part) {
                fields.insert(ELSEWHERE.to_owned());
            }
        }
        if fields.is_empty() {
            return (seen, None);
        }
        let (seen, signed) = self.pass(&seen, Wanted::Signatures);
        let came = || signing::sha256_hex(&[blob.head.as_slice(), &blob.body].concat());
        let digest = (!signed.is_empty()).then(came);
        (seen, Some(Redacted { digest, fields }))
    }

    /// The message with what is wanted replaced, and the names of the fields that held it.
    fn pass(&self, blob: &Blob, wanted: Wanted) -> (Blob, BTreeSet<String>) {
        let mut replacing = Replacing { entering: self, fields: BTreeSet::new() };
        let mut scan = Scan { wanted, found: &mut replacing };
        let seen = Blob { head: scan.head(&blob.head), body: scan.body(&blob.body) };
        (seen, replacing.fields)
    }

    /// Replaces what was seen before, wherever it stands.
    fn known_in(&self, text: &mut [u8]) -> bool {
        let mut found = false;
        for (value, masked) in self.known.lock().iter() {
            let finder = memmem::Finder::new(value);
            let mut from = 0;
            while let Some(at) = text.get(from..).and_then(|rest| finder.find(rest)) {
                let end = from + at + value.len();
                if let Some(place) = text.get_mut(from + at..end) {
                    place.copy_from_slice(masked);
                }
                found = true;
                from = end;
            }
        }
        found
    }

    fn replaced(&self, kind: Kind, value: &[u8]) -> Vec<u8> {
        let masked = match kind {
            Kind::Signature => mask::masked_signature(&self.salt, value),
            Kind::Code | Kind::Buyer => mask::masked(&self.salt, value),
        };
        // What else a buyer is called may be what others are called, too.
        let text = value.trim_ascii();
        if kind != Kind::Buyer && text.len() >= SHORTEST && text.len() == value.len() {
            let mut known = self.known.lock();
            if known.len() < MOST {
                known.insert(value.to_vec(), masked.clone());
            }
        }
        masked
    }

    fn facts(&self, facts: &mut Map<String, Value>, is_sale: bool) {
        for (name, value) in facts.iter_mut() {
            let code = (is_sale && name == SALE.1).then_some(Kind::Code);
            self.fact(code.or_else(|| Wanted::Buyers.field(name)), value);
        }
    }

    fn fact(&self, kind: Option<Kind>, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.told(kind, text),
            Value::Array(values) => {
                for value in values {
                    self.fact(kind, value);
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    self.fact(kind.or_else(|| Wanted::Buyers.field(name)), value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A text among facts: a value of a kind, JSON, or words in which a code may stand.
    fn told(&self, kind: Option<Kind>, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        if let Some(kind) = kind {
            bytes = self.replaced(kind, &bytes);
        } else {
            if text.trim_start().starts_with(['{', '[']) {
                bytes = self.pass(&Blob { head: vec![], body: bytes }, Wanted::Buyers).0.body;
            }
            self.known_in(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// An event of texts, without the codes that were seen before.
    fn through_text(&self, event: Event) -> Event {
        let Ok(mut text) = serde_json::to_vec(&event) else { return event };
        if !self.known_in(&mut text) {
            return event;
        }
        serde_json::from_slice(&text).unwrap_or(event)
    }
}

/// Replaces what is found, and keeps the names.
struct Replacing<'a> {
    entering: &'a Entering,
    fields: BTreeSet<String>,
}

impl Found for Replacing<'_> {
    fn replace(&mut self, name: &str, kind: Kind, value: &[u8]) -> Option<Vec<u8>> {
        if !mask::is_told(value) {
            return None;
        }
        self.fields.insert(name.to_owned());
        Some(self.entering.replaced(kind, value))
    }
}

impl Blob {
    /// Whether there is a field in it that is a buyer's, and not empty.
    pub fn has_buyers_data(&self) -> bool {
        !self.buyers_fields().is_empty()
    }

    /// The message with nothing but the form of what is a buyer's, and of its signatures. A message as
    /// it came and as a record holds it have the same, unless a payment code stood where none is
    /// expected.
    #[must_use]
    pub fn blank(&self) -> Self {
        let pass = |blob: &Self, wanted| {
            let mut scan = Scan { wanted, found: &mut Blanking };
            Self { head: scan.head(&blob.head), body: scan.body(&blob.body) }
        };
        pass(&pass(self, Wanted::Buyers), Wanted::Signatures)
    }

    fn buyers_fields(&self) -> BTreeSet<String> {
        let mut looking = Looking::default();
        let mut scan = Scan { wanted: Wanted::Buyers, found: &mut looking };
        scan.head(&self.head);
        scan.body(&self.body);
        looking.0
    }
}

/// Leaves the form of what is found.
struct Blanking;

impl Found for Blanking {
    fn replace(&mut self, _: &str, kind: Kind, value: &[u8]) -> Option<Vec<u8>> {
        Some(match kind {
            Kind::Signature => mask::blank_signature(value),
            Kind::Code | Kind::Buyer => mask::blank(value),
        })
    }
}

/// Sees which fields there are.
#[derive(Default)]
struct Looking(BTreeSet<String>);

impl Found for Looking {
    fn replace(&mut self, name: &str, _: Kind, value: &[u8]) -> Option<Vec<u8>> {
        if mask::is_told(value) {
            self.0.insert(name.to_owned());
        }
        None
    }
}
