//! Rules for answers of the sandbox, as a file or a command line gives them: read, and held to the
//! documents before any gateway gets them.

mod told;

use std::collections::BTreeMap;

use evidence::words::{
    MOCK_API_DO, MOCK_API_NEAR_DO, MOCK_API_UNKNOWN, MOCK_BOTH_WAYS, MOCK_BOTH_WAYS_DO,
    MOCK_CODE_DO, MOCK_CODE_NEAR_DO, MOCK_CODE_UNKNOWN, MOCK_DELAY, MOCK_DELAY_DO, MOCK_FIELD_DO,
    MOCK_FIELD_NEAR_DO, MOCK_FIELD_UNKNOWN, MOCK_HTTP, MOCK_HTTP_DO, MOCK_MINUTES, MOCK_MINUTES_DO,
    MOCK_NONE, MOCK_NONE_DO, MOCK_ONE_FIELD, MOCK_ONE_FIELD_DO, MOCK_ONE_THEN, MOCK_ONE_THEN_DO,
    MOCK_STATUS_ALONE, MOCK_TIMES, Phrase, Place as Filled, Sentence,
};
use protocol::Generation;
use protocol::ams::{KNOWN_CODES, known_code};
use protocol::sample::{self, Call};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) use told::{line, told, words};

use crate::finding::{Finding, Place};
use crate::near::near;
use crate::yaml;

/// Bytes of the largest file of rules.
pub(crate) const LARGEST: u64 = 64 * 1024;
/// Milliseconds of the longest delay: longer than any client waits.
const LONGEST: u32 = 120_000;
/// For how many minutes a rule may last, as Alipay's own tool offers it.
const MINUTES: [u32; 4] = [30, 60, 90, 120];

/// A file of rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a list of rules under `mock`")]
struct RawFile {
    mock: Vec<RawRule>,
}

/// A rule as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a rule such as `{ api: pay, then: { result: RISK_REJECT } }`"
)]
pub(crate) struct RawRule {
    /// The call that it answers.
    pub(crate) api: String,
    /// The value that a field of the call has to have.
    pub(crate) when: Option<BTreeMap<String, String>>,
    /// What comes back.
    pub(crate) then: RawThen,
    /// How much longer than usual that takes, in milliseconds.
    #[serde(default)]
    pub(crate) delay: u32,
    /// How many calls it answers.
    pub(crate) times: Option<u32>,
    /// For how many minutes it answers.
    pub(crate) minutes: Option<u32>,
}

/// What comes back, as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an answer such as `{ result: RISK_REJECT }`")]
pub(crate) struct RawThen {
    /// A result code.
    pub(crate) result: Option<String>,
    /// The status that it comes with, where it is not the documented one.
    pub(crate) status: Option<Status>,
    /// Whether the call is worked on before it is answered so.
    #[serde(default)]
    pub(crate) process: bool,
    /// An HTTP status in place of an answer.
    pub(crate) http: Option<u16>,
    /// No answer.
    pub(crate) drop: Option<Drop>,
    /// An answer that is cut off.
    #[serde(default)]
    pub(crate) malformed: bool,
    /// A signature that is not right.
    pub(crate) signature: Option<Signature>,
}

/// A result status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Status {
    /// Done.
    S,
    /// Refused.
    F,
    /// Unknown.
    U,
}

/// When a call is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Drop {
    /// Before it was worked on.
    Before,
    /// After that, so that its answer is lost.
    After,
}

/// What is wrong with a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Signature {
    /// It covers another body.
    Wrong,
    /// It is not there.
    Missing,
}

/// A rule that a sandbox takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    call: Call,
    /// The body for the control API.
    pub(crate) body: Value,
    /// The line of its file on which it begins, where it stands in one.
    pub(crate) line: Option<usize>,
}

/// What is wrong with a rule, and what to do.
type Wrong = (Phrase, Phrase);

/// Reads a file of rules. Everything that is wrong with it is found in one go, with its line.
pub(crate) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Rule>, Vec<Finding>> {
    let raw: RawFile = yaml::read(file, bytes, LARGEST).map_err(|finding| vec![*finding])?;
    let text = String::from_utf8_lossy(bytes);
    let lines = lines_of_rules(&text);
    let finding = |at: usize, (says, advice): Wrong| {
        let place =
            lines.get(at).map_or_else(|| Place::file(file), |line| Place::line(file, *line));
        Finding { code: "M1", place, says, advice }
    };
    if raw.mock.is_empty() {
        return Err(vec![finding(0, (MOCK_NONE.plain(), MOCK_NONE_DO.plain()))]);
    }
    let (mut rules, mut findings): (Vec<Rule>, Vec<Finding>) = (vec![], vec![]);
    for (at, rule) in raw.mock.iter().enumerate() {
        match Rule::of(rule) {
            Ok(rule) => {
                let rule = Rule { line: lines.get(at).copied(), ..rule };
                let fits = rules.iter().all(|own| own.goes_with(&rule));
                if !fits {
                    let says = MOCK_BOTH_WAYS.with([rule.call.name()]);
                    findings.push(finding(at, (says, MOCK_BOTH_WAYS_DO.plain())));
                }
                rules.push(rule);
            }
            Err(wrong) => findings.push(finding(at, wrong)),
        }
    }
    if findings.is_empty() { Ok(rules) } else { Err(findings) }
}

