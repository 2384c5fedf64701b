//! Amounts in a currency without cents.

use cucumber::{then, when};
use evidence::words as say;
use protocol::ams::Api;

use super::pages::want_refused_somehow;
use super::{date_text, names_of, want_parameter};
use crate::errand::Errand;
use crate::parameters::Price;
use crate::product::Means;
use crate::wants::{want_booked_once, want_refunded};
use crate::{Finding, Stage};

#[when(expr = "an own call of pay goes out over JPY {word}")]
async fn own_pay_over_part_of_a_unit(stage: &mut Stage, amount: String) {
    let Some(live) = stage.live() else { return };
    let Some(mut form) = live.last_pay_form() else { return };
    let (number, names) = (format!("{}-own", live.next_order()), names_of(live.product));
    form.set(names.number, number);
    form.set(names.amount, amount);
    if form.get("buyer_identity_code").is_some() {
        let Some(code) = live.fresh_code().await else { return };
        form.set("buyer_identity_code", code);
    }
    if form.get("timestamp").is_some() {
        form.set("timestamp", date_text(live.clock.now()));
    }
    live.own_form(Errand::IllFormed, form).await;
}

#[then(expr = "the own call over part of a unit is refused with {word}")]
async fn part_of_a_unit_refused(stage: &mut Stage, code: String) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            match seen.on_errand(Errand::IllFormed) {
                Some(call) => want_refused_somehow(&mut finding, call, &code),
                None => finding.cannot_judge(say::CANNOT_JUDGE.plain()),
            }
            finding
        })
        .await;
}

#[then(expr = "payment and refund are called in whole units, without a point")]
async fn whole_units(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let back = match seen.product.means() {
                Means::ScannedCode | Means::ShownCode => "refund_amount",
                Means::EntryPage | Means::WalletPage => "return_amount",
            };
            for (api, name) in [(Api::Pay, names_of(seen.product).amount), (Api::Refund, back)] {
                let calls = seen.calls_of(api);
                finding.shown_by(calls.iter().map(|call| call.line()));
                if calls.is_empty() {
                    let missing = say::CALL_NOT_SEEN.with([api.name()]);
                    finding.fail(say::CALL_SEEN.with([api.name()]), missing);
                }
                let whole =
                    |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                for call in calls {
                    want_parameter(&mut finding, call, name, "whole-number", whole);
                }
            }
            finding
        })
        .await;
}

#[then(expr = "the order is paid for {price}, and {price} is refunded")]
async fn paid_and_refunded(stage: &mut Stage, paid: Price, refunded: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_booked_once(&mut finding, seen, Some(paid.0));
            want_refunded(&mut finding, seen, &[refunded.0]);
            finding
        })
        .await;
}
