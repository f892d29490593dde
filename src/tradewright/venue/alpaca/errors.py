"""Refusals in Alpaca's form: a status, and a body with a code and a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.venue.refusals import Why

if TYPE_CHECKING:
    from tradewright.venue.refusals import Refusal

__all__ = ["error_body", "status_of"]

_FORMS: dict[Why, tuple[int, int]] = {
    Why.MALFORMED: (400, 40010000),
    Why.BAD_FIELD: (422, 40010001),
    Why.INVALID: (422, 42210000),
    Why.DUPLICATE_ID: (422, 40010001),
    Why.FORBIDDEN: (403, 40310000),
    Why.UNKNOWN_ORDER: (404, 40410000),
    Why.UNKNOWN_POSITION: (404, 40410000),
    Why.UNKNOWN_SYMBOL: (422, 42210000),
    Why.TOO_LATE: (422, 42210000),
    Why.UNAUTHORISED: (401, 40110000),
}


def status_of(refusal: Refusal) -> int:
    """The HTTP status."""
    return _FORMS[refusal.why][0]


def error_body(refusal: Refusal) -> dict[str, Any]:
    """The body."""
    return {"code": _FORMS[refusal.why][1], "message": refusal.message, **refusal.fields}
