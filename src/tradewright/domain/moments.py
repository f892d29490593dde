"""Instants for people: nanoseconds inside, aware datetimes where a strategy looks."""

from __future__ import annotations

import datetime as dt

__all__ = ["utc"]


def utc(nanoseconds: int) -> dt.datetime:
    """An instant as an aware datetime, to the microsecond."""
    whole, rest = divmod(nanoseconds, 1_000_000_000)
    moment = dt.datetime.fromtimestamp(whole, tz=dt.UTC)
    return moment.replace(microsecond=rest // 1000)
