//! Reports that come late or in pieces: how they are delivered, and what a merchant has to do until
//! they are whole.

use cucumber::{given, then, when};
use evidence::words as say;
use evidence::{ReconciliationState, ReconciliationView};
use protocol::ams::reconciliation::{FileKind, FileName, Part, Reader, Row};
use protocol::{Day, Generation};
use serde_json::json;

use super::Alteration;
use super::found::{can_judge, told};
use super::parameters::{Arrival, Compared};
use super::reports::{ALTERATION, Report, WRITTEN, Wish};
use super::rows::want_reports;
use crate::live::Live;
use crate::product::Means;
use crate::seen::{Act, Reading};
use crate::{Finding, Product, Seen, Stage};

/// How the record calls the way in which the report comes.
const ARRIVAL: &str = "report-arrival";
/// From midnight to noon.
const HALF_A_DAY: i64 = 12 * 3_600_000;
/// How long files are fetched.
const THREE_DAYS: i64 = 72 * 3_600_000;

#[given(expr = "the report of the day {arrival}")]
fn report_arrives(stage: &mut Stage, arrival: Arrival) {
    let Some(live) = stage.live() else { return };
    live.arranged(ARRIVAL, json!({ "arrival": arrival.to_string() }));
    if arrival == Arrival::Unfinished {
        let how = Alteration::CutBehindRow.to_string();
        live.arranged(ALTERATION, json!({ "alteration": how }));
    }
}

#[when(expr = "the day is over and the merchant fetches and reconciles its {compared}")]
async fn day_is_fetched(stage: &mut Stage, compared: Compared) {
    if let Some(live) = stage.live() {
        live.fetch_the_day(compared.kind()).await;
    }
}

impl Live {
    /// Lets the day end, has the merchant reconcile it once, and delivers its reports as arranged.
    /// Whatever else is fetched, the merchant fetches by itself.
    async fn fetch_the_day(&mut self, kind: FileKind) {
        let day = Day::of(self.clock.now());
        self.pass_to_the_next_day().await;
        self.fetch_reports(day).await;
        match self.so_far().arrival() {
            Arrival::There => {
                self.deliver(kind, false);
                self.reconcile(day, kind).await;
            }
            Arrival::AtNoon => {
                self.reconcile(day, kind).await;
                self.pass(day.next().start() + HALF_A_DAY - self.clock.now()).await;
                self.deliver(kind, false);
            }
            Arrival::Unfinished => {
                self.deliver(kind, true);
                self.reconcile(day, kind).await;
                let read = |view: &ReconciliationView| !view.files.is_empty();
                self.until_told(day, kind, read).await;
                self.deliver(kind, false);
            }
        }
        self.until_told(day, kind, |_| false).await;
    }

    /// Lets time pass until the merchant tells something that `enough` takes, or gives a verdict,
    /// or cannot fetch at all.
    pub(crate) async fn until_told(
        &mut self,
        day: Day,
        kind: FileKind,
        enough: impl Fn(&ReconciliationView) -> bool,
    ) {
        let over = |view: &ReconciliationView| is_verdict(view) || view.trouble.is_some();
        self.until_within(THREE_DAYS, |live| {
            let view = live.reconciled.get(&(day, kind)).and_then(Option::as_ref);
            view.is_some_and(|view| enough(view) || over(view))
        })
        .await;
    }
}

/// Whether a merchant says how the day came out.
fn is_verdict(view: &ReconciliationView) -> bool {
    match view.state {
        ReconciliationState::Clean | ReconciliationState::Differences => true,
        ReconciliationState::Waiting
        | ReconciliationState::Incomplete
        | ReconciliationState::Unfetched => false,
    }
}

impl Seen {
    /// The way in which the report comes.
    fn arrival(&self) -> Arrival {
        let told = self.arranged.iter().rfind(|act| act.what == ARRIVAL);
        let told = told.and_then(|act| act.text("arrival")?.parse().ok());
        told.unwrap_or(Arrival::There)
    }

    /// The delivery that made the files of a kind whole: each that the gateway wrote lies there,
    /// byte for byte.
    fn made_whole(&self, kind: FileKind) -> Option<&Act> {
        let mut wanted = self.digests_of(kind);
        wanted.sort();
        let deliveries = self.acts_of(super::reports::DELIVERED).into_iter();
        let mut deliveries = deliveries.filter(|_| !wanted.is_empty());
        deliveries.find(|act| self.delivered(kind, act.line + 1) == wanted)
    }

    /// Every reading that answers a wish.
    fn answers(&self, wish: &Wish) -> Vec<&Reading<ReconciliationView>> {
        let about = |reading: &&Reading<ReconciliationView>| {
            let view = &reading.view;
            reading.line > wish.line && view.day == wish.day && view.kind == wish.kind
        };
        self.reconciliations.iter().filter(about).collect()
    }
}

