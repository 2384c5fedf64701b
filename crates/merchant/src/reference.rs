//! The reference merchant as a driver: takes orders and answers for its books.

use std::sync::Arc;

use clock::Clock;
use evidence::{MerchantView, OrderState, OrderView, ReconciliationView};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use protocol::ams::reconciliation::FileKind;
use protocol::{Amount, Day};

use crate::bill::bill;
use crate::cancelling::Cancellable;
use crate::cashier::Device;
use crate::defect::{Defect, Switch};
use crate::driver::{
    CancelOrder, Charge, Driver, DriverError, Present, Reconcile, RefundOrder, Register, Return,
};
use crate::naming::Naming;
use crate::order::{Books, Ticket};
use crate::reconciliation::Reconciliations;
use crate::registrar::Registrar;
use crate::setup::{Contract, Setup};

/// The reference merchant. Clones are the same merchant.
#[derive(Debug, Clone)]
pub struct Reference {
    pub(crate) setup: Arc<Setup>,
    pub(crate) books: Arc<Books>,
    pub(crate) registrar: Arc<Registrar>,
    pub(crate) reconciliations: Arc<Reconciliations>,
    pub(crate) clock: Clock,
    pub(crate) http: wire::Client,
    pub(crate) switch: Switch,
}

impl Reference {
    /// A healthy merchant without orders.
    pub fn new(setup: Setup, clock: Clock, http: wire::Client) -> Self {
        let naming = match setup.contract {
            Contract::Ams { .. } => Naming::Ams,
            Contract::Legacy { .. } => Naming::Legacy,
        };
        let (setup, books) = (Arc::new(setup), Arc::new(Books::new(naming)));
        let (registrar, reconciliations) = Default::default();
        let switch = Switch::default();
        Self { setup, books, registrar, reconciliations, clock, http, switch }
    }

    /// The merchant with one defect switched on. Servers that listen already stay as they were.
    #[must_use]
    pub fn with_defect(self, defect: Defect) -> Self {
        Self { switch: Switch::of(defect), ..self }
    }

    /// Whether the defect has changed anything that the merchant did.
    pub fn defect_was_active(&self) -> bool {
        self.switch.was_active()
    }

    /// Receives notices on `listener`, at the path of the notify URL.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn listen(&self, listener: tokio::net::TcpListener) -> std::io::Result<wire::Server> {
        let merchant = self.clone();
        let patience =
            if self.clock.is_simulated() { wire::Patience::Endless } else { wire::Patience::Short };
        wire::serve(listener, patience, move |request| {
            let merchant = merchant.clone();
            async move { merchant.receive(&request).await }
        })
    }

    /// Begins an attempt of an order. `None` for a second press: what is in progress or paid is
    /// not started again.
    fn begin(&self, order: &str, price: Amount) -> Result<Option<Ticket>, DriverError> {
        let mut same_id = false;
        match self.books.state(order) {
            None => {}
            Some(OrderState::Failed | OrderState::Cancelled) => {
                same_id = self.keeps_number(order, price);
            }
            Some(OrderState::Waiting | OrderState::Paid)
                if self.switch.either(Defect::DoublePress, Defect::LegNumberPerPress)
                    || self.switch.strikes(Defect::LegNumberPerClick) => {}
            Some(OrderState::Waiting | OrderState::Paid) => return Ok(None),
            Some(OrderState::ForStaff) => return Err(with_staff(order)),
        }
        let bill = bill(price, &self.switch);
        Ok(Some(self.books.begin(order, price, bill, same_id)))
    }

    /// Whether a defect lets a new attempt go out under the number of the last.
    fn keeps_number(&self, order: &str, price: Amount) -> bool {
        let orders = self.books.open();
        let changed = orders.get(order).is_some_and(|order| order.price != price);
        self.switch.either(Defect::IdReusedAfterF, Defect::LegReusesClosed)
            || (!changed && self.switch.strikes(Defect::LegRescanSameNumber))
            || (changed && self.switch.strikes(Defect::LegNumberPerBasket))
    }

    fn take_charge(&self, charge: Charge) -> Result<(), DriverError> {
        let seller = self.seller(&charge.store)?;
        if let Some(ticket) = self.begin(&charge.order, charge.amount)?
            && self.may_sell(&ticket, &seller)
        {
            let merchant = self.clone();
            self.clock.spawn(async move {
                match &merchant.setup.contract {
                    Contract::Ams { .. } => merchant.charge_code(ticket, charge, seller).await,
                    Contract::Legacy { .. } => {
                        merchant.charge_barcode(ticket, charge, seller).await;
                    }
                }
            });
        }
        Ok(())
    }

    fn take_present(&self, present: Present) -> Result<(), DriverError> {
        let seller = self.seller(&present.store)?;
        let device = present.device.as_deref().map(Device::parse).transpose()?;
        if device == Some(Device::App) {
            self.only_ams("has no shop in an app")?;
        }
        if let Some(ticket) = self.begin(&present.order, present.amount)?
            && self.may_sell(&ticket, &seller)
        {
            let merchant = self.clone();
            self.clock.spawn(async move {
                match (&merchant.setup.contract, device) {
                    (Contract::Ams { .. }, Some(device)) => {
                        merchant.check_out(ticket, present, seller, device).await;
                    }
                    (Contract::Ams { .. }, None) => {
                        merchant.present_offer(ticket, present, seller).await;
                    }
                    (Contract::Legacy { .. }, Some(device)) => {
                        merchant.redirect(ticket, present, seller, device).await;
                    }
                    (Contract::Legacy { .. }, None) => {
                        merchant.present_qr(ticket, present, seller).await;
                    }
                }
            });
        }
        Ok(())
    }

    fn take_cancel(&self, order: &str) -> Result<(), DriverError> {
        let online = self.books.open().get(order).is_some_and(|order| order.device.is_some());
        if online {
            self.only_ams("cannot cancel what a shop on the net sells")?;
        }
        match self.books.cancel(order) {
            Cancellable::Sent(ticket) if self.switch.strikes(Defect::CancelOnlyLocal) => {
                self.books.end_cancel(&ticket, OrderState::Cancelled);
                Ok(())
            }
            Cancellable::Sent(ticket) => {
                let merchant = self.clone();
                self.clock.spawn(async move { merchant.cancel_until_sure(&ticket).await });
                Ok(())
            }
            Cancellable::Unsent | Cancellable::Nothing => Ok(()),
            Cancellable::ForStaff => Err(with_staff(order)),
            Cancellable::Unknown => Err(DriverError::Refused(format!("no order '{order}'"))),
        }
    }
}

