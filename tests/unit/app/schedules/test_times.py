"""When something is due: on walls whose clocks are moved, and by sessions with half days and holidays."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from tradewright.adapters.cron_rules import read_crontab
from tradewright.app.schedules.times import MOST_COUNTED, DueTimes
from tradewright.domain.control.timetable import read_when
from tradewright.domain.errors import CalendarError
from tradewright.domain.moments import utc

NEW_YORK = "America/New_York"
TIMES = DueTimes(read_crontab)


def ns(text: str) -> int:
    return int(dt.datetime.fromisoformat(f"{text}+00:00").timestamp()) * 1_000_000_000


def first(when: str, after: str, count: int = 4, zone: str = "UTC") -> list[str]:
    return [f"{utc(each):%m-%d %H:%M}" for each in TIMES.first(read_when(when, zone), ns(after), count)]


def test_a_time_of_day_is_that_of_its_zone() -> None:
    assert first("30 18 * * mon-fri", "2026-11-20 12:00", 3, "Europe/Berlin") == [
        "11-20 17:30", "11-23 17:30", "11-24 17:30",
    ]  # fmt: skip


# The clock of New York goes from 02:00 to 03:00 on 8 March 2026, and from 02:00 back to 01:00 on 1 November.


def test_a_time_that_does_not_exist_is_due_as_long_after_the_move() -> None:
    """02:30 of that night is 03:30, 07:30 UTC, and the day is not left out."""
    assert first("30 2 * * *", "2026-03-07 00:00", 3, NEW_YORK) == ["03-07 07:30", "03-08 07:30", "03-09 06:30"]


def test_two_that_come_to_the_same_instant_are_one() -> None:
    assert first("0 2,3 * * *", "2026-03-08 00:00", 3, NEW_YORK) == ["03-08 07:00", "03-09 06:00", "03-09 07:00"]


def test_a_time_that_comes_twice_is_due_at_the_first() -> None:
    assert first("30 1 * * *", "2026-10-31 00:00", 3, NEW_YORK) == ["10-31 05:30", "11-01 05:30", "11-02 06:30"]
    assert first("*/30 1 * * *", "2026-11-01 00:00", 3, NEW_YORK) == ["11-01 05:00", "11-01 05:30", "11-02 06:00"]


@pytest.mark.parametrize("night", ["2026-03-08", "2026-11-01"])
def test_a_rhythm_goes_on_through_both_moves(night: str) -> None:
    begin = ns(f"{night} 00:00")
    found = TIMES.first(read_when("*/15 * * * *", NEW_YORK), begin, 60)
    assert found == [begin + number * 900 * 10**9 for number in range(1, 61)]


def test_times_around_a_move_come_in_their_order() -> None:
    """02:45 of the hour that does not exist is due after 03:00, which stands behind it on the wall."""
    assert first("45 2 8 3 *", "2026-03-01 00:00", 1, NEW_YORK) == ["03-08 07:45"]
    assert first("0,45 2,3 8 3 *", "2026-03-01 00:00", 2, NEW_YORK) == ["03-08 07:00", "03-08 07:45"]


def test_half_an_hour_is_a_move_too() -> None:
    """Lord Howe goes from 02:00 to 02:30 on 4 October 2026."""
    assert first("15 2 * * *", "2026-10-03 00:00", 2, "Australia/Lord_Howe") == ["10-03 15:45", "10-04 15:15"]


def test_each_time_is_later_than_the_instant_that_is_asked_for() -> None:
    when = read_when("30 1 * * *", NEW_YORK)
    for day in ("2026-03-08", "2026-06-01", "2026-11-01"):
        due = TIMES.first(when, ns(f"{day} 00:00"), 1)[0]
        assert TIMES.next(when, due - 1) == due
        assert TIMES.next(when, due) > due


# XNYS is closed on Thanksgiving, 26 November 2026, and closes at 13:00 on the day after.


def test_half_days_and_holidays_are_those_of_the_calendar() -> None:
    assert first("XNYS close + 15 m", "2026-11-25 00:00", 3) == ["11-25 21:15", "11-27 18:15", "11-30 21:15"]


def test_an_open_moves_with_the_clock_of_its_market() -> None:
    assert first("XNYS open - 5 m", "2026-10-30 00:00", 2) == ["10-30 13:25", "11-02 14:25"]


def test_a_session_that_is_not_over_may_be_due_tomorrow() -> None:
    assert first("XNYS close + 1 d", "2026-11-25 00:00", 2) == ["11-25 21:00", "11-26 21:00"]


def test_a_market_that_never_closes_has_sessions() -> None:
    assert first("24/7 close + 5 m", "2026-11-21 12:00", 2) == ["11-22 00:05", "11-23 00:05"]


def test_a_calendar_that_nobody_knows_is_refused() -> None:
    with pytest.raises(CalendarError, match="XNYT"):
        TIMES.next(read_when("XNYT close"), 0)


def test_where_a_calendar_ends_nothing_more_is_due() -> None:
    assert list(TIMES.following(read_when("24/7 close"), ns("2199-12-30 12:00"))) == [
        ns("2199-12-31 00:00"), ns("2199-12-31 00:00") + 86_400 * 10**9
    ]  # fmt: skip


# ---------------------------------------------------------------- piles


def test_a_pile_is_everything_behind_one_instant_up_to_another() -> None:
    when = read_when("0 * * * *")
    found = TIMES.latest(when, ns("2026-11-20 10:00"), ns("2026-11-21 10:00"))
    assert (found[0], found[-1], len(found)) == (ns("2026-11-20 11:00"), ns("2026-11-21 10:00"), 24)


def test_of_a_long_pile_the_latest_are_known() -> None:
    found = TIMES.latest(read_when("* * * * *"), ns("2016-11-20 10:00"), ns("2026-11-21 10:00"))
    assert found[-1] == ns("2026-11-21 10:00")
    assert MOST_COUNTED <= len(found) <= 2 * MOST_COUNTED
    assert {after - before for before, after in pairwise(found)} == {60 * 10**9}
