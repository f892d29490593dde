"""Placing bars as they come: one by one they lie where they lie all at once, and sessions are looked up once each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.timed_bars import sessions_of

import tradewright as tw
from tradewright.app.live.feed import placing
from tradewright.app.live.feed.placing import Placer
from tradewright.domain.bars import Bar
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.placement import Hours

NEW_YORK, TOKYO = tw.Equity("ACME", "XNYS"), tw.Equity("ACME", "XTKS")


def bars(instrument: Any, frame: str, *, around_ns: int = 0) -> list[Bar]:
    """Three days in a row, the second of them a half day in New York; some moved out of the session."""
    made = sessions_of(instrument, frame, "2025-07-02", "2025-07-07")
    found = [made.bar(row) for row in range(len(made))]
    shifted = [replace(b, open_time=b.open_time + around_ns, close_time=b.close_time + around_ns) for b in found]
    return shifted if around_ns else found


@pytest.mark.parametrize("hours", list(Hours))
@pytest.mark.parametrize(("instrument", "frame"), [(NEW_YORK, "30m"), (NEW_YORK, "1h"), (TOKYO, "1h")])
@pytest.mark.parametrize("moved_h", [0, 4, -4])
def test_bars_one_by_one_lie_where_they_lie_alone(instrument: Any, frame: str, hours: Hours, moved_h: int) -> None:
    one = Placer(instrument, Timeframe.parse(frame), hours)
    for bar in bars(instrument, frame, around_ns=moved_h * 3600 * 10**9):
        assert one.place([bar]) == Placer(instrument, Timeframe.parse(frame), hours).place([bar])


def test_the_calendar_is_asked_once_for_each_session(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = placing.place_instants
    monkeypatch.setattr(placing, "place_instants", lambda *given: (asked.append(given), real(*given))[1])
    placer = Placer(NEW_YORK, Timeframe.parse("30m"), Hours.REGULAR)
    for bar in bars(NEW_YORK, "30m"):
        placer.place([bar])
    assert len(asked) == 3


def test_a_bar_that_cannot_be_is_refused_in_a_session_that_is_known() -> None:
    placer = Placer(NEW_YORK, Timeframe.parse("30m"), Hours.REGULAR)
    first, second, *_ = bars(NEW_YORK, "30m")
    placer.place([first])
    found = placer.place([replace(second, open=1.0, close=1.0, low=0.0)])
    assert found.placed == ()
    assert "has a low of 0.0" in found.refused[0][1]
