//! Checks of registrations that are refused or repeated.

use cucumber::then;
use evidence::RegistrationState::{Approved, Pending, Refused, Rejected};
use evidence::words as say;
use protocol::ams::{Api, Status};

use super::parameters::Reply;
use super::state::tells_why;
use super::told::{
    about, end, first_asked, own, own_statuses, review_in, subject, want_end, want_review,
};
use crate::seen::{Answer, Exchange};
use crate::wants::want_result;
use crate::{Finding, Seen, Stage};

#[then(expr = "the gateway refuses the registration with PARAM_ILLEGAL")]
async fn registration_refused(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = seen.at_gateway().filter(|call| call.api == Some(Api::Registration));
            let calls: Vec<_> = calls.collect();
            if calls.is_empty() {
                finding.cannot_judge(say::CALL_NOT_SEEN.with(["registration"]));
            }
            for call in calls {
                want_result(&mut finding, call, "registration", Status::F, &["PARAM_ILLEGAL"]);
            }
            finding
        })
        .await;
}

#[then(expr = "nothing is registered: its status is answered with RECORD_NOT_FOUND")]
async fn nothing_registered(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let name = "inquiryRegistrationStatus";
            let Some(status) = own(seen, Api::InquiryRegistrationStatus).pop() else {
                finding.cannot_judge(say::CALL_NOT_SEEN.with([name]));
                return finding;
            };
            want_result(&mut finding, status, name, Status::F, &["RECORD_NOT_FOUND"]);
            finding
        })
        .await;
}

#[then(expr = "the merchant shows it as refused, with the reason")]
async fn shown_as_refused(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            // A merchant that refuses at once has told the reason and keeps nothing.
            let refused = seen.acts_of("merchant-refused");
            if refused.iter().any(|act| act.text("merchant") == Some(&id))
                && super::told::readings(seen, &id).is_empty()
            {
                return finding;
            }
            want_end(&mut finding, seen, &id, Refused);
            want_reason(&mut finding, seen, &id);
            finding
        })
        .await;
}

fn want_reason(finding: &mut Finding, seen: &Seen, id: &str) {
    if let Some(reading) = end(seen, id, finding) {
        let told = tells_why(&reading.view);
        finding.want(told, say::REASON_SHOWN.with([id]), say::REASON_MISSING.with([id]));
    }
}

#[then(expr = "the repeat is {reply}")]
async fn repeat_answered(stage: &mut Stage, reply: Reply) {
    stage.judge(|seen| repeat_is(seen, reply)).await;
}

fn repeat_is(seen: &Seen, reply: Reply) -> Finding {
    let mut finding = Finding::new();
    let Some(first) = first_asked(seen, &mut finding) else { return finding };
    let name = "registration";
    let code = match reply {
        Reply::Same => {
            let again = own(seen, Api::Registration).pop();
            want_same_answer(&mut finding, first, again);
            return finding;
        }
        Reply::Inconsistent => "REPEAT_REQ_INCONSISTENT",
        Reply::Known => "REPEAT_REGISTRATION",
        Reply::KnownAndTaken => {
            want_both_answered(&mut finding, seen, first);
            return finding;
        }
    };
    match own(seen, Api::Registration).pop() {
        Some(again) => want_result(&mut finding, again, name, Status::F, &[code]),
        None => finding.cannot_judge(say::CALL_NOT_SEEN.with([name])),
    }
    finding
}

/// Wants a repeat to be answered as the first registration was.
fn want_same_answer(finding: &mut Finding, first: &Exchange, again: Option<&Exchange>) {
    let name = "registration";
    let Some(again) = again else {
        return finding.cannot_judge(say::CALL_NOT_SEEN.with([name]));
    };
    want_result(finding, again, name, Status::S, &["SUCCESS"]);
    let told = |call: &Exchange| {
        call.answer_sent.as_ref().and_then(|answer| answer.text("passThroughInfo"))
    };
    let (wanted, told) = (told(first).unwrap_or_default(), told(again).unwrap_or_default());
    finding.want(
        wanted == told,
        say::VALUE_REPEATED.with([name, "passThroughInfo", &wanted]),
        say::VALUE_OTHER.with([name, "passThroughInfo", &told]),
    );
}

/// The merchant's registrations once it was asked for both merchants a second time.
fn asked_again(seen: &Seen) -> Vec<&Exchange> {
    let asked = seen.acts_of("registers").get(2).map_or(u32::MAX, |act| act.line);
    let calls = seen.calls_of(Api::Registration);
    calls.into_iter().filter(|call| call.line() > asked).collect()
}

/// Wants the merchant's second registration of the approved merchant to be refused, and that of the
/// rejected one to be taken, which no page confirms.
fn want_both_answered(finding: &mut Finding, seen: &Seen, first: &Exchange) {
    let name = "registration";
    let again = asked_again(seen).into_iter();
    let (known, other): (Vec<&Exchange>, Vec<&Exchange>) =
        again.partition(|call| about(call) == about(first));
    let (Some(known), Some(other)) = (known.first(), other.first()) else {
        return finding.cannot_judge(say::CALLS_AT_MOST.with([name, "2"]));
    };
    want_result(finding, known, name, Status::F, &["REPEAT_REGISTRATION"]);
    let mut taken = Finding::new();
    want_result(&mut taken, other, name, Status::S, &["SUCCESS"]);
    *finding = std::mem::take(finding).and(taken.as_guess());
}

