//! Checks of what messages say.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{AckFault, Api, PaymentStatus, Signature, Status, judge_ack};
use protocol::{Amount, Fields, parse_time};

use super::parameters::{Price, Refusal};
use crate::seen::{Answer, Exchange};
use crate::{Finding, Product, Seen, Stage};

/// The first pay request, or a finding that there is none.
pub(super) fn first_pay<'a>(seen: &'a Seen, finding: &mut Finding) -> Option<&'a Exchange> {
    let pay = seen.order().and_then(|order| seen.pays_for(order).into_iter().next());
    let pay = pay.or_else(|| seen.calls_of(Api::Pay).into_iter().next());
    match pay {
        Some(pay) => finding.shown_by(pay.lines()),
        None => finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"])),
    }
    pay
}

/// Wants a scalar of a call to be one of these values.
fn want_field(finding: &mut Finding, call: &Exchange, path: &str, wanted: &[&str]) {
    let value = call.asked(path);
    let fits = value.as_deref().is_some_and(|value| wanted.contains(&value));
    let seen = value
        .map_or_else(|| say::FIELD_ABSENT.with([path]), |value| say::FIELD_IS.with([path, &value]));
    let expected = match wanted {
        [one] => say::FIELD_IS.with([path, one]),
        more => say::FIELD_IS_ONE_OF.with([path, &more.join(", ")]),
    };
    finding.want(fits, expected, seen);
}

/// Wants a scalar of a call to have a form.
fn want_form(
    finding: &mut Finding,
    call: &Exchange,
    path: &str,
    form: &str,
    fits: impl Fn(&str) -> bool,
) {
    let value = call.asked(path);
    let seen = value
        .as_ref()
        .map_or_else(|| say::FIELD_ABSENT.with([path]), |value| say::FIELD_IS.with([path, value]));
    let holds = value.is_some_and(|value| fits(&value));
    finding.want(holds, say::FIELD_MATCHES.with([path, form]), seen);
}

fn four_digits(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn has_offset(text: &str) -> bool {
    text.contains('T') && parse_time(text).is_some()
}

/// What the gateway answered to a call, or a finding that it did not.
pub(super) fn told<'a>(
    finding: &mut Finding,
    call: &'a Exchange,
    name: &str,
) -> Option<&'a Answer> {
    let Some(answer) = &call.answer_sent else {
        finding.fail(say::ANSWER_IS.with([name, "S/F/U"]), say::ANSWER_NONE.with([name]));
        return None;
    };
    finding.shown_by([answer.line]);
    if answer.outcome.is_none() {
        finding.fail(say::ANSWER_IS.with([name, "S/F/U"]), say::ANSWER_NO_RESULT.with([name]));
        return None;
    }
    Some(answer)
}

/// Wants the gateway's answer to a call to have a status and one of these codes; no code means any.
pub(super) fn want_result(
    finding: &mut Finding,
    call: &Exchange,
    name: &str,
    status: Status,
    codes: &[&str],
) {
    let Some(outcome) = told(finding, call, name).and_then(|answer| answer.outcome.as_ref()) else {
        return;
    };
    let fits =
        outcome.status == status && (codes.is_empty() || codes.contains(&outcome.code.as_str()));
    let wanted = format!("{} {}", status.letter(), codes.join("/"));
    let was = format!("{} {}", outcome.status.letter(), outcome.code);
    finding.want(
        fits,
        say::ANSWER_IS.with([name, wanted.trim()]),
        say::ANSWER_IS.with([name, was.trim()]),
    );
}

#[then(expr = "the pay request says that a scanned code is charged")]
async fn charges_a_code(stage: &mut Stage) {
    stage.judge(|seen| asks_for(seen, "PaymentCode")).await;
}

#[then(expr = "the pay request asks for an order code")]
async fn asks_for_order_code(stage: &mut Stage) {
    stage.judge(|seen| asks_for(seen, "OrderCode")).await;
}

