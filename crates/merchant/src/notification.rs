//! Notices: what the gateway tells by itself, believed only once it verifies.

use evidence::OrderState;
use protocol::ams::{ACK, Outcome, Status, Verified};
use protocol::{Amount, Fields};
use serde_json::json;
use wire::{Reply, Request};

use crate::defect::Defect;
use crate::gateway::{Head, particulars};
use crate::order::{Order, Particulars};
use crate::reference::Reference;
use crate::registration::Heeded;
use crate::setup::path_of;

/// What a notice is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Taken, or nothing to take.
    Ack,
    /// Not verified, not readable or not known.
    Unknown,
    /// About our order, and wrong.
    Refused,
    /// Taken, and answered with nothing: a defect.
    Speechless,
}

/// A genuine notice that a payment succeeded.
#[derive(Debug)]
struct Success {
    request_id: String,
    particulars: Particulars,
    amount: Option<Amount>,
    /// Only a defect takes this type of notice for a payment.
    foreign: bool,
    /// Only a defect takes this result for a success.
    failure: bool,
}

impl Reference {
    /// Receives a request at the merchant's own address.
    pub(crate) async fn receive(&self, request: &Request) -> Reply {
        if let Some(page) = self.return_page(request) {
            return page;
        }
        if request.path() != path_of(&self.setup.notify_url) {
            return Reply::json(404, b"{}".to_vec());
        }
        if request.method != "POST" {
            return Reply::json(405, b"{}".to_vec());
        }
        if self.legacy().is_some() {
            return self.receive_form(request).await;
        }
        match self.judge_notice(request) {
            Answer::Ack => self.ack(),
            Answer::Unknown => refusal(&Outcome::of_code("UNKNOWN_EXCEPTION")),
            Answer::Refused => refusal(&Outcome::of_code("PROCESS_FAIL")),
            Answer::Speechless => Reply { status: 204, headers: vec![], body: vec![] },
        }
    }

    fn judge_notice(&self, request: &Request) -> Answer {
        let head = Head {
            target: &request.target,
            client_id: request.header("client-id"),
            time: request.header("request-time"),
            signature: request.header("signature"),
        };
        let verified = self.verified(&head, &request.body);
        let fields = Fields::read(&request.body);
        let genuine = verified == Verified::Valid
            || self.switch.strikes(Defect::NoticeUnverified)
            || (verified == Verified::Unsigned && self.switch.strikes(Defect::NoticeUnsignedOk));
        if genuine {
            return fields.map_or(Answer::Unknown, |fields| self.take_notice(&fields));
        }
        if self.switch.strikes(Defect::AcksAll) {
            return Answer::Ack;
        }
        if let Some(fields) = fields
            && self.switch.strikes(Defect::BooksBeforeVerifying)
        {
            self.take_notice(&fields);
        }
        Answer::Unknown
    }

    /// Takes a genuine notice. One that tells of no payment is acked and changes nothing.
    fn take_notice(&self, fields: &Fields) -> Answer {
        if let Some(request_id) = fields.text("registrationRequestId") {
            return match self.take_review_notice(fields, &request_id) {
                Heeded::Taken => Answer::Ack,
                Heeded::Unknown => Answer::Unknown,
                Heeded::Speechless => Answer::Speechless,
            };
        }
        let kind = fields.text("notifyType");
        if kind.as_deref() == Some("REFUND_RESULT") {
            let known = self.take_refund_notice(fields);
            return if known { Answer::Ack } else { Answer::Unknown };
        }
        let ours = kind.as_deref() == Some("PAYMENT_RESULT");
        let status = Outcome::read(fields).map(|result| result.status);
        let success = ours && status == Some(Status::S);
        let failure = ours && status == Some(Status::F);
        let foreign = !ours && matches!(status, None | Some(Status::S));
        if failure && !self.switch.strikes(Defect::NoticeResultIgnored) {
            return self.take_failure_notice(fields);
        }
        let taken =
            success || failure || (foreign && self.switch.strikes(Defect::NoticeTypeIgnored));
        if !taken {
            return Answer::Ack;
        }
        let Some(request_id) = fields.text("paymentRequestId") else { return Answer::Unknown };
        let text = |path| fields.text(path).unwrap_or_default();
        let (currency, value) = (text("paymentAmount.currency"), text("paymentAmount.value"));
        let amount = Amount::from_wire(&currency, &value).ok();
        let particulars = particulars(fields);
        let success = Success { request_id, particulars, amount, foreign, failure };
        self.take_success_notice(&success)
    }

