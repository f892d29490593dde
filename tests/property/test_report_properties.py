"""What is drawn with fewer points loses no extreme, and other costs never pay."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import run_record, weekdays

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.instrument import Equity
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, Timeframe
from tradewright.quant.drawdown import max_drawdown
from tradewright.reporting import curves, tables
from tradewright.reporting.figures.equity import equity_figure

walks = st.integers(1, 3_000).flatmap(lambda rows: st.tuples(st.just(rows), st.integers(0, 2**32 - 1)))


def walk(rows: int, seed: int) -> np.ndarray:
    return 100.0 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.02, rows)))


@settings(max_examples=60, deadline=None)
@given(walks, st.integers(12, 400))
def test_fewer_points_keep_first_last_highest_lowest_and_the_order(made: tuple[int, int], limit: int) -> None:
    values = walk(*made)
    drawdown = values / np.maximum.accumulate(values) - 1.0
    kept = curves.keep_extremes((values, drawdown), limit)
    assert len(kept) <= max(limit, 12)
    assert (np.diff(kept) > 0).all()
    assert (kept[0], kept[-1]) == (0, len(values) - 1)
    assert (values[kept].min(), values[kept].max()) == (values.min(), values.max())
    assert drawdown[kept].min() == drawdown.min()


@settings(max_examples=30, deadline=None)
@given(st.integers(4_100, 9_000), st.integers(0, 2**32 - 1))
def test_the_deepest_drawdown_of_a_long_run_is_in_its_picture(rows: int, seed: int) -> None:
    equity = 1_000.0 * walk(rows, seed)
    record = run_record(np.full(rows, 10.0), equity=equity, cash=float(equity[0]))
    drawn = equity_figure(record, None)["data"][-1]["y"]
    assert min(drawn) == float(f"{max_drawdown(equity):.8g}")
    assert min(tables.equity(record)["drawdown"]) == max_drawdown(equity)


def bars(rows: int, seed: int) -> Bars:
    close = walk(rows, seed)
    days = weekdays(rows)
    start = days * NS_PER_DAY + 870 * NS_PER_MINUTE
    return Bars(Equity("ACME"), Timeframe.parse("1d"), start, start + 390 * NS_PER_MINUTE, close, close * 1.01,
                close * 0.99, close, np.ones(rows), SessionIndex(days, np.arange(rows, dtype=np.int64)))  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(walks, st.integers(1, 300))
def test_candles_put_together_keep_open_high_low_and_close(made: tuple[int, int], limit: int) -> None:
    given_bars = bars(*made)
    found = curves.candles(given_bars, 0, limit)
    assert len(found.open) <= limit
    assert (found.open[0], found.close[-1]) == (given_bars.open[0], given_bars.close[-1])
    assert (found.high.max(), found.low.min()) == (given_bars.high.max(), given_bars.low.min())
    assert (found.high >= np.maximum(found.open, found.close)).all()
    assert (np.diff(found.time) > 0).all()
