//! A sandbox in the place of somebody else's gateway: whoever comes to it through the relay finds no
//! control API. A buyer has one, who knows the way behind it.

#![allow(dead_code, reason = "each test crate uses its own part")]

#[path = "../terminal/mod.rs"]
pub(crate) mod terminal;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use protocol::ams::Signed;
use protocol::{Generation, iso8601, parse_time};
use serde_json::{Value, json};
use signing::PrivateKey;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wire::{Call, Client, Patience, Reply, Request, Server};

use crate::outside_stand::{CLIENT_ID, PARTNER, Stand};
use terminal::seated;

/// What the control API behind the relay asks for.
pub(crate) const TOKEN: &str = "a-token-of-the-buyers";

/// What the gateway's operator has of its messages: answers, and notices that came by a door of its own.
type Log = Arc<Mutex<Vec<Value>>>;

/// What is said of secondary merchants when somebody asks, by their ids.
type Reviewed = Arc<Mutex<BTreeMap<String, String>>>;

/// The gateway, and the relay in front of it.
pub(crate) struct Foreign {
    _folder: TempDir,
    sandbox: Child,
    /// Where the control API answers.
    pub(crate) behind: SocketAddr,
    /// By how much the clock behind was moved. What is signed in front of it says the real time: the
    /// days of somebody else's gateway pass by themselves.
    moved: Arc<AtomicI64>,
    /// Reviews that end when somebody asks about them.
    reviewed: Reviewed,
    log: Log,
    relay: Server,
    runtime: Runtime,
    pub(crate) merchant: PrivateKey,
    pub(crate) gateway: PrivateKey,
}

impl Drop for Foreign {
    fn drop(&mut self) {
        drop(self.sandbox.kill());
        drop(self.sandbox.wait());
    }
}

impl Foreign {
    pub(crate) fn open() -> Self {
        Self::speaking(Generation::Ams)
    }

    /// One of either generation.
    pub(crate) fn speaking(generation: Generation) -> Self {
        Self::of(generation, [(); 2].map(|()| PrivateKey::generate(2048).unwrap()))
    }

    /// Another one of the same keys, with books of its own.
    pub(crate) fn another(&self) -> Self {
        Self::of(Generation::Ams, [self.merchant.clone(), self.gateway.clone()])
    }

