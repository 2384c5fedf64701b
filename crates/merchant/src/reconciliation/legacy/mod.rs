//! Reconciliation under a legacy contract: files by delivery or download, read by the names of their
//! columns, against the same entries and by the same rules as those of the other generation.

mod desk;
mod fetch;
mod item;
mod own;
mod table;

use delivery::DeliveryError;
use evidence::{Difference, DifferenceKind, ReconciliationState, ReconciliationView};
use protocol::Day;
use protocol::ams::reconciliation::FileKind;

use self::desk::Desk;
use self::fetch::{Fetched, Got};
use self::own::Own;
use self::table::{Layout, settled_on};
use super::asked::unfetched;
use super::entries::Entry;
use super::own::OwnEntry;
use crate::defect::{Defect, Switch};
use crate::driver::Reconcile;
use crate::reference::Reference;

/// Compares the merchant's own entries with files of the older generation, each with its name.
/// Refunds are found by their own numbers alone.
pub fn reconcile_legacy<'a>(
    partner: &str,
    wish: Reconcile,
    own: impl Iterator<Item = OwnEntry<'a>> + Clone,
    files: impl Iterator<Item = (String, Vec<u8>)>,
    switch: &Switch,
) -> ReconciliationView {
    let mut view = blank(wish);
    let mut desk = Desk::new(wish, (wish.day, wish.day), partner, switch);
    desk.take(own.clone());
    let numbers = Own::default();
    for (name, bytes) in files {
        let layout = Layout::of(&name);
        desk.read(&Fetched { name, layout, bytes, says_nothing: false }, &numbers, 0);
    }
    desk.finish(&mut view, own);
    view
}

/// What came of a wish.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) view: ReconciliationView,
    /// Whether to try again later.
    pub(super) again: bool,
}

impl Reference {
    /// Fetches the files of a day and compares them.
    pub(super) async fn reconciled_legacy(&self, wish: Reconcile) -> Outcome {
        match self.compared(wish).await {
            Ok(outcome) => outcome,
            Err(trouble) => {
                let view = unfetched(wish, &self.setup.reports.source, &trouble);
                Outcome { view, again: false }
            }
        }
    }

    async fn compared(&self, wish: Reconcile) -> Result<Outcome, DeliveryError> {
        let names = self.setup.reports.source.names("").await?;
        let (instore, online) = self.sells(&names);
        let mut outcome: Option<Outcome> = None;
        for website in [false, true] {
            if !(if website { online } else { instore }) {
                continue;
            }
            let got = if website {
                self.learn_times().await;
                self.website_files(wish, &names).await?
            } else {
                self.instore_files(wish, &names).await?
            };
            let next = self.judge_files(wish, website, got);
            outcome = Some(match outcome {
                None => next,
                Some(before) => both(before, next),
            });
        }
        Ok(outcome.unwrap_or_else(|| Outcome { view: blank(wish), again: true }))
    }

    /// Asks when payments were made of which no message told it: a website's notice says that one
    /// was, and a day has what was paid in it.
    async fn learn_times(&self) {
        let untold: Vec<String> = self
            .books
            .open()
            .values()
            .filter(|order| order.device.is_some())
            .flat_map(|order| &order.attempts)
            .filter(|attempt| attempt.heard_at.is_some())
            .map(|attempt| attempt.request_id.clone())
            .collect();
        for ticket in untold.iter().filter_map(|number| self.books.ticket(number)) {
            self.ask_when_paid(&ticket).await;
        }
    }

    /// Whether there is something to compare in stores and on the net. Where nothing was sold, a file
    /// of the source says what is meant.
    fn sells(&self, names: &[String]) -> (bool, bool) {
        let orders = self.books.open();
        let online = orders.values().filter(|order| order.device.is_some()).count();
        let instore = orders.len() - online;
        let delivers = |kind: &str| names.iter().any(|name| name.contains(kind));
        let nothing = orders.is_empty();
        let online = online > 0 || (nothing && (delivers("_fptrade_") || delivers("_settle")));
        (instore > 0 || (nothing && !online), online)
    }