impl Reference {
    /// Refuses what the merchant does under a contract of the AMS generation alone.
    fn only_ams(&self, what: &str) -> Result<(), DriverError> {
        match self.setup.contract {
            Contract::Ams { .. } => Ok(()),
            Contract::Legacy { .. } => {
                let says = format!("under a contract of the legacy generation it {what}");
                Err(DriverError::Refused(says))
            }
        }
    }
}

fn with_staff(order: &str) -> DriverError {
    DriverError::Refused(format!("order '{order}' is in the hands of a person"))
}

impl Driver for Reference {
    fn charge(&self, order: Charge) -> BoxFuture<'_, Result<(), DriverError>> {
        ready(self.take_charge(order)).boxed()
    }

    fn present(&self, order: Present) -> BoxFuture<'_, Result<(), DriverError>> {
        ready(self.take_present(order)).boxed()
    }

    fn open_return(&self, page: Return) -> BoxFuture<'_, Result<(), DriverError>> {
        ready(self.take_return(&page.url)).boxed()
    }

    fn cancel(&self, order: CancelOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        ready(self.take_cancel(&order.order)).boxed()
    }

    fn register(&self, merchant: Register) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take_register(merchant);
        ready(Ok(())).boxed()
    }

    fn merchant(&self, id: &str) -> BoxFuture<'_, Result<Option<MerchantView>, DriverError>> {
        ready(Ok(self.registrar.view(id))).boxed()
    }

    fn refund(&self, refund: RefundOrder) -> BoxFuture<'_, Result<(), DriverError>> {
        ready(self.take_refund(&refund)).boxed()
    }

    fn reconcile(&self, reconcile: Reconcile) -> BoxFuture<'_, Result<(), DriverError>> {
        self.take_reconcile(reconcile);
        ready(Ok(())).boxed()
    }

    fn reconciliation(
        &self,
        day: Day,
        kind: FileKind,
    ) -> BoxFuture<'_, Result<Option<ReconciliationView>, DriverError>> {
        ready(Ok(self.reconciliations.view(day, kind))).boxed()
    }

    fn order(&self, id: &str) -> BoxFuture<'_, Result<Option<OrderView>, DriverError>> {
        ready(Ok(self.books.view(id))).boxed()
    }
}
