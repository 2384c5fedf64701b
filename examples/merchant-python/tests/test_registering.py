"""Secondary merchants: taken is not approved, and no wish is registered under two ids."""

import unittest

from tests.stand import PRICE, acked, shop, signed, told

WISH = {
    "id": "seller-1",
    "name": "老王 & Söhne",
    "mcc": "5812",
    "address": "5/F, No. 12",
    "contact": "a@b.example",
    "website": "https://shop.example/",
    "country": None,
    "stores": [{"id": "shop-1", "name": "Shop", "mcc": "5814", "terminal": "t-1"}],
}


def review(*wallets):
    """How a finished review is told."""
    listed = [
        {"pspName": name, "registrationResult": {"registrationStatus": status, **more}}
        for name, status, more in wallets
    ]
    done = {"registrationStatus": "COMPLETED"}
    return {"registrationResult": done, "pspRegistrationResultList": listed}


APPROVED = review(("ALIPAYCN", "APPROVED", {}))
MIXED = review(
    ("ALIPAYCN", "APPROVED", {}),
    ("GCASH", "REJECTED", {"rejectReasons": ["no licence"]}),
    ("KAKAOPAY", None, {}),
)
REJECTED = review(("ALIPAYCN", "REJECTED", {"rejectReasons": "no licence"}))


def reviewed(outcome, after=1):
    """A script: taken, and decided at so many questions."""

    def script(api, body, number):
        if api == "registration":
            return told("S", "SUCCESS")
        pending = {"registrationResult": {"registrationStatus": "PENDING"}}
        return told("S", "SUCCESS", **(outcome if number >= after else pending))

    return script


class Registering(unittest.TestCase):
    """From the wish to the end of the review."""

    def registered(self, script, *defects, **wish):
        one = shop(script, *defects)
        one.register({**WISH, **wish})
        return one, one.registrar.view("seller-1")

    def test_the_review_is_asked_for_once_a_day_and_decides(self):
        one, view = self.registered(reviewed(APPROVED, after=3))
        self.assertEqual(view["state"], "approved")
        gaps = one.gateway.gaps("inquiryRegistrationStatus")
        self.assertEqual(set(gaps), {86_400_000})
        asked = one.gateway.bodies("inquiryRegistrationStatus")[0]
        self.assertEqual(asked["referenceMerchantId"], "seller-1")
        body = one.gateway.bodies("registration")[0]
        self.assertEqual(body["storeInfo"]["referenceStoreId"], "shop-1")
        self.assertEqual(body["merchantInfo"]["merchantDisplayName"], WISH["name"])

    def test_each_wallet_decides_for_itself(self):
        _, view = self.registered(reviewed(MIXED))
        approved = {wallet["wallet"]: wallet["approved"] for wallet in view["wallets"]}
        self.assertEqual(approved, {"ALIPAYCN": True, "GCASH": False, "KAKAOPAY": False})
        self.assertEqual(view["wallets"][1]["reasons"], ["no licence"])
        _, view = self.registered(reviewed(REJECTED))
        self.assertEqual(view["state"], "rejected")

    def test_an_unanswered_registration_is_sent_again_under_its_id(self):
        def script(api, body, number):
            if api == "registration" and number < 3:
                return (told("U", "UNKNOWN_EXCEPTION"), None)[number - 1]
            return reviewed(APPROVED)(api, body, number)

        one, view = self.registered(script)
        bodies = one.gateway.bodies("registration")
        self.assertEqual(bodies[0], bodies[2])
        self.assertEqual(view["state"], "approved")

    def test_a_refusal_is_shown_with_its_reason_and_loses_no_approval(self):
        refusal = told("F", "PARAM_ILLEGAL")
        _, view = self.registered(lambda api, body, number: refusal, stores=[])
        self.assertEqual((view["state"], view["reason"]), ("refused", "PARAM_ILLEGAL: "))

        def script(api, body, number):
            if api == "registration" and number == 2:
                return told("F", "REPEAT_REGISTRATION")
            return reviewed(APPROVED)(api, body, number)

        one, _ = self.registered(script)
        one.register(WISH)
        view = one.registrar.view("seller-1")
        self.assertEqual((view["state"], view["reason"]), ("approved", "REPEAT_REGISTRATION: "))

    def test_a_notification_decides_once_it_is_about_our_registration(self):
        for changes, acks, state in (
            ({}, True, "approved"),
            ({"referenceMerchantId": "seller-2"}, False, "pending"),
            ({"registrationRequestId": "reg-0"}, False, "pending"),
        ):
            one = shop()
            (application,) = one.registrar.begin(WISH)
            ids = {"registrationRequestId": application.request_id}
            body = {"referenceMerchantId": "seller-1", **ids, **APPROVED, **changes}
            self.assertEqual(acked(one, signed(body)), acks)
            self.assertEqual(one.registrar.view("seller-1")["state"], state)

    def test_only_an_approved_merchant_sells(self):
        for outcome, end in ((APPROVED, "for-staff"), (REJECTED, "failed")):
            one, _ = self.registered(
                lambda api, body, number: (
                    None if api in ("pay", "cancel") else reviewed(outcome)(api, body, number)
                )
            )
            one.charge("A-1", PRICE, "tea", "28", "shop-1")
            self.assertEqual(one.book.view("A-1")["till"], end)
            named = [
                b["order"]["merchant"]["referenceMerchantId"] for b in one.gateway.bodies("pay")
            ]
            self.assertEqual(named, ["seller-1"] if end == "for-staff" else [])

    def test_the_defect_takes_a_registration_for_an_approval(self):
        _, view = self.registered(reviewed(REJECTED), "registered-is-approved")
        self.assertEqual(view["state"], "approved")


if __name__ == "__main__":
    unittest.main()
