//! Checks of what happens after what, and when.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus, Status, judge_ack};

use super::content::{first_pay, want_one_id};
use crate::seen::{Answer, Exchange};
use crate::{Finding, Product, Seen, Stage};

/// How many inquiries a merchant makes before it cancels.
const POLLS: std::ops::RangeInclusive<usize> = 10..=20;
/// The plan of the official in-store SDK: nine inquiries, in milliseconds after pay or the one
/// before.
const SDK_PLAN: [i64; 9] = [2_000, 3_000, 3_000, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000];

/// What a real clock is accepted to do, in milliseconds.
struct Pace {
    /// The first inquiry when nothing was answered.
    first: (i64, i64),
    /// The first inquiry after U.
    after_unknown: i64,
    /// Between inquiries, from start to start or from answer to start.
    spacing: (i64, i64),
    /// The cancel after the last inquiry.
    cancel: i64,
}

impl Pace {
    fn of(product: Product) -> Self {
        match product {
            Product::UserPresented => Self {
                first: (4_000, 11_000),
                after_unknown: 11_000,
                spacing: (2_000, 5_000),
                cancel: 7_000,
            },
            Product::OrderCode => Self {
                first: (14_000, 26_000),
                after_unknown: 26_000,
                spacing: (2_000, 7_000),
                cancel: 9_000,
            },
        }
    }
}

/// The inquiries about the order, in order.
fn polls(seen: &Seen) -> Vec<&Exchange> {
    let ids = seen.order().map(|order| seen.ids_of(order)).unwrap_or_default();
    let about = |call: &&Exchange| call.request_id().is_some_and(|id| ids.contains(&id));
    seen.calls_of(Api::InquiryPayment).into_iter().filter(about).collect()
}

fn cancels(seen: &Seen) -> Vec<&Exchange> {
    let ids = seen.order().map(|order| seen.ids_of(order)).unwrap_or_default();
    let about = |call: &&Exchange| {
        let paid_as = call.request_id().or_else(|| id_of_payment(seen, &call.asked("paymentId")?));
        paid_as.is_some_and(|id| ids.contains(&id))
    };
    seen.calls_of(Api::Cancel).into_iter().filter(about).collect()
}

/// The payment request id under which the gateway gave a payment id.
fn id_of_payment(seen: &Seen, payment_id: &str) -> Option<String> {
    let gave = |call: &&Exchange| {
        let answer = call.answer_sent.as_ref();
        answer.and_then(|answer| answer.text("paymentId")).as_deref() == Some(payment_id)
    };
    seen.calls_of(Api::Pay).into_iter().find(gave)?.request_id()
}

/// Wants the spacing of inquiries to fit a pace.
fn want_spacing(finding: &mut Finding, polls: &[&Exchange], pace: &Pace) {
    for pair in polls.windows(2) {
        let from_start = pair[1].began() - pair[0].began();
        let from_answer = pair[0].answer_received.as_ref().map(|a| pair[1].began() - a.at);
        let (least, most) = pace.spacing;
        let fits = |span: i64| (least..=most).contains(&span);
        let holds = fits(from_start) || from_answer.is_some_and(fits);
        finding.shown_by(pair[1].lines());
        want_span(finding, holds, "inquiryPayment", (least, most), "inquiryPayment", from_start);
    }
}

fn want_span(
    finding: &mut Finding,
    holds: bool,
    call: &str,
    (least, most): (i64, i64),
    after: &str,
    was: i64,
) {
    finding.want(
        holds,
        say::CALL_AFTER_BETWEEN.with([call, &least.to_string(), &most.to_string(), after]),
        say::CALL_AFTER.with([call, &was.to_string(), after]),
    );
}

/// Wants 10 to 20 inquiries. The official SDK's nine at its own pace pass with a note.
fn want_count(finding: &mut Finding, pay: &Exchange, polls: &[&Exchange]) {
    if polls.len() == SDK_PLAN.len() {
        let mut before = pay.answer_received.as_ref().map_or(pay.began(), |answer| answer.at);
        let by_the_plan = polls.iter().zip(SDK_PLAN).all(|(poll, wait)| {
            let waited = poll.began() - before;
            before = poll.answer_received.as_ref().map_or(poll.began(), |answer| answer.at);
            (wait - 500..=wait + 6_000).contains(&waited)
        });
        if by_the_plan {
            return finding.note(say::NOTE_SDK_PLAN.plain());
        }
    }
    let count = polls.len().to_string();
    finding.want(
        POLLS.contains(&polls.len()),
        say::CALLS_BETWEEN.with(["inquiryPayment", "10", "20"]),
        say::CALLS_COUNT.with(["inquiryPayment", &count]),
    );
}

