//! Checks of what the merchant makes of its reports.

use cucumber::then;
use evidence::words::{self as say, Place};
use evidence::{Difference, ReconciliationState, ReconciliationView};
use protocol::Generation;
use protocol::ams::reconciliation::FileKind;

use super::alter::Wanted;
use super::money::{summed_up, want_true_items};
use super::others::Told;
use super::reports::Wish;
use super::rows::want_true_transactions;
use crate::legacy::reconciliation as older;
use crate::seen::Reading;
use crate::{Finding, Seen, Stage};

/// The reading that answers a wish, the next wish being the limit, or a finding that there is none.
pub(crate) fn answer<'a>(
    seen: &'a Seen,
    finding: &mut Finding,
    wish: &Wish,
    before: u32,
) -> Option<&'a Reading<ReconciliationView>> {
    let reading = seen.reconciled(wish, before);
    let places = [wish.kind.prefix().to_owned(), wish.day.to_string()];
    if let Some(reading) = reading {
        finding.shown_by([wish.line, reading.line]);
    } else {
        let view = say::RECONCILED.with([&places[0], &places[1], "clean", "0", "…"]);
        finding.fail(view, say::RECONCILED_NOT.with(&places));
    }
    reading
}

/// Whether what the merchant makes of its files can be held against it: the gateway wrote them as it
/// has to, so that there is nothing to find but what the runner altered, and where the case alters
/// something the runner found it. Otherwise nothing is judged.
pub(crate) fn can_judge(finding: &mut Finding, seen: &Seen, kind: FileKind) -> bool {
    let written = as_written(seen, kind);
    let altered = seen.altered(kind);
    let ready = altered.done && (altered.changed || !seen.alters());
    if let Some((_, was)) = written.failure {
        finding.shown_by(written.lines);
        finding.cannot_judge(was);
    } else if !ready {
        finding.cannot_judge(say::REPORT_UNALTERED.with([seen.alteration_told()]));
    }
    finding.not_judged.is_none()
}

/// What is wrong with the files of a kind as the gateway wrote them.
fn as_written(seen: &Seen, kind: FileKind) -> Finding {
    if seen.generation == Generation::Legacy {
        return older::as_written(seen, kind);
    }
    let mut written = Finding::new();
    match kind {
        FileKind::TransactionItems => want_true_transactions(&mut written, seen),
        FileKind::SettlementItems => want_true_items(&mut written, seen),
        FileKind::SettlementSummary => {
            want_true_items(&mut written, seen);
            written = written.and(summed_up(seen));
        }
    }
    written
}

/// The last wish of all, and what came of it in the end.
pub(crate) fn last<'a>(
    seen: &'a Seen,
    finding: &mut Finding,
) -> Option<(Wish, &'a Reading<ReconciliationView>)> {
    let Some(wish) = seen.reconcile_wishes().pop() else {
        finding.cannot_judge(say::CANNOT_JUDGE.plain());
        return None;
    };
    if !can_judge(finding, seen, wish.kind) {
        return None;
    }
    answer(seen, finding, &wish, u32::MAX).map(|reading| (wish, reading))
}

pub(crate) fn told(view: &ReconciliationView) -> say::Phrase {
    let count = view.differences.len() as u64 + view.differences_left_out;
    say::RECONCILED.with([
        view.kind.prefix(),
        &view.day.to_string(),
        view.state.name(),
        &count.to_string(),
        &view.matched.to_string(),
    ])
}

/// Wants so many rows to agree, so many differences, and this state.
pub(crate) fn want_told(
    finding: &mut Finding,
    view: &ReconciliationView,
    state: ReconciliationState,
    differences: usize,
    agree: u64,
) {
    let count = view.differences.len() as u64 + view.differences_left_out;
    let wanted = say::RECONCILED.with([
        view.kind.prefix(),
        &view.day.to_string(),
        state.name(),
        &differences.to_string(),
        &agree.to_string(),
    ]);
    let holds = view.state == state && count == differences as u64 && view.matched == agree;
    finding.want(holds, wanted, told(view));
}

