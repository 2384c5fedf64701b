//! Checks of what registrations and payments in the names of secondary merchants say.

use cucumber::then;
use evidence::words as say;
use merchant::Register;
use serde_json::Value;

use super::registrations;
use crate::legacy::{want_parameter, want_value};
use crate::merchants::wishes;
use crate::seen::Exchange;
use crate::wants::{first_pay, four_digits};
use crate::{Finding, Seen, Stage};

const SERVICE: &str = "alipay.overseas.secmerchant.offline.maintain";
const ONLINE: &str = "alipay.overseas.secmerchant.online.maintain";

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
                crate::legacy::is_fresh(seen, text, at)
            });
            finding
        })
        .await;
}

#[then(expr = "the registration has every parameter that a website needs")]
async fn website_is_whole(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = registrations(seen, &mut finding);
            let Some(call) = calls.first() else { return finding };
            want_value(&mut finding, call, "service", ONLINE);
            want_ids(&mut finding, seen, call);
            want_parameter(&mut finding, call, "secondary_merchant_name", "text", up_to(64));
            let industry = "secondary_merchant_industry";
            want_parameter(&mut finding, call, industry, "four-digits", four_digits);
            want_parameter(&mut finding, call, "register_country", "two-capitals", two_capitals);
            want_parameter(&mut finding, call, "register_address", "text", up_to(256));
            let kind = "secondary_merchant_type";
            want_parameter(&mut finding, call, kind, "merchant-type", |kind| {
                matches!(kind, "INDIVIDUAL" | "ENTERPRISE")
            });
            want_parameter(&mut finding, call, "site_infos", "sites", are_sites);
            let at = call.began();
            want_parameter(&mut finding, call, "timestamp", "fresh", |text| {
                crate::legacy::is_fresh(seen, text, at)
            });
            finding
        })
        .await;
}

/// The addresses that a list of sites has.
fn urls_in(text: &str) -> Vec<String> {
    let told: Value = serde_json::from_str(text).unwrap_or_default();
    let sites = told.as_array().cloned().unwrap_or_default().into_iter();
    sites.filter_map(|site| site["site_url"].as_str().map(str::to_owned)).collect()
}

/// Whether a text lists one to five sites, each with its type, address and name.
fn are_sites(text: &str) -> bool {
    let told: Value = serde_json::from_str(text).unwrap_or_default();
    let whole = |site: &Value| {
        let filled = |name: &str| site[name].as_str().is_some_and(|text| !text.is_empty());
        matches!(site["site_type"].as_str(), Some("WEB" | "APP"))
            && filled("site_url")
            && filled("site_name")
    };
    told.as_array().is_some_and(|list| (1..=5).contains(&list.len()) && list.iter().all(whole))
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

/// Wants the merchant's questions to name how is paid, and whom they are about.
fn want_questions(seen: &Seen, method: &str) -> Finding {
    let mut finding = Finding::new();
    let asked = seen.calls_of(protocol::ams::Api::InquiryRegistrationStatus);
    if asked.is_empty() {
        let name = "queryStatus";
        finding.fail(say::CALL_SEEN.with([name]), say::CALL_NOT_SEEN.with([name]));
    }
    for call in asked {
        finding.shown_by(call.lines());
        want_value(&mut finding, call, "payment_method", method);
        want_ids(&mut finding, seen, call);
    }
    finding
}

#[then(expr = "every question about the status names INSTORE_PAYMENT and the store")]
async fn questions_name_store(stage: &mut Stage) {
    stage.judge(|seen| want_questions(seen, "INSTORE_PAYMENT")).await;
}

#[then(expr = "every question about the status names ONLINE_PAYMENT")]
async fn questions_name_website(stage: &mut Stage) {
    stage.judge(|seen| want_questions(seen, "ONLINE_PAYMENT")).await;
}

#[then(expr = "the first payment carries exactly the ids that were registered")]
async fn pay_carries_ids(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let Some(wish) = wishes(seen).into_iter().next() else {
                finding.cannot_judge(say::CALL_NOT_SEEN.with(["registration"]));
                return finding;
            };
            let Some(store) = wish.stores.first() else {
                want_value(&mut finding, pay, "secondary_merchant_id", &wish.id);
                return finding;
            };
            let told = pay.parameter("extend_info").or_else(|| pay.parameter("extend_params"));
            let told: Value = serde_json::from_str(told.unwrap_or_default()).unwrap_or_default();
            for (name, wanted) in [("secondary_merchant_id", &wish.id), ("store_id", &store.id)] {
                let told = told[name].as_str().unwrap_or("—");
                finding.want_for_good(
                    told == wanted,
                    say::FIELD_IS.with([name, wanted]),
                    say::FIELD_IS.with([name, told]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the other data goes out under the same ids, with every site where there are sites")]
async fn same_ids(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = registrations(seen, &mut finding);
            for call in &calls {
                want_ids(&mut finding, seen, call);
                want_sites(&mut finding, seen, call);
            }
            let told = |name: &'static str| calls.iter().filter_map(move |it| it.parameter(name));
            let mut data: Vec<_> = told("store_address").chain(told("site_infos")).collect();
            data.dedup();
            finding.want(
                data.len() > 1,
                say::REGISTRATION_CHANGED.plain(),
                say::REGISTRATION_UNCHANGED.plain(),
            );
            finding
        })
        .await;
}

/// Wants a registration to list every site that the clerk had told of by then: "the whole list is
/// replaced each time".
fn want_sites(finding: &mut Finding, seen: &Seen, call: &Exchange) {
    let mut told = seen.acts_of("registers").into_iter().filter(|act| act.line < call.line());
    let wish: Option<Register> = told
        .next_back()
        .and_then(|act| serde_json::from_value(act.facts.get("wish")?.clone()).ok());
    let Some(wish) = wish.filter(|wish| wish.stores.is_empty()) else { return };
    let mut wanted: Vec<_> = std::iter::once(wish.website).chain(wish.sites).collect();
    let mut listed = urls_in(call.parameter("site_infos").unwrap_or_default());
    wanted.sort_unstable();
    listed.sort_unstable();
    finding.want_for_good(
        listed == wanted,
        say::FIELD_IS.with(["site_infos", &wanted.join(", ")]),
        say::FIELD_IS.with(["site_infos", &listed.join(", ")]),
    );
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
