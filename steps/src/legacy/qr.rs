//! Checks of a code that the buyer scans, over gateway.do.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus, Status, Verified};
use protocol::parse_time;

use super::content::{three_capitals, want_names, want_trade};
use super::pages::want_refused_somehow;
use super::sequence::want_first;
use super::{want_parameter, want_told, want_value};
use crate::payment::want_span;
use crate::seen::{Answer, Exchange};
use crate::wants::{
    cancels, first_pay, ids, want_debits, want_late_approval_refused, want_never_paid, want_result,
};
use crate::{Finding, Seen, Stage};

/// "Void after 30 min by default."
const VOID: i64 = 30 * 60_000;
/// A notice is waited for; then comes the first query, in milliseconds after the code.
const FIRST: i64 = 65_000;
/// When what nobody paid is cancelled at the latest.
const CANCEL: i64 = 180_000;
/// How late a timer of a real clock may be.
const LATE: i64 = 2_000;

/// A `timestamp`: `yyyy-MM-dd HH:mm:ss` in GMT+8, or milliseconds since the epoch.
fn moment(text: &str) -> Option<i64> {
    match text.split_once(' ') {
        Some((day, clock)) => parse_time(&format!("{day}T{clock}+08:00")),
        None => parse_time(text).filter(|_| text.bytes().all(|byte| byte.is_ascii_digit())),
    }
}

#[then(expr = "the precreate call has every parameter that a code for one sale needs")]
async fn precreate_parameters(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let began = pay.began();
            let up_to = |most: usize| move |text: &str| (1..=most).contains(&text.chars().count());
            want_value(&mut finding, pay, "service", "alipay.acquire.precreate");
            let partner = seen.contract("client_id").unwrap_or_default();
            want_value(&mut finding, pay, "partner", partner);
            want_parameter(&mut finding, pay, "notify_url", "up-to-190", up_to(190));
            want_parameter(&mut finding, pay, "timestamp", "timestamp", |text| {
                moment(text).is_some_and(|told| (told - began).abs() <= VOID)
            });
            want_parameter(&mut finding, pay, "out_trade_no", "up-to-64", up_to(64));
            want_parameter(&mut finding, pay, "subject", "text", |text| !text.trim().is_empty());
            want_value(&mut finding, pay, "product_code", "OVERSEAS_MBARCODE_PAY");
            want_parameter(&mut finding, pay, "currency", "currency", three_capitals);
            want_parameter(&mut finding, pay, "trans_currency", "currency", three_capitals);
            if let Some(price) = seen.sale_behind(pay).and_then(crate::seen::Act::amount) {
                want_value(&mut finding, pay, "total_fee", &price.to_major());
                want_value(&mut finding, pay, "trans_currency", price.currency.code());
            }
            want_names(&mut finding, pay, "extend_params");
            finding
        })
        .await;
}

/// The calls for a code that were held on their way.
fn held<'a>(seen: &'a Seen, finding: &mut Finding) -> Vec<&'a Exchange> {
    let held: Vec<_> = seen.calls().filter(|call| call.met("pay-held")).collect();
    if held.len() < 2 {
        finding.cannot_judge(say::CANNOT_JUDGE.plain());
    }
    held
}

