//! Checks of a payment that the buyer's browser is sent to, over gateway.do.

use cucumber::then;
use evidence::words as say;
use evidence::{OrderState, Way};
use protocol::ams::Api;
use protocol::legacy::{DEFAULT_TIMEOUT, Service, timeout_rule};
use serde_json::Value;

use super::content::{three_capitals, want_trade};
use super::{trade_status, want_parameter, want_value};
use crate::seen::Exchange;
use crate::wants::{
    first_pay, four_digits, ids, price, want_closing, want_debits, want_end, want_never_paid,
};
use crate::{Finding, Seen, Stage};

const MINUTE: i64 = 60_000;

/// How long an order may wait.
pub(super) fn limit_of(pay: &Exchange) -> Option<i64> {
    let Some(told) = pay.parameter("timeout_rule") else { return Some(DEFAULT_TIMEOUT) };
    timeout_rule(told)
}

#[then(expr = "the redirect has every parameter that a website payment needs")]
async fn redirect_parameters(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let sale = seen.order().and_then(|order| seen.sale_of(order));
            let phone = sale.and_then(|sale| sale.text("device")) == Some("wap");
            let (service, product) = if phone {
                (Service::CreateForexTradeWap, "NEW_WAP_OVERSEAS_SELLER")
            } else {
                (Service::CreateForexTrade, "NEW_OVERSEAS_SELLER")
            };
            let text = |text: &str| !text.trim().is_empty();
            let address = |text: &str| text.starts_with("http");
            want_value(&mut finding, pay, "service", service.name());
            want_value(&mut finding, pay, "product_code", product);
            want_parameter(&mut finding, pay, "out_trade_no", "up-to-64", |id| {
                (1..=64).contains(&id.chars().count())
            });
            want_parameter(&mut finding, pay, "subject", "text", text);
            want_parameter(&mut finding, pay, "currency", "currency", three_capitals);
            want_one_fee(&mut finding, seen, pay);
            for name in ["notify_url", "return_url", "refer_url"] {
                want_parameter(&mut finding, pay, name, "web-address", address);
            }
            for name in ["secondary_merchant_id", "secondary_merchant_name"] {
                want_parameter(&mut finding, pay, name, "text", text);
            }
            let name = "secondary_merchant_industry";
            want_parameter(&mut finding, pay, name, "four-digits", four_digits);
            finding
        })
        .await;
}

/// "Exactly one of `total_fee`, `rmb_fee`"; the first is the order's price.
fn want_one_fee(finding: &mut Finding, seen: &Seen, pay: &Exchange) {
    let fees = ["total_fee", "rmb_fee"].map(|name| pay.parameter(name));
    let told = fees.iter().flatten().count();
    let names = "total_fee / rmb_fee";
    let was = say::FIELD_IS.with([names, &fees.map(|fee| fee.unwrap_or("—")).join(" / ")]);
    finding.want_for_good(told == 1, say::FIELD_MATCHES.with([names, "one-fee"]), was);
    let price = seen.sale_behind(pay).and_then(crate::seen::Act::amount);
    if let (Some(price), [Some(_), _]) = (price, fees) {
        want_value(finding, pay, "total_fee", &price.to_major());
        want_value(finding, pay, "currency", price.currency.code());
    }
}

#[then(
    expr = "the redirect ends at a cashier page, and return and notification say TRADE_FINISHED with number and amount"
)]
async fn page_return_notice(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let answer = pay.answer_sent.as_ref();
            let kind = answer.and_then(|answer| answer.header("content-type")).unwrap_or_default();
            let status = answer.and_then(|answer| answer.status).unwrap_or_default();
            let page = status == 200 && kind.starts_with("text/html");
            // A gateway of its own may have its cashier at another address, and lead there.
            let leads_on = seen.is_without_control() && (300..400).contains(&status);
            let leads_on = leads_on && answer.is_some_and(|it| it.header("location").is_some());
            finding.want(
                page || leads_on,
                say::FIELD_MATCHES.with(["content-type", "cashier-page"]),
                say::FIELD_IS.with(["content-type", &format!("{status} {kind}")]),
            );
            let id = pay.request_id();
            for browser in [true, false] {
                let mut told = seen.told().filter(|told| told.request_id() == id);
                let Some(told) = told.find(|told| told.is_return() == browser) else {
                    finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
                    continue;
                };
                finding.shown_by(told.lines());
                for name in ["out_trade_no", "total_fee", "currency"] {
                    if let Some(called) = pay.parameter(name) {
                        want_value(&mut finding, told, name, called);
                    }
                }
                want_parameter(&mut finding, told, "trade_no", "text", |text| !text.is_empty());
                want_value(&mut finding, told, "trade_status", "TRADE_FINISHED");
            }
            finding
        })
        .await;
}

