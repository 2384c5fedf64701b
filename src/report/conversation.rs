//! What an attempt's record tells, told again: exchanges with their messages, and names for them.

use evidence::{
    Blob, CaseRecord, Entry, Event, Leg, Message, Way, form_of, is_legacy, is_return, service_of,
};
use protocol::Fields;
use protocol::ams::{Api, Verified};
use protocol::legacy::{Answer, Charset, Form};

use crate::verdict::AttemptResult;

/// Names under which requests are told apart at the gateway.
const REQUEST_IDS: [&str; 3] = ["paymentRequestId", "refundRequestId", "originalPaymentRequestId"];

/// An exchange of an attempt.
#[derive(Debug)]
pub(super) struct Exchange<'a> {
    /// Its number in the attempt.
    pub number: u32,
    /// Which way it goes.
    pub way: Way,
    /// Whether the runner itself called.
    pub own: bool,
    /// The call's name: the API, or the kind of notice.
    pub name: String,
    /// What the answer says, shortly; empty while there is none.
    pub answer: String,
    /// Its messages, in the order of the record.
    pub legs: Vec<Told<'a>>,
}

/// A message of an exchange.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a> {
    /// The line of the record.
    pub line: u32,
    /// When it passed.
    pub at: i64,
    /// The message.
    pub message: &'a Message,
    /// Its bytes, or those of the leg before where they are the same.
    pub bytes: Option<&'a Blob>,
}

/// The record of an attempt among those of its case, if the run got so far.
pub(super) fn record_of<'a>(
    seen: &'a [CaseRecord],
    key: &evidence::CaseKey,
    attempt: &AttemptResult,
) -> Option<&'a CaseRecord> {
    seen.iter().find(|case| case.key == *key && case.attempt == attempt.attempt)
}

/// The exchanges among these entries, in the order in which they began.
pub(super) fn exchanges(entries: &[Entry]) -> Vec<Exchange<'_>> {
    let mut exchanges: Vec<Exchange<'_>> = vec![];
    for entry in entries {
        let Event::Message(message) = &entry.event else { continue };
        let place = exchanges.iter().position(|known| known.number == message.exchange);
        let place = place.unwrap_or_else(|| {
            let (number, way, own) = (message.exchange, message.way, message.own);
            let (name, answer) = (String::new(), String::new());
            exchanges.push(Exchange { number, way, own, name, answer, legs: vec![] });
            exchanges.len() - 1
        });
        let legs = &mut exchanges[place].legs;
        let before = legs.iter().rev().find(|told| same_half(told.message.leg, message.leg));
        let bytes = message.bytes.as_ref().or_else(|| before.and_then(|told| told.bytes));
        legs.push(Told { line: entry.line, at: entry.at, message, bytes });
    }
    for exchange in &mut exchanges {
        exchange.name = call_name(exchange);
        exchange.answer = answer_name(exchange);
    }
    exchanges
}

/// Whether two legs carry the same message.
pub(super) fn same_half(one: Leg, other: Leg) -> bool {
    is_call(one) == is_call(other)
}

/// Whether a leg belongs to the call, not to the answer.
pub(super) fn is_call(leg: Leg) -> bool {
    matches!(leg, Leg::CallSent | Leg::CallReceived)
}

fn call_name(exchange: &Exchange<'_>) -> String {
    let call = exchange.legs.iter().find(|told| is_call(told.message.leg));
    let Some(blob) = call.and_then(|told| told.bytes) else { return "?".to_owned() };
    let target = start_word(blob, 1);
    match exchange.way {
        Way::Call if is_legacy(blob) => {
            let named = || parameter(exchange.way, blob, "service");
            let known = service_of(blob).map(|service| service.name().to_owned());
            known.or_else(named).unwrap_or_else(|| "gateway.do".to_owned())
        }
        Way::Call => Api::of(&target).map_or_else(
            || target.rsplit('/').next().unwrap_or_default().to_owned(),
            |api| api.name().to_owned(),
        ),
        Way::Notice if is_return(exchange.way, blob) => "return".to_owned(),
        Way::Notice => {
            let kind = Fields::read(&blob.body).and_then(|fields| fields.text("notifyType"));
            let kind = kind.or_else(|| parameter(exchange.way, blob, "notify_type"));
            kind.unwrap_or_else(|| "notify".to_owned())
        }
    }
}

