"""Sending pay, and what its answer means."""

from dataclasses import dataclass

from shop.book import FAILED

# What came of pay: paid, or in other products the answer that was asked for; refused for good;
# under way, with what the buyer needs next; unknown; or settled already by a defect.
DONE, REFUSED, IN_PROCESS, UNCLEAR, SETTLED = "done", "refused", "in-process", "unclear", "settled"


@dataclass(frozen=True)
class PayEnd:
    """What came of pay, with the answer's fields where there is a verified one."""

    kind: str
    fields: object = None


def send_pay(shop, ticket, request, patience):
    """Sends pay once and judges its answer; a refusal of any code ends the order."""
    said = shop.gateway.ask(request, patience)
    end = _judged(shop, ticket, said)
    if end.kind == REFUSED:
        shop.book.end(ticket, FAILED)
    if end.kind in (UNCLEAR, IN_PROCESS):
        if shop.switches.has("paid-for-unknown"):
            shop.book.paid(ticket)
            return PayEnd(SETTLED)
        if shop.switches.has("failed-for-unknown"):
            shop.book.end(ticket, FAILED)
            return PayEnd(SETTLED)
    return end


def _judged(shop, ticket, said):
    if said is None or not said.is_about(ticket):
        return PayEnd(UNCLEAR)
    if said.status == "F":
        return PayEnd(REFUSED)
    shop.book.learn(ticket, said.particulars())
    if said.status == "S":
        return PayEnd(DONE, said.fields)
    if said.code == "PAYMENT_IN_PROCESS":
        return PayEnd(IN_PROCESS, said.fields)
    return PayEnd(UNCLEAR)
