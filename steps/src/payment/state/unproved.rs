//! Checks that what proves nothing leaves the order as it was.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::ams::Api;

use crate::seen::{Exchange, Reading};
use crate::wants::{end, planted, want_never_paid, want_none_created, want_nothing_offered};
use crate::{Finding, Seen, Stage};

#[then(expr = "the order is never paid and nothing is offered on the strength of it")]
async fn not_believed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            end(seen, &mut finding);
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            // Where only inquiries were altered, the code that pay gave is genuine.
            let altered = seen.calls_of(Api::Pay).iter().any(|pay| !pay.faults.is_empty());
            if altered {
                want_nothing_offered(&mut finding, seen, 0);
            }
            finding
        })
        .await;
}

#[then(expr = "the order still waits")]
async fn still_waits(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_waiting_after(&mut finding, seen, &[OrderState::Waiting]);
            // The buyer never pays here, so a booking from a queue later on is no better.
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            finding
        })
        .await;
}

#[then(expr = "the notice does not make the order paid")]
async fn not_paid_by_it(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let states = [OrderState::Waiting, OrderState::ForStaff];
            want_waiting_after(&mut finding, seen, &states);
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            finding
        })
        .await;
}

#[then(expr = "page and order say waiting, and nothing is delivered")]
async fn coming_back_proves_nothing(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let came = seen.acts_of("buyer-comes-back").first().map(|act| act.line);
            let Some(came) = came else {
                finding.fail(
                    say::FIELD_PRESENT.with(["paymentRedirectUrl"]),
                    say::FIELD_ABSENT.with(["paymentRedirectUrl"]),
                );
                return finding;
            };
            let page = |reading: &&Reading| reading.line > came && page_of(reading).is_some();
            let reading = seen.readings_of(order).into_iter().find(page);
            let said = reading.and_then(page_of);
            finding.shown_by(reading.map(|reading| reading.line));
            let waiting = OrderState::Waiting;
            finding.want(
                said == Some(waiting) && reading.is_some_and(|r| r.view.till == waiting),
                say::PAGE_SAYS.with([waiting.name()]),
                said.map_or_else(
                    || say::PAGE_SILENT.plain(),
                    |said| say::PAGE_SAYS.with([said.name()]),
                ),
            );
            // The buyer never pays here.
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            finding
        })
        .await;
}

fn page_of(reading: &Reading) -> Option<OrderState> {
    reading.view.shown.as_ref()?.page
}

/// Wants the order to be in one of these states right after each planted notice was answered, and
/// never paid after it.
pub(crate) fn want_waiting_after(finding: &mut Finding, seen: &Seen, states: &[OrderState]) {
    let order = seen.order().unwrap_or_default();
    for notice in planted(seen, finding) {
        finding.shown_by(notice.lines());
        let answered = notice.answer_sent.as_ref().map_or(notice.line(), |answer| answer.line);
        // The next message to the merchant may change the order for a good reason.
        let next = seen.calls().chain(seen.notices()).map(Exchange::line);
        let next = next.filter(|line| *line > answered).min().unwrap_or(u32::MAX);
        let reading = seen.reading_at(order, next);
        let was = reading.map_or("—", |reading| reading.view.till.name());
        let names: Vec<_> = states.iter().map(|state| state.name()).collect();
        finding.want(
            reading.is_some_and(|reading| states.contains(&reading.view.till)),
            say::ORDER_IS.with([order, &names.join(" / ")]),
            say::ORDER_IS.with([order, was]),
        );
        want_never_paid(finding, seen, 0, next);
    }
}

#[then(expr = "no order is paid by it and none is created")]
async fn nothing_created(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_waiting_after(&mut finding, seen, &[OrderState::Waiting]);
            want_none_created(&mut finding, seen);
            finding
        })
        .await;
}
