//! Checks of one number, one trade: what repeats lead to, and what goes out a second time.

use cucumber::then;
use evidence::OrderState;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus, Status};

use super::state::want_never;
use crate::payment::state::proof::want_paid_when_told;
use crate::seen::Answer;
use crate::wants::{price, want_debits};
use crate::{Finding, Seen, Stage};

#[then(expr = "there is one trade number in all answers, and one charge")]
async fn one_trade(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let pays = seen.at_gateway().filter(|call| call.api == Some(Api::Pay));
            let answers = pays.filter_map(|pay| pay.answer_sent.as_ref());
            let told: Vec<(u32, &str)> = answers.filter_map(trade_number).collect();
            let Some((line, first)) = told.first() else {
                let absent = say::FIELD_ABSENT.with(["alipay_trans_id"]);
                finding.fail(say::FIELD_PRESENT.with(["alipay_trans_id"]), absent);
                return finding;
            };
            finding.shown_by([*line]);
            for (line, other) in &told {
                finding.shown_by([*line]);
                finding.want(
                    other == first,
                    say::FIELD_IS.with(["alipay_trans_id", first]),
                    say::FIELD_IS.with(["alipay_trans_id", other]),
                );
            }
            want_debits(&mut finding, seen, &price(seen));
            finding
        })
        .await;
}

fn trade_number(answer: &Answer) -> Option<(u32, &str)> {
    let number = answer.field("alipay_trans_id").or_else(|| answer.field("trade_no"));
    number.map(|number| (answer.line, number))
}

#[then(expr = "the order is never failed, and is paid, once, when an answer says so")]
async fn paid_and_never_failed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never(&mut finding, seen, OrderState::Failed);
            want_never(&mut finding, seen, OrderState::Cancelled);
            want_paid_when_told(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "no second number of the sale is used while the first is paid or payable")]
async fn one_payable_number(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let order = seen.order().unwrap_or_default();
            let pays = seen.pays_for(order);
            if pays.is_empty() {
                finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
            }
            for pair in pays.windows(2) {
                let ids = [pair[0], pair[1]].map(|pay| pay.request_id().unwrap_or_default());
                finding.shown_by([pair[0].line(), pair[1].line()]);
                let [first, second] = &ids;
                finding.want_for_good(
                    first == second || is_dead(seen, first, pair[1].line()),
                    say::IDS_COUNT.with(["1", first]),
                    say::IDS_COUNT.with(["2", &ids.join(", ")]),
                );
            }
            finding
        })
        .await;
}

/// Whether the merchant knew before a line that nobody can pay under a number any more.
fn is_dead(seen: &Seen, id: &str, line: u32) -> bool {
    seen.calls_about(id).into_iter().any(|call| {
        let Some(answer) = call.believable().filter(|answer| answer.line < line) else {
            return false;
        };
        let status = answer.outcome.as_ref().map(|outcome| outcome.status);
        match call.api {
            Some(Api::Pay) => status == Some(Status::F),
            Some(Api::Cancel) => status == Some(Status::S),
            Some(Api::InquiryPayment) => {
                let closed = [PaymentStatus::Fail, PaymentStatus::Cancelled];
                answer.payment_status().is_some_and(|status| closed.contains(&status))
            }
            Some(
                Api::Refund
                | Api::InquiryRefund
                | Api::Registration
                | Api::InquiryRegistrationStatus
                | Api::InquiryRegistrationInfo,
            )
            | None => false,
        }
    })
}
