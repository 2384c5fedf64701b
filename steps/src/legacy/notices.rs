//! Notifications that the case itself plants, and checks of how the merchant takes them.

use cucumber::{given, then, when};
use evidence::words as say;
use evidence::{Blob, OrderState, Way};
use protocol::ams::Api;
use protocol::iso8601;
use protocol::legacy::Form;
use serde_json::{Map, Value, json};
use signing::SharedKey;
use witness::{Effect, Match, Rewrite, with_body};

use super::{names_of, want_parameter};
use crate::contract::Contract;
use crate::errand::{Errand, ON_DEMAND};
use crate::live::Live;
use crate::parameters::words;
use crate::payment::{StrangeNotice, bodies, want_waiting_after, with_status};
use crate::product::Means;
use crate::seen::Exchange;
use crate::wants::{
    end, ids, planted, want_ack, want_booked_once, want_never_paid, want_none_created,
};
use crate::{Finding, Seen, Stage};

/// What stands in the bodies of notices that a payment ended.
const ENDED: &str = "trade_status=TRADE_";
/// How much later a real clock may show what a merchant did before it answered, in milliseconds.
const LATE: i64 = 500;
const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;

words! {
    /// How the form of a notice is forged.
    ForgedForm "forged-form" "signed with a stranger's key|without a sign|with an empty sign|signed as MD5 with an empty key" {
        Stranger = "signed with a stranger's key",
        Unsigned = "without a sign",
        Empty = "with an empty sign",
        Downgraded = "signed as MD5 with an empty key",
    }
}

words! {
    /// What comes in place of an acknowledgement.
    SpoiltWord "spoilt-word" "fail|HTTP 500|nothing" {
        Fail = "fail", Http500 = "HTTP 500", Nothing = "nothing",
    }
}

#[given(expr = "the sign of each notification is percent-encoded")]
fn sign_as_usual(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        live.arranged("sign", json!({ "plus": "%2B" }));
    }
}

#[given(expr = "the + of each sign arrives as a blank")]
fn plus_as_blank(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let blank = Rewrite::new(|notice| {
            let text = String::from_utf8_lossy(&notice.body).into_owned();
            let pieces = text.split('&').map(|piece| match piece.strip_prefix("sign=") {
                Some(sign) => format!("sign={}", sign.replace("%2B", "+")),
                None => piece.to_owned(),
            });
            with_body(notice, pieces.collect::<Vec<_>>().join("&").into_bytes())
        });
        live.plant("blank-for-plus", Match::notices(), Effect::ReplaceCall(blank));
    }
}

#[given(expr = "the first seven acknowledgements of the payment arrive as {spoilt-word}")]
fn seven_spoilt(stage: &mut Stage, spoilt: SpoiltWord) {
    if let Some(live) = stage.live() {
        let effect = match spoilt {
            SpoiltWord::Fail => Effect::ReplaceAnswer(bodies(b"fail")),
            SpoiltWord::Http500 => Effect::ReplaceAnswer(with_status("200 OK", "500 Oh")),
            SpoiltWord::Nothing => Effect::LoseAnswer,
        };
        live.plant("ack-spoilt", Match::notices().telling(ENDED).up_to(7), effect);
    }
}

#[when(
    expr = "the witness sends a notice of success while the order waits, in a form {forged-form}"
)]
async fn forged_form(stage: &mut Stage, forged: ForgedForm) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.while_it_waits().await else { return };
    let Some(notice) = live.forged_notice(&order, forged) else { return };
    live.hand_over_as_witness(Errand::ForgedNotice, Way::Notice, notice).await;
    live.pass(500).await;
}

#[when(expr = "the witness delivers it once more an hour later")]
async fn an_hour_later(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    // A merchant of its own time sees nothing of an hour that is jumped over: where nobody jumps, a
    // minute does as well.
    live.pass(if live.control.is_there() { HOUR } else { MINUTE }).await;
    let first = live.so_far().payment_notice().and_then(|notice| notice.sent.clone());
    let Some(notice) = first else { return };
    live.hand_over_as_witness(Errand::DeliverLater, Way::Notice, notice.blob).await;
}

