//! Checks of the cancels that the merchant sends, and of what it sends beside them.

use cucumber::then;
use evidence::words as say;
use protocol::ams::Api;

use super::answers::confirms;
use super::parameters::Follow;
use crate::seen::Exchange;
use crate::wants::{cancels, no_calls, polls, price, want_field};
use crate::{Finding, Seen, Stage};

/// How soon after the end of one try the next may come, and how late, in milliseconds.
const PAUSE: (i64, i64) = (2_000, 10_000);
/// How long a client may wait for an answer that does not come.
const GIVING_UP: i64 = 10_000;
/// How many tries there are at least before a person is called.
const TRIES: usize = 5;
/// How soon before a cancel the merchant is advised to have inquired.
const FRESH: i64 = 5_000;

#[then(expr = "the merchant sends a cancel that names the order's payment")]
async fn names_payment(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let sent = seen.calls_of(Api::Cancel);
            let Some(first) = sent.first() else {
                finding.fail(say::CALL_SEEN.with(["cancel"]), say::CALL_NOT_SEEN.with(["cancel"]));
                return finding;
            };
            let ours = cancels(seen);
            for cancel in &sent {
                finding.shown_by(cancel.lines());
                let about = ours.iter().any(|it| it.number == cancel.number);
                let named = cancel.asked("paymentRequestId").or(cancel.asked("paymentId"));
                let named = named.unwrap_or_else(|| "—".into());
                finding.want_for_good(
                    about,
                    say::CANCEL_NAMES.plain(),
                    say::CANCEL_NAMES_OTHER.with([named]),
                );
            }
            let fresh = polls(seen)
                .iter()
                .any(|poll| poll.line() < first.line() && first.began() - poll.began() <= FRESH);
            if !fresh {
                finding.note(say::NOTE_NO_INQUIRY.plain());
            }
            finding
        })
        .await;
}

#[then(expr = "no refund is sent on top")]
async fn no_refund(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            no_calls(&mut finding, &seen.calls_of(Api::Refund), "refund");
            finding
        })
        .await;
}

#[then(expr = "the cancel is not repeated, and {follow} follows")]
async fn not_repeated(stage: &mut Stage, follow: Follow) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let sent = cancels(seen);
            finding.shown_by(sent.iter().flat_map(|cancel| cancel.lines()));
            finding.want_for_good(
                sent.len() <= 1,
                say::CALLS_AT_MOST.with(["cancel", "1"]),
                say::CALLS_COUNT.with(["cancel", &sent.len().to_string()]),
            );
            let refunds = seen.calls_of(Api::Refund);
            match follow {
                Follow::Nothing => no_calls(&mut finding, &refunds, "refund"),
                Follow::Refund => want_whole_refund(&mut finding, seen, &refunds),
            }
            finding
        })
        .await;
}

/// Wants exactly one refund, of the whole price.
fn want_whole_refund(finding: &mut Finding, seen: &Seen, refunds: &[&Exchange]) {
    finding.shown_by(refunds.iter().flat_map(|refund| refund.lines()));
    finding.want(
        refunds.len() == 1,
        say::CALLS_BETWEEN.with(["refund", "1", "1"]),
        say::CALLS_COUNT.with(["refund", &refunds.len().to_string()]),
    );
    for refund in refunds {
        for amount in price(seen) {
            want_field(finding, refund, "refundAmount.value", &[&amount.minor.to_string()]);
            want_field(finding, refund, "refundAmount.currency", &[amount.currency.code()]);
        }
    }
}

#[then(expr = "the same cancel comes again, 2 to 10 s later each time, until it is confirmed")]
async fn repeated_until_confirmed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let sent = cancels(seen);
            want_same(&mut finding, &sent);
            want_pauses(&mut finding, &sent, true);
            let confirmed =
                sent.last().and_then(|cancel| cancel.believable()).is_some_and(confirms);
            finding.want(
                confirmed,
                say::ANSWER_IS.with(["cancel", "S"]),
                say::CALLS_COUNT.with(["cancel", &sent.len().to_string()]),
            );
            finding
        })
        .await;
}

#[then(expr = "the same cancel is tried 5 times at least, never sooner than 2 s after the last")]
async fn tried_often(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let sent = cancels(seen);
            want_same(&mut finding, &sent);
            want_pauses(&mut finding, &sent, false);
            finding.want(
                sent.len() >= TRIES,
                say::CALLS_AT_LEAST.with(["cancel", &TRIES.to_string()]),
                say::CALLS_COUNT.with(["cancel", &sent.len().to_string()]),
            );
            finding
        })
        .await;
}

/// Wants every cancel to be the first one unchanged.
fn want_same(finding: &mut Finding, sent: &[&Exchange]) {
    let Some(first) = sent.first() else {
        return finding.fail(say::CALL_SEEN.with(["cancel"]), say::CALL_NOT_SEEN.with(["cancel"]));
    };
    for again in sent {
        finding.shown_by(again.lines());
        let changed = ["paymentRequestId", "paymentId"]
            .into_iter()
            .find(|path| first.asked(path) != again.asked(path));
        if let Some(field) = changed {
            finding.fail(say::CANCEL_UNCHANGED.plain(), say::CANCEL_CHANGED.with([field]));
        }
    }
}

/// Wants each try to come a while after the end of the one before, and in time if that is asked.
fn want_pauses(finding: &mut Finding, sent: &[&Exchange], in_time: bool) {
    for pair in sent.windows(2) {
        let (before, next) = (pair[0], pair[1]);
        let ended = before.answer_received.as_ref().map(|answer| answer.at);
        let waited = next.began() - ended.unwrap_or(before.began());
        // Nobody saw when a client gave up that got no answer.
        let most = PAUSE.1 + if ended.is_some() { 0 } else { GIVING_UP };
        let holds = waited >= PAUSE.0 && (!in_time || waited <= most);
        let span = [&PAUSE.0.to_string(), &most.to_string()];
        finding.want(
            holds,
            say::CALL_AFTER_BETWEEN.with(["cancel", span[0], span[1], "cancel"]),
            say::CALL_AFTER.with(["cancel", &waited.to_string(), "cancel"]),
        );
    }
}

#[then(expr = "meanwhile there is no refund and no other pay")]
async fn no_refund_no_pay(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            no_calls(&mut finding, &seen.calls_of(Api::Refund), "refund");
            let first = cancels(seen).first().map_or(0, |cancel| cancel.line());
            let pays = seen.calls_of(Api::Pay);
            let pays: Vec<_> = pays.into_iter().filter(|pay| pay.line() > first).collect();
            no_calls(&mut finding, &pays, "pay");
            finding
        })
        .await;
}
