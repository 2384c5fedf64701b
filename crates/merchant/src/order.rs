//! The merchant's books: every order with its attempts, its state and its bookings.

use std::collections::{BTreeMap, BTreeSet};

use clock::Millis;
use evidence::{Booking, OrderState, OrderView, Shown};
use parking_lot::{Mutex, MutexGuard};
use protocol::Amount;

use crate::cashier::Device;
use crate::naming::Naming;
use crate::slip::{Slip, refunded, with_staff};

/// All orders by their ids. One lock guards them, and nobody holds it while waiting.
#[derive(Debug)]
pub(crate) struct Books {
    orders: Mutex<BTreeMap<String, Order>>,
    pub(crate) naming: Naming,
    /// When the next refund may go out, where they have to be apart.
    pub(crate) refund_turn: Mutex<Millis>,
    /// The ids of notices that the gateway has called its own. Once one is acknowledged, it does so
    /// no more, and a copy of it has to be acknowledged all the same.
    pub(crate) vouched: Mutex<BTreeSet<String>>,
}

/// An order as till and back office know it.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// The price.
    pub(crate) price: Amount,
    pub(crate) till: OrderState,
    pub(crate) back_office: OrderState,
    pub(crate) bookings: Vec<Amount>,
    pub(crate) alarm: bool,
    /// What the buyer is given to pay with, while it is offered.
    pub(crate) offer: Option<Offer>,
    /// Whether the buyer came back from the wallet to the merchant's own page.
    pub(crate) came_back: bool,
    /// What the till shows while the order waits; another state than waiting only by a defect.
    pub(crate) while_waiting: OrderState,
    /// Every payment that was tried; the last one counts.
    pub(crate) attempts: Vec<Attempt>,
    /// What the buyer looks at the shop with, where it was sold in one on the net.
    pub(crate) device: Option<Device>,
    /// When a code for it was asked for first.
    pub(crate) first_asked: Option<Millis>,
    /// Every return slip, in the order in which they were written.
    pub(crate) slips: Vec<Slip>,
}

/// What the buyer is given to pay with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Offer {
    /// A code to scan.
    Code(String),
    /// An address to open.
    Link(String),
}

/// One payment that was tried for an order.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) request_id: String,
    /// What the gateway is asked for.
    pub(crate) bill: Amount,
    /// The gateway's own id, once it was told.
    pub(crate) payment_id: Option<String>,
    /// When it was paid and when it was cancelled, as the gateway told it.
    pub(crate) paid_at: Option<i64>,
    pub(crate) cancelled_at: Option<i64>,
    /// When the merchant came to know that it was paid, where nobody told when it was.
    pub(crate) heard_at: Option<i64>,
    /// What its cancel brought back to the buyer, as the gateway told it.
    pub(crate) returned: Option<Amount>,
    /// Whether anything about it was sent.
    pub(crate) sent: bool,
    /// Whether a cancel is under way; from then on its answer alone decides.
    pub(crate) cancelling: bool,
    /// What was heard of the payment while it was being cancelled.
    pub(crate) meanwhile: Option<OrderState>,
    /// Whether a good notice about it was taken before.
    pub(crate) noticed: bool,
    /// When the first and the last such notice came, where a form told it.
    pub(crate) noticed_at: Option<(Millis, Millis)>,
}

/// Names one attempt of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) order: String,
    pub(crate) request_id: String,
    /// What the gateway is asked for.
    pub(crate) bill: Amount,
}

/// What the gateway tells of a payment besides its state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Particulars {
    /// Its own id.
    pub(crate) payment_id: Option<String>,
    /// When it was paid.
    pub(crate) paid_at: Option<i64>,
    /// When it was cancelled.
    pub(crate) cancelled_at: Option<i64>,
}

impl Attempt {
    fn new(request_id: String, bill: Amount) -> Self {
        Self {
            request_id,
            bill,
            payment_id: None,
            paid_at: None,
            cancelled_at: None,
            heard_at: None,
            returned: None,
            sent: false,
            cancelling: false,
            meanwhile: None,
            noticed: false,
            noticed_at: None,
        }
    }

    /// Keeps what the gateway tells.
    pub(crate) fn learn(&mut self, told: Particulars) {
        self.payment_id = told.payment_id.or(self.payment_id.take());
        self.heard_at = self.heard_at.filter(|_| told.paid_at.is_none());
        self.paid_at = told.paid_at.or(self.paid_at);
        self.cancelled_at = told.cancelled_at.or(self.cancelled_at);
    }

