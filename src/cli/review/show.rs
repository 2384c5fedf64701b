//! What a reviewer is shown: what waits, and the evidence for it.

use evidence::words::{
    AND_OTHERS, ATTEMPT_OF, Language, Phrase, REVIEW_ALL_LEFT_OUT, REVIEW_ATTACHED,
    REVIEW_CHECK_FAILED, REVIEW_CHECK_HELD, REVIEW_CHECK_NOTE, REVIEW_CHECK_OPEN,
    REVIEW_EXPECTED_SEEN, REVIEW_ITEM, REVIEW_REASON, REVIEW_STAYS, REVIEW_UNSTABLE,
    REVIEW_WAITING, RUN_BROKEN,
};
use evidence::{Attachment, CaseKey, CaseRecord, Party};

use super::waiting::Waiting;
use crate::cli::output::{Span, Terminal, Tone, one_line};
use crate::cli::verify::{SeenPart, Whole};
use crate::report::tale;
use crate::verdict::{AttemptResult, CaseResult, CheckResult, CheckState, Outcome, RunResult};

/// Lines of an attempt's tale that are shown; the page has all of them.
const LONGEST_TALE: usize = 60;

/// What waits, in numbers, and what no review changes.
pub(super) fn overview(terminal: &mut Terminal, waiting: &Waiting<'_>) {
    for case in &waiting.unstable {
        plain(terminal, Tone::Warning, &REVIEW_UNSTABLE.with([case]));
    }
    for why in &waiting.stays {
        plain(terminal, Tone::Warning, &REVIEW_STAYS.holding([why.clone().into()]));
    }
    if !waiting.left_out.is_empty() {
        let (count, ids) = (waiting.left_out.len().to_string(), waiting.left_out.join(", "));
        plain(terminal, Tone::Warning, &REVIEW_ALL_LEFT_OUT.with([count, ids]));
    }
    if !waiting.is_empty() {
        let counts = [waiting.runs.len(), waiting.open.len()];
        plain(terminal, Tone::Strong, &REVIEW_WAITING.with(counts));
    }
}

fn plain(terminal: &mut Terminal, tone: Tone, says: &Phrase) {
    let says = terminal.text(says);
    terminal.line([Span::new(tone, says)]);
}

fn indented(terminal: &mut Terminal, tone: Tone, says: &Phrase) {
    let says = terminal.text(says);
    terminal.line([Span::new(tone, format!("  {says}"))]);
}

/// Where the evidence is taken from.
pub(super) struct Screen<'a> {
    pub(super) judged: &'a Whole,
}

impl Screen<'_> {
    /// The part in which an attempt was made, and its record there.
    pub(super) fn seen(
        &self,
        key: &CaseKey,
        attempt: &AttemptResult,
    ) -> Option<(&SeenPart, &CaseRecord)> {
        let (part, number) = match attempt.origin {
            Some(origin) => (usize::try_from(origin.part).ok()?.checked_sub(1)?, origin.attempt),
            None => (0, attempt.attempt),
        };
        let part = self.judged.parts.get(part)?;
        let mut cases = part.record.cases.iter();
        let record = cases.find(|record| record.key == *key && record.attempt == number)?;
        Some((part, record))
    }

    /// A run that waits: all that was asked, done and seen, what is attached, and every check.
    pub(super) fn run(&self, terminal: &mut Terminal, case: &CaseResult, run: &RunResult) {
        head(terminal, &run.key.to_string(), run.outcome, case);
        for attempt in &run.attempts {
            if run.attempts.len() > 1 {
                indented(terminal, Tone::Strong, &ATTEMPT_OF.with([attempt.attempt]));
            }
            if let Some((_, record)) = self.seen(&run.key, attempt) {
                told(terminal, record);
            }
            checks(terminal, attempt, true);
        }
    }
}

