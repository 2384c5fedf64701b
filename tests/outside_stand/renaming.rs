//! A merchant that has numbers of its own, and tells nobody those that it was given.

use std::sync::Arc;

use evidence::{MerchantView, OrderView, ReconciliationView};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use merchant::{
    CancelOrder, Charge, Driver, DriverError, Present, Reconcile, RefundOrder, Register, Return,
};
use protocol::Day;
use protocol::ams::reconciliation::FileKind;

/// The merchant within, which sees the numbers alone.
pub(crate) struct Renaming(pub(crate) Arc<dyn Driver>);

/// Its number for an order.
fn number(order: &str) -> String {
    format!("N{}", &signing::sha256_hex(order.as_bytes())[..12])
}

impl Driver for Renaming {
    fn charge(&self, mut order: Charge) -> BoxFuture<'_, Result<(), DriverError>> {
        order.order = number(&order.order);
        self.0.charge(order)
    }

    fn present(&self, mut order: Present) -> BoxFuture<'_, Result<(), DriverError>> {
        order.order = number(&order.order);
        self.0.present(order)
    }

    fn open_return(&self, page: Return) -> BoxFuture<'_, Result<(), DriverError>> {
        self.0.open_return(page)
    }

    fn cancel(&self, order: CancelOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        self.0.cancel(CancelOrder { order: number(&order.order) })
    }

    fn refund(&self, mut refund: RefundOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        refund.order = number(&refund.order);
        self.0.refund(refund)
    }

    fn register(&self, merchant: Register) -> BoxFuture<'_, Result<(), DriverError>> {
        self.0.register(merchant)
    }

    fn merchant(&self, id: &str) -> BoxFuture<'_, Result<Option<MerchantView>, DriverError>> {
        self.0.merchant(id)
    }

    fn reconcile(&self, reconcile: Reconcile) -> BoxFuture<'_, Result<(), DriverError>> {
        self.0.reconcile(reconcile)
    }

    fn reconciliation(
        &self,
        day: Day,
        kind: FileKind,
    ) -> BoxFuture<'_, Result<Option<ReconciliationView>, DriverError>> {
        self.0.reconciliation(day, kind)
    }

    fn order(&self, id: &str) -> BoxFuture<'_, Result<Option<OrderView>, DriverError>> {
        let (asked, own) = (id.to_owned(), number(id));
        async move {
            let view = self.0.order(&own).await?;
            Ok(view.map(|view| OrderView { order: asked, ..view }))
        }
        .boxed()
    }
}
