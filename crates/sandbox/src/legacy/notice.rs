//! Notices: posted forms with one id, on one schedule, until the partner says `success`.

use clock::Millis;
use protocol::iso8601;
use protocol::legacy::{Charset, Form, SignType, judge_ack};
use serde_json::Value;
use wire::{Answer, Call};

use super::order::{Browser, Product, Voice};
use super::said::{Pairs, pair};
use super::switches::AckWord;
use crate::control_bodies::OwnNotice;
use crate::defect::Defect;
use crate::ledger::{Effect, Ledger};
use crate::notification::Address;
use crate::tenant::Tenant;

const MINUTE: Millis = 60_000;
/// How long after a scan its notice is sent; what follows a scan comes behind it.
const SCAN_DELAY: Millis = 500;
/// How long after any other event its notice is sent first.
const DELAY: Millis = 1_000;
/// How long an acknowledgement may take.
const PATIENCE: Millis = 10_000;

/// What a notice of a trade is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// The buyer scanned the code, so that there is a trade.
    Created,
    Paid,
    /// Money went back.
    Refunded,
    /// It was paid and undone.
    Reversed,
    /// It ended unpaid.
    Closed,
}

impl Action {
    /// The value of `notify_action_type`.
    fn name(self) -> &'static str {
        match self {
            Self::Created => "createDirectPayTradeByBuyerAction",
            Self::Paid => "payByAccountAction",
            Self::Refunded => "refundFPAction",
            Self::Reversed => "reverseAction",
            Self::Closed => "closeTradeAction",
        }
    }
}

/// News for the partner.
#[derive(Debug)]
pub(crate) struct FormNotice {
    pub(crate) url: String,
    pub(crate) pairs: Pairs,
    pub(crate) voice: Voice,
    /// When it is sent first.
    pub(crate) first: Millis,
}

/// A moment in GMT+8, as `yyyy-MM-dd HH:mm:ss`.
pub(crate) fn date_text(moment: Millis) -> String {
    let text = iso8601(moment);
    text.get(..19).unwrap_or(&text).replace('T', " ")
}

impl Ledger {
    /// A fresh id, which `notify_verify` knows from now on.
    pub(crate) fn notify_id(&mut self) -> String {
        let id = self.draw.letters(32).to_lowercase();
        self.notice_ids.insert(id.clone());
        id
    }

    /// Tells the partner what became of a trade, where it said whereto.
    pub(crate) fn tell_trade(&mut self, place: usize, action: Action, now: Millis) {
        let payment = &self.payments[place];
        let (Some(order), Some(url)) = (&payment.legacy, payment.notify_url.clone()) else {
            return;
        };
        let (voice, exists) = (order.voice, order.exists);
        let website = matches!(order.product, Product::Web | Product::Wap);
        if !exists || (website && action == Action::Created) {
            return;
        }
        if website && action == Action::Paid && self.holds_back(place) {
            return;
        }
        let payment = &self.payments[place];
        let mut pairs = vec![
            pair("notify_type", "trade_status_sync"),
            pair("notify_action_type", action.name()),
            pair("out_trade_no", &payment.request_id),
            pair("subject", &payment.goods.text),
        ];
        if website {
            pairs = self.website_fields(place);
        } else if !self.switches.legacy.bare_notices {
            pairs.extend(self.trade_fields(place, action));
        }
        let delay = if action == Action::Created { SCAN_DELAY } else { DELAY };
        self.push_notice(url, pairs, voice, now + delay);
    }

    /// The defect of a gateway that tells nothing before the browser went back.
    fn holds_back(&mut self, place: usize) -> bool {
        let Some(order) = &mut self.payments[place].legacy else { return false };
        let holds =
            order.browser != Browser::Back && self.defects.strikes(Defect::LegNotifyAfterReturn);
        if holds {
            order.browser = Browser::Awaited;
        }
        holds
    }

    /// The fields of a notice about an order on a website.
    fn website_fields(&self, place: usize) -> Pairs {
        let payment = &self.payments[place];
        let order = payment.legacy.as_ref();
        let parameters = order.map(|order| &order.parameters);
        let told = |name: &str| parameters.and_then(|all| all.get(name).cloned());
        let fee = if told("rmb_fee").is_some() { "rmb_fee" } else { "total_fee" };
        vec![
            pair("notify_type", "trade_status_sync"),
            pair("trade_no", &payment.id),
            pair("out_trade_no", &payment.request_id),
            pair(fee, told(fee).unwrap_or_default()),
            pair("currency", told("currency").unwrap_or_default()),
            pair("trade_status", self.trade_status(place).unwrap_or_default()),
        ]
    }

