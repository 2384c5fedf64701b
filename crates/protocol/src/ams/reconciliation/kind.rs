//! The three kinds of file, their columns, and the words in their rows.

use serde::{Deserialize, Serialize};

/// What a file lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// Every successful transaction of a day.
    TransactionItems,
    /// Every transaction of a settlement batch, with rate, fee and what is paid out for it.
    SettlementItems,
    /// The sums of a settlement batch.
    SettlementSummary,
}

const TRANSACTION_ITEMS: [&str; 15] = [
    "customerId",
    "referenceMerchantId",
    "referenceStoreId",
    "transactionId",
    "originalTransactionId",
    "transactionRequestId",
    "referenceTransactionId",
    "orderDescription",
    "paymentMethodType",
    "pspName",
    "transactionType",
    "paymentTime",
    "productCode",
    "transactionAmountValue",
    "transactionCurrency",
];

const SETTLEMENT_ITEMS: [&str; 24] = [
    "settlementBatchId",
    "customerId",
    "referenceMerchantId",
    "referenceStoreId",
    "transactionId",
    "originalTransactionId",
    "transactionRequestId",
    "referenceTransactionId",
    "paymentMethodType",
    "pspName",
    "transactionType",
    "paymentTime",
    "settlementTime",
    "productCode",
    "transactionAmountValue",
    "transactionCurrency",
    "settlementAmountValue",
    "settlementCurrency",
    "quoteCurrencyPair",
    "quotePrice",
    "feeAmountValue",
    "feeCurrency",
    "nonGuaranteeCouponValue",
    "nonGuaranteeCouponCurrency",
];

/// The pages print no sample of it; what follows `settlementTime` is derived from their list.
const SETTLEMENT_SUMMARY: [&str; 9] = [
    "settlementBatchId",
    "customerId",
    "summaryType",
    "settlementTime",
    "count",
    "settlementAmountValue",
    "settlementCurrency",
    "feeAmountValue",
    "feeCurrency",
];

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 3] =
        [Self::TransactionItems, Self::SettlementItems, Self::SettlementSummary];

    /// How the names of its files begin.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::TransactionItems => "transactionItems",
            Self::SettlementItems => "settlementItems",
            Self::SettlementSummary => "settlementSummary",
        }
    }

    /// Its columns, in order.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::TransactionItems => &TRANSACTION_ITEMS,
            Self::SettlementItems => &SETTLEMENT_ITEMS,
            Self::SettlementSummary => &SETTLEMENT_SUMMARY,
        }
    }
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransactionType<'a> {
    /// Money taken from a buyer.
    Payment,
    /// Money given back.
    Refund,
    /// A payment undone.
    Cancel,
    /// Any other word; online products have several.
    Other(&'a str),
}

impl<'a> TransactionType<'a> {
    /// Reads the word of a file.
    pub fn parse(word: &'a str) -> Self {
        match word {
            "PAYMENT" => Self::Payment,
            "REFUND" => Self::Refund,
            "CANCEL" => Self::Cancel,
            other => Self::Other(other),
        }
    }

    /// The word in a file.
    pub fn word(self) -> &'a str {
        match self {
            Self::Payment => "PAYMENT",
            Self::Refund => "REFUND",
            Self::Cancel => "CANCEL",
            Self::Other(word) => word,
        }
    }
}
