//! Notices: posted forms, believed only once they verify, acknowledged only once they are booked.

use clock::Millis;
use evidence::{OrderState, RefundState};
use protocol::ams::Verified;
use protocol::legacy::{ACK, Form, Notification, SignType};
use protocol::{Amount, Currency};
use wire::{Reply, Request};

use crate::defect::Defect;
use crate::legacy::gateway::Party;
use crate::legacy::moments;
use crate::order::{Order, Particulars};
use crate::reference::Reference;

/// What is answered to all that is not taken.
const REFUSAL: &str = "fail";
/// How long the gateway is waited for when it is asked whether a notice is its own.
const PATIENCE: Millis = 3_000;
/// By a defect, how old an order may grow before its notices are refused.
const TOO_OLD: Millis = 3_600_000;
/// By a defect, how long after its acknowledgement a notice is booked.
const TOO_LATE: Millis = 1_000;

/// Where the news of a payment comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A notice.
    Notice,
    /// The buyer's browser, with a signature of the gateway.
    Return,
}

/// The news of a payment, as a signed form tells it.
#[derive(Debug)]
pub(super) struct News {
    number: String,
    status: String,
    /// Nothing where it tells none, an error where it tells no amount of money.
    amount: Option<Result<Amount, ()>>,
    particulars: Particulars,
    source: Source,
}

impl News {
    pub(super) fn read(form: &Form, source: Source) -> Self {
        let text = |name| form.get(name).map(str::to_owned);
        let particulars = Particulars {
            payment_id: text("trade_no"),
            paid_at: form.get("gmt_payment").and_then(moments::read),
            cancelled_at: None,
        };
        Self {
            number: text("out_trade_no").unwrap_or_default(),
            status: text("trade_status").unwrap_or_default(),
            amount: amount_of(form, "total_fee"),
            particulars,
            source,
        }
    }
}

impl Reference {
    /// Receives a notice at the merchant's own address.
    pub(crate) async fn receive_form(&self, request: &Request) -> Reply {
        let taken = self.judge_form(request).await;
        let word = match taken {
            true if self.switch.strikes(Defect::LegAckBom) => format!("\u{feff}{ACK}"),
            true => ACK.to_owned(),
            false => REFUSAL.to_owned(),
        };
        let headers = vec![("content-type".into(), "text/plain;charset=utf-8".into())];
        Reply { status: 200, headers, body: word.into_bytes() }
    }

    /// Answers whether the notice was taken.
    async fn judge_form(&self, request: &Request) -> bool {
        let Some(party) = self.legacy() else { return false };
        let Ok(form) = Form::read(b"", &request.body, party.charset) else { return false };
        if !self.is_genuine(party, &form) {
            return false;
        }
        // Under a key that both share, a signature names nobody: the gateway itself is asked.
        if party.signer.sign_type().is_shared() && !self.vouched(party, &form).await {
            return false;
        }
        if self.switch.strikes(Defect::LegAckBeforeStore) {
            let merchant = self.clone();
            self.clock.spawn(async move {
                merchant.clock.sleep(TOO_LATE).await;
                merchant.take_form(&form);
            });
            return true;
        }
        self.take_form(&form)
    }

    /// Whether the gateway has signed a notice, with the declared type of signature.
    fn is_genuine(&self, party: Party<'_>, form: &Form) -> bool {
        let verified = form.verify(&self.verifier(party));
        let whole = Notification::new(form.clone()).is_ok();
        if verified == Verified::Valid && whole {
            return true;
        }
        let chosen = form.get("sign_type").and_then(SignType::parse);
        let weaker = chosen == Some(SignType::Md5) && chosen != Some(party.signer.sign_type());
        self.switch.strikes(Defect::LegNoticeUnverified)
            || (verified == Verified::Unsigned && self.switch.strikes(Defect::LegNoticeNoSign))
            || (weaker && self.switch.strikes(Defect::LegNoticeDowngrade))
            || (is_of_refund(form) && self.switch.strikes(Defect::LegRefundNoticeUnverified))
    }

    /// Whether the gateway says that a notice is its own, now or when it came first.
    async fn vouched(&self, party: Party<'_>, form: &Form) -> bool {
        let id = form.get("notify_id").unwrap_or_default();
        if self.books.vouched.lock().contains(id) {
            return true;
        }
        let mut question = Form::new(party.charset);
        question.set("service", "notify_verify");
        question.set("partner", party.partner);
        question.set("notify_id", id);
        let Some(answer) = self.fetch(&question, PATIENCE).await else { return false };
        let says = (answer.status == 200).then_some(answer.body.as_slice());
        let vouched = says == Some(b"true");
        if vouched {
            self.books.vouched.lock().insert(id.to_owned());
        }
        vouched || (says == Some(b"false") && self.switch.strikes(Defect::LegVerifyIgnored))
    }

    /// Takes what a genuine notice tells. What tells of no payment is taken and changes nothing.
    fn take_form(&self, form: &Form) -> bool {
        if is_of_refund(form) {
            return self.take_refund_form(form);
        }
        if self.switch.strikes(Defect::LegReturnOnly) {
            return true;
        }
        self.take_news(&News::read(form, Source::Notice))
    }

