//! Checks of what inquiries say about a payment, held against its debits.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus, Status};

use crate::errand::Errand;
use crate::parameters::Price;
use crate::seen::Exchange;
use crate::wants::{first_pay, ids, price, want_closing, want_debits, want_result};
use crate::{Finding, Seen, Stage};

fn want_closing_of_order(finding: &mut Finding, seen: &Seen, wanted: PaymentStatus) {
    if let Some(id) = ids(seen).last() {
        want_closing(finding, seen, id, wanted);
    }
}

#[then(expr = "the wallet is debited once by {price} and the inquiry says SUCCESS")]
async fn debited_by(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &[price.0]);
            want_closing_of_order(&mut finding, seen, PaymentStatus::Success);
            finding
        })
        .await;
}

#[then(
    expr = "the inquiries say PROCESSING before the approval and SUCCESS after it, with one debit"
)]
async fn inquiries_follow(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let debited = seen.wallet.as_ref().and_then(|s| s.debits.first()).map(|debit| debit.at);
            for inquiry in seen.exchanges.iter().filter(|e| e.api == Some(Api::InquiryPayment)) {
                let Some(answer) = &inquiry.answer_sent else { continue };
                let Some(came) = inquiry.received.as_ref().map(|request| request.at) else {
                    continue;
                };
                let wanted = match debited {
                    Some(debited) if debited <= came => PaymentStatus::Success,
                    Some(_) | None => PaymentStatus::Processing,
                };
                finding.shown_by([answer.line]);
                let told = answer.payment_status();
                let was = told.map_or_else(
                    || say::INQUIRY_SILENT.plain(),
                    |told| say::INQUIRY_SAYS.with([told.name()]),
                );
                finding.want(told == Some(wanted), say::INQUIRY_SAYS.with([wanted.name()]), was);
            }
            want_debits(&mut finding, seen, &price(seen));
            finding
        })
        .await;
}

#[then(expr = "nothing is debited and the inquiry never says SUCCESS")]
async fn nothing_debited_no_success(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &[]);
            for inquiry in seen.exchanges.iter().filter(|e| e.api == Some(Api::InquiryPayment)) {
                let Some(answer) = &inquiry.answer_sent else { continue };
                finding.shown_by([answer.line]);
                finding.want(
                    answer.payment_status() != Some(PaymentStatus::Success),
                    say::INQUIRY_SAYS.with(["FAIL / ORDER_NOT_EXIST"]),
                    say::INQUIRY_SAYS.with(["SUCCESS"]),
                );
            }
            finding
        })
        .await;
}

#[then(
    expr = "the wallet is debited once and the inquiry repeats the payment id and amount of the lost answer"
)]
async fn repeats_lost_answer(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            want_closing_of_order(&mut finding, seen, PaymentStatus::Success);
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let lost = pay.answer_sent.as_ref();
            let closing = ids(seen).last().and_then(|id| seen.closing(id)?.answer_sent.clone());
            for path in ["paymentId", "paymentAmount.value", "paymentAmount.currency"] {
                let wanted = lost.and_then(|answer| answer.text(path)).unwrap_or_default();
                let told = closing.as_ref().and_then(|a| a.text(path)).unwrap_or_default();
                finding.want(
                    wanted == told && !told.is_empty(),
                    say::FIELD_IS.with([path, &wanted]),
                    say::FIELD_IS.with([path, &told]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "there is no order and nothing is debited")]
async fn no_order(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for id in ids(seen) {
                let closing = seen.closing(&id);
                finding.shown_by(closing.map(Exchange::lines).unwrap_or_default());
                if let Some(closing) = closing {
                    let codes = ["ORDER_NOT_EXIST"];
                    let name = "inquiryPayment";
                    want_result(&mut finding, closing, name, Status::F, &codes);
                }
            }
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the inquiry gives the first amount, SUCCESS, and one debit")]
#[then(expr = "the inquiry says SUCCESS, with one debit")]
#[then(expr = "debit and inquiry have the same value and currency")]
async fn success_with_one_debit(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            want_same_amounts(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants the closing inquiry to say SUCCESS over the order's price.
fn want_same_amounts(finding: &mut Finding, seen: &Seen) {
    want_closing_of_order(finding, seen, PaymentStatus::Success);
    let closing = ids(seen).last().and_then(|id| seen.closing(id)?.answer_sent.clone());
    for amount in price(seen) {
        let (value, currency) = (amount.minor.to_string(), amount.currency.to_string());
        for (path, wanted) in [("paymentAmount.value", value), ("paymentAmount.currency", currency)]
        {
            let told = closing.as_ref().and_then(|a| a.text(path)).unwrap_or_default();
            finding.want(
                told == wanted,
                say::FIELD_IS.with([path, &wanted]),
                say::FIELD_IS.with([path, &told]),
            );
        }
    }
}

#[then(expr = "the inquiry says PROCESSING and nothing is debited")]
async fn still_processing(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let inquiry = seen.on_errand(Errand::AfterNotice);
            let inquiry = inquiry.or_else(|| seen.on_errand(Errand::AfterReturn));
            let told = inquiry.and_then(|call| call.answer_sent.as_ref()?.payment_status());
            finding.shown_by(inquiry.map(Exchange::lines).unwrap_or_default());
            let was = told.map_or_else(
                || say::INQUIRY_SILENT.plain(),
                |told| say::INQUIRY_SAYS.with([told.name()]),
            );
            let holds = told == Some(PaymentStatus::Processing);
            finding.want(holds, say::INQUIRY_SAYS.with(["PROCESSING"]), was);
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}
