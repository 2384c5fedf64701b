//! What moved, as the gateway's own answers tell it at the end: the other side of its reports.

use protocol::ams::reconciliation::TransactionType;
use protocol::ams::{Api, PaymentStatus, RefundStatus};
use protocol::{Amount, parse_iso8601};

use crate::Seen;
use crate::seen::{Answer, Exchange};

/// A payment or a refund that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) kind: TransactionType<'static>,
    pub(super) request_id: String,
    pub(super) transaction_id: String,
    /// Of a refund, its payment.
    pub(super) original: String,
    /// Negative for what went back.
    pub(super) amount: Amount,
    pub(super) at: i64,
}

impl Seen {
    /// Every payment and refund that succeeded.
    pub(super) fn moved(&self) -> Vec<Moved> {
        let payments = self.ids_at_gateway().into_iter().filter_map(|id| self.payment_moved(id));
        let refunds = self.all_refund_ids().into_iter().filter_map(|id| self.refund_moved(id));
        payments.chain(refunds).collect()
    }

    fn payment_moved(&self, request_id: String) -> Option<Moved> {
        let paid = self.closing_status(&request_id) == Some(PaymentStatus::Success);
        let answer = self.closing(&request_id)?.answer_sent.as_ref().filter(|_| paid)?;
        Some(Moved {
            kind: TransactionType::Payment,
            request_id,
            transaction_id: answer.text("paymentId")?,
            original: String::new(),
            amount: amount(answer, "paymentAmount")?,
            at: parse_iso8601(&answer.text("paymentTime")?)?,
        })
    }

    fn refund_moved(&self, request_id: String) -> Option<Moved> {
        let done = self.closing_refund_status(&request_id) == Some(RefundStatus::Success);
        let answer = self.closing_refund(&request_id)?.answer_sent.as_ref().filter(|_| done)?;
        let ours = |call: &&Exchange| {
            call.api == Some(Api::Refund) && call.refund_id().as_deref() == Some(&*request_id)
        };
        let original = self.exchanges.iter().find(ours)?.asked("paymentId")?;
        let back = amount(answer, "refundAmount")?;
        Some(Moved {
            kind: TransactionType::Refund,
            transaction_id: answer.text("refundId")?,
            original,
            amount: Amount::new(back.currency, -back.minor),
            at: parse_iso8601(&answer.text("refundTime")?)?,
            request_id,
        })
    }

    /// Whether the gateway says that a payment was cancelled.
    pub(super) fn was_cancelled(&self, request_id: &str) -> bool {
        self.closing_status(request_id) == Some(PaymentStatus::Cancelled)
    }
}

fn amount(answer: &Answer, path: &str) -> Option<Amount> {
    let text = |name: &str| answer.text(&format!("{path}.{name}"));
    Amount::from_wire(&text("currency")?, &text("value")?).ok()
}
