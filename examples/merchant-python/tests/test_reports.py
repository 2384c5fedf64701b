"""Reconciliation: report files against the book, to the smallest unit and in both directions."""

import tempfile
import unittest
from pathlib import Path

from shop.money import Amount
from shop.reports.names import COLUMNS, SETTLEMENT, SUMMARY, TRANSACTIONS, read_name
from tests.stand import charge, paid, shop

DAY, NEXT = "20260105", "20260106"
KRW = Amount("KRW", 18_000)
TIME = "2026-01-05T12:00:00+08:00"


def table(kind, *rows):
    """A report file."""
    columns = COLUMNS[kind]
    lines = [",".join(str(row.get(column, "")) for column in columns) for row in rows]
    return "\n".join([",".join(columns), *lines, "<END>", ""])


class Reports(unittest.TestCase):
    """A day with a payment of KRW 18,000 and a refund of the half."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.open()

    def open(self, *defects):
        self.one = shop(paid, *defects, reports=self._folder.name)
        charge(self.one, price=KRW)
        self.one.refund("A-1", "slip-1", Amount("KRW", 9_000), "")
        self.payment = self.one.gateway.bodies("pay")[0]["paymentRequestId"]
        self.refund = self.one.gateway.bodies("refund")[0]["refundRequestId"]

    def put(self, date, name, text):
        folder = Path(self._folder.name) / "v1/settlements/1022" / date
        folder.mkdir(parents=True, exist_ok=True)
        payload = text if isinstance(text, bytes) else text.encode()
        (folder / name).write_bytes(payload)

    def rows(self):
        usual = {"paymentTime": TIME, "transactionCurrency": "KRW", "settlementTime": TIME}
        payment = {"transactionType": "PAYMENT", "transactionId": "P1", **usual}
        refund = {"transactionType": "REFUND", "transactionId": "R1", **usual}
        return (
            {**payment, "transactionRequestId": self.payment, "transactionAmountValue": "18000"},
            {
                **refund,
                "transactionRequestId": self.refund,
                "originalTransactionId": "P1",
                "transactionAmountValue": "-9000",
            },
        )

    def view(self, kind=TRANSACTIONS, day=DAY):
        desk = self.one.reconciliations._reconciled(day, kind)
        return desk, [one["kind"] for one in desk["differences"]]

    def transactions(self, *rows, shape=lambda text: text):
        self.put(DAY, "transactionItems_KRW_000.csv", shape(table(TRANSACTIONS, *rows)))
        return self.view()

    def test_a_clean_day_matches_every_row(self):
        view, _ = self.transactions(*self.rows())
        self.assertEqual((view["state"], view["matched"]), ("clean", 2))
        file = view["files"][0]
        self.assertEqual(file["name"], f"/v1/settlements/1022/{DAY}/transactionItems_KRW_000.csv")
        self.assertEqual(file["rows"], 2)

    def test_form_that_does_not_matter_is_a_note(self):
        for note, shape in (
            ("byte-order-mark", lambda text: "\ufeff" + text),
            ("carriage-return", lambda text: text.replace("\n", "\r\n")),
            ("no-final-break", lambda text: text.rstrip()),
            ("stray-comma", lambda text: text.replace("KRW\n", "KRW,\n", 1)),
            ("quotation-marks", lambda text: text.replace(",PAYMENT,", ',"PAYMENT",')),
        ):
            view, _ = self.transactions(*self.rows(), shape=shape)
            self.assertEqual((view["state"], view["matched"]), ("clean", 2), note)
            self.assertEqual([one["kind"] for one in view["notes"]], [note])

    def test_a_file_that_is_not_whole_allows_no_verdict(self):
        for shape in (
            lambda text: text.split("<END>")[0][:-12],
            lambda text: text.split("<END>")[0],
            lambda text: text + text.split("\n")[1] + "\n",
        ):
            view, kinds = self.transactions(*self.rows(), shape=shape)
            self.assertEqual((view["state"], kinds), ("incomplete", ["truncated"]))

    def test_each_difference_is_told_with_both_values(self):
        payment, refund = self.rows()
        cases = (
            ("missing", (refund,), self.payment, "KRW 18000", None),
            (
                "extra",
                (payment, refund, {**payment, "transactionRequestId": "x"}),
                "x",
                None,
                "KRW 18000",
            ),
            ("duplicate", (payment, refund, payment), self.payment, "KRW 18000", "KRW 18000"),
            (
                "amount",
                ({**payment, "transactionAmountValue": "18001"}, refund),
                self.payment,
                "KRW 18000",
                "KRW 18001",
            ),
            (
                "currency",
                ({**payment, "transactionCurrency": "JPY"}, refund),
                self.payment,
                "KRW 18000",
                "JPY 18000",
            ),
            (
                "sign",
                (payment, {**refund, "transactionAmountValue": "9000"}),
                self.refund,
                "KRW -9000",
                "KRW 9000",
            ),
            ("id", ({**payment, "transactionId": "P2"}, refund), self.payment, "P1", "P2"),
            (
                "original",
                (payment, {**refund, "originalTransactionId": "P2"}),
                self.refund,
                "P1",
                "P2",
            ),
        )
        for kind, rows, request_id, ours, theirs in cases:
            view, kinds = self.transactions(*rows)
            self.assertEqual((view["state"], kinds), ("differences", [kind]))
            found = view["differences"][0]
            told = (found["id"], found["ours"], found["theirs"])
            self.assertEqual(told, (request_id, ours, theirs))

    def test_what_is_not_there_is_no_day_without_sales(self):
        view, _ = self.view()
        self.assertEqual(view["state"], "waiting")
        self.put("20260104", "transactionItems_KRW_000.csv", table(TRANSACTIONS))
        view, _ = self.view(day="20260104")
        self.assertEqual((view["state"], view["matched"]), ("clean", 0))

    def test_a_number_that_is_left_out_is_told(self):
        self.put(DAY, "transactionItems_KRW_001.csv", table(TRANSACTIONS, *self.rows()))
        view, kinds = self.view()
        self.assertEqual((view["state"], kinds), ("incomplete", ["sequence"]))

    def settled(self):
        payment, refund = self.rows()
        usual = {"settlementBatchId": "B1", "settlementCurrency": "USD", "feeCurrency": "USD"}
        rate = {"quoteCurrencyPair": "USD/KRW", "quotePrice": "1200"}
        return (
            {
                **payment,
                **usual,
                **rate,
                "settlementAmountValue": "14.50",
                "feeAmountValue": "0.50",
            },
            {
                **refund,
                **usual,
                **rate,
                "settlementAmountValue": "-7.25",
                "feeAmountValue": "-0.25",
            },
        )

    def test_the_published_sample_of_a_settlement_is_clean_and_off_by_a_cent_it_is_not(self):
        payment, refund = self.settled()
        for changes, kinds in (
            ({}, []),
            ({"feeAmountValue": "0.51"}, ["fee"]),
            ({"settlementAmountValue": "14.51"}, ["net"]),
            ({"settlementBatchId": "B2"}, ["batch"]),
        ):
            items = table(SETTLEMENT, {**payment, **changes}, refund)
            self.put(NEXT, "settlementItems_USD_B1_000.csv", items)
            self.assertEqual(self.view(SETTLEMENT)[1], kinds)

    def test_a_summary_is_held_against_its_items(self):
        self.put(NEXT, "settlementItems_USD_B1_000.csv", table(SETTLEMENT, *self.settled()))
        for where, changes, kinds, agree in (
            (0, {}, [], 3),
            (0, {"count": "2"}, ["count"], 2),
            (2, {"settlementAmountValue": "7.26"}, ["total"], 2),
            (1, {"settlementAmountValue": "-7.26"}, ["net"], 2),
            (2, {"settlementBatchId": "B2"}, ["batch"], 3),
        ):
            usual = {"settlementBatchId": "B1", "settlementTime": TIME}
            lines = [
                {
                    **usual,
                    "summaryType": word,
                    "count": count,
                    "settlementAmountValue": net,
                    "settlementCurrency": "USD",
                    "feeAmountValue": fee,
                    "feeCurrency": "USD",
                }
                for word, count, net, fee in (
                    ("PAYMENT", "1", "14.50", "0.50"),
                    ("REFUND", "1", "-7.25", "-0.25"),
                    ("TOTAL", "2", "7.25", "0.25"),
                )
            ]
            lines[where].update(changes)
            self.put(NEXT, "settlementSummary_USD_B1_000.csv", table(SUMMARY, *lines))
            view, found = self.view(SUMMARY)
            self.assertEqual((found, view["matched"]), (kinds, agree))
            payout = {"batch": "B1", "amount": {"currency": "USD", "minor": 725}}
            self.assertEqual(view["payouts"], [payout])

    def test_the_defects(self):
        self.open("ignores-end-mark")
        view, _ = self.transactions(*self.rows(), shape=lambda text: text.split("<END>")[0])
        self.assertEqual(view["state"], "clean")
        self.open("reads-the-file-only")
        view, _ = self.transactions(self.rows()[1])
        self.assertEqual(view["state"], "clean")

    def test_names(self):
        for name, kind, series in (
            ("transactionItems_KRW_000.csv", TRANSACTIONS, "transactionItems_KRW"),
            ("transactionItems_20181225_001.csv", TRANSACTIONS, "transactionItems_20181225"),
            (
                "settlementItems_ALIPAY_HK_USD_B1_000.csv",
                SETTLEMENT,
                "settlementItems_ALIPAY_HK_USD_B1",
            ),
            ("settlementSummary_USD_B1_999.csv", SUMMARY, "settlementSummary_USD_B1"),
        ):
            read = read_name("/v1/settlements/1022/20181225", name)
            self.assertEqual((read.kind, read.series), (kind, series))
        for name in ("x.csv", "transactionItems_krw_000.csv", "settlementItems_USD_000.csv"):
            self.assertIsNone(read_name("/v1/settlements/1022/20181225", name))


if __name__ == "__main__":
    unittest.main()
