"""Collars: what no order may be, whatever the account could bear. A slip of a finger or of a loop ends here.

Money in account currency, ages in seconds. A collar that is off is infinite.
"""

from __future__ import annotations

from typing import Final

from .guard import APPROVED, INF, RISK_UNKNOWN

ORDER_RATE: Final = 22
ORDER_SIZE: Final = 23
PRICE_TOO_FAR: Final = 24
PRICE_TOO_OLD: Final = 25
ACCOUNT_TOO_OLD: Final = 26

AHEAD_S: Final = 5.0


def is_too_old(age: float, most: float) -> int:
    """1 where something is older than it may be, from the future, or of no known age."""
    return 0 if -AHEAD_S <= age <= most else 1


def rate_refusal(in_minute: float, in_day: float, per_minute: float, per_day: float) -> int:
    """`ORDER_RATE` where one order more would be too many, or `APPROVED`."""
    return ORDER_RATE if in_minute + 1.0 > per_minute or in_day + 1.0 > per_day else APPROVED


def size_refusal(quantity: float, value: float, most_quantity: float, most_value: float) -> int:
    """Whether one order is larger than any may be; a size that is not a number cannot be compared."""
    if not quantity < INF or not value < INF:
        return RISK_UNKNOWN
    return ORDER_SIZE if quantity > most_quantity or value > most_value else APPROVED


def price_refusal(price: float, last: float, away: float) -> int:
    """Whether a limit or stop price lies further from the last trusted price than a fraction of it."""
    if not 0.0 < last < INF or not 0.0 < price < INF:
        return RISK_UNKNOWN
    return PRICE_TOO_FAR if abs(price - last) > away * last else APPROVED
