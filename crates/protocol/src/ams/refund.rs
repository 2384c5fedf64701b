//! Bodies of refund and inquiryRefund.

use serde_json::{Map, Value, json};

use crate::Amount;

/// A refund request.
#[derive(Debug, Clone)]
pub struct Refund {
    /// The idempotency key, 1 to 64 characters: one wish to give money back.
    pub request_id: String,
    /// The gateway's own id of the payment; the merchant's is not accepted here.
    pub payment_id: String,
    /// How much goes back, in the currency of the payment.
    pub amount: Amount,
    /// Why, in words.
    pub reason: Option<String>,
    /// Where the result is to be told.
    pub notify_url: Option<String>,
}

impl Refund {
    /// The body.
    pub fn to_json(&self) -> Value {
        let mut body = json!({
            "refundRequestId": self.request_id,
            "paymentId": self.payment_id,
            "refundAmount": self.amount.to_wire(),
        });
        if let Some(reason) = &self.reason {
            body["refundReason"] = json!(reason);
        }
        if let Some(url) = &self.notify_url {
            body["refundNotifyUrl"] = json!(url);
        }
        body
    }
}

/// The body of inquiryRefund. At least one id is needed; the gateway takes its own refund id when
/// both are there.
pub fn refund_inquiry_body(request_id: Option<&str>, refund_id: Option<&str>) -> Value {
    let mut body = Map::new();
    for (name, id) in [("refundRequestId", request_id), ("refundId", refund_id)] {
        if let Some(id) = id {
            body.insert(name.into(), json!(id));
        }
    }
    Value::Object(body)
}

/// `refundStatus` of an inquiry or a notice: the state at the gateway, not at the wallet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefundStatus {
    /// Given back.
    Success,
    /// Still open.
    Processing,
    /// Failed for good.
    Fail,
}

impl RefundStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Success, Self::Processing, Self::Fail];

    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Processing => "PROCESSING",
            Self::Fail => "FAIL",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == text)
    }
}

/// Whether a text may stand as `refundRequestId`: 1 to 64 characters, none of them special.
pub fn is_refund_request_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Refund, RefundStatus, is_refund_request_id, refund_inquiry_body};
    use crate::Amount;

    #[test]
    fn a_body_holds_what_is_known_and_nothing_else() {
        let amount = Amount::from_price("USD 5.00").unwrap();
        let bare = Refund {
            request_id: "r-1".into(),
            payment_id: "p-1".into(),
            amount,
            reason: None,
            notify_url: None,
        };
        let expected = json!({
            "refundRequestId": "r-1",
            "paymentId": "p-1",
            "refundAmount": { "currency": "USD", "value": "500" },
        });
        assert_eq!(bare.to_json(), expected);
        let (reason, notify_url) = (Some("broken".into()), Some("http://m/n".into()));
        let whole = Refund { reason, notify_url, ..bare }.to_json();
        assert_eq!(whole["refundReason"], "broken");
        assert_eq!(whole["refundNotifyUrl"], "http://m/n");
        let asked = refund_inquiry_body(Some("r-1"), None);
        assert_eq!(asked, json!({ "refundRequestId": "r-1" }));
    }

    #[test]
    fn a_request_id_has_no_special_characters() {
        for (text, fits) in [
            ("a-1_B", true),
            (&"x".repeat(64), true),
            (&"x".repeat(65), false),
            ("", false),
            ("a b", false),
            ("é", false),
            ("a.b", false),
        ] {
            assert_eq!(is_refund_request_id(text), fits, "{text}");
        }
    }

    #[test]
    fn a_status_is_read_by_its_word() {
        for status in RefundStatus::ALL {
            assert_eq!(RefundStatus::parse(status.name()), Some(status));
        }
        assert_eq!(RefundStatus::parse("CLOSED"), None);
    }
}