    /// Answers whether the news are about an order of ours, and fit it.
    pub(super) fn take_news(&self, news: &News) -> bool {
        let mut orders = self.books.open();
        let known = orders.values_mut().find_map(|order| {
            let mut attempts = order.attempts.iter();
            let index = attempts.position(|known| known.request_id == news.number)?;
            Some((order, index))
        });
        known.is_some_and(|(order, index)| self.hear_news(order, index, news))
    }

    fn hear_news(&self, order: &mut Order, index: usize, news: &News) -> bool {
        let current = index + 1 == order.attempts.len();
        let given_back = order.slips.iter().any(|slip| slip.state == RefundState::Refunded);
        if news.status == "TRADE_FINISHED"
            && given_back
            && self.switch.strikes(Defect::LegFinishedAfterRefund)
        {
            order.book();
            return true;
        }
        let notice = news.source == Source::Notice;
        if news.status == self.paid_word(order.device.is_some())
            || (notice && self.switch.strikes(Defect::LegAnyNoticePaid))
        {
            return self.hear_paid(order, index, news);
        }
        if news.status == "TRADE_CLOSED" && current {
            if order.is_open() {
                order.become_state(OrderState::Failed);
            } else {
                order.hear_closed();
            }
        }
        true
    }

    /// Only an order that waits, and that nobody is cancelling, becomes paid.
    fn hear_paid(&self, order: &mut Order, index: usize, news: &News) -> bool {
        let (current, open) = (index + 1 == order.attempts.len(), order.is_open());
        let now = self.clock.now();
        let came_back = order.came_back;
        let Some(attempt) = order.attempts.get_mut(index) else { return false };
        match news.amount {
            Some(amount)
                if amount != Ok(attempt.bill) && !self.switch.strikes(Defect::LegNoticeAmount) =>
            {
                return false;
            }
            // Without an amount it is a hint at most; the next query tells the rest.
            None => return true,
            Some(_) => {}
        }
        attempt.learn(news.particulars.clone());
        attempt.paid_by(now);
        let before = attempt.noticed_at;
        let notice = news.source == Source::Notice;
        if notice {
            attempt.noticed_at = Some((before.map_or(now, |(first, _)| first), now));
        }
        if let Some((first, _)) = before.filter(|_| notice)
            && (self.switch.strikes(Defect::LegCopyRefused)
                || (now > first + TOO_OLD && self.switch.strikes(Defect::LegLateRefused)))
        {
            return false;
        }
        let elsewhere = if notice { came_back } else { before.is_some() };
        let together = before.is_some_and(|(_, last)| last == now);
        let again = match order.till {
            OrderState::Waiting => open,
            OrderState::Paid => {
                (notice && before.is_some() && self.switch.strikes(Defect::LegNoticeTwice))
                    || (notice && together && self.switch.strikes(Defect::LegNoticeRace))
                    || (elsewhere && self.switch.strikes(Defect::LegReturnAndNotice))
            }
            OrderState::Failed | OrderState::Cancelled | OrderState::ForStaff => false,
        };
        if !current {
            return true;
        }
        if again {
            order.book();
        } else if order.till == OrderState::Failed {
            // Money for an order that is over is a contradiction for a person.
            order.become_state(OrderState::ForStaff);
        } else {
            order.hear_meanwhile(OrderState::Paid);
        }
        true
    }

    /// Takes a genuine notice of a refund. Answers whether it is about one of ours, and fits it.
    fn take_refund_form(&self, form: &Form) -> bool {
        let (Some(id), Some(number)) = (form.get("out_return_no"), form.get("out_trade_no")) else {
            // In-store notices that name no refund tell what a query tells as well.
            return form.get("out_trade_no").is_some_and(|id| self.books.ticket(id).is_some());
        };
        if self.books.ticket(number).is_none() {
            return false;
        }
        let state = match form.get("refund_status") {
            Some("REFUND_SUCCESS") => RefundState::Refunded,
            Some("REFUND_FAIL") => RefundState::Refused,
            Some(_) | None => return true,
        };
        let amount = amount_of(form, "return_amount").and_then(Result::ok);
        let known = self.books.tell_refund(id, amount, state);
        if known && state == RefundState::Refunded {
            self.books.learn_refund(id, None, Some(self.clock.now()));
        }
        known
    }
}

/// Whether a notice tells of a refund.
fn is_of_refund(form: &Form) -> bool {
    form.get("notify_type") == Some("refund_status_sync")
        || form.get("out_return_no").is_some()
        || form.get("notify_action_type") == Some("refundFPAction")
}

/// An amount of a form, in its currency.
fn amount_of(form: &Form, name: &str) -> Option<Result<Amount, ()>> {
    let (currency, value) = (form.get("currency")?, form.get(name)?);
    let currency = Currency::parse(currency).map_err(drop);
    Some(currency.and_then(|currency| Amount::from_major(currency, value).map_err(drop)))
}
