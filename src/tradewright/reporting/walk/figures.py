"""The pictures of a walk as plain Plotly descriptions: the curve with its folds, the windows, the values, the drift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.space import Space
from tradewright.reporting.figures import layout as shape
from tradewright.reporting.figures.equity import equity_figure
from tradewright.reporting.search import texts
from tradewright.reporting.search.space import number_text
from tradewright.reporting.search.trials import numbers
from tradewright.reporting.walk.folds import parameter_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradewright.domain.space import Dimension
    from tradewright.domain.walk import Fold, WalkRecord

    Figure = dict[str, Any]

__all__ = ["MOST_PANES", "drift_figure", "out_of_sample_figure", "value_figure", "window_figure"]

MOST_PANES = 8
"""Most parameters whose drift is drawn; the first ones."""

_PANE_HEIGHT = 92


def out_of_sample_figure(record: WalkRecord, benchmark: NDArray[np.float64] | None) -> Figure:
    """Equity and drawdown of the stitched run, a dotted line at the beginning of every fold."""
    figure = equity_figure(record.stitched, benchmark)
    figure["layout"]["shapes"] = [
        {"type": "line", "xref": "x", "yref": "paper", "x0": fold.window.test_start, "x1": fold.window.test_start,
         "y0": 0, "y1": 1, "layer": "below", "line": {"color": "var(--line)", "width": 1.4, "dash": "dash"}}
        for fold in record.folds
    ]  # fmt: skip
    return figure


def window_figure(record: WalkRecord) -> Figure:
    """Where each fold trained and where it tested, one row a fold, the first on top."""
    folds = record.folds
    row = float(np.clip(260 / max(len(folds), 1), 3, 22))
    figure = shape.base(int(row * len(folds)) + 90)
    data = [
        _spans("Training", [(fold.window.train_start, fold.window.train_end) for fold in folds],
               {"color": "var(--muted)", "width": max(1.5, 0.45 * row)}, 0.55),
        _spans("Test", [(fold.window.test_start, fold.window.test_end) for fold in folds],
               {"color": "var(--accent)", "width": max(2.0, 0.7 * row)}, 1.0),
    ]  # fmt: skip
    figure |= {"showlegend": True, "legend": shape.legend()}
    figure["margin"] = {"l": 8, "r": 12, "t": 36, "b": 8}
    figure["xaxis"] |= {"type": "date"}
    figure["yaxis"] |= {"range": [len(folds) - 0.3, -0.7], "showgrid": False, "nticks": 6, "tickformat": "d"}
    figure["annotations"] = [shape.pane_title("Fold", 1.0)]
    return {"data": data, "layout": figure}


def value_figure(record: WalkRecord) -> Figure:
    """The objective of every fold: what training promised, joined to what came out of sample."""
    folds, x = record.folds, _starts(record.folds)
    train, test = (numbers([getattr(fold, name) for fold in folds]) for name in ("train_value", "test_value"))
    data = [_joins(x, train, test)]
    open_marker = {"symbol": "circle-open", "size": 9, "color": "var(--muted)", "line": {"width": 1.6}}
    data.append(_dots("In training, the best", x, train, open_marker))
    for name, chosen, symbol, colour in (
        ("Out of sample, above zero", test >= 0, "circle", "var(--gain)"),
        ("Out of sample, below", test < 0, "x", "var(--loss)"),
    ):
        if chosen.any():
            known = [each for each, keep in zip(x, chosen, strict=True) if keep]
            data.append(_dots(name, known, test[chosen], {"symbol": symbol, "size": 9, "color": colour}))
    figure = shape.base(320)
    figure |= {"showlegend": True, "legend": shape.legend()}
    figure["margin"] = {"l": 8, "r": 12, "t": 44, "b": 8}
    figure["xaxis"] |= _categories(x) | {"title": shape.axis_title("Beginning of the test")}
    figure["yaxis"] |= {"zeroline": True, "zerolinecolor": "var(--muted)", "nticks": 7, **_ticks(record)}
    figure["annotations"] = [shape.pane_title(texts.objective_label(record.objectives[0]), 1.0) | {"yshift": 16}]
    return {"data": data, "layout": figure}


def drift_figure(record: WalkRecord) -> Figure | None:
    """What was chosen in every fold, a pane for each parameter with the range searched; None where nothing was."""
    chosen = [fold for fold in record.folds if fold.params is not None]
    names = parameter_names(record)[:MOST_PANES]
    if not chosen or not names:
        return None
    space = Space.of_description(record.folds[0].search.space)
    x = _starts(record.folds)
    figure = shape.base(len(names) * _PANE_HEIGHT + 70)
    figure["xaxis"] |= _categories(x) | {"anchor": f"y{len(names)}" if len(names) > 1 else "y"}
    share = 1.0 / len(names)
    base, data, titles = dict(figure["yaxis"]), [], []
    for place, name in enumerate(names):
        top = 1.0 - place * share
        number = str(place + 1) if place else ""
        figure[f"yaxis{number}"] = {**base, "domain": [top - 0.72 * share, top - 0.06 * share], **_scale(space[name])}
        data.append(_steps(name, x, record.folds, space[name]) | {"yaxis": f"y{number}"})
        titles.append(shape.pane_title(name, top - 0.06 * share))
    figure["annotations"] = titles
    return {"data": data, "layout": figure}


def _starts(folds: Sequence[Fold]) -> list[str]:
    return [fold.window.test_start for fold in folds]


def _categories(x: Sequence[str]) -> Figure:
    return {"type": "category", "categoryorder": "array", "categoryarray": list(x), "nticks": 8, "tickangle": 0,
            "range": [-0.5, len(x) - 0.5]}  # fmt: skip


def _spans(name: str, spans: Sequence[tuple[str, str]], style: Figure, opacity: float) -> Figure:
    x = [each for span in spans for each in (*span, None)]
    y = [each for place in range(len(spans)) for each in (place, place, None)]
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": style, "opacity": opacity,
            "hovertemplate": f"fold %{{y}}: %{{x|%Y-%m-%d}}<extra>{name}</extra>"}  # fmt: skip


def _joins(x: Sequence[str], train: NDArray[np.float64], test: NDArray[np.float64]) -> Figure:
    pairs = [(each, a, b) for each, a, b in zip(x, shape.drawn(train), shape.drawn(test), strict=True)]
    return {
        "type": "scatter", "mode": "lines", "name": "from one to the other", "showlegend": False, "hoverinfo": "skip",
        "x": [point for each, _, _ in pairs for point in (each, each, None)],
        "y": [value for _, a, b in pairs for value in (a, b, None)], "line": {"color": "var(--line)", "width": 2},
    }  # fmt: skip


def _dots(name: str, x: Sequence[str], y: NDArray[np.float64], marker: Figure) -> Figure:
    return {"type": "scatter", "mode": "markers", "name": name, "x": list(x), "y": shape.drawn(y, 6), "marker": marker,
            "hovertemplate": f"%{{x}}<br>%{{y:.4~g}}<extra>{name}</extra>"}  # fmt: skip


def _ticks(record: WalkRecord) -> Figure:
    objective = record.objectives[0]
    info = texts.info_of(objective.name) if objective.is_metric else None
    return {"tickformat": "~%"} if info is not None and "fraction" in str(info.unit) else {}


def _scale(dimension: Dimension) -> Figure:
    """The whole range that was searched, so that a choice that moves is seen to move."""
    if not dimension.is_numeric:
        labels = list(map(number_text, dimension.values))
        return {"type": "category", "categoryorder": "array", "categoryarray": labels,
                "range": [-0.5, len(labels) - 0.5]}  # fmt: skip
    low, high = _ends(dimension)
    margin = 0.08 * ((high - low) or 1.0)
    return {"range": [low - margin, high + margin], "nticks": 4}


def _ends(dimension: Dimension) -> tuple[float, float]:
    low, high = getattr(dimension, "low", None), getattr(dimension, "high", None)
    return (low, high) if low is not None and high is not None else (min(dimension.values), max(dimension.values))


def _steps(name: str, x: Sequence[str], folds: Sequence[Fold], dimension: Dimension) -> Figure:
    values = [None if fold.params is None else fold.params.get(name) for fold in folds]
    shown = values if dimension.is_numeric else [None if each is None else number_text(each) for each in values]
    return {
        "type": "scatter", "mode": "lines+markers", "name": name, "showlegend": False, "x": list(x), "y": shown,
        "connectgaps": False, "line": {"color": "var(--accent)", "width": 1.4, "shape": "hvh"},
        "marker": {"size": 7, "color": "var(--accent)"}, "hovertemplate": f"%{{x}}: %{{y}}<extra>{name}</extra>",
    }  # fmt: skip
