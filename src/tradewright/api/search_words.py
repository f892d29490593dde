"""Searches as documents: their heads, heat maps, lines and trials; every word is the report's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.reporting.search import doubts, head, lines, rows, space, texts
from tradewright.reporting.search.grid import Cells, default_axes, lay_out

from .schemas import searches as said
from .schemas.base import Page
from .schemas.runs import RunWarning
from .study_words import verdict_words
from .words import finite, state_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.app.runs.studies import KeptSearch
    from tradewright.domain.search import Tried
    from tradewright.reporting.search.grid import Grid

__all__ = ["lines_document", "map_document", "trials_page", "view_of", "view_so_far"]

_MOST_CELLS = 100
_MOST_HELD = 200
"""Values that are offered to hold a parameter at."""


def view_of(kept: KeptSearch) -> said.SearchView:
    """The head of a search that ended."""
    findings, document = kept.findings, kept.document
    around = doubts.surroundings(findings.honesty, findings.written)
    tiles = [*head.tiles(findings), head.out_of_sample(findings)]
    return said.SearchView(
        title=texts.title(findings.record),
        work=texts.work(findings.record),
        is_over=True,
        total=len(findings.record.trials),
        tiles=list(map(_tile, tiles)),
        verdict=said.SearchVerdict.model_validate(verdict_words(document)),
        neighbours=said.SearchNeighbours.model_validate({**around._asdict(), "state": state_word(around.state)}),
        luck=[
            said.LuckRow(
                key=row.field, label=row.label, text=row.text, value=row.number, meaning=row.meaning, reason=row.reason
            )
            for row in findings.honesty_rows
        ],
        warnings=[RunWarning(**each) for each in document["warnings"]],
        **_common(findings.record),
    )


def view_so_far(tried: Tried, title: str, total: int | None) -> said.SearchView:
    """The head of a search under way: nothing is known of luck before its end."""
    return said.SearchView(
        title=title,
        work=f"{len(tried.trials):,} trials so far",
        is_over=False,
        total=total,
        tiles=list(map(_tile, head.tiles_so_far(tried, total))),
        verdict=None,
        neighbours=None,
        luck=[],
        warnings=[],
        **_common(tried),
    )


def _common(tried: Tried) -> dict[str, Any]:
    objective, best = tried.objectives[0], tried.best
    label = texts.objective_label(objective)
    return {
        "trials": len(tried.trials),
        "objective": said.SearchObjective(name=objective.name, label=label, maximize=objective.maximize),
        "best": None
        if best is None
        else said.SearchBest(number=best.number, params=dict(best.params), text=texts.parameters(best)),
        "params": [_parameter(name, told, tried) for name, told in tried.space.items()],
        "values": [_value(key) for key in rows.value_keys(tried)],
    }


def _tile(tile: head.Tile) -> said.SearchTile:
    words = {name: getattr(tile, name) for name in ("key", "label", "text", "aside", "reason")}
    state = None if tile.state is None else state_word(tile.state)
    return said.SearchTile.model_validate({**words, "value": finite(tile.number), "state": state})


def _parameter(name: str, told: Mapping[str, Any], tried: Tried) -> said.SearchParameter:
    values = space.dimensions(tried)[name]
    size = values.size
    held = None if size is None or size > _MOST_HELD else [space.number_text(each) for each in values.values]
    return said.SearchParameter(name=name, text=space.dimension_text(told), is_varied=size != 1, values=held)


def _value(key: str) -> said.SearchValue:
    info = texts.info_of(key)
    return said.SearchValue(key=key, label=key if info is None else info.label)


def map_document(tried: Tried, asked: said.MapQuery) -> said.SearchMap:
    """Trials over two parameters.

    Raises
    ------
    ConfigError
        When the search knows no such parameter, value or place, or varied fewer than two parameters.
    """
    x, y = _axes(tried, asked)
    value = asked.value or tried.objectives[0].name
    fixed = _held(tried, asked.hold, {x, y})
    grid = lay_out(tried, x, y, value, Cells(asked.cells, fixed, _MOST_CELLS))
    best = tried.best
    is_shown = best is not None and all(best.params[name] == fixed[name] for name in fixed)
    place = grid.place_of(best) if best is not None and is_shown else None
    looked_for = {objective.name: objective.maximize for objective in tried.objectives}
    return said.SearchMap(
        x=said.MapAxis(name=x, labels=list(grid.x.labels)),
        y=said.MapAxis(name=y, labels=list(grid.y.labels)),
        value=_value(value),
        maximize=looked_for.get(value, True),
        cells=_cells(grid, value, tried.currency),
        best=None if place is None else said.MapPlace(x=place[1], y=place[0]),
        sentence=_sentence(tried, grid, asked, fixed),
    )


def _axes(tried: Tried, asked: said.MapQuery) -> tuple[str, str]:
    if asked.x is not None and asked.y is not None:
        if asked.x == asked.y:
            raise ConfigError(f"Both axes are '{asked.x}'.", hint="Choose another parameter for one of them.")
        return asked.x, asked.y
    free = [name for name in default_axes(tried) if name not in (asked.x, asked.y)]
    return asked.x or free.pop(0), asked.y or free.pop(0)


def _held(tried: Tried, hold: Sequence[str], axes: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in hold:
        name, _, text = each.partition(":")
        if name not in tried.space or name in axes:
            raise ConfigError(f"'{name}' cannot be held: it is no other parameter of the search.")
        known = {space.number_text(trial.params[name]): trial.params[name] for trial in tried.trials}
        if text not in known:
            raise ConfigError(f"No trial has {name} = {text}.", hint="Hold it at a value that was tried.")
        found[name] = known[text]
    return found


def _cells(grid: Grid, value: str, currency: str) -> said.MapCells:
    down, across = np.nonzero(grid.counts)
    write = texts.writer(value, currency)
    values = [finite(each) for each in grid.values[down, across].tolist()]
    return said.MapCells(
        x=across.tolist(),
        y=down.tolist(),
        value=values,
        text=[write(each) for each in values],
        trials=grid.counts[down, across].tolist(),
        few_trades=grid.few_trades[down, across].tolist(),
        best=[None if number < 0 else number for number in grid.trial[down, across].tolist()],
    )


def _sentence(tried: Tried, grid: Grid, asked: said.MapQuery, fixed: Mapping[str, Any]) -> str:
    others = [name for name, each in space.dimensions(tried).items() if each.size != 1]
    free = [name for name in others if name not in (grid.x.name, grid.y.name) and name not in fixed]
    shared = free or max(grid.x.per_cell, grid.y.per_cell) > 1 or grid.x.edges or grid.y.edges
    of = "the median" if asked.cells == "median" else "the best"
    over = f" over {', '.join(free)}" if free else ""
    held = "".join(f", {name} held at {space.number_text(value)}" for name, value in fixed.items())
    what = f"{of} of its trials{over}" if shared else "a trial"
    return f"A cell is {what}{held}; ring: the best; hatched: fewer than 30 trades; empty: no value."


def lines_document(tried: Tried) -> said.SearchLines:
    """Trials as lines."""
    found = lines.trial_lines(tried)
    return said.SearchLines(
        axes=[
            said.LineAxis(
                **{**axis._asdict(), "categories": None if axis.categories is None else list(axis.categories)}
            )
            for axis in found.axes
        ],
        trials=[trial.number for trial in found.trials],
        rows=[[finite(place) for place in row] for row in found.rows],
        sentence=found.sentence,
    )


def trials_page(kept: KeptSearch, asked: said.TrialFilter) -> Page[said.TrialRow]:
    """A page of the trials.

    Raises
    ------
    ConfigError
        When a range cannot be read, or the trials have no such column.
    """
    tried = kept.findings.record
    chosen = rows.chosen_rows(tried, list(map(_within, asked.within)), asked.sort, descending=asked.order == "desc")
    written = rows.row_texts(tried)
    items = [_row(kept.document["trials"], at, written(tried.trials[at])) for at in asked.cut(chosen)]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=len(chosen))


def _within(text: str) -> rows.Within:
    name, low, high = text.split(":")
    try:
        return rows.Within(name, float(low), float(high))
    except ValueError:
        raise ConfigError(f"within='{text}' is no range.", hint="Write it as fast:5:20.") from None


def _row(columns: Mapping[str, Any], at: int, written: dict[str, str]) -> said.TrialRow:
    return said.TrialRow(number=at + 1, values=_at(columns, at), texts=written)


def _at(columns: Mapping[str, Any], at: int) -> dict[str, Any]:
    """One row of columns, of which some stand in groups by name."""
    return {name: _at(each, at) if isinstance(each, dict) else each[at] for name, each in columns.items()}