fn answer_name(exchange: &Exchange<'_>) -> String {
    let answer = exchange.legs.iter().rev().find(|told| !is_call(told.message.leg));
    answer.and_then(|told| told.bytes).map(result_of).unwrap_or_default()
}

/// What an answer says: its result where it is a gateway's, else the HTTP status.
pub(super) fn result_of(blob: &Blob) -> String {
    let status = start_word(blob, 1);
    let fields = Fields::read(&blob.body)
        .or_else(|| Answer::read(&blob.body).ok().map(|answer| answer.in_ams_words()));
    let Some(fields) = fields else { return format!("HTTP {status}") };
    let result = fields.text("result.resultStatus").zip(fields.text("result.resultCode"));
    let Some((outcome, code)) = result else { return format!("HTTP {status}") };
    let payment = fields.text("paymentStatus").map(|status| format!(" · {status}"));
    let http = if status == "200" { String::new() } else { format!(" · HTTP {status}") };
    format!("{outcome} {code}{}{http}", payment.unwrap_or_default())
}

/// A parameter of a call or notice of the older generation.
fn parameter(way: Way, blob: &Blob, name: &str) -> Option<String> {
    let form = form_of(way, blob, Charset::Utf8).ok()?;
    form.get(name).map(str::to_owned)
}

/// What a call or notice says, in the words of the newer generation.
fn fields_of(way: Way, blob: &Blob) -> Option<Fields> {
    let form = || form_of(way, blob, Charset::Utf8).ok();
    Fields::read(&blob.body).or_else(|| form().as_ref().map(Form::in_ams_words))
}

/// A word of the start line.
fn start_word(blob: &Blob, index: usize) -> String {
    let head = String::from_utf8_lossy(&blob.head);
    let line = head.lines().next().unwrap_or_default();
    line.split(' ').nth(index).unwrap_or_default().to_owned()
}

/// The ids of all requests of an attempt, as `name=value`, each once.
pub(super) fn request_ids(case: &CaseRecord) -> Vec<String> {
    let mut ids = vec![];
    for exchange in exchanges(&case.entries) {
        let call = exchange.legs.iter().find(|told| is_call(told.message.leg));
        let fields =
            call.and_then(|told| told.bytes).and_then(|blob| fields_of(exchange.way, blob));
        for name in REQUEST_IDS {
            let Some(value) = fields.as_ref().and_then(|fields| fields.text(name)) else {
                continue;
            };
            let id = format!("{name}={value}");
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids
}

/// What an exchange asks or tells: its name and its first id. Exchanges of one subject repeat each
/// other.
pub(super) fn subject_of(exchange: &Exchange<'_>) -> Option<String> {
    let call = exchange.legs.iter().find(|told| is_call(told.message.leg))?;
    let fields = fields_of(exchange.way, call.bytes?)?;
    let id = REQUEST_IDS.iter().find_map(|name| fields.text(name))?;
    Some(format!("{} {id}", exchange.name))
}

/// Whether a signature speaks against a message.
pub(super) fn is_doubtful(verified: Option<Verified>) -> bool {
    matches!(verified, Some(Verified::Wrong | Verified::Unsigned))
}

/// A span of milliseconds in seconds with three decimals.
pub(super) fn seconds(milliseconds: i64) -> String {
    let sign = if milliseconds < 0 { "-" } else { "" };
    let size = milliseconds.unsigned_abs();
    format!("{sign}{}.{:03}", size / 1000, size % 1000)
}
