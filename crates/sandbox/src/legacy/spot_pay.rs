//! `alipay.acquire.overseas.spot.pay`: the buyer's code is scanned.

use clock::Millis;
use protocol::ams::is_payment_code;
use protocol::legacy::{Form, Service};

use super::asked::{self, Asked, INVALID};
use super::order::{Order, Product, buyer, digits};
use super::registration::Method;
use super::said::{Pairs, Said, pair};
use super::service::Ending;
use crate::defect::Defect;
use crate::ledger::{Ledger, Means, Payment, State};
use crate::pay_request::Goods;
use crate::rates::Charge;
use crate::wallet::Mood;

/// How long an order without a payment stays open.
const LIFE: Millis = 180_000;
/// The most that is paid at once, in major units.
const MOST: i64 = 100_000_000;
/// The product that the service sells.
const BIZ_PRODUCT: &str = "OVERSEAS_MBARCODE_PAY";

/// A code of an answer, as the legacy generation knows it.
pub(crate) fn legacy_code(code: &str) -> &str {
    match code {
        "INVALID_PAYMENT_CODE" | "EXPIRED_CODE" | "USER_NOT_EXIST" => "BUYER_NOT_EXIST",
        "USER_BALANCE_NOT_ENOUGH" => "BUYER_BALANCE_NOT_ENOUGH",
        "CURRENCY_NOT_SUPPORT" => "ACCESS_FORBIDDEN",
        other => other,
    }
}

impl Ledger {
    pub(crate) fn spot_pay(&mut self, form: &Form, now: Millis) -> Asked<Said> {
        let payment = self.read_spot_pay(form, now)?;
        match self.find(None, Some(&payment.request_id), now) {
            Some(place) => Ok(self.spot_pay_again(place, payment, now)),
            None => Ok(self.spot_pay_anew(payment, false, now)),
        }
    }

    /// The payment that a call asks for.
    fn read_spot_pay(&mut self, form: &Form, now: Millis) -> Asked<Payment> {
        let number = asked::number(form, "partner_trans_id")?;
        let seller = asked::required(form, "alipay_seller_id", 16)?;
        let name = asked::required(form, "trans_name", 256)?.to_owned();
        let currency = asked::currency(form, "currency")?;
        let (amount, written) = asked::amount(form, "trans_amount", currency, MOST)?;
        let code = asked::required(form, "buyer_identity_code", 32)?.to_owned();
        let barcode = asked::required(form, "identity_code_type", 16)? == "barcode";
        let created = asked::required(form, "trans_create_time", 16)?;
        if Some(seller) != form.get("partner") || !barcode || asked::moment(created).is_none() {
            return Err(INVALID);
        }
        if asked::optional(form, "biz_product", 32)? != Some(BIZ_PRODUCT) {
            let mixed = self.defects.strikes(Defect::LegErrorCodeMixed);
            return Err(if mixed { "SYSTEM_ERROR" } else { INVALID });
        }
        let notify_url = asked::address(form, "notify_url", 200)?;
        let extend = asked::object(form, "extend_info")?;
        let switches = self.switches.legacy;
        let seller = asked::seller(&extend, &switches)?;
        if switches.notify_url_required && notify_url.is_none() {
            return Err(INVALID);
        }
        let goods = Goods {
            merchant: seller.0.clone().unwrap_or_default(),
            store: seller.1.clone().unwrap_or_default(),
            order: number.clone(),
            text: name,
            method: String::new(),
            product: BIZ_PRODUCT.into(),
        };
        let order = Order::of(form, Product::Barcode, written);
        let order = Order { code: Some(code.clone()), ..order };
        let expires = now + switches.barcode_life.unwrap_or(LIFE);
        let means = Means::PaymentCode(code);
        let id = self.trade_number(now);
        let legacy = Some(Box::new(order));
        let payment =
            Payment { notify_url, legacy, ..Payment::new(id, number, amount, means, goods, now) };
        Ok(Payment { seller, expires, charge: Charge::same(amount), ..payment })
    }

