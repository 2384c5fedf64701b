//! Checks of what the merchant does when pay brings no answer that counts.

use cucumber::then;
use evidence::words as say;
use protocol::ams::Api;

use super::pace::want_span;
use crate::seen::Exchange;
use crate::wants::first_pay;
use crate::{Finding, Stage};

#[then(expr = "at most 11 s after pay comes an inquiry for it, or the identical pay")]
async fn asks_or_repeats(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let next = seen.calls().find(|call| call.line() > pay.line());
            let Some(next) = next else {
                let wanted = say::NEXT_CALL_IS.with(["inquiryPayment / pay"]);
                finding.fail(wanted, say::NEXT_CALL_NONE.plain());
                return finding;
            };
            finding.shown_by(next.lines());
            let same = next.request_id() == pay.request_id();
            let asks = next.api == Some(Api::InquiryPayment) && same;
            let repeats = next.api == Some(Api::Pay) && changed_field(pay, next).is_none();
            let name = next.api.map_or("?", Api::name);
            finding.want(
                asks || repeats,
                say::NEXT_CALL_IS.with(["inquiryPayment / pay"]),
                say::NEXT_CALL_IS
                    .with([format!("{name} {}", next.request_id().unwrap_or_default())]),
            );
            let waited = next.began() - pay.began();
            want_span(&mut finding, waited <= 11_000, name, (0, 11_000), "pay", waited);
            finding
        })
        .await;
}

/// The first field in which a repeated pay differs from the first; none when it is the same call.
pub(crate) fn changed_field(first: &Exchange, again: &Exchange) -> Option<String> {
    let fields = [
        "paymentRequestId",
        "paymentAmount.value",
        "paymentAmount.currency",
        "paymentMethod.paymentMethodId",
        "order.referenceOrderId",
    ];
    let changed = fields.into_iter().find(|path| first.asked(path) != again.asked(path));
    changed.map(str::to_owned).or_else(|| first.changed_parameter(again))
}

#[then(expr = "the same request comes again with the same id and amount, 3 sends at most")]
async fn same_request_again(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(first) = first_pay(seen, &mut finding) else { return finding };
            let pays = seen.order().map(|order| seen.pays_for(order)).unwrap_or_default();
            finding.shown_by(pays.iter().flat_map(|pay| pay.lines()));
            finding.want(
                (2..=3).contains(&pays.len()),
                say::CALLS_BETWEEN.with(["pay", "2", "3"]),
                say::CALLS_COUNT.with(["pay", &pays.len().to_string()]),
            );
            for again in pays {
                if let Some(field) = changed_field(first, again) {
                    finding.fail(say::PAY_UNCHANGED.plain(), say::PAY_CHANGED.with([field]));
                }
            }
            finding
        })
        .await;
}

#[then(
    expr = "it counts as no answer: the merchant inquires with the same id or repeats the same request"
)]
async fn counts_as_no_answer(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let wanted = "inquiryPayment / pay";
            let next = seen.calls().find(|call| call.line() > pay.line());
            let Some(next) = next else {
                let none = say::NEXT_CALL_NONE.plain();
                finding.fail(say::NEXT_CALL_IS.with([wanted]), none);
                return finding;
            };
            finding.shown_by(next.lines());
            let same = next.request_id() == pay.request_id();
            let asks = next.api == Some(Api::InquiryPayment) && same;
            let repeats = next.api == Some(Api::Pay) && changed_field(pay, next).is_none();
            finding.want(
                asks || repeats,
                say::NEXT_CALL_IS.with([wanted]),
                say::NEXT_CALL_IS.with([next.api.map_or("?", Api::name)]),
            );
            finding
        })
        .await;
}
