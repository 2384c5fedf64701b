//! What is asked arrives as it was asked, and what is told as it was told.

use std::sync::Arc;

use evidence::OrderState;
use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::{ODD, Scripted, behind, charge, merchant, order, reconciliation};
use crate::adapter::Operation;
use crate::tests::{Stage, ok, usd};
use crate::{
    CancelOrder, Driver, DriverError, Http, Present, Reconcile, RefundOrder, Register,
    RegisterStore, Return, TaxiDriver,
};

fn register() -> Register {
    let drivers = vec![TaxiDriver { id: "1".into(), name: "Lee".into(), contact: "5".into() }];
    let (id, terminal) = ("store-9".to_owned(), "till-9".to_owned());
    Register {
        id: ODD.into(),
        name: "Taxi".into(),
        mcc: "4121".into(),
        address: "1 Way".into(),
        contact: "555".into(),
        website: "https://taxi.test".into(),
        sites: vec!["https://m.taxi.test".into()],
        country: Some("SG".into()),
        stores: vec![RegisterStore {
            id,
            name: "Cab".into(),
            mcc: "4121".into(),
            terminal,
            drivers,
        }],
    }
}

#[tokio::test]
async fn every_call_and_every_view_passes_unchanged() {
    let (day, kind) = (Day::parse("20260105").unwrap(), FileKind::SettlementSummary);
    let scripted = Arc::new(Scripted {
        order: Some(order(ODD)),
        merchant: Some(merchant(ODD)),
        reconciliation: Some(reconciliation(day, kind)),
        ..Scripted::default()
    });
    let (driver, _server) = behind(scripted.clone()).await;

    let present = Present {
        order: ODD.into(),
        amount: usd(5),
        text: "x".into(),
        store: "store-2".into(),
        device: Some("web".into()),
        user_agent: None,
    };
    let (page, cancel) = (Return { url: "http://a/b?c".into() }, CancelOrder { order: ODD.into() });
    let (slip, reason) = ("S1".to_owned(), "broken".to_owned());
    let refund = RefundOrder { order: ODD.into(), slip, amount: usd(31), reason };
    let wish = Reconcile { day, kind };
    driver.charge(charge(ODD)).await.unwrap();
    driver.present(present.clone()).await.unwrap();
    driver.open_return(page.clone()).await.unwrap();
    driver.cancel(cancel.clone()).await.unwrap();
    driver.refund(refund.clone()).await.unwrap();
    driver.register(register()).await.unwrap();
    driver.reconcile(wish).await.unwrap();
    assert_eq!(driver.order(ODD).await.unwrap(), Some(order(ODD)));
    assert_eq!(driver.merchant(ODD).await.unwrap(), Some(merchant(ODD)));
    let view = driver.reconciliation(day, kind).await.unwrap();
    assert_eq!(view, Some(reconciliation(day, kind)));

    let asked: Vec<_> = scripted.asked.lock().drain(..).collect();
    let wanted = [
        ("charge", json!(charge(ODD))),
        ("present", json!(present)),
        ("return", json!(page)),
        ("cancel", json!(cancel)),
        ("refund", json!(refund)),
        ("register", json!(register())),
        ("reconcile", json!(wish)),
        ("order", json!(ODD)),
        ("merchant", json!(ODD)),
        ("reconciliation", json!(wish)),
    ];
    assert_eq!(asked, wanted);
    assert_eq!(asked.map_names(), Operation::ALL.map(Operation::name));
}

trait Names {
    fn map_names(&self) -> Vec<&'static str>;
}

impl Names for Vec<(&'static str, serde_json::Value)> {
    fn map_names(&self) -> Vec<&'static str> {
        self.iter().map(|(name, _)| *name).collect()
    }
}

