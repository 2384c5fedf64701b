//! What a merchant can be asked for.

use std::fmt;

/// A call of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Charge a scanned code.
    Charge,
    /// Present an order to be paid.
    Present,
    /// Open the page that a buyer comes back to.
    Return,
    /// Cancel an order.
    Cancel,
    /// Give money back.
    Refund,
    /// Register a secondary merchant.
    Register,
    /// Compare the books with report files.
    Reconcile,
    /// Tell how an order is.
    Order,
    /// Tell how the registration of a secondary merchant is.
    Merchant,
    /// Tell what came of a day's reconciliation.
    Reconciliation,
}

impl Operation {
    /// Every one, in the order of the contract.
    pub const ALL: [Self; 10] = [
        Self::Charge,
        Self::Present,
        Self::Return,
        Self::Cancel,
        Self::Refund,
        Self::Register,
        Self::Reconcile,
        Self::Order,
        Self::Merchant,
        Self::Reconciliation,
    ];

    /// Its word in lines of JSON and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Present => "present",
            Self::Return => "return",
            Self::Cancel => "cancel",
            Self::Refund => "refund",
            Self::Register => "register",
            Self::Reconcile => "reconcile",
            Self::Order => "order",
            Self::Merchant => "merchant",
            Self::Reconciliation => "reconciliation",
        }
    }

    /// Its path below the merchant's address, with what varies in braces.
    pub fn path(self) -> &'static str {
        match self {
            Self::Charge => "/charge",
            Self::Present => "/present",
            Self::Return => "/return",
            Self::Cancel => "/cancel",
            Self::Refund => "/refund",
            Self::Register => "/merchants",
            Self::Reconcile => "/reconcile",
            Self::Order => "/orders/{id}",
            Self::Merchant => "/merchants/{id}",
            Self::Reconciliation => "/reconciliations/{day}",
        }
    }

    /// Whether it makes the merchant act; otherwise it reads the merchant's books.
    pub fn acts(self) -> bool {
        match self {
            Self::Charge
            | Self::Present
            | Self::Return
            | Self::Cancel
            | Self::Refund
            | Self::Register
            | Self::Reconcile => true,
            Self::Order | Self::Merchant | Self::Reconciliation => false,
        }
    }

    /// The method of its call over HTTP.
    pub fn method(self) -> &'static str {
        if self.acts() { "POST" } else { "GET" }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
