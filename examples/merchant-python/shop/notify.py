"""Notifications: what the gateway tells by itself, believed only once it verifies."""

import json
from dataclasses import dataclass

from shop import refund_book
from shop.book import FAILED, REFUNDED, REFUSED
from shop.fields import Fields
from shop.gateway import particulars
from shop.registering import take_review

ACK = '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}'


def _refusal(code, status):
    result = {"resultCode": code, "resultStatus": status, "resultMessage": "not taken"}
    return json.dumps({"result": result})


# What does not verify, cannot be read or is not known here; and what is about our order, and wrong.
UNKNOWN = _refusal("UNKNOWN_EXCEPTION", "U")
WRONG = _refusal("PROCESS_FAIL", "F")


@dataclass(frozen=True)
class Notification:
    """A notification as it came in: what its signature covers, the signature, and the raw body."""

    target: str
    client_id: str | None
    time: str | None
    signature: str | None
    body: bytes


def answer(shop, notification):
    """What a notification is answered, once everything that it proves is in the books."""
    if not shop.gateway.vouches_for(notification):
        return ACK if shop.switches.has("acks-forged-notification") else UNKNOWN
    try:
        fields = Fields.read(notification.body.decode("utf-8"))
    except UnicodeDecodeError:
        fields = None
    told = _take(shop, fields) if fields else UNKNOWN
    if told == ACK and shop.switches.has("legacy-ack"):
        return "success"
    return told


def _take(shop, fields):
    """Takes what a verified notification tells. What tells of no payment, no refund and no review
    is acknowledged and changes nothing."""
    if fields.text("registrationRequestId"):
        return _take_review(shop, fields)
    kind, status = fields.text("notifyType"), fields.text("result.resultStatus")
    if kind == "REFUND_RESULT":
        return _take_refund(shop, fields)
    if kind != "PAYMENT_RESULT" or status not in ("S", "F"):
        return ACK
    ticket = shop.book.ticket(fields.text("paymentRequestId"))
    if not ticket:
        return UNKNOWN
    if status == "F":
        shop.book.end(ticket, FAILED)
        return ACK
    amount = fields.amount("paymentAmount")
    right = shop.book.apply_success(ticket.request_id, amount, particulars(fields), shop.switches)
    return ACK if right else WRONG


def _take_refund(shop, fields):
    state = {"SUCCESS": REFUNDED, "FAIL": REFUSED}.get(fields.text("refundStatus"))
    if state is None:
        return UNKNOWN
    known = refund_book.apply_notification(
        shop.book,
        fields.text("refundRequestId"),
        fields.amount("refundAmount"),
        state,
        fields.text("refundId"),
        fields.moment("refundTime"),
    )
    return ACK if known else UNKNOWN


def _take_review(shop, fields):
    application = shop.registrar.application(fields.text("registrationRequestId"))
    if not application or fields.text("referenceMerchantId") != application.merchant:
        return UNKNOWN
    take_review(shop, application, fields)
    return ACK
