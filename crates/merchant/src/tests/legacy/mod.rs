//! A merchant under a legacy contract on a simulated clock, before a gateway that answers by
//! script.

mod cancel;
mod charge;
mod defects;
mod refunds;
mod wire_form;

use std::sync::{Arc, LazyLock};

use clock::{Clock, Millis};
use evidence::{OrderState, OrderView};
use parking_lot::Mutex;
use protocol::Amount;
use protocol::ams::Verified;
use protocol::legacy::{Answer, Charset, Form, Response, Signer, Told, Verifier};
use signing::PrivateKey;

use super::{START, usd};
use crate::{
    CancelOrder, Charge, Contract, Defect, Driver, GatewayAddress, Habits, Identity, Reference,
    RefundOrder, Reports, Setup, reference_key,
};

pub(super) const PARTNER: &str = "2088000000000001";
pub(super) const PAY: &str = "alipay.acquire.overseas.spot.pay";
pub(super) const QUERY: &str = "alipay.acquire.overseas.query";
pub(super) const CANCEL: &str = "alipay.acquire.cancel";
pub(super) const REFUND: &str = "alipay.acquire.overseas.spot.refund";
pub(super) const REFUND_QUERY: &str = "alipay.acquire.refund.query";
static GATEWAY_KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).unwrap());
static STRANGER: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).unwrap());

/// A call as the gateway got it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Milliseconds since the start.
    pub(super) at: Millis,
    pub(super) service: String,
    pub(super) form: Form,
    pub(super) request: wire::Request,
    pub(super) verified: Verified,
    /// Which call of its service it is, from 1.
    pub(super) nth: usize,
}

impl Seen {
    pub(super) fn get(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }
}

/// What the gateway does with a call.
pub(super) enum Play {
    /// Says so, signed.
    Says(Vec<(String, String)>),
    /// The same without a signature.
    Unsigned(Vec<(String, String)>),
    /// The same with the signature of somebody else.
    Forged(Vec<(String, String)>),
    /// `is_success=F`, with an HTTP status.
    Refuses(u16, &'static str),
    /// `is_success=T` alone.
    Takes,
    Raw(u16, &'static str),
    /// Says so, so many milliseconds later.
    Late(Millis, Vec<(String, String)>),
    Lost,
}

/// Fields of an answer.
pub(super) fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The answer to a pay or a query about it.
pub(super) fn sale(seen: &Seen, result: &str, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let number = seen.get("partner_trans_id");
    let mut told = fields(&[
        ("result_code", result),
        ("partner_trans_id", number),
        ("alipay_trans_id", &format!("2026{number}")),
        ("currency", "USD"),
        ("trans_amount", "12.31"),
    ]);
    told.extend(fields(more));
    told
}

/// The answer to a pay that worked.
pub(super) fn paid(seen: &Seen) -> Play {
    Play::Says(sale(seen, "SUCCESS", &[("alipay_pay_time", "20260105100001")]))
}

/// The answer to a query that worked.
pub(super) fn status(seen: &Seen, status: &str) -> Play {
    Play::Says(sale(seen, "SUCCESS", &[("alipay_trans_status", status)]))
}

/// A refusal on the second level.
pub(super) fn failed(seen: &Seen, error: &str) -> Play {
    let number = seen.get("partner_trans_id");
    Play::Says(fields(&[("result_code", "FAILED"), ("error", error), ("partner_trans_id", number)]))
}

/// The answer to a cancel.
pub(super) fn cancelled(seen: &Seen, result: &str, more: &[(&str, &str)]) -> Play {
    let number = seen.get("out_trade_no");
    let mut told = fields(&[("result_code", result), ("out_trade_no", number)]);
    told.extend(fields(more));
    Play::Says(told)
}

/// How a stage is set.
pub(super) struct Scene {
    pub(super) signer: Signer,
    pub(super) gateway: Signer,
    pub(super) charset: Charset,
    pub(super) post: bool,
    pub(super) habits: Habits,
    pub(super) defect: Option<Defect>,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            signer: Signer::Rsa2(reference_key().unwrap()),
            gateway: Signer::Rsa2(GATEWAY_KEY.clone()),
            charset: Charset::Utf8,
            post: true,
            habits: Habits::default(),
            defect: None,
        }
    }
}

