//! Checks of what calls and answers of the older generation say.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{Api, PaymentStatus, Status};
use protocol::legacy::Told;
use serde_json::Value;

use super::pages::want_refused;
use super::{trade_status, want_parameter, want_told, want_value};
use crate::seen::{Answer, Exchange};
use crate::wants::{first_pay, four_digits, ids, last_cancel, polls, want_closing, want_result};
use crate::{Finding, Seen, Stage};

fn fourteen_digits(text: &str) -> bool {
    text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn three_capitals(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[then(expr = "the payment call has every parameter that a barcode payment needs")]
async fn barcode_parameters(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let partner = seen.contract("client_id").unwrap_or_default();
            want_value(&mut finding, pay, "service", "alipay.acquire.overseas.spot.pay");
            want_value(&mut finding, pay, "partner", partner);
            want_value(&mut finding, pay, "alipay_seller_id", partner);
            want_parameter(&mut finding, pay, "trans_name", "text", |text| !text.trim().is_empty());
            want_parameter(&mut finding, pay, "partner_trans_id", "up-to-64", |id| {
                (1..=64).contains(&id.chars().count())
            });
            want_parameter(&mut finding, pay, "currency", "currency", three_capitals);
            if let Some(price) = seen.sale_behind(pay).and_then(crate::seen::Act::amount) {
                want_value(&mut finding, pay, "trans_amount", &price.to_major());
                want_value(&mut finding, pay, "currency", price.currency.code());
            }
            want_value(&mut finding, pay, "identity_code_type", "barcode");
            want_value(&mut finding, pay, "biz_product", "OVERSEAS_MBARCODE_PAY");
            let time = "trans_create_time";
            want_parameter(&mut finding, pay, time, "fourteen-digits", fourteen_digits);
            finding
        })
        .await;
}

#[then(expr = "extend_info is JSON that names the store and the secondary merchant")]
async fn extend_info_names(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_names(&mut finding, pay, "extend_info");
            finding
        })
        .await;
}

/// Wants a JSON text in a parameter to name store and secondary merchant; four digits of the
/// merchant's industry where it is sent.
pub(super) fn want_names(finding: &mut Finding, pay: &Exchange, parameter: &str) {
    let told = pay.parameter(parameter).unwrap_or_default();
    let object = serde_json::from_str::<Value>(told).ok().filter(Value::is_object);
    let Some(object) = object else {
        let seen = say::FIELD_MATCHES.with([parameter, "text"]);
        return finding.fail_for_good(say::FIELD_MATCHES.with([parameter, "json-object"]), seen);
    };
    let text =
        |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    for name in ["store_id", "secondary_merchant_id"] {
        let path = format!("{parameter}.{name}");
        let absent = say::FIELD_ABSENT.with([&path]);
        finding.want_for_good(text(name).is_some(), say::FIELD_PRESENT.with([&path]), absent);
    }
    if let Some(industry) = text("secondary_merchant_industry") {
        let path = format!("{parameter}.secondary_merchant_industry");
        finding.want_for_good(
            four_digits(industry),
            say::FIELD_MATCHES.with([&path, "four-digits"]),
            say::FIELD_IS.with([path.as_str(), industry]),
        );
    }
}

#[then(
    expr = "the gateway answers the payment SUCCESS with a trade number, under which the query says TRADE_SUCCESS"
)]
async fn paid_under_one_number(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_result(&mut finding, pay, pay.name(), Status::S, &["SUCCESS"]);
            let number = pay.answer_sent.as_ref().and_then(|answer| answer.text("paymentId"));
            let absent = say::FIELD_ABSENT.with(["alipay_trans_id"]);
            let present = say::FIELD_PRESENT.with(["alipay_trans_id"]);
            finding.want(number.is_some(), present, absent);
            want_trade(&mut finding, seen, "TRADE_SUCCESS");
            let Some((number, closing)) = number.zip(closing(seen)) else { return finding };
            want_told(&mut finding, closing, "alipay_trans_id", &number);
            finding
        })
        .await;
}

/// The closing look at the order's last number.
fn closing(seen: &Seen) -> Option<&Exchange> {
    ids(seen).last().and_then(|id| seen.closing(id))
}

/// Wants the closing look to tell this state of the trade.
pub(super) fn want_trade(finding: &mut Finding, seen: &Seen, wanted: &str) {
    let Some(closing) = closing(seen) else {
        let missing = say::INQUIRY_SILENT.plain();
        return finding.fail(say::INQUIRY_SAYS.with([wanted]), missing);
    };
    finding.shown_by(closing.lines());
    let told = closing.answer_sent.as_ref().and_then(trade_status);
    let was =
        told.map_or_else(|| say::INQUIRY_SILENT.plain(), |told| say::INQUIRY_SAYS.with([told]));
    finding.want(told == Some(wanted), say::INQUIRY_SAYS.with([wanted]), was);
}

