//! The messages of an attempt in full.

use evidence::words as w;
use evidence::{Blob, Leg, Redacted};

use super::wording::{Both, Chip, signature_chip};
use crate::report::conversation::{Exchange, Told, is_call, same_half, seconds};
use crate::report::json_text::indent;
use crate::report::legacy_text::lay_out;
use crate::report::text::shown_text;

/// Bodies of more lines than this are folded away.
const LONG: usize = 40;

/// An exchange.
pub(in crate::report) struct ExchangeView {
    pub number: Both,
    pub name: String,
    pub answer: Both,
    /// Whether a failed check points at it.
    pub open: bool,
    pub own: bool,
    pub legs: Vec<LegView>,
}

/// A message.
pub(in crate::report) struct LegView {
    pub label: Both,
    /// Its line in the record; two, where it was passed on at once.
    pub lines: String,
    pub at: String,
    pub signature: Chip,
    pub fault: Option<Both>,
    /// What was replaced in it on entry, so that its signature cannot be checked again.
    pub redacted: Option<RedactedView>,
    /// Whether it is byte for byte the one before, and so is not shown again.
    pub same: bool,
    /// Whether it was passed on at once and unchanged.
    pub passed: bool,
    pub head: String,
    pub body: String,
    pub long: Option<Both>,
    pub not_text: bool,
}

/// What was replaced in a message.
pub(in crate::report) struct RedactedView {
    pub chip: Both,
    pub fields: Both,
    pub digest: Option<Both>,
}

impl RedactedView {
    fn of(mark: &Redacted) -> Self {
        let fields: Vec<String> = mark.fields.iter().map(|name| shown_text(name)).collect();
        Self {
            chip: Both::sentence(&w::NOT_RECHECKABLE),
            fields: Both::phrase(&w::REDACTED_FIELDS.with([fields.join(", ")])),
            digest: mark.digest.as_ref().map(|it| Both::phrase(&w::REDACTED_DIGEST.with([it]))),
        }
    }
}

/// The exchanges of an attempt that began at `began`; those with a line among `shown` are open.
pub(super) fn exchange_views(
    exchanges: &[Exchange<'_>],
    began: i64,
    shown: &[u32],
) -> Vec<ExchangeView> {
    let view = |exchange: &Exchange<'_>| ExchangeView {
        number: Both::phrase(&w::EXCHANGE.with([exchange.number])),
        name: shown_text(&exchange.name),
        answer: match exchange.answer.as_str() {
            "" => Both::sentence(&w::NO_ANSWER),
            answer => Both::same(answer),
        },
        open: exchange.legs.iter().any(|told| shown.contains(&told.line)),
        own: exchange.own,
        legs: legs(&exchange.legs, began),
    };
    exchanges.iter().map(view).collect()
}

/// One view for each message; one for both legs where it was passed on at once and unchanged.
fn legs(legs: &[Told<'_>], began: i64) -> Vec<LegView> {
    let mut views: Vec<LegView> = vec![];
    for (index, told) in legs.iter().enumerate() {
        let half = |other: &&Told<'_>| same_half(other.message.leg, told.message.leg);
        let before = legs[..index].iter().rev().find(half);
        let same = before.is_some_and(|before| before.bytes == told.bytes);
        let at_once = before.is_some_and(|before| {
            let faultless = before.message.fault.is_none() && told.message.fault.is_none();
            faultless && before.at == told.at && before.message.verified == told.message.verified
        });
        match views.last_mut() {
            Some(last) if same && at_once => {
                last.passed = true;
                last.lines = format!("{}, {}", last.lines, told.line);
            }
            _ => views.push(leg(told, same, began)),
        }
    }
    views
}

fn leg(told: &Told<'_>, same: bool, began: i64) -> LegView {
    let empty = Blob::default();
    let blob = told.bytes.filter(|_| !same).unwrap_or(&empty);
    let text = String::from_utf8_lossy(&blob.body);
    let laid_out = indent(&text).or_else(|| lay_out(&text));
    let body = shown_text(&laid_out.unwrap_or_else(|| text.clone().into_owned()));
    let lines = body.lines().count();
    LegView {
        label: leg_name(told.message.leg),
        lines: told.line.to_string(),
        at: seconds(told.at.saturating_sub(began)),
        signature: signature_chip(told.message.verified),
        fault: told.message.fault.as_ref().map(|name| Both::phrase(&w::FAULT_OF.with([name]))),
        redacted: told.message.redacted.as_ref().map(RedactedView::of),
        same,
        passed: false,
        head: shown_text(String::from_utf8_lossy(&blob.head).trim_end()),
        long: (lines > LONG).then(|| Both::phrase(&w::LONG_BODY.with([lines]))),
        body,
        not_text: std::str::from_utf8(&blob.body).is_err(),
    }
}

/// A leg's name.
fn leg_name(leg: Leg) -> Both {
    Both::sentence(match (is_call(leg), leg) {
        (true, Leg::CallSent) => &w::LEG_CALL_SENT,
        (true, _) => &w::LEG_CALL_RECEIVED,
        (false, Leg::AnswerSent) => &w::LEG_ANSWER_SENT,
        (false, _) => &w::LEG_ANSWER_RECEIVED,
    })
}