/// The other half of a signer.
pub(super) fn verifier(signer: &Signer) -> Verifier {
    match signer {
        Signer::Md5(key) => Verifier::Md5(key.clone()),
        Signer::Rsa(key) => Verifier::Rsa(key.public()),
        Signer::Rsa2(key) => Verifier::Rsa2(key.public()),
        Signer::Dsa(key) => Verifier::Dsa(key.public()),
    }
}

pub(super) struct Stage {
    pub(super) clock: Clock,
    pub(super) merchant: Reference,
    calls: Arc<Mutex<Vec<Seen>>>,
    _gateway: wire::Server,
}

impl Stage {
    pub(super) async fn new(script: impl Fn(&Seen) -> Play + Send + Sync + 'static) -> Self {
        Self::set(Scene::default(), script).await
    }

    pub(super) async fn with(
        defect: Defect,
        script: impl Fn(&Seen) -> Play + Send + Sync + 'static,
    ) -> Self {
        Self::set(Scene { defect: Some(defect), ..Scene::default() }, script).await
    }

    pub(super) async fn set(
        scene: Scene,
        script: impl Fn(&Seen) -> Play + Send + Sync + 'static,
    ) -> Self {
        let clock = Clock::simulated(START, 7);
        let calls = Arc::new(Mutex::new(vec![]));
        let (inner, kept, script) = (clock.clone(), calls.clone(), Arc::new(script));
        let (caller, signer, charset) =
            (verifier(&scene.signer), scene.gateway.clone(), scene.charset);
        let gateway_key = verifier(&scene.gateway);
        let gateway =
            wire::serve(wire::loopback().await.unwrap(), wire::Patience::Short, move |request| {
                let (clock, kept, script) = (inner.clone(), kept.clone(), script.clone());
                let seen = note(&clock, &kept, request, &caller);
                let signer = signer.clone();
                async move {
                    match script(&seen) {
                        Play::Lost => {
                            clock.swallow();
                            std::future::pending().await
                        }
                        Play::Late(span, told) => {
                            clock.sleep(span).await;
                            reply(&signer, charset, Play::Says(told))
                        }
                        play => reply(&signer, charset, play),
                    }
                }
            })
            .unwrap();
        let setup = Setup {
            contract: Contract::Legacy {
                partner: PARTNER.into(),
                signer: scene.signer,
                gateway: gateway_key,
                charset,
                post: scene.post,
            },
            gateway: GatewayAddress { address: gateway.address(), host: "gateway.test".into() },
            notify_url: "http://merchant.assay.test/alipay/notify?a=1&b=2".into(),
            return_url: super::RETURN.into(),
            identity: Identity::default(),
            habits: scene.habits,
            reports: Reports::embedded(delivery::Source::Folder(std::path::PathBuf::new())),
        };
        let merchant = Reference::new(setup, clock.clone(), wire::Client::new());
        let merchant = match scene.defect {
            Some(defect) => merchant.with_defect(defect),
            None => merchant,
        };
        Self { clock, merchant, calls, _gateway: gateway }
    }

    pub(super) async fn charge(&self) {
        self.charge_with("288888888888888888", usd(1231), "Tea").await;
    }

    pub(super) async fn charge_with(&self, code: &str, amount: Amount, text: &str) {
        self.charge_at("store-1", code, amount, text).await;
    }

    pub(super) async fn charge_at(&self, store: &str, code: &str, amount: Amount, text: &str) {
        let charge = Charge {
            order: "A1".into(),
            amount,
            text: text.into(),
            code: code.into(),
            store: store.into(),
        };
        self.merchant.charge(charge).await.unwrap();
    }

