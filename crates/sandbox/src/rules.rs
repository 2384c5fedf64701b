//! Answers that are ordered in advance: the next matching calls get them.

use clock::Millis;
use protocol::ams::{Api, Status, known_code};
use protocol::legacy::Service;
use serde::de::value::StringDeserializer;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Called {
    Ams(Api),
    Legacy(Service),
}

impl<'de> Deserialize<'de> for Called {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        match Service::parse(&name) {
            Some(service) => Ok(Self::Legacy(service)),
            // The refusal lists the calls of the newer generation.
            None => Api::deserialize(StringDeserializer::new(name)).map(Self::Ams),
        }
    }
}

impl Called {
    /// The name of the call.
    fn name(self) -> &'static str {
        match self {
            Self::Ams(api) => api.name(),
            Self::Legacy(service) => service.name(),
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
    /// What working on the call gives, cut off in the middle of its body.
    Cut,
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

/// The rules in force, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    standing: Vec<(u32, Rule)>,
    /// How many there have ever been: the number of a rule is never another's.
    numbered: u32,
    /// Whether calls that name a code in words get it, where no rule meets them.
    on_demand: bool,
}

impl Rules {
    /// Adds a rule, and answers its number.
    pub(crate) fn add(&mut self, rule: Rule) -> u32 {
        self.numbered += 1;
        self.standing.push((self.numbered, rule));
        self.numbered
    }

    /// Takes a rule away by its number. Answers whether there was one.
    pub(crate) fn remove(&mut self, number: u32) -> bool {
        let before = self.standing.len();
        self.standing.retain(|(own, _)| *own != number);
        self.standing.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.standing.clear();
    }

    /// Lets calls that name a code in words have it.
    pub(crate) fn answer_words(&mut self) {
        self.on_demand = true;
    }

    /// Those that still answer something.
    pub(crate) fn list(&self, now: Millis) -> Value {
        let lasting = self.standing.iter().filter(|(_, rule)| rule.lasts(now));
        lasting.map(|(number, rule)| rule.shown(*number, now)).collect()
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
        for rule in self.standing.iter_mut().map(|(_, rule)| rule).filter(meets) {
            if rule.after > 0 {
                rule.after -= 1;
            } else if taken.is_none() && rule.lasts(now) {
                rule.times = rule.times.map(|times| times - 1);
                taken = Some(rule.clone());
            }
        }
        taken.or_else(|| self.on_demand.then(|| in_words(called, value)).flatten())
    }
}

impl Rule {
    fn lasts(&self, now: Millis) -> bool {
        self.times != Some(0) && self.until.is_none_or(|until| now < until)
    }

    /// As the control API lists it.
    fn shown(&self, number: u32, now: Millis) -> Value {
        let mut shown = json!({ "rule": number, "api": self.api.name() });
        if let Some((path, is)) = &self.field {
            shown["field"] = json!({ "path": path, "is": is });
        }
        match &self.then {
            Then::Genuine => {}
            Then::Result { code, status } => {
                shown["code"] = json!(code);
                if let Some(status) = status {
                    shown["status"] = json!(status.letter());
                }
            }
            Then::Http(status) => shown["http"] = json!(status),
            Then::Cut => shown["malformed"] = json!(true),
            Then::Nothing => {
                shown["drop"] = json!(if self.process { "after" } else { "before" });
            }
        }
        match self.signature {
            Signature::Right => {}
            Signature::Wrong => shown["signature"] = json!("wrong"),
            Signature::Missing => shown["signature"] = json!("missing"),
        }
        if self.process && matches!(self.then, Then::Result { .. } | Then::Http(_)) {
            shown["process"] = json!(true);
        }
        for (name, number) in [
            ("delay", Some(self.delay).filter(|delay| *delay > 0)),
            ("times", self.times.map(Into::into)),
            ("after_answers", Some(self.after).filter(|after| *after > 0).map(Into::into)),
            ("ends_in", self.until.map(|until| until - now)),
        ] {
            if let Some(number) = number {
                shown[name] = json!(number);
            }
        }
        shown
    }
}

/// How a text begins that asks for a code in words.
const WORDS: &str = "mock:";

/// The field of a call that may ask for a code in words: a text that buyer or staff read where there
/// is one, and otherwise the id that the call is about. Who asks so meets nobody else's calls.
pub(crate) fn asking_field(called: Called) -> &'static str {
    match called {
        Called::Ams(api) => match api {
            Api::Pay => "order.orderDescription",
            Api::InquiryPayment | Api::Cancel => "paymentRequestId",
            Api::Refund => "refundReason",
            Api::InquiryRefund => "refundRequestId",
            Api::Registration => "passThroughInfo",
            Api::InquiryRegistrationStatus | Api::InquiryRegistrationInfo => "referenceMerchantId",
        },
        Called::Legacy(service) => match service {
            Service::SpotPay => "trans_name",
            Service::OverseasQuery => "partner_trans_id",
            Service::SpotRefund => "refund_reason",
            Service::Cancel | Service::RefundQuery | Service::SingleTradeQuery => "out_trade_no",
            Service::Precreate | Service::CreateForexTrade | Service::CreateForexTradeWap => {
                "subject"
            }
            Service::ForexRefund => "reason",
            Service::OnlineMaintain | Service::OfflineMaintain => "secondary_merchant_name",
            Service::QueryStatus => "secondary_merchant_id",
            Service::CompareFile | Service::LiquidationFile => "start_date",
            Service::NotifyVerify => "notify_id",
        },
    }
}

