"""The book of orders: every order with its attempts to be paid, its state and its bookings.

Nobody holds the book's lock while waiting for anything.
"""

import threading
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from shop.money import Amount, total

WAITING, PAID, FAILED, CANCELLED = "waiting", "paid", "failed", "cancelled"
FOR_STAFF = "for-staff"

REFUND_PENDING, REFUNDED, REFUSED = "pending", "refunded", "refused"


class Refused(Exception):
    """Why the shop does not do what it is asked to do, in words."""


@dataclass(frozen=True)
class Ticket:
    """Names one attempt of an order."""

    order: str
    request_id: str
    bill: Amount


@dataclass(frozen=True)
class Told:
    """What the gateway tells of a payment besides its state."""

    payment_id: str | None = None
    paid_at: int | None = None
    cancelled_at: int | None = None


@dataclass
class Attempt:
    """One payment that was tried for an order."""

    request_id: str
    bill: Amount
    payment_id: str | None = None
    paid_at: int | None = None
    cancelled_at: int | None = None
    sent: bool = False
    # From the first cancel on, its answer alone decides; what is heard meanwhile is kept.
    cancelling: bool = False
    meanwhile: str | None = None
    noticed: bool = False

    def learn(self, told):
        """Keeps what the gateway tells."""
        self.payment_id = told.payment_id or self.payment_id
        self.paid_at = told.paid_at or self.paid_at
        self.cancelled_at = told.cancelled_at or self.cancelled_at


@dataclass
class Slip:
    """A return slip: one wish to give money back, under one id."""

    number: str
    request_id: str
    amount: Amount
    state: str
    refund_id: str | None = None
    refunded_at: int | None = None


@dataclass
class Order:
    """An order as till and back office know it."""

    price: Amount
    state: str = WAITING
    bookings: list = field(default_factory=list)
    # What the buyer is given to pay with while it is offered: a code's text, or an address.
    code: str | None = None
    link: str | None = None
    came_back: bool = False
    online: bool = False
    attempts: list = field(default_factory=list)
    slips: list = field(default_factory=list)

    def become(self, state):
        """Puts the order into a state."""
        self.state = state
        if state != PAID:
            self.bookings.clear()
        if state != WAITING:
            self.code = self.link = None

    def book(self):
        """Books the price once more; the order is paid."""
        self.become(PAID)
        self.bookings.append(self.price)

    def is_current(self, request_id):
        """Whether an id names the attempt that counts, which is the last."""
        return bool(self.attempts) and self.attempts[-1].request_id == request_id

    def is_open(self):
        """Whether the attempt that counts is undecided and nobody is cancelling it."""
        return self.state == WAITING and bool(self.attempts) and not self.attempts[-1].cancelling

    def hear_meanwhile(self, state):
        """Keeps what is heard of a payment that is being cancelled."""
        if self.attempts and self.attempts[-1].cancelling:
            self.attempts[-1].meanwhile = state

    def view(self, order_id):
        """How the adapter contract tells it."""
        paid = total(self.bookings)
        refunded = total(slip.amount for slip in self.slips if slip.state == REFUNDED)
        staff = self.state == FOR_STAFF or any(slip.state == FOR_STAFF for slip in self.slips)
        return {
            "order": order_id,
            "till": self.state,
            "back_office": self.state,
            "paid": paid and paid.to_contract(),
            "refunded": refunded and refunded.to_contract(),
            "bookings": [{"amount": amount.to_contract()} for amount in self.bookings],
            "alarm": staff,
            "shown": self._shown(),
            "refunds": [
                {"slip": slip.number, "amount": slip.amount.to_contract(), "state": slip.state}
                for slip in self.slips
            ],
        }

    def _shown(self):
        if self.code is None and self.link is None and not self.came_back:
            return None
        shown = {"code": self.code, "link": self.link}
        return {**shown, "page": self.state} if self.came_back else shown


