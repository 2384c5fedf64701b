//! The seal of a run, verified by programs that know nothing of assay: openssl, securesystemslib in
//! Python, and @sigstore/verify in Node.js. Each takes the good one and refuses what was tampered
//! with. `.ci/setup` installs them; elsewhere who is missing is left out, and says so.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assay::seal::{
    EvidenceRange, SIGSTORE_FILE, STATEMENT_FILE, Statement, open_bundle, read_statement,
    seal_files,
};
use program::assay;
use serde_json::Value;
use signing::{PrivateKey, PublicKey};

/// A program from outside.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Verifier {
    OpenSsl,
    SecureSystemsLib,
    Sigstore,
}

use Verifier::{OpenSsl, SecureSystemsLib, Sigstore};

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Verifier {
    /// What starts it.
    fn program(self) -> PathBuf {
        match self {
            OpenSsl => "openssl".into(),
            SecureSystemsLib => home().join("target/seal-python/bin/python"),
            Sigstore => "node".into(),
        }
    }

    /// Whether it can be asked here.
    #[expect(clippy::print_stderr, reason = "a verifier that is left out says so")]
    fn is_there(self) -> bool {
        let modules = home().join("target/seal-node/node_modules/@sigstore/verify");
        let there = Command::new(self.program()).arg(self.version()).output().is_ok();
        let there = there && (self != Sigstore || modules.is_dir());
        if !there {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI needs {self:?}: .ci/setup");
            eprintln!("skipped: {self:?} is missing, .ci/setup installs it");
        }
        there
    }

    fn version(self) -> &'static str {
        if self == OpenSsl { "version" } else { "--version" }
    }

    /// Whether it takes the seal in a folder under a key.
    fn takes(self, folder: &Path, key: &Path) -> bool {
        let mut command = Command::new(self.program());
        let script = |name: &str| home().join("tests/outside_seal").join(name);
        match self {
            OpenSsl => {
                let envelope: Value =
                    serde_json::from_slice(&fs::read(folder.join(STATEMENT_FILE)).unwrap())
                        .unwrap();
                let of = |value: &Value| signing::base64_decode_strict(value.as_str().unwrap());
                let Some(payload) = of(&envelope["payload"]) else { return false };
                let Some(signature) = of(&envelope["signatures"][0]["sig"]) else { return false };
                let kind = envelope["payloadType"].as_str().unwrap();
                let head = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
                fs::write(folder.join("pae"), [head.as_bytes(), &payload].concat()).unwrap();
                fs::write(folder.join("sig"), signature).unwrap();
                command.args(["dgst", "-sha256", "-verify"]).arg(key);
                command.arg("-signature").arg(folder.join("sig")).arg(folder.join("pae"));
            }
            SecureSystemsLib => {
                command.arg(script("verify.py")).arg(folder.join(STATEMENT_FILE)).arg(key);
            }
            Sigstore => {
                command.arg(script("verify.mjs")).arg(home().join("target/seal-node"));
                command.arg(folder.join(SIGSTORE_FILE)).arg(key);
            }
        }
        let told = command.output().unwrap();
        let said = [told.stdout.as_slice(), &told.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        // It refuses because of the seal, and not for want of a module or a file.
        let why = [
            "Verification failure",
            "Error verifying data",
            "VerificationError",
            "is not the trusted key",
        ];
        assert!(told.status.success() || why.iter().any(|why| said.contains(why)), "{said}");
        told.status.success()
    }
}

/// A run of one case with the profile that `init` writes, in a folder with its keys.
fn ground() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(assay(folder.path(), &["init"]).status.code(), Some(0));
    let run = ["run", "AMS-PAY-001", "--profile", "assay.yaml", "--out", "run", "--quiet"];
    assert_eq!(assay(folder.path(), &run).status.code(), Some(2));
    let other = ["keys", "new", "--out", "other.pem"];
    assert_eq!(assay(folder.path(), &other).status.code(), Some(0));
    folder
}

/// The statement that a run wrote.
fn statement(run: &Path, key: &Path) -> Statement {
    let key = PublicKey::read(&fs::read(key).unwrap()).unwrap();
    open_bundle(&fs::read(run.join("acceptance.zip")).unwrap(), &key).unwrap().statement
}

