//! The gateway's control API: how the stage arranges wallets and what the gateway answers.

use std::net::SocketAddr;

use evidence::words::{self as say, Phrase};
use evidence::{Party, WalletStatement};
use serde_json::{Value, json};
use wire::{Answer, BODY_CAP, Call, CallError, Client};

use crate::contract::HOST;

/// The control API of a gateway, or the fact that it has none.
#[derive(Debug, Clone)]
pub struct Control {
    /// Whether there is one.
    is_there: bool,
    http: Client,
    address: SocketAddr,
    /// What `Host` is there: the gateway's name, behind that of a tenant where there is one.
    host: String,
    token: Option<String>,
    /// The tenant that was opened for this scenario alone, and is taken down with it.
    tenant: Option<String>,
}

/// Why the gateway could not be arranged.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The gateway has none.
    #[error("this gateway answers no control API")]
    None,
    /// It could not be reached.
    #[error("the gateway's control API cannot be reached: {0}")]
    Call(#[from] CallError),
    /// It refused.
    #[error("the gateway's control API refused {target}: {status} {said}")]
    Refused {
        /// The path.
        target: String,
        /// The HTTP status.
        status: u16,
        /// What it said.
        said: String,
    },
    /// It answered something that cannot be read.
    #[error("the gateway's control API answered {0} with something unreadable")]
    Unreadable(String),
}

impl ControlError {
    /// Who is to blame where a scenario needed it.
    pub(crate) fn by(&self) -> Party {
        match self {
            // Nobody promised one.
            Self::None => Party::Environment,
            Self::Call(_) | Self::Refused { .. } | Self::Unreadable(_) => Party::Gateway,
        }
    }

    /// The same as a sentence of the table.
    pub fn says(&self) -> Phrase {
        match self {
            Self::None => say::CONTROL_NONE.plain(),
            Self::Call(error) => say::CONTROL_UNREACHED.holding([unanswered(error).into()]),
            Self::Refused { target, status, said } => {
                say::CONTROL_REFUSED.with([target, &status.to_string(), said])
            }
            Self::Unreadable(target) => say::CONTROL_UNREADABLE.with([target]),
        }
    }
}

/// Why a call got no answer, as a sentence of the table.
pub fn unanswered(error: &CallError) -> Phrase {
    let cause = error.cause().unwrap_or_default();
    match error {
        CallError::Unreachable(_) => say::SAID_ELSEWHERE.with([cause]),
        CallError::Broken(_) => say::CALL_BROKEN.with([cause]),
        CallError::TooLong => say::CALL_TOO_LONG.with([BODY_CAP]),
    }
}

impl Control {
    /// The control API at an address, where the gateway is called `host`; `token` where it asks
    /// for one.
    pub fn new(http: Client, address: SocketAddr, host: String, token: Option<String>) -> Self {
        Self { is_there: true, http, address, host, token, tenant: None }
    }

    /// What a gateway has that answers none.
    pub(crate) fn none(address: SocketAddr, host: String) -> Self {
        Self { is_there: false, ..Self::new(Client::new(), address, host, None) }
    }

    /// Whether there is one, and so simulated buyers and a clock that steps move.
    pub(crate) fn is_there(&self) -> bool {
        self.is_there
    }

    /// That of a tenant of the embedded gateway.
    pub(crate) fn embedded(http: Client, address: SocketAddr) -> Self {
        Self::new(http, address, HOST.into(), None)
    }

    /// What `Host` is there.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Opens a tenant of the gateway: its own control API.
    pub(crate) async fn open_tenant(&self, body: &Value) -> Result<Self, ControlError> {
        let opened = self.post("tenants", body).await?;
        let name = Self::text(&opened, "tenant")?;
        let host = format!("{name}.{}", self.host);
        Ok(Self { host, tenant: Some(name), ..self.clone() })
    }

    /// Takes the tenant down that was opened for this scenario, if one was. The gateway does so by
    /// itself some time later, so whether it works is nobody's concern.
    pub(crate) async fn leave(&mut self) {
        let Some(name) = self.tenant.take() else { return };
        if let Some(own) = self.host.strip_prefix(&format!("{name}.")) {
            let operator = Self { host: own.to_owned(), ..self.clone() };
            let target = format!("/_sandbox/tenants/{name}");
            drop(operator.send(&target, Call::delete(&target)).await);
        }
    }

    async fn send(&self, target: &str, call: Call) -> Result<Value, ControlError> {
        if !self.is_there {
            return Err(ControlError::None);
        }
        let call = match &self.token {
            Some(token) => call.header("x-control-token", token),
            None => call,
        };
        let answer: Answer = self.http.send(self.address, &self.host, call).await?;
        if !(200..300).contains(&answer.status) {
            let said = String::from_utf8_lossy(&answer.body).into_owned();
            let target = target.to_owned();
            return Err(ControlError::Refused { target, status: answer.status, said });
        }
        if answer.body.is_empty() {
            return Ok(Value::Null);
        }
        let read = serde_json::from_slice(&answer.body);
        read.map_err(|_no_json| ControlError::Unreadable(target.to_owned()))
    }

