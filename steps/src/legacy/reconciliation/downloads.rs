//! `forex_compare_file` and `forex_liquidation_file`: what is asked for, and what sentences mean that
//! come in the place of rows.

use cucumber::{given, then, when};
use evidence::words as say;
use evidence::{Blob, ReconciliationState, ReconciliationView};
use protocol::ams::reconciliation::FileKind;
use protocol::legacy::{Form, Service};
use protocol::{DAY, Day};
use serde_json::json;
use witness::{Effect, Match, Rewrite};

use super::found::want_no_verdict;
use super::paper::brought;
use super::parameters::FileText;
use crate::contract::Contract;
use crate::errand::Errand;
use crate::legacy::situation::rejection;
use crate::live::Live;
use crate::reconciliation::reports::Wish;
use crate::seen::{Exchange, Reading};
use crate::{Finding, Seen, Stage};

/// How the record calls the text that comes in the place of a file.
const TEXT: &str = "file-text";
/// "At most 10 days span".
const MOST: i64 = 10;
/// How long it is waited for that somebody asks again.
const AFTERWARDS: i64 = 3 * 3_600_000;

/// Which sentences answer the own calls, one after the other.
const ANSWERS: [FileText; 4] = [
    FileText::OverTenDays,
    FileText::NotAheadOfToday,
    FileText::AheadOfBegin,
    FileText::WrongFormat,
];

fn in_place_of_a_file(text: FileText) -> Blob {
    if text == FileText::IllegalPartner {
        return rejection("ILLEGAL_PARTNER");
    }
    let body = text.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain;charset=utf-8\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    Blob { head: head.into_bytes(), body: body.into_bytes() }
}

#[given(expr = "the first answer to each download is {file-text}")]
fn answered_with_text(stage: &mut Stage, text: FileText) {
    let Some(live) = stage.live() else { return };
    live.arranged(TEXT, json!({ "text": text.to_string() }));
    for service in [Service::CompareFile, Service::LiquidationFile] {
        let answer = in_place_of_a_file(text);
        let effect = Effect::ReplaceAnswer(Rewrite::new(move |_| answer.clone()));
        live.plant("file-replaced", Match::calls().telling(service.name()).up_to(1), effect);
    }
}

#[when(
    expr = "the merchant downloads transactions and settlement of the day at 10:00 of the next, and three hours pass"
)]
async fn downloads_both(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let day = Day::of(live.clock.now());
    live.pass_to_the_next_day().await;
    for kind in [FileKind::TransactionItems, FileKind::SettlementItems] {
        live.reconcile(day, kind).await;
    }
    live.pass(AFTERWARDS).await;
}

#[when(
    expr = "own calls ask for days eleven apart, for today, for an end before its start and for 2024-01-31"
)]
async fn own_calls_ask(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let today = Day::of(live.clock.now());
    let before = |days: i64| Day::of(today.start() - days * DAY).to_string();
    for (start, end) in [
        (before(MOST + 2), before(1)),
        (before(0), before(0)),
        (before(1), before(2)),
        ("2024-01-31".to_owned(), "2024-01-31".to_owned()),
    ] {
        live.ask_for_days(&start, &end).await;
    }
}

impl Live {
    /// Asks for the transactions of some days as the merchant.
    async fn ask_for_days(&mut self, start: &str, end: &str) {
        let Contract::Legacy(contract) = self.contract.clone() else { return };
        let mut form = Form::new(contract.charset);
        form.set("service", Service::CompareFile.name());
        form.set("partner", contract.partner.as_str());
        form.set("_input_charset", contract.charset.name());
        form.set("start_date", start);
        form.set("end_date", end);
        self.own_form(Errand::AskForDays, form).await;
    }
}

impl Seen {
    fn file_text(&self) -> Option<FileText> {
        let told = self.arranged.iter().rfind(|act| act.what == TEXT);
        told.and_then(|act| act.text("text")?.parse().ok())
    }

    /// The merchant's calls for files.
    fn calls_for_files(&self) -> Vec<&Exchange> {
        self.calls().filter(|call| brought(call.service()).is_some()).collect()
    }

    /// The first reading that answers a wish.
    fn first_told(&self, wish: &Wish) -> Option<&Reading<ReconciliationView>> {
        self.reconciliations.iter().find(|reading| {
            let view = &reading.view;
            reading.line > wish.line && view.day == wish.day && view.kind == wish.kind
        })
    }
}

#[then(
    expr = "each call for a file names first and last day as YYYYMMDD, at most ten apart, of which the last is over"
)]
async fn asks_rightly(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = seen.calls_for_files();
            if calls.is_empty() && seen.downloads() {
                let name = Service::CompareFile.name();
                finding.fail(say::CALL_SEEN.with([name]), say::CALL_NOT_SEEN.with([name]));
            }
            for call in calls {
                want_period(&mut finding, call);
            }
            finding
        })
        .await;
}

