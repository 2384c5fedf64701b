//! Reconciling a day when somebody asks for it, and again until its files are whole.

use std::collections::BTreeMap;
use std::fs::File;

use clock::Millis;
use delivery::{DeliveryError, Source};
use evidence::words::{FETCH_TROUBLE, Place};
use evidence::{ReconciliationState, ReconciliationView};
use parking_lot::Mutex;
use protocol::Day;
use protocol::ams::reconciliation::{FileKind, FileName};

use super::{Scope, reconcile};
use crate::driver::Reconcile;
use crate::reference::Reference;
use crate::setup::Contract;

/// How long files that are not there, or not whole, are fetched again.
const HOURS: u32 = 72;
const HOUR: Millis = 3_600_000;

/// What came of each day and kind of file, and how often it was asked for.
#[derive(Debug, Default)]
pub(crate) struct Reconciliations(Mutex<BTreeMap<(Day, FileKind), Kept>>);

#[derive(Debug, Default)]
struct Kept {
    asked: u64,
    view: Option<ReconciliationView>,
}

impl Reconciliations {
    /// What came of it, as far as it has got.
    pub(crate) fn view(&self, day: Day, kind: FileKind) -> Option<ReconciliationView> {
        self.0.lock().get(&(day, kind))?.view.clone()
    }

    /// Counts one more wish, and answers its number.
    fn begin(&self, wish: Reconcile) -> u64 {
        let mut all = self.0.lock();
        let kept = all.entry((wish.day, wish.kind)).or_default();
        kept.asked += 1;
        kept.asked
    }

    /// Keeps what came of a wish. Answers whether it still is the last one.
    fn keep(&self, number: u64, view: ReconciliationView) -> bool {
        let mut all = self.0.lock();
        let kept = all.entry((view.day, view.kind)).or_default();
        let last = kept.asked == number;
        if last {
            kept.view = Some(view);
        }
        last
    }
}

impl Reference {
    /// Fetches and compares at once; what is not there or not whole is fetched again every hour. A
    /// source that cannot be asked is told and asked no more: somebody has to look at it first.
    pub(crate) fn take_reconcile(&self, wish: Reconcile) {
        let number = self.reconciliations.begin(wish);
        let merchant = self.clone();
        self.clock.spawn(async move {
            for _ in 0..=HOURS {
                let (view, again) = match merchant.setup.contract {
                    Contract::Ams { .. } => {
                        let view = merchant.reconciled(wish).await;
                        let again = is_late(view.state);
                        (view, again)
                    }
                    Contract::Legacy { .. } => {
                        let outcome = merchant.reconciled_legacy(wish).await;
                        (outcome.view, outcome.again)
                    }
                };
                if !merchant.reconciliations.keep(number, view) || !again {
                    return;
                }
                merchant.clock.sleep(HOUR).await;
            }
        });
    }

    async fn reconciled(&self, wish: Reconcile) -> ReconciliationView {
        let reports = &self.setup.reports;
        let scope = Scope {
            kind: wish.kind,
            day: wish.day,
            now: self.clock.now(),
            contract: Some(reports.fees),
        };
        // Transactions lie under their own day, what is paid out for them under the next.
        let date = match wish.kind {
            FileKind::TransactionItems => wish.day,
            FileKind::SettlementItems | FileKind::SettlementSummary => wish.day.next(),
        };
        // The connection is real, and so is the time that it takes: the task keeps its token, so
        // that the scenario's clock stands still meanwhile.
        let fetched = fetched(&reports.source, &reports.customer_id, date, &scope).await;
        let files = match fetched {
            Ok(files) => files,
            Err(trouble) => return unfetched(wish, &reports.source, &trouble),
        };
        let entries = self.books.entries();
        let own = entries.iter().map(super::entries::Entry::as_own);
        reconcile(&scope, own, files.into_iter(), &self.switch)
    }
}

/// Whether files are not there, or not whole, so that they are worth fetching again.
fn is_late(state: ReconciliationState) -> bool {
    match state {
        ReconciliationState::Clean
        | ReconciliationState::Differences
        | ReconciliationState::Unfetched => false,
        ReconciliationState::Waiting | ReconciliationState::Incomplete => true,
    }
}

/// The files of a directory that are needed, in the order of their names.
async fn fetched(
    source: &Source,
    customer_id: &str,
    date: Day,
    scope: &Scope,
) -> Result<Vec<(FileName, File)>, DeliveryError> {
    let mut files = vec![];
    for name in source.list(customer_id, date).await? {
        if !scope.needs(name.kind()) {
            continue;
        }
        match source.open(&name).await {
            Ok(file) => files.push((name, file)),
            // Taken away again since it was listed.
            Err(DeliveryError::NoSuchFile(_)) => {}
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(files)
}

/// What is told of files that could not be fetched.
pub(super) fn unfetched(
    wish: Reconcile,
    source: &Source,
    trouble: &DeliveryError,
) -> ReconciliationView {
    let told = [source.says(), trouble.says(), trouble.advice().plain()];
    ReconciliationView {
        day: wish.day,
        kind: wish.kind,
        state: ReconciliationState::Unfetched,
        trouble: Some(FETCH_TROUBLE.holding(told.map(Place::from)).into()),
        files: vec![],
        matched: 0,
        differences: vec![],
        differences_left_out: 0,
        notes: vec![],
        payouts: vec![],
    }
}
