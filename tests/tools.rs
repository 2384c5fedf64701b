//! `assay send`, `assay mock` and `assay notify` against gateways and merchants that listen.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use clock::Clock;
use parking_lot::Mutex;
use protocol::ams::{ACK, Verified, verify};
use protocol::legacy::Charset;
use sandbox::{Contract, NoticeRoute, Switches, Tenant, Terms};
use serde_json::{Value, json};
use wire::{Patience, Reply, Request, Server};

const CLIENT: &str = "SANDBOX_5Y00000000000001";

/// What the program says; its servers have threads of their own.
fn assay(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.args(arguments).current_dir(folder).env("ASSAY_LANG", "en").env("NO_COLOR", "1");
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    let text = [output.stdout.clone(), output.stderr.clone()].concat();
    String::from_utf8(text).unwrap()
}

/// A sandbox with a token, which answers words, and a profile whose gateway it is.
async fn gateway(folder: &Path) -> (Server, String) {
    let key = || signing::PrivateKey::generate(2048).unwrap();
    let (merchant, gateway, report) = (key(), key(), key());
    let terms = Terms {
        contract: Contract::Ams {
            client_id: CLIENT.into(),
            merchant_key: merchant.public(),
            gateway_key: gateway.clone(),
        },
        notices: NoticeRoute::Nowhere,
        console_notify_url: None,
        latency: 0,
        control_token: Some("a-control-token".into()),
        reports: None,
        switches: Switches::default(),
    };
    let tenant = Tenant::new(terms, Clock::real(), 1).answering_words();
    let server = tenant.listen(wire::loopback().await.unwrap()).unwrap();
    let url = format!("http://{}", server.address());
    for (name, text) in [
        ("merchant.pem", String::clone(&merchant.to_pkcs8_pem())),
        ("gateway.pub", gateway.public().to_spki_pem()),
        ("report.pem", String::clone(&report.to_pkcs8_pem())),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    let profile = format!(
        "generation: ams\nproducts: [user-presented]\nmerchant: {{ driver: reference }}\n\
         gateway:\n  url: {url}\n  client_id: {CLIENT}\n  merchant_key: {{ file: merchant.pem }}\n  \
         gateway_public_key: {{ file: gateway.pub }}\nreport:\n  key: {{ file: report.pem }}\n  integrator: x\n  contact: y\n"
    );
    fs::write(folder.join("assay.yaml"), profile).unwrap();
    (server, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_answers_the_call_that_it_meets_until_it_is_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (_server, url) = gateway(folder).await;
    let at = ["--at", url.as_str(), "--control-token", "a-control-token"];
    let mock = |words: &[&str]| {
        let words = [&["mock"], words, &at[..]].concat();
        assay(folder, &words)
    };
    let send = |words: &[&str]| {
        let fixed = ["--profile", "assay.yaml", "--control-token", "a-control-token"];
        let words = [&["send"], words, &fixed[..]].concat();
        assay(folder, &words)
    };
    let added = mock(&["add", "pay", "--result", "RISK_REJECT", "--times", "1"]);
    assert_eq!(said(&added), "rule 1: code RISK_REJECT, times 1\n");
    let tea = ["--when", "order.orderDescription=Tea", "--drop", "after", "--minutes", "30"];
    let added = mock(&[&["add", "refund"][..], &["--malformed"]].concat());
    assert_eq!(said(&added), "rule 2: malformed\n");
    let added = mock(&[&["add", "pay"][..], &tea].concat());
    assert!(said(&added).starts_with("rule 3: order.orderDescription=Tea, drop after"));
    let listed = mock(&["list"]);
    assert_eq!(said(&listed).lines().count(), 4, "{}", said(&listed));

    let refused = send(&["pay"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("result: F RISK_REJECT"), "{}", said(&refused));
    let paid = send(&["pay"]);
    assert_eq!(paid.status.code(), Some(0), "{}", said(&paid));
    let dropped = send(&["pay", "--set", "order.orderDescription=Tea"]);
    assert_eq!(dropped.status.code(), Some(69), "{}", said(&dropped));
    let asked = send(&["pay", "--set", "order.orderDescription=mock:PROCESS_FAIL", "--json"]);
    let told: Value = serde_json::from_slice(&asked.stdout).unwrap();
    assert_eq!((&told["status"], &told["code"]), (&json!("F"), &json!("PROCESS_FAIL")));
    assert_eq!(told["signature"], "valid");

    assert_eq!(mock(&["remove", "3"]).status.code(), Some(0));
    let gone = mock(&["remove", "3"]);
    assert_eq!(gone.status.code(), Some(64), "{}", said(&gone));
    assert_eq!(said(&mock(&["remove", "--all"])), "all rules are gone\n");
    assert_eq!(said(&mock(&["list"])), "no rule answers anything\n");
    let stranger = assay(folder, &["mock", "list", "--at", &url]);
    assert_eq!(stranger.status.code(), Some(69), "{}", said(&stranger));
    let dead = assay(folder, &["mock", "list", "--at", "http://127.0.0.1:1"]);
    assert_eq!(dead.status.code(), Some(69), "{}", said(&dead));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_with_another_key_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (_server, _url) = gateway(folder).await;
    let other = signing::PrivateKey::generate(2048).unwrap().to_pkcs8_pem();
    fs::write(folder.join("merchant.pem"), other).unwrap();
    let words = ["send", "pay", "--profile", "assay.yaml", "--control-token", "a-control-token"];
    let sent = assay(folder, &words);
    assert_eq!(sent.status.code(), Some(1), "{}", said(&sent));
    assert!(said(&sent).contains("result: F INVALID_SIGNATURE"), "{}", said(&sent));
    assert!(said(&sent).contains("call POST /ams/sandbox/api/v1/payments/pay"), "{}", said(&sent));
}

/// A call is written for other tools, and never with a private key; it is what is sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_written_call_is_the_signed_one_without_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (_server, url) = gateway(folder).await;
    let key = fs::read_to_string(folder.join("merchant.pem")).unwrap();
    let secret: Vec<&str> = key.lines().filter(|line| line.len() == 64).collect();
    for (tool, begins) in [("curl", "curl -sS -X POST"), ("http", "POST /ams"), ("postman", "{")] {
        let words = ["send", "pay", "--profile", "assay.yaml", "--as", tool, "--explain-signing"];
        let written = assay(folder, &words);
        assert_eq!(written.status.code(), Some(0), "{}", said(&written));
        let text = String::from_utf8(written.stdout.clone()).unwrap();
        assert!(text.starts_with(begins), "{text}");
        assert!(said(&written).contains("text to sign"), "{}", said(&written));
        assert!(!secret.iter().any(|line| said(&written).contains(line)));
        if tool == "postman" {
            let read: Value = serde_json::from_str(&text).unwrap();
            let to = read["item"][0]["request"]["url"]["raw"].as_str().unwrap();
            assert!(to.starts_with(&url), "{to}");
            continue;
        }
        fs::write(folder.join("call"), &text).unwrap();
        let found = assay(folder, &["diagnose", "call", "--profile", "assay.yaml"]);
        assert_eq!(found.status.code(), Some(0), "{}", said(&found));
    }
    let broken = fs::write(folder.join("body"), b"\xff\x1b");
    broken.unwrap();
    let words = ["send", "pay", "--profile", "assay.yaml", "--body", "body", "--as", "http"];
    assert_eq!(assay(folder, &words).status.code(), Some(64));
}

#[tokio::test(flavor = "multi_thread")]
async fn production_is_called_only_by_who_says_so_and_within_the_cap() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (_server, _url) = gateway(folder).await;
    let profile = fs::read_to_string(folder.join("assay.yaml")).unwrap();
    let real = "  production: true\n  cap: { currency: USD, minor: 100 }\n  client_id";
    let profile = profile.replacen("  client_id", real, 1);
    fs::write(folder.join("assay.yaml"), profile).unwrap();
    let send = |more: &[&str]| {
        let fixed = ["send", "pay", "--profile", "assay.yaml", "--as", "curl"];
        let words = [&fixed, more].concat();
        assay(folder, &words)
    };
    let knows = "--i-know-this-moves-money";
    assert_eq!(send(&[]).status.code(), Some(64));
    assert_eq!(send(&[knows]).status.code(), Some(0));
    for set in ["paymentAmount.value=101", "paymentAmount.value=x"] {
        let above = send(&[knows, "--set", set]);
        assert_eq!(above.status.code(), Some(64), "{set}: {}", said(&above));
    }
    let yen = send(&[knows, "--set", "paymentAmount.currency=JPY"]);
    assert_eq!(yen.status.code(), Some(66), "{}", said(&yen));
}

/// What a merchant answers to the notices that come in.
async fn merchant(
    answers: impl Fn(&Request) -> Reply + std::marker::Send + Sync + 'static,
) -> (Server, String) {
    let answers = Arc::new(answers);
    let server = wire::serve(wire::loopback().await.unwrap(), Patience::Short, move |request| {
        let answers = answers.clone();
        async move { answers(&request) }
    });
    let server = server.unwrap();
    let url = format!("http://{}/alipay/notify?shop=8", server.address());
    (server, url)
}

fn reply(status: u16, body: &str) -> Reply {
    Reply { status, headers: vec![], body: body.as_bytes().to_vec() }
}

/// A merchant that checks signatures and counts what it took.
fn careful(taken: &Arc<Mutex<Vec<Value>>>) -> impl Fn(&Request) -> Reply + use<> {
    let (taken, key) = (taken.clone(), sandbox::embedded_key().unwrap().public());
    move |request| {
        let field = |name: &str| request.header(name);
        let (client, time, sign) = (field("client-id"), field("request-time"), field("signature"));
        let state = verify(&key, &request.target, client, time, &request.body, sign);
        if state == Verified::Valid {
            taken.lock().push(serde_json::from_slice(&request.body).unwrap_or_default());
            return reply(200, ACK);
        }
        reply(400, "no")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_careful_merchant_handles_every_notice_and_a_careless_one_the_genuine_ones() {
    let folder = tempfile::tempdir().unwrap();
    let taken = Arc::new(Mutex::new(vec![]));
    let (_one, to) = merchant(careful(&taken)).await;
    let (_two, careless) = merchant(|_request| reply(200, ACK)).await;
    let notify = |news: &str, how: &str, to: &str| {
        let words = ["notify", news, "--how", how, "--about", "P-1", "--to", to];
        assay(folder.path(), &words)
    };
    for (news, how) in [
        ("payment", "genuine"),
        ("payment", "duplicate"),
        ("payment", "reordered"),
        ("payment", "late"),
        ("payment", "amount"),
        ("payment", "order"),
        ("payment", "charset"),
        ("payment", "forged"),
        ("payment", "unsigned"),
        ("refund", "genuine"),
        ("registration", "genuine"),
    ] {
        let told = notify(news, how, &to);
        assert_eq!(told.status.code(), Some(0), "{how} {news}: {}", said(&told));
    }
    for (how, exit) in [("genuine", 0), ("forged", 1), ("unsigned", 1)] {
        let told = notify("payment", how, &careless);
        assert_eq!(told.status.code(), Some(exit), "{how}: {}", said(&told));
    }
    let taken = taken.lock();
    let of = |id: &str| taken.iter().filter(|body| body["paymentRequestId"] == id).count();
    // One in GBK is no JSON here, and one is about nobody's order.
    assert_eq!(of("P-1"), 7, "{taken:?}");
    let open = taken.iter().filter(|body| body["result"]["resultStatus"] == "U");
    assert!(open.count() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_acknowledgement_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for (status, body, says) in [
        (200, "\u{feff}{}", "there are bytes before the brace"),
        (200, "success", "the body is no JSON object"),
        (500, ACK, "the HTTP status is 500"),
    ] {
        let (_server, to) = merchant(move |_request| reply(status, body)).await;
        let told = assay(folder.path(), &["notify", "payment", "--to", &to]);
        assert_eq!(told.status.code(), Some(1), "{}", said(&told));
        assert!(said(&told).contains(says), "{}", said(&told));
    }
    let (_server, to) = merchant(|_request| reply(200, "success")).await;
    let words = ["notify", "payment", "--generation", "legacy", "--to", &to];
    let told = assay(folder.path(), &words);
    assert_eq!(told.status.code(), Some(0), "{}", said(&told));
    let signed = assay(folder.path(), &["notify", "payment", "--signed-ack", "--to", &to]);
    assert_eq!(signed.status.code(), Some(1), "{}", said(&signed));
    let https = to.replace("http://", "https://");
    for dead in ["http://127.0.0.1:1/n", https.as_str()] {
        let told = assay(folder.path(), &["notify", "payment", "--to", dead]);
        assert_eq!(told.status.code(), Some(69), "{}", said(&told));
    }
    for words in [&["--to", "nonsense"][..], &["--to", "http://u@h/"], &["--amount", "x"], &[]] {
        let words = [&["notify", "payment"], words].concat();
        let told = assay(folder.path(), &words);
        assert_eq!(told.status.code(), Some(64), "{words:?}: {}", said(&told));
    }
}

/// An account of the older generation: its notices are signed as it signs, with a key of its gateway's.
#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_of_ones_own_tells_with_the_kind_of_key_that_the_account_has() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let keys = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gateway = keys.join("tests/vectors/keys/dsa.with-parameters.pem");
    let theirs = signing::DsaPrivateKey::read(&fs::read(&gateway).unwrap()).unwrap().public();
    let report = keys.join("tests/vectors/keys/rsa2048.pkcs8.pem");
    let spki = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        theirs.to_spki_base64()
    );
    fs::write(folder.join("gateway.pub"), spki).unwrap();
    fs::copy(keys.join("steps/keys/stranger-dsa.pem"), folder.join("own.pem")).unwrap();
    fs::copy(&gateway, folder.join("gateway.pem")).unwrap();
    fs::copy(&report, folder.join("report.pem")).unwrap();
    fs::write(folder.join("md5.key"), "q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6\n").unwrap();
    let profile = |name: &str, sign_type: &str, account: &str| {
        let profile = format!(
            "generation: legacy\nproducts: [barcode]\nconditions: {{ sign_type: {sign_type} }}\n\
             merchant: {{ driver: reference }}\ngateway:\n  url: http://127.0.0.1:1\n  \
             partner: '2088000000000001'\n  {account}\nreport: {{ key: {{ file: report.pem }}, \
             integrator: x, contact: y }}\n"
        );
        fs::write(folder.join(name), profile).unwrap();
    };
    let pair = "merchant_key: { file: own.pem }\n  gateway_public_key: { file: gateway.pub }";
    profile("dsa.yaml", "DSA", pair);
    profile("md5.yaml", "MD5", "md5_key: { file: md5.key }");
    let taken = Arc::new(Mutex::new(vec![]));
    let kept = taken.clone();
    let (_server, to) = merchant(move |request| {
        let form = protocol::legacy::Form::read(b"", &request.body, Charset::Utf8).unwrap();
        kept.lock().push((form.get("sign_type").unwrap_or_default().to_owned(), form));
        reply(200, "success")
    })
    .await;
    let notify = |profile: &str, key: &[&str]| {
        let words = ["notify", "payment", "--to", &to, "--profile", profile];
        assay(folder, &[&words[..], key].concat())
    };
    for (profile, key, exit) in [
        ("dsa.yaml", &["--gateway-key", "gateway.pem"][..], 0),
        ("dsa.yaml", &[], 64),
        ("dsa.yaml", &["--gateway-key", "report.pem"], 66),
        ("md5.yaml", &[], 0),
        ("md5.yaml", &["--gateway-key", "gateway.pem"], 64),
    ] {
        let told = notify(profile, key);
        assert_eq!(told.status.code(), Some(exit), "{profile} {key:?}: {}", said(&told));
    }
    let taken = taken.lock();
    let types: Vec<&str> = taken.iter().map(|(sign_type, _)| sign_type.as_str()).collect();
    assert_eq!(types, ["DSA", "MD5"]);
    let verifier = protocol::legacy::Verifier::Dsa(theirs);
    assert_eq!(taken[0].1.verify(&verifier), Verified::Valid);
}

/// A shop that books whatever is told, as its adapter shows.
#[tokio::test(flavor = "multi_thread")]
async fn the_order_has_to_follow_a_genuine_notice_and_to_stay_at_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (_gateway, _url) = gateway(folder).await;
    let booked = Arc::new(Mutex::new(0_usize));
    let (_shop, to) = merchant(move |request| {
        if request.method == "POST" {
            *booked.lock() += 1;
            return reply(200, ACK);
        }
        if !request.path().ends_with("/orders/ORDER-1") {
            return reply(404, "");
        }
        let amount = json!({ "currency": "USD", "minor": 100 });
        let bookings = vec![json!({ "amount": amount }); *booked.lock()];
        let state = if bookings.is_empty() { "waiting" } else { "paid" };
        let view = json!({
            "order": "ORDER-1", "till": state, "back_office": state, "paid": null,
            "refunded": null, "bookings": bookings, "alarm": false, "shown": null,
        });
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Reply { status: 200, headers, body: view.to_string().into_bytes() }
    })
    .await;
    let shop = to.trim_end_matches("/alipay/notify?shop=8");
    let profile = fs::read_to_string(folder.join("assay.yaml")).unwrap();
    let own = format!("{{ driver: http, url: {shop}/assay, notify_url: \"{to}\" }}");
    let gateway_key = sandbox::embedded_key().unwrap().public().to_spki_pem();
    fs::write(folder.join("gateway.pub"), gateway_key).unwrap();
    let at = profile.find("  url: ").unwrap();
    let end = at + profile[at..].find('\n').unwrap();
    let profile = format!("{}  url: embedded{}", &profile[..at], &profile[end..]);
    let profile = profile.replacen("{ driver: reference }", &own, 1);
    fs::write(folder.join("assay.yaml"), profile).unwrap();
    for (how, watched, exit, says) in [
        ("genuine", "ORDER-1", 0, "the order is paid, and booked once"),
        ("unsigned", "ORDER-2", 1, "the adapter knows no such order"),
        ("order", "ORDER-1", 1, "the order changed"),
        ("duplicate", "ORDER-1", 1, "the order is not paid exactly once"),
    ] {
        let words = ["notify", "payment", "--profile", "assay.yaml", "--how", how];
        let told = assay(folder, &[&words[..], &["--watch", watched]].concat());
        assert_eq!(told.status.code(), Some(exit), "{how}: {}", said(&told));
        assert!(said(&told).contains(says), "{how}: {}", said(&told));
    }
    let words = ["notify", "payment", "--watch", "ORDER-1", "--to", &to];
    assert_eq!(assay(folder, &words).status.code(), Some(64), "nobody to ask");
}
