//! Edits of what the merchant's books, the wallets and the people say.

use std::collections::BTreeMap;

use evidence::{
    Booking, Entry, Event, Movement, OrderState, OrderView, Party, RefundState, WalletStatement,
};
use protocol::Amount;
use serde_json::Value;

use super::{Edit, Ground};

const STATES: [OrderState; 5] = [
    OrderState::Paid,
    OrderState::Waiting,
    OrderState::Failed,
    OrderState::Cancelled,
    OrderState::ForStaff,
];

/// A way to tell an order otherwise.
type Retelling = (&'static str, fn(&mut OrderView));

fn with_state(view: &mut OrderView, state: OrderState) {
    (view.till, view.back_office) = (state, state);
}

/// Every retelling of an order but those of its state.
const RETELLINGS: [Retelling; 11] = [
    ("says paid at the till alone", |view| view.till = OrderState::Paid),
    ("says waiting in the back office alone", |view| view.back_office = OrderState::Waiting),
    ("names another paid amount", |view| {
        view.paid.iter_mut().for_each(|paid| paid.minor += 1);
    }),
    ("names no paid amount", |view| view.paid = None),
    ("has one booking more", |view| {
        let again = view.bookings.first().cloned();
        view.bookings.extend(again);
    }),
    ("has no booking", |view| view.bookings.clear()),
    ("offers another code", |view| {
        let shown = view.shown.iter_mut().filter_map(|shown| shown.code.as_mut());
        shown.for_each(|code| code.push('x'));
    }),
    ("sends the buyer to another address", |view| {
        let shown = view.shown.iter_mut().filter_map(|shown| shown.link.as_mut());
        shown.for_each(|link| link.push('x'));
    }),
    ("says paid on the page for a buyer who came back", |view| {
        let shown = view.shown.iter_mut().filter_map(|shown| shown.page.as_mut());
        shown.for_each(|page| *page = OrderState::Paid);
    }),
    ("offers nothing", |view| view.shown = None),
    ("shows every refund as done", |view| {
        view.refunds.iter_mut().for_each(|refund| refund.state = RefundState::Refunded);
    }),
];

/// Retells the reading at a place.
fn retold(place: usize, how: impl Fn(&mut OrderView) + 'static) -> impl Fn(&mut Vec<Entry>) {
    move |entries| {
        if let Event::Order(view) = &mut entries[place].event {
            how(view);
        }
    }
}

/// Every reading with its place and its name.
fn readings(ground: &Ground) -> Vec<(usize, OrderView, String)> {
    let entries = ground.record.entries.iter().enumerate();
    let mut views: Vec<(usize, OrderView)> = vec![];
    for (place, entry) in entries {
        if let Event::Order(view) = &entry.event {
            views.push((place, (**view).clone()));
        }
    }
    let mut orders: Vec<String> = vec![];
    let mut nths: BTreeMap<String, usize> = BTreeMap::new();
    let mut named = vec![];
    for (place, view) in &views {
        if !orders.contains(&view.order) {
            orders.push(view.order.clone());
        }
        let number = orders.iter().position(|order| *order == view.order).unwrap() + 1;
        let nth = nths.entry(view.order.clone()).or_default();
        *nth += 1;
        let last = !views.iter().any(|(later, other)| later > place && other.order == view.order);
        let which = if last { "the last reading".into() } else { format!("reading {nth}") };
        named.push((*place, view.clone(), format!("{which} of order {number}")));
    }
    named
}

/// Readings of orders that say something else, or that are missing. The last ones come first.
pub(super) fn orders(ground: &Ground) -> Vec<Edit> {
    let mut edits = vec![];
    for (place, view, name) in readings(ground).into_iter().rev() {
        for state in STATES.into_iter().filter(|state| *state != view.till) {
            let how = move |view: &mut OrderView| with_state(view, state);
            edits.push(Edit::new(
                Party::Merchant,
                format!("{name} says {}", state.name()),
                retold(place, how),
            ));
        }
        for (says, how) in RETELLINGS {
            edits.push(Edit::new(Party::Merchant, format!("{name} {says}"), retold(place, how)));
        }
        let gone = move |entries: &mut Vec<Entry>| drop(entries.remove(place));
        edits.push(Edit::new(Party::Merchant, format!("{name} is missing"), gone));
    }
    edits.extend(booked_aside(ground));
    edits.extend(codes_that_follow(ground));
    edits
}

/// Another code in the place of one that is shown.
fn codes_that_follow(ground: &Ground) -> Vec<Edit> {
    let code = |view: &OrderView| view.shown.as_ref().and_then(|shown| shown.code.clone());
    let shown = readings(ground).into_iter().filter(|(_, view, _)| code(view).is_some());
    let follow = shown.map(|(place, mut view, name)| {
        let shown = view.shown.iter_mut().filter_map(|shown| shown.code.as_mut());
        shown.for_each(|code| code.push('x'));
        let how = move |entries: &mut Vec<Entry>| {
            let at = entries[place].at;
            let event = Event::Order(Box::new(view.clone()));
            entries.insert(place + 1, Entry { line: 0, at, event });
        };
        Edit::new(Party::Merchant, format!("another code follows {name}"), how)
    });
    follow.collect()
}

/// When the first order was sold, and for how much.
fn first_sale(ground: &Ground) -> Option<(i64, Amount)> {
    ground.record.entries.iter().find_map(|entry| {
        let Event::Did { what, facts } = &entry.event else { return None };
        let amount = facts.get("amount").filter(|_| what == "sale")?;
        Some((entry.at, serde_json::from_value(amount.clone()).ok()?))
    })
}

/// An order that is failed in all that is shown, and yet has money booked, or the other way round.
fn booked_aside(ground: &Ground) -> Vec<Edit> {
    let Some((_, amount)) = first_sale(ground) else { return vec![] };
    readings(ground)
        .into_iter()
        .rev()
        .filter(|(_, view, _)| view.bookings.is_empty())
        .map(|(place, _, name)| {
            let how = move |view: &mut OrderView| view.bookings.push(Booking { amount });
            Edit::new(Party::Merchant, format!("{name} has a booking"), retold(place, how))
        })
        .collect()
}

/// Readings in between: an order that is something else for a moment, or until it is read again.
pub(super) fn interludes(ground: &Ground) -> Vec<Edit> {
    let mut edits = vec![];
    for (place, view, name) in readings(ground) {
        for later in place + 1..ground.end() {
            for state in STATES.into_iter().filter(|state| *state != view.till) {
                for back in [true, false] {
                    let view = view.clone();
                    let how = move |entries: &mut Vec<Entry>| {
                        let at = entries[later - 1].at;
                        let event = Event::Order(Box::new(view.clone()));
                        let mut other = Entry { line: 0, at, event };
                        if back {
                            entries.insert(later, other.clone());
                        }
                        if let Event::Order(view) = &mut other.event {
                            with_state(view, state);
                        }
                        entries.insert(later, other);
                    };
                    let then = if back { "for a moment" } else { "until it is read again" };
                    let says = format!("after {name} it says {} {then}", state.name());
                    edits.push(Edit::new(Party::Merchant, says, how));
                }
            }
        }
    }
    edits
}

/// A way to change a statement.
type Restating = Box<dyn Fn(&mut WalletStatement)>;

/// Wallets that moved other money.
pub(super) fn wallet(ground: &Ground) -> Vec<Edit> {
    let entries = &ground.record.entries;
    let found = entries.iter().enumerate().find_map(|(place, entry)| {
        let Event::Wallet(statement) = &entry.event else { return None };
        Some((place, statement))
    });
    let Some((place, statement)) = found else { return vec![] };
    let began = entries.first().map_or(0, |entry| entry.at);
    let mut changes: Vec<(String, Restating)> = vec![];
    for index in 0..statement.debits.len() {
        changes.extend(debit(index, began));
    }
    for index in 0..statement.credits.len() {
        let name = format!("credit {}", index + 1);
        changes
            .push((format!("{name} is missing"), Box::new(move |s| drop(s.credits.remove(index)))));
        let twice: Restating = Box::new(move |s| s.credits.push(s.credits[index].clone()));
        changes.push((format!("{name} is there twice"), twice));
    }
    for (name, movement) in never_debited(ground, statement) {
        let how: Restating = Box::new(move |s| s.debits.push(movement.clone()));
        changes.push((format!("there is a debit for {name}"), how));
    }
    let edit = |(says, how): (String, Restating)| {
        Edit::new(Party::Gateway, says, move |entries: &mut Vec<Entry>| {
            if let Event::Wallet(statement) = &mut entries[place].event {
                how(statement);
            }
        })
    };
    changes.into_iter().map(edit).collect()
}

/// What else could be said of a debit.
fn debit(index: usize, began: i64) -> Vec<(String, Restating)> {
    let name = format!("debit {}", index + 1);
    let more = move |s: &WalletStatement| {
        let mut more = s.debits[index].clone();
        more.amount.minor += 1;
        more
    };
    vec![
        (format!("{name} is missing"), Box::new(move |s| drop(s.debits.remove(index)))),
        (format!("{name} is of another amount"), Box::new(move |s| s.debits[index] = more(s))),
        (
            format!("{name} is there twice"),
            Box::new(move |s| s.debits.push(s.debits[index].clone())),
        ),
        (format!("{name} comes first of all"), Box::new(move |s| s.debits[index].at = began)),
        (
            format!("{name} is given back"),
            Box::new(move |s| s.credits.push(s.debits[index].clone())),
        ),
        (format!("more than {name} is given back"), Box::new(move |s| s.credits.push(more(s)))),
    ]
}

/// A debit for each payment that has none.
fn never_debited(ground: &Ground, statement: &WalletStatement) -> Vec<(String, Movement)> {
    let Some((at, amount)) = first_sale(ground) else { return vec![] };
    let mut movements: Vec<(String, Movement)> = vec![];
    for talk in &ground.talks {
        let Some(request_id) = talk.id.clone() else { continue };
        let known = statement.debits.iter().any(|debit| debit.request_id == request_id)
            || movements.iter().any(|(_, movement)| movement.request_id == request_id);
        if !known {
            let movement = Movement { request_id, payment_id: "1".into(), amount, at };
            movements.push((format!("the payment of {}", talk.name), movement));
        }
    }
    movements
}

/// People who fared otherwise: the buyer at the gateway, everybody else at the merchant's.
pub(super) fn acts(ground: &Ground) -> Vec<Edit> {
    let mut edits = vec![];
    for (place, entry) in ground.record.entries.iter().enumerate() {
        let Event::Did { what, facts } = &entry.event else { continue };
        // What was sold is not for merchant or gateway to say.
        if what == "sale" {
            continue;
        }
        let by = if what.starts_with("buyer") { Party::Gateway } else { Party::Merchant };
        for (name, value) in facts {
            let Value::Bool(truth) = value else { continue };
            let (fact, other) = (name.clone(), !truth);
            let how = move |entries: &mut Vec<Entry>| {
                if let Event::Did { facts, .. } = &mut entries[place].event {
                    facts.insert(fact.clone(), Value::Bool(other));
                }
            };
            edits.push(Edit::new(by, format!("{what}: {name} is {other}"), how));
        }
    }
    edits
}
