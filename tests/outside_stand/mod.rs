//! The reference merchant behind an adapter, on real time, and `assay run` against it.

#![allow(dead_code, reason = "each test crate uses its own part")]

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;

use clock::Clock;
use delivery::Source;
use merchant::{Contract, Defect, GatewayAddress, Habits, Identity, Reference, Reports, Setup};
use signing::PrivateKey;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wire::Client;

/// A merchant outside, and a folder with a profile for it.
pub(crate) struct Stand {
    folder: TempDir,
    _servers: Vec<wire::Server>,
    _runtime: Runtime,
}

pub(crate) fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// A free address; whoever listens there next is meant to.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Stand {
    /// A merchant for all products of the newer generation, with a defect where one is named.
    pub(crate) fn open(defect: Option<Defect>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (calls, notices) = (free(), free());
        let runtime = Runtime::new().unwrap();
        let key = PrivateKey::generate(2048).unwrap();
        let gateway_key = sandbox::embedded_key().unwrap().public();
        let (servers, adapter, till) = runtime.block_on(async {
            let till = wire::loopback().await.unwrap();
            let at = till.local_addr().unwrap();
            let setup = Setup {
                contract: Contract::Ams {
                    client_id: "SANDBOX_5Y00000000000001".into(),
                    key: key.clone(),
                    gateway_key: gateway_key.clone(),
                },
                gateway: GatewayAddress { address: calls, host: calls.to_string() },
                notify_url: format!("http://{notices}/alipay/notify?shop=8"),
                return_url: format!("http://{notices}/thanks"),
                identity: Identity::default(),
                habits: Habits { async_refunds: false, barcode_notices: false },
                reports: Reports::embedded(Source::Folder(folder.path().join("files"))),
            };
            let merchant = Reference::new(setup, Clock::real(), Client::new());
            let merchant = match defect {
                Some(defect) => merchant.with_defect(defect),
                None => merchant,
            };
            let notified = merchant.listen(till).unwrap();
            let listener = wire::loopback().await.unwrap();
            let adapter = merchant::adapter::serve(listener, "/assay", Arc::new(merchant)).unwrap();
            let address = adapter.address();
            (vec![notified, adapter], address, at)
        });
        fs::create_dir(folder.path().join("files")).unwrap();
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        write("merchant.pem", key.to_pkcs8_pem());
        write("report.pem", PrivateKey::generate(2048).unwrap().to_pkcs8_pem());
        write("alipay.pub", gateway_key.to_spki_pem());
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
  url: embedded
  client_id: SANDBOX_5Y00000000000001
  merchant_key: {{ file: merchant.pem }}
  gateway_public_key: {{ file: alipay.pub }}
reconciliation: {{ folder: files }}
report: {{ key: {{ file: report.pem }}, integrator: ACME Pay, contact: qa@acme.example }}
"
            ),
        );
        Self { folder, _servers: servers, _runtime: runtime }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn assay(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.args(arguments).env("ASSAY_LANG", "en").env("NO_COLOR", "1");
        command.current_dir(self.folder.path()).output().unwrap()
    }

    /// Runs these cases into the folder `run`.
    pub(crate) fn run(&self, cases: &[&str]) -> Output {
        self.assay(&[&["run", "--profile", "assay.yaml", "--out", "run"][..], cases].concat())
    }

    /// Verifies the bundle of the run.
    pub(crate) fn verify(&self) -> Output {
        self.assay(&["verify", "run/acceptance.zip", "--trust", "run/report.pub"])
    }
}
