"""What Alpaca's HTTP outcomes mean: an answer to a request that changes something, or the error of a question.

Only what is on these lists proves something. Everything else (a time-out, a 5xx, a 400, a body that is not Alpaca's, a
429 that its own rate limiter did not write) is SILENT.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.reading import retry_after_s
from tradewright.domain.errors import AuthenticationError, BrokerError, RateLimitError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.venue import Answer, AnswerKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.adapters.wire.gated_http import Attempt

__all__ = ["answer_of", "content_of", "error_of"]

_LIMITED = 42910000
_REFUSALS = {401: {40110000}, 403: {40310000}, 422: {40010001, 42210000}}
"""Codes of refusals that Alpaca gives before an order is taken, by status."""
_UNKNOWN = {404: {40410000}}
_DUPLICATE = "client_order_id must be unique"
_TOO_LATE = ("already in", "not cancelable", "not cancellable", "cannot be replaced", "cannot replace", "not open")


def answer_of(attempt: Attempt, vid: str | None = None) -> Answer:
    """The answer to one attempt; `vid` is the order that a cancel or replace is about.

    An attempt of which no byte left is LIMITED where it failed on the way, for then nothing was done.
    """
    if attempt.is_withheld:
        return Answer(AnswerKind.NOT_SENT, reason=attempt.problem)
    if not attempt.has_left:
        return Answer(AnswerKind.LIMITED, reason=attempt.problem)
    if attempt.status is None:
        return Answer(AnswerKind.SILENT, vid, attempt.problem)
    if 200 <= attempt.status < 300:
        return _accepted(attempt, vid)
    return _refused(attempt.status, attempt, vid)


def _accepted(attempt: Attempt, vid: str | None) -> Answer:
    if attempt.status == 204:
        return Answer(AnswerKind.ACCEPTED, vid)
    said = _object(attempt.body)
    taken = said.get("id")
    if not isinstance(taken, str) or not taken:
        return Answer(AnswerKind.SILENT, reason="Alpaca's answer names no order.")
    return Answer(AnswerKind.ACCEPTED, taken)


def _refused(status: int, attempt: Attempt, vid: str | None) -> Answer:
    said = _object(attempt.body)
    code, message = said.get("code"), str(said.get("message", ""))
    words = f"{message} ({status}, {code})" if said else f"HTTP {status}"
    if status == 429 and code == _LIMITED:
        return Answer(AnswerKind.LIMITED, reason=words, retry_after_s=retry_after_s(attempt.headers or {}))
    if code in _UNKNOWN.get(status, ()):
        return Answer(AnswerKind.UNKNOWN_ORDER, vid, words)
    if code not in _REFUSALS.get(status, ()):
        return Answer(AnswerKind.SILENT, vid, words)
    if _DUPLICATE in message:
        return Answer(AnswerKind.DUPLICATE_ID, reason=words)
    if vid is not None and any(word in message for word in _TOO_LATE):
        return Answer(AnswerKind.TOO_LATE, vid, words)
    return Answer(AnswerKind.REFUSED, reason=words)


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def content_of(status: int, body: bytes, headers: Mapping[str, str]) -> Any:
    """The JSON that a question was answered with; None for a 404.

    Raises
    ------
    BrokerError
        For every other answer than a complete one.
    """
    if status == 404 and _object(body).get("code") in _UNKNOWN[404]:
        return None
    if status != 200:
        raise error_of(status, body, headers)
    try:
        return json.loads(body)
    except ValueError:
        raise VenueConnectionError("Alpaca's answer cannot be read.") from None


def error_of(status: int, body: bytes, headers: Mapping[str, str]) -> BrokerError:
    """The error of a question that was not answered."""
    said = _object(body)
    code = said.get("code")
    told = None if code is None else str(code)
    # What stands between us and Alpaca has no codes, and may quote the request with its keys.
    sentence = f"Alpaca answered {status}: {'no reason' if code is None else said.get('message', 'no reason')}."
    if status in (401, 403):
        return AuthenticationError(
            sentence, broker_code=told, hint="Check the keys, and whether they are for this account."
        )
    if status == 429:
        return RateLimitError(sentence, broker_code=told, retry_after_s=retry_after_s(headers))
    if status >= 500:
        return VenueConnectionError(sentence, broker_code=told, retry_after_s=retry_after_s(headers))
    return BrokerError(sentence, broker_code=told)
