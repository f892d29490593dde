"""Which bars a calendar has and a series has not: golden cases of the calendars, and what is no gap."""

from __future__ import annotations

import numpy as np
import pytest
from tests.price_series import SHARE, dates, instants, minutes, placed, without

from tradewright.domain.instrument import Crypto, Equity, FxPair, Instrument
from tradewright.marketdata.coverage import Absence, Coverage, coverage_of
from tradewright.marketdata.placement import Hours

COIN = Crypto("BTCUSD")
PAIR = FxPair("EURUSD")


def told(gap: Absence) -> tuple[str, str, int, int]:
    first, last = np.array([gap.first_ns, gap.last_ns], "datetime64[ns]").astype("datetime64[m]").astype(str)
    return first.removesuffix("T00:00"), last.removesuffix("T00:00"), gap.count, gap.sessions


def gaps(coverage: Coverage) -> list[tuple[str, str, int, int]]:
    return [told(gap) for gap in coverage.gaps]


# ---------------------------------------------------------------- a day and longer


def test_holidays_and_weekends_are_no_gaps() -> None:
    # 2023: New Year observed, King, Presidents, Good Friday; thirteen weeks.
    coverage = coverage_of(placed(dates("2023-01-03", "2023-04-14")))
    assert coverage == Coverage(expected=71)


def test_missing_sessions_are_told_as_runs() -> None:
    bars = without(placed(dates("2023-01-03", "2023-03-31")), 3, 4, 10)
    coverage = coverage_of(bars)
    assert coverage.expected == len(bars) + 3
    assert gaps(coverage) == [("2023-01-06", "2023-01-09", 2, 2), ("2023-01-18", "2023-01-18", 1, 1)]


def test_every_date_of_a_coin_counts() -> None:
    bars = without(placed(np.arange(*instants("2024-02-26", "2024-03-04"), 86_400 * 10**9), "1d", COIN), 3)
    assert gaps(coverage_of(bars)) == [("2024-02-29", "2024-02-29", 1, 1)]


def test_currencies_have_no_weekend_christmas_or_new_year() -> None:
    days = dates("2017-12-18", "2018-01-05", "24/5")
    closed = instants("2017-12-25", "2018-01-01")
    bars = placed(days[~np.isin(days, closed)], "1d", PAIR)
    assert coverage_of(bars) == Coverage(expected=13)


@pytest.mark.parametrize(
    ("timeframe", "stamps", "missing"),
    [
        ("2d", ["2023-01-04", "2023-01-06", "2023-01-12"], ("2023-01-10", "2023-01-10", 1, 1)),
        ("1w", ["2023-01-06", "2023-01-13", "2023-01-27"], ("2023-01-20", "2023-01-20", 1, 1)),
        ("1mo", ["2023-01-31", "2023-02-28", "2023-05-31"], ("2023-03-31", "2023-04-28", 2, 2)),
    ],
)
def test_weeks_and_months_are_missed_by_their_last_session(timeframe, stamps, missing) -> None:
    coverage = coverage_of(placed(instants(*stamps), timeframe))
    assert coverage.expected == len(stamps) + missing[2]
    assert gaps(coverage) == [missing]


# ---------------------------------------------------------------- shorter than a day

HALF_DAY = minutes("2023-11-24T14:30", "2023-11-24T18:00")
MONDAY = minutes("2023-11-27T14:30", "2023-11-27T21:00")
TUESDAY = minutes("2023-11-28T14:30", "2023-11-28T21:00")
WEDNESDAY = minutes("2023-11-29T14:30", "2023-11-29T21:00")


def test_the_afternoon_of_a_half_day_and_the_weekend_are_no_gaps() -> None:
    bars = placed(np.concatenate((HALF_DAY, MONDAY)), "1m")
    assert coverage_of(bars) == Coverage(expected=210 + 390)


def test_clocks_that_change_at_the_weekend_leave_no_gap() -> None:
    winter, summer = minutes("2024-03-08T14:30", "2024-03-08T21:00"), minutes("2024-03-11T13:30", "2024-03-11T20:00")
    assert coverage_of(placed(np.concatenate((winter, summer)), "1m")) == Coverage(expected=780)


