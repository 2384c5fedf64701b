//! Checks of refunds of what was sold on a website.

use cucumber::then;
use evidence::RefundState;
use evidence::words as say;
use protocol::ams::{Api, Status};
use protocol::legacy::Service;
use protocol::{Amount, parse_time};

use super::returns::want_never_refused;
use crate::errand::Errand;
use crate::legacy::{FRESH, want_parameter, want_value};
use crate::parameters::Price;
use crate::refund_cancel::numbers_used;
use crate::seen::Exchange;
use crate::standing::refund_changed;
use crate::wants::{
    end, ids, list, refunds, want_refunded, want_refunds_proved, want_refusal, want_result, wishes,
};
use crate::{Finding, Seen, Stage};

/// How much earlier than three seconds after the one before a refund may come on a slow line.
const TOLERANCE: i64 = 200;

/// A time as `gmt_return` has it: one page writes dashes, another 14 digits; both mean GMT+8.
fn return_time(text: &str) -> Option<i64> {
    let digits = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        let (date, time) = (
            [part(0, 4), part(4, 6), part(6, 8)].join("-"),
            [part(8, 10), part(10, 12), part(12, 14)].join(":"),
        );
        return parse_time(&format!("{date}T{time}+08:00"));
    }
    let dashed = text.len() == 19 && text.contains(' ');
    parse_time(&format!("{}+08:00", text.replacen(' ', "T", 1))).filter(|_| dashed)
}

/// Wants one of the two amounts, and the order's price where it is told in the order's currency.
fn want_amount(finding: &mut Finding, refund: &Exchange, amount: Amount) {
    let told = ["return_amount", "return_rmb_amount"].map(|name| refund.parameter(name));
    let names = "return_amount / return_rmb_amount";
    let was = say::FIELD_IS.with([names, &told.map(|it| it.unwrap_or("—")).join(" / ")]);
    let one = told.iter().flatten().count() == 1;
    finding.want_for_good(one, say::FIELD_MATCHES.with([names, "one-return"]), was);
    if told[0].is_some() {
        want_value(finding, refund, "return_amount", &amount.to_major());
    }
    want_value(finding, refund, "currency", amount.currency.code());
}

/// The product code of the payment, by what it says or by its service.
fn product_code(seen: &Seen) -> &str {
    let pay = seen.order().and_then(|order| seen.pays_for(order).into_iter().next());
    let told = pay.and_then(|pay| pay.parameter("product_code"));
    told.unwrap_or(match pay.and_then(Exchange::service) {
        Some(Service::CreateForexTradeWap) => "NEW_WAP_OVERSEAS_SELLER",
        Some(_) | None => "NEW_OVERSEAS_SELLER",
    })
}

#[then(
    expr = "the website's refund names its order and a number of its own, and asks for {price} in the order's currency"
)]
async fn asks_for(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let payment = ids(seen).pop().unwrap_or_default();
            for refund in refunds(seen, &mut finding) {
                want_value(&mut finding, refund, "service", "forex_refund");
                want_value(&mut finding, refund, "out_trade_no", &payment);
                want_parameter(&mut finding, refund, "out_return_no", "up-to-64", |number| {
                    (1..=64).contains(&number.chars().count())
                });
                want_amount(&mut finding, refund, price.0);
                let at = refund.began();
                want_parameter(&mut finding, refund, "gmt_return", "return-time", |text| {
                    return_time(text).is_some_and(|time| (time - at).abs() <= FRESH)
                });
                want_value(&mut finding, refund, "product_code", product_code(seen));
            }
            finding
        })
        .await;
}

#[then(
    expr = "the refund is answered with a bare is_success=T, and a notice of it says REFUND_SUCCESS with number and amount"
)]
async fn bare_and_told(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for refund in refunds(seen, &mut finding) {
                want_result(&mut finding, refund, refund.name(), Status::S, &[]);
                let xml = refund.answer_sent.as_ref().and_then(|answer| answer.xml.as_ref());
                let bare = xml.is_some_and(|answer| answer.response.is_none());
                let name = refund.name();
                finding.want(bare, say::ANSWER_BARE.with([name]), say::ANSWER_MORE.with([name]));
                want_notice(&mut finding, seen, refund);
            }
            finding
        })
        .await;
}