    /// Takes the news that a payment failed for good.
    fn take_failure_notice(&self, fields: &Fields) -> Answer {
        let ticket = fields.text("paymentRequestId").and_then(|id| self.books.ticket(&id));
        let Some(ticket) = ticket else { return Answer::Unknown };
        self.books.end(&ticket, OrderState::Failed);
        Answer::Ack
    }

    fn take_success_notice(&self, notice: &Success) -> Answer {
        let mut orders = self.books.open();
        let known = orders.values_mut().find_map(|order| {
            let attempts = order.attempts.iter();
            let index =
                attempts.enumerate().find(|(_, known)| known.request_id == notice.request_id);
            index.map(|(index, _)| index).map(|index| (order, index))
        });
        if let Some((order, index)) = known {
            return self.apply(order, index, notice);
        }
        drop(orders);
        if let Some(amount) = notice.amount
            && self.switch.strikes(Defect::NoticeCreatesOrder)
        {
            let id = &notice.request_id;
            self.books.begin(id, amount, amount, false);
            if let Some(order) = self.books.open().get_mut(id) {
                order.book();
            }
            return Answer::Ack;
        }
        Answer::Unknown
    }

    /// Applies a success to the order it is about: only an order that waits, and that nobody is
    /// cancelling, becomes paid by it.
    fn apply(&self, order: &mut Order, index: usize, notice: &Success) -> Answer {
        let current = index + 1 == order.attempts.len();
        let open = order.is_open();
        let Some(attempt) = order.attempts.get_mut(index) else { return Answer::Unknown };
        let named = &notice.particulars.payment_id;
        let same_payment = attempt.payment_id.is_some() && attempt.payment_id == *named;
        if !same_payment && self.switch.strikes(Defect::NoticeNeedsPaymentId) {
            return Answer::Unknown;
        }
        let right =
            notice.amount == Some(attempt.bill) || (notice.foreign && notice.amount.is_none());
        if !right && !self.switch.strikes(Defect::NoticeAmountIgnored) {
            return Answer::Refused;
        }
        let copy = std::mem::replace(&mut attempt.noticed, true);
        attempt.learn(Particulars { cancelled_at: None, ..notice.particulars.clone() });
        if copy && self.switch.strikes(Defect::DuplicateRefused) {
            return Answer::Refused;
        }
        let again = match order.till {
            OrderState::Waiting => open,
            OrderState::Paid => copy && self.switch.strikes(Defect::NoticeBooksAgain),
            OrderState::Cancelled => current && self.switch.strikes(Defect::NoticeRevives),
            OrderState::Failed => notice.failure,
            OrderState::ForStaff => false,
        };
        if current && again {
            order.book();
        } else if current {
            order.hear_meanwhile(OrderState::Paid);
        }
        Answer::Ack
    }

    fn ack(&self) -> Reply {
        if self.switch.strikes(Defect::AckLegacyText) {
            let headers = vec![("content-type".into(), "text/plain".into())];
            return Reply { status: 200, headers, body: b"success".to_vec() };
        }
        if self.switch.strikes(Defect::AckBom) {
            return Reply::json(200, format!("\u{feff}{ACK}").into_bytes());
        }
        Reply::json(200, ACK.as_bytes().to_vec())
    }
}

fn refusal(outcome: &Outcome) -> Reply {
    Reply::json(200, json!({ "result": outcome.to_json() }).to_string().into_bytes())
}
