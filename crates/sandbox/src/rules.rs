//! Answers that are ordered in advance: the next matching calls get them.

use clock::Millis;
use protocol::ams::{Api, Status};
use serde::de::value::StringDeserializer;
use serde::{Deserialize, Deserializer};

use crate::legacy::Service;

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Called {
    Ams(Api),
    Legacy(Service),
}

impl<'de> Deserialize<'de> for Called {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        match Service::of(&name) {
            Some(service) => Ok(Self::Legacy(service)),
            // The refusal lists the calls of the newer generation.
            None => Api::deserialize(StringDeserializer::new(name)).map(Self::Ams),
        }
    }
}

/// An order for answers.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) api: Called,
    /// A field or parameter of the call and the value that it must have; `None` meets every call.
    pub(crate) field: Option<(String, String)>,
    /// Whether the call is worked on as usual before it is answered so.
    pub(crate) process: bool,
    pub(crate) then: Then,
    pub(crate) signature: Signature,
    /// How much longer than usual the answer takes, in milliseconds.
    pub(crate) delay: Millis,
    /// How many calls it still answers; `None` means all of them.
    pub(crate) times: Option<u32>,
    /// Until when it answers, in milliseconds since the epoch; `None` means for ever.
    pub(crate) until: Option<Millis>,
    /// How many matching calls pass before it begins.
    pub(crate) after: u32,
}

/// What comes back.
#[derive(Debug, Clone)]
pub(crate) enum Then {
    /// What working on the call gives.
    Genuine,
    /// The result with this code, as its generation writes it; the status is the one that goes
    /// with the code unless another is asked for.
    Result { code: String, status: Option<Status> },
    /// This HTTP status, and a page that is no answer.
    Http(u16),
    /// Nothing: the connection is closed.
    Nothing,
}

/// How an answer is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Signature {
    /// As it should be.
    #[default]
    Right,
    /// Over another body.
    Wrong,
    /// Not at all.
    Missing,
}

#[derive(Debug, Default)]
pub(crate) struct Rules(Vec<Rule>);

impl Rules {
    pub(crate) fn add(&mut self, rule: Rule) {
        self.0.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The rule for the call that has just come, if one applies: the oldest that has begun. Every
    /// call counts for all rules that it meets and that have not begun yet, whoever answers it.
    pub(crate) fn take(
        &mut self,
        called: Called,
        value: impl Fn(&str) -> Option<String>,
        now: Millis,
    ) -> Option<Rule> {
        let meets = |rule: &&mut Rule| {
            let field = rule.field.as_ref();
            rule.api == called
                && field.is_none_or(|(path, wanted)| value(path).as_ref() == Some(wanted))
        };
        let mut taken = None;
        for rule in self.0.iter_mut().filter(meets) {
            let lasts = rule.times != Some(0) && rule.until.is_none_or(|until| now < until);
            if rule.after > 0 {
                rule.after -= 1;
            } else if taken.is_none() && lasts {
                rule.times = rule.times.map(|times| times - 1);
                taken = Some(rule.clone());
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use protocol::Fields;

    use super::*;

    fn take(rules: &mut Rules, api: Api, body: &[u8], now: Millis) -> Option<Rule> {
        let fields = Fields::read(body);
        let value = |path: &str| fields.as_ref().and_then(|fields| fields.text(path));
        rules.take(Called::Ams(api), value, now)
    }

    fn rule(code: &str, times: Option<u32>, after: u32) -> Rule {
        Rule {
            api: Called::Ams(Api::Pay),
            field: None,
            process: false,
            then: Then::Result { code: code.into(), status: None },
            signature: Signature::Right,
            delay: 0,
            times,
            until: None,
            after,
        }
    }

    fn code(rule: Option<Rule>) -> Option<String> {
        rule.map(|rule| match rule.then {
            Then::Result { code, .. } => code,
            Then::Genuine | Then::Http(_) | Then::Nothing => String::new(),
        })
    }

    #[test]
    fn rules_answer_in_turn() {
        let mut rules = Rules::default();
        rules.add(rule("RISK_REJECT", Some(1), 1));
        rules.add(rule("UNKNOWN_EXCEPTION", Some(1), 0));
        rules.add(rule("PROCESS_FAIL", None, 3));
        let codes: Vec<_> = (0..5).map(|_| code(take(&mut rules, Api::Pay, b"{}", 0))).collect();
        let expected = [
            Some("UNKNOWN_EXCEPTION"),
            Some("RISK_REJECT"),
            None,
            Some("PROCESS_FAIL"),
            Some("PROCESS_FAIL"),
        ];
        assert_eq!(codes, expected.map(|code| code.map(str::to_owned)));
        assert!(take(&mut rules, Api::Cancel, b"{}", 0).is_none());
        rules.clear();
        assert!(take(&mut rules, Api::Pay, b"{}", 0).is_none());
    }

    #[test]
    fn a_rule_meets_the_calls_that_it_names_and_ends_in_time() {
        let mut rules = Rules::default();
        let field = Some(("paymentAmount.value".to_owned(), "666".to_owned()));
        rules.add(Rule { field, until: Some(5_000), ..rule("RISK_REJECT", None, 0) });
        let call = |value: &str| format!(r#"{{"paymentAmount":{{"value":{value}}}}}"#);
        for (body, now, met) in [
            (call("\"666\""), 0, true),
            (call("666"), 4_999, true),
            (call("\"667\""), 0, false),
            ("no JSON".into(), 0, false),
            (call("666"), 5_000, false),
        ] {
            let taken = take(&mut rules, Api::Pay, body.as_bytes(), now);
            assert_eq!(taken.is_some(), met, "{body} {now}");
        }
    }
}
