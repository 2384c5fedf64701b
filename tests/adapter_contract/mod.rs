//! What the tests of the published adapter contract stand on.

#![allow(dead_code, reason = "each test crate uses its own part")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test has nobody to hand an error to")]

pub(crate) mod document;
pub(crate) mod schema;

use std::sync::Arc;

use evidence::{MerchantView, OrderView, ReconciliationView};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use merchant::{
    CancelOrder, Charge, Driver, DriverError, Present, Reconcile, RefundOrder, Register, Return,
};
use parking_lot::Mutex;
use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A merchant that takes everything, keeps the last of it, and answers with a view that is given.
#[derive(Debug, Default)]
pub(crate) struct Parrot {
    /// What it was asked last, written again from what was read.
    pub(crate) asked: Mutex<Value>,
    /// What it answers to every look at its books.
    pub(crate) view: Mutex<Value>,
}

impl Parrot {
    fn take(&self, wish: &impl Serialize) -> BoxFuture<'_, Result<(), DriverError>> {
        *self.asked.lock() = json!(wish);
        ready(Ok(())).boxed()
    }

    fn tell<T: DeserializeOwned + Send + 'static>(
        &self,
    ) -> BoxFuture<'_, Result<Option<T>, DriverError>> {
        let view = self.view.lock().clone();
        ready(Ok(Some(serde_json::from_value(view).unwrap()))).boxed()
    }
}

impl Driver for Parrot {
    fn charge(&self, order: Charge) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take(&order)
    }

    fn present(&self, order: Present) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take(&order)
    }

    fn open_return(&self, page: Return) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take(&page)
    }

    fn cancel(&self, order: CancelOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take(&order)
    }

    fn refund(&self, refund: RefundOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take(&refund)
    }

    fn register(&self, merchant: Register) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take(&merchant)
    }

    fn merchant(&self, _: &str) -> BoxFuture<'_, Result<Option<MerchantView>, DriverError>> {
        self.tell()
    }

    fn reconcile(&self, reconcile: Reconcile) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take(&reconcile)
    }

    fn reconciliation(
        &self,
        _: Day,
        _: FileKind,
    ) -> BoxFuture<'_, Result<Option<ReconciliationView>, DriverError>> {
        self.tell()
    }

    fn order(&self, _: &str) -> BoxFuture<'_, Result<Option<OrderView>, DriverError>> {
        self.tell()
    }
}

/// The parrot behind its adapter, and somebody who calls it.
pub(crate) struct Cage {
    pub(crate) parrot: Arc<Parrot>,
    server: wire::Server,
    client: wire::Client,
}

impl Cage {
    pub(crate) async fn open() -> Self {
        let parrot = Arc::new(Parrot::default());
        let listener = wire::loopback().await.unwrap();
        let server = merchant::adapter::serve(listener, "", parrot.clone()).unwrap();
        Self { parrot, server, client: wire::Client::new() }
    }

    /// The answer to a POST, or to a GET where there is no body.
    pub(crate) async fn ask(&self, target: &str, body: Option<&Value>) -> (u16, Vec<u8>) {
        let call = match body {
            Some(body) => wire::Call::post(target, body.to_string()),
            None => wire::Call::get(target),
        };
        let answer = self.client.send(self.server.address(), "till.test", call).await.unwrap();
        (answer.status, answer.body)
    }
}

/// An adapter that answers 200 with whatever it is given, and its driver.
pub(crate) struct Puppet {
    body: Arc<Mutex<Vec<u8>>>,
    _server: wire::Server,
    driver: merchant::Http,
}

impl Puppet {
    pub(crate) async fn open() -> Self {
        let body = Arc::<Mutex<Vec<u8>>>::default();
        let kept = body.clone();
        let server =
            wire::serve(wire::loopback().await.unwrap(), wire::Patience::Short, move |_| {
                ready(wire::Reply::json(200, kept.lock().clone()))
            });
        let server = server.unwrap();
        let driver = merchant::Http::new(&format!("http://{}", server.address())).unwrap();
        Self { body, _server: server, driver }
    }

    /// What the driver makes of a view when it asks for what `about` is about.
    pub(crate) async fn reads(&self, kind: &str, about: &Value, view: &Value) -> Option<Value> {
        *self.body.lock() = view.to_string().into_bytes();
        let text = |name: &str| about[name].as_str().unwrap().to_owned();
        let read = match kind {
            "order" => self.driver.order(&text("order")).await.map(|view| json!(view)),
            "merchant" => self.driver.merchant(&text("id")).await.map(|view| json!(view)),
            "reconciliation" => {
                let kind = serde_json::from_value(about["kind"].clone()).unwrap();
                let day = Day::parse(&text("day")).unwrap();
                self.driver.reconciliation(day, kind).await.map(|view| json!(view))
            }
            other => panic!("{other} is no view"),
        };
        match read {
            Ok(view) => Some(view),
            Err(DriverError::Unreadable(_)) => None,
            Err(other) => panic!("{other}"),
        }
    }
}
