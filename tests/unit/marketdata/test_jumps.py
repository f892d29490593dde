"""Splits that no action explains, actions that no price shows, and what is neither."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.price_series import SHARE, changed, dates, minutes, placed, scaled, walk

from tradewright.domain.bars import Actions, Adjustment, Bars
from tradewright.domain.instrument import Crypto
from tradewright.domain.quality import Gravity, Problem, QualityFinding
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.marketdata.findings import Site
from tradewright.marketdata.jumps import split_findings

ROW = 250


def found(bars: Bars) -> list[QualityFinding]:
    return list(split_findings(Site(bars, bars.labels())))


def kinds(bars: Bars) -> list[Problem]:
    return [finding.problem for finding in found(bars)]


def split(bars: Bars, row: int, ratio: float) -> Actions:
    """The action of a split on the day of a row."""
    return Actions(bars.sessions.labels[row : row + 1], np.array([ratio]))


def test_a_calm_walk_has_no_split() -> None:
    assert found(walk(1)) == []


@pytest.mark.parametrize(
    ("ratio", "named"), [(2, "2:1"), (3, "3:1"), (1.5, "3:2"), (7, "7:1"), (20, "20:1"), (0.5, "1:2"), (0.1, "1:10")]
)
def test_a_jump_by_a_simple_ratio_is_suspected_and_named(ratio: float, named: str) -> None:
    finding = found(scaled(walk(1), ROW, ratio))[0]
    assert (finding.problem, finding.gravity, finding.count) == (Problem.SPLIT, Gravity.FAIL, 1)
    assert f"as after a split of {named}, and no action explains it." in finding.sentence


def in_cents(bars: Bars, price: float) -> Bars:
    """The bars of a share worth that much at the row, in whole cents."""
    columns = {name: getattr(bars, name) * price / bars.close[ROW] for name in ("open", "high", "low", "close")}
    return replace(bars, **{name: np.maximum(np.round(column, 2), 0.01) for name, column in columns.items()})


@pytest.mark.parametrize("ratio", [5, 10, 20, 50])
def test_a_share_of_a_few_cents_that_is_put_together_is_suspected(ratio: int) -> None:
    cheap = in_cents(walk(1), 0.05)
    assert found(cheap) == []
    assert f"as after a split of 1:{ratio}, and no action" in found(scaled(cheap, ROW, 1 / ratio))[0].sentence


def test_a_few_cents_that_double_are_a_matter_of_rounding() -> None:
    assert found(scaled(in_cents(walk(1), 0.05), ROW, 0.5)) == []


def test_the_finding_stands_at_the_first_row_after_the_jump() -> None:
    bars = scaled(walk(1), ROW, 4)
    assert found(bars)[0].first_ns == bars.labels()[ROW]


def test_an_action_explains_the_jump() -> None:
    bars = scaled(walk(1), ROW, 4)
    assert found(replace(bars, actions=split(bars, ROW, 4.0))) == []


def test_an_action_of_a_day_without_a_bar_explains_the_jump_of_the_next() -> None:
    days = walk(1).sessions.labels
    monday = int(np.flatnonzero(np.diff(days) == 3)[40]) + 1
    sunday = Actions(days[monday : monday + 1] - 1, np.array([4.0]))
    assert found(replace(scaled(walk(1), monday, 4), actions=sunday)) == []


def test_an_action_that_the_prices_contain_already_is_a_mixed_adjustment() -> None:
    bars = walk(1)
    finding = found(replace(bars, actions=split(bars, ROW, 4.0)))[0]
    assert (finding.problem, finding.gravity) == (Problem.MIXED_ADJUSTMENT, Gravity.FAIL)
    assert "the prices contain that action already, or it belongs to another date." in finding.sentence


@pytest.mark.parametrize("ratio", [1.25, 1.5, 4.0, 20.0, 0.5, 0.1])
def test_a_ratio_that_stands_upside_down_is_told(ratio: float) -> None:
    bars = scaled(walk(1), ROW, ratio)
    finding = found(replace(bars, actions=split(bars, ROW, 1 / ratio)))[0]
    assert (finding.problem, finding.gravity) == (Problem.MIXED_ADJUSTMENT, Gravity.FAIL)
    assert "the ratio may stand upside down (it is new shares for each old one)." in finding.sentence


def test_an_action_under_a_wrong_date_is_told_on_both_days() -> None:
    bars = scaled(walk(1), ROW, 5)
    assert kinds(replace(bars, actions=split(bars, ROW + 80, 5.0))) == [Problem.MIXED_ADJUSTMENT, Problem.SPLIT]


def test_an_action_of_another_ratio_leaves_a_split_to_explain() -> None:
    bars = scaled(walk(1), ROW, 8)
    finding = found(replace(bars, actions=split(bars, ROW, 2.0)))[0]
    assert (finding.problem, "split of 4:1" in finding.sentence) == (Problem.SPLIT, True)


def test_a_special_dividend_explains_its_drop_and_is_missed_where_there_is_none() -> None:
    bars = scaled(walk(1), ROW, 2)
    cash = float(bars.close[ROW - 1]) / 2
    paid = Actions(dividend_days=bars.sessions.labels[ROW : ROW + 1], dividends=np.array([cash]))
    assert found(replace(bars, actions=paid)) == []
    assert kinds(replace(walk(1), actions=paid)) == [Problem.MIXED_ADJUSTMENT]


def test_prices_that_are_said_to_be_adjusted_may_not_jump() -> None:
    bars = replace(scaled(walk(1), ROW, 3), adjustment=Adjustment.SPLIT)
    assert "split of 3:1, and the prices are said to be adjusted." in found(bars)[0].sentence


def test_a_split_shows_between_sessions_of_minutes() -> None:
    days = dates("2023-11-27", "2023-12-01").astype("datetime64[ns]").astype("datetime64[D]").astype(str)
    bars = placed(np.concatenate([minutes(f"{day}T14:30", f"{day}T21:00") for day in days]), "1m")
    assert found(bars) == []
    assert kinds(scaled(bars, 2 * 390, 7)) == [Problem.SPLIT]


def test_the_first_print_of_a_session_of_minutes_may_still_be_of_yesterday() -> None:
    bars = placed(
        np.concatenate([minutes(f"2023-11-{day}T14:30", f"2023-11-{day}T21:00") for day in (27, 28, 29)]), "1m"
    )
    late = scaled(bars, 390, 7)
    old = float(late.close[389])
    assert kinds(changed(late, 390, open=old, high=old)) == [Problem.SPLIT]


# ---------------------------------------------------------------- what is no split


def crash(bars: Bars, ratio: float, *, wide: float = 1.0, busy: float = 1.0) -> Bars:
    """A fall by a ratio over night, on a day of so many times the range and the volume."""
    fallen = scaled(bars, ROW, ratio)
    low = float(fallen.low[ROW]) * (1 - 0.02 * (wide - 1))
    return changed(fallen, ROW, low=low, volume=float(fallen.volume[ROW]) * busy)


def test_a_fall_on_a_wild_day_is_a_crash() -> None:
    assert kinds(crash(walk(1), 2)) == [Problem.SPLIT]
    assert found(crash(walk(1), 2, wide=10)) == []


def test_a_fall_on_a_day_of_many_times_the_turnover_is_a_crash() -> None:
    assert found(crash(walk(1), 2, busy=12)) == []


@pytest.mark.parametrize("ratio", [1.1, 1.25, 1.35, 1.75, 2.2])
def test_a_jump_by_no_simple_ratio_is_news(ratio: float) -> None:
    bars = walk(1, volatility=0.002)
    assert found(scaled(bars, ROW, ratio)) == []


def test_closes_alone_do_not_tell_a_split_from_a_crash() -> None:
    bars = scaled(walk(1), ROW, 2)
    closes = replace(bars, open=bars.close, high=bars.close, low=bars.close)
    known = found(closes)[0]
    unknown = found(closes.with_instrument(SHARE.without_volume()))[0]
    assert (known.gravity, unknown.gravity) == (Gravity.FAIL, Gravity.WARN)
    assert "closes alone do not tell it from a crash." in unknown.sentence


def test_a_jump_that_comes_back_is_a_spike_and_no_split() -> None:
    bars = walk(1)
    assert found(scaled(scaled(bars, ROW, 2), ROW + 1, 0.5)) == []


def test_a_jump_within_a_few_usual_ranges_is_no_split() -> None:
    bars = scaled(walk(1, volatility=0.002), ROW, 1.5)
    wild = replace(bars, high=bars.high * 1.12, low=bars.low / 1.12)
    assert kinds(bars) == [Problem.SPLIT]
    assert found(wild) == []


def test_prices_of_a_few_ticks_double_by_rounding() -> None:
    bars = walk(1, volatility=0.002)
    pennies = replace(bars, **{name: getattr(bars, name) / 1000 for name in ("open", "high", "low", "close")})
    assert found(scaled(pennies, ROW, 2)) == []


def test_coins_do_not_split() -> None:
    coin = scaled(walk(1), ROW, 2).with_instrument(Crypto("BTCUSD"))
    assert found(coin) == []


def test_longer_bars_do_not_show_a_split_between_them() -> None:
    days = dates("2020-01-02", "2020-06-30")
    fridays = days[(days // NS_PER_DAY + 3) % 7 == 4]
    assert found(scaled(placed(fridays, "1w"), 6, 2)) == []


def test_a_series_of_one_session_has_no_jump() -> None:
    assert found(placed(dates("2020-01-02", "2020-01-02"))) == []
