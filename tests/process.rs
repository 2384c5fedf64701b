//! The program as a process: what happens when things go wrong around it, and what no console block
//! can show.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use evidence::Record;
use protocol::ams::Verified;
use protocol::legacy::{Answer, Charset, Form, Signer, Verifier};
use signing::{PrivateKey, PublicKey, SharedKey};

fn assay(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.args(arguments).env("ASSAY_LANG", "en").env("NO_COLOR", "1").current_dir(folder);
    command
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn a_dead_gateway_ends_69_and_a_folder_that_cannot_be_74() {
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let dead = assay(folder.path(), &["run", "AMS-PAY-001", "--gateway", &url]);
    assert_eq!(code(&dead), Some(69), "{}", said(&dead));
    assert!(said(&dead).contains(&url));
    assert!(
        !folder.path().join("reports").exists(),
        "nothing is written before the gateway is there"
    );
    fs::write(folder.path().join("file"), "").unwrap();
    let unwritable = assay(folder.path(), &["run", "AMS-PAY-001", "--out", "file/run"]);
    assert_eq!(code(&unwritable), Some(74), "{}", said(&unwritable));
    fs::create_dir(folder.path().join("taken")).unwrap();
    fs::write(folder.path().join("taken/record.ndjson"), "").unwrap();
    let taken = assay(folder.path(), &["run", "AMS-PAY-001", "--out", "taken"]);
    assert_eq!(code(&taken), Some(74), "{}", said(&taken));
    assert!(said(&taken).contains("name another folder"), "{}", said(&taken));
    for (asked, near) in [("AMS-PAY-901", "AMS-PAY-001"), ("AMS-PAY-021/order-code#99", "021?")] {
        let unknown = assay(folder.path(), &["run", asked]);
        assert_eq!(code(&unknown), Some(64));
        assert!(said(&unknown).contains(near), "{}", said(&unknown));
    }
}

/// No file may grow beyond 200 KiB, as on a disk that is nearly full.
#[cfg(unix)]
#[test]
fn a_run_that_can_no_longer_be_recorded_begins_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let limited = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" run payment --out run"])
        .arg(env!("CARGO_BIN_EXE_assay"))
        .env("ASSAY_LANG", "en")
        .env("CI", "true")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(code(&limited), Some(74), "{}", said(&limited));
    let ended = said(&limited).lines().filter(|line| line.starts_with("passed ")).count();
    assert!((1..100).contains(&ended), "{ended} runs ended, of several hundred");
}

#[test]
fn a_broken_bundle_is_named_before_a_broken_key() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.zip"), "PK nonsense").unwrap();
    let broken = assay(folder.path(), &["verify", "a.zip", "--trust", "no-such-key"]);
    assert_eq!(code(&broken), Some(65), "{}", said(&broken));
    let missing = assay(folder.path(), &["verify", "none.zip", "--trust", "no-such-key"]);
    assert_eq!(code(&missing), Some(65), "{}", said(&missing));
}

/// Why something is refused is said in the language that was asked for, `--help` included.
#[test]
fn chinese_is_spoken_where_something_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.zip"), "PK nonsense").unwrap();
    fs::write(folder.path().join("a.key"), "nonsense").unwrap();
    for (arguments, wanted, exit) in [
        (&["verify", "a.zip", "--trust", "none"][..], "结束记录", 65),
        (&["keys", "inspect", "a.key"], "内容: 并非密钥的内容", 66),
        (&["keys", "inspect", "a.key"], "应为 PEM、base64 或 DER 格式的私钥", 66),
        (&["run", "--help"], "--out <DIR>\n          报告包的目录", 0),
        (&["verfy"], "不识别的命令“verfy”\n  建议: 是否想输入“certify”“verify”？", 64),
        (&["run", "--jobs", "0"], "“--jobs <N>”的值“0”无效", 64),
    ] {
        let told = command(folder.path(), arguments).env("ASSAY_LANG", "zh").output().unwrap();
        assert_eq!(code(&told), Some(exit), "{}", said(&told));
        assert!(said(&told).contains(wanted), "{}", said(&told));
        let flag = assay(folder.path(), &[&["--lang", "zh"], arguments].concat());
        assert!(said(&flag).contains(wanted), "{}", said(&flag));
    }
}

