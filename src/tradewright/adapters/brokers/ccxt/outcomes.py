"""What ccxt's errors mean: an answer to a request that changes something, or the error of a question.

Only what is on these lists proves something. Everything else (a time-out, a lost line, a status of the 500s, an answer
that cannot be read, a 429 that the exchange's own limiter did not write) is SILENT.
"""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import AuthenticationError, BrokerError, RateLimitError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.venue import Answer, AnswerKind

if TYPE_CHECKING:
    from .gate import Passage

__all__ = ["answer_of", "code_of", "error_of", "failures", "is_absent"]

_UNREADABLE = (TypeError, KeyError, AttributeError, ValueError, IndexError)
"""What ccxt raises, besides its own errors, over an answer of a form that it does not expect."""

_QUERY = re.compile(r"\?\S+")
_DUPLICATE = "Duplicate order sent."
_LIMITED = {"-1003", "-1015"}
_STALE = "-1021"
_UNKNOWN = {"-2011", "-2013"}
_REFUSED = {
    "-1002", "-1013", "-1014", "-1016", "-1020", "-1022", "-1121", "-1131", "-2008", "-2010", "-2014", "-2015",
    *(f"-11{number:02d}" for number in range(100)),
}  # fmt: skip
"""Codes of Binance under which a request was turned away before, or by, its matching engine."""

_AUTHENTICATION = {"-1002", "-1022", "-2008", "-2014", "-2015"}
_DEFINITE = (
    "InsufficientFunds", "InvalidOrder", "BadSymbol", "BadRequest", "AuthenticationError", "OperationRejected",
    "ArgumentsRequired", "NotSupported",
)  # fmt: skip
"""Errors of ccxt that are refusals, at exchanges whose codes are not listed here."""


def failures() -> tuple[type[Exception], ...]:
    """Everything that a call of ccxt's is known to end with instead of an answer."""
    return (_errors().BaseError, OSError, TimeoutError, *_UNREADABLE)


def _errors() -> Any:
    return importlib.import_module("ccxt.base.errors")


def _said(error: Exception) -> str:
    """What an error says, without the signatures in its addresses."""
    return _QUERY.sub("", f"{type(error).__name__}: {error}")


def _status_of(error: Exception) -> int | None:
    status = getattr(error, "answer", (None,))[0]
    return status if isinstance(status, int) else None


def code_of(error: Exception) -> str | None:
    """The exchange's own code, where it gave one."""
    body = getattr(error, "answer", (None, None))[1]
    code = body.get("code") if isinstance(body, dict) else None
    return None if code is None else str(code)


def _retry_after(error: Exception) -> float | None:
    headers: Any = getattr(error, "answer", (None, None, {}))[2] or {}
    try:
        return float(next(value for name, value in headers.items() if name.lower() == "retry-after"))
    except (StopIteration, TypeError, ValueError):
        return None


def answer_of(error: Exception, passage: Passage) -> Answer:
    """What an error says about a request that changes something."""
    reason = _said(error)
    if passage.is_withheld:
        return Answer(AnswerKind.NOT_SENT, reason="The permit was withheld.")
    if not passage.has_left:
        return _before_leaving(error, passage, reason)
    kind = _kind_of(error)
    wait_s = (_retry_after(error) or 1.0) if kind is AnswerKind.LIMITED else None
    return Answer(kind, reason=reason, retry_after_s=wait_s)


def _before_leaving(error: Exception, passage: Passage, reason: str) -> Answer:
    """No byte left: a line that did not open is tried later, what ccxt itself refuses is refused."""
    if isinstance(error, _errors().ExchangeError):
        return Answer(AnswerKind.REFUSED if passage.permit() else AnswerKind.NOT_SENT, reason=reason)
    return Answer(AnswerKind.LIMITED, reason=reason, retry_after_s=1.0)


def _kind_of(error: Exception) -> AnswerKind:
    status, code = _status_of(error), code_of(error)
    if status is None or status >= 500:
        return AnswerKind.SILENT
    if code is not None and code.startswith("-"):
        return _by_code(code, error)
    return _by_class(error)


def _by_code(code: str, error: Exception) -> AnswerKind:
    body: Any = getattr(error, "answer", (None, None))[1]
    if code == "-2010" and body.get("msg") == _DUPLICATE:
        return AnswerKind.DUPLICATE_ID
    tables = (
        (_LIMITED | {_STALE}, AnswerKind.LIMITED),
        (_UNKNOWN, AnswerKind.UNKNOWN_ORDER),
        (_REFUSED, AnswerKind.REFUSED),
    )
    return next((kind for codes, kind in tables if code in codes), AnswerKind.SILENT)


def _by_class(error: Exception) -> AnswerKind:
    errors = _errors()
    if isinstance(error, errors.DuplicateOrderId):
        return AnswerKind.DUPLICATE_ID
    if isinstance(error, errors.OrderNotFound):
        return AnswerKind.UNKNOWN_ORDER
    definite = tuple(getattr(errors, name) for name in _DEFINITE)
    return AnswerKind.REFUSED if isinstance(error, definite) else AnswerKind.SILENT


def is_absent(error: Exception) -> bool:
    """Whether a question was answered with: there is no such order. Not final: an index may lag behind."""
    code = code_of(error)
    if code is not None and code.startswith("-"):
        return code == "-2013"
    return isinstance(error, _errors().OrderNotFound)


def error_of(error: Exception) -> BrokerError:
    """The error of a question."""
    errors, code, reason = _errors(), code_of(error), _said(error)
    status = _status_of(error)
    if code in _AUTHENTICATION or isinstance(error, errors.AuthenticationError):
        return AuthenticationError(f"The exchange refuses the keys: {reason}", broker_code=code)
    if code in _LIMITED or isinstance(error, (errors.RateLimitExceeded, errors.DDoSProtection)):
        return RateLimitError(f"The exchange asks for a rest: {reason}", retry_after_s=_retry_after(error))
    if status is None or status >= 500 or isinstance(error, errors.OperationFailed):
        return VenueConnectionError(f"The exchange did not answer: {reason}", broker_code=code)
    return BrokerError(f"The exchange answered: {reason}", broker_code=code)
