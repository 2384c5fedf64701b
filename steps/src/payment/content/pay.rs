//! Checks of what the merchant writes into pay.

use cucumber::then;
use evidence::words as say;
use protocol::ams::Api;
use protocol::{Amount, Fields};

use crate::parameters::Price;
use crate::product::Means;
use crate::seen::Exchange;
use crate::wants::{first_pay, four_digits, has_offset, want_field, want_form};
use crate::{Finding, Seen, Stage};

#[then(expr = "the pay request says that a scanned code is charged")]
async fn charges_a_code(stage: &mut Stage) {
    stage.judge(|seen| asks_for(seen, "PaymentCode")).await;
}

#[then(expr = "the pay request asks for an order code")]
async fn asks_for_order_code(stage: &mut Stage) {
    stage.judge(|seen| asks_for(seen, "OrderCode")).await;
}

/// What pay says in every shop, with how the buyer is met there.
pub(super) fn asks_for(seen: &Seen, scenario: &str) -> Finding {
    let mut finding = Finding::new();
    let Some(pay) = first_pay(seen, &mut finding) else { return finding };
    want_field(&mut finding, pay, "productCode", &["IN_STORE_PAYMENT"]);
    let path = "paymentFactor.inStorePaymentScenario";
    want_form(&mut finding, pay, path, scenario, |told| told.eq_ignore_ascii_case(scenario));
    want_field(&mut finding, pay, "paymentMethod.paymentMethodType", &["CONNECT_WALLET"]);
    want_form(&mut finding, pay, "paymentRequestId", "up-to-64", |id| {
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
    want_notify_url(&mut finding, seen, pay);
    finding
}

/// Wants pay to tell where the notice goes; with a scanned code that it does not is a note.
pub(super) fn want_notify_url(finding: &mut Finding, seen: &Seen, pay: &Exchange) {
    if pay.asked("paymentNotifyUrl").is_none() {
        match seen.product.means() {
            Means::ScannedCode => finding.note(say::NOTE_NO_NOTIFY_URL.plain()),
            Means::ShownCode | Means::EntryPage | Means::WalletPage => finding.fail(
                say::FIELD_PRESENT.with(["paymentNotifyUrl"]),
                say::FIELD_ABSENT.with(["paymentNotifyUrl"]),
            ),
        }
    }
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
                want_form(&mut finding, pay, path, "text", |text| !text.trim().is_empty());
            }
            for path in ["order.merchant.merchantMCC", "order.merchant.store.storeMCC"] {
                want_form(&mut finding, pay, path, "four-digits", four_digits);
            }
            let path = "order.env.storeTerminalRequestTime";
            want_form(&mut finding, pay, path, "time", has_offset);
            finding
        })
        .await;
}

#[then(expr = "the payment code reaches the gateway as scanned, with all its digits")]
async fn code_as_scanned(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            for pay in seen.calls_of(Api::Pay) {
                finding.shown_by(pay.lines());
                want_scanned_code(&mut finding, seen, pay);
            }
            finding
        })
        .await;
}

/// Wants a pay request to carry the code that was scanned for its own sale.
fn want_scanned_code(finding: &mut Finding, seen: &Seen, pay: &Exchange) {
    let path = "paymentMethod.paymentMethodId";
    // A pay for an order that nobody sold is held against the order of the case.
    let sale = seen.sale_behind(pay).or_else(|| seen.sale_of(seen.order()?));
    let code = sale.and_then(|sale| sale.text("code")).unwrap_or_default();
    want_field(finding, pay, path, &[code]);
    let fields = pay.request().and_then(|request| request.fields.as_ref());
    finding.want(
        fields.is_some_and(|fields| fields.is_text(path)),
        say::FIELD_MATCHES.with([path, "json-text"]),
        say::FIELD_MATCHES.with([path, "json-number"]),
    );
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
