"""Which of Binance's and ccxt's errors prove something."""

from __future__ import annotations

import ccxt
import pytest

from tradewright.adapters.brokers.ccxt.gate import Passage
from tradewright.adapters.brokers.ccxt.outcomes import answer_of, error_of, is_absent
from tradewright.domain.errors import AuthenticationError, BrokerError, RateLimitError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.venue import AnswerKind

SILENT, REFUSED, LIMITED = AnswerKind.SILENT, AnswerKind.REFUSED, AnswerKind.LIMITED


def marked(kind, status, code=None, message="", headers=None):
    """An error of ccxt's, as the exchange of this room marks it."""
    error = kind("binance GET https://x/api/v3/order?signature=abc 400")
    error.answer = (status, None if code is None else {"code": code, "msg": message}, headers or {})
    return error


def sent():
    return Passage(lambda: True, has_left=True)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (marked(ccxt.InvalidOrder, 400, -2010, "Duplicate order sent."), AnswerKind.DUPLICATE_ID),
        (marked(ccxt.InvalidOrder, 400, -2010, "Market is closed."), REFUSED),
        (marked(ccxt.InsufficientFunds, 400, -2010, "Account has insufficient balance for requested action."), REFUSED),
        (marked(ccxt.InvalidOrder, 400, -1013, "Filter failure: LOT_SIZE"), REFUSED),
        (marked(ccxt.BadRequest, 400, -1111), REFUSED),
        (marked(ccxt.AuthenticationError, 401, -2015), REFUSED),
        (marked(ccxt.DDoSProtection, 400, -2015), REFUSED),
        (marked(ccxt.OrderNotFound, 400, -2011), AnswerKind.UNKNOWN_ORDER),
        (marked(ccxt.DDoSProtection, 429, -1003), LIMITED),
        (marked(ccxt.DDoSProtection, 418, -1003), LIMITED),
        (marked(ccxt.RateLimitExceeded, 400, -1015), LIMITED),
        (marked(ccxt.InvalidNonce, 400, -1021), LIMITED),
        (marked(ccxt.DDoSProtection, 429), SILENT),
        (marked(ccxt.OperationFailed, 400, -1006), SILENT),
        (marked(ccxt.RequestTimeout, 400, -1007), SILENT),
        (marked(ccxt.OperationFailed, 400, -1000), SILENT),
        (marked(ccxt.OperationFailed, 400, -1010), SILENT),
        (marked(ccxt.InvalidOrder, 503, -2010, "Duplicate order sent."), SILENT),
        (marked(ccxt.ExchangeNotAvailable, 502), SILENT),
        (marked(ccxt.ExchangeError, 400, -9999), SILENT),
        (ccxt.RequestTimeout("no answer"), SILENT),
        (ccxt.ExchangeNotAvailable("lost line"), SILENT),
        (ccxt.NetworkError("lost line"), SILENT),
        (ccxt.InvalidOrder("said by nobody"), SILENT),
        (KeyError("an answer of another form"), SILENT),
        (TimeoutError(), SILENT),
    ],
)
def test_an_error_after_the_bytes_have_left(error, kind):
    assert answer_of(error, sent()).kind is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (marked(ccxt.DuplicateOrderId, 200, "15001"), AnswerKind.DUPLICATE_ID),
        (marked(ccxt.InsufficientFunds, 400, "51008"), REFUSED),
        (marked(ccxt.OrderNotFound, 400, "51603"), AnswerKind.UNKNOWN_ORDER),
        (marked(ccxt.RateLimitExceeded, 429, "50011"), SILENT),
        (marked(ccxt.ExchangeError, 400, "50000"), SILENT),
    ],
)
def test_where_no_codes_are_listed_the_class_counts_and_limits_prove_nothing(error, kind):
    assert answer_of(error, sent()).kind is kind


def test_what_never_left_is_tried_later_or_refused_here():
    asked = []
    assert answer_of(ccxt.ExchangeNotAvailable("no line"), Passage(lambda: True)).kind is LIMITED
    assert answer_of(ccxt.InvalidOrder("no price"), Passage(lambda: asked.append(1) or True)).kind is REFUSED
    assert answer_of(ccxt.InvalidOrder("no price"), Passage(lambda: False)).kind is AnswerKind.NOT_SENT
    withheld = Passage(lambda: False, is_withheld=True)
    assert answer_of(ccxt.ExchangeNotAvailable("aborted"), withheld).kind is AnswerKind.NOT_SENT
    assert asked == [1]


def test_a_limit_says_how_long_to_rest():
    error = marked(ccxt.DDoSProtection, 429, -1003, headers={"Retry-After": "7"})
    assert answer_of(error, sent()).retry_after_s == 7.0
    assert answer_of(marked(ccxt.DDoSProtection, 429, -1003), sent()).retry_after_s == 1.0


def test_signatures_are_not_repeated():
    assert "signature" not in answer_of(marked(ccxt.InvalidOrder, 400, -1013), sent()).reason
    assert "signature" not in str(error_of(marked(ccxt.ExchangeNotAvailable, 502)))


def test_only_one_code_says_that_there_is_no_such_order():
    assert is_absent(marked(ccxt.OrderNotFound, 400, -2013))
    assert not is_absent(marked(ccxt.OrderNotFound, 400, -2011))
    assert not is_absent(marked(ccxt.InvalidOrder, 400, -2026))
    assert is_absent(marked(ccxt.OrderNotFound, 400, "51603"))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (marked(ccxt.AuthenticationError, 401, -2015), AuthenticationError),
        (marked(ccxt.DDoSProtection, 418, -2015), AuthenticationError),
        (marked(ccxt.DDoSProtection, 429, -1003), RateLimitError),
        (marked(ccxt.ExchangeNotAvailable, 502), VenueConnectionError),
        (ccxt.RequestTimeout("x"), VenueConnectionError),
        (KeyError("symbol"), VenueConnectionError),
        (marked(ccxt.BadSymbol, 400, -1121), BrokerError),
    ],
)
def test_questions_fail_with_the_error_that_says_why(error, kind):
    assert type(error_of(error)) is kind
