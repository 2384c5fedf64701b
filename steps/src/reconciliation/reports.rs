//! Report files in the record: what the gateway wrote, what was delivered, what was asked for.

use evidence::ReconciliationView;
use protocol::ams::reconciliation::{FileKind, FileName};
use protocol::{Day, Generation};

use super::Alteration;
use super::alter::{Altered, Stranger, altered};
use crate::Seen;
use crate::legacy::reconciliation as older;
use crate::seen::Reading;

/// How the record calls a file that the gateway wrote.
pub(crate) const WRITTEN: &str = "gateway-files";
/// How it calls the day whose files were asked for.
pub(crate) const FETCHED: &str = "gateway-files-fetched";
/// How it calls a file that lies where the merchant fetches.
pub(crate) const DELIVERED: &str = "delivered";
/// How it calls the wish to reconcile.
pub(crate) const RECONCILE: &str = "reconcile";
/// How it calls what is going to be altered.
pub(crate) const ALTERATION: &str = "report-alteration";

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
pub(crate) struct Wish {
    pub(crate) line: u32,
    pub(crate) day: Day,
    pub(crate) kind: FileKind,
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

    /// What a file of the gateway's is about, by its path; of neither generation's names is nothing
    /// known.
    fn kind_of(&self, path: &str) -> Option<FileKind> {
        match self.generation {
            Generation::Ams => FileName::parse(path).ok().map(|name| name.kind()),
            Generation::Legacy => older::kind_of(path),
        }
    }

    /// The files that the gateway wrote, by their paths, each as it was written last.
    pub(crate) fn files_written(&self) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = vec![];
        for act in self.acts_of(WRITTEN) {
            let Some((path, text)) = act.text("path").zip(act.text("text")) else { continue };
            if self.kind_of(path).is_some() {
                files.retain(|(known, _)| known != path);
                files.push((path.to_owned(), text.to_owned()));
            }
        }
        files
    }

    /// Those of a kind, by path and digest.
    pub(crate) fn digests_of(&self, kind: FileKind) -> Vec<(String, String)> {
        let files = self.files_written().into_iter();
        files
            .filter(|(path, _)| self.kind_of(path) == Some(kind))
            .map(|(path, text)| (path, signing::sha256_hex(text.as_bytes())))
            .collect()
    }

    /// What the merchant was asked to reconcile, in order.
    pub(crate) fn reconcile_wishes(&self) -> Vec<Wish> {
        let read = |act: &crate::seen::Act| {
            let day = Day::parse(act.text("day")?).ok()?;
            let kind =
                FileKind::ALL.into_iter().find(|kind| Some(kind.prefix()) == act.text("kind"))?;
            Some(Wish { line: act.line, day, kind })
        };
        self.acts_of(RECONCILE).into_iter().filter_map(read).collect()
    }

    /// The last reading of a reconciliation before a line.
    pub(crate) fn reconciled(
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
    pub(crate) fn alteration(&self) -> Alteration {
        let told = self.arranged.iter().rfind(|act| act.what == ALTERATION);
        let told = told.and_then(|act| act.text("alteration")?.parse().ok());
        told.unwrap_or(Alteration::Nothing)
    }

    /// How the runner alters the files, in the words of the scenario.
    pub(crate) fn alteration_told(&self) -> String {
        let told = self.arranged.iter().rfind(|act| act.what == ALTERATION);
        let told = told.and_then(|act| act.text("alteration"));
        told.map_or_else(|| Alteration::Nothing.to_string(), str::to_owned)
    }

    /// Whether the runner alters anything.
    pub(crate) fn alters(&self) -> bool {
        self.alteration_told() != Alteration::Nothing.to_string()
    }

    /// The files of a kind as the runner alters them, and what that has to lead to.
    pub(crate) fn altered(&self, kind: FileKind) -> Altered {
        if self.generation == Generation::Legacy {
            return older::altered(self, kind);
        }
        let reports = self.reports_of(kind);
        altered(self.alteration(), &reports, self.cancelled_payment().as_ref(), self.owned())
    }

    /// The payment of the order that the clerk cancelled last.
    fn cancelled_payment(&self) -> Option<Stranger> {
        let order = self.acts_of("clerk-cancels").last()?.text("order")?;
        let request_id = self.ids_of(order).pop()?;
        Some(Stranger { request_id, payment_id: self.payment_id_of(order)? })
    }

    /// The files of a kind that lie where the merchant fetches, by path and digest, before a line.
    pub(crate) fn delivered(&self, kind: FileKind, before: u32) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = vec![];
        for act in self.acts_of(DELIVERED).into_iter().filter(|act| act.line < before) {
            let told = act.text("path").zip(act.text("sha256"));
            let Some((path, digest)) = told else { continue };
            if self.kind_of(path) == Some(kind) {
                files.retain(|(known, _)| known != path);
                files.push((path.to_owned(), digest.to_owned()));
            }
        }
        files.sort();
        files
    }
}