#[test]
fn programs_from_outside_verify_the_seal_and_refuse_another() {
    let ground = ground();
    let run = ground.path().join("run");
    let [key, other] = ["keys/report.pub", "other.pem.pub"].map(|name| ground.path().join(name));
    let verifiers = [OpenSsl, SecureSystemsLib, Sigstore];
    let verifiers: Vec<Verifier> = verifiers.into_iter().filter(|it| it.is_there()).collect();
    for verifier in &verifiers {
        assert!(verifier.takes(&run, &key), "{verifier:?} refuses the good seal");
        assert!(!verifier.takes(&run, &other), "{verifier:?} takes another key");
    }
    tampered(&run, &key, &verifiers);
    blocks(&statement(&run, &key), &fs::read_to_string(run.join("record.ndjson")).unwrap());
}

/// A better result under the old signature, and the same sealed by another key under the old hint.
fn tampered(run: &Path, key: &Path, verifiers: &[Verifier]) {
    let folder = tempfile::tempdir().unwrap();
    let envelope: Value =
        serde_json::from_slice(&fs::read(run.join(STATEMENT_FILE)).unwrap()).unwrap();
    let payload = envelope["payload"].as_str().unwrap();
    let text = signing::base64_decode_strict(payload).unwrap();
    let text = String::from_utf8(text).unwrap();
    let better = text.replacen("\"result\":\"FAILED\"", "\"result\":\"PASSED\"", 1);
    assert_ne!(better, text);
    assert!(read_statement(better.as_bytes()).is_ok());
    let stranger = PrivateKey::generate(2048).unwrap();
    let resealed = seal_files(better.as_bytes(), &stranger).unwrap();
    let trusted = PublicKey::read(&fs::read(key).unwrap()).unwrap().fingerprint();
    let told = stranger.public().fingerprint();
    for (place, name) in [STATEMENT_FILE, SIGSTORE_FILE].into_iter().enumerate() {
        let good = fs::read_to_string(run.join(name)).unwrap();
        let edited = good.replacen(payload, &signing::base64_encode(better.as_bytes()), 1);
        assert_ne!(edited, good);
        fs::write(folder.path().join(name), edited).unwrap();
        let lying = String::from_utf8(resealed[place].bytes.clone()).unwrap();
        fs::write(folder.path().join(format!("lying-{name}")), lying.replace(&told, &trusted))
            .unwrap();
    }
    for verifier in verifiers {
        assert!(!verifier.takes(folder.path(), key), "{verifier:?} takes another statement");
    }
    for name in [STATEMENT_FILE, SIGSTORE_FILE] {
        let lying = folder.path().join(format!("lying-{name}"));
        fs::rename(lying, folder.path().join(name)).unwrap();
    }
    for verifier in verifiers {
        assert!(!verifier.takes(folder.path(), key), "{verifier:?} takes a stranger's signature");
    }
}

/// The statement has every block, and its ranges lead to the lines of their case.
fn blocks(statement: &Statement, record: &str) {
    let told = serde_json::to_value(statement).unwrap();
    let report = &told["predicate"]["acceptanceReport"];
    for block in ["run", "tool", "suite", "gateway", "merchant", "time", "evidence", "signer"] {
        assert!(report["facts"][block].is_object(), "{block}");
    }
    let facts = &statement.predicate.acceptance_report.facts;
    assert!(facts.tool.rustc.starts_with("rustc "), "{}", facts.tool.rustc);
    assert_eq!(facts.tool.binary_sha256.len(), 64);
    let configured = statement.predicate.configuration.iter().map(|file| file.name.as_str());
    let configured: Vec<&str> = configured.collect();
    assert!(configured.contains(&"profile.json") && configured.contains(&"catalogue.yaml"));
    let report = &statement.predicate.acceptance_report;
    assert_eq!((report.mandatory_executed, report.mandatory_passed), (1, 1));
    assert!(report.mandatory_total > 1);
    let lines: Vec<&str> = record.lines().collect();
    let mut met = 0;
    for case in &report.cases {
        let ours = |line: &&&str| line.contains(&format!("\"entry\":{{\"case\":\"{}", case.id));
        met += case.evidence.len();
        for EvidenceRange { part, from, to } in case.evidence.iter().copied() {
            assert_eq!(part, None);
            let [from, to] = [from, to].map(|line| usize::try_from(line).unwrap());
            assert!(lines[from - 1..to].iter().all(|line| ours(&line)), "{}", case.id);
            assert_eq!(lines.iter().filter(ours).count(), to + 1 - from, "{}", case.id);
        }
        assert_eq!(case.evidence.is_empty(), case.attempts == 0, "{}", case.id);
    }
    assert_eq!(met, 1);
}
