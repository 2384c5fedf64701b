//! Checks that what decides the payment ends the asking, and that no pay follows in vain.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus, Verified};

use crate::payment::content::want_one_id;
use crate::wants::{cancels, first_pay, no_calls, polls};
use crate::{Finding, Seen, Stage};

#[then(expr = "there is no second pay and no cancel")]
async fn no_second_pay(stage: &mut Stage) {
    stage.judge(no_second_pay_no_cancel).await;
}

/// Wants one pay for the order, and no cancel of it.
pub(in crate::payment) fn no_second_pay_no_cancel(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    first_pay(seen, &mut finding);
    let pays = seen.order().map(|order| seen.pays_for(order)).unwrap_or_default();
    finding.want_for_good(
        pays.len() <= 1,
        say::CALLS_AT_MOST.with(["pay", "1"]),
        say::CALLS_COUNT.with(["pay", &pays.len().to_string()]),
    );
    no_calls(&mut finding, &cancels(seen), "cancel");
    finding
}

#[then(expr = "the order has one payment request id, no second pay and no cancel")]
async fn one_id_one_pay(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_one_id(&mut finding, seen);
            finding.and(no_second_pay_no_cancel(seen))
        })
        .await;
}

#[then(expr = "FAIL ends it: no inquiry and no cancel later than 1 s after it")]
async fn fail_ends_it(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let failed = polls(seen).into_iter().find_map(|poll| {
                let answer = poll.believable()?;
                (answer.payment_status() == Some(PaymentStatus::Fail)).then_some(answer)
            });
            let inquired = failed.map(|answer| (answer.line, answer.at));
            let Some((line, at)) = inquired.into_iter().chain(failure_told(seen)).min() else {
                let silent = say::INQUIRY_SILENT.plain();
                finding.fail(say::INQUIRY_SAYS.with(["FAIL"]), silent);
                return finding;
            };
            finding.shown_by([line]);
            want_quiet_after(&mut finding, seen, at, "FAIL");
            finding
        })
        .await;
}

/// Where and when the merchant was told of the failure by a genuine notice.
fn failure_told(seen: &Seen) -> Option<(u32, i64)> {
    let ids = seen.order().map(|order| seen.ids_of(order)).unwrap_or_default();
    let notice = seen.notices().find(|notice| {
        let genuine = notice.sent.as_ref().is_some_and(|s| s.verified == Some(Verified::Valid));
        let failure = notice.asked("result.resultStatus").as_deref() == Some("F");
        let ours = notice.request_id().is_some_and(|id| ids.contains(&id));
        genuine && failure && ours
    })?;
    notice.received.as_ref().map(|request| (request.line, request.at))
}

/// Wants no inquiry and no cancel about the order later than a second after a moment.
fn want_quiet_after(finding: &mut Finding, seen: &Seen, moment: i64, what: &str) {
    let late = polls(seen).into_iter().chain(cancels(seen));
    let late = late.filter(|call| call.began() > moment + 1_000).min_by_key(|call| call.line());
    if let Some(call) = late {
        finding.shown_by(call.lines());
        let name = call.api.map_or("?", Api::name);
        let span = (call.began() - moment).to_string();
        finding.fail(
            say::NO_CALL_AFTER.with([name, "1000", what]),
            say::CALL_AFTER.with([name, &span, what]),
        );
    }
}

#[then(expr = "F ends the first try: no inquiry loop and no cancel")]
async fn f_ends_first_try(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let id = pay.request_id().unwrap_or_default();
            want_no_loop(&mut finding, seen, &id);
            let cancels = seen.calls_about(&id);
            let cancels: Vec<_> =
                cancels.into_iter().filter(|call| call.api == Some(Api::Cancel)).collect();
            no_calls(&mut finding, &cancels, "cancel");
            finding
        })
        .await;
}

/// One closing inquiry is tolerated.
fn want_no_loop(finding: &mut Finding, seen: &Seen, id: &str) {
    let about = seen.calls_about(id);
    let polls = about.iter().filter(|call| call.api == Some(Api::InquiryPayment)).count();
    finding.want_for_good(
        polls <= 1,
        say::CALLS_AT_MOST.with(["inquiryPayment", "1"]),
        say::CALLS_COUNT.with(["inquiryPayment", &polls.to_string()]),
    );
}

#[then(expr = "F ends it: no inquiry loop and no second pay")]
async fn f_ends_it(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = no_further_pay(seen);
            for id in seen.order().map(|order| seen.ids_of(order)).unwrap_or_default() {
                want_no_loop(&mut finding, seen, &id);
            }
            finding
        })
        .await;
}

#[then(expr = "there is no further pay for the order")]
async fn no_more_pay(stage: &mut Stage) {
    stage.judge(no_further_pay).await;
}

fn no_further_pay(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    first_pay(seen, &mut finding);
    let pays = seen.order().map(|order| seen.pays_for(order)).unwrap_or_default();
    finding.shown_by(pays.iter().flat_map(|pay| pay.lines()));
    finding.want_for_good(
        pays.len() <= 1,
        say::CALLS_AT_MOST.with(["pay", "1"]),
        say::CALLS_COUNT.with(["pay", &pays.len().to_string()]),
    );
    finding
}

#[then(expr = "no inquiry and no cancel comes later than 1 s after the acknowledgement")]
async fn quiet_after_ack(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let acked = seen.notices().find_map(|notice| notice.answer_sent.as_ref());
            match acked {
                Some(ack) => {
                    finding.shown_by([ack.line]);
                    want_quiet_after(&mut finding, seen, ack.at, "acknowledgement");
                }
                None => finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain()),
            }
            finding
        })
        .await;
}
