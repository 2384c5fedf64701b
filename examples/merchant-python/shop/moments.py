"""Moments in milliseconds since the epoch, days of Beijing time, and the clock."""

import time
from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def iso8601(moment):
    """A moment as the gateway reads it, with its offset."""
    return datetime.fromtimestamp(moment // 1000, BEIJING).isoformat()


def parse_moment(text):
    """Reads an ISO 8601 time with an offset; `None` for what is none."""
    try:
        read = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    if read.tzinfo is None:
        return None
    return round(read.timestamp() * 1000)


def day_of(moment):
    """The day of a moment, cut at midnight Beijing time: `20260105`."""
    return datetime.fromtimestamp(moment / 1000, BEIJING).strftime("%Y%m%d")


def next_day(day):
    """The day after a day."""
    read = datetime.strptime(day, "%Y%m%d") + timedelta(days=1)
    return read.strftime("%Y%m%d")


class Clock:
    """The time of the shop. It never jumps, whatever somebody does to the machine's clock."""

    def __init__(self):
        self._epoch = time.time() - time.monotonic()

    def now(self):
        """The present moment."""
        return round((self._epoch + time.monotonic()) * 1000)

    def sleep(self, milliseconds):
        """Waits that long, and not at all for what is over."""
        time.sleep(max(0, milliseconds) / 1000)

    def sleep_until(self, moment):
        """Waits until a moment."""
        self.sleep(moment - self.now())