def test_minutes_missing_inside_a_complete_session_are_a_gap() -> None:
    bars = without(placed(np.concatenate((MONDAY, TUESDAY)), "1m"), *range(100, 110))
    coverage = coverage_of(bars)
    assert gaps(coverage) == [("2023-11-27T16:10", "2023-11-27T16:19", 10, 0)]
    assert coverage.expected == 780


def test_a_missing_end_and_a_missing_beginning_are_gaps_of_their_sessions() -> None:
    bars = placed(np.concatenate((MONDAY[:-5], TUESDAY[2:])), "1m")
    assert gaps(coverage_of(bars)) == [
        ("2023-11-27T20:55", "2023-11-27T20:59", 5, 0),
        ("2023-11-28T14:30", "2023-11-28T14:31", 2, 0),
    ]


def test_a_missing_session_of_minutes_is_one_gap() -> None:
    coverage = coverage_of(placed(np.concatenate((MONDAY, WEDNESDAY)), "1m"))
    assert gaps(coverage) == [("2023-11-28T14:30", "2023-11-28T20:59", 390, 1)]


def test_hours_that_begin_with_a_short_one_are_complete() -> None:
    hours = [f"2023-11-{day}T{hour}" for day in (27, 28) for hour in ("14:30", *(f"{at}:00" for at in range(15, 21)))]
    assert coverage_of(placed(instants(*hours), "1h")) == Coverage(expected=14)
    gone = instants(*hours[:9], *hours[10:])
    assert gaps(coverage_of(placed(gone, "1h")))[0][2] == 1


HONG_KONG = Equity("X", "XHKG")


def hong_kong(day: int) -> tuple[np.ndarray, np.ndarray]:
    """The minutes of a morning and of an afternoon in November 2023."""
    return (
        minutes(f"2023-11-{day}T01:30", f"2023-11-{day}T04:00"),
        minutes(f"2023-11-{day}T05:00", f"2023-11-{day}T08:00"),
    )


def test_lunch_is_no_gap_where_the_calendar_knows_it() -> None:
    stamps = np.concatenate([*hong_kong(27), *hong_kong(28)])
    assert coverage_of(placed(stamps, "1m", HONG_KONG)) == Coverage(expected=660)


def test_an_afternoon_is_missed_as_bars_and_a_day_as_a_session() -> None:
    (morning, _), tuesday, wednesday, thursday = (hong_kong(day) for day in (27, 28, 29, 30))
    coverage = coverage_of(placed(np.concatenate((morning, *tuesday, *thursday)), "1m", HONG_KONG))
    assert gaps(coverage) == [
        ("2023-11-27T05:00", "2023-11-27T07:59", 180, 0),
        ("2023-11-29T01:30", "2023-11-29T07:59", len(wednesday[0]) + len(wednesday[1]), 1),
    ]


def test_a_week_without_currencies_is_missed_as_bars() -> None:
    weeks = [minutes(f"2017-06-{day:02d}T22:00", f"2017-06-{day + 5:02d}T21:00", 60) for day in (4, 18)]
    assert gaps(coverage_of(placed(np.concatenate(weeks), "1h", PAIR))) == [
        ("2017-06-11T22:00", "2017-06-16T20:00", 119, 0)
    ]


def test_hours_before_and_after_the_session_are_not_expected() -> None:
    early = minutes("2023-11-28T12:00", "2023-11-28T12:03")
    bars = placed(np.concatenate((MONDAY, early, TUESDAY)), "1m", SHARE, Hours.EXTENDED)
    assert coverage_of(bars) == Coverage(expected=None)


def test_a_coin_misses_minutes_across_midnight() -> None:
    bars = placed(minutes("2024-01-01T20:00", "2024-01-02T04:00"), "1m", COIN)
    coverage = coverage_of(without(bars, *range(230, 260)))
    assert gaps(coverage) == [("2024-01-01T23:50", "2024-01-02T00:19", 30, 0)]


