//! Checks of what a notice says, and of how the merchant acknowledges it.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{AckFault, judge_ack};

use crate::seen::Exchange;
use crate::wants::{first_pay, planted, want_ack, want_field, want_form};
use crate::{Finding, Seen, Stage};

/// A byte-order mark.
const BOM: &[u8] = b"\xef\xbb\xbf";

#[then(expr = "the notice comes to the address that pay named, with result, ids and amount")]
async fn notice_is_good(stage: &mut Stage) {
    stage.judge(notice_as_documented).await;
}

fn notice_as_documented(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let Some(pay) = first_pay(seen, &mut finding) else { return finding };
    let named = pay.asked("paymentNotifyUrl");
    let owed = owes_notice(&mut finding, pay);
    let id = pay.request_id().unwrap_or_default();
    let notice = seen.notices().find(|notice| notice.request_id().as_deref() == Some(&id));
    let Some((notice, request)) = notice.and_then(|n| n.sent.as_ref().map(|r| (n, r))) else {
        finding.want(!owed, say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
        return finding;
    };
    finding.shown_by([request.line]);
    let target = request.target().unwrap_or_default();
    // Where pay named no address, the gateway's console did, and nothing here says which.
    let wanted = named.map_or_else(|| target.clone(), |url| target_named(&url));
    finding.want(
        request.method() == "POST" && target == wanted,
        say::NOTICE_TARGET.with([&wanted]),
        say::NOTICE_TARGET.with([&target]),
    );
    want_field(&mut finding, notice, "notifyType", &["PAYMENT_RESULT"]);
    want_field(&mut finding, notice, "result.resultStatus", &["S"]);
    want_form(&mut finding, notice, "paymentId", "text", |text| !text.is_empty());
    for part in ["paymentAmount.currency", "paymentAmount.value"] {
        let asked = pay.asked(part).unwrap_or_default();
        want_field(&mut finding, notice, part, &[&asked]);
    }
    finding
}

/// Path and query of an address.
fn target_named(url: &str) -> String {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    path.find('/').map_or("/", |start| &path[start..]).to_owned()
}

/// Whether the gateway owes a notice of a payment: its pay has to name an address. A merchant that
/// leaves it out may still be told at the address of the gateway's console, but that none comes is
/// its own fault.
pub(in crate::payment) fn owes_notice(finding: &mut Finding, pay: &Exchange) -> bool {
    let named = pay.asked("paymentNotifyUrl").is_some();
    if !named {
        finding.note(say::NOTE_NO_NOTIFY_URL.plain());
    }
    named
}

#[then(expr = "every notice is acknowledged in the fixed form")]
#[then(expr = "every notification is answered success")]
async fn acks_fixed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let handed =
                seen.exchanges.iter().filter(|e| e.way == evidence::Way::Notice && !e.is_return());
            let handed: Vec<_> = handed.filter(|notice| notice.received.is_some()).collect();
            if handed.is_empty() {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
            }
            for notice in handed {
                want_ack(&mut finding, notice);
            }
            finding
        })
        .await;
}

#[then(expr = "the notice is acknowledged in the fixed form before the answer has come")]
async fn ack_before_answer(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let Some(notice) = seen.notices().next() else {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
                return finding;
            };
            want_ack(&mut finding, notice);
            let acked = notice.answer_sent.as_ref().map(|ack| ack.line);
            let answered = pay.answer_received.as_ref().map(|answer| answer.line);
            let early = acked.is_some_and(|acked| answered.is_none_or(|answered| acked < answered));
            finding.want(early, say::ACK_EARLY.plain(), say::ACK_LATE.plain());
            finding
        })
        .await;
}

#[then(expr = "the notice is not acknowledged as a success")]
async fn not_acked(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for notice in planted(seen, &mut finding) {
                let Some(ack) = &notice.answer_sent else { continue };
                finding.shown_by([ack.line]);
                let success = match judge_ack(ack.status.unwrap_or(0), &ack.blob.body) {
                    Ok(()) | Err(AckFault::LeadingBytes) => true,
                    Err(AckFault::HttpStatus(_) | AckFault::NotJson | AckFault::Result) => {
                        let body = ack.blob.body.trim_ascii();
                        let body = body.strip_prefix(BOM).unwrap_or(body);
                        body.eq_ignore_ascii_case(b"success")
                    }
                };
                finding.want(!success, say::ACK_NOT_WANTED.plain(), say::ACK_WAS_SUCCESS.plain());
            }
            finding
        })
        .await;
}
