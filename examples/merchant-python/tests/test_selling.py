"""Charging, asking, cancelling: the pace and the end of an order, by a clock that jumps."""

import unittest

from shop.moments import parse_moment
from tests.stand import PRICE, charge, paid, shop, told


def silent(api, body, number):
    """A script: nobody answers."""
    return None


def unknown_order(api, body, number):
    """A script: pay is lost, and the gateway knows of no such order."""
    return None if api == "pay" else told("F", "ORDER_NOT_EXIST")


def asked_buyer(after, end):
    """A script: the buyer is asked, and after so many inquiries the payment ends."""

    def script(api, body, number):
        if api == "pay":
            return told("U", "PAYMENT_IN_PROCESS", paymentId="P1", normalUrl="https://w/1")
        if api == "cancel":
            return told("S", "SUCCESS", cancelTime="2026-01-05T12:00:00+08:00")
        status = end if number > after else "PROCESSING"
        return told("S", "SUCCESS", paymentStatus=status, paymentId="P1")

    return script


class ScannedCode(unittest.TestCase):
    """The till scans the buyer's code."""

    def test_a_direct_payment_is_booked_once_and_asks_nothing(self):
        one = shop(paid)
        view = charge(one)
        self.assertEqual((view["till"], view["paid"]), ("paid", PRICE.to_contract()))
        self.assertEqual(len(view["bookings"]), 1)
        self.assertEqual(one.gateway.names(), ["pay"])
        body = one.gateway.bodies("pay")[0]
        self.assertEqual(body["order"]["referenceOrderId"], "A-1")
        self.assertEqual(body["paymentAmount"], {"currency": "USD", "value": "1231"})
        self.assertEqual(body["order"]["merchant"]["store"]["referenceStoreId"], "store-1")

    def test_inquiries_come_after_5_s_and_then_every_3_s_and_a_cancel_ends_them(self):
        for script in (asked_buyer(99, "SUCCESS"), unknown_order, silent):
            with self.subTest(script.__name__):
                one = shop(script)
                charge(one)
                moments = [moment for _, _, moment in one.gateway.calls]
                names = one.gateway.names()
                self.assertEqual(names[:14], ["pay", *["inquiryPayment"] * 12, "cancel"])
                self.assertEqual(moments[1] - moments[0], 5_000)
                self.assertEqual(set(one.gateway.gaps("inquiryPayment")), {3_000})
                self.assertLessEqual(moments[13] - moments[12], 3_000)
                ids = {body["paymentRequestId"] for _, body, _ in one.gateway.calls}
                self.assertEqual(len(ids), 1)

    def test_a_slow_answer_does_not_bring_the_next_inquiry_closer_to_it(self):
        for takes, gap in ((400, 3_000), (1_800, 4_300)):
            one = shop(lambda api, body, number: one.clock.sleep(takes) or told("U", "UNKNOWN"))
            charge(one)
            self.assertEqual(set(one.gateway.gaps("inquiryPayment")), {gap})

    def test_how_an_order_ends(self):
        for script, end in (
            (asked_buyer(3, "SUCCESS"), "paid"),
            (asked_buyer(3, "FAIL"), "failed"),
            (asked_buyer(99, "SUCCESS"), "cancelled"),
            (unknown_order, "failed"),
            (silent, "for-staff"),
            (lambda api, body, number: told("F", "WALLET_ASLEEP"), "failed"),
        ):
            view = charge(shop(script))
            self.assertEqual((view["till"], view["alarm"]), (end, end == "for-staff"))

    def test_no_inquiry_follows_the_end(self):
        for status in ("SUCCESS", "FAIL", "CANCELLED"):
            one = shop(asked_buyer(2, status))
            charge(one)
            self.assertEqual(one.gateway.names(), ["pay", *["inquiryPayment"] * 3])

    def test_another_refusal_of_an_inquiry_leads_to_the_cancel(self):
        def script(api, body, number):
            return {"inquiryPayment": told("F", "PROCESS_FAIL"), "cancel": told("S", "OK")}.get(api)

        one = shop(script)
        self.assertEqual(charge(one)["till"], "cancelled")
        self.assertEqual(one.gateway.names(), ["pay", "inquiryPayment", "cancel"])

    def test_an_answer_about_another_order_is_not_believed(self):
        def script(api, body, number):
            other = told("S", "SUCCESS", paymentStatus="SUCCESS")
            amount = {"currency": "USD", "value": "1"}
            if number % 2:
                return {**other, "paymentRequestId": "pay-of-somebody"}
            return {**other, "paymentAmount": amount}

        one = shop(script)
        self.assertNotEqual(charge(one)["till"], "paid")

    def test_a_second_press_begins_nothing_and_a_rescan_has_a_new_id(self):
        one = shop(
            lambda api, body, number: (
                told("F", "EXPIRED_CODE") if number == 1 else paid(api, body, number)
            )
        )
        self.assertEqual(charge(one)["till"], "failed")
        self.assertEqual(charge(one)["till"], "paid")
        self.assertEqual(charge(one)["till"], "paid")
        first, second = (body["paymentRequestId"] for body in one.gateway.bodies("pay"))
        self.assertNotEqual(first, second)


