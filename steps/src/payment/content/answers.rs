//! Checks of what the gateway answers, and of what the till makes of the code it is given.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus, Status};

use super::notices::owes_notice;
use crate::product::Means;
use crate::seen::{Answer, Exchange};
use crate::wants::{first_pay, has_offset, last_cancel, want_closing, want_field, want_result};
use crate::{Finding, Seen, Stage};

#[then(expr = "the gateway answers pay with success, a payment id and a payment time")]
async fn pay_succeeds(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_result(&mut finding, pay, "pay", Status::S, &["SUCCESS"]);
            let Some(answer) = &pay.answer_sent else { return finding };
            let id = answer.text("paymentId");
            let named = say::FIELD_ABSENT.with(["paymentId"]);
            finding.want(id.is_some(), say::FIELD_PRESENT.with(["paymentId"]), named);
            let time = answer.text("paymentTime").unwrap_or_default();
            finding.want(
                has_offset(&time),
                say::FIELD_MATCHES.with(["paymentTime", "time"]),
                say::FIELD_IS.with(["paymentTime", &time]),
            );
            finding
        })
        .await;
}

#[then(expr = "the gateway answers pay with an unknown result")]
async fn pay_unknown(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_result(&mut finding, pay, "pay", Status::U, &[]);
            finding
        })
        .await;
}

#[then(
    expr = "the gateway answers the cancel with success and a cancel time, and the inquiry says CANCELLED"
)]
async fn cancel_succeeds(stage: &mut Stage) {
    stage.judge(cancelled_at_gateway).await;
}

/// The cancel was answered S with its time, and the closing inquiry agrees.
pub(in crate::payment) fn cancelled_at_gateway(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let Some(cancel) = last_cancel(seen, &mut finding) else { return finding };
    want_result(&mut finding, cancel, "cancel", Status::S, &["SUCCESS"]);
    let time = cancel.answer_sent.as_ref().and_then(|answer| answer.text("cancelTime"));
    let time = time.unwrap_or_default();
    finding.want(
        has_offset(&time),
        say::FIELD_MATCHES.with(["cancelTime", "time"]),
        say::FIELD_IS.with(["cancelTime", &time]),
    );
    for id in seen.order().map(|order| seen.ids_of(order)).unwrap_or_default() {
        want_closing(&mut finding, seen, &id, PaymentStatus::Cancelled);
    }
    finding
}

#[then(expr = "every inquiry and the cancel are answered with F ORDER_NOT_EXIST")]
async fn all_unknown(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let inquiries = seen.calls_of(Api::InquiryPayment);
            let cancels = seen.calls_of(Api::Cancel);
            if inquiries.is_empty() {
                let missing = say::CALL_NOT_SEEN.with(["inquiryPayment"]);
                finding.fail(say::CALL_SEEN.with(["inquiryPayment"]), missing);
            }
            for call in inquiries.into_iter().chain(cancels) {
                let name = call.api.map_or("", Api::name);
                want_result(&mut finding, call, name, Status::F, &["ORDER_NOT_EXIST"]);
            }
            finding
        })
        .await;
}

#[then(
    expr = "the first two inquiries are answered with ORDER_NOT_EXIST and a later one with SUCCESS"
)]
async fn exists_later(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let inquiries = seen.calls_of(Api::InquiryPayment);
            for inquiry in inquiries.iter().take(2) {
                want_result(
                    &mut finding,
                    inquiry,
                    "inquiryPayment",
                    Status::F,
                    &["ORDER_NOT_EXIST"],
                );
            }
            let paid = |call: &&&Exchange| {
                call.answer_sent.as_ref().and_then(Answer::payment_status)
                    == Some(PaymentStatus::Success)
            };
            // Should the merchant itself not get so far, the closing look answers for the gateway.
            let closing =
                seen.order().and_then(|order| seen.closing_status(seen.ids_of(order).last()?));
            let later = inquiries.iter().skip(2).find(paid).is_some();
            let success = say::INQUIRY_SAYS.with(["SUCCESS"]);
            // A merchant that gives up before its second inquiry keeps pay from ever arriving.
            let arrived = seen.calls_of(Api::Pay).iter().any(|pay| pay.received.is_some());
            let holds = !arrived || later || closing == Some(PaymentStatus::Success);
            finding.want(holds, success, say::INQUIRY_SILENT.plain());
            finding
        })
        .await;
}

