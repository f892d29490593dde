"""Refusals in Binance's form: a status, and a body with a code and a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.venue.refusals import Refusal, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["error_body", "limited_body", "missing", "status_of", "unknown_body"]

_CODES: Mapping[Why, tuple[int, int, str | None]] = {
    Why.MALFORMED: (400, -1100, None),
    Why.BAD_FIELD: (400, -1102, None),
    Why.INVALID: (400, -1013, None),
    Why.DUPLICATE_ID: (400, -2010, "Duplicate order sent."),
    Why.FORBIDDEN: (400, -2010, "Account has insufficient balance for requested action."),
    Why.UNKNOWN_ORDER: (400, -2013, "Order does not exist."),
    Why.UNKNOWN_POSITION: (400, -1121, "Invalid symbol."),
    Why.UNKNOWN_SYMBOL: (400, -1121, "Invalid symbol."),
    Why.TOO_LATE: (400, -2011, "Unknown order sent."),
    Why.UNAUTHORISED: (401, -2015, "Invalid API-key, IP, or permissions for action."),
}
"""Status, code and message of each class; None keeps the sentence of the venue. A refusal may name another code."""

_LIMITED = "Too much request weight used; current limit is 6000 request weight per 1 MINUTE."
_UNKNOWN = "An unexpected response was received from the message bus. Execution status unknown."
_TIMEOUT = "Timeout waiting for response from backend server. Send status unknown; execution status unknown."


def status_of(refusal: Refusal) -> int:
    """The HTTP status."""
    return _CODES[refusal.why][0]


def error_body(refusal: Refusal) -> dict[str, Any]:
    """The body."""
    _, code, message = _CODES[refusal.why]
    if "code" in refusal.fields:
        return {"code": refusal.fields["code"], "msg": refusal.message}
    return {"code": code, "msg": message or refusal.message}


def missing(name: str) -> Refusal:
    """A parameter is not there, or cannot be read."""
    sentence = f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."
    return Refusal(Why.BAD_FIELD, sentence, code=-1102)


def limited_body() -> dict[str, Any]:
    """What stands in an answer with status 429: proof that the request was not carried out."""
    return {"code": -1003, "msg": _LIMITED}


def unknown_body(status: int) -> dict[str, Any]:
    """What stands in an answer with a status of the 500s: nobody knows whether the request was carried out."""
    return {"code": -1007, "msg": _TIMEOUT} if status == 504 else {"code": -1006, "msg": _UNKNOWN}
