//! What the money did by the gateway's own word, where no wallet can be asked.

use evidence::{Movement, WalletStatement};
use protocol::ams::{Api, PaymentStatus, RefundStatus, Status, Verified};
use protocol::{Amount, parse_time};

use super::{Answer, Exchange, Seen};

impl Seen {
    /// Whether the gateway answers no control API, so that no wallet could be asked.
    pub fn is_without_control(&self) -> bool {
        self.arranged.iter().any(|act| act.what == "contract" && act.is("without_control"))
    }

    /// The statement that follows from what the gateway signed: a payment that it ever called paid was
    /// taken once, and what its closing answers call refunded or cancelled went back. It can show that
    /// the gateway contradicts itself, and never that its word is true.
    #[must_use]
    pub fn by_the_gateways_word(&self) -> WalletStatement {
        let mut statement = WalletStatement::default();
        for id in self.ids_at_gateway() {
            let Some(debit) = self.taken_by_word(&id) else { continue };
            let mut back = self.given_back_by_word(&id, &debit);
            let refunded: i64 = back.iter().map(|credit| credit.amount.minor).sum();
            let left = debit.amount.minor - refunded;
            if let Some(at) = self.cancelled_by_word(&id).filter(|_| left > 0) {
                let amount = Amount { minor: left, ..debit.amount };
                back.push(Movement { amount, at, ..debit.clone() });
            }
            statement.debits.push(debit);
            statement.credits.append(&mut back);
        }
        statement
    }

    /// The debit of a payment that the gateway called paid, at the moment that it names or, where that
    /// is later, when it first said so.
    fn taken_by_word(&self, id: &str) -> Option<Movement> {
        let about = |call: &&Exchange| call.request_id().as_deref() == Some(id);
        let mut told: Vec<(i64, &Answer)> = vec![];
        for call in self.at_gateway().filter(about) {
            let Some(answer) = call.answer_sent.as_ref().filter(|it| is_genuine(it)) else {
                continue;
            };
            if self.says_paid(call, answer) {
                told.push((call.began(), answer));
            }
        }
        let noticed = self.told().filter(about).filter(|notice| {
            let genuine =
                notice.sent.as_ref().is_some_and(|it| it.verified == Some(Verified::Valid));
            let about_payment = notice.asked("notifyType").as_deref() == Some("PAYMENT_RESULT");
            genuine
                && (about_payment || notice.is_return())
                && notice.asked("result.resultStatus").as_deref() == Some("S")
        });
        let noticed = noticed.map(Exchange::began).min();
        let first = told.iter().map(|(at, _)| *at).chain(noticed).min()?;
        let named = told.iter().find_map(|(_, answer)| parse_time(&answer.text("paymentTime")?));
        let mut pays = self.at_gateway().filter(|call| call.api == Some(Api::Pay)).filter(about);
        let amount = pays.find_map(amount_of)?;
        let payment_id = told.iter().find_map(|(_, answer)| answer.text("paymentId"));
        Some(Movement {
            request_id: id.to_owned(),
            payment_id: payment_id.unwrap_or_default(),
            amount,
            at: named.map_or(first, |named| named.min(first)),
        })
    }

    /// When a payment was cancelled that the closing look calls so. The older generation calls it closed,
    /// like one that nobody paid, and says of the cancel whether it gave anything back.
    fn cancelled_by_word(&self, id: &str) -> Option<i64> {
        let cancels = self.at_gateway().filter(|call| call.api == Some(Api::Cancel));
        let mut cancels = cancels.filter(|call| call.request_id().as_deref() == Some(id));
        let refunds = |call: &&Exchange| {
            let answer = call.answer_sent.as_ref().filter(|it| is_genuine(it));
            answer.is_some_and(|answer| answer.field("action") == Some("refund"))
        };
        match self.closing_status(id)? {
            PaymentStatus::Cancelled => cancels.last().map(Exchange::began),
            PaymentStatus::Fail => cancels.find(refunds).map(Exchange::began),
            PaymentStatus::Success | PaymentStatus::Processing | PaymentStatus::Pending => None,
        }
    }

    fn says_paid(&self, call: &Exchange, answer: &Answer) -> bool {
        let done = answer.outcome.as_ref().is_some_and(|told| told.status == Status::S);
        match call.api {
            Some(Api::Pay) => done && self.product.pays_at_once(),
            Some(Api::InquiryPayment) => answer.payment_status() == Some(PaymentStatus::Success),
            // Nothing is refunded that was not taken.
            Some(Api::Refund) => done,
            Some(
                Api::Cancel
                | Api::InquiryRefund
                | Api::Registration
                | Api::InquiryRegistrationStatus
                | Api::InquiryRegistrationInfo,
            )
            | None => false,
        }
    }

    fn given_back_by_word(&self, id: &str, debit: &Movement) -> Vec<Movement> {
        let refunds = self.at_gateway().filter(|call| call.api == Some(Api::Refund));
        let refunds: Vec<_> =
            refunds.filter(|call| call.request_id().as_deref() == Some(id)).collect();
        let mut known: Vec<String> = vec![];
        let mut back = vec![];
        for refund in refunds {
            let Some(number) = refund.refund_id().filter(|number| !known.contains(number)) else {
                continue;
            };
            known.push(number.clone());
            let done = self.closing_refund_status(&number) == Some(RefundStatus::Success);
            if let Some(amount) = refund.refund_amount().filter(|_| done) {
                back.push(Movement { amount, at: refund.began(), ..debit.clone() });
            }
        }
        back
    }
}

fn is_genuine(answer: &Answer) -> bool {
    answer.verified == Some(Verified::Valid)
}

/// The amount of a pay as it reached the gateway.
fn amount_of(pay: &Exchange) -> Option<Amount> {
    let fields = pay.received.as_ref()?.fields.as_ref()?;
    let currency = fields.text("paymentAmount.currency")?;
    Amount::from_wire(&currency, &fields.text("paymentAmount.value")?).ok()
}
