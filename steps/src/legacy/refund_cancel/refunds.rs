//! Checks of refunds in shops: what they ask for, and what they are answered.

use cucumber::then;
use evidence::words as say;
use protocol::Amount;
use protocol::ams::{Api, RefundStatus, Status};

use crate::errand::Errand;
use crate::legacy::{want_parameter, want_value};
use crate::parameters::Price;
use crate::refund_cancel::{numbers_used, want_numbers};
use crate::seen::{Answer, Exchange};
use crate::wants::{
    ids, refunds, want_closing_refunds, want_credits, want_refusal, want_result, wishes,
};
use crate::{Finding, Seen, Stage};

/// Codes of a refund above what is left.
const TOO_MUCH: [&str; 2] = ["REFUND_AMT_RESTRICTION", "RETURN_AMOUNT_EXCEED"];

/// Wants a refund to name the payment, a number of its own, and an amount.
fn want_call(finding: &mut Finding, seen: &Seen, refund: &Exchange, amount: Amount) {
    let payment = ids(seen).pop().unwrap_or_default();
    want_value(finding, refund, "service", "alipay.acquire.overseas.spot.refund");
    want_value(finding, refund, "partner_trans_id", &payment);
    let path = "partner_refund_id";
    want_parameter(finding, refund, path, "up-to-64", |number| {
        (1..=64).contains(&number.chars().count())
    });
    let number = refund.parameter(path).unwrap_or_default();
    finding.want_for_good(
        number != payment,
        say::REFUND_NUMBER_OWN.plain(),
        say::FIELD_IS.with([path, number]),
    );
    want_value(finding, refund, "refund_amount", &amount.to_major());
    want_value(finding, refund, "currency", amount.currency.code());
}

#[then(expr = "the refund names the payment and a number of its own, and asks for {price}")]
async fn asks_for(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for refund in refunds(seen, &mut finding) {
                want_call(&mut finding, seen, refund, price.0);
            }
            finding
        })
        .await;
}

#[then(expr = "each refund names the payment, a number of its own and the amount of its slip")]
async fn each_its_own(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let refunds = refunds(seen, &mut finding);
            let (numbers, wishes) = (numbers_used(&refunds), wishes(seen));
            want_numbers(&mut finding, &numbers, wishes.len());
            for (number, wish) in numbers.iter().zip(wishes) {
                for refund in refunds.iter().filter(|it| it.refund_id().as_ref() == Some(number)) {
                    want_call(&mut finding, seen, refund, wish);
                }
            }
            finding
        })
        .await;
}

/// Wants SUCCESS for every refund, and the money to be back.
fn want_done(finding: &mut Finding, seen: &Seen, amounts: &[Amount]) {
    for refund in refunds(seen, finding) {
        want_result(finding, refund, refund.name(), Status::S, &["SUCCESS"]);
    }
    want_closing_refunds(finding, seen, RefundStatus::Success);
    want_credits(finding, seen, amounts);
}

#[then(
    expr = "the gateway answers the refund SUCCESS, its query says SUCCESS, and {price} is back with the buyer"
)]
async fn refund_done(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_done(&mut finding, seen, &[price.0]);
            finding
        })
        .await;
}

#[then(expr = "the gateway answers each refund SUCCESS, and all of it is back with the buyer")]
async fn refunds_done(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_done(&mut finding, seen, &wishes(seen));
            finding
        })
        .await;
}

#[then(expr = "the gateway refuses what exceeds the rest with REFUND_AMT_RESTRICTION")]
async fn refuses_excess(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let own = seen.on_errand(Errand::RefundToo);
            if own.is_none() {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
            }
            let first = refunds(seen, &mut finding).first().and_then(|it| it.refund_id());
            let more = seen
                .at_gateway()
                .filter(|call| call.api == Some(Api::Refund) && call.refund_id() != first);
            for refund in more {
                finding.shown_by(refund.lines());
                want_result(&mut finding, refund, refund.name(), Status::F, &TOO_MUCH);
            }
            finding
        })
        .await;
}

/// What an answer tells of a refund.
fn told(answer: &Answer) -> String {
    let result = answer.outcome.as_ref().map(|it| format!("{} {}", it.status.letter(), it.code));
    let fields = ["alipay_trans_id", "partner_refund_id", "refund_amount", "currency"];
    let fields = fields.map(|name| answer.field(name).unwrap_or("—"));
    format!("{} {}", result.unwrap_or_default(), fields.join(" "))
}

/// Wants the refund that came twice to be answered alike both times.
fn want_same_answer(finding: &mut Finding, first: Option<&Exchange>, seen: &Seen) {
    let Some((first, again)) = first.zip(seen.on_errand(Errand::Retransmit)) else {
        return finding.cannot_judge(say::CALL_NOT_SEEN.with(["refund"]));
    };
    finding.shown_by(again.lines());
    let answer = |call: &Exchange| match &call.answer_sent {
        Some(answer) => say::ANSWER_IS.with([call.name(), &told(answer)]),
        None => say::ANSWER_NONE.with([call.name()]),
    };
    let both = first.answer_sent.is_some() && again.answer_sent.is_some();
    finding.want(both && answer(first) == answer(again), answer(first), answer(again));
}

#[then(
    expr = "each refund number gives {price} back once, and both answers to the refund that came twice agree"
)]
async fn once_for_each_number(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let refunds = refunds(seen, &mut finding);
            let done = |it: &&&Exchange| it.told().is_some_and(|(status, _)| status == Status::S);
            let done: Vec<_> = refunds.iter().filter(done).copied().collect();
            let amounts = vec![price.0; numbers_used(&done).len().max(1)];
            want_credits(&mut finding, seen, &amounts);
            want_same_answer(&mut finding, refunds.first().copied(), seen);
            finding
        })
        .await;
}

#[then(expr = "the same number with another amount is refused")]
async fn other_amount_refused(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            match seen.on_errand(Errand::OtherAmount) {
                Some(own) => {
                    finding.shown_by(own.lines());
                    want_refusal(&mut finding, own, own.name(), &["CONTEXT_INCONSISTENT"]);
                }
                None => finding.cannot_judge(say::CANNOT_JUDGE.plain()),
            }
            finding
        })
        .await;
}
