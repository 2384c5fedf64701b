//! Refunds that cannot run yet: how that is arranged, and how it is judged.

use cucumber::{given, then, when};
use evidence::words as say;
use protocol::ams::Status;
use protocol::{DAY, GMT8, iso8601, parse_time};
use serde_json::json;

use crate::parameters::{Price, words};
use crate::seen::Exchange;
use crate::standing::refund_changed;
use crate::wants::{refunds, want_credits};
use crate::{Finding, Seen, Stage};

const HOUR: i64 = 3_600_000;
/// Until when refunds at once rest, after midnight in Beijing.
const REST_ENDS: i64 = 90 * 60_000;

words! {
    /// Why a refund cannot run yet.
    Obstacle "obstacle" "the settlement balance is too low, and is filled up after an hour|it is 00:30 Beijing time, when refunds at once rest" {
        Balance = "the settlement balance is too low, and is filled up after an hour",
        Night = "it is 00:30 Beijing time, when refunds at once rest",
    }
}

#[given(expr = "{obstacle}")]
async fn cannot_run(stage: &mut Stage, obstacle: Obstacle) {
    let Some(live) = stage.live() else { return };
    match obstacle {
        Obstacle::Balance => {
            let code = "MERCHANT_BALANCE_NOT_ENOUGH";
            let until = live.clock.now() + HOUR;
            let rule = json!({ "api": "refund", "code": code, "status": "F", "until": until });
            live.rule(rule).await;
        }
        Obstacle::Night => {
            live.set_switch("L13", "night-windows").await;
            if let Some(night) = parse_time("2026-01-06T00:30:00+08:00") {
                live.pass(night - live.clock.now()).await;
            }
        }
    }
}

#[when(expr = "the merchant refunds {price}, and hours pass until it can run")]
async fn refunds_later(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    if live.needs_time_of_the_merchant(5 * HOUR) {
        return;
    }
    live.refund(price.0).await;
    live.pass(5 * HOUR).await;
}

/// How long after midnight in Beijing a moment is.
fn of_day(at: i64) -> i64 {
    (at + GMT8).rem_euclid(DAY)
}

/// Whether a call was refused because refunds at once rest.
fn met_rest(call: &Exchange) -> bool {
    call.told().is_some_and(|(_, code)| code == "EXTERFACE_IS_CLOSED")
}

#[then(
    expr = "the refund that could not run comes again unchanged, and not while refunds at once rest"
)]
async fn comes_again(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let calls = refunds(seen, &mut finding);
            let Some((first, again)) = calls.split_first() else { return finding };
            for call in again {
                if let Some(field) = refund_changed(first, call) {
                    let changed = say::REFUND_CHANGED.with([field]);
                    finding.fail_for_good(say::REFUND_UNCHANGED.plain(), changed);
                }
                let time = iso8601(call.began()).chars().skip(11).take(8).collect::<String>();
                finding.want_for_good(
                    !met_rest(first) || of_day(call.began()) >= REST_ENDS,
                    say::REFUND_NOT_BEFORE.with(["01:30:00"]),
                    say::REFUND_WENT_OUT.with([time]),
                );
            }
            finding.want(
                !again.is_empty() || first.told().is_none_or(|(status, _)| status == Status::S),
                say::REFUND_UNCHANGED.plain(),
                say::NEXT_CALL_NONE.plain(),
            );
            finding
        })
        .await;
}

/// From when on the refund can run.
fn runs_from(seen: &Seen) -> Option<i64> {
    let short = seen.arranged.iter().find(|act| act.what == "answer-on-demand");
    if let Some(short) = short {
        return short.facts.get("until")?.as_i64();
    }
    let first =
        seen.calls_of(protocol::ams::Api::Refund).into_iter().find(|call| met_rest(call))?;
    Some(first.began() - of_day(first.began()) + REST_ENDS)
}

#[then(expr = "nothing is given back before the refund can run, and then {price}, once")]
async fn back_in_time(stage: &mut Stage, price: Price) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let credits = seen.wallet.iter().flat_map(|wallet| &wallet.credits);
            for credit in credits {
                let early = runs_from(seen).map_or(0, |from| from - credit.at);
                finding.want(
                    early <= 0,
                    say::GIVEN_BACK_NOT_BEFORE.plain(),
                    say::GIVEN_BACK_BEFORE.with([early / 1_000]),
                );
            }
            want_credits(&mut finding, seen, &[price.0]);
            finding
        })
        .await;
}
