//! An order of the runner's own, which opens or closes a run that answers a reviewer's challenge: its
//! number carries the nonce, and the gateway repeats it in answers that it signs.

use evidence::words::{self as say, Phrase, Place};
use evidence::{CaseRecord, Entry, Leg, Message, Way, is_legacy};
use protocol::ams::{Api, Status, Verified};
use protocol::parse_time;
use steps::Seen;
use steps::seen::{Answer, Exchange};

use super::bundle::names;
use super::facts::StatementFacts;

/// The legs of a call of the runner's own, in their order: its answer is handed to nobody.
const LEGS: [Leg; 3] = [Leg::CallSent, Leg::CallReceived, Leg::AnswerSent];
/// The messages of an own order.
pub(super) const MESSAGES: usize = LEGS.len() * CALLS.len();
/// The calls of an own order, in their order.
const CALLS: [Api; 2] = [Api::Pay, Api::Cancel];

/// Which of the two orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Before anything is played.
    Opening,
    /// When everything was played.
    Closing,
}

impl Role {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Closing => "closing",
        }
    }

    /// What the numbers of such an order begin with, in one run that answers one challenge.
    fn head(self, nonce: &str, run: &str) -> String {
        let mut of_run = signing::sha256_hex(format!("{nonce}\n{run}").as_bytes());
        of_run.truncate(8);
        let letter = if self == Self::Opening { 'o' } else { 'c' };
        format!("{nonce}-{of_run}-{letter}")
    }

    /// The number of such an order, made at a moment: who has to close again takes another one.
    pub fn number(self, nonce: &str, run: &str, at: i64) -> String {
        format!("{}{}", self.head(nonce, run), at.div_euclid(1_000))
    }
}

/// Which run the orders have to be of.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The nonce that it answers.
    pub nonce: &'a str,
    /// Its id.
    pub run: &'a str,
    /// The merchant's id in each generation; empty where it has none.
    pub merchant: [&'a str; 2],
}

impl<'a> Asked<'a> {
    /// What a statement tells.
    pub fn of(facts: &'a StatementFacts) -> Self {
        let merchant = [facts.merchant.client_id.as_str(), &facts.merchant.partner];
        Self { nonce: &facts.run.challenge, run: &facts.run.id, merchant }
    }
}

/// When an own order was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnOrderTimes {
    /// By the witness's clock: when its first message was sent, and when its last one came.
    pub recorded: [i64; 2],
    /// By what the gateway signed, where its answers tell a time.
    pub signed: Option<[i64; 2]>,
}

impl OwnOrderTimes {
    /// The first and the last moment, by the gateway where it tells them.
    pub fn best(&self) -> [i64; 2] {
        self.signed.unwrap_or(self.recorded)
    }
}

/// Reads the messages of one own order: what they say has to follow from the challenge and the run.
/// That signatures are in the state that is told is for others to see.
pub fn own_order(
    entries: &[Entry],
    role: Role,
    asked: &Asked<'_>,
) -> Result<OwnOrderTimes, Phrase> {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
        return Err(say::ANSWERS_FORM.with([names::CHALLENGE]));
    };
    check_form(entries)?;
    let seen = Seen::new(&as_attempt(entries));
    let head = role.head(asked.nonce, asked.run);
    let (mut number, mut times) = (None, vec![]);
    for (exchange, api) in seen.exchanges.iter().zip(CALLS) {
        let told = exchange.request_id().unwrap_or_default();
        let rest = told.strip_prefix(&head).unwrap_or_default();
        let digits = (1..=12).contains(&rest.len()) && rest.bytes().all(|it| it.is_ascii_digit());
        let same = number.replace(told.clone()).is_none_or(|number| number == told);
        if !digits || !same || exchange.api != Some(api) {
            let places = [Place::value(role.name()), Place::quoted(&told), asked.nonce.into()];
            return Err(say::ANSWERS_ID.holding(places));
        }
        let merchant = merchant_of(exchange);
        if !asked.merchant.contains(&merchant.as_str()) || merchant.is_empty() {
            return Err(say::ANSWERS_MERCHANT.with([role.name(), &merchant]));
        }
        times.extend(answered(exchange, api, role, &told)?);
    }
    let signed = match times[..] {
        [opened, closed] => Some([opened, closed]),
        _ => None,
    };
    Ok(OwnOrderTimes { recorded: [first.at, last.at], signed })
}

