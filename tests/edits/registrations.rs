//! Edits of what the merchant's books say about secondary merchants, and of who sells for them.

use evidence::{Entry, Event, MerchantView, Party, RegistrationState};
use protocol::ams::Api;
use serde_json::{Value, json};

use super::exchanges::Copy;
use super::{Edit, Ground};

const STATES: [RegistrationState; 4] = [
    RegistrationState::Pending,
    RegistrationState::Approved,
    RegistrationState::Rejected,
    RegistrationState::Refused,
];

/// A way to tell a secondary merchant otherwise.
type Retelling = (&'static str, fn(&mut MerchantView));

/// Every retelling but those of the state.
const RETELLINGS: [Retelling; 3] = [
    ("shows every wallet's approval", |view| {
        view.wallets.iter_mut().for_each(|wallet| wallet.approved = true);
    }),
    ("keeps no wallet's reasons", |view| {
        view.wallets.iter_mut().for_each(|wallet| wallet.reasons.clear());
    }),
    ("shows no reason", |view| view.reason = None),
];

/// Retells the reading at a place.
fn retold(place: usize, how: impl Fn(&mut MerchantView) + 'static) -> impl Fn(&mut Vec<Entry>) {
    move |entries| {
        if let Event::Merchant(view) = &mut entries[place].event {
            how(view);
        }
    }
}

/// Readings of secondary merchants that say something else, or that are missing. The last ones come
/// first.
pub(super) fn merchants(ground: &Ground) -> Vec<Edit> {
    let mut edits = vec![];
    let mut count = 0;
    for (place, entry) in ground.record.entries.iter().enumerate().rev() {
        let Event::Merchant(view) = &entry.event else { continue };
        let was = view.state;
        count += 1;
        let name = format!("reading {count} of a secondary merchant, from the end,");
        for state in STATES.into_iter().filter(|state| *state != was) {
            let how = retold(place, move |view| view.state = state);
            edits.push(Edit::new(Party::Merchant, format!("{name} says {}", state.name()), how));
        }
        for (says, how) in RETELLINGS {
            edits.push(Edit::new(Party::Merchant, format!("{name} {says}"), retold(place, how)));
        }
        let gone = move |entries: &mut Vec<Entry>| drop(entries.remove(place));
        edits.push(Edit::new(Party::Merchant, format!("{name} is missing"), gone));
    }
    edits
}

/// The runner's own pays, made by the merchant itself in the name of somebody else.
pub(super) fn other_sellers(ground: &Ground) -> Vec<Edit> {
    let fresh = ground.talks.iter().map(|talk| talk.number).max().unwrap_or(0) + 1;
    let own =
        ground.talks.iter().filter(|talk| talk.api == Some(Api::Pay) && talk.caller.is_none());
    own.map(|talk| {
        let place = ground.end();
        let copy = Copy { places: talk.places.clone(), fresh, place, renamed: None, path: None };
        let (count, says) =
            (talk.places.len(), format!("the merchant makes {} itself, for another", talk.name));
        Edit::new(Party::Merchant, says, move |entries| {
            copy.insert(entries);
            entries[place..place + count].iter_mut().for_each(for_another);
        })
    })
    .collect()
}

/// Makes a message of an own pay the merchant's, and its seller another.
fn for_another(entry: &mut Entry) {
    let Event::Message(message) = &mut entry.event else { return };
    message.own = false;
    let Some(bytes) = &mut message.bytes else { return };
    let Ok(mut body) = serde_json::from_slice::<Value>(&bytes.body) else { return };
    if let Some(id) = body.pointer_mut("/order/merchant/referenceMerchantId") {
        *id = json!("somebody-else");
        bytes.body = serde_json::to_vec(&body).unwrap();
    }
}
