//! How a merchant handled notices, judged.

use diagnose::visible;
use evidence::words::{
    NOTIFY_ACK_BODY, NOTIFY_ACK_HTTP, NOTIFY_ACKED, NOTIFY_ACKED_WRONG, NOTIFY_ACKED_WRONG_DO,
    NOTIFY_BOOKED, NOTIFY_BYTES, NOTIFY_CHANGED, NOTIFY_CHANGED_DO, NOTIFY_EITHER, NOTIFY_NO_ORDER,
    NOTIFY_NO_ORDER_DO, NOTIFY_NOT_ACKED, NOTIFY_NOT_ACKED_DO, NOTIFY_NOT_BOOKED,
    NOTIFY_NOT_BOOKED_DO, NOTIFY_REFUSED, NOTIFY_SENT, NOTIFY_SIGNATURE, NOTIFY_SIGNATURE_DO,
    NOTIFY_SLOW, NOTIFY_SLOW_DO, NOTIFY_STAYED, NOTIFY_UNASKED, Phrase, Sentence,
};
use evidence::{Blob, OrderState, OrderView, status_of, target_of};
use protocol::Generation;
use protocol::ams::{self, Verified};
use protocol::legacy;
use serde_json::json;

use super::How;
use crate::cli::output::{Span, Terminal, Tone, json_safe};
use crate::exit::Exit;

/// How long an acknowledgement may take, in milliseconds: after that the gateway sends again.
const LIMIT: i64 = 10_000;
/// Bytes of an acknowledgement that are shown at most.
const LONGEST: usize = 400;

/// What was told, and what came of it.
pub(super) struct Told {
    pub(super) answers: Vec<Answer>,
    /// Whether an order was looked at.
    pub(super) watched: bool,
    pub(super) before: Option<OrderView>,
    pub(super) after: Option<OrderView>,
}

/// A notice and what was said to it.
pub(super) struct Answer {
    pub(super) notice: Blob,
    pub(super) said: Blob,
    pub(super) took: i64,
    pub(super) verified: Verified,
}

/// By what the handling is judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Handling {
    pub(super) generation: Generation,
    pub(super) how: How,
    pub(super) signed_ack: bool,
    /// Whether the news is that a payment is paid.
    pub(super) pays: bool,
}

/// What a merchant has to say to a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// That it has it.
    Ack,
    /// Anything but that.
    Refusal,
    /// The documents leave it open.
    Either,
}

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    /// Whether it is as it has to be; `None` where nothing has to be.
    good: Option<bool>,
    says: Phrase,
    advice: Option<&'static Sentence>,
}

impl Found {
    fn good(says: Phrase) -> Self {
        Self { good: Some(true), says, advice: None }
    }

    fn bad(says: Phrase, advice: &'static Sentence) -> Self {
        Self { good: Some(false), says, advice: Some(advice) }
    }

    fn open(says: Phrase) -> Self {
        Self { good: None, says, advice: None }
    }
}

impl How {
    fn wanted(self) -> Wanted {
        match self {
            Self::Genuine | Self::Duplicate | Self::Reordered | Self::Late => Wanted::Ack,
            Self::Forged | Self::Unsigned => Wanted::Refusal,
            Self::Amount | Self::Order | Self::Charset => Wanted::Either,
        }
    }

    /// Whether an order that it names has to be paid once afterwards; otherwise it has to stay as
    /// it is.
    fn makes_paid(self) -> bool {
        match self {
            Self::Genuine | Self::Duplicate | Self::Reordered | Self::Late => true,
            Self::Forged | Self::Unsigned | Self::Amount | Self::Order | Self::Charset => false,
        }
    }
}

/// What is wrong with an acknowledgement; nothing where it is one.
fn ack_fault(generation: Generation, answer: &Blob) -> Option<String> {
    let status = status_of(&answer.head).unwrap_or_default();
    match generation {
        Generation::Ams => ams::judge_ack(status, &answer.body).err().map(|why| why.to_string()),
        Generation::Legacy => {
            legacy::judge_ack(status, &answer.body).err().map(|why| why.to_string())
        }
    }
}

fn of_answer(one: &Answer, handling: Handling) -> Vec<Found> {
    let fault = ack_fault(handling.generation, &one.said);
    let status = status_of(&one.said.head).unwrap_or_default();
    let mut found = vec![match (handling.how.wanted(), fault) {
        (Wanted::Ack, None) => Found::good(NOTIFY_ACKED.plain()),
        (Wanted::Ack, Some(why)) if status == 200 => {
            Found::bad(NOTIFY_ACK_BODY.with([why]), &NOTIFY_NOT_ACKED_DO)
        }
        (Wanted::Ack, Some(_)) => Found::bad(NOTIFY_ACK_HTTP.with([status]), &NOTIFY_NOT_ACKED_DO),
        (Wanted::Refusal, None) => Found::bad(NOTIFY_ACKED_WRONG.plain(), &NOTIFY_ACKED_WRONG_DO),
        (Wanted::Refusal, Some(_)) => Found::good(NOTIFY_REFUSED.plain()),
        (Wanted::Either, None) => Found::open(NOTIFY_EITHER.plain()),
        (Wanted::Either, Some(_)) => Found::open(NOTIFY_NOT_ACKED.plain()),
    }];
    if one.took > LIMIT {
        found.push(Found::bad(NOTIFY_SLOW.with([one.took]), &NOTIFY_SLOW_DO));
    }
    let unsigned = handling.signed_ack && handling.how.wanted() == Wanted::Ack;
    match one.verified {
        Verified::Wrong => {
            found.push(Found::bad(NOTIFY_SIGNATURE.with(["wrong"]), &NOTIFY_SIGNATURE_DO));
        }
        Verified::Unsigned if unsigned => {
            found.push(Found::bad(NOTIFY_SIGNATURE.with(["unsigned"]), &NOTIFY_SIGNATURE_DO));
        }
        Verified::Valid => found.push(Found::good(NOTIFY_SIGNATURE.with(["valid"]))),
        Verified::Unsigned => {}
    }
    found
}