fn asks_for(seen: &Seen, scenario: &str) -> Finding {
    let mut finding = Finding::new();
    let Some(pay) = first_pay(seen, &mut finding) else { return finding };
    want_field(&mut finding, pay, "productCode", &["IN_STORE_PAYMENT"]);
    let path = "paymentFactor.inStorePaymentScenario";
    want_form(&mut finding, pay, path, scenario, |told| told.eq_ignore_ascii_case(scenario));
    want_field(&mut finding, pay, "paymentMethod.paymentMethodType", &["CONNECT_WALLET"]);
    want_form(&mut finding, pay, "paymentRequestId", "1 to 64 characters", |id| {
        (1..=64).contains(&id.chars().count())
    });
    let code =
        seen.order().and_then(|order| seen.sale_of(order)).and_then(|sale| sale.text("code"));
    let id = "paymentMethod.paymentMethodId";
    match code {
        Some(code) => want_field(&mut finding, pay, id, &[code]),
        None => finding.want(
            pay.asked(id).is_none(),
            say::FIELD_NOT_EXPECTED.with([id]),
            say::FIELD_IS.with([id, &pay.asked(id).unwrap_or_default()]),
        ),
    }
    if pay.asked("paymentNotifyUrl").is_none() {
        match seen.product {
            Product::UserPresented => finding.note(say::NOTE_NO_NOTIFY_URL.plain()),
            Product::OrderCode => finding.fail(
                say::FIELD_PRESENT.with(["paymentNotifyUrl"]),
                say::FIELD_ABSENT.with(["paymentNotifyUrl"]),
            ),
        }
    }
    finding
}

#[then(expr = "the pay request names the merchant, the store and the terminal")]
async fn names_store(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            for path in [
                "order.merchant.referenceMerchantId",
                "order.merchant.merchantName",
                "order.merchant.store.referenceStoreId",
                "order.merchant.store.storeName",
                "order.env.storeTerminalId",
            ] {
                want_form(&mut finding, pay, path, "a text", |text| !text.trim().is_empty());
            }
            for path in ["order.merchant.merchantMCC", "order.merchant.store.storeMCC"] {
                want_form(&mut finding, pay, path, "4 digits", four_digits);
            }
            let path = "order.env.storeTerminalRequestTime";
            want_form(&mut finding, pay, path, "ISO 8601 with offset", has_offset);
            finding
        })
        .await;
}

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
                say::FIELD_MATCHES.with(["paymentTime", "ISO 8601 with offset"]),
                say::FIELD_IS.with(["paymentTime", &time]),
            );
            finding
        })
        .await;
}

#[then(expr = "the payment code reaches the gateway as scanned, with all its digits")]
async fn code_as_scanned(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let path = "paymentMethod.paymentMethodId";
            let code = seen.order().and_then(|order| seen.sale_of(order)?.text("code"));
            want_field(&mut finding, pay, path, &[code.unwrap_or_default()]);
            let text =
                pay.request().and_then(|r| r.fields.as_ref()).is_some_and(|f| f.is_text(path));
            finding.want(
                text,
                say::FIELD_MATCHES.with([path, "JSON text"]),
                say::FIELD_MATCHES.with([path, "JSON number"]),
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
pub(super) fn cancelled_at_gateway(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let Some(cancel) = seen.calls_of(Api::Cancel).pop() else {
        finding.fail(say::CALL_SEEN.with(["cancel"]), say::CALL_NOT_SEEN.with(["cancel"]));
        return finding;
    };
    want_result(&mut finding, cancel, "cancel", Status::S, &["SUCCESS"]);
    let time = cancel.answer_sent.as_ref().and_then(|answer| answer.text("cancelTime"));
    let time = time.unwrap_or_default();
    finding.want(
        has_offset(&time),
        say::FIELD_MATCHES.with(["cancelTime", "ISO 8601 with offset"]),
        say::FIELD_IS.with(["cancelTime", &time]),
    );
    for id in seen.order().map(|order| seen.ids_of(order)).unwrap_or_default() {
        want_closing(&mut finding, seen, &id, PaymentStatus::Cancelled);
    }
    finding
}

/// Wants the closing inquiry about a payment to say a status.
pub(super) fn want_closing(finding: &mut Finding, seen: &Seen, id: &str, wanted: PaymentStatus) {
    let status = seen.closing_status(id);
    finding.shown_by(seen.closing(id).map(Exchange::lines).unwrap_or_default());
    let was = status.map_or_else(
        || say::INQUIRY_SILENT.plain(),
        |status| say::INQUIRY_SAYS.with([status.name()]),
    );
    finding.want(status == Some(wanted), say::INQUIRY_SAYS.with([wanted.name()]), was);
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

#[then(expr = "the inquiry says FAIL and why")]
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
            finding
        })
        .await;
}

