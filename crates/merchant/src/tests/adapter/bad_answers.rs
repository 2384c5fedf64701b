//! Every way in which an adapter fails is told with whose it is, where, at which call, what was
//! expected and what to do.

use evidence::words::Language;
use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use serde_json::{Value, json};

use super::{adapter, bytes, charge, merchant, order, reconciliation};
use crate::{Driver, DriverError, Http};

/// What is said of a failure, with the address left out: in English, and at all in Chinese.
#[track_caller]
fn said(error: &DriverError, call: &str) -> String {
    let (DriverError::Unreachable(trouble) | DriverError::Unreadable(trouble)) = error else {
        panic!("{error:?}");
    };
    assert_eq!(matches!(error, DriverError::Unreachable(_)), trouble.fault.is_unanswered());
    let (en, zh) = (error.says().text(Language::En), error.says().text(Language::Zh));
    assert_eq!(en, error.to_string());
    assert!(zh.starts_with("商户适配接口 http://127.0.0.1:"), "{zh}");
    assert!(zh.contains("预期：") && zh.contains(call), "{zh}");
    let address = en.split("http://127.0.0.1:").nth(1).unwrap().split(':').next().unwrap();
    let address = format!("http://127.0.0.1:{address}");
    assert!(address.ends_with("/assay"), "{address}");
    let head = format!("{call} at the merchant's adapter {address}: ");
    en.strip_prefix(&head).unwrap_or_else(|| panic!("{en}")).to_owned()
}

async fn charged(driver: &Http) -> String {
    said(&driver.charge(charge("A1")).await.unwrap_err(), "POST /charge")
}

async fn seen(driver: &Http) -> String {
    said(&driver.order("A1").await.unwrap_err(), "GET /orders/A1")
}

const DECISION: &str = "status 202, 501, or one of 400 to 499 with the reason was expected";
const VIEW: &str = "status 200 with a body of JSON, or 404 was expected";

#[tokio::test]
async fn nobody_there() {
    let (driver, task) = bytes(None).await;
    task.abort();
    assert!(task.await.is_err());
    let told = "nothing listens there; an adapter that takes calls was expected; start the adapter, or \
                correct merchant.url";
    assert_eq!(charged(&driver).await, told);
    assert_eq!(seen(&driver).await, told);
}

#[tokio::test]
async fn no_answer_in_time() {
    let (driver, task) = bytes(None).await;
    let driver = driver.within(120);
    let told = charged(&driver).await;
    assert!(
        told.starts_with(&format!(
            "no whole answer came within 0.120 s; {DECISION}; answer at once"
        ))
    );
    // A head is no answer, and neither is half a body.
    task.abort();
    let (driver, _server) =
        bytes(Some(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec())).await;
    let told = seen(&driver).await;
    let start = "the connection ended before a whole answer came (";
    assert!(told.starts_with(start), "{told}");
    assert!(
        told.ends_with(&format!(
            "; {VIEW}; look into the adapter's log for what became of this call"
        ))
    );
}