    /// Counts it as paid by now, where nobody said when.
    pub(crate) fn paid_by(&mut self, now: i64) {
        if self.paid_at.is_none() {
            (self.paid_at, self.heard_at) = (Some(now), Some(now));
        }
    }
}

impl Order {
    fn new(price: Amount) -> Self {
        Self {
            price,
            till: OrderState::Waiting,
            back_office: OrderState::Waiting,
            bookings: vec![],
            alarm: false,
            offer: None,
            came_back: false,
            while_waiting: OrderState::Waiting,
            attempts: vec![],
            device: None,
            first_asked: None,
            slips: vec![],
        }
    }

    /// Puts till and back office into a state.
    pub(crate) fn become_state(&mut self, state: OrderState) {
        (self.till, self.back_office) = (state, state);
        if state != OrderState::Paid {
            self.bookings.clear();
        }
        if state.is_final() {
            self.offer = None;
        }
        self.alarm = state == OrderState::ForStaff;
    }

    /// Books the price once more; the order is paid.
    pub(crate) fn book(&mut self) {
        self.become_state(OrderState::Paid);
        self.bookings.push(self.price);
    }

    /// Keeps what is heard of a payment that is being cancelled.
    pub(crate) fn hear_meanwhile(&mut self, state: OrderState) {
        if let Some(attempt) = self.attempts.last_mut().filter(|attempt| attempt.cancelling) {
            attempt.meanwhile = Some(state);
        }
    }

    /// Whether `request_id` names the attempt that counts.
    pub(crate) fn is_current(&self, request_id: &str) -> bool {
        self.attempts.last().is_some_and(|attempt| attempt.request_id == request_id)
    }

    /// Whether the attempt that counts is undecided and not being cancelled.
    pub(crate) fn is_open(&self) -> bool {
        let cancelling = self.attempts.last().is_some_and(|attempt| attempt.cancelling);
        self.till == OrderState::Waiting && !cancelling
    }

    fn shown(&self, till: OrderState) -> Option<Shown> {
        let (code, link) = match self.offer.clone() {
            Some(Offer::Code(code)) => (Some(code), None),
            Some(Offer::Link(link)) => (None, Some(link)),
            None => (None, None),
        };
        let page = self.came_back.then_some(till);
        let shown = Shown { code, link, page };
        (self.offer.is_some() || self.came_back).then_some(shown)
    }

    fn view(&self, id: &str) -> OrderView {
        let paid = self.bookings.iter().map(|amount| amount.minor).reduce(i64::saturating_add);
        let till = if self.till == OrderState::Waiting { self.while_waiting } else { self.till };
        OrderView {
            order: id.to_owned(),
            till,
            back_office: self.back_office,
            paid: paid.map(|minor| Amount::new(self.price.currency, minor)),
            refunded: refunded(&self.slips, &self.attempts),
            bookings: self.bookings.iter().map(|amount| Booking { amount: *amount }).collect(),
            alarm: self.alarm || with_staff(&self.slips),
            shown: self.shown(till),
            refunds: self.slips.iter().map(Slip::view).collect(),
        }
    }
}

impl Books {
    /// Empty books, whose numbers are made up in a way.
    pub(crate) fn new(naming: Naming) -> Self {
        let (orders, refund_turn, vouched) = Default::default();
        Self { orders, naming, refund_turn, vouched }
    }

