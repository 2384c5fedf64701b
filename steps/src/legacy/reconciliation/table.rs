//! A file taken apart: lines, columns by their names, and what a row says.

use protocol::{Amount, Currency, parse_time};

use super::paper::Sort;

/// A file in cells.
#[derive(Debug, Clone)]
pub(super) struct Table {
    sort: Sort,
    /// The first line of a store's transactions.
    pub(super) head: Option<String>,
    /// The line that names the columns, where there is one.
    pub(super) named: Option<Vec<String>>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn of(sort: Sort, text: &str) -> Self {
        let mut lines = text.lines().filter(|line| !line.is_empty()).peekable();
        let head = lines.next_if(|line| sort == Sort::Store && line.starts_with("Partner:"));
        let cells = |line: &str| line.split('|').map(str::to_owned).collect::<Vec<_>>();
        let first = sort.columns().into_iter().next().unwrap_or_default();
        let named = lines.next_if(|line| {
            line.split('|').next().is_some_and(|cell| cell.eq_ignore_ascii_case(&first))
        });
        let mut rows: Vec<_> = lines.map(cells).collect();
        // A sentence in the place of rows has no strokes.
        rows.retain(|row| row.len() > 1);
        Self { sort, head: head.map(str::to_owned), named: named.map(cells), rows }
    }

    /// The names of its columns.
    pub(super) fn columns(&self) -> Vec<String> {
        self.named.clone().unwrap_or_else(|| self.sort.columns())
    }

    fn place(&self, names: &[&str]) -> Option<usize> {
        let columns = self.columns();
        columns.iter().position(|column| names.iter().any(|it| column.eq_ignore_ascii_case(it)))
    }

    /// A cell by row and column.
    pub(super) fn cell(&self, row: usize, names: &[&str]) -> &str {
        let cell = self.rows.get(row).and_then(|row| row.get(self.place(names)?));
        cell.map_or("", String::as_str)
    }

    /// Writes a cell.
    pub(super) fn write(&mut self, row: usize, names: &[&str], value: &str) {
        let place = self.place(names);
        let cell = self.rows.get_mut(row).and_then(|row| row.get_mut(place?));
        if let Some(cell) = cell {
            value.clone_into(cell);
        }
    }

    /// Its lines.
    pub(super) fn lines(&self) -> Vec<String> {
        let named = self.named.iter().map(|cells| cells.join("|"));
        let rows = self.rows.iter().map(|cells| cells.join("|"));
        self.head.iter().cloned().chain(named).chain(rows).collect()
    }

    /// An amount that may be less than nothing, as sums are.
    pub(super) fn sum(&self, row: usize, names: &[&str]) -> Option<Amount> {
        let currency = Currency::parse(self.cell(row, &CURRENCY)).ok()?;
        let text = self.cell(row, names);
        let amount = Amount::from_major(currency, text.strip_prefix('-').unwrap_or(text)).ok()?;
        let sign = if text.starts_with('-') { -1 } else { 1 };
        Some(Amount::new(currency, sign * amount.minor))
    }

    /// What a row says.
    pub(super) fn row(&self, row: usize) -> Row {
        let cell = |names: &[&str]| self.cell(row, names).to_owned();
        let currency = Currency::parse(self.cell(row, &CURRENCY)).ok();
        let money = |names: &[&str], currency: Option<Currency>| {
            Amount::from_major(currency?, self.cell(row, names)).ok()
        };
        Row {
            number: cell(&NUMBER),
            trade: cell(&["Transaction_id"]),
            kind: Kind::parse(self.cell(row, &TYPE)),
            amount: money(&AMOUNT, currency),
            fee: money(&FEE, currency),
            settlement: money(&SETTLEMENT, currency),
            renminbi: money(&["Rmb_amount"], Currency::parse("CNY").ok()),
            rate: cell(&["Rate"]),
            at: time(self.cell(row, &["Payment_time"])),
            settled_at: cell(&["Settlement_time"]),
            status: cell(&["Status"]),
            remarks: cell(&["Remarks", "Remark"]),
            scene: cell(&["Order_scene"]),
        }
    }

    /// What all of them say.
    pub(super) fn all(&self) -> Vec<Row> {
        (0..self.rows.len()).map(|row| self.row(row)).collect()
    }
}

pub(super) const NUMBER: [&str; 1] = ["Partner_transaction_id"];
pub(super) const AMOUNT: [&str; 2] = ["Amount", "Transaction_amount"];
pub(super) const CURRENCY: [&str; 1] = ["Currency"];
pub(super) const FEE: [&str; 3] = ["Fee", "Charge_amount", "service_charge"];
pub(super) const SETTLEMENT: [&str; 1] = ["Settlement"];
pub(super) const TYPE: [&str; 2] = ["Type", "Transaction_type"];

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Payment,
    Refund,
    /// A payment undone.
    Cancel,
}

impl Kind {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "P" | "PAYMENT" => Some(Self::Payment),
            "R" | "REFUND" => Some(Self::Refund),
            "CANCEL" | "REVERSAL" | "REVERSE" => Some(Self::Cancel),
            _ => None,
        }
    }

    /// The word in stores' transactions.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Payment => "PAYMENT",
            Self::Refund => "REFUND",
            Self::Cancel => "CANCEL",
        }
    }
}

/// What a row says; what cannot be read is absent.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) number: String,
    /// The gateway's number, where the file has it.
    pub(super) trade: String,
    pub(super) kind: Option<Kind>,
    pub(super) amount: Option<Amount>,
    pub(super) fee: Option<Amount>,
    pub(super) settlement: Option<Amount>,
    pub(super) renminbi: Option<Amount>,
    pub(super) rate: String,
    pub(super) at: Option<i64>,
    pub(super) settled_at: String,
    pub(super) status: String,
    pub(super) remarks: String,
    pub(super) scene: String,
}

/// A time in GMT+8, as files have it: `2026-01-05 10:00:00`, or its digits alone.
pub(super) fn time(text: &str) -> Option<i64> {
    let digits = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = if digits {
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        format!(
            "{}-{}-{}T{}:{}:{}",
            part(0, 4),
            part(4, 6),
            part(6, 8),
            part(8, 10),
            part(10, 12),
            part(12, 14)
        )
    } else {
        let (day, hour) = text.split_once(' ').filter(|(day, _)| day.len() == 10)?;
        format!("{day}T{hour}")
    };
    parse_time(&format!("{text}+08:00"))
}

#[cfg(test)]
mod tests {
    use super::{Kind, Sort, Table, time};

    #[test]
    fn a_table_is_read_by_the_names_of_its_columns() {
        let text = "Partner:2088|Payment_time: 2026-01-05|Total_count:1\r\n\
                    Partner_transaction_id|Currency|Transaction_amount|Transaction_type\r\n\
                    A|USD|1.20|REFUND\r\n";
        let table = Table::of(Sort::Store, text);
        assert_eq!((table.rows.len(), table.head.is_some()), (1, true));
        let row = table.row(0);
        assert_eq!((row.number.as_str(), row.kind), ("A", Some(Kind::Refund)));
        assert_eq!(row.amount.unwrap().to_string(), "USD 1.20");
        assert_eq!(table.lines().join("\r\n") + "\r\n", text);
        let bare = Table::of(Sort::Website, "No balance account data in the period");
        assert!(bare.rows.is_empty());
    }

    #[test]
    fn times_are_beijing_s() {
        for text in ["2026-01-05 10:00:00", "20260105100000"] {
            assert_eq!(time(text), Some(1_767_578_400_000), "{text}");
        }
        for text in ["", "2026-01-05", "2026-01-05T10:00:00", "20260105"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
