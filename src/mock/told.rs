//! A rule in the words of the control API: as reports and `assay mock list` show it, and as a bundle
//! tells it.

use serde::Deserialize;
use serde_json::Value;

use super::{Drop, RawRule, RawThen, Rule, Signature, Status};

/// A rule as the control API takes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    api: String,
    field: Option<ToldField>,
    code: Option<String>,
    status: Option<Status>,
    http: Option<u16>,
    drop: Option<Drop>,
    #[serde(default)]
    malformed: bool,
    signature: Option<Signature>,
    #[serde(default)]
    process: bool,
    #[serde(default)]
    delay: u32,
    times: Option<u32>,
    minutes: Option<u32>,
}

/// The value that a field of the call has to have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToldField {
    path: String,
    is: String,
}

/// The rule that a bundle tells; `None` where no profile could have had it.
pub(crate) fn told(body: &Value) -> Option<Rule> {
    let told = Told::deserialize(body).ok()?;
    let then = RawThen {
        result: told.code,
        status: told.status,
        process: told.process,
        http: told.http,
        drop: told.drop,
        malformed: told.malformed,
        signature: told.signature,
    };
    let raw = RawRule {
        api: told.api,
        when: told.field.map(|field| [(field.path, field.is)].into()),
        then,
        delay: told.delay,
        times: told.times,
        minutes: told.minutes,
    };
    Rule::of(&raw).ok().filter(|rule| rule.body == *body)
}

/// What a rule does to which call, on one line.
pub(crate) fn line(rule: &Value) -> String {
    let call = rule.get("api").and_then(Value::as_str).unwrap_or_default();
    format!("{call}: {}", words(rule))
}

/// What a rule does.
pub(crate) fn words(rule: &Value) -> String {
    let mut words = vec![];
    if let Some(field) = rule.get("field") {
        let text = |name: &str| field.get(name).and_then(Value::as_str).unwrap_or_default();
        words.push(format!("{}={}", text("path"), text("is")));
    }
    let hidden = ["rule", "api", "field"];
    let members = rule.as_object().into_iter().flatten();
    for (name, value) in members.filter(|(name, _)| !hidden.contains(&name.as_str())) {
        words.push(match value {
            Value::Bool(true) => name.clone(),
            Value::String(text) => format!("{name} {text}"),
            other @ (Value::Null
            | Value::Bool(false)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_)) => format!("{name} {other}"),
        });
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{line, told};
    use crate::mock::read;

    #[test]
    fn what_a_file_says_is_told_and_nothing_else_is() {
        let file = "mock:\n  - { api: pay, when: { paymentAmount.value: \"666\" }, \
                    then: { result: RISK_REJECT }, times: 2 }\n  \
                    - { api: cancel, then: { http: 503, process: true }, delay: 50, minutes: 30 }\n  \
                    - { api: refund, then: { drop: after, signature: wrong } }\n  \
                    - { api: inquiryPayment, then: { malformed: true } }\n";
        for rule in read("rules.yaml", file.as_bytes()).unwrap() {
            assert_eq!(told(&rule.body).unwrap().body, rule.body);
        }
        for odd in [
            json!({ "api": "pay" }),
            json!({ "api": "nothing", "code": "RISK_REJECT" }),
            json!({ "api": "pay", "code": "RISK_REJECT", "note": "harmless" }),
            json!({ "api": "pay", "code": "RISK_REJECT", "delay": 0 }),
            json!({ "api": "pay", "code": "RISK_REJECT", "minutes": 29 }),
            json!("pay"),
        ] {
            assert!(told(&odd).is_none(), "{odd}");
        }
    }

    #[test]
    fn a_rule_is_one_line() {
        let rule = json!({
            "api": "pay", "field": { "path": "order.orderDescription", "is": "Tea" },
            "code": "RISK_REJECT", "times": 2, "process": true,
        });
        let said = "pay: order.orderDescription=Tea, code RISK_REJECT, process, times 2";
        assert_eq!(line(&rule), said);
    }
}
