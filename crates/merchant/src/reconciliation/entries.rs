//! What the books hold, transaction by transaction, as it is compared with files.

use evidence::{OrderState, RefundState};
use protocol::Amount;

use super::own::{EntryKind, Held, OwnEntry};
use crate::order::{Attempt, Books, Order};
use crate::slip::Slip;

/// A transaction of the books.
#[derive(Debug)]
pub(super) struct Entry {
    kind: EntryKind,
    held: Held,
    request_id: String,
    transaction_id: Option<String>,
    original_transaction_id: Option<String>,
    amount: Amount,
    /// When it happened; of what did not, nothing is known.
    moment: Option<i64>,
}

impl Entry {
    pub(super) fn as_own(&self) -> OwnEntry<'_> {
        OwnEntry {
            kind: self.kind,
            held: self.held,
            request_id: &self.request_id,
            transaction_id: self.transaction_id.as_deref(),
            original_transaction_id: self.original_transaction_id.as_deref(),
            amount: self.amount,
            moment: self.moment.unwrap_or_default(),
        }
    }
}

impl Books {
    /// Every payment that was tried, every cancel of one that had been paid, every refund.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let orders = self.open();
        entries(orders.values())
    }

    /// The entries of what is sold on the net, or of what is sold in stores. Their refunds are found
    /// by their own numbers alone; by a defect by that of the payment.
    pub(super) fn entries_of(&self, online: bool, by_order: bool) -> Vec<Entry> {
        let orders = self.open();
        let wanted = orders.values().filter(|order| order.device.is_some() == online);
        let mut entries = entries(wanted.clone());
        let numbers = wanted.flat_map(|order| {
            let payment = order.attempts.last().map(|attempt| &attempt.request_id);
            order.slips.iter().map(move |slip| (&slip.request_id, payment))
        });
        let numbers: Vec<_> = numbers.collect();
        for entry in entries.iter_mut().filter(|entry| entry.kind == EntryKind::Refund) {
            entry.original_transaction_id = None;
            let payment = numbers.iter().find(|(refund, _)| **refund == entry.request_id);
            if let Some((_, Some(payment))) = payment.filter(|_| by_order) {
                entry.request_id.clone_from(payment);
            }
        }
        entries
    }
}

/// Every payment that was tried, every cancel of one that had been paid, every refund.
fn entries<'o>(orders: impl Iterator<Item = &'o Order>) -> Vec<Entry> {
    let mut entries = vec![];
    for order in orders {
        for attempt in &order.attempts {
            let held = held(order, attempt);
            entries.push(payment(attempt, held));
            entries.extend(cancel(order, attempt));
        }
        let payment_id = order.attempts.last().and_then(|attempt| attempt.payment_id.clone());
        entries.extend(order.slips.iter().map(|slip| refund(slip, payment_id.clone())));
    }
    entries
}

/// What the books hold of an attempt: only the last of an order can have been paid.
fn held(order: &Order, attempt: &Attempt) -> Held {
    if !order.is_current(&attempt.request_id) {
        return Held::Failed;
    }
    match order.back_office {
        OrderState::Paid => Held::Done,
        OrderState::Waiting | OrderState::ForStaff => Held::Open,
        OrderState::Failed => Held::Failed,
        // A payment that was made is one for good; the cancel undoes it.
        OrderState::Cancelled if attempt.paid_at.is_some() => Held::Done,
        OrderState::Cancelled => Held::Cancelled,
    }
}

fn payment(attempt: &Attempt, held: Held) -> Entry {
    Entry {
        kind: EntryKind::Payment,
        held,
        request_id: attempt.request_id.clone(),
        transaction_id: attempt.payment_id.clone(),
        original_transaction_id: None,
        amount: attempt.bill,
        moment: attempt.paid_at,
    }
}

fn cancel(order: &Order, attempt: &Attempt) -> Option<Entry> {
    let undone = order.back_office == OrderState::Cancelled && attempt.paid_at.is_some();
    let moment = attempt.cancelled_at.filter(|_| undone)?;
    let payment = payment(attempt, Held::Done);
    Some(Entry { kind: EntryKind::Cancel, moment: Some(moment), ..payment })
}

fn refund(slip: &Slip, payment_id: Option<String>) -> Entry {
    let held = match slip.state {
        RefundState::Refunded => Held::Done,
        RefundState::Pending | RefundState::ForStaff => Held::Open,
        RefundState::Refused => Held::Failed,
    };
    Entry {
        kind: EntryKind::Refund,
        held,
        request_id: slip.request_id.clone(),
        transaction_id: slip.refund_id.clone(),
        original_transaction_id: payment_id,
        amount: slip.amount,
        moment: slip.refunded_at,
    }
}
