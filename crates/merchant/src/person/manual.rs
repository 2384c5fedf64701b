//! The driver of a merchant whose till a person operates.

use std::collections::BTreeMap;
use std::sync::Arc;

use evidence::{
    Attachment, Booking, MerchantView, OrderState, OrderView, ReconciliationView, RefundView,
    Shown, WalletApproval,
};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use parking_lot::Mutex;
use protocol::ams::reconciliation::FileKind;
use protocol::{Amount, Day};

use super::tasks::{self, order_state, refund_state, registration_state};
use super::{Away, Came, Person, Reply, Task};
use crate::adapter::{Counterpart, Fault, Operation, Trouble};
use crate::driver::{
    CancelOrder, Charge, Driver, DriverError, Present, Reconcile, RefundOrder, Register, Return,
};

/// The driver of one scenario: every operation is a task for the person, but for reconciling, which
/// nobody does by hand.
///
/// What the person tells along with a task is kept: of an order that was just rung up or shown,
/// [`Driver::told_along`] answers without another question.
pub struct Manual {
    person: Arc<dyn Person>,
    /// What the person is told it is for.
    about: String,
    books: Mutex<Books>,
}

/// What is known of a scenario's orders besides what the person is asked for.
#[derive(Debug, Default)]
struct Books {
    /// The price of each order that was sold.
    prices: BTreeMap<String, Amount>,
    /// What the buyer is shown, by order.
    shown: BTreeMap<String, Shown>,
    /// Every return slip, once.
    slips: Vec<RefundOrder>,
    /// What was told along with a task, by order, until it is taken.
    told: BTreeMap<String, OrderView>,
    /// The order that was shown to a buyer last.
    last: Option<String>,
    attached: Vec<Attachment>,
}

impl std::fmt::Debug for Manual {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manual").field("about", &self.about).finish_non_exhaustive()
    }
}

impl Manual {
    /// The driver of a scenario, which is told to the person as `about`.
    pub fn new(person: Arc<dyn Person>, about: impl Into<String>) -> Self {
        Self { person, about: about.into(), books: Mutex::default() }
    }

    /// Asks, and keeps what was attached.
    async fn ask(&self, operation: Operation, task: Task) -> Result<Reply, DriverError> {
        let reply = self.person.ask(task).await;
        let mut reply = reply.map_err(|Away| {
            DriverError::Unreachable(Box::new(Trouble {
                with: Counterpart::Tester,
                operation,
                target: String::new(),
                fault: Fault::Away,
            }))
        })?;
        self.books.lock().attached.append(&mut reply.attached);
        match reply.came.clone() {
            Came::Done => Ok(reply),
            Came::Refused(why) => Err(DriverError::Refused(why)),
            Came::Lacking(why) => Err(DriverError::Unsupported(operation, why)),
        }
    }

    /// Notes an order that was taken: it waits, and the buyer may be shown something.
    fn took(&self, order: String, price: Amount, offered: &str, is_link: bool) {
        let shown = (!offered.is_empty()).then(|| {
            let text = Some(offered.to_owned());
            let (code, link) = if is_link { (None, text) } else { (text, None) };
            Shown { code, link, page: None }
        });
        let mut books = self.books.lock();
        books.last = Some(order.clone());
        let known = books.prices.insert(order.clone(), price).is_some();
        let offers = shown.is_some();
        if let Some(shown) = &shown {
            books.shown.insert(order.clone(), shown.clone());
        }
        // An order that is sold once more is looked at: it may have an end by now.
        if !known || offers {
            let view = OrderView {
                order: order.clone(),
                till: OrderState::Waiting,
                back_office: OrderState::Waiting,
                paid: None,
                refunded: None,
                bookings: vec![],
                alarm: false,
                shown,
                refunds: vec![],
            };
            books.told.insert(order, view);
        }
    }

    fn look_at(&self, order: &str) -> Task {
        let books = self.books.lock();
        let currency = books.prices.get(order).or_else(|| books.prices.values().next());
        let currency = currency.map_or_else(String::new, |price| price.currency.code().to_owned());
        let slips: Vec<_> =
            books.slips.iter().filter(|slip| slip.order == order).cloned().collect();
        let offers = books.shown.get(order).is_some_and(offers);
        Task::order(&self.about, order, &currency, &slips, offers)
    }

    /// The order as the person tells it; `None` where there is none.
    fn view(&self, order: &str, reply: &Reply) -> Option<OrderView> {
        let till = order_state(reply.told(tasks::TILL))?;
        // What the back office does not know, it has not booked.
        let back_office = order_state(reply.told(tasks::BACK_OFFICE));
        let back_office = back_office.unwrap_or(OrderState::Waiting);
        let booked = reply.amounts(tasks::BOOKINGS);
        let books = self.books.lock();
        let shown = books.shown.get(order).cloned();
        let shown = if reply.told(tasks::OFFERED) == tasks::NO {
            // What the page says to a buyer stays.
            shown.and_then(|shown| shown.page).map(|page| Shown { page: Some(page), ..NOTHING })
        } else {
            shown
        };
        let slips = books.slips.iter().filter(|slip| slip.order == order);
        let refunds = slips.filter_map(|refund| {
            let state = refund_state(reply.told(&refund.slip))?;
            Some(RefundView { slip: refund.slip.clone(), amount: refund.amount, state })
        });
        Some(OrderView {
            order: order.to_owned(),
            till,
            back_office,
            paid: sum(&booked),
            refunded: sum(&reply.amounts(tasks::REFUNDED)),
            bookings: booked.into_iter().map(|amount| Booking { amount }).collect(),
            alarm: [till, back_office].contains(&OrderState::ForStaff),
            shown,
            refunds: refunds.collect(),
        })
    }

