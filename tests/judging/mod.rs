//! A healthy record that a test edits, and what the judge makes of it.

#![allow(dead_code, reason = "each test crate uses its own part")]

use assay::suite::Planned;
use assay::verdict::{AttemptResult, CheckState, Judge};
use evidence::{CaseRecord, Entry, Event, Leg, Message};
use serde_json::Value;

use crate::stand;

/// A healthy record, and what judges edits of it.
pub(crate) struct Ground {
    pub(crate) judge: Judge,
    pub(crate) planned: Planned,
    pub(crate) record: CaseRecord,
}

impl Ground {
    pub(crate) fn of(key: &str) -> Self {
        let suite = stand::suite();
        let planned = suite.planned(&key.parse().unwrap()).unwrap();
        let came = stand::play(&suite, vec![planned.clone()], stand::backstage(), 1);
        let record = came.record.cases.into_iter().next().unwrap();
        let ground = Self { judge: Judge::new(suite), planned, record };
        assert_eq!(ground.judged(|_| ()), Vec::<String>::new(), "{key} is healthy");
        ground
    }

    pub(crate) fn result(&self, edit: impl FnOnce(&mut Vec<Entry>)) -> AttemptResult {
        let mut record = self.record.clone();
        edit(&mut record.entries);
        for (line, entry) in record.entries.iter_mut().enumerate() {
            entry.line = u32::try_from(line).unwrap();
        }
        self.judge.attempt(&self.planned, &record)
    }

    /// The checks that fail once the record is edited.
    pub(crate) fn judged(&self, edit: impl FnOnce(&mut Vec<Entry>)) -> Vec<String> {
        let checks = self.result(edit).checks;
        let failed = checks.into_iter().filter(|check| check.state != CheckState::Held);
        failed.map(|check| check.name).collect()
    }
}

pub(crate) fn message(entry: &mut Entry) -> Option<&mut Message> {
    let Event::Message(message) = &mut entry.event else { return None };
    Some(message)
}

/// The places of the messages of one leg of a call, by the end of its path.
pub(crate) fn legs(entries: &mut [Entry], path: &str, leg: Leg) -> Vec<usize> {
    let mut numbers = vec![];
    let mut places = vec![];
    for (place, entry) in entries.iter_mut().enumerate() {
        let Some(message) = message(entry) else { continue };
        let head = message.bytes.as_ref().map_or(&[][..], |bytes| &bytes.head);
        let named = String::from_utf8_lossy(head).contains(&format!("/{path} HTTP"));
        if named {
            numbers.push(message.exchange);
        }
        if numbers.contains(&message.exchange) && message.leg == leg {
            places.push(place);
        }
    }
    places
}

/// Changes the body of a message.
pub(crate) fn rewrite(entry: &mut Entry, how: impl FnOnce(&mut Value)) {
    let bytes = message(entry).unwrap().bytes.as_mut().unwrap();
    let mut body = serde_json::from_slice(&bytes.body).unwrap();
    how(&mut body);
    bytes.body = serde_json::to_vec(&body).unwrap();
}

/// Rewrites the files of the gateway whose name has this in it.
pub(crate) fn rewrite_files(entries: &mut [Entry], name: &str, how: impl Fn(&str) -> String) {
    for entry in entries {
        let Event::Did { what, facts } = &mut entry.event else { continue };
        let named = facts.get("path").and_then(Value::as_str).is_some_and(|it| it.contains(name));
        if what == "gateway-files"
            && named
            && let Some(Value::String(text)) = facts.get_mut("text")
        {
            *text = how(text);
        }
    }
}
