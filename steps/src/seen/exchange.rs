//! One exchange with its messages.

use evidence::{Blob, Leg, Message, Way};
use protocol::Fields;
use protocol::ams::{Api, Outcome, PaymentStatus, Status, Verified};
use witness::{head_field, status_of, target_of};

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
    /// The payment request id behind the payment id that the call names, as genuine answers and
    /// notices tell it.
    pub(super) resolved: Option<String>,
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
    /// The body, where it is a JSON object.
    pub fields: Option<Fields>,
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
    /// The body, where it is a JSON object.
    pub fields: Option<Fields>,
    /// The result, where there is one.
    pub outcome: Option<Outcome>,
    /// What checking its signature found.
    pub verified: Option<Verified>,
}

impl Exchange {
    pub(super) fn new(message: &Message) -> Self {
        Self {
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
        }
    }

    pub(super) fn add(&mut self, line: u32, at: i64, message: &Message) {
        self.faults.extend(message.fault.clone());
        match message.leg {
            Leg::CallSent => self.sent = Some(Request::new(line, at, message, None)),
            Leg::CallReceived => {
                let request = Request::new(line, at, message, self.sent.as_ref());
                self.received = Some(request);
            }
            Leg::AnswerSent => self.answer_sent = Some(Answer::new(line, at, message, None)),
            Leg::AnswerReceived => {
                let answer = Answer::new(line, at, message, self.answer_sent.as_ref());
                self.answer_received = Some(answer);
            }
        }
        if self.way == Way::Call {
            self.api = self.request().and_then(Request::target).and_then(|path| Api::of(&path));
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
        let sound = answer.verified == Some(Verified::Valid) && answer.status == Some(200);
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

    /// Whether a fault of this name met it.
    pub fn met(&self, fault: &str) -> bool {
        self.faults.iter().any(|name| name == fault)
    }
}

impl Request {
    fn new(line: u32, at: i64, message: &Message, before: Option<&Self>) -> Self {
        let blob = message.bytes.clone();
        let blob = blob.or_else(|| before.map(|before| before.blob.clone())).unwrap_or_default();
        let fields = Fields::read(&blob.body);
        Self { line, at, fields, verified: message.verified, blob }
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
    fn new(line: u32, at: i64, message: &Message, before: Option<&Self>) -> Self {
        let blob = message.bytes.clone();
        let blob = blob.or_else(|| before.map(|before| before.blob.clone())).unwrap_or_default();
        let fields = Fields::read(&blob.body);
        let outcome = fields.as_ref().and_then(Outcome::read);
        let (status, verified) = (status_of(&blob.head), message.verified);
        Self { line, at, blob, status, fields, outcome, verified }
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
