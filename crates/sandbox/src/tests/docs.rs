//! The examples of `docs/sandbox.md` work as they are printed.

use clock::Clock;
use serde_json::{Value, json};
use wire::Call;

use super::Rig;

const PAGE: &str = include_str!("../../../../docs/sandbox.md");

/// Where the page has a gateway of the older generation.
const LEGACY: &str = "127.0.0.1:8091";

/// The call of a line such as `$ curl -s 127.0.0.1:8090/_sandbox/clock -d '{"advance":1}'`.
fn call(line: &str) -> Call {
    let (command, body) = line.split_once(" -d ").unwrap_or((line, ""));
    let path = command.split_once("127.0.0.1:809").unwrap().1.get(1..).unwrap();
    let path = path.trim_end_matches('\'');
    match (command.contains("-X DELETE"), body.is_empty()) {
        (true, _) => Call::delete(path),
        (false, true) => Call::get(path),
        (false, false) => Call::post(path, body.trim_matches('\'').to_owned()),
    }
}

/// An answer without what differs from one time to the next.
fn lasting(text: &str) -> Value {
    let mut answer: Value = serde_json::from_str(&text.replace("[..]", "0")).unwrap();
    for name in ["now", "expires"] {
        if let Some(moment) = answer.get_mut(name) {
            *moment = json!(0);
        }
    }
    answer
}

/// The same without what is drawn by chance in the names of tenants.
fn veiled(answer: &Value) -> String {
    let text = answer.to_string();
    let mut parts = text.split("tenant-");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shown, part| {
        let end = part.find('"').unwrap();
        format!("{shown}tenant-{}", &part[end..])
    })
}

#[tokio::test]
async fn every_example_works() {
    let terms = Rig::new().await.tenant.terms().clone();
    let tenant = crate::Tenant::new(terms, Clock::real(), 1);
    let server = crate::Shared::new(tenant).listen(wire::loopback().await.unwrap()).unwrap();
    let client = wire::Client::new();
    let terms = super::legacy::terms(Rig::new().await.tenant.terms());
    let legacy = crate::Tenant::new(terms, Clock::real(), 1);
    let legacy = legacy.listen(wire::loopback().await.unwrap()).unwrap();
    let lines: Vec<&str> = PAGE.lines().collect();
    let mut seen = 0;
    for pair in lines.windows(2).filter(|pair| pair[0].starts_with("$ curl ")) {
        let old = pair[0].contains(LEGACY);
        let address = if old { legacy.address() } else { server.address() };
        let answer = client.send(address, "127.0.0.1", call(pair[0])).await.unwrap();
        assert!(answer.status < 300, "{}: {}", pair[0], answer.status);
        let text = String::from_utf8(answer.body).unwrap();
        if pair[0].contains("/gateway.do") {
            assert_eq!(text, pair[1], "{}", pair[0]);
        } else {
            let named = |text: &str| veiled(&lasting(text));
            assert_eq!(named(&text), named(pair[1]), "{}", pair[0]);
        }
        seen += 1;
    }
    assert!(seen > 10, "{seen} examples");
}
