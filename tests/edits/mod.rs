//! Edits of a healthy record. Each makes it the record of a conversation in which one thing went
//! otherwise: a field, a signature, a call too many or too few, a pause, a booking, a debit.
//!
//! What the witness found out about signatures stays as it was recorded, because judging goes by
//! it; that the bytes still fit is what verifying a bundle looks at.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod books;
mod exchanges;
mod legacy;
mod messages;
mod registrations;
mod reports;

use std::collections::BTreeMap;

use evidence::{CaseRecord, Entry, Event, Party, Way};
use protocol::ams::Api;
use steps::Seen;
use steps::seen::Exchange;

type Change = Box<dyn Fn(&mut Vec<Entry>)>;

/// One edit, in words and in deed.
pub(crate) struct Edit {
    /// Whose doing is told otherwise.
    pub(crate) by: Party,
    /// What it does, in a phrase.
    pub(crate) says: String,
    change: Change,
}

impl Edit {
    fn new(by: Party, says: String, change: impl Fn(&mut Vec<Entry>) + 'static) -> Self {
        Self { by, says, change: Box::new(change) }
    }

    /// The record with this edit, its lines numbered anew.
    pub(crate) fn of(&self, record: &CaseRecord) -> CaseRecord {
        let mut edited = record.clone();
        (self.change)(&mut edited.entries);
        for (line, entry) in edited.entries.iter_mut().enumerate() {
            entry.line = u32::try_from(line).unwrap();
        }
        edited
    }
}

/// How many rounds of edits there are.
pub(crate) const ROUNDS: usize = 4;

/// The edits of a record, round by round: first what is soon tried and often told.
pub(crate) fn round(record: &CaseRecord, round: usize) -> Vec<Edit> {
    let ground = Ground::of(record);
    let (usual, rest): (Vec<&Talk>, Vec<&Talk>) = ground.talks.iter().partition(|t| t.outer);
    match round {
        0 => [
            books::orders(&ground),
            books::wallet(&ground),
            books::acts(&ground),
            registrations::merchants(&ground),
            registrations::other_sellers(&ground),
            reports::told(&ground),
            reports::written(&ground),
            exchanges::pauses(&ground, &usual),
            exchanges::repeats(&ground, &usual),
        ]
        .into_iter()
        .flatten()
        .collect(),
        1 => messages::all(&ground, &usual),
        2 => [exchanges::losses(&ground, &usual), books::interludes(&ground)]
            .into_iter()
            .flatten()
            .collect(),
        _ => [
            messages::all(&ground, &rest),
            exchanges::pauses(&ground, &rest),
            exchanges::repeats(&ground, &rest),
            exchanges::losses(&ground, &rest),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

/// A record with the names of its parts.
struct Ground<'a> {
    record: &'a CaseRecord,
    talks: Vec<Talk>,
}

/// One exchange.
struct Talk {
    number: u32,
    /// Such as `pay 1` or `own inquiryPayment 2`.
    name: String,
    api: Option<Api>,
    /// Who called, unless the runner did.
    caller: Option<Party>,
    answerer: Party,
    id: Option<String>,
    /// Whether it is the first, the second or the last of its kind.
    outer: bool,
    /// Where its messages stand.
    places: Vec<usize>,
}

impl<'a> Ground<'a> {
    fn of(record: &'a CaseRecord) -> Self {
        let seen = Seen::new(record);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for exchange in &seen.exchanges {
            *counts.entry(kind(exchange)).or_default() += 1;
        }
        let mut before: BTreeMap<String, usize> = BTreeMap::new();
        let talks = seen.exchanges.iter().map(|exchange| {
            let kind = kind(exchange);
            let nth = before.entry(kind.clone()).or_default();
            *nth += 1;
            let (caller, answerer) = match exchange.way {
                Way::Call => (Party::Merchant, Party::Gateway),
                Way::Notice => (Party::Gateway, Party::Merchant),
            };
            Talk {
                number: exchange.number,
                name: format!("{kind} {nth}"),
                api: exchange.api,
                caller: (!exchange.own && exchange.sent.is_some()).then_some(caller),
                answerer,
                id: exchange.request_id(),
                outer: *nth <= 2 || *nth == counts[&kind],
                places: places(record, exchange.number),
            }
        });
        Self { talks: talks.collect(), record }
    }

    /// Where the closing look ends: nothing but readings of orders follows.
    fn end(&self) -> usize {
        let entries = &self.record.entries;
        entries
            .iter()
            .position(|e| matches!(e.event, Event::Wallet(_)))
            .unwrap_or(entries.len() - 1)
    }
}

fn kind(exchange: &Exchange) -> String {
    let own = if exchange.own { "own " } else { "" };
    let planted = if exchange.sent.is_none() { "planted " } else { "" };
    let name = match exchange.way {
        Way::Call => exchange.api.map_or("call", Api::name),
        Way::Notice => "notice",
    };
    format!("{own}{planted}{name}")
}

fn places(record: &CaseRecord, exchange: u32) -> Vec<usize> {
    let ours = |entry: &Entry| matches!(&entry.event, Event::Message(message) if message.exchange == exchange);
    let entries = record.entries.iter().enumerate();
    entries.filter(|(_, entry)| ours(entry)).map(|(place, _)| place).collect()
}

/// Moves everything from a place on in time; nothing comes to stand before what precedes it.
fn shift(entries: &mut [Entry], from: usize, by: i64) {
    let least = from.checked_sub(1).map_or(i64::MIN, |before| entries[before].at);
    for entry in &mut entries[from..] {
        entry.at = (entry.at + by).max(least);
    }
}
