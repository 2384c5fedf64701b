//! Edits of which exchanges there are, and when.

use evidence::{Entry, Event, Leg};
use protocol::ams::Api;
use serde_json::Value;

use super::{Edit, Ground, Talk, legacy, shift};

/// Longer and shorter waits before an exchange, and before its answer.
pub(super) fn pauses(ground: &Ground, talks: &[&Talk]) -> Vec<Edit> {
    let mut edits = vec![];
    for talk in talks {
        let Some((by, place)) = talk.caller.zip(talk.places.first().copied()) else { continue };
        for seconds in [30, 3_600] {
            let says = format!("{} begins {seconds} s later, and all after it", talk.name);
            edits.push(Edit::new(by, says, move |entries| shift(entries, place, seconds * 1_000)));
        }
        let entries = &ground.record.entries;
        let waited = entries[place].at - began_before(ground, place);
        if waited > 0 {
            let says = format!("{} begins at once", talk.name);
            edits.push(Edit::new(by, says, move |entries| hurry(entries, place, waited)));
        }
    }
    edits
}

/// When the message before a place was sent.
fn began_before(ground: &Ground, place: usize) -> i64 {
    let entries = &ground.record.entries[..place];
    let message = entries.iter().rfind(|entry| matches!(entry.event, Event::Message(_)));
    message.or(entries.first()).map_or(0, |entry| entry.at)
}

/// Takes a wait out: readings in between come at once, too.
fn hurry(entries: &mut [Entry], place: usize, waited: i64) {
    let moment = entries[place].at - waited;
    for entry in &mut entries[..place] {
        entry.at = entry.at.min(moment);
    }
    for entry in &mut entries[place..] {
        entry.at -= waited;
    }
}

/// Exchanges that come once more: at once, or when all seemed over.
pub(super) fn repeats(ground: &Ground, talks: &[&Talk]) -> Vec<Edit> {
    let fresh = ground.talks.iter().map(|talk| talk.number).max().unwrap_or(0) + 1;
    let mut edits = vec![];
    for talk in talks {
        let Some((by, last)) = talk.caller.zip(talk.places.last()) else { continue };
        let moments = [(last + 1, "at once"), (ground.end(), "at the end")];
        for (place, when) in moments {
            let places = &talk.places;
            let copy = || Copy { places: places.clone(), fresh, place, renamed: None, path: None };
            let says = format!("{} comes once more, {when}", talk.name);
            let again = copy();
            edits.push(Edit::new(by, says, move |entries| again.insert(entries)));
            if let Some(id) = talk.id.clone().filter(|_| talk.api == Some(Api::Pay)) {
                let renamed = Some((id.clone(), format!("{id}-2")));
                let other = Copy { renamed, ..copy() };
                let says = format!("{} comes once more under a new id, {when}", talk.name);
                edits.push(Edit::new(by, says, move |entries| other.insert(entries)));
                let others = [
                    (Api::Cancel, "a cancel"),
                    (Api::InquiryPayment, "an inquiry"),
                    (Api::Refund, "a refund"),
                ];
                for (api, name) in others {
                    let other = Copy { path: Some(api), ..copy() };
                    let says = format!("{name} of the payment of {} follows, {when}", talk.name);
                    edits.push(Edit::new(by, says, move |entries| other.insert(entries)));
                }
            }
        }
    }
    edits
}

/// A second copy of an exchange.
pub(super) struct Copy {
    pub(super) places: Vec<usize>,
    pub(super) fresh: u32,
    pub(super) place: usize,
    /// The payment request id, and what stands for it in the copy.
    pub(super) renamed: Option<(String, String)>,
    /// What the copy asks for instead.
    pub(super) path: Option<Api>,
}

impl Copy {
    /// Puts the copy where it belongs, two seconds after what precedes it.
    pub(super) fn insert(&self, entries: &mut Vec<Entry>) {
        let copies: Vec<Entry> = self.places.iter().map(|place| entries[*place].clone()).collect();
        let began = copies.first().map_or(0, |entry| entry.at);
        let took = copies.last().map_or(0, |entry| entry.at) - began;
        let start = entries[self.place - 1].at + 2_000;
        shift(entries, self.place, 2_000 + took);
        for (index, mut copy) in copies.into_iter().enumerate() {
            copy.at = start + copy.at - began;
            self.retell(&mut copy);
            entries.insert(self.place + index, copy);
        }
    }

    fn retell(&self, entry: &mut Entry) {
        legacy::retell(entry, self.renamed.as_ref(), self.path);
        let Event::Message(message) = &mut entry.event else { return };
        message.exchange = self.fresh;
        let Some(bytes) = &mut message.bytes else { return };
        if let Some(api) = self.path {
            let head = String::from_utf8_lossy(&bytes.head);
            let path = format!("/{} HTTP", api.name());
            bytes.head = head.replacen("/pay HTTP", &path, 1).into_bytes();
        }
        let Some((old, new)) = &self.renamed else { return };
        let Ok(mut body) = serde_json::from_slice::<Value>(&bytes.body) else { return };
        if let Some(id) = body.get_mut("paymentRequestId").filter(|id| *id == old.as_str()) {
            *id = Value::String(new.clone());
            bytes.body = serde_json::to_vec(&body).unwrap();
        }
    }
}

/// Exchanges that never were, whose answer never came, or came when all was over.
pub(super) fn losses(ground: &Ground, talks: &[&Talk]) -> Vec<Edit> {
    let end = ground.end();
    let mut edits = vec![];
    for talk in talks {
        if let Some(answer) = answer_of(ground, talk) {
            let (by, places) = (talk.answerer, talk.places.clone());
            let says = format!("{} has no answer", talk.name);
            edits.push(Edit::new(by, says, move |entries| drop_from(entries, &places, answer)));
            let says = format!("the answer to {} comes at the end", talk.name);
            edits.push(Edit::new(by, says, move |entries| {
                let mut late = entries.remove(answer);
                late.at = entries[end - 2].at;
                entries.insert(end - 1, late);
            }));
        }
    }
    for talk in talks {
        let Some(by) = talk.caller else { continue };
        let places = talk.places.clone();
        let says = format!("{} never was", talk.name);
        edits.push(Edit::new(by, says, move |entries| drop_from(entries, &places, 0)));
        if talk.api == Some(Api::InquiryPayment) {
            let later = ground.talks.iter().filter(|it| it.api == talk.api && it.caller.is_some());
            let later = later.filter(|it| it.number >= talk.number);
            let mut places: Vec<usize> = later.flat_map(|it| it.places.clone()).collect();
            places.sort_unstable();
            let says = format!("{} and all inquiries after it never were", talk.name);
            edits.push(Edit::new(by, says, move |entries| drop_from(entries, &places, 0)));
        }
    }
    edits
}

/// Where the answer of an exchange stands as it was sent.
fn answer_of(ground: &Ground, talk: &Talk) -> Option<usize> {
    talk.places.iter().copied().find(|place| {
        let event = &ground.record.entries[*place].event;
        matches!(event, Event::Message(message) if message.leg == Leg::AnswerSent)
    })
}

/// Takes out those of the places that are not before `from`.
fn drop_from(entries: &mut Vec<Entry>, places: &[usize], from: usize) {
    for place in places.iter().rev().filter(|place| **place >= from) {
        entries.remove(*place);
    }
}
