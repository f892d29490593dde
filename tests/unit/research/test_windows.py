"""Windows of a walk-forward: which rows train, which test, by bars, sessions and calendar."""

from itertools import pairwise

import numpy as np
import pytest

from tradewright.domain.bars import SessionIndex
from tradewright.domain.errors import ConfigError
from tradewright.research.windows import Length, LengthUnit, WalkPlan, walk_windows


def daily(first, count, weekends=False):
    """Session dates from a day on, with or without Saturdays and Sundays."""
    days = np.arange(np.datetime64(first), np.datetime64(first) + 2 * count + 10)
    kept = days if weekends else days[np.is_busday(days)]
    labels = kept[:count].astype(np.int64)
    return SessionIndex.of_labels(labels), count


def through(first, last, weekends=False):
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    kept = (days if weekends else days[np.is_busday(days)]).astype(np.int64)
    return SessionIndex.of_labels(kept), len(kept)


def hourly(first, sessions, bars):
    index, count = daily(first, sessions)
    return SessionIndex(index.labels, np.arange(count) * bars), count * bars


def rows_of(found):
    return [(each.train_first, each.train_last, each.test_first, each.test_last) for each in found]


def dates_of(found):
    return [(each.train_start, each.train_end, each.test_start, each.test_end) for each in found]


def walk(timeline, train, test, step=None, first=0, stop=None, **options):
    return walk_windows(*timeline, WalkPlan.of(train, test, step, **options), first=first, stop=stop)


# ---------------------------------------------------------------- lengths


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (500, Length(500, LengthUnit.BARS)),
        ("500", Length(500, LengthUnit.BARS)),
        ("500 bars", Length(500, LengthUnit.BARS)),
        ("252d", Length(252, LengthUnit.SESSIONS)),
        ("12 weeks", Length(12, LengthUnit.WEEKS)),
        ("6mo", Length(6, LengthUnit.MONTHS)),
        ("6M", Length(6, LengthUnit.MONTHS)),
        ("2Y", Length(2, LengthUnit.YEARS)),
    ],
)
def test_lengths_as_users_write_them(given, expected):
    assert Length.parse(given) == expected
    assert Length.parse(str(expected)) == expected
    assert Length.parse(expected) is expected


@pytest.mark.parametrize("given", ["6m", "1h", "d", "", "1.5d", "-5d", "five", True, 2.5, None])
def test_what_is_no_length_is_refused_and_named(given):
    with pytest.raises(ConfigError, match=r"The train .* is no length"):
        Length.parse(given, "train")


@pytest.mark.parametrize("given", [0, "0d"])
def test_a_length_is_above_zero(given):
    with pytest.raises(ConfigError, match=f"The test {given!r} of a walk is not above zero"):
        WalkPlan.of("1y", given)


def test_negative_lengths_in_bars_are_no_length():
    with pytest.raises(ConfigError, match="-5 of a walk is no length"):
        Length.parse(-5)


@pytest.mark.parametrize("gap", [-1, 1.5, True])
def test_a_gap_is_a_number_of_bars(gap):
    with pytest.raises(ConfigError, match="gap of a walk is a number of bars"):
        WalkPlan.of("1y", "1mo", gap=gap)


# ---------------------------------------------------------------- rolling, anchored, gap


def test_rolling_windows_keep_their_length_and_tests_follow_each_other():
    found = walk(daily("2020-01-01", 10), 4, 2)
    assert rows_of(found) == [(0, 3, 4, 5), (2, 5, 6, 7), (4, 7, 8, 9)]
    assert [each.number for each in found] == [0, 1, 2]
    assert not any(each.is_partial for each in found)


def test_dates_are_those_of_the_rows():
    # 2020-01-01 was a Wednesday.
    found = walk(daily("2020-01-01", 10), 4, 2)
    assert dates_of(found)[0] == ("2020-01-01", "2020-01-06", "2020-01-07", "2020-01-08")


def test_anchored_windows_begin_at_the_first_row_and_grow():
    assert rows_of(walk(daily("2020-01-01", 10), 4, 2, anchored=True)) == [(0, 3, 4, 5), (0, 5, 6, 7), (0, 7, 8, 9)]


def test_a_gap_is_taken_from_the_end_of_training():
    assert rows_of(walk(daily("2020-01-01", 10), 4, 2, gap=1)) == [(0, 2, 4, 5), (2, 4, 6, 7), (4, 6, 8, 9)]


def test_a_walk_begins_where_warm_up_ends_and_stops_where_it_is_told():
    assert rows_of(walk(daily("2020-01-01", 20), 4, 2, first=7, stop=15)) == [(7, 10, 11, 12), (9, 12, 13, 14)]


def test_a_step_longer_than_the_test_leaves_rows_untested():
    assert rows_of(walk(daily("2020-01-01", 12), 4, 2, 4)) == [(0, 3, 4, 5), (4, 7, 8, 9)]


# ---------------------------------------------------------------- the last window


def test_a_last_test_cut_short_is_kept_and_marked():
    found = walk(daily("2020-01-01", 9), 4, 2)
    assert rows_of(found)[-1] == (4, 7, 8, 8)
    assert [each.is_partial for each in found] == [False, False, True]


def test_a_last_test_cut_short_can_be_dropped():
    found = walk(daily("2020-01-01", 9), 4, 2, keep_partial=False)
    assert rows_of(found) == [(0, 3, 4, 5), (2, 5, 6, 7)]


def test_a_calendar_test_that_ends_before_a_weekend_is_whole():
    # April 2020 ended on a Thursday, May on a Sunday: the last session of May is Friday the 29th.
    assert not walk(through("2020-01-01", "2020-05-29"), "4mo", "1mo")[-1].is_partial
    assert walk(through("2020-01-01", "2020-05-28"), "4mo", "1mo")[-1].is_partial