class Book:
    """All orders by their ids, and all attempts by theirs."""

    def __init__(self):
        self._lock = threading.RLock()
        self._orders = {}
        self._order_of = {}

    @contextmanager
    def open(self):
        """The orders themselves, for as long as it takes to look or to write."""
        with self._lock:
            yield self._orders

    def view(self, order_id):
        """How till and back office see an order; `None` for one that is not known."""
        with self._lock:
            order = self._orders.get(order_id)
            return order and order.view(order_id)

    def press(self, order_id, price, bill, per_press=False):
        """Begins an attempt of an order under a new id.

        A second press begins nothing: what is in progress or paid is not started again, unless a
        defect starts a payment `per_press`.
        """
        with self._lock:
            known = self._orders.get(order_id)
            if known and known.state == FOR_STAFF:
                raise Refused(f"order '{order_id}' is in the hands of a person")
            if known and known.state in (WAITING, PAID) and not per_press:
                return None
            return self.begin(order_id, price, bill)

    def begin(self, order_id, price, bill):
        """Begins an attempt of an order under a new id, whatever became of the last."""
        with self._lock:
            known = self._orders.get(order_id) or Order(price)
            order = Order(price, attempts=known.attempts, slips=known.slips, online=known.online)
            ticket = Ticket(order_id, f"pay-{uuid.uuid4().hex}", bill)
            order.attempts.append(Attempt(ticket.request_id, bill))
            self._orders[order_id] = order
            self._order_of[ticket.request_id] = order_id
            return ticket

    def ticket(self, request_id):
        """The attempt with a payment request id; `None` for one that is not ours."""
        with self._lock:
            order_id = self._order_of.get(request_id)
            attempt = self.attempt(order_id, request_id)
            return attempt and Ticket(order_id, request_id, attempt.bill)

    def attempt(self, order_id, request_id):
        """One attempt of an order; for those who hold the book open."""
        order = self._orders.get(order_id)
        attempts = order.attempts if order else []
        return next((one for one in attempts if one.request_id == request_id), None)

    def while_open(self, ticket, work):
        """Works on the order of a ticket if its attempt is the one that counts, and open."""
        with self._lock:
            order = self._orders.get(ticket.order)
            if not order or not order.is_current(ticket.request_id) or not order.is_open():
                return False
            work(order)
            return True

    def is_open(self, ticket):
        """Whether the attempt is undecided and nobody is cancelling it."""
        return self.while_open(ticket, lambda order: None)

    def sending(self, ticket):
        """Notes that the attempt goes out now. Answers whether it still may."""

        def note(order):
            order.attempts[-1].sent = True

        return self.while_open(ticket, note)

    def learn(self, ticket, told):
        """Keeps what the gateway tells about an attempt, whether it still counts or not."""
        with self._lock:
            attempt = self.attempt(ticket.order, ticket.request_id)
            if attempt:
                attempt.learn(told)

    def paid(self, ticket):
        """Books the money, once."""
        if not self.while_open(ticket, Order.book):
            self._meanwhile(ticket, PAID)

    def end(self, ticket, state):
        """Ends an open attempt without money."""
        if not self.while_open(ticket, lambda order: order.become(state)):
            self._meanwhile(ticket, state)

    def _meanwhile(self, ticket, state):
        with self._lock:
            order = self._orders.get(ticket.order)
            if order and order.is_current(ticket.request_id):
                order.hear_meanwhile(state)

    def offer(self, ticket, code=None, link=None):
        """Offers the buyer something to pay with."""

        def show(order):
            order.code, order.link = code, link

        self.while_open(ticket, show)

    def apply_success(self, request_id, amount, told, switches):
        """Applies a verified notification of success. Answers `None` for an id that is not ours,
        and whether the amount is right otherwise."""
        with self._lock:
            order = self._orders.get(self._order_of.get(request_id))
            attempt = self.attempt(self._order_of.get(request_id), request_id)
            if not attempt:
                return None
            if amount != attempt.bill and not switches.has("ignores-notified-amount"):
                return False
            copy, attempt.noticed = attempt.noticed, True
            attempt.learn(replace(told, cancelled_at=None))
            if not order.is_current(request_id):
                return True
            again = copy and order.state == PAID and switches.has("books-duplicate-twice")
            revived = order.state == CANCELLED and switches.has("late-notice-revives")
            if order.is_open() or again or revived:
                order.book()
            else:
                order.hear_meanwhile(PAID)
            return True