    /// A call under a number that is known: never a second trade.
    fn spot_pay_again(&mut self, place: usize, asked: Payment, now: Millis) -> Said {
        let known = &self.payments[place];
        let (Some(order), Some(new)) = (&known.legacy, &asked.legacy) else {
            return self.spot_pay_refusal("CONTEXT_INCONSISTENT", &asked);
        };
        let (same, same_code) = (order.parameters == new.parameters, order.code == new.code);
        match known.state {
            // Nothing holds a number before its trade exists.
            State::Failed(_) if !order.exists => {
                return if same && same_code {
                    self.spot_pay_answer(place)
                } else {
                    self.spot_pay_anew(asked, false, now)
                };
            }
            State::Failed(_) | State::Closed | State::Cancelled => {
                if self.defects.strikes(Defect::LegClosedReopens) {
                    return self.spot_pay_anew(asked, true, now);
                }
                return self.spot_pay_refusal("TRADE_HAS_CLOSE", &asked);
            }
            State::Processing | State::Success => {}
        }
        if !same {
            if known.amount != asked.amount && self.defects.strikes(Defect::LegOverwrites) {
                let (amount, written) = (asked.amount, new.amount.clone());
                self.payments[place].amount = amount;
                if let Some(order) = &mut self.payments[place].legacy {
                    order.amount = written;
                }
                return self.spot_pay_answer(place);
            }
            return self.spot_pay_refusal("CONTEXT_INCONSISTENT", &asked);
        }
        if !same_code {
            return self.spot_pay_refusal("TRADE_BUYER_NOT_MATCH", &asked);
        }
        if self.defects.strikes(Defect::LegRepeatCharges) {
            return self.spot_pay_anew(asked, true, now);
        }
        if known.state == State::Success && self.switches.legacy.repeat_refused {
            return self.spot_pay_refusal("TRADE_HAS_SUCCESS", &asked);
        }
        self.spot_pay_answer(place)
    }

    fn spot_pay_anew(&mut self, payment: Payment, again: bool, now: Millis) -> Said {
        let code = payment.legacy.as_ref().and_then(|order| order.code.clone()).unwrap_or_default();
        let place = self.enter(payment);
        let met = match self.may_be_scanned(place, &code) {
            Ok(()) => self.use_code(&code, again, now),
            Err(refusal) => Err(refusal),
        };
        match met {
            Ok(wallet) => {
                let pays = self.wallets[wallet].mood == Mood::Pays {};
                self.payments[place].wallet = Some(wallet);
                self.exists(place, !pays);
                if pays && self.defects.strikes(Defect::LegSuccessNotBooked) {
                    return self.spot_pay_result(place, Ending::Success);
                }
                match self.meet_buyer(place, now) {
                    Ok(()) => self.watch_expiry(place),
                    Err(_refusal) => self.refuse(place, &code, now),
                }
            }
            Err(refusal) => {
                self.payments[place].state = State::Failed(refusal);
                self.refuse(place, &code, now);
            }
        }
        self.spot_pay_answer(place)
    }

    /// Whether the code has the form of one (switch L28), and the seller may sell.
    fn may_be_scanned(&self, place: usize, code: &str) -> Result<(), &'static str> {
        if !self.switches.legacy.any_code && !is_payment_code(code) {
            return Err("INVALID_PAYMENT_CODE");
        }
        if code.len() != 18 && self.defects.strikes(Defect::LegCode18Only) {
            return Err("INVALID_PAYMENT_CODE");
        }
        self.may_sell_by(&self.payments[place], Method::InStore)
    }

    fn exists(&mut self, place: usize, asked_buyer: bool) {
        if let Some(order) = &mut self.payments[place].legacy {
            (order.exists, order.asked_buyer) = (true, asked_buyer);
        }
    }

    /// A refused call makes no trade, and moves no money in a gateway without defect.
    fn refuse(&mut self, place: usize, code: &str, now: Millis) {
        if let Some(order) = &mut self.payments[place].legacy {
            order.exists = false;
        }
        if let Some(owner) = self.owner_of(code)
            && self.defects.strikes(Defect::LegRefusedButCharged)
        {
            self.payments[place].wallet = Some(owner);
            self.debit(place, now);
        }
    }

    fn spot_pay_refusal(&self, code: &str, asked: &Payment) -> Said {
        let pairs = vec![pair("partner_trans_id", &asked.request_id)];
        let code = Some(legacy_code(code));
        Said::result(Service::SpotPay, Ending::Failed, code, pairs, &self.switches)
    }

    /// The answer as the payment stands.
    fn spot_pay_answer(&self, place: usize) -> Said {
        let payment = &self.payments[place];
        match payment.state {
            State::Failed(code) => self.spot_pay_refusal(code, payment),
            State::Success => self.spot_pay_result(place, Ending::Success),
            State::Processing => self.spot_pay_result(place, Ending::Unknown),
            State::Closed | State::Cancelled => self.spot_pay_refusal("TRADE_HAS_CLOSE", payment),
        }
    }

    fn spot_pay_result(&self, place: usize, ending: Ending) -> Said {
        let payment = &self.payments[place];
        let mut pairs: Pairs = vec![
            pair("partner_trans_id", &payment.request_id),
            pair("alipay_trans_id", &payment.id),
        ];
        if ending == Ending::Success {
            pairs.extend(buyer(payment));
            let paid_at = payment.paid_at.unwrap_or(payment.created);
            pairs.push(pair("alipay_pay_time", digits(paid_at)));
        }
        let mut money = self.money(place);
        for (name, value) in &mut money {
            if name == "trans_amount"
                && value.contains('.')
                && self.defects.strikes(Defect::LegAnswerAmount)
            {
                value.truncate(value.find('.').unwrap_or(value.len()));
            }
        }
        pairs.extend(money);
        Said::result(Service::SpotPay, ending, None, pairs, &self.switches)
    }
}
