//! The messages of an attempt in full.

use std::collections::BTreeMap;

use evidence::words as w;
use evidence::{Blob, Leg, Redacted};

use super::wording::{Both, Chip, signature_chip};
use crate::report::conversation::{Exchange, Told, is_call, same_half, seconds, subject_of};
use crate::report::differences::{Compared, Piece, compare, plain};
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
    pub head: Vec<Piece>,
    pub body: Vec<Piece>,
    /// What its marks are measured by, or which body it has again.
    pub compared: Vec<Both>,
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
    let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
    let mut first_of = |place: usize, exchange: &Exchange<'_>| {
        let subject = subject_of(exchange)?;
        let key = format!("{:?} {} {subject}", exchange.way, exchange.own);
        let first = *firsts.entry(key).or_insert(place);
        if first < place { exchanges.get(first).and_then(Before::call_of) } else { None }
    };
    let view = |(place, exchange): (usize, &Exchange<'_>)| ExchangeView {
        number: number_of(exchange),
        name: shown_text(&exchange.name),
        answer: match exchange.answer.as_str() {
            "" => Both::sentence(&w::NO_ANSWER),
            answer => Both::same(answer),
        },
        open: exchange.legs.iter().any(|told| shown.contains(&told.line)),
        own: exchange.own,
        legs: legs(&exchange.legs, first_of(place, exchange).as_ref(), began),
    };
    exchanges.iter().enumerate().map(view).collect()
}

fn number_of(exchange: &Exchange<'_>) -> Both {
    Both::phrase(&w::EXCHANGE.with([exchange.number]))
}

/// What a text is compared with: its name, and the message.
struct Before<'a> {
    name: Both,
    blob: &'a Blob,
    /// Whether its head is worth a comparison: in a repeated call time and signature are new anyway.
    with_head: bool,
}

impl<'a> Before<'a> {
    /// The call of an exchange that was repeated later.
    fn call_of(exchange: &Exchange<'a>) -> Option<Self> {
        let blob = exchange.legs.iter().find(|told| is_call(told.message.leg))?.bytes?;
        Some(Self { name: number_of(exchange), blob, with_head: false })
    }
}

/// One view for each message; one for both legs where it was passed on at once and unchanged.
fn legs(legs: &[Told<'_>], first: Option<&Before<'_>>, began: i64) -> Vec<LegView> {
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
            _ => {
                let sent = before.and_then(|before| {
                    let (name, blob) = (leg_name(before.message.leg), before.bytes?);
                    Some(Before { name, blob, with_head: true })
                });
                let opens = is_call(told.message.leg) && sent.is_none();
                let earlier = sent.as_ref().or(first.filter(|_| opens));
                views.push(leg(told, earlier, same, began));
            }
        }
    }
    views
}

fn leg(told: &Told<'_>, earlier: Option<&Before<'_>>, same: bool, began: i64) -> LegView {
    let empty = Blob::default();
    let blob = told.bytes.filter(|_| !same).unwrap_or(&empty);
    let (head, body) = (head_of(blob), body_of(blob));
    let lines = body.lines().count();
    let (mut compared, mut head, mut body) = (vec![], plain(head), plain(body));
    if let Some(before) = earlier.filter(|_| !same) {
        (head, body, compared) = beside(before, blob);
    }
    LegView {
        label: leg_name(told.message.leg),
        lines: told.line.to_string(),
        at: seconds(told.at.saturating_sub(began)),
        signature: signature_chip(told.message.verified),
        fault: told.message.fault.as_ref().map(|name| Both::phrase(&w::FAULT_OF.with([name]))),
        redacted: told.message.redacted.as_ref().map(RedactedView::of),
        same,
        passed: false,
        head,
        long: (lines > LONG).then(|| Both::phrase(&w::LONG_BODY.with([lines]))),
        body,
        compared,
        not_text: std::str::from_utf8(&blob.body).is_err(),
    }
}

fn head_of(blob: &Blob) -> String {
    shown_text(String::from_utf8_lossy(&blob.head).trim_end())
}

/// A body laid out for reading, so that a field stands on a line.
fn body_of(blob: &Blob) -> String {
    let text = String::from_utf8_lossy(&blob.body);
    let laid_out = indent(&text).or_else(|| lay_out(&text));
    shown_text(&laid_out.unwrap_or_else(|| text.clone().into_owned()))
}

