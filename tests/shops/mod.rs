//! The example shops as processes of their own, and `assay run` against them.

#![allow(dead_code, reason = "each test crate uses its own part")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::ports::free;

/// Which of the shops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// On the official Python SDK.
    Python,
    /// Of the older generation, in Node.js.
    Node,
}

/// How a shop goes to the witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// In plain HTTP, to doors that speak it.
    Plain,
    /// Under TLS, and trusts the authority of the doors.
    Tls,
    /// Under TLS, and trusts nobody that it does not know.
    Distrusting,
    /// In plain HTTP, to doors that speak TLS.
    Misled,
    /// Under TLS, to doors that speak plain HTTP.
    Ahead,
}

impl Line {
    /// What the addresses of the witness begin with, as the shop has them.
    fn scheme(self) -> &'static str {
        match self {
            Self::Plain | Self::Misled => "http",
            Self::Tls | Self::Distrusting | Self::Ahead => "https",
        }
    }

    /// Whether the profile names an authority.
    fn has_authority(self) -> bool {
        match self {
            Self::Plain | Self::Ahead => false,
            Self::Tls | Self::Distrusting | Self::Misled => true,
        }
    }
}

/// A shop that is open, with a folder for its profile and its runs.
pub(crate) struct Shop {
    process: Child,
    folder: TempDir,
}

impl Drop for Shop {
    fn drop(&mut self) {
        // It may have ended by itself, which its cases have shown.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn examples(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// The interpreter with the SDK, which `.ci/setup` installs.
fn python() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/merchant-python/bin/python")
}

impl Kind {
    /// Whether what it needs is installed. Where it is not, the test is left out with a message, and
    /// fails in CI.
    pub(crate) fn is_there(self) -> bool {
        let (program, argument) = match self {
            Self::Python => (python(), "-c"),
            Self::Node => ("node".into(), "-e"),
        };
        let asked = Command::new(program).args([argument, ""]).output();
        let there = asked.is_ok_and(|output| output.status.success());
        assert!(there || std::env::var_os("CI").is_none(), "{self:?}: run .ci/setup first");
        if !there {
            skipped(self);
        }
        there
    }

    /// The shop, with the addresses of the witness as it has them.
    fn command(self, [calls, notices]: [&str; 2]) -> Command {
        match self {
            Self::Python => {
                let mut command = Command::new(python());
                command.args(["-m", "shop", "--adapter", "127.0.0.1:0", "--notify", "127.0.0.1:0"]);
                command.args(["--client-id", "SANDBOX_5Y00000000000001", "--cashier-life", "0"]);
                command.args(["--review-every", "5", "--registration-again", "5"]);
                command.args(["--fetch-again", "5", "--gateway", calls]);
                command.args(["--notify-url", &format!("{notices}/alipay/notify")]);
                command.args(["--return-url", &format!("{notices}/return")]);
                command.env("PYTHONDONTWRITEBYTECODE", "1");
                command.current_dir(examples("merchant-python"));
                command
            }
            Self::Node => {
                let mut command = Command::new("node");
                command.args(["src/main.js", "--adapter-port", "0", "--notify-port", "0"]);
                command.args(["--partner", "2088000000000001", "--sign-type", "RSA2"]);
                command.args(["--fetch-again", "5", "--review-every", "5"]);
                command.args(["--gateway", calls]);
                command.args(["--notify-url", &format!("{notices}/notify?a=1&b=2")]);
                command.args(["--return-url", &format!("{notices}/return")]);
                command.current_dir(examples("merchant-node"));
                command
            }
        }
    }

    /// Opens the shop, with a mistake where one is named, for these products.
    pub(crate) fn open(self, products: &str, defect: Option<&str>) -> Shop {
        self.open_over(Line::Plain, products, defect)
    }

    /// The same, with another way to the witness.
    pub(crate) fn open_over(self, line: Line, products: &str, defect: Option<&str>) -> Shop {
        let folder = furnished();
        let at = folder.path();
        let doors = [free(), free()].map(|door| door.to_string());
        let known = doors.each_ref().map(|door| {
            // By name, as certificates mostly are for names.
            let host = if line.has_authority() { "localhost" } else { "127.0.0.1" };
            format!("{}://{}", line.scheme(), door.replace("127.0.0.1", host))
        });
        let mut command = self.command([&known[0], &known[1]]);
        let tls = if line.has_authority() { authority(at) } else { "" };
        if line == Line::Tls {
            command.arg("--ca").arg(at.join("ca.crt"));
        }
        let (own, gateway) = match self {
            Self::Python => ("--private-key", "--gateway-key"),
            Self::Node => ("--merchant-key", "--gateway-public-key"),
        };
        let files = [(own, "merchant.pem"), (gateway, "alipay.pub"), ("--reports", "files")];
        for (flag, name) in files {
            command.arg(flag).arg(at.join(name));
        }
        if let Some(defect) = defect {
            command.args(["--defect", defect]);
        }
        let log = fs::File::create(at.join("shop.log")).unwrap();
        let mut process = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut first = String::new();
        let out = process.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut first).unwrap();
        let told: Value = serde_json::from_str(&first).unwrap_or_default();
        let shop = Shop { process, folder };
        assert!(told.is_object(), "{self:?} does not open: {}", shop.log());
        let profile = self.profile(&told, products, &doors, tls);
        fs::write(shop.folder.path().join("assay.yaml"), profile).unwrap();
        shop
    }