#[when(expr = "the gateway sends a notification of TRADE_FINISHED with a new notify_id")]
async fn finished_after_refund(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.settle().await;
    let Some(order) = live.so_far().order().map(str::to_owned) else { return };
    let Some(mut fields) = live.success_fields(&order) else { return };
    fields.insert("trade_status".into(), json!("TRADE_FINISHED"));
    if live.product.means() != Means::WalletPage {
        fields.insert("notify_action_type".into(), json!("finishFPAction"));
    }
    live.gateway_sends_form(fields).await;
    live.pass(5_000).await;
}

/// The trade number of a payment, as the gateway told it; one made up where it has not.
fn trade_of(seen: &Seen, number: &str) -> String {
    let told = seen.told().filter(|told| told.request_id().as_deref() == Some(number));
    let mut told = told.filter_map(|told| told.asked("paymentId"));
    told.next().unwrap_or_else(|| "2026010521001004000100000001".to_owned())
}

impl Live {
    /// What a notice of the gateway says that would settle an order.
    fn success_fields(&self, order: &str) -> Option<Map<String, Value>> {
        let seen = self.so_far();
        let pay = seen.pays_for(order).pop()?;
        let number = pay.request_id()?;
        let text = |name: &str| pay.parameter(name).unwrap_or_default().to_owned();
        let trade = trade_of(&seen, &number);
        let mut fields = Map::new();
        let mut put = |name: &str, value: String| fields.insert(name.to_owned(), json!(value));
        put("notify_type", "trade_status_sync".into());
        put("notify_id", format!("{:032x}", self.witness.number()));
        put("out_trade_no", number);
        put("trade_no", trade);
        let names = names_of(self.product);
        put("total_fee", text(names.amount));
        if self.product.means() == Means::WalletPage {
            put("currency", text("currency"));
            put("trade_status", "TRADE_FINISHED".into());
        } else {
            let paid_in = ["trans_currency", "currency"].map(text);
            put("currency", paid_in.into_iter().find(|it| !it.is_empty()).unwrap_or_default());
            put("notify_action_type", "payByAccountAction".into());
            put("subject", text(names.thing));
            put("trade_status", "TRADE_SUCCESS".into());
        }
        Some(fields)
    }

    /// A whole notice that the gateway did not send.
    fn forged_notice(&self, order: &str, forged: ForgedForm) -> Option<Blob> {
        let Contract::Legacy(contract) = &self.contract else { return None };
        let mut form = Form::new(contract.charset);
        let time = iso8601(self.clock.now());
        let time: String = time.chars().take(19).collect();
        form.set("notify_time", time.replace('T', " "));
        for (name, value) in self.success_fields(order)? {
            form.set(&name, value.as_str().unwrap_or_default());
        }
        let declared = contract.signing.signer().sign_type().name();
        match forged {
            ForgedForm::Stranger => form.sign(&contract.signing.stranger()?).ok()?,
            ForgedForm::Unsigned => form.set("sign_type", declared),
            ForgedForm::Empty => {
                form.set("sign_type", declared);
                form.set("sign", "");
            }
            ForgedForm::Downgraded => {
                form.sign(&protocol::legacy::Signer::Md5(SharedKey::empty())).ok()?;
            }
        }
        let body = form.write().ok()?;
        let target = self.notify_target();
        let head = format!(
            "POST {target} HTTP/1.1\r\nhost: merchant.assay.test\r\n\
             content-type: application/x-www-form-urlencoded; charset={}\r\n\
             content-length: {}\r\n\r\n",
            contract.charset.name(),
            body.len(),
        );
        Some(Blob { head: head.into_bytes(), body })
    }

    /// Lets the gateway sign and send a notice about an order that says something strange.
    pub(crate) async fn strange_form(&mut self, order: &str, strange: StrangeNotice) {
        let Some(mut fields) = self.success_fields(order) else { return };
        match strange {
            StrangeNotice::Less => fields.insert("total_fee".into(), json!("0.01")),
            StrangeNotice::More => fields.insert("total_fee".into(), json!("1231.00")),
            StrangeNotice::Currency => fields.insert("currency".into(), json!("HKD")),
            StrangeNotice::Type => fields.insert("notify_type".into(), json!("strange_sync")),
            StrangeNotice::NoResult => fields.remove("trade_status"),
            StrangeNotice::UnknownId => fields.insert("out_trade_no".into(), json!(self.nobody())),
        };
        self.gateway_sends_form(fields).await;
    }

