//! The older generation on the same stage: calls of the runner's own in its words, and the
//! sentences that arrange and judge those words. What both generations have in common is arranged,
//! done and judged by the sentences of the other folders.

mod action;
mod attempts;
mod browsing;
mod content;
mod forged;
mod merchants;
mod money;
mod notices;
mod own;
mod pages;
mod parameters;
mod qr;
pub(crate) mod reconciliation;
mod refund_cancel;
mod repeats;
mod returning;
mod sellers;
mod sequence;
mod situation;
mod state;
mod terms;
mod texts;
mod transport;
mod vouching;
mod website;
mod wrong_calls;

pub(crate) use own::{date_text, form_of_own_call, service_for};
pub(crate) use vouching::only_disowned;

use evidence::words as say;
use protocol::parse_time;

use crate::product::{Means, Product};
use crate::seen::{Answer, Exchange};
use crate::{Finding, Seen};

/// What some parameters of a product's payment are called.
struct PaymentNames {
    /// The merchant's number.
    number: &'static str,
    /// What is sold.
    thing: &'static str,
    /// The amount.
    amount: &'static str,
}

fn names_of(product: Product) -> PaymentNames {
    let (number, thing, amount) = match product.means() {
        Means::ScannedCode => ("partner_trans_id", "trans_name", "trans_amount"),
        Means::ShownCode => ("out_trade_no", "subject", "total_fee"),
        Means::EntryPage | Means::WalletPage => ("out_trade_no", "body", "total_fee"),
    };
    PaymentNames { number, thing, amount }
}

/// "timestamp is void after 30 min".
pub(crate) const FRESH: i64 = 30 * 60_000;

/// Wants a parameter of a call to have a form.
fn want_parameter(
    finding: &mut Finding,
    call: &Exchange,
    name: &str,
    form: &str,
    fits: impl Fn(&str) -> bool,
) {
    let value = call.parameter(name);
    let seen = value
        .map_or_else(|| say::FIELD_ABSENT.with([name]), |value| say::FIELD_IS.with([name, value]));
    finding.want_for_good(value.is_some_and(fits), say::FIELD_MATCHES.with([name, form]), seen);
}

/// Wants a parameter of a call to be this.
fn want_value(finding: &mut Finding, call: &Exchange, name: &str, wanted: &str) {
    let value = call.parameter(name);
    let seen = value
        .map_or_else(|| say::FIELD_ABSENT.with([name]), |value| say::FIELD_IS.with([name, value]));
    finding.want_for_good(value == Some(wanted), say::FIELD_IS.with([name, wanted]), seen);
}

/// Wants a field of the gateway's answer to a call to be this.
fn want_told(finding: &mut Finding, call: &Exchange, name: &str, wanted: &str) {
    let told = call.answer_sent.as_ref().and_then(|answer| answer.field(name));
    finding.shown_by(call.lines());
    let seen = told
        .map_or_else(|| say::FIELD_ABSENT.with([name]), |value| say::FIELD_IS.with([name, value]));
    finding.want(told == Some(wanted), say::FIELD_IS.with([name, wanted]), seen);
}

/// The state of the trade as the answer of a query names it.
fn trade_status(answer: &Answer) -> Option<&str> {
    answer.field("alipay_trans_status").or_else(|| answer.field("trade_status"))
}

/// Whether a text is a time not long before or after a moment: a date in GMT+8, or milliseconds. Of
/// a merchant of its own time nobody knows how long ago its moment was.
fn is_fresh(seen: &Seen, text: &str, at: i64) -> bool {
    let time = match text.parse::<i64>() {
        Ok(milliseconds) => Some(milliseconds),
        Err(_) => parse_time(&format!("{}+08:00", text.replacen(' ', "T", 1))),
    };
    time.is_some_and(|time| seen.merchant_has_its_own_time() || (time - at).abs() <= FRESH)
}