/// What `run` would refuse, `check` tells.
#[test]
fn a_gateway_that_this_version_does_not_call_is_told_by_check() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert_eq!(code(&assay(at, &["init"])), Some(0));
    assert_eq!(code(&assay(at, &["keys", "new", "--out", "gateway.pem"])), Some(0));
    let profile = fs::read_to_string(at.join("assay.yaml")).unwrap();
    let profile = profile.replace("keys/alipay.pub", "gateway.pem.pub");
    for (url, exit) in [
        ("ftp://gateway.example", 66),
        ("https://gateway.example", 0),
        ("http://gateway.example", 0),
    ] {
        let other = profile.replace("url: embedded", &format!("url: {url}"));
        assert_ne!(other, profile);
        fs::write(at.join("real.yaml"), other).unwrap();
        let told = assay(at, &["check", "--profile", "real.yaml"]);
        assert_eq!(code(&told), Some(exit), "{}", said(&told));
    }
}

/// A file without an end is as unusable as any other that is too large.
#[cfg(unix)]
#[test]
fn an_endless_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let profile = assay(folder.path(), &["check", "--profile", "/dev/zero"]);
    assert_eq!(code(&profile), Some(66), "{}", said(&profile));
    assert!(said(&profile).contains("larger than the 65536 bytes"), "{}", said(&profile));
    let bundle = assay(folder.path(), &["verify", "/dev/zero", "--trust", "no-such-key"]);
    assert_eq!(code(&bundle), Some(65), "{}", said(&bundle));
    assert!(said(&bundle).contains("larger than"), "{}", said(&bundle));
    let named = ["sandbox", "--client-id", "X", "--merchant-public-key", "none.pub"];
    let key = assay(folder.path(), &[&named[..], &["--gateway-key", "/dev/zero"]].concat());
    assert_eq!(code(&key), Some(66), "{}", said(&key));
    assert!(said(&key).contains("more than any key"), "{}", said(&key));
}

/// The record so far is kept, sealed and readable. The whole suite takes long enough to be met in
/// the middle; the test goes on as soon as something is recorded.
#[cfg(unix)]
#[test]
fn ctrl_c_keeps_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = command(folder.path(), &["run", "--out", "run", "--jobs", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(run.stdout.take().unwrap()));
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("AMS-PAY-"), "{first}");
    let id = run.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    // What is still printed is read, so that the program never waits for a reader.
    drop(lines.collect::<Vec<_>>());
    let ended = run.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    let record = Record::read(&fs::read(folder.path().join("run/record.ndjson")).unwrap()).unwrap();
    assert!(!record.cases.is_empty());
    assert!(!folder.path().join("run/acceptance.zip").exists());
    resumes(folder.path());
}

/// The run that was interrupted goes on where it stopped, and only once.
fn resumes(folder: &Path) {
    let other = assay(folder, &["run", "--resume", "run", "--gateway", "http://127.0.0.1:9"]);
    assert_eq!(code(&other), Some(69), "{}", said(&other));
    let resumed = assay(folder, &["run", "--resume", "run", "--quiet"]);
    assert_eq!(code(&resumed), Some(0), "{}", said(&resumed));
    let verify = ["verify", "run/acceptance.zip", "--trust", "run/report.pub"];
    let verified = assay(folder, &verify);
    assert_eq!(code(&verified), Some(0), "{}", said(&verified));
    for (folder_name, expected) in [("run", "is complete"), ("nowhere", "no run in")] {
        let refused = assay(folder, &["run", "--resume", folder_name]);
        assert_eq!(code(&refused), Some(64), "{}", said(&refused));
        assert!(said(&refused).contains(expected), "{}", said(&refused));
    }
    let both = assay(folder, &["run", "AMS-PAY-001", "--resume", "run"]);
    assert_eq!(code(&both), Some(64), "{}", said(&both));
}

