//! Calls that the runner signs itself, as the profile's merchant.

use evidence::Blob;
use protocol::Generation;
use protocol::ams::{Api, inquiry_body, refund_inquiry_body};
use protocol::legacy::Form;
use serde_json::{Value, json};

use crate::contract::Contract;
use crate::errand::Errand;
use crate::live::Live;
use crate::seen::Exchange;

impl Live {
    /// Makes an own call and answers what came back.
    pub(crate) async fn own_call(
        &mut self,
        errand: Errand,
        api: Api,
        body: &Value,
    ) -> Option<Blob> {
        let call = match self.contract.call(self.product, api, self.clock.now(), body) {
            Ok(call) => call,
            Err(why) => {
                self.broken(evidence::Party::Runner, why);
                return None;
            }
        };
        self.own_message(errand, call).await
    }

    /// Makes an own call of the older generation, signed anew, and answers what came back.
    pub(crate) async fn own_form(&mut self, errand: Errand, form: Form) -> Option<Blob> {
        let Contract::Legacy(contract) = &self.contract else { return None };
        match contract.post(form) {
            Ok(call) => self.own_message(errand, call).await,
            Err(why) => {
                self.broken(evidence::Party::Runner, why);
                None
            }
        }
    }

    pub(crate) async fn own_message(&mut self, errand: Errand, call: Blob) -> Option<Blob> {
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
        let mut body = refund_inquiry_body(Some(id), None);
        if self.contract.generation() == Generation::Legacy {
            // The older generation knows a refund by its payment's number and its own.
            let seen = self.so_far();
            let mut refunds = seen.exchanges.iter().filter(|call| call.api == Some(Api::Refund));
            let refund = refunds.find(|call| call.refund_id().as_deref() == Some(id));
            body["paymentRequestId"] = json!(refund.and_then(Exchange::request_id));
        }
        self.own_call(errand, Api::InquiryRefund, &body).await
    }

    /// The buyer acts now on a payment, on the gateway's control API.
    pub(crate) async fn buyer_confirms(&mut self, wallet: &str, id: &str) {
        if !self.control.is_there() {
            return self.person_confirms(id).await;
        }
        let target = format!("wallets/{wallet}/confirm");
        let answer = self.control.post(&target, &json!({ "paymentRequestId": id })).await;
        if let Some(answer) = self.sure(answer) {
            let accepted = answer.get("accepted").and_then(Value::as_bool).unwrap_or(false);
            self.did("buyer-confirms", json!({ "paymentRequestId": id, "accepted": accepted }));
        }
    }
}
