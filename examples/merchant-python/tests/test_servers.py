"""The adapter contract and the public address, over HTTP on this machine."""

import http.client
import json
import tempfile
import threading
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from shop import config
from shop.adapter import AdapterHandler
from shop.defects import DEFECTS, Switches
from shop.doors import PublicHandler
from shop.serving import Server
from tests.stand import CLIENT, TARGET, notice, paid, shop, signed, waiting_ticket

DAY = "20260105"
AMOUNT = {"currency": "USD", "minor": 1231}
CHARGE = {"order": "A-1", "amount": AMOUNT, "text": "tea ☕ ", "code": "28", "store": "store-1"}


class Served(unittest.TestCase):
    """A shop behind its two servers."""

    def setUp(self):
        self.one = shop(paid)
        self.adapter, self.public = (self.serve(AdapterHandler), self.serve(PublicHandler))

    def serve(self, handler):
        server = Server(("127.0.0.1", 0), handler)
        server.shop = self.one
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.url

    def call(self, url, body=None, headers=()):
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, raw, dict(headers))
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read()

    def ask(self, path, body=None):
        status, text = self.call(f"{self.adapter}/assay{path}", body)
        return status, json.loads(text)

    def test_a_wish_is_taken_and_its_end_is_told(self):
        self.assertEqual(self.ask("/orders/A-1")[0], 404)
        self.assertEqual(self.ask("/charge", CHARGE)[0], 202)
        status, view = self.ask("/orders/A-1")
        self.assertEqual((status, view["till"], view["paid"]), (200, "paid", AMOUNT))
        self.assertEqual(view["bookings"], [{"amount": AMOUNT}])
        self.assertIsNone(view["shown"])
        slip = {"order": "A-1", "slip": "s", "amount": AMOUNT, "reason": ""}
        self.assertEqual(self.ask("/refund", slip)[0], 202)
        refund = {"slip": "s", "amount": AMOUNT, "state": "refunded"}
        self.assertEqual(self.ask("/orders/A-1")[1]["refunds"], [refund])

    def test_what_is_refused_says_why(self):
        present = {"order": "A-1", "amount": AMOUNT, "text": "x", "store": "store-1"}
        for path, body, status, word in (
            ("/charge", {**CHARGE, "store": "store-9"}, 409, "store-9"),
            ("/charge", {**CHARGE, "amount": {"currency": "USD", "minor": "1"}}, 400, "amount"),
            ("/charge", {**CHARGE, "amount": {"currency": "USD", "minor": 0}}, 400, "amount"),
            ("/charge", {}, 400, "'amount' is missing"),
            ("/charge", b"{", 400, "unusable"),
            ("/present", {**present, "device": "fax"}, 409, "fax"),
            ("/return", {"url": "https://elsewhere.example/"}, 409, "elsewhere"),
            ("/cancel", {"order": "A-0"}, 409, "A-0"),
            ("/reconcile", {"day": DAY, "kind": "transaction-items"}, 501, "reports"),
        ):
            with self.subTest(path, body=body):
                code, answer = self.ask(path, body)
                self.assertEqual(code, status)
                self.assertIn(word, answer["why"])
        self.assertEqual(self.ask("/nothing", {}), (404, {}))

    def test_an_order_id_may_hold_any_character(self):
        self.ask("/charge", {**CHARGE, "order": "A/1 é"})
        status, view = self.ask("/orders/A%2F1%20%C3%A9")
        self.assertEqual((status, view["order"]), (200, "A/1 é"))

    def test_a_notification_is_verified_over_the_target_as_called(self):
        notification = signed(notice(waiting_ticket(self.one)))
        head = {
            "Client-Id": CLIENT,
            "Request-Time": notification.time,
            "Signature": notification.signature,
            "Content-Type": "application/json; charset=UTF-8",
        }
        other = self.public + TARGET.replace("8", "9")
        _, text = self.call(other, notification.body, head)
        self.assertEqual(json.loads(text)["result"]["resultStatus"], "U")
        status, text = self.call(self.public + TARGET, notification.body, head)
        self.assertEqual((status, text[:1]), (200, b"{"))
        self.assertEqual(json.loads(text)["result"]["resultStatus"], "S")
        self.assertEqual(self.one.book.view("A-1")["till"], "paid")
        self.assertEqual(self.call(self.public + "/elsewhere", b"{}")[0], 404)

    def test_scheme_and_host_in_a_target_are_not_signed(self):
        notification = signed(notice(waiting_ticket(self.one)))
        line = http.client.HTTPConnection(self.public.removeprefix("http://"), timeout=5)
        self.addCleanup(line.close)
        head = {"Client-Id": CLIENT, "Request-Time": notification.time}
        head["Signature"] = notification.signature
        line.request("POST", self.public + TARGET, notification.body, head)
        text = line.getresponse().read()
        self.assertEqual(json.loads(text)["result"]["resultStatus"], "S")

    def test_the_page_of_an_order_tells_its_state_to_a_buyer_who_comes_back(self):
        waiting_ticket(self.one, "A<1>")
        status, page = self.call(self.public + "/return?order=A%3C1%3E")
        self.assertEqual(status, 200)
        self.assertIn(b"A&lt;1&gt;: waiting", page)
        self.assertEqual(self.one.book.view("A<1>")["shown"]["page"], "waiting")
        self.assertEqual(self.call(self.public + "/return?order=A-0")[0], 404)


class Settings(unittest.TestCase):
    """Settings come from the command line, the environment, or a file."""

    def test_the_nearest_setting_counts(self):
        with tempfile.TemporaryDirectory() as folder:
            key, file = Path(folder) / "key", Path(folder) / "shop.json"
            key.write_text("-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n")
            settings = {"client-id": "file", "private-key": str(key), "fee": "1/50"}
            file.write_text(json.dumps({**settings, "defects": ["legacy-ack"]}))
            line = ["--config", str(file), "--gateway-key", str(key), "--adapter", ":0"]
            environment = {"SHOP_CLIENT_ID": "environment", "SHOP_FEE": "1/40"}
            arguments = config.parser().parse_args([*line, "--fee", "1/20"])
            settings, defects = config.read(arguments, environment)
            setup = config.setup_of(settings, "http://h:1")
        self.assertEqual((setup.client_id, str(setup.fee)), ("environment", "1/20"))
        self.assertEqual(setup.notify_url, "http://h:1/alipay/notify")
        self.assertEqual(config.address(setup.adapter), ("127.0.0.1", 0))
        self.assertEqual(list(defects), ["legacy-ack"])

    def test_what_is_missing_or_unknown_is_told(self):
        with self.assertRaisesRegex(ValueError, "--client-id"):
            config.read(config.parser().parse_args([]), {})
        with self.assertRaisesRegex(ValueError, "no defect 'x'"):
            Switches(["x"])

    def test_the_readme_lists_every_defect(self):
        readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
        for name, about in DEFECTS.items():
            self.assertIn(f"| `{name}` | {about} |", readme)


if __name__ == "__main__":
    unittest.main()
