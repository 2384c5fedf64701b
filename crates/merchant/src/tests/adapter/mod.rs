//! Merchants outside: a driver on one side of real sockets, a merchant on the other.

mod bad_answers;
mod both_ways;
mod command;
mod decisions;

use std::sync::Arc;

use evidence::{
    Booking, MerchantView, OrderState, OrderView, ReconciliationState, ReconciliationView,
    RefundState, RefundView, RegistrationState, Shown, WalletApproval,
};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use parking_lot::Mutex;
use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::usd;
use crate::{
    CancelOrder, Charge, Driver, DriverError, Http, Present, Reconcile, RefundOrder, Register,
    Return,
};

/// A merchant that notes what it is asked and answers what it is told to.
#[derive(Default)]
pub(super) struct Scripted {
    asked: Mutex<Vec<(&'static str, Value)>>,
    /// What it says to everything, where it takes nothing.
    says: Option<DriverError>,
    order: Option<OrderView>,
    merchant: Option<MerchantView>,
    reconciliation: Option<ReconciliationView>,
}

impl Scripted {
    fn note<T: Send + 'static>(
        &self,
        what: &'static str,
        wish: Value,
        answer: T,
    ) -> BoxFuture<'_, Result<T, DriverError>> {
        self.asked.lock().push((what, wish));
        ready(self.says.clone().map_or(Ok(answer), Err)).boxed()
    }
}

impl Driver for Scripted {
    fn charge(&self, order: Charge) -> BoxFuture<'_, Result<(), DriverError>> {
        self.note("charge", json!(order), ())
    }

    fn present(&self, order: Present) -> BoxFuture<'_, Result<(), DriverError>> {
        self.note("present", json!(order), ())
    }

    fn open_return(&self, page: Return) -> BoxFuture<'_, Result<(), DriverError>> {
        self.note("return", json!(page), ())
    }

    fn cancel(&self, order: CancelOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        self.note("cancel", json!(order), ())
    }

    fn refund(&self, refund: RefundOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        self.note("refund", json!(refund), ())
    }

    fn register(&self, merchant: Register) -> BoxFuture<'_, Result<(), DriverError>> {
        self.note("register", json!(merchant), ())
    }

    fn merchant(&self, id: &str) -> BoxFuture<'_, Result<Option<MerchantView>, DriverError>> {
        self.note("merchant", json!(id), self.merchant.clone())
    }

    fn reconcile(&self, reconcile: Reconcile) -> BoxFuture<'_, Result<(), DriverError>> {
        self.note("reconcile", json!(reconcile), ())
    }

    fn reconciliation(
        &self,
        day: Day,
        kind: FileKind,
    ) -> BoxFuture<'_, Result<Option<ReconciliationView>, DriverError>> {
        self.note("reconciliation", json!(Reconcile { day, kind }), self.reconciliation.clone())
    }

    fn order(&self, id: &str) -> BoxFuture<'_, Result<Option<OrderView>, DriverError>> {
        self.note("order", json!(id), self.order.clone())
    }
}

/// An id as the runner never makes one, but a path has to carry it all the same.
pub(super) const ODD: &str = "AMS-PAY-001-9f3a2c11-7 é/?%2F";

pub(super) fn charge(order: &str) -> Charge {
    let (text, store) = ("Tea \"Oolong\" 茶".to_owned(), "store-1".to_owned());
    Charge { order: order.into(), amount: usd(1231), text, code: "2888".into(), store }
}

pub(super) fn order(id: &str) -> OrderView {
    OrderView {
        order: id.into(),
        till: OrderState::Paid,
        back_office: OrderState::ForStaff,
        paid: Some(usd(1231)),
        refunded: Some(usd(31)),
        bookings: vec![Booking { amount: usd(1231) }],
        alarm: true,
        shown: Some(Shown {
            code: Some("https://qr.alipay.com/x".into()),
            link: None,
            page: Some(OrderState::Paid),
        }),
        refunds: vec![RefundView {
            slip: "S1".into(),
            amount: usd(31),
            state: RefundState::Refunded,
        }],
    }
}

pub(super) fn merchant(id: &str) -> MerchantView {
    MerchantView {
        id: id.into(),
        state: RegistrationState::Rejected,
        wallets: vec![WalletApproval {
            wallet: "ALIPAYCN".into(),
            approved: false,
            status: Some("REJECTED".into()),
            reasons: vec!["no such shop".into()],
        }],
        reason: Some("no wallet takes it".into()),
    }
}

pub(super) fn reconciliation(day: Day, kind: FileKind) -> ReconciliationView {
    ReconciliationView {
        day,
        kind,
        state: ReconciliationState::Clean,
        trouble: None,
        files: vec![],
        matched: 3,
        differences: vec![],
        differences_left_out: 0,
        notes: vec![],
        payouts: vec![],
    }
}

/// A server of no kind: it reads one request and writes these bytes, or nothing, and closes.
pub(super) async fn bytes(answer: Option<Vec<u8>>) -> (Http, tokio::task::JoinHandle<()>) {
    let listener = wire::loopback().await.unwrap();
    let url = format!("http://{}/assay", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            read_request(&mut stream).await;
            match &answer {
                Some(bytes) => drop(stream.write_all(bytes).await),
                None => std::future::pending().await,
            }
        }
    });
    (Http::new(&url).unwrap(), task)
}

/// Reads to the end of head and body: closing before would reset the connection.
async fn read_request(stream: &mut tokio::net::TcpStream) {
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => seen.extend_from_slice(&buffer[..count]),
        }
    }
}

/// An adapter that answers everything with one status, kind of content and body.
pub(super) async fn adapter(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> (Http, Guard) {
    let mut reply = wire::Reply::json(status, body.into());
    reply.headers = vec![("content-type".into(), kind.into())];
    let server = wire::serve(wire::loopback().await.unwrap(), wire::Patience::Short, move |_| {
        ready(reply.clone())
    });
    let server = server.unwrap();
    (Http::new(&format!("http://{}/assay/", server.address())).unwrap(), Guard(server))
}

/// Keeps a server.
pub(super) struct Guard(
    #[expect(dead_code, reason = "what is dropped listens no more")] wire::Server,
);

/// A merchant behind its adapter.
pub(super) async fn behind(merchant: Arc<dyn Driver>) -> (Http, Guard) {
    let server = crate::adapter::serve(wire::loopback().await.unwrap(), "/assay", merchant);
    let server = server.unwrap();
    (Http::new(&format!("http://{}/assay", server.address())).unwrap(), Guard(server))
}
