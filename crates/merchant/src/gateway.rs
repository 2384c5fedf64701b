//! Signed calls, and answers that are believed only once they verify.

use clock::Millis;
use protocol::ams::{Api, Outcome, Signed, Status, Verified, emit_signature, text_to_sign, verify};
use protocol::{Fields, parse_iso8601};
use signing::{PrivateKey, PublicKey};

use crate::defect::Defect;
use crate::order::{Particulars, Ticket};
use crate::reference::Reference;
use crate::setup::Contract;

/// What came of a call.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A usable answer.
    Said(Said),
    /// Nothing that may be believed.
    Nothing(Silence),
}

/// An answer that is believed.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) fields: Fields,
    pub(crate) outcome: Outcome,
    /// False where only a defect lets the answer in.
    pub(crate) genuine: bool,
}

/// Why an answer counts as none.
#[derive(Debug)]
pub(crate) enum Silence {
    /// None came in time, or the connection broke.
    NoAnswer,
    /// Another HTTP status than 200.
    HttpStatus,
    /// It does not verify; its bytes.
    Unproved(Verified, Vec<u8>),
    /// It verifies and holds no result.
    Unreadable,
}

pub(crate) const AGENT: &str = concat!("assay-reference/", env!("CARGO_PKG_VERSION"));
const JSON: &str = "application/json; charset=UTF-8";

/// Who the merchant is under the AMS generation.
#[derive(Debug, Clone, Copy)]
struct Party<'a> {
    client_id: &'a str,
    key: &'a PrivateKey,
    gateway_key: &'a PublicKey,
}

impl Reference {
    /// Who the merchant is, where its contract is of this generation.
    fn party(&self) -> Option<Party<'_>> {
        match &self.setup.contract {
            Contract::Ams { client_id, key, gateway_key } => {
                Some(Party { client_id, key, gateway_key })
            }
            Contract::Legacy { .. } => None,
        }
    }

    /// Sends a signed call and listens for its answer for `limit` milliseconds.
    pub(crate) async fn ask(&self, api: Api, body: &str, limit: Millis) -> Heard {
        let Some(party) = self.party() else { return Heard::Nothing(Silence::NoAnswer) };
        let target = api.path(party.client_id);
        let body = self.letters(body);
        let time = self.request_time();
        let Some(signature) = self.sign(party, &target, &time, &body) else {
            return Heard::Nothing(Silence::NoAnswer);
        };
        let call = wire::Call::post(target.clone(), body.into_bytes())
            .header("Client-Id", party.client_id)
            .header("Request-Time", time)
            .header("Signature", signature)
            .header("Content-Type", JSON)
            .header("User-Agent", AGENT);
        let (http, gateway) = (self.http.clone(), self.setup.gateway.clone());
        let exchange = async move { http.send(gateway.address, &gateway.host, call).await };
        match self.clock.call(limit, exchange).await {
            Some(Ok(answer)) => self.hear(api, &target, answer),
            Some(Err(_)) | None => Heard::Nothing(Silence::NoAnswer),
        }
    }

    /// Whether an answer is about our attempt: it names our id, and our amount where it names one.
    /// A refusal may leave the id out, since it can come before the body was read.
    pub(crate) fn is_ours(&self, ticket: &Ticket, said: &Said) -> bool {
        let id = match said.fields.text("paymentRequestId") {
            Some(id) => id == ticket.request_id,
            None => said.outcome.status != Status::S || !said.genuine,
        };
        let value = said.fields.text("paymentAmount.value");
        let currency = said.fields.text("paymentAmount.currency");
        let amount = match (value, currency) {
            (None, None) => true,
            (value, currency) => {
                value.as_deref() == Some(ticket.bill.minor.to_string().as_str())
                    && currency.as_deref() == Some(ticket.bill.currency.code())
            }
        };
        (id && amount) || self.switch.strikes(Defect::AnswerIdIgnored)
    }

    fn letters(&self, body: &str) -> String {
        if !body.is_ascii() && self.switch.strikes(Defect::TextFlattened) {
            return body.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        }
        body.to_owned()
    }

    fn request_time(&self) -> String {
        let now = self.clock.now();
        if self.switch.strikes(Defect::TimeInSeconds) {
            return (now / 1000).to_string();
        }
        now.to_string()
    }

    fn sign(&self, party: Party<'_>, target: &str, time: &str, body: &str) -> Option<String> {
        let Party { client_id, key, .. } = party;
        if !body.is_ascii() && self.switch.strikes(Defect::SignLatin1) {
            let body: Vec<u8> = body.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
            let text = text_to_sign(target, client_id, time, &body);
            return key.sign(&text).ok().map(|bytes| emit_signature(&bytes));
        }
        Signed { target, client_id, time, body: body.as_bytes() }.sign(key).ok()
    }

    fn hear(&self, api: Api, target: &str, answer: wire::Answer) -> Heard {
        if answer.status != 200 {
            return Heard::Nothing(Silence::HttpStatus);
        }
        let head = Head {
            target,
            client_id: answer.header("client-id"),
            time: answer.header("response-time"),
            signature: answer.header("signature"),
        };
        let verified = self.verified(&head, &answer.body);
        let genuine = verified == Verified::Valid;
        let believed = genuine
            || self.switch.strikes(Defect::AnswerUnverified)
            || (verified == Verified::Unsigned && self.switch.strikes(Defect::UnsignedAnswer))
            || (moves_money_back(api) && self.switch.strikes(Defect::OnlyPayVerified));
        if !believed {
            return Heard::Nothing(Silence::Unproved(verified, answer.body));
        }
        match Said::read(&answer.body, genuine) {
            Some(said) => Heard::Said(said),
            None => Heard::Nothing(Silence::Unreadable),
        }
    }

    /// Checks a message of the gateway over its raw body: it has to be addressed to us as well.
    pub(crate) fn verified(&self, head: &Head<'_>, body: &[u8]) -> Verified {
        let rewritten = rewritten(body).filter(|text| text != body);
        let body = match &rewritten {
            Some(text) if self.switch.strikes(Defect::VerifyRewritten) => text,
            Some(_) | None => body,
        };
        let Head { target, client_id, time, signature } = *head;
        let Some(party) = self.party() else { return Verified::Wrong };
        match verify(party.gateway_key, target, client_id, time, body, signature) {
            Verified::Valid if client_id != Some(party.client_id) => Verified::Wrong,
            verdict @ (Verified::Valid | Verified::Wrong | Verified::Unsigned) => verdict,
        }
    }
}