    async fn take_refund(&self, refund: RefundOrder) -> Result<(), DriverError> {
        {
            let mut books = self.books.lock();
            if !books.slips.iter().any(|known| known.slip == refund.slip) {
                books.slips.push(refund.clone());
            }
        }
        self.ask(Operation::Refund, Task::refund(&self.about, &refund)).await.map(drop)
    }

    async fn take_return(&self, page: Return) -> Result<(), DriverError> {
        let reply = self.ask(Operation::Return, Task::open_return(&self.about, &page)).await?;
        let mut books = self.books.lock();
        if let Some(order) = books.last.clone() {
            let shown = books.shown.entry(order).or_insert(NOTHING);
            shown.page = order_state(reply.told(tasks::PAGE));
        }
        Ok(())
    }

    async fn look_at_merchant(&self, id: &str) -> Result<Option<MerchantView>, DriverError> {
        let reply = self.ask(Operation::Merchant, Task::merchant(&self.about, id)).await?;
        let names = reply.told(tasks::WALLETS).split(',').map(str::trim);
        let wallet = |name: &str| WalletApproval {
            wallet: name.to_owned(),
            approved: true,
            status: None,
            reasons: vec![],
        };
        let reason = reply.told(tasks::REASON);
        Ok(registration_state(reply.told(tasks::STATE)).map(|state| MerchantView {
            id: id.to_owned(),
            state,
            wallets: names.filter(|name| !name.is_empty()).map(wallet).collect(),
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
        }))
    }
}

/// What is shown to a buyer who is offered nothing.
const NOTHING: Shown = Shown { code: None, link: None, page: None };

fn offers(shown: &Shown) -> bool {
    shown.code.is_some() || shown.link.is_some()
}

/// All of them together; `None` where there are none, and where they have several currencies the
/// first that differs, so that no sum hides it.
fn sum(amounts: &[Amount]) -> Option<Amount> {
    let (first, rest) = amounts.split_first()?;
    if let Some(other) = rest.iter().find(|other| other.currency != first.currency) {
        return Some(*other);
    }
    let minor = rest.iter().fold(first.minor, |minor, next| minor.saturating_add(next.minor));
    Some(Amount::new(first.currency, minor))
}

impl Driver for Manual {
    fn charge(&self, order: Charge) -> BoxFuture<'_, Result<(), DriverError>> {
        async move {
            self.ask(Operation::Charge, Task::charge(&self.about, &order)).await?;
            self.took(order.order, order.amount, "", false);
            Ok(())
        }
        .boxed()
    }

    fn present(&self, order: Present) -> BoxFuture<'_, Result<(), DriverError>> {
        async move {
            let reply = self.ask(Operation::Present, Task::present(&self.about, &order)).await?;
            // A code at the till may well be an address, which the buyer's wallet opens.
            let is_link = order.device.is_some() || order.user_agent.is_some();
            self.took(order.order, order.amount, reply.told(tasks::SHOWN), is_link);
            Ok(())
        }
        .boxed()
    }

    fn open_return(&self, page: Return) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take_return(page).boxed()
    }

    fn cancel(&self, order: CancelOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        async move {
            self.ask(Operation::Cancel, Task::cancel(&self.about, &order)).await.map(drop)
        }
        .boxed()
    }

    fn refund(&self, refund: RefundOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take_refund(refund).boxed()
    }

    fn register(&self, merchant: Register) -> BoxFuture<'_, Result<(), DriverError>> {
        async move {
            self.ask(Operation::Register, Task::register(&self.about, &merchant)).await.map(drop)
        }
        .boxed()
    }

    fn merchant(&self, id: &str) -> BoxFuture<'_, Result<Option<MerchantView>, DriverError>> {
        let id = id.to_owned();
        async move { self.look_at_merchant(&id).await }.boxed()
    }

    fn reconcile(&self, _: Reconcile) -> BoxFuture<'_, Result<(), DriverError>> {
        // No person compares a day's files row by row.
        ready(Err(DriverError::Unsupported(Operation::Reconcile, String::new()))).boxed()
    }

    fn reconciliation(
        &self,
        _: Day,
        _: FileKind,
    ) -> BoxFuture<'_, Result<Option<ReconciliationView>, DriverError>> {
        ready(Ok(None)).boxed()
    }

    fn order(&self, id: &str) -> BoxFuture<'_, Result<Option<OrderView>, DriverError>> {
        let id = id.to_owned();
        async move {
            let reply = self.ask(Operation::Order, self.look_at(&id)).await?;
            Ok(self.view(&id, &reply))
        }
        .boxed()
    }

    fn take_pictures(&self) -> BoxFuture<'_, Result<(), DriverError>> {
        async move { self.ask(Operation::Order, Task::pictures(&self.about)).await.map(drop) }
            .boxed()
    }

    fn is_by_hand(&self) -> bool {
        true
    }

    fn told_along(&self, order: &str) -> Option<OrderView> {
        self.books.lock().told.remove(order)
    }

    fn attached(&self) -> Vec<Attachment> {
        std::mem::take(&mut self.books.lock().attached)
    }
}
