//! Calls of `gateway.do`, and answers that are believed only once they verify and name our number.

use clock::Millis;
use protocol::ams::Verified;
use protocol::legacy::{Answer, Charset, Form, Signer, Told, Verifier};
use protocol::{Amount, Currency};

use crate::defect::Defect;
use crate::gateway::AGENT;
use crate::legacy::moments;
use crate::order::{Particulars, Ticket};
use crate::reference::Reference;
use crate::setup::Contract;

/// The path of every call.
const TARGET: &str = "/gateway.do";
/// The parameter that names the charset.
const CHARSET: &str = "_input_charset";

/// Who the merchant is under the legacy generation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Party<'a> {
    pub(crate) partner: &'a str,
    pub(crate) signer: &'a Signer,
    pub(crate) gateway: &'a Verifier,
    pub(crate) charset: Charset,
    post: bool,
}

/// What came of a call.
#[derive(Debug)]
pub(crate) enum Heard {
    /// An answer that is believed.
    Said(Said),
    /// `is_success=F`, which nobody signs: a refusal of the call, whatever the HTTP status.
    Refused {
        /// Its code.
        error: String,
        /// The HTTP status.
        status: u16,
    },
    /// `is_success=T` and no more: the call was taken. There is nothing in it to sign.
    Taken,
    /// Nothing that may be believed.
    Nothing,
    /// The call cannot be written in its charset, and nothing was sent.
    Unsent,
}

/// An answer that is believed.
#[derive(Debug)]
pub(crate) struct Said {
    answer: Answer,
}

/// The second level of a result, in both of its spellings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Business {
    /// `SUCCESS`.
    Success,
    /// `FAILED` or `FAIL`.
    Fail,
    /// `UNKNOW` or `UNKNOWN`, and whatever is no documented word.
    Unknown,
}

/// The code of what may be repeated or asked about, never taken for a failure.
pub(crate) const SYSTEM_ERROR: &str = "SYSTEM_ERROR";

/// Whether a code says that there is no such trade.
pub(crate) fn says_missing(code: &str) -> bool {
    matches!(code, "TRADE_NOT_EXIST" | "TRADE_IS_NOT_EXIST" | "TRANS_NOT_FOUND")
}

impl Said {
    /// A field of the answer.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.answer.get(name)
    }

    pub(crate) fn result(&self) -> Business {
        match self.get("result_code") {
            Some("SUCCESS") => Business::Success,
            Some("FAILED" | "FAIL") => Business::Fail,
            Some(_) | None => Business::Unknown,
        }
    }

    /// The code of what went wrong; empty where nothing did.
    pub(crate) fn error(&self) -> &str {
        self.get("error").or_else(|| self.get("detail_error_code")).unwrap_or_default()
    }

    /// What it tells of a payment besides its state.
    pub(crate) fn particulars(&self) -> Particulars {
        let payment_id = self.get("alipay_trans_id").or_else(|| self.get("trade_no"));
        let paid_at = self.get("alipay_pay_time").or_else(|| self.get("gmt_payment"));
        Particulars {
            payment_id: payment_id.map(str::to_owned),
            paid_at: paid_at.and_then(moments::read),
            cancelled_at: None,
        }
    }

    /// An amount, where it is told with its currency.
    pub(crate) fn amount(&self, name: &str) -> Option<Result<Amount, ()>> {
        let (currency, value) = (self.get("currency"), self.get(name)?);
        let currency = currency.and_then(|text| Currency::parse(text).ok());
        let amount = currency.and_then(|currency| Amount::from_major(currency, value).ok());
        Some(amount.ok_or(()))
    }
}

