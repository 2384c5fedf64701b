//! What the witness adds to a call on its way: the same calls to the same gateway, straight and
//! through the witness, with and without the checks of signatures.
//!
//! The gateway answers at once and checks nothing, so that nothing but the way is measured. Callers
//! are paced as merchants are: they wait most of the time.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time, prints it, and stops where its own stage breaks"
)]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clock::Clock;
use evidence::{RecordFile, SideKey};
use protocol::ams::{Api, Signed};
use serde_json::json;
use wire::{Call, Client, Patience, Reply, Request, Server};
use witness::{Claim, Door, Front, Setup, Side, Witness};

const CLIENT_ID: &str = "SANDBOX_5Y00000000000001";
const HOST: &str = "gateway.assay.test";
/// Calls of each caller in a round.
const CALLS: usize = 100;
/// From the start of one call to the start of the next of the same caller.
const PACE: Duration = Duration::from_millis(50);
/// Rounds of each way, in turn.
const ROUNDS: usize = 5;

/// A way for so many callers.
struct Way {
    callers: usize,
    at: SocketAddr,
    _witnesses: Vec<Witness>,
}

impl Way {
    /// Straight to the gateway.
    fn straight(callers: usize, gateway: &Server) -> Self {
        Self { callers, at: gateway.address(), _witnesses: vec![] }
    }

    /// Through a witness with a scenario for each caller and a record on disk.
    async fn through(callers: usize, gateway: &Server, checks: bool, path: &Path) -> Self {
        let clock = Clock::real();
        let bind = || async { wire::loopback().await.expect("a free port") };
        let (calls, notices) = (bind().await, bind().await);
        let merchant = notices.local_addr().expect("an address");
        let doors = (Door::Plain(calls), Door::Plain(notices));
        let front = Front::open(doors.0, doors.1, clock.clone(), None).expect("a front");
        let header = json!({ "format": evidence::FORMAT });
        let record = Arc::new(RecordFile::create(path, &header).expect("a record"));
        let ours = merchant::reference_key().expect("the fixed key").public();
        let theirs = sandbox::embedded_key().expect("the fixed key").public();
        let key = |key| checks.then_some(SideKey::Ams(key));
        let side = |address, key| Side { address, host: None, tls: None, key };
        let admit = |number: usize| {
            let case = format!("AMS-PAY-021#{}", number + 1);
            let setup = Setup {
                gateway: side(gateway.address(), key(theirs.clone())),
                merchant: side(merchant, key(ours.clone())),
                recorder: record.recorder(case.parse().expect("a key"), 1),
                clock: clock.clone(),
            };
            front.admit(setup, Claim::Marked(mark(number)))
        };
        let witnesses = (0..callers).map(admit).collect();
        Self { callers, at: front.calls(), _witnesses: witnesses }
    }

    /// How long each call took, in microseconds.
    async fn round(&self, http: &Client) -> Vec<f64> {
        let callers = (0..self.callers).map(|number| {
            let (http, at, call) = (http.clone(), self.at, call(number));
            tokio::spawn(async move {
                let share = u32::try_from(number).unwrap_or_default();
                // Nobody starts when another does.
                let begin = tokio::time::Instant::now() + PACE * (share % 48) / 48;
                let mut took = vec![];
                for turn in 0..CALLS {
                    let turn = u32::try_from(turn).unwrap_or_default();
                    tokio::time::sleep_until(begin + PACE * turn).await;
                    let start = Instant::now();
                    let answer = http.send(at, HOST, call.clone()).await.expect("an answer");
                    took.push(start.elapsed().as_secs_f64() * 1e6);
                    assert_eq!(answer.status, 200);
                }
                took
            })
        });
        let callers: Vec<_> = callers.collect();
        let mut took = vec![];
        for caller in callers {
            took.extend(caller.await.expect("a caller that ends"));
        }
        took
    }
}

/// What the order of a caller begins with.
fn mark(number: usize) -> String {
    format!("AMS-PAY-021-{number:08}-")
}

fn call(number: usize) -> Call {
    let order = format!("{}1", mark(number));
    let body = json!({ "paymentRequestId": order, "order": { "referenceOrderId": order } });
    let body = body.to_string().into_bytes();
    let (target, time) = (Api::Pay.path(CLIENT_ID), "1767578400000");
    let signed = Signed { target: &target, client_id: CLIENT_ID, time, body: &body };
    let key = merchant::reference_key().expect("the fixed key");
    let signature = signed.sign(&key).expect("an intact key signs");
    Call::post(target.clone(), body)
        .header("client-id", CLIENT_ID)
        .header("request-time", time)
        .header("signature", signature)
        .header("content-type", "application/json; charset=UTF-8")
}

/// A gateway that answers everything alike, and signs nothing anew.
async fn gateway() -> Server {
    let body = json!({ "result": { "resultStatus": "U", "resultCode": "PAYMENT_IN_PROCESS" } });
    let body = body.to_string().into_bytes();
    let key = sandbox::embedded_key().expect("the fixed key");
    let (target, time) = (Api::Pay.path(CLIENT_ID), "2026-01-05T10:00:00+08:00");
    let signed = Signed { target: &target, client_id: CLIENT_ID, time, body: &body };
    let mut reply = Reply::json(200, body.clone());
    let signature = signed.sign(&key).expect("an intact key signs");
    for (name, value) in
        [("client-id", CLIENT_ID), ("response-time", time), ("signature", signature.as_str())]
    {
        reply.headers.push((name.into(), value.into()));
    }
    let answer = move |_: Request| {
        let reply = reply.clone();
        async move { reply }
    };
    wire::serve(wire::loopback().await.expect("a free port"), Patience::Short, answer)
        .expect("a server")
}

fn main() {
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    println!("microseconds of a call, {ROUNDS} rounds of {CALLS} calls each: median, 99 %");
    for callers in [1, 48] {
        let figures = runtime.block_on(async {
            let (gateway, http) = (gateway().await, Client::new());
            let path = |name: &str| folder.path().join(format!("{callers}-{name}.ndjson"));
            let ways = [
                ("straight", Way::straight(callers, &gateway)),
                ("witness", Way::through(callers, &gateway, false, &path("bare")).await),
                ("and checks", Way::through(callers, &gateway, true, &path("checks")).await),
            ];
            let mut took = ways.each_ref().map(|_| vec![]);
            // In turn, so that whatever else the machine does meets all alike; the first round
            // opens the connections.
            for round in 0..=ROUNDS {
                for ((_, way), all) in ways.iter().zip(&mut took) {
                    let calls = way.round(&http).await;
                    all.extend(calls.into_iter().filter(|_| round > 0));
                }
            }
            ways.map(|(name, _)| name).into_iter().zip(took).collect::<Vec<_>>()
        });
        let first = figures.first().map(|(_, took)| at(took.clone(), 0.5)).unwrap_or_default();
        for (name, took) in figures {
            let (median, most) = (at(took.clone(), 0.5), at(took, 0.99));
            let added = median - first;
            println!(
                "  {callers:>2} at once  {name:<10} {median:>6.0} {most:>7.0}   added {added:>5.0}"
            );
        }
    }
    println!("  goal: less than 1000 added at the median without the checks");
}

/// The value below which so many are.
fn at(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a length is a place"
    )]
    let place = (values.len() as f64 * share) as usize;
    values.get(place).copied().unwrap_or(f64::NAN)
}
