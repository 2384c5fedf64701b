//! One exchange with its messages.

use evidence::{Blob, Leg, Message, Way, api_of, form_of, service_of};
use evidence::{head_field, is_return, status_of, target_of};
use protocol::ams::{self, Api, Outcome, PaymentStatus, Status, Verified};
use protocol::legacy::{self, Charset, Form, Service, is_no_trade};
use protocol::{Fields, Generation};

/// An exchange as the record tells it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Its number in the attempt.
    pub number: u32,
    /// Which way it goes.
    pub way: Way,
    /// Whether the runner itself was the caller.
    pub own: bool,
    /// Which call it is; `None` for notices and unknown paths.
    pub api: Option<Api>,
    /// The call as its sender sent it; `None` when the witness made it.
    pub sent: Option<Request>,
    /// The call as its receiver got it.
    pub received: Option<Request>,
    /// The answer as its sender sent it.
    pub answer_sent: Option<Answer>,
    /// The answer as the caller got it.
    pub answer_received: Option<Answer>,
    /// What the witness did, by name.
    pub faults: Vec<String>,
    /// In whose words its messages are.
    pub(super) tongue: Tongue,
    service: Option<Service>,
    /// The payment request id behind the payment id that the call names, as genuine answers and
    /// notices tell it.
    pub(super) resolved: Option<String>,
    /// The order that a call for a payment is made for, where the merchant has numbers of its own
    /// and nothing in the call tells.
    pub(super) told_apart: Option<String>,
}

/// In whose words messages are: the generation, and of the older one the charset of notices.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tongue {
    pub(super) generation: Generation,
    pub(super) charset: Charset,
}

/// A call or notice.
#[derive(Debug, Clone)]
pub struct Request {
    /// The line of the record.
    pub line: u32,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// Head and body.
    pub blob: Blob,
    /// What it says: its JSON body, or a form in the words of the newer generation.
    pub fields: Option<Fields>,
    /// The parameters of a form.
    pub form: Option<Form>,
    /// What checking its signature found.
    pub verified: Option<Verified>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The line of the record.
    pub line: u32,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// Head and body.
    pub blob: Blob,
    /// The HTTP status.
    pub status: Option<u16>,
    /// What it says: its JSON body, or XML in the words of the newer generation.
    pub fields: Option<Fields>,
    /// The XML of the older generation.
    pub xml: Option<legacy::Answer>,
    /// The result, where there is one.
    pub outcome: Option<Outcome>,
    /// What checking its signature found.
    pub verified: Option<Verified>,
}

impl Exchange {
    pub(super) fn new(message: &Message, tongue: Tongue) -> Self {
        Self {
            tongue,
            service: None,
            number: message.exchange,
            way: message.way,
            own: message.own,
            api: None,
            sent: None,
            received: None,
            answer_sent: None,
            answer_received: None,
            faults: vec![],
            resolved: None,
            told_apart: None,
        }
    }

    pub(super) fn add(&mut self, line: u32, at: i64, message: &Message) {
        self.faults.extend(message.fault.clone());
        let (way, tongue) = (self.way, self.tongue);
        let request = |before| Request::new((line, at), message, before, (way, tongue));
        let answer = |before| Answer::new((line, at), message, before, (way, tongue));
        match message.leg {
            Leg::CallSent => self.sent = Some(request(None)),
            Leg::CallReceived => self.received = Some(request(self.sent.as_ref())),
            Leg::AnswerSent => self.answer_sent = Some(answer(None)),
            Leg::AnswerReceived => {
                self.answer_received = Some(answer(self.answer_sent.as_ref()));
            }
        }
        // What a call asks for is read once: no later message has another call.
        let opens = match message.leg {
            Leg::CallSent => true,
            Leg::CallReceived => self.sent.is_none(),
            Leg::AnswerSent | Leg::AnswerReceived => false,
        };
        if let Some(call) = self.request().filter(|_| opens).map(|request| &request.blob) {
            let service = service_of(call);
            let api = service.map_or_else(|| api_of(call), Service::api);
            (self.api, self.service) = (api.filter(|_| self.way == Way::Call), service);
        }
    }

    /// The call as its sender meant it, or as the witness made it.
    pub fn request(&self) -> Option<&Request> {
        self.sent.as_ref().or(self.received.as_ref())
    }

    /// A scalar of the call's body.
    pub fn asked(&self, path: &str) -> Option<String> {
        self.request()?.fields.as_ref()?.text(path)
    }

