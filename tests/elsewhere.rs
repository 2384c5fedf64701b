//! A sandbox elsewhere that a team shares: driven like the embedded one by every run that has its
//! token, without any of them meeting another.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod outside_stand;
mod ports;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use outside_stand::{Gateway, Stand, said};
use serde_json::Value;
use signing::PrivateKey;
use tempfile::TempDir;

const CLIENT: &str = "SANDBOX_5Y00000000000001";
const TOKEN: &str = "a-token-of-the-team";

fn assay(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.args(arguments).env("ASSAY_LANG", "en").env("NO_COLOR", "1").current_dir(folder);
    command
}

/// Starts a sandbox that asks for the token: its process, and where it listens.
fn start(folder: &Path, account: &[&str]) -> (Child, SocketAddr) {
    let sandbox = ["sandbox", "--listen", "127.0.0.1:0"];
    let mut sandbox = assay(folder, &[&sandbox[..], account].concat())
        .env("ASSAY_CONTROL_TOKEN", TOKEN)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(sandbox.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let start = first.find("127.0.0.1:").unwrap();
    let address = first[start..].split(' ').next().unwrap().parse().unwrap();
    (sandbox, address)
}

/// A sandbox with a token and keys of its own, and a folder for who runs against it.
struct Team {
    folder: TempDir,
    sandbox: Child,
    address: SocketAddr,
    merchant: PrivateKey,
    gateway: PrivateKey,
}

impl Drop for Team {
    fn drop(&mut self) {
        drop(self.sandbox.kill());
        drop(self.sandbox.wait());
    }
}

impl Team {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [merchant, gateway, report] = [(); 3].map(|()| PrivateKey::generate(2048).unwrap());
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        write("merchant.pem", merchant.to_pkcs8_pem());
        write("merchant.pub", merchant.public().to_spki_pem());
        write("gateway.pem", gateway.to_pkcs8_pem());
        write("gateway.pub", gateway.public().to_spki_pem());
        write("report.pem", report.to_pkcs8_pem());
        write("report.pub", report.public().to_spki_pem());
        write("token.txt", format!("{TOKEN}\n"));
        let keys = ["--merchant-public-key", "merchant.pub", "--gateway-key", "gateway.pem"];
        let account = [&["--client-id", CLIENT][..], &keys].concat();
        let (sandbox, address) = start(folder.path(), &account);
        Self { folder, sandbox, address, merchant, gateway }
    }

    fn at(&self) -> &Path {
        self.folder.path()
    }

    /// The gateway's lines of a profile.
    fn gateway_lines(&self) -> String {
        let token = self.at().join("token.txt").display().to_string();
        format!("  url: http://{}\n  control_token: {{ file: {token} }}\n", self.address)
    }

    /// Writes a profile of the reference merchant's, with something in it replaced.
    fn write_profile(&self, (from, to): (&str, &str)) {
        let profile = format!(
            "\
generation: ams
products: [user-presented]
merchant: {{ driver: reference }}
gateway:
{}  client_id: {CLIENT}
  merchant_key: {{ file: merchant.pem }}
  gateway_public_key: {{ file: gateway.pub }}
report: {{ key: {{ file: report.pem }}, integrator: ACME Pay, contact: qa@acme.example }}
",
            self.gateway_lines()
        );
        assert!(profile.contains(from), "{from}");
        fs::write(self.at().join("assay.yaml"), profile.replace(from, to)).unwrap();
    }

    fn run(&self, more: &[&str]) -> Output {
        let run = ["run", "--profile", "assay.yaml", "--out", "run"];
        assay(self.at(), &[&run[..], more].concat()).output().unwrap()
    }

    /// What the control API of the operator's own tenant says.
    fn see(&self, what: &str) -> Value {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let call = wire::Call::get(format!("/_sandbox/{what}")).header("x-control-token", TOKEN);
        let answer = wire::Client::new();
        let answer = runtime.block_on(answer.send(self.address, "gateway.test", call)).unwrap();
        serde_json::from_slice(&answer.body).unwrap()
    }
}

