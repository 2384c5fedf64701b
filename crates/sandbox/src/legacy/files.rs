//! The files of a day: those of shops and of websites, as the SFTP server would have them.

use std::collections::BTreeMap;

use protocol::{Amount, Currency, Day};

use super::asked;
use super::bookings::{Booking, Channel, Kind, paid_out_at, weekday};
use super::notice::date_text;
use super::order::Product;
use super::switches::Files;
use crate::defect::Defect;
use crate::ledger::Ledger;
use crate::reconciliation::Report;

/// When the files of a day are there, after its end.
pub(crate) const READY: clock::Millis = 9 * 3_600_000;

const TRANSACTION: [&str; 15] = [
    "Partner_transaction_id",
    "Transaction_id",
    "Transaction_amount",
    "Charge_amount",
    "Currency",
    "Payment_time",
    "Transaction_type",
    "Remark",
    "Secondary_merchant_industry",
    "Secondary_merchant_name",
    "Operator_name",
    "Order_scene",
    "Trans_currency",
    "Trans_amount",
    "Trans_forex_rate",
];
/// What a later variant has behind `Transaction_type`.
const MORE: [&str; 2] = ["Secondary_merchant_id", "Store_id"];
const SETTLEMENT: &str = "Partner_transaction_id|Transaction_id|Amount|Rmb_amount|Fee|Settlement|\
    Rmb_settlement|Currency|Rate|Payment_time|Settlement_time|Type|Status|Remarks|\
    Secondary_merchant_industry|Secondary_merchant_name|Operator_name|Order_scene|\
    Trans_currency|Trans_amount|Trans_forex_rate";
const WEBSITE: &str = "Partner_transaction_id|Transaction_id|Amount|Rmb_amount|Fee|\
    Distribute_amount|Distribute_rmb_amount|Settlement|Rmb_settlement|Currency|Rate|\
    Payment_time|Settlement_time|Type|Status|Remarks";
const BATCHES: &str = "Settle_batch_no|Settle_date|Amount|Fee|Settlement|Currency";

/// A text as it stands in a cell.
fn cell(text: &str) -> String {
    text.replace(['|', '\r', '\n'], " ")
}

fn row(cells: &[String]) -> String {
    cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join("|")
}

impl Ledger {
    /// The files of a day that is over, by their names.
    pub(crate) fn legacy_reports(&self, partner: &str, day: Day) -> Vec<Report> {
        let mut reports = vec![];
        let website = self.sells_in(Channel::Website);
        if self.sells_in(Channel::InStore) || !website {
            let name = format!("{partner}_transaction_{day}.txt");
            reports.push(Report::new(name, self.transaction_file(partner, day)));
            // Nothing is paid out at weekends.
            let settled = self.settled_on(day, Channel::InStore);
            if weekday(day) < 5 || !settled.is_empty() {
                let name = format!("{partner}_settlement_{day}.txt");
                reports.push(Report::new(name, self.settlement_file(day, &settled)));
            }
        }
        if website {
            let name = format!("{partner}_fptrade_{day}.csv");
            reports.push(Report::new(name, self.website_file(day)));
            reports.extend(self.website_settlement(partner, day));
        }
        reports
    }

    /// Lines as one text (switch L18).
    pub(crate) fn lines(&self, lines: &[String]) -> String {
        let files = self.switches.legacy.files;
        let end = if files == Files::LineFeeds { "\n" } else { "\r\n" };
        let mut text = lines.join(end);
        if files == Files::TrailingBreak && !text.is_empty() {
            text.push_str(end);
        }
        text
    }

