//! Notices that the case itself plants: forged, strange, repeated or late.

use cucumber::when;
use evidence::{Blob, Way};
use protocol::ams::{Outcome, Signed};
use protocol::{Generation, iso8601};
use serde_json::{Value, json};
use witness::with_body;

use super::alter::{set, stranger, with_header};
use super::parameters::{ForgedNotice, StrangeNotice};
use crate::Stage;
use crate::errand::{Errand, ON_DEMAND};
use crate::live::Live;
use crate::product::Means;

#[when(expr = "the witness sends a notice of success while the order waits, {forged-notice}")]
async fn forged_notice(stage: &mut Stage, forged: ForgedNotice) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.while_it_waits().await else { return };
    let Some(body) = live.success_body(&order) else { return };
    if forged == ForgedNotice::OtherPath {
        return live.gateway_sends(&body, Some("/alipay/notify/elsewhere")).await;
    }
    let blob = match forged {
        ForgedNotice::Rewritten => live.rewritten_notice(&body).await,
        ForgedNotice::Stranger
        | ForgedNotice::OtherPath
        | ForgedNotice::NoHeader
        | ForgedNotice::EmptyHeader
        | ForgedNotice::EmptyValue
        | ForgedNotice::NoAlgorithm => live.notice_of_a_stranger(&body),
    };
    let Some(blob) = blob else { return };
    let blob = match forged {
        ForgedNotice::NoHeader => with_header(&blob, "signature", None),
        ForgedNotice::EmptyHeader => with_header(&blob, "signature", Some("")),
        ForgedNotice::EmptyValue => {
            let value = "algorithm=RSA256,keyVersion=1,signature=";
            with_header(&blob, "signature", Some(value))
        }
        ForgedNotice::NoAlgorithm => {
            let value = "algorithm=none,keyVersion=1,signature=";
            with_header(&blob, "signature", Some(value))
        }
        ForgedNotice::Stranger | ForgedNotice::Rewritten | ForgedNotice::OtherPath => blob,
    };
    live.hand_over_as_witness(Errand::ForgedNotice, Way::Notice, blob).await;
}

#[when(expr = "the gateway sends a signed notice while the order waits, {strange-notice}")]
async fn strange_notice(stage: &mut Stage, strange: StrangeNotice) {
    let Some(live) = stage.live() else { return };
    let Some(order) = live.while_it_waits().await else { return };
    if live.contract.generation() == Generation::Legacy {
        live.strange_form(&order, strange).await;
        return live.look_after_notice(&order).await;
    }
    let Some(mut body) = live.success_body(&order) else { return };
    match strange {
        StrangeNotice::Less => body["paymentAmount"]["value"] = json!("1"),
        StrangeNotice::More => body["paymentAmount"]["value"] = json!("123100"),
        StrangeNotice::Currency => body["paymentAmount"]["currency"] = json!("JPY"),
        StrangeNotice::Type => {
            let other = match live.product.means() {
                Means::ScannedCode | Means::ShownCode | Means::EntryPage => "OFFLINE_PAYMENT_CODE",
                Means::WalletPage => "PAYMENT_PENDING",
            };
            body["notifyType"] = json!(other);
        }
        StrangeNotice::NoResult => {
            if let Some(fields) = body.as_object_mut() {
                fields.remove("result");
            }
        }
        StrangeNotice::UnknownId => {
            body["paymentRequestId"] = json!(live.nobody());
        }
    }
    live.gateway_sends(&body, None).await;
    live.look_after_notice(&order).await;
}

#[when(expr = "the witness delivers the notice three times in a row and then twice at once")]
async fn delivers_again(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.settle().await;
    let first = live.so_far().payment_notice().and_then(|notice| notice.sent.clone());
    let Some(notice) = first else { return };
    for _ in 0..3 {
        live.hand_over_as_witness(Errand::DeliverAgain, Way::Notice, notice.blob.clone()).await;
    }
    for _ in 0..2 {
        let number = live.announce(Errand::DeliverAgain);
        let (witness, blob) = (live.witness.clone(), notice.blob.clone());
        live.clock.spawn(async move {
            let name = Errand::DeliverAgain.name();
            // What comes back stands in the record.
            drop(witness.send(number, Way::Notice, blob, name).await);
        });
    }
    live.pass(2_000).await;
}