    /// The fields of a notice that no page about shops lists (switch L16).
    fn trade_fields(&self, place: usize, action: Action) -> Pairs {
        let payment = &self.payments[place];
        let status = self.trade_status(place).unwrap_or_default();
        let early = action == Action::Created && self.defects.strikes(Defect::LegScanSaysPaid);
        let status = match action {
            Action::Created if early => "TRADE_SUCCESS",
            Action::Created => "WAIT_BUYER_PAY",
            Action::Paid | Action::Refunded | Action::Reversed | Action::Closed => status,
        };
        let order = payment.legacy.as_ref();
        let buyer = payment.wallet.map(|wallet| format!("20880000{:08}", wallet + 1));
        let parameter = |name: &str| order.and_then(|order| order.parameters.get(name).cloned());
        vec![
            pair("trade_no", &payment.id),
            pair("trade_status", status),
            pair("gmt_create", date_text(payment.created)),
            pair("gmt_payment", payment.paid_at.map(date_text).unwrap_or_default()),
            pair("total_fee", order.map(|order| order.amount.clone()).unwrap_or_default()),
            pair("currency", payment.amount.currency.code()),
            pair("buyer_id", buyer.unwrap_or_default()),
            pair("seller_id", parameter("partner").unwrap_or_default()),
            pair("extra_common_param", parameter("passback_parameters").unwrap_or_default()),
        ]
    }

    /// Tells the partner that a refund was done.
    pub(crate) fn tell_refund(&mut self, place: usize, now: Millis) {
        let refund = &self.refunds[place];
        let (Some(kept), Some(url)) = (&refund.legacy, refund.notify_url.clone()) else { return };
        let (payment, voice) = (refund.payment, kept.voice);
        let in_store = match self.payments[payment].legacy.as_ref().map(|order| order.product) {
            Some(Product::Barcode | Product::TransactionQr) => true,
            Some(Product::Web | Product::Wap) | None => false,
        };
        let mut pairs = vec![
            pair("out_trade_no", &self.payments[payment].request_id),
            pair("out_return_no", &refund.request_id),
            pair("return_amount", &kept.amount),
            pair("currency", refund.amount.currency.code()),
            pair("refund_status", "REFUND_SUCCESS"),
        ];
        if in_store {
            let action = Action::Refunded;
            pairs.push(pair("notify_type", "trade_status_sync"));
            pairs.push(pair("notify_action_type", action.name()));
            pairs.push(pair("subject", &self.payments[payment].goods.text));
            let fields = self.trade_fields(payment, action);
            pairs.extend(fields.into_iter().filter(|(name, _)| name != "currency"));
        } else {
            pairs.push(pair("notify_type", "refund_status_sync"));
        }
        self.push_notice(url, pairs, voice, now + DELAY);
    }

    fn push_notice(&mut self, url: String, mut pairs: Pairs, voice: Voice, first: Millis) {
        pairs.push(("notify_id".to_owned(), self.notify_id()));
        pairs.retain(|(_, value)| !value.is_empty());
        self.effects.push(Effect::TellsForm(Box::new(FormNotice { url, pairs, voice, first })));
    }
}

impl Tenant {
    /// Starts telling the partner.
    pub(crate) fn tell_form(&self, notice: FormNotice) {
        let Some(address) = Address::parse(&notice.url) else { return };
        let tenant = self.clone();
        self.spawn(async move { tenant.tell_form_until_acked(address, notice).await });
    }

    async fn tell_form_until_acked(&self, address: Address, notice: FormNotice) {
        let mut at = notice.first;
        for wait in self.switches().legacy.repeats.waits() {
            at += wait * MINUTE;
            self.clock().sleep_until(at).await;
            let acked = self.deliver_form(&address, &notice).await;
            if acked && !self.strikes(Defect::LegResendAfterSuccess) {
                return self.forget(&notice);
            }
            if !acked && self.strikes(Defect::LegNoResend) {
                return;
            }
        }
    }

    /// A notice is void once it was acknowledged.
    fn forget(&self, notice: &FormNotice) {
        let id = notice.pairs.iter().find(|(name, _)| name == "notify_id");
        if let Some((_, id)) = id {
            self.on_ledger(|ledger, _| ledger.notice_ids.remove(id));
        }
    }

