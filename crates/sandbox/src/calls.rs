//! The merchant's calls: who called what, whether it is signed, and what comes back.

use protocol::ams::{Api, Status, Verified, verify};
use protocol::{Fields, parse_time};
use wire::{Reply, Request};

use crate::answer::Answer;
use crate::defect::Defect;
use crate::journal::{Line, as_text};
use crate::tenant::Tenant;

impl Tenant {
    /// Answers a call: it is worked on when it arrives and answered when the latency is over.
    pub(crate) async fn call(&self, request: Request) -> Reply {
        let arrived = self.now();
        let answer = self.work(&request);
        let code = answer.outcome.code.clone();
        if self.terms().latency > 0 {
            self.clock().sleep(self.terms().latency).await;
        }
        let reply = self.reply(&request, answer);
        self.journal().note(Line {
            time: arrived,
            way: "call",
            target: request.target.clone(),
            status: Some(reply.status),
            code,
            request: as_text(&request.body),
            answer: as_text(&reply.body),
        });
        reply
    }

    fn work(&self, request: &Request) -> Answer {
        let api = match self.admit(request) {
            Ok(api) => api,
            Err(answer) => return answer,
        };
        let Some(rule) = self.rules().lock().take(api) else { return self.process(api, request) };
        if !rule.process {
            return Answer::bare(rule.outcome);
        }
        let processed = self.process(api, request);
        match rule.outcome.status {
            Status::S => Answer { outcome: rule.outcome, ..processed },
            // Who does not know what became of a call cannot give its particulars either.
            Status::F | Status::U => Answer::bare(rule.outcome),
        }
    }

    /// The checks that come before any look at the body, in the order of their codes.
    fn admit(&self, request: &Request) -> Result<Api, Answer> {
        let api = Api::of(&request.target).ok_or_else(|| Answer::of_code("NO_INTERFACE_DEF"))?;
        if request.method != "POST" {
            return Err(Answer::of_code("METHOD_NOT_SUPPORTED"));
        }
        let client_id = request.header("client-id");
        if client_id != Some(&self.terms().client_id) {
            return Err(Answer::of_code("INVALID_CLIENT"));
        }
        let time = request.header("request-time");
        let verified = verify(
            &self.terms().merchant_key,
            &request.target,
            client_id,
            time,
            &request.body,
            request.header("signature"),
        );
        let genuine = match verified {
            Verified::Valid => true,
            Verified::Wrong => self.strikes(Defect::RequestUnverified),
            Verified::Unsigned => false,
        };
        if !genuine {
            let signed = self.terms().switches.signed_refusals;
            return Err(Answer { signed, ..Answer::of_code("INVALID_SIGNATURE") });
        }
        if time.and_then(parse_time).is_none() {
            return Err(Answer::illegal("Request-Time: a moment is expected"));
        }
        Ok(api)
    }

    fn process(&self, api: Api, request: &Request) -> Answer {
        let Some(fields) = Fields::read(&request.body) else {
            return Answer::illegal("a JSON object is expected");
        };
        self.on_ledger(|ledger, now| match api {
            Api::Pay => ledger.pay(&fields, &self.terms().switches, now),
            Api::InquiryPayment => ledger.inquire(&fields, now),
            Api::Cancel => ledger.cancel(&fields, now),
            Api::Refund
            | Api::InquiryRefund
            | Api::Registration
            | Api::InquiryRegistrationStatus
            | Api::InquiryRegistrationInfo => Answer::of_code("NO_INTERFACE_DEF"),
        })
    }
}
