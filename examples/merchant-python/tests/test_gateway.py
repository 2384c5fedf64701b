"""The official SDK on its line: what it sends, and which answers it lets through."""

import json
import ssl
import tempfile
import threading
import time
import unittest
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from com.alipay.ams.api.tools import signature_tool
from com.alipay.ams.api.tools.signature_tool import sign, verify
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from shop import messages
from shop.book import Ticket
from shop.defects import Switches
from shop.gateway import Gateway
from tests.stand import (
    CLIENT,
    GATEWAY_PRIVATE,
    GATEWAY_PUBLIC,
    PRICE,
    STRANGER_PRIVATE,
    setup,
    told,
)

PATH = "/ams/sandbox/api/v1/payments/inquiryPayment"
TICKET = Ticket("A-1", "pay-1", PRICE)
TIME = "2026-01-05T12:00:00+08:00"


def self_signed(folder):
    """A file with a key and a certificate of this machine."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(pem)
    )
    return file


class _FakeGateway(BaseHTTPRequestHandler):
    """Answers as its server is told, and keeps what it got."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        if self.server.answer is None:
            # The connection stays open, and nothing comes.
            self.server.over.wait()
            return
        status, head, payload = self.server.answer
        self.send_response_only(status)
        for name, value in head.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format, *args):
        return None


class Line(unittest.TestCase):
    """A gateway on this machine, over plain HTTP and on a port of its own."""

    def setUp(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _FakeGateway)
        self.server.got, self.server.over = [], threading.Event()
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.addCleanup(self.server.over.set)

    def ask(self, *defects, patience=2_000):
        url = f"http://127.0.0.1:{self.server.server_port}"
        gateway = Gateway(setup(gateway=url), Switches(defects))
        return gateway.ask(messages.inquiry(TICKET), patience)

    def answer(self, body, key=GATEWAY_PRIVATE, status=200, path=PATH, **head):
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        value = sign("POST", path, CLIENT, TIME, payload.decode(), key)
        usual = {
            "client-id": CLIENT,
            "response-time": TIME,
            "signature": f"algorithm=RSA256,keyVersion=1,signature={value}",
        }
        head = {name.replace("_", "-"): value for name, value in head.items()}
        head = {name: one for name, one in {**usual, **head}.items() if one is not None}
        self.server.answer = (status, head, payload)

    def test_a_call_is_signed_over_the_sandbox_path(self):
        self.answer(told("S", "SUCCESS", paymentRequestId="pay-1"))
        said = self.ask()
        self.assertEqual((said.status, said.code), ("S", "SUCCESS"))
        self.assertTrue(said.is_about(TICKET))
        target, head, body = self.server.got[0]
        self.assertTrue(target.endswith(PATH))
        self.assertEqual(json.loads(body), {"paymentRequestId": "pay-1"})
        value = head["Signature"].split("signature=")[1]
        time_text = head["Request-Time"]
        text = body.decode()
        self.assertTrue(verify("POST", PATH, CLIENT, time_text, text, value, GATEWAY_PUBLIC))

    def test_the_key_is_read_once_for_all_signatures(self):
        self.answer(told("S", "SUCCESS", paymentRequestId="pay-1"))
        gateway = Gateway(setup(gateway=f"http://127.0.0.1:{self.server.server_port}"), Switches(()))
        reader = signature_tool.serialization.load_pem_private_key
        for _ in range(3):
            gateway.ask(messages.inquiry(TICKET), 2_000)
        self.assertEqual(len(self.server.got), 3)
        self.assertEqual((reader.cache_info().misses, reader.cache_info().hits), (1, 2))

    def test_what_does_not_verify_is_no_answer(self):
        good = told("S", "SUCCESS", paymentRequestId="pay-1")
        for what, changes in (
            ("a stranger's key", {"key": STRANGER_PRIVATE}),
            ("another path", {"path": PATH.replace("/sandbox", "")}),
            ("no signature", {"signature": None}),
            ("no time", {"response_time": None}),
            ("an empty signature", {"signature": ""}),
            ("no value", {"signature": "algorithm=RSA256,keyVersion=1,signature="}),
            ("nothing but the algorithm", {"signature": "algorithm=RSA256"}),
            ("HTTP 502", {"status": 502}),
        ):
            self.answer(good, **changes)
            self.assertIsNone(self.ask(), what)
        for payload in (b"", b"{}", b"[]", b'{"result":{"resultStatus":"S"', b"<html>"):
            self.answer(payload)
            self.assertIsNone(self.ask(), payload)

    def test_silence_is_no_answer_once_patience_is_over(self):
        self.server.answer = None
        began = time.monotonic()
        self.assertIsNone(self.ask(patience=100))
        self.assertLess(time.monotonic() - began, 5)

    def test_nobody_there_is_no_answer(self):
        self.server.server_close()
        self.assertIsNone(self.ask())

    def test_a_gateway_over_tls_is_trusted_by_the_certificates_of_the_shop(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate = self_signed(Path(folder))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.answer(told("S", "SUCCESS"))
            url = f"https://localhost:{self.server.server_port}"
            for ca_file, heard in ((str(certificate), True), ("", False)):
                gateway = Gateway(setup(gateway=url, ca_file=ca_file), Switches())
                said = gateway.ask(messages.inquiry(TICKET), 2_000)
                self.assertEqual(said is not None, heard)

    def test_an_answer_is_believed_about_our_payment_alone(self):
        amount = {"currency": "USD", "value": "1231"}
        for status, body, ours in (
            ("S", {"paymentRequestId": "pay-1", "paymentAmount": amount}, True),
            ("S", {"paymentRequestId": "pay-2"}, False),
            ("S", {}, False),
            ("F", {}, True),
            ("S", {"paymentRequestId": "pay-1", "paymentAmount": {**amount, "value": "1"}}, False),
        ):
            self.answer(told(status, "X", **body))
            self.assertEqual(self.ask().is_about(TICKET), ours, body)

    def test_the_defects_of_verification(self):
        self.answer(told("S", "SUCCESS"), signature=None)
        self.assertTrue(self.ask("skips-answer-verification").is_about(TICKET))
        text = json.dumps(told("S", "Café"), ensure_ascii=False).encode()
        self.answer(text)
        self.assertIsNotNone(self.ask())
        self.assertIsNone(self.ask("reserialises-signed-json"))


if __name__ == "__main__":
    unittest.main()
