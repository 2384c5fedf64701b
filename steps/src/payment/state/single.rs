//! Checks that repeats of pay leave one payment behind, under one id and one code or link.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::ams::Api;

use crate::wants::want_debits_at_most_one;
use crate::{Finding, Seen, Stage};

/// Wants one value of each of these in all answers to pay.
fn want_one_payment(finding: &mut Finding, seen: &Seen, paths: &[&str]) {
    let pays = seen.at_gateway().filter(|call| call.api == Some(Api::Pay));
    let answers: Vec<_> = pays.filter_map(|pay| pay.answer_sent.as_ref()).collect();
    for &path in paths {
        let mut told: Vec<(u32, String)> = vec![];
        for answer in &answers {
            if let Some(value) = answer.text(path) {
                told.push((answer.line, value));
            }
        }
        let Some((line, first)) = told.first() else { continue };
        finding.shown_by([*line]);
        if let Some((line, other)) = told.iter().find(|(_, value)| value != first) {
            finding.shown_by([*line]);
            finding.fail(
                say::FIELD_IS.with([path, first.as_str()]),
                say::FIELD_IS.with([path, other.as_str()]),
            );
        }
    }
}

#[then(expr = "there is one order, and every repeat gets the same code or link")]
async fn one_order_one_code(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let code = "orderCodeForm.codeDetails.0.codeValue";
            let link = "redirectActionForm.redirectUrl";
            want_one_payment(&mut finding, seen, &["paymentId", code, link]);
            want_debits_at_most_one(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order waits with that code or link")]
async fn waits_with_code(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let shown = seen.readings_of(order).into_iter().find(|reading| {
                let shown = reading.view.shown.as_ref();
                let shown = shown.is_some_and(|shown| shown.code.is_some() || shown.link.is_some());
                reading.view.till == OrderState::Waiting && shown
            });
            match shown {
                Some(reading) => finding.shown_by([reading.line]),
                None => finding.fail(
                    say::ORDER_IS.with([order, OrderState::Waiting.name()]),
                    say::ORDER_OFFERS_NOTHING.with([order]),
                ),
            }
            finding
        })
        .await;
}

#[then(expr = "there is one order, and one debit at most")]
async fn one_order_one_debit(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits_at_most_one(&mut finding, seen);
            want_one_payment(&mut finding, seen, &["paymentId"]);
            finding
        })
        .await;
}
