"""Amounts in the smallest unit of their currency."""

import re
from dataclasses import dataclass
from functools import cache

from com.alipay.ams.api.tools import amount_util

_CURRENCY = re.compile(r"[A-Z]{3}")
_DIGITS = re.compile(r"[0-9]{1,16}")
_MAJOR = re.compile(r"(-?)([0-9]{1,16})(?:\.([0-9]+))?")


@cache
def decimals(currency):
    """How many digits the smallest unit has: the SDK has a rule file; others have two."""
    try:
        return len(amount_util.from_amount("1", currency).partition(".")[2])
    except ValueError:
        return 2


@dataclass(frozen=True)
class Amount:
    """An amount, negative where money goes back."""

    currency: str
    minor: int

    @staticmethod
    def from_contract(body):
        """Reads `{"currency": "USD", "minor": 1231}`, as the adapter contract has it."""
        if not isinstance(body, dict):
            raise ValueError("an amount is expected")
        currency, minor = body.get("currency"), body.get("minor")
        known = isinstance(currency, str) and _CURRENCY.fullmatch(currency)
        if not known or type(minor) is not int or minor <= 0:
            raise ValueError(f"{body} is no amount that can be paid")
        return Amount(currency, minor)

    @staticmethod
    def from_wire(currency, value):
        """Reads an amount of the gateway's; `None` for what is none."""
        if not currency or not _CURRENCY.fullmatch(currency):
            return None
        if not value or not _DIGITS.fullmatch(value):
            return None
        return Amount(currency, int(value))

    @staticmethod
    def from_major(currency, text):
        """Reads an amount of a report file, which is in major units; `None` for what is none."""
        found = _MAJOR.fullmatch(text)
        if not found or not _CURRENCY.fullmatch(currency):
            return None
        sign, whole, cents = found[1], found[2], found[3] or ""
        if len(cents) > decimals(currency):
            return None
        minor = int(whole + cents.ljust(decimals(currency), "0"))
        return Amount(currency, -minor if sign else minor)

    def to_contract(self):
        """The amount as the adapter contract writes it."""
        return {"currency": self.currency, "minor": self.minor}

    def __str__(self):
        width = decimals(self.currency)
        digits = str(abs(self.minor)).rjust(width + 1, "0")
        number = f"{digits[:-width]}.{digits[-width:]}" if width else digits
        return f"{self.currency} {'-' if self.minor < 0 else ''}{number}"


def total(amounts):
    """The sum of amounts of one currency; `None` where there are none."""
    amounts = list(amounts)
    if not amounts:
        return None
    return Amount(amounts[0].currency, sum(amount.minor for amount in amounts))


def billed(price, switches):
    """What the gateway is asked for: the price on the till, unless a defect spoils it."""
    if switches.has("yen-has-cents"):
        return Amount(price.currency, price.minor * 10 ** (2 - decimals(price.currency)))
    if switches.has("floats-for-cents"):
        unit = 10 ** decimals(price.currency)
        return Amount(price.currency, int(price.minor / unit * unit))
    return price
