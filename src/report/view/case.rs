//! A case in detail: scenario, runs, attempts, checks.

use std::collections::BTreeSet;

use evidence::words::{self as w, Phrase};
use evidence::{Attachment, AttachmentForm, CaseRecord};

use super::diagram::Diagram;
use super::exchange::{ExchangeView, exchange_views};
use super::timeline::Timeline;
use super::wording::{Both, Chip, check_chip, family_name, outcome_chip, outcome_tone, party_name};
use crate::report::conversation::{exchanges, record_of, seconds};
use crate::report::text::shown_text;
use crate::report::{Page, explained, known_of, scenario};
use crate::verdict::{AttemptResult, CaseResult, CheckResult, CheckState, Origin, RunResult};

/// A case.
pub(in crate::report) struct CaseView {
    pub id: String,
    pub name: Both,
    pub chip: Chip,
    pub level: Both,
    /// Whether something went wrong in it.
    pub bad: bool,
    /// Whether it stands open when the page is opened.
    pub open: bool,
    pub reason: Option<Both>,
    pub place: Both,
    pub scenario: String,
    pub runs: Vec<RunView>,
}

/// A run of a case.
pub(in crate::report) struct RunView {
    pub name: Both,
    pub chip: Chip,
    pub attempts: Vec<AttemptView>,
}

/// An attempt of a run.
pub(in crate::report) struct AttemptView {
    pub name: Both,
    pub chip: Chip,
    pub took: Both,
    pub blamed: Option<Both>,
    pub broken: Option<Both>,
    pub attached: Vec<AttachedView>,
    pub checks: Vec<CheckView>,
    pub timeline: Option<Timeline>,
    pub diagram: Option<Diagram>,
    pub exchanges: Vec<ExchangeView>,
}

/// A file that somebody attached. The page shows where it is and loads nothing.
pub(in crate::report) struct AttachedView {
    pub name: String,
    pub file: String,
    pub form: Both,
    pub digest: String,
}

/// A check of an attempt.
pub(in crate::report) struct CheckView {
    pub name: String,
    pub chip: Chip,
    pub party: Both,
    pub family: Both,
    pub sentence: Both,
    pub expected: Option<Both>,
    pub seen: Option<Both>,
    pub rule: Both,
    pub address: String,
    /// Whether the address can be followed.
    pub link: bool,
    pub lines: Option<Both>,
    pub notes: Vec<Both>,
    /// Why the message that it shows was refused.
    pub why: Vec<Both>,
}

impl CaseView {
    /// The view of a case.
    pub(in crate::report) fn of(page: &Page<'_>, case: &CaseResult, seen: &[CaseRecord]) -> Self {
        let found = scenario::find(page.features, &case.id);
        let (place, scenario) = match found {
            None => (Both::same(""), String::new()),
            Some(found) => {
                let line = found.line.to_string();
                let place = Both::phrase(&w::SCENARIO_PLACE.with([found.path, line]));
                (place, shown_text(&found.text))
            }
        };
        let level = if case.mandatory { &w::LEVEL_MANDATORY } else { &w::LEVEL_OPTIONAL };
        Self {
            id: shown_text(&case.id),
            name: Both::new(&case.title, &case.title_zh),
            chip: outcome_chip(case.outcome),
            level: Both::sentence(level),
            bad: is_bad(case),
            open: stands_open(page, case),
            reason: case.reason.as_ref().map(Both::phrase),
            place,
            scenario,
            runs: case.runs.iter().map(|run| run_view(page, run, seen)).collect(),
        }
    }
}

/// How many cases stand open by themselves: a page on which all of them do is no overview.
const OPEN: usize = 20;

fn is_bad(case: &CaseResult) -> bool {
    matches!(outcome_tone(case.outcome), "bad" | "broken")
}

/// Whether a case is among the first of those in which something went wrong.
fn stands_open(page: &Page<'_>, case: &CaseResult) -> bool {
    let mut first = page.results.cases.iter().filter(|case| is_bad(case)).take(OPEN);
    is_bad(case) && first.any(|one| one.id == case.id)
}

fn run_view(page: &Page<'_>, run: &RunResult, seen: &[CaseRecord]) -> RunView {
    let attempts = run.attempts.iter();
    RunView {
        name: Both::phrase(&w::RUN_OF.with([&run.key])),
        chip: outcome_chip(run.outcome),
        attempts: attempts.map(|attempt| attempt_view(page, run, attempt, seen)).collect(),
    }
}

