//! The merchant adapter contract: what a merchant is asked to do, and what it tells.

use evidence::words::{self as say, Phrase};
use evidence::{Attachment, MerchantView, OrderView, ReconciliationView};
use futures::future::BoxFuture;
use protocol::ams::reconciliation::FileKind;
use protocol::{Amount, Day};
use serde::{Deserialize, Serialize};

use crate::adapter::{Operation, Trouble};

/// The cashier scanned a buyer's code and charges it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// The order's id, handed out by the runner.
    pub order: String,
    /// The price.
    pub amount: Amount,
    /// What is sold, in words.
    pub text: String,
    /// The code as the scanner read it.
    pub code: String,
    /// The store whose till it is.
    pub store: String,
}

/// The merchant shows an order to a buyer, who pays it with a wallet: a code on the till where
/// neither device nor user agent is given, a page inside the wallet where only a user agent is, and
/// the checkout of a shop on the device that is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Present {
    /// The order's id, handed out by the runner.
    pub order: String,
    /// The price.
    pub amount: Amount,
    /// What is sold, in words.
    pub text: String,
    /// The store whose till it is.
    pub store: String,
    /// What the buyer looks at the shop with: `web`, `wap` or `app`.
    pub device: Option<String>,
    /// What the buyer's browser or wallet calls itself, where there is one.
    pub user_agent: Option<String>,
}

/// The clerk cancels an order as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// The order's id.
    pub order: String,
}

/// The buyer's browser comes back to the merchant's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// The address that it opens, as pay named it.
    pub url: String,
}

/// The clerk gives money back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundOrder {
    /// The order's id.
    pub order: String,
    /// The return slip's number: one wish to give money back, however often the button is pressed.
    pub slip: String,
    /// How much.
    pub amount: Amount,
    /// Why, in words.
    pub reason: String,
}

/// The acquirer signs a secondary merchant up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// The id given by the acquirer.
    pub id: String,
    /// The name over the door.
    pub name: String,
    /// Four digits, ISO 18245.
    pub mcc: String,
    /// Where it is, in words.
    pub address: String,
    /// The number or address of a person there.
    pub contact: String,
    /// Its page.
    pub website: String,
    /// Further pages of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<String>,
    /// Where it is registered, in two letters; the acquirer's own country where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Its stores.
    pub stores: Vec<RegisterStore>,
}

/// A store of a secondary merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterStore {
    /// The merchant's id of the store.
    pub id: String,
    /// The name over the door.
    pub name: String,
    /// Four digits, ISO 18245.
    pub mcc: String,
    /// The id of its till.
    pub terminal: String,
    /// Who drives it, where it is a taxi.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drivers: Vec<TaxiDriver>,
}

/// A driver of a taxi.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxiDriver {
    /// The number that the taxi's company gave.
    pub id: String,
    /// The name.
    pub name: String,
    /// A telephone number.
    pub contact: String,
}

/// The merchant compares its books with the gateway's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reconcile {
    /// The day of the transactions.
    pub day: Day,
    /// Which kind of file.
    pub kind: FileKind,
}

/// Why a merchant did not take what it was asked to do. Only the first two are the merchant's
/// own word; of the others nobody knows what the merchant would have said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DriverError {
    /// The merchant refused, in its own words.
    #[error("the merchant refused: {0}")]
    Refused(String),
    /// The merchant has no such operation, in its own words, which may be none.
    #[error("{}", lacks(*.0, .1))]
    Unsupported(Operation, String),
    /// The merchant could not be asked.
    #[error("{0}")]
    Unreachable(Box<Trouble>),
    /// The merchant's answer does not follow the contract.
    #[error("{0}")]
    Unreadable(Box<Trouble>),
}

fn lacks(operation: Operation, why: &str) -> Phrase {
    if why.is_empty() {
        say::MERCHANT_LACKS.with([operation])
    } else {
        say::MERCHANT_LACKS_SAYING.with([operation.name(), why])
    }
}

impl DriverError {
    /// The same as a sentence of the table.
    pub fn says(&self) -> Phrase {
        match self {
            Self::Refused(why) => say::MERCHANT_REFUSED.with([why]),
            Self::Unsupported(operation, why) => lacks(*operation, why),
            Self::Unreachable(trouble) | Self::Unreadable(trouble) => trouble.says(),
        }
    }
}

/// Makes a merchant act and reads its books. What it starts is accepted at once; the outcome is
/// told by [`Driver::order`].
pub trait Driver: Send + Sync {
    /// Charges a scanned code.
    fn charge(&self, order: Charge) -> BoxFuture<'_, Result<(), DriverError>>;

    /// Presents an order to be paid.
    fn present(&self, order: Present) -> BoxFuture<'_, Result<(), DriverError>>;

    /// Opens the merchant's own page for a buyer who comes back from the wallet.
    fn open_return(&self, page: Return) -> BoxFuture<'_, Result<(), DriverError>>;

    /// Cancels an order.
    fn cancel(&self, order: CancelOrder) -> BoxFuture<'_, Result<(), DriverError>>;

    /// Gives money of an order back.
    fn refund(&self, refund: RefundOrder) -> BoxFuture<'_, Result<(), DriverError>>;

    /// Registers a secondary merchant. The outcome is told by [`Driver::merchant`].
    fn register(&self, merchant: Register) -> BoxFuture<'_, Result<(), DriverError>>;

    /// The merchant's own view of a secondary merchant; `None` when it knows none by that id.
    fn merchant(&self, id: &str) -> BoxFuture<'_, Result<Option<MerchantView>, DriverError>>;

    /// Fetches files and compares them with the books.
    fn reconcile(&self, reconcile: Reconcile) -> BoxFuture<'_, Result<(), DriverError>>;

    /// The merchant's own view of a day that it reconciled; `None` when it did not.
    fn reconciliation(
        &self,
        day: Day,
        kind: FileKind,
    ) -> BoxFuture<'_, Result<Option<ReconciliationView>, DriverError>>;

    /// The merchant's own view of an order; `None` when it knows none by that id.
    fn order(&self, id: &str) -> BoxFuture<'_, Result<Option<OrderView>, DriverError>>;

    /// Whether a person is asked for what the others know, and so only when there may be news.
    fn is_by_hand(&self) -> bool {
        false
    }

    /// What a person told of an order along with something else, once.
    fn told_along(&self, order: &str) -> Option<OrderView> {
        let _ = order;
        None
    }

    /// Has a person attach pictures of what a buyer saw. Whatever is no person attaches none.
    fn take_pictures(&self) -> BoxFuture<'_, Result<(), DriverError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// What was attached as evidence since the last look.
    fn attached(&self) -> Vec<Attachment> {
        vec![]
    }
}