#[then(expr = "the first try is refused with {refusal} and nothing is debited for it")]
async fn first_try_refused(stage: &mut Stage, refusal: Refusal) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_result(&mut finding, pay, "pay", Status::F, &refusal.codes());
            want_no_debit(&mut finding, seen, &pay.request_id().unwrap_or_default());
            finding
        })
        .await;
}

fn want_no_debit(finding: &mut Finding, seen: &Seen, id: &str) {
    if seen.wallet.is_none() {
        return finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    }
    let debits = seen.debits(id).len();
    finding.want(debits == 0, say::DEBITED_TIMES.with([0]), say::DEBITED_TIMES.with([debits]));
}

#[then(expr = "the second try has the fresh code and a new payment request id")]
async fn second_try_is_fresh(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = new_id_for_the_new_try(seen);
            let fresh = seen.sales().last().and_then(|sale| sale.text("code")).unwrap_or_default();
            if let Some(pay) = seen.order().and_then(|order| seen.pays_for(order).pop()) {
                want_field(&mut finding, pay, "paymentMethod.paymentMethodId", &[fresh]);
            }
            finding
        })
        .await;
}

#[then(expr = "the merchant's new try has a new payment request id")]
async fn new_try_has_new_id(stage: &mut Stage) {
    stage.judge(new_id_for_the_new_try).await;
}

fn new_id_for_the_new_try(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let order = seen.order().unwrap_or_default();
    let again = seen.sales().filter(|sale| sale.text("order") == Some(order)).last();
    let again = again.map_or(0, |sale| sale.line);
    let pays = seen.pays_for(order);
    let (before, after): (Vec<&Exchange>, Vec<&Exchange>) =
        pays.into_iter().partition(|pay| pay.line() < again);
    finding.shown_by(after.iter().flat_map(|pay| pay.lines()));
    let Some(new) = after.first() else {
        finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
        return finding;
    };
    let id = new.request_id().unwrap_or_default();
    let used = before.iter().any(|pay| pay.request_id().as_deref() == Some(&id));
    finding.want(!used, say::ID_NEW.plain(), say::ID_USED.with([id]));
    finding
}

#[then(expr = "the old id is refused with {refusal} and nothing is debited for it")]
async fn old_id_refused(stage: &mut Stage, refusal: Refusal) {
    stage
        .judge(|seen| {
            let mut finding = own_pay_refused(seen, &refusal.codes());
            let id = own_pay(seen).and_then(Exchange::request_id).unwrap_or_default();
            want_no_debit(&mut finding, seen, &id);
            finding
        })
        .await;
}

#[then(expr = "the repeat is refused with {refusal}")]
async fn repeat_refused(stage: &mut Stage, refusal: Refusal) {
    stage.judge(|seen| own_pay_refused(seen, &refusal.codes())).await;
}

fn own_pay(seen: &Seen) -> Option<&Exchange> {
    seen.own_calls().find(|call| call.api == Some(Api::Pay))
}