    /// Posts to the control API.
    pub async fn post(&self, target: &str, body: &Value) -> Result<Value, ControlError> {
        let target = format!("/_sandbox/{target}");
        let call = Call::post(&target, body.to_string().into_bytes());
        self.send(&target, call.header("content-type", "application/json")).await
    }

    /// Reads from the control API.
    pub async fn get(&self, target: &str) -> Result<Value, ControlError> {
        let target = format!("/_sandbox/{target}");
        self.send(&target, Call::get(&target)).await
    }

    /// What time it is at the gateway.
    pub async fn now(&self) -> Result<i64, ControlError> {
        let clock = self.get("clock").await?;
        let now = clock.get("now").and_then(Value::as_i64);
        now.ok_or_else(|| ControlError::Unreadable("clock".into()))
    }

    /// When the next thing falls due at the gateway: a notice, the end of a review, of a day. `None`
    /// when nothing does.
    pub async fn next_due(&self) -> Result<Option<i64>, ControlError> {
        let clock = self.get("clock").await?;
        Ok(clock.get("next").and_then(Value::as_i64))
    }

    /// Moves the gateway's clock forward by so many milliseconds.
    pub async fn advance(&self, span: i64) -> Result<(), ControlError> {
        self.post("clock", &json!({ "advance": span })).await.map(drop)
    }

    /// What the wallets say the money did.
    pub async fn statement(&self) -> Result<WalletStatement, ControlError> {
        let statement = self.get("statement").await?;
        let read = serde_json::from_value(statement);
        read.map_err(|_shape| ControlError::Unreadable("statement".into()))
    }

    /// Takes all answers on demand away.
    pub async fn clear_rules(&self) -> Result<(), ControlError> {
        let target = "/_sandbox/rules";
        self.send(target, Call::delete(target)).await.map(drop)
    }

    /// Takes one answer on demand away, by its number.
    pub async fn remove_rule(&self, number: u32) -> Result<(), ControlError> {
        let target = format!("/_sandbox/rules/{number}");
        self.send(&target, Call::delete(&target)).await.map(drop)
    }

    /// The text of one field of an answer.
    pub fn text(answer: &Value, name: &str) -> Result<String, ControlError> {
        let text = answer.get(name).and_then(Value::as_str).map(str::to_owned);
        text.ok_or_else(|| ControlError::Unreadable(name.to_owned()))
    }
}

/// What stands in sentences that a gateway makes true only where it is told to: its rules, outcomes of
/// reviews, files, days that pass, and what a buyer does within less time than a person needs.
const TO_ORDER: [&str; 14] = [
    "demands store and merchant",
    "another wallet's form",
    "secondary merchant",
    "registered merchants",
    "reconcil",
    "hours pass",
    "days pass",
    "an hour later",
    "beijing time",
    "time runs out",
    "time limit passes",
    "cancels the order and the buyer confirms",
    "while the cancel is on its way",
    "refunds stay open",
];

/// How a sentence begins that waits for a day to end: elsewhere its scenario goes on in another
/// sitting.
const DAY_ENDS: [&str; 2] = [
    "the day is over and the merchant reconciles its ",
    "the day is over and the gateway has written its files",
];
/// How those begin that wait for reviews to end, and go on in another sitting as well.
const REVIEW_ENDS: [&str; 3] = [
    "an own call asks for the status, again when the review is over",
    "one secondary merchant is approved, and another was rejected by every wallet",
    "two approved secondary merchants with ",
];
/// How those begin that need no more of a gateway than what it does by itself, in its own time.
const BY_ITSELF: [&str; 9] = [
    "the whole report is delivered and the merchant reconciles once more",
    "the merchant registers a secondary merchant without a store",
    "the merchant registers a secondary merchant with ",
    "the merchant registers a secondary merchant to sell for",
    "the review of a secondary merchant takes ",
    "the review of a secondary merchant goes on",
    "reviews that take 5 minutes and end in success",
    "2 days pass",
    "the witness delivers it once more an hour later",
];

/// Whether a sentence that arranges or acts asks for something that nobody but a gateway with a control
/// API does.
pub fn needs_control(sentence: &str) -> bool {
    let waits = waits_for_a_day(sentence) || waits_for_a_review(sentence);
    let sentence = sentence.to_lowercase();
    let by_itself = begins(&sentence, &BY_ITSELF);
    !by_itself && !waits && TO_ORDER.iter().any(|part| sentence.contains(part))
}

/// Whether a sentence waits for a day to end, and for the gateway's files about it.
pub fn waits_for_a_day(sentence: &str) -> bool {
    begins(sentence, &DAY_ENDS)
}

/// Whether a sentence waits for the gateway's reviews of secondary merchants to end.
pub fn waits_for_a_review(sentence: &str) -> bool {
    begins(sentence, &REVIEW_ENDS)
}

fn begins(sentence: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|begin| sentence.starts_with(begin))
}
