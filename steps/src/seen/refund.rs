//! What the record tells about refunds and cancels.

use protocol::Amount;
use protocol::ams::{Api, RefundStatus, Status, Verified};
use protocol::legacy::Service;

use super::{Act, Answer, Exchange, Seen};

impl Exchange {
    /// The refund request id that the call names.
    pub fn refund_id(&self) -> Option<String> {
        self.asked("refundRequestId")
    }

    /// The amount that a refund asks for.
    pub fn refund_amount(&self) -> Option<Amount> {
        let currency = self.asked("refundAmount.currency")?;
        Amount::from_wire(&currency, &self.asked("refundAmount.value")?).ok()
    }

    /// Whether it asks for a refund that is accepted first and executed later.
    pub fn is_executed_later(&self) -> bool {
        self.service() == Some(Service::SpotRefund) && self.parameter("is_sync") != Some("Y")
    }

    /// Whether it asks for the refund of a sale on a website.
    pub fn is_website_refund(&self) -> bool {
        self.service() == Some(Service::ForexRefund)
    }

    /// The end of a refund that the believable answer tells, if it tells one: whether it was done.
    pub fn refund_end(&self) -> Option<bool> {
        let answer = self.believable()?;
        match self.api? {
            Api::Refund => match answer.outcome.as_ref()?.status {
                Status::S if self.is_executed_later() => None,
                Status::S => Some(true),
                Status::F => Some(false),
                Status::U => None,
            },
            Api::InquiryRefund => match answer.refund_status()? {
                RefundStatus::Success => Some(true),
                RefundStatus::Fail => Some(false),
                RefundStatus::Processing => None,
            },
            Api::Pay
            | Api::InquiryPayment
            | Api::Cancel
            | Api::Registration
            | Api::InquiryRegistrationStatus
            | Api::InquiryRegistrationInfo => None,
        }
    }
}

impl Answer {
    /// `refundStatus` of a refund inquiry that succeeded.
    pub fn refund_status(&self) -> Option<RefundStatus> {
        let succeeded = self.outcome.as_ref().is_some_and(|told| told.status == Status::S);
        RefundStatus::parse(&self.text("refundStatus")?).filter(|_| succeeded)
    }
}

impl Seen {
    /// Each press of the refund button, for an order where one is named.
    pub fn presses<'a>(&'a self, order: &'a str) -> impl Iterator<Item = &'a Act> {
        let pressed = self.acts.iter().filter(|act| act.what == "refund");
        pressed.filter(move |act| act.text("order") == Some(order))
    }

    /// The slips of an order, each once.
    pub fn slips_of<'a>(&'a self, order: &'a str) -> Vec<&'a str> {
        once(self.presses(order).filter_map(|act| act.text("slip")))
    }

    /// The merchant's refund calls about an order's payments.
    pub fn refunds_of(&self, order: &str) -> Vec<&Exchange> {
        let ids = self.ids_of(order);
        let about = |call: &&Exchange| call.request_id().is_some_and(|id| ids.contains(&id));
        self.calls_of(Api::Refund).into_iter().filter(about).collect()
    }

    /// The refund request ids that the merchant used for an order, each once.
    pub fn refund_ids_of(&self, order: &str) -> Vec<String> {
        once(self.refunds_of(order).into_iter().filter_map(Exchange::refund_id))
    }

    /// The merchant's calls about one refund.
    pub fn calls_about_refund(&self, id: &str) -> Vec<&Exchange> {
        self.calls().filter(|call| call.refund_id().as_deref() == Some(id)).collect()
    }

    /// Every refund request id in a call that was made or reached the gateway, each once.
    pub fn all_refund_ids(&self) -> Vec<String> {
        let refunds = self.exchanges.iter().filter(|call| call.api == Some(Api::Refund));
        let received = |call: &Exchange| {
            call.received.as_ref().and_then(|got| got.fields.as_ref()?.text("refundRequestId"))
        };
        once(refunds.flat_map(|call| [call.refund_id(), received(call)]).flatten())
    }

    /// What the closing look says about a refund: the last own inquiry about it.
    pub fn closing_refund(&self, id: &str) -> Option<&Exchange> {
        self.own_calls()
            .filter(|call| call.api == Some(Api::InquiryRefund))
            .filter(|call| call.refund_id().as_deref() == Some(id))
            .last()
    }

    /// The state that the closing look tells; `None` when there is no such refund or no answer. Of
    /// a website's refund, which no page has a query for, a genuine notice tells it as well.
    pub fn closing_refund_status(&self, id: &str) -> Option<RefundStatus> {
        let answer = self.closing_refund(id).and_then(|call| call.answer_sent.as_ref());
        let answer = answer.filter(|answer| answer.verified == Some(Verified::Valid));
        let noticed = || {
            let refunds = self.exchanges.iter().filter(|call| call.is_website_refund());
            refunds.filter_map(Exchange::refund_id).find(|known| known == id)?;
            self.notices().filter_map(|notice| told_by(notice, id)).last()
        };
        answer.and_then(Answer::refund_status).or_else(noticed)
    }

