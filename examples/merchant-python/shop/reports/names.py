"""Kinds and names of report files, and where they lie."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

TRANSACTIONS, SETTLEMENT, SUMMARY = "transaction-items", "settlement-items", "settlement-summary"
KINDS = (TRANSACTIONS, SETTLEMENT, SUMMARY)

COLUMNS = {
    TRANSACTIONS: "customerId referenceMerchantId referenceStoreId transactionId "
    "originalTransactionId transactionRequestId referenceTransactionId orderDescription "
    "paymentMethodType pspName transactionType paymentTime productCode transactionAmountValue "
    "transactionCurrency".split(),
    SETTLEMENT: "settlementBatchId customerId referenceMerchantId referenceStoreId transactionId "
    "originalTransactionId transactionRequestId referenceTransactionId paymentMethodType pspName "
    "transactionType paymentTime settlementTime productCode transactionAmountValue "
    "transactionCurrency settlementAmountValue settlementCurrency quoteCurrencyPair quotePrice "
    "feeAmountValue feeCurrency nonGuaranteeCouponValue nonGuaranteeCouponCurrency".split(),
    SUMMARY: "settlementBatchId customerId summaryType settlementTime count settlementAmountValue "
    "settlementCurrency feeAmountValue feeCurrency".split(),
}

_TRANSACTIONS = re.compile(
    r"transactionItems_(?:[A-Z]{3}|(?P<day>\d{8})|[\w-]+_[A-Z]{3}_(?P<wallet_day>\d{8}))"
    r"_(?P<sequence>\d{3})\.csv"
)
_BATCH = re.compile(
    r"settlement(?P<kind>Items|Summary)_(?:(?P<method>[\w-]+)_)?(?P<currency>[A-Z]{3})"
    r"_(?P<id>[A-Za-z0-9-]+)_(?P<sequence>\d{3})\.csv"
)


@dataclass(frozen=True, order=True)
class Batch:
    """What the name of a settlement file says about its batch."""

    id: str
    currency: str
    method: str = ""


@dataclass(frozen=True)
class FileName:
    """The name of a report file."""

    kind: str
    folder: str
    # All of the name that files of one series share, and the number within it.
    series: str
    sequence: int
    # The day of the transactions, where the name tells it; and the batch of a settlement.
    day: str | None = None
    batch: Batch | None = None

    @property
    def path(self):
        """Where the gateway has it."""
        return f"{self.folder}/{self.series}_{self.sequence:03}.csv"

    def numbered(self, sequence):
        """The name of another file of the series."""
        return replace(self, sequence=sequence)


def folder_of(customer_id, date):
    """The folder of a date at the gateway."""
    return f"/v1/settlements/{customer_id}/{date}"


def read_name(folder, name):
    """Reads the name of a file in a folder; `None` for what is no report file."""
    date = folder.rsplit("/", 1)[-1]
    series, sequence = name[: -len("_000.csv")], name[-len("000.csv") : -len(".csv")]
    if found := _TRANSACTIONS.fullmatch(name):
        day = found["day"] or found["wallet_day"] or date
        return FileName(TRANSACTIONS, folder, series, int(sequence), day=day)
    if found := _BATCH.fullmatch(name):
        kind = SETTLEMENT if found["kind"] == "Items" else SUMMARY
        batch = Batch(found["id"], found["currency"], found["method"] or "")
        return FileName(kind, folder, series, int(sequence), batch=batch)
    return None


def listed(root, customer_id, date, kinds):
    """The report files of some kinds that lie there for a date, in the order of their names."""
    folder = folder_of(customer_id, date)
    place = Path(root) / folder.lstrip("/")
    if not place.is_dir():
        return []
    names = (read_name(folder, entry.name) for entry in sorted(place.iterdir()))
    return [name for name in names if name and name.kind in kinds]
