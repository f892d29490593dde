"""Trials over two parameters as a heat map."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting.figures import layout as shape
from tradewright.reporting.formatting import NOT_AVAILABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tradewright.reporting.search.grid import Grid

    Figure = dict[str, Any]
    Write = Callable[[float | None], str]

__all__ = ["CIVIDIS", "heat_map"]

CIVIDIS = [
    [place / 9, colour]
    for place, colour in enumerate(
        ("#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838")
    )
]
"""Nuñez, Anderton and Renslow, PLOS ONE 13(7), 2018: even in lightness, the same for most kinds of colour vision."""

MOST_MARKED = 2_500
"""Most cells of a picture in which single cells are marked."""

MOST_PRINTED = 40
"""Most cells across or down with their number printed; narrower screens print fewer."""

_LOWEST_SHOWN = 0.02
_CELL_HEIGHT = 26
_HEIGHTS = (300, 640)
_HATCH = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%"><defs><pattern id="h" width="7" height="7"'
    ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="7" stroke="#8a94a3"'
    ' stroke-width="1.6" stroke-opacity="0.55"/></pattern></defs><rect width="100%" height="100%" fill="url(#h)"/>'
    "</svg>"
)


def heat_map(grid: Grid, title: str, write: Write, best: tuple[int, int] | None, *, maximize: bool = True) -> Figure:
    """Values as colours and, where they fit, numbers; what was not tried is hatched, what failed is a flat colour.

    Parameters
    ----------
    grid : Grid
    title : str
        What the values are.
    write : callable
        Writes a value.
    best : (int, int), optional
        Cell of the best trial, which is outlined.
    maximize : bool
        Whether high values are the light ones.
    """
    down, across = grid.values.shape
    data = [_values(grid, write, maximize=maximize)]
    data += [_failed(grid)] if grid.failed.any() else []
    if max(down, across) <= MOST_PRINTED:
        data += [_printed(grid, write, maximize=maximize), _crosses(grid)]
    if down * across <= MOST_MARKED:
        data += _few(grid, maximize=maximize)
    outlined = max(down, across) <= MOST_PRINTED
    if best is not None and not outlined:
        data += _ring(grid, best)
    figure = shape.base(int(np.clip(down * _CELL_HEIGHT + 110, *_HEIGHTS)))
    figure["margin"] = {"l": 8, "r": 12, "t": 44, "b": 46}
    for axis, labels in (("xaxis", grid.x.labels), ("yaxis", grid.y.labels)):
        figure[axis] |= {
            "type": "category", "categoryorder": "array", "categoryarray": list(labels), "showgrid": False,
            "range": [-0.5, len(labels) - 0.5], "nticks": 14, "tickangle": 0,
        }  # fmt: skip
    figure["yaxis"]["title"] = shape.axis_title(grid.y.name)
    figure["annotations"] = [shape.pane_title(title, 1.0) | {"yshift": 18}, _below(grid.x.name)]
    figure["shapes"] = _frame(best) if best is not None and outlined else []
    figure["images"] = [_hatched(across, down)]
    figure["meta"] = {"cells": [across, down], "widest": _widest(grid, write)}
    return {"data": data, "layout": figure}


def _values(grid: Grid, write: Write, *, maximize: bool) -> Figure:
    low, high = _span(grid.values)
    return {
        "type": "heatmap", "x": list(grid.x.labels), "y": list(grid.y.labels), "z": _rows(grid.values),
        "zmin": low, "zmax": high, "colorscale": CIVIDIS, "reversescale": not maximize, "hoverongaps": False,
        "customdata": grid.trial.tolist(), "xgap": _gap(grid), "ygap": _gap(grid),
        "hovertemplate": f"{grid.x.name} %{{x}}<br>{grid.y.name} %{{y}}<br>%{{z:.4~g}}"
                         "<extra>trial %{customdata}</extra>",
        "colorbar": {
            "orientation": "h", "thickness": 9, "len": 0.5, "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom",
            "outlinewidth": 0, "nticks": 4, "tickfont": {"size": 11}, "ypad": 4, "xpad": 6,
            "tickvals": [low, high], "ticktext": [write(low), write(high)],
        },
    }  # fmt: skip


def _printed(grid: Grid, write: Write, *, maximize: bool) -> Figure:
    """The numbers in their cells, with a star where the trades are few."""
    rows, columns = np.nonzero(np.isfinite(grid.values))
    values, few = grid.values[rows, columns].tolist(), grid.few_trades[rows, columns].tolist()
    return {
        "type": "scatter", "mode": "text", "name": "printed", "hoverinfo": "skip",
        "x": [grid.x.labels[place] for place in columns], "y": [grid.y.labels[place] for place in rows],
        "text": [f"{write(value)}{'*' if star else ''}" for value, star in zip(values, few, strict=True)],
        "textfont": {"size": 11, "color": _readable(grid, rows, columns, maximize=maximize)},
    }  # fmt: skip


def _readable(grid: Grid, rows: NDArray[Any], columns: NDArray[Any], *, maximize: bool) -> list[str]:
    """Black on light cells, white on dark ones: the middle of the scale is where both are read alike."""
    low, high = _span(grid.values)
    place = (grid.values[rows, columns] - low) / ((high - low) or 1.0)
    light = place > 0.5 if maximize else place < 0.5
    return ["#000000" if each else "#FFFFFF" for each in light.tolist()]


def _failed(grid: Grid) -> Figure:
    """Cells that were tried and have no value: a flat colour of their own."""
    cells = np.where(grid.failed, 1.0, np.nan)
    return {
        "type": "heatmap", "x": list(grid.x.labels), "y": list(grid.y.labels), "z": _rows(cells), "zmin": 0, "zmax": 1,
        "colorscale": [[0, "var(--loss)"], [1, "var(--loss)"]], "showscale": False, "hoverongaps": False,
        "xgap": _gap(grid), "ygap": _gap(grid),
        "hovertemplate": f"{grid.x.name} %{{x}}<br>{grid.y.name} %{{y}}<extra>no value</extra>",
    }  # fmt: skip


def _crosses(grid: Grid) -> Figure:
    """A cross in every cell that was tried and has no value."""
    rows, columns = np.nonzero(grid.failed)
    return {
        "type": "scatter", "mode": "text", "name": "failed", "hoverinfo": "skip", "text": ["×"] * len(rows),
        "x": [grid.x.labels[place] for place in columns], "y": [grid.y.labels[place] for place in rows],
        "textfont": {"size": 14, "color": "var(--background)"},
    }  # fmt: skip


def _few(grid: Grid, *, maximize: bool) -> list[Figure]:
    """A stroke in every cell of few trades, dark on light and light on dark; hidden where a number says it."""
    rows, columns = np.nonzero(grid.few_trades & np.isfinite(grid.values))
    if not len(rows):
        return []
    colours = _readable(grid, rows, columns, maximize=maximize)
    marker = {"symbol": "line-ne", "size": 7, "line": {"width": 1.4, "color": colours}}
    printed = max(grid.values.shape) <= MOST_PRINTED
    return [{"visible": not printed} | _marks(grid, rows, columns, marker, "few trades")]


def _frame(cell: tuple[int, int]) -> list[Figure]:
    """A dark frame in a light one around a cell, seen on every colour; the number inside stays readable."""
    down, across = cell
    return [
        {"type": "rect", "xref": "x", "yref": "y", "x0": across - 0.5, "x1": across + 0.5, "y0": down - 0.5,
         "y1": down + 0.5, "layer": "above", "line": {"color": colour, "width": width}}
        for colour, width in (("#FFFFFF", 6), ("#000000", 2.5))
    ]  # fmt: skip


def _ring(grid: Grid, cell: tuple[int, int]) -> list[Figure]:
    """The same as a ring, where a cell is too small to be framed."""
    rows, columns = np.array([cell[0]]), np.array([cell[1]])
    return [
        _marks(grid, rows, columns, {"symbol": "circle-open", "size": 17, "color": "#FFFFFF", "line": {"width": 4}},
               "best"),
        _marks(grid, rows, columns, {"symbol": "circle-open", "size": 14, "color": "#000000", "line": {"width": 2}},
               "best"),
    ]  # fmt: skip


def _marks(grid: Grid, rows: NDArray[Any], columns: NDArray[Any], marker: Figure, name: str) -> Figure:
    return {
        "type": "scatter", "mode": "markers", "name": name, "hoverinfo": "skip", "marker": marker,
        "x": [grid.x.labels[place] for place in columns], "y": [grid.y.labels[place] for place in rows],
    }  # fmt: skip


def _below(name: str) -> Figure:
    """The name of the lower axis: where labels are left out, the axis' own title would stand among them."""
    return {"text": name, "x": 0.5, "xref": "paper", "y": 0, "yref": "paper", "yanchor": "top", "yshift": -24,
            "showarrow": False, "font": {"size": 12, "color": "var(--muted)"}}  # fmt: skip


def _hatched(across: int, down: int) -> Figure:
    """A hatch below everything, seen where no trial was made; one picture whatever the number of cells."""
    source = "data:image/svg+xml;base64," + b64encode(_HATCH.encode()).decode()
    return {"source": source, "xref": "x", "yref": "y", "x": -0.5, "y": down - 0.5, "sizex": across, "sizey": down,
            "sizing": "stretch", "layer": "below"}  # fmt: skip


def _span(values: NDArray[np.float64]) -> tuple[float, float]:
    """Lowest and highest value that have a colour of their own: a few very bad trials share the lowest."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    low, high = (float(np.quantile(known, share)) for share in (_LOWEST_SHOWN, 1.0))
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _rows(values: NDArray[np.float64]) -> list[list[float | None]]:
    return [shape.drawn(row, 5) for row in values]


def _gap(grid: Grid) -> int:
    return 1 if max(grid.values.shape) <= MOST_PRINTED else 0


def _widest(grid: Grid, write: Write) -> int:
    known = grid.values[np.isfinite(grid.values)]
    ends = [float(known.min()), float(known.max())] if len(known) else []
    return max([len(write(value)) for value in ends] or [len(NOT_AVAILABLE)]) + int(grid.few_trades.any())