/// A server of its own, driven like the embedded one: one sale on real time.
#[test]
fn the_sandbox_serves_and_is_driven() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert_eq!(code(&assay(at, &["init"])), Some(0));
    let made = assay(at, &["keys", "new", "--out", "gateway.pem"]);
    assert_eq!(code(&made), Some(0), "{}", said(&made));
    let profile = fs::read_to_string(at.join("assay.yaml")).unwrap();
    let profile = profile.replace("keys/alipay.pub", "gateway.pem.pub");
    let mut server = command(
        at,
        &[
            "sandbox",
            "--listen",
            "127.0.0.1:0",
            "--client-id",
            "SANDBOX_5Y00000000000001",
            "--merchant-public-key",
            "keys/merchant.pub",
            "--gateway-key",
            "gateway.pem",
        ],
    )
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(server.stdout.take().unwrap()));
    let first = lines.next().unwrap().unwrap();
    let start = first.find("127.0.0.1:").unwrap();
    let address = first[start..].split(' ').next().unwrap().to_owned();
    let url = format!("http://{address}");
    // As the README has it: the key in the profile, the address beside it.
    fs::write(at.join("real.yaml"), profile).unwrap();
    let arguments = ["run", "AMS-PAY-001", "--profile", "real.yaml", "--gateway", &url];
    let arguments = [&arguments[..], &["--out", "run", "--gate", "selection"]].concat();
    let run = assay(at, &arguments);
    // What the server remembers of the first run does not meet the second.
    let again = assay(at, &[&arguments[..6], &["--out", "again", "--gate", "selection"]].concat());
    let bare = assay(at, &["run", "AMS-PAY-001", "--gateway", &url, "--out", "bare"]);
    server.kill().unwrap();
    server.wait().unwrap();
    // Nobody but the embedded gateway knows the merchant of a run without a profile.
    assert_eq!(code(&bare), Some(66), "{}", said(&bare));
    assert!(said(&bare).contains("add --profile") && !at.join("bare").exists());
    assert_eq!(code(&run), Some(0), "{}", said(&run));
    assert_eq!(code(&again), Some(0), "{}", said(&again));
    let verify = |keys: &[&str]| {
        let bundle = ["verify", "run/acceptance.zip", "--trust", "keys/report.pub"];
        assay(at, &[&bundle[..], keys].concat())
    };
    // Without the gateway's key, and with any other, it stays unknown.
    for keys in [&[][..], &["--gateway-key", "keys/merchant.pub"]] {
        let told = verify(keys);
        assert!(said(&told).contains("gateway unknown"), "{}", said(&told));
        assert_eq!(code(&told), Some(2));
    }
    let private = assay(at, &["verify", "run/acceptance.zip", "--trust", "keys/report.pem"]);
    assert_eq!(code(&private), Some(66));
    assert!(said(&private).contains("give the public half"), "{}", said(&private));
    let known = verify(&["--gateway-key", "gateway.pem.pub"]);
    assert!(said(&known).contains("record of one attempt,"), "{}", said(&known));
    assert!(said(&known).contains("messages of the gateway checked again"), "{}", said(&known));
}

