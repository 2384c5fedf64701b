//! Checks of registrations and payments that are refused.

use cucumber::then;
use evidence::RegistrationState::{Pending, Refused};
use evidence::words as say;
use protocol::ams::{Api, Status};

use super::{questions, want_status};
use crate::errand::Errand;
use crate::merchants::{readings, subject, want_end};
use crate::wants::want_refusal;
use crate::{Finding, Seen, Stage};

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

#[then(expr = "the gateway refuses the own payment in its name")]
async fn own_pay_refused(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            match seen.on_errand(Errand::SellToo) {
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