fn no_calls(finding: &mut Finding, calls: &[&Exchange], name: &str) {
    finding.shown_by(calls.iter().flat_map(|call| call.lines()));
    finding.want(
        calls.is_empty(),
        say::CALL_NOT_SEEN.with([name]),
        say::CALLS_COUNT.with([name, &calls.len().to_string()]),
    );
}

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
            finding.want(count == 1, say::NOTICE_SEEN.with([1]), say::NOTICE_SEEN.with([count]));
            finding
        })
        .await;
}

#[then(expr = "the first inquiry comes 5 s after pay, and then one every 3 s")]
async fn pace_after_unknown(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let pace = Pace::of(Product::UserPresented);
            want_first_poll(&mut finding, seen, pay, &pace);
            want_spacing(&mut finding, &polls(seen), &pace);
            finding
        })
        .await;
}

fn want_first_poll(finding: &mut Finding, seen: &Seen, pay: &Exchange, pace: &Pace) {
    let Some(first) = polls(seen).into_iter().next() else {
        let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
        return finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
    };
    finding.shown_by(first.lines());
    let waited = first.began() - pay.began();
    let least = if pay.result().is_some() { 0 } else { pace.first.0 };
    let most = if pay.result().is_some() { pace.after_unknown } else { pace.first.1 };
    let holds = (least..=most).contains(&waited);
    want_span(finding, holds, "inquiryPayment", (least, most), "pay", waited);
}

#[then(expr = "there is no second pay and no cancel")]
async fn no_second_pay(stage: &mut Stage) {
    stage.judge(no_second_pay_no_cancel).await;
}

fn no_second_pay_no_cancel(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    first_pay(seen, &mut finding);
    let pays = seen.order().map(|order| seen.pays_for(order)).unwrap_or_default();
    finding.want(
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

#[then(expr = "the merchant inquires 10 to 20 times about the payment, once every 3 s")]
async fn polls_by_the_book(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let polls = polls(seen);
            finding.shown_by(polls.iter().map(|poll| poll.line()));
            want_count(&mut finding, pay, &polls);
            want_spacing(&mut finding, &polls, &Pace::of(Product::UserPresented));
            finding
        })
        .await;
}

#[then(expr = "the call after the last inquiry is the cancel of the same payment")]
async fn then_cancels(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_cancel_after_polls(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants the call after the last inquiry to be the cancel of the same payment, in time.
fn want_cancel_after_polls(finding: &mut Finding, seen: &Seen) {
    let ids = seen.order().map(|order| seen.ids_of(order)).unwrap_or_default();
    let Some(last) = polls(seen).into_iter().last() else {
        let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
        return finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
    };
    finding.shown_by(last.lines());
    let next = seen.calls().find(|call| call.line() > last.line());
    let Some(next) = next else {
        let none = say::NEXT_CALL_NONE.plain();
        return finding.fail(say::NEXT_CALL_IS.with(["cancel"]), none);
    };
    finding.shown_by(next.lines());
    let about = next.request_id().or_else(|| id_of_payment(seen, &next.asked("paymentId")?));
    let same = about.is_some_and(|id| ids.contains(&id));
    let name = next.api.map_or("?", Api::name);
    finding.want(
        next.api == Some(Api::Cancel) && same,
        say::NEXT_CALL_IS.with(["cancel"]),
        say::NEXT_CALL_IS.with([name]),
    );
    let waited = next.began() - last.began();
    let most = Pace::of(seen.product).cancel;
    want_span(finding, waited <= most, "cancel", (0, most), "inquiryPayment", waited);
}

#[then(expr = "at most 11 s after pay comes an inquiry for it, or the identical pay")]
async fn asks_or_repeats(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let next = seen.calls().find(|call| call.line() > pay.line());
            let Some(next) = next else {
                let wanted = say::NEXT_CALL_IS.with(["inquiryPayment / pay"]);
                finding.fail(wanted, say::NEXT_CALL_NONE.plain());
                return finding;
            };
            finding.shown_by(next.lines());
            let same = next.request_id() == pay.request_id();
            let asks = next.api == Some(Api::InquiryPayment) && same;
            let repeats = next.api == Some(Api::Pay) && changed_field(pay, next).is_none();
            let name = next.api.map_or("?", Api::name);
            finding.want(
                asks || repeats,
                say::NEXT_CALL_IS.with(["inquiryPayment / pay"]),
                say::NEXT_CALL_IS
                    .with([format!("{name} {}", next.request_id().unwrap_or_default())]),
            );
            let waited = next.began() - pay.began();
            want_span(&mut finding, waited <= 11_000, name, (0, 11_000), "pay", waited);
            finding
        })
        .await;
}