fn attempt_view(
    page: &Page<'_>,
    run: &RunResult,
    attempt: &AttemptResult,
    seen: &[CaseRecord],
) -> AttemptView {
    let record = record_of(seen, &run.key, attempt);
    let told = record.map(|record| exchanges(&record.entries)).unwrap_or_default();
    let failed = attempt.checks.iter().filter(|check| check.state == CheckState::Failed);
    let shown: Vec<u32> = failed.flat_map(|check| check.lines.iter().copied()).collect();
    let key = run.key.to_string();
    let label = Both::phrase(&w::DIAGRAM_OF.with([key.clone(), attempt.attempt.to_string()]));
    let line = Both::phrase(&w::TIMELINE_OF.with([key, attempt.attempt.to_string()]));
    let blamed = attempt.blamed.map(party_name);
    let took = seconds(attempt.ended.saturating_sub(attempt.began));
    AttemptView {
        name: Both::phrase(&match attempt.origin {
            None => w::ATTEMPT_OF.with([attempt.attempt]),
            Some(from) => w::ATTEMPT_OF_PART.with([attempt.attempt, from.part, from.attempt]),
        }),
        chip: outcome_chip(attempt.outcome),
        took: Both::phrase(&w::TOOK.with([took])),
        broken: attempt.broken.as_ref().map(|why| {
            let by = blamed.clone().unwrap_or_else(|| Both::same("?"));
            Both::filled(&w::BROKEN_BY, &[by, Both::place(why)])
        }),
        blamed: blamed.map(|party| Both::filled(&w::AT_FAULT, &[party])),
        attached: record.map(|record| attached_views(record, attempt.origin)).unwrap_or_default(),
        checks: attempt
            .checks
            .iter()
            .map(|check| {
                let told = record.zip(known_of(page.known, attempt));
                let why = told.map(|(record, known)| explained(check, record, known));
                check_view(page, check, &why.unwrap_or_default())
            })
            .collect(),
        timeline: record.and_then(|record| Timeline::of(record, &told, attempt.began, line)),
        diagram: record.map(|record| Diagram::of(record, &told, attempt.began, &shown, label)),
        exchanges: exchange_views(&told, attempt.began, &shown),
    }
}

/// What the record tells to be attached; what cannot be is told by whoever verifies the bundle.
fn attached_views(record: &CaseRecord, origin: Option<Origin>) -> Vec<AttachedView> {
    let told = record.entries.iter().filter_map(|entry| Attachment::told(&entry.event));
    let view = |it: Attachment| {
        let form = match it.form {
            AttachmentForm::Png | AttachmentForm::Jpeg => &w::ATTACHED_PICTURE,
            AttachmentForm::Pdf => &w::ATTACHED_DOCUMENT,
        };
        AttachedView {
            name: shown_text(&it.name),
            // In a merged bundle it lies where its run does.
            file: origin.map_or_else(|| it.file(), |part| part.file(&it.file())),
            form: Both::phrase(&form.with([it.bytes.div_ceil(1024)])),
            digest: it.sha256,
        }
    };
    told.filter_map(Result::ok).map(view).collect()
}

fn check_view(page: &Page<'_>, check: &CheckResult, why: &[Phrase]) -> CheckView {
    let rule = page.rules.get(&check.rule);
    let address = rule.map(|rule| rule.address.clone()).unwrap_or_default();
    let title = rule.map(|rule| rule.title.as_str()).filter(|title| !title.is_empty());
    CheckView {
        name: shown_text(&check.name),
        chip: check_chip(check.state),
        party: party_name(check.party),
        family: family_name(check.family),
        sentence: Both::new(&check.sentence, &check.sentence_zh),
        expected: check.expected.as_ref().map(Both::phrase),
        seen: check.seen.as_ref().map(Both::phrase),
        rule: Both::new(title.unwrap_or(&check.rule), rule.map_or("", |rule| &rule.title_zh)),
        link: address.starts_with("https://") || address.starts_with("http://"),
        address: shown_text(&address),
        lines: (!check.lines.is_empty())
            .then(|| Both::phrase(&w::LINES.with([line_ranges(&check.lines)]))),
        notes: check.notes.iter().map(Both::phrase).collect(),
        why: why.iter().map(Both::phrase).collect(),
    }
}

/// Lines of the record in their order, several that follow each other as one range.
fn line_ranges(lines: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = vec![];
    for line in lines.iter().copied().collect::<BTreeSet<_>>() {
        match ranges.last_mut() {
            Some((_, last)) if line - *last == 1 => *last = line,
            _ => ranges.push((line, line)),
        }
    }
    let shown = ranges.into_iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}–{last}"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::line_ranges;

    #[test]
    fn lines_stand_in_order_and_neighbours_as_one_range() {
        for (lines, shown) in [
            (&[][..], ""),
            (&[7], "7"),
            (&[25, 26, 27, 21], "21, 25–27"),
            (&[3, 1, 2, 3, 5, 6, 9, 10, 11, 12], "1–3, 5, 6, 9–12"),
            (&[u32::MAX, 0], "0, 4294967295"),
        ] {
            assert_eq!(line_ranges(lines), shown, "{lines:?}");
        }
    }
}
