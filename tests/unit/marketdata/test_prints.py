"""Prices far from both neighbours, prices that stand still, bars without trades; each beside its clean twin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.price_series import SHARE, changed, dates, minutes, placed, walk

import tradewright as tw
from tradewright.domain.bars import Bars
from tradewright.domain.instrument import Crypto
from tradewright.domain.quality import Gravity, Problem
from tradewright.marketdata import prints
from tradewright.marketdata.findings import Site
from tradewright.marketdata.prints import (
    spike_findings,
    spikes,
    stale,
    stale_findings,
    suspect_rows,
    zero_volume_findings,
)

ROW = 250


def site(bars: Bars) -> Site:
    return Site(bars, bars.labels())


def moved(bars: Bars, row: int, factor: float) -> Bars:
    """All prices of one row times a factor."""
    return changed(
        bars, row, **{name: float(getattr(bars, name)[row]) * factor for name in ("open", "high", "low", "close")}
    )


def spiky(bars: Bars) -> list[int]:
    return np.flatnonzero(spikes(bars)).tolist()


# ---------------------------------------------------------------- spikes


def test_a_walk_has_no_spike() -> None:
    assert spiky(walk(1)) == []


@pytest.mark.parametrize("factor", [0.5, 0.1, 1.5, 10, 100])
@pytest.mark.parametrize("row", [1, ROW, 498])
def test_a_bar_far_from_both_neighbours_is_a_spike(row: int, factor: float) -> None:
    assert row in spiky(moved(walk(1), row, factor))


def test_a_jump_that_stays_is_news() -> None:
    bars = walk(1)
    later = np.where(np.arange(len(bars)) < ROW, 1.0, 1.4)
    assert (
        spiky(replace(bars, **{name: getattr(bars, name) * later for name in ("open", "high", "low", "close")})) == []
    )


def test_a_jump_of_which_a_part_stays_is_news() -> None:
    bars = walk(1, volatility=0.005)
    steps = np.where(np.arange(len(bars)) < ROW, 1.0, np.where(np.arange(len(bars)) == ROW, 1.6, 1.25))
    prices = {name: getattr(bars, name) * steps for name in ("open", "high", "low", "close")}
    assert spiky(replace(bars, **prices)) == []


@pytest.mark.parametrize(("first", "last"), [(116, 191), (64, 139)])
def test_a_storm_that_begins_or_ends_amid_calm_bars_has_no_spike(first: int, last: int) -> None:
    stormy = (np.arange(256) >= first) & (np.arange(256) <= last)
    close = 100 * np.where(np.arange(256) % 2 == 1, np.where(stormy, 1.05, 1.0005), 1.0)
    bars = placed(dates("2020-01-02", "2021-12-31")[:256])
    assert spiky(replace(bars, open=close, close=close, high=close * 1.001, low=close / 1.001)) == []


def test_a_bad_low_alone_is_a_spike_and_a_long_wick_is_not() -> None:
    bars = walk(1)
    low = float(min(bars.low[ROW - 1 : ROW + 2]))
    assert spiky(changed(bars, ROW, low=low * 0.1)) == [ROW]
    assert spiky(changed(bars, ROW, low=low * 0.85)) == []


def test_a_bad_high_alone_is_a_spike() -> None:
    bars = walk(1)
    assert spiky(changed(bars, ROW, high=float(max(bars.high[ROW - 1 : ROW + 2])) * 2)) == [ROW]


def test_a_bad_open_alone_is_a_spike() -> None:
    bars = walk(1)
    assert spiky(changed(bars, ROW, open=1.0, low=1.0)) == [ROW]


def test_what_is_far_depends_on_how_much_the_market_moves_there() -> None:
    assert spiky(moved(walk(1, volatility=0.005), ROW, 1.15)) == [ROW]
    assert spiky(moved(walk(1, volatility=0.04), ROW, 1.15)) == []


def test_moves_below_half_a_percent_or_five_ticks_are_never_spikes() -> None:
    bars = placed(dates("2020-01-02", "2020-12-31"))
    assert spiky(moved(bars, 100, 1.004)) == []
    assert spiky(moved(bars, 100, 1.05)) == [100]
    coarse = bars.with_instrument(replace(SHARE, tick=2.0))
    assert spiky(moved(coarse, 100, 1.05)) == []


def test_a_spike_is_told_with_its_prices() -> None:
    finding = next(spike_findings(site(changed(walk(1), ROW, low=1.5))))
    assert (finding.problem, finding.gravity, finding.count) == (Problem.SPIKE, Gravity.WARN, 1)
    assert "reaches from 1.5 to " in finding.sentence


def test_two_bars_cannot_spike() -> None:
    assert spiky(walk(1, 2)) == []


# ---------------------------------------------------------------- prices that stand still


def frozen(bars: Bars, first: int, last: int) -> Bars:
    """The rows from first to last with the prices of the first."""
    columns = {name: np.array(getattr(bars, name)) for name in ("open", "high", "low", "close")}
    for column in columns.values():
        column[first : last + 1] = column[first]
    return replace(bars, **columns)


def test_a_walk_is_never_stale() -> None:
    assert stale(walk(1)) == []


def test_three_days_alike_are_stale_and_two_are_not() -> None:
    assert stale(frozen(walk(1), 100, 102)) == [(100, 102)]
    assert stale(frozen(walk(1), 100, 101)) == []


def coin_minutes(count: int = 400) -> Bars:
    return placed(minutes("2024-01-01", "2024-01-02")[:count], "1m", Crypto("BTCUSD"))


def test_minutes_alike_with_a_range_are_stale_from_ten_on() -> None:
    assert stale(frozen(coin_minutes(), 100, 109)) == [(100, 109)]
    assert stale(frozen(coin_minutes(), 100, 108)) == []


def test_one_price_may_stand_for_an_hour_of_minutes() -> None:
    flat = coin_minutes()
    flat = replace(flat, open=flat.close, high=flat.close, low=flat.close)
    assert stale(frozen(flat, 100, 158)) == []
    assert stale(frozen(flat, 100, 159)) == [(100, 159)]


def test_a_market_that_often_stands_still_is_not_stale() -> None:
    rng = np.random.default_rng(5)
    price = 100 + 0.01 * np.cumsum(rng.random(20_000) < 0.1)
    bars = placed(np.arange(20_000) * 300 * 10**9 + 1_704_067_200 * 10**9, "5m", Crypto("BTCUSD"))
    still = replace(bars, open=price, high=price, low=price, close=price)
    assert stale(still) == []
    assert stale(frozen(still, 5_000, 5_400)) != []


def test_bars_without_trades_are_not_stale_but_without_volume() -> None:
    bars = frozen(walk(1), 100, 110)
    volume = np.array(bars.volume)
    volume[101:111] = 0
    assert stale(replace(bars, volume=volume)) == []
    assert [finding.count for finding in zero_volume_findings(site(replace(bars, volume=volume)))] == [10]


def test_a_stale_run_is_told_with_its_length() -> None:
    finding = next(stale_findings(site(frozen(walk(1), 100, 104))))
    assert (finding.problem, finding.gravity, finding.count) == (Problem.STALE, Gravity.NOTICE, 5)
    assert finding.sentence.startswith("5 bars from 2000-05-25 to 2000-06-01 repeat the same prices")


# ---------------------------------------------------------------- no volume


def test_volume_that_is_not_known_cannot_be_nought() -> None:
    bars = replace(walk(1), volume=np.zeros(500))
    assert list(zero_volume_findings(site(bars.with_instrument(SHARE.without_volume())))) == []
    assert [finding.count for finding in zero_volume_findings(site(bars))] == [500]


def test_the_longest_runs_are_told_one_by_one_and_the_rest_together() -> None:
    bars = walk(1)
    volume = np.array(bars.volume)
    volume[::10] = 0
    volume[400:405] = 0
    findings = list(zero_volume_findings(site(replace(bars, volume=volume))))
    assert len(findings) == 21
    assert sum(finding.count for finding in findings) == int((volume == 0).sum())
    assert 5 in {finding.count for finding in findings}
    assert findings[-1].sentence.startswith("30 more bars in 30 places between ")


# ---------------------------------------------------------------- rows to leave out


def test_suspect_rows_are_named_with_what_is_wrong() -> None:
    bars = moved(frozen(walk(1), 100, 103), ROW, 3)
    volume = np.array(bars.volume)
    volume[400] = 0
    found = suspect_rows(replace(bars, volume=volume))
    assert {row: problem for row, (problem, _) in found.items()} == {
        101: Problem.STALE,
        102: Problem.STALE,
        103: Problem.STALE,
        ROW: Problem.SPIKE,
        400: Problem.ZERO_VOLUME,
    }


@pytest.mark.parametrize("rows", [5, 63, 64, 65, 129, 191, 193, 257, 1000])
def test_stretches_that_bound_memory_change_no_answer(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    bars = tw.synthetic_bars(bars=rows, calendar="24/7", timeframe="5m", seed=rows)
    high = bars.high.copy()
    high[:: max(rows // 9, 1)] *= 1.3
    far = replace(bars, high=high)
    at_once = prints.spikes(far)
    assert at_once.any() or rows < 64
    for blocks in (2, 3):
        monkeypatch.setattr(prints, "_STRETCH", blocks * prints._BLOCK)
        assert prints.spikes(far).tolist() == at_once.tolist()
