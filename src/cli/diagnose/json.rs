//! What was found out, for programs.

use diagnose::{Diagnosis, Explanation, Unreadable, visible};
use evidence::words::Language;
use serde_json::{Value, json};

use super::found::Judged;
use crate::cli::output::json_safe;

/// An array with an object for each message, those that hold included.
pub(in crate::cli) fn written(judged: &[Judged]) -> String {
    let all: Vec<Value> = judged.iter().map(message).collect();
    let text = serde_json::to_string_pretty(&all).unwrap_or_default();
    json_safe(&text) + "\n"
}

/// The object of a message.
pub(in crate::cli) fn message(one: &Judged) -> Value {
    let subject = &one.found.subject;
    let mut told = json!({
        "message": one.found.line(),
        "kind": subject.kind.name(),
        "generation": subject.generation.name(),
        "wrong": one.is_wrong(),
    });
    if !one.found.place.is_empty() {
        told["place"] = json!(one.found.place);
    }
    let remarks = one.found.remarks.iter().map(|remark| {
        json!({
            "about": remark.about,
            "field": remark.field,
            "says": remark.says.text(Language::En),
            "fix": remark.fix.text(Language::En),
            "fault": remark.fault.name(),
        })
    });
    told["remarks"] = remarks.collect();
    match &one.diagnosis {
        Ok(diagnosis) => told["signature"] = signature(diagnosis),
        Err(unreadable) => told["signature"] = json!({ "state": name(*unreadable) }),
    }
    told
}

/// The word for what cannot be looked at.
pub(in crate::cli) fn name(unreadable: Unreadable) -> &'static str {
    match unreadable {
        Unreadable::NoCall => "no-call",
        Unreadable::NoResponse => "no-response",
        Unreadable::OtherLayout => "other-layout",
    }
}

fn signature(diagnosis: &Diagnosis) -> Value {
    json!({
        "state": diagnosis.state.name(),
        "key": diagnosis.key,
        "algorithm": diagnosis.algorithm,
        "text_to_sign": visible(&diagnosis.text),
        "texts_tried": diagnosis.tried,
        "all_texts_tried": diagnosis.whole,
        "explanations": diagnosis.explanations.iter().map(explanation).collect::<Vec<_>>(),
    })
}

fn explanation(explanation: &Explanation) -> Value {
    let steps = explanation.steps.iter().map(|step| {
        json!({
            "cause": step.mistake.cause().name(),
            "mistake": step.mistake.name(),
            "of": step.of,
            "says": step.says().text(Language::En),
            "fix": step.fix().text(Language::En),
        })
    });
    let mut told = json!({
        "mistakes": steps.collect::<Vec<_>>(),
        "sure": explanation.sure.name(),
        "complete": explanation.complete,
        "fault": explanation.fault.name(),
    });
    if let Some(difference) = &explanation.difference {
        told["difference"] = json!({
            "at": difference.at,
            "sent": difference.sent,
            "signed": difference.signed,
        });
    }
    told
}
