//! A gateway on a simulated clock, called over HTTP as a merchant and its stage call it.

mod control;
mod defects;
mod docs;
mod ending;
mod legacy;
mod links;
mod notices;
mod order_code;
mod paying;
mod rates;
mod reconciliation;
mod refunds;
mod registration;
mod rules;
mod switches;
mod transport;

use std::sync::Arc;

use clock::{Clock, Millis};
use parking_lot::Mutex;
use protocol::ams::{
    ACK, Api, Merchant, Order, Pay, Scenario, Signed, Store, Terminal, Verified, inquiry_body,
    verify,
};
use protocol::{Amount, Fields, parse_time};
use serde_json::{Value, json};
use signing::PrivateKey;
use wire::{Answer, Call, Client, Reply, Request, Server};

use crate::{Contract, Defect, NoticeRoute, Tenant, Terms, embedded_key};

const CLIENT: &str = "SANDBOX_5Y00000000000001";
/// Answers take this long.
const LATENCY: Millis = 100;

pub(super) fn start() -> Millis {
    parse_time("2026-01-05T10:00:00+08:00").unwrap()
}

fn merchant_key() -> PrivateKey {
    PrivateKey::read(include_bytes!("../../../merchant/keys/reference-merchant.pem")).unwrap()
}

/// How the merchant answers notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AckMood {
    Fixed,
    Never,
    Late(Millis),
    SignedRight,
    SignedWrong,
    /// Another body under this HTTP status.
    Says(u16, &'static str),
}

/// A notice as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Arrived {
    pub(super) at: Millis,
    pub(super) target: String,
    pub(super) host: String,
    pub(super) verified: Verified,
    pub(super) fields: Fields,
}

pub(super) struct Rig {
    pub(super) clock: Clock,
    pub(super) tenant: Tenant,
    pub(super) server: Server,
    pub(super) notices: Arc<Mutex<Vec<Arrived>>>,
    pub(super) acks: Arc<Mutex<AckMood>>,
    client: Client,
    merchant: Server,
}

impl Rig {
    pub(super) async fn new() -> Self {
        Self::build(|_| {}, None).await
    }

    pub(super) async fn defective(defect: Defect) -> Self {
        Self::build(|_| {}, Some(defect)).await
    }

    pub(super) async fn build(shape: impl FnOnce(&mut Terms), defect: Option<Defect>) -> Self {
        let clock = Clock::simulated(start(), 7);
        let (notices, acks) = (Arc::default(), Arc::new(Mutex::new(AckMood::Fixed)));
        let merchant = serve_merchant(&clock, &notices, &acks).await;
        let mut terms = Terms {
            contract: Contract::Ams {
                client_id: CLIENT.into(),
                merchant_key: merchant_key().public(),
                gateway_key: embedded_key().unwrap(),
            },
            notices: NoticeRoute::Via(merchant.address()),
            console_notify_url: Some("http://console.test/console".into()),
            latency: LATENCY,
            control_token: None,
            reports: None,
            switches: crate::Switches::default(),
        };
        shape(&mut terms);
        let mut tenant = Tenant::new(terms, clock.clone(), 42);
        if let Some(defect) = defect {
            tenant = tenant.with_defect(defect);
        }
        let server = tenant.listen(wire::loopback().await.unwrap()).unwrap();
        let client = Client::new();
        Self { clock, tenant, server, notices, acks, client, merchant }
    }

    pub(super) fn merchant(&self) -> std::net::SocketAddr {
        self.merchant.address()
    }

    /// Sends a call from a task of its own and lets time pass until it is answered.
    pub(super) async fn send(&self, call: Call) -> Answer {
        self.try_send(call).await.unwrap()
    }

    /// The same; nothing where the connection was closed without an answer.
    pub(super) async fn try_send(&self, call: Call) -> Option<Answer> {
        let kept = Arc::new(Mutex::new(None));
        let (clock, client, address) =
            (self.clock.clone(), self.client.clone(), self.server.address());
        let slot = kept.clone();
        self.clock.spawn(async move {
            let sending = async move { client.send(address, "gateway.test", call).await };
            *slot.lock() = Some(clock.call(30_000, sending).await.unwrap().ok());
        });
        loop {
            self.clock.idle().await;
            if let Some(answer) = kept.lock().take() {
                return answer;
            }
            assert!(self.clock.fire_next(), "nothing is left that could answer");
        }
    }