#[then(
    expr = "each file of transactions lies where the documents say, by customer, day and what its name says"
)]
async fn lies_there(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for act in seen.acts_of(WRITTEN) {
                let path = act.text("path").unwrap_or_default();
                let named = FileName::parse(path).is_ok();
                let form = say::REPORT_PATH.with([PATH_IN_STORE]);
                finding.want_for_good(named, form, say::REPORT_PATH_IS.with([path]));
            }
            let day = seen.reconcile_wishes().first().map(|wish| wish.day);
            for report in want_reports(&mut finding, seen, FileKind::TransactionItems) {
                want_place(&mut finding, &report, day, seen.product);
            }
            finding
        })
        .await;
}

/// Where files of transactions lie, as the pages print it.
const PATH_IN_STORE: &str =
    "/v1/settlements/customerId/transactionDate/transactionItems_currency_seq.csv";
/// The same for who sells through the cashier.
const PATH_ONLINE: &str =
    "/v1/settlements/customerId/transactionDate/transactionItems_transactionDate_seq.csv";

/// Wants a file of transactions to lie under the customer of its rows and their day, under a name of
/// the product's form.
fn want_place(finding: &mut Finding, report: &Report, day: Option<Day>, product: Product) {
    let name = &report.name;
    let (form, named) = match product.means() {
        Means::WalletPage => {
            (PATH_ONLINE, matches!(name.part, Part::Date(date) if date == name.date))
        }
        Means::ScannedCode | Means::ShownCode | Means::EntryPage => {
            (PATH_IN_STORE, matches!(name.part, Part::Currency(_)))
        }
    };
    let mut customers = vec![];
    let mut reader = Reader::new(name, report.text.as_bytes());
    while let Some(row) = reader.next_row() {
        if let Ok((_, Row::Transaction(item))) = row {
            customers.push(item.transaction.customer_id.to_owned());
        }
    }
    let own = customers.iter().all(|customer| *customer == name.customer_id);
    let holds = named && own && day.is_none_or(|day| name.date == day);
    let told = say::REPORT_PATH_IS.with([name.path()]);
    finding.want_for_good(holds, say::REPORT_PATH.with([form]), told);
}

#[then(
    expr = "an absent or unfinished report is fetched again within three days, and no verdict is given before"
)]
#[then(expr = "the file is fetched again within three days, and no verdict is given before")]
async fn fetched_again(stage: &mut Stage) {
    stage.judge(judge_fetching).await;
}

fn judge_fetching(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let Some(wish) = seen.reconcile_wishes().pop() else {
        finding.cannot_judge(say::CANNOT_JUDGE.plain());
        return finding;
    };
    // No check before this one says that files of the older generation are what they have to be.
    if seen.generation == Generation::Legacy && !can_judge(&mut finding, seen, wish.kind) {
        return finding;
    }
    let answers = seen.answers(&wish);
    let whole = seen.made_whole(wish.kind);
    let whole_line = whole.map_or(u32::MAX, |act| act.line);
    let places = [wish.kind.prefix().to_owned(), wish.day.to_string()];
    finding.shown_by([wish.line]);
    finding.shown_by(whole.map(|act| act.line));
    let early =
        answers.iter().find(|reading| reading.line < whole_line && is_verdict(&reading.view));
    if let Some(reading) = early {
        finding.shown_by([reading.line]);
        finding.fail_for_good(say::VERDICT_NOT_BEFORE.with(&places), told(&reading.view));
    }
    let Some(whole) = whole else {
        finding.cannot_judge(say::CANNOT_JUDGE.plain());
        return finding;
    };
    if seen.arrival() == Arrival::Unfinished && !unfinished_was_read(seen, &answers, whole) {
        finding.cannot_judge(say::CANNOT_JUDGE.plain());
    }
    let in_time = whole.at..=whole.at + THREE_DAYS;
    let after = answers.iter().find(|reading| {
        reading.line > whole_line && is_verdict(&reading.view) && in_time.contains(&reading.at)
    });
    finding.shown_by(after.map(|reading| reading.line));
    let last = answers.last().map(|reading| told(&reading.view));
    let last = last.unwrap_or_else(|| say::RECONCILED_NOT.with(&places));
    finding.want(after.is_some(), say::VERDICT_WITHIN.with(&places), last);
    finding
}

/// Whether the merchant read the report while it was not whole, so that there was something to
/// fetch again.
fn unfinished_was_read(seen: &Seen, answers: &[&Reading<ReconciliationView>], whole: &Act) -> bool {
    let acts = seen.acts_of(super::reports::DELIVERED);
    let unfinished: Vec<&str> = acts
        .iter()
        .filter(|act| act.line < whole.line && act.is("altered"))
        .filter_map(|act| act.text("sha256"))
        .collect();
    let before = answers.iter().filter(|reading| reading.line < whole.line);
    let mut files = before.flat_map(|reading| &reading.view.files);
    files.any(|file| unfinished.contains(&file.sha256.as_str()))
}
