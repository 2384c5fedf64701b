//! A sandbox in the place of somebody else's gateway: whoever comes to it through the relay finds no
//! control API. A buyer has one, who knows the way behind it.

#![allow(dead_code, reason = "each test crate uses its own part")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use signing::PrivateKey;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wire::{Call, Client, Patience, Reply, Request, Server};

use crate::outside_stand::Stand;

/// What the control API behind the relay asks for.
pub(crate) const TOKEN: &str = "a-token-of-the-buyers";

/// The gateway, and the relay in front of it.
pub(crate) struct Foreign {
    _folder: TempDir,
    sandbox: Child,
    /// Where the control API answers.
    pub(crate) behind: SocketAddr,
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
        let folder = tempfile::tempdir().unwrap();
        let [merchant, gateway] = [(); 2].map(|()| PrivateKey::generate(2048).unwrap());
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        write("merchant.pub", merchant.public().to_spki_pem());
        write("gateway.pem", gateway.to_pkcs8_pem());
        let mut sandbox = Command::new(env!("CARGO_BIN_EXE_assay"))
            .args(["sandbox", "--listen", "127.0.0.1:0", "--client-id", "SANDBOX_5Y00000000000001"])
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
        let relay = serve(&runtime, move |request| relayed(behind, request));
        Self { _folder: folder, sandbox, behind, relay, runtime, merchant, gateway }
    }

    /// A code of a buyer who pays at once.
    pub(crate) fn code(&self) -> String {
        let ask = |target: String, body: &str| {
            let call = Call::post(target, body.as_bytes().to_vec());
            let call = call.header("content-type", "application/json");
            let call = call.header("x-control-token", TOKEN);
            let http = Client::one_call_each();
            let answer = self.runtime.block_on(http.send(self.behind, "gateway.example", call));
            serde_json::from_slice::<serde_json::Value>(&answer.unwrap().body).unwrap()
        };
        let wallet = ask("/_sandbox/wallets".into(), "{}");
        let codes = format!("/_sandbox/wallets/{}/codes", wallet["wallet"].as_str().unwrap());
        ask(codes, "{\"life\":900000}")["code"].as_str().unwrap().to_owned()
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
    let answer = Client::one_call_each().send(to, "gateway.example", call).await.unwrap();
    let own = |name: &str| ["connection", "content-length", "transfer-encoding"].contains(&name);
    let headers = answer.headers.into_iter().filter(|(name, _)| !own(&name.to_lowercase()));
    Reply { status: answer.status, headers: headers.collect(), body: answer.body }
}

/// Runs with a buyer at the terminal, whose wallet is `wallet` where one is named.
pub(crate) fn with_buyer(
    stand: &Stand,
    foreign: &Foreign,
    wallet: Option<&str>,
    arguments: &[&str],
) -> Option<Output> {
    if Command::new("python3").arg("--version").output().is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI needs python3");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/buyer.py");
    let told = Command::new("python3")
        .arg(script)
        .args([&format!("http://{}", foreign.behind), TOKEN, env!("CARGO_BIN_EXE_assay"), "run"])
        .args(["--profile", "assay.yaml", "--out", "run"])
        .args(arguments)
        .env("ASSAY_LANG", "en")
        .env("NO_COLOR", "1")
        .envs(wallet.map(|wallet| ("WALLET", wallet)))
        .env_remove("CI")
        .current_dir(stand.path(""))
        .output();
    Some(told.unwrap())
}