/// Wants so many differences among those that are judged, and so many rows to agree. A row about
/// another sale may differ, and agrees or not.
fn want_ours(finding: &mut Finding, seen: &Seen, told: &Told<'_>, differences: usize, agree: u64) {
    let state = if differences == 0 && told.others == 0 {
        ReconciliationState::Clean
    } else {
        ReconciliationState::Differences
    };
    let view = told.view;
    if finding.not_judged.is_some() {
        return;
    }
    if told.others == 0 {
        return want_told(finding, view, state, differences, agree);
    }
    let least = agree.saturating_sub(seen.rows_of_others(view.kind));
    let holds = view.state == state
        && told.count() == differences as u64
        && (least..=agree).contains(&view.matched);
    let wanted = say::RECONCILED.with([
        view.kind.prefix(),
        &view.day.to_string(),
        state.name(),
        &(differences as u64 + told.others).to_string(),
        &agree.to_string(),
    ]);
    finding.want(holds, wanted, self::told(view));
}

/// The files that lay there for a day, by path and digest.
fn lying(seen: &Seen, reading: &Reading<ReconciliationView>) -> Vec<(String, String)> {
    let view = &reading.view;
    let summed = view.kind == FileKind::SettlementSummary;
    let mut files = seen.delivered(view.kind, reading.line);
    if summed {
        files.extend(seen.delivered(FileKind::SettlementItems, reading.line));
    }
    let of_day = |path: &str| {
        // Where nobody knows beforehand when it is settled, no other batches are delivered.
        if seen.is_without_control() && view.kind != FileKind::TransactionItems {
            return true;
        }
        let day = if view.kind == FileKind::TransactionItems { view.day } else { view.day.next() };
        path.contains(&format!("/{day}/"))
    };
    files.retain(|(path, _)| of_day(path));
    files
}

/// Wants the merchant to name the files that lay there, byte for byte.
pub(crate) fn want_files(
    finding: &mut Finding,
    seen: &Seen,
    reading: &Reading<ReconciliationView>,
) {
    let view = &reading.view;
    let mut wanted = match seen.generation {
        Generation::Ams => lying(seen, reading),
        Generation::Legacy => older::lying(seen, reading),
    };
    let mut read: Vec<_> =
        view.files.iter().map(|file| (file.name.clone(), file.sha256.clone())).collect();
    wanted.sort();
    read.sort();
    let text = |files: &[(String, String)]| {
        let all: Vec<_> = files
            .iter()
            .map(|(path, digest)| {
                let name = path.rsplit_once('/').map_or(path.as_str(), |(_, name)| name);
                format!("{name} {}", digest.get(..8).unwrap_or_default())
            })
            .collect();
        say::RECONCILED_FILES.with([all.join(", ")])
    };
    finding.want(read == wanted, text(&wanted), text(&read));
}

/// How many rows the gateway wrote of what was compared.
fn rows(seen: &Seen, view: &ReconciliationView) -> u64 {
    let rows = seen
        .reports_of(view.kind)
        .into_iter()
        .filter(|report| view.day == report.name.date || view.kind != FileKind::TransactionItems);
    rows.map(|report| (report.text.lines().count() as u64).saturating_sub(2)).sum()
}

/// Wants a clean verdict on everything that lay there.
pub(crate) fn want_clean(
    finding: &mut Finding,
    seen: &Seen,
    reading: &Reading<ReconciliationView>,
) {
    let rows = match seen.generation {
        Generation::Ams => rows(seen, &reading.view),
        Generation::Legacy => older::rows(seen, &reading.view),
    };
    let told = Told::of(finding, &seen.owned(), &reading.view, &[]);
    want_ours(finding, seen, &told, 0, rows);
    want_files(finding, seen, reading);
}

/// What comes of the last reading.
fn of_last(
    seen: &Seen,
    want: impl FnOnce(&mut Finding, &Seen, &Reading<ReconciliationView>),
) -> Finding {
    let mut finding = Finding::new();
    if let Some((_, reading)) = last(seen, &mut finding) {
        want(&mut finding, seen, reading);
    }
    finding
}

#[then(expr = "the merchant finds no difference, and names the day, its files and every row")]
#[then(expr = "in the end the merchant finds no difference, and counts each row once")]
async fn clean(stage: &mut Stage) {
    stage.judge(|seen| of_last(seen, want_clean)).await;
}

