//! Reports that are fetched over SFTP, by the program's own path: a profile names a server, and what
//! goes wrong on the way to it is nobody's fault but the way's.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod program;
mod stand;

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use assay::suite::Planned;
use assay::verdict::{Outcome, Verdict};
use delivery::{Limits, Sftp, Source};
use evidence::{Event, Party};
use program::assay;
use sftp_stand::{Fault, SHORT, Server, name, user};
use steps::Depot;

fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// A folder with a profile that fetches from a server: its port, its host key, and the path under
/// which it shows its folder.
fn profile(server: &Server, port: u16, host_key: &str, root: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = assay(folder.path(), &["init"]);
    assert!(made.status.success(), "{}", said(&made));
    let (key, shown) = (server.path("user"), server.path("root"));
    let host_key = fs::read_to_string(server.path(host_key)).unwrap();
    let section = format!(
        "\nreconciliation:\n  sftp:\n    host: 127.0.0.1\n    port: {port}\n    user: {}\n    key: {{ \
         file: {} }}\n    known_host: {host_key}    serves: {}\n    root: {root}\n",
        user(),
        key.display(),
        shown.display(),
    );
    let path = folder.path().join("assay.yaml");
    let text = fs::read_to_string(&path).unwrap() + &section;
    fs::write(&path, text).unwrap();
    folder
}

