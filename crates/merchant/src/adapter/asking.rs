//! Whatever carries the calls of the contract is a driver.

use evidence::{MerchantView, OrderView, ReconciliationView};
use futures::FutureExt;
use futures::future::BoxFuture;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::answer::Turn;
use super::views::View;
use super::{Channel, Operation, Trouble, Wish};
use crate::driver::{
    CancelOrder, Charge, Driver, DriverError, Present, Reconcile, RefundOrder, Register, Return,
};

/// What stands in a path as anything but itself: all but RFC 3986's unreserved characters.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Wish {
    /// Something to be done; `body` is what the contract has for it.
    pub(crate) fn to_do(operation: Operation, body: &impl Serialize) -> Self {
        // None of the contract's types can fail here: they have texts and numbers alone.
        let body = serde_json::to_value(body).unwrap_or_default();
        Self { operation, target: operation.path().to_owned(), body }
    }

    /// A look at an order or at a secondary merchant.
    pub(crate) fn to_see(operation: Operation, id: &str) -> Self {
        let name = utf8_percent_encode(id, IN_PATH).to_string();
        let target = operation.path().replace("{id}", &name);
        Self { operation, target, body: json!({ "id": id }) }
    }

    /// A look at a day.
    fn to_see_day(day: Day, kind: FileKind) -> Self {
        let operation = Operation::Reconciliation;
        let path = operation.path().replace("{day}", &day.to_string());
        let body = json!(Reconcile { day, kind });
        let target = format!("{path}?kind={}", body["kind"].as_str().unwrap_or_default());
        Self { operation, target, body }
    }
}

/// Puts what came of a wish into the driver's words.
fn failed(channel: &impl Channel, wish: &Wish, turn: Turn) -> DriverError {
    match turn {
        Turn::Refused(why) => DriverError::Refused(why),
        Turn::Lacking(why) => DriverError::Unsupported(wish.operation, why),
        Turn::Wrong(fault) => {
            let unanswered = fault.is_unanswered();
            let trouble = Box::new(Trouble {
                with: channel.counterpart().clone(),
                operation: wish.operation,
                target: wish.target.clone(),
                fault,
            });
            if unanswered {
                DriverError::Unreachable(trouble)
            } else {
                DriverError::Unreadable(trouble)
            }
        }
    }
}

fn act<'a>(
    channel: &'a impl Channel,
    operation: Operation,
    body: &impl Serialize,
) -> BoxFuture<'a, Result<(), DriverError>> {
    let wish = Wish::to_do(operation, body);
    async move {
        let answer = channel.ask(wish.clone()).await;
        let taken = answer.map_err(Turn::from).and_then(|answer| answer.taken());
        taken.map_err(|turn| failed(channel, &wish, turn))
    }
    .boxed()
}

fn see<T: View + DeserializeOwned>(
    channel: &impl Channel,
    wish: Wish,
) -> BoxFuture<'_, Result<Option<T>, DriverError>> {
    async move {
        let answer = channel.ask(wish.clone()).await;
        let seen = answer.map_err(Turn::from).and_then(|answer| {
            let view = answer.view::<T>()?;
            view.as_ref().map_or(Ok(()), |view| view.fits(&wish))?;
            Ok(view)
        });
        seen.map_err(|turn| failed(channel, &wish, turn))
    }
    .boxed()
}

impl<C: Channel> Driver for C {
    fn charge(&self, order: Charge) -> BoxFuture<'_, Result<(), DriverError>> {
        act(self, Operation::Charge, &order)
    }

    fn present(&self, order: Present) -> BoxFuture<'_, Result<(), DriverError>> {
        act(self, Operation::Present, &order)
    }

    fn open_return(&self, page: Return) -> BoxFuture<'_, Result<(), DriverError>> {
        act(self, Operation::Return, &page)
    }

    fn cancel(&self, order: CancelOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        act(self, Operation::Cancel, &order)
    }

    fn refund(&self, refund: RefundOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        act(self, Operation::Refund, &refund)
    }

    fn register(&self, merchant: Register) -> BoxFuture<'_, Result<(), DriverError>> {
        act(self, Operation::Register, &merchant)
    }

    fn merchant(&self, id: &str) -> BoxFuture<'_, Result<Option<MerchantView>, DriverError>> {
        see(self, Wish::to_see(Operation::Merchant, id))
    }

    fn reconcile(&self, reconcile: Reconcile) -> BoxFuture<'_, Result<(), DriverError>> {
        act(self, Operation::Reconcile, &reconcile)
    }

    fn reconciliation(
        &self,
        day: Day,
        kind: FileKind,
    ) -> BoxFuture<'_, Result<Option<ReconciliationView>, DriverError>> {
        see(self, Wish::to_see_day(day, kind))
    }

    fn order(&self, id: &str) -> BoxFuture<'_, Result<Option<OrderView>, DriverError>> {
        see(self, Wish::to_see(Operation::Order, id))
    }
}
