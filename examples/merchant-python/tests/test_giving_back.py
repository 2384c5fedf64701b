"""Cancels and refunds: repeated unchanged until their end is known, and never both."""

import unittest

from shop import cancel_book
from shop.book import Refused
from shop.money import Amount
from shop.notify import answer
from tests.stand import PRICE, charge, notice, paid, shop, signed, told, waiting_ticket


def cancels(*ends):
    """A script: everything is paid, and cancels end like this, the last one for good."""

    def script(api, body, number):
        if api == "cancel":
            return ends[min(number, len(ends)) - 1]
        return paid(api, body, number)

    return script


class Cancelling(unittest.TestCase):
    """The clerk cancels an order as a whole."""

    def test_a_cancel_is_repeated_unchanged_until_it_is_confirmed(self):
        unknown = told("U", "UNKNOWN_EXCEPTION")
        for first in (unknown, None):
            one = shop(cancels(first, first, told("S", "SUCCESS")))
            charge(one)
            one.cancel("A-1")
            bodies = one.gateway.bodies("cancel")
            self.assertEqual(len(bodies), 3)
            self.assertEqual(bodies[0], bodies[2])
            for gap in one.gateway.gaps("cancel"):
                self.assertTrue(2_000 <= gap <= 10_000)
            view = one.book.view("A-1")
            self.assertEqual((view["till"], view["bookings"]), ("cancelled", []))

    def test_a_cancel_that_nobody_confirms_calls_a_person(self):
        one = shop(cancels(None))
        charge(one)
        one.cancel("A-1")
        view = one.book.view("A-1")
        self.assertEqual((view["till"], view["alarm"]), ("for-staff", True))
        self.assertGreaterEqual(len(one.gateway.bodies("cancel")), 5)
        for wish in (lambda: one.cancel("A-1"), lambda: charge(one)):
            with self.assertRaises(Refused):
                wish()

    def test_a_cancel_that_comes_too_late_becomes_one_refund(self):
        one = shop(cancels(told("F", "CANCEL_WINDOW_EXCEED")))
        charge(one)
        one.cancel("A-1")
        view = one.book.view("A-1")
        self.assertEqual(one.gateway.names(), ["pay", "cancel", "refund"])
        self.assertEqual((view["till"], view["refunded"]), ("paid", PRICE.to_contract()))

    def test_what_is_heard_while_a_cancel_is_under_way_does_not_pay_the_order(self):
        one = shop()
        ticket = waiting_ticket(one)
        cancel_book.begin_for_clerk(one.book, "A-1")
        answer(one, signed(notice(ticket)))
        self.assertEqual(one.book.view("A-1")["till"], "waiting")
        cancel_book.end(one.book, ticket, "cancelled")
        self.assertEqual(one.book.view("A-1")["till"], "cancelled")

    def test_money_that_the_gateway_knows_nothing_of_is_for_staff(self):
        one = shop(cancels(told("F", "ORDER_NOT_EXIST")))
        charge(one)
        one.cancel("A-1")
        self.assertEqual(one.book.view("A-1")["till"], "for-staff")

    def test_what_never_was_sent_is_cancelled_without_a_word(self):
        one = shop()
        one.book.press("A-1", PRICE, PRICE)
        one.cancel("A-1")
        self.assertEqual((one.book.view("A-1")["till"], one.gateway.calls), ("cancelled", []))
        one.cancel("A-1")
        with self.assertRaises(Refused):
            one.cancel("A-2")