/// The lines on which the items of the one list of a file begin.
fn lines_of_rules(text: &str) -> Vec<usize> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let items: Vec<(usize, usize)> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with("- "))
        .map(|(at, line)| (at + 1, indent(line)))
        .collect();
    let outer = items.first().map_or(0, |(_, indent)| *indent);
    items.into_iter().filter(|(_, indent)| *indent == outer).map(|(line, _)| line).collect()
}

impl Rule {
    /// The rule, or what is wrong with it.
    pub(crate) fn of(raw: &RawRule) -> Result<Self, Wrong> {
        let call = call(&raw.api)?;
        let mut body = json!({ "api": call.name() });
        if let Some(when) = &raw.when {
            let mut fields = when.iter();
            let (Some((path, is)), None) = (fields.next(), fields.next()) else {
                return Err((MOCK_ONE_FIELD.plain(), MOCK_ONE_FIELD_DO.plain()));
            };
            field(call, path)?;
            body["field"] = json!({ "path": path, "is": is });
        }
        raw.then.written(call, &mut body)?;
        if raw.delay > LONGEST {
            return Err(wrong(MOCK_DELAY.with([raw.delay]), &MOCK_DELAY_DO));
        }
        if raw.times == Some(0) {
            return Err(wrong(MOCK_TIMES.plain(), &MOCK_NONE_DO));
        }
        if let Some(minutes) = raw.minutes.filter(|minutes| !MINUTES.contains(minutes)) {
            return Err(wrong(MOCK_MINUTES.with([minutes]), &MOCK_MINUTES_DO));
        }
        if raw.delay > 0 {
            body["delay"] = json!(raw.delay);
        }
        for (name, number) in [("times", raw.times), ("minutes", raw.minutes)] {
            if let Some(number) = number {
                body[name] = json!(number);
            }
        }
        Ok(Self { call, body, line: None })
    }

    /// The generation whose call it answers.
    pub(crate) fn generation(&self) -> Generation {
        self.call.generation()
    }

    /// The name of the call that it answers.
    pub(crate) fn call(&self) -> &'static str {
        self.call.name()
    }

    /// For how many minutes it answers; `None` without end.
    pub(crate) fn minutes(&self) -> Option<i64> {
        self.body.get("minutes").and_then(Value::as_i64)
    }

    /// Whether both may stand side by side: as in Alipay's own tool, a call is answered the basic
    /// way, always the same, or the advanced way, by the value of a field.
    fn goes_with(&self, other: &Self) -> bool {
        let is_basic = |rule: &Self| rule.body.get("field").is_none();
        self.call != other.call || is_basic(self) == is_basic(other)
    }
}

impl RawThen {
    fn written(&self, call: Call, body: &mut Value) -> Result<(), Wrong> {
        let told =
            [self.result.is_some(), self.http.is_some(), self.drop.is_some(), self.malformed];
        let told = told.into_iter().filter(|told| *told).count();
        if told > 1 || (told == 0 && self.signature.is_none()) {
            return Err(wrong(MOCK_ONE_THEN.plain(), &MOCK_ONE_THEN_DO));
        }
        if let Some(code) = &self.result {
            self.code(call, code)?;
            body["code"] = json!(code);
        } else if self.status.is_some() {
            return Err(wrong(MOCK_STATUS_ALONE.plain(), &MOCK_ONE_THEN_DO));
        }
        if let Some(status) = self.status {
            body["status"] = json!(format!("{status:?}"));
        }
        if let Some(status) = self.http {
            if !(200..600).contains(&status) {
                return Err(wrong(MOCK_HTTP.with([status]), &MOCK_HTTP_DO));
            }
            body["http"] = json!(status);
        }
        if let Some(drop) = self.drop {
            body["drop"] = json!(if drop == Drop::After { "after" } else { "before" });
        }
        if let Some(signature) = self.signature {
            body["signature"] =
                json!(if signature == Signature::Wrong { "wrong" } else { "missing" });
        }
        for (name, holds) in [("malformed", self.malformed), ("process", self.process)] {
            if holds {
                body[name] = json!(true);
            }
        }
        Ok(())
    }

    /// A code of the newer generation is a documented one, unless its status is given as well; the
    /// older one has no closed list.
    fn code(&self, call: Call, code: &str) -> Result<(), Wrong> {
        let form = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
        let fits = match call {
            Call::Ams(_) => known_code(code).is_some() || (self.status.is_some() && form),
            Call::Legacy(_) => form,
        };
        if fits && !code.is_empty() {
            return Ok(());
        }
        let near = near(code, KNOWN_CODES.iter().map(|known| known.name));
        Err(meant(MOCK_CODE_UNKNOWN.with([code]), near, &MOCK_CODE_NEAR_DO, &MOCK_CODE_DO))
    }
}