fn own_pay_refused(seen: &Seen, codes: &[&str]) -> Finding {
    let mut finding = Finding::new();
    match own_pay(seen) {
        Some(pay) => want_result(&mut finding, pay, "pay", Status::F, codes),
        None => finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"])),
    }
    finding
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
                say::FIELD_MATCHES.with(["orderCodeForm.expireTime", "ISO 8601 with offset"]),
                say::FIELD_IS.with(["orderCodeForm.expireTime", &end]),
            );
            let details =
                answer.fields.as_ref().and_then(|body| body.at("orderCodeForm.codeDetails"));
            let count = details.and_then(|list| list.as_array()).map_or(0, Vec::len);
            let path = "orderCodeForm.codeDetails";
            finding.want(
                (1..=4).contains(&count),
                say::FIELD_MATCHES.with([path, "1 to 4 entries"]),
                say::FIELD_MATCHES.with([path, &format!("{count} entries")]),
            );
            let value = answer.text("orderCodeForm.codeDetails.0.codeValue").unwrap_or_default();
            finding.want(
                (1..=2_048).contains(&value.chars().count()),
                say::FIELD_MATCHES.with(["codeValue", "1 to 2048 characters"]),
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
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let value = pay.answer_sent.as_ref();
            let value = value.and_then(|a| a.text("orderCodeForm.codeDetails.0.codeValue"));
            let value = value.unwrap_or_default();
            let order = seen.order().unwrap_or_default();
            let shown = seen.readings_of(order).into_iter().find_map(|reading| {
                let shown = reading.view.shown.as_ref()?.code.clone()?;
                Some((reading.line, shown))
            });
            let Some((line, shown)) = shown else {
                let nothing = say::ORDER_OFFERS_NOTHING.with([order]);
                finding.fail(say::ORDER_OFFERS.with([order, &value]), nothing);
                return finding;
            };
            finding.shown_by([line]);
            finding.want(
                shown == value,
                say::ORDER_OFFERS.with([order, &value]),
                say::ORDER_OFFERS.with([order, &shown]),
            );
            finding
        })
        .await;
}

#[then(expr = "every text of the order arrives as entered, character by character")]
async fn texts_arrive(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let sale = seen.order().and_then(|order| seen.sale_of(order));
            let text = sale.and_then(|sale| sale.text("text")).unwrap_or_default();
            want_field(&mut finding, pay, "order.orderDescription", &[text]);
            finding
        })
        .await;
}

#[then(
    expr = "every call goes to its documented path, with client id and time in a documented form"
)]
async fn transport_of_calls(stage: &mut Stage) {
    stage.judge(transport_as_documented).await;
}

fn transport_as_documented(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let client_id = seen.contract("client_id").unwrap_or_default();
    if seen.calls().next().is_none() {
        finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
    }
    for call in seen.calls() {
        let Some(request) = &call.sent else { continue };
        finding.shown_by([request.line]);
        let target = request.target().unwrap_or_default();
        let documented = call.api.map(|api| api.path(client_id));
        let wanted = documented.clone().unwrap_or_else(|| "/ams/…/api/v1/payments/…".into());
        finding.want(
            request.method() == "POST" && documented.as_deref() == Some(&target),
            say::METHOD_AND_PATH.with(["POST", &wanted]),
            say::METHOD_AND_PATH.with([request.method(), target]),
        );
        let id = request.header("client-id").unwrap_or_default();
        finding.want(
            id == client_id,
            say::FIELD_IS.with(["Client-Id", client_id]),
            say::FIELD_IS.with(["Client-Id", &id]),
        );
        let time = request.header("request-time").unwrap_or_default();
        let form = "13 digits of milliseconds, or ISO 8601 with offset";
        finding.want(
            parse_time(&time).is_some(),
            say::FIELD_MATCHES.with(["Request-Time", form]),
            say::FIELD_IS.with(["Request-Time", &time]),
        );
        let away = parse_time(&time).map_or(0, |told| (told - request.at).abs());
        if away > 60_000 {
            finding.note(say::NOTE_CLOCK.with([away]));
        }
    }
    finding
}

#[then(expr = "every call carries algorithm, key version and a URL-encoded signature")]
async fn signatures_of_calls(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for request in seen.calls().filter_map(|call| call.sent.as_ref()) {
                finding.shown_by([request.line]);
                let header = request.header("signature").unwrap_or_default();
                let wanted = "algorithm=RSA256, keyVersion=…, signature=…";
                let parsed = Signature::parse(&header);
                let whole = parsed.as_ref().is_ok_and(|told| {
                    told.algorithm.as_deref() == Some("RSA256") && told.key_version.is_some()
                });
                finding.want(
                    whole,
                    say::FIELD_MATCHES.with(["Signature", wanted]),
                    say::FIELD_IS.with(["Signature", &header]),
                );
                if parsed.is_ok_and(|told| !told.documented_form) {
                    finding.note(say::NOTE_SIGNATURE_FORM.plain());
                }
            }
            finding
        })
        .await;
}