    fn of(generation: Generation, [merchant, gateway]: [PrivateKey; 2]) -> Self {
        let account = match generation {
            Generation::Ams => ["--client-id", CLIENT_ID],
            Generation::Legacy => ["--partner", PARTNER],
        };
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        write("merchant.pub", merchant.public().to_spki_pem());
        write("gateway.pem", gateway.to_pkcs8_pem());
        let mut sandbox = Command::new(env!("CARGO_BIN_EXE_assay"))
            .args(["sandbox", "--listen", "127.0.0.1:0", "--generation", generation.name()])
            .args(account)
            .args(["--merchant-public-key", "merchant.pub", "--gateway-key", "gateway.pem"])
            .env("ASSAY_CONTROL_TOKEN", TOKEN)
            .env("ASSAY_LANG", "en")
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(sandbox.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let start = first.find("127.0.0.1:").unwrap();
        let behind: SocketAddr = first[start..].split(' ').next().unwrap().parse().unwrap();
        let runtime = Runtime::new().unwrap();
        let moved = Arc::<AtomicI64>::default();
        let (by, key) = (moved.clone(), gateway.clone());
        let reviewed = Reviewed::default();
        let ending = reviewed.clone();
        let log = Log::default();
        let kept = log.clone();
        let relay = serve(&runtime, move |request| {
            let (by, key, ending) = (by.clone(), key.clone(), ending.clone());
            let kept = kept.clone();
            async move {
                let target = request.target.clone();
                review(behind, &request, &ending).await;
                let reply = relayed(behind, request).await;
                let reply = at_real_time(reply, &target, by.load(Ordering::SeqCst), &key);
                keep(&kept, &reply.headers, &reply.body);
                reply
            }
        });
        Self {
            _folder: folder,
            sandbox,
            behind,
            moved,
            reviewed,
            log,
            relay,
            runtime,
            merchant,
            gateway,
        }
    }

    /// What the control API behind says to a call.
    fn ask(&self, call: Call) -> Value {
        self.runtime.block_on(control(self.behind, call))
    }

    fn advance(&self, span: i64) {
        let body = format!("{{\"advance\":{span}}}").into_bytes();
        self.ask(Call::post("/_sandbox/clock", body));
    }

    /// Has registrations reviewed by people from now on, who take their time.
    pub(crate) fn people_review(&self) {
        let wallets = "{\"wallets\":[{\"name\":\"ALIPAYCN\"},{\"name\":\"GCASH\"}]}";
        self.ask(Call::post("/_sandbox/reviews", wallets.as_bytes().to_vec()));
    }

    /// Has the review of a secondary merchant end with one word of every wallet, as soon as somebody asks
    /// about it: so its notice comes while a run takes notices.
    pub(crate) fn review_ends(&self, merchant: &str, status: &str) {
        let wallet = |name: &str| json!({ "name": name, "status": status });
        let body = json!({ "wallets": [wallet("ALIPAYCN"), wallet("GCASH")] });
        self.reviewed.lock().unwrap().insert(merchant.to_owned(), body.to_string());
    }

    /// Lets a day pass there.
    pub(crate) fn a_day_passes(&self) {
        const DAY: i64 = 24 * 3_600_000;
        self.advance(DAY);
        self.moved.fetch_add(DAY, Ordering::SeqCst);
    }

    /// Puts its clock forward where midnight in Beijing is near, before anything happens there.
    pub(crate) fn is_not_at_midnight(&self) {
        const HOUR: i64 = 3_600_000;
        let clock = self.ask(Call::get("/_sandbox/clock"));
        let now = clock["now"].as_i64().unwrap();
        let midnight = protocol::Day::of(now).next().start();
        if midnight - now < HOUR / 2 {
            self.advance(HOUR);
        }
    }

    /// The files of a day: their paths and texts.
    pub(crate) fn reports(&self, day: &str) -> Vec<(String, String)> {
        let told = self.ask(Call::get(format!("/_sandbox/reports/{day}")));
        let text = |file: &Value, name: &str| file[name].as_str().unwrap().to_owned();
        let files = told.as_array().unwrap().iter();
        files.map(|file| (text(file, "path"), text(file, "text"))).collect()
    }

    /// A code of a buyer who pays at once.
    pub(crate) fn code(&self) -> String {
        let ask =
            |target: String, body: &str| self.ask(Call::post(target, body.as_bytes().to_vec()));
        let wallet = ask("/_sandbox/wallets".into(), "{}");
        let codes = format!("/_sandbox/wallets/{}/codes", wallet["wallet"].as_str().unwrap());
        ask(codes, "{\"life\":900000}")["code"].as_str().unwrap().to_owned()
    }

    /// A door through which its notices go on to `to`, so that they are in its log.
    pub(crate) fn door(&self, to: SocketAddr) -> Server {
        let log = self.log.clone();
        serve(&self.runtime, move |request| {
            keep(&log, &request.headers, &request.body);
            relayed(to, request)
        })
    }

    /// Its log, as a reviewer gets it.
    pub(crate) fn log(&self) -> String {
        let log = self.log.lock().unwrap();
        log.iter().flat_map(|line| [line.to_string(), "\n".to_owned()]).collect()
    }

    /// Where it is, as a profile names it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.relay.address())
    }
}

/// Something that listens on this machine.
pub(crate) fn serve<F>(
    runtime: &Runtime,
    answer: impl Fn(Request) -> F + Send + Sync + 'static,
) -> Server
where
    F: Future<Output = Reply> + Send + 'static,
{
    runtime.block_on(async {
        let listener = wire::loopback().await.unwrap();
        wire::serve(listener, Patience::Short, answer).unwrap()
    })
}

/// Puts a message into a log.
fn keep(log: &Log, headers: &[(String, String)], body: &[u8]) {
    let signature = headers.iter().find(|(name, _)| name == "signature").map(|(_, value)| value);
    let body = String::from_utf8_lossy(body);
    log.lock().unwrap().push(json!({ "signature": signature, "body": body }));
}

