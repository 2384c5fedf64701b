//! One thing that was seen, arranged or done.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use protocol::Amount;
use protocol::ams::Verified;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::words::Place;
use crate::{MerchantView, ReconciliationView, Redacted};

/// A line of a case: its number in the attempt, when it happened, and what it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// From 0 within the attempt.
    pub line: u32,
    /// Milliseconds since the epoch on the scenario's clock.
    pub at: i64,
    /// What it was.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// A Given step arranged this.
    Arranged {
        /// A short name, such as `wallet` or `fault`.
        what: String,
        /// Its particulars.
        facts: Map<String, Value>,
    },
    /// A When step, or the closing look, did this.
    Did {
        /// A short name, such as `charge` or `buyer-confirms`.
        what: String,
        /// Its particulars and its result.
        facts: Map<String, Value>,
    },
    /// A message passed the witness.
    Message(Box<Message>),
    /// The merchant's own view of an order, read by the driver.
    Order(Box<OrderView>),
    /// The merchant's own view of a secondary merchant that it registers, read by the driver.
    Merchant(Box<MerchantView>),
    /// The merchant's own view of a day or a batch that it reconciles, read by the driver.
    Reconciliation {
        /// The view; it has a kind of its own.
        view: Box<ReconciliationView>,
    },
    /// What the wallets say the money did, read on the embedded sandbox.
    Wallet(WalletStatement),
    /// The attempt could not go on; who broke it, and how.
    Broken {
        /// Who broke it: runner, gateway or environment, never the merchant.
        by: Party,
        /// What happened: a sentence of ours, or the words of who told it.
        why: Place,
    },
    /// The last Given or When step is over, and nothing is added any more.
    Closed,
}

impl Event {
    /// The message, if it is one.
    pub fn message(&self) -> Option<&Message> {
        let Self::Message(message) = self else { return None };
        Some(message)
    }

    /// The particulars of what a Given step arranged under this name.
    pub fn arranged(&self, name: &str) -> Option<&Map<String, Value>> {
        let Self::Arranged { what, facts } = self else { return None };
        (what == name).then_some(facts)
    }
}

/// Who is at fault when a check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The integrator's system, or the reference merchant.
    Merchant,
    /// The gateway.
    Gateway,
    /// assay itself.
    Runner,
    /// Network, clock, disk.
    Environment,
}

impl Party {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Merchant => "merchant",
            Self::Gateway => "gateway",
            Self::Runner => "runner",
            Self::Environment => "environment",
        }
    }
}

/// Which way an exchange goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Merchant to gateway.
    Call,
    /// Gateway to merchant.
    Notice,
}

/// Which of the up to four messages of an exchange this is. The witness stands in the middle: what
/// was sent reached it, what was received left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// The call as its sender sent it.
    CallSent,
    /// The call as it was handed to its receiver.
    CallReceived,
    /// The answer as its sender sent it.
    AnswerSent,
    /// The answer as it was handed to the caller.
    AnswerReceived,
}

/// A message as the witness saw or sent it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The exchange's number in the attempt, from 1.
    pub exchange: u32,
    /// Which way the exchange goes.
    pub way: Way,
    /// Which of its messages this is.
    pub leg: Leg,
    /// Whether the runner itself is the caller, with the profile's merchant key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// Head and body; absent when they are the same as in the leg before, byte for byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Blob>,
    /// The signature under the sender's key over these bytes, or absent where there was no key to
    /// check it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<Verified>,
    /// What the witness did to the message, by the fault's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// What was replaced in it on entry: a buyer's data, where the gateway's buyers are real.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<Redacted>,
}

/// An HTTP/1.1 message: its head up to and with the empty line, and its body without transfer
/// coding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Blob {
    /// Start line and header lines as on the wire, with the empty line.
    #[serde(serialize_with = "write_bytes", deserialize_with = "read_bytes")]
    pub head: Vec<u8>,
    /// The body.
    #[serde(serialize_with = "write_bytes", deserialize_with = "read_bytes")]
    pub body: Vec<u8>,
}