    /// Sends a notice once. Answers whether it was acknowledged.
    pub(crate) async fn deliver_form(&self, address: &Address, notice: &FormNotice) -> bool {
        let sent_at = self.now();
        let body = self.written_notice(notice).unwrap_or_default();
        let came = self.post_form(address, notice, &body).await;
        let came = came.map(|answer| (self.judge_word(&answer), answer));
        self.journal().notice(sent_at, address.shown(), &body, came)
    }

    /// The form as it is sent now: the time is that of the sending.
    fn written_notice(&self, notice: &FormNotice) -> Option<Vec<u8>> {
        let form = self.signed_form(&notice.pairs, notice.voice, self.now())?;
        form.write().ok()
    }

    /// A form of the gateway, signed as the partner signs.
    pub(crate) fn signed_form(&self, pairs: &Pairs, voice: Voice, now: Millis) -> Option<Form> {
        let mut form = Form::new(voice.charset);
        if !pairs.iter().any(|(name, _)| name == "notify_time") {
            form.set("notify_time", date_text(now));
        }
        for (name, value) in pairs {
            form.set(name, value.as_str());
        }
        let signer = self.signer(voice.sign_type?)?;
        let text = form.text_to_sign(protocol::legacy::Empties::Dropped);
        let bytes = voice.charset.encode(&text).ok()?;
        let sign = self.sign_bytes(&signer, &bytes, &self.switches()).ok()?;
        form.set("sign_type", signer.sign_type().name());
        form.set("sign", sign);
        Some(form)
    }

    async fn post_form(
        &self,
        address: &Address,
        notice: &FormNotice,
        body: &[u8],
    ) -> Result<Answer, String> {
        let receiver = self.receiver(address).await?;
        let charset = notice.voice.charset.name();
        let kind = format!("application/x-www-form-urlencoded; charset={charset}");
        let call = Call::post(address.target.clone(), body.to_vec()).header("content-type", kind);
        let (client, host) = (self.client().clone(), address.authority().to_owned());
        let sending = async move { client.send(receiver, &host, call).await };
        match self.clock().call(PATIENCE, sending).await {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("no answer within 10 s".into()),
        }
    }

    /// Whether an answer says `success` (switch L4).
    fn judge_word(&self, answer: &Answer) -> Result<(), String> {
        judge_ack(answer.status, &answer.body).map_err(|fault| fault.to_string())?;
        let body = answer.body.as_slice();
        let fits = match self.switches().legacy.ack_word {
            AckWord::AnyCase => true,
            AckWord::Lower => body.trim_ascii() == b"success",
            AckWord::Exact => body == b"success",
        };
        if fits { Ok(()) } else { Err("the body is not exactly the word success".into()) }
    }
}

impl Tenant {
    /// Sends a notice that somebody wrote, once: signed with the type that its `sign_type` names,
    /// RSA2 where it names none, in the charset of its `_input_charset`. It gets an id and a time
    /// unless it has them, and `notify_verify` knows it.
    pub(crate) fn own_form(&self, notice: OwnNotice, address: Address) -> Result<(), &'static str> {
        let Value::Object(members) = notice.body else {
            return Err("expected a JSON object in 'body'");
        };
        let mut pairs = Pairs::new();
        for (name, value) in members {
            let Value::String(text) = value else { return Err("expected texts in 'body'") };
            pairs.push((name, text));
        }
        let told = |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, text)| text);
        let charset = told("_input_charset").map_or(Ok(Charset::Utf8), |name| Charset::parse(name));
        let charset = charset.map_err(|_unknown| "expected a charset of the gateway")?;
        let sign_type = told("sign_type").map_or("RSA2", |name| name);
        let sign_type =
            SignType::parse(sign_type).ok_or("expected a 'sign_type' of the gateway")?;
        if let Some(id) = told("notify_id").cloned() {
            self.on_ledger(|ledger, _| ledger.notice_ids.insert(id));
        } else {
            let id = self.on_ledger(|ledger, _| ledger.notify_id());
            pairs.push(("notify_id".into(), id));
        }
        let voice = Voice { charset, sign_type: Some(sign_type) };
        let notice = FormNotice { url: notice.url, pairs, voice, first: self.now() };
        let tenant = self.clone();
        self.spawn(async move {
            tenant.deliver_form(&address, &notice).await;
        });
        Ok(())
    }
}
