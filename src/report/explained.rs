//! Why the message that a failed check shows was refused: what `assay diagnose` says of it. Made of
//! the record and of the public keys that the bundle shows, so it is drawn again like everything.

use diagnose::{Diagnosis, Kind, Known, State, Subject, diagnose, remarks};
use evidence::words::{
    DIAGNOSE_UNEXPLAINED, EXPLAINED_DIFFERS, EXPLAINED_FIX, EXPLAINED_RULES, EXPLAINED_STEP,
    Phrase, Place, Sentence,
};
use evidence::{Blob, CaseRecord, Leg, Way};
use protocol::ams::Verified;
use serde_json::Value;

use super::conversation::{Exchange, exchanges, is_call};
use crate::mock;
use crate::verdict::{CheckResult, CheckState};

/// The explanation for the first message that a failed check shows, behind the rules of the run; nothing for a check that holds,
/// and nothing where there is nothing to explain.
pub(crate) fn explained(check: &CheckResult, record: &CaseRecord, known: &Known) -> Vec<Phrase> {
    if check.state != CheckState::Failed {
        return Vec::new();
    }
    let exchanges = exchanges(&record.entries);
    let of_line = |line: &u32| {
        exchanges.iter().enumerate().find_map(|(at, exchange)| {
            let told = exchange.legs.iter().find(|told| told.line == *line)?;
            // What the witness made of a message is no sender's doing.
            matches!(told.message.leg, Leg::CallSent | Leg::AnswerSent)
                .then_some((at, exchange, told))
        })
    };
    let earlier = |at: usize| -> Vec<&Blob> {
        exchanges.get(..at).unwrap_or_default().iter().filter_map(call_of).collect()
    };
    let refused = |at, exchange: &Exchange<'_>, asked, when| {
        let found = subject(exchange, asked).map(|it| remarks(&it, &earlier(at), Some(when)));
        let found = found.into_iter().flatten();
        found.flat_map(|it| [it.says, EXPLAINED_FIX.holding([it.fix.into()])]).collect()
    };
    let mut told = check.lines.iter().filter_map(of_line).map(|(at, exchange, told)| {
        let asked = is_call(told.message.leg);
        if told.message.verified == Some(Verified::Wrong) {
            let found = subject(exchange, asked).map(|subject| diagnose(&subject, known));
            return found.and_then(Result::ok).map(|found| said(&found)).unwrap_or_default();
        }
        // A call that is as it should be may have been refused all the same.
        let own: Vec<Phrase> = refused(at, exchange, asked, told.at);
        if own.is_empty() && asked { refused(at, exchange, false, told.at) } else { own }
    });
    let own = told.find(|phrases| !phrases.is_empty()).unwrap_or_default();
    ordered(record).into_iter().chain(own).collect()
}

/// Who reads of a failure has to know first that the run itself ordered answers.
fn ordered(record: &CaseRecord) -> Option<Phrase> {
    let told = record.entries.iter().find_map(|entry| entry.event.arranged(steps::RULES));
    let rules = told?.get("rules").and_then(Value::as_array);
    let lines: Vec<String> = rules.into_iter().flatten().map(mock::line).collect();
    Some(EXPLAINED_RULES.with([lines.join(" · ")]))
}

fn call_of<'a>(exchange: &Exchange<'a>) -> Option<&'a Blob> {
    let call = exchange.legs.iter().find(|told| told.message.leg == Leg::CallSent)?;
    call.message.as_passed()
}

/// The call or the answer of an exchange, as its sender sent it.
fn subject(exchange: &Exchange<'_>, asked: bool) -> Option<Subject> {
    let call = call_of(exchange)?;
    let generation = Subject::generation_of(call);
    let answer = || {
        let answer = exchange.legs.iter().find(|told| told.message.leg == Leg::AnswerSent)?;
        answer.message.as_passed()
    };
    let kind = match (exchange.way, asked) {
        (Way::Call, true) => Kind::Call,
        (Way::Call, false) => Kind::Answer,
        (Way::Notice, true) => Kind::Notice,
        (Way::Notice, false) => Kind::Acknowledgement,
    };
    let message = if asked { call } else { answer()? }.clone();
    let call = (!asked).then(|| call.clone());
    Some(Subject { generation, kind, message, call, witnessed: true })
}

fn said(found: &Diagnosis) -> Vec<Phrase> {
    let Some(first) = found.explanations.first() else {
        let unknown = found.state == State::Unexplained;
        return Vec::from_iter(unknown.then(|| DIAGNOSE_UNEXPLAINED.with([found.tried])));
    };
    let mut phrases = Vec::new();
    for step in &first.steps {
        let cause = Sentence::of_word("CAUSE", step.mistake.cause().name());
        let places = [
            cause.map_or_else(|| Place::value(""), |cause| cause.plain().into()),
            step.says().into(),
            Place::value(first.sure.name()),
            Place::value(first.fault.name()),
        ];
        phrases.push(EXPLAINED_STEP.holding(places));
    }
    if let Some(difference) = &first.difference {
        let (at, sent, signed) = (difference.at, &difference.sent, &difference.signed);
        phrases.push(EXPLAINED_DIFFERS.with([&at.to_string(), sent, signed]));
    }
    let fixes = first.steps.iter().map(|step| EXPLAINED_FIX.holding([step.fix().into()]));
    phrases.extend(fixes);
    phrases
}
