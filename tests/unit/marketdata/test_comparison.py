"""Two series side by side: what is missing, what differs, and what explains it as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.markets import intraday
from tests.stores import with_prices

import tradewright as tw
from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE
from tradewright.marketdata.comparison import Absent, PatternKind, Tolerance, compare

HOUR = 60 * NS_PER_MINUTE


@pytest.fixture(scope="module")
def daily() -> Bars:
    """A year of a share."""
    return tw.synthetic_bars("ACME", bars=250, seed=4)


@pytest.fixture(scope="module")
def minutes() -> Bars:
    """Sessions on either side of a change to summer time."""
    draw = np.random.default_rng(3)
    walk = 100 * np.exp(np.cumsum(draw.normal(0, 0.001, 390 * 12))).reshape(12, 390)
    return intraday(walk.tolist(), first_day=19_786)  # 2024-03-04


def without(bars: Bars, *rows: int) -> Bars:
    kept = np.delete(np.arange(len(bars)), rows)
    columns: dict[str, Any] = {name: column[kept] for name, column in bars.columns().items()}
    return replace(bars, sessions=SessionIndex.of_labels(bars.sessions.row_labels(len(bars))[kept]), **columns)


def scaled(bars: Bars, factors: Any, *, volume: bool = False) -> Bars:
    columns: dict[str, Any] = {name: getattr(bars, name) * factors for name in ("open", "high", "low", "close")}
    if volume:
        columns["volume"] = bars.volume / factors
    return replace(bars, **columns)


def moved(bars: Bars, by: Any) -> Bars:
    """The same bars under other stamps; sessions as those have them."""
    labels = (bars.open_time + by) // NS_PER_DAY
    return replace(
        bars, open_time=bars.open_time + by, close_time=bars.close_time + by, sessions=SessionIndex.of_labels(labels)
    )


def test_the_same_bars_are_the_same(daily: Bars, minutes: Bars) -> None:
    for bars in (daily, minutes):
        found = compare(bars, bars)
        assert (found.is_same, found.common, found.missing, found.worst) == (True, len(bars), (0, 0), ())


def test_what_either_side_lacks_is_told_in_stretches(daily: Bars) -> None:
    found = compare(without(daily, 5), without(daily, 100, 101, 102, 200))
    stamps = daily.labels().tolist()
    assert (found.missing, found.common, found.is_same) == ((1, 4), 245, False)
    assert found.absent == (
        Absent(0, stamps[5], stamps[5], 1),
        Absent(1, stamps[100], stamps[102], 3),
        Absent(1, stamps[200], stamps[200], 1),
    )


def test_values_beyond_the_tolerance_are_counted_by_name_and_the_worst_told_by_time(daily: Bars) -> None:
    other = with_prices(daily, 40, close=daily.close[40] * 1.0005)
    other = with_prices(other, 70, high=daily.high[70] * 1.02, open=daily.open[70] * 1.002)
    other = with_prices(other, 30, high=daily.high[30] * 1.01, volume=daily.volume[30] * 2)
    found = compare(daily, other)
    assert (found.differing, found.rows_differing) == ({"open": 1, "high": 2, "volume": 1}, 2)
    assert [(each.name, round(each.relative, 3)) for each in found.worst] == [("high", 0.01), ("high", 0.02)]
    assert found.worst[0].values == (daily.high[30], other.high[30])
    assert [each.stamp_ns for each in found.worst] == [daily.labels()[30], daily.labels()[70]]
    assert [each.name for each in compare(daily, other, most=1).worst] == ["high"]
    assert compare(daily, other, Tolerance(price=0.0001)).differing["close"] == 1
    assert compare(daily, other, Tolerance(price=0.03, volume=None)).is_same


def test_a_split_that_one_side_is_adjusted_for_is_told_with_its_date(daily: Bars) -> None:
    factors = np.where(np.arange(len(daily)) < 120, 4.0, 1.0)
    (pattern,) = compare(scaled(daily, factors, volume=True), daily).patterns
    assert (pattern.kind, pattern.at_ns, round(pattern.value, 6)) == (PatternKind.SPLIT, daily.labels()[120], 4.0)
    assert "as if the second were adjusted for a split of 4:1 and the first not" in pattern.sentence
    found = compare(daily, scaled(daily, factors))
    assert (found.rows_differing, found.is_same) == (0, False)
    assert round(found.patterns[0].value, 6) == 0.25


def test_dividends_that_one_side_is_adjusted_for_are_one_pattern(daily: Bars) -> None:
    row = np.arange(len(daily))
    factors = np.where(row < 60, 0.985, np.where(row < 180, 0.9925, 1.0))
    (pattern,) = compare(scaled(daily, factors), daily).patterns
    first, last = (str(np.datetime64(int(daily.labels()[at]), "ns"))[:10] for at in (60, 180))
    assert pattern.kind is PatternKind.DIVIDENDS
    stepped = f"On 2 dates from {first} to {last} the prices of the first over those of the second step by up to 0.76%"
    assert pattern.sentence == f"{stepped} and stay, as if the first were adjusted for dividends and the second not."


def test_prices_in_another_unit_are_one_sentence(daily: Bars) -> None:
    found = compare(scaled(daily, 100.0), daily)
    assert [each.kind for each in found.patterns] == [PatternKind.SCALE]
    assert found.patterns[0].sentence == "The prices of the first are 100 times those of the second, throughout."
    assert found.rows_differing == 0


@pytest.mark.parametrize("rows", [[7], [7, 8], [249], [0], [120, 180]])
def test_wrong_prices_are_no_level(daily: Bars, rows: list[int]) -> None:
    other = daily
    for row in rows:
        other = with_prices(other, row, close=daily.high[row] * 1.03, high=daily.high[row] * 1.03)
    found = compare(daily, other)
    assert (found.patterns, found.differing["close"]) == ((), len(rows))


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (5 * HOUR, "5 h later than those of the first, throughout."),
        (-90 * NS_PER_MINUTE, "1 h 30 min earlier than those of the first, throughout."),
        (
            NS_PER_MINUTE,
            "1 min later than those of the first, throughout: one marks the start of bars and the other the end.",
        ),
    ],
)
def test_stamps_that_lie_elsewhere_throughout_are_recognised(minutes: Bars, by: int, words: str) -> None:
    found = compare(minutes, moved(minutes, by))
    assert [each.sentence for each in found.patterns] == [f"The stamps of the second lie {words}"]
    assert (found.missing, found.rows_differing, found.patterns[0].value) == ((0, 0), 0, by / 1e9)


def test_local_times_that_were_read_as_utc_are_recognised_over_a_change_of_the_clock(minutes: Bars) -> None:
    summer = minutes.open_time >= int(np.datetime64("2024-03-10T07:00", "ns").astype(np.int64))
    found = compare(minutes, moved(minutes, np.where(summer, -4 * HOUR, -5 * HOUR)))
    assert [each.kind for each in found.patterns] == [PatternKind.ZONE]
    assert (
        "as much as America/New_York lies from UTC, summer and winter: local times were read as UTC."
        in found.patterns[0].sentence
    )
    assert (found.missing, found.rows_differing) == ((0, 0), 0)


def test_a_day_that_stands_under_the_next_session_is_recognised(daily: Bars) -> None:
    later = daily.sessions.labels.copy()
    later[:-1] = later[1:]
    other = without(replace(without(daily, len(daily) - 1), sessions=SessionIndex(later[:-1], np.arange(249))))
    found = compare(daily, other, names=("a", "b"))
    assert [each.sentence for each in found.patterns] == [
        "The stamps of b lie 1 session later than those of a, throughout."
    ]
    assert (found.missing, found.rows_differing) == ((0, 1), 0)


def test_other_bars_are_not_taken_for_shifted_ones(daily: Bars) -> None:
    other = tw.synthetic_bars("ACME", bars=250, seed=5)
    found = compare(daily, other)
    assert (found.patterns, found.rows_differing > 200) == ((), True)


def test_series_that_have_no_bar_in_common_are_told_so(daily: Bars) -> None:
    found = compare(daily.rows(0, 10), daily.rows(10, 30))
    assert (found.common, found.missing, found.is_same) == (0, (20, 10), False)


@pytest.fixture(scope="module")
def apple(shared_data: Path) -> dict[str, Bars]:
    """A share with four splits, of one vendor unadjusted and adjusted, and of another adjusted for splits."""
    files = {"raw": "1998_2021_raw", "full": "1998_2021_adjusted", "split": "2004_2018_yahoo"}
    return {
        name: tw.read_bars(
            shared_data / "daily" / f"AAPL_1d_{file}.csv.gz",
            symbol="AAPL", calendar="XNYS", timeframe="1d", stamp="session", adjustment=name,
        )
        for name, file in files.items()
    }  # fmt: skip


def test_all_that_sets_a_real_share_apart_from_its_adjusted_prices_is_explained(apple: dict[str, Bars]) -> None:
    found = compare(apple["raw"], apple["full"])
    splits = [each for each in found.patterns if each.kind is PatternKind.SPLIT]
    days = [str(np.datetime64(each.at_ns or 0, "ns"))[:10] for each in splits]
    assert days == ["2000-06-21", "2005-02-28", "2014-06-09", "2020-08-31"]
    assert [round(each.value, 3) for each in splits] == [2, 2, 7, 4]
    dividends = [each.sentence for each in found.patterns if each.kind is PatternKind.DIVIDENDS]
    assert len(dividends) == 1
    assert dividends[0].startswith("On 35 dates from 2012-08-09 to 2021-02-05 ")
    assert (found.rows_differing, found.missing) == (0, (0, 0))


def test_another_vendors_splits_are_told_and_its_wrong_prices_stay_differences(apple: dict[str, Bars]) -> None:
    raw, other = apple["raw"], apple["split"]
    first, stop = np.searchsorted(raw.labels(), [other.labels()[0], other.labels()[-1] + 1]).tolist()
    found = compare(raw.rows(first, stop), other)
    assert [(each.kind, round(each.value)) for each in found.patterns] == [
        (PatternKind.SPLIT, 2), (PatternKind.SPLIT, 7),
    ]  # fmt: skip
    assert 0 < found.differing["close"] < 0.05 * found.common
    assert max(each.relative for each in found.worst) > 0.5
