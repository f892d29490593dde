"""Money and quantities as decimal text, for readers who must not take them through a float again."""

from __future__ import annotations

import math
from decimal import Decimal

__all__ = ["decimal_text"]


def decimal_text(value: float | None) -> str | None:
    """The shortest decimal text that reads back as the same number, without an exponent; None where there is none."""
    if value is None or not math.isfinite(value):
        return None
    whole = int(value)
    return str(whole) if whole == value and abs(whole) < 1 << 53 else format(Decimal(repr(float(value))), "f")