/// The rule that a call asks for in words: `mock:RISK_REJECT` has that code, without being worked
/// on. Of the newer generation only documented codes are taken.
fn in_words(called: Called, value: impl Fn(&str) -> Option<String>) -> Option<Rule> {
    let asked = value(asking_field(called))?;
    let code = asked.strip_prefix(WORDS)?;
    let fits = match called {
        Called::Ams(_) => known_code(code).is_some(),
        Called::Legacy(_) => {
            let fits =
                |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            !code.is_empty() && code.bytes().all(fits)
        }
    };
    fits.then(|| Rule {
        api: called,
        field: None,
        process: false,
        then: Then::Result { code: code.to_owned(), status: None },
        signature: Signature::Right,
        delay: 0,
        times: None,
        until: None,
        after: 0,
    })
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
            Then::Genuine | Then::Http(_) | Then::Cut | Then::Nothing => String::new(),
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

    #[test]
    fn a_rule_is_listed_as_long_as_it_answers_and_taken_away_by_its_number() {
        let mut rules = Rules::default();
        let first = rules.add(rule("RISK_REJECT", Some(1), 0));
        let second = rules.add(Rule { until: Some(9), ..rule("PROCESS_FAIL", None, 0) });
        let listed = rules.list(1);
        assert_eq!(
            listed[0],
            json!({ "rule": 1, "api": "pay", "code": "RISK_REJECT", "times": 1 })
        );
        assert_eq!(listed[1]["ends_in"], 8);
        assert!(take(&mut rules, Api::Pay, b"{}", 1).is_some());
        assert_eq!(rules.list(1).as_array().unwrap().len(), 1);
        assert_eq!(rules.list(9), json!([]));
        assert!(rules.remove(second) && !rules.remove(second) && rules.remove(first));
        assert_eq!(rules.add(rule("RISK_REJECT", None, 0)), 3);
    }

    #[test]
    fn a_call_may_ask_for_a_documented_code_in_words_where_no_rule_meets_it() {
        let mut rules = Rules::default();
        let asks = |code: &str| format!(r#"{{"order":{{"orderDescription":"mock:{code}"}}}}"#);
        let ask = |rules: &mut Rules, code: &str| {
            self::code(take(rules, Api::Pay, asks(code).as_bytes(), 0))
        };
        assert_eq!(ask(&mut rules, "RISK_REJECT"), None);
        rules.answer_words();
        for known in protocol::ams::KNOWN_CODES {
            assert_eq!(ask(&mut rules, known.name).as_deref(), Some(known.name));
        }
        for unknown in ["", "risk_reject", "NO_SUCH_CODE"] {
            assert_eq!(ask(&mut rules, unknown), None, "{unknown}");
        }
        rules.add(rule("PROCESS_FAIL", Some(1), 0));
        assert_eq!(ask(&mut rules, "RISK_REJECT").as_deref(), Some("PROCESS_FAIL"));
        assert_eq!(ask(&mut rules, "RISK_REJECT").as_deref(), Some("RISK_REJECT"));
        let refund = br#"{"refundReason":"mock:REFUND_AMOUNT_EXCEED"}"#;
        assert!(take(&mut rules, Api::Refund, refund, 0).is_some());
        assert!(take(&mut rules, Api::Pay, refund, 0).is_none());
    }
}
