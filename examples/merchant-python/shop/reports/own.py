"""What the book holds, transaction by transaction, as it is compared with report files."""

from dataclasses import dataclass

from shop.book import CANCELLED, FAILED, PAID, REFUNDED, REFUSED
from shop.money import Amount

PAYMENT, REFUND, CANCEL = "PAYMENT", "REFUND", "CANCEL"
DONE = "done"


@dataclass
class Own:
    """A transaction as the shop holds it, and what the files said about it."""

    kind: str
    # Whether the money moved: done, open, failed or cancelled.
    held: str
    request_id: str
    # Signed as in files: what goes back is negative.
    amount: Amount
    moment: int
    transaction_id: str | None = None
    original_id: str | None = None
    seen: bool = False
    # Whether another row undoes the one that is about it, though we know of nothing to undo.
    undone: bool = False
    # What rows say in all about money that, as we hold it, did not move, and where.
    said: Amount | None = None
    at: tuple | None = None


def transactions(book):
    """Every payment that was tried, every cancel of one that had been paid, every refund."""
    own = []
    with book.open() as orders:
        for order in orders.values():
            for attempt in order.attempts:
                own.append(_payment(order, attempt))
                undone = order.state == CANCELLED and attempt.paid_at and attempt.cancelled_at
                if undone and order.is_current(attempt.request_id):
                    own.append(_cancel(attempt))
            payment_id = order.attempts[-1].payment_id
            own.extend(_refund(slip, payment_id) for slip in order.slips)
    return own


def _payment(order, attempt):
    held = FAILED
    if order.is_current(attempt.request_id):
        # A payment that was made is one for good; the cancel undoes it.
        made = order.state == CANCELLED and attempt.paid_at
        ends = {PAID: DONE, FAILED: FAILED, CANCELLED: DONE if made else CANCELLED}
        held = ends.get(order.state, "open")
    amount, moment = attempt.bill, attempt.paid_at or 0
    return Own(PAYMENT, held, attempt.request_id, amount, moment, attempt.payment_id)


def _cancel(attempt):
    amount = Amount(attempt.bill.currency, -attempt.bill.minor)
    moment = attempt.cancelled_at
    return Own(CANCEL, DONE, attempt.request_id, amount, moment, attempt.payment_id)


def _refund(slip, payment_id):
    held = {REFUNDED: DONE, REFUSED: FAILED}.get(slip.state, "open")
    amount = Amount(slip.amount.currency, -slip.amount.minor)
    moment = slip.refunded_at or 0
    return Own(REFUND, held, slip.request_id, amount, moment, slip.refund_id, payment_id)
