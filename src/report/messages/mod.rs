//! Cucumber messages: the run as the tools around cucumber read it, a line of JSON for each message.
//!
//! Every run of a case is a pickle, every attempt of it a started test case, every check a step: a
//! Then step is the check of its number, and a standing check is a hook. What a mandatory case that
//! did not run lacks is told as a step that waits. What passed between the parties is attached.

mod document;
mod judged;

use std::collections::BTreeMap;
use std::io::Write;

use evidence::words::Language;
use evidence::{CaseRecord, Leg, Way};
use protocol::ams::Verified;
use serde_json::{Value, json};

use self::judged::{Part, hook, told, unplayed};
use super::conversation::{Exchange, exchanges, record_of, seconds};
use super::outline::{Outline, Row, Scene};
use super::text::shown_text;
use super::{Attempts, Page, ReportError, Section, known_of};
use crate::verdict::{AttemptResult, CaseResult, Outcome, RunResult, Verdict};

/// The version of the schema that the messages are made for.
const PROTOCOL: &str = "34.2.1";

/// The id of the run among the messages.
const RUN: &str = "run";

/// Writes messages, each on its line.
struct Lines<'a>(&'a mut dyn Write);

impl Lines<'_> {
    fn put(&mut self, name: &str, message: Value) -> Result<(), ReportError> {
        writeln!(self.0, "{}", Value::from_iter([(name, message)]))?;
        Ok(())
    }
}

/// Writes the messages of a run.
pub fn messages(
    page: &Page<'_>,
    attempts: &mut dyn Attempts,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let outlines = Outline::all(page.features);
    let mut lines = Lines(out);
    let began = moment(&page.head.started)?;
    let ended = moment(&page.head.finished).unwrap_or(began);
    lines.put("meta", meta(page))?;
    for outline in &outlines {
        features(&mut lines, page, outline)?;
    }
    for (name, sentence) in standing(page) {
        let source = json!({ "uri": "catalogue.yaml" });
        let named = format!("{}: {}", shown_text(name), shown_text(sentence));
        let told = json!({ "id": hook(name), "name": named, "sourceReference": source });
        lines.put("hook", told)?;
    }
    lines.put("testRunStarted", json!({ "id": RUN, "timestamp": timestamp(began) }))?;
    // In the order of the other reports, in which a record is handed out.
    for section in &Section::all(page.results) {
        for case in page.results.cases.iter().filter(|case| section.holds(case)) {
            let seen = attempts.of_case(&case.id)?;
            for run in case.runs.iter().filter(|run| is_told(case, run)) {
                let scene = Scene::of(&outlines, &case.id);
                let scene = scene.ok_or_else(|| ReportError::Scenario(case.id.clone()))?;
                test_case(&mut lines, page, (case, run), &scene, &seen, began)?;
            }
        }
    }
    let reasons: Vec<String> = page.results.reasons.iter().map(ToString::to_string).collect();
    let finished = json!({
        "success": page.results.verdict == Verdict::Acceptable,
        "message": shown_text(&reasons.join("\n")),
        "timestamp": timestamp(ended),
        "testRunStartedId": RUN,
    });
    lines.put("testRunFinished", finished)
}

/// Whether a run is worth a test case: it was played, or it ought to have been.
fn is_told(case: &CaseResult, run: &RunResult) -> bool {
    !run.attempts.is_empty() || (case.mandatory && !case.outcome.is_acceptable())
}

fn meta(page: &Page<'_>) -> Value {
    let own = json!({ "name": "assay", "version": page.head.tool_version });
    // Where it ran is nobody's business here, and would differ from machine to machine.
    let any = json!({ "name": "any" });
    json!({
        "protocolVersion": PROTOCOL,
        "implementation": own,
        "runtime": own,
        "os": any,
        "cpu": any,
    })
}

