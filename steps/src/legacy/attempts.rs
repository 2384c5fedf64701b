//! Checks of what becomes of a first attempt, and of the attempt that follows it.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::ams::{Api, Status};

use super::{trade_status, want_value};
use crate::seen::{Act, Exchange, Reading};
use crate::wants::{first_pay, want_field, want_never_paid};
use crate::{Finding, Seen, Stage};

/// The last sale of the order.
fn last_sale(seen: &Seen) -> Option<&Act> {
    let order = seen.order()?;
    seen.sales().filter(|sale| sale.text("order") == Some(order)).last()
}

/// The order as it was shown when it was sold for the last time.
fn before_last_sale(seen: &Seen) -> Option<&Reading> {
    seen.reading_at(seen.order()?, last_sale(seen)?.line)
}

/// Wants the order to have been in one of these states when it was sold for the last time.
fn want_before_last_sale(finding: &mut Finding, seen: &Seen, wanted: &[OrderState]) {
    let order = seen.order().unwrap_or_default();
    let reading = before_last_sale(seen);
    finding.shown_by(reading.map(|reading| reading.line));
    let was = reading.map_or("—", |reading| reading.view.till.name());
    let names: Vec<_> = wanted.iter().map(|state| state.name()).collect();
    finding.want(
        reading.is_some_and(|reading| wanted.contains(&reading.view.till)),
        say::ORDER_IS.with([order, &names.join(" / ")]),
        say::ORDER_IS.with([order, was]),
    );
}

#[then(expr = "the order is failed before the buyer shows the new code")]
async fn failed_by_refusal(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            // What the gateway did not refuse is not for the merchant to fail; another check is
            // about that.
            if pay.told().is_some_and(|(status, _)| status == Status::F) {
                want_before_last_sale(&mut finding, seen, &[OrderState::Failed]);
            }
            finding
        })
        .await;
}

#[then(expr = "at most one query follows the refusal, and the refused code is charged no more")]
async fn refusal_ends_it(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let about = seen.calls_about(&pay.request_id().unwrap_or_default());
            let queries: Vec<&Exchange> =
                about.into_iter().filter(|call| call.api == Some(Api::InquiryPayment)).collect();
            finding.shown_by(queries.iter().map(|query| query.line()));
            finding.want_for_good(
                queries.len() <= 1,
                say::CALLS_AT_MOST.with(["inquiryPayment", "1"]),
                say::CALLS_COUNT.with(["inquiryPayment", &queries.len().to_string()]),
            );
            let code = pay.parameter("buyer_identity_code");
            let charged: Vec<&Exchange> = seen
                .calls_of(Api::Pay)
                .into_iter()
                .filter(|call| call.parameter("buyer_identity_code") == code)
                .collect();
            finding.shown_by(charged.iter().map(|pay| pay.line()));
            finding.want_for_good(
                charged.len() == 1,
                say::CALLS_AT_MOST.with(["pay", "1"]),
                say::CALLS_COUNT.with(["pay", &charged.len().to_string()]),
            );
            finding
        })
        .await;
}

#[then(
    expr = "the new attempt has a new partner_trans_id, and the code and the amount of the new sale"
)]
async fn new_attempt_is_new(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let again = last_sale(seen).map_or(0, |sale| sale.line);
            let (before, after): (Vec<&Exchange>, Vec<&Exchange>) =
                seen.pays_for(order).into_iter().partition(|pay| pay.line() < again);
            let Some(new) = after.first() else {
                // What is with staff is sold no more.
                let staff = before_last_sale(seen)
                    .is_some_and(|reading| reading.view.till == OrderState::ForStaff);
                let missing = say::CALL_NOT_SEEN.with(["pay"]);
                finding.want(staff, say::CALL_SEEN.with(["pay"]), missing);
                return finding;
            };
            finding.shown_by(new.lines());
            let id = new.request_id().unwrap_or_default();
            let used = before.iter().any(|pay| pay.request_id().as_deref() == Some(&id));
            finding.want_for_good(
                !used && !id.is_empty(),
                say::ID_NEW.plain(),
                say::ID_USED.with([&id]),
            );
            let sale = last_sale(seen);
            if let Some(code) = sale.and_then(|sale| sale.text("code")) {
                want_field(&mut finding, new, "paymentMethod.paymentMethodId", &[code]);
            }
            if let Some(price) = sale.and_then(Act::amount) {
                want_value(&mut finding, new, "trans_amount", &price.to_major());
            }
            finding
        })
        .await;
}

#[then(expr = "the first attempt is failed, cancelled or with staff, and was never paid")]
async fn first_attempt_is_over(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let over = [OrderState::Failed, OrderState::Cancelled, OrderState::ForStaff];
            want_before_last_sale(&mut finding, seen, &over);
            let again = last_sale(seen).map_or(u32::MAX, |sale| sale.line);
            want_never_paid(&mut finding, seen, 0, again);
            finding
        })
        .await;
}

#[then(expr = "the first payment keeps its amount and its status")]
async fn first_is_kept(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let amount = pay.parameter("trans_amount").unwrap_or_default();
            let id = pay.request_id().unwrap_or_default();
            let queries = seen.calls_about(&id).into_iter();
            let mut told = queries
                .filter(|call| call.api == Some(Api::InquiryPayment))
                .filter_map(|query| query.answer_sent.as_ref())
                .peekable();
            if told.peek().is_none() {
                let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
                finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
            }
            for answer in told {
                finding.shown_by([answer.line]);
                let status = trade_status(answer).unwrap_or("—");
                finding.want(
                    status == "WAIT_BUYER_PAY",
                    say::INQUIRY_SAYS.with(["WAIT_BUYER_PAY"]),
                    say::INQUIRY_SAYS.with([status]),
                );
                let said = answer.field("trans_amount").unwrap_or(amount);
                finding.want(
                    said == amount,
                    say::FIELD_IS.with(["trans_amount", amount]),
                    say::FIELD_IS.with(["trans_amount", said]),
                );
            }
            let debits = seen.debits(&id).len();
            finding.want(
                debits == 0,
                say::DEBITED_TIMES.with([0]),
                say::DEBITED_TIMES.with([debits]),
            );
            finding
        })
        .await;
}
