"""Rows out of a report file, with whatever is wrong with its form."""

import csv
from dataclasses import dataclass
from fractions import Fraction

from shop.moments import parse_moment
from shop.money import Amount
from shop.reports.names import COLUMNS, SUMMARY

_END = "<END>"
_MARK = b"\xef\xbb\xbf"
_ARCHIVES = (b"\x1f\x8b", b"PK\x03\x04")


class _Unusable(Exception):
    """A row that cannot be used: the column, what belongs there, and what stands there."""


@dataclass(frozen=True)
class Row:
    """A row: its cells as text, and the values that are compared."""

    line: int
    cells: dict
    amount: Amount | None = None
    net: Amount | None = None
    fee: Amount | None = None
    paid_at: int | None = None

    def __getitem__(self, column):
        return self.cells[column]

    @property
    def named(self):
        """What a person finds a row by."""
        return self.cells["transactionRequestId"] or self.cells["transactionId"]


def read_rows(name, payload, findings, ignores_end=False):
    """Yields the rows of a file; what is wrong with it goes to the findings."""
    lines = _lines(name, payload, findings)
    header = None
    for number, line in lines:
        if line == _END:
            return _behind_end(name, lines, findings, ignores_end)
        if line is None:
            break
        cells = _cells(name, number, line, lines, findings)
        if cells is None:
            continue
        if header is None:
            header = cells
            if header != COLUMNS[name.kind]:
                return findings.unusable("form", (name.path, number), None, None, line[:40])
            continue
        if row := _row(name, number, cells, findings):
            yield row
    if not ignores_end:
        findings.unusable("truncated", (name.path, payload.count(b"\n") + 1))
    return None


def _lines(name, payload, findings):
    """Yields number and text of each line. One that does not end is cut off, and has no text,
    unless it is the end mark itself."""
    if payload.startswith(_ARCHIVES):
        return findings.unusable("form", (name.path, 1), theirs="an archive")
    if payload.startswith(_MARK):
        findings.note("byte-order-mark", (name.path, 1), 1)
        payload = payload[len(_MARK) :]
    try:
        *lines, rest = payload.decode("utf-8").split("\n")
    except UnicodeDecodeError as trouble:
        line = payload[: trouble.start].count(b"\n") + 1
        return findings.unusable("form", (name.path, line), ours="UTF-8")
    for number, line in enumerate(lines, 1):
        if line.endswith("\r"):
            findings.note("carriage-return", (name.path, number))
            line = line[:-1]
        if line:
            yield number, line
        else:
            findings.note("blank-line", (name.path, number))
    if rest == _END:
        findings.note("no-final-break", (name.path, len(lines) + 1))
        yield len(lines) + 1, rest
    elif rest:
        yield len(lines) + 1, None


def _behind_end(name, lines, findings, ignores_end):
    number, _ = next(lines, (None, None))
    if number and not ignores_end:
        findings.unusable("truncated", (name.path, number))


def _cells(name, number, line, lines, findings):
    """The cells of a line, `None` for what is none. A cell in quotation marks may go on in the next
    line."""
    if '"' not in line:
        cells = line.split(",")
    else:
        while line.count('"') % 2:
            _, more = next(lines, (None, None))
            if more is None:
                break
            line += "\n" + more
        try:
            cells = next(csv.reader([line]), [])
        except csv.Error:
            return findings.unusable("form", (name.path, number))
        findings.note("quotation-marks", (name.path, number))
    if len(cells) == len(COLUMNS[name.kind]) + 1 and not cells[-1]:
        findings.note("stray-comma", (name.path, number), len(cells))
        cells.pop()
    return cells


def _row(name, number, cells, findings):
    columns = COLUMNS[name.kind]
    at = (name.path, number)
    if len(cells) != len(columns):
        findings.unusable("form", at, None, len(columns), len(cells))
        return None
    told = dict(zip(columns, cells, strict=True))
    try:
        return _typed(name.kind, number, told)
    except _Unusable as trouble:
        column, expected = trouble.args
        findings.unusable("form", at, column, expected, told[column])
        return None


def _typed(kind, number, cells):
    if kind == SUMMARY:
        if not cells["count"].isdigit():
            raise _Unusable("count", "count")
        net, fee = _amount(cells, "settlement"), _amount(cells, "fee", True)
        _filled(cells, "settlementBatchId", "summaryType")
        return Row(number, cells, net=net, fee=fee)
    _filled(cells, "transactionType", "transactionId")
    if cells["transactionType"] in ("PAYMENT", "REFUND", "CANCEL"):
        _filled(cells, "transactionRequestId")
    amount, paid_at = _amount(cells, "transaction"), parse_moment(cells["paymentTime"])
    if paid_at is None:
        raise _Unusable("paymentTime", "time")
    if "settlementBatchId" not in cells:
        return Row(number, cells, amount, paid_at=paid_at)
    net, fee = _amount(cells, "settlement"), _amount(cells, "fee", True)
    if cells["quoteCurrencyPair"] and rate_of(cells) is None:
        raise _Unusable("quotePrice", "price")
    return Row(number, cells, amount, net, fee, paid_at)


def _filled(cells, *columns):
    for column in columns:
        if not cells[column]:
            raise _Unusable(column, "something")


def _amount(cells, what, optional=False):
    value, currency = f"{what}AmountValue", f"{what}Currency"
    if optional and not cells[value] and not cells[currency]:
        return None
    amount = Amount.from_major(cells[currency], cells[value])
    if amount is None:
        raise _Unusable(value, "amount")
    return amount


def rate_of(cells):
    """Base, counter and price of a row's rate; `None` where there is none."""
    base, _, counter = cells["quoteCurrencyPair"].partition("/")
    try:
        price = Fraction(cells["quotePrice"])
    except (ValueError, ZeroDivisionError):
        return None
    return (base, counter, price) if price > 0 else None
