//! Reconciling a day when somebody asks for it, and again until its files are whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use clock::Millis;
use evidence::{ReconciliationState, ReconciliationView};
use parking_lot::Mutex;
use protocol::Day;
use protocol::ams::reconciliation::{FileKind, FileName, directory};

use super::{Scope, reconcile};
use crate::driver::Reconcile;
use crate::reference::Reference;

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
    /// Fetches and compares at once; what is not there or not whole is fetched again every hour.
    pub(crate) fn take_reconcile(&self, wish: Reconcile) {
        let number = self.reconciliations.begin(wish);
        let merchant = self.clone();
        self.clock.spawn(async move {
            for _ in 0..=HOURS {
                let view = merchant.reconciled(wish);
                let whole = match view.state {
                    ReconciliationState::Clean | ReconciliationState::Differences => true,
                    ReconciliationState::Waiting | ReconciliationState::Incomplete => false,
                };
                if !merchant.reconciliations.keep(number, view) || whole {
                    return;
                }
                merchant.clock.sleep(HOUR).await;
            }
        });
    }

    fn reconciled(&self, wish: Reconcile) -> ReconciliationView {
        let reports = &self.setup.reports;
        let scope = Scope {
            kind: wish.kind,
            day: wish.day,
            now: self.clock.now(),
            contract: Some(reports.contract),
        };
        // Transactions lie under their own day, what is paid out for them under the next.
        let date = match wish.kind {
            FileKind::TransactionItems => wish.day,
            FileKind::SettlementItems | FileKind::SettlementSummary => wish.day.next(),
        };
        let path = directory(&reports.customer_id, date);
        let files = fetched(&reports.folder, &path);
        let entries = self.books.entries();
        let own = entries.iter().map(super::entries::Entry::as_own);
        reconcile(&scope, own, files.into_iter(), &self.switch)
    }
}

/// The files of a directory, in the order of their names.
fn fetched(folder: &Path, directory: &str) -> Vec<(FileName, File)> {
    let place = folder.join(directory.trim_start_matches('/'));
    // A directory that is not there is a day whose files have not come.
    let found = fs::read_dir(place).into_iter().flatten().flatten();
    let mut files: Vec<_> = found
        .filter_map(|file| {
            let name = file.file_name().into_string().ok()?;
            let name = FileName::parse(&format!("{directory}/{name}")).ok()?;
            Some((name, File::open(file.path()).ok()?))
        })
        .collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files
}
