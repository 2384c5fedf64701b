//! `forex_compare_file` and `forex_liquidation_file`: the files of websites over the gateway.

use clock::Millis;
use protocol::legacy::Form;
use protocol::{DAY, Day};

use super::bookings::{Booking, Channel, Kind, paid_out_at};
use super::order::digits;
use super::said::Said;
use crate::defect::Defect;
use crate::ledger::Ledger;

const COLUMNS: &str = "partner_transaction_id|amount|currency|payment_time|settlement_time|type|\
    service_charge|status|remarks";
/// How many days a file may be about.
const MOST: i64 = 10;
const NOTHING: &str = "No balance account data in the period";

/// Which of the two files is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Download {
    /// What was paid and given back.
    Compare,
    /// What was paid out.
    Liquidation,
}

impl Ledger {
    pub(crate) fn download(&self, download: Download, form: &Form, now: Millis) -> Said {
        let told = |name: &str| form.get(name).unwrap_or_default();
        Said::text(match self.period(told("start_date"), told("end_date"), now) {
            Ok((start, end)) => self.download_text(download, start, end),
            Err(sentence) => sentence.to_owned(),
        })
    }

    /// First and last day, or the sentence that says what is wrong with them.
    fn period(&self, start: &str, end: &str, now: Millis) -> Result<(Day, Day), &'static str> {
        if start.is_empty() || end.is_empty() {
            return Err("Illegal Date period!");
        }
        let (Ok(start), Ok(end)) = (Day::parse(start), Day::parse(end)) else {
            return Err("Date format incorrect YYYYMMDD");
        };
        if end < start {
            return Err("Finish date ahead of begin date");
        }
        let days = (end.start() - start.start()) / DAY + 1;
        if days > MOST && !self.defects.strikes(Defect::LegRecRangeOpen) {
            return Err("Over 10 days to Date period");
        }
        if end >= Day::of(now) {
            return Err("Finish date not ahead of today");
        }
        Ok((start, end))
    }

    fn download_text(&self, download: Download, start: Day, end: Day) -> String {
        let mut rows = vec![];
        let mut day = start;
        while day <= end {
            match download {
                Download::Compare => {
                    let bookings = self.listed(day, Channel::Website);
                    rows.extend(bookings.iter().map(|booking| self.download_row(booking, None)));
                }
                Download::Liquidation => {
                    let bookings = self.settled_on(day, Channel::Website);
                    let settled = |booking| self.download_row(booking, Some(day));
                    rows.extend(bookings.iter().map(settled));
                }
            }
            if day.next() == day {
                break;
            }
            day = day.next();
        }
        if rows.is_empty() {
            return NOTHING.to_owned();
        }
        if rows.len() > self.report_rows {
            return "Over limit balance amount record".to_owned();
        }
        let mut lines = self.header(COLUMNS);
        lines.extend(rows);
        self.lines(&lines)
    }

    fn download_row(&self, booking: &Booking<'_>, settled: Option<Day>) -> String {
        let sums = self.sums(booking);
        let (kind, remarks) = match booking.kind {
            Kind::Payment => ("P", ""),
            Kind::Refund | Kind::Cancel => ("R", booking.payment.request_id.as_str()),
        };
        let paid = booking.kind == Kind::Payment && settled.is_none();
        [
            booking.number,
            &sums.amount.to_major(),
            sums.amount.currency.code(),
            &digits(booking.at),
            &settled.map(|day| digits(paid_out_at(day))).unwrap_or_default(),
            kind,
            &sums.fee.to_major(),
            if paid { "P" } else { "L" },
            remarks,
        ]
        .map(|text| text.replace(['|', '\r', '\n'], " "))
        .join("|")
    }
}
