"""Refusals: what the venue does not do, in words that each protocol puts in its own form."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tradewright.domain.errors import BrokerError

__all__ = ["Refusal", "Why"]


class Why(StrEnum):
    """The class of a refusal, from which a protocol takes its status and its code."""

    MALFORMED = "malformed"
    BAD_FIELD = "bad_field"
    INVALID = "invalid"
    DUPLICATE_ID = "duplicate_id"
    FORBIDDEN = "forbidden"
    UNKNOWN_ORDER = "unknown_order"
    UNKNOWN_POSITION = "unknown_position"
    UNKNOWN_SYMBOL = "unknown_symbol"
    TOO_LATE = "too_late"
    UNAUTHORISED = "unauthorised"


class Refusal(BrokerError):  # noqa: N818 - what a venue answers, not a fault of the program
    """A request that the venue refuses.

    Parameters
    ----------
    why : Why
    message : str
        As the client reads it.
    **fields
        What the answer carries besides.
    """

    def __init__(self, why: Why, message: str, **fields: Any) -> None:
        super().__init__(message, broker_code=str(why))
        self.why = why
        self.fields = fields
