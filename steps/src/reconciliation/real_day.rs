//! The end of a day at a gateway whose clock nobody moves: its own files tell that the day is over,
//! and until they are there the scenario waits.

use std::collections::BTreeSet;
use std::io::Read as _;

use evidence::words::{
    Phrase, SOURCE_LARGE, SOURCE_MANY, SOURCE_NO_TEXT, SOURCE_UNREAD, SOURCE_UNREAD_NONE,
};
use evidence::{Party, Until};
use protocol::ams::reconciliation::{Batch, FileKind, FileName, Part};
use protocol::{Currency, Day, parse_time};

use super::others::request_ids;
use crate::live::Live;

/// Where the gateway keeps its files, by customer and day.
const ROOT: &str = "/v1/settlements";
/// How large a file may be.
const LARGEST: u64 = 4 << 20;
/// How many files there may be of one day, and how many customers.
const MOST: usize = 100;
/// Within how many days what was sold on one is settled.
const SETTLED_WITHIN: usize = 14;

/// A file that came in.
struct Came {
    name: FileName,
    text: String,
}

impl Came {
    /// Whether nothing of it is still on its way.
    fn is_whole(&self) -> bool {
        self.text.trim_end().lines().next_back() == Some("<END>")
    }

    /// The merchant's ids of its rows.
    fn ids(&self) -> BTreeSet<String> {
        request_ids(&self.name, &self.text)
    }
}

impl Live {
    /// Reconciles the day that the gateway's files are about, or waits for them.
    pub(super) async fn end_a_real_day(&mut self, kind: FileKind) {
        let Some(day) = self.see_a_real_day(kind).await else { return };
        self.deliver(kind, true);
        self.reconcile(day, kind).await;
    }

    /// Takes the gateway's files about a day down, or waits for them; answers which day it is.
    pub(super) async fn see_a_real_day(&mut self, kind: FileKind) -> Option<Day> {
        if self.is_over() {
            return None;
        }
        let day = self.day_at_the_gateway();
        let came = match self.came_in(day, kind).await {
            Ok(came) => came,
            Err(why) => {
                self.broken(Party::Environment, SOURCE_UNREAD.holding([why.into()]));
                return None;
            }
        };
        let Some(files) = self.complete(came, kind) else {
            self.pause(Until::Files { day, files: kind }).await;
            return None;
        };
        self.delivery.take_turn().await;
        let files = files.into_iter().map(|file| (file.name.path(), file.text)).collect();
        self.keep_reports(day, files);
        Some(day)
    }

    /// The day that was waited for before, else the one in which the gateway says that the last order
    /// was paid.
    fn day_at_the_gateway(&self) -> Day {
        if let Some(day) = self.awaited_day() {
            return day;
        }
        let seen = self.so_far();
        let answers = seen.at_gateway().filter_map(|call| call.answer_sent.as_ref());
        let told = answers.filter_map(|answer| parse_time(&answer.text("paymentTime")?)).max();
        Day::of(told.or(self.last_sale()).unwrap_or_else(|| self.clock.now()))
    }

    /// The files that have come in: of the day's transactions, or of what is settled on a later one.
    async fn came_in(&self, day: Day, kind: FileKind) -> Result<Vec<Came>, Phrase> {
        let source = self.delivery.source().ok_or_else(|| SOURCE_UNREAD_NONE.plain())?;
        let mut later = std::iter::successors(Some(day.next()), |day| Some(day.next()));
        let dates: Vec<Day> = match kind {
            FileKind::TransactionItems => vec![day],
            FileKind::SettlementItems | FileKind::SettlementSummary => {
                later.by_ref().take(SETTLED_WITHIN).collect()
            }
        };
        let customers = source.names(ROOT).await.map_err(|why| why.says())?;
        let mut came = vec![];
        for customer in customers.iter().take(MOST) {
            for date in &dates {
                for name in source.list(customer, *date).await.map_err(|why| why.says())? {
                    let wanted = name.kind() == FileKind::TransactionItems;
                    if wanted != (kind == FileKind::TransactionItems) {
                        continue;
                    }
                    if came.len() == MOST {
                        return Err(SOURCE_MANY.with([MOST]));
                    }
                    let file = source.open(&name).await.map_err(|why| why.says())?;
                    let text = read(&name, file)?;
                    came.push(Came { name, text });
                }
            }
        }
        Ok(came)
    }

    /// Those that this scenario is about, if all of them are there: none is still on its way, and what
    /// was paid in it has a place among them.
    fn complete(&self, mut came: Vec<Came>, kind: FileKind) -> Option<Vec<Came>> {
        let seen = self.so_far();
        if kind == FileKind::TransactionItems {
            let sold = self.views.values().filter_map(|view| view.paid);
            let currencies: BTreeSet<Currency> = sold.map(|amount| amount.currency).collect();
            let place = |currency: &Currency| came.iter().any(|file| holds(&file.name, *currency));
            let there = !came.is_empty() && currencies.iter().all(place);
            return (there && came.iter().all(Came::is_whole)).then_some(came);
        }
        let own: BTreeSet<String> = seen.ids_at_gateway();
        let paid = self.views.values().filter(|view| view.paid.is_some());
        let paid: BTreeSet<String> =
            paid.filter_map(|view| seen.ids_of(&view.order).pop()).collect();
        let items = came.iter().filter(|file| file.name.kind() == FileKind::SettlementItems);
        let ours: Vec<&Came> = items.filter(|file| !file.ids().is_disjoint(&own)).collect();
        let told: BTreeSet<String> = ours.iter().flat_map(|file| file.ids()).collect();
        let batches: BTreeSet<Batch> =
            ours.iter().filter_map(|file| file.name.batch().cloned()).collect();
        let of_batch = |file: &Came| file.name.batch().is_some_and(|it| batches.contains(it));
        came.retain(of_batch);
        let summed = |batch: &Batch| {
            let summary = |file: &&Came| file.name.kind() == FileKind::SettlementSummary;
            came.iter().filter(summary).any(|file| file.name.batch() == Some(batch))
        };
        let there = !batches.is_empty() && paid.is_subset(&told) && batches.iter().all(summed);
        (there && came.iter().all(Came::is_whole)).then_some(came)
    }
}

/// Whether a file of transactions has those in a currency.
fn holds(name: &FileName, wanted: Currency) -> bool {
    match &name.part {
        Part::Currency(currency) | Part::Wallet { currency, .. } => *currency == wanted,
        Part::Date(_) => true,
        Part::Items(_) | Part::Summary(_) => false,
    }
}

fn read(name: &FileName, file: impl std::io::Read) -> Result<String, Phrase> {
    let mut bytes = vec![];
    let unread = |why: std::io::Error| {
        evidence::words::SAID_ELSEWHERE.with([format!("{}: {why}", name.path())])
    };
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > LARGEST {
        return Err(SOURCE_LARGE.with([name.path(), (LARGEST >> 20).to_string()]));
    }
    String::from_utf8(bytes).map_err(|_other| SOURCE_NO_TEXT.with([name.path()]))
}
