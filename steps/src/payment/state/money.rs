//! Checks of what the wallet was debited with, and of what it got back.

use cucumber::then;
use evidence::words as say;
use protocol::ams::{PaymentStatus, Status};
use serde_json::Value;

use crate::payment::content::cancelled_at_gateway;
use crate::payment::parameters::Taking;
use crate::seen::Act;
use crate::wants::{
    first_pay, ids, price, want_closing, want_debits, want_debits_at_most_one, want_given_back,
    want_paid, want_refusal, want_result,
};
use crate::{Finding, Stage};

#[then(expr = "the gateway {taking} the code")]
async fn takes_code(stage: &mut Stage, taking: Taking) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let wanted = match taking {
                Taking::Takes => {
                    want_result(&mut finding, pay, "pay", Status::S, &[]);
                    price(seen)
                }
                Taking::Refuses => {
                    want_refusal(&mut finding, pay, "pay", &["INVALID_PAYMENT_CODE"]);
                    vec![]
                }
            };
            want_debits(&mut finding, seen, &wanted);
            finding
        })
        .await;
}

#[then(expr = "the wallet is debited at most once")]
async fn debited_at_most_once(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits_at_most_one(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the wallet is debited once")]
async fn debited_once(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            finding
        })
        .await;
}

#[then(expr = "nothing is debited")]
async fn nothing_debited(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &[]);
            finding
        })
        .await;
}

#[then(
    expr = "the cancel succeeds, the whole debit goes back once, and the inquiry says CANCELLED"
)]
async fn cancel_gives_back(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = cancelled_at_gateway(seen);
            want_debits(&mut finding, seen, &price(seen));
            want_given_back(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the wallet is debited exactly once, by the second try")]
#[then(expr = "the order is paid by the new try only")]
async fn debited_by_last_try(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            let last = ids(seen).pop().unwrap_or_default();
            want_closing(&mut finding, seen, &last, PaymentStatus::Success);
            let by_last = seen.debits(&last).len();
            finding.want(
                by_last == 1,
                say::DEBITED_TIMES.with([1]),
                say::DEBITED_TIMES.with([by_last]),
            );
            want_paid(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the wallet is debited once, and not before the buyer confirms")]
async fn debited_after_confirmation(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_debits(&mut finding, seen, &price(seen));
            let comes = ["buyer-scans", "buyer-opens"];
            let came = seen.acts.iter().find(|act| comes.contains(&act.what.as_str()));
            // A person tells it when it is done.
            let asked = |act: &Act| act.facts.get("asked").and_then(Value::as_i64);
            let came = came.map(|act| asked(act).unwrap_or(act.at));
            let early = seen.wallet.iter().flat_map(|statement| &statement.debits);
            let early = early.filter(|debit| came.is_none_or(|came| debit.at <= came)).count();
            finding.want(
                early == 0,
                say::DEBITED_NOT_BEFORE.plain(),
                say::DEBITED_TIMES.with([early]),
            );
            finding
        })
        .await;
}