#[then(expr = "status and data of the first registration are unchanged")]
async fn first_is_unchanged(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(first) = first_asked(seen, &mut finding) else { return finding };
            let id = about(first).unwrap_or_default();
            let approved = |told: &protocol::ams::ReviewTold| super::told::all_approve(told);
            let statuses = own_statuses(seen, &id, None);
            want_review(&mut finding, statuses.last(), "COMPLETED, APPROVED", approved);
            let before = review_in(statuses.first().and_then(|call| call.answer_sent.as_ref()));
            finding.want(
                before.is_some()
                    && before == review_in(statuses.last().and_then(|c| c.answer_sent.as_ref())),
                say::REVIEW_IS.with([super::told::in_words(before.as_ref())]),
                say::REVIEW_OTHER.plain(),
            );
            want_same_data(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants what was registered to be told alike before and after.
fn want_same_data(finding: &mut Finding, seen: &Seen) {
    let name = "inquiryRegistrationInfo";
    let infos = own(seen, Api::InquiryRegistrationInfo);
    let (Some(before), Some(after)) = (infos.first(), infos.last()) else {
        return finding.cannot_judge(say::CALL_NOT_SEEN.with([name]));
    };
    want_result(finding, before, name, Status::S, &["SUCCESS"]);
    want_result(finding, after, name, Status::S, &["SUCCESS"]);
    for part in ["merchantInfo", "storeInfo", "productCodes"] {
        let told =
            |call: &Exchange| call.answer_sent.as_ref().and_then(|answer| data(answer, part));
        let (wanted, told) = (told(before).unwrap_or_default(), told(after).unwrap_or_default());
        finding.want(
            wanted == told && !wanted.is_empty(),
            say::VALUE_REPEATED.with([name, part, &wanted]),
            say::VALUE_OTHER.with([name, part, &told]),
        );
    }
}

fn data(answer: &Answer, part: &str) -> Option<String> {
    answer.fields.as_ref()?.at(part).map(ToString::to_string)
}

#[then(expr = "the approved merchant stays approved, and the rejected one is {word}")]
async fn books_after_repeat(stage: &mut Stage, other: String) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let wishes = super::told::wishes(seen);
            let (Some(first), Some(second)) = (wishes.first(), wishes.get(1)) else {
                finding.cannot_judge(say::CALL_NOT_SEEN.with(["registration"]));
                return finding;
            };
            want_end(&mut finding, seen, &first.id, Approved);
            if wishes.len() > 2 {
                want_reason(&mut finding, seen, &first.id);
            }
            // Whether the gateway takes it again is its own affair; the books follow its answer.
            let again = asked_again(seen);
            let again = again.iter().rfind(|call| about(call).as_ref() == Some(&second.id));
            let refused = again.is_some_and(|call| {
                call.believable().is_some() && call.result() == Some(Status::F)
            });
            let pending = other == Pending.name();
            let kept = end(seen, &second.id, &mut finding).map(|reading| reading.view.state);
            let wanted = match (pending, refused) {
                // It may show the refusal, or the rejection that it had.
                (true, true) if kept == Some(Rejected) => Rejected,
                (true, true) => Refused,
                (true, false) => Pending,
                (false, _) => Rejected,
            };
            want_end(&mut finding, seen, &second.id, wanted);
            finding
        })
        .await;
}

#[then(expr = "both are answered with RECORD_NOT_FOUND, and no data is told")]
async fn nobody_known(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for (api, name) in [
                (Api::InquiryRegistrationStatus, "inquiryRegistrationStatus"),
                (Api::InquiryRegistrationInfo, "inquiryRegistrationInfo"),
            ] {
                let Some(call) = own(seen, api).into_iter().next() else {
                    finding.cannot_judge(say::CALL_NOT_SEEN.with([name]));
                    continue;
                };
                want_result(&mut finding, call, name, Status::F, &["RECORD_NOT_FOUND"]);
                let told = call.answer_sent.as_ref().and_then(|a| data(a, "merchantInfo"));
                finding.want(
                    told.is_none(),
                    say::FIELD_NOT_EXPECTED.with(["merchantInfo"]),
                    say::FIELD_PRESENT.with(["merchantInfo"]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the gateway has one registration, which is pending")]
async fn one_registration(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(first) = first_asked(seen, &mut finding) else { return finding };
            let name = "registration";
            let id = first.asked("registrationRequestId");
            let same = |call: &&Exchange| call.asked("registrationRequestId") == id;
            let calls = seen.calls_of(Api::Registration);
            for call in calls.into_iter().filter(same).filter(|call| call.number != first.number) {
                want_result(&mut finding, call, name, Status::S, &["SUCCESS"]);
            }
            let merchant = about(first).unwrap_or_default();
            let pending = |told: &protocol::ams::ReviewTold| told.status == "PENDING";
            let one = own_statuses(seen, &merchant, id.as_deref());
            want_review(&mut finding, one.last(), "PENDING", pending);
            let all = own_statuses(seen, &merchant, None);
            want_review(&mut finding, all.last(), "PENDING", pending);
            finding
        })
        .await;
}
