//! What When steps do: let a day end, deliver its reports, have the merchant reconcile.

use std::fs;

use cucumber::when;
use evidence::Party;
use evidence::words::BROKEN_DELIVERY;
use merchant::Reconcile;
use protocol::ams::reconciliation::FileKind;
use protocol::{Day, Generation};
use serde_json::{Value, json};

use super::parameters::Compared;
use super::reports::{DELIVERED, FETCHED, RECONCILE, WRITTEN};
use crate::Stage;
use crate::legacy::reconciliation::settles_on;
use crate::live::Live;

/// A little after midnight, when the files of the day are there.
const LATER: i64 = 60_000;
/// Ten o'clock, when those of the older generation are: "09:00 to 10:00 Beijing on T+1".
const TEN: i64 = 10 * 3_600_000;
/// How long a merchant may read.
const READING: i64 = 1_000;

#[when(expr = "the day is over and the merchant reconciles its {compared}")]
async fn day_is_over(stage: &mut Stage, compared: Compared) {
    if let Some(live) = stage.live() {
        live.end_the_day(compared.kind()).await;
    }
}

#[when(expr = "the day is over and the gateway has written its files")]
async fn day_is_written(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    if !live.control.is_there() {
        live.see_a_real_day(FileKind::TransactionItems).await;
        return;
    }
    let day = Day::of(live.clock.now());
    live.pass_to_the_next_day().await;
    live.fetch_reports(day).await;
}

#[when(expr = "the next day passes without a sale and the merchant reconciles its {compared}")]
async fn day_without_sales(stage: &mut Stage, compared: Compared) {
    let Some(live) = stage.live() else { return };
    live.pass_to_the_next_day().await;
    live.end_the_day(compared.kind()).await;
}

#[when(expr = "both days are over and the merchant reconciles the transactions of each")]
async fn both_days(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Some(first) = live.sold.first().map(|sold| Day::of(sold.at)) else { return };
    live.pass_to_the_next_day().await;
    for day in [first, first.next()] {
        live.fetch_reports(day).await;
    }
    live.deliver(FileKind::TransactionItems, true);
    for day in [first, first.next()] {
        live.reconcile(day, FileKind::TransactionItems).await;
    }
}

#[when(expr = "the whole report is delivered and the merchant reconciles once more")]
async fn once_more(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Some(wish) = live.so_far().reconcile_wishes().pop() else { return };
    live.deliver(wish.kind, false);
    live.reconcile(wish.day, wish.kind).await;
}

impl Live {
    /// Lets the day end, delivers its reports and has the merchant reconcile it.
    pub(crate) async fn end_the_day(&mut self, kind: FileKind) {
        if !self.control.is_there() {
            return self.end_a_real_day(kind).await;
        }
        let mut day = Day::of(self.clock.now());
        self.pass_to_the_next_day().await;
        let older = self.product.generation() == Generation::Legacy;
        if older && kind != FileKind::TransactionItems {
            // What is paid out lies under the day that it is paid out on.
            day = settles_on(day);
            while Day::of(self.clock.now()) <= day {
                self.pass_to_the_next_day().await;
            }
        }
        if !self.so_far().downloads() {
            self.fetch_reports(day).await;
            self.deliver(kind, true);
        }
        self.reconcile(day, kind).await;
    }

    /// Lets time pass until the files of the day are there.
    pub(crate) async fn pass_to_the_next_day(&mut self) {
        let midnight = Day::of(self.clock.now()).next().start();
        let later = match self.product.generation() {
            Generation::Ams => LATER,
            Generation::Legacy => TEN,
        };
        self.pass(midnight + later - self.clock.now()).await;
    }

    /// Fetches the files that the gateway wrote for a day into the record.
    pub(crate) async fn fetch_reports(&mut self, day: Day) {
        let answer = self.control.get(&format!("reports/{day}")).await;
        let Some(Value::Array(files)) = self.sure(answer) else { return };
        let text = |file: &Value, name: &str| {
            file.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let files = files.iter().map(|file| (text(file, "path"), text(file, "text"))).collect();
        self.keep_reports(day, files);
    }

    /// Keeps the files that the gateway wrote for a day in the record: their paths and texts.
    pub(super) fn keep_reports(&self, day: Day, files: Vec<(String, String)>) {
        self.did(FETCHED, json!({ "day": day.to_string(), "files": files.len() }));
        for (path, text) in files {
            let sha256 = signing::sha256_hex(text.as_bytes());
            self.did(WRITTEN, json!({ "path": path, "sha256": sha256, "text": text }));
        }
    }

    /// Puts what was fetched where the merchant finds it, the files of a kind altered.
    pub(crate) fn deliver(&mut self, kind: FileKind, alter: bool) {
        let seen = self.so_far();
        let altered = seen.altered(kind);
        for (path, text) in seen.files_written() {
            let other = altered.files.iter().find(|(known, _)| alter && *known == path);
            let bytes = other.map_or(text.as_bytes(), |(_, bytes)| bytes);
            let changed = bytes != text.as_bytes();
            let written = self.delivery.folder().and_then(|folder| {
                let place = folder.join(path.trim_start_matches('/'));
                place.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::write(&place, bytes)
            });
            if let Err(why) = written {
                return self.broken(Party::Environment, BROKEN_DELIVERY.with([why]));
            }
            let sha256 = signing::sha256_hex(bytes);
            self.did(DELIVERED, json!({ "path": path, "sha256": sha256, "altered": changed }));
        }
    }

    /// Claims messages that name a day, in either of the forms that it is written in.
    fn claim_day(&self, day: Day) {
        let digits = day.to_string();
        self.witness.claim(&digits);
        let parts = [digits.get(..4), digits.get(4..6), digits.get(6..)];
        self.witness.claim(&parts.map(Option::unwrap_or_default).join("-"));
    }

    pub(crate) async fn reconcile(&mut self, day: Day, kind: FileKind) {
        self.did(RECONCILE, json!({ "day": day.to_string(), "kind": kind.prefix() }));
        self.reconciled.insert((day, kind), None);
        // What asks the gateway for a file names its day, and no order.
        self.claim_day(day);
        if let Err(why) = self.merchant.reconcile(Reconcile { day, kind }).await {
            self.merchant_refused(&why, json!({}));
        }
        self.pass(READING).await;
    }
}
