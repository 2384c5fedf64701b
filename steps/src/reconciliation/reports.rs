//! Report files in the record: what the gateway wrote, what was delivered, what was asked for.

use evidence::ReconciliationView;
use protocol::Day;
use protocol::ams::reconciliation::{FileKind, FileName};

use super::Alteration;
use super::alter::{Altered, Stranger, altered};
use crate::Seen;
use crate::seen::Reading;

/// How the record calls a file that the gateway wrote.
pub(super) const WRITTEN: &str = "gateway-files";
/// How it calls the day whose files were asked for.
pub(super) const FETCHED: &str = "gateway-files-fetched";
/// How it calls a file that lies where the merchant fetches.
pub(super) const DELIVERED: &str = "delivered";
/// How it calls the wish to reconcile.
pub(super) const RECONCILE: &str = "reconcile";
/// How it calls what is going to be altered.
pub(super) const ALTERATION: &str = "report-alteration";

/// A file that the gateway wrote.
#[derive(Debug, Clone)]
pub(super) struct Report {
    /// The line of the record.
    pub(super) line: u32,
    pub(super) name: FileName,
    pub(super) text: String,
}

/// A wish to reconcile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) line: u32,
    pub(super) day: Day,
    pub(super) kind: FileKind,
}

impl Seen {
    /// The files that the gateway wrote.
    pub(super) fn reports(&self) -> Vec<Report> {
        let read = |act: &crate::seen::Act| {
            let name = FileName::parse(act.text("path")?).ok()?;
            Some(Report { line: act.line, name, text: act.text("text")?.to_owned() })
        };
        self.acts_of(WRITTEN).into_iter().filter_map(read).collect()
    }

    /// Those of a kind.
    pub(super) fn reports_of(&self, kind: FileKind) -> Vec<Report> {
        self.reports().into_iter().filter(|report| report.name.kind() == kind).collect()
    }

    /// What the merchant was asked to reconcile, in order.
    pub(super) fn reconcile_wishes(&self) -> Vec<Wish> {
        let read = |act: &crate::seen::Act| {
            let day = Day::parse(act.text("day")?).ok()?;
            let kind =
                FileKind::ALL.into_iter().find(|kind| Some(kind.prefix()) == act.text("kind"))?;
            Some(Wish { line: act.line, day, kind })
        };
        self.acts_of(RECONCILE).into_iter().filter_map(read).collect()
    }

    /// The last reading of a reconciliation before a line.
    pub(super) fn reconciled(
        &self,
        wish: &Wish,
        before: u32,
    ) -> Option<&Reading<ReconciliationView>> {
        self.reconciliations.iter().rfind(|reading| {
            let ours = reading.view.day == wish.day && reading.view.kind == wish.kind;
            ours && (wish.line..before).contains(&reading.line)
        })
    }

    /// What the runner does to the files.
    pub(super) fn alteration(&self) -> Alteration {
        let told = self.arranged.iter().rfind(|act| act.what == ALTERATION);
        let told = told.and_then(|act| act.text("alteration")?.parse().ok());
        told.unwrap_or(Alteration::Nothing)
    }

    /// The files of a kind as the runner alters them, and what that has to lead to.
    pub(super) fn altered(&self, kind: FileKind) -> Altered {
        let reports = self.reports_of(kind);
        altered(self.alteration(), &reports, self.cancelled_payment().as_ref())
    }

    /// The payment of the order that the clerk cancelled last.
    fn cancelled_payment(&self) -> Option<Stranger> {
        let order = self.acts_of("clerk-cancels").last()?.text("order")?;
        let request_id = self.ids_of(order).pop()?;
        Some(Stranger { request_id, payment_id: self.payment_id_of(order)? })
    }

    /// The files of a kind that lie where the merchant fetches, by path and digest, before a line.
    pub(super) fn delivered(&self, kind: FileKind, before: u32) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = vec![];
        for act in self.acts_of(DELIVERED).into_iter().filter(|act| act.line < before) {
            let told = act.text("path").zip(act.text("sha256"));
            let Some((path, digest)) = told else { continue };
            if FileName::parse(path).is_ok_and(|name| name.kind() == kind) {
                files.retain(|(known, _)| known != path);
                files.push((path.to_owned(), digest.to_owned()));
            }
        }
        files.sort();
        files
    }
}