    /// The rows that a file of transactions has; by a defect none of a refund.
    pub(crate) fn listed(&self, day: Day, channel: Channel) -> Vec<Booking<'_>> {
        let mut bookings = self.bookings(day, channel);
        let refunds = bookings.iter().any(|booking| booking.kind == Kind::Refund);
        if refunds && self.defects.strikes(Defect::LegRecRowMissing) {
            bookings.retain(|booking| booking.kind != Kind::Refund);
        }
        bookings
    }

    fn transaction_file(&self, partner: &str, day: Day) -> String {
        let bookings = self.listed(day, Channel::InStore);
        let payments = bookings.iter().filter(|one| one.kind == Kind::Payment).count();
        let mut count = bookings.len();
        if count != payments && self.defects.strikes(Defect::LegRecCountOff) {
            count = payments;
        }
        let date = date_text(day.start());
        let date = date.split(' ').next().unwrap_or_default();
        let more = self.switches.legacy.files == Files::MoreColumns;
        let mut columns = TRANSACTION.map(str::to_owned).to_vec();
        if more {
            columns.splice(7..7, MORE.map(str::to_owned));
        }
        let mut lines = vec![
            format!("Partner:{partner}|Payment_time: {date}|Total_count:{count}"),
            columns.join("|"),
        ];
        lines.extend(bookings.iter().map(|booking| self.transaction_row(booking, more)));
        self.lines(&lines)
    }

    fn transaction_row(&self, booking: &Booking<'_>, more: bool) -> String {
        let sums = self.sums(booking);
        let kind = match booking.kind {
            Kind::Payment => "PAYMENT",
            Kind::Refund => "REFUND",
            Kind::Cancel => "CANCEL",
        };
        let mut cells = vec![
            booking.number.to_owned(),
            booking.trade.to_owned(),
            sums.amount.to_major(),
            sums.fee.to_major(),
            sums.amount.currency.code().to_owned(),
            date_text(booking.at),
            kind.to_owned(),
        ];
        if more {
            let goods = &booking.payment.goods;
            cells.extend([goods.merchant.clone(), goods.store.clone()]);
        }
        let remark = if booking.kind == Kind::Refund { "Refund" } else { "" };
        cells.push(remark.to_owned());
        cells.extend(shop(booking, sums.amount));
        row(&cells)
    }

    fn settlement_file(&self, day: Day, settled: &[Booking<'_>]) -> String {
        let mut lines = vec![SETTLEMENT.to_owned()];
        for booking in settled {
            let mut cells = self.paid_out(booking, false);
            cells.insert(10, date_text(paid_out_at(day)));
            cells.extend([letter(booking.kind).into(), "L".into(), String::new()]);
            cells.extend(shop(booking, booking.amount));
            lines.push(row(&cells));
        }
        self.lines(&lines)
    }

    /// The first ten cells of a settled row: numbers, money, and when it was paid. Websites have
    /// two more, for a part that goes to somebody else.
    fn paid_out(&self, booking: &Booking<'_>, distributed: bool) -> Vec<String> {
        let sums = self.sums(booking);
        let renminbi = |amount: Amount| self.in_renminbi(amount);
        let money = |amount| renminbi(amount).map(|(renminbi, _)| renminbi.to_major());
        let rate = renminbi(sums.amount).map(|(_, rate)| rate).unwrap_or_default();
        let mut cells = vec![
            booking.number.to_owned(),
            booking.trade.to_owned(),
            sums.amount.to_major(),
            money(sums.amount).unwrap_or_default(),
            sums.fee.to_major(),
        ];
        if distributed {
            cells.extend(["0.00".to_owned(), "0.00".to_owned()]);
        }
        cells.extend([
            sums.settlement.to_major(),
            money(sums.settlement).unwrap_or_default(),
            sums.amount.currency.code().to_owned(),
            rate,
            date_text(booking.at),
        ]);
        cells
    }

    /// A row of a website's file. That of a refund has a number which Alipay made, and the order's
    /// in the remarks.
    fn website_row(&self, booking: &Booking<'_>, settled: Option<Day>) -> String {
        let mut cells = self.paid_out(booking, true);
        if booking.kind != Kind::Payment {
            cells[0] = format!("FOREXREFUND_{}", booking.trade);
        }
        let paid = booking.kind == Kind::Payment && settled.is_none();
        let status = if paid { "P" } else { "L" };
        cells.extend([
            settled.map(|day| date_text(paid_out_at(day))).unwrap_or_default(),
            letter(booking.kind).to_owned(),
            status.to_owned(),
            booking.payment.request_id.clone(),
        ]);
        row(&cells)
    }

    /// The header row that website files have where switch L18 says so.
    pub(crate) fn header(&self, columns: &str) -> Vec<String> {
        let asked = self.switches.legacy.files == Files::HeaderRow;
        asked.then(|| columns.to_owned()).into_iter().collect()
    }

    fn website_file(&self, day: Day) -> String {
        let mut lines = self.header(WEBSITE);
        let bookings = self.listed(day, Channel::Website);
        lines.extend(bookings.iter().map(|booking| self.website_row(booking, None)));
        self.lines(&lines)
    }

    /// The list of a day's batches, one for each currency, and the rows of each.
    fn website_settlement(&self, partner: &str, day: Day) -> Vec<Report> {
        let settled = self.settled_on(day, Channel::Website);
        let mut batches: BTreeMap<Currency, Vec<Booking<'_>>> = BTreeMap::new();
        for booking in settled {
            batches.entry(booking.amount.currency).or_default().push(booking);
        }
        if batches.is_empty() {
            return vec![];
        }
        let mut lines = self.header(BATCHES);
        let mut reports = vec![];
        for (place, (currency, bookings)) in batches.into_iter().enumerate() {
            let batch = format!("{day}{:04}", place + 1);
            lines.push(self.batch_line(&batch, day, currency, &bookings));
            let mut rows = self.header(WEBSITE);
            rows.extend(bookings.iter().map(|booking| self.website_row(booking, Some(day))));
            let name = format!("{partner}_settle_{day}_{batch}.csv");
            reports.push(Report::new(name, self.lines(&rows)));
        }
        let name = format!("{partner}_settlebatch_{day}.csv");
        reports.insert(0, Report::new(name, self.lines(&lines)));
        reports
    }

    /// The sums of a batch: what was paid less what went back.
    fn batch_line(
        &self,
        batch: &str,
        day: Day,
        currency: Currency,
        bookings: &[Booking<'_>],
    ) -> String {
        let mut totals = [0; 3];
        for booking in bookings {
            let sums = self.sums(booking);
            let sign = if booking.kind == Kind::Payment { 1 } else { -1 };
            for (total, sum) in totals.iter_mut().zip([sums.amount, sums.fee, sums.settlement]) {
                *total += sign * sum.minor.abs();
            }
        }
        let [amount, fee, settlement] = totals.map(|minor| Amount::new(currency, minor).to_major());
        let date = day.to_string();
        row(&[batch.to_owned(), date, amount, fee, settlement, currency.code().to_owned()])
    }
}

/// The type of a settled row.
fn letter(kind: Kind) -> &'static str {
    match kind {
        Kind::Payment => "P",
        Kind::Refund | Kind::Cancel => "R",
    }
}

/// What a shop's row says about secondary merchant, store and price.
fn shop(booking: &Booking<'_>, amount: Amount) -> Vec<String> {
    let order = booking.payment.legacy.as_ref();
    let parameters = order.map(|order| &order.parameters);
    let extend = parameters.and_then(|all| all.get("extend_info").or(all.get("extend_params")));
    let extend = extend.and_then(|text| asked::members(text)).unwrap_or_default();
    let told = |name: &str| extend.get(name).cloned().unwrap_or_default();
    let scene = match order.map(|order| order.product) {
        Some(Product::TransactionQr) => "transactionQrCode",
        Some(Product::Barcode | Product::Web | Product::Wap) | None => "",
    };
    vec![
        told("secondary_merchant_industry"),
        told("secondary_merchant_name"),
        told("store_name"),
        scene.to_owned(),
        amount.currency.code().to_owned(),
        amount.to_major(),
        "1".to_owned(),
    ]
}
