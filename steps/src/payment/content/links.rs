//! Checks of what pay says for a buyer who comes by a link, of the link that the gateway gives, and
//! of where the merchant sends the buyer.

use cucumber::then;
use evidence::words as say;
use protocol::ams::Status;
use protocol::parse_time;

use super::pay::{asks_for, want_notify_url};
use crate::payment::sequence::no_second_pay_no_cancel;
use crate::seen::{Answer, Exchange};
use crate::wants::{first_pay, has_offset, want_field, want_form, want_result};
use crate::{Finding, Seen, Stage};

/// The addresses of the wallet's own page, of which the gateway gives one at least.
const CASHIER_LINKS: [&str; 3] = ["normalUrl", "schemeUrl", "applinkUrl"];

#[then(
    expr = "the pay request asks for the link of an entry code and names the wallet that opened the page"
)]
async fn asks_for_entry_code(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = asks_for(seen, "EntryCode");
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let agent = sale_text(seen, "user_agent");
            want_field(&mut finding, pay, "order.env.userAgent", &[agent]);
            finding
        })
        .await;
}

fn sale_text<'a>(seen: &'a Seen, name: &str) -> &'a str {
    let sale = seen.order().and_then(|order| seen.sale_of(order));
    sale.and_then(|sale| sale.text(name)).unwrap_or_default()
}

#[then(
    expr = "the pay request asks for the cashier, tells where the notice goes, and names no other device"
)]
async fn asks_for_cashier(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_field(&mut finding, pay, "productCode", &["CASHIER_PAYMENT"]);
            want_form(&mut finding, pay, "paymentRequestId", "up-to-64", |id| {
                (1..=64).contains(&id.chars().count())
            });
            want_form(&mut finding, pay, "order.orderDescription", "text", |text| {
                !text.trim().is_empty()
            });
            if let Some(price) = seen.order().and_then(|order| seen.price_of(order)) {
                let (value, currency) = (price.minor.to_string(), price.currency.code());
                want_field(&mut finding, pay, "paymentAmount.value", &[&value]);
                want_field(&mut finding, pay, "paymentAmount.currency", &[currency]);
            }
            want_notify_url(&mut finding, seen, pay);
            let fits: &[&str] = match sale_text(seen, "device") {
                "wap" => &["WAP", "MINI_APP"],
                "app" => &["APP", "MINI_APP"],
                _ => &["WEB"],
            };
            for path in ["env.terminalType", "order.env.terminalType"] {
                if pay.asked(path).is_some() {
                    want_field(&mut finding, pay, path, fits);
                }
            }
            finding
        })
        .await;
}

#[then(expr = "the end of the order, where pay names one, is a time to come and has its offset")]
async fn end_to_come(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let path = "paymentExpiryTime";
            if pay.asked(path).is_some() {
                let to_come = |text: &str| parse_time(text).is_some_and(|end| end > pay.began());
                let form = "time-to-come";
                want_form(&mut finding, pay, path, form, |text| has_offset(text) && to_come(text));
            }
            finding
        })
        .await;
}

#[then(expr = "the gateway answers with an address to send the buyer to")]
async fn link_is_given(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_result(&mut finding, pay, "pay", Status::S, &["SUCCESS"]);
            want_an_address(&mut finding, pay, &["redirectActionForm.redirectUrl"]);
            finding
        })
        .await;
}

#[then(expr = "the gateway answers that the payment is in process, with an address for the buyer")]
async fn in_process(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            want_result(&mut finding, pay, "pay", Status::U, &["PAYMENT_IN_PROCESS"]);
            want_an_address(&mut finding, pay, &CASHIER_LINKS);
            finding
        })
        .await;
}

/// Wants an answer to pay to hold an address of at most 2,048 characters in one of these fields.
fn want_an_address(finding: &mut Finding, pay: &Exchange, names: &[&str]) {
    let Some(answer) = &pay.answer_sent else { return };
    let told: Vec<String> = names.iter().filter_map(|name| answer.text(name)).collect();
    let all = names.join(" / ");
    let fits = |address: &String| (1..=2_048).contains(&address.chars().count());
    finding.want(
        !told.is_empty() && told.iter().all(fits),
        say::FIELD_MATCHES.with([&all, "up-to-2048"]),
        told.first()
            .map_or_else(|| say::FIELD_ABSENT.with([&all]), |one| say::FIELD_IS.with([&all, one])),
    );
}

#[then(expr = "the buyer is sent to the gateway's address, byte for byte")]
async fn link_as_given(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            first_pay(seen, &mut finding);
            want_given_link(&mut finding, seen, &["redirectActionForm.redirectUrl"]);
            finding
        })
        .await;
}

#[then(expr = "the buyer is sent to one of these addresses, with no second pay and no cancel")]
async fn sent_to_the_cashier(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_given_link(&mut finding, seen, &CASHIER_LINKS);
            finding.and(no_second_pay_no_cancel(seen))
        })
        .await;
}

/// Wants the buyer to be sent somewhere, and nowhere but to what the gateway gave before.
fn want_given_link(finding: &mut Finding, seen: &Seen, names: &[&str]) {
    let order = seen.order().unwrap_or_default();
    let links = |answer: &Answer| -> Vec<String> {
        names.iter().filter_map(|name| answer.text(name)).collect()
    };
    let given = seen.pays_for(order).into_iter().filter_map(|pay| pay.answer_sent.as_ref());
    let given: Vec<(u32, Vec<String>)> = given.map(|a| (a.line, links(a))).collect();
    let all: Vec<&str> = given.iter().flat_map(|(_, links)| links).map(String::as_str).collect();
    let expected = say::ORDER_OFFERS.with([order, &all.join(" / ")]);
    let mut sent = false;
    for reading in seen.readings_of(order) {
        let offer = reading.view.shown.as_ref().and_then(|shown| shown.link.as_ref());
        let Some(link) = offer else { continue };
        sent = true;
        finding.shown_by([reading.line]);
        let before = given.iter().filter(|(line, _)| *line < reading.line);
        let genuine = before.flat_map(|(_, links)| links).any(|known| known == link);
        finding.want(genuine, expected.clone(), say::ORDER_OFFERS.with([order, link]));
    }
    finding.want(sent, expected, say::ORDER_OFFERS_NOTHING.with([order]));
}
