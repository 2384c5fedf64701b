"""The secondary merchants that the shop registers, and how far each of their stores is."""

import threading
import uuid
from dataclasses import dataclass, field

from shop.sellers import Seller

PENDING, APPROVED, REJECTED, REFUSED = "pending", "approved", "rejected", "refused"
# The review of a registration is over, and each wallet has said what it thinks.
_DECIDED = "decided"


@dataclass
class Place:
    """One registration: of a store, or of a merchant without one."""

    store: dict | None
    request_id: str
    stand: str = PENDING
    wallets: list = field(default_factory=list)


@dataclass
class Secondary:
    """A secondary merchant and the registration of each of its stores."""

    wish: dict
    places: list = field(default_factory=list)
    reason: str | None = None

    def wallets(self):
        """What the wallets said; one that does not take every store does not take the merchant."""
        told = {}
        for place in self.places:
            for wallet in place.wallets:
                known = told.get(wallet["wallet"])
                if known is None or known["approved"]:
                    told[wallet["wallet"]] = wallet
        return list(told.values())

    def state(self):
        """How far the merchant is in all."""
        stands = {place.stand for place in self.places}
        for stand in (PENDING, REFUSED):
            if stand in stands:
                return stand
        approved = any(wallet["approved"] for wallet in self.wallets())
        return APPROVED if approved else REJECTED


@dataclass(frozen=True)
class Application:
    """Names one registration that is asked for."""

    merchant: str
    place: int
    request_id: str
    store: dict | None


class Registrar:
    """All secondary merchants by their ids. Nobody holds the lock while waiting."""

    def __init__(self):
        self._lock = threading.RLock()
        self._merchants = {}

    def view(self, merchant_id):
        """How the adapter contract tells it; `None` for a merchant that is not known."""
        with self._lock:
            known = self._merchants.get(merchant_id)
            if not known:
                return None
            view = {"id": merchant_id, "state": known.state(), "wallets": known.wallets()}
            return {**view, "reason": known.reason} if known.reason else view

    def begin(self, wish):
        """Takes a wish down: an application for each store that has to be asked for. What is under
        way is not begun again; what is decided stands until the gateway takes the new request."""
        with self._lock:
            known = self._merchants.setdefault(wish["id"], Secondary(wish))
            known.wish = wish
            applications = []
            for store in wish["stores"] or [None]:
                request_id = f"reg-{uuid.uuid4().hex}"
                number = self._number(known, store)
                if number == len(known.places):
                    known.places.append(Place(store, request_id))
                elif known.places[number].stand == PENDING:
                    continue
                applications.append(Application(wish["id"], number, request_id, store))
            return applications

    def _number(self, known, store):
        store_id = store and store["id"]
        for number, place in enumerate(known.places):
            if (place.store and place.store["id"]) == store_id:
                return number
        return len(known.places)

    def wish(self, merchant_id):
        """What is to be registered."""
        with self._lock:
            return self._merchants[merchant_id].wish

    def _place(self, application):
        return self._merchants[application.merchant].places[application.place]

    def is_pending(self, application):
        """Whether a registration is undecided."""
        with self._lock:
            return self._place(application).stand == PENDING

    def taken(self, application):
        """The gateway took the request. What a notification has decided meanwhile stands."""
        with self._lock:
            place = self._place(application)
            if place.request_id != application.request_id:
                place.request_id, place.stand = application.request_id, PENDING
                place.wallets = []

    def refused(self, application, reason):
        """The request was refused. A decision that stands is not undone by that."""
        with self._lock:
            self._merchants[application.merchant].reason = reason
            place = self._place(application)
            if place.stand == PENDING:
                place.stand = REFUSED

    def decide(self, application, wallets):
        """The review is over."""
        with self._lock:
            place = self._place(application)
            if place.stand == PENDING:
                place.stand, place.wallets = _DECIDED, wallets

    def application(self, request_id):
        """The registration with a request id; `None` for one that is not ours."""
        with self._lock:
            for merchant_id, known in self._merchants.items():
                for number, place in enumerate(known.places):
                    if place.request_id == request_id:
                        return Application(merchant_id, number, request_id, place.store)
            return None

    def sellers(self):
        """Who sells in each store that is known."""
        with self._lock:
            return [
                Seller(
                    merchant_id,
                    known.wish["name"],
                    known.wish["mcc"],
                    place.store["id"],
                    place.store["name"],
                    place.store["mcc"],
                    place.store["terminal"],
                    any(wallet["approved"] for wallet in place.wallets),
                )
                for merchant_id, known in self._merchants.items()
                for place in known.places
                if place.store
            ]
