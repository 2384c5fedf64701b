//! Exchanges per second through the whole path on one core, beside the bare cost of the
//! signatures in them.
//!
//! One exchange: the merchant signs, the witness verifies and records, the gateway verifies, works
//! and signs, the witness verifies and records, the merchant verifies. That is two signatures made
//! and four checked, over two connections that are kept.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time, prints it, and stops where its own stage breaks"
)]

use std::hint::black_box;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clock::Clock;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evidence::{RecordFile, SideKey};
use parking_lot::Mutex;
use protocol::ams::{Api, Signed, Verified, inquiry_body, text_to_sign, verify};
use sandbox::{Contract, NoticeRoute, Switches, Tenant, Terms};
use serde_json::json;
use signing::PrivateKey;
use tokio::runtime::Runtime;
use wire::{Call, Client, Server};
use witness::{Claim, Door, Front, Setup, Side, Witness};

const CLIENT_ID: &str = "SANDBOX_5Y00000000000001";
const HOST: &str = "gateway.assay.test";
/// Exchanges of one round: about as many as a long scenario has.
const ROUND: u32 = 50;
/// Rounds of the comparison, path and bare in turn.
const ROUNDS: usize = 41;

/// Signs calls and believes answers, as a merchant does.
#[derive(Clone)]
struct Caller {
    key: PrivateKey,
    gateway_key: signing::PublicKey,
    clock: Clock,
    http: Client,
    witness: SocketAddr,
}

impl Caller {
    async fn call(&self, api: Api, body: &[u8]) -> Vec<u8> {
        let target = api.path(CLIENT_ID);
        let time = self.clock.now().to_string();
        let signed = Signed { target: &target, client_id: CLIENT_ID, time: &time, body };
        let signature = signed.sign(&self.key).expect("an intact key signs");
        let call = Call::post(target.clone(), body.to_vec())
            .header("client-id", CLIENT_ID)
            .header("request-time", time)
            .header("signature", signature)
            .header("content-type", "application/json; charset=UTF-8");
        let (http, witness) = (self.http.clone(), self.witness);
        let exchange = async move { http.send(witness, HOST, call).await };
        let answer = self.clock.call(5_000, exchange).await.expect("an answer in time");
        let answer = answer.expect("an answer");
        let field = |name| answer.header(name);
        let (client, time) = (field("client-id"), field("response-time"));
        let signature = field("signature");
        let verified = verify(&self.gateway_key, &target, client, time, &answer.body, signature);
        assert_eq!(verified, Verified::Valid);
        answer.body
    }
}

/// A merchant, a witness with a record on disk, and a gateway, on a clock of their own.
struct Stage {
    caller: Caller,
    _witness: Witness,
    _gateway: Server,
}

impl Stage {
    async fn open(folder: &Path, number: usize, http: Client) -> Self {
        let key = merchant::reference_key().expect("the fixed key");
        let gateway_key = sandbox::embedded_key().expect("the fixed key");
        let clock = Clock::simulated(steps::START, 1);
        let bind = || async { wire::loopback().await.expect("a free port") };
        let (calls, notices) = (bind().await, bind().await);
        let terms = Terms {
            contract: Contract::Ams {
                client_id: CLIENT_ID.into(),
                merchant_key: key.public(),
                gateway_key: gateway_key.clone(),
            },
            notices: NoticeRoute::Direct,
            console_notify_url: None,
            latency: 0,
            control_token: None,
            reports: None,
            switches: Switches::default(),
        };
        let gateway = Tenant::new(terms, clock.clone(), 1).listen(bind().await).expect("a server");
        let path = folder.join(format!("{number}.ndjson"));
        let header = json!({ "format": evidence::FORMAT });
        let record = Arc::new(RecordFile::create(&path, &header).expect("a record"));
        let side =
            |address, key| Side { address, host: None, tls: None, key: Some(SideKey::Ams(key)) };
        let setup = Setup {
            gateway: side(gateway.address(), gateway_key.public()),
            merchant: side(notices.local_addr().expect("an address"), key.public()),
            recorder: record.recorder("AMS-PAY-001".parse().expect("a key"), 1),
            clock: clock.clone(),
        };
        let doors = (Door::Plain(calls), Door::Plain(notices));
        let front = Front::open(doors.0, doors.1, clock.clone(), None).expect("a front");
        let witness = front.admit(setup, Claim::Everything);
        let gateway_key = gateway_key.public();
        let caller = Caller { key, gateway_key, clock, http, witness: front.calls() };
        let stage = Self { caller, _witness: witness, _gateway: gateway };
        // The connections stand and there is an order to ask for before anything is measured.
        stage.play(Api::Pay, pay_body(), 1).await;
        stage
    }