    /// The profile for a shop that has told where it is.
    fn profile(self, told: &Value, products: &str, doors: &[String; 2], tls: &str) -> String {
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        let (generation, account, notify) = match self {
            Self::Python => (
                "ams",
                "client_id: SANDBOX_5Y00000000000001",
                format!("{}/alipay/notify", text("notify")),
            ),
            Self::Node => (
                "legacy",
                "partner: \"2088000000000001\"",
                format!("http://127.0.0.1:{}/notify?a=1&b=2", told["notify_port"]),
            ),
        };
        let ([calls, notices], adapter) = (doors, text("adapter"));
        format!(
            "\
generation: {generation}
products: [{products}]
merchant: {{ driver: http, url: \"{adapter}\", notify_url: \"{notify}\" }}
witness: {{ listen: \"{calls}\", notify_listen: \"{notices}\"{tls} }}
gateway:
  url: embedded
  {account}
  merchant_key: {{ file: merchant.pem }}
  gateway_public_key: {{ file: alipay.pub }}
reconciliation: {{ folder: files }}
report: {{ key: {{ file: report.pem }}, integrator: ACME Pay, contact: qa@acme.example }}
"
        )
    }
}

/// A folder with what every profile here names.
fn furnished() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    key(at, "merchant.pem", include_str!("../../crates/merchant/keys/reference-merchant.pem"));
    key(at, "report.pem", include_str!("../../steps/keys/stranger.pem"));
    let gateway = sandbox::embedded_key().unwrap().public();
    fs::write(at.join("alipay.pub"), gateway.to_spki_pem()).unwrap();
    fs::create_dir(at.join("files")).unwrap();
    folder
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skipped(kind: Kind) {
    eprintln!("skipped: what the shop {kind:?} needs is missing; .ci/setup installs it");
}

fn key(folder: &Path, name: &str, pem: &str) {
    let path = folder.join(name);
    fs::write(&path, pem).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// Has assay make an authority in a folder, and answers what the section of the witness says of it.
fn authority(folder: &Path) -> &'static str {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    let made = command.args(["keys", "ca", "--out", "ca"]).current_dir(folder).output().unwrap();
    assert!(made.status.success(), "{}", said(&made));
    ", tls: { key: ca.pem, certificate: ca.crt }"
}

/// What a command said, on both streams.
pub(crate) fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

impl Shop {
    /// What the shop itself says.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("shop.log")).unwrap_or_default()
    }

    /// What assay says to these arguments in the folder of the profile.
    pub(crate) fn assay(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.args(arguments).env("ASSAY_LANG", "en").env("NO_COLOR", "1");
        command.current_dir(self.folder.path()).output().unwrap()
    }

    /// Plays these cases, or all that are mandatory, and answers how that ended and what came out.
    pub(crate) fn play(&self, cases: &[&str]) -> (Output, Value) {
        let run = [&["run", "--profile", "assay.yaml", "--out", "run"][..], cases].concat();
        let output = self.assay(&run);
        let results = fs::read(self.folder.path().join("run/results.json"));
        let results = results.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        assert!(results.is_some(), "{}\n{}", said(&output), self.log());
        (output, results.unwrap_or_default())
    }

    /// A file of the folder.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.path().join(name)).unwrap()
    }

    /// Verifies the bundle.
    pub(crate) fn verify(&self) -> Output {
        self.assay(&["verify", "run/acceptance.zip", "--trust", "run/report.pub"])
    }
}

fn listed(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The runs of a case: how each ended, and who is blamed.
pub(crate) fn runs(results: &Value, case: &str) -> Vec<(String, String)> {
    let cases = results["cases"].as_array().unwrap().iter();
    let mut attempts = vec![];
    for run in cases.filter(|known| known["id"] == case).flat_map(|known| listed(&known["runs"])) {
        attempts.extend(listed(&run["attempts"]));
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    attempts
        .into_iter()
        .map(|attempt| (text(&attempt["outcome"]), text(&attempt["blamed"])))
        .collect()
}
