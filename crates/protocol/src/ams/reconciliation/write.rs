//! Bytes out of rows.

use super::kind::FileKind;
use super::row::{Row, SettlementItem, SummaryLine, TOTAL, Transaction, TransactionItem};
use crate::{Amount, iso8601};

/// Writes a file: its header, rows, and at last the line that ends it. Lines end with a line feed;
/// quotation marks stand only where a comma, a mark or a line break in a text needs them.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Begins a file with its header.
    pub fn new(kind: FileKind) -> Self {
        let mut writer = Self { bytes: Vec::new() };
        writer.line(kind.columns());
        writer
    }

    /// Adds a row. It is the caller's to add rows of the file's own kind only.
    pub fn row(&mut self, row: &Row<'_>) {
        match row {
            Row::Transaction(item) => self.transaction(item),
            Row::Settlement(item) => self.settlement(item),
            Row::Summary(line) => self.summary(line),
        }
    }

    /// What was written since the last time, for a file that is too large to hold.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Ends the file and gives what was not taken yet.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(b"<END>\n");
        self.bytes
    }

    fn transaction(&mut self, item: &TransactionItem<'_>) {
        let ids = ids(&item.transaction);
        let (time, amount) = (iso8601(item.transaction.payment_time), item.transaction.amount);
        let [customer, merchant, store, id, original, request, reference] = ids;
        self.line(&[
            customer,
            merchant,
            store,
            id,
            original,
            request,
            reference,
            item.order_description,
            item.transaction.payment_method_type,
            item.transaction.psp_name,
            item.transaction.transaction_type.word(),
            &time,
            item.transaction.product_code,
            &amount.to_major(),
            amount.currency.code(),
        ]);
    }

    fn settlement(&mut self, item: &SettlementItem<'_>) {
        let SettlementItem { transaction, net, rate, .. } = item;
        let [customer, merchant, store, id, original, request, reference] = ids(transaction);
        let (pair, price) = rate.map(|rate| (rate.pair(), rate.price())).unwrap_or_default();
        let (fee, coupon) = (optional(item.fee), optional(item.coupon));
        self.line(&[
            item.settlement_batch_id,
            customer,
            merchant,
            store,
            id,
            original,
            request,
            reference,
            transaction.payment_method_type,
            transaction.psp_name,
            transaction.transaction_type.word(),
            &iso8601(transaction.payment_time),
            &iso8601(item.settlement_time),
            transaction.product_code,
            &transaction.amount.to_major(),
            transaction.amount.currency.code(),
            &net.to_major(),
            net.currency.code(),
            &pair,
            &price,
            &fee.0,
            &fee.1,
            &coupon.0,
            &coupon.1,
        ]);
    }

    fn summary(&mut self, line: &SummaryLine<'_>) {
        let fee = optional(line.fee);
        self.line(&[
            line.settlement_batch_id,
            line.customer_id,
            line.summary_type.map_or(TOTAL, |of| of.word()),
            &iso8601(line.settlement_time),
            &line.count.to_string(),
            &line.net.to_major(),
            line.net.currency.code(),
            &fee.0,
            &fee.1,
        ]);
    }

    fn line(&mut self, fields: &[&str]) {
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.bytes.push(b',');
            }
            if field.contains([',', '"', '\r', '\n']) {
                let doubled = field.replace('"', "\"\"");
                self.bytes.extend_from_slice(format!("\"{doubled}\"").as_bytes());
            } else {
                self.bytes.extend_from_slice(field.as_bytes());
            }
        }
        self.bytes.push(b'\n');
    }
}

fn ids<'a>(transaction: &Transaction<'a>) -> [&'a str; 7] {
    [
        transaction.customer_id,
        transaction.reference_merchant_id,
        transaction.reference_store_id,
        transaction.transaction_id,
        transaction.original_transaction_id,
        transaction.transaction_request_id,
        transaction.reference_transaction_id,
    ]
}

/// Number and currency, or two empty texts.
fn optional(amount: Option<Amount>) -> (String, String) {
    amount.map(|amount| (amount.to_major(), amount.currency.to_string())).unwrap_or_default()
}