#[then(expr = "the inquiry says FAIL and why, and the notice of a cashier says F")]
async fn inquiry_fails(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(order) = seen.order() else { return finding };
            for id in seen.ids_of(order) {
                want_closing(&mut finding, seen, &id, PaymentStatus::Fail);
                let closing = seen.closing(&id).and_then(|call| call.answer_sent.as_ref());
                let why = closing.and_then(|answer| answer.text("paymentResultCode"));
                finding.want(
                    why.is_some(),
                    say::FIELD_PRESENT.with(["paymentResultCode"]),
                    say::FIELD_ABSENT.with(["paymentResultCode"]),
                );
            }
            if seen.product.means() == Means::WalletPage {
                want_failure_told(&mut finding, seen);
            }
            finding
        })
        .await;
}

/// Wants a notice that says that the payment failed.
fn want_failure_told(finding: &mut Finding, seen: &Seen) {
    let Some(pay) = first_pay(seen, finding) else { return };
    let id = pay.request_id();
    let notice = seen.notices().find(|notice| notice.request_id() == id);
    match notice {
        Some(notice) => {
            finding.shown_by(notice.lines());
            want_field(finding, notice, "result.resultStatus", &["F"]);
        }
        None if owes_notice(finding, pay) => {
            finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
        }
        None => {}
    }
}

#[then(expr = "the gateway answers with a code that has an end and a value")]
async fn code_is_made(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_result(&mut finding, pay, "pay", Status::S, &["SUCCESS"]);
            let Some(answer) = &pay.answer_sent else { return finding };
            let end = answer.text("orderCodeForm.expireTime").unwrap_or_default();
            finding.want(
                has_offset(&end),
                say::FIELD_MATCHES.with(["orderCodeForm.expireTime", "time"]),
                say::FIELD_IS.with(["orderCodeForm.expireTime", &end]),
            );
            let details =
                answer.fields.as_ref().and_then(|body| body.at("orderCodeForm.codeDetails"));
            let count = details.and_then(|list| list.as_array()).map_or(0, Vec::len);
            let path = "orderCodeForm.codeDetails";
            finding.want(
                (1..=4).contains(&count),
                say::FIELD_MATCHES.with([path, "up-to-4-entries"]),
                say::FIELD_MATCHES.holding([path.into(), say::FORM_ENTRIES.with([count]).into()]),
            );
            let value = answer.text("orderCodeForm.codeDetails.0.codeValue").unwrap_or_default();
            finding.want(
                (1..=2_048).contains(&value.chars().count()),
                say::FIELD_MATCHES.with(["codeValue", "up-to-2048"]),
                say::FIELD_IS.with(["codeValue", &value]),
            );
            finding
        })
        .await;
}

#[then(expr = "the code shown is the gateway's, byte for byte")]
async fn code_as_given(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            for order in seen.orders() {
                want_given_code(&mut finding, seen, order);
            }
            finding
        })
        .await;
}

/// Wants every code that the till shows for an order to be one that the gateway gave for it before.
fn want_given_code(finding: &mut Finding, seen: &Seen, order: &str) {
    let given = seen.pays_for(order).into_iter().filter_map(|pay| pay.answer_sent.as_ref());
    let given: Vec<(u32, Vec<String>)> = given.map(|a| (a.line, drawable_codes(a))).collect();
    let all: Vec<&str> = given.iter().flat_map(|(_, codes)| codes).map(String::as_str).collect();
    let expected = say::ORDER_OFFERS.with([order, &all.join(" / ")]);
    let mut shown = 0;
    for reading in seen.readings_of(order) {
        let offer = reading.view.shown.as_ref().and_then(|shown| shown.code.as_ref());
        let Some(code) = offer else { continue };
        shown += 1;
        finding.shown_by([reading.line]);
        let before = given.iter().filter(|(line, _)| *line < reading.line);
        let genuine = before.flat_map(|(_, codes)| codes).any(|known| known == code);
        finding.want(genuine, expected.clone(), say::ORDER_OFFERS.with([order, code]));
    }
    // Whom the gateway gives no code has none to show.
    let owed = shown > 0 || all.is_empty();
    finding.want(owed, expected, say::ORDER_OFFERS_NOTHING.with([order]));
}

/// The codes of an answer that are texts to draw; all of them where none says so.
fn drawable_codes(answer: &Answer) -> Vec<String> {
    if let Some(code) = answer.field("qr_code") {
        return vec![code.to_owned()];
    }
    let list = "orderCodeForm.codeDetails";
    let details = answer.fields.as_ref().and_then(|body| body.at(list)?.as_array());
    let places = 0..details.map_or(0, Vec::len);
    let (texts, others): (Vec<usize>, Vec<usize>) = places.partition(|place| {
        let display = answer.text(&format!("{list}.{place}.displayType"));
        display.is_none_or(|display| display == "TEXT")
    });
    let codes = if texts.is_empty() { others } else { texts };
    codes.iter().filter_map(|place| answer.text(&format!("{list}.{place}.codeValue"))).collect()
}