#[then(
    expr = "a call that came within 30 minutes is taken, and the one that came later is refused with {word} and makes nothing"
)]
async fn refused_when_old(stage: &mut Stage, code: String) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in held(seen, &mut finding) {
                let told = call.parameter("timestamp").and_then(moment);
                let came = call.received.as_ref().map(|call| call.at);
                // What bears no time, or came nowhere, is judged elsewhere.
                let Some((told, came)) = told.zip(came) else { continue };
                if came - told <= VOID {
                    want_result(&mut finding, call, call.name(), Status::S, &["SUCCESS"]);
                    continue;
                }
                want_refused_somehow(&mut finding, call, &code);
                let made = call.answer_sent.as_ref().and_then(|answer| answer.field("qr_code"));
                let none = say::FIELD_NOT_EXPECTED.with(["qr_code"]);
                finding.want(made.is_none(), none, say::FIELD_PRESENT.with(["qr_code"]));
                let id = call.request_id().unwrap_or_default();
                let answer = seen.closing(&id).and_then(|call| call.answer_sent.as_ref());
                finding.want(
                    answer.is_some_and(Answer::knows_no_order),
                    say::INQUIRY_SAYS.with(["TRADE_NOT_EXIST"]),
                    say::INQUIRY_SILENT.plain(),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the next call for a code bears a fresh timestamp and a signature of its own")]
async fn stamped_anew(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(old) = held(seen, &mut finding).pop() else { return finding };
            let again = seen.sales().last().map_or(0, |sale| sale.line);
            let mut calls = seen.calls_of(Api::Pay).into_iter();
            let Some(next) = calls.find(|call| call.line() > again.max(old.line())) else {
                finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
                return finding;
            };
            finding.shown_by(next.lines());
            let began = next.began();
            want_parameter(&mut finding, next, "timestamp", "timestamp", |text| {
                moment(text).is_some_and(|told| (told - began).abs() <= VOID)
            });
            for name in ["timestamp", "sign"] {
                let (was, is) = (old.parameter(name), next.parameter(name));
                let is = is.unwrap_or("—");
                finding.want_for_good(
                    was != Some(is),
                    say::FIELD_NOT.with([name, is]),
                    say::FIELD_IS.with([name, is]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the next call for a code has another out_trade_no")]
async fn next_number_is_new(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(first) = first_pay(seen, &mut finding) else { return finding };
            let mut calls = seen.calls_of(Api::Pay).into_iter();
            let Some(next) = calls.find(|call| call.line() > first.line()) else {
                finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
                return finding;
            };
            finding.shown_by(next.lines());
            let id = next.request_id().unwrap_or_default();
            finding.want_for_good(
                first.request_id().as_deref() != Some(&id) && !id.is_empty(),
                say::ID_NEW.plain(),
                say::ID_USED.with([&id]),
            );
            finding
        })
        .await;
}

#[then(expr = "no second code of the sale is ever shown")]
async fn one_code_shown(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            let mut shown: Vec<&str> = vec![];
            for reading in seen.readings_of(seen.order().unwrap_or_default()) {
                let code = reading.view.shown.as_ref().and_then(|shown| shown.code.as_deref());
                let Some(code) = code.filter(|code| !shown.contains(code)) else { continue };
                shown.push(code);
                finding.shown_by([reading.line]);
            }
            finding.want_for_good(
                shown.len() <= 1,
                say::CODES_AT_MOST.with(["1"]),
                say::CODES_SHOWN.with([shown.len().to_string()]),
            );
            finding
        })
        .await;
}

/// The notices of the order's payments, in the order in which they were sent.
pub(super) fn notices_of<'a>(seen: &'a Seen, action: &str) -> Vec<&'a Exchange> {
    let ids = ids(seen);
    let ours = |notice: &&Exchange| notice.request_id().is_some_and(|id| ids.contains(&id));
    let named = |notice: &&Exchange| notice.parameter("notify_action_type") == Some(action);
    seen.notices().filter(ours).filter(named).collect()
}

#[then(
    expr = "precreate answers SUCCESS with a qr_code, and payByAccountAction names the order's number and amount"
)]
async fn code_and_notice(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_result(&mut finding, pay, pay.name(), Status::S, &["SUCCESS"]);
            want_told(&mut finding, pay, "voucher_type", "qrcode");
            let code = pay.answer_sent.as_ref().and_then(|answer| answer.field("qr_code"));
            let (present, absent) =
                (say::FIELD_PRESENT.with(["qr_code"]), say::FIELD_ABSENT.with(["qr_code"]));
            finding.want(code.is_some(), present, absent);
            let Some(notice) = notices_of(seen, "payByAccountAction").into_iter().next() else {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
                return finding;
            };
            finding.shown_by(notice.lines());
            want_value(&mut finding, notice, "notify_type", "trade_status_sync");
            // What else is in it no page lists.
            let mut rest = Finding::new();
            for name in ["out_trade_no", "total_fee"] {
                want_value(&mut rest, notice, name, pay.parameter(name).unwrap_or_default());
            }
            finding.and(rest.as_guess())
        })
        .await;
}

/// When the code was shown: as soon as there was one.
fn shown_at(pay: &Exchange) -> i64 {
    pay.answer_received.as_ref().map_or(pay.began(), |answer| answer.at)
}