async fn control(at: SocketAddr, call: Call) -> Value {
    let call = call.header("content-type", "application/json");
    let call = call.header("x-control-token", TOKEN);
    let answer = Client::one_call_each().send(at, "gateway.example", call).await;
    serde_json::from_slice(&answer.unwrap().body).unwrap()
}

/// Ends the review that a question is about, if it is to end.
async fn review(behind: SocketAddr, question: &Request, ending: &Reviewed) {
    if !question.path().ends_with("/inquiryRegistrationStatus") {
        return;
    }
    let asked = String::from_utf8_lossy(&question.body).into_owned();
    let about = ending.lock().unwrap().keys().find(|id| asked.contains(id.as_str())).cloned();
    let Some(id) = about else { return };
    let Some(body) = ending.lock().unwrap().remove(&id) else { return };
    let call = Call::post(format!("/_sandbox/merchants/{id}/review"), body.into_bytes());
    assert_eq!(control(behind, call).await["ended"], 1, "{id}");
}

async fn relayed(to: SocketAddr, request: Request) -> Reply {
    if request.path().starts_with("/_sandbox") {
        return Reply { status: 404, headers: vec![], body: b"no such page".to_vec() };
    }
    let mut call = match request.method.as_str() {
        "GET" => Call::get(request.target.clone()),
        _ => Call::post(request.target.clone(), request.body.clone()),
    };
    for (name, value) in &request.headers {
        if !["host", "connection", "content-length"].contains(&name.to_lowercase().as_str()) {
            call = call.header(name, value);
        }
    }
    let Ok(answer) = Client::one_call_each().send(to, "gateway.example", call).await else {
        // Whoever loses a message answers nothing.
        return Reply { status: 0, headers: vec![], body: vec![] };
    };
    let own = |name: &str| ["connection", "content-length", "transfer-encoding"].contains(&name);
    let headers = answer.headers.into_iter().filter(|(name, _)| !own(&name.to_lowercase()));
    Reply { status: answer.status, headers: headers.collect(), body: answer.body }
}

/// An answer as it would be at a gateway whose clock nobody has moved.
fn at_real_time(mut reply: Reply, target: &str, moved: i64, key: &PrivateKey) -> Reply {
    let find = |name: &str| {
        let found = reply.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    };
    let told = find("response-time").zip(find("client-id")).zip(find("signature"));
    let Some(((told, client_id), _)) = told.filter(|_| moved != 0) else { return reply };
    let time = iso8601(parse_time(&told).unwrap() - moved);
    let signed = Signed { target, client_id: &client_id, time: &time, body: &reply.body };
    let signature = signed.sign(key).unwrap();
    for (name, value) in &mut reply.headers {
        match name.as_str() {
            "response-time" => value.clone_from(&time),
            "signature" => value.clone_from(&signature),
            _ => {}
        }
    }
    reply
}

/// Runs with a buyer at the terminal, whose wallet is `wallet` where one is named.
pub(crate) fn with_buyer(
    stand: &Stand,
    foreign: &Foreign,
    wallet: Option<&str>,
    arguments: &[&str],
) -> Option<Output> {
    at_terminal(stand, foreign, wallet, &[&["--out", "run"][..], arguments].concat())
}

/// The same, with nothing but these arguments.
pub(crate) fn at_terminal(
    stand: &Stand,
    foreign: &Foreign,
    wallet: Option<&str>,
    arguments: &[&str],
) -> Option<Output> {
    let mut told = terminal(stand, foreign, arguments)?;
    Some(told.envs(wallet.map(|wallet| ("WALLET", wallet))).output().unwrap())
}

/// The same, with somebody who presses Ctrl-C once the record of the run `run` has this in it.
pub(crate) fn interrupted(
    stand: &Stand,
    foreign: &Foreign,
    word: &str,
    arguments: &[&str],
) -> Output {
    let mut told = terminal(stand, foreign, arguments).unwrap();
    told.env("INTERRUPT", word).output().unwrap()
}

fn terminal(stand: &Stand, foreign: &Foreign, arguments: &[&str]) -> Option<Command> {
    let behind = format!("http://{}", foreign.behind);
    let buyer = [&behind, TOKEN, env!("CARGO_BIN_EXE_assay"), "run", "--profile", "assay.yaml"];
    seated("foreign/buyer.py", &[&buyer[..], arguments].concat(), &stand.path(""))
}
