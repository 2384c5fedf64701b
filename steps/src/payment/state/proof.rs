//! Checks that each state an order takes was proved by a verified exchange before.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus, Status};

use crate::seen::Exchange;
use crate::wants::{want_never_paid, want_paid};
use crate::{Finding, Product, Seen, Stage};

#[then(expr = "the order waits until an inquiry or a notice says SUCCESS, and is paid then")]
#[then(expr = "the order waits until a query or a notice says TRADE_SUCCESS, and is paid then")]
#[then(
    expr = "the order waits at the redirect, and is paid only after a verified return, notification or query"
)]
#[then(expr = "the order waits after the code was made and is paid only after SUCCESS")]
#[then(expr = "the order waits after the link was given and is paid only after SUCCESS")]
async fn paid_only_after_success(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_paid_when_told(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants the order to be paid, once, and not before an answer or a notice said so.
pub(crate) fn want_paid_when_told(finding: &mut Finding, seen: &Seen) {
    let order = seen.order().unwrap_or_default();
    let proof = proof_of(seen, order, OrderState::Paid);
    want_never_paid(finding, seen, 0, proof.unwrap_or(u32::MAX));
    if proof.is_none() {
        finding.fail(say::INQUIRY_SAYS.with(["SUCCESS"]), say::INQUIRY_SILENT.plain());
    }
    want_paid(finding, seen);
}

/// The line of the first message that reached the merchant, verified, and proves a state of an
/// order; none if nothing did.
fn proof_of(seen: &Seen, order: &str, state: OrderState) -> Option<u32> {
    let ids = seen.ids_of(order);
    let ours = |call: &&Exchange| call.request_id().is_some_and(|id| ids.contains(&id));
    let answers = seen.calls().filter(ours).filter_map(|call| {
        let answer = call.believable()?;
        proves(call.api?, answer, seen.product, state).then_some(answer.line)
    });
    let notices = seen.told().filter(ours).filter_map(|notice| {
        let genuine = notice.sent.as_ref()?.verified == Some(protocol::ams::Verified::Valid);
        let told = notice.asked("result.resultStatus");
        let holds = match state {
            OrderState::Paid => genuine && told.as_deref() == Some("S"),
            OrderState::Failed => genuine && told.as_deref() == Some("F"),
            OrderState::Waiting | OrderState::Cancelled | OrderState::ForStaff => false,
        };
        notice.received.as_ref().filter(|_| holds).map(|request| request.line)
    });
    answers.chain(notices).min()
}

fn proves(api: Api, answer: &crate::seen::Answer, product: Product, state: OrderState) -> bool {
    let Some(outcome) = &answer.outcome else { return false };
    let refused = outcome.status == Status::F;
    let status = answer.payment_status();
    let missing = answer.knows_no_order();
    match (api, state) {
        (Api::Pay, OrderState::Paid) => product.pays_at_once() && outcome.status == Status::S,
        (Api::Pay, OrderState::Failed) => refused,
        (Api::InquiryPayment, OrderState::Paid) => status == Some(PaymentStatus::Success),
        (Api::InquiryPayment, OrderState::Failed) => status == Some(PaymentStatus::Fail) || missing,
        (Api::InquiryPayment, OrderState::Cancelled) => status == Some(PaymentStatus::Cancelled),
        (Api::Cancel, OrderState::Cancelled) => outcome.status == Status::S || missing,
        (Api::Cancel, OrderState::Failed) => missing || outcome.status == Status::S,
        // Neither a refund nor a registration says what became of a payment.
        (Api::Pay, OrderState::Cancelled)
        | (Api::Cancel, OrderState::Paid)
        | (
            Api::Refund
            | Api::InquiryRefund
            | Api::Registration
            | Api::InquiryRegistrationStatus
            | Api::InquiryRegistrationInfo,
            OrderState::Paid | OrderState::Failed | OrderState::Cancelled,
        ) => false,
        (_, OrderState::Waiting | OrderState::ForStaff) => true,
    }
}

#[then(expr = "each change of an order follows the verified exchange that proves it")]
async fn changes_are_proved(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for order in seen.orders() {
                let readings = seen.readings_of(order);
                let first = readings.first().map_or("—", |reading| reading.view.till.name());
                finding.want(
                    first == OrderState::Waiting.name(),
                    say::ORDER_IS.with([order, OrderState::Waiting.name()]),
                    say::ORDER_IS.with([order, first]),
                );
                for reading in readings.iter().filter(|reading| reading.view.till.is_final()) {
                    let became = reading.view.till;
                    finding.shown_by([reading.line]);
                    let proved =
                        proof_of(seen, order, became).is_some_and(|line| line < reading.line);
                    finding.want(
                        proved,
                        say::ORDER_CHANGES_PROVED.with([order, became.name()]),
                        say::ORDER_CHANGED_UNPROVED.with([order, became.name()]),
                    );
                }
            }
            want_three_ends(&mut finding, seen);
            finding
        })
        .await;
}

/// The three orders of the case end paid, failed and cancelled or failed.
fn want_three_ends(finding: &mut Finding, seen: &Seen) {
    let wanted: [&[OrderState]; 3] =
        [&[OrderState::Paid], &[OrderState::Failed], &[OrderState::Cancelled, OrderState::Failed]];
    let orders = seen.orders();
    if orders.len() < wanted.len() {
        finding.cannot_judge(say::CANNOT_JUDGE.plain());
    }
    for (order, states) in orders.into_iter().zip(wanted) {
        let was = seen.end_of(order).map(|reading| reading.view.till);
        let name = states.first().map_or("", |state| state.name());
        finding.want(
            was.is_some_and(|was| states.contains(&was)),
            say::ORDER_IS.with([order, name]),
            say::ORDER_IS.with([order, was.map_or("—", OrderState::name)]),
        );
    }
}

#[then(expr = "a final state does not change back")]
async fn final_stays_final(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for order in seen.orders() {
                for pair in seen.readings_of(order).windows(2) {
                    let (before, after) = (pair[0].view.till, pair[1].view.till);
                    finding.shown_by([pair[1].line]);
                    finding.want(
                        !before.is_final() || before == after,
                        say::ORDER_IS.with([order, before.name()]),
                        say::ORDER_CHANGED.with([order, before.name(), after.name()]),
                    );
                }
            }
            finding
        })
        .await;
}