def test_a_weekend_of_currencies_is_no_gap_whichever_hour_it_begins_and_ends() -> None:
    summer = np.concatenate(
        (minutes("2017-06-15T00:00", "2017-06-16T21:00", 60), minutes("2017-06-18T21:00", "2017-06-20", 60))
    )
    winter = np.concatenate(
        (minutes("2017-12-14T00:00", "2017-12-15T22:00", 60), minutes("2017-12-17T22:00", "2017-12-19", 60))
    )
    for stamps in (summer, winter):
        assert coverage_of(placed(stamps, "1h", PAIR)) == Coverage(expected=len(stamps))


def test_a_day_of_currencies_in_the_middle_of_the_week_is_a_gap() -> None:
    stamps = np.concatenate((minutes("2017-06-12", "2017-06-14", 60), minutes("2017-06-15", "2017-06-16", 60)))
    assert gaps(coverage_of(placed(stamps, "1h", PAIR))) == [("2017-06-14", "2017-06-14T23:00", 24, 0)]


# ---------------------------------------------------------------- what is not there by nature


def thin(chance: float, seed: int = 3) -> np.ndarray:
    """Minutes of a coin of which each has a row with that chance only."""
    every = minutes("2024-01-01", "2024-01-05")
    kept = np.random.default_rng(seed).random(len(every)) < chance
    kept[[0, -1]] = True
    return every[kept]


@pytest.mark.parametrize("chance", [0.9, 0.6, 0.3, 0.1])
def test_minutes_without_trades_are_quiet_and_no_gaps(chance) -> None:
    coverage = coverage_of(placed(thin(chance), "1m", COIN))
    assert coverage.gaps == ()
    assert coverage.expected is None
    assert coverage.quiet is not None
    assert coverage.quiet.count == 4 * 1440 - len(thin(chance))


@pytest.mark.parametrize("chance", [0.9, 0.6, 0.3])
def test_an_outage_stands_out_of_a_thin_market(chance) -> None:
    stamps = thin(chance)
    begin, end = instants("2024-01-02T12:00", "2024-01-02T18:00")
    coverage = coverage_of(placed(stamps[(stamps < begin) | (stamps >= end)], "1m", COIN))
    assert len(coverage.gaps) == 1
    assert coverage.gaps[0].first_ns <= begin
    assert coverage.gaps[0].last_ns >= end - 60 * 10**9


def test_a_lunch_break_in_every_session_is_a_habit_of_the_source() -> None:
    mornings = [minutes(f"2023-11-{day}T14:30", f"2023-11-{day}T17:00") for day in (27, 28, 29, 30)]
    afternoons = [minutes(f"2023-11-{day}T18:00", f"2023-11-{day}T21:00") for day in (27, 28, 29, 30)]
    coverage = coverage_of(placed(np.sort(np.concatenate(mornings + afternoons)), "1m"))
    assert coverage.gaps == ()
    assert [(habit.place, habit.count, habit.sessions) for habit in coverage.habits] == [("inside", 60, 4)]


def test_a_break_on_one_day_of_several_is_a_gap_beside_the_habit() -> None:
    days = [minutes(f"2023-11-{day}T14:30", f"2023-11-{day}T20:55") for day in (27, 28, 29, 30)]
    days[1] = np.delete(days[1], range(200, 230))
    coverage = coverage_of(placed(np.concatenate(days), "1m"))
    assert [(habit.place, habit.count, habit.sessions) for habit in coverage.habits] == [("before the close", 5, 3)]
    assert gaps(coverage) == [("2023-11-28T17:50", "2023-11-28T18:19", 30, 0)]


def test_without_a_calendar_nothing_is_expected() -> None:
    bars = placed(dates("2023-01-03", "2023-01-31")).with_instrument(Instrument("ACME", "NOWHERE"))
    assert coverage_of(bars) == Coverage(expected=None)


def test_beyond_what_a_calendar_knows_nothing_is_expected() -> None:
    bars = placed(dates("2023-01-03", "2023-01-31")).with_instrument(Equity("ACME", "NOWHERE", calendar="XNOWHERE"))
    assert coverage_of(bars) == Coverage(expected=None)
