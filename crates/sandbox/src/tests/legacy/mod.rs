//! The gateway in the older generation, called as a partner calls it.

mod defects;
mod ending;
mod files;
mod notices;
mod paying;
mod precreate;
mod refunds;
mod registration;
mod rules;
mod signing;
mod switches;
mod website;
mod website_refunds;

use ::signing::{DsaPrivateKey, DsaPublicKey, SharedKey};
use std::sync::Arc;

use clock::{Clock, Millis};
use parking_lot::Mutex;
use protocol::ams::Verified;
use protocol::legacy::{Answer, Charset, Form, SignType, Signer, Told, Verifier};
use serde_json::Value;
use wire::{Call, Reply, Request, Server};

use super::{Rig, merchant_key};
use crate::{Contract, Defect, NoticeRoute, Terms, embedded_key};

const PARTNER: &str = "2088000000000001";
/// Characters that clients like to rewrite, with an outer blank.
const HARD: &str = "测试 café a+b=c&d / 100% ";

fn shared_key() -> SharedKey {
    SharedKey::read(b"0123456789abcdefghijklmnopqrstuv").unwrap()
}

fn dsa_key() -> (DsaPrivateKey, DsaPublicKey) {
    let key = include_bytes!("../../../../../tests/vectors/weak/dsa1024.160.pkcs8.pem");
    let public = include_bytes!("../../../../../tests/vectors/weak/dsa1024.160.spki.pem");
    (DsaPrivateKey::read(key).unwrap(), DsaPublicKey::read(public).unwrap())
}

/// What the partner signs with.
fn signer(of: SignType) -> Signer {
    match of {
        SignType::Md5 => Signer::Md5(shared_key()),
        SignType::Rsa => Signer::Rsa(merchant_key()),
        SignType::Rsa2 => Signer::Rsa2(merchant_key()),
        SignType::Dsa => Signer::Dsa(dsa_key().0),
    }
}

/// What the partner checks the gateway with.
fn gateway(of: SignType) -> Verifier {
    let key = embedded_key().unwrap().public();
    match of {
        SignType::Md5 => Verifier::Md5(shared_key()),
        SignType::Rsa => Verifier::Rsa(key),
        SignType::Rsa2 => Verifier::Rsa2(key),
        SignType::Dsa => Verifier::Dsa(dsa_key().1),
    }
}

fn contract() -> Contract {
    let key = embedded_key().unwrap();
    Contract::Legacy {
        partner: PARTNER.into(),
        merchant: vec![
            Verifier::Md5(shared_key()),
            Verifier::Rsa(merchant_key().public()),
            Verifier::Rsa2(merchant_key().public()),
            Verifier::Dsa(dsa_key().1),
        ],
        gateway: vec![
            Signer::Md5(shared_key()),
            Signer::Rsa(key.clone()),
            Signer::Rsa2(key),
            Signer::Dsa(dsa_key().0),
        ],
    }
}

/// The same terms for a partner.
pub(super) fn terms(terms: &Terms) -> Terms {
    Terms { contract: contract(), ..terms.clone() }
}

/// A notice as it arrived.
#[derive(Debug, Clone)]
struct Posted {
    at: Millis,
    target: String,
    kind: String,
    form: Form,
}

impl Posted {
    fn get(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }

    fn verified(&self) -> Verified {
        let sign_type = SignType::parse(self.get("sign_type")).unwrap();
        self.form.verify(&gateway(sign_type))
    }
}

