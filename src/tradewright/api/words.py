"""Numbers and instants on the wire: money as decimal text, absent as null, times read from ISO-8601."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from tradewright.domain.decimal_words import decimal_text
from tradewright.domain.errors import ConfigError

__all__ = ["decimal_text", "finite", "instant_ns", "plain_fields", "state_word"]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def finite(value: Any) -> float | None:
    """A number that JSON has a word for, else None."""
    return None if value is None or not math.isfinite(value) else float(value)


def instant_ns(name: str, text: str | None) -> int | None:
    """An ISO-8601 date or instant as nanoseconds UTC; without a zone it is UTC.

    Raises
    ------
    ConfigError
        When it is none.
    """
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
        passed = moment - _EPOCH
    except (ValueError, OverflowError):
        raise ConfigError(f"{name}='{text}' is no instant.", hint="Write it as 2024-01-31T14:30:00Z.") from None
    return (passed.days * 86_400 + passed.seconds) * 1_000_000_000 + passed.microseconds * 1000


def state_word(state: str) -> str:
    """A trust state as it is sent."""
    return str(state).replace(" ", "_")


def plain_fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass as plain values of JSON."""
    from tradewright.reporting.exports import fields, plain

    found: dict[str, Any] = plain(fields(value))
    return found