/// The same profile for the older generation.
fn made_older(folder: &Path) {
    let path = folder.join("assay.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let mut older = vec![];
    for line in text.lines() {
        older.push(match line.trim() {
            "generation: ams" => "generation: legacy".to_owned(),
            it if it.starts_with("products:") => {
                "products: [barcode, transaction-qr, website]".to_owned()
            }
            it if it.starts_with("client_id:") => "  partner: \"2088000000000001\"".to_owned(),
            _ => line.to_owned(),
        });
    }
    fs::write(path, older.join("\n")).unwrap();
}

fn run(folder: &Path, wanted: &[&str]) -> Output {
    let options = ["--profile", "assay.yaml", "--out", "run", "--gate", "selection"];
    assay(folder, &[&["run"], wanted, &options[..]].concat())
}

/// What lies in the folder that the server shows, besides the day that it always has.
fn left_behind(server: &Server) -> Vec<String> {
    let entries = fs::read_dir(server.path("root")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "v1").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_case_passes_over_a_server_and_the_bundle_replays() {
    let server = Server::start(Fault::Nothing).await;
    let absolute = server.path("root").display().to_string();
    for (root, wanted) in [(absolute.as_str(), "AMS-REC-040"), (".", "AMS-REC-040/cashier#1")] {
        let folder = profile(&server, server.address().port(), "host_ed25519.pub", root);
        let at = folder.path();
        let checked = assay(at, &["check", "--profile", "assay.yaml"]);
        assert!(checked.status.success(), "{}", said(&checked));
        let ran = run(at, &[wanted]);
        assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
        let verify = ["verify", "run/acceptance.zip", "--trust", "keys/report.pub"];
        let verified = said(&assay(at, &verify));
        assert!(verified.contains("every verdict judged again"), "{verified}");
        assert!(verified.contains("incomplete"), "a part is never acceptable: {verified}");
        assert_eq!(left_behind(&server), Vec::<String>::new());
        let told = fs::read_to_string(at.join("run/profile.json")).unwrap();
        assert!(
            told.contains("\"from\":\"user\"") || told.contains("\"from\": \"user\""),
            "{told}"
        );
        no_file_holds_the_key(&at.join("run"), &server);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_older_generation_come_over_a_server_as_well() {
    const FETCHED: [&str; 5] = [
        "LEG-REC-001#2",
        "LEG-REC-002#2",
        "LEG-REC-011/barcode",
        "LEG-REC-012/transaction-qr#1",
        "LEG-REC-022/barcode#1",
    ];
    let server = Server::start(Fault::Nothing).await;
    let root = server.path("root").display().to_string();
    let folder = profile(&server, server.address().port(), "host_ed25519.pub", &root);
    let at = folder.path();
    made_older(at);
    let ran = run(at, &FETCHED);
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    let verify = ["verify", "run/acceptance.zip", "--trust", "keys/report.pub"];
    let verified = said(&assay(at, &verify));
    assert!(verified.contains("every verdict judged again"), "{verified}");
    assert_eq!(left_behind(&server), Vec::<String>::new());
    // Each of them went there: where it shows another place, none of them has an end.
    fs::remove_dir_all(at.join("run")).unwrap();
    let path = at.join("assay.yaml");
    let elsewhere =
        fs::read_to_string(&path).unwrap().replace(&format!("root: {root}"), "root: /no");
    fs::write(path, elsewhere).unwrap();
    let told = said(&run(at, &FETCHED));
    for run in FETCHED {
        assert!(told.contains(&format!("aborted {run}")), "{run}: {told}");
    }
    assert!(told.contains("shows no folder '/no/LEG-REC-"), "{told}");
}

/// No file of a run holds a line of the key that only its owner has.
fn no_file_holds_the_key(run: &Path, server: &Server) {
    let key = fs::read_to_string(server.path("user")).unwrap();
    let secret: Vec<&str> = key.lines().filter(|line| line.len() == 70).skip(2).collect();
    assert!(!secret.is_empty());
    for entry in fs::read_dir(run).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = vec![];
        if path.is_file() {
            fs::File::open(&path).unwrap().read_to_end(&mut bytes).unwrap();
        }
        let text = String::from_utf8_lossy(&bytes);
        assert!(secret.iter().all(|line| !text.contains(line)), "{}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_or_another_aborts_what_reconciles_and_says_why() {
    let server = Server::start(Fault::Nothing).await;
    let root = server.path("root").display().to_string();
    // Bound and never listening, so that nobody else takes the port.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let dead = socket.local_addr().unwrap().port();
    let alive = server.address().port();
    for (port, host_key, root, why, advice, chinese) in [
        (
            dead,
            "host_rsa.pub",
            root.as_str(),
            "refuses the connection",
            "start the server",
            "拒绝连接；请启动服务器",
        ),
        (
            alive,
            "user.pub",
            &root,
            "shows the host key SHA256:",
            "pin the key",
            "出示的主机密钥为 SHA256:",
        ),
        (
            alive,
            "host_rsa.pub",
            "/nowhere",
            "shows no folder '/nowhere/AMS-REC-040-",
            "name the path",
            "上没有目录“/nowhere/AMS-REC-040-",
        ),
    ] {
        let folder = profile(&server, port, host_key, root);
        let ran = run(folder.path(), &["AMS-REC-040/order-code#2"]);
        assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
        let text = |name: &str| fs::read_to_string(folder.path().join("run").join(name)).unwrap();
        let place = format!("sftp://{}@127.0.0.1:{port}", user());
        for told in [said(&ran), text("report.html"), text("junit.xml")] {
            let told = told.replace("&#39;", "'").replace("&apos;", "'").replace("&#x27;", "'");
            assert!(told.contains("aborted"), "{told}");
            for part in [place.as_str(), why, advice] {
                assert!(told.contains(part), "{part}: {told}");
            }
        }
        // What is kept knows no language.
        let results = text("results.json");
        for part in [place.as_str(), "aborted", "FETCH_TROUBLE"] {
            assert!(results.contains(part), "{part}: {results}");
        }
        let page = text("report.html");
        assert!(page.contains(&format!("无法从 {place} 获取文件：")), "{page}");
        assert!(page.contains(chinese), "{page}");
        let other = assay(
            folder.path(),
            &["run", "AMS-PAY-001", "--profile", "assay.yaml", "--gate", "selection"],
        );
        assert_eq!(other.status.code(), Some(0), "who does not reconcile needs no server");
    }
}

fn one_run(suite: &assay::suite::Suite) -> Vec<Planned> {
    let runs = stand::everything(suite).into_iter();
    runs.filter(|run| run.key.to_string() == "AMS-REC-040/order-code#1").collect()
}

/// Plays one run against a server, and answers why it broke off.
fn broke(server: Sftp, shown: &Path) -> Option<String> {
    let suite = stand::suite();
    let mut backstage = stand::backstage();
    let root = shown.display().to_string();
    backstage.depot = Depot {
        folder: Some(shown.to_owned()),
        server: Some(Box::new(Sftp { root, ..server })),
        ..Depot::default()
    };
    let came = stand::play(&suite, one_run(&suite), backstage, 1);
    let mut cases = came.results.cases.iter();
    let told = cases.find(|case| case.id == "AMS-REC-040").unwrap();
    let attempt = told.runs.iter().flat_map(|run| &run.attempts).next().unwrap();
    assert_eq!(came.results.verdict, Verdict::Incomplete);
    let blamed = |event: &Event| matches!(event, Event::Broken { by: Party::Environment, .. });
    let entries = || came.record.cases.iter().flat_map(|case| &case.entries);
    let told = entries().filter(|entry| blamed(&entry.event)).count();
    let asked = entries()
        .find(|entry| matches!(&entry.event, Event::Did { what, .. } if what == "reconcile"));
    let answered = entries().find(|entry| matches!(entry.event, Event::Reconciliation { .. }));
    // However long it took, in the scenario it took no time.
    assert_eq!(asked.map(|entry| entry.at), answered.map(|entry| entry.at));
    let wanted = if told == 0 { Outcome::Passed } else { Outcome::Aborted };
    assert!(told <= 1, "it broke off {told} times");
    assert_eq!(attempt.outcome, wanted);
    attempt.broken.as_ref().map(ToString::to_string)
}

/// How many bytes a server says to whoever fetches a file of this size, before the middle of it.
async fn within_a_file(server: &Server, bytes: usize) -> usize {
    server.put(&name(0), &vec![b'x'; bytes]);
    let source = Source::Sftp(Box::new(server.client()));
    for limit in (1_000..20_000).step_by(100) {
        server.set(0, Fault::Drop(limit));
        if source.open(&name(0)).await.is_ok() {
            return limit - bytes / 2;
        }
    }
    unreachable!("a file of {bytes} bytes never comes whole")
}

#[test]
fn a_server_that_stalls_or_drops_aborts_and_the_clock_of_the_scenario_stands_still() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(Fault::Nothing));
    let shown = server.path("root");
    assert_eq!(broke(server.client(), &shown), None);

    server.set(0, Fault::Stall(0));
    let limits = Limits { connect: SHORT, ..Limits::default() };
    let told = broke(Sftp { limits, ..server.client() }, &shown).unwrap();
    assert!(told.contains("kept silent for too long while connecting"), "{told}");

    // The files of the case have a header and two rows.
    let limit = runtime.block_on(within_a_file(&server, 700));
    for (fault, why) in [
        (Fault::Drop(limit), "broke while reading a file"),
        (Fault::Stall(limit), "kept silent for too long while reading a file"),
    ] {
        // The list of the day comes whole.
        server.set(1, fault);
        let limits = Limits { read: Duration::from_secs(4), ..Limits::default() };
        let told = broke(Sftp { limits, ..server.client() }, &shown).unwrap();
        assert!(told.contains(why), "{told}");
        assert!(told.contains(&server.address().to_string()), "{told}");
    }
}
