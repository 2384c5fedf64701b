//! Checks of what registrations and payments in the names of secondary merchants say.

use cucumber::then;
use evidence::words as say;
use serde_json::Value;

use super::registrations;
use crate::legacy::{want_parameter, want_value};
use crate::merchants::wishes;
use crate::seen::Exchange;
use crate::wants::{first_pay, four_digits};
use crate::{Finding, Seen, Stage};

const SERVICE: &str = "alipay.overseas.secmerchant.offline.maintain";

fn two_capitals(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn up_to(most: usize) -> impl Fn(&str) -> bool {
    move |text| (1..=most).contains(&text.chars().count())
}

#[then(expr = "the registration has every parameter that a store needs")]
async fn store_is_whole(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = registrations(seen, &mut finding);
            let Some(call) = calls.first() else { return finding };
            want_value(&mut finding, call, "service", SERVICE);
            want_ids(&mut finding, seen, call);
            let name = "secondary_merchant_name";
            want_parameter(&mut finding, call, name, "text", up_to(128));
            want_parameter(&mut finding, call, "store_name", "text", up_to(256));
            want_parameter(&mut finding, call, "store_country", "two-capitals", two_capitals);
            want_parameter(&mut finding, call, "store_address", "text", up_to(256));
            want_parameter(&mut finding, call, "store_industry", "four-digits", four_digits);
            let at = call.began();
            want_parameter(&mut finding, call, "timestamp", "fresh", |text| {
                crate::legacy::is_fresh(text, at)
            });
            finding
        })
        .await;
}

/// Wants a registration to name the merchant and the store that the clerk was told of.
fn want_ids(finding: &mut Finding, seen: &Seen, call: &Exchange) {
    let Some(wish) = wishes(seen).into_iter().next() else {
        return finding.cannot_judge(say::CALL_NOT_SEEN.with(["registration"]));
    };
    want_value(finding, call, "secondary_merchant_id", &wish.id);
    if let Some(store) = wish.stores.first() {
        want_value(finding, call, "store_id", &store.id);
    }
}

#[then(expr = "every question about the status names INSTORE_PAYMENT and the store")]
async fn questions_name_store(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let asked = seen.calls_of(protocol::ams::Api::InquiryRegistrationStatus);
            if asked.is_empty() {
                let name = "queryStatus";
                finding.fail(say::CALL_SEEN.with([name]), say::CALL_NOT_SEEN.with([name]));
            }
            for call in asked {
                finding.shown_by(call.lines());
                want_value(&mut finding, call, "payment_method", "INSTORE_PAYMENT");
                want_ids(&mut finding, seen, call);
            }
            finding
        })
        .await;
}

#[then(expr = "the first payment carries exactly the ids that were registered")]
async fn pay_carries_ids(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let told = pay.parameter("extend_info").or_else(|| pay.parameter("extend_params"));
            let told: Value = serde_json::from_str(told.unwrap_or_default()).unwrap_or_default();
            let wish = wishes(seen).into_iter().next();
            let store = wish.as_ref().and_then(|wish| wish.stores.first().cloned());
            let wanted = [
                ("secondary_merchant_id", wish.map(|wish| wish.id)),
                ("store_id", store.map(|store| store.id)),
            ];
            for (name, wanted) in wanted {
                let (told, wanted) =
                    (told[name].as_str().unwrap_or("—"), wanted.unwrap_or_default());
                finding.want_for_good(
                    told == wanted,
                    say::FIELD_IS.with([name, &wanted]),
                    say::FIELD_IS.with([name, told]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the other data goes out under the same secondary_merchant_id and store_id")]
async fn same_ids(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = registrations(seen, &mut finding);
            for call in &calls {
                want_ids(&mut finding, seen, call);
            }
            let addresses = calls.iter().filter_map(|call| call.parameter("store_address"));
            let mut addresses: Vec<_> = addresses.collect();
            addresses.dedup();
            finding.want(
                addresses.len() > 1,
                say::REGISTRATION_CHANGED.plain(),
                say::REGISTRATION_UNCHANGED.plain(),
            );
            finding
        })
        .await;
}

#[then(expr = "the registration goes out again under the same id, with the same data")]
async fn sent_again(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = registrations(seen, &mut finding);
            let Some((first, again)) = calls.split_first() else { return finding };
            for call in again {
                let changed = first.changed_parameter(call);
                finding.want_for_good(
                    changed.is_none(),
                    say::REGISTRATION_UNCHANGED.plain(),
                    say::REGISTRATION_CHANGED.plain(),
                );
            }
            finding.want(
                !again.is_empty(),
                say::CALLS_AT_LEAST.with(["registration", "2"]),
                say::CALLS_COUNT.with(["registration", "1"]),
            );
            finding
        })
        .await;
}

#[then(expr = "the registration names one to ten drivers, each with number, contact and person")]
async fn names_drivers(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = registrations(seen, &mut finding);
            let Some(call) = calls.first() else { return finding };
            want_ids(&mut finding, seen, call);
            want_value(&mut finding, call, "store_industry", "4121");
            want_parameter(&mut finding, call, "extend_params", "drivers", are_drivers);
            finding
        })
        .await;
}

/// Whether a text lists one to ten drivers of a taxi, by itself or under some name.
fn are_drivers(text: &str) -> bool {
    let told: Value = serde_json::from_str(text).unwrap_or_default();
    let inner = || told.as_object()?.values().find_map(Value::as_array);
    let list = told.as_array().or_else(inner);
    let whole = |driver: &Value| {
        let names = ["operation_id", "contact_way", "contact_person"];
        names.iter().all(|name| driver[*name].as_str().is_some_and(|text| !text.is_empty()))
    };
    list.is_some_and(|list| (1..=10).contains(&list.len()) && list.iter().all(whole))
}
