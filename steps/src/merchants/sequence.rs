//! Checks of what a merchant asks about a registration, and when.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Api, ReviewTold};

use super::told::{registrations, review_in};
use crate::registering::DAY;
use crate::{Finding, Seen, Stage};

/// How late the daily inquiry may come.
const LATE: i64 = 30 * 60_000;

#[then(expr = "the merchant asks at least once a day until the review is over")]
async fn asks_daily(stage: &mut Stage) {
    stage.judge(daily).await;
}

fn daily(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let name = "inquiryRegistrationStatus";
    let calls = registrations(seen, &mut finding);
    let Some(first) = calls.first() else { return finding };
    let mut before = first.began();
    let mut over = false;
    for call in seen.calls_of(Api::InquiryRegistrationStatus) {
        finding.shown_by(call.lines());
        want_within_a_day(&mut finding, name, call.began() - before);
        before = call.began();
        over = review_in(call.believable()).is_some_and(|told| ReviewTold::is_completed(&told));
        if over {
            break;
        }
    }
    let ended = seen.own_calls().map(crate::seen::Exchange::began).next();
    if !over && let Some(ended) = ended {
        want_within_a_day(&mut finding, name, ended - before);
    }
    // Days are jumped over there, and nobody's daily work happens in between; that the merchant asks
    // at all shows at the end.
    if seen.merchant_has_its_own_time()
        && let Some((_, was)) = finding.failure.take()
    {
        finding.note(was);
        finding.note(say::NOTE_JUMPED.plain());
    }
    finding
}

fn want_within_a_day(finding: &mut Finding, name: &str, waited: i64) {
    let most = DAY + LATE;
    finding.want(
        waited <= most,
        say::CALL_AFTER_BETWEEN.with([name, "0", &most.to_string(), "call-before"]),
        say::CALL_AFTER.with([name, &waited.to_string(), "call-before"]),
    );
}

#[then(
    expr = "the merchant sends the same registration again or asks for its status, never a new registration"
)]
async fn repeats_unchanged(stage: &mut Stage) {
    stage.judge(same_registration).await;
}

fn same_registration(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let calls = registrations(seen, &mut finding);
    let Some((first, again)) = calls.split_first() else { return finding };
    let id = first.asked("registrationRequestId").unwrap_or_default();
    let body = first.request().map(|request| request.blob.body.clone());
    for call in again {
        finding.shown_by(call.lines());
        let told = call.asked("registrationRequestId").unwrap_or_default();
        finding.want_for_good(
            told == id,
            say::FIELD_IS.with(["registrationRequestId", &id]),
            say::FIELD_IS.with(["registrationRequestId", &told]),
        );
        finding.want_for_good(
            call.request().map(|request| request.blob.body.clone()) == body,
            say::REGISTRATION_UNCHANGED.plain(),
            say::REGISTRATION_CHANGED.plain(),
        );
    }
    let asked = !seen.calls_of(Api::InquiryRegistrationStatus).is_empty();
    finding.want(
        asked || !again.is_empty(),
        say::NEXT_CALL_IS.with(["registration / inquiryRegistrationStatus"]),
        say::NEXT_CALL_NONE.plain(),
    );
    finding
}
