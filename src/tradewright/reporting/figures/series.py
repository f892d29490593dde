"""What changes over time beside the equity: rolling ratios, exposure and turnover, the curves at other costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting import curves
from tradewright.reporting.figures import layout as shape
from tradewright.reporting.figures.layout import MOST_POINTS
from tradewright.reporting.times import Times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord
    from tradewright.reporting.activity import Activity
    from tradewright.reporting.cost_scenarios import Scenario

    Floats = NDArray[np.float64]
    Figure = dict[str, Any]

__all__ = ["activity_figure", "cost_figure", "rolling_figure"]

_COST_STYLES = {
    0.0: {"color": "var(--series-3)", "width": 1.5, "dash": "dot"},
    0.5: {"color": "var(--muted)", "width": 1.1, "dash": "dot"},
    1.0: {"color": "var(--accent)", "width": 2.2},
    1.5: {"color": "var(--muted)", "width": 1.1, "dash": "dash"},
    2.0: {"color": "var(--series-2)", "width": 1.5, "dash": "dash"},
    3.0: {"color": "var(--series-4)", "width": 1.5, "dash": "dashdot"},
}
_COST_POINTS = 700
_APART = 0.05
_TENFOLD = 10


def rolling_figure(record: RunRecord, sharpe: Floats, volatility: Floats, window: str) -> Figure:
    """Sharpe above, volatility below, each over the window named; undefined spans are gaps.

    Parameters
    ----------
    sharpe, volatility : (s,) float64
        One value per session close.
    window : str
        The window in words.
    """
    rows = record.timeline.session_closes()
    filled = tuple(np.where(np.isfinite(column), column, 0.0) for column in (sharpe, volatility))
    kept = curves.keep_extremes(filled, MOST_POINTS)
    times = Times(record)
    x = times.rows(rows[kept])
    data = [
        shape.line("Sharpe", x, sharpe[kept], {"color": "var(--accent)", "width": 1.5}, "%{y:.2f}"),
        shape.line("Volatility", x, volatility[kept], {"color": "var(--series-3)", "width": 1.5, "dash": "dot"},
                   "%{y:.2%}") | {"yaxis": "y2"},
    ]  # fmt: skip
    figure = _two_panes(times, f"Sharpe, {window}", f"Volatility a year, {window}")
    figure["yaxis"] |= {"zeroline": True, "zerolinecolor": "var(--muted)", "nticks": 5}
    figure["yaxis2"] |= {"tickformat": "~%", "rangemode": "tozero"}
    return {"data": data, "layout": figure}


def activity_figure(record: RunRecord, found: Activity) -> Figure:
    """Gross exposure at session closes above, turnover by month below, both as multiples of equity."""
    rows = record.timeline.session_closes()
    kept = curves.keep_extremes((found.exposure,), MOST_POINTS)
    times = Times(record)
    exposed = shape.line("Exposure", times.rows(rows[kept]), found.exposure[kept],
                         {"color": "var(--accent)", "width": 1.2, "shape": "hv"}, "%{y:.1%}")  # fmt: skip
    data = [
        exposed | {"fill": "tozeroy", "fillcolor": "var(--accent-wash)"},
        {
            "type": "bar", "name": "Turnover", "x": list(found.middles),
            "y": shape.drawn(found.turnover, 5), "yaxis": "y2", "marker": {"color": "var(--series-3)"},
            "customdata": list(found.spans), "hovertemplate": "%{y:.1%}<extra>%{customdata}</extra>",
        },
    ]  # fmt: skip
    figure = _two_panes(times, "Gross exposure ÷ equity", f"Traded value ÷ equity, by {found.step}")
    figure["yaxis"] |= {**_share_ticks(found.exposure), "rangemode": "tozero", "nticks": 5}
    figure["yaxis2"] |= {**_share_ticks(found.turnover), "rangemode": "tozero"}
    return {"data": data, "layout": figure}


def cost_figure(record: RunRecord, found: Sequence[Scenario]) -> Figure:
    """The equity at each multiple of the costs that were paid, each named at its end."""
    first = record.timeline.first_row
    times = Times(record)
    data = []
    for each in found:
        kept = curves.keep_extremes((each.equity[1:],), _COST_POINTS)
        x = times.rows(first + kept)
        data.append(
            shape.line(f"{each.multiple:g}×", x, each.equity[1 + kept], _COST_STYLES[each.multiple], "%{y:,.2f}")
        )
    figure = shape.base(320)
    figure |= {"showlegend": True, "legend": shape.legend(), "hovermode": "x unified"}
    figure["margin"] = {**figure["margin"], "r": 40}
    shape.time_axis(figure, times)
    figure["yaxis"] |= {"tickformat": shape.PLAIN}
    figure["annotations"] = [shape.pane_title(record.config.currency, 1.0), *_end_labels(data)]
    return {"data": data, "layout": figure}


def _share_ticks(values: Floats) -> Figure:
    """Percent, and multiples from ten on."""
    highest = float(np.nanmax(values, initial=0.0))
    return {"tickformat": "~g", "ticksuffix": "×"} if highest >= _TENFOLD else {"tickformat": "~%"}


def _end_labels(data: list[Figure]) -> list[Figure]:
    """The name of each line at its end; a line that ends where another does leaves its name to the legend."""
    values = [value for each in data for value in each["y"] if value is not None]
    span = (max(values) - min(values)) or 1.0
    labels: list[Figure] = []
    for each in sorted(data, key=lambda each: each["name"] != "1×"):
        end = each["y"][-1]
        if end is None or any(abs(end - other["y"]) < _APART * span for other in labels):
            continue
        labels.append({"text": each["name"], "x": 1, "xref": "paper", "xanchor": "left", "xshift": 4, "y": end,
                       "yref": "y", "showarrow": False, "font": {"size": 12, "color": _colour(each)}})  # fmt: skip
    return labels


def _colour(line: Figure) -> str:
    return str(line["line"]["color"])


def _two_panes(times: Times, above: str, below: str) -> Figure:
    figure = shape.base(340)
    figure["hovermode"] = "x unified"
    shape.time_axis(figure, times)
    figure["xaxis"] |= {"anchor": "y2"}
    figure["yaxis"] |= {"domain": [0.56, 1.0]}
    figure["yaxis2"] = {**figure["yaxis"], "domain": [0.0, 0.42], "nticks": 4}
    figure["annotations"] = [shape.pane_title(above, 1.0), shape.pane_title(below, 0.42)]
    return figure
