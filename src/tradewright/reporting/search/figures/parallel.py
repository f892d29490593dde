"""Every trial as a line through its parameters and what came of them; one row a dimension, so that a phone shows it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.space import Range
from tradewright.reporting.figures import layout as shape
from tradewright.reporting.search import texts
from tradewright.reporting.search.grid import shown_value
from tradewright.reporting.search.lines import OUTCOMES, drawn_ranks
from tradewright.reporting.search.space import dimensions, number_text
from tradewright.reporting.search.trials import ranked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tradewright.domain.search import SearchRecord, Trial
    from tradewright.domain.space import Dimension

    Figure = dict[str, Any]
    Floats = NDArray[np.float64]

__all__ = ["MOST_ROWS", "parallel_figure"]

MOST_ROWS = 12
"""Most dimensions of the picture; of more parameters the first ones."""

_ROW_HEIGHT = 58
_TENTH = 0.1


class _Row(NamedTuple):
    """A dimension of the picture: what it is called, its ends, where each trial lies between them, and the best's."""

    name: str
    ends: tuple[str, str]
    places: Floats
    best: str


def parallel_figure(record: SearchRecord) -> Figure | None:
    """Lines from the first parameter to the outcomes: all, over them the best tenth, over them the best.

    None where no trial has a value.
    """
    chosen = ranked(record)
    if not chosen:
        return None
    drawn = drawn_ranks(len(chosen))
    rows = _rows(record, [chosen[place] for place in drawn])
    tenth = int((np.array(drawn) < max(1, math.ceil(_TENTH * len(chosen)))).sum())
    places = np.array([row.places for row in rows])
    data = [
        _lines("Others", places[:, tenth:], {"color": "var(--muted)", "width": 0.8}, 0.3),
        _lines("Best tenth", places[:, 1:tenth], {"color": "var(--accent)", "width": 1.2}, 0.75),
        _lines("The best", places[:, :1], {"color": "var(--loss)", "width": 3}, 1.0) | _dotted(),
    ]
    return {"data": [each for each in data if each["x"]], "layout": _layout(rows)}


def _rows(record: SearchRecord, chosen: Sequence[Trial]) -> list[_Row]:
    currency = record.config.currency
    keys = list(dict.fromkeys([objective.name for objective in record.objectives] + list(OUTCOMES)))
    varied = [(name, each) for name, each in dimensions(record).items() if each.size != 1][: MOST_ROWS - len(keys)]
    rows = [_parameter(name, dimension, [trial.params[name] for trial in chosen]) for name, dimension in varied]
    for key in keys:
        info = texts.info_of(key)
        values = np.array([_or_nan(shown_value(record, trial, key)) for trial in chosen])
        if np.isfinite(values).any():
            rows.append(_outcome(info.label if info else key, values, texts.writer(key, currency)))
    return rows


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _parameter(name: str, dimension: Dimension, values: Sequence[Any]) -> _Row:
    if isinstance(dimension, Range) and dimension.is_continuous:
        low, high = dimension.low, dimension.high
        scale = math.log if dimension.log else float
        span = scale(high) - scale(low)
        places = np.array([(scale(value) - scale(low)) / span for value in values])
        return _Row(name, (number_text(low), number_text(high)), places, number_text(values[0]))
    listed = sorted(dimension.values) if dimension.is_numeric else list(dimension.values)
    among = {repr(value): place for place, value in enumerate(listed)}
    last = max(len(listed) - 1, 1)
    places = np.array([among.get(repr(value), math.nan) / last for value in values], np.float64)
    return _Row(name, (number_text(listed[0]), number_text(listed[-1])), places, number_text(values[0]))


def _outcome(name: str, values: Floats, write: Callable[[float], str]) -> _Row:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    places = (values - low) / ((high - low) or 1.0)
    return _Row(name, (write(low), write(high)), places, write(float(values[0])))


def _lines(name: str, places: Floats, style: Figure, opacity: float) -> Figure:
    """Several lines as one: a gap ends each."""
    count, lines = places.shape
    x = np.full((lines, count + 1), np.nan)
    x[:, :count] = places.T
    y = np.tile(np.append(np.arange(count, dtype=np.float64), np.nan), lines)
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": shape.drawn(x.ravel(), 4), "y": shape.drawn(y, 4),
        "line": style, "opacity": opacity, "connectgaps": False, "hoverinfo": "skip",
    }  # fmt: skip


def _dotted() -> Figure:
    return {"mode": "lines+markers", "marker": {"size": 9, "color": "var(--loss)", "symbol": "diamond"}}


def _layout(rows: Sequence[_Row]) -> Figure:
    figure = shape.base(len(rows) * _ROW_HEIGHT + 70)
    figure |= {"showlegend": True, "legend": shape.legend()}
    figure["margin"] = {"l": 10, "r": 10, "t": 40, "b": 8}
    hidden = {"visible": False, "fixedrange": True}
    figure["xaxis"] |= hidden | {"range": [-0.01, 1.01], "nticks": 4}
    figure["yaxis"] |= hidden | {"range": [len(rows) - 0.7, -0.6]}
    figure["shapes"] = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": place, "y1": place, "layer": "above",
         "line": {"color": "var(--text)", "width": 1}}
        for place in range(len(rows))
    ]  # fmt: skip
    figure["annotations"] = [shape.pane_title("Parameters and outcomes", 1.0)] + [
        note
        for place, row in enumerate(rows)
        for note in (
            _note(f"<b>{row.name}</b> · best {row.best}", 0, place, "left", 11),
            _note(row.ends[0], 0, place, "left", -10),
            _note(row.ends[1], 1, place, "right", -10),
        )
    ]
    return figure


def _note(text: str, x: int, y: int, anchor: str, shift: int) -> Figure:
    return {"text": text, "x": x, "xref": "paper", "xanchor": anchor, "y": y, "yref": "y", "yanchor": "middle",
            "yshift": shift, "showarrow": False, "font": {"size": 11.5}, "bgcolor": "var(--background)",
            "opacity": 0.9, "borderpad": 1}  # fmt: skip
