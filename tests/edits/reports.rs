//! Edits of what the gateway's reports say, and of what the merchant makes of them.

use evidence::{
    Difference, DifferenceKind, Entry, Event, Party, ReconciliationState, ReconciliationView,
};
use serde_json::Value;

use super::{Edit, Ground};

/// A way to tell a reconciliation otherwise.
type Retelling = (&'static str, fn(&mut ReconciliationView));

const RETELLINGS: [Retelling; 11] = [
    ("is clean", |view| view.state = ReconciliationState::Clean),
    ("has differences", |view| view.state = ReconciliationState::Differences),
    ("is incomplete", |view| view.state = ReconciliationState::Incomplete),
    ("waits for files", |view| view.state = ReconciliationState::Waiting),
    ("has a row less that agrees", |view| view.matched = view.matched.saturating_sub(1)),
    ("lacks a difference", |view| drop(view.differences.pop())),
    ("tells another value of a difference", |view| {
        view.differences.iter_mut().for_each(|told| told.theirs = Some("USD 0.07".into()));
    }),
    ("names another id in a difference", |view| {
        view.differences.iter_mut().for_each(|told| told.id = Some("nobody-2".into()));
    }),
    ("has a difference more", |view| {
        view.differences.push(Difference {
            kind: DifferenceKind::Extra,
            file: None,
            line: None,
            column: None,
            id: Some("nobody-1".into()),
            ours: None,
            theirs: Some("USD 0.07".into()),
        });
    }),
    ("names another payout", |view| {
        view.payouts.iter_mut().for_each(|payout| payout.amount.minor += 1);
    }),
    ("read no file", |view| view.files.clear()),
];

/// Readings of a reconciliation that say something else.
pub(super) fn told(ground: &Ground) -> Vec<Edit> {
    let entries = ground.record.entries.iter().enumerate();
    let views = entries.filter(|(_, entry)| matches!(entry.event, Event::Reconciliation { .. }));
    let mut edits = vec![];
    for (nth, (place, _)) in views.enumerate() {
        for (says, how) in RETELLINGS {
            let change = move |entries: &mut Vec<Entry>| {
                if let Event::Reconciliation { view } = &mut entries[place].event {
                    how(view);
                }
            };
            let says = format!("reconciliation {} {says}", nth + 1);
            edits.push(Edit::new(Party::Merchant, says, change));
        }
    }
    edits
}

/// A way to write a report otherwise.
pub(super) type Rewriting = (&'static str, fn(&str) -> String);

const REWRITINGS: [Rewriting; 6] = [
    ("has another header", |text| text.replacen("customerId", "customer", 1)),
    ("has no end", |text| text.replace("<END>\n", "")),
    ("lacks its last row", |text| with_last(text, |_| None)),
    ("has its last row twice", |text| with_last(text, |row| Some(format!("{row}\n{row}")))),
    ("names another store in its last row", |text| {
        with_last(text, |row| {
            let other = |(place, cell)| if place == 2 { "store-0" } else { cell };
            let cells: Vec<_> = row.split(',').enumerate().map(other).collect();
            Some(cells.join(","))
        })
    }),
    ("has other digits in its last row", |text| {
        with_last(text, |row| {
            let cells: Vec<_> = row.split(',').map(one_more).collect();
            Some(cells.join(","))
        })
    }),
];

/// The text with its last row written otherwise, or without it.
fn with_last(text: &str, how: impl Fn(&str) -> Option<String>) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.len() > 2 {
        let place = lines.len() - 2;
        match how(&lines[place]) {
            Some(row) => lines[place] = row,
            None => drop(lines.remove(place)),
        }
    }
    lines.join("\n") + "\n"
}

/// A short number with another last digit; everything else as it is.
fn one_more(cell: &str) -> String {
    let short =
        cell.len() < 10 && cell.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    match cell.char_indices().next_back() {
        Some((place, last)) if short && last.is_ascii_digit() => {
            let other = if last == '9' { '8' } else { '9' };
            format!("{}{other}", &cell[..place])
        }
        Some(_) | None => cell.to_owned(),
    }
}

/// Ways to write a file of the older generation otherwise.
pub(super) const OLDER: [Rewriting; 5] = [
    ("has another first line", |text| format!("x{text}")),
    ("lacks its last row", |text| older(text, |rows| drop(rows.pop()))),
    ("has its last row twice", |text| older(text, |rows| rows.extend(rows.last().cloned()))),
    ("has other digits in its last row", |text| {
        older(text, |rows| {
            if let Some(row) = rows.last_mut() {
                *row = row.split('|').map(one_more).collect::<Vec<_>>().join("|");
            }
        })
    }),
    ("settles nothing", |text| text.replace("|L|", "|P|")),
];

/// A file of the older generation with other lines; its head counts them all the same.
fn older(text: &str, how: impl Fn(&mut Vec<String>)) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let rows = lines.len();
    how(&mut lines);
    if let Some((head, count)) = lines.first().and_then(|first| first.split_once("Total_count:")) {
        let count: usize = count.parse().unwrap_or_default();
        lines[0] = format!("{head}Total_count:{}", (count + lines.len()).saturating_sub(rows));
    }
    lines.join("\r\n")
}

/// Reports of the gateway's that say something else.
pub(super) fn written(ground: &Ground) -> Vec<Edit> {
    let mut edits = vec![];
    for (place, entry) in ground.record.entries.iter().enumerate() {
        let Event::Did { what, facts } = &entry.event else { continue };
        if what != "gateway-files" {
            continue;
        }
        let path = facts.get("path").and_then(Value::as_str).unwrap_or_default();
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name).to_owned();
        let elsewhere = move |entries: &mut Vec<Entry>| {
            if let Event::Did { facts, .. } = &mut entries[place].event
                && let Some(Value::String(path)) = facts.get_mut("path")
            {
                *path = path.replacen("/v1/settlements/", "/v1/settlements/9", 1);
                *path = path.replacen("2088000000000001_", "2088999999999999_", 1);
            }
        };
        let says = format!("{name} lies under another customer");
        edits.push(Edit::new(Party::Gateway, says, elsewhere));
        let gone = move |entries: &mut Vec<Entry>| drop(entries.remove(place));
        edits.push(Edit::new(Party::Gateway, format!("there is no {name}"), gone));
        let rewritings: &[Rewriting] = if path.contains('/') { &REWRITINGS } else { &OLDER };
        for (says, how) in rewritings.iter().copied() {
            let change = move |entries: &mut Vec<Entry>| {
                if let Event::Did { facts, .. } = &mut entries[place].event
                    && let Some(Value::String(text)) = facts.get_mut("text")
                {
                    *text = how(text);
                }
            };
            edits.push(Edit::new(Party::Gateway, format!("{name} {says}"), change));
        }
    }
    edits
}
