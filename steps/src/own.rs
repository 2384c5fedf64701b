//! Calls that the runner signs itself, with the profile's merchant key.

use evidence::Blob;
use protocol::ams::{Api, Signed, inquiry_body, refund_inquiry_body};
use serde_json::{Value, json};
use signing::{PrivateKey, SignError};

use crate::errand::Errand;
use crate::live::Live;

/// Signs calls as the merchant.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The profile's client id.
    pub client_id: String,
    /// The profile's merchant key.
    pub key: PrivateKey,
    /// The text of `Host`.
    pub host: String,
}

impl Signer {
    /// A signed call with its head.
    pub fn call(&self, api: Api, now: i64, body: &Value) -> Result<Blob, SignError> {
        let target = api.path(&self.client_id);
        let body = body.to_string().into_bytes();
        let time = now.to_string();
        let signed =
            Signed { target: &target, client_id: &self.client_id, time: &time, body: &body };
        let signature = signed.sign(&self.key)?;
        let head = format!(
            "POST {target} HTTP/1.1\r\nhost: {}\r\nclient-id: {}\r\nrequest-time: {time}\r\n\
             signature: {signature}\r\ncontent-type: application/json; charset=UTF-8\r\n\
             user-agent: assay-runner\r\ncontent-length: {}\r\n\r\n",
            self.host,
            self.client_id,
            body.len(),
        );
        Ok(Blob { head: head.into_bytes(), body })
    }
}

impl Live {
    /// Makes an own call and answers what came back.
    pub(crate) async fn own_call(
        &mut self,
        errand: Errand,
        api: Api,
        body: &Value,
    ) -> Option<Blob> {
        let call = match self.signer.call(api, self.clock.now(), body) {
            Ok(call) => call,
            Err(why) => {
                self.broken(evidence::Party::Runner, why.to_string());
                return None;
            }
        };
        let number = self.announce(errand);
        let witness = self.witness.clone();
        let answer = self.drive(async move { witness.own_call(number, call).await }).await;
        answer.and_then(Result::ok)
    }

    /// Asks the gateway about a payment.
    pub(crate) async fn own_inquiry(&mut self, errand: Errand, id: &str) -> Option<Blob> {
        self.own_call(errand, Api::InquiryPayment, &inquiry_body(Some(id), None)).await
    }

    /// Asks the gateway about a refund.
    pub(crate) async fn own_refund_inquiry(&mut self, errand: Errand, id: &str) -> Option<Blob> {
        self.own_call(errand, Api::InquiryRefund, &refund_inquiry_body(Some(id), None)).await
    }

    /// The buyer acts now on a payment, on the gateway's control API.
    pub(crate) async fn buyer_confirms(&mut self, wallet: &str, id: &str) {
        let target = format!("wallets/{wallet}/confirm");
        let answer = self.control.post(&target, &json!({ "paymentRequestId": id })).await;
        if let Some(answer) = self.sure(answer) {
            let accepted = answer.get("accepted").and_then(Value::as_bool).unwrap_or(false);
            self.did("buyer-confirms", json!({ "paymentRequestId": id, "accepted": accepted }));
        }
    }
}