/// What the partner says to a notice: a status and a body, or nothing.
type Ack = Option<(u16, &'static str)>;

/// Where the partner takes notices.
#[derive(Clone)]
struct Letterbox {
    posted: Arc<Mutex<Vec<Posted>>>,
    /// What it says to each; the last one to all that follow.
    acks: Arc<Mutex<Vec<Ack>>>,
}

impl Letterbox {
    fn take(&self, clock: &Clock, request: &Request) -> Reply {
        let kind = request.header("content-type").unwrap().to_owned();
        let gbk = kind.ends_with("GBK");
        let charset = if gbk { Charset::Gbk } else { Charset::Utf8 };
        let form = Form::read(b"", &request.body, charset).unwrap();
        let (at, target) = (clock.now(), request.target.clone());
        self.posted.lock().push(Posted { at, target, kind, form });
        let mut acks = self.acks.lock();
        let ack = if acks.len() > 1 { acks.remove(0) } else { acks[0] };
        match ack {
            Some((status, body)) => Reply { status, headers: vec![], body: body.into() },
            None => Reply::none(),
        }
    }

    async fn serve(&self, clock: &Arc<Mutex<Option<Clock>>>) -> Server {
        let (own, clock) = (self.clone(), clock.clone());
        let handler = move |request: Request| {
            let reply = own.take(clock.lock().as_ref().unwrap(), &request);
            async move { reply }
        };
        wire::serve(wire::loopback().await.unwrap(), wire::Patience::Short, handler).unwrap()
    }
}

/// A partner and its gateway.
struct Desk {
    rig: Rig,
    letters: Letterbox,
    _letterbox: Server,
    charset: Charset,
    sign_type: SignType,
    post: bool,
}

impl Desk {
    async fn new() -> Self {
        Self::build(|_| {}, None).await
    }

    async fn defective(defect: Defect) -> Self {
        Self::build(|_| {}, Some(defect)).await
    }

    async fn build(shape: impl FnOnce(&mut Terms), defect: Option<Defect>) -> Self {
        let acks = Arc::new(Mutex::new(vec![Some((200, "success"))]));
        let letters = Letterbox { posted: Arc::default(), acks };
        let clock = Arc::new(Mutex::new(None));
        let letterbox = letters.serve(&clock).await;
        let address = letterbox.address();
        let shape = |terms: &mut Terms| {
            terms.contract = contract();
            terms.notices = NoticeRoute::Via(address);
            shape(terms);
        };
        let rig = Rig::build(shape, defect).await;
        *clock.lock() = Some(rig.clock.clone());
        let (charset, sign_type) = (Charset::Utf8, SignType::Rsa2);
        Self { rig, letters, _letterbox: letterbox, charset, sign_type, post: true }
    }

    /// A gateway with the defect and a code of its one wallet.
    async fn broken(defect: Defect, mood: Value) -> (Self, String) {
        let desk = Self::defective(defect).await;
        let code = desk.rig.wallet(mood).await;
        assert!(!desk.rig.tenant.defect_was_active());
        (desk, code)
    }

    fn turn(&self, switch: impl FnOnce(&mut crate::LegacySwitches)) {
        let mut switches = self.rig.tenant.switches();
        switch(&mut switches.legacy);
        self.rig.tenant.turn(switches);
    }

    /// A call of a service, not signed yet.
    fn form(&self, service: &str, pairs: &[(&str, &str)]) -> Form {
        let mut form = Form::new(self.charset);
        form.set("service", service);
        form.set("partner", PARTNER);
        form.set("_input_charset", self.charset.name());
        for (name, value) in pairs {
            form.set(name, *value);
        }
        form
    }

    fn signed(&self, mut form: Form) -> Form {
        form.sign(&signer(self.sign_type)).unwrap();
        form
    }

    /// The form as it travels.
    fn call(&self, form: &Form) -> Call {
        if self.post {
            let posted = form.post().unwrap();
            let query = String::from_utf8(posted.query).unwrap();
            Call::post(format!("/gateway.do?{query}"), posted.body)
                .header("content-type", "application/x-www-form-urlencoded")
        } else {
            let query = String::from_utf8(form.write().unwrap()).unwrap();
            Call::get(format!("/gateway.do?{query}"))
        }
    }

    async fn raw(&self, form: &Form) -> wire::Answer {
        self.rig.send(self.call(form)).await
    }

    /// An answer that has to verify where the gateway took the call.
    async fn ask(&self, service: &str, pairs: &[(&str, &str)]) -> Answer {
        let form = self.signed(self.form(service, pairs));
        let answer = read(&self.raw(&form).await);
        if answer.told == Told::Accepted && answer.response.is_some() {
            let verified = answer.verify(&gateway(self.sign_type), self.charset);
            assert_eq!(verified, Verified::Valid, "{answer:?}");
        }
        answer
    }

    async fn pay(&self, number: &str, amount: &str, code: &str) -> Answer {
        self.ask("alipay.acquire.overseas.spot.pay", &pay(number, amount, code)).await
    }

    async fn query(&self, number: &str) -> Answer {
        self.ask("alipay.acquire.overseas.query", &[("partner_trans_id", number)]).await
    }

    /// The status that a query tells, or why it tells none.
    async fn status(&self, number: &str) -> String {
        let answer = self.query(number).await;
        let status = answer.get("alipay_trans_status").or_else(|| answer.get("error"));
        status.unwrap_or_default().to_owned()
    }

    async fn cancel(&self, number: &str) -> Answer {
        let stamp = self.rig.clock.now().to_string();
        let pairs = [("out_trade_no", number), ("timestamp", stamp.as_str())];
        self.ask("alipay.acquire.cancel", &pairs).await
    }

    async fn refund(&self, number: &str, id: &str, amount: &str, sync: &str) -> Answer {
        let pairs = [
            ("partner_trans_id", number),
            ("partner_refund_id", id),
            ("refund_amount", amount),
            ("currency", "USD"),
            ("is_sync", sync),
        ];
        self.ask("alipay.acquire.overseas.spot.refund", &pairs).await
    }

    /// Asks for a code to show.
    async fn present(&self, number: &str, amount: &str) -> Answer {
        let stamp = self.rig.clock.now().to_string();
        let mut pairs = precreate(number, amount);
        pairs.push(("timestamp", &stamp));
        self.ask("alipay.acquire.precreate", &pairs).await
    }

    async fn scan(&self, code: &str) -> bool {
        let scan = serde_json::json!({ "code": code });
        self.rig.post("wallets/w1/scan", scan).await["accepted"] == true
    }

    /// The notices so far: action or kind, and status.
    fn posted(&self) -> Vec<(String, String)> {
        let told = |posted: &Posted| {
            let names = ["notify_action_type", "notify_type"];
            let kind = names.into_iter().find_map(|name| posted.form.get(name)).unwrap_or_default();
            (kind.to_owned(), posted.get("trade_status").to_owned())
        };
        self.letters.posted.lock().iter().map(told).collect()
    }

    fn acks(&self, acks: &[Ack]) {
        *self.letters.acks.lock() = acks.to_vec();
    }

    async fn pass(&self, span: Millis) {
        self.rig.pass(span).await;
    }
}

/// The parameters of a spot.pay in dollars.
fn pay<'a>(number: &'a str, amount: &'a str, code: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("alipay_seller_id", PARTNER),
        ("trans_name", "Café 咖啡"),
        ("partner_trans_id", number),
        ("currency", "USD"),
        ("trans_amount", amount),
        ("buyer_identity_code", code),
        ("identity_code_type", "barcode"),
        ("trans_create_time", "20260105100000"),
        ("biz_product", "OVERSEAS_MBARCODE_PAY"),
        ("extend_info", r#"{"secondary_merchant_id":"M1","store_id":"S1"}"#),
    ]
}

