//! Checks of the inquiries after pay, and of the cancel that ends them.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus, Status};

use super::pace::{
    POLLS, Pace, want_cancel_after_polls, want_count, want_first_after_offer, want_first_poll,
    want_spacing,
};
use crate::product::Means;
use crate::seen::{Answer, Exchange};
use crate::wants::{first_pay, polls};
use crate::{Finding, Stage};

#[then(expr = "the first inquiry comes 5 s after pay, and then one every 3 s")]
async fn pace_after_unknown(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let pace = Pace::of(seen.product);
            want_first_poll(&mut finding, seen, pay, &pace);
            want_spacing(&mut finding, &polls(seen), &pace);
            finding
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
            want_spacing(&mut finding, &polls, &Pace::of(seen.product));
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

#[then(expr = "the merchant stops waiting and inquires 4 to 11 s after pay was sent")]
async fn inquires_in_time(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_first_poll(&mut finding, seen, pay, &Pace::of(seen.product));
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
            want_spacing(&mut finding, &polls, &Pace::of(seen.product));
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
            want_spacing(&mut finding, &polls, &Pace::of(seen.product));
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

#[then(
    expr = "the first inquiry comes 14 to 26 s after the code or link was given, then one every 3 to 5 s, 10 to 20 in all"
)]
async fn pace_after_code(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_first_after_offer(&mut finding, seen, pay);
            let polls = polls(seen);
            want_spacing(&mut finding, &polls, &Pace::of(seen.product));
            want_count(&mut finding, pay, &polls);
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
            match seen.product.means() {
                Means::ScannedCode => {
                    want_first_poll(&mut finding, seen, pay, &Pace::of(seen.product));
                }
                Means::ShownCode | Means::EntryPage | Means::WalletPage => {
                    want_first_after_offer(&mut finding, seen, pay);
                }
            }
            want_spacing(&mut finding, &polls, &Pace::of(seen.product));
            let status = |poll: &Exchange| poll.believable().and_then(Answer::payment_status);
            let found = polls.iter().any(|poll| status(poll) == Some(PaymentStatus::Success));
            finding.want(found, say::INQUIRY_SAYS.with(["SUCCESS"]), say::INQUIRY_SILENT.plain());
            finding
        })
        .await;
}
