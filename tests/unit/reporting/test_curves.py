"""Curves of a run: months, the benchmark, fewer points."""

from __future__ import annotations

import numpy as np
import pytest
from tests.builders import daily_timeline, minute_timeline, random_walk, run_record

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Equity
from tradewright.domain.timeframe import Timeframe
from tradewright.reporting import curves


def test_months_link_to_the_total_return() -> None:
    closes = random_walk(300)
    record = run_record(closes, equity=closes / closes[0] * 100.0, cash=100.0)
    years = curves.months(record)
    growth = np.prod([1 + month for year in years for month in year.months if month is not None])
    assert growth == pytest.approx(record.equity[-1] / 100.0)
    assert [year.year for year in years] == [2020, 2021]
    assert years[-1].months[-1] is None


def test_the_first_month_starts_from_the_cash() -> None:
    record = run_record([10.0] * 3, equity=[110.0, 110.0, 121.0], cash=100.0)
    assert curves.months(record)[0].months[0] == pytest.approx(0.21)


def test_intraday_months_are_of_session_closes() -> None:
    line = minute_timeline(30, 2)
    equity = np.linspace(101, 160, len(line))
    record = run_record(np.full(len(line), 10.0), equity=equity, cash=100.0, timeline=line, timeframe="1m")
    # January 2020 has 20 weekdays from the 6th on: its last close is row 39.
    assert curves.months(record)[0].months[0] == pytest.approx(equity[39] / 100 - 1)


def bars_of(first_row: int, closes: list[float]) -> Bars:
    """Daily bars of a benchmark whose first session is that row of the usual timeline."""
    line = daily_timeline(first_row + len(closes))
    column = np.array(closes)
    return Bars(
        Equity("SPY", exchange="ARCX"), Timeframe.parse("1d"), line.open_time[first_row:], line.close_time[first_row:],
        column, column, column, column, np.ones(len(column)),
        SessionIndex(line.sessions.labels[first_row:], np.arange(len(column), dtype=np.int64)),
    )  # fmt: skip


def test_benchmark_bars_are_matched_by_session_and_carried_over_gaps() -> None:
    record = run_record([10.0] * 4)
    prices = curves.benchmark_closes(record, bars_of(0, [5.0, 6.0, 7.0]))
    assert prices is not None
    assert prices.tolist() == [5.0, 5.0, 6.0, 7.0, 7.0]


def test_a_benchmark_that_begins_after_the_run_is_refused() -> None:
    with pytest.raises(DataError, match="begins on 2020-01-07"):
        curves.benchmark_closes(run_record([10.0] * 4), bars_of(1, [5.0, 6.0, 7.0]))


def test_bars_in_the_record_serve_as_its_closes() -> None:
    record = run_record([10.0, 11.0, 12.0])
    record.bars["ACME"] = bars_of(0, [10.0, 11.0, 12.0])
    closes = curves.own_closes(record)
    assert closes is not None
    assert closes.tolist() == [10.0, 11.0, 12.0]


def test_few_points_are_kept_as_they_are() -> None:
    assert curves.keep_extremes((np.arange(10.0),), 10).tolist() == list(range(10))


@pytest.mark.parametrize("seed", range(5))
def test_fewer_points_keep_first_last_and_every_extreme(seed: int) -> None:
    generator = np.random.default_rng(seed)
    columns = (generator.normal(size=9_973), generator.normal(size=9_973))
    rows = curves.keep_extremes(columns, 400)
    assert len(rows) <= 400
    assert (np.diff(rows) > 0).all()
    assert (rows[0], rows[-1]) == (0, 9_972)
    for column in columns:
        assert column[rows].min() == column.min()
        assert column[rows].max() == column.max()
