//! A merchant on a simulated clock before a gateway that answers by script.

#![expect(clippy::wildcard_enum_match_arm, reason = "a script answers the calls that it is about")]

mod adapter;
mod cancel;
mod charge;
mod defects;
mod legacy;
mod links;
mod manual;
mod notices;
mod present;
mod reconciling;
mod refunds;
mod registration;

use std::sync::{Arc, LazyLock};

use clock::{Clock, Millis};
use evidence::{OrderState, OrderView};
use parking_lot::Mutex;
use protocol::ams::{Api, Signed, Verified, verify};
use protocol::{Amount, Fields, iso8601};
use serde_json::{Value, json};
use signing::PrivateKey;

use crate::{
    CancelOrder, Charge, Contract, Defect, Driver, GatewayAddress, Habits, Identity, Present,
    Reference, Reports, Setup, reference_key,
};

pub(super) const START: Millis = 1_767_578_400_000;
const CLIENT: &str = "SANDBOX_5Y00000000000001";
const NOTIFY: &str = "/alipay/notify?shop=8";
pub(super) const RETURN: &str = "http://merchant.assay.test/thanks";
static GATEWAY_KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).unwrap());
static STRANGER: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).unwrap());

/// A call as the gateway got it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Milliseconds since the start.
    pub(super) at: Millis,
    pub(super) api: Api,
    pub(super) body: String,
    pub(super) request: wire::Request,
    pub(super) verified: Verified,
    /// Which call of its kind it is, from 1.
    pub(super) nth: usize,
}

impl Seen {
    pub(super) fn text(&self, path: &str) -> String {
        Fields::read(self.body.as_bytes()).unwrap().text(path).unwrap_or_default()
    }

    pub(super) fn id(&self) -> String {
        self.text("paymentRequestId")
    }
}

/// What the gateway does with a call.
pub(super) enum Play {
    Signed(Value),
    Text(String),
    Unsigned(Value),
    Forged(Value),
    Raw(u16, String),
    /// Signed, so many milliseconds later.
    Late(Millis, Value),
    Lost,
}