/// One GET, as a client without a library makes it: the body of the answer.
fn get(address: &str, target: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let head = format!("GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// A server of the older generation, asked in MD5 and RSA2.
#[test]
fn the_sandbox_serves_the_legacy_generation() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for name in ["merchant.pem", "gateway.pem"] {
        assert_eq!(code(&assay(at, &["keys", "new", "--out", name])), Some(0));
    }
    fs::write(at.join("md5.txt"), "0123456789abcdefghijklmnopqrstuv\n").unwrap();
    let keys = ["--merchant-public-key", "merchant.pem.pub", "--gateway-key", "gateway.pem"];
    let partner = ["sandbox", "--generation", "legacy", "--partner", "2088000000000001"];
    let all = [&partner[..], &["--listen", "127.0.0.1:0", "--md5-key", "md5.txt"], &keys].concat();
    let mut server = command(at, &all).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(server.stdout.take().unwrap()));
    let first = lines.next().unwrap().unwrap();
    assert!(first.ends_with("for partner 2088000000000001, at /gateway.do"), "{first}");
    let start = first.find("127.0.0.1:").unwrap();
    let address = first[start..].split(' ').next().unwrap().to_owned();
    let known = "/gateway.do?service=notify_verify&partner=2088000000000001&notify_id=1";
    assert_eq!(get(&address, known), "false");
    let shared = SharedKey::read(b"0123456789abcdefghijklmnopqrstuv").unwrap();
    let key = PrivateKey::read(&fs::read(at.join("merchant.pem")).unwrap()).unwrap();
    let gateway = PublicKey::read(&fs::read(at.join("gateway.pem.pub")).unwrap()).unwrap();
    for (signer, verifier) in [
        (Signer::Md5(shared.clone()), Verifier::Md5(shared)),
        (Signer::Rsa2(key), Verifier::Rsa2(gateway)),
    ] {
        let mut form = Form::new(Charset::Utf8);
        form.set("service", "alipay.acquire.overseas.query");
        form.set("partner", "2088000000000001");
        form.set("_input_charset", "UTF-8");
        form.set("partner_trans_id", "T1");
        form.sign(&signer).unwrap();
        let query = String::from_utf8(form.write().unwrap()).unwrap();
        let body = get(&address, &format!("/gateway.do?{query}"));
        let answer = Answer::read(body.as_bytes()).unwrap();
        assert_eq!(answer.verify(&verifier, Charset::Utf8), Verified::Valid, "{body}");
        assert_eq!(answer.get("error"), Some("TRADE_NOT_EXIST"));
    }
    assert!(get(&address, "/_sandbox/log").contains("notify_verify"));
    server.kill().unwrap();
    server.wait().unwrap();
    fs::write(at.join("short.txt"), "0123").unwrap();
    for (arguments, expected, says) in [
        (vec!["sandbox"], 64, "give --client-id"),
        (vec!["sandbox", "--client-id", "X", "--md5-key", "md5.txt"], 64, "give --client-id"),
        (partner.to_vec(), 64, "give --partner"),
        ([&partner[..], &keys[..2]].concat(), 64, "give --partner"),
        (vec!["sandbox", "--generation", "legacy", "--md5-key", "md5.txt"], 64, "give --partner"),
        ([&partner[..], &["--md5-key", "short.txt"]].concat(), 66, "32 letters and digits"),
        ([&partner[..], &["--md5-key", "none.txt"]].concat(), 66, "none.txt"),
        (
            [&partner[..], &["--merchant-dsa-key", "md5.txt", "--gateway-dsa-key", "md5.txt"]]
                .concat(),
            66,
            "a DSA public key",
        ),
    ] {
        let refused = assay(at, &arguments);
        assert_eq!(code(&refused), Some(expected), "{arguments:?} {}", said(&refused));
        assert!(said(&refused).contains(says), "{}", said(&refused));
    }
}

/// The embedded sandbox's key is known, whatever keys are given; the bundle says what that is worth.
#[test]
fn a_whole_run_verifies_as_a_simulated_rehearsal() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let run = assay(at, &["run", "--out", "run", "--quiet"]);
    assert_eq!(code(&run), Some(0), "{}", said(&run));
    let bundle = ["verify", "run/acceptance.zip", "--trust", "run/report.pub"];
    let given = [&bundle[..], &["--gateway-key", "run/report.pub"]].concat();
    for arguments in [&bundle[..], &given] {
        let verified = assay(at, arguments);
        assert_eq!(code(&verified), Some(0), "{}", said(&verified));
        assert!(said(&verified).contains("simulated"), "{}", said(&verified));
        assert!(said(&verified).contains("rehearsal"), "{}", said(&verified));
    }
}

/// What a person reads when a run is over, in both languages.
#[test]
fn the_terminal_says_the_same_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    for language in ["en", "zh"] {
        let arguments = [
            "run",
            "AMS-PAY-001",
            "AMS-PAY-040",
            "--out",
            language,
            "--jobs",
            "1",
            "--lang",
            language,
        ];
        let run = assay(folder.path(), &arguments);
        assert_eq!(code(&run), Some(2));
        insta::assert_snapshot!(format!("run_{language}"), said(&run));
    }
}