class Mistakes(unittest.TestCase):
    """Each defect does what its line says."""

    def test_the_defects_of_unknown_results(self):
        for defect, script, end in (
            ("paid-for-unknown", silent, "paid"),
            ("failed-for-unknown", silent, "failed"),
            ("never-cancels", silent, "failed"),
            ("cancel-assumed", silent, "cancelled"),
            ("inquiry-S-is-paid", asked_buyer(99, "SUCCESS"), "paid"),
        ):
            self.assertEqual(charge(shop(script, defect))["till"], end, defect)

    def test_the_defects_of_ids_and_pace(self):
        one = shop(silent, "new-id-after-timeout")
        charge(one)
        self.assertEqual(len({b["paymentRequestId"] for b in one.gateway.bodies("pay")}), 2)
        one = shop(asked_buyer(99, "SUCCESS"), "polls-every-100ms")
        charge(one)
        self.assertEqual(set(one.gateway.gaps("inquiryPayment")), {100})
        one = shop(silent, "waits-a-minute")
        charge(one)
        self.assertEqual(one.gateway.calls[1][2] - one.gateway.calls[0][2], 60_000)
        one = shop(paid, "payment-per-press")
        charge(one), charge(one)
        self.assertEqual(len(one.gateway.bodies("pay")), 2)

    def test_the_defects_of_content(self):
        one = shop(paid, "forgets-store-id")
        charge(one)
        self.assertNotIn("store", one.gateway.bodies("pay")[0]["order"]["merchant"])
        for defect, currency, minor, value in (
            ("yen-has-cents", "JPY", 1_000, "100000"),
            ("floats-for-cents", "USD", 115, "114"),
        ):
            one = shop(paid, defect)
            charge(one, price=type(PRICE)(currency, minor))
            self.assertEqual(one.gateway.bodies("pay")[0]["paymentAmount"]["value"], value)
        one = shop(paid, "one-store-for-all")
        one.charge("A-1", PRICE, "tea", "28", "store-2")
        store = one.gateway.bodies("pay")[0]["order"]["merchant"]["store"]
        self.assertEqual(store["referenceStoreId"], "store-1")


class Offers(unittest.TestCase):
    """Codes on the till, links for a wallet, and the wallet's own page."""

    def offer(self, script, user_agent=None, device=None, *defects):
        one = shop(script, *defects)
        one.present("A-1", PRICE, "tea", "store-1", device, user_agent)
        return one, one.book.view("A-1")

    def code(self, value, status="PROCESSING", after=1):
        def script(api, body, number):
            if api == "pay":
                if number < after:
                    return None
                details = [{"codeValueType": "QRCODE", "displayType": "TEXT", "codeValue": value}]
                link = {"redirectUrl": value}
                form = {"codeDetails": details}
                return told("S", "SUCCESS", orderCodeForm=form, redirectActionForm=link)
            return asked_buyer(0, status)(api, body, number)

        return script

    def test_a_code_that_was_made_is_no_payment(self):
        for user_agent in (None, "Alipay/10"):
            one, view = self.offer(self.code("https://q/1"), user_agent)
            self.assertEqual((view["till"], view["shown"]), ("cancelled", None))
            self.assertEqual(set(one.gateway.gaps("inquiryPayment")), {4_000})
            first = one.gateway.calls[1][2] - one.gateway.calls[0][2]
            self.assertEqual(first, 15_000)
            _, view = self.offer(self.code("x"), user_agent, None, "order-code-S-is-paid")
            self.assertEqual(view["till"], "paid")

    def test_the_same_request_is_sent_three_times_at_most(self):
        one, view = self.offer(self.code("https://q/1", "SUCCESS", after=3))
        bodies = one.gateway.bodies("pay")
        self.assertEqual((view["till"], len(bodies)), ("paid", 3))
        self.assertTrue(all(body == bodies[0] for body in bodies))
        one, view = self.offer(unknown_order)
        self.assertEqual((view["till"], one.gateway.names()), ("failed", ["pay"] * 3 + ["cancel"]))

    def test_the_user_agent_goes_with_the_request(self):
        one, _ = self.offer(self.code("https://q/1", "SUCCESS"), "Alipay/10 ☕")
        env = one.gateway.bodies("pay")[0]["order"]["env"]
        self.assertEqual(env["userAgent"], "Alipay/10 ☕")

    def test_a_web_shop_asks_every_2_s_then_slowly_and_once_after_the_end(self):
        one, view = self.offer(asked_buyer(99, "SUCCESS"), None, "web")
        self.assertEqual(view["till"], "cancelled")
        gaps = one.gateway.gaps("inquiryPayment")
        self.assertEqual(set(gaps[:19]), {2_000})
        self.assertEqual(set(gaps[19:-1]), {30_000})
        pay, last = one.gateway.calls[0][2], one.gateway.calls[-2][2]
        self.assertEqual(last - pay, 841_000)
        expiry = one.gateway.bodies("pay")[0]["paymentExpiryTime"]
        self.assertEqual(parse_moment(expiry) - pay, 840_000)

    def test_a_web_shop_may_leave_the_end_of_an_order_to_the_gateway(self):
        one = shop(asked_buyer(99, "SUCCESS"), cashier_life=0)
        one.present("A-1", PRICE, "tea", "store-1", "app", None)
        self.assertNotIn("paymentExpiryTime", one.gateway.bodies("pay")[0])
        self.assertEqual(one.gateway.calls[-2][2] - one.gateway.calls[0][2], 841_000)

    def test_coming_back_proves_nothing(self):
        for defects, end in (((), "waiting"), (("return-is-paid",), "paid")):
            one = shop(None, *defects)
            one.book.press("A 1&2", PRICE, PRICE)
            one.come_back("http://127.0.0.1:8001/return?order=A%201%262")
            view = one.book.view("A 1&2")
            self.assertEqual((view["till"], view["shown"]["page"]), (end, end))


if __name__ == "__main__":
    unittest.main()
