//! The calls of a partner: who called what, whether it is signed, and what comes back.

use clock::Millis;
use protocol::ams::Status;
use protocol::legacy::{Charset, Form, FormFault, Service, SignType};
use wire::{Reply, Request};

use super::asked;
use super::cashier;
use super::downloads::Download;
use super::order::Product;
use super::registration::Method;
use super::said::Said;
use super::service::{Ending, is_browsed, signed_for};
use crate::answer::on_demand;
use crate::defect::Defect;
use crate::journal::{Line, as_text};
use crate::rules::{Called, Signature, Then};
use crate::tenant::Tenant;

/// The one address of the gateway.
const PATH: &str = "/gateway.do";

/// A call as far as it could be read.
#[derive(Debug, Default)]
pub(crate) struct Call {
    form: Option<Form>,
}

impl Call {
    /// The charset in which it is answered.
    pub(crate) fn charset(&self) -> Charset {
        self.form.as_ref().map_or(Charset::Utf8, Form::charset)
    }

    pub(crate) fn sign_type(&self) -> Option<SignType> {
        self.form.as_ref().and_then(|form| form.get("sign_type")).and_then(SignType::parse)
    }

    /// Whether a browser was sent here.
    pub(crate) fn is_browsed(&self) -> bool {
        let service = self.form.as_ref().and_then(|form| form.get("service"));
        service.and_then(Service::parse).is_some_and(is_browsed)
    }

