"""The shop: takes wishes, starts what they need, and answers for its books."""

import logging
import threading
from urllib.parse import quote

from shop import cancelling, refunding, registering, selling
from shop.book import FAILED, Book, Refused
from shop.doors import order_of
from shop.gateway import Gateway
from shop.messages import Sale
from shop.moments import Clock
from shop.money import billed
from shop.reconciling import Reconciliations
from shop.registrar import Registrar
from shop.sellers import OWN

log = logging.getLogger(__name__)


class Shop:
    """A shop with its books. It may be used by many threads at once."""

    def __init__(self, setup, switches, gateway=None, clock=None):
        self.setup = setup
        self.switches = switches
        self.gateway = gateway or Gateway(setup, switches)
        self.clock = clock or Clock()
        self.book = Book()
        self.registrar = Registrar()
        self.reconciliations = Reconciliations(self)

    def start(self, work, *arguments):
        """Starts work that goes on in the background."""

        def guarded():
            try:
                work(*arguments)
            except Exception:
                log.exception("%s broke off", work.__name__)

        threading.Thread(target=guarded, name=work.__name__, daemon=True).start()

    def charge(self, order, price, text, code, store):
        """The cashier scanned a code and charges it."""
        seller = self._seller(store)
        ticket = self._press(order, price, seller)
        if ticket:
            sale = self._sale(order, text, seller)
            self.start(selling.charge_code, self, ticket, sale, code)

    def present(self, order, price, text, store, device, user_agent):
        """Shows an order to a buyer: a code on the till, a page in the wallet, or a web shop."""
        if device is not None and device not in selling.DEVICES:
            known = ", ".join(selling.DEVICES)
            raise Refused(f"no device '{device}', known are: {known}")
        seller = self._seller(store)
        ticket = self._press(order, price, seller)
        if not ticket:
            return
        sale = self._sale(order, text, seller)
        if device is not None:
            self.start(selling.check_out, self, ticket, sale, device, user_agent)
        elif user_agent is not None:
            self.start(selling.send_to_wallet, self, ticket, sale, user_agent)
        else:
            self.start(selling.show_code, self, ticket, sale)

    def come_back(self, url):
        """The buyer's browser opens the shop's own page."""
        order = order_of(self, url)
        if not order or not selling.take_return(self, order):
            raise Refused(f"no page of ours: {url}")

    def cancel(self, order):
        """The clerk cancels an order as a whole."""
        cancelling.cancel_for_clerk(self, order)

    def refund(self, order, slip, amount, reason):
        """The clerk gives money back."""
        refunding.refund_for_clerk(self, order, slip, amount, reason)

    def register(self, wish):
        """The acquirer signs a secondary merchant up."""
        registering.register(self, wish)

    def reconcile(self, day, kind):
        """Compares the books with the gateway's files of a day."""
        self.reconciliations.begin(day, kind)

    def _press(self, order, price, seller):
        """Begins an attempt of an order; one in the name of a merchant that no wallet has approved
        ends here, and nothing is sent."""
        bill = billed(price, self.switches)
        ticket = self.book.press(order, price, bill, self.switches.has("payment-per-press"))
        if ticket and not seller.approved:
            self.book.end(ticket, FAILED)
            return None
        return ticket

    def _seller(self, store):
        sellers = [*OWN, *self.registrar.sellers()]
        if self.switches.has("one-store-for-all"):
            return sellers[0]
        for seller in sellers:
            if seller.store_id == store:
                return seller
        known = ", ".join(seller.store_id for seller in sellers)
        raise Refused(f"no store '{store}', known are: {known}")

    def _sale(self, order, text, seller):
        return_url = f"{self.setup.return_url}?order={quote(order, safe='')}"
        return Sale(text, seller, self.setup.notify_url, return_url)
