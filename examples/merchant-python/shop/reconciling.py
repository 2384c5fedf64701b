"""Reconciling a day when somebody asks for it, and again until its files are whole."""

import hashlib
import threading
from pathlib import Path

from shop.book import Refused
from shop.moments import next_day
from shop.reports.findings import Findings
from shop.reports.matching import Matcher
from shop.reports.names import KINDS, SETTLEMENT, SUMMARY, TRANSACTIONS, listed
from shop.reports.own import transactions
from shop.reports.rows import read_rows
from shop.reports.settlement import SettlementCheck
from shop.reports.summary import Summaries

# How often files that are missing or not whole are read again: three days, at one hour each.
_TIMES = 72


class NotOffered(Exception):
    """What the shop does not do at all, in words."""


class Reconciliations:
    """What came of each day and kind of file."""

    def __init__(self, shop):
        self._shop = shop
        self._lock = threading.Lock()
        self._asked = {}
        self._views = {}

    def view(self, day, kind):
        """What came of it, as far as it has got; `None` before that."""
        with self._lock:
            return self._views.get((day, kind))

    def begin(self, day, kind):
        """Reads and compares in the background. The last wish for a day and kind counts."""
        if not self._shop.setup.reports:
            raise NotOffered("no folder with reports was named at the start")
        if kind not in KINDS or len(day) != 8 or not day.isdigit():
            raise Refused(f"no reports of '{day}', '{kind}'")
        with self._lock:
            number = self._asked.get((day, kind), 0) + 1
            self._asked[day, kind] = number
        self._shop.start(self._until_whole, day, kind, number)

    def _until_whole(self, day, kind, number):
        for _ in range(_TIMES + 1):
            view = self._reconciled(day, kind)
            with self._lock:
                if self._asked[day, kind] != number:
                    return
                self._views[day, kind] = view
            # What is not there yet is no day without sales, and half a file says nothing.
            if view["state"] not in ("waiting", "incomplete"):
                return
            self._shop.clock.sleep(self._shop.setup.fetch_again * 1_000)

    def _reconciled(self, day, kind):
        try:
            return _Desk(self._shop, day, kind).view()
        except OSError as trouble:
            return _view(day, kind, "unfetched", trouble=str(trouble))


def _view(day, kind, state, **more):
    told = {"files": [], "matched": 0, "differences": [], "differences_left_out": 0}
    return {"day": day, "kind": kind, "state": state, **told, "notes": [], "payouts": [], **more}


class _Desk:
    """One reconciliation."""

    def __init__(self, shop, day, kind):
        self._shop, self._day, self._kind = shop, day, kind
        self._findings = Findings()
        self._matcher = Matcher(transactions(shop.book), day, self._findings)
        self._settlement = SettlementCheck(shop.setup.fee, self._findings)
        self._summaries = Summaries(self._findings)

    def view(self):
        """Reads the files and compares them with the book."""
        setup, day, kind = self._shop.setup, self._day, self._kind
        # Transactions lie under their own day, what is paid out for them under the next.
        date = day if kind == TRANSACTIONS else next_day(day)
        kinds = (SETTLEMENT, SUMMARY) if kind == SUMMARY else (kind,)
        names = listed(setup.reports, setup.customer_id, date, kinds)
        if {name.kind for name in names} != set(kinds):
            return _view(day, kind, "waiting")
        files, matched = [], 0
        for name in names:
            file, agree = self._read(name)
            files.append(file)
            matched += agree
        self._gaps(names)
        payouts = []
        if kind != SUMMARY:
            self._matcher.finish(not self._shop.switches.has("reads-the-file-only"))
        elif not self._findings.incomplete:
            matched += self._summaries.compare()
            payouts = self._summaries.payouts()
        found = self._findings
        return _view(
            day,
            kind,
            found.state(),
            files=files,
            matched=matched,
            differences=found.differences,
            differences_left_out=found.left_out,
            notes=found.notes,
            payouts=payouts,
        )

    def _read(self, name):
        """Reads a file. Answers what is told of it, and how many of its rows agree."""
        payload = (Path(self._shop.setup.reports) / name.path.lstrip("/")).read_bytes()
        if name.day not in (None, self._day):
            self._findings.add("day", (name.path, None), ours=self._day, theirs=name.day)
        if name.batch:
            self._summaries.begin(name.batch, name.kind == SUMMARY)
        rows = agree = 0
        ignores_end = self._shop.switches.has("ignores-end-mark")
        for row in read_rows(name, payload, self._findings, ignores_end):
            rows += 1
            agree += self._row(name, row, (name.path, row.line))
        told = {"name": name.path, "read_at": self._shop.clock.now(), "bytes": len(payload)}
        return {**told, "sha256": hashlib.sha256(payload).hexdigest(), "rows": rows}, agree

    def _row(self, name, row, at):
        if self._kind == SUMMARY:
            if name.kind == SUMMARY:
                self._summaries.line(row, name.batch, at)
            else:
                self._summaries.item(row, name.batch)
            return 0
        agrees = self._matcher.row(row, at)
        if name.kind == SETTLEMENT:
            agrees = self._settlement.row(row, name.batch, at) and agrees
        return int(agrees)

    def _gaps(self, names):
        """Tells a number that is left out among the files of a series."""
        numbers = {}
        for name in names:
            numbers.setdefault(name.series, []).append(name)
        for series in numbers.values():
            for wanted, name in enumerate(sorted(series, key=lambda name: name.sequence)):
                if name.sequence != wanted:
                    missing = name.numbered(wanted)
                    self._findings.unusable("sequence", (missing.path, None), ours=wanted)
                    break
