"""The merchant adapter contract, which the runner calls."""

import json
import logging
from urllib.parse import parse_qs, unquote, urlsplit

from shop.book import Refused
from shop.money import Amount
from shop.reconciling import NotOffered
from shop.serving import Handler

log = logging.getLogger(__name__)

PATH = "/assay"


class AdapterHandler(Handler):
    """Serves the runner. Whatever it asks for goes on in the background."""

    def do_POST(self):
        """Takes a wish: 202 when it is taken, 4xx with the reason when it is refused. A path that
        nobody serves has no reason, since nobody decided anything."""
        body = self.body()
        acts = {
            "charge": self._charge,
            "present": self._present,
            "return": self._return,
            "cancel": lambda wish: self.shop.cancel(wish["order"]),
            "refund": self._refund,
            "merchants": self._register,
            "reconcile": self._reconcile,
        }
        act = acts.get("/".join(self._steps()))
        if act is None:
            return self._tell(404, {})
        try:
            wish = json.loads(body)
            act(wish)
        except Refused as refusal:
            return self._tell(409, {"why": str(refusal)})
        except NotOffered as absence:
            return self._tell(501, {"why": str(absence)})
        except KeyError as missing:
            return self._tell(400, {"why": f"the member {missing} is missing"})
        except (TypeError, ValueError) as trouble:
            return self._tell(400, {"why": f"unusable: {trouble}"})
        return self._tell(202, {})

    def do_GET(self):
        """Tells how the shop sees an order, a secondary merchant or a day."""
        match self._steps():
            case ["orders", order]:
                view = self.shop.book.view(order)
            case ["merchants", merchant]:
                view = self.shop.registrar.view(merchant)
            case ["reconciliations", day]:
                kind = parse_qs(urlsplit(self.path).query).get("kind", [""])[0]
                view = self.shop.reconciliations.view(day, kind)
            case _:
                view = None
        if view is None:
            return self._tell(404, {"why": "nothing is known of it"})
        return self._tell(200, view)

    def _steps(self):
        """The steps of the path behind the adapter's own."""
        path = urlsplit(self.path).path.removeprefix(PATH)
        return [unquote(step) for step in path.strip("/").split("/")]

    def _tell(self, status, body):
        self.reply(status, json.dumps(body))

    def _charge(self, wish):
        amount = Amount.from_contract(wish["amount"])
        self.shop.charge(wish["order"], amount, wish["text"], wish["code"], wish["store"])

    def _present(self, wish):
        self.shop.present(
            wish["order"],
            Amount.from_contract(wish["amount"]),
            wish["text"],
            wish["store"],
            wish.get("device"),
            wish.get("user_agent"),
        )

    def _return(self, wish):
        self.shop.come_back(wish["url"])

    def _refund(self, wish):
        amount = Amount.from_contract(wish["amount"])
        self.shop.refund(wish["order"], wish["slip"], amount, wish["reason"])

    def _register(self, wish):
        known = {name: wish[name] for name in ("id", "name", "mcc", "address", "contact")}
        known["website"] = wish.get("website", "")
        known["country"] = wish.get("country")
        known["stores"] = [
            {name: store[name] for name in ("id", "name", "mcc", "terminal")}
            for store in wish["stores"]
        ]
        self.shop.register(known)

    def _reconcile(self, wish):
        self.shop.reconcile(str(wish["day"]), wish["kind"])
