"""Calls of the gateway through the official SDK, and what of its answers may be believed."""

import json
import logging
from dataclasses import dataclass

from com.alipay.ams.api.default_alipay_client import DefaultAlipayClient
from com.alipay.ams.api.tools.webhook_tool import check_signature

from shop.book import Told
from shop.fields import Fields
from shop.line import Line
from shop.own_key import read_once

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """An answer that is believed."""

    status: str
    code: str
    message: str
    fields: Fields
    # False where only a defect believes it.
    verified: bool = True

    def particulars(self):
        """What it tells of a payment besides its state."""
        return particulars(self.fields)

    def is_about(self, ticket):
        """Whether it is about our attempt: it names our id, and our amount where it names one. A
        refusal may leave the id out, since it can come before the body was read."""
        request_id = self.fields.text("paymentRequestId")
        unnamed = self.status != "S" or not self.verified
        ours = unnamed if request_id is None else request_id == ticket.request_id
        named = self.fields.at("paymentAmount") is not None
        return ours and (not named or self.fields.amount("paymentAmount") == ticket.bill)


def particulars(fields):
    """What an answer or a notification tells of a payment besides its state."""
    return Told(fields.text("paymentId"), fields.moment("paymentTime"), fields.moment("cancelTime"))


def bare_key(text):
    """A key as the SDK takes it: base64 alone, without the armour of PEM."""
    return "".join(line.strip() for line in text.splitlines() if "-----" not in line)


def written_anew(body):
    """By a defect: a body that was parsed and written again, as careless servers hand it on."""
    try:
        return json.dumps(json.loads(body), separators=(",", ":"))
    except ValueError:
        return body


class Gateway:
    """The gateway as the shop calls it. It may be used by many threads at once."""

    def __init__(self, setup, switches):
        read_once()
        self._line = Line(setup.ca_file)
        self._client_id = setup.client_id
        self._gateway_key = bare_key(setup.gateway_key)
        self._switches = switches
        client = DefaultAlipayClient
        if switches.has("skips-answer-verification"):
            client = _CredulousClient
        if switches.has("reserialises-signed-json"):
            client = _RewritingClient
        private_key = bare_key(setup.private_key)
        self._client = client(setup.gateway, setup.client_id, private_key, self._gateway_key)

    def ask(self, request, patience):
        """Makes a call and waits so many milliseconds for its answer.

        `None` is no answer: none came in time, the connection broke, the HTTP status was another
        than 200, it did not verify, or it holds no result. Nobody knows then what became of the
        call. The SDK raises all sorts of exceptions in these cases, of its own and of the library.
        """
        try:
            with self._line.patient_for(patience / 1000):
                body = self._client.execute(request)
        except Exception as trouble:
            log.info("%s: %s: %s", request.path, type(trouble).__name__, trouble)
            return None
        return self._read(body)

    def _read(self, body):
        fields = Fields.read(body)
        status = fields and fields.text("result.resultStatus")
        if status not in ("S", "F", "U"):
            return None
        code, message = (fields.text(f"result.result{name}") or "" for name in ("Code", "Message"))
        verified = not self._switches.has("skips-answer-verification")
        return Said(status, code, message, fields, verified)

    def vouches_for(self, notification):
        """Whether the gateway signed a notification, and for us."""
        if self._switches.has("accepts-forged-notification"):
            return True
        if not notification.signature and self._switches.has("accepts-unsigned-notification"):
            return True
        if notification.client_id != self._client_id or not notification.time:
            return False
        if "algorithm=RSA256" not in (notification.signature or "").replace(" ", ""):
            return False
        try:
            body = notification.body.decode("utf-8")
            if self._switches.has("reserialises-signed-json"):
                body = written_anew(body)
            return check_signature(
                "POST",
                notification.target,
                notification.client_id,
                notification.time,
                body,
                notification.signature,
                self._gateway_key,
            )
        except Exception as trouble:
            log.info("notification refused: %s: %s", type(trouble).__name__, trouble)
            return False


class _CredulousClient(DefaultAlipayClient):
    """By a defect: believes every answer."""

    def _DefaultAlipayClient__parse_header(self, headers):
        return None, None, None

    def _DefaultAlipayClient__assert_response_verified(self, *signed):
        return None


class _RewritingClient(DefaultAlipayClient):
    """By a defect: verifies JSON that was parsed and written again."""

    def _DefaultAlipayClient__assert_response_verified(
        self, method, path, client_id, time, body, signature
    ):
        super()._DefaultAlipayClient__assert_response_verified(
            method, path, client_id, time, written_anew(body), signature
        )