    /// "One `<param name="X">value</param>` per request parameter".
    pub(crate) fn echo(&self) -> Vec<(String, String)> {
        let pairs = self.form.iter().flat_map(Form::iter);
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

/// What becomes of a call.
struct Work {
    said: Said,
    then: Then,
    delay: Millis,
}

impl Work {
    fn of(said: Said) -> Self {
        Self { said, then: Then::Genuine, delay: 0 }
    }
}

impl Tenant {
    /// Answers a call: it is worked on when it arrives and answered when the latency is over.
    pub(crate) async fn legacy_call(&self, request: Request) -> Reply {
        let arrived = self.now();
        if request.path() == cashier::PATH {
            let (reply, code) = self.visit_cashier(&request);
            self.note(arrived, &request, &reply, code);
            return reply;
        }
        if request.path() != PATH {
            let headers = vec![("content-type".to_owned(), "text/plain".to_owned())];
            return Reply { status: 404, headers, body: b"the gateway is at /gateway.do".to_vec() };
        }
        let (call, Work { said, then, delay }) = self.legacy_work(&request);
        let code = said.code();
        if self.terms().latency + delay > 0 {
            self.clock().sleep(self.terms().latency + delay).await;
        }
        let (reply, code) = on_demand(&then, code, || self.legacy_reply(&call, said));
        self.note(arrived, &request, &reply, code);
        reply
    }

    fn note(&self, time: Millis, request: &Request, reply: &Reply, code: String) {
        self.journal().note(Line {
            time,
            way: "call",
            target: request.target.clone(),
            status: Some(reply.status).filter(|status| *status != 0),
            code,
            request: as_text(&request.body),
            answer: as_text(&reply.body),
        });
    }

    /// What a browser gets that was sent here, and the number of its order.
    pub(crate) fn browsed(&self, request: &Request) -> (Said, String) {
        let (call, work) = self.legacy_work(request);
        let number = call.form.as_ref().and_then(|form| form.get("out_trade_no"));
        (work.said, number.unwrap_or_default().to_owned())
    }

    fn legacy_work(&self, request: &Request) -> (Call, Work) {
        let form = match read(request) {
            Ok(form) => form,
            Err(code) => return (Call::default(), Work::of(Said::rejected(code))),
        };
        let call = Call { form: Some(form.clone()) };
        let service = match self.admitted_service(&form, request) {
            Ok(service) => service,
            Err(code) => return (call, Work::of(Said::rejected(code))),
        };
        let value = |name: &str| form.get(name).map(str::to_owned);
        let called = Called::Legacy(service);
        let Some(rule) = self.rules().lock().take(called, value, self.now()) else {
            return (call, Work::of(self.process_form(service, &form)));
        };
        let processed = rule.process.then(|| self.process_form(service, &form));
        let said = match (&rule.then, processed) {
            (Then::Result { status: Some(Status::S), .. }, Some(processed)) => processed,
            (Then::Result { code, status }, _) => self.on_demand(service, code, *status),
            (Then::Genuine | Then::Http(_) | Then::Cut | Then::Nothing, processed) => {
                processed.unwrap_or_else(|| Said::rejected("SYSTEM_ERROR"))
            }
        };
        let signature =
            if said.signature == Signature::Right { rule.signature } else { said.signature };
        (call, Work { said: Said { signature, ..said }, then: rule.then, delay: rule.delay })
    }

    /// The answer with a code that somebody ordered. Without a status it is the gateway itself that
    /// refuses where the code is one of its own, and the service elsewhere.
    fn on_demand(&self, service: Service, code: &str, status: Option<Status>) -> Said {
        let ending = match status {
            Some(Status::S) => Ending::Success,
            Some(Status::U) => Ending::Unknown,
            None if of_the_gateway(code) => return Said::rejected(code),
            Some(Status::F) | None => Ending::Failed,
        };
        let switches = self.switches();
        let code = Some(code).filter(|_| ending != Ending::Success);
        let pairs = match service {
            // A call that may be repeated says so.
            Service::Cancel if ending == Ending::Success => vec![],
            Service::Cancel => {
                let again = ending == Ending::Unknown || code == Some("SYSTEM_ERROR");
                vec![super::said::pair("retry_flag", if again { "Y" } else { "N" })]
            }
            Service::NotifyVerify => return Said::text(code.unwrap_or("true")),
            Service::CompareFile | Service::LiquidationFile => {
                return Said::text(code.unwrap_or("System exception"));
            }
            Service::RefundQuery => {
                let told = code.unwrap_or("SUCCESS");
                let pairs = vec![super::said::pair("response_code", told)];
                return Said::response("alipay", pairs);
            }
            Service::ForexRefund if ending == Ending::Success => {
                return Said::of(super::said::What::Accepted(None));
            }
            // These have no word of their own for a failure.
            Service::CreateForexTrade
            | Service::CreateForexTradeWap
            | Service::SingleTradeQuery
            | Service::ForexRefund => {
                return Said::rejected(code.unwrap_or("SYSTEM_ERROR"));
            }
            Service::SpotPay
            | Service::OverseasQuery
            | Service::SpotRefund
            | Service::Precreate
            | Service::OnlineMaintain
            | Service::OfflineMaintain
            | Service::QueryStatus => vec![],
        };
        Said::result(service, ending, code, pairs, &switches)
    }

    /// The checks that come before any look at what the service needs, in the order of their codes.
    fn admitted_service(&self, form: &Form, request: &Request) -> Result<Service, &'static str> {
        let given = |name: &str| form.get(name).unwrap_or_default();
        if given("partner") != self.terms().contract.party() {
            return Err("ILLEGAL_PARTNER");
        }
        let service = signed_for(given("service"))?;
        let unsigned = given("sign").is_empty() && given("sign_type").is_empty();
        if service == Service::NotifyVerify && unsigned {
            return Ok(service);
        }
        match self.verified(form, request) {
            Ok(()) => {}
            Err("ILLEGAL_SIGN") if self.strikes(Defect::LegBadSignBooks) => {
                self.process_form(service, form);
                return Err("ILLEGAL_SIGN");
            }
            Err("ILLEGAL_SIGN") if self.strikes(Defect::LegSignUnchecked) => {}
            Err(code) => return Err(code),
        }
        // XML has no way to repeat such a character.
        if form.iter().any(|(_, value)| value.chars().any(asked::is_unwritable)) {
            return Err("INVALID_PARAMETER");
        }
        let timestamps = self.switches().legacy.timestamps;
        let taken = |now| asked::timestamp(form, service, timestamps, now);
        // A caller of its own time does not know by how much this clock was moved.
        let moved = self.clock().moved();
        match taken(self.now()).or_else(|_old| taken(self.now() - moved)) {
            Err(_) if self.strikes(Defect::LegTimestampUnchecked) => Ok(service),
            Err(code) => Err(code),
            Ok(()) => Ok(service),
        }
    }

    fn process_form(&self, service: Service, form: &Form) -> Said {
        let read = self.on_ledger(|ledger, now| match service {
            Service::SpotPay => ledger.spot_pay(form, now),
            Service::OverseasQuery => ledger.query(form, now),
            Service::Cancel => ledger.acquire_cancel(form, now),
            Service::SpotRefund => ledger.spot_refund(form, now),
            Service::RefundQuery => ledger.refund_query(form, now),
            Service::Precreate => ledger.precreate(form, now),
            Service::CreateForexTrade => ledger.create_forex(Product::Web, form, now),
            Service::CreateForexTradeWap => ledger.create_forex(Product::Wap, form, now),
            Service::SingleTradeQuery => ledger.single_trade_query(form, now),
            Service::ForexRefund => ledger.forex_refund(form, now),
            Service::OnlineMaintain => Ok(ledger.maintain(Method::Online, form, now)),
            Service::OfflineMaintain => Ok(ledger.maintain(Method::InStore, form, now)),
            Service::QueryStatus => Ok(ledger.review_status(form)),
            Service::CompareFile => Ok(ledger.download(Download::Compare, form, now)),
            Service::LiquidationFile => Ok(ledger.download(Download::Liquidation, form, now)),
            Service::NotifyVerify => Ok(ledger.notify_verify(form)),
        });
        read.unwrap_or_else(Said::rejected)
    }
}

/// Whether a code is one that the gateway itself refuses with.
fn of_the_gateway(code: &str) -> bool {
    let listed = [
        "INVALID_PARAMETER",
        "HAS_NO_PRIVILEGE",
        "HAS_NO_PUBLICKEY",
        "ANTI_PHISHING_KEY_TIMEOUT",
        "SESSION_TIMEOUT",
        "EXTERFACE_IS_CLOSED",
        "SYSTEM_ERROR",
    ];
    code.starts_with("ILLEGAL_") || listed.contains(&code)
}

/// Reads query and body as one form.
fn read(request: &Request) -> Result<Form, &'static str> {
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    let body: &[u8] = match request.method.as_str() {
        "GET" => b"",
        "POST" => &request.body,
        _ => return Err("ILLEGAL_ARGUMENT"),
    };
    Form::read(query.as_bytes(), body, Charset::Utf8).map_err(|fault| match fault {
        FormFault::Charset { .. } => "ILLEGAL_CHARSET",
        FormFault::Escape { .. } | FormFault::Text { .. } => "ILLEGAL_ENCODING",
        FormFault::Repeated { .. } | FormFault::Nameless { .. } => "ILLEGAL_ARGUMENT",
    })
}
