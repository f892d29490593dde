"""What was looked for: over one parameter, and one objective against another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting.figures import layout as shape
from tradewright.reporting.search import texts
from tradewright.reporting.search.space import dimensions, number_text
from tradewright.reporting.search.trials import pareto_front, ranked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.search import SearchRecord, Trial

    Figure = dict[str, Any]

__all__ = ["MOST_DOTS", "pareto_figure", "profile_figure"]

MOST_DOTS = 2_000
"""Most trials drawn as dots; the best are among them."""


def profile_figure(record: SearchRecord, name: str) -> Figure:
    """The first objective over one parameter, one dot a trial, joined where the parameter is a number."""
    chosen = sorted(_thinned(ranked(record)), key=lambda trial: _sortable(trial.params[name]))
    numeric = dimensions(record)[name].is_numeric
    x = [trial.params[name] if numeric else number_text(trial.params[name]) for trial in chosen]
    alone = len({repr(value) for value in x}) == len(x)
    data = [_dots("Trials", x, [trial.value for trial in chosen], "var(--accent)", lines=numeric and alone)]
    if record.best is not None:
        data.append(
            _best([record.best.params[name] if numeric else number_text(record.best.params[name])], record.best)
        )
    figure = shape.base(320)
    figure |= {"showlegend": True, "legend": shape.legend()}
    figure["xaxis"] |= {"title": shape.axis_title(name), "nticks": 10,
                        "type": "linear" if numeric else "category"}  # fmt: skip
    figure["yaxis"] |= {"zeroline": True, "zerolinecolor": "var(--muted)", **_ticks(record, 0)}
    figure["annotations"] = [shape.pane_title(texts.objective_label(record.objectives[0]), 1.0)]
    return {"data": data, "layout": figure}


def pareto_figure(record: SearchRecord) -> Figure:
    """The first objective against the second, one dot a trial; the trials that no other beats joined."""
    front = sorted(pareto_front(record), key=lambda trial: trial.values[0] or 0.0)
    among = {trial.number for trial in front}
    others = [trial for trial in _thinned(ranked(record)) if trial.number not in among and None not in trial.values]
    data = [
        _dots("Others", [trial.values[0] for trial in others], [trial.values[1] for trial in others], "var(--muted)"),
        _dots("Not beaten in everything", [trial.values[0] for trial in front], [trial.values[1] for trial in front],
              "var(--accent)", lines=len(record.objectives) == 2),
    ]  # fmt: skip
    figure = shape.base(340)
    figure |= {"showlegend": True, "legend": shape.legend()}
    figure["margin"] = {"l": 8, "r": 12, "t": 44, "b": 8}
    labels = [texts.objective_label(objective) for objective in record.objectives]
    figure["xaxis"] |= {"showgrid": True, "nticks": 8, **_ticks(record, 0),
                        "title": shape.axis_title(labels[0])}  # fmt: skip
    figure["yaxis"] |= {"nticks": 7, **_ticks(record, 1)}
    figure["annotations"] = [shape.pane_title(labels[1], 1.0) | {"yshift": 16}]
    return {"data": [each for each in data if each["x"]], "layout": figure}


def _dots(name: str, x: Sequence[Any], y: Sequence[float | None], colour: str, *, lines: bool = False) -> Figure:
    open_ = colour == "var(--muted)"
    marker = {"size": 7, "color": colour, "symbol": "circle-open" if open_ else "circle",
              "line": {"width": 1, "color": colour}}  # fmt: skip
    return {
        "type": "scatter", "mode": "lines+markers" if lines else "markers", "name": name, "x": list(x),
        "y": shape.drawn(np.array(y, np.float64), 6), "marker": marker, "line": {"color": colour, "width": 1},
        "hovertemplate": f"%{{x}}<br>%{{y:.4~g}}<extra>{name}</extra>",
    }  # fmt: skip


def _best(x: Sequence[Any], best: Trial) -> Figure:
    marker = {"size": 15, "symbol": "circle-open", "color": "var(--loss)", "line": {"width": 2.5}}
    return {"type": "scatter", "mode": "markers", "name": "The best", "x": list(x), "y": [best.value],
            "marker": marker, "hoverinfo": "skip"}  # fmt: skip


def _ticks(record: SearchRecord, place: int) -> Figure:
    """Percent where the objective is a fraction."""
    objective = record.objectives[place]
    info = texts.info_of(objective.name) if objective.is_metric else None
    return {"tickformat": "~%"} if info is not None and "fraction" in str(info.unit) else {"tickformat": shape.PLAIN}


def _thinned(found: Sequence[Trial]) -> list[Trial]:
    step = max(1, -(-len(found) // MOST_DOTS))
    return [*found[:1], *found[1::step]]


def _sortable(value: Any) -> tuple[bool, Any]:
    is_number = isinstance(value, (int, float))
    return not is_number, value if is_number else str(value)