impl Said {
    pub(crate) fn read(body: &[u8], genuine: bool) -> Option<Self> {
        let fields = Fields::read(body)?;
        let outcome = Outcome::read(&fields)?;
        Some(Self { fields, outcome, genuine })
    }
}

/// What an answer or a notice tells of a payment besides its state.
pub(crate) fn particulars(told: &Fields) -> Particulars {
    let moment = |path| told.text(path).as_deref().and_then(parse_iso8601);
    Particulars {
        payment_id: told.text("paymentId"),
        paid_at: moment("paymentTime"),
        cancelled_at: moment("cancelTime"),
    }
}

/// What the signature of a message covers besides its body, and the signature itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) target: &'a str,
    pub(crate) client_id: Option<&'a str>,
    pub(crate) time: Option<&'a str>,
    pub(crate) signature: Option<&'a str>,
}

/// Whether a call is about money that goes back.
fn moves_money_back(api: Api) -> bool {
    match api {
        Api::Cancel | Api::Refund | Api::InquiryRefund => true,
        Api::Pay
        | Api::InquiryPayment
        | Api::Registration
        | Api::InquiryRegistrationStatus
        | Api::InquiryRegistrationInfo => false,
    }
}

/// A JSON body parsed and written again the way many libraries do: without blanks, and with
/// everything beyond ASCII escaped.
fn rewritten(body: &[u8]) -> Option<Vec<u8>> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let mut text = String::new();
    for c in value.to_string().chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units).iter() {
                text.push_str("\\u");
                text.extend(hex(*unit));
            }
        }
    }
    Some(text.into_bytes())
}

/// The four hexadecimal digits of a number.
fn hex(unit: u16) -> impl Iterator<Item = char> {
    [12, 8, 4, 0]
        .into_iter()
        .filter_map(move |shift| char::from_digit(u32::from(unit) >> shift & 15, 16))
}

#[cfg(test)]
mod tests {
    use super::rewritten;

    #[test]
    fn what_is_written_again_differs_in_blanks_and_hard_characters() {
        assert_eq!(rewritten(br#"{"a":"b"}"#).unwrap(), br#"{"a":"b"}"#);
        assert_eq!(rewritten(br#"{ "a": 1 }"#).unwrap(), br#"{"a":1}"#);
        let escaped = br#"{"a":"caf\u00e9 \ud83d\ude00"}"#;
        assert_eq!(rewritten("{\"a\":\"caf\u{e9} \u{1f600}\"}".as_bytes()).unwrap(), escaped);
        assert_eq!(rewritten(b"success"), None);
    }
}