#[then(expr = "the gateway answers the payment UNKNOW")]
async fn pay_is_unknow(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_result(&mut finding, pay, pay.name(), Status::U, &[]);
            finding
        })
        .await;
}

#[then(expr = "queries say WAIT_BUYER_PAY until the password is given, and TRADE_SUCCESS after it")]
async fn queries_follow(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let debited = seen.wallet.as_ref().and_then(|all| all.debits.first());
            let debited = debited.map(|debit| debit.at);
            if seen.wallet.is_none() {
                finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
            }
            let queries =
                seen.exchanges.iter().filter(|call| call.api == Some(Api::InquiryPayment));
            for query in queries {
                let Some(answer) = &query.answer_sent else { continue };
                let Some(came) = query.received.as_ref().map(|call| call.at) else { continue };
                let paid = debited.is_some_and(|debited| debited <= came);
                let wanted = if paid { "TRADE_SUCCESS" } else { "WAIT_BUYER_PAY" };
                let told = trade_status(answer);
                finding.shown_by([answer.line]);
                let was = told.map_or_else(
                    || say::INQUIRY_SILENT.plain(),
                    |told| say::INQUIRY_SAYS.with([told]),
                );
                finding.want(told == Some(wanted), say::INQUIRY_SAYS.with([wanted]), was);
            }
            finding
        })
        .await;
}

#[then(expr = "the cancel answers SUCCESS, action=close, and the query says TRADE_CLOSED")]
async fn closed_by_cancel(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(cancel) = last_cancel(seen, &mut finding) else { return finding };
            want_result(&mut finding, cancel, cancel.name(), Status::S, &["SUCCESS"]);
            want_told(&mut finding, cancel, "action", "close");
            want_trade(&mut finding, seen, "TRADE_CLOSED");
            finding
        })
        .await;
}

#[then(expr = "the query finds the trade by partner_trans_id alone")]
async fn found_by_number(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let queries = seen.exchanges.iter().filter(|call| {
                call.api == Some(Api::InquiryPayment) && call.parameter("alipay_trans_id").is_none()
            });
            for query in queries {
                let Some(answer) = &query.answer_sent else { continue };
                finding.shown_by(query.lines());
                let told = answer.payment_status().map(PaymentStatus::name);
                let was = told.map_or_else(|| said(answer), |told| say::INQUIRY_SAYS.with([told]));
                finding.want(told.is_some(), say::INQUIRY_SAYS.with(["TRADE_SUCCESS"]), was);
            }
            for id in ids(seen) {
                want_closing(&mut finding, seen, &id, PaymentStatus::Success);
            }
            finding
        })
        .await;
}

/// The result that an answer tells, in words.
fn said(answer: &Answer) -> say::Phrase {
    match &answer.outcome {
        Some(told) => {
            let result = format!("{} {}", told.status.letter(), told.code);
            say::INQUIRY_SAYS.with([result])
        }
        None => say::INQUIRY_SILENT.plain(),
    }
}

#[then(
    expr = "queries for the lost payment are answered FAIL with TRADE_NOT_EXIST or TRANS_NOT_FOUND, and no status"
)]
async fn lost_is_unknown(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            let arrived = seen.at_gateway().filter(|call| call.api == Some(Api::Pay));
            let arrived = arrived.map(Exchange::line).min().unwrap_or(u32::MAX);
            let codes = ["TRADE_NOT_EXIST", "TRANS_NOT_FOUND"];
            for query in polls(seen).into_iter().filter(|query| query.line() < arrived) {
                want_result(&mut finding, query, query.name(), Status::F, &codes);
                let status = query.answer_sent.as_ref().and_then(trade_status);
                let name = "alipay_trans_status";
                finding.want(
                    status.is_none(),
                    say::FIELD_NOT_EXPECTED.with([name]),
                    say::FIELD_IS.with([name, status.unwrap_or_default()]),
                );
            }
            finding
        })
        .await;
}

#[then(
    expr = "the gateway refuses the changed call with ILLEGAL_SIGN: is_success=F without a response, or a page that names it"
)]
async fn changed_call_refused(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_refused(&mut finding, pay, "ILLEGAL_SIGN");
            let xml = pay.answer_sent.as_ref().and_then(|answer| answer.xml.as_ref());
            let Some(xml) = xml else { return finding };
            finding.want(
                matches!(xml.told, Told::Rejected { .. }),
                say::FIELD_IS.with(["is_success", "F"]),
                say::FIELD_IS.with(["is_success", "T"]),
            );
            finding.want(
                xml.response.is_none(),
                say::FIELD_NOT_EXPECTED.with(["response"]),
                say::FIELD_PRESENT.with(["response"]),
            );
            finding
        })
        .await;
}
