//! What came of a call, for people and for programs.

use diagnose::{Kind, Known, Subject, diagnose, remarks, visible, worked};
use evidence::words::{
    SEND_ANSWER, SEND_BEFORE, SEND_CUT, SEND_DIGEST, SEND_HOW_SIGNED, SEND_NO_DIGEST, SEND_RESULT,
    SEND_SENT_AS, SEND_SIGNATURE, SEND_TEXT,
};
use evidence::{Blob, Way, form_of};
use protocol::Generation;
use protocol::ams::{Status, Verified};
use protocol::legacy::Charset;
use serde_json::{Value, json};

use super::Sent;
use super::outcome::Outcome;
use crate::cli::diagnose::found::{Found, Judged};
use crate::cli::diagnose::{json as diagnosed, show as diagnosis};
use crate::cli::output::{Span, Terminal, Tone, json_safe, one_line};
use crate::exit::Exit;

/// Characters of a body that are shown at most.
const LONGEST: usize = 8_000;

/// What is to be told beside the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Says {
    /// How the call was signed.
    pub(super) signing: bool,
    /// All of it as JSON.
    pub(super) json: bool,
}

/// Tells what came of a call, and answers how the command ends.
pub(super) fn show(terminal: &mut Terminal, sent: &Sent, known: &Known, says: Says) -> Exit {
    let generation = sent.call.generation();
    let outcome = Outcome::of(generation, &sent.answer, sent.verified);
    let answer = judged(generation, Kind::Answer, &sent.answer, Some(&sent.request), known);
    // Who refuses a signature is shown the one that was sent.
    let refused = outcome.status == Status::F && outcome.code.contains("SIGN");
    let call = refused.then(|| judged(generation, Kind::Call, &sent.request, None, known));
    if says.json {
        terminal.raw(&written(sent, &outcome, &answer, says));
        return outcome.exit();
    }
    for (before, came) in &sent.before {
        let says = SEND_BEFORE.with([before.name(), came.status.letter(), &came.code]);
        let says = terminal.text(&says);
        terminal.note([Span::new(Tone::Faint, says)]);
    }
    if says.signing {
        for line in signing(terminal, generation, &sent.request) {
            terminal.line(line);
        }
    }
    if let Some(call) = &call {
        diagnosis::message(terminal, call);
    }
    diagnosis::message(terminal, &answer);
    let tone = if outcome.exit() == Exit::Acceptable { Tone::Good } else { Tone::Warning };
    let says = SEND_RESULT.with([outcome.status.letter(), &outcome.code]);
    let says = terminal.text(&says);
    terminal.line([Span::new(tone, format!("  {says}"))]);
    body(terminal, &sent.request, &sent.answer);
    outcome.exit()
}

fn judged(
    generation: Generation,
    kind: Kind,
    message: &Blob,
    call: Option<&Blob>,
    known: &Known,
) -> Judged {
    let (message, call) = (message.clone(), call.cloned());
    let subject = Subject { generation, kind, message, call, witnessed: true };
    let remarks = remarks(&subject, &[], None);
    let diagnosis = diagnose(&subject, known);
    Judged { found: Found { place: String::new(), subject, remarks }, diagnosis }
}

/// The lines that say how a call was signed.
pub(super) fn signing(terminal: &Terminal, generation: Generation, call: &Blob) -> Vec<Vec<Span>> {
    let message = call.clone();
    let subject = Subject { generation, kind: Kind::Call, message, call: None, witnessed: true };
    let Some(steps) = worked(&subject) else { return vec![] };
    let language = terminal.language();
    let mut lines = vec![vec![Span::new(Tone::Strong, SEND_HOW_SIGNED.text(language))]];
    let digest = match &steps.digest {
        Some(digest) => SEND_DIGEST.with([steps.algorithm, digest]),
        None => SEND_NO_DIGEST.with([steps.algorithm]),
    };
    let text = visible(&steps.text);
    for says in [
        SEND_TEXT.with([text]),
        digest,
        SEND_SIGNATURE.with([steps.signature]),
        SEND_SENT_AS.with([steps.carried]),
    ] {
        lines.push(vec![Span::from(format!("  {}", terminal.text(&says)))]);
    }
    lines
}

/// The text of a message's body: that of an answer of the older generation in the charset of its
/// call.
fn text_of(call: &Blob, body: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(body) {
        return text.to_owned();
    }
    let charset = form_of(Way::Call, call, Charset::Utf8).map_or(Charset::Gbk, |it| it.charset());
    let read = charset.decode(body).map(std::borrow::Cow::into_owned);
    read.unwrap_or_else(|_bytes| visible(body))
}

/// The body as the gateway sent it, JSON a member on each line.
fn body(terminal: &mut Terminal, call: &Blob, answer: &Blob) {
    let read: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let text = match read.and_then(|value| serde_json::to_string_pretty(&value).ok()) {
        Some(pretty) => pretty,
        None => text_of(call, &answer.body),
    };
    let heading = SEND_ANSWER.with([answer.body.len()]);
    let heading = terminal.text(&heading);
    terminal.line([Span::new(Tone::Faint, format!("  {heading}"))]);
    let shown: String = text.chars().take(LONGEST).collect();
    for line in shown.lines() {
        terminal.line([Span::from(format!("    {}", one_line(line)))]);
    }
    if shown.len() < text.len() {
        let says = SEND_CUT.with([LONGEST]);
        let says = terminal.text(&says);
        terminal.line([Span::new(Tone::Faint, format!("    {says}"))]);
    }
}

/// The word for the state of a signature.
fn state(verified: Verified) -> &'static str {
    match verified {
        Verified::Valid => "valid",
        Verified::Wrong => "wrong",
        Verified::Unsigned => "unsigned",
    }
}

fn written(sent: &Sent, outcome: &Outcome, answer: &Judged, says: Says) -> String {
    let generation = sent.call.generation();
    let before = sent.before.iter().map(|(call, outcome)| {
        json!({ "call": call.name(), "status": outcome.status.letter(), "code": outcome.code })
    });
    let message = |blob: &Blob| {
        json!({
            "head": String::from_utf8_lossy(&blob.head),
            "body": text_of(&sent.request, &blob.body),
        })
    };
    let mut told = json!({
        "call": sent.call.name(),
        "generation": generation.name(),
        "before": before.collect::<Vec<_>>(),
        "request": message(&sent.request),
        "answer": message(&sent.answer),
        "signature": state(sent.verified),
        "status": outcome.status.letter(),
        "code": outcome.code,
        "diagnosis": diagnosed::message(answer),
    });
    let message = sent.request.clone();
    let subject = Subject { generation, kind: Kind::Call, message, call: None, witnessed: true };
    if let Some(steps) = worked(&subject).filter(|_| says.signing) {
        told["signing"] = json!({
            "text": visible(&steps.text),
            "algorithm": steps.algorithm,
            "digest": steps.digest,
            "signature": steps.signature,
            "sent_as": steps.carried,
        });
    }
    let text = serde_json::to_string_pretty(&told).unwrap_or_default();
    json_safe(&text) + "\n"
}
