//! A merchant under a legacy contract on a simulated clock, before a gateway that answers by
//! script.

mod cancel;
mod charge;
mod defects;
mod downloads;
mod forex;
mod notices;
mod present;
mod reconciling;
mod refunds;
mod registration;
mod script;
mod website;
mod wire_form;

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use clock::{Clock, Millis};
use evidence::{OrderState, OrderView};
use parking_lot::Mutex;
use protocol::Amount;
use protocol::ams::Verified;
use protocol::legacy::{Charset, Form, Signer, Verifier};
use signing::PrivateKey;

use super::{START, usd};
use crate::{
    CancelOrder, Charge, Contract, Defect, Driver, DriverError, GatewayAddress, Habits, Identity,
    Present, Reference, RefundOrder, Reports, Setup, reference_key,
};
use script::{
    Play, cancelled, failed, fields, good_notice, notice_with, paid, reply, sale, status,
};

const PARTNER: &str = "2088000000000001";
const PAY: &str = "alipay.acquire.overseas.spot.pay";
const QUERY: &str = "alipay.acquire.overseas.query";
const CANCEL: &str = "alipay.acquire.cancel";
const REFUND: &str = "alipay.acquire.overseas.spot.refund";
const PRECREATE: &str = "alipay.acquire.precreate";
const REFUND_QUERY: &str = "alipay.acquire.refund.query";

const NOTIFY: &str = "/alipay/notify?a=1&b=2";
static GATEWAY_KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).unwrap());
static STRANGER: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).unwrap());

/// A call as the gateway got it.
#[derive(Debug, Clone)]
struct Seen {
    /// Milliseconds since the start.
    at: Millis,
    service: String,
    form: Form,
    request: wire::Request,
    verified: Verified,
    /// Which call of its service it is, from 1.
    nth: usize,
}

impl Seen {
    fn get(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }
}

/// How a stage is set.
struct Scene {
    signer: Signer,
    gateway: Signer,
    charset: Charset,
    post: bool,
    habits: Habits,
    defect: Option<Defect>,
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
fn verifier(signer: &Signer) -> Verifier {
    match signer {
        Signer::Md5(key) => Verifier::Md5(key.clone()),
        Signer::Rsa(key) => Verifier::Rsa(key.public()),
        Signer::Rsa2(key) => Verifier::Rsa2(key.public()),
        Signer::Dsa(key) => Verifier::Dsa(key.public()),
    }
}

struct Stage {
    clock: Clock,
    merchant: Reference,
    calls: Arc<Mutex<Vec<Seen>>>,
    signer: Signer,
    notices: wire::Server,
    folder: PathBuf,
    _gateway: wire::Server,
}

impl Stage {
    async fn new(script: impl Fn(&Seen) -> Play + Send + Sync + 'static) -> Self {
        Self::set(Scene::default(), script).await
    }

    async fn with(defect: Defect, script: impl Fn(&Seen) -> Play + Send + Sync + 'static) -> Self {
        Self::set(Scene { defect: Some(defect), ..Scene::default() }, script).await
    }

    async fn set(scene: Scene, script: impl Fn(&Seen) -> Play + Send + Sync + 'static) -> Self {
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
        let folder = std::env::temp_dir()
            .join(format!("assay-legacy-{}", signing::hex(&signing::random_bytes::<8>())));
        let setup = Setup {
            contract: Contract::Legacy {
                partner: PARTNER.into(),
                signer: scene.signer,
                gateway: gateway_key,
                charset,
                post: scene.post,
            },
            gateway: GatewayAddress { address: gateway.address(), host: "gateway.test".into() },
            notify_url: format!("http://merchant.assay.test{NOTIFY}"),
            return_url: super::RETURN.into(),
            identity: Identity::default(),
            habits: scene.habits,
            reports: Reports::embedded(delivery::Source::Folder(folder.clone())),
        };
        let merchant = Reference::new(setup, clock.clone(), wire::Client::new());
        let merchant = match scene.defect {
            Some(defect) => merchant.with_defect(defect),
            None => merchant,
        };
        let notices = merchant.listen(wire::loopback().await.unwrap()).unwrap();
        Self { clock, merchant, calls, signer: scene.gateway, notices, folder, _gateway: gateway }
    }

