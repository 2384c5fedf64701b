//! Canaries: every kind of secret that a profile can name is looked for, in every form that a text
//! or a key is likely to take, in all that a run writes or prints. And where one would get into the
//! bundle all the same, there is no bundle.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod canaries;

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use assay::seal::read_zip;
use canaries::{Canary, SSH_KEY, der, percent, url_alphabet};
use signing::{PrivateKey, base64_encode, hex};
use tempfile::TempDir;

const TOKEN: &str = "canary-token/of~the+team&more";
const PASSWORD: &str = "canary \"pass\"/word+of & sftp";
const MD5: &str = "q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6";
const HOST: &str =
    "host ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

/// A folder with a profile, the secrets that it names, and the variables that hold them.
struct Ground {
    folder: TempDir,
    profile: String,
    variables: Vec<(&'static str, String)>,
    canaries: Vec<Canary>,
    sandbox: Option<Child>,
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Some(sandbox) = &mut self.sandbox {
            drop(sandbox.kill());
            drop(sandbox.wait());
        }
    }
}

/// How many bytes say whether a form may begin there; each is longer.
const HEAD: usize = 8;

impl Ground {
    fn new(profile: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("files")).unwrap();
        let report = PrivateKey::generate(2048).unwrap();
        fs::write(folder.path().join("report.pub"), report.public().to_spki_pem()).unwrap();
        let pem = report.to_pkcs8_pem();
        let profile = format!(
            "{profile}report: {{ key: {{ env: CANARY_REPORT }}, integrator: ACME Pay, contact: \
             qa@acme.example }}\n"
        );
        Self {
            folder,
            profile,
            canaries: vec![Canary::rsa("report.key", &pem)],
            variables: vec![("CANARY_REPORT", pem)],
            sandbox: None,
        }
    }

    /// The newer generation, at a sandbox that asks for a token.
    fn ams() -> Self {
        let mut ground = Self::new(&format!(
            "\
generation: ams
products: [user-presented]
merchant: {{ driver: reference }}
witness: {{ tls: {{ key: ca.pem, certificate: ca.crt }} }}
reconciliation:
  sftp:
    host: 127.0.0.1
    user: shop
    password_env: CANARY_PASSWORD
    known_host: {HOST}
    serves: files
gateway:
  url: ADDRESS
  control_token: {{ env: CANARY_TOKEN }}
  client_id: SANDBOX_5Y00000000000001
  merchant_key: {{ env: CANARY_MERCHANT }}
  gateway_public_key: {{ file: gateway.pub }}
"
        ));
        assert!(ground.assay(&["keys", "ca", "--out", "ca"]).status.success());
        let [merchant, gateway] = [(); 2].map(|()| PrivateKey::generate(2048).unwrap());
        ground.write("merchant.pub", &merchant.public().to_spki_pem());
        ground.write("gateway.pem", &gateway.to_pkcs8_pem());
        ground.write("gateway.pub", &gateway.public().to_spki_pem());
        let pem = merchant.to_pkcs8_pem();
        let authority = fs::read_to_string(ground.at("ca.pem")).unwrap();
        ground.canaries.extend([
            Canary::rsa("gateway.merchant_key", &pem),
            Canary::text("gateway.control_token", TOKEN),
            Canary::text("reconciliation.sftp", PASSWORD),
            // Of this kind of file the secret number has a fixed place.
            Canary::number("witness.tls.key", &der(&authority)[36..68]),
        ]);
        ground.variables.extend([
            ("CANARY_MERCHANT", pem),
            ("CANARY_TOKEN", TOKEN.to_owned()),
            ("CANARY_PASSWORD", PASSWORD.to_owned()),
        ]);
        let address = ground.serve();
        ground.profile = ground.profile.replace("ADDRESS", &address);
        ground
    }

    /// Starts the sandbox, and answers its address.
    fn serve(&mut self) -> String {
        let keys = ["--merchant-public-key", "merchant.pub", "--gateway-key", "gateway.pem"];
        let client = ["--client-id", "SANDBOX_5Y00000000000001"];
        let arguments = [&["sandbox", "--listen", "127.0.0.1:0"], &client[..], &keys].concat();
        let mut sandbox = self
            .command(&arguments)
            .env("ASSAY_CONTROL_TOKEN", TOKEN)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(sandbox.stdout.take().unwrap()).read_line(&mut line).unwrap();
        self.sandbox = Some(sandbox);
        assert_eq!(self.found(line.as_bytes()), None, "{line}");
        let address = line.split(' ').find(|word| word.starts_with("127.0.0.1:")).unwrap();
        format!("http://{address}")
    }

    /// The older generation on the embedded sandbox, with what it signs with.
    fn legacy(sign_type: &str, key: &str) -> Self {
        let key_of_sftp = "sftp: { host: 127.0.0.1, user: shop, key: { env: CANARY_SSH }, known_host: \
                           HOST, serves: files }";
        let mut ground = Self::new(&format!(
            "\
generation: legacy
products: [barcode]
conditions: {{ sign_type: {sign_type} }}
merchant: {{ driver: reference }}
reconciliation: {{ {} }}
gateway:
  url: embedded
  partner: '2088000000000001'
  {key}: {{ env: CANARY_KEY }}
",
            key_of_sftp.replace("HOST", HOST)
        ));
        ground.canaries.push(Canary::ssh("reconciliation.sftp", SSH_KEY));
        ground.variables.push(("CANARY_SSH", SSH_KEY.to_owned()));
        ground
    }

    fn md5() -> Self {
        let mut ground = Self::legacy("MD5", "md5_key");
        ground.canaries.push(Canary::text("gateway.md5_key", MD5));
        ground.variables.push(("CANARY_KEY", MD5.to_owned()));
        ground
    }

    fn dsa() -> Self {
        let mut ground = Self::legacy("DSA", "merchant_key");
        let pem = home().join("crates/merchant/keys/reference-dsa.pem");
        let pem = fs::read_to_string(pem).unwrap();
        let der = der(&pem);
        // The secret number ends the file.
        ground.canaries.push(Canary::number("gateway.merchant_key", &der[der.len() - 18..]));
        ground.variables.push(("CANARY_KEY", pem));
        ground
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.at(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.args(arguments).current_dir(self.folder.path());
        command.env("ASSAY_LANG", "en").env("NO_COLOR", "1");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    fn assay(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The secret that stands in bytes, by its name.
    fn found(&self, bytes: &[u8]) -> Option<&'static str> {
        let mut by_head: HashMap<Vec<u8>, Vec<(&'static str, Vec<u8>)>> = HashMap::new();
        for canary in &self.canaries {
            for form in canary.forms() {
                by_head.entry(form[..HEAD].to_vec()).or_default().push((canary.name, form));
            }
        }
        bytes.windows(HEAD).enumerate().find_map(|(place, head)| {
            let forms = by_head.get(head)?;
            forms.iter().find(|(_, form)| bytes[place..].starts_with(form)).map(|(name, _)| *name)
        })
    }

    /// Nothing that the program prints has a secret in it.
    fn says(&self, code: i32, arguments: &[&str]) -> String {
        let told = self.assay(arguments);
        let both = [told.stdout.as_slice(), &told.stderr].concat();
        let said = String::from_utf8_lossy(&both).into_owned();
        assert_eq!(told.status.code(), Some(code), "{arguments:?}: {said}");
        assert_eq!(self.found(&both), None, "{arguments:?}: {said}");
        said
    }

    /// Nothing that lies in a folder has a secret in it, nor what a bundle there holds.
    fn is_clean(&self, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.is_clean(&path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            assert_eq!(self.found(&bytes), None, "{}", path.display());
            if path.extension().is_some_and(|end| end == "zip") {
                for file in read_zip(&bytes).unwrap() {
                    assert_eq!(self.found(&file.bytes), None, "{} packed", file.name);
                }
            }
        }
    }

    /// Plays a case with a text of somebody's in the profile, and answers what is said.
    fn told_as(&self, code: i32, integrator: &str, case: &str) -> String {
        let quoted = format!("integrator: {}", serde_json::to_string(integrator).unwrap());
        self.write("assay.yaml", &self.profile.replace("integrator: ACME Pay", &quoted));
        drop(fs::remove_dir_all(self.at("run")));
        self.says(code, &["run", case, "--profile", "assay.yaml", "--out", "run"])
    }
}

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is looked for is found where it stands: otherwise the rest would prove nothing.
fn canaries_sing(ground: &Ground) {
    for canary in &ground.canaries {
        for form in canary.forms() {
            let around = [b"{\"a\":\"", form.as_slice(), b"\"}"].concat();
            assert_eq!(ground.found(&around), Some(canary.name));
        }
    }
    for (name, value) in &ground.variables {
        let nested = base64_encode(format!("..{}", value.replace('\n', "")).as_bytes());
        let key = value.contains("-----");
        assert!(key || ground.found(value.as_bytes()).is_some(), "{name}");
        assert!(key || ground.found(nested.as_bytes()).is_some(), "{name}");
    }
}

/// A way to write a piece of a secret.
type Form = fn(&[u8]) -> String;

/// In place of the integrator's name each secret comes in a form of its own. There is no bundle and no
/// seal then, the secret's name is told, and the secret stands nowhere.
fn no_bundle_holds(ground: &Ground, case: &str, told: &[(&str, Form)]) {
    for (name, form) in told {
        let canary = ground.canaries.iter().find(|canary| canary.name == *name).unwrap();
        let said = ground.told_as(65, &format!("ACME {} Pay", form(&canary.planted)), case);
        assert!(said.contains(&format!("a secret of the profile ({name})")), "{said}");
        let run = ground.at("run");
        for file in ["acceptance.zip", "statement.dsse.json", "statement.sigstore.json"] {
            assert!(!run.join(file).exists(), "{name}: {file}");
        }
        ground.is_clean(&run);
    }
}

fn raw(piece: &[u8]) -> String {
    String::from_utf8(piece.to_vec()).unwrap()
}

#[test]
fn no_secret_of_the_newer_generation_is_written_or_printed() {
    let ground = Ground::ams();
    canaries_sing(&ground);
    ground.told_as(2, "ACME Pay", "AMS-PAY-001");
    ground.is_clean(&ground.at("run"));
    let trust = ["--trust", "report.pub", "--gateway-key", "gateway.pub"];
    let verify = [&["verify", "run/acceptance.zip"][..], &trust].concat();
    ground.says(2, &verify);
    ground.says(2, &[&verify[..], &["--json"]].concat());
    ground.says(74, &["run", "AMS-PAY-001", "--profile", "assay.yaml", "--out", "run"]);
    no_bundle_holds(
        &ground,
        "AMS-PAY-001",
        &[
            ("gateway.control_token", raw),
            ("gateway.merchant_key", |piece| hex(piece).to_uppercase()),
            ("reconciliation.sftp", |piece| percent(piece, "+")),
            ("witness.tls.key", |piece| hex(piece)),
        ],
    );
}

#[test]
fn no_secret_of_the_older_generation_is_written_or_printed() {
    let ground = Ground::md5();
    canaries_sing(&ground);
    ground.told_as(2, "ACME Pay", "LEG-PAY-001");
    ground.is_clean(&ground.at("run"));
    let verify = ["verify", "run/acceptance.zip", "--trust", "report.pub"];
    ground.says(2, &verify);
    no_bundle_holds(
        &ground,
        "LEG-PAY-001",
        &[
            ("gateway.md5_key", |piece| url_alphabet(&base64_encode(&[b"x", piece].concat()))),
            ("gateway.md5_key", raw),
            ("reconciliation.sftp", |piece| base64_encode(piece)),
            ("report.key", |piece| hex(piece)),
        ],
    );
    let ground = Ground::dsa();
    ground.told_as(2, "ACME Pay", "LEG-PAY-001");
    ground.is_clean(&ground.at("run"));
}