/// Head and body with what is not as in an earlier message, and what is said of that.
fn beside(before: &Before<'_>, blob: &Blob) -> (Vec<Piece>, Vec<Piece>, Vec<Both>) {
    let head = head_of(blob);
    let head = if before.with_head {
        compare(&head_of(before.blob), &head)
    } else {
        Compared { pieces: plain(head), gone: 0 }
    };
    let body = if before.blob.body == blob.body {
        Compared { pieces: plain(body_of(blob)), gone: 0 }
    } else {
        compare(&body_of(before.blob), &body_of(blob))
    };
    let gone = head.gone + body.gone;
    let marked = head.pieces.iter().chain(&body.pieces).any(|piece| piece.marked);
    let says = |sentence| Both::filled(sentence, std::slice::from_ref(&before.name));
    let compared = match (marked, gone) {
        (false, 0) if body.pieces.is_empty() => vec![],
        (false, 0) => vec![says(&w::SAME_BODY_AS)],
        (_, 0) => vec![says(&w::MARKED_FROM)],
        (_, gone) => {
            vec![says(&w::MARKED_FROM), Both::phrase(&w::MARKED_GONE.with([gone]))]
        }
    };
    (head.pieces, body.pieces, compared)
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

#[cfg(test)]
mod tests {
    use evidence::{CaseRecord, Event, Recorder, Way};

    use super::*;
    use crate::report::conversation::exchanges;
    use crate::report::sample::message;

    const SENT: &str = r#"{"paymentRequestId":"pay-1","amount":"1231"}"#;
    const OTHER: &str = r#"{"paymentRequestId":"pay-1","amount":"1431"}"#;

    /// An attempt with these messages: exchange, leg and body.
    fn record(legs: &[(u32, Leg, Option<&str>)]) -> CaseRecord {
        let recorder = Recorder::detached("AMS-PAY-001".parse().unwrap(), 1);
        for (at, (exchange, leg, body)) in (0..).zip(legs) {
            let head =
                format!("POST /ams/api/v1/payments/pay HTTP/1.1\r\nTime: {exchange}\r\n\r\n");
            let body = body.map(|body| Blob { head: head.into(), body: body.into() });
            recorder.append(at, Event::Message(message(*exchange, Way::Call, *leg, body).into()));
        }
        recorder.take()
    }

    /// Of each leg what is marked in its body, and what is said of that.
    fn told(record: &CaseRecord) -> Vec<(Vec<String>, Vec<String>)> {
        let views = exchange_views(&exchanges(&record.entries), 0, &[]);
        let legs = views.into_iter().flat_map(|view| view.legs);
        let marked = |pieces: Vec<Piece>| {
            pieces.into_iter().filter(|piece| piece.marked).map(|piece| piece.text).collect()
        };
        let said = |both: Vec<Both>| both.into_iter().map(|both| both.en).collect();
        legs.map(|leg| (marked(leg.body), said(leg.compared))).collect()
    }

    #[test]
    fn what_a_fault_changed_and_what_a_repetition_changed_is_marked() {
        use Leg::{CallReceived, CallSent};
        let none = || (vec![], vec![]);
        let faulty = record(&[(1, CallSent, Some(SENT)), (1, CallReceived, Some(OTHER))]);
        let changed = |from: &str| {
            (vec!["4".to_owned()], vec![format!("Marked is what is not as in: {from}")])
        };
        assert_eq!(told(&faulty), [none(), changed("Call, as sent")]);
        let repeated = [(1, CallSent, Some(SENT)), (2, CallSent, Some(OTHER))];
        assert_eq!(told(&record(&repeated)), [none(), changed("Exchange 1")]);
        let again = record(&[(1, CallSent, Some(SENT)), (2, CallSent, Some(SENT))]);
        let same = vec!["The body is as in: Exchange 1".to_owned()];
        assert_eq!(told(&again), [none(), (vec![], same)]);
        // Another payment is no repetition, and what passed unchanged is told otherwise.
        let other = SENT.replace("pay-1", "pay-2");
        let apart = record(&[(1, CallSent, Some(SENT)), (2, CallSent, Some(&other))]);
        assert_eq!(told(&apart), [none(), none()]);
        let passed = record(&[(1, CallSent, Some(SENT)), (1, CallReceived, None)]);
        assert_eq!(told(&passed), [none(), none()]);
    }
}
