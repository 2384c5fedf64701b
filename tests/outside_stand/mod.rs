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
use merchant::{
    Contract, Defect, Driver, GatewayAddress, Habits, Identity, Reference, Reports, Setup,
};
use protocol::Generation;
use protocol::legacy::{Charset, Signer, Verifier};
use signing::{PrivateKey, PublicKey};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wire::Client;

use crate::ports::free;
use renaming::Renaming;

/// Who plays, at the gateway.
pub(crate) const CLIENT_ID: &str = "SANDBOX_5Y00000000000001";
/// The same in the older generation.
pub(crate) const PARTNER: &str = "2088000000000001";

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
    generation: Generation,
    /// What is wrong with it.
    defect: Option<Defect>,
    /// Where the witness stands: for calls, and for notices.
    witness: [SocketAddr; 2],
    /// Where the merchant listens: its adapter, and what takes notices.
    doors: [SocketAddr; 2],
    gateway: Gateway,
    /// By which address the gateway reaches the witness, where it is another than the witness's own.
    public: Option<SocketAddr>,
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

    /// A shop on the web of the older generation, which may have a mistake.
    pub(crate) fn shop_at(gateway: Gateway, key: PrivateKey, defect: Option<Defect>) -> Self {
        Self::selling(gateway, key, (Numbers::AsGiven, Generation::Legacy, defect))
    }

    fn opened(gateway: Gateway, key: PrivateKey, numbers: Numbers) -> Self {
        Self::selling(gateway, key, (numbers, Generation::Ams, None))
    }

    fn selling(
        gateway: Gateway,
        key: PrivateKey,
        (numbers, generation, defect): (Numbers, Generation, Option<Defect>),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("files")).unwrap();
        let [witness, doors] = [(); 2].map(|()| [free(), free()]);
        let runtime = Runtime::new().unwrap();
        let servers = vec![];
        let public = None;
        let mut stand = Self {
            folder,
            key,
            numbers,
            generation,
            defect,
            witness,
            doors,
            gateway,
            public,
            servers,
            runtime,
        };
        stand.start();
        stand.write_profile();
        stand
    }

    /// Opens the merchant's doors, with empty books behind them.
    pub(crate) fn start(&mut self) {
        let [calls, notices] = self.witness;
        let notices = self.public.unwrap_or(notices);
        let setup = Setup {
            contract: self.contract(),
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
            let merchant = match self.defect {
                Some(defect) => merchant.with_defect(defect),
                None => merchant,
            };
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

    fn contract(&self) -> Contract {
        let (key, gateway_key) = (self.key.clone(), self.gateway.key.clone());
        match self.generation {
            Generation::Ams => Contract::Ams { client_id: CLIENT_ID.into(), key, gateway_key },
            Generation::Legacy => Contract::Legacy {
                partner: PARTNER.into(),
                signer: Signer::Rsa2(key),
                gateway: Verifier::Rsa2(gateway_key),
                charset: Charset::Utf8,
                post: true,
            },
        }
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
        let (generation, products, account) = match self.generation {
            Generation::Ams => (
                "ams",
                "user-presented, order-code, entry-code, cashier",
                format!("client_id: {CLIENT_ID}"),
            ),
            Generation::Legacy => ("legacy", "website", format!("partner: '{PARTNER}'")),
        };
        write(
            "assay.yaml",
            format!(
                "\
generation: {generation}
products: [{products}]
merchant:
  driver: http
  url: http://{adapter}/assay
  notify_url: http://{till}/alipay/notify?shop=8
witness: {{ listen: {calls}, notify_listen: {notices} }}
gateway:
{through}  {account}
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

    /// Where the witness takes notices.
    pub(crate) fn notices(&self) -> SocketAddr {
        self.witness[1]
    }

    /// Has the gateway reach the witness by another address, which the merchant names from now on.
    pub(crate) fn reached_at(&mut self, public: SocketAddr) {
        self.public = Some(public);
        let listen = format!("notify_listen: {}", self.notices());
        self.edit(&listen, &format!("{listen}, public_url: http://{public}"));
        self.reopen();
    }

    /// Writes something else into the profile.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let profile = fs::read_to_string(self.path("assay.yaml")).unwrap();
        assert!(profile.contains(from), "{from}");
        fs::write(self.path("assay.yaml"), profile.replace(from, to)).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Opens other doors of the merchant's, which knows a gateway by this key from now on.
    pub(crate) fn know(&mut self, gateway: PublicKey) {
        self.gateway.key = gateway;
        self.reopen();
    }

    fn reopen(&mut self) {
        let before = std::mem::replace(&mut self.doors, [free(), free()]);
        for (before, door) in before.iter().zip(self.doors) {
            self.edit(&before.to_string(), &door.to_string());
        }
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
