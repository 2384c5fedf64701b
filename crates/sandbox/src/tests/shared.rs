//! Several tenants of one gateway, each called by its name in `Host`.

use clock::Clock;
use protocol::Fields;
use protocol::ams::{Api, inquiry_body};
use serde_json::{Value, json};
use wire::{Answer, Call, Client, Server};

use super::{IDLE, Shared};
use crate::tests::{Rig, judge, result, scanned, signed};
use crate::{Tenant, Terms};

const CLIENT: &str = "SANDBOX_5Y00000000000001";

struct House {
    shared: Shared,
    server: Server,
    token: Option<&'static str>,
}

impl House {
    async fn new(token: Option<&'static str>) -> Self {
        let terms = Rig::new().await.tenant.terms().clone();
        let control_token = token.map(str::to_owned);
        let terms = Terms { latency: 0, control_token, ..terms };
        let shared = Shared::new(Tenant::new(terms, Clock::real(), 1));
        let server = shared.listen(wire::loopback().await.unwrap()).unwrap();
        Self { shared, server, token }
    }

    async fn send(&self, host: &str, call: Call) -> Answer {
        let call = match self.token {
            Some(token) => call.header("x-control-token", token),
            None => call,
        };
        Client::new().send(self.server.address(), host, call).await.unwrap()
    }

    /// A control call: the HTTP status and the body.
    async fn control(&self, host: &str, call: Call) -> (u16, Value) {
        let answer = self.send(host, call).await;
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    }

    /// A control call that works.
    async fn post(&self, host: &str, path: &str, body: &Value) -> Value {
        let call = Call::post(format!("/_sandbox/{path}"), body.to_string());
        let (status, body) = self.control(host, call).await;
        assert!(status < 300, "{status} {body}");
        body
    }

    async fn see(&self, host: &str, path: &str) -> Value {
        self.control(host, Call::get(format!("/_sandbox/{path}"))).await.1
    }

    /// Opens a tenant: what `Host` is there.
    async fn open(&self) -> String {
        let opened = self.post("gateway.test", "tenants", &json!({ "seed": 7 })).await;
        format!("{}.gateway.test:8090", opened["tenant"].as_str().unwrap())
    }

    async fn ask(&self, host: &str, api: Api, body: &Value) -> String {
        let path = api.path(CLIENT);
        let answer = self.send(host, signed(&path, body.to_string().as_bytes())).await;
        assert_eq!(judge(&path, &answer), protocol::ams::Verified::Valid);
        result(&Fields::read(&answer.body).unwrap())
    }
}

#[tokio::test]
async fn tenants_never_meet() {
    let house = House::new(None).await;
    let (one, other, own) = (house.open().await, house.open().await, "gateway.test".to_owned());
    let inquiry = inquiry_body(Some("P1"), None);
    house.post(&one, "wallets", &json!({})).await;
    let code = house.post(&one, "wallets/w1/codes", &json!({})).await;
    let pay = scanned("P1", "USD 12.31", code["code"].as_str().unwrap());
    let rule = json!({ "api": "inquiryPayment", "code": "PROCESS_FAIL" });
    house.post(&other, "rules", &rule).await;
    house.post(&other, "clock", &json!({ "advance": 86_400_000 })).await;
    assert_eq!(house.ask(&one, Api::Pay, &pay).await, "S SUCCESS");
    for (host, told, debits) in
        [(&one, "S SUCCESS", 1), (&other, "F PROCESS_FAIL", 0), (&own, "F ORDER_NOT_EXIST", 0)]
    {
        assert_eq!(house.ask(host, Api::InquiryPayment, &inquiry).await, told);
        let statement = house.see(host, "statement").await;
        assert_eq!(statement["debits"].as_array().unwrap().len(), debits, "{host}");
    }
    // A code of one is none in another, although both draw from one seed.
    assert_eq!(house.ask(&other, Api::Pay, &pay).await, "F INVALID_PAYMENT_CODE");
    let now = async |host: &str| house.see(host, "clock").await["now"].as_i64().unwrap();
    assert!(now(&other).await - now(&one).await > 80_000_000);
    assert!(now(&one).await - now(&own).await < 80_000_000);
}

#[tokio::test]
async fn nobody_comes_in_without_the_token_or_by_a_name_that_is_none() {
    let mut house = House::new(Some("open sesame")).await;
    let one = house.open().await;
    let name = one.split('.').next().unwrap().to_owned();
    assert_eq!(house.see("gateway.test", "tenants").await, json!([name]));
    house.token = None;
    for (host, call) in [
        ("gateway.test", Call::post("/_sandbox/tenants", "{}")),
        ("gateway.test", Call::get("/_sandbox/tenants")),
        ("gateway.test", Call::delete(format!("/_sandbox/tenants/{name}"))),
        (one.as_str(), Call::get("/_sandbox/statement")),
    ] {
        assert_eq!(house.control(host, call).await.0, 401);
    }
    house.token = Some("open sesame");
    let nobody = format!("tenant-{}.gateway.test", "0".repeat(32));
    for path in ["/_sandbox/clock".to_owned(), Api::Pay.path(CLIENT)] {
        let (status, body) = house.control(&nobody, Call::get(path)).await;
        assert_eq!(status, 404, "{body}");
        assert!(body["error"].as_str().unwrap().contains("nobody opened it"));
    }
    let taken = house.control("gateway.test", Call::delete(format!("/_sandbox/tenants/{name}")));
    assert_eq!(taken.await, (200, json!({})));
    assert_eq!(house.see("gateway.test", "tenants").await, json!([]));
    assert_eq!(house.control(&one, Call::get("/_sandbox/clock")).await.0, 404);
}

#[tokio::test]
async fn without_a_token_notices_stay_on_this_machine() {
    let far = json!({ "notices": "192.0.2.1:80" }).to_string();
    let near = json!({ "notices": "127.0.0.1:8981" }).to_string();
    let nowhere = json!({ "notices": "nowhere" }).to_string();
    let odd = json!({ "notices": "somewhere" }).to_string();
    for (token, body, status) in [
        (None, &far, 400),
        (None, &odd, 400),
        (None, &near, 201),
        (None, &nowhere, 201),
        (Some("open sesame"), &far, 201),
    ] {
        let house = House::new(token).await;
        let call = Call::post("/_sandbox/tenants", body.clone());
        assert_eq!(house.control("gateway.test", call).await.0, status, "{body}");
    }
}

/// Tells when it is dropped.
struct Dropped(Option<tokio::sync::oneshot::Sender<()>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        if let Some(sender) = self.0.take() {
            sender.send(()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_tenant_that_nobody_calls_goes_with_all_that_was_still_to_happen() {
    let house = House::new(None).await;
    let one = house.open().await;
    let name = one.split('.').next().unwrap();
    let (tell, dropped) = tokio::sync::oneshot::channel();
    let kept = Dropped(Some(tell));
    house.shared.find(name).unwrap().spawn(async move {
        let _kept = kept;
        std::future::pending::<()>().await;
    });
    house.shared.inner.clock.advance(IDLE - 60_000);
    let other = house.open().await;
    assert_eq!(house.see("gateway.test", "tenants").await.as_array().unwrap().len(), 2);
    assert_eq!(house.control(&other, Call::get("/_sandbox/clock")).await.0, 200);
    house.shared.inner.clock.advance(60_000);
    house.open().await;
    assert_eq!(dropped.await, Ok(()));
    assert_eq!(house.control(&one, Call::get("/_sandbox/clock")).await.0, 404);
    assert_eq!(house.control(&other, Call::get("/_sandbox/clock")).await.0, 200);
}
