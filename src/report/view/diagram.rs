//! The conversation of an attempt as a drawing: who said what to whom, and when.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use evidence::words::{self as w, Language, Place, Sentence};
use evidence::{CaseRecord, Entry, Event, Leg, Message, OrderView, Way};
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::shapes::shape_name;
use super::wording::{
    Both, order_name, reconciliation_name, refund_name, registration_name, shorten, signature_chip,
};
use crate::report::conversation::{Exchange, is_call, is_doubtful, result_of, seconds};
use crate::report::text::one_line;

const TOP: u32 = 44;
const ROW: u32 = 36;
const WIDTH: u32 = 860;
/// Where the lifelines stand.
pub(super) const MERCHANT: u32 = 140;
pub(super) const WITNESS: u32 = 430;
pub(super) const GATEWAY: u32 = 720;
/// What fits above an arrow between two neighbours, and between merchant and gateway.
const SHORT: usize = 40;
const LONG: usize = 64;
/// What fits in bold between the times and the lines.
const NOTE: usize = 84;

/// A drawing.
pub(in crate::report) struct Diagram {
    pub label: Both,
    pub width: u32,
    pub height: u32,
    pub bottom: u32,
    pub lanes: Vec<Lane>,
    pub rows: Vec<Row>,
}

/// A lifeline.
pub(in crate::report) struct Lane {
    pub x: u32,
    pub name: Both,
}

/// A line of the drawing.
pub(in crate::report) struct Row {
    pub y: u32,
    pub at: String,
    pub line: u32,
    /// Whether a failed check points at it.
    pub shown: bool,
    pub arrow: Option<Arrow>,
    pub note: Option<Both>,
    pub tone: &'static str,
}

/// A message under way.
pub(in crate::report) struct Arrow {
    pub from: u32,
    pub to: u32,
    /// The name of its shape.
    pub shape: String,
    /// Whether its text stands between witness and gateway.
    pub right: bool,
    pub text: Both,
    pub mark: &'static str,
    pub mark_tone: &'static str,
    pub own: bool,
    /// Whether it ends at the witness for good.
    pub lost: bool,
}

/// What is known while the rows are drawn.
struct Drawing<'a> {
    exchanges: &'a [Exchange<'a>],
    began: i64,
    shown: &'a [u32],
    rows: Vec<Row>,
    orders: BTreeMap<&'a str, (evidence::OrderState, evidence::OrderState)>,
    refunds: BTreeMap<(&'a str, &'a str), evidence::RefundState>,
}

impl Diagram {
    /// Draws an attempt that began at `began`.
    pub(super) fn of(
        case: &CaseRecord,
        exchanges: &[Exchange<'_>],
        began: i64,
        shown: &[u32],
        label: Both,
    ) -> Self {
        let rows = vec![];
        let (orders, refunds) = (BTreeMap::new(), BTreeMap::new());
        let mut drawing = Drawing { exchanges, began, shown, rows, orders, refunds };
        let mut entries = case.entries.iter().peekable();
        while let Some(entry) = entries.next() {
            let Event::Message(message) = &entry.event else {
                drawing.note(entry);
                continue;
            };
            // A message that was passed on at once and unchanged is one arrow, not two.
            let through = entries.next_if(|next| passes(entry, message, next)).is_some();
            drawing.arrow(entry, message, through);
        }
        let count = u32::try_from(drawing.rows.len()).unwrap_or(u32::MAX);
        let bottom = TOP + 8 + count.saturating_mul(ROW);
        let lanes = [
            (MERCHANT, &w::PARTY_MERCHANT),
            (WITNESS, &w::LANE_WITNESS),
            (GATEWAY, &w::PARTY_GATEWAY),
        ];
        let lanes = lanes.map(|(x, name)| Lane { x, name: Both::sentence(name) }).into();
        let (width, height) = (WIDTH, bottom + 10);
        Self { label, width, height, bottom, lanes, rows: drawing.rows }
    }
}

/// Who stands there.
pub(super) fn lane_name(x: u32) -> &'static Sentence {
    match x {
        MERCHANT => &w::PARTY_MERCHANT,
        GATEWAY => &w::PARTY_GATEWAY,
        _ => &w::LANE_WITNESS,
    }
}

/// Whether `next` is the same message leaving the witness, untouched and at the same moment.
fn passes(entry: &Entry, message: &Message, next: &Entry) -> bool {
    let Event::Message(other) = &next.event else { return false };
    let onward = matches!(
        (message.leg, other.leg),
        (Leg::CallSent, Leg::CallReceived) | (Leg::AnswerSent, Leg::AnswerReceived)
    );
    onward
        && message.exchange == other.exchange
        && other.bytes.is_none()
        && message.fault.is_none()
        && other.fault.is_none()
        && entry.at == next.at
}

impl<'a> Drawing<'a> {
    fn row(&mut self, entry: &Entry, tone: &'static str) -> &mut Row {
        let place = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let y = TOP.saturating_add(ROW.saturating_mul(place)).saturating_add(28);
        self.rows.push(Row {
            y,
            at: seconds(entry.at.saturating_sub(self.began)),
            line: entry.line,
            shown: self.shown.contains(&entry.line),
            arrow: None,
            note: None,
            tone,
        });
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }

    fn arrow(&mut self, entry: &Entry, message: &Message, through: bool) {
        let exchange = self.exchanges.iter().find(|known| known.number == message.exchange);
        let told = exchange.and_then(|known| known.legs.iter().find(|leg| leg.line == entry.line));
        let call = is_call(message.leg);
        let text = match (call, told.and_then(|told| told.bytes)) {
            (true, _) => exchange.map(|known| known.name.clone()).unwrap_or_default(),
            (false, Some(blob)) => result_of(blob),
            (false, None) => String::new(),
        };
        let length = if through { LONG } else { SHORT };
        let fault = message.fault.as_deref();
        let text = Both::in_each(|language| {
            let fault = fault.map(|fault| format!(" · {}", word_of("FAULT", fault, language)));
            shorten(&one_line(&format!("{text}{}", fault.unwrap_or_default())), length)
        });
        let onward = if call { Leg::CallReceived } else { Leg::AnswerReceived };
        let has =
            |leg| exchange.is_some_and(|it| it.legs.iter().any(|told| told.message.leg == leg));
        // What witness or runner sent by themselves has no sender of its own to go back to.
        let awaited = !message.own && (call || has(Leg::CallSent));
        let reached = !matches!(message.leg, Leg::CallSent | Leg::AnswerSent);
        let lost = awaited && !through && !reached && !has(onward);
        let (from, to) = ends(message, through);
        let signature = signature_chip(message.verified);
        let tone = match (message.fault.is_some() || lost, is_doubtful(message.verified)) {
            (true, _) => "bad",
            (false, true) => "warn",
            (false, false) => "line",
        };
        let mark = if message.verified.is_some() { signature.mark } else { "" };
        let arrow = Arrow {
            from,
            to,
            shape: shape_name(from, to, message.own, lost),
            // Where it begins, so that call and answer stand apart.
            right: from == GATEWAY || (from == WITNESS && to == GATEWAY),
            text,
            mark,
            mark_tone: signature.tone,
            own: message.own,
            lost,
        };
        self.row(entry, tone).arrow = Some(arrow);
    }

    /// A row for each refund that is seen otherwise than before.
    fn refunds(&mut self, entry: &Entry, view: &'a OrderView) {
        for refund in &view.refunds {
            let key = (view.order.as_str(), refund.slip.as_str());
            if self.refunds.insert(key, refund.state) != Some(refund.state) {
                let (order, slip) = (Both::same(key.0), Both::same(key.1));
                let places = [order, slip, refund_name(refund.state)];
                let note = Both::filled(&w::WITNESS_REFUND, &places);
                self.row(entry, "event").note = Some(note.cut(NOTE));
            }
        }
    }

    fn note(&mut self, entry: &'a Entry) {
        let (tone, note) = match &entry.event {
            Event::Message(_) | Event::Closed => return,
            Event::Arranged { what, facts } => ("event", told(what, facts)),
            Event::Did { what, facts } => ("did", told(what, facts)),
            Event::Order(view) => {
                self.refunds(entry, view);
                let states = (view.till, view.back_office);
                if self.orders.insert(&view.order, states) == Some(states) {
                    return;
                }
                let order = Both::same(&view.order);
                let places = [order, order_name(view.till), order_name(view.back_office)];
                ("event", Both::filled(&w::WITNESS_ORDER, &places))
            }
            Event::Merchant(view) => {
                let id = Both::same(&view.id);
                ("event", Both::filled(&w::WITNESS_MERCHANT, &[id, registration_name(view.state)]))
            }
            Event::Reconciliation { view } => {
                let (count, matched) = (view.differences.len(), view.matched);
                let places = [
                    Both::same(view.kind.prefix()),
                    Both::same(&view.day.to_string()),
                    reconciliation_name(view.state),
                    Both::same(&count.to_string()),
                    Both::same(&matched.to_string()),
                ];
                ("event", Both::filled(&w::WITNESS_RECONCILIATION, &places))
            }
            Event::Wallet(statement) => {
                let counts = [statement.debits.len(), statement.credits.len()];
                ("event", Both::phrase(&w::WITNESS_WALLET.with(counts)))
            }
            Event::Broken { by, why } => {
                let places = [super::wording::party_name(*by), Both::place(why)];
                ("bad", Both::filled(&w::BROKEN_BY, &places))
            }
        };
        self.row(entry, tone).note = Some(note.cut(NOTE));
    }
}

/// Where an arrow begins and ends.
pub(super) fn ends(message: &Message, through: bool) -> (u32, u32) {
    // The runner's own calls leave from where the runner stands.
    let merchant = if message.own { WITNESS } else { MERCHANT };
    let outward = (message.way == Way::Call) == is_call(message.leg);
    let (sender, receiver) = if outward { (merchant, GATEWAY) } else { (GATEWAY, merchant) };
    let first = matches!(message.leg, Leg::CallSent | Leg::AnswerSent);
    match (through || message.own, first) {
        (true, _) => (sender, receiver),
        (false, true) => (sender, WITNESS),
        (false, false) => (WITNESS, receiver),
    }
}

/// A word of the record for people; one that we do not know is shown as it is.
fn word_of<'a>(kind: &str, word: &'a str, language: Language) -> &'a str {
    Sentence::of_word(kind, word).map_or(word, |sentence| sentence.text(language))
}

/// An event in a few words: its name and its plain facts, which stay as the record has them but for
/// sentences of ours.
fn told(what: &str, facts: &Map<String, Value>) -> Both {
    Both::in_each(|language| {
        format!("{}{}", word_of("EVENT", what, language), plain(facts, language))
    })
}

fn plain(facts: &Map<String, Value>, language: Language) -> String {
    let mut text = String::new();
    // Why it happened may stand there twice: in English, and as a sentence of the table.
    let says = facts.get("says").and_then(|says| Place::deserialize(says).ok());
    for (name, value) in facts {
        let value = match value {
            Value::String(_) if name == "why" && says.is_some() => {
                says.as_ref().map_or_else(String::new, |says| says.said(language))
            }
            Value::String(value) => value.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        // Writing to a String cannot fail.
        let _ = write!(text, " · {name} {}", one_line(&value));
    }
    text
}