#[then(expr = "single_trade_query says TRADE_FINISHED, with one charge")]
async fn finished_once(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_trade(&mut finding, seen, "TRADE_FINISHED");
            want_debits(&mut finding, seen, &price(seen));
            finding
        })
        .await;
}

#[then(expr = "the notification is sent although the browser never went back")]
async fn told_without_return(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let ids = ids(seen);
            let ours = |notice: &&Exchange| notice.request_id().is_some_and(|id| ids.contains(&id));
            let sent = seen.notices().find(ours);
            match sent {
                Some(notice) => finding.shown_by(notice.lines()),
                None => finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain()),
            }
            // Whose browser comes back all the same has not shown what the case is about.
            let closed = seen.arranged.iter().any(|act| act.what == "browser-closed");
            if let Some(back) = seen.returns().find(ours).filter(|_| closed) {
                finding.shown_by(back.lines());
                finding.cannot_judge(say::BUYER_CAME_BACK.plain());
            }
            finding
        })
        .await;
}

#[then(expr = "the forged return does not make the order paid")]
async fn forged_return_proves_nothing(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let planted =
                seen.exchanges.iter().find(|told| told.is_return() && told.sent.is_none());
            match planted {
                Some(told) => finding.shown_by(told.lines()),
                None => finding.cannot_judge(say::CANNOT_JUDGE.plain()),
            }
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            want_end(&mut finding, seen, &[OrderState::Failed, OrderState::Cancelled]);
            finding
        })
        .await;
}

/// When the buyer logged in at the cashier, so that there is a trade.
fn login(seen: &Seen) -> Option<u32> {
    seen.acts_of("buyer-logs-in").first().map(|act| act.line)
}

/// The queries about the order that the gateway answered, of the merchant and of the runner.
fn queries(seen: &Seen) -> Vec<&Exchange> {
    let ids = ids(seen);
    let ours = |call: &&Exchange| call.request_id().is_some_and(|id| ids.contains(&id));
    let asked = |call: &&Exchange| call.way == Way::Call && call.api == Some(Api::InquiryPayment);
    seen.at_gateway().filter(asked).filter(ours).collect()
}

/// When the time of the order is over.
fn limit(seen: &Seen, finding: &mut Finding) -> Option<i64> {
    let pay = first_pay(seen, finding)?;
    let act = seen.acts_of("time-runs-out").into_iter().next();
    let waited = act.and_then(|act| act.facts.get("until")).and_then(Value::as_i64);
    if waited.is_some() {
        return waited;
    }
    Some(pay.began() + limit_of(pay).unwrap_or(DEFAULT_TIMEOUT))
}

/// Wants the answer to a query to tell a state, or that there is no trade.
fn want_state(finding: &mut Finding, query: &Exchange, wanted: Option<&str>) {
    let Some(answer) = &query.answer_sent else { return };
    finding.shown_by([answer.line]);
    let none = answer.knows_no_order();
    let told = trade_status(answer);
    let holds = match wanted {
        Some(_) => told == wanted,
        None => none,
    };
    let was = told.map_or_else(
        || if none { say::INQUIRY_SAYS.with([NO_TRADE]) } else { say::INQUIRY_SILENT.plain() },
        |told| say::INQUIRY_SAYS.with([told]),
    );
    finding.want(holds, say::INQUIRY_SAYS.with([wanted.unwrap_or(NO_TRADE)]), was);
}

/// What a query of nothing says.
const NO_TRADE: &str = "TRADE_NOT_EXIST";