def test_around_the_clock_a_weekend_is_time_like_any_other():
    assert walk(through("2020-01-01", "2020-05-29", weekends=True), "4mo", "1mo")[-1].is_partial
    assert not walk(through("2020-01-01", "2020-05-31", weekends=True), "4mo", "1mo")[-1].is_partial


# ---------------------------------------------------------------- sessions and calendar


def test_days_count_sessions_whatever_the_bars():
    found = walk(hourly("2020-01-01", 6, 7), "3d", "1d")
    assert rows_of(found) == [(0, 20, 21, 27), (7, 27, 28, 34), (14, 34, 35, 41)]
    assert dates_of(found)[0] == ("2020-01-01", "2020-01-03", "2020-01-06", "2020-01-06")


def test_a_part_that_begins_inside_a_session_ends_with_a_session():
    found = walk(hourly("2020-01-01", 4, 7), "2d", "1d", first=3)
    assert rows_of(found) == [(3, 13, 14, 20), (7, 20, 21, 27)]


def test_bars_cut_sessions_where_they_must():
    assert rows_of(walk(hourly("2020-01-01", 2, 7), 8, 3)) == [(0, 7, 8, 10), (3, 10, 11, 13)]


def test_calendar_months_are_counted_from_the_first_date():
    found = walk(through("2020-01-01", "2020-12-31"), "6mo", "3mo")
    assert dates_of(found) == [
        ("2020-01-01", "2020-06-30", "2020-07-01", "2020-09-30"),
        ("2020-04-01", "2020-09-30", "2020-10-01", "2020-12-31"),
    ]


def test_ends_of_months_do_not_drift():
    found = walk(through("2019-01-31", "2019-07-31", weekends=True), "1mo", "1mo")
    assert [each.test_start for each in found] == [
        "2019-02-28", "2019-03-31", "2019-04-30", "2019-05-31", "2019-06-30", "2019-07-31",
    ]  # fmt: skip
    assert all(after.test_first == before.test_last + 1 for before, after in pairwise(found))


def test_weeks_and_years():
    found = walk(through("2018-01-01", "2020-02-28"), "2y", "4w")
    assert dates_of(found)[0] == ("2018-01-01", "2019-12-31", "2020-01-01", "2020-01-28")
    assert len(found) == 3


def test_units_may_be_mixed_and_no_test_is_torn():
    found = walk(through("2020-01-01", "2020-06-30"), "3mo", "10d", 10)
    assert dates_of(found)[:2] == [
        ("2020-01-01", "2020-03-31", "2020-04-01", "2020-04-14"),
        ("2020-01-15", "2020-04-14", "2020-04-15", "2020-04-28"),
    ]
    assert all(after.test_first == before.test_last + 1 for before, after in pairwise(found))


def test_weekly_bars_are_walked_by_the_calendar():
    labels = np.arange(18_000, 18_000 + 7 * 104, 7)
    timeline = SessionIndex.of_labels(labels), 104
    found = walk(timeline, "52w", "26w")
    assert rows_of(found) == [(0, 51, 52, 77), (26, 77, 78, 103)]
    assert not found[-1].is_partial
    with pytest.raises(ConfigError, match="7 days apart or more, so a length in sessions has nothing to count"):
        walk(timeline, "252d", "63d")


def test_a_window_beyond_all_calendars_ends_quietly():
    with pytest.raises(ConfigError, match="trains on 9000y and tests on 1mo has no window"):
        walk(daily("2020-01-01", 100), "9000y", "1mo")


# ---------------------------------------------------------------- refusals


def test_overlapping_tests_are_refused_with_the_dates_that_would_count_twice():
    message = r"steps by 2 bars and tests on 4 bars, so that 2020-01-09 … 2020-01-10 would count twice"
    with pytest.raises(ConfigError, match=message):
        walk(daily("2020-01-01", 20), 4, 4, 2)


def test_an_overlap_of_one_bar_is_an_overlap():
    with pytest.raises(ConfigError, match="steps by 3 bars and tests on 4 bars"):
        walk(daily("2020-01-01", 20), 4, 4, 3)


def test_overlapping_tests_can_be_asked_for():
    found = walk(daily("2020-01-01", 12), 4, 4, 2, may_overlap=True)
    assert rows_of(found) == [(0, 3, 4, 7), (2, 5, 6, 9), (4, 7, 8, 11), (6, 9, 10, 11)]
    assert found[-1].is_partial


def test_too_little_data_is_refused_with_the_numbers():
    message = r"trains on 252d and tests on 63d has no window in 200 bars of 200 sessions \(2020-01-01 … 2020-10-06\)"
    with pytest.raises(ConfigError, match=message):
        walk(daily("2020-01-01", 200), "252d", "63d")


def test_a_walk_without_bars_is_refused():
    with pytest.raises(ConfigError, match="There are no bars to walk over"):
        walk(daily("2020-01-01", 20), 4, 2, first=20)


def test_training_that_the_gap_uses_up_is_refused():
    with pytest.raises(
        ConfigError, match="Window 1 of the walk has 1 bars to train on from 2020-01-01 on, after a gap of 3"
    ):
        walk(daily("2020-01-01", 20), 4, 2, gap=3)


def test_a_test_that_falls_into_a_hole_of_the_data_is_refused():
    labels = np.concatenate([np.arange(18_262, 18_322), np.arange(18_400, 18_500)])
    with pytest.raises(ConfigError, match="Window 1 of the walk has no bars to test on"):
        walk((SessionIndex.of_labels(labels), 160), "9w", "1w")