    /// A signed call to the sandbox path, whose answer has to verify.
    pub(super) async fn ask(&self, api: Api, body: &Value) -> Fields {
        let answer = self.send(signed(&api.path(CLIENT), body.to_string().as_bytes())).await;
        let fields = Fields::read(&answer.body).unwrap();
        assert_eq!(judge(&api.path(CLIENT), &answer), Verified::Valid, "{fields:?}");
        fields
    }

    pub(super) async fn inquire(&self, request_id: &str) -> Fields {
        self.ask(Api::InquiryPayment, &inquiry_body(Some(request_id), None)).await
    }

    pub(super) async fn cancel(&self, request_id: &str) -> Fields {
        self.ask(Api::Cancel, &inquiry_body(Some(request_id), None)).await
    }

    pub(super) async fn status(&self, request_id: &str) -> String {
        self.inquire(request_id).await.text("paymentStatus").unwrap_or_default()
    }

    /// A control call: the HTTP status and the body.
    pub(super) async fn control(&self, call: Call) -> (u16, Value) {
        let answer = self.client.send(self.server.address(), "stage.test", call).await.unwrap();
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Value {
        let call = Call::post(format!("/_sandbox/{path}"), body.to_string().into_bytes());
        let (status, body) = self.control(call).await;
        assert!(status < 300, "{status} {body}");
        body
    }

    pub(super) async fn see(&self, path: &str) -> Value {
        self.control(Call::get(format!("/_sandbox/{path}"))).await.1
    }

    /// A wallet in this mood and a code of its.
    pub(super) async fn wallet(&self, mood: Value) -> String {
        let wallet = self.post("wallets", json!({ "mood": mood })).await;
        assert_eq!(wallet["wallet"], "w1");
        self.code(json!({})).await
    }

    /// A further code of the first wallet.
    pub(super) async fn code(&self, form: Value) -> String {
        self.post("wallets/w1/codes", form).await["code"].as_str().unwrap().to_owned()
    }

    /// The minor units of all debits, and of all credits.
    pub(super) async fn moved(&self) -> (Vec<i64>, Vec<i64>) {
        let statement: evidence::WalletStatement =
            serde_json::from_value(self.see("statement").await).unwrap();
        let minor = |movements: Vec<evidence::Movement>| {
            movements.iter().map(|movement| movement.amount.minor).collect()
        };
        (minor(statement.debits), minor(statement.credits))
    }

    /// Lets everything happen that falls due until `instant`, and sets the clock to it.
    pub(super) async fn until(&self, instant: Millis) {
        loop {
            self.clock.idle().await;
            if self.clock.next_due().is_none_or(|due| due > instant) {
                break;
            }
            self.clock.fire_next();
        }
        self.clock.jump_to(instant);
    }

    pub(super) async fn pass(&self, span: Millis) {
        self.until(self.clock.now() + span).await;
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        let panics = (self.clock.panics(), self.server.panics());
        if !std::thread::panicking() {
            assert_eq!(panics, (vec![], vec![]));
        }
    }
}

async fn serve_merchant(
    clock: &Clock,
    notices: &Arc<Mutex<Vec<Arrived>>>,
    acks: &Arc<Mutex<AckMood>>,
) -> Server {
    let (clock, notices, acks) = (clock.clone(), notices.clone(), acks.clone());
    let handler = move |request: Request| {
        let (clock, mood) = (clock.clone(), *acks.lock());
        notices.lock().push(Arrived {
            at: clock.now(),
            target: request.target.clone(),
            host: request.header("host").unwrap().to_owned(),
            verified: verify(
                &embedded_key().unwrap().public(),
                &request.target,
                request.header("client-id"),
                request.header("request-time"),
                &request.body,
                request.header("signature"),
            ),
            fields: Fields::read(&request.body).unwrap(),
        });
        async move { ack(&clock, mood, &request).await }
    };
    wire::serve(wire::loopback().await.unwrap(), wire::Patience::Short, handler).unwrap()
}

async fn ack(clock: &Clock, mood: AckMood, request: &Request) -> Reply {
    let mut reply = Reply::json(200, ACK.as_bytes().to_vec());
    let mut sign = |target: &str| {
        let (time, body) = ("2026-01-05T10:00:00+08:00", ACK.as_bytes());
        let signed = Signed { target, client_id: CLIENT, time, body };
        reply.headers.extend([
            ("client-id".to_owned(), CLIENT.to_owned()),
            ("response-time".to_owned(), time.to_owned()),
            ("signature".to_owned(), signed.sign(&merchant_key()).unwrap()),
        ]);
    };
    match mood {
        AckMood::Fixed => {}
        AckMood::Never => reply.body = b"success".to_vec(),
        AckMood::Late(span) => clock.sleep(span).await,
        AckMood::SignedRight => sign(&request.target),
        AckMood::SignedWrong => sign("/elsewhere"),
        AckMood::Says(status, body) => (reply.status, reply.body) = (status, body.into()),
    }
    reply
}

/// A call signed under the merchant's key.
pub(super) fn signed(target: &str, body: &[u8]) -> Call {
    let time = start().to_string();
    let signature = Signed { target, client_id: CLIENT, time: &time, body }.sign(&merchant_key());
    Call::post(target, body.to_vec())
        .header("Client-Id", CLIENT)
        .header("Request-Time", time)
        .header("Signature", signature.unwrap())
}

/// The signature of an answer to a call of `target`.
pub(super) fn judge(target: &str, answer: &Answer) -> Verified {
    assert_eq!(answer.status, 200);
    let header = |name| answer.header(name);
    let (client, time) = (header("client-id"), header("response-time"));
    let key = embedded_key().unwrap().public();
    verify(&key, target, client, time, &answer.body, header("signature"))
}

fn pay(request_id: &str, price: &str, scenario: Scenario) -> Value {
    let amount = Amount::from_price(price).unwrap();
    let scanned = matches!(scenario, Scenario::PaymentCode(_));
    let pay = Pay {
        request_id: request_id.into(),
        amount,
        scenario,
        order: Order {
            reference: format!("order-{request_id}"),
            description: "Café ☕".into(),
            amount,
            merchant: Merchant {
                reference: "M1".into(),
                name: "Shop".into(),
                mcc: "7011".into(),
                store: Some(Store {
                    reference: "S1".into(),
                    name: "Shop at the station".into(),
                    mcc: "7011".into(),
                }),
            },
            terminal: scanned.then(|| Terminal { id: "T1".into(), time: start() }),
            extend_info: None,
        },
        notify_url: Some("http://merchant.test/notify?till=1".into()),
        redirect_url: None,
        expires: None,
    };
    pay.to_json()
}

/// A pay that scanned `code`.
pub(super) fn scanned(request_id: &str, price: &str, code: &str) -> Value {
    pay(request_id, price, Scenario::PaymentCode(json!(code)))
}

/// A pay that asks for a code to show.
pub(super) fn shown(request_id: &str, price: &str) -> Value {
    pay(request_id, price, Scenario::OrderCode)
}

/// A pay from a page that this wallet opened.
pub(super) fn entered(request_id: &str, price: &str, user_agent: &str) -> Value {
    pay(request_id, price, Scenario::EntryCode { user_agent: user_agent.into() })
}

/// A pay from a shop on the web.
pub(super) fn checked_out(request_id: &str, price: &str) -> Value {
    let scenario = Scenario::Cashier { terminal_type: "WEB".into(), user_agent: None };
    pay(request_id, price, scenario)
}

/// Status and code of an answer, as one text.
pub(super) fn result(fields: &Fields) -> String {
    let text = |path| fields.text(path).unwrap_or_default();
    format!("{} {}", text("result.resultStatus"), text("result.resultCode"))
}

pub(super) fn pays() -> Value {
    json!({ "kind": "pays" })
}

pub(super) fn asks(decides: &str, after: Millis) -> Value {
    json!({ "kind": "asks", "decides": decides, "after": after })
}
