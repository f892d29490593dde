"""The pictures of a Monte Carlo study: a fan of equity, and how outcomes are spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting.figures import layout as shape
from tradewright.reporting.monte_carlo.findings import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradewright.reporting.monte_carlo.findings import MonteCarloFindings

    Figure = dict[str, Any]
    Floats = NDArray[np.float64]

__all__ = ["fan_figure", "spread_figure"]

_CLASSES = 40
_REACH = (0.005, 0.995)


def fan_figure(findings: MonteCarloFindings) -> Figure:
    """Bands that hold half and nine tenths of the paths at each step, their middle, and the run."""
    x = findings.study.marks.tolist()
    low, lower, middle, upper, high = findings.study.bands(LEVELS)
    run = {"color": "var(--accent)", "width": 2}
    data = [
        *_band("Nine in ten paths", x, low, high, "var(--line)"),
        *_band("Half of the paths", x, lower, upper, "var(--accent-wash)"),
        shape.line("Middle", x, middle, {"color": "var(--muted)", "width": 1.4, "dash": "5px,3px"}, "%{y:,.2f}"),
        shape.line("The run", x, findings.path, run, "%{y:,.2f}"),
    ]
    figure = shape.base(400)
    figure |= {"showlegend": True, "legend": shape.legend(), "hovermode": "x unified"}
    figure["margin"] = {"l": 8, "r": 12, "t": 44, "b": 8}
    figure["xaxis"] |= {"nticks": 10, "title": shape.axis_title(findings.steps.capitalize())}
    figure["yaxis"] |= {"tickformat": shape.PLAIN}
    figure["annotations"] = [shape.pane_title(findings.currency, 1.0) | {"yshift": 16}]
    return {"data": data, "layout": figure}


def spread_figure(findings: MonteCarloFindings, field: str, title: str) -> Figure:
    """How an outcome is spread over the paths, the run marked; the outermost classes hold what lies beyond."""
    values = np.asarray(getattr(findings.study.paths, field), np.float64)
    values = values[np.isfinite(values)]
    own = float(getattr(findings.study.observed, field)[0])
    edges = _edges(values)
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
    middle, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    data = [{
        "type": "bar", "name": "Paths", "x": shape.drawn(middle, 7), "y": counts.tolist(), "showlegend": False,
        "width": shape.drawn(width * 0.94, 7), "marker": {"color": "var(--series-3)"},
        "customdata": [[findings.written(field, a), findings.written(field, b)]
                       for a, b in np.column_stack((edges[:-1], edges[1:])).tolist()],
        "hovertemplate": "%{customdata[0]} to %{customdata[1]}<br>%{y} paths<extra></extra>",
    }]  # fmt: skip
    figure = shape.base(260)
    figure["bargap"] = 0
    figure["margin"] = {"l": 8, "r": 12, "t": 46, "b": 8}
    figure["xaxis"] |= {"nticks": 7, "tickformat": "~%" if field == "drawdown" else shape.PLAIN,
                        "title": shape.axis_title(title)}  # fmt: skip
    figure["yaxis"] |= {"rangemode": "tozero", "nticks": 5}
    figure["annotations"] = [shape.pane_title("Paths", 1.0) | {"yshift": 16}]
    if np.isfinite(own):
        at = float(np.clip(own, edges[0], edges[-1]))
        figure["shapes"] = [_upright(at)]
        figure["annotations"].append(_said(at, f"the run {findings.written(field, own)}", edges))
    return {"data": data, "layout": figure}


def _band(name: str, x: Sequence[int], low: Floats, high: Floats, colour: str) -> list[Figure]:
    """Two invisible lines and the colour between them."""
    edge = {"color": "rgba(0,0,0,0)", "width": 0}
    lower = shape.line(name, x, low, edge, "from %{y:,.2f}") | {"showlegend": False}
    upper = shape.line(name, x, high, edge, "to %{y:,.2f}") | {"fill": "tonexty", "fillcolor": colour}
    return [lower, upper]


def _edges(values: Floats) -> Floats:
    low, high = (float(each) for each in np.quantile(values, _REACH))
    return np.linspace(low, high, _CLASSES + 1) if high > low else np.array([low - 0.5, low + 0.5])


def _upright(at: float) -> Figure:
    return {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
            "line": {"color": "var(--text)", "width": 1.8}}  # fmt: skip


def _said(at: float, text: str, edges: Floats) -> Figure:
    right = at > (edges[0] + edges[-1]) / 2
    return {"text": text, "x": at, "xref": "x", "xanchor": "right" if right else "left", "y": 1, "yref": "paper",
            "yanchor": "bottom", "showarrow": False, "font": {"size": 12}}  # fmt: skip
