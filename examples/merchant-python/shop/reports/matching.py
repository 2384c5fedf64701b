"""Rows about transactions, against the shop's own."""

from shop.moments import day_of, iso8601
from shop.money import Amount
from shop.reports.own import CANCEL, DONE, PAYMENT, REFUND


class Matcher:
    """The shop's own transactions, and what the rows said about them."""

    def __init__(self, own, day, findings):
        self._own = own
        self._by_id = {(one.kind, one.request_id): one for one in own}
        self._day = day
        self._findings = findings

    def row(self, row, at):
        """Compares a row. Answers whether it agrees with a transaction of ours."""
        kind, request_id = row["transactionType"], row["transactionRequestId"]
        own, end_of_it = self._by_id.get((kind, request_id)), False
        if own is None and kind == CANCEL:
            # The end of a payment that we hold as never made.
            own = self._by_id.get((PAYMENT, request_id))
            own, end_of_it = (None, False) if own and own.held == DONE else (own, True)
        if own is None:
            self._findings.add("extra", at, None, row.named, None, row.amount)
            return False
        met = own.undone if end_of_it else own.seen
        if end_of_it:
            own.undone = True
        else:
            own.seen = True
        if met:
            self._findings.add("duplicate", at, None, row.named, own.amount, row.amount)
            return False
        if own.held == DONE:
            before = self._findings.count()
            self._compare(own, row, at)
            return self._findings.count() == before
        self._unexpected(own, row, at)
        return False

    def _unexpected(self, own, row, at):
        """Keeps what a row says about money that, as we hold it, did not move."""
        before = own.said.minor if own.said else 0
        own.said, own.at = Amount(row.amount.currency, before + row.amount.minor), at

    def _compare(self, own, row, at):
        def tell(kind, column, ours, theirs):
            self._findings.add(kind, at, column, row.named, ours, theirs)

        if own.amount.currency != row.amount.currency:
            tell("currency", "transactionCurrency", own.amount, row.amount)
        elif own.amount.minor == -row.amount.minor:
            tell("sign", "transactionAmountValue", own.amount, row.amount)
        elif own.amount != row.amount:
            tell("amount", "transactionAmountValue", own.amount, row.amount)
        if own.transaction_id and own.transaction_id != row["transactionId"]:
            tell("id", "transactionId", own.transaction_id, row["transactionId"])
        original = row["originalTransactionId"]
        # Only a refund is about another transaction than its own.
        wanted = own.original_id if own.kind == REFUND else ""
        if wanted is not None and original != wanted:
            tell("original", "originalTransactionId", wanted or None, original)
        if {day_of(own.moment), day_of(row.paid_at)} != {self._day}:
            tell("day", "paymentTime", iso8601(own.moment), iso8601(row.paid_at))

    def finish(self, looks_back):
        """Tells what shows only at the end: rows about what we hold as not paid, and, where the
        files are whole and somebody `looks_back`, what they lack."""
        for own in self._own:
            if own.held != DONE and (own.seen or own.undone):
                self._end_unpaid(own)
        if self._findings.incomplete or not looks_back:
            return
        for own in self._own:
            today = own.held == DONE and not own.seen and day_of(own.moment) == self._day
            if today and not self._left_out(own):
                self._findings.add("missing", None, None, own.request_id, own.amount)

    def _end_unpaid(self, own):
        if own.seen and own.undone and own.said.minor == 0:
            return self._findings.note("cancelled-pair", own.at)
        return self._findings.add("extra", own.at, None, own.request_id, own.held, own.said)

    def _left_out(self, own):
        """Some gateways leave a payment and its cancel out together when both fall on one day."""
        other = {PAYMENT: CANCEL, CANCEL: PAYMENT}.get(own.kind)
        other = self._by_id.get((other, own.request_id))
        unseen = other is not None and other.held == DONE and not other.seen
        return unseen and day_of(other.moment) == self._day
