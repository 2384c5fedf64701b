//! An attempt told line by line, for who reads it on a terminal: what the drawing of it shows.

use evidence::CaseRecord;
use evidence::words::{self as w, Language};

use super::diagram::{Arrow, Diagram, lane_name};
use super::wording::Both;
use crate::report::conversation::exchanges;

/// What happened in an attempt, a line for each message and event, in a language.
pub(crate) fn tale(record: &CaseRecord, language: Language) -> Vec<String> {
    let told = exchanges(&record.entries);
    let began = record.entries.first().map_or(0, |entry| entry.at);
    let drawing = Diagram::of(record, &told, began, &[], Both::same(""));
    let line = |(at, note, arrow): (String, Option<Both>, Option<Arrow>)| {
        let note = note.map(|note| note.into_text(language));
        let says = arrow.map(|arrow| along(arrow, language)).or(note).unwrap_or_default();
        format!("{at}  {says}")
    };
    drawing.rows.into_iter().map(|row| line((row.at, row.note, row.arrow))).collect()
}

fn along(arrow: Arrow, language: Language) -> String {
    let name = |x| match lane_name(x) {
        // The runner's own calls are drawn from where the witness stands.
        lane if arrow.own && lane == &w::LANE_WITNESS => &w::PARTY_RUNNER,
        lane => lane,
    };
    let [from, to] = [arrow.from, arrow.to].map(|x| name(x).text(language));
    let lost = if arrow.lost { " ×" } else { "" };
    let says = format!("{from} → {to}: {} {}", arrow.text.into_text(language), arrow.mark);
    format!("{}{lost}", says.trim_end())
}