#[then(
    expr = "queries say that there is no trade before the login, and WAIT_BUYER_PAY from then to the limit"
)]
async fn no_trade_before_login(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(limit) = limit(seen, &mut finding) else { return finding };
            let login = login(seen);
            let early = queries(seen).into_iter().filter(|query| query.began() < limit);
            let mut count = 0;
            for query in early {
                count += 1;
                let there = login.is_some_and(|line| line < query.line());
                want_state(&mut finding, query, there.then_some("WAIT_BUYER_PAY"));
            }
            let name = Service::SingleTradeQuery.name();
            finding.want(count > 0, say::CALL_SEEN.with([name]), say::CALL_NOT_SEEN.with([name]));
            finding
        })
        .await;
}

#[then(expr = "once the limit has passed they say TRADE_CLOSED, where there is a trade")]
async fn closed_at_the_limit(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(limit) = limit(seen, &mut finding) else { return finding };
            let there = login(seen).is_some();
            let late = queries(seen).into_iter().filter(|query| query.began() > limit + MINUTE);
            for query in late {
                want_state(&mut finding, query, there.then_some("TRADE_CLOSED"));
            }
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(expr = "the order waits until the limit and is never paid, then it is failed or cancelled")]
async fn waits_until_the_limit(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(limit) = limit(seen, &mut finding) else { return finding };
            let order = seen.order().unwrap_or_default();
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            let waiting = OrderState::Waiting;
            let early = seen.readings_of(order).into_iter().filter(|reading| reading.at < limit);
            for reading in early {
                finding.shown_by([reading.line]);
                finding.want(
                    reading.view.till == waiting,
                    say::ORDER_IS.with([order, waiting.name()]),
                    say::ORDER_IS.with([order, reading.view.till.name()]),
                );
            }
            want_end(&mut finding, seen, &[OrderState::Failed, OrderState::Cancelled]);
            finding
        })
        .await;
}

#[then(expr = "timeout_rule, if sent, is one of the documented ones")]
async fn documented_limit(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            if pay.parameter("timeout_rule").is_some() {
                want_parameter(&mut finding, pay, "timeout_rule", "timeout-rule", |told| {
                    timeout_rule(told).is_some()
                });
            }
            finding
        })
        .await;
}

#[then(
    expr = "further redirects are the first one unchanged, or a new number after the first is closed"
)]
async fn redirects_unchanged(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(first) = first_pay(seen, &mut finding) else { return finding };
            let order = seen.order().unwrap_or_default();
            for again in seen.pays_for(order).into_iter().skip(1) {
                let closed = first.request_id().is_some_and(|id| {
                    let about = queries(seen).into_iter();
                    let mut about = about.filter(|query| query.line() < again.line());
                    about.any(|query| {
                        query.request_id().as_deref() == Some(&id)
                            && query.answer_sent.as_ref().and_then(trade_status)
                                == Some("TRADE_CLOSED")
                    })
                });
                let Some(changed) = first.changed_parameter(again).filter(|_| !closed) else {
                    continue;
                };
                finding.shown_by(again.lines());
                let (was, is) = (first.parameter(&changed), again.parameter(&changed));
                finding.fail_for_good(
                    say::FIELD_IS.with([changed.as_str(), was.unwrap_or("—")]),
                    say::FIELD_IS.with([changed.as_str(), is.unwrap_or("—")]),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the payment goes on: one trade, one charge")]
async fn one_trade(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let ids = ids(seen);
            let ours = |id: Option<String>| id.is_some_and(|id| ids.contains(&id));
            let answers = queries(seen).into_iter().filter_map(|query| query.answer_sent.as_ref());
            let asked = answers.filter_map(|it| Some((it.line, it.text("paymentId")?)));
            let told = seen.told().filter(|told| ours(told.request_id()));
            let told = told.filter_map(|it| Some((it.line(), it.asked("paymentId")?)));
            let mut trades: Vec<(u32, String)> = asked.chain(told).collect();
            trades.sort();
            if let Some((_, first)) = trades.first()
                && let Some((line, other)) = trades.iter().find(|(_, trade)| trade != first)
            {
                finding.shown_by([*line]);
                finding.fail(
                    say::FIELD_IS.with(["trade_no", first]),
                    say::FIELD_IS.with(["trade_no", other]),
                );
            }
            want_debits(&mut finding, seen, &price(seen));
            if let Some(id) = ids.last() {
                want_closing(&mut finding, seen, id, protocol::ams::PaymentStatus::Success);
            }
            finding
        })
        .await;
}
