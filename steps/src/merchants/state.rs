//! Checks of what the merchant's books say about secondary merchants.

use cucumber::then;
use evidence::RegistrationState::{Approved, Pending};
use evidence::words as say;
use evidence::{MerchantView, OrderState};

use super::content::planned;
use super::told::{
    end, heard_of_end, readings, registrations, subject, want_end, want_pending_before,
    want_pending_until_told,
};
use crate::seen::Exchange;
use crate::{Finding, Seen, Stage};

#[then(expr = "the merchant shows pending, and approved only after the approval")]
async fn pending_then_approved(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            let proved = heard_of_end(seen, &id).unwrap_or(u32::MAX);
            want_pending_before(&mut finding, seen, &id, proved);
            want_end(&mut finding, seen, &id, Approved);
            finding
        })
        .await;
}

#[then(expr = "the merchant shows approved at the end")]
async fn approved_at_the_end(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_end(&mut finding, seen, &subject(seen).unwrap_or_default(), Approved);
            finding
        })
        .await;
}

#[then(expr = "the merchant shows approved, as the notice said")]
async fn approved_by_notice(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            let answered = seen.notices().find_map(|notice| notice.answer_sent.as_ref());
            match answered {
                Some(ack) => want_state_after(&mut finding, seen, &id, ack.line, Approved),
                None => finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain()),
            }
            want_end(&mut finding, seen, &id, Approved);
            finding
        })
        .await;
}

/// Wants the reading that holds after a line, before the merchant hears or says anything more.
fn want_state_after(
    finding: &mut Finding,
    seen: &Seen,
    id: &str,
    line: u32,
    wanted: evidence::RegistrationState,
) {
    let next = seen.exchanges.iter().filter(|exchange| !exchange.own).map(Exchange::line);
    let next = next.filter(|other| *other > line).min().unwrap_or(u32::MAX);
    let reading = readings(seen, id).into_iter().rfind(|reading| reading.line < next);
    finding.shown_by(reading.map(|reading| reading.line));
    let was = reading.map_or("—", |reading| reading.view.state.name());
    finding.want(
        reading.is_some_and(|reading| reading.view.state == wanted),
        say::MERCHANT_IS.with([id, wanted.name()]),
        say::MERCHANT_IS.with([id, was]),
    );
}

#[then(expr = "the secondary merchant is still pending")]
async fn still_pending(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            for planted in seen.planted_notices() {
                let answered = planted.answer_sent.as_ref().map_or(planted.line(), |ack| ack.line);
                // People who review may be quick.
                if heard_of_end(seen, &id).is_some_and(|told| told < answered) {
                    finding.cannot_judge(say::CANNOT_JUDGE_REVIEWED.plain());
                } else {
                    want_state_after(&mut finding, seen, &id, answered, Pending);
                }
            }
            want_pending_until_told(&mut finding, seen, &id);
            finding
        })
        .await;
}

#[then(
    expr = "the merchant shows approval by the first wallet alone, with the reasons of the one that rejects"
)]
async fn approved_by_one(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            want_end(&mut finding, seen, &id, Approved);
            let Some(reading) = end(seen, &id, &mut finding) else { return finding };
            for said in planned(seen) {
                let approves = said.status.as_deref() == Some("APPROVED");
                let kept = reading.view.wallets.iter().find(|known| known.wallet == said.name);
                finding.want(
                    kept.is_some_and(|known| known.approved) == approves,
                    say::WALLET_TAKES.with([id.as_str(), &said.name, yes(approves)]),
                    say::WALLET_TAKES.with([id.as_str(), &said.name, yes(!approves)]),
                );
                let reasons = kept.map(|known| known.reasons.join("; ")).unwrap_or_default();
                finding.want(
                    reasons == said.reasons.join("; "),
                    say::WALLET_REASONS.with([&said.name, &said.reasons.join("; ")]),
                    say::WALLET_REASONS.with([&said.name, &reasons]),
                );
            }
            finding
        })
        .await;
}

fn yes(truth: bool) -> &'static str {
    if truth { "approved" } else { "not-approved" }
}

#[then(expr = "the merchant shows it as pending, neither failed nor approved")]
async fn pending_all_along(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            want_pending_until_told(&mut finding, seen, &id);
            finding
        })
        .await;
}

#[then(expr = "the answer is believed: the merchant shows pending and asks no second time")]
async fn answer_believed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let id = subject(seen).unwrap_or_default();
            let calls = registrations(seen, &mut finding);
            let Some(call) = calls.first() else { return finding };
            let answered = call.answer_received.as_ref().map_or(call.line(), |answer| answer.line);
            want_state_after(&mut finding, seen, &id, answered, Pending);
            finding.want_for_good(
                calls.len() == 1,
                say::CALLS_AT_MOST.with(["registration", "1"]),
                say::CALLS_COUNT.with(["registration", &calls.len().to_string()]),
            );
            finding
        })
        .await;
}

#[then(expr = "the order is failed or refused at the till, and never paid")]
async fn refused_or_failed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            crate::wants::want_never_paid(&mut finding, seen, 0, u32::MAX);
            if seen.refused(order) && seen.end_of(order).is_none() {
                return finding;
            }
            let over = [OrderState::Failed, OrderState::Cancelled];
            crate::wants::want_end(&mut finding, seen, &over);
            finding
        })
        .await;
}

/// Whether a view says why it is as it is.
pub(super) fn tells_why(view: &MerchantView) -> bool {
    view.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())
}
