"""The shop's public server: notifications of the gateway, and the page that buyers come back to."""

import html
from urllib.parse import parse_qs, urlsplit

from shop import notify
from shop.selling import take_return
from shop.serving import Handler

NOTIFY_PATH = "/alipay/notify"
RETURN_PATH = "/return"


class PublicHandler(Handler):
    """Serves the gateway and the buyers."""

    def do_POST(self):
        """Takes a notification."""
        body = self.body()
        if body is None:
            return self.reply(413, "{}")
        if urlsplit(self.target()).path != urlsplit(self.shop.setup.notify_url).path:
            return self.reply(404, "{}")
        head = self.headers
        told = notify.answer(
            self.shop,
            notify.Notification(
                self.target(),
                head.get("client-id"),
                head.get("request-time"),
                head.get("signature"),
                body,
            ),
        )
        kind = "application/json" if told.startswith("{") else "text/plain"
        return self.reply(200, told, kind)

    def do_GET(self):
        """Shows a buyer who comes back how far the order is."""
        order = order_of(self.shop, self.target())
        state = order and take_return(self.shop, order)
        if not state:
            return self.reply(404, "<!doctype html><title>No such order</title>", "text/html")
        page = f"<!doctype html><title>Order</title><p>{html.escape(order)}: {state}</p>"
        return self.reply(200, page, "text/html")


def order_of(shop, url):
    """The order that an address of the return page is about; `None` for another address."""
    parts = urlsplit(url)
    if parts.path != urlsplit(shop.setup.return_url).path:
        return None
    return parse_qs(parts.query).get("order", [None])[0]
