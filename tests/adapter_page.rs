//! `docs/merchant-adapter.md` shows what a merchant behind the adapter answers: the page is played, with
//! the reference merchant and a gateway of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test has nobody to hand an error to")]

#[path = "adapter_contract/mod.rs"]
mod contract;

use std::net::SocketAddr;
use std::sync::Arc;

use clock::Clock;
use merchant::adapter::Operation;
use merchant::{
    Command, Contract, Driver, DriverError, GatewayAddress, Habits, Identity, Launch, Reference,
    Reports, Setup,
};
use sandbox::{NoticeRoute, Switches, Tenant, Terms};
use serde_json::{Value, json};
use wire::{Client, loopback};

use contract::{Cage, Puppet};

const PAGE: &str = include_str!("../docs/merchant-adapter.md");
const CLIENT_ID: &str = "SANDBOX_5Y00000000000001";
/// How often a look at the books is repeated until they are as the page has them, 20 ms apart.
const LOOKS: u32 = 500;

/// The blocks of a kind, in the order of the page.
fn blocks(kind: &str) -> Vec<&'static str> {
    let start = format!("```{kind}\n");
    PAGE.split(&start).skip(1).map(|rest| rest.split_once("\n```").unwrap().0).collect()
}

/// A command of the page and what it answers.
#[derive(Debug)]
struct Said {
    host: &'static str,
    target: &'static str,
    body: Option<&'static str>,
    with_status: bool,
    answer: String,
}

fn commands() -> Vec<Said> {
    let mut all: Vec<Said> = vec![];
    for line in blocks("console").into_iter().flat_map(str::lines) {
        match line.strip_prefix("$ curl -s") {
            None => all.last_mut().unwrap().answer.push_str(line),
            Some(rest) => {
                let status = rest.strip_prefix("w '%{http_code}'");
                let with_status = status.is_some();
                let rest = status.unwrap_or(rest);
                let body = [" -d ", " --json "].iter().find_map(|flag| rest.split_once(flag));
                let (url, body) = match body {
                    Some((url, body)) => (url, Some(body.trim_matches('\''))),
                    None => (rest, None),
                };
                let url = url.trim().trim_matches('\'');
                let (host, _) = url.split_once('/').unwrap();
                let target = &url[host.len()..];
                all.push(Said { host, target, body, with_status, answer: String::new() });
            }
        }
    }
    all
}

/// Whether an answer is as the page has it, blanks aside, with `[..]` for anything.
fn is_as(wanted: &str, found: &str) -> bool {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let (wanted, found) = (bare(wanted), bare(found));
    let mut rest = found.as_str();
    let parts: Vec<_> = wanted.split("[..]").collect();
    for (index, part) in parts.iter().enumerate() {
        let at = if index + 1 == parts.len() { rest.rfind(part) } else { rest.find(part) };
        match at {
            Some(at) if index > 0 || at == 0 => rest = &rest[at + part.len()..],
            Some(_) | None => return false,
        }
    }
    rest.is_empty()
}

/// The page's gateway and merchant, on real time.
struct Stage {
    gateway: SocketAddr,
    adapter: SocketAddr,
    client: Client,
    _servers: Vec<wire::Server>,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn open() -> Self {
        let (key, gateway_key) =
            (merchant::reference_key().unwrap(), sandbox::embedded_key().unwrap());
        let (notices, folder) = (loopback().await.unwrap(), tempfile::tempdir().unwrap());
        let terms = Terms {
            contract: sandbox::Contract::Ams {
                client_id: CLIENT_ID.into(),
                merchant_key: key.public(),
                gateway_key: gateway_key.clone(),
            },
            notices: NoticeRoute::Direct,
            console_notify_url: None,
            latency: 1,
            control_token: None,
            reports: None,
            switches: Switches::default(),
        };
        let tenant = Tenant::new(terms, Clock::real(), 7);
        let gateway = tenant.listen(loopback().await.unwrap()).unwrap();
        let setup = Setup {
            contract: Contract::Ams {
                client_id: CLIENT_ID.into(),
                key,
                gateway_key: gateway_key.public(),
            },
            gateway: GatewayAddress { address: gateway.address(), host: "gateway.test".into() },
            notify_url: format!("http://{}/alipay/notify", notices.local_addr().unwrap()),
            return_url: "http://127.0.0.1:8000/thanks".into(),
            identity: Identity::default(),
            habits: Habits::default(),
            reports: Reports::embedded(delivery::Source::Folder(folder.path().into())),
        };
        let merchant = Reference::new(setup, Clock::real(), Client::new());
        let notified = merchant.listen(notices).unwrap();
        let listener = loopback().await.unwrap();
        let adapter = merchant::adapter::serve(listener, "/assay", Arc::new(merchant)).unwrap();
        Self {
            gateway: gateway.address(),
            adapter: adapter.address(),
            client: Client::new(),
            _servers: vec![gateway, adapter, notified],
            _folder: folder,
        }
    }