/// Two runs on one sandbox at the same time, of one merchant under one seed: on one ledger their
/// payments would have the same ids.
#[test]
fn two_runs_on_one_sandbox_never_meet() {
    let team = Team::open();
    team.write_profile(("reference", "reference"));
    let through = Gateway { lines: team.gateway_lines(), key: team.gateway.public() };
    let stand = Stand::open_at(through, team.merchant.clone());
    let cases = ["AMS-PAY-001", "AMS-RFC-001", "--seed", "7"];
    let mut outside = stand.running(&[&cases[..], &["--gate", "selection"]].concat());
    let outside = outside.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let within = team.run(&[&cases[..], &["--gate", "selection"]].concat());
    let outside = outside.wait_with_output().unwrap();
    assert_eq!(within.status.code(), Some(0), "{}", said(&within));
    assert_eq!(outside.status.code(), Some(0), "{}", said(&outside));
    for told in [said(&within), said(&outside)] {
        assert!(told.contains("simulated: the gateway is assay's own sandbox"), "{told}");
    }
    // Nothing of them is left, and nothing came to the operator's own tenant.
    assert_eq!(team.see("tenants"), serde_json::json!([]));
    assert_eq!(team.see("payments"), serde_json::json!([]));
    // Whatever passes on a sandbox of assay's is a rehearsal, whoever started it.
    let results = fs::read(stand.path("run/results.json")).unwrap();
    let results: Value = serde_json::from_slice(&results).unwrap();
    assert_eq!(results["grade"], "rehearsal");
    let unknown = stand.verify();
    assert!(said(&unknown).contains("gateway unknown"), "{}", said(&unknown));
    fs::write(stand.path("gateway.pub"), team.gateway.public().to_spki_pem()).unwrap();
    let known = stand.verify_with(&["--gateway-key", "gateway.pub"]);
    assert!(said(&known).contains("messages of the gateway checked again"), "{}", said(&known));
    assert!(said(&known).contains("simulated"), "{}", said(&known));
}