/// A feature of which something is told, and the pickles of what is.
fn features(
    lines: &mut Lines<'_>,
    page: &Page<'_>,
    outline: &Outline<'_>,
) -> Result<(), ReportError> {
    let mut pickles = vec![];
    for case in &page.results.cases {
        let mut runs = case.runs.iter().filter(|run| is_told(case, run)).peekable();
        if runs.peek().is_none() {
            continue;
        }
        let Some(scene) = outline.scene(&case.id) else { continue };
        pickles.extend(runs.map(|run| {
            let row = row_of(&scene, run);
            scene.pickle(&shown_text(&run.key.to_string()), row.as_ref())
        }));
    }
    if pickles.is_empty() {
        return Ok(());
    }
    lines.put("source", outline.source())?;
    lines.put("gherkinDocument", outline.document())?;
    pickles.into_iter().try_for_each(|pickle| lines.put("pickle", pickle))
}

fn row_of<'a>(scene: &Scene<'a>, run: &RunResult) -> Option<Row<'a>> {
    scene.row(run.key.row?)
}

/// Every standing check by its name, with what it says.
fn standing<'a>(page: &Page<'a>) -> BTreeMap<&'a str, &'a str> {
    let runs = page.results.cases.iter().flat_map(|case| &case.runs);
    let checks = runs.flat_map(|run| &run.attempts).flat_map(|attempt| &attempt.checks);
    let standing = checks.filter(|check| check.name.parse::<u32>().is_err());
    standing.map(|check| (check.name.as_str(), check.sentence.as_str())).collect()
}

fn test_case(
    lines: &mut Lines<'_>,
    page: &Page<'_>,
    (case, run): (&CaseResult, &RunResult),
    scene: &Scene<'_>,
    seen: &[CaseRecord],
    began: i64,
) -> Result<(), ReportError> {
    let key = shown_text(&run.key.to_string());
    let parts = Part::all(scene, run);
    let steps: Vec<Value> = parts.iter().map(|part| part.test_step(&key)).collect();
    let told_case = json!({
        "id": test_case_id(&key),
        "pickleId": key,
        "testSteps": steps,
        "testRunStartedId": RUN,
    });
    lines.put("testCase", told_case)?;
    if run.attempts.is_empty() {
        let why = case.reason.as_ref().map(|reason| reason.text(Language::En)).unwrap_or_default();
        let why = format!("{}: {}", run.outcome.name(), shown_text(&why));
        let told = unplayed(&parts, why);
        let attempt = Attempt { key: &key, number: 0, began, ended: began };
        return attempt.put(lines, &parts, &told, &[], false);
    }
    // Readers take the last attempt for the run. What was repeated until it passed is a retry only
    // where the run passed by our own table.
    let good = matches!(run.outcome, Outcome::Passed | Outcome::Unstable);
    for (number, attempt) in run.attempts.iter().enumerate() {
        let record = record_of(seen, &run.key, attempt);
        let known = record.zip(known_of(page.known, attempt));
        let told = told(page, &parts, attempt, known);
        let texts = record.map(|record| conversation(record, attempt)).unwrap_or_default();
        let AttemptResult { began, ended, outcome, .. } = *attempt;
        let retried = good && outcome != Outcome::Passed;
        let attempt = Attempt { key: &key, number, began, ended };
        attempt.put(lines, &parts, &told, &texts, retried)?;
    }
    Ok(())
}

fn test_case_id(key: &str) -> String {
    format!("{key} test case")
}

/// An attempt among the messages.
struct Attempt<'a> {
    key: &'a str,
    /// From 0.
    number: usize,
    began: i64,
    ended: i64,
}

