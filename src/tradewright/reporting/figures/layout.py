"""What all pictures share: tokens, axes, lines, fewer points, and numbers written for drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tradewright.reporting.times import Times

    Floats = NDArray[np.float64]
    Figure = dict[str, Any]

__all__ = [
    "LIGHT",
    "MOST_POINTS",
    "PLAIN",
    "axis_title",
    "base",
    "drawn",
    "in_colours",
    "legend",
    "line",
    "pane_title",
    "time_axis",
]

MOST_POINTS = 4_000
"""Most points of one curve in a picture; lowest and highest of every stretch are kept."""

PLAIN = ",.12~g"
"""Money and prices at an axis: grouped, no more digits than needed, no powers of ten."""

LIGHT = {
    "--background": "#FFFFFF",
    "--surface": "#F6F7F9",
    "--text": "#14181F",
    "--muted": "#4E5968",
    "--line": "#D5DAE1",
    "--accent": "#2456C7",
    "--gain": "#0B6E99",
    "--loss": "#B5420B",
    "--series-2": "#B5420B",
    "--series-3": "#2B9284",
    "--series-4": "#5A1846",
    "--loss-wash": "rgba(181,66,11,0.16)",
    "--accent-wash": "rgba(36,86,199,0.14)",
}
"""The light theme, for pictures outside the report."""

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"


def base(height: int) -> Figure:
    """A layout of one pane without data."""
    axis = {
        "gridcolor": "var(--line)", "linecolor": "var(--line)", "zeroline": False, "automargin": True,
        "tickfont": {"size": 12}, "fixedrange": False,
    }  # fmt: skip
    return {
        "height": height,
        "autosize": True,
        "margin": {"l": 8, "r": 12, "t": 28, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": _FONT, "size": 13, "color": "var(--text)"},
        "showlegend": False,
        "hoverlabel": {
            "bgcolor": "var(--surface)", "bordercolor": "var(--line)", "font": {"color": "var(--text)", "size": 12},
        },
        "xaxis": {**axis, "showgrid": False},
        "yaxis": {**axis, "fixedrange": True},
    }  # fmt: skip


def legend() -> Figure:
    """A legend above the pane, at its right end."""
    return {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom", "font": {"size": 12}}


def time_axis(layout: Figure, times: Times) -> None:
    """Make the horizontal axis one of time, with its zone where there is one, nights left out of short runs."""
    layout["xaxis"] |= {"type": "date", "hoverformat": times.hover}
    if times.breaks:
        layout["xaxis"]["rangebreaks"] = times.breaks
    if times.axis:
        layout["xaxis"]["title"] = {"text": times.axis, "font": {"size": 12, "color": "var(--muted)"}, "standoff": 4}


def line(name: str, x: Sequence[Any], values: Floats, style: Figure, value: str) -> Figure:
    """A line of a series; what is not finite is a gap."""
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": list(x), "y": drawn(values), "line": style,
        "connectgaps": False, "hovertemplate": f"{value}<extra>{name}</extra>",
    }  # fmt: skip


def axis_title(text: str) -> Figure:
    """What an axis counts."""
    return {"text": text, "font": {"size": 12, "color": "var(--muted)"}, "standoff": 4}


def pane_title(text: str, top: float) -> Figure:
    """What a pane shows, above its left end."""
    return {
        "text": text, "x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom",
        "showarrow": False, "font": {"size": 12, "color": "var(--muted)"},
    }  # fmt: skip


def drawn(values: Floats, digits: int = 8) -> list[float | None]:
    """Numbers for drawing: eight significant digits are below a pixel, what is not finite is a gap."""
    return [float(f"{value:.{digits}g}") if np.isfinite(value) else None for value in values.tolist()]


def in_colours(figure: Any, palette: dict[str, str]) -> Any:
    """The description with every colour token replaced by its value."""
    if isinstance(figure, dict):
        return {name: in_colours(item, palette) for name, item in figure.items()}
    if isinstance(figure, list):
        return [in_colours(item, palette) for item in figure]
    if isinstance(figure, str) and figure.startswith("var("):
        return palette[figure[4:-1]]
    return figure
