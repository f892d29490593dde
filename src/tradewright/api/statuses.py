"""Which status each class of error is answered with: the one table."""

from __future__ import annotations

import re
from http import HTTPStatus

from tradewright.domain import errors

__all__ = ["STATUSES", "kind_of", "status_of", "title_of"]

STATUSES: dict[type[errors.TradewrightError], HTTPStatus] = {
    errors.TradewrightError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.DataError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.DataNotAvailableError: HTTPStatus.NOT_FOUND,
    errors.SymbolNotFoundError: HTTPStatus.NOT_FOUND,
    errors.InstrumentError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ConfigError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.StrategyError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.OrderError: HTTPStatus.CONFLICT,
    errors.ApprovalError: HTTPStatus.CONFLICT,
    errors.AccessError: HTTPStatus.FORBIDDEN,
    errors.SignInError: HTTPStatus.UNAUTHORIZED,
    errors.ThrottledError: HTTPStatus.TOO_MANY_REQUESTS,
    errors.NotFoundError: HTTPStatus.NOT_FOUND,
    errors.ConflictError: HTTPStatus.CONFLICT,
    errors.NotifyError: HTTPStatus.BAD_GATEWAY,
    errors.BrokerError: HTTPStatus.BAD_GATEWAY,
    errors.RateLimitError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ResourceError: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.StorageError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.MissingExtraError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.RunInterruptedError: HTTPStatus.CONFLICT,
}
"""By the nearest class; what is not here is answered as what it descends from."""

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def status_of(error: errors.TradewrightError) -> HTTPStatus:
    """The status of an error."""
    return next(STATUSES[each] for each in type(error).__mro__ if each in STATUSES)


def kind_of(error: errors.TradewrightError) -> str:
    """Its class as the end of a problem type: ``DataNotAvailableError`` is ``data-not-available``."""
    return _WORDS.sub("-", type(error).__name__.removesuffix("Error")).lower() or "tradewright"


def title_of(error: errors.TradewrightError) -> str:
    """Its class in words, the same for all errors of the class."""
    text = (type(error).__doc__ or "").strip().splitlines()
    return (text[0] if text else type(error).__name__).rstrip(".").partition(";")[0]