/// Wants two calls of the runner's own, three messages each, one behind the other, through which
/// nothing came but the name of the host.
fn check_form(entries: &[Entry]) -> Result<(), Phrase> {
    let from = entries.first().map_or(0, |entry| entry.line);
    let number = entries.first().and_then(|it| it.event.message()).map_or(0, |it| it.exchange);
    let due = (0..2).flat_map(|call| LEGS.map(|leg| (number.saturating_add(call), leg)));
    let mut before: Option<&Entry> = None;
    for ((line, (exchange, leg)), entry) in (from..).zip(due).zip(entries) {
        let fits = |message: &Message| {
            let told = (message.exchange, message.leg, message.way, message.own);
            let plain = message.fault.is_none() && message.redacted.is_none();
            let bytes = match leg {
                Leg::CallSent | Leg::AnswerSent => message.bytes.is_some(),
                // The host has another name behind the witness.
                Leg::CallReceived => message.bytes.as_ref().is_none_or(|bytes| {
                    let sent = before.and_then(|it| it.event.message()?.bytes.as_ref());
                    sent.is_some_and(|sent| sent.body == bytes.body)
                }),
                Leg::AnswerReceived => false,
            };
            told == (exchange, leg, Way::Call, true) && plain && bytes
        };
        let follows = before.is_none_or(|before| before.at <= entry.at);
        if entry.line != line || !follows || !entry.event.message().is_some_and(fits) {
            return Err(say::ANSWERS_LINE.with([entry.line + 1]));
        }
        before = Some(entry);
    }
    if entries.len() == MESSAGES { Ok(()) } else { Err(say::ANSWERS_FORM.with([names::CHALLENGE])) }
}

/// The messages as those of an attempt of nobody's case, in the generation of the first of them.
pub(super) fn as_attempt(entries: &[Entry]) -> CaseRecord {
    let first = entries.first().and_then(|entry| entry.event.message()?.bytes.as_ref());
    let case = if first.is_some_and(is_legacy) { "LEG-PAY-000" } else { "AMS-PAY-000" };
    let key = evidence::CaseKey { case: case.to_owned(), product: None, row: None };
    CaseRecord { key, attempt: 1, entries: entries.to_vec() }
}

/// Whose call it is.
fn merchant_of(exchange: &Exchange) -> String {
    let named = if exchange.is_legacy() {
        exchange.parameter("partner").map(str::to_owned)
    } else {
        exchange.sent.as_ref().and_then(|sent| sent.header("client-id"))
    };
    named.unwrap_or_default()
}

/// Wants an answer that the gateway signed, which repeats the number and did what was asked. When it
/// was signed, where it tells.
fn answered(
    exchange: &Exchange,
    api: Api,
    role: Role,
    number: &str,
) -> Result<Option<i64>, Phrase> {
    let (call, role) = (exchange.name(), role.name());
    let answer = exchange.answer_sent.as_ref();
    let valid = |answer: &&Answer| answer.verified == Some(Verified::Valid);
    let outcome = answer.and_then(|answer| answer.outcome.clone());
    let done = outcome.as_ref().is_some_and(|outcome| match outcome.status {
        Status::S => true,
        // A page for the buyer is an order that is under way.
        Status::U => api == Api::Pay,
        Status::F => false,
    });
    if !done {
        let status = answer.and_then(|answer| answer.status).unwrap_or_default();
        let code = outcome.map_or_else(|| format!("HTTP {status}"), |outcome| outcome.code);
        return Err(say::ANSWERS_REFUSED.with([call, role, &code]));
    }
    let Some(answer) = answer.filter(valid) else {
        return Err(say::ANSWERS_UNSIGNED.with([call, role]));
    };
    let repeated = answer.text("paymentRequestId").unwrap_or_default();
    if repeated != number {
        let places = [call.into(), role.into(), Place::quoted(&repeated)];
        return Err(say::ANSWERS_REPEATED.holding(places));
    }
    if exchange.is_legacy() {
        return Ok(None);
    }
    let time = answer.header("response-time").and_then(|time| parse_time(&time));
    time.map(Some).ok_or_else(|| say::ANSWERS_UNDATED.with([call, role]))
}
