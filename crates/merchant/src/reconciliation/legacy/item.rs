//! A row as a transaction: what the books can be compared with.

use protocol::ams::reconciliation::TransactionType;
use protocol::{Amount, Currency};

use super::own::Own;
use super::table::{Row, Table};
use crate::legacy::moments;

/// What a row says.
#[derive(Debug, Clone)]
pub(super) struct Item<'r> {
    /// The merchant's number that it is about.
    pub(super) number: String,
    pub(super) transaction_id: &'r str,
    pub(super) kind: TransactionType<'static>,
    /// Negative for what is given back.
    pub(super) amount: Amount,
    pub(super) moment: i64,
    pub(super) fee: Option<Amount>,
    pub(super) settlement: Option<Amount>,
    pub(super) rmb: Option<Amount>,
    pub(super) rate: Option<&'r str>,
}

/// A value that is none: in which column, what was expected, what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) column: &'static str,
    pub(super) expected: &'static str,
    pub(super) found: String,
}

impl<'r> Item<'r> {
    pub(super) fn read(table: &Table, row: &'r Row, own: &Own) -> Result<Self, Broken> {
        let value = |names: &[&str]| table.value(row, names).unwrap_or_default();
        let broken =
            |column, expected, found: &str| Broken { column, expected, found: found.to_owned() };
        let currency = value(&["currency"]);
        let currency =
            Currency::parse(currency).or(Err(broken("currency", "a currency", currency)))?;
        let money = |names: &'static [&'static str]| {
            let text = table.value(row, names).filter(|text| !text.is_empty());
            let amount = text.map(|text| {
                unsigned(currency, text).ok_or_else(|| broken(names[0], "an amount", text))
            });
            amount.transpose()
        };
        let amount = money(&["amount", "transaction_amount"])?;
        let amount = amount.ok_or_else(|| broken("amount", "an amount", ""))?;
        let time = value(&["payment_time"]);
        let moment = moments::read(time).ok_or_else(|| broken("payment_time", "a time", time))?;
        let word = value(&["type", "transaction_type"]);
        let kind = match word {
            "P" | "PAYMENT" => TransactionType::Payment,
            "R" | "REFUND" => TransactionType::Refund,
            "CANCEL" | "REVERSAL" | "REVERSE" => TransactionType::Cancel,
            _ => return Err(broken("type", "PAYMENT, REFUND, CANCEL or REVERSAL", word)),
        };
        let sign = if kind == TransactionType::Payment { 1 } else { -1 };
        let (id, remarks) = (value(&["partner_transaction_id"]), value(&["remarks", "remark"]));
        let (number, kind) = match kind {
            TransactionType::Refund => own.refund(id, remarks, amount),
            TransactionType::Payment | TransactionType::Cancel | TransactionType::Other(_) => {
                (id.to_owned(), kind)
            }
        };
        Ok(Self {
            number,
            transaction_id: value(&["transaction_id"]),
            kind,
            amount: Amount::new(currency, amount.minor * sign),
            moment,
            fee: money(&["fee", "charge_amount", "service_charge"])?,
            settlement: money(&["settlement"])?,
            rmb: cny(value(&["rmb_amount"])),
            rate: table.value(row, &["rate"]).filter(|rate| !rate.is_empty()),
        })
    }

    /// What is paid out for it: the amount less the fee, without a sign.
    pub(super) fn net(&self) -> i64 {
        self.amount.minor.abs() - self.fee.map_or(0, |fee| fee.minor)
    }

    /// What it comes to in CNY by its rate, to two places.
    pub(super) fn at_rate(&self) -> Option<i64> {
        let (whole, fraction) = self.rate?.split_once('.').unwrap_or((self.rate?, ""));
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let unit = 10_i128.pow(u32::try_from(fraction.len()).ok().filter(|places| *places < 13)?);
        let cents = i128::from(10_i64.pow(self.amount.currency.exponent()));
        let exact = i128::from(self.amount.minor.abs()).checked_mul(digits)?.checked_mul(200)?;
        i64::try_from(exact.checked_add(unit * cents)? / (unit * cents * 2)).ok()
    }
}

/// An amount whose direction is told elsewhere, so that a sign says nothing more.
fn unsigned(currency: Currency, text: &str) -> Option<Amount> {
    let amount = Amount::from_major(currency, text).ok()?;
    Some(Amount::new(currency, amount.minor.abs()))
}

fn cny(text: &str) -> Option<Amount> {
    unsigned(Currency::parse("CNY").ok()?, text)
}

#[cfg(test)]
mod tests {
    use protocol::{Amount, Currency};

    use super::super::own::Own;
    use super::super::table::{Layout, Table};
    use super::{Item, unsigned};

    #[test]
    fn a_sign_says_nothing_and_two_are_none() {
        let dollar = Currency::parse("USD").unwrap();
        for (text, minor) in
            [("7.50", Some(750)), ("-7.50", Some(750)), ("--7.50", None), ("+7.50", None)]
        {
            assert_eq!(unsigned(dollar, text), minor.map(|it| Amount::new(dollar, it)), "{text}");
        }
    }

    #[test]
    fn what_is_too_large_for_a_rate_has_no_value_at_it() {
        let row = "A|T|92233720368547758.07|1|1.00|1|1|USD|RATE|2026-01-05 10:00:00|\
                   2026-01-06 15:00:00|P|L|||||||";
        for (rate, cents) in [
            ("99999999999999999999999999.0", None),
            ("0.00000000000000001", None),
            ("0.000000000001", Some(9_223_372)),
        ] {
            let table = Table::read(&row.replace("RATE", rate), Layout::InstoreSettlement);
            let item = Item::read(&table, &table.rows[0], &Own::default()).unwrap();
            assert_eq!(item.at_rate(), cents, "{rate}");
        }
    }
}
