"""Refunds in the book: one id for one return slip, however often the button is pressed."""

import uuid
from dataclasses import dataclass, replace

from shop.book import PAID, REFUND_PENDING, REFUSED, Refused, Slip
from shop.money import Amount

# The slip of a refund that stands for a cancel which came too late.
CANCEL_SLIP = "cancel"


@dataclass(frozen=True)
class RefundTicket:
    """Names one refund, with all that the gateway is asked."""

    order: str
    request_id: str
    payment_id: str
    amount: Amount
    reason: str
    # Whether its end is to be told by a notification, as online products do.
    notified: bool


def new_id():
    """An id for a refund: letters, digits and a dash, since others are not allowed in it."""
    return f"refund-{uuid.uuid4().hex}"


def write_slip(book, order_id, number, amount, reason):
    """Writes a slip. Answers what to ask the gateway, `None` where there is nothing to ask: the
    slip is known, or it is refused at once because the order is not paid."""
    with book.open() as orders:
        order = orders.get(order_id)
        if not order:
            raise Refused(f"no order '{order_id}'")
        if any(slip.number == number for slip in order.slips):
            return None
        attempt = order.attempts[-1] if order.attempts else None
        asks = order.state == PAID and not attempt.cancelling and attempt.payment_id
        slip = Slip(number, new_id(), amount, REFUND_PENDING if asks else REFUSED)
        order.slips.append(slip)
        if not asks:
            return None
        return RefundTicket(
            order_id, slip.request_id, attempt.payment_id, amount, reason, order.online
        )


def _slip(orders, ticket):
    slips = orders[ticket.order].slips
    return next((slip for slip in slips if slip.request_id == ticket.request_id), None)


def is_pending(book, ticket):
    """Whether a refund is undecided."""
    with book.open() as orders:
        slip = _slip(orders, ticket)
        return slip is not None and slip.state == REFUND_PENDING


def end(book, ticket, state):
    """Ends a pending refund."""
    with book.open() as orders:
        slip = _slip(orders, ticket)
        if slip and slip.state == REFUND_PENDING:
            slip.state = state


def learn(book, ticket, refund_id, refunded_at):
    """Keeps what the gateway tells about a refund: its own id, and when the money went back."""
    with book.open() as orders:
        slip = _slip(orders, ticket)
        if slip:
            slip.refund_id = refund_id or slip.refund_id
            slip.refunded_at = refunded_at or slip.refunded_at


def rename(book, ticket):
    """By a defect: gives a refund another id."""
    with book.open() as orders:
        slip = _slip(orders, ticket)
        renamed = replace(ticket, request_id=new_id())
        if slip:
            slip.request_id = renamed.request_id
        return renamed


def apply_notification(book, request_id, amount, state, refund_id, refunded_at):
    """Applies a verified notification of a refund's end, once. Answers whether it is about one of
    ours and its amount is right."""
    with book.open() as orders:
        slips = (slip for order in orders.values() for slip in order.slips)
        slip = next((slip for slip in slips if slip.request_id == request_id), None)
        if not slip or slip.amount != amount:
            return False
        slip.refund_id = refund_id or slip.refund_id
        slip.refunded_at = refunded_at or slip.refunded_at
        if slip.state == REFUND_PENDING:
            slip.state = state
        return True
