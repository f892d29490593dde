"""Texts that say when something is due."""

from __future__ import annotations

import pytest

from tradewright.domain.control.timetable import Anchor, CalendarTime, CronTime, read_when
from tradewright.domain.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("XNYS close + 15 m", CalendarTime("XNYS", Anchor.CLOSE, 900)),
        ("  XNYS   open-5min ", CalendarTime("XNYS", Anchor.OPEN, -300)),
        ("XLON Close", CalendarTime("XLON", Anchor.CLOSE, 0)),
        ("24/7 close + 1 h 30 m", CalendarTime("24/7", Anchor.CLOSE, 5400)),
        ("XNYS open - 7 d", CalendarTime("XNYS", Anchor.OPEN, -604_800)),
        ("30 18 * * mon-fri", CronTime("30 18 * * mon-fri", "Asia/Kolkata")),
    ],
)
def test_it_is_a_session_or_five_fields(text: str, expected: object) -> None:
    assert read_when(text, "Asia/Kolkata") == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "tomorrow", "XNYS", "XNYS noon + 5", "XNYS close +", "XNYS close + 15", "XNYS close + m",
        "XNYS close + 8 d", "XNYS close + 15 m - 3 m", "XNYS close 15 m", "1 2 3", "1 2 3 4 5 6", "x" * 300,
    ],
)  # fmt: skip
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="when="):
        read_when(text)


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd", "/etc/passwd"])
def test_a_zone_is_one_of_the_world(zone: str) -> None:
    with pytest.raises(ConfigError, match="zone"):
        read_when("0 0 * * *", zone)
