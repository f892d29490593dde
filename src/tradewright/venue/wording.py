"""Numbers and instants as protocols write them."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np

__all__ = ["decimal_of", "instant_of"]


def decimal_of(value: float) -> str:
    """A number as plain decimals: no exponent, no zeros at the end; the shortest text that is the same number."""
    if not math.isfinite(value):
        return "0"
    text = format(Decimal(repr(float(value))), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def instant_of(nanoseconds: int | None) -> str | None:
    """An instant in RFC 3339, UTC, with nine decimals where it has any; None stays None."""
    if nanoseconds is None:
        return None
    text = str(np.datetime64(nanoseconds, "ns"))
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    return f"{whole}.{part}Z" if part else f"{whole}Z"
