"""Instants for people: nanoseconds inside, aware datetimes where a strategy looks."""

from __future__ import annotations

import datetime as dt

__all__ = ["instant_text", "utc"]


def utc(nanoseconds: int) -> dt.datetime:
    """An instant as an aware datetime, to the microsecond."""
    whole, rest = divmod(nanoseconds, 1_000_000_000)
    moment = dt.datetime.fromtimestamp(whole, tz=dt.UTC)
    return moment.replace(microsecond=rest // 1000)


def instant_text(nanoseconds: int) -> str:
    """An instant as ISO-8601 in UTC, ending in Z.

    Examples
    --------
    >>> instant_text(0), instant_text(1_500_000_000)
    ('1970-01-01T00:00:00Z', '1970-01-01T00:00:01.500000Z')
    """
    moment = utc(nanoseconds)
    text = moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")
