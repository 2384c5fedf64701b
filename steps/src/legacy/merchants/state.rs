//! Checks of what the merchant's books say about secondary merchants, and when it sells for them.

use cucumber::then;
use evidence::RegistrationState::{self, Approved, Pending, Rejected, Unregistered};
use evidence::words as say;
use protocol::ams::Api;

use super::{heard, questions, registrations, status_of};
use crate::merchants::{readings, subject, want_end, want_pending_before};
use crate::{Finding, Seen, Stage};

/// Wants a reading between two lines to show a state; answers whether one does.
fn want_shown(
    finding: &mut Finding,
    seen: &Seen,
    (from, to): (u32, u32),
    state: RegistrationState,
) {
    let id = subject(seen).unwrap_or_default();
    let all = readings(seen, &id);
    let shown = all.iter().find(|it| (from..to).contains(&it.line) && it.view.state == state);
    finding.shown_by(shown.map(|reading| reading.line));
    let was = all.iter().rfind(|it| it.line < to).map_or("—", |it| it.view.state.name());
    finding.want(
        shown.is_some(),
        say::MERCHANT_IS.with([&id, state.name()]),
        say::MERCHANT_IS.with([&id, was]),
    );
}

#[then(
    expr = "the merchant shows under review until a question of its own is answered SUCCESS, and approved then"
)]
async fn approved_when_told(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            let proved = heard(seen, "SUCCESS").unwrap_or(u32::MAX);
            want_pending_before(&mut finding, seen, &id, proved);
            want_end(&mut finding, seen, &id, Approved);
            finding
        })
        .await;
}

#[then(expr = "the merchant shows rejected, with the reason, and waits no longer")]
async fn rejected_with_reason(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let again = registrations(seen, &mut finding).get(1).map_or(u32::MAX, |it| it.line());
            let told = heard(seen, "FAILED").unwrap_or(0);
            want_shown(&mut finding, seen, (told, again), Rejected);
            let id = subject(seen).unwrap_or_default();
            let reason = questions(seen).find(|call| status_of(call) == "FAILED");
            let reason = reason.and_then(|it| it.answer_sent.as_ref()?.field("reject_reason"));
            let rejected = readings(seen, &id).into_iter().find(|it| it.view.state == Rejected);
            let kept = rejected.and_then(|it| it.view.reason.clone());
            finding.want(
                kept.is_some() && kept.as_deref() == reason,
                say::REASON_SHOWN.with([&id]),
                say::REASON_MISSING.with([&id]),
            );
            finding
        })
        .await;
}

#[then(
    expr = "the merchant shows the change under review, neither rejected nor new, and then approved"
)]
async fn change_is_pending(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            let calls = registrations(seen, &mut finding);
            let change = calls.last().map_or(u32::MAX, |call| call.line());
            want_shown(&mut finding, seen, (change, u32::MAX), Pending);
            for reading in readings(seen, &id).into_iter().filter(|it| it.line > change) {
                let shown = reading.view.state;
                finding.want_for_good(
                    matches!(shown, Pending | Approved),
                    say::MERCHANT_IS.with([&id, Pending.name()]),
                    say::MERCHANT_IS.with([&id, shown.name()]),
                );
            }
            want_end(&mut finding, seen, &id, Approved);
            finding
        })
        .await;
}

#[then(expr = "the merchant shows it as not registered, once it is told so")]
async fn not_registered(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = registrations(seen, &mut finding);
            let again = calls.get(1).map_or(u32::MAX, |call| call.line());
            // Who sends it again without asking is told nothing.
            if let Some(told) = heard(seen, "DATA_NOT_EXIST").filter(|told| *told < again) {
                want_shown(&mut finding, seen, (told, again), Unregistered);
            }
            finding
        })
        .await;
}

#[then(expr = "no payment names the secondary merchant before its status is SUCCESS")]
async fn no_pay_before(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            let proved = heard(seen, "SUCCESS").unwrap_or(u32::MAX);
            let pays = seen.calls_of(Api::Pay).into_iter().filter(|pay| {
                let told = [pay.parameter("extend_info"), pay.parameter("extend_params")];
                let named = pay.asked("referenceMerchantId").as_ref() == Some(&id)
                    || told.into_iter().flatten().any(|text| text.contains(&id));
                named && pay.line() < proved
            });
            let pays: Vec<_> = pays.collect();
            crate::wants::no_calls(&mut finding, &pays, "pay");
            finding
        })
        .await;
}
