"""Instants as venues write them: RFC 3339 in UTC, to the nanosecond."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["instant_from", "instant_text"]

_NS = 1_000_000_000
_FORM = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|z|[+-]\d\d:\d\d)")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def instant_from(text: str) -> int:
    """UTC nanoseconds of an instant in RFC 3339; digits beyond the ninth are cut.

    Raises
    ------
    ValueError
        When it is none.

    Examples
    --------
    >>> instant_from("1970-01-01T00:00:01.000000002Z"), instant_from("1970-01-01T01:00:00+01:00")
    (1000000002, 0)
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is no instant in RFC 3339.")
    date, clock, part, zone = found.groups()
    whole = dt.datetime.fromisoformat(f"{date}T{clock}{'+00:00' if zone in 'Zz' else zone}") - _EPOCH
    return (whole.days * 86_400 + whole.seconds) * _NS + int((part or "0").ljust(9, "0"))


def instant_text(nanoseconds: int) -> str:
    """An instant in RFC 3339, UTC, with nine decimals.

    Examples
    --------
    >>> instant_text(1_000_000_002)
    '1970-01-01T00:00:01.000000002Z'
    """
    seconds, rest = divmod(nanoseconds, _NS)
    moment = _EPOCH + dt.timedelta(seconds=seconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
