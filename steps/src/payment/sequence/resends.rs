//! Checks of how often, and when, the gateway sends a notice.

use cucumber::then;
use evidence::words as say;

use super::pace::want_span;
use crate::payment::content::owes_notice;
use crate::seen::Exchange;
use crate::wants::first_pay;
use crate::{Finding, Seen, Stage};

#[then(expr = "one notice of success follows")]
async fn one_notice(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let id = pay.request_id();
            let notices: Vec<_> = seen
                .notices()
                .filter(|notice| notice.request_id() == id)
                .filter(|notice| notice.asked("result.resultStatus").as_deref() == Some("S"))
                .collect();
            finding.shown_by(notices.iter().flat_map(|notice| notice.lines()));
            let count = notices.len();
            let owed = owes_notice(&mut finding, pay);
            finding.want(
                count == 1 || (count == 0 && !owed),
                say::NOTICE_SEEN.with([1]),
                say::NOTICE_SEEN.with([count]),
            );
            finding
        })
        .await;
}

#[then(expr = "a notice of success comes within 10 s of the payment")]
async fn notice_in_time(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let Some(wallet) = &seen.wallet else {
                finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
                return finding;
            };
            let id = pay.request_id();
            let paid = wallet.debits.iter().find(|debit| Some(&debit.request_id) == id.as_ref());
            let notice = seen.notices().find(|notice| {
                let success = notice.asked("result.resultStatus").as_deref() == Some("S");
                notice.request_id() == id && success
            });
            let Some(notice) = notice else {
                let owed = owes_notice(&mut finding, pay);
                finding.want(!owed, say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
                return finding;
            };
            finding.shown_by(notice.lines());
            let span = paid.map_or(i64::MAX, |paid| notice.began() - paid.at);
            let holds = (0..=10_000).contains(&span);
            want_span(&mut finding, holds, "notice", (0, 10_000), "payment", span);
            finding
        })
        .await;
}

/// The documented waits between the sends of one notice, in milliseconds.
const RESENDS: [i64; 7] = [120_000, 600_000, 600_000, 3_600_000, 7_200_000, 21_600_000, 54_000_000];

/// After how many milliseconds the right acknowledgement of a send went back; none if none did.
fn acked_after(send: &Exchange) -> Option<i64> {
    let answer = send.answer_received.as_ref()?;
    send.is_ack(answer).then(|| answer.at - send.began())
}

/// How long an acknowledgement may take, in milliseconds.
const IN_TIME: i64 = 10_000;

/// The sends of the first notice, and after how many of them the right acknowledgement went back.
fn sends(seen: &Seen) -> (Vec<&Exchange>, Option<usize>) {
    // The older generation sends several notices about a payment, each under an id of its own.
    let first = seen.payment_notice();
    let id = first.and_then(Exchange::request_id);
    let number = first.and_then(|notice| notice.parameter("notify_id"));
    let same =
        |notice: &&Exchange| notice.request_id() == id && notice.parameter("notify_id") == number;
    let sends: Vec<_> = seen.notices().filter(same).collect();
    let acked = sends.iter().position(|send| acked_after(send).is_some_and(|it| it <= IN_TIME));
    (sends, acked)
}

/// Whether the right acknowledgement of a send of the first notice went back, but late.
fn acked_late(seen: &Seen) -> bool {
    sends(seen).0.into_iter().filter_map(acked_after).any(|waited| waited > IN_TIME)
}

/// Whether the gateway owes a notice of the first payment.
fn is_owed(finding: &mut Finding, seen: &Seen) -> bool {
    first_pay(seen, finding).is_some_and(|pay| owes_notice(finding, pay))
}

#[then(
    expr = "the notice is sent at 0 s and then 2 min, 10 min, 10 min, 1 h, 2 h, 6 h and 15 h after the one before"
)]
async fn resent_on_schedule(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let finding = on_schedule(seen);
            // No page says how long a gateway waits for an acknowledgement.
            if acked_late(seen) { finding.as_guess() } else { finding }
        })
        .await;
}

fn on_schedule(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let (sends, acked) = sends(seen);
    if sends.is_empty() && !is_owed(&mut finding, seen) {
        return finding;
    }
    finding.shown_by(sends.iter().map(|send| send.line()));
    let wanted = acked.map_or(RESENDS.len() + 1, |index| index + 1);
    finding.want(
        sends.len() >= wanted,
        say::NOTICE_SEEN.with([wanted]),
        say::NOTICE_SEEN.with([sends.len()]),
    );
    for (index, pair) in sends.windows(2).enumerate().take(wanted.saturating_sub(1)) {
        let Some(wait) = RESENDS.get(index) else { break };
        let gap = pair[1].began() - pair[0].began();
        let number = (index + 2).to_string();
        finding.want(
            (wait - 1_000..=wait + 11_000).contains(&gap),
            say::NOTICE_AT.with([&number, &wait.to_string()]),
            say::NOTICE_AT.with([&number, &gap.to_string()]),
        );
    }
    if acked.is_none() {
        finding.want(
            sends.len() <= wanted,
            say::NOTICE_SEEN.with([wanted]),
            say::NOTICE_SEEN.with([sends.len()]),
        );
    }
    finding
}

#[then(expr = "no notice follows a right acknowledgement")]
async fn silent_after_ack(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let (sends, acked) = sends(seen);
            if sends.is_empty() && is_owed(&mut finding, seen) {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
            }
            if let Some(late) = acked.and_then(|index| sends.get(index + 1)) {
                finding.shown_by(late.lines());
                finding.fail(say::NOTICE_NOT_AFTER_ACK.plain(), say::NOTICE_AFTER_ACK.plain());
            }
            finding
        })
        .await;
}