/// The first field in which a repeated pay differs from the first; none when it is the same call.
pub(crate) fn changed_field(first: &Exchange, again: &Exchange) -> Option<&'static str> {
    [
        "paymentRequestId",
        "paymentAmount.value",
        "paymentAmount.currency",
        "paymentMethod.paymentMethodId",
        "order.referenceOrderId",
    ]
    .into_iter()
    .find(|path| first.asked(path) != again.asked(path))
}

#[then(expr = "the merchant stops waiting and inquires 4 to 11 s after pay was sent")]
async fn inquires_in_time(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_first_poll(&mut finding, seen, pay, &Pace::of(Product::UserPresented));
            let same = polls(seen).first().and_then(|poll| poll.request_id());
            if let Some(asked) = same.filter(|asked| Some(asked) != pay.request_id().as_ref()) {
                finding.fail(
                    say::ID_USED.with([pay.request_id().unwrap_or_default()]),
                    say::ID_USED.with([asked]),
                );
            }
            finding
        })
        .await;
}

#[then(
    expr = "it inquires 10 to 20 times through ORDER_NOT_EXIST, once every 3 s, and then cancels"
)]
async fn polls_through(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let polls = polls(seen);
            want_count(&mut finding, pay, &polls);
            want_spacing(&mut finding, &polls, &Pace::of(Product::UserPresented));
            want_cancel_after_polls(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the merchant cancels after {int} to {int} inquiries")]
async fn cancels_after(stage: &mut Stage, least: usize, most: usize) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let polls = polls(seen);
            if least == *POLLS.start() {
                want_count(&mut finding, pay, &polls);
            } else {
                let count = polls.len().to_string();
                finding.want(
                    (least..=most).contains(&polls.len()),
                    say::CALLS_BETWEEN.with([
                        "inquiryPayment",
                        &least.to_string(),
                        &most.to_string(),
                    ]),
                    say::CALLS_COUNT.with(["inquiryPayment", &count]),
                );
            }
            want_cancel_after_polls(&mut finding, seen);
            finding
        })
        .await;
}

#[then(
    expr = "after each ORDER_NOT_EXIST it inquires again 3 s later, ten times at least, and pays no second time"
)]
async fn goes_on_asking(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            let polls = polls(seen);
            let not_there = |poll: &Exchange| {
                poll.believable().is_some_and(|answer| answer.is(Status::F, "ORDER_NOT_EXIST"))
            };
            for (index, poll) in polls.iter().enumerate().filter(|(_, poll)| not_there(poll)) {
                if index + 1 >= *POLLS.start() {
                    break;
                }
                let next = seen.calls().find(|call| call.line() > poll.line());
                let name = next.and_then(|call| call.api).map_or("—", Api::name);
                finding.want(
                    next.is_some_and(|call| call.api == Some(Api::InquiryPayment)),
                    say::NEXT_CALL_IS.with(["inquiryPayment"]),
                    say::NEXT_CALL_IS.with([name]),
                );
            }
            want_spacing(&mut finding, &polls, &Pace::of(Product::UserPresented));
            let pays = seen.order().map_or(0, |order| seen.pays_for(order).len());
            finding.want(
                pays <= 1,
                say::CALLS_AT_MOST.with(["pay", "1"]),
                say::CALLS_COUNT.with(["pay", &pays.to_string()]),
            );
            finding
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
            let Some(failed) = failed else {
                let silent = say::INQUIRY_SILENT.plain();
                finding.fail(say::INQUIRY_SAYS.with(["FAIL"]), silent);
                return finding;
            };
            finding.shown_by([failed.line]);
            want_quiet_after(&mut finding, seen, failed.at, "FAIL");
            finding
        })
        .await;
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
    finding.want(
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
    finding.want(
        pays.len() <= 1,
        say::CALLS_AT_MOST.with(["pay", "1"]),
        say::CALLS_COUNT.with(["pay", &pays.len().to_string()]),
    );
    finding
}

#[then(
    expr = "the first inquiry comes 14 to 26 s after the code was shown, then one every 3 to 5 s, 10 to 20 in all"
)]
async fn pace_after_code(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_first_after_code(&mut finding, seen, pay);
            let polls = polls(seen);
            want_spacing(&mut finding, &polls, &Pace::of(Product::OrderCode));
            want_count(&mut finding, pay, &polls);
            finding
        })
        .await;
}