    /// The orders themselves, for as long as it takes to look or to write.
    pub(crate) fn open(&self) -> MutexGuard<'_, BTreeMap<String, Order>> {
        self.orders.lock()
    }

    /// How till and back office see an order.
    pub(crate) fn view(&self, id: &str) -> Option<OrderView> {
        self.open().get(id).map(|order| order.view(id))
    }

    /// The state of an order, `None` for one that is not known.
    pub(crate) fn state(&self, id: &str) -> Option<OrderState> {
        self.open().get(id).map(|order| order.till)
    }

    /// Begins a new attempt of an order under the number after its last, or, by a defect, under
    /// the last once more.
    pub(crate) fn begin(&self, id: &str, price: Amount, bill: Amount, same_id: bool) -> Ticket {
        let mut orders = self.open();
        let order = orders.entry(id.to_owned()).or_insert_with(|| Order::new(price));
        let (attempts, slips) =
            (std::mem::take(&mut order.attempts), std::mem::take(&mut order.slips));
        let first_asked = order.first_asked;
        *order = Order { attempts, first_asked, slips, ..Order::new(price) };
        let number = order.attempts.len() + usize::from(!same_id);
        let request_id = self.naming.payment(id, number);
        if same_id {
            order.attempts.pop();
        }
        order.attempts.push(Attempt::new(request_id.clone(), bill));
        Ticket { order: id.to_owned(), request_id, bill }
    }

    /// Works on the order of a ticket, if its attempt is still the one that counts and open.
    pub(crate) fn while_open<T>(
        &self,
        ticket: &Ticket,
        work: impl FnOnce(&mut Order) -> T,
    ) -> Option<T> {
        let mut orders = self.open();
        let order = orders.get_mut(&ticket.order)?;
        (order.is_current(&ticket.request_id) && order.is_open()).then(|| work(order))
    }

    /// Whether the attempt is undecided and nobody is cancelling it.
    pub(crate) fn is_open(&self, ticket: &Ticket) -> bool {
        self.while_open(ticket, |_| ()).is_some()
    }

    /// Notes that the attempt goes out now. Answers whether it still may.
    pub(crate) fn sending(&self, ticket: &Ticket) -> bool {
        let sent = |order: &mut Order| {
            if let Some(attempt) = order.attempts.last_mut() {
                attempt.sent = true;
            }
        };
        self.while_open(ticket, sent).is_some()
    }

    /// Whether a later attempt has taken the place of this one.
    pub(crate) fn was_overtaken(&self, ticket: &Ticket) -> bool {
        let orders = self.open();
        orders.get(&ticket.order).is_some_and(|order| !order.is_current(&ticket.request_id))
    }

    /// Keeps what the gateway tells about the attempt.
    pub(crate) fn learn(&self, ticket: &Ticket, told: Particulars) {
        self.of_attempt(ticket, |attempt| attempt.learn(told));
    }

    /// Works on the attempt of a ticket, whether it still counts or not.
    pub(crate) fn of_attempt<T>(
        &self,
        ticket: &Ticket,
        work: impl FnOnce(&mut Attempt) -> T,
    ) -> Option<T> {
        let mut orders = self.open();
        let attempts = &mut orders.get_mut(&ticket.order)?.attempts;
        attempts.iter_mut().find(|attempt| attempt.request_id == ticket.request_id).map(work)
    }

    /// Books the money. Answers whether the attempt was open.
    pub(crate) fn paid(&self, ticket: &Ticket) -> bool {
        let booked = self.while_open(ticket, Order::book).is_some();
        if !booked {
            self.meanwhile(ticket, OrderState::Paid);
        }
        booked
    }

    /// Ends an open attempt without money.
    pub(crate) fn end(&self, ticket: &Ticket, state: OrderState) {
        if self.while_open(ticket, |order| order.become_state(state)).is_none() {
            self.meanwhile(ticket, state);
        }
    }

    fn meanwhile(&self, ticket: &Ticket, state: OrderState) {
        let mut orders = self.open();
        let Some(order) = orders.get_mut(&ticket.order) else { return };
        if order.is_current(&ticket.request_id) {
            order.hear_meanwhile(state);
        }
    }

    /// Offers the buyer something to pay with.
    pub(crate) fn show(&self, ticket: &Ticket, offer: Offer) {
        self.while_open(ticket, |order| order.offer = Some(offer));
    }

    /// What an order offers the buyer.
    pub(crate) fn offered(&self, ticket: &Ticket) -> Option<Offer> {
        self.open().get(&ticket.order).and_then(|order| order.offer.clone())
    }

    /// By a defect: goes on offering what should have gone with the order's end.
    pub(crate) fn offer_still(&self, ticket: &Ticket, offer: Offer) {
        if let Some(order) = self.open().get_mut(&ticket.order) {
            order.offer = Some(offer);
        }
    }

    /// The attempt with a payment request id.
    pub(crate) fn ticket(&self, request_id: &str) -> Option<Ticket> {
        self.open().iter().find_map(|(id, order)| {
            let attempt = order.attempts.iter().find(|attempt| attempt.request_id == request_id)?;
            let (order, request_id) = (id.clone(), attempt.request_id.clone());
            Some(Ticket { order, request_id, bill: attempt.bill })
        })
    }
}
