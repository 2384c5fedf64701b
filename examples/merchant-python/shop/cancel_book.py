"""Cancels in the book: what there is to cancel, and what an order becomes by it."""

from shop.book import CANCELLED, FAILED, FOR_STAFF, PAID, WAITING, Refused, Ticket


def begin_for_clerk(book, order_id):
    """What there is to cancel about an order, marked as being cancelled; `None` for nothing."""
    with book.open() as orders:
        order = orders.get(order_id)
        if not order:
            raise Refused(f"no order '{order_id}'")
        if order.state == FOR_STAFF:
            raise Refused(f"order '{order_id}' is in the hands of a person")
        if order.state in (FAILED, CANCELLED) or not order.attempts:
            return None
        attempt = order.attempts[-1]
        if attempt.cancelling:
            return None
        if order.state == WAITING and not attempt.sent:
            order.become(CANCELLED)
            return None
        attempt.cancelling = True
        return Ticket(order_id, attempt.request_id, attempt.bill)


def begin_for_till(book, ticket):
    """Begins the cancel of an open attempt. Answers whether it was open."""

    def mark(order):
        order.attempts[-1].cancelling = True

    return book.while_open(ticket, mark)


def end(book, ticket, state):
    """Ends the cancel of an attempt with what its answers made of it."""
    with book.open() as orders:
        order = orders.get(ticket.order)
        if not order or not order.is_current(ticket.request_id):
            return
        attempt = order.attempts[-1]
        attempt.cancelling = False
        order.become(_resolved(state, order.state == PAID, attempt.meanwhile))


def _resolved(state, was_paid, meanwhile):
    """What an order becomes, with regard to what was heard of its payment meanwhile."""
    if state == FAILED and (was_paid or meanwhile == PAID):
        # Money that the gateway knows nothing of is a contradiction for a person.
        return FOR_STAFF
    if state == FOR_STAFF and meanwhile in (FAILED, CANCELLED):
        # The cancel was refused or unheard because there was nothing left to cancel.
        return meanwhile
    return state


def release_as_paid(book, ticket):
    """Ends the cancel of an attempt which the gateway knows to be paid, and books it if need be."""
    with book.open() as orders:
        order = orders.get(ticket.order)
        if not order or not order.is_current(ticket.request_id):
            return
        order.attempts[-1].cancelling = False
        if order.state != PAID:
            order.book()
