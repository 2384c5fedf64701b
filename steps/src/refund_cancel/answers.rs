//! Checks of what the gateway answers to refunds, cancels and inquiries about them.

use cucumber::then;
use evidence::words as say;
use protocol::Amount;
use protocol::ams::{Api, PaymentStatus, RefundStatus, Status};

use crate::seen::{Answer, Exchange};
use crate::wants::{has_offset, ids, list, refunds, want_closing, want_refusal, want_result};
use crate::{Finding, Seen, Stage};

/// Wants S with a refund id and a time for a refund; answers the id.
fn want_done(finding: &mut Finding, refund: &Exchange) -> Option<String> {
    want_result(finding, refund, "refund", Status::S, &["SUCCESS"]);
    let answer = refund.answer_sent.as_ref()?;
    let id = answer.text("refundId");
    let absent = say::FIELD_ABSENT.with(["refundId"]);
    finding.want(id.is_some(), say::FIELD_PRESENT.with(["refundId"]), absent);
    let time = answer.text("refundTime").unwrap_or_default();
    finding.want(
        has_offset(&time),
        say::FIELD_MATCHES.with(["refundTime", "time"]),
        say::FIELD_IS.with(["refundTime", &time]),
    );
    id
}

/// The own calls of an API before the closing look.
fn own(seen: &Seen, api: Api) -> Vec<&Exchange> {
    seen.own_calls().filter(|call| call.api == Some(api)).collect()
}

#[then(expr = "the gateway answers the refund with success, a refund id and a refund time")]
async fn refund_done(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for refund in refunds(seen, &mut finding) {
                want_done(&mut finding, refund);
            }
            finding
        })
        .await;
}

#[then(expr = "the gateway answers each with success and a refund id of its own")]
async fn refunds_done(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let mut told: Vec<String> = vec![];
            for refund in refunds(seen, &mut finding) {
                let Some(id) = want_done(&mut finding, refund) else { continue };
                let new = say::FIELD_IS.with(["refundId", "…"]);
                finding.want(!told.contains(&id), new, say::FIELD_IS.with(["refundId", &id]));
                told.push(id);
            }
            finding
        })
        .await;
}

#[then(expr = "the gateway refuses the one refund that would exceed the payment, and no other")]
async fn refuses_excess(stage: &mut Stage) {
    stage.judge(one_refused).await;
}

fn one_refused(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let calls: Vec<_> = seen.at_gateway().filter(|call| call.api == Some(Api::Refund)).collect();
    let with = |status: Status| -> Vec<(&Exchange, Amount)> {
        let told = calls.iter().filter(|it| it.told().is_some_and(|(told, _)| told == status));
        told.filter_map(|it| Some((*it, it.refund_amount()?))).collect()
    };
    let (done, refused) = (with(Status::S), with(Status::F));
    finding.shown_by(calls.iter().flat_map(|call| call.lines()));
    let price = seen.order().and_then(|order| seen.price_of(order));
    let whole = price.map_or(0, |price| price.minor);
    let given: i64 = done.iter().map(|(_, amount)| amount.minor).sum();
    let amounts = |of: &[(&Exchange, Amount)]| -> String {
        list(&of.iter().map(|(_, amount)| *amount).collect::<Vec<_>>())
    };
    let rightly = refused.iter().all(|(call, amount)| {
        let answered = call.answer_sent.as_ref().map_or(0, |answer| answer.line);
        let before = done.iter().filter(|(other, _)| other.line() < answered);
        let left = whole - before.map(|(_, amount)| amount.minor).sum::<i64>();
        amount.minor > left
    });
    finding.want(
        given <= whole && rightly && refused.len() == 1,
        say::REFUNDS_ALLOWED.with([list(&price.into_iter().collect::<Vec<_>>())]),
        say::REFUNDS_ANSWERED.with([amounts(&done), amounts(&refused)]),
    );
    for (call, _) in refused {
        want_refusal(&mut finding, call, "refund", &["REFUND_AMOUNT_EXCEED"]);
    }
    finding
}

#[then(
    expr = "the same amount gets the same answer and refund id, another is refused with REPEAT_REQ_INCONSISTENT"
)]
async fn repeats_are_known(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let first = refunds(seen, &mut finding).into_iter().next();
            let own = own(seen, Api::Refund);
            let (Some(first), [same, other]) = (first, own.as_slice()) else {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
                return finding;
            };
            want_result(&mut finding, same, "refund", Status::S, &["SUCCESS"]);
            let id = |call: &Exchange| {
                call.answer_sent.as_ref().and_then(|it| it.text("refundId")).unwrap_or_default()
            };
            finding.want(
                id(first) == id(same) && !id(same).is_empty(),
                say::FIELD_IS.with(["refundId", &id(first)]),
                say::FIELD_IS.with(["refundId", &id(same)]),
            );
            let code = ["REPEAT_REQ_INCONSISTENT"];
            want_result(&mut finding, other, "refund", Status::F, &code);
            finding
        })
        .await;
}

