"""The four ways to sell: a scanned code, a code on the till, a link in the wallet, a web shop."""

from shop import messages
from shop.cancelling import cancel_for_till
from shop.paying import DONE, IN_PROCESS, REFUSED, SETTLED, send_pay
from shop.polling import Plan, follow, inquire

# How long an answer to pay is waited for.
_PATIENCE = 5_000
# A code or a link is asked for so often at most, and so long after the try before.
_SENDS = 3
_PAUSE = 1_000
# How long a payment on the wallet's page lives where pay does not say so.
_USUAL_LIFE = 14 * 60_000
# The wallet's page is offered to each device by the address that suits it best.
_ADDRESSES = {
    "web": ("normalUrl", "applinkUrl", "schemeUrl"),
    "wap": ("applinkUrl", "normalUrl", "schemeUrl"),
    "app": ("schemeUrl", "applinkUrl", "normalUrl"),
}
DEVICES = tuple(_ADDRESSES)


def charge_code(shop, ticket, sale, code):
    """Charges a scanned code and follows the payment until the order is final or with staff."""
    started = shop.clock.now()
    if not shop.book.sending(ticket):
        return
    forgets = shop.switches.has("forgets-store-id")
    request = messages.pay_by_scanned_code(ticket, sale, code, started, forgets)
    patience = 60_000 if shop.switches.has("waits-a-minute") else _PATIENCE
    end = send_pay(shop, ticket, request, patience)
    if end.kind == DONE:
        shop.book.paid(ticket)
    if end.kind in (DONE, REFUSED, SETTLED):
        return
    if shop.switches.has("new-id-after-timeout"):
        ticket = _paid_anew(shop, ticket, sale, code, started)
        started = shop.clock.now()
    follow(shop, ticket, Plan(start=started, first=5_000, every=3_000, times=12))


def _paid_anew(shop, ticket, sale, code, started):
    """By a defect: asks once, and begins a second payment."""
    shop.clock.sleep_until(started + 5_000)
    inquire(shop, ticket, 3_000)
    if not shop.book.is_open(ticket):
        return ticket
    again = shop.book.begin(ticket.order, ticket.bill, ticket.bill)
    shop.book.sending(again)
    request = messages.pay_by_scanned_code(again, sale, code, shop.clock.now(), False)
    if send_pay(shop, again, request, _PATIENCE).kind == DONE:
        shop.book.paid(again)
    return again


def show_code(shop, ticket, sale):
    """Shows a code on the till and follows the payment."""
    _offer(shop, ticket, messages.pay_by_order_code(ticket, sale), _code_in, "code")


def send_to_wallet(shop, ticket, sale, user_agent):
    """Sends a wallet that opened the shop's page on by a link, and follows the payment."""
    request = messages.pay_by_entry_code(ticket, sale, user_agent)
    _offer(shop, ticket, request, _link_in, "link")


def _offer(shop, ticket, request, found_in, kind):
    """Asks for something to offer, by the same request each time, and follows the payment."""
    for send in range(_SENDS):
        if send > 0:
            shop.clock.sleep(_PAUSE)
        if not shop.book.sending(ticket):
            return
        end = send_pay(shop, ticket, request, _PATIENCE)
        if end.kind in (REFUSED, SETTLED):
            return
        offer = found_in(end.fields) if end.kind == DONE else None
        if offer:
            return _follow_offer(shop, ticket, **{kind: offer})
    cancel_for_till(shop, ticket)


def _follow_offer(shop, ticket, **offer):
    shop.book.offer(ticket, **offer)
    if shop.switches.has("order-code-S-is-paid"):
        return shop.book.paid(ticket)
    follow(shop, ticket, Plan(shop.clock.now(), first=15_000, every=4_000, times=12))


def _code_in(fields):
    """The text that is to be drawn as a code: of several forms, the one that says so."""
    details = fields.at("orderCodeForm.codeDetails")
    details = [one for one in details if isinstance(one, dict)] if isinstance(details, list) else []

    def drawable(one):
        kind, display = one.get("codeValueType"), one.get("displayType")
        return kind in (None, "QRCODE") and display in (None, "TEXT")

    best = next(filter(drawable, details), details[0] if details else {})
    value = best.get("codeValue")
    return value if isinstance(value, str) else None


def _link_in(fields):
    return fields.text("redirectActionForm.redirectUrl")


def check_out(shop, ticket, sale, device, user_agent):
    """Sends the buyer of a web shop to the wallet's page and follows the payment."""
    life = shop.setup.cashier_life
    expires = shop.clock.now() + life * 1_000 if life else None
    if not shop.book.sending(ticket):
        return
    with shop.book.open() as orders:
        orders[ticket.order].online = True
    request = messages.pay_by_cashier(ticket, sale, device, user_agent, expires)
    end = send_pay(shop, ticket, request, _PATIENCE)
    if end.kind == DONE:
        shop.book.paid(ticket)
    if end.kind in (DONE, REFUSED, SETTLED):
        return
    link = None
    if end.kind == IN_PROCESS:
        links = (end.fields.text(name) for name in _ADDRESSES[device])
        link = next(filter(None, links), None)
    if link:
        shop.book.offer(ticket, link=link)
    # Who was never sent to the page cannot pay there, so nothing is left to wait for.
    until = (expires or shop.clock.now() + _USUAL_LIFE) if link else None
    plan = Plan(shop.clock.now(), first=2_000, every=2_000, times=20, slowly=30_000, until=until)
    follow(shop, ticket, plan)


def take_return(shop, order_id):
    """The buyer's browser came back to the shop's own page, which proves nothing."""
    with shop.book.open() as orders:
        order = orders.get(order_id)
        if not order:
            return None
        order.came_back = True
        if order.is_open() and shop.switches.has("return-is-paid"):
            order.book()
        return order.state