    fn judge_files(&self, wish: Reconcile, website: bool, got: Got) -> Outcome {
        let mut view = blank(wish);
        let days = self.days_of(wish);
        let files = match got {
            Got::Files(files) => files,
            Got::Refused { service, text, again } => {
                view.state = ReconciliationState::Incomplete;
                view.differences = vec![Difference {
                    kind: DifferenceKind::Form,
                    file: Some(service.to_owned()),
                    line: None,
                    column: None,
                    id: None,
                    ours: None,
                    theirs: Some(text),
                }];
                return Outcome { view, again };
            }
            Got::Absent if self.takes_absence_for_nothing(wish) => vec![],
            Got::Absent => return Outcome { view, again: true },
        };
        let by_order = self.switch.strikes(Defect::LegRecRefundByOrder);
        let entries = self.books.entries_of(website, by_order);
        // At weekends nothing is settled, and a file of such a day has no rows to be matched.
        let days = days.unwrap_or((wish.day, wish.day));
        let mut desk = Desk::new(wish, days, self.partner(), &self.switch);
        let own = Own::of(&self.books);
        // Downloads do not have the gateway's numbers, and what is not told cannot be wrong.
        let bare = files.iter().any(|file| file.layout == Layout::Download);
        let as_own = |entry| OwnEntry {
            transaction_id: Entry::as_own(entry).transaction_id.filter(|_| !bare),
            ..Entry::as_own(entry)
        };
        desk.take(entries.iter().map(as_own));
        for file in &files {
            desk.read(file, &own, self.clock.now());
        }
        desk.finish(&mut view, entries.iter().map(as_own));
        let again = view.state == ReconciliationState::Incomplete;
        Outcome { view, again }
    }

    /// The days whose transactions a file of a day has.
    fn days_of(&self, wish: Reconcile) -> Option<(Day, Day)> {
        let settled = match wish.kind {
            FileKind::TransactionItems => return Some((wish.day, wish.day)),
            FileKind::SettlementItems | FileKind::SettlementSummary => settled_on(wish.day),
        };
        let before = Day::of(wish.day.start() - protocol::DAY);
        if settled != Some((before, before)) && self.switch.strikes(Defect::LegRecNoWeekend) {
            return Some((before, before));
        }
        settled
    }

    /// By a defect, a file that is not there is one without rows.
    fn takes_absence_for_nothing(&self, wish: Reconcile) -> bool {
        let settles = wish.kind != FileKind::TransactionItems;
        self.switch.strikes(Defect::LegRecAbsentEmpty)
            || (settles && self.switch.strikes(Defect::LegRecNoWeekend))
    }
}

/// A view that tells nothing yet.
fn blank(wish: Reconcile) -> ReconciliationView {
    ReconciliationView {
        day: wish.day,
        kind: wish.kind,
        state: ReconciliationState::Waiting,
        trouble: None,
        files: vec![],
        matched: 0,
        differences: vec![],
        differences_left_out: 0,
        notes: vec![],
        payouts: vec![],
    }
}

/// What two products come to together: whichever says less about the day decides its state.
fn both(one: Outcome, other: Outcome) -> Outcome {
    let weight = |state: ReconciliationState| match state {
        ReconciliationState::Clean => 0,
        ReconciliationState::Differences => 1,
        ReconciliationState::Waiting => 2,
        ReconciliationState::Incomplete => 3,
        ReconciliationState::Unfetched => 4,
    };
    let state = if weight(one.view.state) >= weight(other.view.state) {
        one.view.state
    } else {
        other.view.state
    };
    let mut view = ReconciliationView { state, ..one.view };
    view.files.extend(other.view.files);
    view.matched += other.view.matched;
    view.differences.extend(other.view.differences);
    view.differences_left_out += other.view.differences_left_out;
    view.notes.extend(other.view.notes);
    view.payouts.extend(other.view.payouts);
    Outcome { view, again: one.again || other.again }
}
