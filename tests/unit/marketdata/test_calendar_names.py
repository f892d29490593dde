"""Calendars are found by the names that users type, each with the hours of its market."""

from __future__ import annotations

import pytest
from tests.timed_bars import day, times

from tradewright.domain.errors import CalendarError
from tradewright.marketdata.sessions import sessions_between

WEDNESDAY = "2024-10-16"
HOURS = {
    "XNYS NYSE XNAS NASDAQ ARCX XASE AMEX BATS": ("13:30", "20:00", "America/New_York"),
    "XLON LSE": ("07:00", "15:30", "Europe/London"),
    "XBOM BSE NSE XNSE": ("03:45", "10:00", "Asia/Kolkata"),
    "XETR": ("07:00", "15:30", "Europe/Berlin"),
    "XTSE TSX": ("13:30", "20:00", "America/Toronto"),
    "XTKS JPX": ("00:00", "06:00", "Asia/Tokyo"),
    "XHKG HKEX": ("01:30", "08:00", "Asia/Hong_Kong"),
    "24/7 24/5": ("00:00", "00:00", "UTC"),
}
NAMES = [(name, hours) for names, hours in HOURS.items() for name in names.split()]


@pytest.mark.parametrize(("name", "hours"), NAMES, ids=[name for name, _ in NAMES])
def test_a_name_has_the_hours_of_its_market(name: str, hours: tuple[str, str, str]) -> None:
    table = sessions_between(name, day(WEDNESDAY), day(WEDNESDAY))
    (opened,), (closed,) = times(table.opens), times(table.closes)
    assert (opened[11:], closed[11:], table.zone) == hours


@pytest.mark.parametrize("name", ["XNYS", "LSE", "NSE"])
def test_hours_around_the_session_are_the_local_day(name: str) -> None:
    table = sessions_between(name, day(WEDNESDAY), day(WEDNESDAY))
    begin, end = (int(each[0]) for each in table.extended)
    assert begin < table.opens[0] < table.closes[0] < end
    assert end - begin == 24 * 3600 * 10**9


def test_a_name_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(CalendarError, match="There is no calendar named 'XNYZ'") as caught:
        sessions_between("XNYZ", day(WEDNESDAY), day(WEDNESDAY))
    assert "XNYS" in str(caught.value.hint)
