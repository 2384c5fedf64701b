//! What the money did, as wallets and gateway tell it at the end: the other side of the files.

use protocol::Amount;
use protocol::ams::{Api, RefundStatus};

use super::paper::Sort;
use super::table::{Kind, Row};
use crate::Seen;
use crate::seen::Exchange;

/// What a website's file calls refunds by.
const MADE_BY_ALIPAY: &str = "FOREXREFUND_";

/// Money that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) kind: Kind,
    /// The merchant's number: of the payment, or of the refund.
    pub(super) number: String,
    /// The number of the payment.
    pub(super) payment: String,
    /// The gateway's number of the payment.
    pub(super) trade: String,
    pub(super) amount: Amount,
    /// When, in milliseconds since the epoch. Of two refunds over one amount nothing says which was
    /// the first, so either moment will do.
    pub(super) times: Vec<i64>,
}

impl Moved {
    /// Whether a row is about it.
    pub(super) fn is_told_by(&self, row: &Row, sort: Sort) -> bool {
        if row.kind != Some(self.kind) {
            return false;
        }
        let by_number = row.number == self.number;
        let of_order = row.number.starts_with(MADE_BY_ALIPAY)
            && row.remarks == self.payment
            && row.amount == Some(self.amount);
        match (self.kind, sort) {
            (Kind::Refund, Sort::Website | Sort::WebsiteSettled) => of_order,
            // By which number a download calls a refund no page says.
            (Kind::Refund, Sort::Download(_)) => by_number || of_order,
            (Kind::Payment | Kind::Refund | Kind::Cancel, _) => by_number,
        }
    }

    /// What its row has to say.
    pub(super) fn in_words(&self) -> Vec<String> {
        let times = self.times.iter();
        times.map(|at| told(self.kind, Some(self.amount), Some(*at))).collect()
    }
}

/// Kind, amount and time in a few words.
pub(super) fn told(kind: Kind, amount: Option<Amount>, at: Option<i64>) -> String {
    let amount = amount.map_or_else(|| "—".into(), |amount| amount.to_string());
    // Files have whole seconds.
    let at = at.map_or_else(|| "—".into(), |at| protocol::iso8601(at - at.rem_euclid(1_000)));
    format!("{} {amount} {at}", kind.word())
}

impl Seen {
    /// Every payment, refund and cancel of a paid order; nothing where no wallet could be asked.
    pub(super) fn money(&self) -> Option<Vec<Moved>> {
        let wallet = self.wallet.as_ref()?;
        let mut moved = vec![];
        for debit in &wallet.debits {
            let paid = Moved {
                kind: Kind::Payment,
                number: debit.request_id.clone(),
                payment: debit.request_id.clone(),
                trade: debit.payment_id.clone(),
                amount: debit.amount,
                times: vec![debit.at],
            };
            if self.was_undone(&debit.request_id) {
                let times = self.given_back_at(&debit.request_id, debit.amount);
                moved.push(Moved { kind: Kind::Cancel, times, ..paid.clone() });
            }
            moved.push(paid);
        }
        let refunds = self.all_refund_ids().into_iter().filter_map(|id| self.refund_given(id));
        moved.extend(refunds);
        Some(moved)
    }

    /// Whether a cancel gave the money of a payment back.
    fn was_undone(&self, number: &str) -> bool {
        let cancels = self.calls_of(Api::Cancel).into_iter();
        let mut about = cancels.filter(|call| call.request_id().as_deref() == Some(number));
        about.any(|call| {
            let answer = call.answer_sent.as_ref();
            answer.and_then(|answer| answer.field("action")) == Some("refund")
        })
    }

    fn given_back_at(&self, number: &str, amount: Amount) -> Vec<i64> {
        let credits = self.wallet.iter().flat_map(|statement| &statement.credits);
        let ours = credits.filter(|one| one.request_id == number && one.amount == amount);
        ours.map(|credit| credit.at).collect()
    }

    fn refund_given(&self, number: String) -> Option<Moved> {
        let done = self.closing_refund_status(&number) == Some(RefundStatus::Success);
        let ours = |call: &&Exchange| {
            call.api == Some(Api::Refund) && call.refund_id().as_deref() == Some(&*number)
        };
        let call = self.exchanges.iter().find(ours).filter(|_| done)?;
        let (payment, amount) = (call.request_id()?, call.refund_amount()?);
        let times = self.given_back_at(&payment, amount);
        let debits = self.wallet.iter().flat_map(|statement| &statement.debits);
        let trade = debits.into_iter().find(|debit| debit.request_id == payment);
        let trade = trade.map(|debit| debit.payment_id.clone()).unwrap_or_default();
        Some(Moved { kind: Kind::Refund, number, payment, trade, amount, times })
    }
}
