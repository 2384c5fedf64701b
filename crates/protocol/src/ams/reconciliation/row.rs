//! Rows, typed: amounts in minor units, moments in milliseconds, empty text where nothing stood.

use super::fault::Fault;
use super::fields::Fields;
use super::kind::{FileKind, TransactionType};
use crate::{Amount, Rate};

/// A row of any kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row<'a> {
    /// Of `transactionItems`.
    Transaction(TransactionItem<'a>),
    /// Of `settlementItems`.
    Settlement(SettlementItem<'a>),
    /// Of `settlementSummary`.
    Summary(SummaryLine<'a>),
}

/// What transaction items and settlement items both say of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transaction<'a> {
    /// The merchant at the gateway.
    pub customer_id: &'a str,
    /// The secondary merchant, as in the pay request.
    pub reference_merchant_id: &'a str,
    /// The store, as in the pay request.
    pub reference_store_id: &'a str,
    /// The gateway's id: the payment's, or the refund's own.
    pub transaction_id: &'a str,
    /// The payment that a refund gives back; empty for payments and cancels.
    pub original_transaction_id: &'a str,
    /// The merchant's id: of the payment request, or of the refund request.
    pub transaction_request_id: &'a str,
    /// The merchant's order or refund reference.
    pub reference_transaction_id: &'a str,
    /// How it was paid.
    pub payment_method_type: &'a str,
    /// The wallet.
    pub psp_name: &'a str,
    /// What it is.
    pub transaction_type: TransactionType<'a>,
    /// When it happened, in milliseconds since the epoch.
    pub payment_time: i64,
    /// What it was sold through.
    pub product_code: &'a str,
    /// How much; negative for what is given back.
    pub amount: Amount,
}

/// A row of `transactionItems`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransactionItem<'a> {
    /// The transaction.
    pub transaction: Transaction<'a>,
    /// What was sold.
    pub order_description: &'a str,
}

/// A row of `settlementItems`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettlementItem<'a> {
    /// The batch that pays it out.
    pub settlement_batch_id: &'a str,
    /// The transaction.
    pub transaction: Transaction<'a>,
    /// When it is settled, in milliseconds since the epoch.
    pub settlement_time: i64,
    /// What is paid out for it, the fee taken off; negative for what is given back.
    pub net: Amount,
    /// The rate, where currencies differ.
    pub rate: Option<Rate>,
    /// The fee, in the currency of settlement; negative when it is returned.
    pub fee: Option<Amount>,
    /// The part of a coupon that is not guaranteed.
    pub coupon: Option<Amount>,
}

/// A row of `settlementSummary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SummaryLine<'a> {
    /// The batch.
    pub settlement_batch_id: &'a str,
    /// The merchant at the gateway.
    pub customer_id: &'a str,
    /// Which transactions it sums up; `None` for all of them, written `TOTAL`.
    pub summary_type: Option<TransactionType<'a>>,
    /// When the batch is settled, in milliseconds since the epoch.
    pub settlement_time: i64,
    /// How many transactions.
    pub count: u64,
    /// What is paid out for them.
    pub net: Amount,
    /// Their fees.
    pub fee: Option<Amount>,
}

/// The word for all types of transaction together.
pub(super) const TOTAL: &str = "TOTAL";

impl<'a> Row<'a> {
    pub(super) fn read(fields: &Fields<'a>) -> Result<Self, Fault> {
        match fields.kind {
            FileKind::TransactionItems => Ok(Self::Transaction(TransactionItem {
                transaction: Transaction::read(fields, 0, 12)?,
                order_description: fields.text(7),
            })),
            FileKind::SettlementItems => Ok(Self::Settlement(SettlementItem {
                settlement_batch_id: fields.filled(0)?,
                transaction: Transaction::read(fields, 1, 13)?,
                settlement_time: fields.time(12)?,
                net: fields.amount(16)?,
                rate: fields.rate(18)?,
                fee: fields.optional_amount(20)?,
                coupon: fields.optional_amount(22)?,
            })),
            FileKind::SettlementSummary => {
                let word = fields.filled(2)?;
                Ok(Self::Summary(SummaryLine {
                    settlement_batch_id: fields.filled(0)?,
                    customer_id: fields.text(1),
                    summary_type: (word != TOTAL).then(|| TransactionType::parse(word)),
                    settlement_time: fields.time(3)?,
                    count: fields.count(4)?,
                    net: fields.amount(5)?,
                    fee: fields.optional_amount(7)?,
                }))
            }
        }
    }
}

impl<'a> Transaction<'a> {
    /// `ids` is the column of the customer, `product` that of the product; what stands between is
    /// in the same place in both kinds of file.
    fn read(fields: &Fields<'a>, ids: usize, product: usize) -> Result<Self, Fault> {
        let transaction_type = TransactionType::parse(fields.filled(10)?);
        // Disputes, among the types of online products, have no request.
        let request = match transaction_type {
            TransactionType::Other(_) => fields.text(ids + 5),
            TransactionType::Payment | TransactionType::Refund | TransactionType::Cancel => {
                fields.filled(ids + 5)?
            }
        };
        Ok(Self {
            customer_id: fields.text(ids),
            reference_merchant_id: fields.text(ids + 1),
            reference_store_id: fields.text(ids + 2),
            transaction_id: fields.filled(ids + 3)?,
            original_transaction_id: fields.text(ids + 4),
            transaction_request_id: request,
            reference_transaction_id: fields.text(ids + 6),
            payment_method_type: fields.text(8),
            psp_name: fields.text(9),
            transaction_type,
            payment_time: fields.time(11)?,
            product_code: fields.text(product),
            amount: fields.amount(product + 1)?,
        })
    }
}