/// The rules of a run go with each of its scenarios, are named in all papers, and leave nothing behind.
#[test]
fn a_run_takes_the_rules_of_its_profile_and_leaves_none() {
    let team = Team::open();
    team.write_profile(("gateway:\n", "gateway:\n  rules: rules.yaml\n"));
    let rules = |text: &str| fs::write(team.at().join("rules.yaml"), text).unwrap();
    rules("mock:\n- { api: pay, then: { http: 503 }, minutes: 120 }\n");
    let refused = team.run(&[]);
    assert_eq!(refused.status.code(), Some(66), "{}", said(&refused));
    assert!(said(&refused).contains("rules.yaml:2: "), "{}", said(&refused));
    assert!(!team.at().join("run").exists());
    rules("mock:\n- { api: pay, then: { signature: wrong }, minutes: 30 }\n");
    let played = team.run(&["AMS-PAY-001", "--format", "markdown"]);
    let told = said(&played);
    assert_eq!(played.status.code(), Some(2), "{told}");
    assert!(told.contains("failed at check S2: gateway at fault"), "{told}");
    let line = "pay: minutes 30, signature wrong";
    assert!(told.contains(line), "{told}");
    let why = format!("the run itself ordered answers: {line}");
    assert!(told.contains(&why), "{told}");
    for (file, named) in [
        ("report.html", line),
        ("junit.xml", r#"name="rules" value="pay: minutes 30, signature wrong""#),
        ("summary.md", "minutes 30"),
        ("profile.json", r#""signature": "wrong""#),
        ("record.ndjson", r#""what":"rules-of-the-run""#),
    ] {
        let text = fs::read_to_string(team.at().join("run").join(file)).unwrap();
        assert!(text.contains(named), "{file}");
    }
    assert_eq!(team.see("rules"), serde_json::json!([]));
    assert_eq!(team.see("tenants"), serde_json::json!([]));
    let verify = ["verify", "run/acceptance.zip", "--trust", "report.pub"];
    let verify = [&verify[..], &["--gateway-key", "gateway.pub"]].concat();
    let verified = assay(team.at(), &verify).output().unwrap();
    assert_eq!(verified.status.code(), Some(2), "{}", said(&verified));
    assert!(said(&verified).contains(line), "{}", said(&verified));
}

#[test]
fn who_does_not_fit_the_gateway_is_told_what_does_not_before_anything_is_played() {
    let team = Team::open();
    let dead = ports::free().to_string();
    let here = team.address.to_string();
    for (change, code, says, remedy) in [
        ((here.as_str(), dead.as_str()), 69, "nothing answers at", "start the gateway"),
        (("token.txt", "merchant.pub"), 66, "a token of 12 to 256", "openssl rand -hex 16"),
        ((CLIENT, "SANDBOX_5Y00000000000002"), 66, "INVALID_CLIENT", "correct gateway.client_id"),
        (
            ("{ file: merchant.pem }", "{ file: other.pem }"),
            66,
            "refuses what the profile's merchant key signs: INVALID_SIGNATURE",
            "let the gateway know the public half",
        ),
        (
            ("{ file: gateway.pub }", "{ file: other.pub }"),
            66,
            "signs with another key than the profile has",
            "let gateway.gateway_public_key be",
        ),
    ] {
        let other = PrivateKey::generate(2048).unwrap();
        fs::write(team.at().join("other.pem"), other.to_pkcs8_pem()).unwrap();
        fs::write(team.at().join("other.pub"), other.public().to_spki_pem()).unwrap();
        team.write_profile(change);
        let told = team.run(&["AMS-PAY-001"]);
        let text = said(&told);
        assert_eq!(told.status.code(), Some(code), "{change:?}: {text}");
        assert!(text.contains(says) && text.contains(remedy), "{change:?}: {text}");
        assert!(!team.at().join("run").exists(), "{change:?}");
    }
    team.write_profile(("reference", "reference"));
    for (token, code) in [("another-token-than-ours", 69), ("", 69)] {
        let told = team.run(&["AMS-PAY-001", "--control-token", token]);
        assert_eq!(told.status.code(), Some(code), "{}", said(&told));
        assert!(said(&told).contains("wants another control token"), "{}", said(&told));
        assert!(said(&told).contains("gateway.control_token"), "{}", said(&told));
    }
    assert_eq!(team.see("tenants"), serde_json::json!([]));
}

/// What was under way breaks off, and what comes next finds no tenant: both are the gateway's.
#[test]
fn a_sandbox_that_dies_is_no_fault_of_the_merchants() {
    let mut team = Team::open();
    team.write_profile(("reference", "reference"));
    let run = ["run", "--profile", "assay.yaml", "--out", "run", "--jobs", "1"];
    let run = [&run[..], &["AMS-PAY-001", "AMS-PAY-002#1"]].concat();
    let mut run = assay(team.at(), &run);
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let record = team.at().join("run/record.ndjson");
    while !fs::read_to_string(&record).unwrap_or_default().contains("answer-received") {
        assert_eq!(run.try_wait().unwrap(), None, "ended before anything was answered");
        std::thread::yield_now();
    }
    team.sandbox.kill().unwrap();
    team.sandbox.wait().unwrap();
    let run = run.wait_with_output().unwrap();
    let told = said(&run);
    assert_eq!(run.status.code(), Some(2), "{told}");
    for case in ["AMS-PAY-001", "AMS-PAY-002#1"] {
        assert!(told.contains(&format!("aborted {case}")), "{told}");
    }
    assert!(told.contains("no stage could be set: the gateway's control API cannot"), "{told}");
    assert!(told.contains("(gateway)") && !told.contains("(merchant)"), "{told}");
    // The record says the same when it is judged again.
    let verify = ["verify", "run/acceptance.zip", "--trust", "report.pub"];
    let verify = assay(team.at(), &verify).output().unwrap();
    assert_eq!(verify.status.code(), Some(2), "{}", said(&verify));
}

/// The older generation under a key that both sides share.
#[test]
fn a_sandbox_of_the_older_generation_is_shared_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let write = |name: &str, text: String| fs::write(at.join(name), text).unwrap();
    write("md5.txt", "q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6".into());
    write("other.txt", "0h8g5f2d9s6q8v2m5x0c7b4n1z9l6k3j".into());
    write("report.pem", PrivateKey::generate(2048).unwrap().to_pkcs8_pem());
    let account =
        ["--generation", "legacy", "--partner", "2088000000000001", "--md5-key", "md5.txt"];
    let (mut sandbox, address) = start(at, &account);
    let profile = format!(
        "\
generation: legacy
products: [barcode]
conditions: {{ sign_type: MD5 }}
merchant: {{ driver: reference }}
gateway:
  url: http://{address}
  partner: '2088000000000001'
  md5_key: {{ file: md5.txt }}
  control_token: {{ env: TEAM }}
report: {{ key: {{ file: report.pem }}, integrator: ACME Pay, contact: qa@acme.example }}
"
    );
    let run = |profile: String| {
        write("assay.yaml", profile);
        let run = ["run", "--profile", "assay.yaml", "--out", "run", "LEG-PAY-001"];
        let run = [&run[..], &["--gate", "selection"]].concat();
        assay(at, &run).env("TEAM", TOKEN).output().unwrap()
    };
    let strange = run(profile.replace("0001'", "0002'"));
    let wrong = run(profile.replace("md5.txt", "other.txt"));
    let right = run(profile);
    drop(sandbox.kill());
    drop(sandbox.wait());
    assert_eq!(strange.status.code(), Some(66), "{}", said(&strange));
    assert!(said(&strange).contains("2088000000000002: ILLEGAL_PARTNER"), "{}", said(&strange));
    assert_eq!(wrong.status.code(), Some(66), "{}", said(&wrong));
    assert!(said(&wrong).contains("signs: ILLEGAL_SIGN"), "{}", said(&wrong));
    assert_eq!(right.status.code(), Some(0), "{}", said(&right));
}
