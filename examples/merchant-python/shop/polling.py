"""Asking for the state of a payment until it is known or the plan is used up."""

from dataclasses import dataclass, replace

from shop import messages
from shop.book import CANCELLED, FAILED
from shop.cancelling import cancel_for_till

# Between the inquiries of a hasty shop.
_HASTE = 100
# At least so long after an answer comes the next inquiry, also where the line or the shop is slow.
_REST = 2_500

_GO_ON, _OVER, _CANCEL = "go-on", "over", "cancel"


@dataclass(frozen=True)
class Plan:
    """When to inquire, and how often; all in milliseconds."""

    # The moment that the first wait is counted from.
    start: int
    first: int
    # From the start of one inquiry to the start of the next; each answer is waited for as long.
    every: int
    times: int
    # After these come slower ones until the end of the order, and one more right after it.
    slowly: int = 0
    until: int | None = None


def follow(shop, ticket, plan):
    """Inquires by the plan, and cancels what that does not decide."""
    if _inquire_by(shop, ticket, plan) == _CANCEL:
        if shop.switches.has("never-cancels"):
            shop.book.end(ticket, FAILED)
        else:
            cancel_for_till(shop, ticket)


def _inquire_by(shop, ticket, plan):
    plan = _spoilt(shop, plan)
    due, turn = plan.start + plan.first, 0
    while due is not None:
        shop.clock.sleep_until(due)
        # A notification may have decided it meanwhile, or a clerk may be cancelling it.
        if not shop.book.is_open(ticket):
            return _OVER
        started = shop.clock.now()
        decided = inquire(shop, ticket, plan.every)
        if decided != _GO_ON:
            return decided
        turn += 1
        due = _next(plan, turn, started, shop.clock.now())
    return _CANCEL if shop.book.is_open(ticket) else _OVER


def _next(plan, turn, started, ended):
    """When the next inquiry is due after so many, the last of which took from start to end."""
    if turn < plan.times:
        waited_in_vain = ended - started >= plan.every
        rest = 0 if waited_in_vain else min(_REST, plan.every)
        return max(started + plan.every, ended + rest)
    if plan.until is None or started >= plan.until:
        return None
    slowly = started + plan.slowly
    return slowly if slowly < plan.until else plan.until + 1_000


def inquire(shop, ticket, patience):
    """Asks once, and takes over what the answer proves."""
    said = shop.gateway.ask(messages.inquiry(ticket), patience)
    if said is None or said.status == "U" or not said.is_about(ticket):
        return _GO_ON
    if said.status == "F":
        # An order that is not there may still be on its way; any other refusal will not change.
        return _GO_ON if said.code == "ORDER_NOT_EXIST" else _CANCEL
    shop.book.learn(ticket, said.particulars())
    status = (said.fields.text("paymentStatus") or "").upper()
    if status == "SUCCESS" or shop.switches.has("inquiry-S-is-paid"):
        shop.book.paid(ticket)
        return _OVER
    if status == "FAIL":
        shop.book.end(ticket, FAILED)
        return _OVER
    if status == "CANCELLED":
        shop.book.end(ticket, CANCELLED)
        return _OVER
    return _GO_ON


def _spoilt(shop, plan):
    """The plan as a defect has it: hasty, and as long in all as the right one."""
    if not shop.switches.has("polls-every-100ms"):
        return plan
    times = plan.every * plan.times // _HASTE
    return replace(plan, first=_HASTE, every=_HASTE, times=times)