fn call(name: &str) -> Result<Call, Wrong> {
    Call::parse(name).ok_or_else(|| {
        let near = near(name, Call::all().map(Call::name));
        meant(MOCK_API_UNKNOWN.with([name]), near, &MOCK_API_NEAR_DO, &MOCK_API_DO)
    })
}

/// A field whose value a call is known by: one that the documents give to it.
fn field(call: Call, path: &str) -> Result<(), Wrong> {
    let asked: Vec<&str> =
        path.split('.').map(|part| if part.parse::<u32>().is_ok() { "#" } else { part }).collect();
    let asked = asked.join(".");
    if sample::fields(call).any(|known| known == asked) {
        return Ok(());
    }
    let near = near(&asked, sample::fields(call));
    let says = MOCK_FIELD_UNKNOWN.with([call.name(), path]);
    Err(meant(says, near, &MOCK_FIELD_NEAR_DO, &MOCK_FIELD_DO))
}

fn wrong(says: Phrase, advice: &Sentence) -> Wrong {
    (says, advice.plain())
}

/// What is wrong with a name, and which ones may have been meant.
fn meant(says: Phrase, near: Vec<&str>, advice: &Sentence, otherwise: &Sentence) -> Wrong {
    if near.is_empty() {
        return wrong(says, otherwise);
    }
    let near = near.into_iter().map(Filled::value).collect();
    (says, advice.holding([Filled::Listed(near)]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    fn rules(yaml: &str) -> Vec<serde_json::Value> {
        let rules = read("rules.yaml", yaml.as_bytes());
        rules.unwrap().into_iter().map(|rule| rule.body).collect()
    }

    #[test]
    fn a_file_of_rules_becomes_what_the_control_api_takes() {
        let read = rules(
            "mock:\n  - api: pay\n    when: { order.orderDescription: Tea }\n    \
             then: { result: RISK_REJECT }\n    minutes: 30\n  - api: pay\n    \
             when: { paymentAmount.value: \"666\" }\n    then: { drop: after }\n    times: 2\n  \
             - { api: cancel, then: { http: 503, process: true }, delay: 5000 }\n  \
             - { api: forex_refund, then: { malformed: true } }\n  \
             - { api: refund, then: { signature: wrong } }\n  \
             - { api: inquiryPayment, then: { result: SOMETHING_NEW, status: U } }\n",
        );
        let expected = [
            json!({
                "api": "pay", "field": { "path": "order.orderDescription", "is": "Tea" },
                "code": "RISK_REJECT", "minutes": 30,
            }),
            json!({
                "api": "pay", "field": { "path": "paymentAmount.value", "is": "666" },
                "drop": "after", "times": 2,
            }),
            json!({ "api": "cancel", "http": 503, "process": true, "delay": 5000 }),
            json!({ "api": "forex_refund", "malformed": true }),
            json!({ "api": "refund", "signature": "wrong" }),
            json!({ "api": "inquiryPayment", "code": "SOMETHING_NEW", "status": "U" }),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn everything_that_is_wrong_is_told_with_its_line() {
        for (rule, line, says) in [
            ("- { api: pya, then: { result: RISK_REJECT } }", 2, "'pya' is no call"),
            ("- api: pay\n  then: { result: RISK_REJEC }", 2, "'RISK_REJEC' is no result code"),
            (
                "- { api: pay, when: { order.Tea: x }, then: { http: 500 } }",
                2,
                "no field 'order.Tea'",
            ),
            ("- { api: pay, when: { a: x, b: y }, then: { http: 500 } }", 2, "one field"),
            ("- { api: pay, then: { http: 99 } }", 2, "99"),
            ("- { api: pay, then: { http: 500, drop: after } }", 2, "one of"),
            ("- { api: pay, then: {} }", 2, "one of"),
            ("- { api: pay, then: { status: U } }", 2, "one of"),
            ("- { api: pay, then: { status: U, http: 500 } }", 2, "status"),
            ("- { api: pay, then: { http: 500 }, minutes: 31 }", 2, "31"),
            ("- { api: pay, then: { http: 500 }, times: 0 }", 2, "no call"),
            ("- { api: pay, then: { http: 500 }, delay: 600000 }", 2, "600000"),
            (
                "- { api: pay, then: { http: 500 } }\n\
                 - { api: pay, when: { paymentAmount.value: \"1\" }, then: { http: 500 } }",
                3,
                "two ways",
            ),
        ] {
            let text = format!("mock:\n{rule}\n");
            let found = read("rules.yaml", text.as_bytes()).unwrap_err();
            let first = found.first().unwrap();
            assert_eq!(first.place.line, Some(line), "{rule}: {first}");
            assert!(first.says.to_string().contains(says), "{rule}: {first}");
        }
        for broken in ["", "mock: []", "rules: []", "mock:\n- { api: pay, then: { resultt: X } }"] {
            assert!(read("rules.yaml", broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