fn want_first_after_code(finding: &mut Finding, seen: &Seen, pay: &Exchange) {
    let pace = Pace::of(Product::OrderCode);
    let shown = pay.answer_received.as_ref().map_or(pay.began(), |answer| answer.at);
    let Some(first) = polls(seen).into_iter().next() else {
        let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
        return finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
    };
    finding.shown_by(first.lines());
    let waited = first.began() - shown;
    let holds = (pace.first.0..=pace.first.1).contains(&waited);
    want_span(finding, holds, "inquiryPayment", pace.first, "the code", waited);
}

#[then(expr = "the same request comes again with the same id and amount, 3 sends at most")]
async fn same_request_again(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(first) = first_pay(seen, &mut finding) else { return finding };
            let pays = seen.order().map(|order| seen.pays_for(order)).unwrap_or_default();
            finding.shown_by(pays.iter().flat_map(|pay| pay.lines()));
            finding.want(
                (2..=3).contains(&pays.len()),
                say::CALLS_BETWEEN.with(["pay", "2", "3"]),
                say::CALLS_COUNT.with(["pay", &pays.len().to_string()]),
            );
            for again in pays {
                if let Some(field) = changed_field(first, again) {
                    finding.fail(say::PAY_UNCHANGED.plain(), say::PAY_CHANGED.with([field]));
                }
            }
            finding
        })
        .await;
}

#[then(expr = "it counts as no answer: no new payment request id comes because of it")]
async fn no_new_id(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            want_one_id(&mut finding, seen);
            finding
        })
        .await;
}

#[then(
    expr = "it counts as no answer: the merchant inquires with the same id or repeats the same request"
)]
async fn counts_as_no_answer(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let wanted = match seen.product {
                Product::UserPresented => Api::InquiryPayment,
                Product::OrderCode => Api::Pay,
            };
            let next = seen.calls().find(|call| call.line() > pay.line());
            let Some(next) = next else {
                let none = say::NEXT_CALL_NONE.plain();
                finding.fail(say::NEXT_CALL_IS.with([wanted.name()]), none);
                return finding;
            };
            finding.shown_by(next.lines());
            let same = match wanted {
                Api::Pay => changed_field(pay, next).is_none(),
                Api::InquiryPayment | Api::Cancel => next.request_id() == pay.request_id(),
            };
            finding.want(
                next.api == Some(wanted) && same,
                say::NEXT_CALL_IS.with([wanted.name()]),
                say::NEXT_CALL_IS.with([next.api.map_or("?", Api::name)]),
            );
            finding
        })
        .await;
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
                    want_quiet_after(&mut finding, seen, ack.at, "the acknowledgement");
                }
                None => finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain()),
            }
            finding
        })
        .await;
}

#[then(expr = "the merchant inquires at its product's pace until SUCCESS")]
async fn inquires_until_success(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let polls = polls(seen);
            match seen.product {
                Product::UserPresented => {
                    want_first_poll(&mut finding, seen, pay, &Pace::of(seen.product));
                }
                Product::OrderCode => want_first_after_code(&mut finding, seen, pay),
            }
            want_spacing(&mut finding, &polls, &Pace::of(seen.product));
            let status = |poll: &Exchange| poll.believable().and_then(Answer::payment_status);
            let found = polls.iter().any(|poll| status(poll) == Some(PaymentStatus::Success));
            finding.want(found, say::INQUIRY_SAYS.with(["SUCCESS"]), say::INQUIRY_SILENT.plain());
            finding
        })
        .await;
}

/// The documented waits between the sends of one notice, in milliseconds.
const RESENDS: [i64; 7] = [120_000, 600_000, 600_000, 3_600_000, 7_200_000, 21_600_000, 54_000_000];

/// The sends of the first notice, and after how many of them the right acknowledgement went back.
fn sends(seen: &Seen) -> (Vec<&Exchange>, Option<usize>) {
    let id = seen.notices().next().and_then(Exchange::request_id);
    let sends: Vec<_> = seen.notices().filter(|notice| notice.request_id() == id).collect();
    let acked = sends.iter().position(|send| {
        let answer = send.answer_received.as_ref();
        let in_time = answer.is_some_and(|answer| answer.at - send.began() <= 10_000);
        let right = answer
            .is_some_and(|answer| judge_ack(answer.status.unwrap_or(0), &answer.blob.body).is_ok());
        in_time && right
    });
    (sends, acked)
}

#[then(
    expr = "the notice is sent at 0 s and then 2 min, 10 min, 10 min, 1 h, 2 h, 6 h and 15 h after the one before"
)]
async fn resent_on_schedule(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let (sends, acked) = sends(seen);
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
        })
        .await;
}

#[then(expr = "no notice follows a right acknowledgement")]
async fn silent_after_ack(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let (sends, acked) = sends(seen);
            if sends.is_empty() {
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
