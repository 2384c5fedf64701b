//! The reference merchant behind an adapter, on real time, and `assay run` against it.

#![allow(dead_code, reason = "each test crate uses its own part")]

mod renaming;

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;

use clock::Clock;
use delivery::Source;
use merchant::{Contract, Driver, GatewayAddress, Habits, Identity, Reference, Reports, Setup};
use signing::{PrivateKey, PublicKey};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wire::Client;

use crate::ports::free;
use renaming::Renaming;

/// Under which numbers a merchant has its orders.
#[derive(Debug, Clone, Copy)]
enum Numbers {
    AsGiven,
    ItsOwn,
}

/// A merchant outside, and a folder with a profile for it.
pub(crate) struct Stand {
    folder: TempDir,
    key: PrivateKey,
    numbers: Numbers,
    /// Where the witness stands: for calls, and for notices.
    witness: [SocketAddr; 2],
    /// Where the merchant listens: its adapter, and what takes notices.
    doors: [SocketAddr; 2],
    gateway: Gateway,
    servers: Vec<wire::Server>,
    runtime: Runtime,
}

/// What the merchant pays through.
pub(crate) struct Gateway {
    /// Its lines in the profile, but for the account.
    pub(crate) lines: String,
    /// What it signs with.
    pub(crate) key: PublicKey,
}

impl Gateway {
    pub(crate) fn embedded() -> Self {
        let key = sandbox::embedded_key().unwrap().public();
        Self { lines: "  url: embedded\n".into(), key }
    }
}

pub(crate) fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

impl Stand {
    /// A merchant for all products of the newer generation.
    pub(crate) fn open() -> Self {
        let key = PrivateKey::generate(2048).unwrap();
        Self::opened(Gateway::embedded(), key, Numbers::AsGiven)
    }

    /// One that has numbers of its own for its orders.
    pub(crate) fn of_own_numbers() -> Self {
        let key = PrivateKey::generate(2048).unwrap();
        Self::opened(Gateway::embedded(), key, Numbers::ItsOwn)
    }

    /// One at a gateway, which knows it by this key.
    pub(crate) fn open_at(gateway: Gateway, key: PrivateKey) -> Self {
        Self::opened(gateway, key, Numbers::AsGiven)
    }

    fn opened(gateway: Gateway, key: PrivateKey, numbers: Numbers) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("files")).unwrap();
        let [witness, doors] = [(); 2].map(|()| [free(), free()]);
        let runtime = Runtime::new().unwrap();
        let servers = vec![];
        let mut stand = Self { folder, key, numbers, witness, doors, gateway, servers, runtime };
        stand.start();
        stand.write_profile();
        stand
    }

    /// Opens the merchant's doors, with empty books behind them.
    pub(crate) fn start(&mut self) {
        let [calls, notices] = self.witness;
        let setup = Setup {
            contract: Contract::Ams {
                client_id: "SANDBOX_5Y00000000000001".into(),
                key: self.key.clone(),
                gateway_key: self.gateway.key.clone(),
            },
            gateway: GatewayAddress { address: calls, host: calls.to_string() },
            notify_url: format!("http://{notices}/alipay/notify?shop=8"),
            return_url: format!("http://{notices}/thanks"),
            identity: Identity::default(),
            habits: Habits { async_refunds: false, barcode_notices: false },
            reports: Reports::embedded(Source::Folder(self.path("files"))),
        };
        let [adapter, till] = self.doors;
        self.servers = self.runtime.block_on(async {
            let merchant = Reference::new(setup, Clock::real(), Client::new());
            let bind = tokio::net::TcpListener::bind;
            let till = merchant.listen(bind(till).await.unwrap()).unwrap();
            let listener = bind(adapter).await.unwrap();
            let driver: Arc<dyn Driver> = match self.numbers {
                Numbers::AsGiven => Arc::new(merchant),
                Numbers::ItsOwn => Arc::new(Renaming(Arc::new(merchant))),
            };
            vec![till, merchant::adapter::serve(listener, "/assay", driver).unwrap()]
        });
    }

    /// Shuts the merchant's doors from one moment to the next.
    pub(crate) fn crash(&mut self) {
        self.servers.clear();
    }

    fn write_profile(&self) {
        let write = |name: &str, text: String| fs::write(self.path(name), text).unwrap();
        write("merchant.pem", self.key.to_pkcs8_pem());
        write("report.pem", PrivateKey::generate(2048).unwrap().to_pkcs8_pem());
        write("alipay.pub", self.gateway.key.to_spki_pem());
        let through = &self.gateway.lines;
        let ([calls, notices], [adapter, till]) = (self.witness, self.doors);
        write(
            "assay.yaml",
            format!(
                "\
generation: ams
products: [user-presented, order-code, entry-code, cashier]
merchant:
  driver: http
  url: http://{adapter}/assay
  notify_url: http://{till}/alipay/notify?shop=8
witness: {{ listen: {calls}, notify_listen: {notices} }}
gateway:
{through}  client_id: SANDBOX_5Y00000000000001
  merchant_key: {{ file: merchant.pem }}
  gateway_public_key: {{ file: alipay.pub }}
reconciliation: {{ folder: files }}
report: {{ key: {{ file: report.pem }}, integrator: ACME Pay, contact: qa@acme.example }}
"
            ),
        );
    }

    /// Where the merchant's adapter serves.
    pub(crate) fn adapter(&self) -> String {
        format!("http://{}/assay", self.doors[0])
    }

    /// Where the witness takes calls.
    pub(crate) fn calls(&self) -> SocketAddr {
        self.witness[0]
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Opens other doors of the merchant's, which knows a gateway by this key from now on.
    pub(crate) fn know(&mut self, gateway: PublicKey) {
        self.gateway.key = gateway;
        let mut profile = fs::read_to_string(self.path("assay.yaml")).unwrap();
        for door in &mut self.doors {
            let before = std::mem::replace(door, free());
            profile = profile.replace(&before.to_string(), &door.to_string());
        }
        fs::write(self.path("assay.yaml"), profile).unwrap();
        self.start();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.args(arguments).env("ASSAY_LANG", "en").env("NO_COLOR", "1");
        command.current_dir(self.folder.path());
        command
    }

    /// Runs these cases into the folder `run`.
    pub(crate) fn run(&self, cases: &[&str]) -> Output {
        self.running(cases).output().unwrap()
    }

    /// The same, to be started.
    pub(crate) fn running(&self, cases: &[&str]) -> Command {
        self.command(&[&["run", "--profile", "assay.yaml", "--out", "run"][..], cases].concat())
    }

    /// What is recorded so far.
    pub(crate) fn record(&self) -> String {
        self.read("record.ndjson")
    }

    /// A file of the run, as text.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path("run").join(name)).unwrap_or_default()
    }

    /// Verifies the bundle of the run.
    pub(crate) fn verify(&self) -> Output {
        self.verify_with(&[])
    }

    /// The same with further arguments.
    pub(crate) fn verify_with(&self, more: &[&str]) -> Output {
        let verify = ["verify", "run/acceptance.zip", "--trust", "run/report.pub"];
        self.command(&[&verify[..], more].concat()).output().unwrap()
    }
}
