//! The payments of one tenant and the money that moved.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use clock::Millis;
use evidence::{Movement, WalletStatement};
use protocol::{Amount, GMT8, iso8601};

use crate::defect::{Defect, Defects};
use crate::draw::Draw;
pub(crate) use crate::entry::{Means, Payment, State};
use crate::legacy::{Action, FormNotice};
use crate::notification::Notice;
use crate::rates::{Charge, Rates};
use crate::reconciliation::ROWS;
use crate::refund::{Refund, RefundEnd, RefundPace};
use crate::registration::Registry;
use crate::switches::Switches;
use crate::view::found_by;
use crate::wallet::{Decision, IssuedCode, Wallet};

/// Payments, wallets and movements. Its methods take the time as an argument, change everything at
/// once and leave what has to happen later in `effects`.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) wallets: Vec<Wallet>,
    pub(crate) codes: HashMap<String, IssuedCode>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) refunds: Vec<Refund>,
    pub(crate) refund_pace: RefundPace,
    /// How many rows a report file has at most.
    pub(crate) report_rows: usize,
    pub(crate) effects: Vec<Effect>,
    pub(crate) rates: Rates,
    /// The switches as they stand now.
    pub(crate) switches: Switches,
    pub(crate) draw: Draw,
    pub(crate) defects: Arc<Defects>,
    pub(crate) registry: Registry,
    /// The ids of notices that `notify_verify` still knows.
    pub(crate) notice_ids: HashSet<String>,
    by_request: HashMap<String, usize>,
    by_payment: HashMap<String, usize>,
    by_offer: HashMap<String, usize>,
    statement: WalletStatement,
}

/// Something that a change of the ledger sets going.
#[derive(Debug)]
pub(crate) enum Effect {
    /// The owner of a wallet decides about a payment at an instant.
    Decides { place: usize, wallet: usize, decision: Decision, at: Millis },
    /// A refund that takes its time ends at an instant.
    EndsRefund { place: usize, end: RefundEnd, at: Millis },
    /// The merchant is told a result.
    Tells(Box<Notice>),
    /// The same, in the older generation.
    TellsForm(Box<FormNotice>),
    /// The time of a payment is over at an instant, unless it ended before.
    Expires { place: usize, at: Millis },
    /// The review of a registration ends at an instant.
    Reviewed { place: usize, at: Millis },
}

impl Ledger {
    pub(crate) fn new(seed: u64, switches: Switches, defects: Arc<Defects>) -> Self {
        Self {
            wallets: Vec::new(),
            codes: HashMap::new(),
            payments: Vec::new(),
            refunds: Vec::new(),
            refund_pace: RefundPace::default(),
            report_rows: ROWS,
            effects: Vec::new(),
            rates: Rates::default(),
            switches,
            draw: Draw::new(seed),
            defects,
            registry: Registry::default(),
            notice_ids: HashSet::new(),
            by_request: HashMap::new(),
            by_payment: HashMap::new(),
            by_offer: HashMap::new(),
            statement: WalletStatement::default(),
        }
    }

    /// A fresh payment id in the documented shape of 35 characters: the day, the merchant's side,
    /// the kind of the transaction and a number.
    pub(crate) fn payment_id(&mut self, now: Millis) -> String {
        self.document_id("I02", self.payments.len() + 1, now)
    }

    /// A fresh refund id in the same shape.
    pub(crate) fn refund_id(&mut self, now: Millis) -> String {
        self.document_id("I15", self.refunds.len() + 1, now)
    }

    fn document_id(&mut self, kind: &str, number: usize, now: Millis) -> String {
        let day: String = iso8601(now).chars().filter(char::is_ascii_digit).take(8).collect();
        // Tenants number their documents from 1 each, and a merchant may deal with many of them.
        let owner = self.draw.digits(10);
        format!("{day}194010{owner}{kind}{number:08}")
    }

    /// What brings the buyer to a payment, where a scanned code does not: a fresh order code, link or
    /// token of a link. Its letters come in both cases, as a code or an address has to keep them.
    pub(crate) fn offer(&mut self, means: &Means) -> Option<String> {
        let mut letters = || format!("{}Q{}", self.draw.letters(8), self.draw.letters(8));
        match means {
            Means::PaymentCode(_) => None,
            Means::OrderCode => Some(format!("https://gqr.alipay.com/28x{}", letters())),
            Means::EntryCode => {
                let code = format!("https://gqr.alipay.com/28x{}", letters());
                Some(format!("alipays://platformapi/startApp?appId=10000007&qrcode={code}"))
            }
            Means::Cashier => Some(letters()),
        }
    }

    /// Enters a payment. A payment already there under the same request id is found no more.
    pub(crate) fn enter(&mut self, payment: Payment) -> usize {
        let place = self.payments.len();
        self.by_request.insert(payment.request_id.clone(), place);
        self.by_payment.insert(payment.id.clone(), place);
        for offer in found_by(&payment) {
            self.by_offer.insert(offer, place);
        }
        self.payments.push(payment);
        place
    }

    /// Finds a payment as it stands now: the gateway's id wins over the merchant's.
    pub(crate) fn find(
        &mut self,
        payment_id: Option<&str>,
        request_id: Option<&str>,
        now: Millis,
    ) -> Option<usize> {
        let place = match (payment_id, request_id) {
            (Some(id), _) => self.by_payment.get(id).copied(),
            (None, Some(id)) => self.by_request.get(id).copied(),
            (None, None) => None,
        }?;
        self.settle(place, now);
        Some(place)
    }

