//! What happened on a day in GMT+8, and when it is paid out.

use clock::Millis;
use protocol::ams::RefundStatus;
use protocol::{Amount, DAY, Day, GMT8};

use super::order::Product;
use crate::defect::Defect;
use crate::ledger::{Ledger, Payment, State};

/// The fee is one part of so many of the amount, and a refund returns it.
const FEE_OF: i64 = 30;
/// At what time of a day it is paid out.
const PAID_OUT: Millis = (15 * 60 + 46) * 60_000;

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Payment,
    Refund,
    Cancel,
}

/// Money that moved, as files list it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Booking<'a> {
    pub(crate) kind: Kind,
    pub(crate) payment: &'a Payment,
    /// The partner's number: of the payment, or of the refund.
    pub(crate) number: &'a str,
    /// Alipay's number.
    pub(crate) trade: &'a str,
    /// Always positive: the kind tells the direction.
    pub(crate) amount: Amount,
    pub(crate) at: Millis,
}

/// Where a partner sells, which decides about its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    InStore,
    Website,
}

impl Channel {
    pub(crate) fn of(payment: &Payment) -> Option<Self> {
        payment.legacy.as_ref().map(|order| match order.product {
            Product::Barcode | Product::TransactionQr => Self::InStore,
            Product::Web | Product::Wap => Self::Website,
        })
    }
}

/// What a booking comes to.
pub(crate) struct Sums {
    pub(crate) amount: Amount,
    pub(crate) fee: Amount,
    pub(crate) settlement: Amount,
}

impl Ledger {
    /// What happened on a day in a channel, in order.
    pub(crate) fn bookings(&self, day: Day, channel: Channel) -> Vec<Booking<'_>> {
        let mut bookings = vec![];
        for payment in self.payments.iter().filter(|one| Channel::of(one) == Some(channel)) {
            let Some(at) = payment.paid_at else { continue };
            let (number, trade, amount) = (&*payment.request_id, &*payment.id, payment.amount);
            let paid = Booking { kind: Kind::Payment, payment, number, trade, amount, at };
            bookings.push(paid);
            if let (State::Cancelled, Some(at)) = (&payment.state, payment.cancelled_at) {
                bookings.push(Booking { kind: Kind::Cancel, at, ..paid });
            }
        }
        for refund in self.refunds.iter().filter(|one| one.status == RefundStatus::Success) {
            let payment = &self.payments[refund.payment];
            if Channel::of(payment) == Some(channel) {
                bookings.push(Booking {
                    kind: Kind::Refund,
                    payment,
                    number: &refund.request_id,
                    trade: &refund.id,
                    amount: refund.amount,
                    at: refund.at,
                });
            }
        }
        bookings.retain(|booking| self.is_booked_on(day, booking.at));
        bookings.sort_by_key(|booking| booking.at);
        bookings
    }

    /// Whether a moment is in a day; by a defect days end in UTC.
    fn is_booked_on(&self, day: Day, at: Millis) -> bool {
        let (here, in_utc) = (day.contains(at), day.contains(at - GMT8));
        if here != in_utc && self.defects.strikes(Defect::LegRecUtcDay) {
            return in_utc;
        }
        here
    }

    /// What is paid out on a day: the bookings of the day before it, on a Monday those from Friday
    /// on, at weekends none. What was undone is not paid out at all.
    pub(crate) fn settled_on(&self, day: Day, channel: Channel) -> Vec<Booking<'_>> {
        let mut settled = vec![];
        for back in (1..=3).rev() {
            let booked = Day::of(day.start() - back * DAY);
            if self.pays_out_on(booked) == day {
                settled.extend(self.bookings(booked, channel));
            }
        }
        settled.retain(|booking| booking.payment.state != State::Cancelled);
        settled
    }

    /// The day on which the bookings of another are paid out.
    pub(crate) fn pays_out_on(&self, booked: Day) -> Day {
        let later = match weekday(booked) {
            // Friday, Saturday
            4 => 3,
            5 if self.defects.strikes(Defect::LegRecWeekend) => 1,
            5 => 2,
            _ => 1,
        };
        Day::of(booked.start() + later * DAY)
    }

    /// Amount, fee and what is paid out; by a defect the fee is added.
    pub(crate) fn sums(&self, booking: &Booking<'_>) -> Sums {
        let amount = booking.amount;
        // Halves are rounded up.
        let fee = (amount.minor * 2 + FEE_OF) / (FEE_OF * 2);
        let added = fee != 0 && self.defects.strikes(Defect::LegRecFeeAdded);
        let settlement = if added { amount.minor + fee } else { amount.minor - fee };
        let negative = booking.kind != Kind::Payment && self.switches.legacy.negative_refunds;
        let sign = if negative { -1 } else { 1 };
        let of = |minor: i64| Amount::new(amount.currency, minor * sign);
        Sums { amount: of(amount.minor), fee: of(fee), settlement: of(settlement) }
    }

    /// Whether anything was ever sold in a channel.
    pub(crate) fn sells_in(&self, channel: Channel) -> bool {
        self.payments.iter().any(|payment| Channel::of(payment) == Some(channel))
    }
}

/// The day of the week, Monday being 0.
pub(crate) fn weekday(day: Day) -> i64 {
    // The first of January 1970 was a Thursday.
    ((day.start() + GMT8).div_euclid(DAY) + 3).rem_euclid(7)
}

/// The moment of a day at which it is paid out.
pub(crate) fn paid_out_at(day: Day) -> Millis {
    day.start() + PAID_OUT
}

#[cfg(test)]
mod tests {
    use protocol::Day;

    use super::weekday;

    #[test]
    fn weeks_begin_on_monday() {
        for (day, expected) in [("20260105", 0), ("20260110", 5), ("20260111", 6), ("19700101", 3)]
        {
            assert_eq!(weekday(Day::parse(day).unwrap()), expected, "{day}");
        }
    }
}
