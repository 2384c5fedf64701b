//! The texts of a message that can say whose it is. Reading is lenient: what cannot be read says
//! nothing, and the bytes go on as they are.

use evidence::{Blob, head_field, target_of};
use serde_json::Value;

/// Fields that name a payment, a refund or a registration, in either generation.
const IDS: &[&str] = &[
    // ams
    "paymentRequestId",
    "paymentId",
    "refundRequestId",
    "refundId",
    "captureRequestId",
    "captureId",
    "registrationRequestId",
    "transactionRequestId",
    "transactionId",
    "originalTransactionRequestId",
    "originalTransactionId",
    "referenceOrderId",
    "codeValue",
    // legacy
    "partner_trans_id",
    "alipay_trans_id",
    "out_trade_no",
    "trade_no",
    "partner_refund_id",
    "out_return_no",
    "notify_id",
    "out_request_no",
    "out_request_nos",
    "qr_code",
    "qrcode",
    // pages of the cashier
    "token",
];
/// Fields that name a secondary merchant. Every payment names one that others may share, so they
/// say something in a registration alone.
const SECONDARY_MERCHANTS: &[&str] = &["referenceMerchantId", "secondary_merchant_id"];
/// What stands before the token in the address of a cashier's page.
const TOKEN: &str = "token=";
/// How deep JSON is looked for inside the strings of JSON.
const DEPTH: usize = 4;

/// A text of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) value: String,
    /// Whether its field is one that names a payment, a refund or a registration: such a text is
    /// learned and compared with what was learned. In any other field an equal text is chance.
    pub(crate) is_id: bool,
}

/// What a call or a notice carries: the strings of its JSON, the fields of its query and of its
/// form, and the parts of its path.
pub(crate) fn texts_of_call(call: &Blob) -> Vec<Text> {
    let target = target_of(&call.head).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut reading = Reading { registers: path.contains("/merchants/"), ..Reading::default() };
    reading.add(None, target.clone());
    for segment in path.split('/') {
        reading.add(None, unescape(segment.as_bytes()));
    }
    reading.form(query.as_bytes());
    if !reading.json(None, &call.body, DEPTH) {
        reading.form(&call.body);
    }
    reading.end()
}

/// What an answer teaches: the ids of its JSON or its XML, and the token of a page it sends to.
pub(crate) fn texts_of_answer(answer: &Blob) -> Vec<Text> {
    let mut reading = Reading::default();
    if let Some(place) = head_field(&answer.head, "location") {
        reading.tokens(&place);
    }
    let body = answer.body.trim_ascii_start();
    if body.starts_with(b"<") {
        let text = String::from_utf8_lossy(body);
        reading.elements(&text);
        reading.tokens(&text);
    } else if reading.json(None, body, DEPTH) {
        reading.tokens(&String::from_utf8_lossy(body));
    }
    let mut texts = reading.end();
    texts.retain(|text| text.is_id);
    texts
}

/// What an address that was handed out is known by: itself, its path with its query, its token.
pub(crate) fn texts_of_claim(text: &str) -> Vec<String> {
    let mut reading = Reading::default();
    let mut texts = vec![text.to_owned()];
    if let Some((_, rest)) = text.split_once("://") {
        texts.extend(rest.find('/').map(|start| rest[start..].to_owned()).filter(|at| at != "/"));
        reading.tokens(text);
    }
    texts.extend(reading.end().into_iter().map(|token| token.value));
    texts
}

#[derive(Default)]
struct Reading {
    texts: Vec<(Option<Kind>, String)>,
    registers: bool,
}

/// What kind of field a text stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Id,
    SecondaryMerchant,
}

fn kind_of(name: &str) -> Option<Kind> {
    if IDS.contains(&name) {
        return Some(Kind::Id);
    }
    SECONDARY_MERCHANTS.contains(&name).then_some(Kind::SecondaryMerchant)
}

impl Reading {
    fn add(&mut self, kind: Option<Kind>, value: String) {
        if !value.is_empty() {
            self.texts.push((kind, value));
        }
    }

    /// A field by its name, and what JSON its value may be.
    fn field(&mut self, name: &str, value: String, depth: usize) {
        self.registers |= name == "registrationRequestId"
            || (name == "service" && value.contains(".secmerchant."));
        if name == "out_request_nos" {
            for one in value.split(',') {
                self.add(Some(Kind::Id), one.trim().to_owned());
            }
        }
        self.json(Some(name), value.as_bytes(), depth);
        self.add(kind_of(name), value);
    }

    /// Reads a form. What has no name is a text as well: it may be a body of another kind.
    fn form(&mut self, bytes: &[u8]) {
        for piece in bytes.split(|byte| *byte == b'&') {
            match piece.iter().position(|byte| *byte == b'=') {
                Some(end) => {
                    let name = unescape(&piece[..end]);
                    self.field(&name, unescape(&piece[end + 1..]), DEPTH);
                }
                None => self.add(None, unescape(piece)),
            }
        }
    }

    /// Reads JSON, if it is an object or an array.
    fn json(&mut self, name: Option<&str>, bytes: &[u8], depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        if !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
            return false;
        }
        let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return false };
        self.value(name.unwrap_or_default(), value, depth);
        true
    }

    fn value(&mut self, name: &str, value: Value, depth: usize) {
        match value {
            Value::String(text) => self.field(name, text, depth),
            Value::Array(values) => {
                for value in values {
                    self.value(name, value, depth);
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    self.value(&name, value, depth);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Reads the elements of XML that hold a text, whatever else it is made of.
    fn elements(&mut self, text: &str) {
        for piece in text.split('<') {
            let Some((tag, value)) = piece.split_once('>') else { continue };
            let named = tag.strip_prefix("param name=\"").and_then(|rest| rest.strip_suffix('"'));
            let name = named.unwrap_or(tag);
            if kind_of(name).is_some() || name == "service" {
                self.field(name, value.trim().to_owned(), 0);
            }
        }
    }

    fn tokens(&mut self, text: &str) {
        for (place, _) in text.match_indices(TOKEN) {
            let rest = &text[place + TOKEN.len()..];
            let in_token = |letter: char| letter.is_ascii_alphanumeric() || "-_.~".contains(letter);
            let end = rest.find(|letter| !in_token(letter)).unwrap_or(rest.len());
            self.add(Some(Kind::Id), rest[..end].to_owned());
        }
    }

    fn end(self) -> Vec<Text> {
        let is_id = |kind| match kind {
            Some(Kind::Id) => true,
            Some(Kind::SecondaryMerchant) => self.registers,
            None => false,
        };
        let text = |(kind, value)| Text { is_id: is_id(kind), value };
        self.texts.into_iter().map(text).collect()
    }
}

/// The text of escaped bytes of any charset: ids are ASCII, whatever stands around them.
fn unescape(escaped: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        let pair = digit(0).zip(digit(1)).map(|(high, low)| high * 16 + low);
        let escaped = pair.and_then(|byte| u8::try_from(byte).ok()).filter(|_| *first == b'%');
        let byte = if *first == b'+' { b' ' } else { *first };
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
