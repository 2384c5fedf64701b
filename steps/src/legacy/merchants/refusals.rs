//! Checks of registrations and payments that are refused.

use cucumber::then;
use evidence::RegistrationState::{Pending, Refused};
use evidence::words as say;
use protocol::ams::{Api, Status};
use protocol::legacy::Service;

use super::{questions, want_status};
use crate::errand::Errand;
use crate::merchants::{readings, subject, want_end};
use crate::seen::Exchange;
use crate::wants::want_refusal;
use crate::{Finding, Seen, Stage};

/// How a redirect for a merchant that may not sell is answered.
const REFUSED: &str = "F SELLER_NOT_EXIST";
/// Codes of data that is missing or ill-formed.
const ILLEGAL: [&str; 2] = ["PARAM_ILLEGAL", "INVALID_PARAMETER"];

#[then(expr = "the merchant shows what is refused as refused, and never under review after that")]
async fn shown_as_refused(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            let call = seen.calls_of(Api::Registration).into_iter().next();
            // What the gateway takes is under review, and that is the gateway's fault.
            let told = call.and_then(crate::seen::Exchange::told).map(|(status, _)| status);
            if told == Some(Status::S) {
                return finding;
            }
            let at_once = !seen.acts_of("merchant-refused").is_empty();
            if call.is_none() && at_once && readings(seen, &id).is_empty() {
                return finding;
            }
            want_end(&mut finding, seen, &id, Refused);
            let heard = call.and_then(|call| call.believable()).map_or(0, |answer| answer.line);
            let after = readings(seen, &id).into_iter().filter(|it| it.line > heard);
            let late: Vec<_> = after.filter(|it| it.view.state == Pending).collect();
            for reading in late {
                finding.shown_by([reading.line]);
                finding.fail_for_good(
                    say::MERCHANT_IS.with([&id, Refused.name()]),
                    say::MERCHANT_IS.with([&id, Pending.name()]),
                );
            }
            finding
        })
        .await;
}

/// Wants every own registration on an errand to be refused.
fn want_own_refused(seen: &Seen, errand: Errand) -> Finding {
    let mut finding = Finding::new();
    let own = seen.own_calls().filter(|call| seen.errand_of(call) == Some(errand));
    let mut own = own.peekable();
    if own.peek().is_none() {
        finding.cannot_judge(say::CALL_NOT_SEEN.with(["registration"]));
    }
    for call in own {
        finding.shown_by(call.lines());
        want_refusal(&mut finding, call, call.name(), &ILLEGAL);
    }
    finding
}

#[then(expr = "the gateway refuses the own registration with PARAM_ILLEGAL")]
async fn own_refused(stage: &mut Stage) {
    stage.judge(|seen| want_own_refused(seen, Errand::RegisterToo)).await;
}

#[then(expr = "the gateway refuses both own registrations with PARAM_ILLEGAL")]
async fn both_refused(stage: &mut Stage) {
    stage.judge(|seen| want_own_refused(seen, Errand::RegisterTaxi)).await;
}

#[then(expr = "nothing is registered: its status is DATA_NOT_EXIST")]
async fn nothing_registered(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            match questions(seen).last() {
                Some(call) => want_status(&mut finding, call, "DATA_NOT_EXIST"),
                None => finding.cannot_judge(say::CALL_NOT_SEEN.with(["queryStatus"])),
            }
            finding
        })
        .await;
}

/// Wants no trade to come of a redirect, although a buyer tried to log in at whatever page came of
/// it. That the page names this code is a guess.
fn want_no_trade(finding: &mut Finding, seen: &Seen, pay: &Exchange) {
    let name = pay.name();
    let Some(answer) = &pay.answer_sent else {
        return finding.fail(say::ANSWER_IS.with([name, REFUSED]), say::ANSWER_NONE.with([name]));
    };
    finding.shown_by(pay.lines());
    let number = pay.request_id().unwrap_or_default();
    let look = seen.closing(&number).and_then(|call| call.answer_sent.as_ref());
    finding.shown_by(look.map(|answer| answer.line));
    let code = look.and_then(|answer| answer.outcome.as_ref());
    let code = code.map_or("—", |told| told.code.as_str());
    finding.want(
        look.is_some_and(crate::seen::Answer::knows_no_order),
        say::INQUIRY_SAYS.with(["TRADE_NOT_EXIST"]),
        say::INQUIRY_SAYS.with([code]),
    );
    let told = String::from_utf8_lossy(&answer.blob.body).contains("SELLER_NOT_EXIST");
    finding.guess(told, say::ANSWER_IS.with([name, REFUSED]), say::ANSWER_NO_RESULT.with([name]));
}

#[then(expr = "the gateway refuses the own payment in its name")]
async fn own_pay_refused(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            match seen.on_errand(Errand::SellToo) {
                Some(pay) if pay.service() == Some(Service::CreateForexTrade) => {
                    want_no_trade(&mut finding, seen, pay);
                }
                Some(pay) => {
                    finding.shown_by(pay.lines());
                    want_refusal(&mut finding, pay, pay.name(), &["SELLER_NOT_EXIST"]);
                }
                None => finding.cannot_judge(say::CALL_NOT_SEEN.with(["pay"])),
            }
            finding
        })
        .await;
}