#[then(expr = "the first query comes at most 65 s after the code was shown")]
async fn first_query_in_time(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_first(&mut finding, seen, shown_at(pay), FIRST + LATE);
            finding
        })
        .await;
}

#[then(
    expr = "the first query comes at most 65 s, and the cancel at most 180 s, after the code was shown"
)]
async fn query_and_cancel_in_time(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_first(&mut finding, seen, shown_at(pay), FIRST + LATE);
            let Some(cancel) = cancels(seen).into_iter().next() else {
                finding.fail(say::CALL_SEEN.with(["cancel"]), say::CALL_NOT_SEEN.with(["cancel"]));
                return finding;
            };
            finding.shown_by(cancel.lines());
            let (waited, most) = (cancel.began() - shown_at(pay), CANCEL + LATE);
            want_span(&mut finding, waited <= most, "cancel", (0, CANCEL), "offer", waited);
            finding
        })
        .await;
}

#[then(
    expr = "the cancel answers SUCCESS; where the code was scanned it closes the trade, and the late confirmation is refused"
)]
async fn code_cancelled(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(cancel) = cancels(seen).pop() else {
                finding.fail(say::CALL_SEEN.with(["cancel"]), say::CALL_NOT_SEEN.with(["cancel"]));
                return finding;
            };
            want_result(&mut finding, cancel, cancel.name(), Status::S, &["SUCCESS"]);
            if !seen.acts_of("buyer-scans").is_empty() {
                want_told(&mut finding, cancel, "action", "close");
                want_trade(&mut finding, seen, "TRADE_CLOSED");
            }
            want_late_approval_refused(&mut finding, seen);
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the notification is sent again 2 min after the first try")]
async fn sent_again(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let sends = notices_of(seen, "payByAccountAction");
            finding.shown_by(sends.iter().map(|send| send.line()));
            finding.want(
                !sends.is_empty(),
                say::NOTICE_SEEN.with([1]),
                say::NOTICE_SEEN.with([sends.len()]),
            );
            // The schedule is published twice, and otherwise each time.
            let [first, second, ..] = sends[..] else {
                let once = say::NOTICE_SEEN.with([sends.len()]);
                finding.guess(false, say::NOTICE_SEEN.with([2]), once);
                return finding;
            };
            let gap = second.began() - first.began();
            finding.guess(
                (119_000..=131_000).contains(&gap),
                say::NOTICE_AT.with(["2", "120000"]),
                say::NOTICE_AT.with(["2", &gap.to_string()]),
            );
            finding
        })
        .await;
}

#[then(expr = "no notification but one of TRADE_SUCCESS makes the order paid")]
async fn paid_by_success_alone(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let ids = ids(seen);
            let genuine = |notice: &&Exchange| {
                notice.sent.as_ref().is_some_and(|sent| sent.verified == Some(Verified::Valid))
            };
            let mut ours = seen.notices().filter(genuine).filter(|notice| {
                notice.request_id().is_some_and(|id| ids.contains(&id))
                    && notice.asked("paymentStatus").as_deref()
                        == Some(PaymentStatus::Success.name())
            });
            let told = ours.find_map(|notice| notice.received.as_ref()).map(|got| got.line);
            want_never_paid(&mut finding, seen, 0, told.unwrap_or(u32::MAX));
            finding
        })
        .await;
}

#[then(expr = "each notification's action and trade_status agree")]
async fn action_and_status_agree(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for (action, status) in [
                ("createDirectPayTradeByBuyerAction", "WAIT_BUYER_PAY"),
                ("closeTradeAction", "TRADE_CLOSED"),
            ] {
                let notices = notices_of(seen, action);
                if notices.is_empty() {
                    finding.fail(
                        say::FIELD_IS.with(["notify_action_type", action]),
                        say::NOTICE_NONE.plain(),
                    );
                }
                for notice in notices {
                    finding.shown_by(notice.lines());
                    want_value(&mut finding, notice, "trade_status", status);
                }
            }
            finding
        })
        .await;
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn a_timestamp_is_beijing_s_time_or_milliseconds() {
        let told = 1_767_578_400_000;
        assert_eq!(moment("2026-01-05 10:00:00"), Some(told));
        assert_eq!(moment("1767578400000"), Some(told));
        assert_eq!(moment("2026-01-05T10:00:00+08:00"), None);
        assert_eq!(moment("20260105100000"), None);
    }
}