    /// A parameter of the older generation's call or notice.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.request()?.form.as_ref()?.get(name).filter(|value| !value.is_empty())
    }

    /// The first parameter in which a repeated call of the older generation differs from the first:
    /// "with unchanged parameters". A time of sending and what is signed over it may differ.
    pub fn changed_parameter(&self, again: &Self) -> Option<String> {
        const FREE: [&str; 4] = ["sign", "sign_type", "timestamp", "terminal_timestamp"];
        let form = |call: &Self| call.request().and_then(|request| request.form.clone());
        let (first, again) = (form(self)?, form(again)?);
        let names = first.iter().chain(again.iter()).map(|(name, _)| name);
        let mut changed = names.filter(|name| !FREE.contains(name));
        changed.find(|name| first.get(name) != again.get(name)).map(str::to_owned)
    }

    /// The service that a call of the older generation names.
    pub fn service(&self) -> Option<Service> {
        self.service
    }

    /// What the documents call it.
    pub fn name(&self) -> &'static str {
        self.service().map_or_else(|| self.api.map_or("call", Api::name), Service::name)
    }

    /// Whether a call for a payment is made for an order: it names the order itself, or carries it
    /// at the head of its own number or of its title. What else tells it apart is found in
    /// `numbers.rs`.
    pub fn is_for(&self, order: &str) -> bool {
        if let Some(told_apart) = &self.told_apart {
            return told_apart == order;
        }
        match self.tongue.generation {
            Generation::Ams => self.asked("order.referenceOrderId").as_deref() == Some(order),
            Generation::Legacy => {
                let number = self.asked("paymentRequestId");
                let titles = ["trans_name", "subject"].map(|name| self.parameter(name));
                let heads = |text: &str| {
                    let rest = text.strip_prefix(order);
                    rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
                };
                number.as_deref().into_iter().chain(titles.into_iter().flatten()).any(heads)
            }
        }
    }

    /// The payment request id that the call names, by itself or by the gateway's payment id.
    pub fn request_id(&self) -> Option<String> {
        self.asked("paymentRequestId").or_else(|| self.resolved.clone())
    }

    /// The payment that the exchange is about, by both ids, where it names both genuinely.
    pub(super) fn both_ids(&self) -> Option<(String, String)> {
        let genuine = |verified| verified == Some(Verified::Valid);
        let told = self.answer_sent.as_ref().filter(|answer| genuine(answer.verified));
        let answered = told.and_then(|answer| {
            let id = answer.text("paymentRequestId").or_else(|| self.asked("paymentRequestId"));
            answer.text("paymentId").zip(id)
        });
        let noticed = self.sent.as_ref().filter(|sent| genuine(sent.verified));
        let noticed = noticed.filter(|_| self.way == Way::Notice);
        answered.or_else(|| {
            noticed?;
            self.asked("paymentId").zip(self.asked("paymentRequestId"))
        })
    }

    /// When it began, in milliseconds since the epoch.
    pub fn began(&self) -> i64 {
        self.request().map_or(0, |request| request.at)
    }

    /// The line of its first message.
    pub fn line(&self) -> u32 {
        self.request().map_or(0, |request| request.line)
    }

    /// The lines of all its messages.
    pub fn lines(&self) -> Vec<u32> {
        let requests = [&self.sent, &self.received].into_iter().flatten().map(|r| r.line);
        let answers = [&self.answer_sent, &self.answer_received].into_iter().flatten();
        requests.chain(answers.map(|answer| answer.line)).collect()
    }

    /// The answer that the caller can believe: received, signed by the other side, well-formed and
    /// about what was asked.
    pub fn believable(&self) -> Option<&Answer> {
        let answer = self.answer_received.as_ref()?;
        let same = |asked: Option<String>, told: Option<String>| {
            asked.zip(told).is_none_or(|(asked, told)| asked == told)
        };
        let ours = same(self.request_id(), answer.text("paymentRequestId"))
            && same(self.refund_id(), answer.text("refundRequestId"));
        let genuine = answer.verified == Some(Verified::Valid)
            || (answer.verified == Some(Verified::Unsigned) && answer.may_be_unsigned());
        let sound = genuine && answer.status == Some(200);
        (sound && ours && answer.outcome.is_some()).then_some(answer)
    }

    /// The status of the believable answer.
    pub fn result(&self) -> Option<Status> {
        self.believable()?.outcome.as_ref().map(|outcome| outcome.status)
    }

    /// The status and code that the answering side sent, believable or not.
    pub fn told(&self) -> Option<(Status, String)> {
        let outcome = self.answer_sent.as_ref()?.outcome.as_ref()?;
        Some((outcome.status, outcome.code.clone()))
    }

    /// Whether it is what a buyer's browser carried back from the gateway.
    pub fn is_return(&self) -> bool {
        self.request().is_some_and(|request| is_return(self.way, &request.blob))
    }

    /// Whether its messages are of the older generation.
    pub fn is_legacy(&self) -> bool {
        self.tongue.generation == Generation::Legacy
    }

    /// Whether an answer of the merchant acknowledges a notice.
    pub fn is_ack(&self, answer: &Answer) -> bool {
        let (status, body) = (answer.status.unwrap_or(0), &answer.blob.body);
        match self.tongue.generation {
            Generation::Ams => ams::judge_ack(status, body).is_ok(),
            Generation::Legacy => legacy::judge_ack(status, body).is_ok(),
        }
    }

    /// Whether a fault of this name met it.
    pub fn met(&self, fault: &str) -> bool {
        self.faults.iter().any(|name| name == fault)
    }
}

