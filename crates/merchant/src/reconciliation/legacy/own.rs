//! What the books know by number, so that rows which name things otherwise are found.

use std::cell::Cell;

use protocol::Amount;
use protocol::ams::reconciliation::TransactionType;

use crate::order::Books;

/// The numbers of the books.
#[derive(Debug, Default)]
pub(super) struct Own {
    payments: Vec<String>,
    refunds: Vec<Given>,
}

/// A refund of ours.
#[derive(Debug)]
struct Given {
    payment: String,
    number: String,
    amount: Amount,
    /// Whether a row was found to be about it.
    met: Cell<bool>,
}

impl Own {
    pub(super) fn of(books: &Books) -> Self {
        let (mut own, orders) = (Self::default(), books.open());
        for order in orders.values() {
            own.payments.extend(order.attempts.iter().map(|attempt| attempt.request_id.clone()));
            let payment = order.attempts.last().map(|attempt| attempt.request_id.clone());
            own.refunds.extend(order.slips.iter().map(|slip| Given {
                payment: payment.clone().unwrap_or_default(),
                number: slip.request_id.clone(),
                amount: slip.amount,
                met: Cell::new(false),
            }));
        }
        own
    }

    /// What a refund row is about. Website files name refunds by a number of the gateway's own, with
    /// the order in the remarks; and a row with a payment's number is that payment, told wrongly.
    pub(super) fn refund(
        &self,
        id: &str,
        remarks: &str,
        amount: Amount,
    ) -> (String, TransactionType<'static>) {
        if let Some(known) = self.refunds.iter().find(|refund| refund.number == id) {
            known.met.set(true);
            return (id.to_owned(), TransactionType::Refund);
        }
        if self.payments.iter().any(|number| number == id) {
            return (id.to_owned(), TransactionType::Payment);
        }
        let of_order = |refund: &&Given| refund.payment == remarks.trim() && !refund.met.get();
        let mut candidates = self.refunds.iter().filter(of_order);
        let best = candidates.clone().find(|refund| refund.amount == amount);
        match best.or_else(|| candidates.next()) {
            Some(refund) => {
                refund.met.set(true);
                (refund.number.clone(), TransactionType::Refund)
            }
            None => (id.to_owned(), TransactionType::Refund),
        }
    }
}
