"""Amounts to the smallest unit, and days of Beijing time."""

import os
import time
import unittest
from unittest import mock

from shop.moments import day_of, iso8601, next_day, parse_moment
from shop.money import Amount


class Amounts(unittest.TestCase):
    """Nothing is rounded, and nothing else is read as an amount."""

    def test_major_units_of_report_files(self):
        for currency, text, minor in (
            ("USD", "12.31", 1231),
            ("USD", "12", 1200),
            ("USD", "-0.5", -50),
            ("KRW", "-9000", -9000),
            ("JPY", "1000.0", None),
            ("USD", "12.311", None),
            ("USD", "1,000", None),
            ("USD", "", None),
            ("usd", "1", None),
        ):
            read = Amount.from_major(currency, text)
            self.assertEqual(read and read.minor, minor, text)

    def test_smallest_units_of_messages(self):
        self.assertEqual(Amount.from_wire("USD", "1231"), Amount("USD", 1231))
        for currency, value in (("USD", "12.31"), ("USD", "-1"), ("US", "1"), ("USD", None)):
            self.assertIsNone(Amount.from_wire(currency, value))

    def test_how_an_amount_is_shown(self):
        for amount, text in (
            (Amount("USD", 5), "USD 0.05"),
            (Amount("USD", -1231), "USD -12.31"),
            (Amount("JPY", 1000), "JPY 1000"),
        ):
            self.assertEqual(str(amount), text)


class Moments(unittest.TestCase):
    """A moment has an offset, and a day is one of Beijing time wherever the shop is."""

    def test_a_moment_is_read_in_every_documented_form(self):
        for text in (
            "2026-01-05T16:00:00+08:00",
            "2026-01-05T08:00:00Z",
            "2026-01-05T03:00:00-0500",
            "2026-01-05T08:00:00.000+00:00",
        ):
            self.assertEqual(parse_moment(text), 1_767_600_000_000, text)
        for text in ("2026-01-05T16:00:00", "yesterday", "", None):
            self.assertIsNone(parse_moment(text))
        self.assertEqual(iso8601(1_767_600_000_999), "2026-01-05T16:00:00+08:00")

    def test_a_day_is_cut_at_midnight_in_beijing(self):
        with mock.patch.dict(os.environ, {"TZ": "America/New_York"}):
            time.tzset()
            self.assertEqual(day_of(parse_moment("2026-01-05T23:59:59+08:00")), "20260105")
            self.assertEqual(day_of(parse_moment("2026-01-06T00:00:00+08:00")), "20260106")
        time.tzset()
        self.assertEqual(next_day("20251231"), "20260101")


if __name__ == "__main__":
    unittest.main()