    /// Finds the payment of an order code or of a link as it stands now.
    pub(crate) fn find_offer(&mut self, offer: &str, now: Millis) -> Option<usize> {
        let place = self.by_offer.get(offer).copied()?;
        self.settle(place, now);
        Some(place)
    }

    /// Closes a payment whose time is over. Every look at a payment goes through here, so an
    /// expiry needs no timer and holds to the millisecond, however the clock is moved.
    pub(crate) fn settle(&mut self, place: usize, now: Millis) {
        let payment = &mut self.payments[place];
        if payment.state == State::Processing
            && now >= payment.expires
            && !self.defects.strikes(Defect::ExpiryIgnored)
            && !self.defects.strikes(Defect::LegNeverExpires)
        {
            payment.state = State::Closed;
            self.tell_trade(place, Action::Closed, now);
        }
    }

    /// Whether the wallet behind a payment can pay it, or the code of the refusal.
    pub(crate) fn afford(&self, place: usize) -> Result<(), &'static str> {
        let charge = self.charge(place)?;
        let payment = &self.payments[place];
        let Some(wallet) = payment.wallet.and_then(|wallet| self.wallets.get(wallet)) else {
            return Err("USER_NOT_EXIST");
        };
        // What a defect took in advance need not be there a second time.
        let missing = charge.amount.minor - payment.debited;
        if wallet.balance < missing { Err("USER_BALANCE_NOT_ENOUGH") } else { Ok(()) }
    }

    /// Takes the money and tells the merchant.
    pub(crate) fn succeed(&mut self, place: usize, now: Millis) {
        let payment = &mut self.payments[place];
        payment.state = State::Success;
        payment.paid_at = Some(now);
        let prepaid = payment.debited > 0;
        let extra = std::mem::take(&mut payment.extra_debits);
        if !prepaid && !self.defects.strikes(Defect::SuccessWithoutDebit) {
            self.debit(place, now);
        }
        for _ in 0..extra {
            self.debit(place, now);
        }
        self.tell(place, "SUCCESS", now);
    }

    /// Ends a payment without money. The cashier tells the merchant, a shop by switch A13 alone.
    pub(crate) fn fail(&mut self, place: usize, code: &'static str, now: Millis) {
        let payment = &mut self.payments[place];
        payment.state = State::Failed(code);
        let told = payment.means == Means::Cashier || self.switches.failure_notices;
        if payment.legacy.is_some() {
            self.tell_trade(place, Action::Closed, now);
        } else if told {
            self.tell(place, code, now);
        }
    }

    fn tell(&mut self, place: usize, code: &'static str, now: Millis) {
        if self.payments[place].legacy.is_some() {
            return self.tell_trade(place, Action::Paid, now);
        }
        let notice = Notice::of(&self.payments[place], code, now);
        self.effects.push(Effect::Tells(Box::new(notice)));
    }

    /// Takes the amount of a payment from its wallet.
    pub(crate) fn debit(&mut self, place: usize, now: Millis) {
        let charge = self.charge(place);
        let payment = &mut self.payments[place];
        payment.charge = charge.unwrap_or_else(|_code| Charge::same(payment.amount));
        let mut amount = payment.charge.amount;
        if amount.currency.exponent() == 0 && self.defects.strikes(Defect::JpyHasCents) {
            amount.minor /= 100;
        }
        payment.debited += amount.minor;
        if let Some(wallet) = payment.wallet.and_then(|wallet| self.wallets.get_mut(wallet)) {
            wallet.balance -= amount.minor;
        }
        let movement = movement(payment, amount, now);
        self.statement.debits.push(movement);
    }

    /// Gives back all that a payment took and has not given back.
    pub(crate) fn give_back(&mut self, place: usize, now: Millis) {
        let minor = self.payments[place].debited;
        if minor != 0 {
            self.credit(place, minor, now);
        }
    }

    /// Gives money of a payment back.
    pub(crate) fn credit(&mut self, place: usize, minor: i64, now: Millis) {
        let payment = &mut self.payments[place];
        payment.debited -= minor;
        if let Some(wallet) = payment.wallet.and_then(|wallet| self.wallets.get_mut(wallet)) {
            wallet.balance += minor;
        }
        let amount = Amount::new(payment.charge.amount.currency, minor);
        let movement = movement(payment, amount, now);
        self.statement.credits.push(movement);
    }

    /// What moved on all wallets.
    pub(crate) fn statement(&self) -> &WalletStatement {
        &self.statement
    }
}

fn movement(payment: &Payment, amount: Amount, at: Millis) -> Movement {
    let (request_id, payment_id) = (payment.request_id.clone(), payment.id.clone());
    Movement { request_id, payment_id, amount, at }
}

/// The last instant at which a payment created at `created` can be undone once it is paid: 00:15
/// in GMT+8 on the next day.
pub(crate) fn cancel_window(created: Millis) -> Millis {
    let day = (created + GMT8).div_euclid(protocol::DAY);
    (day + 1) * protocol::DAY - GMT8 + 15 * 60_000
}

#[cfg(test)]
mod tests {
    use protocol::{iso8601, parse_time};

    use super::cancel_window;

    #[test]
    fn the_cancel_window_ends_at_a_quarter_past_midnight() {
        for (created, end) in [
            ("2026-01-05T10:00:00+08:00", "2026-01-06T00:15:00+08:00"),
            ("2026-01-05T00:00:00+08:00", "2026-01-06T00:15:00+08:00"),
            ("2026-01-05T23:59:59+08:00", "2026-01-06T00:15:00+08:00"),
            ("2026-01-05T16:00:00Z", "2026-01-07T00:15:00+08:00"),
        ] {
            assert_eq!(iso8601(cancel_window(parse_time(created).unwrap())), end, "{created}");
        }
    }
}
