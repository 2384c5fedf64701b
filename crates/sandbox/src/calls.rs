//! The merchant's calls: who called what, whether it is signed, and what comes back.

use clock::Millis;
use protocol::ams::{Api, Outcome, Signature as Header, Status, Verified, verify};
use protocol::{Fields, iso8601, parse_time};
use serde_json::Value;
use wire::{Reply, Request};

use crate::answer::{Answer, older, on_demand};
use crate::defect::Defect;
use crate::journal::{Line, as_text};
use crate::rules::{Called, Signature, Then};
use crate::tenant::Tenant;
use crate::terms::Contract;

/// What becomes of a call.
struct Work {
    answer: Answer,
    /// What a rule puts in the place of the answer.
    then: Then,
    /// How much longer than usual it takes.
    delay: Millis,
}

impl Work {
    fn of(answer: Answer) -> Self {
        Self { answer, then: Then::Genuine, delay: 0 }
    }
}

impl Tenant {
    /// Answers a call: it is worked on when it arrives and answered when the latency is over.
    pub(crate) async fn call(&self, request: Request) -> Reply {
        let arrived = self.now();
        let Work { mut answer, then, delay } = self.work(&request);
        if self.switches().older_codes {
            answer.outcome.code = older(&answer.outcome.code).to_owned();
        }
        let code = answer.outcome.code.clone();
        if self.terms().latency + delay > 0 {
            self.clock().sleep(self.terms().latency + delay).await;
        }
        let (reply, code) = on_demand(&then, code, || self.reply(&request, answer));
        self.journal().note(Line {
            time: arrived,
            way: "call",
            target: request.target.clone(),
            status: Some(reply.status).filter(|status| *status != 0),
            code,
            request: as_text(&request.body),
            answer: as_text(&reply.body),
        });
        reply
    }

    fn work(&self, request: &Request) -> Work {
        let api = match self.admit(request) {
            Ok(api) => api,
            Err(answer) => return Work::of(answer),
        };
        let fields = Fields::read(&request.body);
        let value = |path: &str| fields.as_ref().and_then(|fields| fields.text(path));
        let Some(rule) = self.rules().lock().take(Called::Ams(api), value, self.now()) else {
            return Work::of(self.process(api, request));
        };
        let processed = rule.process.then(|| self.process(api, request));
        let answer = match (&rule.then, processed) {
            (Then::Result { code, status }, processed) => {
                let outcome = Outcome::of_code(code);
                let outcome = Outcome { status: status.unwrap_or(outcome.status), ..outcome };
                match processed {
                    Some(processed) if outcome.status == Status::S => {
                        Answer { outcome, ..processed }
                    }
                    // Who does not know what became of a call cannot give its particulars either.
                    Some(_) | None => Answer::bare(outcome),
                }
            }
            (Then::Genuine | Then::Http(_) | Then::Cut | Then::Nothing, processed) => {
                processed.unwrap_or_else(|| Answer::of_code("UNKNOWN_EXCEPTION"))
            }
        };
        let signature =
            if answer.signature == Signature::Right { rule.signature } else { answer.signature };
        Work { answer: Answer { signature, ..answer }, then: rule.then, delay: rule.delay }
    }

    /// The checks that come before any look at the body, in the order of their codes.
    fn admit(&self, request: &Request) -> Result<Api, Answer> {
        let api = Api::of(&request.target).ok_or_else(|| Answer::of_code("NO_INTERFACE_DEF"))?;
        if request.method != "POST" {
            return Err(Answer::of_code("METHOD_NOT_SUPPORTED"));
        }
        let Contract::Ams { client_id: known, merchant_key, .. } = &self.terms().contract else {
            return Err(Answer::of_code("INVALID_CLIENT"));
        };
        let client_id = request.header("client-id");
        if client_id != Some(known) {
            return Err(Answer::of_code("INVALID_CLIENT"));
        }
        let time = request.header("request-time");
        let verified = verify(
            merchant_key,
            &request.target,
            client_id,
            time,
            &request.body,
            request.header("signature"),
        );
        let genuine = match verified {
            Verified::Valid => {
                !self.switches().strict_signatures
                    || request.header("signature").is_some_and(as_documented)
            }
            Verified::Wrong => self.strikes(Defect::RequestUnverified),
            Verified::Unsigned => false,
        };
        if !genuine {
            let signed = self.switches().signed_refusals;
            let signature = if signed { Signature::Right } else { Signature::Missing };
            return Err(Answer { signature, ..Answer::of_code("INVALID_SIGNATURE") });
        }
        self.look_at(time).map_err(Answer::illegal)?;
        Ok(api)
    }

    /// Whether the time of a request can be used, or what was expected.
    fn look_at(&self, time: Option<&str>) -> Result<(), String> {
        let moment = time.and_then(parse_time).ok_or("Request-Time: a moment is expected")?;
        match self.switches().max_skew {
            Some(skew) if (moment - self.now()).abs() > skew => {
                let (seconds, now) = (skew / 1_000, iso8601(self.now()));
                Err(format!("Request-Time: a moment at most {seconds} s from {now} is expected"))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn process(&self, api: Api, request: &Request) -> Answer {
        let Some(fields) = Fields::read(&request.body) else {
            return Answer::illegal("a JSON object is expected");
        };
        if self.switches().strict_strings
            && let Some(path) = not_text("", fields.value())
        {
            return Answer::illegal(format!("{path}: JSON text is expected"));
        }
        // A caller of its own time does not know by how much this clock was moved.
        let moved = self.clock().moved();
        self.on_ledger(|ledger, now| match api {
            Api::Pay => ledger.pay(&fields, now, moved),
            Api::InquiryPayment => ledger.inquire(&fields, now),
            Api::Cancel => ledger.cancel(&fields, now),
            Api::Refund => ledger.refund(&fields, now),
            Api::InquiryRefund => ledger.inquire_refund(&fields),
            Api::Registration => ledger.register(&fields, now),
            Api::InquiryRegistrationStatus => ledger.registration_status(&fields),
            Api::InquiryRegistrationInfo => ledger.registration_info(&fields),
        })
    }
}

/// Whether a signature header has its pairs in the documented order, and its value padded and
/// percent-encoded. Documents write a blank after each comma and official clients write none.
fn as_documented(header: &str) -> bool {
    let names = header.split(',').map(|pair| pair.trim().split('=').next().unwrap_or_default());
    names.eq(["algorithm", "keyVersion", "signature"])
        && Header::parse(header).is_ok_and(|read| read.documented_form)
}

/// The path of the first scalar that is no JSON text. `above` is the path of `value` and a dot.
fn not_text(above: &str, value: &Value) -> Option<String> {
    let below = |name: &str, value| not_text(&format!("{above}{name}."), value);
    match value {
        Value::Number(_) | Value::Bool(_) => Some(above.trim_end_matches('.').to_owned()),
        Value::String(_) | Value::Null => None,
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(place, item)| below(&place.to_string(), item))
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| below(name, member)),
    }
}
