//! Files of the legacy generation as tables: text, an optional head, columns by their names, rows.

use std::borrow::Cow;

use protocol::legacy::Charset;
use protocol::{Day, GMT8};

/// What a file is, by its name or by the service that brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// `PID_transaction_YYYYMMDD.txt`.
    InstoreTransactions,
    /// `PID_settlement_YYYYMMDD.txt`.
    InstoreSettlement,
    /// `PID_fptrade_YYYYMMDD.csv` and `PID_settle_YYYYMMDD_BatchID.csv`.
    Website,
    /// `PID_settlebatch_YYYYMMDD.csv`.
    Batches,
    /// `forex_compare_file` and `forex_liquidation_file`.
    Download,
}

impl Layout {
    /// What a file of this name is; one without such a name is what a service brings.
    pub(super) fn of(name: &str) -> Self {
        let kinds = [
            ("_transaction_", Self::InstoreTransactions),
            ("_settlement_", Self::InstoreSettlement),
            ("_settlebatch_", Self::Batches),
            ("_fptrade_", Self::Website),
            ("_settle_", Self::Website),
        ];
        let known = kinds.into_iter().find(|(kind, _)| name.contains(kind));
        known.map_or(Self::Download, |(_, layout)| layout)
    }

    /// The documented columns, in their order.
    pub(super) fn columns(self) -> Vec<String> {
        let names = match self {
            Self::InstoreTransactions => {
                "partner_transaction_id transaction_id transaction_amount charge_amount currency \
                 payment_time transaction_type remark secondary_merchant_industry \
                 secondary_merchant_name operator_name order_scene trans_currency trans_amount \
                 trans_forex_rate"
            }
            Self::InstoreSettlement => {
                "partner_transaction_id transaction_id amount rmb_amount fee settlement \
                 rmb_settlement currency rate payment_time settlement_time type status remarks \
                 secondary_merchant_industry secondary_merchant_name operator_name order_scene \
                 trans_currency trans_amount trans_forex_rate"
            }
            Self::Website => {
                "partner_transaction_id transaction_id amount rmb_amount fee distribute_amount \
                 distribute_rmb_amount settlement rmb_settlement currency rate payment_time \
                 settlement_time type status remarks"
            }
            Self::Batches => "settle_batch_no settle_date amount fee settlement currency",
            Self::Download => {
                "partner_transaction_id amount currency payment_time settlement_time type \
                 service_charge status remarks"
            }
        };
        names.split_ascii_whitespace().map(str::to_owned).collect()
    }
}

/// The first line of an in-store transaction file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) partner: String,
    pub(super) day: String,
    pub(super) count: Option<u64>,
}

/// A file, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) head: Option<Head>,
    /// The columns' names in lower case: those of the file, or else the documented ones.
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// A line with values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The number of the line, from 1.
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl Table {
    /// Takes a text apart.
    pub(super) fn read(text: &str, layout: Layout) -> Self {
        let documented = layout.columns();
        let mut table = Self { head: None, columns: documented.clone(), rows: vec![] };
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() {
                continue;
            }
            if table.rows.is_empty() && line.starts_with("Partner:") {
                table.head = Some(Head::read(line));
                continue;
            }
            let cells = split(line);
            let first = cells.first().map(|cell| cell.to_ascii_lowercase());
            if table.rows.is_empty() && first.as_ref() == documented.first() {
                table.columns = cells.iter().map(|cell| cell.to_ascii_lowercase()).collect();
                continue;
            }
            table.rows.push(Row { line: number, cells });
        }
        table
    }

    /// Whether a column comes under one of these names, and what a row says there.
    pub(super) fn value<'r>(&self, row: &'r Row, names: &[&str]) -> Option<&'r str> {
        let at = self.columns.iter().position(|column| names.contains(&column.as_str()))?;
        row.cells.get(at).map(String::as_str)
    }
}

impl Head {
    fn read(line: &str) -> Self {
        let part = |name: &str| {
            let mut parts = line.split('|');
            let value = parts.find_map(|part| part.trim().strip_prefix(name));
            value.map(|value| value.trim().to_owned()).unwrap_or_default()
        };
        Self {
            partner: part("Partner:"),
            day: part("Payment_time:"),
            count: part("Total_count:").parse().ok(),
        }
    }
}

/// The values of a line. Files called `csv` have been seen with strokes as well.
fn split(line: &str) -> Vec<String> {
    let stroke = if line.contains('|') { '|' } else { ',' };
    line.split(stroke).map(|cell| cell.trim().to_owned()).collect()
}

/// The text of a file: UTF-8, with a mark before it or without, or else GBK.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    [Charset::Utf8, Charset::Gbk]
        .into_iter()
        .find_map(|charset| charset.decode(bytes).ok().map(Cow::into_owned))
}

/// A day as heads write it: `2026-01-05`.
pub(super) fn dashed(day: Day) -> String {
    let text = day.to_string();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8))
}

/// The days whose transactions are settled on a day: the day before, on Mondays Friday to Sunday,
/// at weekends none.
pub(super) fn settled_on(day: Day) -> Option<(Day, Day)> {
    let before = |days: i64| Day::of(day.start() - days * protocol::DAY);
    // The first day of the epoch was a Thursday.
    match ((day.start() + GMT8).div_euclid(protocol::DAY) + 3).rem_euclid(7) {
        0 => Some((before(3), before(1))),
        1..=4 => Some((before(1), before(1))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use protocol::Day;

    use super::{Layout, Table, dashed, decode, settled_on};

    #[test]
    fn columns_are_found_by_name_and_blank_lines_are_none() {
        let text = "Partner:2088|Payment_time: 2026-01-05|Total_count:1\r\n\
                    Partner_transaction_id|Transaction_id|Transaction_amount|Store_id|Currency\r\n\
                    A|T|1.00|S|USD\r\n\r\n";
        let table = Table::read(text, Layout::InstoreTransactions);
        let head = table.head.clone().unwrap();
        assert_eq!((head.partner.as_str(), head.day.as_str()), ("2088", "2026-01-05"));
        assert_eq!((head.count, table.rows.len(), table.rows[0].line), (Some(1), 1, 3));
        assert_eq!(table.value(&table.rows[0], &["currency"]), Some("USD"));
        assert_eq!(table.value(&table.rows[0], &["remark"]), None);
        let bare = Table::read("A|1.00|USD", Layout::Download);
        assert_eq!(bare.value(&bare.rows[0], &["currency"]), Some("USD"));
    }

    #[test]
    fn both_encodings_are_read() {
        for bytes in [&b"\xEF\xBB\xBF\xE5\x92\x96"[..], b"\xE5\x92\x96", b"\xBF\xA7"] {
            assert_eq!(decode(bytes).unwrap(), "咖", "{bytes:x?}");
        }
        assert_eq!(decode(b"\xFF\xFF"), None);
    }

    #[test]
    fn weekends_are_settled_on_mondays() {
        let day = |text: &str| Day::parse(text).unwrap();
        for (settled, first, last) in [
            ("20260105", "20260102", "20260104"),
            ("20260106", "20260105", "20260105"),
            ("20260109", "20260108", "20260108"),
        ] {
            assert_eq!(settled_on(day(settled)), Some((day(first), day(last))), "{settled}");
        }
        assert_eq!(settled_on(day("20260110")), None);
        assert_eq!(settled_on(day("20260111")), None);
        assert_eq!(dashed(day("20260105")), "2026-01-05");
    }
}
