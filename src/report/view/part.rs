//! A run of those that a report joins.

use evidence::words as w;

use super::wording::{Both, verdict_of};
use crate::report::PartHead;
use crate::report::text::shown_text;

/// A line of the table of runs.
pub(in crate::report) struct PartView {
    pub folder: String,
    pub run_id: String,
    pub started: String,
    pub gateway: String,
    pub mark: Option<Both>,
    pub selection: Both,
    pub tone: &'static str,
    pub verdict: Both,
}

impl PartView {
    pub(super) fn of(part: &PartHead) -> Self {
        let (tone, verdict) = verdict_of(part.verdict);
        let passed = Both::same(&part.mandatory_passed.to_string());
        let selection = match part.selection.as_str() {
            "" => Both::sentence(&w::PART_EVERYTHING),
            words => Both::same(words),
        };
        let selection = match part.shard.as_str() {
            "" => selection,
            shard => Both::filled(&w::PART_SHARD, &[selection, Both::same(shard)]),
        };
        Self {
            folder: shown_text(&part.folder),
            run_id: shown_text(&part.run_id),
            started: shown_text(&part.started),
            gateway: shown_text(&part.gateway),
            mark: part.simulated.then(|| Both::sentence(&w::MARK_SIMULATED)),
            selection,
            tone,
            verdict: Both::filled(&w::PART_PASSED, &[Both::sentence(verdict), passed]),
        }
    }
}