    pub(super) async fn cancel(&self) {
        self.merchant.cancel(CancelOrder { order: "A1".into() }).await.unwrap();
    }

    pub(super) async fn refund(&self, slip: &str, minor: i64) {
        let (order, slip, reason) = ("A1".to_owned(), slip.to_owned(), "坏了".to_owned());
        let refund = RefundOrder { order, slip, amount: usd(minor), reason };
        self.merchant.refund(refund).await.unwrap();
    }

    pub(super) async fn view(&self) -> OrderView {
        self.merchant.order("A1").await.unwrap().unwrap()
    }

    pub(super) async fn assert_state(&self, state: OrderState) {
        let view = self.view().await;
        assert_eq!((view.till, view.back_office), (state, state));
        let paid = (state == OrderState::Paid).then(|| usd(1231));
        assert_eq!(view.paid, paid);
        assert_eq!(view.bookings.len(), usize::from(paid.is_some()));
        assert_eq!(view.alarm, state == OrderState::ForStaff);
    }

    pub(super) async fn until(&self, at: Millis) {
        super::until(&self.clock, at).await;
    }

    pub(super) async fn run_out(&self) {
        super::run_out(&self.clock).await;
    }

    pub(super) fn calls(&self) -> Vec<Seen> {
        self.calls.lock().clone()
    }

    /// The calls of a service.
    pub(super) fn of(&self, service: &str) -> Vec<Seen> {
        self.calls().into_iter().filter(|seen| seen.service == service).collect()
    }

    /// When each call of a service came.
    pub(super) fn times(&self, service: &str) -> Vec<Millis> {
        self.of(service).iter().map(|seen| seen.at).collect()
    }

    /// A parameter of each call of a service.
    pub(super) fn each(&self, service: &str, name: &str) -> Vec<String> {
        self.of(service).iter().map(|seen| seen.get(name).to_owned()).collect()
    }
}

fn note(clock: &Clock, kept: &Mutex<Vec<Seen>>, request: wire::Request, caller: &Verifier) -> Seen {
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    let form = Form::read(query.as_bytes(), &request.body, Charset::Utf8).unwrap();
    let service = form.get("service").unwrap().to_owned();
    let mut kept = kept.lock();
    let nth = 1 + kept.iter().filter(|seen: &&Seen| seen.service == service).count();
    let (at, verified) = (clock.now() - START, form.verify(caller));
    let seen = Seen { at, service, form, request, verified, nth };
    kept.push(seen.clone());
    seen
}

fn reply(signer: &Signer, charset: Charset, play: Play) -> wire::Reply {
    let mut answer = Answer {
        charset,
        told: Told::Accepted,
        request: vec![],
        response: None,
        sign: None,
        sign_type: None,
    };
    let respond = |fields| Some(Response { node: "alipay".into(), fields });
    let mut http = 200;
    match play {
        Play::Says(fields) => {
            answer.response = respond(fields);
            answer.sign(signer).unwrap();
        }
        Play::Forged(fields) => {
            answer.response = respond(fields);
            answer.sign(&Signer::Rsa2(STRANGER.clone())).unwrap();
        }
        Play::Unsigned(fields) => answer.response = respond(fields),
        Play::Refuses(status, error) => {
            http = status;
            answer.told = Told::Rejected { error: error.into() };
        }
        Play::Takes => {}
        Play::Raw(status, body) => return xml(status, body.as_bytes().to_vec()),
        Play::Late(..) | Play::Lost => unreachable!("played before"),
    }
    xml(http, answer.write().unwrap())
}

fn xml(status: u16, body: Vec<u8>) -> wire::Reply {
    let headers = vec![("content-type".into(), "text/xml;charset=utf-8".into())];
    wire::Reply { status, headers, body }
}