/// Whether an order counts as paid once.
fn is_paid_once(order: &OrderView) -> bool {
    order.till == OrderState::Paid && order.bookings.len() == 1
}

fn of_order(told: &Told, handling: Handling) -> Option<Found> {
    if !told.watched {
        return None;
    }
    let Some(after) = &told.after else {
        return Some(Found::bad(NOTIFY_NO_ORDER.plain(), &NOTIFY_NO_ORDER_DO));
    };
    let state = format!("{:?}, {}", after.till, after.bookings.len());
    if handling.pays && handling.how.makes_paid() {
        return Some(if is_paid_once(after) {
            Found::good(NOTIFY_BOOKED.plain())
        } else {
            Found::bad(NOTIFY_NOT_BOOKED.with([state]), &NOTIFY_NOT_BOOKED_DO)
        });
    }
    if handling.how.makes_paid() {
        return None;
    }
    Some(if told.before.as_ref() == Some(after) {
        Found::good(NOTIFY_STAYED.plain())
    } else {
        Found::bad(NOTIFY_CHANGED.with([state]), &NOTIFY_CHANGED_DO)
    })
}

/// Tells how the notices were handled, and answers how the command ends.
pub(super) fn show(
    terminal: &mut Terminal,
    told: &Told,
    handling: Handling,
    machine: bool,
) -> Exit {
    let each: Vec<(&Answer, Vec<Found>)> =
        told.answers.iter().map(|one| (one, of_answer(one, handling))).collect();
    let order = of_order(told, handling);
    let all = each.iter().flat_map(|(_, found)| found).chain(&order);
    let bad = all.clone().any(|found| found.good == Some(false));
    if machine {
        terminal.raw(&written(&each, order.as_ref(), bad));
        return if bad { Exit::Rejected } else { Exit::Acceptable };
    }
    for (one, found) in &each {
        let target = target_of(&one.notice.head).unwrap_or_default();
        let status = status_of(&one.said.head).unwrap_or_default();
        let says = NOTIFY_SENT.with([target, status.to_string(), one.took.to_string()]);
        let says = terminal.text(&says);
        terminal.line([Span::new(Tone::Strong, says)]);
        for found in found {
            line(terminal, found);
        }
        let shown = one.said.body.get(..LONGEST).unwrap_or(&one.said.body);
        let says = NOTIFY_BYTES.with([one.said.body.len().to_string(), visible(shown)]);
        line(terminal, &Found::open(says));
    }
    match &order {
        Some(found) => line(terminal, found),
        None => line(terminal, &Found::open(NOTIFY_UNASKED.plain())),
    }
    if bad { Exit::Rejected } else { Exit::Acceptable }
}

fn line(terminal: &mut Terminal, found: &Found) {
    let (tone, mark) = match found.good {
        Some(true) => (Tone::Good, "✓"),
        Some(false) => (Tone::Bad, "✗"),
        None => (Tone::Faint, "·"),
    };
    let says = terminal.text(&found.says);
    terminal.line([Span::new(tone, format!("  {mark} ")), Span::from(says)]);
    if let Some(advice) = found.advice {
        let label = evidence::words::LABEL_TRY.text(terminal.language());
        let advice = terminal.text(&advice.plain());
        terminal.line([Span::new(Tone::Advice, format!("    {label}: ")), Span::from(advice)]);
    }
}

fn written(each: &[(&Answer, Vec<Found>)], order: Option<&Found>, bad: bool) -> String {
    let found = |found: &Found| {
        json!({
            "good": found.good,
            "says": found.says.to_string(),
            "fix": found.advice.map(|advice| advice.en),
        })
    };
    let answers = each.iter().map(|(one, all)| {
        json!({
            "status": status_of(&one.said.head),
            "body": String::from_utf8_lossy(&one.said.body),
            "milliseconds": one.took,
            "found": all.iter().map(found).collect::<Vec<_>>(),
        })
    });
    let told = json!({
        "handled": !bad,
        "notices": answers.collect::<Vec<_>>(),
        "order": order.map(found),
    });
    json_safe(&serde_json::to_string_pretty(&told).unwrap_or_default()) + "\n"
}