#[tokio::test]
async fn a_closed_connection_and_no_http() {
    let (driver, _server) = bytes(Some(vec![])).await;
    assert!(
        charged(&driver).await.starts_with("the connection ended before a whole answer came (")
    );
    for garbage in ["\0\u{1}\u{2}\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "{\"status\":202}\n"] {
        let (driver, _server) = bytes(Some(garbage.into())).await;
        let told = charged(&driver).await;
        assert!(told.starts_with("the answer is no HTTP ("), "{told}");
        assert!(told.ends_with("; HTTP/1.1 was expected; make sure that the adapter listens there, without TLS, and no other program"));
    }
}

#[tokio::test]
async fn statuses_that_the_contract_does_not_have() {
    let (driver, _server) = adapter(500, "text/plain", "Traceback\n  boom").await;
    let log = "look into the adapter's log for what became of this call";
    let told = "status 500 came back, saying: Traceback boom";
    assert_eq!(charged(&driver).await, format!("{told}; {DECISION}; {log}"));
    assert_eq!(seen(&driver).await, format!("{told}; {VIEW}; {log}"));
    let (driver, _server) = adapter(200, "application/json", "{}").await;
    let told = "status 200 came back, saying: {}";
    let remedy = "answer with a status of the contract";
    assert_eq!(charged(&driver).await, format!("{told}; {DECISION}; {remedy}"));
    let (driver, _server) = adapter(400, "application/json", "").await;
    let told = "status 400 came back without a word";
    assert_eq!(seen(&driver).await, format!("{told}; {VIEW}; {remedy}"));
    let (driver, _server) = adapter(200, "application/json", "").await;
    assert!(seen(&driver).await.starts_with("status 200 came back with an empty body; "));
    let moved = "HTTP/1.1 308 Moved\r\nlocation: http://a/b/\r\ncontent-length: 0\r\n\r\n";
    let (driver, _server) = bytes(Some(moved.into())).await;
    assert!(charged(&driver).await.starts_with("status 308 sends the call on to http://a/b/; "));
}

#[tokio::test]
async fn pages_and_paths_that_nobody_serves() {
    let (driver, _server) = adapter(200, "text/html", "<html>Welcome</html>").await;
    let told = "an HTML page came back with status 200";
    let remedy = "make sure that merchant.url is the adapter's, and that it answers in JSON also where it fails";
    assert_eq!(charged(&driver).await, format!("{told}; {DECISION}; {remedy}"));
    assert_eq!(seen(&driver).await, format!("{told}; {VIEW}; {remedy}"));
    let (driver, _server) = adapter(404, "application/json", "{}").await;
    let told =
        "status 404 came back without words of the merchant's, as for a path that nobody serves";
    assert!(
        charged(&driver).await.starts_with(&format!("{told}; {DECISION}; serve this call there; "))
    );
}

#[tokio::test]
async fn bodies_that_are_no_json() {
    let wanted = "JSON as the contract has it was expected; answer as docs/merchant-adapter.openapi.yaml has it";
    let latin = b"{\"order\": \"A1\", \"till\": \"\xe9\"}".to_vec();
    for (body, told) in [
        (latin, "the answer is no UTF-8 from byte 25 on"),
        (b"OK".to_vec(), "the answer is no JSON at line 1, column 1 (expected value)"),
        (b"{\n\"order\" = 1}".to_vec(), "the answer is no JSON at line 2, column 9 (expected `:`)"),
        (
            b"{\"order\": \"A1\",".to_vec(),
            "the answer is no JSON at line 1, column 15 (EOF while parsing a value)",
        ),
    ] {
        let (driver, _server) = adapter(200, "application/json", body).await;
        assert_eq!(seen(&driver).await, format!("{told}; {wanted}"));
    }
    let (driver, _server) = adapter(200, "application/json", vec![b' '; wire::BODY_CAP + 1]).await;
    let told = format!("the answer is longer than {} bytes; ", wire::BODY_CAP);
    assert!(seen(&driver).await.starts_with(&told));
    assert!(charged(&driver).await.starts_with(&told));
}

/// The view of order A1 as JSON, with one value in place of another.
fn altered(pointer: &str, value: Value) -> String {
    let mut view = json!(order("A1"));
    *view.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    view.to_string()
}

#[tokio::test]
async fn json_of_another_shape_is_told_with_its_place() {
    let words = "`waiting`, `paid`, `failed`, `cancelled`, `for-staff`";
    let states = "`pending`, `refunded`, `refused`, `for-staff`";
    for (pointer, value, told) in [
        (
            "/till",
            json!("paied"),
            format!("till at line 1, column 999 of the answer: unknown variant `paied`, expected one of {words}"),
        ),
        (
            "/shown/page",
            json!("PAID"),
            format!("shown.page at line 1, column 999 of the answer: unknown variant `PAID`, expected one of {words}"),
        ),
        (
            "/refunds/0/state",
            json!("done"),
            format!("refunds[0].state at line 1, column 999 of the answer: unknown variant `done`, expected one of {states}"),
        ),
        ("/back_office", json!(5), "back_office at line 1, column 999 of the answer: this is no text".into()),
        (
            "/bookings/0/amount/minor",
            json!("1231"),
            "bookings[0].amount.minor at line 1, column 999 of the answer: invalid type: string \"1231\", expected i64".into(),
        ),
        (
            "/bookings/0/amount/minor",
            json!(12.31),
            "bookings[0].amount.minor at line 1, column 999 of the answer: invalid type: floating point `12.31`, expected i64".into(),
        ),
        (
            "/paid/currency",
            json!("usd"),
            "paid.currency at line 1, column 999 of the answer: 'usd' is no ISO 4217 currency: three capital letters are expected".into(),
        ),
        (
            "/bookings/0",
            json!({}),
            "bookings[0] at line 1, column 999 of the answer: missing field `amount`".into(),
        ),
        ("/alarm", Value::Null, "alarm at line 1, column 999 of the answer: invalid type: null, expected a boolean".into()),
    ] {
        let (driver, _server) = adapter(200, "application/json", altered(pointer, value)).await;
        let found = seen(&driver).await;
        let (before, after) = found.split_once("column ").unwrap();
        let found = format!("{before}column 999{}", after.trim_start_matches(|c: char| c.is_ascii_digit()));
        assert!(found.starts_with(&told), "{found}\nin place of\n{told}");
        assert!(found.ends_with("; answer as docs/merchant-adapter.openapi.yaml has it"), "{found}");
    }
}

#[tokio::test]
async fn a_place_is_told_by_line_and_column_also_of_a_body_of_several_lines() {
    let (driver, _server) = adapter(200, "application/json", "{}").await;
    assert!(
        seen(&driver).await.starts_with("the answer, at line 1, column 2: missing field `order`; ")
    );
    let (driver, _server) =
        adapter(200, "application/json", "{\n \"order\": \"A1\",\n \"till\":\t\"x\"}").await;
    assert!(
        seen(&driver)
            .await
            .starts_with("till at line 3, column 12 of the answer: unknown variant `x`")
    );
    let error = driver.order("A1").await.unwrap_err().says().text(Language::Zh);
    assert!(
        error.contains("应答第 3 行第 12 列的 till：未知的值 `x`，应为 `waiting`, "),
        "{error}"
    );
}

#[tokio::test]
async fn views_about_something_else_or_with_values_that_cannot_be() {
    let zero = |minor: i64| json!({ "currency": "JPY", "minor": minor });
    let above =
        "an amount above zero, and null or nothing where there is none was expected; answer as";
    for (pointer, value, told) in [
        (
            "/order",
            json!("A2"),
            "the answer is about A2; one about A1 was expected; answer what the contract lists"
                .to_owned(),
        ),
        ("/paid", zero(0), format!("paid of the answer is JPY 0; {above}")),
        ("/refunded", zero(-3), format!("refunded of the answer is JPY -3; {above}")),
        (
            "/bookings/0/amount",
            zero(-1),
            format!("bookings[0].amount of the answer is JPY -1; {above}"),
        ),
        (
            "/refunds/0/amount",
            zero(0),
            format!("refunds[0].amount of the answer is JPY 0; {above}"),
        ),
    ] {
        let (driver, _server) = adapter(200, "application/json", altered(pointer, value)).await;
        let found = seen(&driver).await;
        assert!(found.starts_with(&told), "{found}\nin place of\n{told}");
    }
    let (driver, _server) =
        adapter(200, "application/json", json!(merchant("M2")).to_string()).await;
    let found = said(&driver.merchant("M1").await.unwrap_err(), "GET /merchants/M1");
    assert!(found.starts_with("the answer is about M2; one about M1 was expected; "), "{found}");
}

#[tokio::test]
async fn a_days_view_is_held_against_what_was_asked_and_what_can_be() {
    let day = Day::parse("20260105").unwrap();
    let view = json!(reconciliation(day, FileKind::SettlementItems));
    let call = "GET /reconciliations/20260105?kind=settlement-items";
    let file = |digest: &str| json!([{ "name": "f", "read_at": 1, "sha256": digest, "bytes": 1, "rows": 1 }]);
    let row = json!([{ "kind": "extra", "file": "f", "line": 0, "column": null, "id": null, "ours": null, "theirs": null }]);
    let (note, column) = (
        json!([{ "kind": "blank-line", "file": "f", "line": 0, "column": null }]),
        json!([{ "kind": "blank-line", "file": "f", "line": 1, "column": 0 }]),
    );
    let no_digest = |value: &str| {
        let told = "a digest of 64 digits 0 to 9 and a to f was expected; ";
        ("files", file(value), format!("files[0].sha256 of the answer is {value}; {told}"))
    };
    let from_one = "of the answer is 0; a number from 1 was expected; ";
    for (name, value, told) in [
        ("day", json!("20260106"), "the answer is about 20260106; one about 20260105 was expected; ".to_owned()),
        ("kind", json!("settlement-summary"), "the answer is about settlement-summary; one about settlement-items was expected; ".to_owned()),
        ("trouble", json!("disk full"), "trouble of the answer is disk full; nothing, as this state has no trouble was expected; ".to_owned()),
        no_digest("e3b0c442"),
        no_digest(&"A".repeat(64)),
        ("differences", row, format!("differences[0].line {from_one}")),
        ("notes", note, format!("notes[0].line {from_one}")),
        ("notes", column, format!("notes[0].column {from_one}")),
    ] {
        let mut altered = view.clone();
        altered[name] = value;
        let (driver, _server) = adapter(200, "application/json", altered.to_string()).await;
        let found = said(&driver.reconciliation(day, FileKind::SettlementItems).await.unwrap_err(), call);
        assert!(found.starts_with(&told), "{found}\nin place of\n{told}");
    }
    let mut unfetched = view;
    (unfetched["trouble"], unfetched["state"]) = (json!("disk full"), json!("unfetched"));
    let (driver, _server) = adapter(200, "application/json", unfetched.to_string()).await;
    assert!(driver.reconciliation(day, FileKind::SettlementItems).await.unwrap().is_some());
    // No other sentence of ours is told in a merchant's name, and no list of them.
    for (trouble, told) in [
        (json!({ "says": "CASE_IS", "of": ["AMS-PAY-001", "passed"] }), "AMS-PAY-001 is passed"),
        (json!(["a", "b"]), "a, b"),
    ] {
        unfetched["trouble"] = trouble;
        let (driver, _server) = adapter(200, "application/json", unfetched.to_string()).await;
        let error = driver.reconciliation(day, FileKind::SettlementItems).await.unwrap_err();
        let told = format!("trouble of the answer is {told}; text was expected; ");
        assert!(said(&error, call).starts_with(&told), "{error}");
    }
}

#[test]
fn an_address_that_is_none_is_told_without_its_password() {
    for (url, told) in [
        (
            "https://a/b",
            "'https://a/b' is no address of a merchant's adapter: it begins with https, and http is the only way there",
        ),
        (
            "http://a/b?c",
            "'http://a/b?c' is no address of a merchant's adapter: something stands behind its path",
        ),
        (
            "http://me:secret@a",
            "'http://…@…' is no address of a merchant's adapter: it names a user",
        ),
    ] {
        let error = Http::new(url).unwrap_err();
        assert_eq!(error.to_string(), told);
        assert!(error.says().text(Language::Zh).contains("不是商户适配接口的地址"));
        assert!(error.advice().text(Language::En).contains("http://127.0.0.1:8000/assay"));
    }
    assert!(Http::new("till").unwrap_err().to_string().starts_with("'till' is no address"));
}
