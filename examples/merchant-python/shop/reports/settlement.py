"""What a settlement item says beyond its transaction: rate, fee, payout, batch."""

from fractions import Fraction
from math import trunc

from shop.money import Amount, decimals
from shop.reports.rows import rate_of


class SettlementCheck:
    """Checks one item after the other, under the fee of the contract."""

    def __init__(self, fee, findings):
        self._fee = fee
        self._findings = findings
        # The wrong batch id that was told last, so that a file of them tells it once.
        self._told = None

    def row(self, row, batch, at):
        """Checks an item. Answers whether it agrees with itself, its file and the contract."""
        before = self._findings.count()

        def tell(kind, column, ours, theirs):
            self._findings.add(kind, at, column, row.named, ours, theirs)

        if row["settlementBatchId"] not in (batch.id, self._told):
            self._told = row["settlementBatchId"]
            tell("batch", "settlementBatchId", batch.id, self._told)
        strange = [one for one in (row.net, row.fee) if one and one.currency != batch.currency]
        grosses = _grosses(row)
        if strange:
            tell("currency", "settlementCurrency", batch.currency, strange[0].currency)
        elif grosses is None:
            self._findings.note("no-quote", at, 19)
        else:
            self._payout(row, grosses, tell)
        return self._findings.count() == before

    def _payout(self, row, grosses, tell):
        """Net has to be gross less fee, for a gross that the rate allows."""
        currency, net = row.net.currency, row.net.minor
        fits = next((gross for gross in grosses if net == gross - self._due(gross)), None)
        best = grosses[0] if fits is None else fits
        fee = self._due(best)
        if (row.fee.minor if row.fee else 0) != fee:
            tell("fee", "feeAmountValue", Amount(currency, fee), row.fee)
        if fits is None:
            tell("net", "settlementAmountValue", Amount(currency, best - fee), row.net)

    def _due(self, gross):
        """The fee on an amount, negative when a refund gives it back; halves are rounded up."""
        fee = int(abs(gross) * self._fee + Fraction(1, 2))
        return fee if gross >= 0 else -fee


def _grosses(row):
    """What the amount is worth in the currency of settlement, in minor units: two neighbours where
    the gateway had to round; `None` without a rate."""
    amount, to = row.amount, row.net.currency
    if amount.currency == to:
        return [amount.minor]
    rate = rate_of(row.cells)
    if rate is None:
        return None
    base, counter, price = rate
    if (amount.currency, to) == (counter, base):
        price = 1 / price
    elif (amount.currency, to) != (base, counter):
        return None
    exact = amount.minor * price * 10 ** decimals(to) / 10 ** decimals(amount.currency)
    whole = trunc(exact)
    away = 1 if amount.minor > 0 else -1
    return [whole] if exact == whole else [whole, whole + away]
