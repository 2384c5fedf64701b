//! Refunds that are accepted first and executed later: how they are arranged, forged and judged.

use cucumber::{given, then, when};
use evidence::words as say;
use evidence::{Blob, RefundState, Way};
use protocol::DAY;
use protocol::ams::{Api, RefundStatus, Verified};
use protocol::legacy::{ACK, Form};
use protocol::{Day, GMT8};
use serde_json::json;
use witness::{Effect, Match};

use super::parameters::Unproved;
use crate::contract::Contract;
use crate::errand::Errand;
use crate::legacy::want_parameter;
use crate::live::{Live, Mood};
use crate::parameters::Price;
use crate::product::Means;
use crate::sale::GOODS;
use crate::wants::refunds;
use crate::{Finding, Seen, Stage};

const HOUR: i64 = 3_600_000;
/// When a forged notice comes, after the refund was asked for.
const MEANWHILE: i64 = 15_000;
/// Longer than any case lasts.
const FOR_EVER: i64 = 90 * DAY;

#[given(
    expr = "an order of {price} was paid the day before, and such refunds are executed by night alone"
)]
async fn paid_the_day_before(stage: &mut Stage, price: Price) {
    let Some(live) = stage.live() else { return };
    live.set_switch("L13", "night-windows").await;
    live.buyer(Mood::Pays, "pays at once");
    live.sell(price.0, GOODS).await;
    live.settle().await;
    live.pass(DAY).await;
}

#[given(
    expr = "refunds stay open: in shops they are accepted and left pending, on websites lost on their way"
)]
async fn stay_open(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    match live.product.means() {
        Means::WalletPage => {
            live.plant("refund-lost", Match::every(Api::Refund), Effect::LoseCall);
        }
        Means::ScannedCode | Means::ShownCode | Means::EntryPage => {
            live.refunds_take(FOR_EVER, "success").await;
        }
    }
}

#[when(
    expr = "the merchant refunds {price}, and the witness sends a notice of the refund's success meanwhile, {unproved-refund}"
)]
async fn forged_notice(stage: &mut Stage, price: Price, unproved: Unproved) {
    let Some(live) = stage.live() else { return };
    live.refund(price.0).await;
    live.pass(MEANWHILE).await;
    // A shop may write slips down first and send them when it comes to it.
    live.until(|live| !live.so_far().calls_of(Api::Refund).is_empty()).await;
    if let Some(blob) = live.forged_refund_notice(unproved) {
        live.hand_over_as_witness(Errand::ForgedRefund, Way::Notice, blob).await;
        live.pass(1_000).await;
    }
}

impl Live {
    /// Puts a switch of the gateway into a position.
    pub(super) async fn set_switch(&mut self, switch: &str, position: &str) {
        let settings = json!({ "switches": { switch: position } });
        self.arrange("settings", "settings", settings).await;
    }

    /// A notice of the success of the merchant's refund that the gateway did not send.
    fn forged_refund_notice(&self, unproved: Unproved) -> Option<Blob> {
        let Contract::Legacy(contract) = &self.contract else { return None };
        let seen = self.so_far();
        let refund = seen.calls_of(Api::Refund).into_iter().next()?;
        let amount = refund.refund_amount()?;
        let mut form = Form::new(contract.charset);
        let fields = [
            ("out_trade_no", refund.request_id()?),
            ("out_return_no", refund.refund_id()?),
            ("return_amount", amount.to_major()),
            ("currency", amount.currency.code().to_owned()),
            ("refund_status", "REFUND_SUCCESS".to_owned()),
            ("notify_type", "refund_status_sync".to_owned()),
            ("notify_id", "20260105-nobody-sent-this".to_owned()),
            ("notify_time", crate::legacy::date_text(self.clock.now())),
        ];
        for (name, value) in fields {
            form.set(name, value);
        }
        if unproved == Unproved::Stranger {
            form.sign(&contract.signing.stranger()?).ok()?;
        }
        let body = form.write().ok()?;
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: merchant.assay.test\r\n\
             content-type: application/x-www-form-urlencoded;charset={}\r\n\
             content-length: {}\r\n\r\n",
            self.notify_target(),
            contract.charset.name(),
            body.len(),
        );
        Some(Blob { head: head.into_bytes(), body })
    }
}

#[then(expr = "the refund asks to be executed later, and names an address for the notice")]
async fn asks_for_later(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for refund in refunds(seen, &mut finding) {
                let sync = refund.parameter("is_sync").unwrap_or("—");
                finding.want_for_good(
                    refund.is_executed_later(),
                    say::FIELD_IS_ONE_OF.with(["is_sync", "N, —"]),
                    say::FIELD_IS.with(["is_sync", sync]),
                );
                want_parameter(&mut finding, refund, "notify_url", "text", |url| {
                    url.starts_with("http")
                });
            }
            finding
        })
        .await;
}

fn hour_of(at: i64) -> i64 {
    (at + GMT8).rem_euclid(DAY) / HOUR
}

#[then(
    expr = "a notice tells the end of the refund, which for the payment of an earlier day is executed between 23:00 and 05:00 Beijing time"
)]
async fn executed_and_told(stage: &mut Stage) {
    stage.judge(executed).await;
}

fn executed(seen: &Seen) -> Finding {
    let mut finding = Finding::new();
    let Some(wallet) = &seen.wallet else {
        finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
        return finding;
    };
    let asked = refunds(seen, &mut finding).first().map_or(0, |refund| refund.began());
    let earlier = wallet.debits.first().is_some_and(|debit| Day::of(debit.at) < Day::of(asked));
    for credit in wallet.credits.iter().filter(|_| earlier) {
        let hour = hour_of(credit.at);
        finding.want(
            !(5..23).contains(&hour),
            say::REFUND_EXECUTED.with(["23:00–05:00"]),
            say::REFUND_EXECUTED.with([format!("{hour}:00")]),
        );
    }
    let told = seen.notices().find(|notice| {
        let genuine = notice.sent.as_ref().is_some_and(|it| it.verified == Some(Verified::Valid));
        genuine && notice.asked("refundStatus").as_deref() == Some(RefundStatus::Success.name())
    });
    finding.shown_by(told.map(crate::seen::Exchange::line));
    finding.want(told.is_some(), say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
    finding
}

#[then(expr = "the refund is never shown as refunded")]
async fn never_refunded(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for reading in seen.readings_of(seen.order().unwrap_or_default()) {
                let done = |it: &&evidence::RefundView| it.state == RefundState::Refunded;
                if let Some(refund) = reading.view.refunds.iter().find(done) {
                    finding.shown_by([reading.line]);
                    let told = [refund.slip.as_str(), RefundState::Refunded.name()];
                    finding
                        .fail_for_good(say::SLIP_PROVED.with(told), say::SLIP_UNPROVED.with(told));
                }
            }
            finding
        })
        .await;
}

#[then(expr = "the forged notice is not answered success")]
async fn not_acknowledged(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let planted = seen.planted_notices();
            if planted.is_empty() {
                finding.cannot_judge(say::NOTICE_NONE.plain());
            }
            for answer in planted.iter().filter_map(|notice| notice.answer_sent.as_ref()) {
                finding.shown_by([answer.line]);
                let took = answer.blob.body.trim_ascii() == ACK.as_bytes();
                finding.want_for_good(
                    !took,
                    say::ACK_NOT_WANTED.plain(),
                    say::ACK_WAS_SUCCESS.plain(),
                );
            }
            finding
        })
        .await;
}