class Refunding(unittest.TestCase):
    """The clerk gives money back, slip by slip."""

    def refunded(self, script, *defects):
        one = shop(script, *defects)
        charge(one)
        one.refund("A-1", "slip-1", PRICE, "cold ☕ ")
        return one, one.book.view("A-1")

    def unclear(self, *ends):
        """A script: refunds end like this; asked for, they are under way twice and then done."""

        def script(api, body, number):
            if api == "refund":
                return ends[min(number, len(ends)) - 1]
            if api == "inquiryRefund":
                return told("S", "SUCCESS", refundStatus="PROCESSING" if number < 3 else "SUCCESS")
            return paid(api, body, number)

        return script

    def test_a_refund_names_the_payment_by_the_gateways_id(self):
        one, view = self.refunded(paid)
        body = one.gateway.bodies("refund")[0]
        self.assertEqual((body["paymentId"], body["refundReason"]), ("P1", "cold ☕ "))
        self.assertRegex(body["refundRequestId"], "^[A-Za-z0-9-]{1,64}$")
        self.assertEqual(view["refunded"], PRICE.to_contract())
        self.assertEqual(view["till"], "paid")

    def test_one_slip_is_one_refund_and_several_slips_add_up(self):
        one, _ = self.refunded(paid)
        one.refund("A-1", "slip-1", PRICE, "again")
        self.assertEqual(len(one.gateway.bodies("refund")), 1)
        one.refund("A-1", "slip-2", Amount("USD", 1), "")
        first, second = (body["refundRequestId"] for body in one.gateway.bodies("refund"))
        self.assertNotEqual(first, second)
        self.assertEqual(one.book.view("A-1")["refunded"], {"currency": "USD", "minor": 1232})

    def test_an_unclear_refund_is_asked_about_under_its_one_id(self):
        for end in (told("U", "UNKNOWN_EXCEPTION"), None):
            one, view = self.refunded(self.unclear(end))
            self.assertEqual(one.gateway.names(), ["pay", "refund", *["inquiryRefund"] * 3])
            self.assertEqual(set(one.gateway.gaps("inquiryRefund")), {5_000})
            self.assertEqual(view["refunds"][0]["state"], "refunded")

    def test_what_the_gateway_cannot_find_is_sent_again_unchanged(self):
        def script(api, body, number):
            if api == "refund" and number == 1:
                return None
            if api == "inquiryRefund":
                return told("F", "REFUND_NOT_EXIST")
            return paid(api, body, number)

        one, view = self.refunded(script)
        first, second = one.gateway.bodies("refund")
        self.assertEqual(first, second)
        self.assertEqual(view["refunds"][0]["state"], "refunded")

    def test_a_refusal_is_final(self):
        refusal = told("F", "PROCESS_FAIL")
        one, view = self.refunded(self.unclear(refusal))
        self.assertEqual(one.gateway.names(), ["pay", "refund"])
        self.assertEqual((view["till"], view["refunds"][0]["state"]), ("paid", "refused"))
        self.assertIsNone(view["refunded"])

    def test_a_refund_that_nobody_decides_calls_a_person(self):
        one, view = self.refunded(
            lambda api, body, number: paid(api, body, number) if api == "pay" else None
        )
        self.assertEqual((view["refunds"][0]["state"], view["alarm"]), ("for-staff", True))
        self.assertLessEqual(len(one.gateway.calls), 22)

    def test_there_is_nothing_to_give_back_of_a_cancelled_order(self):
        one = shop(paid)
        charge(one)
        one.cancel("A-1")
        one.refund("A-1", "slip-1", PRICE, "")
        self.assertEqual(one.book.view("A-1")["refunds"][0]["state"], "refused")
        self.assertEqual(one.gateway.names(), ["pay", "cancel"])

    def test_there_is_nothing_to_give_back_of_an_unpaid_order(self):
        one = shop()
        waiting_ticket(one)
        one.refund("A-1", "slip-1", PRICE, "")
        view = one.book.view("A-1")
        self.assertEqual((view["till"], view["refunds"][0]["state"]), ("waiting", "refused"))
        self.assertEqual(one.gateway.calls, [])
        with self.assertRaises(Refused):
            one.refund("A-2", "slip-1", PRICE, "")

    def test_the_defects(self):
        one, _ = self.refunded(self.unclear(None), "refund-id-per-try")
        self.assertGreater(len({b["refundRequestId"] for b in one.gateway.bodies("refund")}), 1)
        unknown = told("U", "UNKNOWN_EXCEPTION")
        one, view = self.refunded(self.unclear(unknown), "refund-unknown-is-done")
        self.assertEqual(one.gateway.names(), ["pay", "refund"])
        self.assertEqual(view["refunds"][0]["state"], "refunded")


if __name__ == "__main__":
    unittest.main()