/// Text stays readable; what is not UTF-8, or looks like our own mark, travels as base64.
fn write_bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with(BASE64_MARK) => serializer.serialize_str(text),
        Ok(_) | Err(_) => {
            serializer.serialize_str(&format!("{BASE64_MARK}{}", STANDARD.encode(bytes)))
        }
    }
}

fn read_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.strip_prefix(BASE64_MARK) {
        None => Ok(text.into_bytes()),
        Some(coded) => STANDARD.decode(coded).map_err(D::Error::custom),
    }
}

const BASE64_MARK: &str = "\u{1}base64:";

/// The state of an order as a till or a back office shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderState {
    /// Not decided yet.
    Waiting,
    /// Paid.
    Paid,
    /// Failed for good.
    Failed,
    /// Cancelled.
    Cancelled,
    /// Handed to a person.
    ForStaff,
}

impl OrderState {
    /// Whether nothing more is expected to happen by itself.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Waiting)
    }

    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::ForStaff => "for-staff",
        }
    }
}

/// The merchant's own view of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderView {
    /// The order's id at the merchant, as the runner handed it out.
    pub order: String,
    /// What the till shows.
    pub till: OrderState,
    /// What the back office has booked.
    pub back_office: OrderState,
    /// The amount booked as paid.
    pub paid: Option<Amount>,
    /// The amount booked as refunded.
    pub refunded: Option<Amount>,
    /// Each booking of money received for this order.
    pub bookings: Vec<Booking>,
    /// Whether a person has been called.
    pub alarm: bool,
    /// What the buyer is shown at the till.
    pub shown: Option<Shown>,
    /// Each return slip, in the order in which the clerk wrote them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<RefundView>,
}

/// The merchant's own view of a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundView {
    /// The return slip's number, as the runner handed it out.
    pub slip: String,
    /// How much the clerk wants to give back.
    pub amount: Amount,
    /// How far it is.
    pub state: RefundState,
}

/// The state of a refund as a till or a back office shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundState {
    /// Not decided yet.
    Pending,
    /// Given back.
    Refunded,
    /// Refused for good.
    Refused,
    /// Handed to a person.
    ForStaff,
}

impl RefundState {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Refunded => "refunded",
            Self::Refused => "refused",
            Self::ForStaff => "for-staff",
        }
    }
}

/// One booking of money received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Booking {
    /// The amount that was booked.
    pub amount: Amount,
}

/// What a till offers to the buyer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The text that is drawn as a code.
    pub code: Option<String>,
    /// The address that the buyer is sent to.
    pub link: Option<String>,
    /// What the merchant's own page says to a buyer who came back from the wallet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<OrderState>,
}

/// What the wallets say the money did.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WalletStatement {
    /// Money taken from buyers.
    pub debits: Vec<Movement>,
    /// Money given back to buyers.
    pub credits: Vec<Movement>,
}

/// One movement of money on a wallet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Movement {
    /// The payment it belongs to, by the merchant's id.
    pub request_id: String,
    /// The payment it belongs to, by the gateway's id.
    pub payment_id: String,
    /// How much.
    pub amount: Amount,
    /// When, in milliseconds since the epoch.
    pub at: i64,
}

#[cfg(test)]
mod tests {
    use super::Blob;

    #[test]
    fn bytes_that_are_no_text_survive() {
        for body in [&b"{}"[..], b"\xff\x00", b"", "\u{1}base64:x".as_bytes(), "é☕".as_bytes()] {
            let blob = Blob { head: b"POST / HTTP/1.1\r\n\r\n".to_vec(), body: body.to_vec() };
            let text = serde_json::to_string(&blob).unwrap();
            assert_eq!(serde_json::from_str::<Blob>(&text).unwrap(), blob);
        }
    }
}