#[then(expr = "every answer is HTTP 200, with the caller's id and a time with offset")]
async fn transport_of_answers(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let client_id = seen.contract("client_id").unwrap_or_default();
            let answers = seen.at_gateway().filter_map(|call| call.answer_sent.as_ref());
            for answer in answers {
                finding.shown_by([answer.line]);
                let status = answer.status.unwrap_or(0).to_string();
                finding.want(
                    status == "200",
                    say::FIELD_IS.with(["HTTP status", "200"]),
                    say::FIELD_IS.with(["HTTP status", &status]),
                );
                let id = answer.header("client-id").unwrap_or_default();
                finding.want(
                    id == client_id,
                    say::FIELD_IS.with(["Client-Id", client_id]),
                    say::FIELD_IS.with(["Client-Id", &id]),
                );
                let time = answer.header("response-time").unwrap_or_default();
                finding.want(
                    has_offset(&time),
                    say::FIELD_MATCHES.with(["Response-Time", "ISO 8601 with offset"]),
                    say::FIELD_IS.with(["Response-Time", &time]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the gateway refuses the changed request for its signature")]
async fn refuses_changed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let codes = ["INVALID_SIGNATURE", "SIGNATURE_INVALID"];
            let changed =
                seen.calls().filter(|call| call.met("amount-changed")).collect::<Vec<_>>();
            if changed.is_empty() {
                finding.fail(say::CALL_SEEN.with(["pay"]), say::CALL_NOT_SEEN.with(["pay"]));
            }
            for pay in changed {
                want_result(&mut finding, pay, "pay", Status::F, &codes);
            }
            finding
        })
        .await;
}

#[then(expr = "the order has one payment request id from beginning to end")]
async fn one_id(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            want_one_id(&mut finding, seen);
            finding
        })
        .await;
}

/// Wants one payment request id for the order.
pub(super) fn want_one_id(finding: &mut Finding, seen: &Seen) {
    let ids = seen.order().map(|order| seen.ids_of(order)).unwrap_or_default();
    let expected = say::IDS_COUNT.with(["1", ids.first().map_or("…", String::as_str)]);
    let told = say::IDS_COUNT.with([&ids.len().to_string(), &ids.join(", ")]);
    finding.want(ids.len() == 1, expected, told);
}

#[then(expr = "every repeat gets the same result, payment id and amount")]
async fn repeats_agree(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(first) = first_pay(seen, &mut finding) else { return finding };
            let id = first.request_id();
            let pays = seen.exchanges.iter().filter(|call| call.api == Some(Api::Pay));
            let answers: Vec<&Answer> = pays
                .filter(|pay| pay.request_id() == id)
                .filter_map(|pay| pay.answer_sent.as_ref())
                .collect();
            if answers.len() < 2 {
                let told = answers.len().to_string();
                let least = say::CALLS_COUNT.with(["pay", "2"]);
                finding.fail(least, say::CALLS_COUNT.with(["pay", &told]));
            }
            let Some(one) = answers.first() else { return finding };
            for other in &answers {
                finding.shown_by([other.line]);
                for path in ["result.resultStatus", "paymentId", "paymentAmount.value"] {
                    let (wanted, told) = (one.text(path), other.text(path));
                    let (wanted, told) = (wanted.unwrap_or_default(), told.unwrap_or_default());
                    finding.want(
                        wanted == told,
                        say::FIELD_IS.with([path, &wanted]),
                        say::FIELD_IS.with([path, &told]),
                    );
                }
            }
            finding
        })
        .await;
}

#[then(expr = "the notice comes to the address that pay named, with result, ids and amount")]
async fn notice_is_good(stage: &mut Stage) {
    stage.judge(notice_as_documented).await;
}

