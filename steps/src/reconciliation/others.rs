//! What others sold on a day: at a gateway that nobody has to themselves its files have rows, and its
//! merchant has books, about more than the scenario. What is not the scenario's own is counted and
//! noted there, and judged nowhere; on any other gateway there are no others.

use std::collections::BTreeSet;

use evidence::words as say;
use evidence::{Difference, DifferenceKind, ReconciliationView};
use protocol::ams::reconciliation::{FileKind, FileName, Reader, Row};

use crate::{Finding, Seen};

/// The merchant's ids of the rows of a file, each once.
pub(super) fn request_ids(name: &FileName, text: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    each_id(name, text, |id| {
        ids.insert(id.to_owned());
    });
    ids
}

fn each_id(name: &FileName, text: &str, mut each: impl FnMut(&str)) {
    let mut reader = Reader::new(name, text.as_bytes());
    while let Some(row) = reader.next_row() {
        let row = match row {
            Ok((_, Row::Transaction(item))) => item.transaction,
            Ok((_, Row::Settlement(item))) => item.transaction,
            Ok((_, Row::Summary(_))) | Err(_) => continue,
        };
        each(row.transaction_request_id);
    }
}

/// Whose is what in the files of a day.
#[derive(Debug, Clone)]
pub(super) struct Owned {
    /// The ids that are the scenario's own; `None` where nobody else is on the gateway.
    ids: Option<BTreeSet<String>>,
}

impl Seen {
    /// Whose is what: all is the scenario's own, but at a gateway that answers no control API.
    pub(super) fn owned(&self) -> Owned {
        let ids = self.is_without_control().then(|| {
            let mut ids = self.ids_at_gateway();
            ids.extend(self.all_refund_ids());
            ids.extend(self.moved().into_iter().map(|moved| moved.transaction_id));
            ids
        });
        Owned { ids }
    }
}

impl Seen {
    /// How many rows the gateway wrote about other sales.
    pub(super) fn rows_of_others(&self, kind: FileKind) -> u64 {
        let owned = self.owned();
        let mut others = 0;
        for report in self.reports_of(kind) {
            each_id(&report.name, &report.text, |id| others += u64::from(!owned.has(id)));
        }
        others
    }
}

impl Owned {
    /// Whether there may be others.
    pub(super) fn is_shared(&self) -> bool {
        self.ids.is_some()
    }

    /// Whether an id is the scenario's own.
    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.contains(id))
    }

    /// Whether a difference is about another sale. One that names none is about the files, which all
    /// have in common.
    fn is_others(&self, difference: &Difference) -> bool {
        match difference.kind {
            DifferenceKind::Total
            | DifferenceKind::Count
            | DifferenceKind::Batch
            | DifferenceKind::Sequence
            | DifferenceKind::Truncated
            | DifferenceKind::Form => false,
            DifferenceKind::Missing
            | DifferenceKind::Extra
            | DifferenceKind::Duplicate
            | DifferenceKind::Amount
            | DifferenceKind::Currency
            | DifferenceKind::Sign
            | DifferenceKind::Day
            | DifferenceKind::Id
            | DifferenceKind::Original
            | DifferenceKind::Fee
            | DifferenceKind::Net => difference.id.as_ref().is_some_and(|id| !self.has(id)),
        }
    }
}

/// What a merchant tells, without what it tells about other sales.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) view: &'a ReconciliationView,
    /// The differences that are judged.
    pub(super) differences: Vec<&'a Difference>,
    /// How many there are about other sales.
    pub(super) others: u64,
}

impl<'a> Told<'a> {
    /// What is judged of a view; `wanted` are ids that the scenario itself put into the files. Where
    /// the list was cut off it is not known whose the rest is.
    pub(super) fn of(
        finding: &mut Finding,
        owned: &Owned,
        view: &'a ReconciliationView,
        wanted: &[&str],
    ) -> Self {
        let planted = |difference: &Difference| {
            difference.id.as_deref().is_some_and(|id| wanted.contains(&id))
        };
        let all = view.differences.iter();
        let differences: Vec<&Difference> =
            all.filter(|told| planted(told) || !owned.is_others(told)).collect();
        let others = (view.differences.len() - differences.len()) as u64;
        if others > 0 {
            finding.note(say::NOTE_OTHER_DIFFERENCES.with([others]));
        }
        if owned.is_shared() && view.differences_left_out > 0 {
            finding.cannot_judge(say::CANNOT_JUDGE_LEFT_OUT.with([view.differences_left_out]));
        }
        Self { view, differences, others }
    }

    /// How many differences are judged.
    pub(super) fn count(&self) -> u64 {
        self.differences.len() as u64 + self.view.differences_left_out
    }
}
