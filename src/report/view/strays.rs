//! What came to the witness and fitted no scenario.

use evidence::Entry;
use evidence::words as w;

use super::exchange::{ExchangeView, exchange_views};
use super::wording::Both;
use crate::report::conversation::exchanges;

/// How many exchanges the page shows: whoever calls all the time must not make it unreadable.
const SHOWN: usize = 100;

/// The strays of a run.
pub(in crate::report) struct StraysView {
    pub count: usize,
    pub exchanges: Vec<ExchangeView>,
    pub more: Option<Both>,
}

impl StraysView {
    /// The view of these entries; `None` where there are none.
    pub(in crate::report) fn of(strays: &[Entry]) -> Option<Self> {
        let began = strays.first()?.at;
        let told = exchanges(strays);
        let (count, shown) = (told.len(), told.get(..SHOWN).unwrap_or(&told));
        let left = count - shown.len();
        let more = (left > 0).then(|| Both::phrase(&w::STRAYS_MORE.with([left])));
        Some(Self { count, exchanges: exchange_views(shown, began, &[]), more })
    }
}
