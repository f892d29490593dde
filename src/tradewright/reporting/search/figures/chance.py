"""What speaks of luck: all trials' Sharpe ratios, and the splits of the overfitting test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting import curves
from tradewright.reporting.figures import layout as shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.reporting.search.findings import Splits

    Figure = dict[str, Any]
    Floats = NDArray[np.float64]

__all__ = ["MOST_DOTS", "degradation_figure", "logit_figure", "sharpe_figure"]

MOST_DOTS = 1_500
"""Most splits drawn as dots; the extremes are among them."""

_CLASSES = 40


def sharpe_figure(ratios: Floats, best: float | None, luck: float | None) -> Figure:
    """How many trials had which Sharpe ratio; the best marked, and what luck would be expected to show.

    Parameters
    ----------
    ratios : (k,) float64
        Of every trial that has one, a year.
    best, luck : float, optional
        Sharpe ratio of the best, and the expected best of so many trials without skill.
    """
    data = _columns(ratios, _edges(ratios, [best, luck]), "Trials", "%{y} trials")
    figure = shape.base(290)
    figure["margin"] = {"l": 8, "r": 12, "t": 74, "b": 8}
    figure["bargap"] = 0
    figure["xaxis"] |= {"zeroline": True, "zerolinecolor": "var(--muted)", "nticks": 8,
                        "title": shape.axis_title("Sharpe a year, in sample")}  # fmt: skip
    figure["yaxis"] |= {"rangemode": "tozero", "nticks": 5}
    marks = [(best, "best", "solid", 0), (luck, "luck's best", "dash", 16)]
    known = [(at, name, dash, shift) for at, name, dash, shift in marks if at is not None]
    figure["shapes"] = [shape_at(at, dash) for at, _, dash, _ in known]
    figure["annotations"] = [shape.pane_title("Trials", 1.0) | {"yshift": 36}]
    figure["annotations"] += [_said(at, f"{name} {at:.2f}", shift, best, luck) for at, name, _, shift in known]
    return {"data": data, "layout": figure}


def degradation_figure(splits: Splits, year: float) -> Figure:
    """Sharpe ratio of the winner of one half of the time, over what it had in the other; `year` makes them annual."""
    inside, outside = np.asarray(splits.in_sample) * year, np.asarray(splits.out_of_sample) * year
    kept = curves.keep_extremes((inside, outside), MOST_DOTS)
    data = []
    for name, chosen, colour, symbol in (
        ("Loss in the other half", kept[outside[kept] < 0], "var(--loss)", "x-thin"),
        ("Gain in the other half", kept[outside[kept] >= 0], "var(--gain)", "circle-open"),
    ):
        marker = {"symbol": symbol, "size": 5, "color": colour, "line": {"width": 1, "color": colour}}
        data.append({
            "type": "scatter", "mode": "markers", "name": name, "x": shape.drawn(inside[chosen], 5),
            "y": shape.drawn(outside[chosen], 5), "marker": marker, "opacity": 0.7,
            "hovertemplate": "%{x:.2f} where it was chosen<br>%{y:.2f} in the other half<extra></extra>",
        })  # fmt: skip
    figure = shape.base(320)
    figure |= {"showlegend": True, "legend": shape.legend()}
    figure["margin"] = {"l": 8, "r": 12, "t": 44, "b": 8}
    figure["xaxis"] |= {"showgrid": True, "nticks": 8,
                        "title": shape.axis_title("Sharpe of the winner where it was chosen")}  # fmt: skip
    figure["yaxis"] |= {"zeroline": True, "zerolinecolor": "var(--muted)", "nticks": 7}
    figure["annotations"] = [shape.pane_title("In the other half", 1.0) | {"yshift": 16}]
    return {"data": data, "layout": figure}


def logit_figure(splits: Splits) -> Figure:
    """How the winners ranked in the other half: left of zero, at or below the median, is overfit."""
    logits = np.asarray(splits.logits, np.float64)
    data = _columns(logits, _edges(logits, [0.0]), "Splits", "%{y} splits", at_zero_is_below=True)
    figure = shape.base(260)
    figure |= {"bargap": 0, "showlegend": True, "legend": shape.legend()}
    figure["margin"] = {"l": 8, "r": 12, "t": 44, "b": 8}
    figure["xaxis"] |= {"nticks": 8, "title": shape.axis_title("Logit of the rank in the other half")}  # fmt: skip
    figure["yaxis"] |= {"rangemode": "tozero", "nticks": 5}
    figure["shapes"] = [shape_at(0.0, "dot")]
    figure["annotations"] = [shape.pane_title("Splits", 1.0) | {"yshift": 16}]
    return {"data": data, "layout": figure}


def shape_at(at: float, dash: str) -> Figure:
    """An upright line through a pane."""
    return {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
            "line": {"color": "var(--text)", "width": 1.6, "dash": dash}}  # fmt: skip


def _columns(values: Floats, edges: Floats, name: str, said: str, *, at_zero_is_below: bool = False) -> list[Figure]:
    """Columns over classes, those below zero hatched; zero is an edge."""
    # A histogram's classes hold their lower edge; turned round they hold the upper one, as "at or below" asks for.
    sign = -1.0 if at_zero_is_below else 1.0
    counts, _ = np.histogram(sign * values, np.sort(sign * edges))
    counts = counts[::-1] if at_zero_is_below else counts
    middle, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    below = "At or below the median" if at_zero_is_below else "Below zero"
    above = "Above the median" if at_zero_is_below else name
    return [
        {
            "type": "bar", "name": title, "x": shape.drawn(middle[chosen], 6), "y": counts[chosen].tolist(),
            "width": shape.drawn(width[chosen] * 0.94, 6), "marker": marker, "showlegend": at_zero_is_below,
            "customdata": [[f"{low:.2f}", f"{high:.2f}"]
                           for low, high in np.column_stack((edges[:-1], edges[1:]))[chosen].tolist()],
            "hovertemplate": f"%{{customdata[0]}} to %{{customdata[1]}}<br>{said}<extra></extra>",
        }
        for title, chosen, marker in (
            (below, middle < 0, {"color": "var(--loss)", "pattern": {"shape": "/", "solidity": 0.25}}),
            (above, middle >= 0, {"color": "var(--gain)"}),
        )
        if chosen.any()
    ]  # fmt: skip


def _edges(values: Floats, also: list[float | None]) -> Floats:
    """Edges of classes of one round width that hold everything, zero among them where it lies inside."""
    known = [float(values.min()), float(values.max()), *(each for each in also if each is not None)]
    low, high = min(known), max(known)
    rough = ((high - low) or 1.0) / _CLASSES
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= rough)
    found: Floats = np.arange(np.floor(low / step), np.floor(high / step) + 2) * step
    return found


def _said(at: float, text: str, shift: int, best: float | None, luck: float | None) -> Figure:
    """A name above its line, written away from the other one."""
    other = luck if at == best else best
    right = other is None or at >= other
    return {"text": text, "x": at, "xref": "x", "xanchor": "left" if right else "right", "y": 1, "yref": "paper",
            "yanchor": "bottom", "yshift": shift, "showarrow": False, "font": {"size": 12}}  # fmt: skip