    async fn gateway_sends_form(&mut self, mut fields: Map<String, Value>) {
        let Contract::Legacy(contract) = &self.contract else { return };
        let sign_type = contract.signing.signer().sign_type().name();
        fields.insert("sign_type".into(), json!(sign_type));
        let url = self.so_far().contract("notify_url").unwrap_or_default().to_owned();
        let id = fields.get("notify_id").cloned();
        self.did(ON_DEMAND, json!({ "notify_id": id }));
        let answer = self.control.post("notices", &json!({ "url": url, "body": fields })).await;
        self.sure(answer);
        self.pass(500).await;
    }
}

#[then(expr = "the order is already paid when the notification of the payment is answered")]
async fn paid_before_ack(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(notice) = seen.payment_notice() else {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
                return finding;
            };
            finding.shown_by(notice.lines());
            let order = seen.order().unwrap_or_default();
            let answered = notice.answer_sent.as_ref().map_or(i64::MAX, |answer| answer.at);
            let paid = seen.first_in(order, OrderState::Paid);
            let wanted = say::ORDER_IS.with([order, "paid"]);
            let was = say::ORDER_IS.with([order, "waiting"]);
            finding.want(paid.is_some_and(|it| it.at <= answered + LATE), wanted, was);
            finding
        })
        .await;
}

#[then(expr = "the notification has notify_id, notify_time, notify_type, sign_type and sign")]
async fn common_fields(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let ids = ids(seen);
            let ours = |notice: &&Exchange| notice.request_id().is_some_and(|id| ids.contains(&id));
            let notices: Vec<_> = seen.notices().filter(ours).collect();
            if notices.is_empty() {
                finding.fail(say::NOTICE_SEEN.with([1]), say::NOTICE_NONE.plain());
            }
            for notice in notices {
                finding.shown_by(notice.lines());
                for name in ["notify_id", "notify_time", "notify_type", "sign_type", "sign"] {
                    want_parameter(&mut finding, notice, name, "text", |text| !text.is_empty());
                }
            }
            finding
        })
        .await;
}

#[then(expr = "the order still waits after the forged one")]
async fn waits_after_it(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_waiting_after(&mut finding, seen, &[OrderState::Waiting]);
            finding
        })
        .await;
}

#[then(expr = "no order is booked as paid, and none is created")]
async fn nothing_booked(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_never_paid(&mut finding, seen, 0, u32::MAX);
            want_none_created(&mut finding, seen);
            finding
        })
        .await;
}

#[then(expr = "the order is booked once, and each try is answered success")]
async fn each_try_answered(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_booked_once(&mut finding, seen, None);
            for notice in seen.notices().filter(|notice| notice.received.is_some()) {
                want_ack(&mut finding, notice);
            }
            finding
        })
        .await;
}

#[then(expr = "the order stays refunded, and nothing is booked anew")]
async fn stays_refunded(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            want_booked_once(&mut finding, seen, None);
            let Some(end) = end(seen, &mut finding) else { return finding };
            let view = &end.view;
            let back = view.refunded.map_or_else(|| "—".to_owned(), |back| back.to_string());
            let price = seen.price_of(&view.order);
            finding.want(
                view.refunded == price,
                say::ORDER_REFUNDED
                    .with([&view.order, &price.map_or_else(String::new, |it| it.to_string())]),
                say::ORDER_REFUNDED.with([&view.order, &back]),
            );
            let refunds = seen.calls_of(Api::Refund).len();
            finding.want(
                refunds >= 1,
                say::CALL_SEEN.with(["refund"]),
                say::CALL_NOT_SEEN.with(["refund"]),
            );
            finding
        })
        .await;
}

#[then(expr = "the notification of TRADE_FINISHED is answered success")]
async fn finished_is_acked(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for notice in planted(seen, &mut finding) {
                want_ack(&mut finding, notice);
            }
            finding
        })
        .await;
}
