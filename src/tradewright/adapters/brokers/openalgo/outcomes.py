"""What OpenAlgo's HTTP outcomes mean: an answer to a request that changes something, or the content of a question.

An error of OpenAlgo proves nothing: a broker that did not answer in time is told as a 400, and its order may stand. Two
refusals are given before any broker is asked: a key that the server does not know, and its own limit of requests.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import AuthenticationError, BrokerError, RateLimitError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.venue import Answer, AnswerKind

if TYPE_CHECKING:
    from tradewright.adapters.wire.gated_http import Attempt

__all__ = ["answer_of", "content_of"]

_WRONG_KEY = "invalid openalgo apikey"
_BROKEN = 500
_LIMITED, _FORBIDDEN = 429, 403
_REST_S = 1.0


def answer_of(attempt: Attempt, vid: str | None = None) -> Answer:
    """The answer to one attempt; `vid` is the order that a cancel or a change is about."""
    if attempt.is_withheld:
        return Answer(AnswerKind.NOT_SENT, reason=attempt.problem)
    if not attempt.has_left:
        return Answer(AnswerKind.LIMITED, reason=attempt.problem)
    if attempt.status is None:
        return Answer(AnswerKind.SILENT, vid, attempt.problem)
    return _told(attempt.status, _object(attempt.body), vid)


def _told(status: int, said: dict[str, Any], vid: str | None) -> Answer:
    message, taken = str(said.get("message", "")), said.get("orderid")
    if status == _LIMITED:
        return Answer(AnswerKind.LIMITED, reason="The server's limit of requests.", retry_after_s=_REST_S)
    if status == _FORBIDDEN and message.lower() == _WRONG_KEY:
        return Answer(AnswerKind.REFUSED, vid, "The server does not know the key.")
    if status == 200 and said.get("status") == "success" and taken:
        return Answer(AnswerKind.ACCEPTED, str(taken))
    return Answer(AnswerKind.SILENT, vid, f"HTTP {status}: {message[:200]}")


def content_of(status: int, body: bytes, what: str) -> dict[str, Any]:
    """The answer to a question.

    Raises
    ------
    AuthenticationError, RateLimitError, ConnectionError, BrokerError
        When it is none.
    """
    said = _object(body)
    message = str(said.get("message", ""))[:200]
    if status == 200 and said.get("status") == "success":
        return said
    if status == _FORBIDDEN:
        raise AuthenticationError(f"OpenAlgo refuses the key: {message}.", hint="Look at it on the server's page.")
    if status == _LIMITED:
        raise RateLimitError("OpenAlgo asks for fewer requests.", retry_after_s=_REST_S)
    if status >= _BROKEN or not said:
        raise VenueConnectionError(f"OpenAlgo did not answer {what}: HTTP {status}.")
    raise BrokerError(f"OpenAlgo refuses {what}: {message}.", broker_code=str(status))


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body, parse_float=Decimal)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
