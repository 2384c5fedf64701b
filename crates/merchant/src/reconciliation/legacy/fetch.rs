//! Where files of the legacy generation come from: the delivery source, and for websites without
//! files there the two download services.

use std::io::Read as _;

use clock::Millis;
use delivery::DeliveryError;
use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use protocol::legacy::{Answer, Told};

use super::table::Layout;
use crate::defect::Defect;
use crate::driver::Reconcile;
use crate::reference::Reference;

/// How long a download is waited for.
const PATIENCE: Millis = 30_000;
/// More than a file of a day may have.
const LIMIT: u64 = 256 << 20;
/// The documented sentences that mean that there is nothing to report.
const NOTHING: [&str; 2] =
    ["No balance account data in the period", "No balance amount data in the period"];
/// The documented sentences after which the same question is asked again.
const LATER: [&str; 2] = ["System exception", "Internet connected exception ,please try later"];

/// A file that was fetched.
#[derive(Debug, Clone)]
pub(super) struct Fetched {
    /// Its name, or that of the service which brought it.
    pub(super) name: String,
    pub(super) layout: Layout,
    pub(super) bytes: Vec<u8>,
    /// Whether its bytes say in words that there is nothing to report.
    pub(super) says_nothing: bool,
}

/// What came of asking for the files of a product.
#[derive(Debug, Clone)]
pub(super) enum Got {
    /// They are there.
    Files(Vec<Fetched>),
    /// They are not there yet.
    Absent,
    /// The gateway says in words why it gives none.
    Refused {
        /// The service that was asked.
        service: &'static str,
        /// The words.
        text: String,
        /// Whether to ask again.
        again: bool,
    },
}

impl Reference {
    /// The in-store files of a wish.
    pub(super) async fn instore_files(
        &self,
        wish: Reconcile,
        names: &[String],
    ) -> Result<Got, DeliveryError> {
        let (partner, day) = (self.partner(), wish.day);
        let (name, layout) = match wish.kind {
            FileKind::TransactionItems => {
                (format!("{partner}_transaction_{day}.txt"), Layout::InstoreTransactions)
            }
            FileKind::SettlementItems | FileKind::SettlementSummary => {
                (format!("{partner}_settlement_{day}.txt"), Layout::InstoreSettlement)
            }
        };
        let wanted = names.iter().filter(|known| **known == name);
        self.opened(wanted.map(|name| (name.clone(), layout))).await
    }

    /// The website files of a wish: from the source, where it has any of them, otherwise by
    /// download.
    pub(super) async fn website_files(
        &self,
        wish: Reconcile,
        names: &[String],
    ) -> Result<Got, DeliveryError> {
        let (partner, day) = (self.partner(), wish.day);
        let delivered = ["fptrade", "settle", "settlebatch"]
            .map(|kind| format!("{partner}_{kind}_"))
            .iter()
            .any(|prefix| names.iter().any(|name| name.starts_with(prefix)));
        if !delivered {
            return Ok(self.download(wish).await);
        }
        let batches = format!("{partner}_settlebatch_{day}.csv");
        let details = match wish.kind {
            FileKind::TransactionItems => format!("{partner}_fptrade_{day}.csv"),
            FileKind::SettlementItems | FileKind::SettlementSummary => {
                format!("{partner}_settle_{day}_")
            }
        };
        let settles = wish.kind != FileKind::TransactionItems;
        let wanted = names.iter().filter_map(|name| {
            if name.starts_with(&details) {
                Some((name.clone(), Layout::Website))
            } else {
                (settles && *name == batches).then(|| (name.clone(), Layout::Batches))
            }
        });
        self.opened(wanted).await
    }

    async fn opened(
        &self,
        wanted: impl Iterator<Item = (String, Layout)>,
    ) -> Result<Got, DeliveryError> {
        let mut files = vec![];
        for (name, layout) in wanted {
            let mut bytes = vec![];
            match self.setup.reports.source.open_path(&name).await {
                // What breaks off is told by the rows that are lacking.
                Ok(file) => {
                    let _ = file.take(LIMIT).read_to_end(&mut bytes);
                }
                // Taken away again since it was listed.
                Err(DeliveryError::NoSuchFile(_)) => continue,
                Err(trouble) => return Err(trouble),
            }
            files.push(Fetched { name, layout, bytes, says_nothing: false });
        }
        Ok(if files.is_empty() { Got::Absent } else { Got::Files(files) })
    }

    async fn download(&self, wish: Reconcile) -> Got {
        let service = match wish.kind {
            FileKind::TransactionItems => "forex_compare_file",
            FileKind::SettlementItems | FileKind::SettlementSummary => "forex_liquidation_file",
        };
        let mut last = wish.day;
        let today = Day::of(self.clock.now());
        if last != today && self.switch.strikes(Defect::LegRecToday) {
            last = today;
        }
        let mut form = self.form(service);
        form.set("start_date", wish.day.to_string());
        form.set("end_date", last.to_string());
        let Some(answer) = self.send_for_text(&form, PATIENCE).await else { return Got::Absent };
        let file = |says_nothing| Fetched {
            name: service.to_owned(),
            layout: Layout::Download,
            bytes: answer.body.clone(),
            says_nothing,
        };
        let refused = |text: &str, again| Got::Refused { service, text: text.to_owned(), again };
        let text = String::from_utf8_lossy(&answer.body).trim().to_owned();
        let nothing = NOTHING.contains(&text.as_str());
        let got = match Answer::read(&answer.body) {
            Ok(Answer { told: Told::Rejected { error }, .. }) => {
                refused(&error, error == "SYSTEM_ERROR")
            }
            Ok(_) => refused(&text, false),
            Err(_) if nothing && self.switch.strikes(Defect::LegRecEmptyIsError) => {
                refused(&text, false)
            }
            Err(_) if nothing => Got::Files(vec![file(true)]),
            Err(_) if LATER.contains(&text.as_str()) => refused(&text, true),
            // Rows have strokes between their values, and sentences have none.
            Err(_) if !text.contains('|') => refused(&text, false),
            Err(_) if answer.status != 200 => Got::Absent,
            Err(_) => Got::Files(vec![file(false)]),
        };
        if matches!(got, Got::Refused { .. }) && self.switch.strikes(Defect::LegRecErrorAsRow) {
            return Got::Files(vec![file(true)]);
        }
        got
    }

    /// The partner's number, which names of files begin with.
    pub(super) fn partner(&self) -> &str {
        self.legacy().map_or("", |party| party.partner)
    }
}
