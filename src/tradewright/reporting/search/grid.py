"""Trials laid out over two parameters: which cell each falls into, and the best of every cell."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.domain.search import TrialState, best_of
from tradewright.domain.space import Dimension, Range
from tradewright.reporting.search.space import dimensions, number_text
from tradewright.reporting.search.trials import is_valued
from tradewright.reporting.warnings import FEW_TRADES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from tradewright.domain.search import Trial, Tried

__all__ = ["Axis", "Cells", "Grid", "axis_of", "default_axes", "lay_out", "shown_value"]

MOST_CELLS = 200
"""Most values of an axis; of more, neighbours share a cell."""

SPARSE = 0.4
"""Share of cells with trials below which neighbours share a cell."""

_BINS = (5, 20)


@dataclass(frozen=True, slots=True)
class Axis:
    """A parameter as an axis of cells.

    Parameters
    ----------
    name : str
    labels : tuple of str
        Of the cells, in order; all different.
    values : tuple
        The values of the space; empty where it is continuous.
    edges : tuple of float
        Bounds of the cells of a continuous axis; empty where values are listed.
    per_cell : int
        Values that share a cell.
    """

    name: str
    labels: tuple[str, ...]
    values: tuple[Any, ...] = ()
    edges: tuple[float, ...] = ()
    per_cell: int = 1

    def place(self, value: Any) -> int | None:
        """The cell of a value; None where the space does not hold it."""
        if self.edges:
            inside = self.edges[0] <= value <= self.edges[-1]
            found = int(np.searchsorted(self.edges, value, side="right")) - 1
            return min(found, len(self.labels) - 1) if inside else None
        for number, each in enumerate(self.values):
            if each == value or (isinstance(each, float) and math.isclose(each, value, rel_tol=1e-9)):
                return number // self.per_cell
        return None

    def places(self, values: Iterable[Any]) -> list[int | None]:
        """The cells of many values, each different value looked up once."""
        known: dict[str, int | None] = {}
        found = []
        for value in values:
            name = repr(value)
            if name not in known:
                known[name] = self.place(value)
            found.append(known[name])
        return found


@dataclass(frozen=True, slots=True)
class Grid:
    """The trials over two axes; every array is (cells of y, cells of x).

    Parameters
    ----------
    x, y : Axis
    values : float64
        As `Cells` says; NaN where there is none.
    trial : int64
        Number of the trial with the best first objective in the cell; -1 where there is none.
    counts : int64
        Trials of the cell, whatever became of them.
    few_trades : bool
        Whether it made fewer than 30 closed trades.
    """

    x: Axis
    y: Axis
    values: NDArray[np.float64]
    trial: NDArray[np.int64]
    counts: NDArray[np.int64]
    few_trades: NDArray[np.bool_]

    @property
    def failed(self) -> NDArray[np.bool_]:
        """Cells that were tried and have no value."""
        return (self.counts > 0) & (self.trial < 0)

    def place_of(self, trial: Trial) -> tuple[int, int] | None:
        """Cell of a trial: (of y, of x)."""
        down, across = self.y.place(trial.params[self.y.name]), self.x.place(trial.params[self.x.name])
        return None if down is None or across is None else (down, across)


def default_axes(record: Tried) -> tuple[str, str]:
    """The first two parameters that vary.

    Raises
    ------
    ConfigError
        When there are not two.
    """
    varied = [name for name, dimension in dimensions(record).items() if dimension.size != 1]
    if len(varied) < 2:
        raise ConfigError(
            "A heat map needs two parameters that vary, and the search has fewer.",
            hint="Use .plot() for one parameter.",
        )
    return varied[0], varied[1]


class Cells(NamedTuple):
    """What a cell shows of its trials.

    `by` is ``"best"``, the value of the best of them, or ``"median"``; `fixed` holds other parameters at a value;
    `most` is how many values an axis has at most, beyond which neighbours share a cell.
    """

    by: str = "best"
    fixed: Mapping[str, Any] = {}
    most: int = MOST_CELLS


def lay_out(record: Tried, x: str, y: str, value: str, cells: Cells = Cells()) -> Grid:  # noqa: B008 - it cannot change
    """The trials over parameters `x` and `y`; a cell holds those that differ in the other parameters alone.

    Parameters
    ----------
    value : str
        An objective, or a metric of the trials.
    cells : Cells

    Raises
    ------
    ConfigError
        When the search knows no such parameter or value.
    """
    axes = [_known(record, name) for name in (x, y)]
    _require_value(record, value)
    for name in cells.fixed:
        _known(record, name)
    trials = [trial for trial in record.trials if all(trial.params[name] == cells.fixed[name] for name in cells.fixed)]
    pairs = {(repr(trial.params[x]), repr(trial.params[y])) for trial in trials}
    bins = _bins([dimension.size for dimension in axes], len(pairs))
    grid = _empty(*(axis_of(name, axis, bins, cells.most) for name, axis in zip((x, y), axes, strict=True)))
    _fill(grid, record, trials, _Shown(value, cells.by == "median"))
    return grid


def axis_of(name: str, dimension: Dimension, bins: int | None = None, most: int = MOST_CELLS) -> Axis:
    """A parameter as an axis of at most `most` cells, of `bins` where that is given and there are more values."""
    if isinstance(dimension, Range) and dimension.is_continuous:
        return _binned(name, dimension, bins or _BINS[1])
    values = tuple(sorted(dimension.values)) if dimension.is_numeric else dimension.values
    most = most if bins is None or not dimension.is_numeric else bins
    per_cell = max(1, math.ceil(len(values) / most))
    chunks = [values[start : start + per_cell] for start in range(0, len(values), per_cell)]
    return Axis(name, tuple(map(_chunk_label, chunks)), values, per_cell=per_cell)


def shown_value(record: Tried, trial: Trial, value: str) -> float | None:
    """An objective of a trial by its name, else one of its metrics."""
    for place, objective in enumerate(record.objectives):
        if objective.name == value:
            return trial.values[place] if place < len(trial.values) else None
    return trial.metrics.get(value)


def _known(record: Tried, name: str) -> Dimension:
    found = dimensions(record)
    if name not in found:
        names = ", ".join(found)
        raise ConfigError(f"The search did not vary '{name}'.", hint=f"Its parameters are {names}.")
    return found[name]


def _require_value(record: Tried, value: str) -> None:
    names = [objective.name for objective in record.objectives]
    names += dict.fromkeys(key for trial in record.trials for key in trial.metrics if key not in names)
    if value not in names:
        raise ConfigError(f"The trials carry no '{value}'.", hint=f"They carry {', '.join(names)}.")


def _bins(sizes: Sequence[int | None], pairs: int) -> int | None:
    """Cells to an axis where the trials are too sparse for one of their own to every value."""
    if None not in sizes and pairs >= SPARSE * math.prod(size or 1 for size in sizes):
        return None
    return min(max(int(math.sqrt(max(pairs, 1))), _BINS[0]), _BINS[1])


def _binned(name: str, dimension: Range, bins: int) -> Axis:
    low, high = dimension.low, dimension.high
    edges = np.geomspace(low, high, bins + 1) if dimension.log else np.linspace(low, high, bins + 1)
    # The bounds themselves, whatever rounding made of them: both belong to the space.
    edges[0], edges[-1] = low, high
    labels = [f"{number_text(float(f'{a:.3g}'))}–{number_text(float(f'{b:.3g}'))}" for a, b in _pairs(edges)]
    unique = labels if len(set(labels)) == len(labels) else [f"{a:.6g}–{b:.6g}" for a, b in _pairs(edges)]
    return Axis(name, tuple(unique), edges=tuple(edges.tolist()))


def _pairs(edges: NDArray[np.float64]) -> Iterable[tuple[float, float]]:
    return zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)


def _chunk_label(values: Sequence[Any]) -> str:
    ends = number_text(values[0]), number_text(values[-1])
    return ends[0] if len(values) == 1 else "–".join(ends)


class _Shown(NamedTuple):
    value: str
    is_median: bool


def _empty(x: Axis, y: Axis) -> Grid:
    shape = (len(y.labels), len(x.labels))
    return Grid(x, y, np.full(shape, np.nan), np.full(shape, -1, np.int64), np.zeros(shape, np.int64),
                np.zeros(shape, np.bool_))  # fmt: skip


def _fill(grid: Grid, record: Tried, trials: Sequence[Trial], shown: _Shown) -> None:
    down, across = (axis.places(trial.params[axis.name] for trial in trials) for axis in (grid.y, grid.x))
    found: dict[tuple[int, int], list[Trial]] = {}
    for trial, row, column in zip(trials, down, across, strict=True):
        if row is None or column is None or trial.state is TrialState.PRUNED:
            continue
        grid.counts[row, column] += 1
        if is_valued(trial):
            found.setdefault((row, column), []).append(trial)
    for cell, held in found.items():
        best = best_of(record.objectives[0], held)
        if best is not None:
            _put(grid, cell, best, _cell(record, held if shown.is_median else [best], shown.value))


def _cell(record: Tried, held: Sequence[Trial], value: str) -> tuple[float, float]:
    """The median value and number of trades of some trials; NaN where none has it."""
    values = [shown_value(record, trial, value) for trial in held]
    return _median(values), _median([trial.metrics.get("trades") for trial in held])


def _median(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(statistics.median(known)) if known else math.nan


def _put(grid: Grid, cell: tuple[int, int], best: Trial, said: tuple[float, float]) -> None:
    grid.values[cell], trades = said
    grid.trial[cell] = best.number
    grid.few_trades[cell] = trades < FEW_TRADES