/// The parameters of a precreate in dollars, but for its timestamp.
fn precreate<'a>(number: &'a str, amount: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("notify_url", "http://merchant.test/notify?a=1&b=2"),
        ("out_trade_no", number),
        ("subject", "Café 咖啡"),
        ("product_code", "OVERSEAS_MBARCODE_PAY"),
        ("total_fee", amount),
        ("currency", "USD"),
        ("trans_currency", "USD"),
        ("extend_params", r#"{"secondary_merchant_id":"M1","store_id":"S1"}"#),
        ("passback_parameters", "till 1"),
    ]
}

fn read(answer: &wire::Answer) -> Answer {
    assert_eq!(answer.status, 200);
    let kind = answer.header("content-type").unwrap().to_owned();
    assert!(kind.starts_with("text/xml;charset="), "{kind}");
    let read = Answer::read(&answer.body).unwrap();
    assert!(kind.to_ascii_uppercase().ends_with(&read.charset.name().to_ascii_uppercase()));
    read
}

/// What came of a call, as one text: the code of the gateway, or the result and its code.
fn result(answer: &Answer) -> String {
    match &answer.told {
        Told::Rejected { error } => format!("F {error}"),
        Told::Accepted => {
            let error = answer.get("error").or_else(|| answer.get("detail_error_code"));
            let result = answer.get("result_code").unwrap_or("T");
            format!("{result} {}", error.unwrap_or_default()).trim_end().to_owned()
        }
    }
}
