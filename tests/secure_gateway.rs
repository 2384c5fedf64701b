//! A gateway by https whose buyers are people: whom the witness believes on the way out, and what of a
//! buyer is in no file.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod outside_stand;
mod ports;
#[path = "foreign/relay.rs"]
mod relay;

use std::fs;
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;

use clock::Clock;
use evidence::Recorder;
use outside_stand::{Gateway, Stand, said};
use relay::{Foreign, with_buyer};
use serde_json::Value;
use signing::Authority;
use tokio::runtime::Runtime;
use witness::{Claim, Door, Front, Setup, Side, TlsServer, Witness};

/// What takes TLS off in front of a gateway that speaks plain HTTP.
struct Secured {
    front: Arc<Front>,
    _witness: Witness,
    _runtime: Runtime,
}

impl Secured {
    /// Shows a certificate of the authority for these names, issued at a moment.
    fn open(gateway: SocketAddr, authority: &Authority, (names, at): (&[&str], i64)) -> Self {
        let shown = authority.issue(names, at).unwrap();
        let tls = TlsServer::from_pem(shown.chain.as_bytes(), shown.key.as_bytes()).unwrap();
        let runtime = Runtime::new().unwrap();
        let (front, witness) = runtime.block_on(async {
            let calls = Door::Tls(wire::loopback().await.unwrap(), tls);
            let notices = Door::Plain(wire::loopback().await.unwrap());
            let clock = Clock::real();
            let front = Front::open(calls, notices, clock.clone(), None).unwrap();
            let side = || Side { address: gateway, host: None, tls: None, key: None };
            let recorder = Recorder::detached("AMS-PAY-000".parse().unwrap(), 1);
            let setup = Setup { gateway: side(), merchant: side(), recorder, clock };
            let witness = front.admit(setup, Claim::Everything);
            (front, witness)
        });
        Self { front, _witness: witness, _runtime: runtime }
    }

    fn url(&self) -> String {
        format!("https://{}", self.front.calls())
    }
}

fn now() -> i64 {
    Clock::real().now()
}

/// A merchant at a gateway by https, of which it knows the key, and perhaps who vouches for it.
fn merchant_at(foreign: &Foreign, url: &str, ca: &str) -> Stand {
    let lines = format!("  url: {url}\n{ca}");
    let gateway = Gateway { lines, key: foreign.gateway.public() };
    Stand::open_at(gateway, foreign.merchant.clone())
}

fn address(url: &str) -> SocketAddr {
    url.split_once("://").unwrap().1.parse().unwrap()
}

/// The payment codes in a text.
fn codes(text: &str) -> Vec<&str> {
    let digits = text.split(|letter: char| !letter.is_ascii_digit());
    digits.filter(|it| it.len() == 18 && it.starts_with("28")).collect()
}

#[test]
fn a_run_by_https_passes_and_nothing_of_its_buyer_is_in_any_file() {
    let foreign = Foreign::open();
    let authority = Authority::generate(now()).unwrap();
    let names = ["127.0.0.1"];
    let secured = Secured::open(address(&foreign.url()), &authority, (&names, now()));
    let stand = merchant_at(&foreign, &secured.url(), "  ca: ca.crt\n");
    fs::write(stand.path("ca.crt"), authority.certificate_pem()).unwrap();
    let Some(run) = with_buyer(&stand, &foreign, None, &["AMS-PAY-001"]) else { return };
    let told = said(&run);
    assert!(told.contains("passed AMS-PAY-001"), "{told}");
    assert_eq!(run.status.code(), Some(2), "a part is incomplete: {told}");
    let profile: Value = serde_json::from_str(&stand.read("profile.json")).unwrap();
    assert_eq!(profile["gateway"]["ca"]["from"], "ca.crt");

    // The buyer brought these codes to the terminal.
    let brought = codes(&told);
    assert!(!brought.is_empty(), "{told}");
    let record = stand.record();
    let written = codes(&record);
    assert!(!written.is_empty(), "a code's form is kept");
    for entry in fs::read_dir(stand.path("run")).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        for code in &brought {
            assert!(!text.contains(code), "{code} in {}", path.display());
        }
        // Who pays at a sandbox is called so.
        assert!(!text.contains("wallet.test"), "{}", path.display());
        assert!(!text.contains("\"20880000000"), "{}", path.display());
    }
    assert!(record.contains("\"redacted\":{\"digest\":\""), "messages are marked");
    assert!(stand.read("report.html").contains("not re-checkable"));
    assert!(stand.read("junit.xml").contains("the data of real buyers were replaced"));

    let key = foreign.gateway.public().to_spki_pem();
    fs::write(stand.path("gateway.pub"), &key).unwrap();
    let verified = stand.verify_with(&["--gateway-key", "gateway.pub"]);
    let told = said(&verified);
    assert_eq!(verified.status.code(), Some(2), "{told}");
    assert!(told.contains("messages of the gateway cannot be checked again"), "{told}");
    assert!(told.contains("the gateway's own log gives it with --gateway-log"), "{told}");
    assert!(!told.contains('✗'), "{told}");
}

#[test]
fn a_certificate_that_is_not_believed_is_told_with_party_and_remedy_before_anything_is_played() {
    const LONG: i64 = 400 * 24 * 3_600_000;
    let foreign = Foreign::open();
    let plain = address(&foreign.url());
    let authority = Authority::generate(now() - LONG).unwrap();
    let here: &[&str] = &["127.0.0.1"];
    let good = Secured::open(plain, &authority, (here, now()));
    let other_name = Secured::open(plain, &authority, (&["gateway.example"], now()));
    let expired = Secured::open(plain, &authority, (here, now() - LONG));
    let ca = "  ca: ca.crt\n";
    let unsecured = format!("https://{plain}");
    for (url, ca, why) in [
        (good.url(), "", "UnknownIssuer"),
        (other_name.url(), ca, "not valid for name"),
        (expired.url(), ca, "expired"),
        (unsecured, ca, "the TLS handshake failed"),
    ] {
        let stand = merchant_at(&foreign, &url, ca);
        fs::write(stand.path("ca.crt"), authority.certificate_pem()).unwrap();
        let told = stand.running(&["AMS-PAY-001"]).stdin(Stdio::null()).output().unwrap();
        let text = said(&told);
        assert_eq!(told.status.code(), Some(69), "{why}: {text}");
        let party = format!("the gateway at {url} cannot be spoken to under TLS");
        assert!(text.contains(&party) && text.contains(why), "{why}: {text}");
        assert!(text.contains("name the authority's certificate in gateway.ca"), "{why}: {text}");
        assert!(!stand.path("run").exists(), "{why}");
    }
    // What is no certificate is found in the profile, and so is one that is of no use.
    for (url, pem, says) in [
        (good.url(), "nothing", "there is no certificate in it"),
        (foreign.url(), "nothing", "begins with https:// alone"),
    ] {
        let stand = merchant_at(&foreign, &url, ca);
        fs::write(stand.path("ca.crt"), pem).unwrap();
        let told = stand.running(&["AMS-PAY-001"]).stdin(Stdio::null()).output().unwrap();
        assert_eq!(told.status.code(), Some(66), "{}", said(&told));
        assert!(said(&told).contains(says), "{}", said(&told));
    }
}
