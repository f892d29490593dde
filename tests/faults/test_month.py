"""Days of the accelerated month: a session can act in 99.9 % of its hours, and loses and doubles nothing meanwhile."""

from __future__ import annotations

import pytest

from .month import LEAST, Mishap, live, weather

ORDERS_OF_A_DAY = 78
TWO_DAYS = {"stream": 5, "orders": 5, "venue": 1, "process": 1}


@pytest.mark.slow
def test_a_session_can_act_through_drops_and_restarts():
    found = live(weather(3, 2, TWO_DAYS))
    assert found.able >= LEAST, found.told()
    assert found.mishaps == sum(TWO_DAYS.values())
    assert found.wrong == []
    assert found.orders == 2 * ORDERS_OF_A_DAY


@pytest.mark.slow
def test_what_it_could_not_act_in_is_counted():
    quiet, dead_s, silent_s = 0.5, 600.0, 31.0
    found = live([[Mishap(3_000.0, "process", dead_s), Mishap(9_000.0, "mute", silent_s)]])
    lost_s = found.market_s * (1.0 - found.able)
    assert dead_s + silent_s - quiet < lost_s < dead_s + silent_s + 15.0
    assert found.able < LEAST