impl Reference {
    /// Who the merchant is, where its contract is of this generation.
    pub(crate) fn legacy(&self) -> Option<Party<'_>> {
        match &self.setup.contract {
            Contract::Legacy { partner, signer, gateway, charset, post } => {
                Some(Party { partner, signer, gateway, charset: *charset, post: *post })
            }
            Contract::Ams { .. } => None,
        }
    }

    /// The beginning of a call of a service.
    pub(crate) fn form(&self, service: &str) -> Form {
        let party = self.legacy();
        let charset = party.map_or(Charset::Utf8, |party| party.charset);
        let mut form = Form::new(charset);
        form.set("service", service);
        form.set("partner", party.map_or("", |party| party.partner));
        form.set(CHARSET, charset.name());
        form
    }

    /// Sends a call and listens for its answer for `limit` milliseconds.
    pub(crate) async fn send(&self, form: &Form, limit: Millis) -> Heard {
        let Some(party) = self.legacy() else { return Heard::Unsent };
        let written = self.signed(party, form).and_then(|form| self.written(party, &form));
        let Some(call) = written else { return Heard::Unsent };
        match self.exchange(call, limit).await {
            Some(answer) => self.heard(party, &answer),
            None => Heard::Nothing,
        }
    }

    /// Sends a call and answers whatever comes back, for a service that answers in plain text.
    pub(crate) async fn send_for_text(&self, form: &Form, limit: Millis) -> Option<wire::Answer> {
        let party = self.legacy()?;
        let call = self.written(party, &self.signed(party, form)?)?;
        self.exchange(call, limit).await
    }

    /// Sends a form without a signature, for an answer that is no XML.
    pub(super) async fn fetch(&self, form: &Form, limit: Millis) -> Option<wire::Answer> {
        let text = String::from_utf8(form.write().ok()?).ok()?;
        self.exchange(wire::Call::get(format!("{TARGET}?{text}")), limit).await
    }

    async fn exchange(&self, call: wire::Call, limit: Millis) -> Option<wire::Answer> {
        let call = call.header("User-Agent", AGENT);
        let (http, gateway) = (self.http.clone(), self.setup.gateway.clone());
        let exchange = async move { http.send(gateway.address, &gateway.host, call).await };
        self.clock.call(limit, exchange).await?.ok()
    }

    /// The address that a browser opens to send a call. `None` where it cannot be written.
    pub(super) fn link(&self, form: &Form) -> Option<String> {
        let form = self.signed(self.legacy()?, form)?;
        let text = String::from_utf8(form.write().ok()?).ok()?;
        Some(format!("http://{}{TARGET}?{text}", self.setup.gateway.host))
    }

    /// A signed form on the wire: the charset of a POST stands in its query, and a GET has no body.
    fn written(&self, party: Party<'_>, form: &Form) -> Option<wire::Call> {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
        if !party.post {
            return Some(wire::Call::get(format!("{TARGET}?{}", text(form.write().ok()?)?)));
        }
        let call = if self.switch.strikes(Defect::LegCharsetInBody) {
            wire::Call::post(TARGET, form.write().ok()?)
        } else {
            let posted = form.post().ok()?;
            wire::Call::post(format!("{TARGET}?{}", text(posted.query)?), posted.body)
        };
        let charset = form.charset().name();
        let kind = format!("application/x-www-form-urlencoded;charset={charset}");
        Some(call.header("Content-Type", kind))
    }

    fn heard(&self, party: Party<'_>, heard: &wire::Answer) -> Heard {
        let Some(answer) = self.read_answer(&heard.body) else { return Heard::Nothing };
        if let Told::Rejected { error } = answer.told {
            return Heard::Refused { error, status: heard.status };
        }
        if heard.status != 200 {
            return Heard::Nothing;
        }
        if answer.response.is_none() {
            return Heard::Taken;
        }
        let verified = answer.verify(&self.verifier(party), party.charset);
        let believed = verified == Verified::Valid
            || self.switch.strikes(Defect::LegTakesForged)
            || (verified == Verified::Unsigned && self.switch.strikes(Defect::LegTakesUnsigned));
        if believed { Heard::Said(Said { answer }) } else { Heard::Nothing }
    }

    /// Reads an answer. One that ought to be signed and is not is none, unless a defect listens to
    /// it.
    fn read_answer(&self, body: &[u8]) -> Option<Answer> {
        let credulous =
            self.switch.has(Defect::LegTakesUnsigned) || self.switch.has(Defect::LegTakesForged);
        match Answer::read(body) {
            Ok(answer) => Some(answer),
            Err(_) if credulous => {
                let mut answer = Answer::read(&with_any_sign(body)?).ok()?;
                (answer.sign, answer.sign_type) = (None, None);
                Some(answer)
            }
            Err(_) => None,
        }
    }

    /// Whether an answer is about our attempt: it names our number, and our amount where it names
    /// one. A success has to name it, a refusal need not.
    pub(crate) fn names(&self, ticket: &Ticket, said: &Said, needed: bool) -> bool {
        let mut numbers =
            ["partner_trans_id", "out_trade_no"].map(|name| said.get(name)).into_iter();
        let named = numbers.clone().any(|number| number.is_some());
        let ours = numbers.all(|number| number.is_none_or(|number| number == ticket.request_id));
        let amount = said.amount("trans_amount").is_none_or(|amount| amount == Ok(ticket.bill));
        (ours && amount && (named || !needed)) || self.switch.strikes(Defect::LegTakesOtherOrder)
    }
}

/// An answer with a signature that is none.
fn with_any_sign(body: &[u8]) -> Option<Vec<u8>> {
    const END: &[u8] = b"</alipay>";
    let at = body.windows(END.len()).rposition(|piece| piece == END)?;
    let (head, end) = body.split_at_checked(at)?;
    Some([head, b"<sign>-</sign><sign_type>-</sign_type>", end].concat())
}