fn want_period(finding: &mut Finding, call: &Exchange) {
    finding.shown_by(call.lines());
    let told = ["start_date", "end_date"].map(|name| call.parameter(name).unwrap_or_default());
    let [start, end] = told.map(|text| Day::parse(text).ok());
    let today = Day::of(call.began());
    let fits = start.zip(end).is_some_and(|(start, end)| {
        let days = (end.start() - start.start()) / DAY;
        (0..=MOST).contains(&days) && end < today
    });
    let was = say::FIELD_IS.with(["start_date / end_date", &told.join(" / ")]);
    let wanted = say::FIELD_MATCHES.with(["start_date / end_date", "days-before"]);
    finding.want_for_good(fits, wanted.clone(), was);
}

#[then(
    expr = "the text is told as nothing to report or as an error in its own words, and becomes no row and no missing order"
)]
async fn text_understood(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(text) = seen.file_text() else {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
                return finding;
            };
            let wishes = seen.reconcile_wishes();
            if wishes.is_empty() {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
            }
            for wish in wishes {
                want_understood(&mut finding, seen, &wish, text);
            }
            finding
        })
        .await;
}

fn want_understood(finding: &mut Finding, seen: &Seen, wish: &Wish, text: FileText) {
    let places = [wish.kind.prefix().to_owned(), wish.day.to_string()];
    let state = if text.is_nothing() {
        ReconciliationState::Clean
    } else {
        ReconciliationState::Incomplete
    };
    let Some(reading) = seen.first_told(wish) else {
        let view = [&*places[0], &*places[1], state.name(), "…", "…"];
        return finding.fail(say::RECONCILED.with(view), say::RECONCILED_NOT.with(&places));
    };
    finding.shown_by([wish.line, reading.line]);
    let view = &reading.view;
    want_no_verdict(finding, view, &[state]);
    let read = view.files.iter().map(|file| file.rows).sum::<u64>();
    let rows = |count: u64| say::REPORT_ROWS.with([&*places[0], &count.to_string()]);
    finding.want(read == 0 && view.matched == 0, rows(0), rows(read.max(view.matched)));
    let told: Vec<_> = view.differences.iter().filter_map(|told| told.theirs.clone()).collect();
    let says = if text.is_nothing() { vec![] } else { vec![text.told()] };
    let service = if wish.kind == FileKind::TransactionItems {
        Service::CompareFile
    } else {
        Service::LiquidationFile
    };
    let words = |said: &[String]| say::REPORT_VALUES.with([service.name(), &said.join(" / ")]);
    finding.want(told == says, words(&says), words(&told));
}

#[then(expr = "what may work later is asked again, and nothing else is asked again unchanged")]
async fn asked_again(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(text) = seen.file_text() else {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
                return finding;
            };
            for service in [Service::CompareFile, Service::LiquidationFile] {
                let calls = seen.calls_for_files().into_iter();
                let calls: Vec<_> = calls.filter(|call| call.service() == Some(service)).collect();
                let Some((first, rest)) = calls.split_first() else {
                    let name = service.name();
                    finding.fail(say::CALL_SEEN.with([name]), say::CALL_NOT_SEEN.with([name]));
                    continue;
                };
                let same = |call: &&&Exchange| first.changed_parameter(call).is_none();
                let again = rest.iter().filter(same).count();
                finding.shown_by(calls.iter().flat_map(|call| call.lines()));
                let count = |count: &str| say::CALLS_COUNT.with([service.name(), count]);
                let holds = if text.may_pass() { again > 0 } else { again == 0 };
                let wanted = if text.may_pass() { "2+" } else { "1" };
                finding.want(holds, count(wanted), count(&(again + 1).to_string()));
            }
            finding
        })
        .await;
}

#[then(expr = "the own calls are answered with the documented sentences, word for word")]
async fn word_for_word(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let mut answers =
                seen.own_calls().filter(|call| seen.errand_of(call) == Some(Errand::AskForDays));
            for text in ANSWERS {
                let answer = answers.next().and_then(|call| call.answer_sent.as_ref());
                let Some(answer) = answer else {
                    finding.cannot_judge(say::CANNOT_JUDGE.plain());
                    return finding;
                };
                finding.shown_by([answer.line]);
                let told = String::from_utf8_lossy(&answer.blob.body).trim().to_owned();
                let name = Service::CompareFile.name();
                finding.want_for_good(
                    told == text.to_string(),
                    say::REPORT_VALUES.with([name, &text.to_string()]),
                    say::REPORT_VALUES.with([name, &told]),
                );
            }
            finding
        })
        .await;
}
