"""Summaries against the items that they sum up."""

from dataclasses import dataclass
from itertools import zip_longest

from shop.money import Amount

_TOTAL = "TOTAL"


@dataclass
class Sum:
    """Count, payouts and fees."""

    count: int = 0
    net: int = 0
    fee: int | None = None

    def add(self, count, net, fee):
        """Adds as many, and what they brought."""
        self.count, self.net = self.count + count, self.net + net
        if fee is not None:
            self.fee = (self.fee or 0) + fee


@dataclass
class _Batch:
    """Both sides of a batch, by type; `None` for a side without a file."""

    items: dict | None = None
    lines: dict | None = None
    # The wrong batch id that was told last.
    told: str | None = None

    def all(self):
        """The sum over all types."""
        whole = Sum()
        for one in self.items.values():
            whole.add(one.count, one.net, one.fee)
        return whole


class Summaries:
    """What the files say of each batch."""

    def __init__(self, findings):
        self._batches = {}
        self._findings = findings

    def begin(self, batch, is_summary):
        """A file of items, or of sums, is there, though it may hold none."""
        sums = self._batches.setdefault(batch, _Batch())
        if is_summary:
            sums.lines = sums.lines or {}
        else:
            sums.items = sums.items or {}

    def item(self, row, batch):
        """Adds an item to the sums of its batch."""
        one = self._batches[batch].items.setdefault(row["transactionType"], Sum())
        one.add(1, row.net.minor, row.fee and row.fee.minor)

    def line(self, row, batch, at):
        """Keeps a line of a summary."""
        sums, word = self._batches[batch], row["summaryType"]
        if row["settlementBatchId"] not in (batch.id, sums.told):
            sums.told = row["settlementBatchId"]
            self._findings.add("batch", at, "settlementBatchId", word, batch.id, sums.told)
        if word in sums.lines:
            self._findings.add("duplicate", at, "summaryType", word, None, row.net)
            return
        strange = [one for one in (row.net, row.fee) if one and one.currency != batch.currency]
        if strange:
            ours, theirs = batch.currency, strange[0].currency
            self._findings.add("currency", at, "settlementCurrency", word, ours, theirs)
        fee = row.fee and row.fee.minor
        sums.lines[word] = (at, Sum(int(row["count"]), row.net.minor, fee))

    def compare(self):
        """Compares both sides of every batch. Answers how many lines agree."""
        matched, unsummed, unlisted = 0, [], []
        for batch, sums in sorted(self._batches.items(), key=lambda one: one[0]):
            if sums.lines is None:
                unsummed.append(batch.id)
            elif sums.items is None:
                # Where its lines name the right batch, that was told.
                unlisted.append(None if sums.told else batch.id)
            else:
                matched += self._compare(batch, sums)
        # A summary under the name of another batch leaves both without a partner.
        for ours, theirs in zip_longest(unsummed, unlisted, fillvalue=""):
            if theirs is not None:
                self._findings.add("batch", None, None, None, ours or None, theirs or None)
        return matched

    def payouts(self):
        """What the bank account should receive."""
        return [
            {"batch": batch.id, "amount": Amount(batch.currency, sums.all().net).to_contract()}
            for batch, sums in sorted(self._batches.items(), key=lambda one: one[0])
            if sums.items is not None
        ]

    def _compare(self, batch, sums):
        matched, tell = 0, self._findings.add
        for word, (at, theirs) in sums.lines.items():
            ours = sums.all() if word == _TOTAL else sums.items.get(word, Sum())
            before = self._findings.count()
            if ours.count != theirs.count:
                tell("count", at, "count", word, ours.count, theirs.count)
            if ours.net != theirs.net:
                kind = "total" if word == _TOTAL else "net"
                nets = (Amount(batch.currency, one.net) for one in (ours, theirs))
                tell(kind, at, "settlementAmountValue", word, *nets)
            if theirs.fee is not None and theirs.fee != (ours.fee or 0):
                fees = (Amount(batch.currency, one.fee or 0) for one in (ours, theirs))
                tell("fee", at, "feeAmountValue", word, *fees)
            matched += self._findings.count() == before
        for word, ours in sums.items.items():
            if word not in sums.lines:
                tell("count", None, "count", word, ours.count, None)
        if _TOTAL not in sums.lines:
            whole = Amount(batch.currency, sums.all().net)
            tell("total", None, "settlementAmountValue", _TOTAL, whole, None)
        return matched