#[when(expr = "the notice that was held back is let through after the order is cancelled")]
async fn lets_through(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    live.settle().await;
    live.did("notices-let-through", json!({}));
    live.gate("notices").open();
    live.pass(5_000).await;
}

impl Live {
    /// The body of a notice that would settle an order, with its own ids and amount.
    fn success_body(&self, order: &str) -> Option<Value> {
        let seen = self.so_far();
        let pay = seen.pays_for(order).pop()?;
        let told = pay.answer_sent.as_ref();
        let payment_id = told.and_then(|answer| answer.text("paymentId"));
        let amount = seen.price_of(order)?;
        Some(json!({
            "notifyType": "PAYMENT_RESULT",
            "result": Outcome::of_code("SUCCESS").to_json(),
            "paymentRequestId": pay.request_id()?,
            "paymentId": payment_id.unwrap_or_else(|| "20260105194010800100188000000000001".into()),
            "paymentAmount": amount.to_wire(),
            "paymentTime": iso8601(self.clock.now()),
        }))
    }

    pub(crate) fn notify_target(&self) -> String {
        let seen = self.so_far();
        let url = seen.contract("notify_url").unwrap_or_default();
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        path.find('/').map_or_else(|| "/".into(), |start| path[start..].to_owned())
    }

    /// A whole notice, signed by a key that is nobody's.
    pub(crate) fn notice_of_a_stranger(&self, body: &Value) -> Option<Blob> {
        let target = self.notify_target();
        let body = body.to_string().into_bytes();
        let time = iso8601(self.clock.now());
        let client_id = self.contract.identity();
        let signed = Signed { target: &target, client_id, time: &time, body: &body };
        let signature = signed.sign(&stranger().ok()?).ok()?;
        let head = format!(
            "POST {target} HTTP/1.1\r\nhost: merchant.assay.test\r\nclient-id: {client_id}\r\n\
             request-time: {time}\r\nsignature: {signature}\r\n\
             content-type: application/json; charset=UTF-8\r\ncontent-length: {}\r\n\r\n",
            body.len(),
        );
        Some(Blob { head: head.into_bytes(), body })
    }

    /// A genuine notice of another order with our ids and amount written over its own.
    async fn rewritten_notice(&mut self, body: &Value) -> Option<Blob> {
        let other = self.sell_aside().await?;
        let seen = self.so_far();
        let ids = seen.ids_of(&other);
        let theirs = |id: &Option<String>| id.as_ref().is_some_and(|id| ids.contains(id));
        let genuine = seen.notices().find(|notice| theirs(&notice.request_id()))?.sent.clone()?;
        let mut theirs: Value = serde_json::from_slice(&genuine.blob.body).ok()?;
        for name in ["paymentRequestId", "paymentId", "paymentAmount"] {
            set(&mut theirs, &[name], body[name].clone());
        }
        Some(with_body(&genuine.blob, theirs.to_string().into_bytes()))
    }

    /// Lets the gateway sign and send a notice, over another path than the merchant's where one is
    /// named.
    async fn gateway_sends(&mut self, body: &Value, sign_target: Option<&str>) {
        let url = self.so_far().contract("notify_url").unwrap_or_default().to_owned();
        let asked = json!({ "url": url, "body": body, "sign_target": sign_target });
        self.did(ON_DEMAND, json!({ "body": body.to_string() }));
        let answer = self.control.post("notices", &asked).await;
        self.sure(answer);
        self.pass(500).await;
    }

    /// Asks the gateway about an order, and the merchant for one that nobody sold.
    async fn look_after_notice(&mut self, order: &str) {
        if let Some(id) = self.so_far().ids_of(order).pop() {
            self.own_inquiry(Errand::AfterNotice, &id).await;
        }
        let nobody = self.nobody();
        self.look_for(&nobody).await;
        // A merchant whose payments are numbered by order would have made one of this.
        self.look_for(nobody.trim_end_matches("-1")).await;
    }

    /// The id of a payment that nobody made, which is still told to belong to this scenario.
    pub(crate) fn nobody(&self) -> String {
        format!("{}nobody-1", self.mark)
    }

    /// Asks the merchant for an order that nobody sold.
    async fn look_for(&mut self, order: &str) {
        match self.merchant.order(order).await {
            Ok(view) => {
                self.did("looked-for", json!({ "order": order, "found": view.is_some() }));
            }
            Err(why) => self.cannot_ask(&why),
        }
    }
}
