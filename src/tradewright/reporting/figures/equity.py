"""Equity with its benchmark above, drawdown below, on one time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting import curves, tables
from tradewright.reporting.figures import layout as shape
from tradewright.reporting.figures.layout import MOST_POINTS
from tradewright.reporting.times import Times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord

    Floats = NDArray[np.float64]
    Figure = dict[str, Any]

__all__ = ["benchmark_points", "equity_figure", "wants_log"]

_TENFOLD = 10


def equity_figure(record: RunRecord, benchmark: Floats | None) -> Figure:
    """Equity with the benchmark above, drawdown below, on one time axis.

    Parameters
    ----------
    record : RunRecord
    benchmark : (s + 1,) float64, optional
        Benchmark prices at the start and at every session close; drawn from the same starting cash.
    """
    columns = tables.equity(record)
    kept = curves.keep_extremes((columns["equity"], columns["drawdown"]), MOST_POINTS)
    times = Times(record)
    x = times.rows(record.timeline.first_row + kept)
    equity, drawdown = columns["equity"][kept], columns["drawdown"][kept]
    under = shape.line("Drawdown", x, drawdown, {"color": "var(--loss)", "width": 1.2}, "%{y:.2%}")
    data = [
        shape.line("Equity", x, equity, {"color": "var(--accent)", "width": 1.8}, "%{y:,.2f}"),
        *_benchmark(record, times, benchmark),
        under | {"yaxis": "y2", "fill": "tozeroy", "fillcolor": "var(--loss-wash)", "showlegend": False},
    ]
    figure = _layout(record, times, drawdown)
    figure["showlegend"] = len(data) > 2
    figure["yaxis"]["type"] = "log" if wants_log(record) else "linear"
    return {"data": data, "layout": figure}


def wants_log(record: RunRecord) -> bool | None:
    """Whether the curve reads better in a log scale; None where it reaches zero and has none."""
    marked = record.equity[record.timeline.first_row :]
    if not len(marked) or float(marked.min()) <= 0:
        return None
    return float(marked.max()) > _TENFOLD * float(marked.min())


def _layout(record: RunRecord, times: Times, drawdown: Floats) -> Figure:
    figure = shape.base(460)
    figure["hovermode"] = "x unified"
    figure["legend"] = shape.legend()
    shape.time_axis(figure, times)
    figure["xaxis"] |= {"anchor": "y2"}
    figure["yaxis"] |= {"domain": [0.34, 1.0], "tickformat": shape.PLAIN}
    deepest = max(0.001, -float(drawdown.min(initial=0.0)))
    figure["yaxis2"] = {**figure["yaxis"], "domain": [0.0, 0.27], "type": "linear", "nticks": 4,
                        "tickformat": ".0%" if deepest > 0.03 else ".2%", "range": [-1.08 * deepest, 0.0]}  # fmt: skip
    figure["annotations"] = [shape.pane_title(record.config.currency, 1.0), shape.pane_title("Drawdown", 0.27)]
    return figure


def _benchmark(record: RunRecord, times: Times, prices: Floats | None) -> list[Figure]:
    rows, values = benchmark_points(record, prices)
    if not len(rows):
        return []
    chosen = curves.keep_extremes((values,), MOST_POINTS)
    style = {"color": "var(--muted)", "width": 1.3, "dash": "5px,3px"}
    return [shape.line("Benchmark", times.rows(rows[chosen]), values[chosen], style, "%{y:,.2f}")]


def benchmark_points(record: RunRecord, prices: Floats | None) -> tuple[NDArray[np.int64], Floats]:
    """Rows of the run and what the benchmark would have made there of the starting cash; none without a benchmark."""
    if prices is None or not len(prices) > 1 or not prices[0] > 0:
        return np.empty(0, np.int64), np.empty(0, np.float64)
    rows, values = _points(record, prices)
    return rows, record.config.cash * values / prices[0]


def _points(record: RunRecord, prices: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Rows and prices of the benchmark: every bar where it is the run's own symbol, else every session close."""
    first, closes = record.timeline.first_row, record.timeline.session_closes()
    own = curves.own_closes(record)
    if own is not None and np.array_equal(own[closes], prices[1:]):
        return np.arange(first, len(record.timeline), dtype=np.int64), own[first:]
    # It begins where the run does: the first session of intraday bars closes hours after the cash was there.
    rows = np.concatenate(([first], closes))
    return (rows[1:], prices[1:]) if rows[0] == rows[1] else (rows, prices)