    async fn charge(&self) {
        self.charge_with("288888888888888888", usd(1231), "Tea").await;
    }

    async fn charge_with(&self, code: &str, amount: Amount, text: &str) {
        self.charge_at("store-1", code, amount, text).await;
    }

    async fn charge_at(&self, store: &str, code: &str, amount: Amount, text: &str) {
        let charge = Charge {
            order: "A1".into(),
            amount,
            text: text.into(),
            code: code.into(),
            store: store.into(),
        };
        self.merchant.charge(charge).await.unwrap();
    }

    async fn present(&self) {
        self.present_on(None).await.unwrap();
    }

    async fn present_on(&self, device: Option<&str>) -> Result<(), DriverError> {
        let present = Present {
            order: "A1".into(),
            amount: usd(1231),
            text: "Tea".into(),
            store: "store-2".into(),
            device: device.map(str::to_owned),
            user_agent: None,
        };
        self.merchant.present(present).await
    }

    /// Sends a notice that the gateway has signed and answers what it is answered.
    async fn notice(&self, form: &Form) -> String {
        self.signed_notice(form, &self.signer).await
    }

    async fn stranger_notice(&self, form: &Form) -> String {
        self.signed_notice(form, &Signer::Rsa2(STRANGER.clone())).await
    }

    async fn signed_notice(&self, form: &Form, signer: &Signer) -> String {
        let mut form = form.clone();
        form.sign(signer).unwrap();
        self.raw_notice(form.write().unwrap()).await
    }

    /// A notice may need the merchant to call the gateway, so it is sent as the gateway sends it:
    /// as a call on the clock.
    async fn raw_notice(&self, body: Vec<u8>) -> String {
        let call = wire::Call::post(NOTIFY, body);
        let (address, clock) = (self.notices.address(), self.clock.clone());
        let (send, heard) = tokio::sync::oneshot::channel();
        self.clock.spawn(async move {
            let client = wire::Client::new();
            let exchange = async move { client.send(address, "merchant.test", call).await };
            let _ = send.send(clock.call(60_000, exchange).await);
        });
        let mut heard = heard;
        loop {
            self.clock.idle().await;
            if let Ok(answer) = heard.try_recv() {
                let answer = answer.unwrap().unwrap();
                assert_eq!(answer.status, 200);
                return String::from_utf8(answer.body).unwrap();
            }
            self.clock.fire_next();
        }
    }

    async fn cancel(&self) {
        self.merchant.cancel(CancelOrder { order: "A1".into() }).await.unwrap();
    }

    async fn refund(&self, slip: &str, minor: i64) {
        let (order, slip, reason) = ("A1".to_owned(), slip.to_owned(), "坏了".to_owned());
        let refund = RefundOrder { order, slip, amount: usd(minor), reason };
        self.merchant.refund(refund).await.unwrap();
    }

    async fn view(&self) -> OrderView {
        self.merchant.order("A1").await.unwrap().unwrap()
    }

    async fn assert_state(&self, state: OrderState) {
        let view = self.view().await;
        assert_eq!((view.till, view.back_office), (state, state));
        let paid = (state == OrderState::Paid).then(|| usd(1231));
        assert_eq!(view.paid, paid);
        assert_eq!(view.bookings.len(), usize::from(paid.is_some()));
        assert_eq!(view.alarm, state == OrderState::ForStaff);
    }

    async fn until(&self, at: Millis) {
        super::until(&self.clock, at).await;
    }

    async fn run_out(&self) {
        super::run_out(&self.clock).await;
    }

    fn calls(&self) -> Vec<Seen> {
        self.calls.lock().clone()
    }

    /// The calls of a service.
    fn of(&self, service: &str) -> Vec<Seen> {
        self.calls().into_iter().filter(|seen| seen.service == service).collect()
    }

    /// When each call of a service came.
    fn times(&self, service: &str) -> Vec<Millis> {
        self.of(service).iter().map(|seen| seen.at).collect()
    }

    /// A parameter of each call of a service.
    fn each(&self, service: &str, name: &str) -> Vec<String> {
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
