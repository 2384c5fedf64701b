"""A shop without a network: a scripted gateway, a clock that jumps, work that is done at once."""

import base64
import json
from fractions import Fraction

from com.alipay.ams.api.tools.signature_tool import sign
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from shop.config import Setup
from shop.defects import Switches
from shop.fields import Fields
from shop.gateway import Gateway, Said
from shop.money import Amount
from shop.notify import Notification, answer
from shop.shop import Shop

PRICE = Amount("USD", 1231)
CLIENT = "SANDBOX_5Y00000000000001"
TARGET = "/alipay/notify?shop=8"


def new_key():
    """A key pair as the SDK takes it."""
    key = rsa.generate_private_key(65537, 2048)
    der = serialization.Encoding.DER
    private = key.private_bytes(
        der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(der, serialization.PublicFormat.SubjectPublicKeyInfo)
    return tuple(base64.b64encode(text).decode() for text in (private, public))


GATEWAY_PRIVATE, GATEWAY_PUBLIC = new_key()
STRANGER_PRIVATE, _ = new_key()


def setup(**changes):
    """The settings of a shop that listens nowhere."""
    usual = {
        "adapter": "",
        "notify": "",
        "gateway": "http://127.0.0.1:9",
        "ca_file": "",
        "client_id": CLIENT,
        "private_key": GATEWAY_PRIVATE,
        "gateway_key": GATEWAY_PUBLIC,
        "notify_url": "http://127.0.0.1:8001" + TARGET,
        "return_url": "http://127.0.0.1:8001/return",
        "reports": "",
        "customer_id": "1022",
        "fee": Fraction(1, 30),
        "cashier_life": 840,
        "review_every": 86_400,
        "registration_again": 60,
        "fetch_again": 3_600,
    }
    return Setup(**{**usual, **changes})


class JumpingClock:
    """A clock that jumps to whatever is waited for."""

    def __init__(self):
        self.moment = 1_770_000_000_000

    def now(self):
        return self.moment

    def sleep(self, milliseconds):
        self.moment += max(0, milliseconds)

    def sleep_until(self, moment):
        self.moment = max(self.moment, moment)


def told(status, code, **more):
    """What a gateway answers."""
    result = {"resultStatus": status, "resultCode": code, "resultMessage": code}
    return {"result": result, **more}


class ScriptedGateway(Gateway):
    """Answers by a function of the API's name, the request's body and the number of such calls;
    `None` is silence, for which the caller waits as long as it has patience."""

    def __init__(self, script, clock, switches):
        super().__init__(setup(), switches)
        self._script = script
        self._clock = clock
        self.calls = []

    def ask(self, request, patience):
        api, body = request.path.rsplit("/", 1)[1], json.loads(request.to_ams_json())
        number = sum(1 for known, _, _ in self.calls if known == api) + 1
        self.calls.append((api, body, self._clock.now()))
        heard = self._script(api, body, number)
        if heard is None:
            self._clock.sleep(patience)
            return None
        for name in ("paymentRequestId", "refundRequestId"):
            if name in body and heard["result"]["resultStatus"] == "S":
                heard = {name: body[name], **heard}
        fields = Fields(heard)
        result = heard["result"]
        return Said(result["resultStatus"], result["resultCode"], "", fields)

    def names(self):
        """The names of the calls, in order."""
        return [api for api, _, _ in self.calls]

    def bodies(self, api):
        """The bodies of the calls of an API."""
        return [body for known, body, _ in self.calls if known == api]

    def gaps(self, api):
        """The time between the starts of the calls of an API."""
        moments = [moment for known, _, moment in self.calls if known == api]
        return [later - sooner for sooner, later in zip(moments, moments[1:])]


class StillShop(Shop):
    """A shop whose work is done before the wish is answered."""

    def start(self, work, *arguments):
        work(*arguments)


def shop(script=None, *defects, **changes):
    """A shop in front of a scripted gateway."""
    clock, switches = JumpingClock(), Switches(defects)
    gateway = ScriptedGateway(script or (lambda api, body, number: None), clock, switches)
    return StillShop(setup(**changes), switches, gateway, clock)


def charge(one, order="A-1", price=PRICE):
    """Charges a code, and tells how the order ends."""
    one.charge(order, price, "tea", "281111111111111111", "store-1")
    return one.book.view(order)


def paid(api, body, number):
    """A script: whatever is asked for works."""
    if api == "refund":
        return told("S", "SUCCESS", refundId="R1", refundTime="2026-01-05T12:00:00+08:00")
    more = {"paymentId": "P1", "paymentTime": "2026-01-05T12:00:00+08:00"}
    if api == "inquiryPayment":
        more["paymentStatus"] = "SUCCESS"
    return told("S", "SUCCESS", **more)


def waiting_ticket(one, order="A-1"):
    """An order that waits for the buyer, with nobody asking for it."""
    ticket = one.book.press(order, PRICE, PRICE)
    one.book.sending(ticket)
    return ticket


def notice(ticket, **changes):
    """The body of a notification of success."""
    body = {
        "notifyType": "PAYMENT_RESULT",
        "result": {"resultStatus": "S", "resultCode": "SUCCESS", "resultMessage": "success"},
        "paymentRequestId": ticket.request_id,
        "paymentId": "P1",
        "paymentAmount": {"currency": "USD", "value": "1231"},
        "paymentTime": "2026-01-05T12:00:00+08:00",
    }
    return {**body, **changes}


def signed(body, key=GATEWAY_PRIVATE, target=TARGET, sent_to=TARGET, client=CLIENT):
    """A notification with a signature."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    time = "2026-01-05T04:00:01Z"
    value = sign("POST", target, client, time, raw.decode(), key)
    header = f"algorithm=RSA256, keyVersion=1, signature={value}"
    return Notification(sent_to, client, time, header, raw)


def acked(one, notification):
    """Whether a notification gets the fixed acknowledgement."""
    text = answer(one, notification)
    return text.startswith("{") and json.loads(text)["result"]["resultStatus"] == "S"
