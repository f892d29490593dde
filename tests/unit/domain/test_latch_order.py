"""What the kill switch is told, twice."""

from __future__ import annotations

import pytest

from tradewright.domain.live.latch import LatchOrder

PLAIN = LatchOrder("first", "ann")


@pytest.mark.parametrize("more", [{"flatten": True}, {"cancel_all": True}, {"foreign": True}])
def test_a_later_word_adds_and_never_takes_back(more: dict[str, bool]) -> None:
    wider = LatchOrder("second", "bob", **more)
    assert wider.asks_more_than(PLAIN)
    assert not PLAIN.asks_more_than(wider)
    both = PLAIN.and_also(wider)
    assert (both.reason, both.who) == ("first", "ann")
    assert not wider.asks_more_than(both)
    assert wider.and_also(PLAIN) == wider
