"""Notifications: believed once they verify, applied once, acknowledged in the one form."""

import json
import unittest
from dataclasses import replace

from shop import refund_book
from shop.notify import ACK, answer
from tests.stand import (
    PRICE,
    STRANGER_PRIVATE,
    acked,
    charge,
    notice,
    paid,
    shop,
    signed,
    waiting_ticket,
)


def state(one):
    return one.book.view("A-1")["till"]


def bookings(one):
    return len(one.book.view("A-1")["bookings"])


class Forged(unittest.TestCase):
    """What is not the gateway's word changes nothing and is not acknowledged."""

    def forgeries(self, ticket):
        good = signed(notice(ticket))
        value = good.signature.split("signature=")[1]
        return {
            "a stranger's key": signed(notice(ticket), key=STRANGER_PRIVATE),
            "another body": replace(good, body=good.body.replace(b"1231", b"1232")),
            "one more blank": replace(good, body=good.body + b" "),
            "another path": replace(good, target="/alipay/notify?shop=9"),
            "another client": replace(good, client_id="SANDBOX_5Y00000000000002"),
            "for another client": signed(notice(ticket), client="SANDBOX_5Y00000000000002"),
            "another time": replace(good, time="2026-01-05T04:00:02Z"),
            "no time": replace(good, time=None),
            "no signature": replace(good, signature=None),
            "an empty signature": replace(good, signature=""),
            "nothing but the algorithm": replace(good, signature="algorithm=RSA256"),
            "no value": replace(good, signature="algorithm=RSA256,keyVersion=1,signature="),
            "another algorithm": replace(good, signature=f"algorithm=none,signature={value}"),
            "no text": replace(good, body=b"\xff\xfe"),
        }

    def test_a_forged_notification_is_refused_and_changes_nothing(self):
        one = shop()
        for what, notification in self.forgeries(waiting_ticket(one)).items():
            with self.subTest(what):
                self.assertFalse(acked(one, notification))
                self.assertEqual(state(one), "waiting")

    def test_the_defects_believe_or_acknowledge_forgeries(self):
        for defect, what, acks, end in (
            ("accepts-forged-notification", "a stranger's key", True, "paid"),
            ("accepts-unsigned-notification", "no signature", True, "paid"),
            ("accepts-unsigned-notification", "a stranger's key", False, "waiting"),
            ("acks-forged-notification", "a stranger's key", True, "waiting"),
        ):
            with self.subTest(defect, what=what):
                one = shop(None, defect)
                notification = self.forgeries(waiting_ticket(one))[what]
                self.assertEqual(acked(one, notification), acks)
                self.assertEqual(state(one), end)


class Genuine(unittest.TestCase):
    """What the gateway says is applied once."""

    def test_a_good_notification_books_once_and_every_copy_is_acknowledged(self):
        one = shop()
        ticket = waiting_ticket(one)
        for _ in range(4):
            self.assertEqual(answer(one, signed(notice(ticket))), ACK)
        self.assertEqual((state(one), bookings(one)), ("paid", 1))

    def test_nobody_asks_any_more_once_a_notification_has_paid_the_order(self):
        def script(api, body, number):
            if api == "inquiryPayment" and number == 2:
                ticket = one.book.ticket(body["paymentRequestId"])
                self.assertTrue(acked(one, signed(notice(ticket))))
            return None

        one = shop(script)
        self.assertEqual(charge(one)["till"], "paid")
        self.assertEqual(one.gateway.names(), ["pay", "inquiryPayment", "inquiryPayment"])

    def test_a_defect_books_every_copy(self):
        one = shop(None, "books-duplicate-twice")
        ticket = waiting_ticket(one)
        for _ in range(3):
            answer(one, signed(notice(ticket)))
        self.assertEqual(bookings(one), 3)

    def test_a_wrong_amount_is_refused(self):
        for value, currency in (("1", "USD"), ("123100", "USD"), ("1231", "JPY"), ("12.31", "USD")):
            amount = {"currency": currency, "value": value}
            for defects, end in (((), "waiting"), (("ignores-notified-amount",), "paid")):
                with self.subTest(amount, defects=defects):
                    one = shop(None, *defects)
                    wrong = signed(notice(waiting_ticket(one), paymentAmount=amount))
                    self.assertEqual(acked(one, wrong), end == "paid")
                    self.assertEqual(state(one), end)

    def test_what_settles_no_order_of_ours_changes_nothing(self):
        one = shop()
        ticket = waiting_ticket(one)
        without_result = notice(ticket)
        del without_result["result"]
        for what, body, acks in (
            ("another type", notice(ticket, notifyType="OFFLINE_PAYMENT_CODE"), True),
            ("pending", notice(ticket, notifyType="PAYMENT_PENDING"), True),
            ("no result", without_result, True),
            ("an unknown id", notice(ticket, paymentRequestId="pay-0"), False),
            ("a list", [1], False),
        ):
            with self.subTest(what):
                self.assertEqual(acked(one, signed(body)), acks)
                self.assertEqual(state(one), "waiting")
                self.assertIsNone(one.book.view("pay-0"))
        self.assertTrue(acked(one, signed(notice(ticket))))
        self.assertEqual(state(one), "paid")

    def test_a_notification_of_failure_fails_the_order(self):
        one = shop()
        result = {"resultStatus": "F", "resultCode": "USER_BALANCE_NOT_ENOUGH"}
        self.assertTrue(acked(one, signed(notice(waiting_ticket(one), result=result))))
        self.assertEqual(state(one), "failed")

    def test_a_late_notification_does_not_revive_a_cancelled_order(self):
        for defects, end in (((), "cancelled"), (("late-notice-revives",), "paid")):
            one = shop(None, *defects)
            ticket = waiting_ticket(one)
            one.book.end(ticket, "cancelled")
            self.assertTrue(acked(one, signed(notice(ticket))))
            self.assertEqual(state(one), end)

    def test_hard_characters_and_blanks_do_not_spoil_a_signature(self):
        text = 'Café 咖啡 ☕ a+b=c&d/e "q" \\ <b> 100%25 '
        for defects, end in (((), "paid"), (("reserialises-signed-json",), "waiting")):
            one = shop(None, *defects)
            result = {"resultStatus": "S", "resultCode": "SUCCESS", "resultMessage": text}
            body = notice(waiting_ticket(one), result=result)
            raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            self.assertEqual(acked(one, signed(raw)), end == "paid")
            self.assertEqual(state(one), end)

    def test_a_defect_acknowledges_with_a_bare_word(self):
        one = shop(None, "legacy-ack")
        self.assertEqual(answer(one, signed(notice(waiting_ticket(one)))), "success")


class Refunds(unittest.TestCase):
    """The end of a refund is told by a notification too."""

    def test_a_refund_is_ended_by_its_notification_if_the_amount_is_right(self):
        one = shop(paid)
        charge(one)
        ticket = refund_book.write_slip(one.book, "A-1", "slip-1", PRICE, "cold")
        body = {
            "notifyType": "REFUND_RESULT",
            "refundStatus": "SUCCESS",
            "refundRequestId": ticket.request_id,
            "refundId": "R1",
            "refundAmount": {"currency": "USD", "value": "1230"},
        }
        self.assertFalse(acked(one, signed(body)))
        self.assertEqual(one.book.view("A-1")["refunds"][0]["state"], "pending")
        body["refundAmount"]["value"] = "1231"
        for _ in range(2):
            self.assertTrue(acked(one, signed(body)))
        self.assertEqual(one.book.view("A-1")["refunded"], PRICE.to_contract())


if __name__ == "__main__":
    unittest.main()