fn notice_as_documented(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let Some(pay) = first_pay(seen, &mut finding) else { return finding };
    let url = pay.asked("paymentNotifyUrl").unwrap_or_default();
    let path = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let wanted = path.find('/').map_or("/", |start| &path[start..]).to_owned();
    let id = pay.request_id().unwrap_or_default();
    let notice = seen.notices().find(|notice| notice.request_id().as_deref() == Some(&id));
    let Some((notice, request)) = notice.and_then(|n| n.sent.as_ref().map(|r| (n, r))) else {
        finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
        return finding;
    };
    finding.shown_by([request.line]);
    let target = request.target().unwrap_or_default();
    finding.want(
        request.method() == "POST" && target == wanted,
        say::NOTICE_TARGET.with([&wanted]),
        say::NOTICE_TARGET.with([&target]),
    );
    want_field(&mut finding, notice, "notifyType", &["PAYMENT_RESULT"]);
    want_field(&mut finding, notice, "result.resultStatus", &["S"]);
    want_form(&mut finding, notice, "paymentId", "a text", |text| !text.is_empty());
    for part in ["paymentAmount.currency", "paymentAmount.value"] {
        let asked = pay.asked(part).unwrap_or_default();
        want_field(&mut finding, notice, part, &[&asked]);
    }
    finding
}

#[then(expr = "every notice is acknowledged in the fixed form")]
async fn acks_fixed(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let handed = seen.exchanges.iter().filter(|e| e.way == evidence::Way::Notice);
            let handed: Vec<_> = handed.filter(|notice| notice.received.is_some()).collect();
            if handed.is_empty() {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
            }
            for notice in handed {
                want_ack(&mut finding, notice);
            }
            finding
        })
        .await;
}

/// Wants the merchant's answer to a notice to be the fixed acknowledgement.
fn want_ack(finding: &mut Finding, notice: &Exchange) {
    let Some(ack) = &notice.answer_sent else {
        finding.shown_by(notice.lines());
        return finding.fail(say::ACK_FIXED.plain(), say::ACK_NONE.plain());
    };
    finding.shown_by([ack.line]);
    let judged = judge_ack(ack.status.unwrap_or(0), &ack.blob.body);
    if let Err(fault) = judged {
        return finding.fail(say::ACK_FIXED.plain(), say::ACK_WAS.with([fault]));
    }
    let message = ack.text("result.resultMessage").unwrap_or_default();
    if message != "success" {
        finding.note(say::NOTE_MESSAGE.with([message]));
    }
}

#[then(expr = "the notice is acknowledged in the fixed form before the answer has come")]
async fn ack_before_answer(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let Some(notice) = seen.notices().next() else {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
                return finding;
            };
            want_ack(&mut finding, notice);
            let acked = notice.answer_sent.as_ref().map(|ack| ack.line);
            let answered = pay.answer_received.as_ref().map(|answer| answer.line);
            let early = acked.is_some_and(|acked| answered.is_none_or(|answered| acked < answered));
            finding.want(early, say::ACK_EARLY.plain(), say::ACK_LATE.plain());
            finding
        })
        .await;
}

#[then(expr = "the notice is not acknowledged as a success")]
async fn not_acked(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let planted = seen.planted_notices();
            if planted.is_empty() {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
            }
            for notice in planted {
                let Some(ack) = &notice.answer_sent else { continue };
                finding.shown_by([ack.line]);
                let success = match judge_ack(ack.status.unwrap_or(0), &ack.blob.body) {
                    Ok(()) | Err(AckFault::LeadingBytes) => true,
                    Err(AckFault::HttpStatus(_) | AckFault::NotJson | AckFault::Result) => {
                        ack.blob.body.trim_ascii() == b"success"
                    }
                };
                finding.want(!success, say::ACK_NOT_WANTED.plain(), say::ACK_WAS_SUCCESS.plain());
            }
            finding
        })
        .await;
}

#[then(expr = "every amount of {price} is written in the smallest unit, as text")]
async fn smallest_unit(stage: &mut Stage, price: Price) {
    stage.judge(|seen| minor_units(seen, price.0)).await;
}

fn minor_units(seen: &Seen, price: Amount) -> Finding {
    let mut finding = Finding::new();
    let Some(pay) = first_pay(seen, &mut finding) else { return finding };
    for name in ["paymentAmount", "order.orderAmount"] {
        let (value, currency) = (format!("{name}.value"), format!("{name}.currency"));
        want_field(&mut finding, pay, &value, &[&price.minor.to_string()]);
        want_field(&mut finding, pay, &currency, &[price.currency.code()]);
        let text = pay.request().and_then(|request| request.fields.as_ref());
        if !text.is_some_and(|fields: &Fields| fields.is_text(&value)) {
            finding.note(say::NOTE_NUMBER.with([value]));
        }
    }
    finding
}
