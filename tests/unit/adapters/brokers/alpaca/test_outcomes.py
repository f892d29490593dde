"""Which HTTP outcome proves what: the list of refusals is short, and everything beside it is silence."""

from __future__ import annotations

import json

import pytest

from tradewright.adapters.brokers.alpaca.outcomes import answer_of, content_of
from tradewright.adapters.wire.gated_http import Attempt
from tradewright.domain.errors import AuthenticationError, BrokerError, RateLimitError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.live.venue import Answer, AnswerKind


def said(status, body=b"", **headers):
    packed = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Attempt(has_left=True, status=status, body=packed, headers=headers)


def refusal(status, code, message="no"):
    return said(status, {"code": code, "message": message})


def test_an_order_that_was_taken_has_the_venues_id():
    assert answer_of(said(200, {"id": "v1", "status": "accepted"})) == Answer(AnswerKind.ACCEPTED, "v1")


def test_an_empty_answer_to_a_cancel_accepts_it():
    assert answer_of(said(204), vid="v1") == Answer(AnswerKind.ACCEPTED, "v1")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"id": 7}', b'{"id": ""}'])
def test_an_accepting_answer_without_an_order_proves_nothing(body):
    assert answer_of(said(200, body)).kind is AnswerKind.SILENT


@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        (403, 40310000, "insufficient buying power", AnswerKind.REFUSED),
        (422, 42210000, "asset XYZ is not active", AnswerKind.REFUSED),
        (422, 40010001, "qty is required", AnswerKind.REFUSED),
        (401, 40110000, "request is not authorized", AnswerKind.REFUSED),
        (422, 40010001, "client_order_id must be unique", AnswerKind.DUPLICATE_ID),
        (422, 42210000, "client_order_id must be unique", AnswerKind.DUPLICATE_ID),
        (404, 40410000, "order not found", AnswerKind.UNKNOWN_ORDER),
        (400, 40010000, "request body format is invalid", AnswerKind.SILENT),
        (403, 40399999, "something new", AnswerKind.SILENT),
        (404, 40499999, "no such page", AnswerKind.SILENT),
        (422, None, "something else", AnswerKind.SILENT),
        (409, 40910000, "conflict", AnswerKind.SILENT),
        (500, 50010000, "internal server error occurred", AnswerKind.SILENT),
        (502, 40310000, "insufficient buying power", AnswerKind.SILENT),
        (504, None, "", AnswerKind.SILENT),
        (302, 40310000, "", AnswerKind.SILENT),
    ],
)
def test_submits_are_refused_by_the_list_alone(status, code, message, kind):
    assert answer_of(refusal(status, code, message)).kind is kind


@pytest.mark.parametrize("message", ['order is already in "filled" state', "order is not cancelable", "order not open"])
def test_a_cancel_may_come_too_late(message):
    assert answer_of(refusal(422, 42210000, message), vid="v1").kind is AnswerKind.TOO_LATE


def test_too_late_is_said_of_orders_that_stand_only():
    assert answer_of(refusal(422, 42210000, "order is already in")).kind is AnswerKind.REFUSED


def test_a_limit_of_alpacas_own_is_proof_that_nothing_was_done():
    limited = said(429, {"code": 42910000, "message": "rate limit exceeded"}, **{"retry-after": "1.5"})
    assert (answer_of(limited).kind, answer_of(limited).retry_after_s) == (AnswerKind.LIMITED, 1.5)


@pytest.mark.parametrize("body", [b"", b"too many requests", b'{"message": "slow down"}', b'{"code": 1}'])
def test_a_limit_that_somebody_else_wrote_is_no_proof(body):
    assert answer_of(said(429, body)).kind is AnswerKind.SILENT


def test_what_never_left_may_leave_later():
    assert answer_of(Attempt(has_left=False, problem="no route")).kind is AnswerKind.LIMITED


def test_what_was_not_permitted_was_not_sent():
    assert answer_of(Attempt(has_left=False, is_withheld=True)).kind is AnswerKind.NOT_SENT


def test_what_left_and_was_not_answered_is_silence():
    assert answer_of(Attempt(has_left=True, problem="No answer within 4 s.")).kind is AnswerKind.SILENT


def test_questions_have_their_content():
    assert content_of(200, b'[{"id": "v1"}]', {}) == [{"id": "v1"}]


def test_what_is_not_there_is_none():
    assert content_of(404, b'{"code": 40410000, "message": "order not found"}', {}) is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b'{"code": 40110000, "message": "no"}', AuthenticationError),
        (403, b"{}", AuthenticationError),
        (404, b"<html>", BrokerError),
        (429, b"{}", RateLimitError),
        (500, b"", VenueConnectionError),
        (503, b"", VenueConnectionError),
        (422, b'{"code": 1}', BrokerError),
        (200, b"{", VenueConnectionError),
        (204, b"", BrokerError),
    ],
)
def test_everything_but_a_complete_answer_raises(status, body, error):
    with pytest.raises(error):
        content_of(status, body, {})


def test_an_error_says_code_and_wait():
    with pytest.raises(RateLimitError) as raised:
        content_of(429, b'{"code": 42910000, "message": "rate limit exceeded"}', {"retry-after": "3"})
    assert (raised.value.broker_code, raised.value.retry_after_s) == ("42910000", 3.0)
