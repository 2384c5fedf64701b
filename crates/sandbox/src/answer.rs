//! Answers on the wire: always HTTP 200, in the one shape that every official client verifies.

use std::fmt::Write as _;

use protocol::ams::{Outcome, Signed, Status};
use protocol::iso8601;
use serde_json::Value;
use wire::{Reply, Request};

use crate::defect::Defect;
use crate::rules::{Signature, Then};
use crate::tenant::Tenant;
use crate::terms::Contract;
use crate::view::Members;

/// An answer before it is signed.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    pub(crate) members: Members,
    pub(crate) signature: Signature,
}

impl Answer {
    /// A result and nothing else.
    pub(crate) fn bare(outcome: Outcome) -> Self {
        Self { outcome, members: Members::new(), signature: Signature::Right }
    }

    /// The documented result of `code` and nothing else.
    pub(crate) fn of_code(code: &str) -> Self {
        Self::bare(Outcome::of_code(code))
    }

    /// The documented result of `code` with some members.
    pub(crate) fn with(code: &str, members: Members) -> Self {
        Self { members, ..Self::of_code(code) }
    }

    /// F `PARAM_ILLEGAL`, with what was expected instead.
    pub(crate) fn illegal(expected: impl Into<String>) -> Self {
        let message = expected.into();
        Self::bare(Outcome { message, ..Outcome::of_code("PARAM_ILLEGAL") })
    }
}

/// What comes back to a call, with its code for the journal: the genuine answer, which has `code`, or
/// what a rule puts in its place.
pub(crate) fn on_demand(
    then: &Then,
    code: String,
    genuine: impl FnOnce() -> Reply,
) -> (Reply, String) {
    match then {
        Then::Genuine | Then::Result { .. } => (genuine(), code),
        Then::Cut => (cut(genuine()), code),
        Then::Http(status) => {
            let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
            let body = b"<html><body>on demand</body></html>".to_vec();
            (Reply { status: *status, headers, body }, format!("HTTP {status} on demand"))
        }
        Then::Nothing => (Reply::none(), "dropped on demand".to_owned()),
    }
}

/// An answer that ends in the middle of its body, as one that a proxy cut off and patched up.
fn cut(reply: Reply) -> Reply {
    let mut body = reply.body;
    body.truncate(body.len() / 2);
    Reply { body, ..reply }
}

/// Codes and how older pages spell them (switch A3).
const OLDER: [(&str, &str); 4] = [
    ("INVALID_SIGNATURE", "SIGNATURE_INVALID"),
    ("INVALID_CLIENT", "CLIENT_INVALID"),
    ("OAUTH_FAIL", "OAUTH_FAILED"),
    ("NO_PAY_OPTIONS", "NO_PAY_OPTION"),
];

/// A code as older pages spell it.
pub(crate) fn older(code: &str) -> &str {
    OLDER.into_iter().find(|(newer, _)| *newer == code).map_or(code, |(_, older)| older)
}

/// Characters that clients like to rewrite, with a final blank.
const HARD: &str = "退款 \"ok\" & 50% + <b>é</b> \\ ☕ ";

impl Tenant {
    /// The result object, in hard characters where they are asked for.
    pub(crate) fn result_json(&self, mut outcome: Outcome) -> Value {
        if self.hard_texts() {
            HARD.clone_into(&mut outcome.message);
        }
        outcome.to_json()
    }

    /// The value of a `signature` header, with blanks after its commas where they are asked for.
    pub(crate) fn signature(&self, signed: &Signed<'_>) -> Option<String> {
        // An intact key signs; without a signature the answer would be refused by the caller.
        let Contract::Ams { gateway_key, .. } = &self.terms().contract else { return None };
        let header = signed.sign(gateway_key).ok()?;
        Some(if self.hard_texts() { header.replace(',', ", ") } else { header })
    }

    /// Writes an answer. It is signed over the path that was really called, under the client id
    /// that the caller gave.
    pub(crate) fn reply(&self, request: &Request, answer: Answer) -> Reply {
        let done = answer.outcome.status == Status::S;
        let mut members = answer.members;
        members.insert("result".into(), self.result_json(answer.outcome));
        let text = Value::Object(members).to_string();
        let (body, signed_body) = self.written(text);

        // A text that cannot stand in a header is not echoed.
        let plain = |id: &&str| id.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let own = self.terms().contract.party();
        let client_id = request.header("client-id").filter(plain).unwrap_or(own);
        let time = iso8601(self.now());
        let mut target = request.target.clone();
        if target.starts_with("/ams/sandbox/api") && self.strikes(Defect::SignsLivePath) {
            target = target.replacen("/ams/sandbox/api", "/ams/api", 1);
        }
        let mut headers = vec![
            ("content-type".to_owned(), "application/json;charset=UTF-8".to_owned()),
            ("client-id".to_owned(), client_id.to_owned()),
            ("response-time".to_owned(), time.clone()),
        ];
        let missing = answer.signature == Signature::Missing;
        if !(missing || done && self.strikes(Defect::AnswerUnsigned)) {
            let wrong = answer.signature == Signature::Wrong;
            let body = if wrong { b"{}" } else { signed_body.as_bytes() };
            let signed = Signed { target: &target, client_id, time: &time, body };
            headers.extend(self.signature(&signed).map(|value| ("signature".to_owned(), value)));
        }
        Reply { status: 200, headers, body: body.into_bytes() }
    }

    /// The body as it is sent and as it is signed: the same text in a gateway without defect.
    fn written(&self, text: String) -> (String, String) {
        let escaped = escaped(&text);
        if escaped != text && self.strikes(Defect::SignRewritten) {
            (escaped, text)
        } else {
            (text.clone(), text)
        }
    }
}

/// JSON with everything escaped that some writers escape.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() && !matches!(character, '<' | '>' | '&') {
            out.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{HARD, escaped};

    #[test]
    fn an_escaped_body_means_the_same() {
        let body = json!({ "text": format!("{HARD}😀") });
        let text = body.to_string();
        let written = escaped(&text);
        assert!(written.is_ascii() && written != text);
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), body);
        let plain = json!({ "code": "https://gqr.alipay.com/28x" }).to_string();
        assert_eq!(escaped(&plain), plain);
    }
}