/// An answer to `seen` with a result code and further fields.
pub(super) fn answer(seen: &Seen, code: &str, more: &Value) -> Value {
    let mut body = json!({
        "result": protocol::ams::Outcome::of_code(code).to_json(),
        "paymentRequestId": seen.id(),
        "paymentId": format!("P-{}", seen.id()),
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

pub(super) fn ok(seen: &Seen) -> Play {
    Play::Signed(answer(seen, "SUCCESS", &json!({ "paymentAmount": usd(1231).to_wire() })))
}

pub(super) fn code(seen: &Seen, code: &str) -> Play {
    Play::Signed(answer(seen, code, &json!({})))
}

pub(super) fn state(seen: &Seen, status: &str) -> Play {
    let more = json!({ "paymentStatus": status, "paymentAmount": usd(1231).to_wire() });
    Play::Signed(answer(seen, "SUCCESS", &more))
}

pub(super) fn usd(minor: i64) -> Amount {
    Amount::from_wire("USD", &minor.to_string()).unwrap()
}

pub(super) struct Stage {
    pub(super) clock: Clock,
    pub(super) merchant: Reference,
    calls: Arc<Mutex<Vec<Seen>>>,
    notices: wire::Server,
    _gateway: wire::Server,
}

impl Stage {
    pub(super) async fn new(script: impl Fn(&Seen) -> Play + Send + Sync + 'static) -> Self {
        Self::with(None, script).await
    }

    pub(super) async fn with(
        defect: Option<Defect>,
        script: impl Fn(&Seen) -> Play + Send + Sync + 'static,
    ) -> Self {
        let clock = Clock::simulated(START, 7);
        let calls = Arc::new(Mutex::new(vec![]));
        let (inner, kept, script) = (clock.clone(), calls.clone(), Arc::new(script));
        let gateway =
            wire::serve(wire::loopback().await.unwrap(), wire::Patience::Short, move |request| {
                let (clock, kept, script) = (inner.clone(), kept.clone(), script.clone());
                async move {
                    let seen = note(&clock, &kept, request);
                    let time = iso8601(clock.now());
                    match script(&seen) {
                        Play::Lost => {
                            clock.swallow();
                            std::future::pending().await
                        }
                        Play::Late(span, body) => {
                            clock.sleep(span).await;
                            reply(&seen, &iso8601(clock.now()), Play::Signed(body))
                        }
                        play @ (Play::Signed(_)
                        | Play::Text(_)
                        | Play::Unsigned(_)
                        | Play::Forged(_)
                        | Play::Raw(..)) => reply(&seen, &time, play),
                    }
                }
            })
            .unwrap();
        let setup = Setup {
            contract: Contract::Ams {
                client_id: CLIENT.into(),
                key: reference_key().unwrap(),
                gateway_key: GATEWAY_KEY.public(),
            },
            gateway: GatewayAddress { address: gateway.address(), host: "gateway.test".into() },
            notify_url: format!("http://merchant.assay.test{NOTIFY}"),
            return_url: RETURN.into(),
            identity: Identity::default(),
            habits: Habits::default(),
            reports: Reports::embedded(delivery::Source::Folder(std::path::PathBuf::new())),
        };
        let merchant = Reference::new(setup, clock.clone(), wire::Client::new());
        let merchant = match defect {
            Some(defect) => merchant.with_defect(defect),
            None => merchant,
        };
        let notices = merchant.listen(wire::loopback().await.unwrap()).unwrap();
        Self { clock, merchant, calls, notices, _gateway: gateway }
    }

    pub(super) async fn charge(&self, amount: Amount) {
        self.charge_code(amount, "288888888888888888").await;
    }

    pub(super) async fn charge_code(&self, amount: Amount, code: &str) {
        let (text, store) = ("Tea".to_owned(), "store-1".to_owned());
        let charge = Charge { order: "A1".into(), amount, text, code: code.into(), store };
        self.merchant.charge(charge).await.unwrap();
    }

    pub(super) async fn present(&self) {
        self.present_to(None, None).await;
    }

    /// Presents an order to a buyer on a device, or with a wallet that names itself.
    pub(super) async fn present_to(&self, device: Option<&str>, user_agent: Option<&str>) {
        let present = Present {
            order: "A1".into(),
            amount: usd(1231),
            text: "Tea".into(),
            store: "store-2".into(),
            device: device.map(str::to_owned),
            user_agent: user_agent.map(str::to_owned),
        };
        self.merchant.present(present).await.unwrap();
    }

    pub(super) async fn cancel(&self) {
        self.merchant.cancel(CancelOrder { order: "A1".into() }).await.unwrap();
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

    /// Lets everything happen that falls due until `at` milliseconds after the start.
    pub(super) async fn until(&self, at: Millis) {
        until(&self.clock, at).await;
    }

    /// Lets everything happen.
    pub(super) async fn run_out(&self) {
        run_out(&self.clock).await;
    }

    pub(super) fn calls(&self) -> Vec<Seen> {
        self.calls.lock().clone()
    }

    /// When each call of a kind came.
    pub(super) fn times(&self, api: Api) -> Vec<Millis> {
        self.calls().iter().filter(|seen| seen.api == api).map(|seen| seen.at).collect()
    }

    /// The ids of all pay requests.
    pub(super) fn pay_ids(&self) -> Vec<String> {
        self.calls().iter().filter(|seen| seen.api == Api::Pay).map(Seen::id).collect()
    }

    /// Sends a notice signed by the gateway and answers the ack's bytes.
    pub(super) async fn notice(&self, body: &Value) -> String {
        self.notice_by(&GATEWAY_KEY, NOTIFY, body).await
    }

    pub(super) async fn stranger_notice(&self, body: &Value) -> String {
        self.notice_by(&STRANGER, NOTIFY, body).await
    }

    pub(super) async fn notice_by(&self, key: &PrivateKey, target: &str, body: &Value) -> String {
        let (time, body) = (iso8601(self.clock.now()), body.to_string());
        let signed = Signed { target, client_id: CLIENT, time: &time, body: body.as_bytes() };
        let signature = signed.sign(key).unwrap();
        self.raw_notice(&body, Some(&signature)).await
    }

    pub(super) async fn raw_notice(&self, body: &str, signature: Option<&str>) -> String {
        let mut call = wire::Call::post(NOTIFY, body.as_bytes().to_vec())
            .header("client-id", CLIENT)
            .header("request-time", iso8601(self.clock.now()));
        if let Some(signature) = signature {
            call = call.header("signature", signature);
        }
        let client = wire::Client::new();
        let answer = client.send(self.notices.address(), "merchant.test", call).await.unwrap();
        assert_eq!(answer.status, 200);
        String::from_utf8(answer.body).unwrap()
    }
}

async fn until(clock: &Clock, at: Millis) {
    loop {
        clock.idle().await;
        if clock.next_due().is_none_or(|due| due > START + at) {
            clock.jump_to(START + at);
            return;
        }
        clock.fire_next();
    }
}

async fn run_out(clock: &Clock) {
    loop {
        clock.idle().await;
        if !clock.fire_next() {
            break;
        }
    }
    assert_eq!(clock.panics(), Vec::<String>::new());
}

pub(super) fn gateway_key() -> &'static PrivateKey {
    &GATEWAY_KEY
}

/// A success notice about the first attempt.
pub(super) fn good_notice() -> Value {
    json!({
        "notifyType": "PAYMENT_RESULT",
        "result": protocol::ams::Outcome::of_code("SUCCESS").to_json(),
        "paymentRequestId": "A1-1",
        "paymentId": "P-A1-1",
        "paymentAmount": usd(1231).to_wire(),
    })
}

fn note(clock: &Clock, kept: &Mutex<Vec<Seen>>, request: wire::Request) -> Seen {
    let mut kept = kept.lock();
    let api = Api::of(&request.target).unwrap();
    let nth = 1 + kept.iter().filter(|seen: &&Seen| seen.api == api).count();
    let (at, body) = (clock.now() - START, String::from_utf8(request.body.to_vec()).unwrap());
    let verified = verify(
        &reference_key().unwrap().public(),
        &request.target,
        request.header("client-id"),
        request.header("request-time"),
        &request.body,
        request.header("signature"),
    );
    kept.push(Seen { at, api, body, request, verified, nth });
    kept.last().unwrap().clone()
}

fn reply(seen: &Seen, time: &str, play: Play) -> wire::Reply {
    let (key, body): (Option<&PrivateKey>, String) = match play {
        Play::Signed(body) => (Some(&GATEWAY_KEY), body.to_string()),
        Play::Text(body) => (Some(&GATEWAY_KEY), body),
        Play::Forged(body) => (Some(&STRANGER), body.to_string()),
        Play::Unsigned(body) => (None, body.to_string()),
        Play::Raw(status, body) => return wire::Reply::json(status, body.into_bytes()),
        Play::Late(..) | Play::Lost => unreachable!("played before"),
    };
    let mut reply = wire::Reply::json(200, body.clone().into_bytes());
    let target = &seen.request.target;
    let signed = Signed { target, client_id: CLIENT, time, body: body.as_bytes() };
    let mut headers = vec![("client-id", CLIENT.to_owned()), ("response-time", time.to_owned())];
    if let Some(key) = key {
        headers.push(("signature", signed.sign(key).unwrap()));
    }
    reply.headers.extend(headers.into_iter().map(|(name, value)| (name.to_owned(), value)));
    reply
}