/// A case that does not count: why its runs did not pass.
pub(super) fn case(terminal: &mut Terminal, case: &CaseResult) {
    head(terminal, &case.id, case.outcome, case);
    let counts = |run: &&RunResult| !matches!(run.outcome, Outcome::Passed | Outcome::Unstable);
    for run in case.runs.iter().filter(counts) {
        let says = REVIEW_ITEM.with([&run.key.to_string(), run.outcome.name()]);
        if case.runs.len() > 1 {
            indented(terminal, Tone::Faint, &says);
        }
        for attempt in &run.attempts {
            if let Some(why) = &attempt.broken {
                let by = attempt.blamed.map_or("", Party::name);
                let why = why.said(terminal.language());
                let says = RUN_BROKEN.with([&run.key.to_string(), &why, by]);
                indented(terminal, Tone::Warning, &says);
            }
            checks(terminal, attempt, false);
        }
    }
}

fn head(terminal: &mut Terminal, name: &str, outcome: Outcome, case: &CaseResult) {
    terminal.line([""]);
    plain(terminal, Tone::Strong, &REVIEW_ITEM.with([name, outcome.name()]));
    let title = match terminal.language() {
        Language::En => &case.title,
        Language::Zh => &case.title_zh,
    };
    terminal.line([format!("  {}", one_line(title))]);
    if let Some(reason) = &case.reason {
        indented(terminal, Tone::Plain, &REVIEW_REASON.holding([reason.clone().into()]));
    }
}

/// What happened, line by line, and what is attached.
fn told(terminal: &mut Terminal, record: &CaseRecord) {
    let lines = tale(record, terminal.language());
    for line in lines.iter().take(LONGEST_TALE) {
        terminal.line([Span::new(Tone::Faint, format!("  {}", one_line(line)))]);
    }
    if let Some(more) = lines.len().checked_sub(LONGEST_TALE).filter(|more| *more > 0) {
        indented(terminal, Tone::Faint, &AND_OTHERS.with(["…", &more.to_string()]));
    }
    for attached in attached(record) {
        let says = REVIEW_ATTACHED.with([&attached.name, &attached.file(), &attached.sha256]);
        indented(terminal, Tone::Advice, &says);
    }
}

/// What an attempt's record tells to be attached.
pub(super) fn attached(record: &CaseRecord) -> impl Iterator<Item = Attachment> {
    let told = record.entries.iter().filter_map(|entry| Attachment::told(&entry.event));
    told.filter_map(Result::ok)
}

/// The checks of an attempt, or only those that did not hold.
fn checks(terminal: &mut Terminal, attempt: &AttemptResult, all: bool) {
    for check in attempt.checks.iter().filter(|check| all || check.state != CheckState::Held) {
        let sentence = match terminal.language() {
            Language::Zh if !check.sentence_zh.is_empty() => &check.sentence_zh,
            Language::En | Language::Zh => &check.sentence,
        };
        let (tone, says) = match check.state {
            CheckState::Held => (Tone::Good, REVIEW_CHECK_HELD.with([&check.name, sentence])),
            CheckState::Failed => {
                let party = check.party.name();
                (Tone::Bad, REVIEW_CHECK_FAILED.with([&check.name, party, sentence]))
            }
            CheckState::NotJudged => {
                (Tone::Warning, REVIEW_CHECK_OPEN.with([&check.name, sentence]))
            }
        };
        indented(terminal, tone, &says);
        found(terminal, check);
    }
}

fn found(terminal: &mut Terminal, check: &CheckResult) {
    if check.state != CheckState::Held {
        let texts = [&check.expected, &check.seen].map(|phrase| {
            phrase.as_ref().map_or_else(|| "—".to_owned(), |it| it.text(terminal.language()))
        });
        indented(terminal, Tone::Plain, &REVIEW_EXPECTED_SEEN.with(texts));
    }
    for note in &check.notes {
        indented(terminal, Tone::Warning, &REVIEW_CHECK_NOTE.holding([note.clone().into()]));
    }
}
