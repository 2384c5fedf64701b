"""Cancelling a payment until it is certain what became of it."""

from shop import cancel_book, messages, refund_book
from shop.book import CANCELLED, FAILED, FOR_STAFF
from shop.refunding import refund_until_sure

# How long an answer is waited for.
_PATIENCE = 5_000
# From the end of one try to the start of the next; after the last a person is called.
_WAITS = (2_000, 3_000, 3_000, 5_000, 5_000)

_TOO_LATE = "too-late"


def cancel_for_clerk(shop, order_id):
    """Cancels an order because the clerk wants it."""
    ticket = cancel_book.begin_for_clerk(shop.book, order_id)
    if ticket:
        shop.start(_cancel_until_sure, shop, ticket)


def cancel_for_till(shop, ticket):
    """Cancels a payment that asking did not decide."""
    if cancel_book.begin_for_till(shop.book, ticket):
        _cancel_until_sure(shop, ticket)


def _cancel_until_sure(shop, ticket):
    """Sends the same cancel until the answer is final or the tries are used up."""
    end = _try(shop, ticket)
    for wait in _WAITS:
        if end:
            break
        shop.clock.sleep(wait)
        end = _try(shop, ticket)
    if end == _TOO_LATE:
        _refund_instead(shop, ticket)
    elif end:
        cancel_book.end(shop.book, ticket, end)
    else:
        assumed = shop.switches.has("cancel-assumed")
        cancel_book.end(shop.book, ticket, CANCELLED if assumed else FOR_STAFF)


def _try(shop, ticket):
    """Sends the cancel once. `None` while it is unknown what becomes of it."""
    said = shop.gateway.ask(messages.cancel(ticket), _PATIENCE)
    if said is None or said.status == "U" or not said.is_about(ticket):
        return None
    shop.book.learn(ticket, said.particulars())
    if said.status == "S":
        return CANCELLED
    if said.code == "CANCEL_WINDOW_EXCEED":
        return _TOO_LATE
    if said.code == "ORDER_NOT_EXIST":
        # The payment never reached the gateway, so there is nothing to undo.
        return FAILED
    # Money may have moved and cannot be called back here.
    return FOR_STAFF


def _refund_instead(shop, ticket):
    """Gives the whole price back, because the payment can no longer be cancelled."""
    cancel_book.release_as_paid(shop.book, ticket)
    refund = refund_book.write_slip(
        shop.book, ticket.order, refund_book.CANCEL_SLIP, ticket.bill, ""
    )
    if refund:
        refund_until_sure(shop, refund)
    else:
        # Without the gateway's own id of the payment only a person can give the money back.
        cancel_book.end(shop.book, ticket, FOR_STAFF)