    /// Whether the closing look knows a refund: a state, or that there is none. What the gateway
    /// took for a website it cannot but know.
    pub fn closing_knows_refund(&self, id: &str) -> bool {
        let answer = self.closing_refund(id).and_then(|call| call.answer_sent.as_ref());
        let refused = answer.and_then(|answer| answer.outcome.as_ref());
        let taken = self.calls_about_refund(id).into_iter().any(|call| {
            call.is_website_refund() && call.told().is_some_and(|(status, _)| status == Status::S)
        });
        refused.is_some_and(|told| told.status == Status::F && !taken)
            || self.closing_refund_status(id).is_some()
    }

    /// Whether and how the merchant came to know the end of a refund before a line, by a genuine
    /// answer or notice.
    pub fn refund_end_known(&self, id: &str, line: u32) -> Option<bool> {
        let calls = self.calls_about_refund(id).into_iter().enumerate();
        let answered = calls.filter_map(|(place, call)| {
            call.believable().filter(|answer| answer.line < line)?;
            let end = call.refund_end()?;
            // A website's refund that was done is refused when it comes once more.
            (end || place == 0 || !call.is_website_refund()).then_some(end)
        });
        let told = self.notices().filter_map(|notice| {
            let status = told_by(notice, id)?;
            let came = notice.received.as_ref()?.line < line;
            came.then_some(status == RefundStatus::Success)
        });
        answered.chain(told).last()
    }

    /// Whether a repeated refund of a website was refused, which says nothing of the call before it.
    pub fn repeat_refused(&self, id: &str) -> bool {
        let mut calls = self.calls_about_refund(id).into_iter().skip(1);
        calls.any(|call| call.is_website_refund() && call.result() == Some(Status::F))
    }

    /// The merchant's cancels of an order's payments.
    pub fn cancels_of(&self, order: &str) -> Vec<&Exchange> {
        let ids = self.ids_of(order);
        let about = |call: &&Exchange| call.request_id().is_some_and(|id| ids.contains(&id));
        self.calls_of(Api::Cancel).into_iter().filter(about).collect()
    }

    /// The line at which a genuine notice of the older generation told the merchant that the trade
    /// of an order, which it had begun to cancel, is closed. It proves the same as the answer.
    pub fn told_closed(&self, order: &str) -> Option<u32> {
        let ids = self.ids_of(order);
        let asked = self.cancels_of(order).first()?.line();
        let lines = self.notices().filter(|notice| notice.is_legacy()).filter_map(|notice| {
            let genuine = notice.sent.as_ref()?.verified == Some(Verified::Valid);
            let ours = notice.request_id().is_some_and(|id| ids.contains(&id));
            let closed = notice.parameter("trade_status") == Some("TRADE_CLOSED");
            let came = notice.received.as_ref()?.line;
            (genuine && ours && closed && came > asked).then_some(came)
        });
        lines.min()
    }

    /// Whether an order was cancelled and no believable answer ever said what came of it.
    pub fn cancel_is_unsettled(&self, order: &str) -> bool {
        let cancels = self.cancels_of(order);
        let settled = |call: &&Exchange| matches!(call.result(), Some(Status::S | Status::F));
        !cancels.is_empty() && !cancels.iter().any(settled)
    }

    /// The gateway's own id of an order's payment, as a genuine answer or notice tells it.
    pub fn payment_id_of(&self, order: &str) -> Option<String> {
        let ids = self.ids_of(order);
        let both = self.exchanges.iter().filter_map(Exchange::both_ids);
        both.filter(|(_, request_id)| ids.contains(request_id)).map(|(id, _)| id).next_back()
    }

    /// The refunds that the closing inquiry about a payment lists.
    pub fn listed_refunds(&self, id: &str) -> Vec<Amount> {
        let answer = self.closing(id).and_then(|call| call.answer_sent.as_ref());
        let Some(fields) = answer.and_then(|answer| answer.fields.as_ref()) else { return vec![] };
        let count = fields.at("transactions").and_then(|list| list.as_array()).map_or(0, Vec::len);
        let listed = (0..count).filter_map(|place| {
            let text = |name: &str| fields.text(&format!("transactions.{place}.{name}"));
            let refund = text("transactionType").as_deref() == Some("REFUND");
            let done = text("transactionStatus").as_deref() == Some("SUCCESS");
            let currency = text("transactionAmount.currency")?;
            let amount = Amount::from_wire(&currency, &text("transactionAmount.value")?).ok()?;
            (refund && done).then_some(amount)
        });
        listed.collect()
    }
}

/// What a genuine notice tells of a refund.
fn told_by(notice: &Exchange, id: &str) -> Option<RefundStatus> {
    let genuine = notice.sent.as_ref()?.verified == Some(Verified::Valid);
    let ours = notice.refund_id().as_deref() == Some(id);
    RefundStatus::parse(&notice.asked("refundStatus")?).filter(|_| genuine && ours)
}

fn once<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = vec![];
    for one in all {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}