    /// Makes the same call so many times, one after the other.
    async fn play(&self, api: Api, body: Vec<u8>, times: u32) -> Vec<u8> {
        let (caller, last) = (self.caller.clone(), Arc::new(Mutex::new(Vec::new())));
        let kept = last.clone();
        let clock = self.caller.clock.clone();
        clock.spawn(async move {
            for _ in 0..times {
                let answer = caller.call(api, &body).await;
                *kept.lock() = answer;
            }
        });
        clock.fire_next();
        clock.idle().await;
        assert_eq!(clock.panics(), Vec::<String>::new());
        std::mem::take(&mut *last.lock())
    }
}

fn pay_body() -> Vec<u8> {
    let amount = json!({ "currency": "USD", "value": "1231" });
    let body = json!({
        "productCode": "IN_STORE_PAYMENT",
        "paymentRequestId": "order-1",
        "order": {
            "referenceOrderId": "1",
            "orderDescription": "coffee",
            "orderAmount": amount,
            "merchant": { "referenceMerchantId": "M1", "merchantName": "Café", "merchantMCC": "5411" },
        },
        "paymentAmount": amount,
        "paymentMethod": { "paymentMethodType": "CONNECT_WALLET" },
        "paymentFactor": { "inStorePaymentScenario": "OrderCode" },
    });
    body.to_string().into_bytes()
}

fn inquiry() -> Vec<u8> {
    inquiry_body(Some("order-1"), None).to_string().into_bytes()
}

/// Times [`ROUND`] exchanges on a fresh stage.
fn path_round(runtime: &Runtime, folder: &Path, number: usize, http: &Client) -> Duration {
    let stage = runtime.block_on(Stage::open(folder, number, http.clone()));
    let start = Instant::now();
    let answer = runtime.block_on(stage.play(Api::InquiryPayment, inquiry(), ROUND));
    let took = start.elapsed();
    assert!(String::from_utf8_lossy(&answer).contains("PROCESSING"));
    took
}

/// The texts that one exchange signs: its call and its answer, in their real lengths.
struct Bare {
    merchant: PrivateKey,
    gateway: PrivateKey,
    call: Vec<u8>,
    answer: Vec<u8>,
}

impl Bare {
    fn of(runtime: &Runtime, folder: &Path, http: &Client) -> Self {
        let stage = runtime.block_on(Stage::open(folder, 0, http.clone()));
        let answer = runtime.block_on(stage.play(Api::InquiryPayment, inquiry(), 1));
        let target = Api::InquiryPayment.path(CLIENT_ID);
        let text = |time: &str, body: &[u8]| text_to_sign(&target, CLIENT_ID, time, body);
        Self {
            merchant: merchant::reference_key().expect("the fixed key"),
            gateway: sandbox::embedded_key().expect("the fixed key"),
            call: text("1767578400000", &inquiry()),
            answer: text("2026-01-05T10:00:00+08:00", &answer),
        }
    }

    /// Makes and checks the signatures of one exchange.
    fn exchange(&self) -> bool {
        let half = |key: &PrivateKey, text: &[u8]| {
            let signature = key.sign(black_box(text)).expect("an intact key signs");
            let public = key.public();
            public.verify(text, &signature) && public.verify(text, black_box(&signature))
        };
        half(&self.merchant, &self.call) && half(&self.gateway, &self.answer)
    }

    fn round(&self) -> Duration {
        let start = Instant::now();
        for _ in 0..ROUND {
            assert!(self.exchange());
        }
        start.elapsed()
    }
}

fn exchanges(criterion: &mut Criterion) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let http = Client::new();
    let bare = Bare::of(&runtime, folder.path(), &http);
    let mut number = 0;
    let mut path = || {
        number += 1;
        path_round(&runtime, folder.path(), number, &http)
    };

    let mut group = criterion.benchmark_group("exchange");
    group.throughput(Throughput::Elements(u64::from(ROUND))).sample_size(10);
    group.bench_function("whole-path", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| path()).sum());
    });
    group.bench_function("bare-signatures", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| bare.round()).sum());
    });
    group.finish();
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }

    // In turn, so that whatever else the machine does meets both alike.
    let rounds: Vec<_> = (0..ROUNDS).map(|_| (path(), bare.round())).collect();
    let per_exchange = |took: Duration| took.as_secs_f64() / f64::from(ROUND);
    let path = median(rounds.iter().map(|(path, _)| per_exchange(*path)).collect());
    let bare = median(rounds.iter().map(|(_, bare)| per_exchange(*bare)).collect());
    let ratio = rounds.iter().map(|(path, bare)| path.as_secs_f64() / bare.as_secs_f64());
    println!("exchanges per second on one core, medians of {ROUNDS} rounds of {ROUND}:");
    println!("  whole path       {:>7.0} ({:.0} µs each)", 1.0 / path, path * 1e6);
    println!("  bare signatures  {:>7.0} ({:.0} µs each)", 1.0 / bare, bare * 1e6);
    println!("  ratio            {:>7.2} (goal: at most 1.5)", median(ratio.collect()));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

criterion_group!(benches, exchanges);
criterion_main!(benches);