/// Wants a notice of the refund's success, where the call names an address for it.
fn want_notice(finding: &mut Finding, seen: &Seen, refund: &Exchange) {
    let asked = refund.parameter("notify_url").is_some();
    let Some(notice) = seen.notices().find(|notice| notice.refund_id() == refund.refund_id())
    else {
        return finding.want(!asked, say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
    };
    finding.shown_by(notice.lines());
    want_value(finding, notice, "notify_type", "refund_status_sync");
    want_value(finding, notice, "refund_status", "REFUND_SUCCESS");
    for name in ["out_trade_no", "out_return_no", "return_amount", "currency"] {
        if let Some(called) = refund.parameter(name) {
            want_value(finding, notice, name, called);
        }
    }
}

#[then(expr = "refunds of one partner go out at least {int} s apart")]
async fn apart(stage: &mut Stage, seconds: i64) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = refunds(seen, &mut finding);
            for pair in calls.windows(2) {
                let [before, after] = pair else { continue };
                let span = after.began() - before.began();
                finding.want_for_good(
                    span >= seconds * 1_000 - TOLERANCE,
                    say::REFUNDS_APART.with([seconds * 1_000]),
                    say::REFUND_AFTER.with([span]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "each refund has a number of its own")]
async fn numbers_differ(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = refunds(seen, &mut finding);
            let numbers = numbers_used(&calls);
            let wishes = wishes(seen);
            // A refund above what is left may be refused without a word to the gateway.
            let most = seen.order().and_then(|order| seen.price_of(order));
            let mut left = most.map_or(0, |price| price.minor);
            let sure = wishes.iter().filter(|wish| {
                let fits = wish.minor <= left;
                left -= if fits { wish.minor } else { 0 };
                fits
            });
            let wanted = sure.count()..=wishes.len();
            let told = say::REFUND_IDS.with([numbers.len().to_string(), numbers.join(", ")]);
            let expected = say::REFUND_IDS.with([wishes.len().to_string(), "…".into()]);
            finding.want_for_good(numbers.len() <= wishes.len(), expected.clone(), told.clone());
            finding.want(wanted.contains(&numbers.len()), expected.clone(), told.clone());
            // One number stands for one amount.
            let mut amounts: Vec<_> =
                calls.iter().map(|it| (it.refund_id(), it.refund_amount())).collect();
            amounts.sort_by_key(|(number, amount)| {
                (number.clone(), amount.map_or(0, |amount| amount.minor))
            });
            amounts.dedup();
            finding.want_for_good(amounts.len() == numbers.len(), expected, told);
            finding
        })
        .await;
}

#[then(
    expr = "the gateway refuses what exceeds the rest with RETURN_AMOUNT_EXCEED, and {price} is back with the buyer"
)]
async fn excess_refused(stage: &mut Stage, back: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(own) = seen.on_errand(Errand::RefundToo) else {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
                return finding;
            };
            let amount = own.refund_amount();
            let refunds = seen.at_gateway().filter(|call| call.api == Some(Api::Refund));
            for refund in refunds.filter(|call| call.refund_amount() == amount) {
                finding.shown_by(refund.lines());
                want_refusal(&mut finding, refund, refund.name(), &["RETURN_AMOUNT_EXCEED"]);
            }
            if seen.wallet.is_none() {
                finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
                return finding;
            }
            let credits: Vec<_> = ids(seen).iter().flat_map(|id| seen.credits(id)).collect();
            let sum: i64 = credits.iter().map(|amount| amount.minor).sum();
            finding.want(
                sum == back.0.minor,
                say::GIVEN_BACK.with([list(&[back.0])]),
                say::GIVEN_BACK.with([list(&credits)]),
            );
            finding
        })
        .await;
}

#[then(expr = "a repeated refund is the first one unchanged, under the same out_return_no")]
async fn repeated_unchanged(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = refunds(seen, &mut finding);
            let Some((first, again)) = calls.split_first() else { return finding };
            for repeat in again {
                if let Some(field) = refund_changed(first, repeat) {
                    let changed = say::REFUND_CHANGED.with([field]);
                    finding.fail_for_good(say::REFUND_UNCHANGED.plain(), changed);
                }
            }
            finding
        })
        .await;
}

#[then(
    expr = "the refund is never shown as refused, and ends refunded, or with a person where a repeat was refused"
)]
async fn no_failed_refund(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_refunds_proved(&mut finding, seen);
            want_never_refused(&mut finding, seen);
            let Some(reading) = end(seen, &mut finding) else { return finding };
            let order = reading.view.order.as_str();
            let refused = seen.refund_ids_of(order).iter().any(|id| seen.repeat_refused(id));
            let with_staff = reading.view.refunds.last();
            let with_staff = with_staff.filter(|it| it.state == RefundState::ForStaff);
            match with_staff {
                Some(slip) => finding.want(
                    refused,
                    say::REFUND_ENDS.with([&slip.slip]),
                    say::SLIP_IS.with([slip.slip.as_str(), slip.state.name()]),
                ),
                None => want_refunded(&mut finding, seen, &wishes(seen)),
            }
            finding
        })
        .await;
}

#[cfg(test)]
mod tests {
    use super::return_time;

    #[test]
    fn both_published_forms_of_a_refund_s_time_are_beijing_s() {
        // 5 January 2026, 10:00 GMT+8.
        let at = Some(1_767_578_400_000);
        assert_eq!(return_time("2026-01-05 10:00:00"), at);
        assert_eq!(return_time("20260105100000"), at);
        for other in ["1767578400000", "2026-01-05T10:00:00", "2026010510000", "20260105", ""] {
            assert_eq!(return_time(other), None, "{other}");
        }
    }
}
