//! What the ledger keeps of a payment.

use clock::Millis;
use protocol::Amount;
use protocol::ams::PaymentStatus;

use crate::legacy::Order;
use crate::pay_request::Goods;
use crate::rates::Charge;

/// How the merchant meets the buyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Means {
    /// It scanned this code.
    PaymentCode(String),
    /// It wants a code to show.
    OrderCode,
    /// It wants a link for a buyer whose wallet opened its page.
    EntryCode,
    /// It wants a link to the wallet's own page, where the buyer pays.
    Cashier,
}

#[derive(Debug)]
pub(crate) struct Payment {
    pub(crate) request_id: String,
    /// The gateway's own id.
    pub(crate) id: String,
    pub(crate) amount: Amount,
    /// The secondary merchant that it names, and the store.
    pub(crate) seller: (Option<String>, Option<String>),
    /// What the payer is charged: the amount, or what it comes to in the wallet's currency.
    pub(crate) charge: Charge,
    pub(crate) means: Means,
    /// The code that was made for the buyer to scan, or the link to open.
    pub(crate) offer: Option<String>,
    pub(crate) notify_url: Option<String>,
    pub(crate) goods: Goods,
    pub(crate) created: Millis,
    pub(crate) expires: Millis,
    /// Whose money it is about, once that is known.
    pub(crate) wallet: Option<usize>,
    pub(crate) state: State,
    pub(crate) paid_at: Option<Millis>,
    /// When the first cancel with S was answered.
    pub(crate) cancelled_at: Option<Millis>,
    /// Minor units taken from the wallet and not given back.
    pub(crate) debited: i64,
    /// How many inquiries asked for it.
    pub(crate) inquiries: i64,
    /// Debits that a defect still adds.
    pub(crate) extra_debits: u32,
    /// What the legacy generation keeps of the call that made it.
    pub(crate) legacy: Option<Box<Order>>,
}

impl Payment {
    /// A payment that waits for its buyer, without a word about seller and notices, and with no
    /// time yet.
    pub(crate) fn new(
        id: String,
        request_id: String,
        amount: Amount,
        means: Means,
        goods: Goods,
        now: Millis,
    ) -> Self {
        Self {
            request_id,
            id,
            amount,
            seller: (None, None),
            charge: Charge::same(amount),
            means,
            offer: None,
            notify_url: None,
            goods,
            created: now,
            expires: now,
            wallet: None,
            state: State::Processing,
            paid_at: None,
            cancelled_at: None,
            debited: 0,
            inquiries: 0,
            extra_debits: 0,
            legacy: None,
        }
    }
}

/// Where a payment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// The buyer has not decided.
    Processing,
    /// Paid.
    Success,
    /// Refused for good, with the code that says why.
    Failed(&'static str),
    /// Expired before anybody paid.
    Closed,
    /// Undone.
    Cancelled,
}

impl State {
    /// The status and the code that an inquiry reports.
    pub(crate) fn reported(&self) -> (PaymentStatus, &'static str) {
        match self {
            Self::Processing => (PaymentStatus::Processing, "PAYMENT_IN_PROCESS"),
            Self::Success => (PaymentStatus::Success, "SUCCESS"),
            Self::Failed(code) => (PaymentStatus::Fail, code),
            Self::Closed => (PaymentStatus::Fail, "ORDER_IS_CLOSED"),
            Self::Cancelled => (PaymentStatus::Cancelled, "ORDER_IS_CANCELED"),
        }
    }
}