impl Request {
    fn new(
        (line, at): (u32, i64),
        message: &Message,
        before: Option<&Self>,
        (way, tongue): (Way, Tongue),
    ) -> Self {
        let verified = message.verified;
        if let (None, Some(before)) = (&message.bytes, before) {
            return Self { line, at, verified, ..before.clone() };
        }
        let blob = message.bytes.clone().unwrap_or_default();
        let form = match tongue.generation {
            Generation::Ams => None,
            Generation::Legacy => form_of(way, &blob, tongue.charset).ok(),
        };
        let fields = match (tongue.generation, way) {
            (Generation::Ams, _) => Fields::read(&blob.body),
            (Generation::Legacy, Way::Call) => form.as_ref().map(Form::in_ams_words),
            (Generation::Legacy, Way::Notice) => form.as_ref().map(Form::notice_in_ams_words),
        };
        Self { line, at, blob, fields, form, verified }
    }

    /// Path and query.
    pub fn target(&self) -> Option<String> {
        target_of(&self.blob.head)
    }

    /// The method.
    pub fn method(&self) -> String {
        String::from_utf8_lossy(&self.blob.head).split(' ').next().unwrap_or_default().to_owned()
    }

    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<String> {
        head_field(&self.blob.head, name)
    }

    /// The body as text.
    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.blob.body).into_owned()
    }
}

impl Answer {
    fn new(
        (line, at): (u32, i64),
        message: &Message,
        before: Option<&Self>,
        (way, tongue): (Way, Tongue),
    ) -> Self {
        let verified = message.verified;
        if let (None, Some(before)) = (&message.bytes, before) {
            return Self { line, at, verified, ..before.clone() };
        }
        let blob = message.bytes.clone().unwrap_or_default();
        let xml = match (tongue.generation, way) {
            (Generation::Legacy, Way::Call) => legacy::Answer::read(&blob.body).ok(),
            (Generation::Legacy, Way::Notice) | (Generation::Ams, _) => None,
        };
        let fields = match tongue.generation {
            Generation::Ams => Fields::read(&blob.body),
            Generation::Legacy => xml.as_ref().map(legacy::Answer::in_ams_words),
        };
        let outcome = fields.as_ref().and_then(Outcome::read);
        let status = status_of(&blob.head);
        Self { line, at, blob, status, fields, xml, outcome, verified }
    }

    /// A field of the older generation's response.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.xml.as_ref()?.get(name).filter(|value| !value.is_empty())
    }

    /// Whether the older generation signs nothing here: a refusal of the call, or a success without
    /// a response.
    pub fn may_be_unsigned(&self) -> bool {
        let bare =
            |xml: &legacy::Answer| xml.response.is_none() || xml.told != legacy::Told::Accepted;
        self.xml.as_ref().is_some_and(bare)
    }

    /// Whether it says that the gateway knows no such order.
    pub fn knows_no_order(&self) -> bool {
        self.outcome.as_ref().is_some_and(|told| {
            told.status == Status::F && (told.code == "ORDER_NOT_EXIST" || is_no_trade(&told.code))
        })
    }

    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<String> {
        head_field(&self.blob.head, name)
    }

    /// A scalar of the body.
    pub fn text(&self, path: &str) -> Option<String> {
        self.fields.as_ref()?.text(path)
    }

    /// Whether the result has this status and code.
    pub fn is(&self, status: Status, code: &str) -> bool {
        self.outcome.as_ref().is_some_and(|told| told.status == status && told.code == code)
    }

    /// `paymentStatus` of an inquiry that succeeded.
    pub fn payment_status(&self) -> Option<PaymentStatus> {
        let succeeded = self.outcome.as_ref().is_some_and(|told| told.status == Status::S);
        PaymentStatus::parse(&self.text("paymentStatus")?).filter(|_| succeeded)
    }
}