#[then(expr = "the merchant reads the altered report, finds no difference and counts every row")]
async fn altered_and_clean(stage: &mut Stage) {
    stage.judge(|seen| of_last(seen, want_exactly)).await;
}

#[then(expr = "the merchant finds no difference on either day")]
async fn both_clean(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for wish in seen.reconcile_wishes() {
                if !can_judge(&mut finding, seen, wish.kind) {
                    return finding;
                }
                if let Some(reading) = answer(seen, &mut finding, &wish, u32::MAX) {
                    want_clean(&mut finding, seen, reading);
                }
            }
            finding
        })
        .await;
}

#[then(expr = "the unfinished report is refused as incomplete, and no verdict is given on it")]
async fn incomplete(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let wishes = seen.reconcile_wishes();
            let Some((first, rest)) = wishes.split_first() else {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
                return finding;
            };
            if !can_judge(&mut finding, seen, first.kind) {
                return finding;
            }
            let before = rest.first().map_or(u32::MAX, |next| next.line);
            if let Some(reading) = answer(seen, &mut finding, first, before) {
                let view = &reading.view;
                let places = [view.kind.prefix(), &view.day.to_string(), "incomplete", "…", "…"];
                finding.want(
                    view.state == ReconciliationState::Incomplete,
                    say::RECONCILED.with(places),
                    told(view),
                );
                want_files(&mut finding, seen, reading);
            }
            finding
        })
        .await;
}

/// A difference in a few words.
pub(crate) fn in_words(difference: &Difference) -> Place {
    let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "—".into());
    let id = difference.id.as_deref().unwrap_or("—");
    let (ours, theirs) = (text(&difference.ours), text(&difference.theirs));
    say::DIFFERENCE_OF.with([difference.kind.name(), id, &ours, &theirs]).into()
}

impl Wanted {
    pub(crate) fn fits(&self, difference: &Difference) -> bool {
        let side =
            |wanted: &Option<String>, told: &Option<String>| wanted.is_none() || wanted == told;
        self.kind == difference.kind
            && difference.id.as_ref() == Some(&self.id)
            && side(&self.ours, &difference.ours)
            && side(&self.theirs, &difference.theirs)
    }

    pub(crate) fn in_words(&self) -> Place {
        let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "…".into());
        let (ours, theirs) = (text(&self.ours), text(&self.theirs));
        say::DIFFERENCE_OF.with([self.kind.name(), &self.id, &ours, &theirs]).into()
    }
}

pub(crate) fn listed(all: &[impl Clone + Into<Place>]) -> Place {
    if all.is_empty() {
        "—".into()
    } else {
        Place::Listed(all.iter().cloned().map(Into::into).collect())
    }
}

/// Wants exactly the differences that the alteration makes, and every other row to agree.
pub(crate) fn want_exactly(
    finding: &mut Finding,
    seen: &Seen,
    reading: &Reading<ReconciliationView>,
) {
    let (view, altered) = (&reading.view, seen.altered(reading.view.kind));
    let planted: Vec<&str> = altered.wanted.iter().map(|wanted| wanted.id.as_str()).collect();
    let told = Told::of(finding, &seen.owned(), view, &planted);
    if finding.not_judged.is_some() {
        return;
    }
    let mut left = told.differences.clone();
    for wanted in &altered.wanted {
        if let Some(place) = left.iter().position(|difference| wanted.fits(difference)) {
            left.remove(place);
        }
    }
    let exactly = left.is_empty() && told.differences.len() == altered.wanted.len();
    let wanted: Vec<_> = altered.wanted.iter().map(Wanted::in_words).collect();
    let found: Vec<_> = told.differences.iter().copied().map(in_words).collect();
    finding.want(
        exactly,
        say::DIFFERENCES_ARE.holding([listed(&wanted)]),
        say::DIFFERENCES_ARE.holding([listed(&found)]),
    );
    want_ours(finding, seen, &told, altered.wanted.len(), altered.agree);
    want_files(finding, seen, reading);
}

#[then(
    expr = "the merchant reports exactly that difference, with id and values, and every other row agrees"
)]
#[then(expr = "what was altered is reported, by id and values, and nothing else")]
async fn exactly(stage: &mut Stage) {
    stage.judge(|seen| of_last(seen, want_exactly)).await;
}