#[tokio::test]
async fn what_nobody_knows_is_none_and_what_is_refused_has_its_reason() {
    let (driver, _server) = behind(Arc::new(Scripted::default())).await;
    assert_eq!(driver.order("A1").await, Ok(None));
    assert_eq!(driver.merchant("A1").await, Ok(None));
    let (day, kind) = (Day::parse("20260105").unwrap(), FileKind::TransactionItems);
    assert_eq!(driver.reconciliation(day, kind).await, Ok(None));

    let refused = DriverError::Refused("no store 'x', known are: é".into());
    let scripted = Scripted { says: Some(refused.clone()), ..Scripted::default() };
    let (driver, _server) = behind(Arc::new(scripted)).await;
    assert_eq!(driver.charge(charge("A1")).await, Err(refused));

    for why in ["no shop on the net", ""] {
        let lacking = DriverError::Unsupported(Operation::Charge, why.into());
        let scripted = Scripted { says: Some(lacking.clone()), ..Scripted::default() };
        let (driver, _server) = behind(Arc::new(scripted)).await;
        assert_eq!(driver.charge(charge("A1")).await, Err(lacking));
        let lacking = DriverError::Unsupported(Operation::Merchant, why.into());
        assert_eq!(driver.merchant("A1").await, Err(lacking));
    }
}

#[tokio::test]
async fn the_reference_merchant_is_driven_over_sockets_as_it_is_without() {
    let stage = Stage::new(ok).await;
    let (driver, _server) = behind(Arc::new(stage.merchant.clone())).await;
    driver.charge(charge("A1")).await.unwrap();
    let waiting = driver.order("A1").await.unwrap().unwrap();
    assert_eq!((waiting.till, waiting.paid), (OrderState::Waiting, None));
    stage.run_out().await;
    let paid = driver.order("A1").await.unwrap().unwrap();
    assert_eq!((paid.till, paid.paid), (OrderState::Paid, Some(usd(1231))));
    assert_eq!(Some(paid), stage.merchant.order("A1").await.unwrap());
    assert_eq!(driver.order("A2").await, Ok(None));
    let mut elsewhere = charge("A2");
    elsewhere.store = "store-9".into();
    let refused = stage.merchant.charge(elsewhere.clone()).await;
    assert!(matches!(&refused, Err(DriverError::Refused(why)) if why.contains("store-9")));
    assert_eq!(driver.charge(elsewhere).await, refused);
}

#[tokio::test]
async fn each_call_has_a_connection_of_its_own() {
    let listener = wire::loopback().await.unwrap();
    let driver = Http::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    // A server that keeps every connection open and answers once on each.
    tokio::spawn(async move {
        let mut kept = vec![];
        while let Ok((mut stream, _)) = listener.accept().await {
            super::read_request(&mut stream).await;
            stream.write_all(b"HTTP/1.1 202 Taken\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            kept.push(stream);
        }
    });
    for order in ["A1", "A2", "A3"] {
        assert_eq!(driver.charge(charge(order)).await, Ok(()));
    }
}

#[tokio::test]
async fn a_call_that_is_none_of_the_contract_is_told_so() {
    let merchant = Arc::new(Scripted::default());
    let server =
        crate::adapter::serve(wire::loopback().await.unwrap(), "/assay/", merchant.clone());
    let (server, client) = (server.unwrap(), wire::Client::new());
    let ask = async |call: wire::Call| {
        let answer = client.send(server.address(), "merchant.test", call).await.unwrap();
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    let nothing = String::new();
    for target in ["/charge", "/assay", "/assay/orders/", "/assay/orders/1/2", "/assay/charge/x"] {
        assert_eq!(ask(wire::Call::post(target, "{}")).await, (404, nothing.clone()), "{target}");
    }
    for call in [wire::Call::get("/assay/charge"), wire::Call::post("/assay/orders/7", "{}")] {
        assert_eq!(ask(call).await, (405, nothing.clone()));
    }
    let (status, said) = ask(wire::Call::post("/assay/cancel", r#"{"order":"A1","x":1}"#)).await;
    assert_eq!(status, 400);
    assert!(said.contains("cancel: unknown field `x`"), "{said}");
    for target in
        ["/assay/reconciliations/20260105", "/assay/reconciliations/5?kind=settlement-items"]
    {
        assert_eq!(ask(wire::Call::get(target)).await.0, 400, "{target}");
    }
    assert!(merchant.asked.lock().is_empty());
    let target = "/assay/reconciliations/20260105?x=y&kind=settlement-items";
    assert_eq!(ask(wire::Call::get(target)).await.0, 404);
    let wish = json!({ "day": "20260105", "kind": "settlement-items" });
    assert_eq!(*merchant.asked.lock(), [("reconciliation", wish)]);
}