impl Attempt<'_> {
    fn put(
        &self,
        lines: &mut Lines<'_>,
        parts: &[Part],
        told: &[judged::Told],
        texts: &[(String, String)],
        retried: bool,
    ) -> Result<(), ReportError> {
        let id = format!("{} attempt {}", self.key, self.number + 1);
        let (began, ended) = (timestamp(self.began), timestamp(self.ended));
        let started = json!({
            "attempt": self.number,
            "id": id,
            "testCaseId": test_case_id(self.key),
            "timestamp": began,
        });
        lines.put("testCaseStarted", started)?;
        // All that takes time is done before the first check, and nothing tells of each step.
        let last = parts.iter().rposition(|part| matches!(part, Part::Acting(_)));
        for (place, (part, told)) in parts.iter().zip(told).enumerate() {
            let step = part.id(self.key);
            let acts = last.is_some_and(|last| place <= last);
            let begins = if acts { &began } else { &ended };
            let (ends, took) = match last {
                Some(last) if place < last => (&began, 0),
                Some(last) if place == last => (&ended, self.ended.saturating_sub(self.began)),
                Some(_) | None => (&ended, 0),
            };
            let same = json!({ "testCaseStartedId": id, "testStepId": step });
            let with = |more: Value| joined(&same, more);
            lines.put("testStepStarted", with(json!({ "timestamp": begins })))?;
            for (name, text) in texts.iter().filter(|_| last == Some(place)) {
                lines.put("attachment", with(attachment(name, text)))?;
            }
            let mut result = json!({ "duration": duration(took), "status": told.status });
            if let Some(message) = &told.message {
                result["message"] = json!(message);
            }
            let finished = json!({ "testStepResult": result, "timestamp": ends });
            lines.put("testStepFinished", with(finished))?;
        }
        let finished =
            json!({ "testCaseStartedId": id, "timestamp": ended, "willBeRetried": retried });
        lines.put("testCaseFinished", finished)
    }
}

/// The members of two objects in one.
fn joined(one: &Value, other: Value) -> Value {
    let members = [one.clone(), other].into_iter().filter_map(|value| match value {
        Value::Object(members) => Some(members),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    });
    Value::Object(members.flatten().collect())
}

fn attachment(name: &str, text: &str) -> Value {
    json!({
        "body": text,
        "contentEncoding": "IDENTITY",
        "mediaType": "text/plain",
        "fileName": name,
    })
}

/// What passed in an attempt: a name and a text for each exchange.
fn conversation(record: &CaseRecord, attempt: &AttemptResult) -> Vec<(String, String)> {
    let told = exchanges(&record.entries);
    let text = |exchange: &Exchange<'_>| {
        let name = shown_text(&exchange.name);
        let legs = exchange.legs.iter().map(|told| {
            let at = seconds(told.at.saturating_sub(attempt.began));
            let mut words = vec![format!("{at} s, line {}: {}", told.line, leg(told.message.leg))];
            words.extend(exchange.own.then(|| "the runner's own".to_owned()));
            words.extend(told.message.verified.map(|it| signature(it).to_owned()));
            let fault = told.message.fault.as_ref();
            words.extend(fault.map(|fault| format!("fault by the witness: {fault}")));
            let blob = told.message.bytes.as_ref();
            let bytes = blob.map(|blob| [blob.head.as_slice(), &blob.body].concat());
            let text = bytes.map_or_else(
                || "as before, byte for byte\n".to_owned(),
                |bytes| format!("{}\n", String::from_utf8_lossy(&bytes).trim_end()),
            );
            format!("-- {}\n{text}", words.join("; "))
        });
        let text = shown_text(&legs.collect::<Vec<_>>().join("\n"));
        let way = if exchange.way == Way::Call { "call" } else { "notice" };
        (format!("exchange {}: {way} {name}.txt", exchange.number), text)
    };
    told.iter().map(text).collect()
}

fn leg(leg: Leg) -> &'static str {
    match leg {
        Leg::CallSent => "call as sent",
        Leg::CallReceived => "call as received",
        Leg::AnswerSent => "answer as sent",
        Leg::AnswerReceived => "answer as received",
    }
}

fn signature(verified: Verified) -> &'static str {
    match verified {
        Verified::Valid => "signature valid",
        Verified::Wrong => "signature wrong",
        Verified::Unsigned => "not signed",
    }
}

fn moment(text: &str) -> Result<i64, ReportError> {
    protocol::parse_time(text).ok_or_else(|| ReportError::Moment(text.to_owned()))
}

fn timestamp(milliseconds: i64) -> Value {
    let nanos = milliseconds.rem_euclid(1000) * 1_000_000;
    json!({ "seconds": milliseconds.div_euclid(1000), "nanos": nanos })
}

fn duration(milliseconds: i64) -> Value {
    timestamp(milliseconds.max(0))
}

#[cfg(test)]
pub(super) mod tests;
