"""Giving money back: one id for each slip, until it is certain what became of it."""

from shop import messages, refund_book
from shop.book import FOR_STAFF, REFUNDED, REFUSED

# How long an answer is waited for, and from an answer that says nothing to the next question.
_PATIENCE = 5_000
_PAUSE = 5_000
# How many calls follow the first; after the last a person is called.
_TIMES = 20

_UNCLEAR, _MISSING = "unclear", "missing"


def refund_for_clerk(shop, order_id, slip, amount, reason):
    """Gives money back because the clerk wants it; the same slip again is the same wish."""
    ticket = refund_book.write_slip(shop.book, order_id, slip, amount, reason)
    if ticket:
        shop.start(refund_until_sure, shop, ticket)


def refund_until_sure(shop, ticket):
    """Sends the same refund and asks about it until its end is known or the tries are used up."""
    known = _send(shop, ticket)
    for _ in range(_TIMES):
        if known in (REFUNDED, REFUSED):
            break
        if shop.switches.has("refund-id-per-try"):
            shop.clock.sleep(_PAUSE)
            ticket = refund_book.rename(shop.book, ticket)
            known = _send(shop, ticket)
            continue
        if known == _UNCLEAR:
            shop.clock.sleep(_PAUSE)
        # A notification may have brought the end meanwhile.
        if not refund_book.is_pending(shop.book, ticket):
            return
        known = _send(shop, ticket) if known == _MISSING else _ask(shop, ticket)
    else:
        known = FOR_STAFF if known not in (REFUNDED, REFUSED) else known
    refund_book.end(shop.book, ticket, known)


def _send(shop, ticket):
    """Asks for the refund, for the first time or once more."""
    said = shop.gateway.ask(messages.refund(ticket, shop.setup.notify_url), _PATIENCE)
    if said is None or not _is_about(said, ticket):
        return _UNCLEAR
    if said.status == "S":
        _learn(shop, ticket, said)
        return REFUNDED
    if said.status == "F":
        return REFUSED
    return REFUNDED if shop.switches.has("refund-unknown-is-done") else _UNCLEAR


def _ask(shop, ticket):
    """Asks for the state of the refund: that the question worked says nothing about the money."""
    said = shop.gateway.ask(messages.refund_inquiry(ticket), _PATIENCE)
    if said is None or said.status == "U" or not _is_about(said, ticket):
        return _UNCLEAR
    if said.status == "F":
        # What the gateway cannot find can be asked for once more, under the same id.
        return _MISSING
    status = said.fields.text("refundStatus")
    if status == "SUCCESS":
        _learn(shop, ticket, said)
    return {"SUCCESS": REFUNDED, "FAIL": REFUSED}.get(status, _UNCLEAR)


def _learn(shop, ticket, said):
    fields = said.fields
    refund_book.learn(shop.book, ticket, fields.text("refundId"), fields.moment("refundTime"))


def _is_about(said, ticket):
    """Whether an answer is about our refund: it names our id, and our amount where it names one."""
    request_id = said.fields.text("refundRequestId")
    unnamed = said.status != "S" or not said.verified
    ours = unnamed if request_id is None else request_id == ticket.request_id
    named = said.fields.at("refundAmount") is not None
    return ours and (not named or said.fields.amount("refundAmount") == ticket.amount)