    async fn answer(&self, said: &Said) -> String {
        let address = match said.host {
            "127.0.0.1:8090" => self.gateway,
            "127.0.0.1:8000" => self.adapter,
            other => panic!("nobody of the page is at {other}"),
        };
        let call = match said.body {
            Some(body) => wire::Call::post(said.target, body),
            None => wire::Call::get(said.target),
        };
        let answer = self.client.send(address, said.host, call).await.unwrap();
        let body = String::from_utf8(answer.body).unwrap();
        if said.with_status { format!("{body}{}", answer.status) } else { body }
    }
}

#[tokio::test]
async fn the_conversation_of_the_page_goes_as_it_stands_there() {
    let (stage, clock, commands) = (Stage::open().await, Clock::real(), commands());
    let mut called = std::collections::BTreeSet::new();
    for said in &commands {
        let mut found = stage.answer(said).await;
        if said.body.is_none() {
            for _ in 0..LOOKS {
                if is_as(&said.answer, &found) {
                    break;
                }
                clock.sleep(20).await;
                found = stage.answer(said).await;
            }
        }
        assert!(
            is_as(&said.answer, &found),
            "{}\n{found}\nin place of\n{}",
            said.target,
            said.answer
        );
        let path = said.target.trim_start_matches("/assay").split('/').nth(1).unwrap();
        called.insert((said.body.is_some(), path.split('?').next().unwrap()));
    }
    for operation in Operation::ALL {
        let path = operation.path().split('/').nth(1).unwrap();
        assert!(called.contains(&(operation.acts(), path)), "the page has no {operation}");
    }
}

#[test]
fn an_answer_is_compared_whole() {
    for (wanted, found) in
        [("{\"a\": [..]}", "{\"a\":17}"), ("404", "404"), ("a[..]b[..]c", "axbxc")]
    {
        assert!(is_as(wanted, found));
    }
    for (wanted, found) in [("{}", "{}x"), ("4", "404"), ("a[..]c", "bac"), ("a[..]c", "acx")] {
        assert!(!is_as(wanted, found), "{wanted} {found}");
    }
}

/// Every line of JSON on the page is a call that the contract has, or an answer that is taken.
#[tokio::test]
async fn the_lines_of_the_page_are_calls_and_answers_of_the_contract() {
    let (cage, puppet) = (Cage::open().await, Puppet::open().await);
    let lines: Vec<Value> = blocks("json")
        .into_iter()
        .flat_map(str::lines)
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(lines.len() >= 8, "{lines:?}");
    for pair in lines.chunks(2) {
        let [call, answer] = pair else { panic!("{pair:?}") };
        assert_eq!(call["id"], answer["id"]);
        let name = call["call"].as_str().unwrap();
        let operation = Operation::ALL.into_iter().find(|one| one.name() == name).unwrap();
        if operation.acts() {
            let taken = cage.ask(operation.path(), Some(&call["body"])).await;
            assert_eq!(taken, (202, vec![]), "{call}");
        } else if answer["status"] == json!(200) {
            let view = &answer["body"];
            assert!(puppet.reads(name, view, view).await.is_some(), "{answer}");
        }
    }
}

#[tokio::test]
async fn the_program_of_the_page_is_a_merchant() {
    let known = std::process::Command::new("python3").arg("--version").output();
    if known.is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI needs python3");
        return;
    }
    let arguments = vec!["-c".to_owned(), blocks("python").concat()];
    let launch = Launch { program: "python3".into(), arguments, folder: None };
    let driver = Command::new(launch, |line| panic!("{line}")).unwrap();
    let order = |order: &str| {
        serde_json::from_value(json!({
            "order": order, "amount": { "currency": "USD", "minor": 1231 }, "text": "Oolong tea",
            "code": "2888", "store": "store-1",
        }))
        .unwrap()
    };
    driver.charge(order("A1")).await.unwrap();
    assert_eq!(driver.order("A1").await.unwrap().unwrap().order, "A1");
    assert_eq!(driver.order("A2").await, Ok(None));
    let cancel = merchant::CancelOrder { order: "A1".into() };
    let lacking = DriverError::Unsupported(Operation::Cancel, "not written yet".into());
    assert_eq!(driver.cancel(cancel).await, Err(lacking));
}