#[then(expr = "the gateway refuses to refund it")]
async fn refuses_own(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let known = seen.order().is_some();
            let ours = if known { "ORDER_STATUS_INVALID" } else { "ORDER_NOT_EXIST" };
            let calls = seen.at_gateway().filter(|call| call.api == Some(Api::Refund));
            for call in calls {
                want_refusal(&mut finding, call, "refund", &[ours]);
            }
            if own(seen, Api::Refund).is_empty() {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
            }
            finding
        })
        .await;
}

#[then(expr = "the refund inquiries say PROCESSING and then that it {word}, each with success")]
async fn processing_and_then(stage: &mut Stage, end: String) {
    stage
        .judge(|seen| {
            let wanted = if end == "succeeds" { RefundStatus::Success } else { RefundStatus::Fail };
            inquiries_until(seen, wanted)
        })
        .await;
}

/// Every refund inquiry is answered S: first PROCESSING, then the end and nothing else, and a time
/// only where it succeeded.
fn inquiries_until(seen: &Seen, end: RefundStatus) -> Finding {
    let mut finding = Finding::new();
    let inquiries = seen.at_gateway().filter(|call| call.api == Some(Api::InquiryRefund));
    let mut told: Vec<&str> = vec![];
    for inquiry in inquiries {
        want_result(&mut finding, inquiry, "inquiryRefund", Status::S, &["SUCCESS"]);
        let Some(answer) = &inquiry.answer_sent else { continue };
        let status = answer.refund_status();
        told.push(status.map_or("—", RefundStatus::name));
        let timed = answer.text("refundTime").is_some();
        finding.want(
            timed == (status == Some(RefundStatus::Success)),
            say::FIELD_MATCHES.with(["refundTime", "with-success"]),
            if timed {
                say::FIELD_PRESENT.with(["refundTime"])
            } else {
                say::FIELD_ABSENT.with(["refundTime"])
            },
        );
    }
    let open = told.iter().take_while(|told| **told == "PROCESSING").count();
    let ended = told.iter().skip(open).all(|told| *told == end.name());
    finding.want(
        open > 0 && ended && told.len() > open,
        say::REFUND_INQUIRIES.with([format!("PROCESSING …, {} …", end.name())]),
        say::REFUND_INQUIRIES.with([told.join(", ")]),
    );
    finding
}

#[then(expr = "the gateway refuses the refund for good, and no money moves")]
async fn refuses_for_good(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let on_demand = seen.arranged.iter().any(|act| act.what == "answer-on-demand");
            for refund in refunds(seen, &mut finding) {
                if on_demand {
                    want_result(&mut finding, refund, "refund", Status::F, &[]);
                } else {
                    want_refusal(&mut finding, refund, "refund", &["REFUND_WINDOW_EXCEED"]);
                }
            }
            crate::wants::want_credits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the gateway answers the cancel with {word} {word}")]
async fn cancel_answered(stage: &mut Stage, status: String, code: String) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let first = seen.calls_of(Api::Cancel).into_iter().next();
            let Some(cancel) = first else {
                finding.fail(say::CALL_SEEN.with(["cancel"]), say::CALL_NOT_SEEN.with(["cancel"]));
                return finding;
            };
            let wanted = if status == "S" { Status::S } else { Status::F };
            want_result(&mut finding, cancel, "cancel", wanted, &[&code]);
            finding
        })
        .await;
}

#[then(expr = "the gateway refuses to cancel what it does not know")]
async fn refuses_unknown(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let cancels = own(seen, Api::Cancel);
            let Some(cancel) = cancels.first() else {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
                return finding;
            };
            let named = cancel.asked("paymentRequestId").or_else(|| cancel.asked("paymentId"));
            if named.is_some() {
                want_result(&mut finding, cancel, "cancel", Status::F, &["ORDER_NOT_EXIST"]);
            } else {
                want_refusal(&mut finding, cancel, "cancel", &["PARAM_ILLEGAL"]);
            }
            finding
        })
        .await;
}

#[then(expr = "no order comes into being")]
async fn no_order_by_it(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for inquiry in own(seen, Api::InquiryPayment) {
                let code = ["ORDER_NOT_EXIST"];
                want_result(&mut finding, inquiry, "inquiryPayment", Status::F, &code);
            }
            match &seen.wallet {
                Some(wallet) => finding.want(
                    wallet.debits.is_empty() && wallet.credits.is_empty(),
                    say::DEBITED_TIMES.with([0]),
                    say::DEBITED_TIMES.with([wallet.debits.len()]),
                ),
                None => finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain()),
            }
            finding
        })
        .await;
}

/// Wants the gateway to call each payment of the order cancelled at the end.
pub(super) fn want_cancelled(finding: &mut Finding, seen: &Seen) {
    for id in ids(seen) {
        want_closing(finding, seen, &id, PaymentStatus::Cancelled);
    }
}

/// Whether an answer is the confirmation of a cancel.
pub(super) fn confirms(answer: &Answer) -> bool {
    answer.outcome.as_ref().is_some_and(|told| told.status == Status::S)
}
