//! What is paid out: rates, fees, sums.

use protocol::ams::reconciliation::{
    Batch, SettlementItem, SummaryLine, Transaction, TransactionType,
};
use protocol::{Amount, Currency, Rate};

/// What is paid out wherever there is a rate; other currencies are paid out as they are.
const CURRENCY: &str = "USD";
/// How much of a currency one dollar is worth.
const RATES: [(&str, &str); 4] = [("KRW", "1200"), ("JPY", "150"), ("CNY", "7.2"), ("HKD", "7.8")];
/// The fee is one part of so many of the amount, and a refund returns it.
const FEE_OF: i64 = 30;

pub(super) fn currency() -> Option<Currency> {
    Currency::parse(CURRENCY).ok()
}

/// The rate of a currency, where there is one.
fn rate(counter: Currency) -> Option<Rate> {
    let (code, price) = RATES.into_iter().find(|(code, _)| *code == counter.code())?;
    Rate::parse(&format!("{CURRENCY}/{code}"), price).ok()
}

/// A transaction as it is settled; whether a refund returns the fee is a matter of contract.
pub(super) fn settled<'a>(
    batch: &'a str,
    transaction: Transaction<'a>,
    at: i64,
    returned: bool,
) -> SettlementItem<'a> {
    let rate = rate(transaction.amount.currency);
    let converted = rate.and_then(|rate| rate.either_way(transaction.amount));
    let gross = converted.map_or(transaction.amount, |(gross, _)| gross);
    // Halves are rounded away from zero.
    let fee = (gross.minor.abs() * 2 + FEE_OF) / (FEE_OF * 2) * gross.minor.signum();
    let kept = transaction.transaction_type == TransactionType::Refund && !returned;
    let fee = if kept { 0 } else { fee };
    SettlementItem {
        settlement_batch_id: batch,
        transaction,
        settlement_time: at,
        net: Amount::new(gross.currency, gross.minor - fee),
        rate,
        fee: Some(Amount::new(gross.currency, fee)),
        coupon: None,
    }
}

/// The sums of a batch: of each type that it has, and of all.
pub(super) fn summary<'a>(
    items: &[SettlementItem<'_>],
    customer_id: &'a str,
    batch: &'a Batch,
    at: i64,
) -> Vec<SummaryLine<'a>> {
    let types = [TransactionType::Payment, TransactionType::Refund, TransactionType::Cancel];
    let lines = types.map(Some).into_iter().chain([None]).map(|of| {
        let ours = |item: &&SettlementItem<'_>| {
            of.is_none_or(|of| item.transaction.transaction_type == of)
        };
        let items = || items.iter().filter(ours);
        let sum = |minor: i64| Amount::new(batch.currency, minor);
        SummaryLine {
            settlement_batch_id: &batch.id,
            customer_id,
            summary_type: of,
            settlement_time: at,
            count: items().count() as u64,
            net: sum(items().map(|item| item.net.minor).sum()),
            fee: Some(sum(items().filter_map(|item| item.fee).map(|fee| fee.minor).sum())),
        }
    });
    lines.filter(|line| line.count > 0 || line.summary_type.is_none()).collect()
}
