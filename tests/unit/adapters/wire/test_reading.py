"""Questions are asked again a bounded number of times, as the venue says, and only where that may help."""

from __future__ import annotations

import pytest

from tradewright.adapters.wire.reading import Patience, read
from tradewright.domain.errors import AuthenticationError, BrokerError, RateLimitError
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop


def asked(answers, **patience):
    """Ask a venue that answers so, one after the other; the answer, or the error, with the times of asking."""
    loop, times = VirtualTimeLoop(), []
    left = iter(answers)

    async def ask():
        times.append(loop.time())
        answer = next(left)
        if isinstance(answer, Exception):
            raise answer
        return answer

    try:
        return loop.run(read(ask, Patience(**patience), VirtualClock(loop))), times
    except BrokerError as error:
        return error, times


LOST = VenueConnectionError("The line is gone.")


def test_an_answer_is_taken_as_it_comes():
    assert asked(["yes"]) == ("yes", [0.0])


def test_lost_answers_are_asked_for_again_after_longer_and_longer_waits():
    answer, times = asked([LOST, LOST, LOST, "yes"], attempts=4, first_s=1.0, longest_s=2.0, within_s=60.0)
    assert answer == "yes"
    assert times == pytest.approx([0.0, 1.0, 3.0, 5.0])


def test_a_wait_that_the_venue_names_is_kept():
    answer, times = asked([RateLimitError("Wait.", retry_after_s=7.0), "yes"], within_s=60.0)
    assert (answer, times) == ("yes", [0.0, 7.0])


def test_the_last_error_is_raised_when_every_attempt_fails():
    error, times = asked([LOST, LOST, LOST], attempts=3)
    assert error is LOST
    assert len(times) == 3


def test_no_wait_is_begun_that_would_end_too_late():
    error, times = asked([RateLimitError("Wait.", retry_after_s=30.0), "yes"], within_s=10.0)
    assert isinstance(error, RateLimitError)
    assert times == [0.0]


def test_what_asking_again_does_not_change_is_raised_at_once():
    error, times = asked([AuthenticationError("No."), "yes"])
    assert isinstance(error, AuthenticationError)
    assert times == [0.0]
