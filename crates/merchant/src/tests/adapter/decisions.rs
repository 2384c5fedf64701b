//! Which answers are the merchant's own word, and which only look like it.

use serde_json::json;

use super::{adapter, charge};
use crate::adapter::{Fault, Operation};
use crate::{Driver, DriverError};

#[tokio::test]
async fn a_refusal_is_the_merchants_own_and_has_its_words() {
    for (status, kind, body, why) in [
        (400, "application/json", r#"{"why": "the till  is\nclosed"}"#, "the till is closed"),
        (409, "application/json", r#"{"why": "twice", "more": 1}"#, "twice"),
        (422, "application/json", r#"{"detail": "amount"}"#, r#"{"detail": "amount"}"#),
        (404, "application/json", r#"{"why": "no order A1"}"#, "no order A1"),
        (404, "text/plain", "no order A1", "no order A1"),
        (405, "application/json", r#"{"why": "not on Sundays"}"#, "not on Sundays"),
        (499, "text/plain", "", "HTTP 499"),
        (403, "application/json", r#""in text""#, "in text"),
    ] {
        let (driver, _server) = adapter(status, kind, body).await;
        assert_eq!(driver.charge(charge("A1")).await, Err(DriverError::Refused(why.into())));
    }
    let (driver, _server) = adapter(400, "text/plain", "é".repeat(301)).await;
    let Err(DriverError::Refused(why)) = driver.charge(charge("A1")).await else { panic!() };
    assert_eq!(why, format!("{}…", "é".repeat(300)));
}

#[tokio::test]
async fn a_missing_operation_is_told_with_or_without_words() {
    for (body, why) in [(r#"{"why": "no shop"}"#, "no shop"), ("", ""), ("no shop", "no shop")] {
        let (driver, _server) = adapter(501, "application/json", body).await;
        let lacking = |operation| DriverError::Unsupported(operation, why.into());
        assert_eq!(driver.charge(charge("A1")).await, Err(lacking(Operation::Charge)));
        assert_eq!(driver.order("A1").await, Err(lacking(Operation::Order)));
    }
}

#[tokio::test]
async fn what_a_server_says_of_a_path_that_nobody_serves_is_no_refusal() {
    for (status, kind, body) in [
        (404, "application/json", r#"{"detail":"Not Found"}"#),
        (404, "application/json", r#"{"why": " "}"#),
        (404, "text/plain", "404 page not found\n"),
        (404, "text/plain", "404: Not Found"),
        (404, "text/plain", ""),
        (405, "text/plain", "Method Not Allowed"),
        (405, "text/plain", "this one goes by GET"),
    ] {
        let (driver, _server) = adapter(status, kind, body).await;
        let error = driver.charge(charge("A1")).await.unwrap_err();
        let DriverError::Unreadable(trouble) = error else { panic!("{body}: {error:?}") };
        assert_eq!(trouble.fault, Fault::Unserved(status), "{body}");
    }
    let page = "\n<!DOCTYPE HTML>\n<title>Unsupported method ('POST')</title>";
    for (status, kind, page) in [
        (404, "text/html; charset=utf-8", page),
        (501, "text/plain", page),
        (501, "application/json", "<HTML lang=en>"),
        (400, "TEXT/HTML", "<h1>Bad Request</h1>"),
    ] {
        let (driver, _server) = adapter(status, kind, page).await;
        let error = driver.charge(charge("A1")).await.unwrap_err();
        let DriverError::Unreadable(trouble) = error else { panic!("{status}: {error:?}") };
        assert_eq!(trouble.fault, Fault::Page(status));
    }
}

#[tokio::test]
async fn taken_is_202_alone_whatever_its_body() {
    for body in ["", "{}", "<html>", "\u{0}"] {
        let (driver, _server) = adapter(202, "text/html", body).await;
        assert_eq!(driver.charge(charge("A1")).await, Ok(()));
    }
    for status in [200, 201, 204, 206, 304, 500, 503] {
        let (driver, _server) = adapter(status, "application/json", "").await;
        let error = driver.charge(charge("A1")).await.unwrap_err();
        let DriverError::Unreadable(trouble) = error else { panic!("{status}: {error:?}") };
        assert_eq!(trouble.fault, Fault::Status(status, String::new()));
    }
}

#[tokio::test]
async fn more_than_the_contract_lists_is_no_fault() {
    let body = json!({
        "order": "A1", "till": "paid", "back_office": "paid", "paid": { "currency": "USD", "minor": 5 },
        "refunded": null, "bookings": [], "alarm": false, "shown": null, "cashier": "Ann",
    });
    for kind in ["application/json; charset=utf-8", "text/plain"] {
        let (driver, _server) = adapter(200, kind, body.to_string()).await;
        assert!(driver.order("A1").await.unwrap().is_some());
    }
    // A page with 404 is how some frameworks say of an order that they do not know it.
    let (driver, _server) = adapter(404, "text/html", "<html>").await;
    assert_eq!(driver.order("A1").await, Ok(None));
}
